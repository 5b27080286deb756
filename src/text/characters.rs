//! The first stage: every character alone. What is invisible goes, compatibility forms become what they stand for,
//! punctuation and digits of all conventions become one.

use std::sync::LazyLock;

use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::cell::{Cell, Class};
use crate::tables::table;

/// What a character of the table is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Nothing,
    Letter(char),
    /// Letters that are a word for themselves.
    Word(&'static str),
    Compatible,
    LongVowel,
    HangulEu,
    One,
    Digit(u8),
    Is(Class, char),
}

/// Ranges of characters in ascending order, none overlapping another.
static CHARACTERS: LazyLock<Vec<(char, char, Becomes)>> = LazyLock::new(|| {
    let mut ranges = Vec::new();
    if let Some(table) = table("text/data/characters.tsv") {
        for (_, cells) in table.rows {
            if let [from, becomes, to, ..] = cells
                && let (Some((first, last)), Some(becomes)) = (range(from), becomes_of(becomes, to))
            {
                ranges.push((first, last, becomes));
            }
        }
    }
    if let Some(table) = table("text/data/digits.tsv") {
        for (_, cells) in table.rows {
            if let [first, last, value, ..] = cells
                && let (Some(first), Some(last), Ok(value)) = (scalar(first), scalar(last), value.parse())
            {
                ranges.push((first, last, Becomes::Digit(value)));
            }
        }
    }
    ranges.sort_by_key(|(first, ..)| *first);
    ranges
});

fn becomes_of(word: &str, to: &'static str) -> Option<Becomes> {
    Some(match word {
        "nothing" => Becomes::Nothing,
        "word" => Becomes::Word(to),
        "letters" => Becomes::Letter(to.chars().next()?),
        "compatible" => Becomes::Compatible,
        "long-vowel" => Becomes::LongVowel,
        "hangul-eu" => Becomes::HangulEu,
        "one" => Becomes::One,
        "space" => Becomes::Is(Class::Space, ' '),
        "apostrophe" => Becomes::Is(Class::Apostrophe, '\''),
        "sign" => Becomes::Is(Class::Sign, '\''),
        "double-sign" => Becomes::Is(Class::DoubleSign, '"'),
        "quote" => Becomes::Is(Class::Quote, '"'),
        "quote-opens" => Becomes::Is(Class::QuoteOpens, '"'),
        "quote-closes" => Becomes::Is(Class::QuoteCloses, '"'),
        "bracket-opens" => Becomes::Is(Class::BracketOpens, '('),
        "bracket-closes" => Becomes::Is(Class::BracketCloses, ')'),
        "hyphen" => Becomes::Is(Class::Hyphen, '-'),
        "dot" => Becomes::Is(Class::Dot, '.'),
        "comma" => Becomes::Is(Class::Comma, ','),
        "ampersand" => Becomes::Is(Class::Ampersand, '&'),
        "punctuation" => Becomes::Is(Class::Punctuation, '·'),
        _ => return None,
    })
}

/// Reads `U+0041` or `U+0041..U+005A`.
fn range(text: &str) -> Option<(char, char)> {
    match text.split_once("..") {
        Some((first, last)) => Some((scalar(first)?, scalar(last)?)),
        None => scalar(text).map(|c| (c, c)),
    }
}

fn scalar(text: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(text.strip_prefix("U+")?, 16).ok()?)
}

fn lookup(ranges: &[(char, char, Becomes)], c: char) -> Option<Becomes> {
    let place = ranges.partition_point(|(first, ..)| *first <= c).checked_sub(1)?;
    let (first, last, becomes) = ranges[place];
    match becomes {
        _ if c > last => None,
        Becomes::Digit(value) => {
            // A range of digits has at most ten, so the sum is one digit.
            let value = u32::from(value) + (c as u32 - first as u32);
            Some(Becomes::Is(Class::Digit, char::from_digit(value % 10, 10).unwrap_or('0')))
        }
        becomes => Some(becomes),
    }
}

/// The cells of a text, and which later stages have something to do.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) cells: Vec<Cell>,
    /// There are combining marks, so letters may compose.
    pub(super) marks: bool,
    /// There are jamo outside syllables.
    pub(super) jamo: bool,
    /// There are quotation marks, brackets or apostrophes that may quote.
    pub(super) enclosures: bool,
    /// There is a Chinese "one", which may be a dash.
    ones: bool,
}

/// Reads the characters of a text.
pub(super) fn characters(original: &str) -> Cells {
    let ranges: &[(char, char, Becomes)] = &CHARACTERS;
    let mut cells = Cells { cells: Vec::with_capacity(original.len()), ..Cells::default() };
    let mut hidden = false;
    for (start, c) in original.char_indices() {
        let cell = Cell { c, class: Class::Other, repaired: false, hidden, start, end: start + c.len_utf8() };
        let plain = match c {
            'a'..='z' | 'A'..='Z' => Some(Class::Latin),
            ' ' => Some(Class::Space),
            '0'..='9' => Some(Class::Digit),
            '\u{400}'..='\u{45F}' => Some(Class::Cyrillic),
            '가'..='힣' => Some(Class::Hangul),
            _ => None,
        };
        if let Some(class) = plain {
            cells.cells.push(Cell { class, ..cell });
            hidden = false;
        } else {
            hidden = cells.rare(ranges, cell) && (hidden || c as u32 >= 0xAD);
        }
    }
    if cells.ones {
        for at in 1..cells.cells.len().saturating_sub(1) {
            let beside = [cells.cells[at - 1].class, cells.cells[at + 1].class];
            if cells.cells[at].c == '一' && beside == [Class::Latin; 2] {
                cells.cells[at] = Cell { c: '-', class: Class::Hyphen, ..cells.cells[at] };
            }
        }
    }
    cells
}

impl Cells {
    /// Adds a character that is not among the plain ones. True if it was dropped.
    fn rare(&mut self, ranges: &[(char, char, Becomes)], cell: Cell) -> bool {
        let c = cell.c;
        match lookup(ranges, c) {
            Some(Becomes::Nothing) => return true,
            Some(Becomes::Letter(letter)) => {
                self.push(Cell { c: letter, class: Class::Latin, repaired: true, ..cell });
            }
            Some(Becomes::Word(word)) => {
                let space = Cell { c: ' ', class: Class::Space, ..cell };
                self.push(space);
                word.chars().for_each(|c| self.push(Cell { c, class: Class::of(c), ..cell }));
                self.push(space);
            }
            Some(Becomes::Compatible) => self.compatible(ranges, Cell { repaired: true, ..cell }),
            Some(Becomes::LongVowel) => {
                let kana = self.cells.last().is_some_and(|last| matches!(last.c, '\u{3041}'..='\u{30FF}'));
                self.push(if kana { Cell { c: 'ー', ..cell } } else { Cell { c: '-', class: Class::Hyphen, ..cell } });
            }
            Some(Becomes::HangulEu) => {
                let vowel = self
                    .cells
                    .last()
                    .is_some_and(|last| matches!(last.c, '\u{3131}'..='\u{314E}' | '\u{1100}'..='\u{1112}'));
                self.push(if vowel {
                    Cell { class: Class::Hangul, ..cell }
                } else {
                    Cell { c: '-', class: Class::Hyphen, ..cell }
                });
            }
            Some(Becomes::One) => {
                self.ones = true;
                self.push(Cell { class: Class::Han, ..cell });
            }
            Some(Becomes::Is(class, c)) => self.push(Cell { c, class, ..cell }),
            Some(Becomes::Digit(_)) | None => {
                if is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes {
                    self.push(Cell { class: Class::of(c), ..cell });
                } else {
                    self.compatible(ranges, cell);
                }
            }
        }
        false
    }

    /// Adds the compatibility decomposition of a character.
    fn compatible(&mut self, ranges: &[(char, char, Becomes)], cell: Cell) {
        if let Some(c) = halfwidth_jamo(cell.c) {
            return self.push(Cell { c, class: Class::Hangul, ..cell });
        }
        if matches!(cell.c, '\u{3131}'..='\u{318E}') {
            return self.push(Cell { class: Class::Hangul, ..cell });
        }
        unicode_normalization::char::decompose_compatible(cell.c, |c| {
            let (c, class) = match lookup(ranges, c) {
                Some(Becomes::Nothing) => return,
                Some(Becomes::Is(class, c)) => (c, class),
                Some(Becomes::Letter(c)) => (c, Class::Latin),
                _ => (c, Class::of(c)),
            };
            self.push(Cell { c, class, ..cell });
        });
    }

    fn push(&mut self, cell: Cell) {
        match cell.class {
            Class::Mark => self.marks = true,
            Class::Hangul => self.jamo |= !matches!(cell.c, '가'..='힣'),
            Class::Apostrophe
            | Class::Quote
            | Class::QuoteOpens
            | Class::QuoteCloses
            | Class::BracketOpens
            | Class::BracketCloses => self.enclosures = true,
            _ => {}
        }
        self.cells.push(cell);
    }
}

/// The full-width form of a halfwidth jamo.
fn halfwidth_jamo(c: char) -> Option<char> {
    let code = c as u32;
    let place = match code {
        0xFFA1..=0xFFBE => code - 0xFFA1,
        0xFFC2..=0xFFC7 => 30 + code - 0xFFC2,
        0xFFCA..=0xFFCF => 36 + code - 0xFFCA,
        0xFFD2..=0xFFD7 => 42 + code - 0xFFD2,
        0xFFDA..=0xFFDC => 48 + code - 0xFFDA,
        _ => return None,
    };
    char::from_u32(0x3131 + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_understood() {
        for file in ["text/data/characters.tsv", "text/data/digits.tsv"] {
            for (line, cells) in table(file).expect(file).rows {
                let understood = if file.ends_with("digits.tsv") {
                    scalar(cells[0]).is_some() && scalar(cells[1]).is_some() && cells[2].parse::<u8>().is_ok()
                } else {
                    range(cells[0]).is_some() && becomes_of(cells[1], cells[2]).is_some()
                };
                assert!(understood, "src/{file}:{line}");
            }
        }
    }

    #[test]
    fn ranges_do_not_overlap() {
        for pair in CHARACTERS.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{pair:?}");
        }
    }

    /// UTS #39 deletes Default_Ignorable characters from a skeleton, so it is an oracle for ours.
    #[test]
    fn what_is_ignorable_becomes_nothing() {
        for c in ('\0'..=char::MAX).filter(|c| unicode_security::skeleton(&c.to_string()).next().is_none()) {
            assert_eq!(lookup(&CHARACTERS, c), Some(Becomes::Nothing), "{:?}", c);
        }
    }

    #[test]
    fn halfwidth_jamo_agree_with_unicode() {
        for c in '\u{FFA1}'..='\u{FFDC}' {
            if let Some(wide) = halfwidth_jamo(c) {
                let mut ours = Vec::new();
                let mut theirs = Vec::new();
                unicode_normalization::char::decompose_compatible(wide, |c| ours.push(c));
                unicode_normalization::char::decompose_compatible(c, |c| theirs.push(c));
                assert_eq!(ours, theirs, "{c:?}");
            }
        }
    }
}
