//! The sound changes of Korean at the boundary of two syllables.

use super::hangul::{is_final, is_initial, is_vowel};
use super::pattern::{FINALS, INITIALS};
use crate::tables::Table;

/// One row: what a final and the initial after it become.
#[derive(Clone, Debug)]
struct Change {
    /// The line of the table that it comes from.
    line: u32,
    /// Finals it fits, as bits in the order of their conjoining forms; bit 0 is "no final".
    finals: u32,
    /// Initials it fits; bit 19 is the end of the word.
    initials: u32,
    /// Vowels after the initial; all bits if any.
    vowels: u32,
    /// Whether the second syllable must have no final, or ㅆ.
    open: bool,
    to_final: Option<u8>,
    to_initial: Option<u8>,
    also: bool,
    step: u8,
}

const END: u8 = 19;

/// A change that took place, for a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The line of the table.
    pub line: u32,
    /// The final and the initial before it.
    pub input: String,
    /// And after it.
    pub output: String,
}

/// The changes of one scheme, in order.
#[derive(Debug, Default)]
pub struct Sounds {
    changes: Vec<Change>,
    steps: u8,
    across: Vec<char>,
}

impl Sounds {
    /// Takes from the table the changes that a scheme names, in the order of the table.
    pub fn new(table: &Table, named: &[&str], across: Vec<char>) -> Sounds {
        let cell = |row: &[&'static str], column: &str| table.column(column).map_or("", |place| row[place]);
        let mut changes = Vec::new();
        let mut steps: Vec<&str> = Vec::new();
        for (line, row) in table.rows {
            let name = cell(row, "change");
            if !named.contains(&name) {
                continue;
            }
            let step = steps.iter().position(|step| *step == name).unwrap_or_else(|| {
                steps.push(name);
                steps.len() - 1
            });
            let vowels = cell(row, "vowel");
            changes.push(Change {
                line: *line,
                finals: bits(cell(row, "coda"), FINALS, 1),
                initials: bits(cell(row, "next"), INITIALS, 0)
                    | if cell(row, "next").contains('#') { 1 << END } else { 0 },
                vowels: if vowels.is_empty() { u32::MAX } else { vowel_bits(vowels) },
                open: vowels.contains('.'),
                to_final: target(cell(row, "to-coda"), FINALS, 1),
                to_initial: target(cell(row, "to-next"), INITIALS, 0),
                also: cell(row, "status") == "also",
                step: step as u8,
            });
        }
        Sounds { changes, steps: steps.len() as u8, across }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Applies the changes to jamo. `vary` tells which boundary, counted from 0, takes the alternative instead,
    /// where there is one; the answer is whether there was.
    pub fn apply(&self, symbols: &[char], vary: Option<usize>, out: &mut Vec<char>) -> bool {
        self.run(symbols, vary, out, &mut None)
    }

    /// The changes that take place in some jamo, in order.
    pub fn fired(&self, symbols: &[char]) -> Vec<Fired> {
        let mut fired = Some(Vec::new());
        self.run(symbols, None, &mut Vec::with_capacity(symbols.len()), &mut fired);
        fired.unwrap_or_default()
    }

    fn run(&self, symbols: &[char], vary: Option<usize>, out: &mut Vec<char>, fired: &mut Option<Vec<Fired>>) -> bool {
        out.clear();
        let mut varied = false;
        let mut boundary = 0;
        let mut at = 0;
        while at < symbols.len() {
            if !is_vowel(symbols[at]) {
                out.push(symbols[at]);
                at += 1;
                continue;
            }
            out.push(symbols[at]);
            at += 1;
            let last = symbols.get(at).copied().filter(|c| is_final(*c));
            at += usize::from(last.is_some());
            let mut next = at;
            while symbols.get(next).is_some_and(|seam| self.across.contains(seam)) {
                next += 1;
            }
            let initial = symbols.get(next).copied().filter(|c| is_initial(*c));
            let vowel = symbols.get(next + 1).copied().filter(|c| is_vowel(*c));
            let after = symbols.get(next + 2).copied().filter(|c| is_final(*c));
            let from = Seam {
                last: last.map_or(0, |c| (c as u32 - 0x11A7) as u8),
                initial: initial.map_or(END, |c| (c as u32 - 0x1100) as u8),
                vowel: vowel.map_or(31, |c| (c as u32 - 0x1161) as u8),
                open: after.is_none_or(|c| c == '\u{11BB}'),
            };
            let wanted = vary == Some(boundary);
            let (to, took) = self.change(from, wanted, fired);
            varied |= took;
            boundary += 1;
            if to.last > 0 {
                out.extend(char::from_u32(0x11A7 + u32::from(to.last)));
            }
            if initial.is_some() {
                out.extend_from_slice(&symbols[at..next]);
                out.extend(char::from_u32(0x1100 + u32::from(to.initial)));
                at = next + 1;
            }
        }
        varied
    }

    fn change(&self, mut seam: Seam, wanted: bool, fired: &mut Option<Vec<Fired>>) -> (Seam, bool) {
        let mut done = 0; // the step that last changed the seam, plus one
        let mut took = false;
        for change in &self.changes {
            if change.step < done || (change.also && !wanted) || !change.fits(seam) {
                continue;
            }
            took |= change.also;
            done = change.step + 1;
            let before = seam;
            seam.last = change.to_final.unwrap_or(seam.last);
            seam.initial = change.to_initial.unwrap_or(seam.initial);
            if let Some(fired) = fired {
                fired.push(Fired { line: change.line, input: before.shown(), output: seam.shown() });
            }
        }
        debug_assert!(done <= self.steps);
        (seam, took)
    }
}

#[derive(Clone, Copy)]
struct Seam {
    last: u8,
    initial: u8,
    vowel: u8,
    open: bool,
}

impl Seam {
    /// The letters of a seam, with a point between the syllables.
    fn shown(self) -> String {
        let last = usize::from(self.last).checked_sub(1).and_then(|place| FINALS.chars().nth(place));
        let initial = INITIALS.chars().nth(usize::from(self.initial));
        last.into_iter().chain(['.']).chain(initial).collect()
    }
}

impl Change {
    fn fits(&self, seam: Seam) -> bool {
        self.finals >> seam.last & 1 == 1
            && self.initials >> seam.initial & 1 == 1
            && (self.vowels == u32::MAX || self.vowels >> seam.vowel & 1 == 1)
            && (seam.open || !self.open)
    }
}

/// The letters of a cell as bits; `*` is all of them, `0` none at all.
fn bits(cell: &str, letters: &str, first: u32) -> u32 {
    let mut bits = 0;
    for (place, letter) in letters.chars().enumerate() {
        if cell.contains('*') || cell.contains(letter) {
            bits |= 1 << (place as u32 + first);
        }
    }
    bits
}

fn vowel_bits(cell: &str) -> u32 {
    cell.chars().filter(|c| ('ㅏ'..='ㅣ').contains(c)).fold(0, |bits, c| bits | 1 << (c as u32 - 'ㅏ' as u32))
}

/// What a cell turns a letter into: `=` leaves it, `0` removes it.
fn target(cell: &str, letters: &str, first: u8) -> Option<u8> {
    match cell {
        "=" => None,
        "0" => Some(0),
        letter => letters.chars().position(|c| letter.starts_with(c)).map(|place| place as u8 + first),
    }
}
