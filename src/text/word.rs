use std::ops::Range;

use super::Script;
use super::cell::{Cell, Class};
use super::symbols::Symbols;
use super::{digits, letters, plain, symbols};
use compact_str::CompactString;
use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// How a word is capitalised in the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capital {
    /// The script has no case, or the word no letter.
    None,
    /// No capital.
    Lower,
    /// The first letter alone, be it the only one.
    Title,
    /// Every letter, and at least two.
    Upper,
    /// Any other mixture.
    Mixed,
}

/// What separates a word from the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// It is the first.
    Start,
    /// Space alone, or a full stop and space.
    Space,
    /// A hyphen alone.
    Hyphen,
    /// A hyphen or dash with space beside it.
    Dash,
    /// An apostrophe alone; one between Latin or Cyrillic letters does not separate.
    Apostrophe,
    /// A full stop alone: "А.Б.Иванов".
    Dot,
    /// An ampersand, with or without spaces.
    Ampersand,
    /// A comma, with whatever else.
    Comma,
    /// Anything else: quotation marks, brackets.
    Punctuation,
    /// Nothing but the change of script: "LG전자".
    None,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the original. The spans of a text increase; words that one character stands for (½) share it.
    pub span: Range<usize>,
    /// Its script: one, as words of mixed letters are repaired or split.
    pub script: Script,
    /// The folded form: lower case, Latin without diacritics in the letters a to z, ё as е, without stress marks and
    /// apostrophes; й, ї and ў stay; Hangul as syllables. Never empty.
    pub form: CompactString,
    /// What [`Word::spelled`] gives, where it is not the form.
    pub respelled: Option<Box<str>>,
    /// The form in the alphabet of its script (see [`symbols`]). Never empty.
    pub symbols: Symbols,
    /// Letters of another script, invisible characters or digits for letters were repaired.
    pub disguised: bool,
    /// How the original capitalises it.
    pub capital: Capital,
    /// What separates it from the word before it.
    pub join: Join,
    /// A full stop follows it directly.
    pub dotted: bool,
    /// It stands in brackets. What is never closed lasts to the end.
    pub bracketed: bool,
    /// It stands in quotation marks of any convention; likewise.
    pub quoted: bool,
}

impl Word {
    /// Lower case with diacritics, ё and apostrophes (as `'`; `"` for the double one), in NFC: what romanisation
    /// schemes need.
    pub fn spelled(&self) -> &str {
        self.respelled.as_deref().unwrap_or(&self.form)
    }

    /// The word of some cells of one class of letters, at least one of them a letter or digit.
    pub(super) fn of(cells: &[Cell], class: Class, join: Join) -> Word {
        plain::of_cells(cells, class, join).unwrap_or_else(|| Word::built(cells, class, join))
    }

    /// The same for any letters.
    pub(super) fn built(cells: &[Cell], class: Class, join: Join) -> Word {
        let bytes = cells.len() * if class == Class::Latin || class == Class::Digit { 1 } else { 3 };
        let mut form = String::with_capacity(bytes);
        let mut spelled = String::with_capacity(bytes);
        let mut disguised = false;
        let mut digits_among_letters = false;
        let mut plain = true;
        for (at, cell) in cells.iter().enumerate() {
            // Marks that have not composed are kept only where a script needs them; a letter repaired from such a
            // script does not.
            if cell.class == Class::Mark && class != Class::Other {
                continue;
            }
            disguised |= cell.repaired || (cell.hidden && at > 0);
            digits_among_letters |= cell.class == Class::Digit;
            plain &= cell.c.is_ascii() || matches!(cell.c, 'А'..='я' | '가'..='힣');
            letters::push_lower(cell.c, &mut spelled);
            if !cell.class.is_sign() {
                match class {
                    Class::Latin => letters::push_latin(cell.c, &mut form),
                    Class::Cyrillic => letters::push_cyrillic(cell.c, &mut form),
                    _ => letters::push_lower(cell.c, &mut form),
                }
            }
        }
        if !plain {
            for text in [&mut form, &mut spelled] {
                if !is_nfc(text) {
                    *text = text.nfc().collect();
                }
            }
        }
        let script = match class {
            Class::Latin => Script::Latin,
            Class::Cyrillic => Script::Cyrillic,
            Class::Hangul => Script::Hangul,
            Class::Han => Script::Han,
            Class::Digit => Script::Digits,
            _ => Script::Other,
        };
        if digits_among_letters && let Some(letters) = digits::letters(&form, script) {
            form = digits::replaced(&form, &letters);
            spelled = digits::replaced(&spelled, &letters);
            disguised = true;
        }
        let span = cells.first().map_or(0, |cell| cell.start)..cells.last().map_or(0, |cell| cell.end);
        let capital = if matches!(class, Class::Hangul | Class::Han) { Capital::None } else { capital(cells) };
        Word::new(span, script, form, spelled, disguised, capital, join)
    }

    /// A word of a known form; its script becomes `Other` where the alphabet lacks a letter.
    pub(super) fn new(
        span: Range<usize>,
        script: Script,
        form: String,
        spelled: String,
        disguised: bool,
        capital: Capital,
        join: Join,
    ) -> Word {
        let (script, symbols) = match symbols::encode(script, &form) {
            Some(symbols) => (script, symbols),
            None => (Script::Other, form.as_bytes().into()),
        };
        let respelled = if spelled == form { None } else { Some(spelled.into_boxed_str()) };
        let form = form.into();
        let (dotted, bracketed, quoted) = (false, false, false);
        Word { span, script, form, respelled, symbols, disguised, capital, join, dotted, bracketed, quoted }
    }
}

fn capital(cells: &[Cell]) -> Capital {
    let (mut capitals, mut small, mut first) = (0usize, 0usize, false);
    for cell in cells {
        if is_capital(cell.c) {
            first |= capitals + small == 0;
            capitals += 1;
        } else if cell.c.is_lowercase() {
            small += 1;
        }
    }
    Capital::of(capitals, small, first)
}

impl Capital {
    /// How a word is capitalised with so many capitals and small letters, and a capital first or not.
    pub(super) fn of(capitals: usize, small: usize, first: bool) -> Capital {
        match (capitals, small) {
            (0, 0) => Capital::None,
            (0, _) => Capital::Lower,
            (2.., 0) => Capital::Upper,
            (1, _) if first => Capital::Title,
            _ => Capital::Mixed,
        }
    }
}

fn is_capital(c: char) -> bool {
    c.is_uppercase() || (!c.is_ascii() && !c.is_lowercase() && CaseMapper::new().simple_lowercase(c) != c)
}
