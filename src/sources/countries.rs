//! Countries by the names lists give them.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::tables;

/// What a name of a country stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Country {
    /// A country: its ISO 3166-1 alpha-2 code.
    Code(&'static str),
    /// A known name that stands for no country of today, as "former USSR".
    NoCode,
}

/// Looks a name or an adjective of nationality up; `None` if it is not in the table.
pub(super) fn lookup(name: &str) -> Option<Country> {
    static NAMES: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let rows = tables::table("sources/data/countries.tsv").map_or(&[][..], |table| table.rows);
        rows.iter().map(|(_, cells)| (fold(cells[0]), cells[1])).collect()
    });
    let code = names.get(&fold(name))?;
    Some(if code.is_empty() { Country::NoCode } else { Country::Code(code) })
}

/// The code of a country by its name or by the code itself; `None` where it stands for no country of today.
pub(super) fn code(text: &str) -> Option<String> {
    let text = text.trim();
    match lookup(text) {
        Some(Country::Code(code)) => Some(code.to_owned()),
        Some(Country::NoCode) => None,
        None => {
            let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            is_code.then(|| text.to_ascii_uppercase())
        }
    }
}

/// Reads one or more countries: "Korea, North", "Ukrainian, Russian", "Latvia and Israel". The second value is
/// true if every part is known.
pub(super) fn read(text: &str) -> (Vec<&'static str>, bool) {
    let mut codes = Vec::new();
    let complete = read_into(text.trim(), &mut codes, 0);
    (codes, complete)
}

/// What lists put between two countries, from the weakest tie to the strongest.
const BETWEEN: [&str; 6] = [";", " and/or ", "/", ",", " and ", " or "];

fn read_into(text: &str, codes: &mut Vec<&'static str>, depth: usize) -> bool {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() {
        return true;
    }
    if let Some(country) = lookup(text) {
        if let Country::Code(code) = country {
            codes.push(code);
        }
        return true;
    }
    for (at, between) in BETWEEN.iter().enumerate().skip(depth) {
        if text.contains(between) {
            let parts: Vec<&str> = text.split(between).collect();
            let known: Vec<bool> = parts.into_iter().map(|part| read_into(part, codes, at + 1)).collect();
            return known.into_iter().all(|known| known);
        }
    }
    // "Russian (the Union does not recognise ...)": the rest is told by the caller's keeping the text.
    if let Some((before, _)) = text.split_once('(') {
        read_into(before, codes, BETWEEN.len());
    }
    false
}

/// The country at the end of an address: its last part between commas.
pub(super) fn of_address(address: &str) -> Option<&'static str> {
    let trimmed = address.trim().trim_end_matches('.');
    let starts = trimmed.rmatch_indices(',').map(|(at, _)| at + 1).take(2);
    starts.chain([0]).find_map(|start| match lookup(&trimmed[start..]) {
        Some(Country::Code(code)) => Some(code),
        _ => None,
    })
}

/// Splits off the country a text begins with: "Pakistani passport number ..." Only names of up to five words.
pub(super) fn strip(text: &str) -> Option<(&'static str, &str)> {
    let ends = text.match_indices(' ').map(|(at, _)| at).take(5);
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().find_map(|end| match lookup(&text[..end]) {
        Some(Country::Code(code)) => Some((code, text[end..].trim_start())),
        _ => None,
    })
}

/// The form in which names are compared: letters and digits in lower case without accents, one space between
/// words; apostrophes and full stops vanish.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '.') && !folded.ends_with(' ') && !folded.is_empty() {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
