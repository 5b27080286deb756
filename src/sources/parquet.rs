//! Parquet files as rows of texts, for lists that a mapping describes.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

use super::SourceError;
use super::input::{MAX_FILE_BYTES, MAX_VALUE_BYTES, base_name};

/// The most bytes of all values of a file: a small file can stand for a large one.
const MAX_BYTES: u64 = 4 * MAX_FILE_BYTES;

/// The texts of a row, in the order of the columns asked for; or what is wrong with it.
pub(super) type Texts = Result<Vec<Vec<String>>, String>;

/// Reads the columns that a mapping names and hands every row to `each`, with its number from 1.
///
/// # Errors
/// The file cannot be read, is no Parquet, lacks a column, or is damaged so that no further row can be found.
pub(super) fn read(path: &Path, columns: &[&str], each: &mut dyn FnMut(u64, Texts)) -> Result<(), SourceError> {
    let name = base_name(path);
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(SourceError::TooLarge { path: path.to_owned(), bytes, limit: MAX_FILE_BYTES });
    }
    let mut at = 0;
    // The library checks what it reads, but not all of it: what it stumbles over is an error of the file.
    let done = catch_unwind(AssertUnwindSafe(|| rows(&name, file, columns, &mut at, each)));
    done.unwrap_or_else(|_| Err(form(&name, at, "the file is damaged".to_owned())))
}

fn form(name: &str, row: u64, reason: String) -> SourceError {
    let place = if row == 0 { name.to_owned() } else { format!("{name} row {row}") };
    SourceError::Form { place, reason }
}

fn rows(
    name: &str,
    file: File,
    columns: &[&str],
    at: &mut u64,
    each: &mut dyn FnMut(u64, Texts),
) -> Result<(), SourceError> {
    let damaged =
        |error: ParquetError, row: u64| form(name, row, format!("the file is no Parquet, or damaged: {error}"));
    let reader = SerializedFileReader::new(file).map_err(|error| damaged(error, 0))?;
    let schema = reader.metadata().file_metadata().schema();
    let mut fields: Vec<Arc<Type>> = Vec::new();
    for column in columns {
        let field = schema.get_fields().iter().find(|field| field.name() == *column);
        let missing = || {
            let reason = format!("there is no column {column:?}, which the mapping names; is it another list?");
            form(name, 0, reason)
        };
        fields.push(Arc::clone(field.ok_or_else(missing)?));
    }
    // The library wants columns in the order of the file.
    let order: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    fields.sort_by_key(|field| order.iter().position(|known| *known == field.name()));
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build();
    let projection = projection.map_err(|error| damaged(error, 0))?;
    let mut total = 0u64;
    for row in reader.get_row_iter(Some(projection)).map_err(|error| damaged(error, 0))? {
        *at += 1;
        let row = row.map_err(|error| damaged(error, *at))?;
        let mut texts = vec![Vec::new(); columns.len()];
        let mut fault = None;
        for (column, field) in row.get_column_iter() {
            let Some(place) = columns.iter().position(|known| known == column) else { continue };
            if let Err(reason) = add(field, &mut texts[place], true) {
                fault.get_or_insert_with(|| format!("{column}: {reason}"));
            }
        }
        total += texts.iter().flatten().map(|text| text.len() as u64).sum::<u64>();
        if total > MAX_BYTES {
            return Err(form(name, *at, format!("the values have more than {MAX_BYTES} bytes; split the list")));
        }
        each(*at, fault.map_or(Ok(texts), Err));
    }
    Ok(())
}

/// Adds the texts of a value: none for null, several for a list.
fn add(field: &Field, to: &mut Vec<String>, is_outer: bool) -> Result<(), String> {
    let text = match field {
        Field::Null => return Ok(()),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => {
            String::from_utf8(bytes.data().to_vec()).map_err(|_| "the value is not UTF-8".to_owned())?
        }
        Field::Date(days) => {
            let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*days));
            date.map_err(|_| format!("the date {days} days from 1970 is out of bounds"))?.to_string()
        }
        Field::ListInternal(list) if is_outer => {
            return list.elements().iter().try_for_each(|element| add(element, to, false));
        }
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
            return Err("text, a number, true, false or a list of these is expected".to_owned());
        }
        plain => plain.to_string(),
    };
    if text.len() > MAX_VALUE_BYTES {
        return Err(format!("the value has {} bytes, the limit is {MAX_VALUE_BYTES}", text.len()));
    }
    if text.contains('\0') {
        return Err("the value has a character U+0000".to_owned());
    }
    to.push(text);
    Ok(())
}
