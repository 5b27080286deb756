//! Learning which words stand for each other from the names of companies.
//!
//! The words of a name in Hangul are written joined, so that they are cut and translated at once: expectation
//! maximisation over the ways to cut a name into pieces and to lay each piece, in order, over words of the other
//! name. A piece is spelled by the letter tables, or stands for what other companies lay over it too, or both sides
//! have words that the other lacks. What every pair begins with is a guess from the lengths of the words alone.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::Pairs;
use super::cuts::{self, Cuts, Way};
use crate::text::{self, Script, symbols};

/// Rounds of learning.
const ROUNDS: usize = 4;
/// How many words the first guess counts for, beside those of the pairs.
const GUESS: f64 = 50_000.0;
/// Pieces and words that fewer companies have are names, not words: nothing is learned of them.
const FEWEST: u32 = 3;
/// Pieces of one syllable that fewer companies have are chance.
const FEWEST_SYLLABLES: u32 = 12;

/// A piece is ragged if a part of it is so many times as frequent.
const RAGGED: u32 = 8;

/// A unit: a piece of the joined side, and words of the other side written with spaces.
pub(super) type Unit<'a> = (&'a str, &'a str);

/// A name of a company in both scripts, as words.
pub(super) struct Company {
    /// The words that are written joined.
    pub joined: Vec<String>,
    /// The words of the other name.
    pub words: Vec<String>,
}

/// Learns words from pairs of names of companies. `least` is the number of companies that must attest a row. The
/// same pairs give the same text, byte for byte.
pub fn train_translations(pairs: &Pairs, from: Script, to: Script, least: f64) -> String {
    let companies = companies(pairs, from, to);
    let known = known(&companies);
    let mut numbers: HashMap<Unit<'_>, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut number = |piece, words| {
        *numbers.entry((piece, words)).or_insert_with(|| {
            units.push((piece, words));
            units.len() as u32 - 1
        })
    };
    let cuts: Vec<Cuts> = companies.iter().map(|company| Cuts::of(company, from, to, &known, &mut number)).collect();
    let mut counts = vec![0.0; units.len()];
    for _ in 0..ROUNDS {
        let total: f64 = counts.iter().sum::<f64>() + GUESS;
        let weight = |way: &Way| {
            let count = way.unit.map_or(0.0, |unit| counts[unit as usize]);
            (count + GUESS * way.guess) / total
        };
        let mut next = vec![0.0; units.len()];
        cuts.iter().for_each(|cuts| cuts.expect(&weight, &mut next));
        counts = next;
    }
    let total: f64 = counts.iter().sum::<f64>() + GUESS;
    let weight = |way: &Way| (way.unit.map_or(0.0, |unit| counts[unit as usize]) + GUESS * way.guess) / total;
    let mut attested: BTreeMap<Unit<'_>, u32> = BTreeMap::new();
    for cuts in &cuts {
        let mut best = cuts.best(&weight);
        best.sort_unstable();
        best.dedup();
        for unit in best {
            *attested.entry(units[unit as usize]).or_default() += 1;
        }
    }
    write(pairs, (from, to), attested, least)
}

/// The companies whose names are written in the two scripts; words of other scripts and numbers are left out.
fn companies(pairs: &Pairs, from: Script, to: Script) -> Vec<Company> {
    const MOST_WORDS: usize = 8;
    const LONGEST: usize = 16;
    let mut all = Vec::new();
    for (left, right) in &pairs.rows {
        let words = |text: &str, script: Script| -> Vec<String> {
            let words = text::read(text).words;
            words.into_iter().filter(|word| word.script == script).map(|word| word.form.into()).collect()
        };
        let turned = text::read(left).script() != from;
        let (left, right) = if turned { (right, left) } else { (left, right) };
        let company = Company { joined: words(left, from), words: words(right, to) };
        let length: usize = company.joined.iter().map(|word| word.chars().count()).sum();
        if (1..=LONGEST).contains(&length) && (1..=MOST_WORDS).contains(&company.words.len()) {
            all.push(company);
        }
    }
    all
}

/// The pieces and words that several companies have.
pub(super) struct Known(HashMap<Box<str>, u32, foldhash::fast::FixedState>);

impl Known {
    /// True if several companies have a piece or word.
    pub fn has(&self, word: &str) -> bool {
        !self.word(word).is_empty()
    }

    /// A piece or word that several companies have; empty for another one.
    pub fn word(&self, word: &str) -> &str {
        match self.0.get_key_value(word) {
            Some((known, FEWEST..)) => known,
            _ => "",
        }
    }
}

fn known(companies: &[Company]) -> Known {
    let mut counts: HashMap<Box<str>, u32, foldhash::fast::FixedState> = HashMap::default();
    for company in companies {
        let pieces = company.joined.iter().flat_map(|word| cuts::pieces(word));
        let mut seen: Vec<String> = pieces.map(|(_, piece)| piece.to_owned()).collect();
        seen.extend(cuts::phrases(&company.words).map(|(_, phrase)| phrase));
        seen.sort_unstable();
        seen.dedup();
        for word in seen {
            *counts.entry(word.into()).or_default() += 1;
        }
    }
    Known(counts)
}

/// The rows without those whose piece holds a letter too much at an end: a part of it stands for the same words in
/// far more companies.
fn without_ragged(attested: BTreeMap<Unit<'_>, u32>) -> BTreeMap<Unit<'_>, u32> {
    let better = |(piece, words): &Unit<'_>, count: u32| {
        let shorter = cuts::pieces(piece).filter(|(_, part)| part.len() < piece.len());
        shorter.map(|(_, part)| attested.get(&(part, *words))).any(|other| other.is_some_and(|n| *n > RAGGED * count))
    };
    attested.iter().filter(|(unit, count)| !better(unit, **count)).map(|(unit, count)| (*unit, *count)).collect()
}

fn write(pairs: &Pairs, (from, to): (Script, Script), attested: BTreeMap<Unit<'_>, u32>, least: f64) -> String {
    let mut totals: BTreeMap<&str, u32> = BTreeMap::new();
    let wanted = |count: u32| f64::from(count) >= least;
    let attested = without_ragged(attested);
    for ((piece, _), count) in attested.iter().filter(|(_, count)| wanted(**count)) {
        *totals.entry(piece).or_default() += count;
    }
    let mut text = String::new();
    let mut header = |key: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {key}: {value}");
    };
    header("title", format!("Learned words {from} to {to}"));
    header(
        "source",
        "learned from names of companies; words that several companies share and how many, no names".into(),
    );
    header("from", from.code().to_owned());
    header("to", to.code().to_owned());
    header("alphabet", symbols::VERSION.to_string());
    pairs.sources.iter().for_each(|source| header("trained-on", source.clone()));
    header("parameters", format!("rounds {ROUNDS}, guess {GUESS}, fewest {FEWEST}, least {least}"));
    text.push_str("from\tto\tcount\n");
    for ((piece, words), count) in attested {
        let enough = piece.chars().count() > 1 || totals.get(piece).is_some_and(|total| *total >= FEWEST_SYLLABLES);
        if wanted(count) && enough {
            let _ = writeln!(text, "{piece}\t{words}\t{count}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_translated_at_once() {
        let names = [
            ("동부건설", "Dongbu Construction"),
            ("한미건설", "Hanmi Construction"),
            ("서진건설", "Seojin Construction Co"),
            ("동부전자", "Dongbu Electronics"),
            ("한미전자", "Hanmi Electronics"),
            ("서진전자", "Seojin Electronics Co"),
        ];
        let rows = names.iter().map(|(left, right)| ((*left).to_owned(), (*right).to_owned())).collect();
        let pairs = Pairs { sources: Vec::new(), rows };
        let table = train_translations(&pairs, Script::Hangul, Script::Latin, 3.0);
        assert!(table.contains("건설\tconstruction\t3\n"), "{table}");
        assert!(table.contains("전자\telectronics\t3\n"), "{table}");
        assert_eq!(table, train_translations(&pairs, Script::Hangul, Script::Latin, 3.0));
    }
}
