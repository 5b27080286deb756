//! Dates as lists write them: "08 Jan 1984", "circa 1937", "1981 to 1983", "7.2.1956 or 1957".

use std::str::FromStr;
use std::sync::OnceLock;

use crate::model::PartialDate;
use crate::tables;

use super::labels::Labels;

/// How a list writes a day: `d`, `m` and `yyyy` are numbers, `mon` is the name of a month, a space is any white
/// space, everything else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateForm {
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Day,
    Month,
    MonthName,
    Year,
    Literal(char),
}

impl FromStr for DateForm {
    type Err = String;

    fn from_str(text: &str) -> Result<DateForm, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let words = [("yyyy", Piece::Year), ("mon", Piece::MonthName), ("m", Piece::Month), ("d", Piece::Day)];
        while let Some(first) = rest.chars().next() {
            let word = words.iter().find_map(|(word, piece)| rest.strip_prefix(word).map(|behind| (*piece, behind)));
            let (piece, behind) = match word {
                Some(found) => found,
                None if first.is_alphanumeric() => {
                    return Err(format!("unknown date format {text:?}: expected d, m, mon, yyyy and signs between"));
                }
                None => (Piece::Literal(first), &rest[first.len_utf8()..]),
            };
            if !matches!(piece, Piece::Literal(_)) && pieces.contains(&piece) {
                return Err(format!("date format {text:?} has a part twice"));
            }
            pieces.push(piece);
            rest = behind;
        }
        if !pieces.contains(&Piece::Year) {
            return Err(format!("date format {text:?} has no year: expected yyyy in it"));
        }
        Ok(DateForm { pieces })
    }
}

impl DateForm {
    /// Reads forms that are written in the program.
    pub(super) fn all(forms: &[&str]) -> Vec<DateForm> {
        forms.iter().filter_map(|form| form.parse().ok()).collect()
    }

    /// Matches at the beginning of a text; gives year, month and day, 0 for what the form lacks, and the rest.
    fn strip<'t>(&self, text: &'t str) -> Option<([i64; 3], &'t str)> {
        let mut rest = text;
        let mut date = [0; 3];
        for piece in &self.pieces {
            let (place, least, most) = match piece {
                Piece::Year => (0, 4, 4),
                Piece::Month => (1, 1, 2),
                Piece::Day => (2, 1, 2),
                Piece::Literal(' ') => {
                    let behind = rest.trim_start();
                    if behind.len() == rest.len() {
                        return None;
                    }
                    rest = behind;
                    continue;
                }
                Piece::Literal(sign) => {
                    rest = rest.strip_prefix(*sign)?;
                    continue;
                }
                Piece::MonthName => {
                    let (word, behind) = words().strip(rest)?;
                    let Word::Month(month) = word else { return None };
                    date[1] = *month;
                    rest = behind.strip_prefix('.').unwrap_or(behind);
                    continue;
                }
            };
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if !(least..=most).contains(&digits) {
                return None;
            }
            date[place] = rest[..digits].parse().ok()?;
            rest = &rest[digits..];
        }
        // "1.2.19563" is no date, nor is "1956bis".
        (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((date, rest))
    }
}

#[derive(Clone, Copy)]
enum Word {
    Month(i64),
    Circa,
    Or,
    To,
}

fn words() -> &'static Labels<Word> {
    static WORDS: OnceLock<Labels<Word>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let rows = tables::table("sources/data/date-words.tsv").map_or(&[][..], |table| table.rows);
        Labels::new(rows.iter().filter_map(|(_, cells)| {
            let word = match cells[1] {
                "circa" => Word::Circa,
                "or" => Word::Or,
                "to" => Word::To,
                month => Word::Month(month.parse().ok()?),
            };
            Some((cells[0].to_owned(), word))
        }))
    })
}

/// What a text about dates gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// The dates; both ends of a span, marked as circa.
    pub dates: Vec<PartialDate>,
    /// What could not be read, if anything.
    pub fault: Option<String>,
}

/// Reads dates in any of the forms, the first that fits. What cannot be read is told, never guessed.
pub(super) fn read(text: &str, forms: &[DateForm]) -> Dates {
    let mut read = Dates::default();
    let mut rest = text;
    let (mut circa, mut span) = (false, false);
    loop {
        rest = rest.trim_start_matches([' ', ',', ';', '/', '(', ')', '.', ':', '\u{A0}', '\n', '\r', '\t']);
        if rest.is_empty() {
            break;
        }
        if let Some((date, behind)) = forms.iter().find_map(|form| form.strip(rest)) {
            rest = behind;
            match PartialDate::new(date[0], date[1], date[2]) {
                Ok(mut date) => {
                    if span && let Some(before) = read.dates.last_mut() {
                        *before = before.circa();
                    }
                    date.approximate = circa || span;
                    read.dates.push(date);
                }
                Err(error) => {
                    read.fault.get_or_insert(error.to_string());
                }
            }
            (circa, span) = (false, false);
        } else if let Some(behind) = rest.strip_prefix(['-', '\u{2013}']).filter(|_| !read.dates.is_empty()) {
            (rest, span) = (behind, true);
        } else {
            match words().strip(rest) {
                Some((Word::Circa, behind)) => (rest, circa) = (behind, true),
                Some((Word::Or, behind)) => rest = behind,
                Some((Word::To, behind)) if !read.dates.is_empty() => (rest, span) = (behind, true),
                _ => {
                    read.fault.get_or_insert(format!("{rest:?} is not a date of a known form"));
                    break;
                }
            }
        }
    }
    if read.dates.is_empty() && read.fault.is_none() {
        read.fault = Some(format!("{text:?} is not a date of a known form"));
    }
    read
}
