//! Rows of delimited text, one at a time, with their lines.
//!
//! The form is that of RFC 4180, and strictly so: a quotation mark that opens and never closes would swallow the
//! rest of a list without a trace. Such a row is broken; reading goes on at the next line of the file.

use std::borrow::Cow;

use super::input::MAX_VALUE_BYTES;

/// The most cells of a row.
pub(super) const MAX_CELLS: usize = 4096;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What stands between cells: one ASCII character.
    pub delimiter: u8,
    /// True if cells may stand in quotation marks.
    pub quoted: bool,
}

/// The cells of a row, or what is wrong with it.
pub(super) type Cells<'a> = Result<Vec<Cow<'a, str>>, String>;

/// A row that was read, or one that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The line it begins at, from 1.
    pub line: u32,
    /// The text of that line.
    pub first_line: &'a str,
    /// Its cells, or what is wrong with it.
    pub cells: Cells<'a>,
}

/// The rows of a text. Empty lines are no rows.
pub(super) struct Rows<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    dialect: Dialect,
}

impl<'a> Rows<'a> {
    /// Begins at the first line.
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Rows<'a> {
        Rows { text, at: 0, line: 1, dialect }
    }

    /// How many bytes have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.at as u64
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over one end of line if there is one: `\n`, `\r\n` or `\r`.
    fn end_of_line(&mut self) -> bool {
        match self.byte() {
            Some(b'\n') => self.at += 1,
            Some(b'\r') => self.at += if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') { 2 } else { 1 },
            _ => return false,
        }
        self.line += 1;
        true
    }

    /// The cells of a row. The outer error is a row whose end cannot be told; the inner one is a row that was read
    /// to its end and breaks a limit.
    fn cells(&mut self) -> Result<Cells<'a>, String> {
        let mut cells = Vec::new();
        let mut fault = None;
        loop {
            let cell = match self.byte() {
                Some(b'"') if self.dialect.quoted => self.quoted_cell(cells.len() + 1)?,
                _ => self.plain_cell(cells.len() + 1)?,
            };
            if cell.len() > MAX_VALUE_BYTES {
                let number = cells.len() + 1;
                fault.get_or_insert(format!("cell {number} has {} bytes, the limit is {MAX_VALUE_BYTES}", cell.len()));
            } else if cell.contains('\0') {
                fault.get_or_insert(format!("cell {} has a character U+0000", cells.len() + 1));
            }
            if cells.len() < MAX_CELLS {
                cells.push(cell);
            } else {
                fault.get_or_insert(format!("more than {MAX_CELLS} cells"));
            }
            if self.byte() == Some(self.dialect.delimiter) {
                self.at += 1;
            } else {
                self.end_of_line();
                return Ok(fault.map_or(Ok(cells), Err));
            }
        }
    }

    fn plain_cell(&mut self, number: usize) -> Result<Cow<'a, str>, String> {
        let rest = &self.text.as_bytes()[self.at..];
        let stop = |byte: &u8| *byte == self.dialect.delimiter || matches!(byte, b'\r' | b'\n');
        let length = rest.iter().position(stop).unwrap_or(rest.len());
        let cell = &self.text[self.at..self.at + length];
        if self.dialect.quoted && cell.contains('"') {
            return Err(format!("cell {number} has a quotation mark but does not begin with one"));
        }
        self.at += length;
        Ok(Cow::Borrowed(cell))
    }

    fn quoted_cell(&mut self, number: usize) -> Result<Cow<'a, str>, String> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut end = start;
        let mut doubled = false;
        loop {
            match bytes[end..].iter().position(|byte| *byte == b'"') {
                None => return Err(format!("the quotation mark that opens cell {number} is never closed")),
                Some(length) => end += length,
            }
            if bytes.get(end + 1) != Some(&b'"') {
                break;
            }
            doubled = true;
            end += 2;
        }
        let mut after = end + 1;
        while bytes.get(after) == Some(&b' ') && self.dialect.delimiter != b' ' {
            after += 1;
        }
        let closed =
            bytes.get(after).is_none_or(|byte| *byte == self.dialect.delimiter || matches!(byte, b'\r' | b'\n'));
        if !closed {
            return Err(format!("cell {number} has text behind its closing quotation mark"));
        }
        let cell = &self.text[start..end];
        self.line += line_ends(cell);
        self.at = after;
        Ok(if doubled { Cow::Owned(cell.replace("\"\"", "\"")) } else { Cow::Borrowed(cell) })
    }
}

fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    (0..bytes.len()).filter(|at| ends(*at)).count() as u32
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        while self.end_of_line() {}
        self.byte()?;
        let (start, line) = (self.at, self.line);
        let cells = self.cells().unwrap_or_else(|reason| {
            // Go on at the next line, so that no row behind this one is swallowed. Every line that opens a mark
            // without closing it holds an odd number of marks, so it ends the search of an earlier one: the work
            // stays linear.
            let rest = &self.text.as_bytes()[start..];
            self.at = start + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            self.line = line;
            self.end_of_line();
            Err(reason)
        });
        let first_line = self.text[start..].lines().next().unwrap_or("");
        Some(Row { line, first_line, cells })
    }
}
