//! Learning correspondence tables from pairs of names.
//!
//! The recipe: pairs of words are aligned by expectation maximisation over joint units of one or two symbols on one
//! side and none to four on the other (Li, Zhang and Su 2004; Bisani and Ney 2008), with absolute discounting, so
//! that rare long units do not swallow the frequent short ones. Names of several words are first laid over each
//! other word by word, in the order that a first table finds cheapest; what no order makes cheap, translations and
//! other names of the same person, is left out.

mod em;
mod pairs;
mod words;

pub use em::{Parameters, Units, learn};
pub use pairs::{Pairs, read_pairs};
pub use words::{WordPair, word_pairs};

use std::fmt::Write as _;

use super::{Table, units};
use crate::text::{Script, symbols};

/// The most that a pair of words may cost by the first table to be learned from, in nats a symbol.
const WORST_COST: f32 = 1.6;

/// Learns the table of two scripts from pairs of names. `seeds` are words that published standards write so; they
/// count little, so that they matter only where no pair attests anything. The same input gives the same table.
pub fn train(pairs: &Pairs, from: Script, to: Script, seeds: &[WordPair], parameters: &Parameters) -> String {
    let first = {
        let words: Vec<WordPair> = pairs.rows.iter().filter_map(|row| words::single(row, from, to)).collect();
        learn(&words, parameters)
    };
    let table = Table::compile(from, to, &first.rows());
    let mut words = Vec::new();
    for row in &pairs.rows {
        words.extend(word_pairs(row, from, to, &table, WORST_COST));
    }
    words.extend(seeds.iter().cloned());
    let learned = learn(&words, parameters);
    write(pairs, from, to, words.len(), seeds.len(), &learned, parameters)
}

fn write(
    pairs: &Pairs,
    from: Script,
    to: Script,
    words: usize,
    seeds: usize,
    learned: &Units,
    parameters: &Parameters,
) -> String {
    let mut text = String::new();
    let mut header = |key: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {key}: {value}");
    };
    header("title", format!("Learned correspondences {from} to {to}"));
    header("source", "learned from pairs of names; units and counts only, no names".to_owned());
    header("from", from.code().to_owned());
    header("to", to.code().to_owned());
    header("alphabet", symbols::VERSION.to_string());
    for source in &pairs.sources {
        header("trained-on", source.clone());
    }
    header("words", format!("{words} pairs, {seeds} of them from published standards"));
    header("parameters", parameters.to_string());
    text.push_str("from\tto\tcount\n");
    let mut rows: Vec<(String, String, f64)> = learned
        .rows()
        .into_iter()
        .filter(|(.., count)| *count >= parameters.least)
        .map(|(a, b, count)| (units::write(from, &a), units::write(to, &b), count))
        .collect();
    rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (a, b, count) in rows {
        let _ = writeln!(text, "{a}\t{b}\t{count:.1}");
    }
    text
}
