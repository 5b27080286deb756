//! The form of every table: UTF-8, tab-separated, with a header of `# key: value` lines.
//!
//! ```text
//! # title: Revised Romanization of Korean
//! # source: Ministry of Culture and Tourism notice 2000-8
//! from<TAB>left<TAB>right<TAB>to<TAB>note
//! ㄱ<TAB><TAB><TAB>g<TAB>
//! ```
//!
//! The first line that is neither empty nor starts with `#` names the columns; lines after it that start with `#`
//! are comments. `build.rs` includes this file too, so it uses nothing of the crate.

use std::fmt;

/// A table as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tsv {
    /// Header lines as key and value, in order.
    pub header: Vec<(String, String)>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table: as many cells as the table has columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// What is wrong with a table, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, as a sentence.
    pub reason: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for TableError {}

impl Tsv {
    /// Reads a table. Rows with fewer cells than columns are filled up with empty ones; rows with more are
    /// errors.
    pub fn parse(file: &str, text: &str) -> Result<Tsv, TableError> {
        let mut table = Tsv::default();
        let error = |line: usize, reason: String| TableError { file: file.to_owned(), line: line as u32 + 1, reason };
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            if let Some(comment) = line.strip_prefix('#') {
                if table.columns.is_empty() {
                    let (key, value) = comment
                        .split_once(':')
                        .ok_or_else(|| error(index, "a header line has the form \"# key: value\"".into()))?;
                    table.header.push((key.trim().to_owned(), value.trim().to_owned()));
                }
                continue;
            }
            let mut cells: Vec<String> = line.split('\t').map(|cell| cell.trim().to_owned()).collect();
            if table.columns.is_empty() {
                table.columns = cells;
                continue;
            }
            if cells.len() > table.columns.len() {
                let reason = format!("{} cells in a table of {} columns", cells.len(), table.columns.len());
                return Err(error(index, reason));
            }
            cells.resize(table.columns.len(), String::new());
            table.rows.push(Row { line: index as u32 + 1, cells });
        }
        if table.columns.is_empty() {
            return Err(error(0, "the table has no line that names its columns".into()));
        }
        Ok(table)
    }
}
