//! Hangul as jamo: taking syllables apart and putting them together.

use super::pattern::{FINALS, INITIALS, final_jamo, jamo};

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;
/// The silent initial.
pub const SILENT: char = '\u{110B}';
const EU: char = '\u{1173}';

/// Whether a character is a precomposed syllable.
pub fn is_syllable(c: char) -> bool {
    (FIRST..=LAST).contains(&(c as u32))
}

/// Whether a symbol is a conjoining initial, vowel or final of modern Hangul.
pub fn is_initial(c: char) -> bool {
    ('\u{1100}'..='\u{1112}').contains(&c)
}

/// See [`is_initial`].
pub fn is_vowel(c: char) -> bool {
    ('\u{1161}'..='\u{1175}').contains(&c)
}

/// See [`is_initial`].
pub fn is_final(c: char) -> bool {
    ('\u{11A8}'..='\u{11C2}').contains(&c)
}

/// The letter of the keyboard for a conjoining jamo.
pub fn letter(c: char) -> Option<char> {
    let place = |base: u32| (c as u32 - base) as usize;
    match c {
        c if is_initial(c) => INITIALS.chars().nth(place(0x1100)),
        c if is_vowel(c) => char::from_u32('ㅏ' as u32 + c as u32 - 0x1161),
        c if is_final(c) => FINALS.chars().nth(place(0x11A8)),
        _ => None,
    }
}

/// The conjoining jamo of a syllable: two or three.
pub fn parts(syllable: char) -> Option<(char, char, Option<char>)> {
    if !is_syllable(syllable) {
        return None;
    }
    let index = syllable as u32 - FIRST;
    let part = |base: u32, offset: u32| char::from_u32(base + offset);
    let last = index % 28;
    let last = if last == 0 { None } else { part(0x11A7, last) };
    Some((part(0x1100, index / 588)?, part(0x1161, index % 588 / 28)?, last))
}

/// Takes every syllable apart; letters written alone become initials and vowels; other symbols stay.
pub fn decompose(text: &[char]) -> Vec<char> {
    let mut symbols = Vec::with_capacity(text.len() * 3);
    for &c in text {
        match parts(c) {
            Some((initial, vowel, last)) => {
                symbols.push(initial);
                symbols.push(vowel);
                symbols.extend(last);
            }
            None => symbols.push(jamo(c).unwrap_or(c)),
        }
    }
    symbols
}

/// Turns letters that stand outside of syllables into initials and vowels, clusters into their parts.
pub fn lone_letters(text: &mut Vec<char>) {
    if !text.iter().any(|c| is_final(*c) || ('ㄱ'..='ㅎ').contains(c)) {
        return;
    }
    let mut spread = Vec::with_capacity(text.len() + 2);
    for &c in text.iter() {
        let last = if is_final(c) { Some(c) } else { final_jamo(c).filter(|_| jamo(c).is_none()) };
        match last {
            Some(last) => match as_initial(last) {
                Some(initial) => spread.push(initial),
                None => spread.extend(cluster(last)),
            },
            None => spread.push(c),
        }
    }
    *text = spread;
}

/// The initials of the two letters of a cluster.
fn cluster(last: char) -> [char; 2] {
    match last {
        '\u{11AA}' => ['\u{1100}', '\u{1109}'],
        '\u{11AC}' => ['\u{1102}', '\u{110C}'],
        '\u{11AD}' => ['\u{1102}', '\u{1112}'],
        '\u{11B0}' => ['\u{1105}', '\u{1100}'],
        '\u{11B1}' => ['\u{1105}', '\u{1106}'],
        '\u{11B2}' => ['\u{1105}', '\u{1107}'],
        '\u{11B3}' => ['\u{1105}', '\u{1109}'],
        '\u{11B4}' => ['\u{1105}', '\u{1110}'],
        '\u{11B5}' => ['\u{1105}', '\u{1111}'],
        '\u{11B6}' => ['\u{1105}', '\u{1112}'],
        _ => ['\u{1107}', '\u{1109}'], // ㅄ, the last of them
    }
}

/// Puts jamo together. A vowel without an initial gets the silent one; a consonant that has no vowel and no
/// syllable before it to close gets the vowel ㅡ.
pub fn compose(symbols: &[char]) -> String {
    let mut text: Vec<char> = Vec::with_capacity(symbols.len());
    let mut initial = None;
    for &symbol in symbols {
        if is_vowel(symbol) {
            text.push(syllable(initial.take().unwrap_or(SILENT), symbol));
            continue;
        }
        if let Some(alone) = initial.take() {
            text.push(syllable(alone, EU));
        }
        if is_initial(symbol) {
            initial = Some(symbol);
        } else if is_final(symbol) {
            match text.last_mut().filter(|last| is_syllable(**last) && (**last as u32 - FIRST).is_multiple_of(28)) {
                // An open syllable plus a final stays in the block.
                Some(open) => *open = char::from_u32(*open as u32 + (symbol as u32 - 0x11A7)).unwrap_or(*open),
                None => initial = as_initial(symbol),
            }
        } else {
            text.push(symbol);
        }
    }
    if let Some(alone) = initial {
        text.push(syllable(alone, EU));
    }
    text.into_iter().collect()
}

fn syllable(initial: char, vowel: char) -> char {
    let code = FIRST + ((initial as u32 - 0x1100) * 21 + (vowel as u32 - 0x1161)) * 28;
    char::from_u32(code).unwrap_or(vowel)
}

/// The initial of the same letter as a final; `None` for clusters that begin no syllable.
pub fn as_initial(last: char) -> Option<char> {
    let letter = FINALS.chars().nth((last as u32).checked_sub(0x11A8)? as usize)?;
    let place = INITIALS.chars().position(|initial| initial == letter)?;
    char::from_u32(0x1100 + place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn syllables_round_trip(text in "[가-힣 a-z]{0,12}") {
            let symbols: Vec<char> = text.chars().collect();
            prop_assert_eq!(compose(&decompose(&symbols)), text);
        }
    }

    #[test]
    fn lone_letters_become_syllables() {
        let symbols: Vec<char> = "\u{1107}\u{1105}\u{1161}\u{11AB}\u{1161}".chars().collect();
        assert_eq!(compose(&symbols), "브란아");
    }
}
