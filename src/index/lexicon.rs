//! The terms of one lane of a segment and where they occur.
//!
//! `terms-NN`: an fst from key to ordinal. `posts-NN`: 16-byte rows by block of 16 terms (offset of the heads u64,
//! offset of the postings u64) and one more that only ends the last; the heads; the postings. Offsets count from the
//! first head and from the first postings. A head is a varint with the bytes of the term's postings and one with twice
//! the names it occurs in, plus one if it occurs in fewer records than names: a varint with the difference then follows.
//! What the postings of one term look like is told in `postings.rs`.

use fst::raw::Fst;

use crate::storage::Bytes;

use super::layout::{BLOCK, between, put_varint, take_varint, u64_at};
use super::{IndexError, postings::Part};

pub(super) const ROW: usize = 16;

/// In how many names and records a term occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frequency {
    /// In how many names: as many as it has postings.
    pub names: u32,
    /// In how many records.
    pub records: u32,
}

/// Appends the head of a term whose postings take so many bytes.
pub(super) fn put_head(heads: &mut Vec<u8>, bytes: usize, frequency: Frequency) {
    put_varint(heads, bytes as u64);
    let again = frequency.names - frequency.records;
    put_varint(heads, u64::from(frequency.names) << 1 | u64::from(again > 0));
    if again > 0 {
        put_varint(heads, again.into());
    }
}

/// Takes a head from the front: bytes, frequency.
#[inline]
fn take_head(heads: &mut &[u8]) -> Option<(u64, Frequency)> {
    let bytes = take_varint(heads)?;
    let names = take_varint(heads)?;
    let again = if names & 1 == 0 { 0 } else { take_varint(heads)? };
    let names = u32::try_from(names >> 1).ok()?;
    let records = u32::try_from(again).ok().and_then(|again| names.checked_sub(again))?;
    Some((bytes, Frequency { names, records }))
}

/// Opens the dictionary of so many terms. Its checksum must have been compared: its reader trusts the bytes.
pub(super) fn dictionary(file: &str, body: Bytes, count: u64) -> Result<Fst<Bytes>, IndexError> {
    let dictionary = Fst::new(body);
    let dictionary = dictionary.map_err(|source| IndexError::Dictionary { file: file.to_owned(), source })?;
    if dictionary.len() as u64 != count {
        let (file, found) = (file.to_owned(), dictionary.len() as u64);
        return Err(IndexError::Count { file, what: "terms", found, expected: count });
    }
    Ok(dictionary)
}

/// Reads the terms of a lane.
pub(super) struct Lexicon {
    terms: Fst<Bytes>,
    rows: Bytes,
    heads: Bytes,
    postings: Bytes,
    count: u64,
}

impl Lexicon {
    /// Opens the two files of a lane of `count` terms, given as name and body.
    pub(super) fn open(terms: (&str, Bytes), posts: (&str, Bytes), count: u64) -> Result<Lexicon, IndexError> {
        let terms = dictionary(terms.0, terms.1, count)?;
        let (file, body) = posts;
        let wrong = |what, expected| {
            let found = body.len() as u64;
            IndexError::Count { file: file.to_owned(), what, found, expected }
        };
        let expected = count.div_ceil(BLOCK.into()).saturating_add(1).saturating_mul(ROW as u64);
        let end = usize::try_from(expected).unwrap_or(usize::MAX);
        let rows = body.slice(0..end).ok_or_else(|| wrong("bytes", expected))?;
        let [heads, postings] = [ROW, 8].map(|back| u64_at(&rows, end - back).unwrap_or(u64::MAX));
        let expected = expected.saturating_add(heads).saturating_add(postings);
        if expected != body.len() as u64 {
            return Err(wrong("bytes of postings", expected));
        }
        // Both lengths are parts of the body's length, which is a usize.
        let middle = end + heads as usize;
        let heads = body.slice(end..middle).ok_or_else(|| wrong("bytes", expected))?;
        let postings = body.slice(middle..body.len()).ok_or_else(|| wrong("bytes", expected))?;
        Ok(Lexicon { terms, rows, heads, postings, count })
    }

    pub(super) fn terms(&self) -> &Fst<Bytes> {
        &self.terms
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Appends the key of a term; false beyond the last.
    pub(super) fn key(&self, ordinal: u64, into: &mut Vec<u8>) -> bool {
        ordinal < self.count && self.terms.get_key_into(ordinal, into)
    }

    /// How often a term occurs, and where its postings begin and end.
    #[inline]
    fn head(&self, ordinal: u64) -> Option<(Frequency, u64, u64)> {
        if ordinal >= self.count {
            return None;
        }
        let row = (ordinal / u64::from(BLOCK)) as usize * ROW;
        let mut heads = between(&self.heads, u64_at(&self.rows, row)?, u64_at(&self.rows, row + ROW)?)?;
        let mut start = u64_at(&self.rows, row + 8)?;
        for _ in 0..ordinal % u64::from(BLOCK) {
            start = start.checked_add(take_head(&mut heads)?.0)?;
        }
        let (bytes, frequency) = take_head(&mut heads)?;
        Some((frequency, start, start.checked_add(bytes)?))
    }

    #[inline]
    pub(super) fn frequency(&self, ordinal: u64) -> Option<Frequency> {
        self.head(ordinal).map(|(frequency, ..)| frequency)
    }

    /// The postings of a term, of names below `limit`; none beyond the last term.
    #[inline]
    pub(super) fn postings(&self, ordinal: u64, limit: u32) -> Part<'_> {
        if ordinal >= self.count {
            return Part::default();
        }
        let found = self
            .head(ordinal)
            .and_then(|(frequency, start, end)| Some((between(&self.postings, start, end)?, frequency.names)));
        found.map_or_else(Part::damaged, |(bytes, names)| Part::new(bytes, names, limit))
    }
}
