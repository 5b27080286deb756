//! The last stage: where words begin and end, and which script each of them has.

use super::cell::{Cell, Class};
use super::lookalikes;
use super::word::{Join, Word};

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) words: Vec<Word>,
    /// How many letters of the text settle that it is Latin or Cyrillic; counted when a word asks.
    settled: Option<(usize, usize)>,
    /// Where the last word ends, in cells.
    end: usize,
}

/// Finds the words of a text. Letters that are repaired change in `cells`.
pub(super) fn words(cells: &mut [Cell]) -> Words {
    let mut found = Words::default();
    let mut at = 0;
    while at < cells.len() {
        if !begins_word(cells, at) {
            at += 1;
            continue;
        }
        let end = match plain_end(cells, at) {
            Some(end) => {
                found.add(cells, at, end, cells[at].class);
                end
            }
            None => {
                let end = token_end(cells, at);
                found.token(cells, at, end);
                end
            }
        };
        at = end;
    }
    found.gap(cells, cells.len());
    found
}

/// A word begins with a letter or digit, or with an apostrophe directly before a Latin letter.
fn begins_word(cells: &[Cell], at: usize) -> bool {
    let class = cells[at].class;
    class.is_word() || (class.is_sign() && cells.get(at + 1).is_some_and(|next| next.class == Class::Latin))
}

/// Where a token of nothing but letters of one script ends, as nearly all are; `None` for all others.
fn plain_end(cells: &[Cell], start: usize) -> Option<usize> {
    let class = cells[start].class;
    if !matches!(class, Class::Latin | Class::Cyrillic | Class::Hangul | Class::Han) {
        return None;
    }
    let length = cells[start..].iter().take_while(|cell| cell.class == class).count();
    let next = cells.get(start + length).map(|cell| cell.class);
    let goes_on = next.is_some_and(|next| next.is_word() || next == Class::Mark || next.is_sign());
    (!goes_on).then_some(start + length)
}

/// Where the run of letters, digits, marks and their apostrophes ends that begins at `start`.
fn token_end(cells: &[Cell], start: usize) -> usize {
    let mut end = start;
    // Whether the token so far ends in Latin or Cyrillic letters, and in digits after them.
    let (mut letters, mut digits) = (false, false);
    while let Some(cell) = cells.get(end) {
        match cell.class {
            class if is_alphabetic(class) => (letters, digits) = (true, false),
            Class::Digit => (letters, digits) = (false, letters || digits),
            class if class.is_word() || class == Class::Mark => (letters, digits) = (false, false),
            // An apostrophe belongs to the letter before it, or stands between a digit typed for one and a letter.
            class if class.is_sign() && (letters || end == start) => {}
            class if class.is_sign() && digits && cells.get(end + 1).is_some_and(|next| is_alphabetic(next.class)) => {}
            _ => break,
        }
        end += 1;
    }
    end
}

fn is_alphabetic(class: Class) -> bool {
    matches!(class, Class::Latin | Class::Cyrillic)
}

/// What is never torn apart by a change of script alone: Hangul, Han, and the rest.
fn group(class: Class) -> Option<u8> {
    match class {
        Class::Hangul => Some(1),
        Class::Han => Some(2),
        class if class.is_word() => Some(0),
        _ => None,
    }
}

/// Where the run of equal keys that begins at `start` ends; cells without a key go with the run.
fn run_end<K: PartialEq>(cells: &[Cell], start: usize, end: usize, key: impl Fn(Class) -> Option<K>) -> usize {
    let mut first = None;
    for (at, cell) in cells[..end].iter().enumerate().skip(start) {
        match (key(cell.class), &first) {
            (Some(found), Some(first)) if found != *first => return at,
            (Some(found), None) => first = Some(found),
            _ => {}
        }
    }
    end
}

impl Words {
    /// Adds the words of a token: Hangul and Han apart from all others.
    fn token(&mut self, cells: &mut [Cell], start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let next = run_end(cells, at, end, group);
            match cells[at..next].iter().find_map(|cell| group(cell.class)) {
                Some(1) => self.add(cells, at, next, Class::Hangul),
                Some(2) => self.add(cells, at, next, Class::Han),
                _ => self.run(cells, at, next),
            }
            at = next;
        }
    }

    /// Adds the words of a run without Hangul and Han: repaired to one script where that can be done.
    fn run(&mut self, cells: &mut [Cell], start: usize, end: usize) {
        let has = |cells: &[Cell], class: Class| cells[start..end].iter().any(|cell| cell.class == class);
        let (latin, cyrillic, other) =
            (has(cells, Class::Latin), has(cells, Class::Cyrillic), has(cells, Class::Other));
        match (latin, cyrillic, other) {
            (false, false, false) => self.add(cells, start, end, Class::Digit),
            (true, false, false) => self.add(cells, start, end, Class::Latin),
            (false, true, false) => self.add(cells, start, end, Class::Cyrillic),
            (false, false, true) => self.pieces(cells, start, end, true),
            _ => {
                let settled = *self.settled.get_or_insert_with(|| lookalikes::settled(cells));
                if lookalikes::repair(&mut cells[start..end], settled) {
                    self.run(cells, start, end);
                } else {
                    self.pieces(cells, start, end, false);
                }
            }
        }
    }

    /// Adds the pieces of a run, each of one script. Digits go with the letters before them, except those of other
    /// scripts.
    fn pieces(&mut self, cells: &mut [Cell], start: usize, end: usize, other: bool) {
        let mut at = start;
        while at < end {
            let next = run_end(cells, at, end, |class| match class {
                Class::Digit if !other => None,
                class if class.is_word() => Some(class),
                _ => None,
            });
            match (other, cells[at..next].iter().map(|cell| cell.class).find(|class| class.is_word())) {
                (true, Some(class)) => self.add(cells, at, next, class),
                _ => self.run(cells, at, next),
            }
            at = next;
        }
    }

    fn add(&mut self, cells: &[Cell], start: usize, end: usize, class: Class) {
        let join = self.gap(cells, start);
        self.words.push(Word::of(&cells[start..end], class, join));
        self.end = end;
    }

    /// What stands between the last word and a place; notes the full stop after the word.
    fn gap(&mut self, cells: &[Cell], start: usize) -> Join {
        let Some(last) = self.words.last_mut() else { return Join::Start };
        let gap = &cells[self.end..start];
        if gap.is_empty() {
            return Join::None;
        }
        let [mut space, mut hyphen, mut apostrophe, mut dot, mut ampersand, mut comma, mut more] = [false; 7];
        for cell in gap {
            match cell.class {
                Class::Space => space = true,
                Class::Hyphen => hyphen = true,
                Class::Dot => dot = true,
                Class::Ampersand => ampersand = true,
                Class::Mark => {}
                class if class.is_sign() => apostrophe = true,
                Class::Comma => comma = true,
                _ => more = true,
            }
        }
        if gap[0].class == Class::Dot {
            last.dotted = true;
        }
        match () {
            () if comma => Join::Comma,
            () if more || (hyphen && dot) => Join::Punctuation,
            () if hyphen && space => Join::Dash,
            () if ampersand => Join::Ampersand,
            () if hyphen => Join::Hyphen,
            () if space => Join::Space,
            () if dot => Join::Dot,
            () if apostrophe => Join::Apostrophe,
            () => Join::None,
        }
    }
}
