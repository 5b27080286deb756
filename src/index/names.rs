//! What each name belongs to and what it consists of.
//!
//! `names`: 16 bytes, by lane the number of bytes of a word of it; 12-byte rows by block of 16 names (offset u64, record
//! of its first name u32) and one more that only ends the last block; the blocks, from which offsets count. A name is a
//! varint, four times the bytes that follow plus the records passed over since the last name of the block (3 stands for
//! 3 and more, and a varint with the rest comes next); then the number of its payload as a varint and the ordinals of
//! its words.
//!
//! `payloads`: their number u64; offsets u64 by number and one more that only ends the last; the payloads, from which
//! offsets count, each behind the number of its words as a varint and a byte with the lane of each. The payload that
//! most names have comes first.

use crate::storage::Bytes;

use super::layout::{BLOCK, between, take_varint, u32_at, u64_at};
use super::{IndexError, Lane, NameOrd, RecordOrd};

pub(super) const ROW: usize = 12;
/// As many gaps between records as fit into the head of a name.
pub(super) const SHORT_GAPS: u32 = 3;

/// A name as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameView<'a> {
    /// Whose name it is.
    pub record: RecordOrd,
    /// What the builder was given.
    pub payload: &'a [u8],
    /// The words that the builder was given.
    pub words: Words<'a>,
}

/// A word of a stored name: a term of the segment that holds the name. [`Index::spell`](super::Index::spell) gives its
/// key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its dictionary.
    pub lane: Lane,
    /// The segment whose dictionary it is.
    pub segment: u8,
    /// Its ordinal there, not in the dictionary of the index.
    pub ordinal: u32,
}

/// The words of a stored name, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    pub(super) lanes: &'a [u8],
    bytes: &'a [u8],
    widths: &'a [u8],
    pub(super) segment: u8,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let (lane, lanes) = self.lanes.split_first()?;
        let width = usize::from(*self.widths.get(usize::from(*lane))?);
        let (word, bytes) = self.bytes.split_at_checked(width)?;
        (self.lanes, self.bytes) = (lanes, bytes);
        let mut ordinal = [0; 4];
        ordinal.get_mut(..width)?.copy_from_slice(word);
        Some(Word { lane: Lane(*lane), segment: self.segment, ordinal: u32::from_le_bytes(ordinal) })
    }
}

/// The bytes that hold every ordinal of a lane of so many terms: 1 to 4.
pub(super) fn width(terms: usize) -> u8 {
    let last = terms.saturating_sub(1) as u64;
    (1..4).find(|width| last < 1 << (8 * width)).unwrap_or(4)
}

/// Reads names.
pub(super) struct Names {
    widths: Bytes,
    rows: Bytes,
    blocks: Bytes,
    payloads: Payloads,
    count: u32,
}

struct Payloads {
    rows: Bytes,
    bytes: Bytes,
}

impl Payloads {
    fn open(file: &str, body: Bytes) -> Result<Payloads, IndexError> {
        let wrong = |expected: u64| {
            let found = body.len() as u64;
            IndexError::Count { file: file.to_owned(), what: "bytes of payloads", found, expected }
        };
        let count = u64_at(&body, 0).ok_or_else(|| wrong(16))?;
        let expected = count.saturating_add(2).saturating_mul(8);
        let end = usize::try_from(expected).map_err(|_| wrong(expected))?;
        let rows = body.slice(8..end.max(8)).ok_or_else(|| wrong(expected))?;
        let bytes = body.slice(end..body.len()).ok_or_else(|| wrong(expected))?;
        let length = u64_at(&rows, rows.len().saturating_sub(8)).unwrap_or(u64::MAX);
        if bytes.len() as u64 != length {
            return Err(wrong(expected.saturating_add(length)));
        }
        Ok(Payloads { rows, bytes })
    }

    /// The lanes of the words and the payload of a number.
    #[inline]
    fn get(&self, number: u64) -> Option<(&[u8], &[u8])> {
        let at = usize::try_from(number).ok()?.checked_mul(8)?;
        let mut bytes = between(&self.bytes, u64_at(&self.rows, at)?, u64_at(&self.rows, at.checked_add(8)?)?)?;
        let words = usize::try_from(take_varint(&mut bytes)?).ok()?;
        bytes.split_at_checked(words)
    }
}

impl Names {
    pub(super) fn open(names: (&str, Bytes), payloads: (&str, Bytes), count: u32) -> Result<Names, IndexError> {
        let (file, body) = names;
        let wrong = |expected: u64| {
            let found = body.len() as u64;
            IndexError::Count { file: file.to_owned(), what: "bytes of rows", found, expected }
        };
        let end = Lane::COUNT + (count.div_ceil(BLOCK) as usize + 1) * ROW;
        let widths = body.slice(0..Lane::COUNT).ok_or_else(|| wrong(end as u64))?;
        let rows = body.slice(Lane::COUNT..end).ok_or_else(|| wrong(end as u64))?;
        let blocks = body.slice(end..body.len()).ok_or_else(|| wrong(end as u64))?;
        let length = u64_at(&rows, rows.len() - ROW).unwrap_or(u64::MAX);
        if blocks.len() as u64 != length {
            return Err(wrong((end as u64).saturating_add(length)));
        }
        Ok(Names { widths, rows, blocks, payloads: Payloads::open(payloads.0, payloads.1)?, count })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    #[inline]
    pub(super) fn get(&self, name: u32) -> Option<NameView<'_>> {
        if name >= self.count {
            return None;
        }
        let row = (name / BLOCK) as usize * ROW;
        let mut bytes = between(&self.blocks, u64_at(&self.rows, row)?, u64_at(&self.rows, row + ROW)?)?;
        let mut record = u32_at(&self.rows, row + 8)?;
        let mut own: &[u8] = &[];
        for _ in 0..=name % BLOCK {
            let head = take_varint(&mut bytes)?;
            let mut gap = head & u64::from(SHORT_GAPS);
            if gap == u64::from(SHORT_GAPS) {
                gap = gap.checked_add(take_varint(&mut bytes)?)?;
            }
            record = record.checked_add(u32::try_from(gap).ok()?)?;
            (own, bytes) = bytes.split_at_checked(usize::try_from(head >> 2).ok()?)?;
        }
        let (lanes, payload) = self.payloads.get(take_varint(&mut own)?)?;
        let words = Words { lanes, bytes: own, widths: &self.widths, segment: 0 };
        Some(NameView { record: RecordOrd(record), payload, words })
    }

    /// True if a name can be read and its words are there.
    pub(super) fn is_whole(&self, name: NameOrd) -> bool {
        self.get(name.0).is_some_and(|view| view.words.clone().count() == view.words.lanes.len())
    }
}
