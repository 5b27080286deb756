use std::collections::BTreeMap;

use super::WordPair;
use super::em::Row;

/// The most spellings of one word that are paired with each other, the most frequent ones: further ones share a
/// sound, not a name.
const MOST_SPELLINGS: usize = 8;

/// Pairs of spellings of one script that share a spelling in another: the `from` of the pairs, grouped by their `to`.
/// Each spelling is paired with the others and with itself, so that half of what a group attests is that letters
/// stay as they are. A group counts as often as it has spellings, and each of them by the square root of its weight:
/// the spelling that everybody uses is not that much likelier for the next.
pub(super) fn variants(pairs: &[WordPair]) -> Vec<WordPair> {
    let mut groups: BTreeMap<&[u8], BTreeMap<&[u8], f64>> = BTreeMap::new();
    for pair in pairs {
        *groups.entry(&pair.to).or_default().entry(&pair.from).or_default() += pair.weight;
    }
    let mut all = Vec::new();
    for spellings in groups.into_values() {
        let mut spellings: Vec<(&[u8], f64)> = spellings.into_iter().map(|(word, weight)| (word, weight.sqrt())).collect();
        spellings.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        spellings.truncate(MOST_SPELLINGS);
        if spellings.len() > 1 {
            pair_up(&spellings, &mut all);
        }
    }
    all
}

fn pair_up(spellings: &[(&[u8], f64)], all: &mut Vec<WordPair>) {
    let size = spellings.len() as f64;
    let total: f64 = spellings.iter().map(|(_, weight)| weight).sum();
    let same: f64 = spellings.iter().map(|(_, weight)| weight * weight).sum();
    let different = total * total - same;
    for (place, (one, weight)) in spellings.iter().enumerate() {
        for (other_place, (other, other_weight)) in spellings.iter().enumerate() {
            let share = if place == other_place { weight / total } else { weight * other_weight / different };
            all.extend(WordPair::new(one.to_vec(), other.to_vec(), size * share));
        }
    }
}

/// Units that count as much in one direction as in the other.
pub(super) fn balanced(rows: Vec<Row>) -> Vec<Row> {
    let mut counts: BTreeMap<(Vec<u8>, Vec<u8>), f64> = BTreeMap::new();
    for (from, to, count) in rows {
        *counts.entry((from.clone(), to.clone())).or_default() += count / 2.0;
        *counts.entry((to, from)).or_default() += count / 2.0;
    }
    counts.into_iter().map(|((from, to), count)| (from, to, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_counts_as_often_as_it_has_spellings_half_of_it_for_themselves() {
        let pair = |from: &str, weight| WordPair { from: from.as_bytes().to_vec(), to: b"x".to_vec(), weight };
        let pairs = variants(&[pair("yuri", 4.0), pair("iouri", 1.0), pair("yury", 1.0)]);
        let sum = |own: bool| pairs.iter().filter(|p| (p.from == p.to) == own).map(|p| p.weight).sum::<f64>();
        assert!((sum(true) - 3.0).abs() < 1e-9 && (sum(false) - 3.0).abs() < 1e-9);
        assert!(variants(&[pair("yuri", 4.0)]).is_empty());
    }

    #[test]
    fn balanced_units_cost_the_same_both_ways() {
        let rows = balanced(vec![(b"ph".to_vec(), b"f".to_vec(), 4.0), (b"f".to_vec(), b"ph".to_vec(), 2.0)]);
        assert_eq!(rows, [(b"f".to_vec(), b"ph".to_vec(), 3.0), (b"ph".to_vec(), b"f".to_vec(), 3.0)]);
    }
}
