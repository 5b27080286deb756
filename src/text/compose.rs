//! The second stage: letters and their marks become one character where Unicode has one. What does not compose is
//! dropped, except the marks of scripts that need them.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, is_combining_mark};

use super::cell::{Cell, Class};

/// The most marks of one letter that are looked at; nothing that is written has more.
const MARKS: usize = 16;
/// The most marks a letter keeps that do not compose.
const KEPT: usize = 4;

/// Composes in one pass; stacks of marks are bounded.
pub(super) fn composed(cells: &[Cell]) -> Vec<Cell> {
    let mut done = Vec::with_capacity(cells.len());
    let mut at = 0;
    let mut marks: Vec<char> = Vec::new();
    while at < cells.len() {
        let base = cells[at];
        let mut next = at + 1;
        while cells.get(next).is_some_and(|cell| cell.class == Class::Mark) {
            next += 1;
        }
        if next == at + 1 {
            done.push(base);
        } else {
            marks.clear();
            let mut letter = base.c;
            if base.class.is_letter() && !matches!(base.c, '가'..='힣') {
                decompose_canonical(base.c, |c| if is_combining_mark(c) { marks.push(c) } else { letter = c });
            }
            marks.extend(cells[at + 1..next].iter().take(MARKS).map(|cell| cell.c));
            let end = cells[next - 1].end;
            letters(Cell { c: letter, end, ..base }, &mut marks, &mut done);
        }
        at = next;
    }
    done
}

/// Composes a letter with its marks by the algorithm of UAX #15, and adds it with the marks it keeps.
fn letters(base: Cell, marks: &mut [char], done: &mut Vec<Cell>) {
    marks.sort_by_key(|mark| canonical_combining_class(*mark));
    let keeps = base.class == Class::Other;
    let mut letter = base.c;
    let mut rest = [None; KEPT];
    let mut kept = 0;
    let mut last = 0;
    for mark in marks.iter().copied() {
        let class = canonical_combining_class(mark);
        let blocked = kept > 0 && (last >= class || last == 0);
        match compose(letter, mark) {
            Some(both) if !(keeps && blocked) => letter = both,
            _ if keeps && kept < KEPT => {
                rest[kept] = Some(mark);
                kept += 1;
                last = class;
            }
            _ => {}
        }
    }
    let class = if base.class.is_letter() { Class::of(letter) } else { base.class };
    done.push(Cell { c: letter, class, ..base });
    done.extend(rest.into_iter().flatten().map(|c| Cell { c, class: Class::Mark, ..base }));
}
