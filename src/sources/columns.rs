//! Delimited files whose first row names their columns.

use std::borrow::Cow;
use std::collections::HashMap;

use super::SourceError;
use super::input::Input;
use super::rows::{Dialect, Rows};

/// How many rows may stand before the header: publishers put a date there.
const PREAMBLE: usize = 5;

/// The rows of a file, by the names of their columns.
pub(super) struct Columns<'i> {
    names: HashMap<String, usize>,
    width: usize,
    rows: Rows<'i>,
}

/// The cells of a row.
pub(super) struct Cells<'c, 'i> {
    names: &'c HashMap<String, usize>,
    cells: Vec<Cow<'i, str>>,
}

impl Cells<'_, '_> {
    /// The cell of a column, trimmed; empty where the file has no such column.
    pub(super) fn get(&self, column: &str) -> &str {
        self.names.get(column).map_or("", |place| self.cells[*place].trim())
    }
}

/// What is done with a row: its line, its cells or what is wrong with it, and how many bytes of the file have been read.
pub(super) type Each<'e> = dyn FnMut(u32, Result<Cells<'_, '_>, String>, u64) + 'e;

impl<'i> Columns<'i> {
    /// Finds the header: the first row that has all of the columns `needed`.
    ///
    /// # Errors
    /// [`SourceError::Form`] names the column that is not there.
    pub(super) fn of(input: &'i Input, dialect: Dialect, needed: &[&str]) -> Result<Columns<'i>, SourceError> {
        let mut rows = Rows::new(&input.text, dialect);
        let mut nearest = needed;
        for _ in 0..PREAMBLE {
            let Some(row) = rows.next() else { break };
            let Ok(cells) = row.cells else { continue };
            let names: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            match needed.iter().position(|column| !names.contains(column)) {
                Some(missing) if needed.len() - missing < nearest.len() => nearest = &needed[missing..],
                Some(_) => {}
                None => {
                    let mut places = HashMap::new();
                    for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                        if places.insert((*name).to_owned(), place).is_some() && needed.contains(name) {
                            let reason = format!("header: the column {name:?} is there twice");
                            return Err(SourceError::Form { place: input.place(row.line), reason });
                        }
                    }
                    return Ok(Columns { names: places, width: names.len(), rows });
                }
            }
        }
        let column = nearest.first().copied().unwrap_or_default();
        let reason = format!("header: there is no column {column:?} in the first rows; is it another list?");
        Err(SourceError::Form { place: input.place(1), reason })
    }

    /// Hands every row to `each`.
    pub(super) fn read(mut self, each: &mut Each<'_>) {
        while let Some(row) = self.rows.next() {
            let cells = row.cells.and_then(|mut cells| {
                while cells.len() > self.width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                    cells.pop();
                }
                match cells.len() == self.width {
                    true => Ok(Cells { names: &self.names, cells }),
                    false => Err(format!("{} cells expected, found {}", self.width, cells.len())),
                }
            });
            each(row.line, cells, self.rows.bytes());
        }
    }
}
