//! Quotation marks and brackets: which open, which close, and what stands between them.

use std::ops::Range;

use super::cell::{Cell, Class};

/// The deepest nesting that is followed; what is nested deeper is not told from its surroundings.
const DEPTH: usize = 16;

/// The spans inside quotation marks and inside brackets, in the order of their beginnings.
#[derive(Debug, Default)]
pub(super) struct Enclosures {
    pub(super) quoted: Vec<Range<usize>>,
    pub(super) bracketed: Vec<Range<usize>>,
}

/// Finds quotations and brackets. Apostrophes that quote become quotation marks, and a lone quotation mark inside a
/// Latin word becomes the letter it is in romanisations.
pub(super) fn enclosures(cells: &mut [Cell], length: usize) -> Enclosures {
    let is_word =
        |cells: &[Cell], at: Option<usize>| at.and_then(|at| cells.get(at)).is_some_and(|c| c.class.is_word());
    let sides = |cells: &[Cell], at: usize| (is_word(cells, at.checked_sub(1)), is_word(cells, Some(at + 1)));

    let doubles =
        cells.iter().filter(|cell| matches!(cell.class, Class::Quote | Class::QuoteOpens | Class::QuoteCloses)).count();
    let mut found = Enclosures::default();
    let mut quotes: Vec<usize> = Vec::new();
    let mut brackets: Vec<Cell> = Vec::new();
    let mut single: Option<usize> = None;
    for at in 0..cells.len() {
        let (before, after) = sides(cells, at);
        let cell = cells[at];
        match cell.class {
            Class::Apostrophe if !before && after => single = Some(at),
            Class::Apostrophe if before && !after => {
                if let Some(open) = single.take() {
                    found.quoted.push(cells[open].end..cell.start);
                    cells[open].class = Class::QuoteOpens;
                    cells[at].class = Class::QuoteCloses;
                }
            }
            Class::Quote | Class::QuoteCloses if doubles == 1 && before && after && beside_latin(cells, at) => {
                cells[at].class = Class::DoubleSign;
            }
            Class::Quote | Class::QuoteOpens | Class::QuoteCloses => {
                let opens = match (before, after, cell.class) {
                    (false, true, _) => true,
                    (true, false, _) => false,
                    (_, _, Class::Quote) => quotes.is_empty(),
                    (_, _, class) => class == Class::QuoteOpens,
                };
                if !opens {
                    found.quoted.extend(quotes.pop().map(|start| start..cell.start));
                } else if quotes.len() < DEPTH {
                    quotes.push(cell.end);
                }
            }
            Class::BracketOpens if brackets.len() < DEPTH => brackets.push(cell),
            Class::BracketCloses => found.bracketed.extend(brackets.pop().map(|open| between(open, cell))),
            _ => {}
        }
    }
    // What is never closed lasts to the end: «Завод «Мокран» has one closing mark for both.
    found.quoted.extend(quotes.into_iter().map(|start| start..length));
    found.bracketed.extend(brackets.into_iter().map(|open| open.end..length));
    for spans in [&mut found.quoted, &mut found.bracketed] {
        spans.retain(|span| span.start < span.end);
        spans.sort_by_key(|span| (span.start, usize::MAX - span.end));
    }
    found
}

/// The bytes between two brackets; those of the character itself that has both, as ㈜ does.
fn between(open: Cell, close: Cell) -> Range<usize> {
    if open.start == close.start { open.start..close.end } else { open.end..close.start }
}

fn beside_latin(cells: &[Cell], at: usize) -> bool {
    at > 0 && cells[at - 1].class == Class::Latin && cells.get(at + 1).is_some_and(|cell| cell.class == Class::Latin)
}
