use std::collections::BTreeMap;

use crate::text::{self, Script, Text};

use super::Pairs;

/// Two words of which one spells the other, in the alphabets of their scripts.
#[derive(Clone, Debug, PartialEq)]
pub struct WordPair {
    /// The word of the one script.
    pub from: Vec<u8>,
    /// The word of the other.
    pub to: Vec<u8>,
    /// How often it counts; above 0.
    pub weight: f64,
}

/// Longer words are compounds or noise.
const LONGEST: usize = 24;

impl WordPair {
    /// A pair that counts so often; `None` if a word is empty or too long to be learned from.
    pub fn new(from: Vec<u8>, to: Vec<u8>, weight: f64) -> Option<WordPair> {
        let sound = |word: &[u8]| (1..=LONGEST).contains(&word.len());
        (sound(&from) && sound(&to)).then_some(WordPair { from, to, weight })
    }
}

/// The words of two names of one party, in the alphabets of their scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamePair {
    pub from: Vec<Vec<u8>>,
    pub to: Vec<Vec<u8>>,
}

/// The most words of a name to learn from: longer ones hold titles and explanations.
const MOST_WORDS: usize = 6;

/// The pairs between two scripts, whichever side names which; rows of other scripts, and names with words of
/// several, give none.
pub(super) fn name_pairs(pairs: &Pairs, from: Script, to: Script) -> Vec<NamePair> {
    let words = |text: &Text, script: Script| {
        let fits = (1..=MOST_WORDS).contains(&text.words.len()) && text.words.iter().all(|word| word.script == script);
        fits.then(|| text.words.iter().map(|word| word.symbols.to_vec()).collect::<Vec<_>>())
    };
    let mut all = Vec::new();
    for (left, right) in &pairs.rows {
        let (left, right) = (text::read(left), text::read(right));
        let turned = left.script() != from;
        let (left, right) = if turned { (right, left) } else { (left, right) };
        if let (Some(from), Some(to)) = (words(&left, from), words(&right, to)) {
            all.push(NamePair { from, to });
        }
    }
    all
}

/// Equal pairs as one, in order.
pub(super) fn merged(pairs: Vec<WordPair>) -> Vec<WordPair> {
    let mut weights: BTreeMap<(Vec<u8>, Vec<u8>), f64> = BTreeMap::new();
    for pair in pairs {
        *weights.entry((pair.from, pair.to)).or_default() += pair.weight;
    }
    weights.into_iter().map(|((from, to), weight)| WordPair { from, to, weight }).collect()
}
