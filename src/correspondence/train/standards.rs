//! What published standards and reference works write, beside what pairs attest: no standard may be dear only
//! because the pairs do not happen to use it.

use std::collections::BTreeMap;

use super::WordPair;
use super::em::Row;
use crate::correspondence::table::SMOOTHING;
use crate::correspondence::units;
use crate::tables;
use crate::text::{Script, symbols};

const FOLDER: &str = "correspondence/data/standards";
/// How often the highest counts are raised: each pass changes the sums that the next one takes them from.
const PASSES: usize = 40;

/// A unit with the most that it may cost, in nats.
pub(super) struct Letter {
    pub from: Vec<u8>,
    pub to: Vec<u8>,
    pub cost: f64,
}

fn file(what: &str, from: Script, to: Script) -> String {
    format!("{FOLDER}/{what}-{}-{}.tsv", from.code().to_lowercase(), to.code().to_lowercase())
}

/// The letters of the standards between two scripts, and with `of_companies` what names of companies write beside.
pub(super) fn letters(from: Script, to: Script, of_companies: bool) -> Vec<Letter> {
    let mut letters = listed_letters("letters", from, to);
    if of_companies {
        letters.extend(listed_letters("companies", from, to));
    }
    letters
}

fn listed_letters(what: &str, from: Script, to: Script) -> Vec<Letter> {
    let rows = tables::table(&file(what, from, to)).map_or(&[][..], |table| table.rows);
    let letter = |cells: &[&str]| {
        let cost = cells[2].parse().ok()?;
        Some(Letter { from: units::read(from, cells[0])?, to: units::read(to, cells[1])?, cost })
    };
    rows.iter().filter_map(|(_, cells)| letter(cells)).collect()
}

/// The Korean syllables that reference works list in two scripts, with their weights; where neither script is
/// Hangul, those that stand for the same Hangul.
pub(super) fn syllables(from: Script, to: Script) -> Vec<WordPair> {
    if from == Script::Hangul {
        return listed(to);
    }
    let others = listed(to);
    let mut pairs = Vec::new();
    for one in listed(from) {
        for other in others.iter().filter(|other| other.from == one.from) {
            pairs.extend(WordPair::new(one.to.clone(), other.to.clone(), one.weight.min(other.weight)));
        }
    }
    pairs
}

fn listed(script: Script) -> Vec<WordPair> {
    let rows = tables::table(&file("syllables", Script::Hangul, script)).map_or(&[][..], |table| table.rows);
    let syllable = |cells: &[&str]| {
        let weight = cells[2].parse().ok()?;
        let (hangul, other) = (symbols::encode(Script::Hangul, cells[0])?, symbols::encode(script, cells[1])?);
        WordPair::new(hangul.to_vec(), other.to_vec(), weight)
    };
    rows.iter().filter_map(|(_, cells)| syllable(cells)).collect()
}

/// Raises counts until no letter costs more than it may.
pub(super) fn raise(rows: Vec<Row>, letters: &[Letter]) -> Vec<Row> {
    let mut counts: BTreeMap<(Vec<u8>, Vec<u8>), f64> = BTreeMap::new();
    for (from, to, count) in rows {
        *counts.entry((from, to)).or_default() += count;
    }
    for _ in 0..PASSES {
        let mut of_from: BTreeMap<Vec<u8>, f64> = BTreeMap::new();
        let mut of_to: BTreeMap<Vec<u8>, f64> = BTreeMap::new();
        for ((from, to), count) in &counts {
            *of_from.entry(from.clone()).or_default() += count;
            *of_to.entry(to.clone()).or_default() += count;
        }
        for letter in letters {
            let sum = |sums: &BTreeMap<Vec<u8>, f64>, unit: &[u8]| sums.get(unit).copied().unwrap_or(0.0) + SMOOTHING;
            let needed = (-letter.cost).exp() * (sum(&of_from, &letter.from) * sum(&of_to, &letter.to)).sqrt();
            let count = counts.entry((letter.from.clone(), letter.to.clone())).or_default();
            *count = count.max(needed);
        }
    }
    counts.into_iter().map(|((from, to), count)| (from, to, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_costs_more_than_it_may() {
        let unit = |a: &str, b: &str, count| (a.as_bytes().to_vec(), b.as_bytes().to_vec(), count);
        let letter = |a: &str, b: &str, cost| Letter { from: a.as_bytes().to_vec(), to: b.as_bytes().to_vec(), cost };
        let rows = vec![unit("a", "a", 9000.0), unit("a", "o", 500.0), unit("k", "k", 3000.0), unit("k", "c", 40.0)];
        let letters = [letter("a", "e", 2.5), letter("k", "x", 3.0), letter("q", "k", 2.0), letter("a", "a", 1.0)];
        let raised = raise(rows, &letters);
        let table = crate::correspondence::Table::compile(Script::Latin, Script::Latin, &raised);
        for letter in &letters {
            let cost = table.cost_only(&letter.from, &letter.to, None, 9.0).unwrap();
            assert!(f64::from(cost) <= letter.cost + 0.02, "{cost} {}", letter.cost);
        }
        assert!(raised.iter().any(|row| *row == unit("a", "a", 9000.0)), "what is cheap already stays as it is");
    }
}
