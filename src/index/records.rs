//! Records by id.
//!
//! Body: 20-byte rows (offset of the id u64, offset of the payload u64, first name u32) and one more that only ends
//! the last ones; ids one after the other, in order; payloads one after the other. Offsets count from the first id and
//! from the first payload.

use std::cmp::Ordering;
use std::ops::Range;

use crate::storage::Bytes;

use super::layout::{between, u32_at, u64_at};
use super::{IndexError, RecordOrd};

pub(super) const ROW: usize = 20;

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView<'a> {
    /// Its id.
    pub id: &'a str,
    /// What the builder was given.
    pub payload: &'a [u8],
    /// The numbers of its names.
    pub names: Range<u32>,
}

/// Reads records.
pub(super) struct Records {
    rows: Bytes,
    ids: Bytes,
    payloads: Bytes,
    count: u32,
}

impl Records {
    pub(super) fn open(file: &str, body: Bytes, count: u32) -> Result<Records, IndexError> {
        let short = |expected: u64| {
            let found = body.len() as u64;
            IndexError::Count { file: file.to_owned(), what: "bytes", found, expected }
        };
        let expected = (u64::from(count) + 1) * ROW as u64;
        let end = usize::try_from(expected).map_err(|_| short(expected))?;
        let rows = body.slice(0..end).ok_or_else(|| short(expected))?;
        let [ids_length, payloads_length] = [ROW, ROW - 8].map(|back| u64_at(&rows, end - back).unwrap_or(u64::MAX));
        let expected = expected.saturating_add(ids_length).saturating_add(payloads_length);
        if expected != body.len() as u64 {
            return Err(short(expected));
        }
        // Both lengths are parts of the body's length, which is a usize.
        let middle = end + ids_length as usize;
        let ids = body.slice(end..middle).ok_or_else(|| short(expected))?;
        let payloads = body.slice(middle..body.len()).ok_or_else(|| short(expected))?;
        Ok(Records { rows, ids, payloads, count })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    fn row(&self, record: RecordOrd) -> Option<&[u8]> {
        if record.0 >= self.count {
            return None;
        }
        let at = record.0 as usize * ROW;
        self.rows.get(at..at + 2 * ROW)
    }

    fn id(&self, record: RecordOrd) -> Option<&[u8]> {
        let row = self.row(record)?;
        between(&self.ids, u64_at(row, 0)?, u64_at(row, ROW)?)
    }

    pub(super) fn get(&self, record: RecordOrd) -> Option<RecordView<'_>> {
        let id = std::str::from_utf8(self.id(record)?).ok()?;
        let row = self.row(record)?;
        let payload = between(&self.payloads, u64_at(row, 8)?, u64_at(row, ROW + 8)?)?;
        Some(RecordView { id, payload, names: u32_at(row, 16)?..u32_at(row, ROW + 16)? })
    }

    pub(super) fn find(&self, id: &str) -> Option<RecordOrd> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(RecordOrd(middle))?.cmp(id.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(RecordOrd(middle)),
            }
        }
        None
    }
}
