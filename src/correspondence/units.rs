//! How units are written in tables: letters that a person can read.
//!
//! Hangul is written in compatibility jamo, a final consonant with `·` in front of it: 김 is `ㄱㅣ·ㅁ`. Nothing is
//! written as `∅`.

use crate::text::{Script, symbols};

/// What stands for a unit without letters.
const NOTHING: &str = "∅";
/// What stands in front of a final consonant.
const FINAL_MARK: char = '·';

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const FIRST_VOWEL: u32 = 0x314F;

/// A unit as a table writes it.
pub fn write(script: Script, unit: &[u8]) -> String {
    if unit.is_empty() {
        return NOTHING.to_owned();
    }
    if script != Script::Hangul {
        return symbols::decode(script, unit).into();
    }
    let mut text = String::new();
    for symbol in unit {
        match *symbol {
            symbol @ symbols::INITIAL..symbols::VOWEL => {
                text.extend(INITIALS.chars().nth(usize::from(symbol - symbols::INITIAL)));
            }
            symbol @ symbols::VOWEL..symbols::FINAL => {
                text.extend(char::from_u32(FIRST_VOWEL + u32::from(symbol - symbols::VOWEL)));
            }
            symbol if symbol > symbols::FINAL => {
                text.push(FINAL_MARK);
                text.extend(FINALS.chars().nth(usize::from(symbol - symbols::FINAL - 1)));
            }
            digit => text.push(char::from(digit)),
        }
    }
    text
}

/// The unit that a table writes so; `None` for letters that the script's alphabet lacks.
pub fn read(script: Script, text: &str) -> Option<Vec<u8>> {
    if text == NOTHING {
        return Some(Vec::new());
    }
    if script != Script::Hangul {
        return symbols::encode(script, text).map(|word| word.to_vec());
    }
    let mut unit = Vec::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        let place = |row: &str, c: char| row.chars().position(|letter| letter == c);
        let symbol = if c == FINAL_MARK {
            symbols::FINAL + 1 + u8::try_from(place(FINALS, letters.next()?)?).ok()?
        } else if c.is_ascii_digit() {
            c as u8
        } else if let Some(initial) = place(INITIALS, c) {
            symbols::INITIAL + u8::try_from(initial).ok()?
        } else {
            let vowel = (c as u32).checked_sub(FIRST_VOWEL).filter(|vowel| *vowel < 21)?;
            symbols::VOWEL + u8::try_from(vowel).ok()?
        };
        unit.push(symbol);
    }
    Some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn units_round_trip(word in "[가-힣]{1,3}|[а-я]{1,4}|[a-z]{1,4}") {
            for script in [Script::Hangul, Script::Cyrillic, Script::Latin] {
                if let Some(unit) = symbols::encode(script, &word) {
                    prop_assert_eq!(read(script, &write(script, &unit)), Some(unit.to_vec()));
                }
            }
        }
    }

    #[test]
    fn finals_are_marked() {
        let kim = symbols::encode(Script::Hangul, "김").unwrap();
        assert_eq!(write(Script::Hangul, &kim), "ㄱㅣ·ㅁ");
        assert_eq!(write(Script::Latin, &[]), "∅");
        assert_eq!(read(Script::Latin, "ŏ"), None);
    }
}
