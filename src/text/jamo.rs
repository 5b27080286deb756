//! The third stage: jamo become syllables, whichever way they were typed: conjoining, as compatibility letters
//! (ㄱㅣㅁ), halfwidth, or beside a finished syllable (기ㅁ).

use super::cell::{Cell, Class};

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
/// Vowels and finals that two keys make.
const PAIRS: &str = "ㅗㅏㅘ ㅗㅐㅙ ㅗㅣㅚ ㅜㅓㅝ ㅜㅔㅞ ㅜㅣㅟ ㅡㅣㅢ ㄱㅅㄳ ㄴㅈㄵ ㄴㅎㄶ ㄹㄱㄺ ㄹㅁㄻ ㄹㅂㄼ ㄹㅅㄽ ㄹㅌㄾ ㄹㅍㄿ ㄹㅎㅀ ㅂㅅㅄ";

/// A jamo, by its place among the letters that can stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Jamo {
    /// A conjoining initial.
    Initial(u32),
    Vowel(u32),
    /// A conjoining final, 1 to 27.
    Final(u32),
    /// A compatibility consonant, which may be either.
    Consonant(char),
}

fn jamo(c: char) -> Option<Jamo> {
    let code = c as u32;
    Some(match code {
        0x1100..=0x1112 => Jamo::Initial(code - 0x1100),
        0x1161..=0x1175 => Jamo::Vowel(code - 0x1161),
        0x11A8..=0x11C2 => Jamo::Final(code - 0x11A7),
        0x3131..=0x314E => Jamo::Consonant(c),
        0x314F..=0x3163 => Jamo::Vowel(code - 0x314F),
        _ => return None,
    })
}

fn place(letters: &str, c: char) -> Option<u32> {
    letters.chars().position(|letter| letter == c).map(|place| place as u32)
}

fn final_of(c: char) -> Option<u32> {
    place(FINALS, c).map(|place| place + 1)
}

fn pair(first: char, second: char) -> Option<char> {
    PAIRS.split(' ').find_map(|pair| {
        let mut letters = pair.chars();
        (letters.next() == Some(first) && letters.next() == Some(second)).then(|| letters.next()).flatten()
    })
}

fn letter(letters: &str, place: u32) -> Option<char> {
    letters.chars().nth(place as usize)
}

/// Composes the jamo of a text in one pass. Letters that belong to no syllable stay, as conjoining jamo.
pub(super) fn syllables(cells: &[Cell]) -> Vec<Cell> {
    let mut done: Vec<Cell> = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let Some(found) = jamo(cell.c).filter(|_| cell.class == Class::Hangul) else {
            done.push(*cell);
            continue;
        };
        let before_vowel = cells.get(at + 1).is_some_and(|next| matches!(jamo(next.c), Some(Jamo::Vowel(_))));
        let joined =
            done.last().filter(|last| last.class == Class::Hangul).and_then(|last| join(last.c, found, before_vowel));
        match (joined, done.last_mut()) {
            (Some(joined), Some(last)) => {
                last.c = joined;
                last.end = cell.end;
            }
            _ => done.push(Cell { c: alone(found), ..*cell }),
        }
    }
    done
}

/// A jamo after what stands before it, as one syllable.
fn join(before: char, jamo: Jamo, before_vowel: bool) -> Option<char> {
    let code = before as u32;
    match (code, jamo) {
        (0x1100..=0x1112, Jamo::Vowel(vowel)) => syllable(code - 0x1100, vowel, 0),
        (0xAC00..=0xD7A3, jamo) => {
            let (initial, vowel, last) = ((code - 0xAC00) / 588, (code - 0xAC00) % 588 / 28, (code - 0xAC00) % 28);
            match (last, jamo) {
                (0, Jamo::Final(last)) => syllable(initial, vowel, last),
                (0, Jamo::Vowel(second)) => {
                    let both = pair(letter(VOWELS, vowel)?, letter(VOWELS, second)?)?;
                    syllable(initial, place(VOWELS, both)?, 0)
                }
                (0, Jamo::Consonant(c)) if !before_vowel => syllable(initial, vowel, final_of(c)?),
                (1.., Jamo::Consonant(c)) if !before_vowel => {
                    let both = pair(letter(FINALS, last - 1)?, c)?;
                    syllable(initial, vowel, final_of(both)?)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn syllable(initial: u32, vowel: u32, last: u32) -> Option<char> {
    char::from_u32(0xAC00 + (initial * 21 + vowel) * 28 + last)
}

/// A jamo as conjoining letter: a consonant as initial if it can be one.
fn alone(jamo: Jamo) -> char {
    let code = match jamo {
        Jamo::Initial(place) => 0x1100 + place,
        Jamo::Vowel(place) => 0x1161 + place,
        Jamo::Final(place) => 0x11A7 + place,
        Jamo::Consonant(c) => match (place(INITIALS, c), final_of(c)) {
            (Some(place), _) => 0x1100 + place,
            (None, Some(place)) => 0x11A7 + place,
            (None, None) => c as u32,
        },
    };
    char::from_u32(code).unwrap_or('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::super::cell::shown;
    use super::super::characters::characters;
    use super::*;

    #[test]
    fn typed_jamo_become_syllables() {
        for (typed, expected) in [
            ("ㄱㅣㅁㅈㅓㅇㅇㅡㄴ", "김정은"),
            ("ﾡￜﾱ", "김"),
            ("\u{1100}\u{1175}\u{11B7}", "김"),
            ("기\u{11B7}", "김"),
            ("기ㅁ정은", "김정은"),
            ("ㄱㅗㅏㄴ", "관"),
            ("ㄷㅏㄹㄱ", "닭"),
            ("ㄷㅏㄹㄱㅣ", "달기"),
            ("ㅋㅋ", "\u{110F}\u{110F}"),
            ("ㄳ", "\u{11AA}"),
            ("가ㄳ", "갃"),
        ] {
            assert_eq!(shown(&syllables(&characters(typed).cells)), expected, "{typed}");
        }
    }
}
