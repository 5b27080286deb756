use std::hash::BuildHasher;
use std::hint::black_box;

use foldhash::fast::FixedState;
use rayon::slice::ParallelSliceMut;
use smallvec::SmallVec;

use super::chunks::Chunks;

/// Byte strings, each kept once and numbered as they came.
///
/// Memory: their bytes, and 12 bytes each; until it is closed, 32 to 64 bytes more.
#[derive(Default)]
pub(super) struct Interner {
    /// Each string behind its length as a u32.
    bytes: Chunks<u8>,
    /// Where each string begins.
    starts: Chunks<u64>,
    /// By hash. A power of two of them, at most half of them taken.
    places: Vec<Place>,
    hasher: FixedState,
}

/// A string by its hash: four of them in a line of the cache.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The number plus one; 0 where there is none.
    known: u32,
    mark: Mark,
}

/// By what a string is told from others. Most are so short that it is the string itself, and comparing them waits for
/// memory once: their length, and behind it they, filled up with zeros. Of longer ones [`LONG`], the hash as a u32, and
/// where the string begins as a number of seven bytes.
type Mark = [u8; 12];

/// The longest string that is its own mark.
const SHORT: usize = size_of::<Mark>() - 1;
/// The first byte of the mark of a longer one.
const LONG: u8 = 0xFF;
/// How much of the mark of a longer string does not tell where it begins.
const HASHED: usize = 5;

/// A string to be looked up.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    hash: u32,
    /// Its mark; of a longer string without the place where it begins.
    mark: Mark,
}

/// The mark of a string, of a longer one that begins at a place.
fn mark(string: &[u8], hash: u32, start: u64) -> Mark {
    let mut mark = Mark::default();
    match mark[1..].get_mut(..string.len()) {
        Some(own) => {
            own.copy_from_slice(string);
            mark[0] = string.len() as u8;
        }
        None => {
            mark[0] = LONG;
            mark[1..HASHED].copy_from_slice(&hash.to_le_bytes());
            mark[HASHED..].copy_from_slice(&start.to_le_bytes()[..SHORT + 1 - HASHED]);
        }
    }
    mark
}

impl Place {
    /// Where a longer string begins; `None` for a short one.
    fn start(&self) -> Option<u64> {
        let mut start = [0; 8];
        start[..SHORT + 1 - HASHED].copy_from_slice(&self.mark[HASHED..]);
        (self.mark[0] == LONG).then_some(u64::from_le_bytes(start))
    }

    /// True if only the strings themselves can tell that it is not the sought one; of short strings always the sought.
    fn resembles(&self, sought: &Sought) -> bool {
        match sought.mark[0] {
            LONG => self.mark[..HASHED] == sought.mark[..HASHED],
            _ => self.mark == sought.mark,
        }
    }
}

/// Strings that are looked at ahead.
const AHEAD: usize = 32;
/// Places to begin with; a power of two.
const FIRST_PLACES: usize = 1 << 6;
/// Places that are looked at ahead: a string seldom lies further from where it should.
const PROBED: usize = 4;

impl Interner {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The string of a number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &[u8] {
        self.at(self.starts[number as usize])
    }

    /// The string that begins at a place.
    #[inline]
    fn at(&self, start: u64) -> &[u8] {
        let Some((length, rest)) = self.bytes.from(start).split_first_chunk() else { return &[] };
        &rest[..u32::from_le_bytes(*length) as usize]
    }

    /// The strings of some numbers, in their order. Looks some strings ahead, so that their waits for memory coincide.
    fn get_all<'a>(&'a self, numbers: &'a [u32]) -> impl Iterator<Item = &'a [u8]> {
        numbers.chunks(AHEAD).flat_map(|numbers| {
            let strings: SmallVec<[&[u8]; AHEAD]> = numbers.iter().map(|number| self.get(*number)).collect();
            strings.iter().for_each(|string| _ = black_box(string.first()));
            strings.into_iter()
        })
    }

    /// What a string is looked up by.
    #[inline]
    pub(super) fn sought(&self, string: &[u8]) -> Sought {
        let hash = self.hash(string);
        Sought { hash, mark: mark(string, hash, 0) }
    }

    #[inline]
    fn hash(&self, string: &[u8]) -> u32 {
        self.hasher.hash_one(string) as u32
    }

    /// Looks at the place where looking up begins, and changes nothing: the first of two waits for memory. Those of
    /// strings that are approached one behind the other coincide.
    #[inline]
    pub(super) fn approach(&self, sought: &Sought) {
        let place = sought.hash as usize & self.places.len().wrapping_sub(1);
        black_box(self.places.get(place).map(|own| own.known));
    }

    /// Looks at the string that looking up will most likely find, and changes nothing: the second wait, for longer ones.
    #[inline]
    pub(super) fn approach_string(&self, sought: &Sought) {
        if sought.mark[0] != LONG {
            return;
        }
        let mask = self.places.len().wrapping_sub(1);
        let places = (0..PROBED).filter_map(|step| self.places.get((sought.hash as usize).wrapping_add(step) & mask));
        let mut known = places.take_while(|own| own.known != 0);
        if let Some(start) = known.find(|own| own.resembles(sought)).and_then(Place::start) {
            black_box(self.bytes.from(start).first());
        }
    }

    /// Gives back the memory by which strings are found. Those that are inserted afterwards get new numbers, also where
    /// they were there before.
    pub(super) fn close(&mut self) {
        self.places = Vec::new();
    }

    /// The number of a string, a new one if it was not there. The caller holds their number within u32.
    pub(super) fn insert(&mut self, string: &[u8]) -> u32 {
        self.insert_sought(&self.sought(string), string)
    }

    /// The same for a string and what it is looked up by.
    pub(super) fn insert_sought(&mut self, sought: &Sought, string: &[u8]) -> u32 {
        if self.starts.len() * 2 >= self.places.len() {
            self.spread_out();
        }
        let mask = self.places.len() - 1;
        let mut place = sought.hash as usize & mask;
        // At most half of the places are taken, so a free one comes.
        loop {
            match self.places[place] {
                Place { known: 0, .. } => break,
                own if own.resembles(sought) && own.start().is_none_or(|start| self.at(start) == string) => {
                    return own.known - 1;
                }
                _ => place = (place + 1) & mask,
            }
        }
        let number = self.len() as u32;
        let start = self.push(string);
        self.places[place] = Place { known: number + 1, mark: mark(string, sought.hash, start) };
        number
    }

    fn spread_out(&mut self) {
        let count = (self.places.len() * 2).max(FIRST_PLACES);
        let mut places = vec![Place::default(); count];
        for own in self.places.iter().filter(|own| own.known != 0) {
            let mut place = self.hash_of(own) as usize & (count - 1);
            while places[place].known != 0 {
                place = (place + 1) & (count - 1);
            }
            places[place] = *own;
        }
        self.places = places;
    }

    /// The hash of a string that is there.
    fn hash_of(&self, place: &Place) -> u32 {
        match place.mark {
            [LONG, a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]),
            [length, ..] => self.hash(&place.mark[1..][..usize::from(length)]),
        }
    }

    /// Numbers the strings anew, in their order, and gives back the memory by which they are found. Returns the new number
    /// of each old one.
    pub(super) fn settle(&mut self) -> Vec<u32> {
        self.close();
        let order = self.sorted();
        let mut settled = Interner::default();
        self.get_all(&order).for_each(|string| _ = settled.push(string));
        *self = settled;
        inverse(&order)
    }

    /// All strings, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.starts.iter().map(|start| self.at(*start))
    }

    /// Adds a string behind the others; returns where it begins.
    fn push(&mut self, string: &[u8]) -> u64 {
        // The builder holds all lengths within u32.
        let length = (string.len() as u32).to_le_bytes();
        let start = self.bytes.begin(length.len() + string.len());
        self.bytes.add(&length);
        self.bytes.add(string);
        self.starts.push(start);
        start
    }

    /// All numbers, in the order of their strings.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let head = |string: &[u8]| {
            let mut head = [0; 8];
            let length = string.len().min(8);
            head[..length].copy_from_slice(&string[..length]);
            u64::from_be_bytes(head)
        };
        // The first eight bytes decide most comparisons without a look at the string.
        let mut order: Vec<(u64, u32)> =
            (0..self.len() as u32).map(|number| (head(self.get(number)), number)).collect();
        order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.get(a.1).cmp(self.get(b.1))));
        order.into_iter().map(|(_, number)| number).collect()
    }
}

/// The inverse of a permutation.
pub(super) fn inverse(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    order.iter().enumerate().for_each(|(rank, number)| ranks[*number as usize] = rank as u32);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn strings_are_numbered_once_and_sorted(strings in prop::collection::vec(prop_oneof![prop::collection::vec(0u8..4, 0..8), prop::collection::vec(0u8..2, 9..40)], 0..300)) {
            let mut interner = Interner::default();
            let numbers: Vec<u32> = strings.iter().map(|string| interner.insert(string)).collect();
            for (string, number) in strings.iter().zip(&numbers) {
                prop_assert_eq!(interner.get(*number), &string[..]);
                interner.approach(&interner.sought(string));
                interner.approach_string(&interner.sought(string));
                prop_assert_eq!(interner.insert(string), *number);
            }
            let expected: BTreeSet<&[u8]> = strings.iter().map(Vec::as_slice).collect();
            let order = interner.sorted();
            let sorted: Vec<Vec<u8>> = interner.get_all(&order).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(&sorted, &expected.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
            let ranks = interner.settle();
            prop_assert!(order.iter().enumerate().all(|(rank, number)| ranks[*number as usize] as usize == rank));
            let settled: Vec<&[u8]> = interner.iter().collect();
            prop_assert_eq!(&settled, &sorted);
            prop_assert!((0..).zip(settled).all(|(number, string)| interner.get(number) == string));
        }
    }
}
