//! The terms of one lane and where they occur.
//!
//! `terms-NN`: an fst from key to ordinal. `posts-NN`: 16-byte rows by ordinal (offset u64, names u32, records u32) and
//! one more that only ends the last postings; then the postings, from which offsets count.

use fst::raw::Fst;

use crate::storage::Bytes;

use super::layout::{between, u32_at, u64_at};
use super::{IndexError, Postings};

pub(super) const ROW: usize = 16;

/// In how many names and records a term occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frequency {
    /// In how many names: as many as it has postings.
    pub names: u32,
    /// In how many records.
    pub records: u32,
}

/// Reads the terms of a lane.
pub(super) struct Lexicon {
    terms: Fst<Bytes>,
    rows: Bytes,
    postings: Bytes,
    count: u64,
}

impl Lexicon {
    /// Opens the two files of a lane of `count` terms, given as name and body. The checksum of the dictionary must
    /// have been compared: its reader trusts the bytes.
    pub(super) fn open(terms: (&str, Bytes), posts: (&str, Bytes), count: u64) -> Result<Lexicon, IndexError> {
        let wrong =
            |file: &str, what, found, expected| Err(IndexError::Count { file: file.to_owned(), what, found, expected });
        let dictionary = Fst::new(terms.1);
        let dictionary = dictionary.map_err(|source| IndexError::Dictionary { file: terms.0.to_owned(), source })?;
        if dictionary.len() as u64 != count {
            return wrong(terms.0, "terms", dictionary.len() as u64, count);
        }
        let (file, body) = posts;
        let expected = count.saturating_add(1).saturating_mul(ROW as u64);
        let end = usize::try_from(expected).unwrap_or(usize::MAX);
        let Some(rows) = body.slice(0..end) else {
            return wrong(file, "bytes", body.len() as u64, expected);
        };
        // The slice succeeded, so `end` is within the body.
        let found = (body.len() - end) as u64;
        let expected = u64_at(&rows, end - ROW).unwrap_or(u64::MAX);
        match body.slice(end..body.len()) {
            Some(postings) if found == expected => Ok(Lexicon { terms: dictionary, rows, postings, count }),
            _ => wrong(file, "bytes of postings", found, expected),
        }
    }

    pub(super) fn terms(&self) -> &Fst<Bytes> {
        &self.terms
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn key(&self, ordinal: u64) -> Option<Vec<u8>> {
        if ordinal >= self.count {
            return None;
        }
        self.terms.get_key(ordinal)
    }

    /// The row of a term and the one behind it.
    #[inline]
    fn row(&self, ordinal: u64) -> Option<&[u8]> {
        if ordinal >= self.count {
            return None;
        }
        let at = ordinal as usize * ROW;
        self.rows.get(at..at + 2 * ROW)
    }

    #[inline]
    pub(super) fn frequency(&self, ordinal: u64) -> Option<Frequency> {
        let row = self.row(ordinal)?;
        Some(Frequency { names: u32_at(row, 8)?, records: u32_at(row, 12)? })
    }

    /// The postings of a term, of names below `limit`; none beyond the last term.
    #[inline]
    pub(super) fn postings(&self, ordinal: u64, limit: u32) -> Postings<'_> {
        let Some(row) = self.row(ordinal) else {
            return Postings::new(&[], 0, limit);
        };
        let found = (|| {
            let bytes = between(&self.postings, u64_at(row, 0)?, u64_at(row, ROW)?)?;
            Some(Postings::new(bytes, u32_at(row, 8)?, limit))
        })();
        found.unwrap_or_else(Postings::damaged)
    }
}
