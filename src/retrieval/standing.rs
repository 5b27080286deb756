use indexmap::IndexMap;

use super::lists::List;
use super::tally::Tally;
use crate::index::{NameOrd, Posting, Postings};

/// Names and their tallies by number of the name, as they come.
pub(super) type Tallies = IndexMap<u32, Tally, foldhash::fast::FixedState>;

/// Names that are there in the order of their numbers, and their tallies. Numbers lie apart: to find which of them a list
/// has is most of the work.
pub(super) struct Standing {
    numbers: Vec<u32>,
    tallies: Vec<Tally>,
}

impl Standing {
    /// Names with nothing to their worth yet, by increasing number.
    pub fn new(numbers: Vec<u32>) -> Standing {
        let tallies = vec![Tally::default(); numbers.len()];
        Standing { numbers, tallies }
    }

    /// The names of a map.
    pub fn of(known: &Tallies) -> Standing {
        // Numbers alone are sorted: tallies are several times as large.
        let mut order: Vec<(u32, u32)> = known.keys().zip(0..).map(|(name, place)| (*name, place)).collect();
        order.sort_unstable();
        let tally = |place: u32| known.get_index(place as usize).map_or_else(Tally::default, |(_, tally)| *tally);
        Standing {
            numbers: order.iter().map(|(name, _)| *name).collect(),
            tallies: order.iter().map(|(_, place)| tally(*place)).collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&u32, &Tally)> {
        self.numbers.iter().zip(&self.tallies)
    }

    /// Adds lists of one term, whose postings are given, to the names that have it. Returns the most that one of those
    /// gains then; minus infinity if none has it.
    pub fn support(&mut self, same: &[List], mut postings: Postings<'_>) -> f32 {
        let mut most = f32::NEG_INFINITY;
        let (mut at, mut posting) = (0, None);
        while let Some(name) = self.numbers.get(at).copied() {
            if posting.is_none_or(|posting: Posting| posting.name.0 < name) {
                posting = postings.next_from(NameOrd(name));
            }
            let Some(Posting { name: NameOrd(found), .. }) = posting else { break };
            if found == name {
                let tally = &mut self.tallies[at];
                same.iter().for_each(|list| tally.add(list));
                most = most.max(tally.gain).max(tally.single_gain);
                at += 1;
            } else {
                at = self.first_from(at, found);
            }
        }
        most
    }

    /// The place of the first name behind `at` that is not below a number: steps grow until it is passed, and are halved
    /// then.
    fn first_from(&self, at: usize, number: u32) -> usize {
        let is_below = |place: usize| self.numbers.get(place).is_some_and(|name| *name < number);
        let (mut low, mut step) = (at + 1, 1);
        if !is_below(low) {
            return low;
        }
        while is_below(low + step) {
            (low, step) = (low + step, step * 2);
        }
        let high = self.len().min(low + step + 1);
        low + self.numbers.get(low..high).unwrap_or_default().partition_point(|name| *name < number)
    }

    /// What the `n`th best name gains, 0 where there are fewer.
    pub fn nth_gain(&self, n: usize) -> f32 {
        let mut gains: Vec<f32> = self.tallies.iter().map(|tally| tally.gain).collect();
        if n == 0 || gains.len() < n {
            return 0.0;
        }
        let (_, gain, _) = gains.select_nth_unstable_by(n - 1, |a, b| b.total_cmp(a));
        *gain
    }

    /// The names, each with the better way to cover the query's parts.
    pub fn best(self) -> Vec<(u32, Tally)> {
        self.numbers.into_iter().zip(self.tallies.into_iter().map(Tally::best)).collect()
    }
}
