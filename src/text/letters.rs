//! Single letters: lower case, without marks, as the plain letters that words are compared by.

use std::sync::LazyLock;

use icu_casemap::CaseMapper;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::{Script, symbols};
use crate::tables::table;

type Plain = Vec<(char, &'static str)>;

static LATIN: LazyLock<Plain> = LazyLock::new(|| plain("text/data/latin-letters.tsv"));
static CYRILLIC: LazyLock<Plain> = LazyLock::new(|| plain("text/data/cyrillic-letters.tsv"));

fn plain(file: &str) -> Plain {
    let rows = table(file).map_or(&[][..], |table| table.rows);
    let mut letters: Plain =
        rows.iter().filter_map(|(_, cells)| Some((cells.first()?.chars().next()?, *cells.get(1)?))).collect();
    letters.sort_unstable();
    letters
}

fn find(letters: &[(char, &'static str)], c: char) -> Option<&'static str> {
    letters.binary_search_by_key(&c, |(letter, _)| *letter).ok().map(|place| letters[place].1)
}

/// Adds a character in lower case, by full case folding: ß becomes ss and ς σ.
pub(super) fn push_lower(c: char, text: &mut String) {
    match c {
        '\0'..='\x7F' => text.push(c.to_ascii_lowercase()),
        'а'..='џ' | '가'..='힣' | '\u{4E00}'..='\u{9FFF}' => text.push(c),
        // U+0410..U+042F and U+0400..U+040F, whose small letters are 0x20 and 0x50 above.
        'А'..='Я' => text.push(char::from_u32(c as u32 + 0x20).unwrap_or(c)),
        'Ѐ'..='Џ' => text.push(char::from_u32(c as u32 + 0x50).unwrap_or(c)),
        _ => text.push_str(&CaseMapper::new().fold_string(c.encode_utf8(&mut [0; 4]))),
    }
}

/// Adds a Latin letter folded: lower case, without marks, in the letters a to z where it has a counterpart there.
pub(super) fn push_latin(c: char, form: &mut String) {
    if c.is_ascii() {
        return form.push(c.to_ascii_lowercase());
    }
    let mut lower = String::new();
    push_lower(c, &mut lower);
    for c in lower.chars() {
        decompose_canonical(c, |c| {
            if c.is_ascii() {
                form.push(c.to_ascii_lowercase());
            } else if let Some(plain) = find(&LATIN, c) {
                form.push_str(plain);
            } else if !is_combining_mark(c) {
                form.push(skeleton(c).map_or(c, |plain| plain.to_ascii_lowercase()));
            }
        });
    }
}

/// Adds a Cyrillic letter folded: lower case, ё as е, letters outside the alphabet of the index as the letter that
/// they are based on. й, ї and ў are letters of their own.
pub(super) fn push_cyrillic(c: char, form: &mut String) {
    let at = form.len();
    push_lower(c, form);
    if matches!(c, 'А'..='я') {
        return;
    }
    let lower = form.split_off(at);
    for c in lower.chars() {
        if let Some(plain) = find(&CYRILLIC, c) {
            form.push_str(plain);
        } else if symbols::encode(Script::Cyrillic, c.encode_utf8(&mut [0; 4])).is_some() {
            form.push(c);
        } else {
            decompose_canonical(c, |c| {
                if !is_combining_mark(c) {
                    form.push(c);
                }
            });
        }
    }
}

/// The ASCII letter that a letter looks like by UTS #39.
pub(super) fn skeleton(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut letters = unicode_security::skeleton(c.encode_utf8(&mut buffer));
    let first = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(text: &str) -> String {
        let mut form = String::new();
        text.chars().for_each(|c| push_latin(c, &mut form));
        form
    }

    #[test]
    fn latin_letters_become_plain() {
        assert_eq!(latin("Łódź"), "lodz");
        assert_eq!(latin("Straße Æsir ŞIK İnönü ısı"), "strasse aesir sik inonu isi");
    }

    #[test]
    fn tables_hold_lower_case_letters_and_plain_ones() {
        for (letter, plain) in LATIN.iter() {
            assert!(plain.bytes().all(|b| b.is_ascii_lowercase()) && !plain.is_empty(), "{letter}");
        }
        for (letter, plain) in CYRILLIC.iter() {
            assert!(symbols::encode(Script::Cyrillic, plain).is_some(), "{letter} {plain}");
        }
    }
}
