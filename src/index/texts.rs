//! Texts in compressed blocks, for answers that are shown.
//!
//! Body: blocks one after the other; a directory of 16-byte rows (first name u32, raw length u32, offset u64); the
//! number of rows u64. A raw block is the texts of consecutive names, each behind its length as a varint.

use std::cell::RefCell;
use std::io::{self, Write};

use zstd::bulk::{Compressor, Decompressor};

use crate::storage::{Bytes, Sealer};

use super::IndexError;
use super::builder::{BuildOptions, MAX_TEXT};
use super::layout::{between, put_varint, take_varint, u32_at, u64_at};

const ROW: usize = 16;

/// The longest raw block: one text short of full, and one of the longest texts with its length.
const MAX_BLOCK: usize = 2 * MAX_TEXT + 16;

/// Writes texts, name after name.
pub(super) struct TextWriter<'a, 'd> {
    file: &'a mut Sealer<'d>,
    compressor: Compressor<'static>,
    limit: usize,
    raw: Vec<u8>,
    first: u32,
    next: u32,
    directory: Vec<u8>,
}

impl<'a, 'd> TextWriter<'a, 'd> {
    pub(super) fn new(file: &'a mut Sealer<'d>, options: &BuildOptions) -> io::Result<TextWriter<'a, 'd>> {
        let compressor = Compressor::new(options.level.clamp(1, 19))?;
        let limit = options.block.clamp(1, MAX_TEXT);
        Ok(TextWriter { file, compressor, limit, raw: Vec::new(), first: 0, next: 0, directory: Vec::new() })
    }

    pub(super) fn push(&mut self, text: &[u8]) -> io::Result<()> {
        put_varint(&mut self.raw, text.len() as u64);
        self.raw.extend_from_slice(text);
        self.next += 1;
        if self.raw.len() >= self.limit { self.flush() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.raw.is_empty() {
            self.flush()?;
        }
        self.file.write_all(&self.directory)?;
        self.file.write_all(&((self.directory.len() / ROW) as u64).to_le_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        let block = self.compressor.compress(&self.raw)?;
        self.directory.extend_from_slice(&self.first.to_le_bytes());
        // Below `MAX_BLOCK`.
        self.directory.extend_from_slice(&(self.raw.len() as u32).to_le_bytes());
        self.directory.extend_from_slice(&self.file.position().to_le_bytes());
        self.first = self.next;
        self.raw.clear();
        self.file.write_all(&block)
    }
}

/// Reads texts.
pub(super) struct Texts {
    body: Bytes,
    /// Where the directory begins.
    directory: usize,
    rows: usize,
}

thread_local! {
    /// What a decompressor allocates is a hundred times what a text needs, so each thread keeps one.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

impl Texts {
    pub(super) fn open(file: &str, body: Bytes) -> Result<Texts, IndexError> {
        let damaged = || IndexError::Damaged { file: file.to_owned(), what: "directory", number: 0 };
        let end = body.len().checked_sub(8).ok_or_else(damaged)?;
        let rows = u64_at(&body, end).and_then(|rows| usize::try_from(rows).ok()).ok_or_else(damaged)?;
        let directory = rows.checked_mul(ROW).and_then(|length| end.checked_sub(length)).ok_or_else(damaged)?;
        Ok(Texts { body, directory, rows })
    }

    /// First name, raw length and offset of a block.
    fn row(&self, row: usize) -> Option<(u32, usize, u64)> {
        let at = self.directory + row * ROW;
        let first = u32_at(&self.body, at)?;
        Some((first, u32_at(&self.body, at + 4)? as usize, u64_at(&self.body, at + 8)?))
    }

    /// The text of a name; `None` beyond the last name and where bytes are damaged.
    pub(super) fn get(&self, name: u32) -> Option<String> {
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.row(middle)?.0 <= name { low = middle + 1 } else { high = middle }
        }
        let block = low.checked_sub(1)?;
        let raw = self.block(block)?;
        let mut rest = &raw[..];
        for _ in self.row(block)?.0..name {
            take_text(&mut rest)?;
        }
        String::from_utf8(take_text(&mut rest)?.to_vec()).ok()
    }

    /// All texts in order.
    pub(super) fn all(&self) -> TextCursor<'_> {
        TextCursor { texts: self, block: 0, raw: Vec::new(), at: 0 }
    }

    fn block(&self, block: usize) -> Option<Vec<u8>> {
        let (_, length, start) = self.row(block)?;
        let end = if block + 1 < self.rows { self.row(block + 1)?.2 } else { self.directory as u64 };
        let packed = between(&self.body[..self.directory], start, end)?;
        if length > MAX_BLOCK {
            return None;
        }
        DECOMPRESSOR.with_borrow_mut(|kept| {
            let decompressor = match kept {
                Some(decompressor) => decompressor,
                None => kept.insert(Decompressor::new().ok()?),
            };
            decompressor.decompress(packed, length).ok().filter(|raw| raw.len() == length)
        })
    }
}

/// Reads texts one after the other.
pub(super) struct TextCursor<'a> {
    texts: &'a Texts,
    /// The next block.
    block: usize,
    raw: Vec<u8>,
    at: usize,
}

impl TextCursor<'_> {
    /// The next text; `None` behind the last and where bytes are damaged.
    pub(super) fn next(&mut self) -> Option<&str> {
        if self.at == self.raw.len() {
            if self.block == self.texts.rows {
                return None;
            }
            self.raw = self.texts.block(self.block)?;
            (self.block, self.at) = (self.block + 1, 0);
        }
        let mut rest = &self.raw[self.at..];
        let text = take_text(&mut rest)?;
        self.at = self.raw.len() - rest.len();
        std::str::from_utf8(text).ok()
    }

    /// True if every text was read.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.raw.len() && self.block == self.texts.rows
    }
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_varint(rest)?).ok()?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}
