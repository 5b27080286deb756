//! Tables of linguistic facts: the TSV form in which they are written, and the form in which the program carries
//! them.
//!
//! `build.rs` reads every table with the parser of this room, checks it and compiles it in; the rooms above give
//! the rows their meaning.

mod tsv;

pub use tsv::{Row, TableError, Tsv};

/// A table as compiled into the program.
#[derive(Debug)]
pub struct Table {
    /// Where it was read, relative to `src/`: "names/data/legal-forms.tsv".
    pub file: &'static str,
    /// Header lines as key and value, in order.
    pub header: &'static [(&'static str, &'static str)],
    /// Names of the columns.
    pub columns: &'static [&'static str],
    /// Rows: the line number in the file, and one cell a column.
    pub rows: &'static [(u32, &'static [&'static str])],
}

impl Table {
    /// The value of a header key.
    pub fn header(&self, key: &str) -> Option<&'static str> {
        self.header.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    /// The place of a column. Tables are checked when they are compiled in, so a missing column is a mistake in
    /// the program; it yields `None`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The table of a file, by its path relative to `src/`.
pub fn table(file: &str) -> Option<&'static Table> {
    TABLES.binary_search_by_key(&file, |table| table.file).ok().map(|place| &TABLES[place])
}

/// All tables whose path starts with `folder`, in the order of their paths.
pub fn tables_in(folder: &str) -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(move |table| table.file.starts_with(folder))
}
