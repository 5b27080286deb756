//! Numbers as lists write them: with labels before or behind them, with countries, several in one cell.

use std::sync::OnceLock;

use crate::model::{Identifier, IdentifierType};
use crate::tables;

use super::countries::{self, Country};
use super::labels::Labels;

/// What a label says of the number beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// The type; `None` for words such as "No." that say nothing.
    pub kind: Option<IdentifierType>,
    /// The country of the register, where the label tells it; or empty.
    pub country: &'static str,
}

/// The labels of numbers.
pub(super) fn labels() -> &'static Labels<Label> {
    static LABELS: OnceLock<Labels<Label>> = OnceLock::new();
    LABELS.get_or_init(|| {
        let rows = tables::table("sources/data/identifier-labels.tsv").map_or(&[][..], |table| table.rows);
        let label = |cells: &[&'static str]| Label { kind: cells[1].parse().ok(), country: cells[2] };
        Labels::new(rows.iter().map(|(_, cells)| (cells[0].to_owned(), label(cells))))
    })
}

/// The identifiers of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The identifiers, in order.
    pub identifiers: Vec<Identifier>,
    /// True if the text says nothing more.
    pub complete: bool,
}

/// Reads a cell of one or more numbers. `assumed` is the type where no label tells it, `country` the country where
/// nothing tells it, or empty.
pub(super) fn read(text: &str, assumed: IdentifierType, country: &str) -> Reading {
    let mut reading = Reading { identifiers: Vec::new(), complete: true };
    for part in text.split([';', '\n']).flat_map(|part| part.split(", ")).flat_map(|part| part.split(" and ")) {
        reading.complete &= read_part(part, assumed, country, &mut reading.identifiers);
    }
    reading
}

/// Reads numbers that no comma or semicolon parts.
pub(super) fn read_part(text: &str, assumed: IdentifierType, country: &str, into: &mut Vec<Identifier>) -> bool {
    let mut rest = text;
    let (mut kind, mut issued) = (None, country);
    loop {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | ':' | '-' | '\u{2013}' | ',' | '.'));
        if rest.is_empty() {
            return kind.is_none();
        }
        if let Some((_, behind)) = bracketed(rest).filter(|(inside, _)| inside.len() == 1) {
            // "(1) 5303 (2) 5312" is a list.
            rest = behind;
        } else if let Some((label, behind)) = labels().strip(rest) {
            kind = label.kind.or(kind);
            issued = if label.country.is_empty() { issued } else { label.country };
            rest = behind;
        } else if let Some((code, behind)) = countries::strip(rest) {
            (issued, rest) = (code, behind);
        } else if let Some((inside, behind)) = bracketed(rest).filter(|(inside, _)| is_label(inside)) {
            // "(TIN) 7700..." : a label in brackets before its number.
            if let Some((label, _)) = labels().strip(inside) {
                kind = label.kind.or(kind);
                issued = if label.country.is_empty() { issued } else { label.country };
            }
            rest = behind;
        } else {
            let (value, behind) = value(rest);
            let kind = kind.take().unwrap_or(assumed);
            if !says_something(&value, kind) {
                return false;
            }
            let mut identifier = Identifier { kind, value, country: issued.to_owned() };
            let (complete, behind) = read_brackets(behind, &mut identifier, into);
            refine(&mut identifier);
            into.push(identifier);
            if !complete {
                return false;
            }
            rest = behind;
        }
    }
}

/// What stands in brackets behind a number: the country that gave it, its label, or a further number.
fn read_brackets<'t>(text: &'t str, of: &mut Identifier, into: &mut Vec<Identifier>) -> (bool, &'t str) {
    let mut rest = text;
    let mut complete = true;
    while let Some((inside, behind)) = bracketed(rest.trim_start()).filter(|(inside, _)| inside.len() > 1) {
        rest = behind;
        let inside = match countries::strip(inside) {
            // "Hong Kong Business Registration Number"
            Some((code, label)) if is_label(label) => {
                of.country = code.to_owned();
                label
            }
            _ => inside,
        };
        match countries::lookup(inside) {
            Some(Country::Code(code)) => of.country = code.to_owned(),
            Some(Country::NoCode) => complete = false,
            None if is_label(inside) => {
                if let Some((label, _)) = labels().strip(inside) {
                    of.kind = label.kind.unwrap_or(of.kind);
                    if of.country.is_empty() {
                        of.country = label.country.to_owned();
                    }
                }
            }
            None => {
                let further = inside.strip_prefix("or ").unwrap_or(inside);
                let labelled = labels().strip(further).is_some_and(|(label, _)| label.kind.is_some());
                complete &= labelled && read_part(further, of.kind, "", into);
            }
        }
    }
    (complete, rest)
}

fn is_label(text: &str) -> bool {
    labels().strip(text.trim()).is_some_and(|(_, behind)| behind.trim_matches([' ', '.', ':']).is_empty())
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('(')?.split_once(')').map(|(inside, behind)| (inside.trim(), behind))
}

/// The words at the beginning of a text that look like parts of a number, and what follows them.
fn value(text: &str) -> (String, &str) {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let next = rest.trim_start();
        match labels().strip(next) {
            // "9005 No 679558" is one number, "7700 KPP 7701" are two.
            Some((label, behind)) if !words.is_empty() && label.kind.is_none() => {
                rest = behind.trim_start_matches([' ', '.', ':']);
                continue;
            }
            Some(_) if !words.is_empty() => break,
            _ => {}
        }
        let length = next.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(next.len());
        let word = &next[..length];
        let number = word.chars().any(|c| c.is_ascii_digit()) || !word.chars().any(char::is_lowercase);
        if length == 0 || length > 64 || !number {
            break;
        }
        words.push(word);
        rest = &next[length..];
    }
    (words.join(" ").trim_end_matches([',', '.', ':', '-', ' ']).to_owned(), rest)
}

fn says_something(value: &str, kind: IdentifierType) -> bool {
    let letters_do = matches!(kind, IdentifierType::Bic | IdentifierType::CallSign | IdentifierType::Aircraft);
    value.chars().any(|c| c.is_ascii_digit() || (letters_do && c.is_alphabetic()))
}

/// Gives an identifier the type that its country, length and check digits tell.
fn refine(identifier: &mut Identifier) {
    let form = identifier.normal_form();
    let country = if identifier.country.is_empty() { "-" } else { identifier.country.as_str() };
    let rows = tables::table("sources/data/identifier-forms.tsv").map_or(&[][..], |table| table.rows);
    let fits = |cells: &[&str]| {
        cells[0] == identifier.kind.as_str()
            && (cells[1] == country || cells[1] == "*")
            && has_length(cells[2], form.chars().count())
            && checks(cells[3], &form)
    };
    let becomes = rows.iter().find(|(_, cells)| fits(cells)).and_then(|(_, cells)| cells[4].parse().ok());
    identifier.kind = becomes.unwrap_or(identifier.kind);
}

fn has_length(lengths: &str, length: usize) -> bool {
    let (lengths, other) = lengths.strip_prefix('!').map_or((lengths, false), |lengths| (lengths, true));
    lengths.split(',').any(|known| known.parse() == Ok(length)) != other
}

/// True if the check digits of a number hold.
pub(super) fn checks(check: &str, form: &str) -> bool {
    let digits: Vec<u64> = form.chars().filter_map(|c| c.to_digit(10)).map(u64::from).collect();
    let all_digits = digits.len() == form.chars().count();
    match check {
        "none" => true,
        "digits" => all_digits,
        "inn" => all_digits && inn(&digits),
        "ogrn" => all_digits && ogrn(&digits),
        "lei" => lei(form),
        _ => false,
    }
}

/// ИНН: the last digit of ten, or the last two of twelve, are weighted sums modulo 11 and 10.
fn inn(digits: &[u64]) -> bool {
    const WEIGHTS: [u64; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |at: usize| {
        let weights = &WEIGHTS[WEIGHTS.len() - at..];
        let sum: u64 = weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum();
        digits[at] == sum % 11 % 10
    };
    match digits.len() {
        10 => check(9),
        12 => check(10) && check(11),
        _ => false,
    }
}

/// ОГРН: the last digit is the number before it modulo 11 (13 digits) or 13 (15 digits), modulo 10.
fn ogrn(digits: &[u64]) -> bool {
    let modulus = match digits.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let (last, body) = (digits[digits.len() - 1], &digits[..digits.len() - 1]);
    body.iter().fold(0, |number, digit| number * 10 + digit) % modulus % 10 == last
}

/// LEI: ISO 7064 modulo 97, letters counting from ten.
fn lei(form: &str) -> bool {
    let ascii = form.len() == 20 && form.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let step = |rest: u64, c: char| match u64::from(c.to_digit(36).unwrap_or(0)) {
        digit @ 0..10 => (rest * 10 + digit) % 97,
        letter => (rest * 100 + letter) % 97,
    };
    ascii && form.chars().fold(0, step) == 1
}
