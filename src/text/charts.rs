//! The tables of this room in the form in which they are looked up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::tables::{self, Table};

/// What one character becomes before anything else is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It is dropped.
    Ignored,
    /// It becomes this.
    Becomes(&'static str),
}

/// A letter in the scripts in which it looks the same; `None` where a script has no such letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Twins {
    pub latin: Option<char>,
    pub cyrillic: Option<char>,
}

/// All charts.
pub(super) struct Charts {
    pub cleaning: BTreeMap<char, Entry>,
    ignored: Vec<(u32, u32)>,
    pub twins: BTreeMap<char, Twins>,
    pub signs: BTreeMap<char, Twins>,
    pub latin: BTreeMap<char, &'static str>,
    pub languages: Vec<(&'static str, Vec<char>)>,
}

static CHARTS: LazyLock<Charts> = LazyLock::new(Charts::read);

/// The charts, read once.
pub(super) fn charts() -> &'static Charts {
    &CHARTS
}

fn rows(file: &str) -> impl Iterator<Item = &'static [&'static str]> {
    tables::table(file).map_or(&[][..], |table: &'static Table| table.rows).iter().map(|(_, row)| *row)
}

fn code(cell: &str) -> Option<u32> {
    u32::from_str_radix(cell.trim_start_matches("U+"), 16).ok()
}

fn letter(cell: &str) -> Option<char> {
    cell.chars().next()
}

impl Charts {
    fn read() -> Charts {
        let mut cleaning = BTreeMap::new();
        for file in ["text/data/punctuation.tsv", "text/data/enclosed.tsv"] {
            for row in rows(file) {
                if let Some(c) = code(row[0]).and_then(char::from_u32) {
                    let to = if row[1].is_empty() { " " } else { row[1] };
                    cleaning.insert(c, Entry::Becomes(to));
                }
            }
        }
        let ignored = rows("text/data/ignorable.tsv").filter_map(|row| Some((code(row[0])?, code(row[1])?)));
        let mut twins: BTreeMap<char, Twins> = BTreeMap::new();
        for row in rows("text/data/lookalikes.tsv") {
            let own = Twins { latin: letter(row[0]), cyrillic: letter(row[1]) };
            for c in row[..3].iter().filter_map(|cell| letter(cell)) {
                twins.entry(c).or_insert(own);
            }
        }
        let sign = |row: &[&str]| Some((letter(row[0])?, Twins { latin: letter(row[1]), cyrillic: letter(row[2]) }));
        let languages =
            rows("text/data/telling-letters.tsv").map(|row| (row[0], row[1].split(' ').filter_map(letter).collect()));
        Charts {
            cleaning,
            ignored: ignored.collect(),
            twins,
            signs: rows("text/data/near-lookalikes.tsv").filter_map(sign).collect(),
            latin: rows("text/data/latin-letters.tsv").filter_map(|row| Some((letter(row[0])?, row[1]))).collect(),
            languages: languages.collect(),
        }
    }

    /// What a character becomes; `None` if it stays as it is.
    pub fn clean(&self, c: char) -> Option<Entry> {
        let number = c as u32;
        let place = self.ignored.partition_point(|(first, _)| *first <= number);
        if place > 0 && number <= self.ignored[place - 1].1 {
            return Some(Entry::Ignored);
        }
        self.cleaning.get(&c).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_whole() {
        let charts = charts();
        assert_eq!(charts.clean('\u{200B}'), Some(Entry::Ignored));
        assert_eq!(charts.clean('\u{E0041}'), Some(Entry::Ignored));
        assert_eq!(charts.clean('«'), Some(Entry::Becomes("\"")));
        assert_eq!(charts.clean('k'), None);
        assert_eq!(charts.twins[&'К'].latin, Some('K'));
        assert_eq!(charts.twins[&'Κ'].cyrillic, Some('К'));
        assert_eq!(charts.signs[&'3'].cyrillic, Some('з'));
        assert!(charts.ignored.is_sorted());
    }
}
