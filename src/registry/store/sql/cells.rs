use super::super::Result;
use crate::registry::RegistryError;

/// What is bound to a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Number(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A number as a database can hold it; a larger one is behind every row.
impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Value::Number(i64::from(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Value::Number(i64::from(truth))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Value::Bytes(bytes)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Number(number) => Value::Number(*number),
            Cell::Text(text) => Value::Text(text),
            Cell::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

/// A row of a database, by column from 0.
pub trait Cells {
    /// The cell of a column; the error says why it cannot be read, without its content.
    fn cell(&self, at: usize) -> std::result::Result<Cell, String>;
}

/// A row to be read. A cell that is not what it should be is damage.
pub struct Row<'a> {
    cells: &'a dyn Cells,
    place: &'a str,
}

impl<'a> Row<'a> {
    pub fn of(cells: &'a dyn Cells, place: &'a str) -> Row<'a> {
        Row { cells, place }
    }

    pub fn get<T: FromCell>(&self, at: usize) -> Result<T> {
        let value = self.cells.cell(at).and_then(|cell| T::from_cell(cell).ok_or_else(|| T::EXPECTED.to_owned()));
        value.map_err(|reason| RegistryError::damaged(self.place, format!("column {at}: {reason}")))
    }
}

/// What a cell can be read as.
pub trait FromCell: Sized {
    const EXPECTED: &'static str;

    fn from_cell(cell: Cell) -> Option<Self>;
}

impl FromCell for String {
    const EXPECTED: &'static str = "expected text";

    fn from_cell(cell: Cell) -> Option<String> {
        match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromCell for Vec<u8> {
    const EXPECTED: &'static str = "expected bytes";

    fn from_cell(cell: Cell) -> Option<Vec<u8>> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl FromCell for u64 {
    const EXPECTED: &'static str = "expected a number that is not negative";

    fn from_cell(cell: Cell) -> Option<u64> {
        match cell {
            Cell::Number(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }
}

impl FromCell for u32 {
    const EXPECTED: &'static str = "expected a number below 2^32 that is not negative";

    fn from_cell(cell: Cell) -> Option<u32> {
        match cell {
            Cell::Number(number) => u32::try_from(number).ok(),
            _ => None,
        }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_cell(cell: Cell) -> Option<Option<T>> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}
