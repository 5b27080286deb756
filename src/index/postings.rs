use super::NameOrd;
use super::deleted::Bits;
use super::layout::{put_varint, take_varint};
use super::manifest::MAX_SEGMENTS;

/// A name that contains a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The name.
    pub name: NameOrd,
    /// What the builder was given with the term.
    pub flags: u8,
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

/// The postings of a term in one segment, by increasing name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part<'a> {
    bytes: &'a [u8],
    /// How many are left.
    left: u32,
    /// The least name that can come.
    next: u32,
    /// Names must be below.
    limit: u32,
    /// The number of the segment's first name in the index.
    base: u32,
    damaged: bool,
    /// Names that are passed over.
    deleted: Option<&'a Bits>,
}

impl<'a> Part<'a> {
    /// The postings in `bytes`, `count` of them, of names below `limit`.
    pub(super) fn new(bytes: &'a [u8], count: u32, limit: u32) -> Part<'a> {
        Part { bytes, left: count, limit, ..Part::default() }
    }

    /// No postings, because what says where they are is damaged.
    pub(super) fn damaged() -> Part<'a> {
        Part { damaged: true, ..Part::default() }
    }

    /// The same ones, of a segment whose names begin at `base`, without those of deleted names.
    pub(super) fn within(self, base: u32, deleted: Option<&'a Bits>) -> Part<'a> {
        Part { base, deleted, ..self }
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

    /// The next one, by its number in the segment, deleted or not.
    #[inline]
    pub(super) fn next_of_all(&mut self) -> Option<Posting> {
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

    #[inline]
    fn next(&mut self) -> Option<Posting> {
        loop {
            let posting = self.next_of_all()?;
            if self.deleted.is_none_or(|deleted| !deleted.has(posting.name.0)) {
                return Some(Posting { name: NameOrd(posting.name.0 + self.base), flags: posting.flags });
            }
        }
    }
}

/// The postings of a term by increasing name, read as they are asked for. Costs no allocation.
///
/// Over damaged bytes it ends early; [`Postings::is_damaged`] then says so.
#[derive(Clone, Debug, Default)]
pub struct Postings<'a> {
    part: Part<'a>,
    /// The parts that follow, the last one first.
    later: [Part<'a>; MAX_SEGMENTS],
    parts: usize,
    damaged: bool,
}

impl<'a> Postings<'a> {
    /// The postings of one segment.
    #[inline]
    pub(super) fn of(part: Part<'a>) -> Postings<'a> {
        Postings { part, ..Postings::default() }
    }

    /// Puts the postings of a segment in front whose names all come before. At most [`MAX_SEGMENTS`] in all.
    pub(super) fn put_in_front(&mut self, part: Part<'a>) {
        if let Some(place) = self.later.get_mut(self.parts) {
            *place = std::mem::replace(&mut self.part, part);
            self.parts += 1;
        }
    }

    /// True if the bytes read so far were not what the builder wrote. Cannot happen in a verified index.
    pub fn is_damaged(&self) -> bool {
        self.damaged || self.part.damaged
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    #[inline]
    fn next(&mut self) -> Option<Posting> {
        loop {
            let posting = self.part.next();
            if posting.is_some() || self.parts == 0 {
                return posting;
            }
            self.damaged |= self.part.damaged;
            self.parts -= 1;
            self.part = self.later[self.parts];
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let later: usize = self.later[..self.parts].iter().map(|part| part.left as usize).sum();
        (0, Some(self.part.left as usize + later))
    }
}
