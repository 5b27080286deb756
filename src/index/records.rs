//! Records by id.
//!
//! `records`: 20-byte rows by block of 16 records (offset of the block u64, offset of its ids u64, first name u32) and
//! one more that only ends the last ones; the number of records u32; the blocks, from which offsets count. A block has two varints a record, the
//! number of its names and the length of its payload, then the payloads.
//!
//! `ids`: an id is two varints, how many bytes it has from the id before it in the block and how many follow.

use std::cmp::Ordering;
use std::ops::Range;

use crate::storage::Bytes;

use super::IndexError;
use super::layout::{BLOCK, between, take_varint, u32_at, u64_at};

pub(super) const ROW: usize = 20;

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView<'a> {
    /// What the builder was given.
    pub payload: &'a [u8],
    /// The numbers of its names.
    pub names: Range<u32>,
}

/// Reads records.
pub(super) struct Records {
    rows: Bytes,
    blocks: Bytes,
    ids: Bytes,
    count: u32,
}

impl Records {
    pub(super) fn open(records: (&str, Bytes), ids: (&str, Bytes), count: u32) -> Result<Records, IndexError> {
        let (file, body) = records;
        let short = |expected: u64| {
            let found = body.len() as u64;
            IndexError::Count { file: file.to_owned(), what: "bytes", found, expected }
        };
        let end = (count.div_ceil(BLOCK) as usize + 1) * ROW;
        let rows = body.slice(0..end).ok_or_else(|| short(end as u64))?;
        let found = u32_at(&body, end).ok_or_else(|| short(end as u64 + 4))?;
        if found != count {
            let (file, found, expected) = (file.to_owned(), found.into(), count.into());
            return Err(IndexError::Count { file, what: "records", found, expected });
        }
        let [blocks_length, ids_length] = [ROW, ROW - 8].map(|back| u64_at(&rows, end - back).unwrap_or(u64::MAX));
        let end = end + 4;
        let expected = (end as u64).saturating_add(blocks_length);
        if expected != body.len() as u64 {
            return Err(short(expected));
        }
        let blocks = body.slice(end..body.len()).ok_or_else(|| short(expected))?;
        let (file, ids) = ids;
        if ids.len() as u64 != ids_length {
            let (file, found) = (file.to_owned(), ids.len() as u64);
            return Err(IndexError::Count { file, what: "bytes of ids", found, expected: ids_length });
        }
        Ok(Records { rows, blocks, ids, count })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// How many names all records have: where those of a record beyond the last would begin.
    pub(super) fn names(&self) -> Option<u32> {
        u32_at(&self.rows, self.rows.len() - 4)
    }

    /// The numbers of a block: of its records, in the file of its ids.
    fn ids_of(&self, block: u32) -> Option<&[u8]> {
        let at = block as usize * ROW + 8;
        between(&self.ids, u64_at(&self.rows, at)?, u64_at(&self.rows, at + ROW)?)
    }

    fn records_in(&self, block: u32) -> u32 {
        (self.count - block * BLOCK).min(BLOCK)
    }

    /// The id of a record.
    pub(super) fn id(&self, record: u32) -> Option<String> {
        if record >= self.count {
            return None;
        }
        let mut ids = self.ids_of(record / BLOCK)?;
        let mut id = Vec::new();
        for _ in 0..=record % BLOCK {
            next_id(&mut ids, &mut id)?;
        }
        String::from_utf8(id).ok()
    }

    pub(super) fn get(&self, record: u32) -> Option<RecordView<'_>> {
        if record >= self.count {
            return None;
        }
        let block = record / BLOCK;
        let at = block as usize * ROW;
        let mut heads = between(&self.blocks, u64_at(&self.rows, at)?, u64_at(&self.rows, at + ROW)?)?;
        let mut first = u32_at(&self.rows, at + 16)?;
        let (mut names, mut start, mut length) = (0, 0u64, 0);
        let mut end = 0u64;
        for place in 0..self.records_in(block) {
            let (own, bytes) = (take_varint(&mut heads)?, take_varint(&mut heads)?);
            if place < record % BLOCK {
                first = first.checked_add(u32::try_from(own).ok()?)?;
            } else if place == record % BLOCK {
                (names, start, length) = (u32::try_from(own).ok()?, end, bytes);
            }
            end = end.checked_add(bytes)?;
        }
        let payload = between(heads, start, start.checked_add(length)?)?;
        Some(RecordView { payload, names: first..first.checked_add(names)? })
    }

    /// The record of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.count.div_ceil(BLOCK));
        let mut found = Vec::new();
        // The last block whose first id is not behind the one sought.
        while low < high {
            let middle = low + (high - low) / 2;
            found.clear();
            next_id(&mut self.ids_of(middle)?, &mut found)?;
            if found.as_slice() <= id.as_bytes() { low = middle + 1 } else { high = middle }
        }
        let block = low.checked_sub(1)?;
        let mut ids = self.ids_of(block)?;
        found.clear();
        for place in 0..self.records_in(block) {
            next_id(&mut ids, &mut found)?;
            match found.as_slice().cmp(id.as_bytes()) {
                Ordering::Less => {}
                Ordering::Equal => return Some(block * BLOCK + place),
                Ordering::Greater => return None,
            }
        }
        None
    }
}

/// Turns an id into the next one of its block.
fn next_id(ids: &mut &[u8], id: &mut Vec<u8>) -> Option<()> {
    let kept = usize::try_from(take_varint(ids)?).ok().filter(|kept| *kept <= id.len())?;
    let length = usize::try_from(take_varint(ids)?).ok()?;
    let (tail, rest) = ids.split_at_checked(length)?;
    *ids = rest;
    id.truncate(kept);
    id.extend_from_slice(tail);
    Some(())
}
