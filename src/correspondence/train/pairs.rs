use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::text::{self, Script};

/// Pairs of names to learn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// What they were read from: file, number of rows, BLAKE3 digest.
    pub sources: Vec<String>,
    /// The pairs.
    pub rows: Vec<(String, String)>,
}

/// Reads pairs: files with two names in the first two columns, separated by tabs.
pub fn read_pairs(files: &[&Path]) -> io::Result<Pairs> {
    let mut pairs = Pairs::default();
    for file in files {
        let text = fs::read_to_string(file)?;
        let before = pairs.rows.len();
        for line in text.lines() {
            let mut cells = line.split('\t');
            if let (Some(left), Some(right)) = (cells.next(), cells.next()) {
                pairs.rows.push((left.to_owned(), right.to_owned()));
            }
        }
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = blake3::hash(text.as_bytes()).to_hex();
        pairs.sources.push(format!("{name}, {} pairs, blake3 {}", pairs.rows.len() - before, &digest[..16]));
    }
    Ok(pairs)
}

/// The most spellings of one word that are paired with each other: more share a sound, not a name.
const MAX_SPELLINGS: usize = 6;

impl Pairs {
    /// Spellings of one script that share a spelling in another: pairs of variants, each also with itself.
    pub fn variants(&self, of: Script) -> Pairs {
        let mut by_other: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (left, right) in &self.rows {
            let (own, other) = if text::read(left).script() == of { (left, right) } else { (right, left) };
            let (own, other) = (text::read(own), text::read(other));
            if own.words.len() == 1 && other.words.len() == 1 && own.words[0].script == of {
                by_other.entry(other.folded()).or_default().push(own.folded());
            }
        }
        let mut rows = Vec::new();
        for spellings in by_other.values_mut() {
            spellings.sort();
            spellings.dedup();
            if spellings.len() > MAX_SPELLINGS {
                continue;
            }
            for one in spellings.iter() {
                rows.extend(spellings.iter().map(|other| (one.clone(), other.clone())));
            }
        }
        Pairs { sources: self.sources.iter().map(|source| format!("variants of {source}")).collect(), rows }
    }

    /// Both sides exchanged.
    pub fn turned(mut self) -> Pairs {
        for (left, right) in &mut self.rows {
            std::mem::swap(left, right);
        }
        self
    }

    /// These pairs and others.
    pub fn and(mut self, others: Pairs) -> Pairs {
        self.sources.extend(others.sources);
        self.rows.extend(others.rows);
        self
    }
}
