use std::hash::BuildHasher;
use std::hint::black_box;

use foldhash::fast::FixedState;
use rayon::slice::ParallelSliceMut;
use smallvec::SmallVec;

use super::chunks::Chunks;

/// Byte strings, each kept once and numbered as they came.
///
/// Memory: their bytes, and 24 to 40 bytes each.
#[derive(Default)]
pub(super) struct Interner {
    bytes: Chunks<u8>,
    /// Where each string begins.
    starts: Chunks<u64>,
    /// Numbers plus one and hashes, by hash; 0 where there is none. A power of two of them.
    places: Vec<[u32; 2]>,
    hasher: FixedState,
}

/// Strings that are looked at ahead.
const AHEAD: usize = 32;
/// Places to begin with; a power of two.
const FIRST_PLACES: usize = 1 << 6;

impl Interner {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The string of a number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &[u8] {
        let place = number as usize;
        self.bytes.between(self.starts[place], self.starts.get(place + 1).copied())
    }

    /// The strings of some numbers, in their order. Looks some strings ahead, so that their waits for memory coincide.
    pub(super) fn get_all<'a>(&'a self, numbers: &'a [u32]) -> impl Iterator<Item = &'a [u8]> {
        numbers.chunks(AHEAD).flat_map(|numbers| {
            let strings: SmallVec<[&[u8]; AHEAD]> = numbers.iter().map(|number| self.get(*number)).collect();
            strings.iter().for_each(|string| _ = black_box(string.first()));
            strings.into_iter()
        })
    }

    /// Looks at what inserting a string will look at, and changes nothing. In a large interner that is three waits for
    /// memory, one behind the other; those of strings that are approached together coincide.
    #[inline]
    pub(super) fn approach(&self, string: &[u8]) {
        let hash = self.hash(string);
        let Some([known, other]) = self.places.get(hash as usize & self.places.len().wrapping_sub(1)) else { return };
        if *known != 0 && *other == hash {
            black_box(self.get(known - 1).first());
        }
    }

    /// The number of a string, a new one if it was not there. The caller holds their number within u32.
    pub(super) fn insert(&mut self, string: &[u8]) -> u32 {
        if self.starts.len() * 2 >= self.places.len() {
            self.spread_out();
        }
        let hash = self.hash(string);
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        // At most half of the places are taken, so a free one comes.
        loop {
            match self.places[place] {
                [0, _] => break,
                [known, other] if other == hash && self.get(known - 1) == string => return known - 1,
                _ => place = (place + 1) & mask,
            }
        }
        let start = self.bytes.begin(string.len());
        self.bytes.add(string);
        let number = self.starts.push(start) as u32;
        self.places[place] = [number + 1, hash];
        number
    }

    #[inline]
    fn hash(&self, string: &[u8]) -> u32 {
        self.hasher.hash_one(string) as u32
    }

    fn spread_out(&mut self) {
        let count = (self.places.len() * 2).max(FIRST_PLACES);
        let mut places = vec![[0; 2]; count];
        for [known, hash] in self.places.iter().filter(|[known, _]| *known != 0) {
            let mut place = *hash as usize & (count - 1);
            while places[place][0] != 0 {
                place = (place + 1) & (count - 1);
            }
            places[place] = [*known, *hash];
        }
        self.places = places;
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
        fn strings_are_numbered_once_and_sorted(strings in prop::collection::vec(prop::collection::vec(0u8..4, 0..12), 0..300)) {
            let mut interner = Interner::default();
            let numbers: Vec<u32> = strings.iter().map(|string| interner.insert(string)).collect();
            for (string, number) in strings.iter().zip(&numbers) {
                prop_assert_eq!(interner.get(*number), &string[..]);
                interner.approach(string);
                prop_assert_eq!(interner.insert(string), *number);
            }
            let expected: BTreeSet<&[u8]> = strings.iter().map(Vec::as_slice).collect();
            let order = interner.sorted();
            let sorted: Vec<&[u8]> = interner.get_all(&order).collect();
            prop_assert_eq!(sorted, expected.into_iter().collect::<Vec<_>>());
            let ranks = inverse(&order);
            prop_assert!(order.iter().enumerate().all(|(rank, number)| ranks[*number as usize] as usize == rank));
        }
    }
}
