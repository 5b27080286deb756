use super::NameOrd;
use super::layout::{put_varint, take_varint};

/// A name that contains a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The name.
    pub name: NameOrd,
    /// What the builder was given with the term.
    pub flags: u8,
}

/// The postings of a term by increasing name, read as they are asked for. Costs no allocation.
///
/// Over damaged bytes it ends early; [`Postings::is_damaged`] then says so.
#[derive(Clone, Debug)]
pub struct Postings<'a> {
    bytes: &'a [u8],
    /// How many are left.
    left: u32,
    /// The least name that can come.
    next: u32,
    /// Names must be below.
    limit: u32,
    damaged: bool,
}

// A posting is a number, and the flags in one more byte where there are any. The number is twice the names passed over
// since the last posting, plus one if there are flags.

/// Appends a posting. `next` is the least name that can come, 0 at first.
pub(super) fn put_posting(bytes: &mut Vec<u8>, next: &mut u32, posting: Posting) {
    let gap = u64::from(posting.name.0 - *next);
    *next = posting.name.0 + 1;
    put_varint(bytes, gap << 1 | u64::from(posting.flags != 0));
    if posting.flags != 0 {
        bytes.push(posting.flags);
    }
}

impl<'a> Postings<'a> {
    /// The postings in `bytes`, `count` of them, of names below `limit`.
    pub(super) fn new(bytes: &'a [u8], count: u32, limit: u32) -> Postings<'a> {
        Postings { bytes, left: count, next: 0, limit, damaged: false }
    }

    /// No postings, because what says where they are is damaged.
    pub(super) fn damaged() -> Postings<'a> {
        Postings { bytes: &[], left: 0, next: 0, limit: 0, damaged: true }
    }

    /// True if the bytes read so far were not what the builder wrote. Cannot happen in a verified index.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    #[inline]
    fn read(&mut self) -> Option<Posting> {
        let number = take_varint(&mut self.bytes)?;
        let name = u64::from(self.next) + (number >> 1);
        if name >= u64::from(self.limit) {
            return None;
        }
        let flags = if number & 1 == 0 {
            0
        } else {
            let (flags, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            *flags
        };
        self.left -= 1;
        if self.left == 0 && !self.bytes.is_empty() {
            return None;
        }
        // Below `limit`, so that the sum is a u32 too.
        self.next = name as u32 + 1;
        Some(Posting { name: NameOrd(name as u32), flags })
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    #[inline]
    fn next(&mut self) -> Option<Posting> {
        if self.left == 0 {
            return None;
        }
        let posting = self.read();
        if posting.is_none() {
            self.left = 0;
            self.damaged = true;
        }
        posting
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.left as usize))
    }
}
