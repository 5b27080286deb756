//! Learning correspondence tables from pairs of names.
//!
//! The recipe: pairs of words are aligned by expectation maximisation over joint units of one or two symbols on one
//! side and none to four on the other (Li, Zhang and Su 2004; Bisani and Ney 2008), with absolute discounting, so
//! that rare long units do not swallow the frequent short ones. Names of several words are first laid over each
//! other word by word, in the order that a first table finds cheapest; what no order makes cheap, translations and
//! other names of the same person, is left out. Spellings within one script are learned from words that share a
//! spelling in another. What published standards write comes on top, whether pairs attest it or not.

mod align;
mod cuts;
mod em;
mod pairs;
mod relatives;
mod standards;
mod translations;
mod variants;
mod words;

pub use em::{Parameters, Row, learn};
pub use pairs::{Pairs, read_pairs};
pub use translations::train_translations;
pub use words::WordPair;

use std::fmt::Write as _;

use super::{Table, units};
use crate::model::Kind;
use crate::text::{Script, symbols};

/// The scripts that tables are learned between, those with the most letters a symbol first: units of one or two of
/// theirs stand for none to four of the others.
const ORDER: [Script; 3] = [Script::Hangul, Script::Cyrillic, Script::Latin];
/// Rounds of learning for the tables that only lay words over each other, and how many such tables follow each other.
const FIRST_ROUNDS: usize = 4;
const ALIGNMENTS: usize = 2;
/// What it costs that a word is Korean, in nats: every second word is where this service is asked.
const KOREAN_PRIOR: &str = "0.7";
/// What it costs that a word of a company is spelled as companies spell theirs, in nats.
const COMPANY_PRIOR: &str = "0.3";

/// Learns the table of two scripts from pairs of names, in whatever order the pairs have them; of one script and
/// itself from pairs with others. `from` should come before `to` in the order Hangul, Cyrillic, Latin. The same
/// pairs give the same text, byte for byte.
///
/// Of names of companies, a table of their own: it is asked for organizations alone.
pub fn train(pairs: &Pairs, from: Script, to: Script, of_companies_only: bool, parameters: &Parameters) -> String {
    let mut words =
        if from == to { variants_of(pairs, from, parameters) } else { between(pairs, from, to, parameters) };
    let attested = words.len();
    if from == Script::Hangul && from != to {
        words.extend(standards::syllables(from, to));
    }
    let mut rows = learn(&words, parameters);
    if from == to {
        rows = variants::balanced(rows);
    }
    rows.retain(|(.., count)| *count >= parameters.least);
    let rows = standards::raise(rows, &standards::letters(from, to, of_companies_only));
    let rows = relatives::grow(rows, from, to);
    let listed = words.len() - attested;
    let lines = pairs.sources.iter().map(|source| ("trained-on", source.clone()));
    let words = ("words", format!("{attested} pairs, {listed} syllables of reference works"));
    let of_companies = [("kind", Kind::Organization.as_str().to_owned()), ("prior", COMPANY_PRIOR.to_owned())];
    let about = of_companies.into_iter().filter(|_| of_companies_only);
    write(about.chain(lines).chain([words]), (from, to), rows, parameters)
}

/// Learns the table of Korean names of two scripts from the syllables that reference works list.
pub fn train_korean(from: Script, to: Script, parameters: &Parameters) -> String {
    let words = standards::syllables(from, to);
    let mut rows = learn(&words, parameters);
    rows.retain(|(.., count)| *count >= parameters.least);
    let rows = relatives::grow(rows, from, to);
    let words = ("words", format!("{} syllables of reference works", words.len()));
    let about = [("origin", "Korean".to_owned()), ("prior", KOREAN_PRIOR.to_owned()), words];
    write(about.into_iter(), (from, to), rows, parameters)
}

/// The pairs of words that names of two scripts hold.
fn between(pairs: &Pairs, from: Script, to: Script, parameters: &Parameters) -> Vec<WordPair> {
    let names = words::name_pairs(pairs, from, to);
    lay(&names, from, to, parameters)
}

fn lay(names: &[words::NamePair], from: Script, to: Script, parameters: &Parameters) -> Vec<WordPair> {
    let first = Parameters { rounds: FIRST_ROUNDS, ..parameters.clone() };
    let mut words = words::merged(align::guessed(names, from));
    for _ in 0..ALIGNMENTS {
        let table = Table::compile(from, to, &learn(&words, &first));
        let aligned = names.iter().flat_map(|name| align::aligned(name, from, &table, parameters.worst));
        words = words::merged(aligned.collect());
    }
    words
}

/// Pairs of words of one script that share a spelling in another.
fn variants_of(pairs: &Pairs, of: Script, parameters: &Parameters) -> Vec<WordPair> {
    let place = |script: Script| ORDER.iter().position(|other| *other == script);
    let mut all = Vec::new();
    for other in ORDER.into_iter().filter(|other| *other != of) {
        let first = place(of) < place(other);
        let (from, to) = if first { (of, other) } else { (other, of) };
        let mut names = words::name_pairs(pairs, from, to);
        if from == Script::Hangul && !first {
            // Hangul writes Western names with fewer sounds than they have, so that Pavel and Pabel meet. Korean
            // names, written as one word, are where it tells variants.
            names.retain(|name| name.from.len() == 1 && name.to.len() > 1);
        }
        let plain = Parameters { identity: 1.0, ..parameters.clone() };
        let mut words = lay(&names, from, to, &plain);
        words.extend(standards::syllables(from, to));
        if !first {
            words.iter_mut().for_each(|pair| std::mem::swap(&mut pair.from, &mut pair.to));
        }
        all.extend(variants::variants(&words));
    }
    all
}

fn write(
    about: impl Iterator<Item = (&'static str, String)>,
    (from, to): (Script, Script),
    rows: Vec<Row>,
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
    about.for_each(|(key, value)| header(key, value));
    header("parameters", parameters.to_string());
    text.push_str("from\tto\tcount\n");
    let mut rows: Vec<(String, String, f64)> =
        rows.into_iter().map(|(a, b, count)| (units::write(from, &a), units::write(to, &b), count)).collect();
    rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (a, b, count) in rows {
        // What rounds to nothing would not be read again.
        let _ = writeln!(text, "{a}\t{b}\t{:.1}", count.max(0.1));
    }
    text
}
