use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_script::UnicodeScript;

/// The writing systems that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Script {
    /// Latin letters.
    Latin,
    /// Cyrillic letters of any language.
    Cyrillic,
    /// Hangul, as syllables or jamo.
    Hangul,
    /// Chinese characters.
    Han,
    /// Digits alone.
    Digits,
    /// Any other letters.
    Other,
}

impl Script {
    /// Every script, in the order of their codes.
    pub const ALL: [Script; 6] =
        [Script::Latin, Script::Cyrillic, Script::Hangul, Script::Han, Script::Digits, Script::Other];

    /// The script of one character; `None` for what belongs to no script: punctuation, spaces, marks.
    pub fn of(c: char) -> Option<Script> {
        if c.is_numeric() {
            return Some(Script::Digits);
        }
        match c.script() {
            unicode_script::Script::Latin => Some(Script::Latin),
            unicode_script::Script::Cyrillic => Some(Script::Cyrillic),
            unicode_script::Script::Hangul => Some(Script::Hangul),
            unicode_script::Script::Han => Some(Script::Han),
            _ if c.is_alphabetic() => Some(Script::Other),
            _ => None,
        }
    }

    /// The ISO 15924 code; `Zyyy` (common) for digits and `Zzzz` (unknown) for other scripts.
    pub fn code(self) -> &'static str {
        match self {
            Script::Latin => "Latn",
            Script::Cyrillic => "Cyrl",
            Script::Hangul => "Hang",
            Script::Han => "Hani",
            Script::Digits => "Zyyy",
            Script::Other => "Zzzz",
        }
    }

    /// The script of an ISO 15924 code that [`Script::code`] gives.
    pub fn from_code(code: &str) -> Option<Script> {
        Script::ALL.into_iter().find(|script| script.code() == code)
    }

    /// The stable number used in files, 0 to 5.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The script of a number that [`Script::number`] gave.
    pub fn from_number(number: u8) -> Option<Script> {
        Script::ALL.get(usize::from(number)).copied()
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
