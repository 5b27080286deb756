//! Characters with their place in the original, and what they do in a name.

use unicode_normalization::char::is_combining_mark;

use super::Script;

/// What a character does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Latin,
    Cyrillic,
    Hangul,
    Han,
    /// Letters of other scripts.
    Other,
    /// `0` to `9`; digits of other scripts have become these.
    Digit,
    /// A combining mark that did not compose.
    Mark,
    /// An apostrophe, which may also be a quotation mark.
    Apostrophe,
    /// An apostrophe that is a letter: it never quotes.
    Sign,
    /// Two strokes that are a letter, the hard sign of romanisations.
    DoubleSign,
    Quote,
    QuoteOpens,
    QuoteCloses,
    BracketOpens,
    BracketCloses,
    Hyphen,
    Dot,
    Comma,
    Ampersand,
    Space,
    Punctuation,
}

impl Class {
    /// What a character does that no table tells anything of.
    pub(super) fn of(c: char) -> Class {
        match c {
            'a'..='z' | 'A'..='Z' => return Class::Latin,
            '0'..='9' => return Class::Digit,
            '\u{400}'..='\u{481}' => return Class::Cyrillic,
            '가'..='힣' => return Class::Hangul,
            '\u{4E00}'..='\u{9FFF}' => return Class::Han,
            _ => {}
        }
        if is_combining_mark(c) {
            return Class::Mark;
        }
        match Script::of(c) {
            Some(Script::Latin) if c.is_alphabetic() => Class::Latin,
            Some(Script::Cyrillic) if c.is_alphabetic() => Class::Cyrillic,
            Some(Script::Hangul) if c.is_alphabetic() => Class::Hangul,
            Some(Script::Han) if c.is_alphabetic() => Class::Han,
            Some(_) if c.is_alphanumeric() => Class::Other,
            _ => Class::Punctuation,
        }
    }

    /// True for letters of any script.
    pub(super) fn is_letter(self) -> bool {
        matches!(self, Class::Latin | Class::Cyrillic | Class::Hangul | Class::Han | Class::Other)
    }

    /// True for what words consist of.
    pub(super) fn is_word(self) -> bool {
        self.is_letter() || self == Class::Digit
    }

    /// True for the apostrophes that belong to a word beside them.
    pub(super) fn is_sign(self) -> bool {
        matches!(self, Class::Apostrophe | Class::Sign | Class::DoubleSign)
    }
}

/// A character after a stage, and the bytes of the original that it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) c: char,
    pub(super) class: Class,
    /// It was written as another letter.
    pub(super) repaired: bool,
    /// Invisible characters stood directly before it.
    pub(super) hidden: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The characters as text, for a trace.
pub(super) fn shown(cells: &[Cell]) -> String {
    cells.iter().map(|cell| cell.c).collect()
}
