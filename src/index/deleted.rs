//! Records that later segments replaced or that are gone.
//!
//! `deleted`: for each segment their number as a varint and the records passed over before each as varints.

use crate::storage::Bytes;

use super::IndexError;
use super::layout::{put_varint, take_varint};
use super::records::Records;

/// A set of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// No numbers, with room for those below `limit`.
    pub(super) fn below(limit: u32) -> Bits {
        Bits(vec![0; limit.div_ceil(64) as usize])
    }

    /// Adds a number below the limit.
    pub(super) fn add(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// True if the number is in the set.
    #[inline]
    pub(super) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

/// The deleted records of one segment.
pub(super) struct Deleted {
    /// Their numbers, increasing.
    pub(super) list: Vec<u32>,
    pub(super) records: Bits,
    pub(super) names: Bits,
    /// How many names they have.
    pub(super) name_count: u32,
}

impl Deleted {
    /// Deletes records of a segment; `None` if there are no such records.
    pub(super) fn new(list: Vec<u32>, of: &Records, names: u32) -> Option<Deleted> {
        let mut deleted =
            Deleted { records: Bits::below(of.count()), names: Bits::below(names), name_count: 0, list: Vec::new() };
        for record in &list {
            let own = of.get(*record)?.names;
            if own.end > names {
                return None;
            }
            deleted.records.add(*record);
            deleted.name_count = deleted.name_count.checked_add(own.len() as u32)?;
            own.for_each(|name| deleted.names.add(name));
        }
        Some(Deleted { list, ..deleted })
    }
}

/// The body of the file, from the deleted records of each segment, increasing.
pub(super) fn encode(lists: &[Vec<u32>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for list in lists {
        put_varint(&mut bytes, list.len() as u64);
        let mut next = 0;
        for record in list {
            put_varint(&mut bytes, (record - next).into());
            next = record + 1;
        }
    }
    bytes
}

/// The deleted records of `segments` segments, each below the number of records of it.
pub(super) fn decode(file: &str, body: &Bytes, segments: &[u32]) -> Result<Vec<Vec<u32>>, IndexError> {
    let mut bytes: &[u8] = body;
    let mut read = |records: u32| {
        let count = take_varint(&mut bytes).filter(|count| *count <= u64::from(records))?;
        let mut list = Vec::with_capacity(count as usize);
        let mut next = 0u64;
        for _ in 0..count {
            next = next.checked_add(take_varint(&mut bytes)?)?;
            list.push(u32::try_from(next).ok().filter(|record| *record < records)?);
            next += 1;
        }
        Some(list)
    };
    let lists: Vec<Option<Vec<u32>>> = segments.iter().map(|records| read(*records)).collect();
    let damaged = |number| IndexError::Damaged { file: file.to_owned(), what: "list", number };
    let number = lists.iter().position(Option::is_none).unwrap_or(segments.len()) as u64;
    if !bytes.is_empty() {
        return Err(damaged(number));
    }
    lists.into_iter().collect::<Option<_>>().ok_or_else(|| damaged(number))
}
