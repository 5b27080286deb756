use std::ops::Range;

use super::Script;

/// The capitals of a word as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capital {
    /// The script has no case, or the word no letter.
    None,
    /// No capital.
    Lower,
    /// The first letter alone.
    Title,
    /// Every letter, and at least two.
    Upper,
    /// Any other mixture.
    Mixed,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// It is the first word.
    Start,
    /// Nothing: the script changes inside of what was written as one word.
    None,
    /// A space.
    Space,
    /// A hyphen.
    Hyphen,
    /// A comma, with or without spaces.
    Comma,
    /// Any other punctuation: brackets, quotation marks, full stops.
    Punctuation,
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the original text.
    pub span: Range<usize>,
    /// Its script: one a word.
    pub script: Script,
    /// The folded form: lower case, Latin without diacritics, ё as е, no apostrophes, Hangul as syllables. Never
    /// empty.
    pub form: String,
    /// As written, but in lower case, with the diacritics, and with `'` for every apostrophe: what spelling
    /// systems with marks need.
    pub spelled: String,
    /// The folded form in the alphabet of the script (see [`super::symbols`]).
    pub symbols: Vec<u8>,
    /// Letters of another script, signs for letters or invisible characters were repaired.
    pub disguised: bool,
    /// Its capitals.
    pub capital: Capital,
    /// What stands in front of it.
    pub join: Join,
    /// A full stop follows it directly.
    pub dotted: bool,
    /// It stands in round or square brackets.
    pub bracketed: bool,
    /// It stands in quotation marks of any kind.
    pub quoted: bool,
}

/// A text as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The words, in order. Empty only for a text without a letter or digit.
    pub words: Vec<Word>,
}

impl Text {
    /// The script of most letters; of equals the one that comes first.
    pub fn script(&self) -> Script {
        let mut counts = [0usize; Script::ALL.len()];
        for word in &self.words {
            counts[usize::from(word.script.number())] += word.form.chars().count();
        }
        // Digits are nobody's script as long as there is any letter.
        let letters = Script::ALL.into_iter().filter(|script| *script != Script::Digits);
        let best = letters.rev().max_by_key(|script| counts[usize::from(script.number())]);
        match best {
            Some(script) if counts[usize::from(script.number())] > 0 => script,
            _ => Script::Digits,
        }
    }

    /// The folded forms of the words, joined by single spaces.
    pub fn folded(&self) -> String {
        let forms: Vec<&str> = self.words.iter().map(|word| word.form.as_str()).collect();
        forms.join(" ")
    }
}
