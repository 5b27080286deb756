//! Setting a Korean family name apart from the given name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::hangul::is_syllable;
use super::pattern::{JOINT, SURNAME, WORD};
use super::rules::RuleSet;
use crate::tables;

/// What a scheme puts between the syllables of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// Nothing, but no sound changes over it.
    Joint,
    /// A hyphen.
    Hyphen,
    /// A space: each syllable is a word.
    Word,
}

impl Seam {
    /// The seam of a header line `name-seam`.
    pub fn parse(word: &str) -> Option<Seam> {
        match word {
            "joint" => Some(Seam::Joint),
            "hyphen" => Some(Seam::Hyphen),
            "word" => Some(Seam::Word),
            _ => None,
        }
    }

    fn symbol(self) -> char {
        match self {
            Seam::Joint => JOINT,
            Seam::Hyphen => '-',
            Seam::Word => WORD,
        }
    }
}

/// How a scheme treats names.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// Between the syllables of the given name.
    pub seam: Seam,
    /// Whether every word is a name; else only words that begin with a family name and are not spelled by a rule
    /// of the scheme.
    pub every: bool,
}

/// Family names; whether a word of two syllables that begins with one is taken for a name.
static SURNAMES: LazyLock<BTreeMap<&'static str, bool>> = LazyLock::new(|| {
    let table = tables::table("translit/data/korean-surnames.tsv");
    let rows = table.map_or(&[][..], |table| table.rows);
    rows.iter().map(|(_, row)| (row[0], row.get(1) == Some(&"yes"))).collect()
});

/// How many syllables of a word are the family name; 0 if the word is not taken for a name.
fn surname(word: &[char], names: Names, spelling: &RuleSet) -> usize {
    let starts = |length: usize| {
        let name: String = word[..length].iter().collect();
        SURNAMES.get(name.as_str()).copied()
    };
    if !names.every && (word.len() < 2 || word.len() > 4 || spelling.reads_whole(word)) {
        return 0;
    }
    if word.len() >= 3 && starts(2).is_some() {
        return 2;
    }
    match (starts(1), word.len()) {
        _ if names.every => 1,
        (Some(true), 2) | (Some(_), 3) => 1,
        _ => 0,
    }
}

/// Puts seams into the names of a text.
pub fn split(text: &[char], names: Names, spelling: &RuleSet) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len() * 2);
    let mut at = 0;
    while at < text.len() {
        let end = at + text[at..].iter().take_while(|c| is_syllable(**c)).count();
        let word = &text[at..end];
        if word.is_empty() {
            out.push(text[at]);
            at += 1;
            continue;
        }
        // A family name that is a word of its own, and the given name after it.
        let rest = &text[end..];
        let given = rest.iter().skip(1).take_while(|c| is_syllable(**c)).count();
        let whole: String = word.iter().collect();
        if rest.first() == Some(&' ') && (1..=3).contains(&given) && SURNAMES.contains_key(whole.as_str()) {
            out.extend_from_slice(word);
            out.push(SURNAME);
            join(&rest[1..=given], names.seam, &mut out);
            at = end + 1 + given;
            continue;
        }
        let length = surname(word, names, spelling);
        if length == 0 || length >= word.len() {
            out.extend_from_slice(word);
        } else {
            out.extend_from_slice(&word[..length]);
            out.push(SURNAME);
            join(&word[length..], names.seam, &mut out);
        }
        at = end;
    }
    out
}

fn join(given: &[char], seam: Seam, out: &mut Vec<char>) {
    for (index, syllable) in given.iter().enumerate() {
        if index > 0 {
            out.push(seam.symbol());
        }
        out.push(*syllable);
    }
}
