use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use compact_str::CompactString;

use super::table::{SMOOTHING, place};
use crate::tables::tables_in;
use crate::text::{Script, symbols};

/// The folder of the learned words.
const FOLDER: &str = "correspondence/data/words/";

/// A word or short phrase that stands for another, written joined, and what that costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// Its letters in the alphabet of its script.
    pub symbols: Vec<u8>,
    /// The cost in nats: the mean of the negative logarithms of both conditional probabilities.
    pub cost: f32,
}

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What words of one script are in another: translations, foreign words and customary spellings alike.
#[derive(Debug, Default)]
pub struct Translations {
    words: Map<Vec<u8>, Vec<Translation>>,
    /// How often pairs attest each word.
    counts: Map<Vec<u8>, f64>,
}

/// The words of one script that companies are named with.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// For each word the negative logarithm of its share of all words.
    costs: Map<CompactString, f32>,
    /// The longest word in characters.
    longest: usize,
    /// The first [`BEGINNING`] letters of the words that have as many.
    beginnings: HashSet<CompactString, foldhash::fast::FixedState>,
}

/// The letters that [`Vocabulary::may_begin`] looks at.
const BEGINNING: usize = 4;

static TRANSLATIONS: LazyLock<Vec<Option<Translations>>> = LazyLock::new(|| {
    let mut loaded: Vec<Option<Translations>> = (0..Script::ALL.len().pow(2)).map(|_| None).collect();
    for (from, to, rows) in rows() {
        let encoded: Vec<(Vec<u8>, Vec<u8>, f64)> = rows
            .iter()
            .filter_map(|(left, right, count)| {
                let (left, right) = (symbols::encode(from, left)?, symbols::encode(to, &right.replace(' ', ""))?);
                Some((left.to_vec(), right.to_vec(), *count))
            })
            .collect();
        let turned = encoded.iter().map(|(left, right, count)| (right.clone(), left.clone(), *count)).collect();
        loaded[place(from, to)] = Some(Translations::compile(encoded));
        loaded[place(to, from)] = Some(Translations::compile(turned));
    }
    loaded
});

static VOCABULARIES: LazyLock<BTreeMap<Script, Vocabulary>> = LazyLock::new(|| {
    let mut counts: BTreeMap<Script, BTreeMap<&str, f64>> = BTreeMap::new();
    for (from, to, rows) in rows() {
        for (left, right, count) in rows {
            *counts.entry(from).or_default().entry(left).or_default() += count;
            for word in right.split(' ') {
                *counts.entry(to).or_default().entry(word).or_default() += count;
            }
        }
    }
    counts.into_iter().map(|(script, counts)| (script, Vocabulary::of(&counts))).collect()
});

/// The rows of every table: the scripts of its sides, and its words with their counts.
type Rows = Vec<(&'static str, &'static str, f64)>;

fn rows() -> impl Iterator<Item = (Script, Script, Rows)> {
    tables_in(FOLDER).filter_map(|table| {
        let script = |key: &str| table.header(key).and_then(Script::from_code);
        let row = |cells: &[&'static str]| Some((cells[0], cells[1], cells[2].parse::<f64>().ok()?));
        Some((script("from")?, script("to")?, table.rows.iter().filter_map(|(_, cells)| row(cells)).collect()))
    })
}

/// What words of one script are in another; `None` where nothing was learned.
pub fn translations(query: Script, stored: Script) -> Option<&'static Translations> {
    TRANSLATIONS[place(query, stored)].as_ref()
}

/// The words of a script that companies are named with; `None` where nothing was learned.
pub fn vocabulary(script: Script) -> Option<&'static Vocabulary> {
    VOCABULARIES.get(&script)
}

impl Translations {
    fn compile(rows: Vec<(Vec<u8>, Vec<u8>, f64)>) -> Translations {
        let mut totals: BTreeMap<&[u8], f64> = BTreeMap::new();
        let mut compiled = Translations::default();
        for (left, right, count) in &rows {
            *totals.entry(right).or_default() += count;
            *compiled.counts.entry(left.clone()).or_default() += count;
        }
        for (left, right, count) in &rows {
            let conditional = |total: f64| -(count / (total + SMOOTHING)).ln();
            let cost = 0.5 * (conditional(compiled.counts[left]) + conditional(totals[right.as_slice()]));
            let others = compiled.words.entry(left.clone()).or_default();
            others.push(Translation { symbols: right.clone(), cost: cost as f32 });
        }
        for others in compiled.words.values_mut() {
            others.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.symbols.cmp(&b.symbols)));
        }
        compiled
    }

    /// What a word is in the other script, cheapest first.
    pub fn of(&self, word: &[u8]) -> &[Translation] {
        self.words.get(word).map_or(&[], Vec::as_slice)
    }

    /// What it costs, in nats, that a word stands for another one; `None` for words that no pair lays over each
    /// other.
    pub fn cost(&self, word: &[u8], other: &[u8]) -> Option<f32> {
        self.of(word).iter().find(|translation| translation.symbols == other).map(|translation| translation.cost)
    }

    /// How often pairs attest a word; 0 for one that is not known.
    pub fn count(&self, word: &[u8]) -> f64 {
        self.counts.get(word).copied().unwrap_or(0.0)
    }
}

impl Vocabulary {
    fn of(counts: &BTreeMap<&str, f64>) -> Vocabulary {
        let total: f64 = counts.values().sum();
        let mut vocabulary = Vocabulary::default();
        for (word, count) in counts {
            vocabulary.longest = vocabulary.longest.max(word.chars().count());
            vocabulary.beginnings.extend(beginning(word).map(CompactString::from));
            vocabulary.costs.insert((*word).into(), -(count / total).ln() as f32);
        }
        vocabulary
    }

    /// The negative logarithm of a word's share of all words, in nats; `None` for a word that is not known.
    pub fn cost(&self, word: &str) -> Option<f32> {
        self.costs.get(word).copied()
    }

    /// All words, in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.costs.keys().map(CompactString::as_str)
    }

    /// False only where no word of four letters or more begins with the first four letters of a text.
    pub fn may_begin(&self, text: &str) -> bool {
        beginning(text).is_none_or(|beginning| self.beginnings.contains(beginning))
    }

    /// The longest word in characters.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

/// The first letters of a text; `None` for one that has fewer.
fn beginning(text: &str) -> Option<&str> {
    let (last, letter) = text.char_indices().nth(BEGINNING - 1)?;
    text.get(..last + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_costs_the_more_the_less_it_is_attested() {
        let row = |left: &str, right: &str, count| (left.as_bytes().to_vec(), right.as_bytes().to_vec(), count);
        let table = Translations::compile(vec![
            row("a", "industry", 80.0),
            row("a", "industrial", 20.0),
            row("b", "industry", 5.0),
        ]);
        let found: Vec<&[u8]> = table.of(b"a").iter().map(|word| word.symbols.as_slice()).collect();
        assert_eq!(found, [b"industry".as_slice(), b"industrial"]);
        assert!(table.cost(b"a", b"industry").unwrap() < table.cost(b"a", b"industrial").unwrap());
        assert_eq!(table.cost(b"c", b"industry"), None);
        assert!((table.count(b"a") - 100.0).abs() < 1e-9);
    }

    #[test]
    fn learned_words_are_read() {
        let word = symbols::encode(Script::Hangul, "건설").unwrap();
        let construction = symbols::encode(Script::Latin, "construction").unwrap();
        let table = translations(Script::Hangul, Script::Latin).unwrap();
        assert!(table.cost(&word, &construction).unwrap() < 1.0);
        assert!(translations(Script::Latin, Script::Hangul).unwrap().cost(&construction, &word).unwrap() < 1.0);
        assert!(vocabulary(Script::Hangul).unwrap().cost("건설").is_some());
    }

    #[test]
    fn every_word_may_begin() {
        for vocabulary in VOCABULARIES.values() {
            for word in vocabulary.costs.keys() {
                assert!(vocabulary.may_begin(word), "{word}");
                assert!(beginning(word).is_none() || vocabulary.may_begin(&format!("{word}ing")), "{word}");
            }
        }
        assert!(!vocabulary(Script::Latin).unwrap().may_begin("qqqqq"));
    }
}
