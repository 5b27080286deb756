use super::super::Table;
use crate::text::{self, Script, Text};

/// Two words of which one spells the other, in the alphabets of their scripts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WordPair {
    /// The word of the one script.
    pub from: Vec<u8>,
    /// The word of the other.
    pub to: Vec<u8>,
}

/// Longer words are compounds or noise.
const LONGEST: usize = 24;

impl WordPair {
    fn new(from: Vec<u8>, to: Vec<u8>) -> Option<WordPair> {
        let sound = |word: &[u8]| (1..=LONGEST).contains(&word.len());
        (sound(&from) && sound(&to)).then_some(WordPair { from, to })
    }
}

/// The pair of a row of one word on either side.
pub(super) fn single(row: &(String, String), from: Script, to: Script) -> Option<WordPair> {
    let (left, right) = words(row, from, to)?;
    match (left.as_slice(), right.as_slice()) {
        ([left], [right]) => WordPair::new(left.clone(), right.clone()),
        // Two words on either side mostly stand in one order; the few that do not are noise that the alignment
        // of the second pass removes.
        (left, right) if left.len() == right.len() && left.len() <= 3 => WordPair::new(left.concat(), right.concat()),
        _ => None,
    }
}

/// The words of a name, in the alphabet of its script.
type Words = Vec<Vec<u8>>;

/// The words of both names in the alphabets of their scripts; `None` if a word is of another script.
fn words(row: &(String, String), from: Script, to: Script) -> Option<(Words, Words)> {
    let of = |text: &Text, script: Script| {
        let fits = text.words.iter().all(|word| word.script == script);
        fits.then(|| text.words.iter().map(|word| word.symbols.clone()).collect::<Words>())
    };
    let (left, right) = (text::read(&row.0), text::read(&row.1));
    Some((of(&left, from)?, of(&right, to)?))
}

/// The pairs of words of a row, in the order of the second name that a table finds cheapest: as it stands, reversed,
/// or with the last word first. Names with another number of words are joined to one word each. Rows that cost more
/// than `worst` nats a symbol give nothing.
pub fn word_pairs(row: &(String, String), from: Script, to: Script, table: &Table, worst: f32) -> Vec<WordPair> {
    let Some((left, right)) = words(row, from, to) else { return Vec::new() };
    let mut best: Option<(f32, Vec<WordPair>)> = None;
    for order in orders(&right) {
        let pairs: Option<Vec<WordPair>> = if left.len() == order.len() {
            left.iter().zip(&order).map(|(a, b)| WordPair::new(a.clone(), b.clone())).collect()
        } else {
            WordPair::new(left.concat(), order.concat()).map(|pair| vec![pair])
        };
        let Some(pairs) = pairs else { continue };
        let costs = pairs.iter().map(|pair| {
            let symbols = pair.from.len().max(pair.to.len()) as f32;
            table.cost_only(&pair.from, &pair.to, Some(5.0), worst * symbols + 2.0)
        });
        let Some(cost) = costs.sum::<Option<f32>>() else { continue };
        if best.as_ref().is_none_or(|(known, _)| cost < *known) {
            best = Some((cost, pairs));
        }
    }
    best.map(|(_, pairs)| pairs).unwrap_or_default()
}

fn orders(words: &[Vec<u8>]) -> Vec<Words> {
    let mut orders = vec![words.to_vec()];
    if words.len() > 1 {
        orders.push(words.iter().rev().cloned().collect());
    }
    if words.len() > 2 {
        let mut rotated = words.to_vec();
        rotated.rotate_right(1);
        orders.push(rotated);
        let mut rotated = words.to_vec();
        rotated.rotate_left(1);
        orders.push(rotated);
    }
    orders
}
