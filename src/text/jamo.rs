//! Hangul that was typed letter by letter: compatibility jamo and halfwidth jamo put together again.
//!
//! The arithmetic is that of the Unicode standard, section 3.12.

use super::glyphs::Glyph;

/// Compatibility consonants U+3131–U+314E as initial and final index; 0xFF where a letter cannot be one.
const CONSONANTS: [(u8, u8); 30] = [
    (0, 1),
    (1, 2),
    (0xFF, 3),
    (2, 4),
    (0xFF, 5),
    (0xFF, 6),
    (3, 7),
    (4, 0xFF),
    (5, 8),
    (0xFF, 9),
    (0xFF, 10),
    (0xFF, 11),
    (0xFF, 12),
    (0xFF, 13),
    (0xFF, 14),
    (0xFF, 15),
    (6, 16),
    (7, 17),
    (8, 0xFF),
    (0xFF, 18),
    (9, 19),
    (10, 20),
    (11, 21),
    (12, 22),
    (13, 0xFF),
    (14, 23),
    (15, 24),
    (16, 25),
    (17, 26),
    (18, 27),
];

/// True for compatibility jamo, full or half width.
pub(super) fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{3131}'..='\u{3163}' | '\u{FFA1}'..='\u{FFDC}')
}

/// True if a conjoining jamo goes on with the syllable that a cluster began.
pub(super) fn continues(cluster: &str, c: char) -> bool {
    let Some(last) = cluster.chars().next_back() else { return false };
    match c {
        '\u{1161}'..='\u{1175}' => matches!(last, '\u{1100}'..='\u{1112}'),
        '\u{11A8}'..='\u{11C2}' => matches!(last, '\u{1161}'..='\u{1175}') || is_open_syllable(last),
        _ => false,
    }
}

fn is_open_syllable(c: char) -> bool {
    matches!(c, '가'..='힣') && (c as u32 - 0xAC00).is_multiple_of(28)
}

fn full_width(c: char) -> char {
    let code = match c as u32 {
        code @ 0xFFA1..=0xFFBE => code - 0xFFA1 + 0x3131,
        code @ 0xFFC2..=0xFFC7 => code - 0xFFC2 + 0x314F,
        code @ 0xFFCA..=0xFFCF => code - 0xFFCA + 0x3155,
        code @ 0xFFD2..=0xFFD7 => code - 0xFFD2 + 0x315B,
        code @ 0xFFDA..=0xFFDC => code - 0xFFDA + 0x3161,
        code => code,
    };
    char::from_u32(code).unwrap_or(c)
}

fn initial(c: char) -> Option<u32> {
    consonant(c).map(|(initial, _)| initial).filter(|initial| *initial != 0xFF).map(u32::from)
}

fn last(c: char) -> Option<u32> {
    consonant(c).map(|(_, last)| last).filter(|last| *last != 0xFF).map(u32::from)
}

fn consonant(c: char) -> Option<(u8, u8)> {
    CONSONANTS.get((c as u32).checked_sub(0x3131)? as usize).copied()
}

fn vowel(c: char) -> Option<u32> {
    (c as u32).checked_sub(0x314F).filter(|vowel| *vowel < 21)
}

/// Puts runs of compatibility jamo together: an initial and a vowel are a syllable, and a consonant after them its
/// final unless a vowel follows. Letters that make no syllable stay.
pub(super) fn compose(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    if !glyphs.iter().any(|glyph| is_compatibility(glyph.c)) {
        return glyphs;
    }
    let letter = |at: usize| glyphs.get(at).map(|glyph: &Glyph| full_width(glyph.c));
    let mut composed = Vec::with_capacity(glyphs.len());
    let mut at = 0;
    while at < glyphs.len() {
        let first = letter(at).and_then(initial);
        let second = letter(at + 1).and_then(vowel);
        let (Some(first), Some(second)) = (first, second) else {
            composed.push(glyphs[at]);
            at += 1;
            continue;
        };
        let next_is_vowel = letter(at + 3).and_then(vowel).is_some();
        let third = letter(at + 2).filter(|_| !next_is_vowel).and_then(last);
        let length = if third.is_some() { 3 } else { 2 };
        let code = 0xAC00 + (first * 21 + second) * 28 + third.unwrap_or(0);
        let (start, end) = (glyphs[at].start, glyphs[at + length - 1].end);
        let hidden = glyphs[at].hidden;
        composed.push(Glyph { c: char::from_u32(code).unwrap_or(glyphs[at].c), start, end, hidden });
        at += length;
    }
    composed
}
