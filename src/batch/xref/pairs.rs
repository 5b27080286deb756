use std::collections::{BTreeMap, BTreeSet};

use super::number;
use super::party::Party;

/// Places of two parties, the first smaller.
pub(super) type Pair = (usize, usize);

/// A number or name that more parties share than this names nobody: accounts, addresses of agents, common names.
const MAX_SHARING: usize = 20;

/// Every pair worth a look: those that share a number, those that share a name, and those that were found otherwise;
/// ordered, without repetition. Also how many numbers too many parties share.
pub(super) fn pairs(parties: &[Party<'_>], found: Vec<Pair>) -> (Vec<Pair>, u64) {
    let mut numbers: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    let mut names: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (place, party) in parties.iter().enumerate() {
        let record = party.record;
        for key in record.identifiers.iter().filter_map(|identifier| number::key(record, identifier)) {
            numbers.entry(key).or_default().insert(place);
        }
        for name in &party.names {
            names.entry(name).or_default().insert(place);
        }
    }
    let common = numbers.values().filter(|sharing| sharing.len() > MAX_SHARING).count() as u64;
    let mut pairs: BTreeSet<Pair> = found.into_iter().collect();
    for sharing in numbers.values().chain(names.values()).filter(|sharing| sharing.len() <= MAX_SHARING) {
        for left in sharing {
            pairs.extend(sharing.range(left + 1..).map(|right| (*left, *right)));
        }
    }
    (pairs.into_iter().collect(), common)
}
