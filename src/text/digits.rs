//! Digits that were typed for letters: M0KRAN, 3АО. Never those that are meant: 3M, B52, 17th, 39호실.

use std::sync::LazyLock;

use super::Script;
use crate::tables::table;

const VOWELS: &str = "aeiouyаеиоуыэюяі";

/// Consonants before which an l is no usual sound, so that a stroke after them and before a vowel is an i.
const BEFORE_I: &str = "dtnrmvzjwxqhy";
/// The most digits of a word that are read as letters.
const DIGITS: usize = 4;

/// What a digit stands for.
#[derive(Debug, Default)]
struct Letters {
    latin: &'static str,
    cyrillic: &'static str,
    letters_before: Option<usize>,
    first: &'static str,
    last: &'static str,
}

static LETTERS: LazyLock<Vec<Letters>> = LazyLock::new(|| {
    let mut digits: Vec<Letters> = (0..10).map(|_| Letters::default()).collect();
    for (_, cells) in table("text/data/digit-letters.tsv").map_or(&[][..], |table| table.rows) {
        if let [digit, latin, cyrillic, before, first, last] = *cells
            && let Some(entry) = digit.parse::<usize>().ok().and_then(|digit| digits.get_mut(digit))
        {
            *entry = Letters { latin, cyrillic, letters_before: before.parse().ok(), first, last };
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
    let (before, after) = beside(word, at);
    if before.into_iter().chain(after).any(|c| c.is_ascii_digit()) {
        return None;
    }
    let allowed = match (before, after) {
        (Some(_), Some(_)) if word.len() == 3 => digit <= 1 && !is_vowel(before) && !is_vowel(after),
        (Some(_), Some(_)) => at >= letters.letters_before?,
        (None, Some(_)) => {
            letters.first.contains(script.code()) && (script == Script::Cyrillic || plain >= 3 && !is_vowel(after))
        }
        (Some(_), None) => letters.last.contains(script.code()) && plain >= 3 && !is_vowel(before),
        (None, None) => false,
    };
    allowed.then(|| likeliest(word, at, letters, script))?
}

fn beside(word: &[char], at: usize) -> (Option<char>, Option<char>) {
    (at.checked_sub(1).map(|at| word[at]), word.get(at + 1).copied())
}

fn is_vowel(c: Option<char>) -> bool {
    c.is_some_and(|c| VOWELS.contains(c))
}

/// The likeliest letter for a digit at its place.
fn likeliest(word: &[char], at: usize, letters: &Letters, script: Script) -> Option<char> {
    if script == Script::Cyrillic {
        return letters.cyrillic.chars().next();
    }
    let (before, after) = beside(word, at);
    let mut options = letters.latin.chars();
    let (beside_vowel, between) = (options.next()?, options.next());
    let consonants = !is_vowel(before) && !is_vowel(after);
    let after_consonant = before.is_some_and(|c| BEFORE_I.contains(c)) && is_vowel(after);
    Some(between.filter(|_| consonants || after_consonant).unwrap_or(beside_vowel))
}

/// Every reading of a folded word with all its digits as letters, likeliest first and at most three: what may be meant
/// where [`letters`] is not sure. Empty for words without letters, with too many digits or with one like no letter.
pub(super) fn readings(form: &str, script: Script) -> Vec<Vec<char>> {
    let word: Vec<char> = form.chars().collect();
    let places: Vec<usize> = (0..word.len()).filter(|at| word[*at].is_ascii_digit()).collect();
    if places.is_empty() || places.len() > DIGITS || places.len() == word.len() {
        return Vec::new();
    }
    let mut readings: Vec<Vec<char>> = Vec::new();
    // The choice of each place, then the first letter everywhere, the second everywhere.
    for choice in [None, Some(0), Some(1)] {
        let reading = places.iter().map(|at| {
            let letters = LETTERS.get(word[*at].to_digit(10)? as usize)?;
            let options = if script == Script::Cyrillic { letters.cyrillic } else { letters.latin };
            match choice {
                None => likeliest(&word, *at, letters, script),
                Some(choice) => options.chars().nth(choice).or_else(|| options.chars().next()),
            }
        });
        if let Some(reading) = reading.collect::<Option<Vec<char>>>()
            && !readings.contains(&reading)
        {
            readings.push(reading);
        }
    }
    readings
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
            ("nat1onal", Script::Latin, "national"),
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
            ("k1steel", Script::Latin),
            ("5star", Script::Latin),
            ("b2b", Script::Latin),
            ("21век", Script::Cyrillic),
            ("3го", Script::Cyrillic),
            ("39", Script::Digits),
        ] {
            assert_eq!(letters(form, script), None, "{form}");
        }
    }

    #[test]
    fn digits_have_further_readings() {
        let read = |form: &str| -> Vec<String> {
            readings(form, Script::Latin).iter().map(|letters| replaced(form, letters)).collect()
        };
        assert_eq!(read("5heik"), ["sheik"]);
        assert_eq!(read("abda11ah"), ["abdallah", "abdaiiah"]);
        assert_eq!(read("a1"), ["al", "ai"]);
        assert_eq!(read("b52"), [""; 0]);
        assert_eq!(read("17"), [""; 0]);
    }
}
