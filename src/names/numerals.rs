use std::collections::HashSet;
use std::sync::LazyLock;

use super::lexicon::column;
use super::token::{Token, written};
use super::{NamePart, PartRole};
use crate::tables;
use crate::text::{Capital, Script};

/// What may follow digits in one word without making it anything but a number: "17th", "1-й".
static SUFFIXES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    tables::table("names/data/ordinals.tsv").map(|table| column(table, "suffix").collect()).unwrap_or_default()
});

/// A word of digits, perhaps with the letters of an ordinal, as a number; its form is the digits without leading
/// zeros.
pub(super) fn digits(token: &Token<'_>) -> Option<NamePart> {
    let form = token.form();
    let end = form.find(|c: char| !c.is_ascii_digit()).unwrap_or(form.len());
    let (digits, suffix) = form.split_at(end);
    if digits.is_empty() || !(suffix.is_empty() || SUFFIXES.contains(suffix)) {
        return None;
    }
    Some(number(token, digits))
}

/// True for letters that make an ordinal of the digits before them.
pub(super) fn is_suffix(token: &Token<'_>) -> bool {
    SUFFIXES.contains(token.form())
}

/// A word of Roman numerals in capitals as a number, up to XXXIX: L, C, D and M also make words (MIX, LID, CIVIC).
/// One letter may be an initial, so only with `single`.
pub(super) fn roman(token: &Token<'_>, single: bool) -> Option<NamePart> {
    let capitals = token.word.capital == Capital::Upper || single && token.is_single_capital() && !token.word.dotted;
    if !capitals || token.script() != Script::Latin {
        return None;
    }
    let value = roman_value(token.form())?;
    Some(number(token, &value.to_string()))
}

/// A word that stands for a number ("second") as that number.
pub(super) fn number(token: &Token<'_>, digits: &str) -> NamePart {
    number_at(token.word.span.clone(), digits, token.word.disguised)
}

/// A number at a place.
pub(super) fn number_at(span: std::ops::Range<usize>, digits: &str, disguised: bool) -> NamePart {
    let plain = digits.trim_start_matches('0');
    let plain = if plain.is_empty() { "0" } else { plain };
    written(span, PartRole::Number, Script::Digits, plain.into(), None, disguised)
}

/// The value of a Roman numeral in its one right spelling.
fn roman_value(word: &str) -> Option<u32> {
    const SIGNS: [(&str, u32); 5] = [("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)];
    if word.len() > 7 {
        return None;
    }
    let mut rest = word;
    let mut value = 0;
    for (sign, worth) in SIGNS {
        let most = if matches!(worth, 10 | 1) { 3 } else { 1 };
        for _ in 0..most {
            match rest.strip_prefix(sign) {
                Some(tail) => (rest, value) = (tail, value + worth),
                None => break,
            }
        }
    }
    // ix and iv admit nothing after them, v and iv exclude each other: check by writing the value again.
    (rest.is_empty() && value > 0 && spelled(value) == word).then_some(value)
}

fn spelled(value: u32) -> String {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    "x".repeat((value / 10) as usize) + ONES[(value % 10) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_have_one_spelling() {
        for value in 1..40 {
            assert_eq!(roman_value(&spelled(value)), Some(value));
        }
        for word in ["", "iiii", "vv", "ixi", "ivi", "vx", "iix", "xxxx", "mix", "vi a"] {
            assert_eq!(roman_value(word), None, "{word}");
        }
    }
}
