//! What each name belongs to and what it carries.
//!
//! `names`: 12-byte rows (record u32, offset of the payload u64) and one more that only ends the last payload.
//! `payloads`: payloads one after the other.

use crate::storage::Bytes;

use super::layout::{between, u32_at, u64_at};
use super::{IndexError, NameOrd, RecordOrd};

pub(super) const ROW: usize = 12;

/// A name as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameView<'a> {
    /// Whose name it is.
    pub record: RecordOrd,
    /// What the builder was given.
    pub payload: &'a [u8],
}

/// Reads names.
pub(super) struct Names {
    rows: Bytes,
    payloads: Bytes,
    count: u32,
}

impl Names {
    pub(super) fn open(file: &str, rows: Bytes, payloads: Bytes, count: u32) -> Result<Names, IndexError> {
        let (found, expected) = (rows.len() as u64, (u64::from(count) + 1) * ROW as u64);
        if found != expected {
            return Err(IndexError::Count { file: file.to_owned(), what: "bytes of rows", found, expected });
        }
        let (found, expected) = (payloads.len() as u64, u64_at(&rows, rows.len() - 8).unwrap_or(u64::MAX));
        if found != expected {
            return Err(IndexError::Count { file: file.to_owned(), what: "bytes of payloads", found, expected });
        }
        Ok(Names { rows, payloads, count })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    #[inline]
    pub(super) fn get(&self, name: NameOrd) -> Option<NameView<'_>> {
        if name.0 >= self.count {
            return None;
        }
        let at = name.0 as usize * ROW;
        let row = self.rows.get(at..at + 2 * ROW)?;
        let record = RecordOrd(u32_at(row, 0)?);
        let payload = between(&self.payloads, u64_at(row, 4)?, u64_at(row, ROW + 4)?)?;
        Some(NameView { record, payload })
    }
}
