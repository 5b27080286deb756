//! Digits that were typed for letters: M0KRAN, 3АО. Never those that are meant: 3M, B52, 17th, 39호실.

use std::sync::LazyLock;

use super::Script;
use crate::tables::table;

const VOWELS: &str = "aeiouyаеиоуыэюяі";

/// What a digit stands for.
#[derive(Debug, Default)]
struct Letters {
    between: Option<char>,
    beside: Option<char>,
    cyrillic: Option<char>,
    letters_before: usize,
    first: &'static str,
    last: &'static str,
}

static LETTERS: LazyLock<Vec<Letters>> = LazyLock::new(|| {
    let mut digits: Vec<Letters> = (0..10).map(|_| Letters::default()).collect();
    for (_, cells) in table("text/data/digit-letters.tsv").map_or(&[][..], |table| table.rows) {
        if let ([digit, between, beside, cyrillic, before, first, last], letter) =
            (cells, |cell: &str| cell.chars().next())
            && let Some(entry) = digit.parse::<usize>().ok().and_then(|digit| digits.get_mut(digit))
        {
            *entry = Letters {
                between: letter(between),
                beside: letter(beside),
                cyrillic: letter(cyrillic),
                letters_before: before.parse().unwrap_or(usize::MAX),
                first,
                last,
            };
        }
    }
    digits
});

static ENDINGS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rows = table("text/data/ordinal-endings.tsv").map_or(&[][..], |table| table.rows);
    rows.iter().filter_map(|(_, cells)| cells.first().copied()).collect()
});

/// The letters that the digits of a folded word stand for, one for each of its digits in order. `None` if any of
/// them is meant as digit.
pub(super) fn letters(form: &str, script: Script) -> Option<Vec<char>> {
    let word: Vec<char> = form.chars().collect();
    let digits = word.iter().filter(|c| c.is_ascii_digit()).count();
    let plain = word.len() - digits;
    if digits == 0 || plain < 2 || plain < 2 * digits || form_is_ordinal(form) {
        return None;
    }
    let digit = |(at, c): (usize, &char)| c.to_digit(10).map(|digit| letter(&word, at, digit as usize, script, plain));
    word.iter().enumerate().filter_map(digit).collect()
}

fn form_is_ordinal(form: &str) -> bool {
    let ending = form.trim_start_matches(|c: char| c.is_ascii_digit());
    ending.len() < form.len() && ENDINGS.contains(&ending)
}

fn letter(word: &[char], at: usize, digit: usize, script: Script, plain: usize) -> Option<char> {
    let letters = LETTERS.get(digit)?;
    let before = at.checked_sub(1).map(|at| word[at]);
    let after = word.get(at + 1).copied();
    if before.into_iter().chain(after).any(|c| c.is_ascii_digit()) {
        return None;
    }
    let vowel = |c: Option<char>| c.is_some_and(|c| VOWELS.contains(c));
    let beside_vowel = vowel(before) || vowel(after);
    let allowed = match (before, after) {
        (Some(_), Some(_)) if word.len() == 3 => digit <= 1 && !beside_vowel,
        (Some(_), Some(_)) => at >= letters.letters_before,
        (None, Some(_)) => {
            letters.first.contains(script.code()) && (script == Script::Cyrillic || plain >= 3 && !vowel(after))
        }
        (Some(_), None) => letters.last.contains(script.code()) && plain >= 3 && !vowel(before),
        (None, None) => false,
    };
    if !allowed {
        return None;
    }
    match script {
        Script::Cyrillic => letters.cyrillic,
        _ if beside_vowel => letters.beside,
        _ => letters.between,
    }
}

/// A word with its digits replaced in order.
pub(super) fn replaced(word: &str, letters: &[char]) -> String {
    let mut letters = letters.iter();
    word.chars().map(|c| if c.is_ascii_digit() { letters.next().copied().unwrap_or(c) } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_inside_a_word_of_letters_are_letters() {
        for (form, script, expected) in [
            ("m0kran", Script::Latin, "mokran"),
            ("k1m", Script::Latin, "kim"),
            ("vo1kov", Script::Latin, "volkov"),
            ("shevchenk0", Script::Latin, "shevchenko"),
            ("0leg", Script::Latin, "oleg"),
            ("0оо", Script::Cyrillic, "ооо"),
            ("3ао", Script::Cyrillic, "зао"),
            ("га3пром", Script::Cyrillic, "газпром"),
        ] {
            let letters = letters(form, script).unwrap_or_else(|| panic!("{form}"));
            assert_eq!(replaced(form, &letters), expected);
        }
        for (form, script) in [
            ("3m", Script::Latin),
            ("b52", Script::Latin),
            ("17th", Script::Latin),
            ("3rd", Script::Latin),
            ("3com", Script::Latin),
            ("g4s", Script::Latin),
            ("l3harris", Script::Latin),
            ("b2b", Script::Latin),
            ("21век", Script::Cyrillic),
            ("3го", Script::Cyrillic),
            ("39", Script::Digits),
        ] {
            assert_eq!(letters(form, script), None, "{form}");
        }
    }
}
