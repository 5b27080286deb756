//! The alphabets of the index: how the letters of a script are stored, one byte each.
//!
//! | script | bytes |
//! |---|---|
//! | Latin | `a`–`z` and `0`–`9` as in ASCII |
//! | Cyrillic | U+0430–U+045F as 0x80–0xAF, letters of further languages as 0xB0 and up, digits as in ASCII |
//! | Hangul | initials 0x80–0x92, vowels 0xA0–0xB4, finals 0xC1–0xDB, digits as in ASCII |
//! | others | UTF-8 |
//!
//! One byte a letter keeps the term dictionaries small, and a search over them walks letters rather than halves of
//! letters. The codes are part of the index format: change [`VERSION`] with them.

use std::ops::Deref;

use compact_str::CompactString;
use smallvec::SmallVec;

use super::Script;
pub use super::alphabet::VERSION;

/// A word in the alphabet of its script. Nearly all words are so short that they need no memory of their own, and
/// copying one costs next to nothing.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbols(SmallVec<[u8; 24]>);

impl Symbols {
    /// No symbols, and room for so many.
    pub fn with_capacity(symbols: usize) -> Symbols {
        Symbols(SmallVec::with_capacity(symbols))
    }

    /// Adds a symbol.
    pub fn push(&mut self, symbol: u8) {
        self.0.push(symbol);
    }

    /// Adds symbols.
    pub fn extend_from_slice(&mut self, symbols: &[u8]) {
        self.0.extend_from_slice(symbols);
    }
}

impl Clone for Symbols {
    fn clone(&self) -> Symbols {
        Symbols::from(&self[..])
    }
}

impl Deref for Symbols {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Symbols {
    fn from(symbols: &[u8]) -> Symbols {
        Symbols(SmallVec::from_slice(symbols))
    }
}

impl From<Symbols> for SmallVec<[u8; 24]> {
    fn from(symbols: Symbols) -> SmallVec<[u8; 24]> {
        symbols.0
    }
}

/// Cyrillic letters outside U+0430–U+045F, in the order of their codes from 0xB0. Append only.
const FURTHER_CYRILLIC: [char; 28] = [
    'ґ', 'ғ', 'қ', 'ң', 'ү', 'ұ', 'һ', 'ә', 'ө', 'ҳ', 'ҷ', 'ӣ', 'ӯ', 'ѣ', 'ѳ', 'ѵ', 'ӏ', 'җ', 'ҙ', 'ҡ', 'ҫ', 'ӑ', 'ӗ',
    'ӳ', 'ҝ', 'ҹ', 'ҕ', 'ѫ',
];

const FIRST_SYLLABLE: u32 = 0xAC00;
const INITIALS: u32 = 19;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

/// First code of the Hangul initials.
pub const INITIAL: u8 = 0x80;
/// First code of the Hangul vowels.
pub const VOWEL: u8 = 0xA0;
/// Code of "no final"; the finals follow from here plus one.
pub const FINAL: u8 = 0xC0;

/// Encodes a folded word of a script. `None` if it has a character that the script's alphabet lacks: such a word
/// is stored as [`Script::Other`].
///
/// Folded means: lower case, Latin without diacritics, ё as е, Hangul as syllables or conjoining jamo.
pub fn encode(script: Script, word: &str) -> Option<Symbols> {
    let mut symbols = Symbols::default();
    for c in word.chars() {
        match (script, c) {
            (Script::Han | Script::Other, c) => symbols.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            (_, '0'..='9') => symbols.push(c as u8),
            (Script::Latin, 'a'..='z') => symbols.push(c as u8),
            (Script::Cyrillic, c) => symbols.push(cyrillic(c)?),
            (Script::Hangul, c) => hangul(c, &mut symbols)?,
            _ => return None,
        }
    }
    Some(symbols)
}

fn cyrillic(c: char) -> Option<u8> {
    match c as u32 {
        code @ 0x430..=0x45F => Some(0x80 + (code - 0x430) as u8),
        _ => FURTHER_CYRILLIC.iter().position(|letter| *letter == c).map(|place| 0xB0 + place as u8),
    }
}

/// Adds the letters of a precomposed syllable; other characters are taken for the first one.
pub(super) fn push_syllable(c: char, symbols: &mut Symbols) {
    let index = (c as u32).saturating_sub(FIRST_SYLLABLE);
    symbols.push(INITIAL + (index / (VOWELS * FINALS)) as u8);
    symbols.push(VOWEL + (index / FINALS % VOWELS) as u8);
    let last = (index % FINALS) as u8;
    if last > 0 {
        symbols.push(FINAL + last);
    }
}

fn hangul(c: char, symbols: &mut Symbols) -> Option<()> {
    match c as u32 {
        FIRST_SYLLABLE..=0xD7A3 => push_syllable(c, symbols),
        code @ 0x1100..=0x1112 => symbols.push(INITIAL + (code - 0x1100) as u8),
        code @ 0x1161..=0x1175 => symbols.push(VOWEL + (code - 0x1161) as u8),
        code @ 0x11A8..=0x11C2 => symbols.push(FINAL + (code - 0x11A7) as u8),
        _ => return None,
    }
    Some(())
}

/// The word of some symbols: the inverse of [`encode`], with Hangul as syllables. Symbols that the alphabet does
/// not have are shown as U+FFFD.
pub fn decode(script: Script, symbols: &[u8]) -> CompactString {
    match script {
        Script::Han | Script::Other | Script::Latin | Script::Digits => CompactString::from_utf8_lossy(symbols),
        Script::Cyrillic => symbols.iter().map(|symbol| cyrillic_letter(*symbol)).collect(),
        Script::Hangul => hangul_word(symbols),
    }
}

fn cyrillic_letter(symbol: u8) -> char {
    match symbol {
        b'0'..=b'9' => char::from(symbol),
        0x80..=0xAF => char::from_u32(0x430 + u32::from(symbol - 0x80)).unwrap_or('\u{FFFD}'),
        0xB0.. => FURTHER_CYRILLIC.get(usize::from(symbol - 0xB0)).copied().unwrap_or('\u{FFFD}'),
        _ => '\u{FFFD}',
    }
}

fn hangul_word(symbols: &[u8]) -> CompactString {
    let mut word = CompactString::default();
    let mut at = 0;
    while at < symbols.len() {
        let initial = symbol_at(symbols, at, INITIAL, INITIALS);
        let vowel = symbol_at(symbols, at + 1, VOWEL, VOWELS);
        if let (Some(initial), Some(vowel)) = (initial, vowel) {
            // A final of zero is never stored, so a code just above FINAL is the first real one.
            let last = symbol_at(symbols, at + 2, FINAL, FINALS).filter(|last| *last > 0);
            let code = FIRST_SYLLABLE + (initial * VOWELS + vowel) * FINALS + last.unwrap_or(0);
            word.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
            at += if last.is_some() { 3 } else { 2 };
        } else {
            word.push(lone_jamo(symbols[at]));
            at += 1;
        }
    }
    word
}

fn symbol_at(symbols: &[u8], at: usize, first: u8, count: u32) -> Option<u32> {
    let symbol = *symbols.get(at)?;
    symbol.checked_sub(first).map(u32::from).filter(|index| *index < count)
}

fn lone_jamo(symbol: u8) -> char {
    let code = match symbol {
        b'0'..=b'9' => u32::from(symbol),
        0x80..=0x92 => 0x1100 + u32::from(symbol - INITIAL),
        0xA0..=0xB4 => 0x1161 + u32::from(symbol - VOWEL),
        0xC1..=0xDB => 0x11A7 + u32::from(symbol - FINAL),
        _ => 0xFFFD,
    };
    char::from_u32(code).unwrap_or('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_round_trip(word in "[a-z0-9]{0,12}|[а-џ0-9]{0,12}|[가-힣0-9]{0,8}|[一-龥]{0,6}") {
            for script in Script::ALL {
                if let Some(symbols) = encode(script, &word) {
                    prop_assert_eq!(decode(script, &symbols), word.clone());
                }
            }
        }

        #[test]
        fn any_bytes_decode(bytes: Vec<u8>) {
            for script in Script::ALL {
                decode(script, &bytes);
            }
        }
    }

    #[test]
    fn a_syllable_is_its_jamo() {
        assert_eq!(encode(Script::Hangul, "김"), Some(Symbols::from(&[0x80, 0xB4, 0xD0][..])));
        assert_eq!(encode(Script::Hangul, "이"), Some(Symbols::from(&[0x8B, 0xB4][..])));
        assert_eq!(decode(Script::Hangul, &[0x80, 0x80, 0xB4]), "\u{1100}기");
    }

    #[test]
    fn letters_that_the_alphabet_lacks_are_not_dropped() {
        assert_eq!(encode(Script::Latin, "kimŏ"), None);
        assert_eq!(encode(Script::Cyrillic, "ким김"), None);
        assert_eq!(encode(Script::Other, "ψ"), Some("ψ".as_bytes().into()));
    }
}
