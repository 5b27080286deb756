use super::NameOrd;
use super::deleted::Bits;
use super::layout::{between, put_varint, take_short_varint, take_varint, u32_at, u64_at};
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
// since the last posting, plus one if there are flags. Postings lie in blocks; rows in front of the first one, for each
// block but the first, lead past those that nobody asks for: the least name that can come u32, the offset from the first
// posting u64.

/// Postings of a block. At 128, rows are a tenth of a byte a posting where there are any, and a rare word that stands
/// beside one of ten million names reads a hundredth of its postings.
pub const SKIP_INTERVAL: u32 = 128;
const ROW: usize = 12;

/// The bytes of the rows of so many postings.
fn rows(count: u32) -> usize {
    (count.saturating_sub(1) / SKIP_INTERVAL) as usize * ROW
}

/// Appends the postings of a term, which come by increasing name.
pub(super) fn put_postings(bytes: &mut Vec<u8>, count: u32, postings: impl Iterator<Item = Posting>) {
    let start = bytes.len();
    bytes.resize(start + rows(count), 0);
    let first = bytes.len();
    let mut next = 0;
    for (number, posting) in (0..).zip(postings) {
        if number > 0 && number % SKIP_INTERVAL == 0 {
            let row = start + rows(number);
            let offset = (bytes.len() - first) as u64;
            bytes[row..row + 4].copy_from_slice(&u32::to_le_bytes(next));
            bytes[row + 4..row + ROW].copy_from_slice(&offset.to_le_bytes());
        }
        let gap = u64::from(posting.name.0 - next);
        next = posting.name.0 + 1;
        put_varint(bytes, gap << 1 | u64::from(posting.flags != 0));
        if posting.flags != 0 {
            bytes.push(posting.flags);
        }
    }
}

/// The postings of a term in one segment, by increasing name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part<'a> {
    /// Those that are left.
    bytes: &'a [u8],
    /// All of them, behind the rows of their blocks.
    all: &'a [u8],
    /// How many there are.
    count: u32,
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
        match bytes.get(rows(count)..) {
            Some(first) => Part { bytes: first, all: bytes, count, left: count, limit, ..Part::default() },
            None => Part::damaged(),
        }
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

    /// The least name that can come in a block behind the first one, and where it begins.
    #[inline]
    fn row(&self, block: u32) -> Option<(u32, u64)> {
        let row = (block as usize).checked_sub(1)? * ROW;
        Some((u32_at(self.all, row)?, u64_at(self.all, row + 4)?))
    }

    /// Passes over blocks all of whose names, by their numbers in the segment, are below one.
    #[inline]
    fn skip_to(&mut self, name: u32) {
        let last = self.count.saturating_sub(1) / SKIP_INTERVAL;
        let own = (self.count - self.left) / SKIP_INTERVAL;
        let begins_by = |block: u32| block <= last && self.row(block).is_some_and(|(next, _)| next <= name);
        if self.left == 0 || !begins_by(own + 1) {
            return;
        }
        // Ever longer steps, then ever shorter ones: what is asked for is mostly near.
        let (mut low, mut step) = (own + 1, 1);
        while begins_by(low + step) {
            (low, step) = (low + step, step * 2);
        }
        while step > 0 {
            if begins_by(low + step) {
                low += step;
            }
            step /= 2;
        }
        let found = self.row(low).and_then(|(next, offset)| {
            let first = rows(self.count) as u64;
            Some((next, between(self.all, first.checked_add(offset)?, self.all.len() as u64)?))
        });
        match found {
            Some((next, bytes)) => (self.next, self.bytes, self.left) = (next, bytes, self.count - low * SKIP_INTERVAL),
            None => (self.left, self.damaged) = (0, true),
        }
    }

    /// Passes over postings of names below one, but for the last posting: where that ends is for [`Part::read`] to hold.
    #[inline]
    fn pass_below(&mut self, name: u32) {
        let name = u64::from(name.min(self.limit));
        let (mut bytes, mut next, mut left) = (self.bytes, u64::from(self.next), self.left);
        while left > 1
            && let Some(number) = take_short_varint(&mut bytes)
            && next + (number >> 1) < name
        {
            if number & 1 != 0 {
                let Some((_, rest)) = bytes.split_first() else { break };
                bytes = rest;
            }
            next += (number >> 1) + 1;
            left -= 1;
            // Below `limit`, so that it is a u32.
            (self.bytes, self.next, self.left) = (bytes, next as u32, left);
        }
    }

    /// True if the rows say of the block that comes what those say who came before.
    pub(super) fn is_in_step(&self) -> bool {
        let read = self.count - self.left;
        if self.left == 0 || read == 0 || !read.is_multiple_of(SKIP_INTERVAL) {
            return true;
        }
        let offset = self.all.len() - rows(self.count) - self.bytes.len();
        self.row(read / SKIP_INTERVAL) == Some((self.next, offset as u64))
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
        if self.part.count == 0 && !self.part.damaged {
            self.part = part;
        } else if let Some(place) = self.later.get_mut(self.parts) {
            *place = std::mem::replace(&mut self.part, part);
            self.parts += 1;
        }
    }

    /// Passes over most of the postings of names below one, without reading them. What comes next may still be below.
    #[inline]
    fn skip_to(&mut self, name: NameOrd) {
        // A part whose successor begins by the name has none that is asked for.
        while self.parts > 0 && self.later[self.parts - 1].base <= name.0 {
            self.damaged |= self.part.damaged;
            self.parts -= 1;
            self.part = self.later[self.parts];
        }
        self.part.skip_to(name.0.saturating_sub(self.part.base));
    }

    /// The next one of a name that is not below one. Of those that are passed over, most are not read.
    #[inline]
    pub fn next_from(&mut self, name: NameOrd) -> Option<Posting> {
        self.skip_to(name);
        self.part.pass_below(name.0.saturating_sub(self.part.base));
        self.find(|posting| posting.name >= name)
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
