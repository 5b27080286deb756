use std::cell::RefCell;
use std::collections::{BTreeSet, BinaryHeap};

use super::Effort;
use super::cut::Cut;
use super::lists::{List, ceiling, ceilings};
use super::promise::Promise;
use super::standing::{Standing, Tallies};
use super::tally::Tally;
use crate::index::{Index, NameOrd, NameView, Postings, SKIP_INTERVAL};

/// Who is asked, and how far.
pub(super) struct Count<'a> {
    pub index: &'a Index,
    pub effort: &'a Effort,
    /// How much less than the best name one may promise and still be looked at, in nats; infinite where more than
    /// words may speak for it.
    pub hopeless: f32,
    /// How many parts a name has; `None` for one that is not within the scope of the query.
    pub parts: &'a dyn Fn(&NameView<'_>) -> Option<usize>,
    /// Postings read.
    pub read: usize,
    /// Those among them that opened a name, of all readings together.
    pub opened: usize,
    /// The most that a name can gain that was left out as hopeless, in nats; minus infinity if none was.
    pub left_out: f32,
    /// Which bound cut the count, if one did.
    pub cut: Option<Cut>,
}

/// So many parties are scored whatever they promise: the party of another list that is spelled in another script stands
/// behind the one that is spelled as the query is.
pub const RUNNERS_UP: usize = 5;
/// How many times more names are looked at than are returned.
pub(super) const LOOKED_AT: usize = 4;
/// Lists that are shorter than this are read sooner than it is found out whether they need be.
const SHORT: usize = 64;

thread_local! {
    /// Kept for its memory, so that a count seldom asks for more.
    static TALLIES: RefCell<Tallies> = RefCell::default();
}

impl Count<'_> {
    /// What the lists, the best first, are worth to each name: all names in the order of their numbers, but for those
    /// that have nothing beside lists which would not make them worth a look.
    pub fn tally(&mut self, lists: &[List]) -> Vec<(u32, Tally)> {
        let before = (self.read, self.opened, self.cut);
        if let Some(names) = self.by_rarest(lists) {
            return names;
        }
        // What has been read in vain is work, and still leaves room for all.
        let vain = self.read - before.0;
        (self.read, self.opened, self.cut) = before;
        let names = self.by_all(lists);
        self.read += vain;
        names
    }

    /// The same where every name that is worth a look has the rarest part of the query, which saves opening all that
    /// have another one; `None` where that is not so.
    fn by_rarest(&mut self, lists: &[List]) -> Option<Vec<(u32, Tally)>> {
        let rarest = self.rarest(lists)?;
        let with = || lists.iter().filter(move |list| list.parts & rarest != 0);
        let lacking = || lists.iter().filter(move |list| list.parts & rarest == 0);
        let postings: usize = with().map(|list| self.frequency(list)).sum();
        if postings > self.effort.open_postings - self.opened || !self.may_read(postings) {
            return None;
        }
        self.opened += postings;
        let mut names: Vec<u32> = Vec::with_capacity(postings);
        for list in with() {
            names.extend(self.index.postings(list.lane, list.ordinal).map(|posting| posting.name.0));
        }
        // Who stands behind them: the first ones of those who have the most of the rest.
        let wanted = names.len() + self.effort.candidates * LOOKED_AT;
        for list in lacking() {
            let room = wanted.saturating_sub(names.len());
            names.extend(self.index.postings(list.lane, list.ordinal).take(room).map(|posting| posting.name.0));
        }
        names.sort_unstable();
        names.dedup();
        // What cannot be read to its end is of no use.
        let needed: usize = groups(lists).map(|same| self.needed(&same[0], names.len())).sum();
        if self.read + needed > self.effort.max_postings {
            return None;
        }
        let mut names = Standing::new(names);
        let (rest, ahead) = (ceiling(lacking()), ceilings(lists));
        let (mut place, mut most) = (0, f32::NEG_INFINITY);
        for same in groups(lists) {
            // Nobody can come to be worth so much that the others are hopeless.
            if most.max(0.0) + ahead[place] <= rest + self.hopeless {
                return None;
            }
            let postings = self.index.postings(same[0].lane, same[0].ordinal);
            most = most.max(self.support(same, postings, &mut names)?);
            place += same.len();
        }
        if !self.is_hopeless(rest, most, 1, names.iter()) {
            return None;
        }
        self.left_out = self.left_out.max(rest);
        Some(names.best())
    }

    /// The part of the query, as its bit, that the fewest names have, among those whose lack makes a name hopeless beside
    /// one that has all.
    fn rarest(&self, lists: &[List]) -> Option<u64> {
        if self.hopeless.is_infinite() {
            return None;
        }
        let parts = lists.iter().fold(0, |parts, list| parts | list.parts);
        let bits = (0..u64::BITS).map(|bit| 1 << bit).filter(|bit| parts & bit != 0);
        let most = ceiling(lists);
        let telling =
            bits.filter(|bit| most > ceiling(lists.iter().filter(|list| list.parts & bit == 0)) + self.hopeless);
        let names = |bit: &u64| {
            let own = lists.iter().filter(|list| list.parts & bit != 0);
            own.map(|list| self.frequency(list)).sum::<usize>()
        };
        telling.min_by_key(names)
    }

    fn by_all(&mut self, lists: &[List]) -> Vec<(u32, Tally)> {
        TALLIES.with_borrow_mut(|tallies| {
            tallies.clear();
            self.count(lists, tallies).best()
        })
    }

    /// Opens names in an empty map, the lists from the best one on, and gives them in the order of their numbers.
    fn count<'l>(&mut self, lists: &'l [List], tallies: &mut Tallies) -> Standing {
        let index = self.index;
        let mut groups = groups(lists).map(|same| (same, index.postings(same[0].lane, same[0].ordinal)));
        let ahead = ceilings(lists);
        let (mut place, mut most) = (0, f32::NEG_INFINITY);
        let mut halfway: Option<(&'l [List], Postings<'_>)> = None;
        // What a name can gain that was not opened because enough were.
        let mut closed: Option<f32> = None;
        for (same, mut postings) in groups.by_ref() {
            let frequency = self.frequency(&same[0]);
            let may_end = self.effort.trusting && frequency >= SHORT;
            if may_end && self.is_hopeless(ahead[place], most, RUNNERS_UP, tallies.iter()) {
                self.left_out = self.left_out.max(ahead[place]);
                halfway = Some((same, postings));
                break;
            }
            let room = self.effort.open_postings - self.opened;
            if !self.may_read(frequency.min(room)) {
                break;
            }
            for posting in postings.by_ref().take(room) {
                self.opened += 1;
                let tally = tallies.entry(posting.name.0).or_default();
                same.iter().for_each(|list| tally.add(list));
                most = most.max(tally.gain).max(tally.single_gain);
            }
            if self.opened == self.effort.open_postings {
                closed = Some(ahead[place]);
                halfway = Some((same, postings));
                break;
            }
            place += same.len();
        }
        // What is left only supports the names that are there.
        let mut names = Standing::of(tallies);
        let mut is_read = true;
        for (same, postings) in halfway.into_iter().chain(groups) {
            is_read &= self.support(same, postings, &mut names).is_some();
        }
        if is_read && closed.is_some_and(|closed| closed > names.nth_gain(self.effort.candidates)) {
            self.cut = Some(Cut::telling("names that only common words find"));
        }
        names
    }

    /// Adds lists of one term to the names that are there: see [`Standing::support`]. `None`, and nothing added, if its
    /// postings may not be read.
    fn support(&mut self, same: &[List], postings: Postings<'_>, names: &mut Standing) -> Option<f32> {
        let may_read = self.may_read(self.needed(&same[0], names.len()));
        may_read.then(|| names.support(same, postings))
    }

    /// How many postings of a list are read, as a rule at most, to know which of so many names have its term.
    fn needed(&self, list: &List, names: usize) -> usize {
        self.frequency(list).min(names * (SKIP_INTERVAL / 2) as usize)
    }

    /// How many postings a list has.
    fn frequency(&self, list: &List) -> usize {
        self.index.frequency(list.lane, list.ordinal).names as usize
    }

    /// Counts postings as read, if so many more may be. Counts depend on what the names are alone, not on how they lie in
    /// segments.
    fn may_read(&mut self, postings: usize) -> bool {
        if self.read + postings > self.effort.max_postings {
            self.cut = Some(Cut::telling("postings of one query"));
            return false;
        }
        self.read += postings;
        true
    }

    /// True if names that gain no more than `rest` would not be looked at, beside those that are there: of so many
    /// parties, at least, that gain as much.
    fn is_hopeless<'n>(
        &self,
        rest: f32,
        most: f32,
        parties: usize,
        names: impl Iterator<Item = (&'n u32, &'n Tally)>,
    ) -> bool {
        if most <= rest + self.hopeless {
            return false;
        }
        // Of thousands of names the first few will do.
        let better = names.map(|(name, tally)| Promise { gain: tally.best().gain, name: *name });
        let mut better: BinaryHeap<Promise> = better.filter(|promise| promise.gain >= rest).collect();
        let (mut records, mut best) = (BTreeSet::new(), f32::NEG_INFINITY);
        while let Some(Promise { gain, name }) = better.pop() {
            let Some(view) = self.index.name(NameOrd(name)) else { continue };
            if (self.parts)(&view).is_some() {
                best = best.max(gain);
                records.insert(view.record);
            }
            if best <= rest + self.hopeless || records.len() >= parties {
                break;
            }
        }
        best > rest + self.hopeless && records.len() >= parties
    }
}

/// Lists of one term side by side: words that come twice have the same ones, and their postings are read once.
fn groups(lists: &[List]) -> impl Iterator<Item = &[List]> {
    lists.chunk_by(|a, b| (a.lane, a.ordinal) == (b.lane, b.ordinal))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::{Lane, NameInput, SegmentBuilder, TermInput};
    use crate::storage::{RamDirectory, Versions};

    const LANE: Lane = Lane(0);

    /// An index of names by the numbers of their terms.
    fn index(names: &[Vec<u8>]) -> Index {
        let mut builder = SegmentBuilder::new();
        for (number, terms) in names.iter().enumerate() {
            let terms: Vec<TermInput> =
                terms.iter().map(|term| TermInput { lane: LANE, key: vec![*term + 1].into(), flags: 0 }).collect();
            let name = NameInput { text: "", payload: b"", terms: &terms, words: 0 };
            builder.add_record(&format!("{number:03}"), b"", &[name]).unwrap();
        }
        let directory = RamDirectory::new();
        builder.finish(&directory, Versions { alphabet: 1, tables: 1 }).unwrap();
        Index::open_with(&directory, Default::default()).unwrap()
    }

    fn tally(index: &Index, lists: &[List], hopeless: f32) -> (Vec<(u32, Tally)>, f32) {
        let parts = |_: &NameView<'_>| Some(1);
        let left_out = f32::NEG_INFINITY;
        let mut count =
            Count { index, effort: &Effort::FAST, hopeless, parts: &parts, read: 0, opened: 0, left_out, cut: None };
        let found = count.tally(lists);
        assert_eq!(count.cut, None);
        (found, count.left_out)
    }

    proptest! {
        #[test]
        fn whoever_gains_more_than_what_was_left_out_is_there(
            names in prop::collection::vec(prop::collection::btree_set(0u8..12, 1..4), 20..300),
            lists in prop::collection::vec((0u8..12, 1u64..8, 0.5..12.0f32), 1..12),
            hopeless in 0.5..6.0f32,
        ) {
            let names: Vec<Vec<u8>> = names.into_iter().map(|terms| terms.into_iter().collect()).collect();
            let index = index(&names);
            let mut lists: Vec<List> = lists.into_iter()
                .filter_map(|(term, parts, gain)| {
                    Some(List { lane: LANE, ordinal: index.term(LANE, &[term + 1])?, gain, parts })
                })
                .collect();
            lists.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.ordinal.cmp(&b.ordinal)));
            let (all, none) = tally(&index, &lists, f32::INFINITY);
            prop_assert_eq!(none, f32::NEG_INFINITY);
            let (found, left_out) = tally(&index, &lists, hopeless);
            for (name, own) in all.iter().filter(|(_, tally)| tally.gain > left_out + 1e-3) {
                let place = found.binary_search_by_key(name, |(name, _)| *name);
                prop_assert!(place.is_ok_and(|place| found[place].1 == *own), "{} {:?} beyond {}", name, own, left_out);
            }
        }
    }
}
