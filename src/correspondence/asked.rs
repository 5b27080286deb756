use std::cell::RefCell;

use smallvec::SmallVec;

use super::table::MAX_UNIT;
use super::trie::{Reach, Root};
use super::{Table, cost};

/// A word that is asked, made ready against the tables between its script and one in which words are stored: what
/// does not depend on the stored word is worked out once.
#[derive(Debug)]
pub struct Asked<'t> {
    query: Vec<u8>,
    edit: Option<f32>,
    ways: Vec<Way<'t>>,
}

/// A table as one word sees it.
#[derive(Debug)]
struct Way<'t> {
    table: &'t Table,
    /// The chunks that begin at each place, those of one place side by side.
    chunks: Vec<Chunk<'t>>,
    /// Where those of each place begin; one place more for the end.
    begins: Vec<u32>,
    /// For each place and number of stored symbols left, the least that the rest can cost: an admissible bound.
    left: Vec<f32>,
    /// How many numbers of stored symbols each place has.
    width: usize,
}

/// A chunk of a word: how many symbols it has, and what it may be spelled.
type Chunk<'t> = (usize, &'t Root);

thread_local! {
    /// The costs of one comparison; kept, so that a comparison asks for no memory.
    static GRID: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl<'t> Asked<'t> {
    /// Makes a word ready. With `edit`, a symbol may also be exchanged, left out or put in at that cost, in nats; and a symbol
    /// of the word may be put in or exchanged for one that is spelled by several.
    pub fn new(tables: &'t [Table], query: &[u8], edit: Option<f32>) -> Asked<'t> {
        let ways = match query.len() {
            0..=cost::LONGEST_WORD => tables.iter().map(|table| Way::new(table, query, edit)).collect(),
            _ => Vec::new(),
        };
        Asked { query: query.to_vec(), edit, ways }
    }

    /// True if every spelling of so many symbols costs more than `limit`, by their number alone.
    pub fn is_beyond(&self, symbols: usize, limit: f32) -> bool {
        self.ways.iter().all(|way| way.least(0, symbols) + way.table.prior > limit)
    }

    /// What it costs, in nats, that the word is spelled `stored` by the best of the tables; `None` if it is more than
    /// `limit`, and for words that no name has.
    pub fn cost(&self, stored: &[u8], limit: f32) -> Option<f32> {
        if stored.len() > cost::LONGEST_WORD {
            return None;
        }
        let mut best = None;
        GRID.with_borrow_mut(|grid| {
            let mut limit = limit;
            for way in &self.ways {
                let prior = way.table.prior;
                if let Some(cost) = way.cost(&self.query, stored, self.edit, limit - prior, grid) {
                    limit = cost + prior;
                    best = Some(limit);
                }
            }
        });
        best
    }
}

impl<'t> Way<'t> {
    fn new(table: &'t Table, query: &[u8], edit: Option<f32>) -> Way<'t> {
        let roots = table.roots(query);
        // Stored words that are longer are rare; they take the bound of the last column.
        let width = query.len() + query.len() / 2 + 4;
        let mut left = vec![f32::INFINITY; (query.len() + 1) * width];
        let mistyped = edit.map(|edit| mistyped(table, edit));
        for place in (0..=query.len()).rev() {
            let (own, later) = left[place * width..].split_at_mut(width);
            if place == query.len() {
                own[0] = 0.0;
            }
            for (length, root) in roots[place].iter().enumerate().skip(1) {
                if let Some(root) = root {
                    relax(own, &later[(length - 1) * width..length * width], &root.reach);
                }
            }
            if let (Some(edit), Some(mut exchanged), true) = (edit, mistyped, place < query.len()) {
                // Or left out.
                exchanged[0] = edit;
                relax(own, &later[..width], &exchanged);
            }
            let inserted = roots[place][0].map(|root| root.reach);
            let inserted = merged(inserted, mistyped);
            // Of most numbers of symbols, so many are never put in together.
            let inserted = inserted.into_iter().enumerate().skip(1).filter(|(_, cost)| cost.is_finite());
            let inserted: SmallVec<[(usize, f32); MAX_UNIT]> = inserted.collect();
            for symbols in 1..width {
                for (given, cost) in inserted.iter().take_while(|(given, _)| *given <= symbols) {
                    own[symbols] = lesser(own[symbols], own[symbols - given] + cost);
                }
            }
        }
        // The last column stands for that many symbols and more: what any number of them can cost at least.
        for row in left.chunks_mut(width) {
            row[width - 1] = row.iter().copied().fold(f32::INFINITY, lesser);
        }
        let (mut chunks, mut begins) = (Vec::new(), vec![0]);
        for roots in &roots {
            chunks.extend(roots.iter().enumerate().filter_map(|(length, root)| Some((length, (*root)?))));
            // A place has at most as many chunks as a unit has symbols.
            begins.push(chunks.len() as u32);
        }
        Way { table, chunks, begins, left, width }
    }

    #[inline]
    fn least(&self, place: usize, symbols: usize) -> f32 {
        self.left[place * self.width + symbols.min(self.width - 1)]
    }

    fn cost(&self, query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32, grid: &mut Vec<f32>) -> Option<f32> {
        if self.least(0, stored.len()) > limit {
            return None;
        }
        let width = stored.len() + 1;
        grid.clear();
        grid.resize((query.len() + 1) * width, f32::INFINITY);
        grid[0] = 0.0;
        for (place, ends) in self.begins.windows(2).enumerate() {
            let chunks = &self.chunks[ends[0] as usize..ends[1] as usize];
            for at in 0..width {
                let reached = grid[place * width + at];
                if reached + self.least(place, stored.len() - at) > limit {
                    continue;
                }
                let (here, rest) = (place * width + at, &stored[at..]);
                for (length, root) in chunks {
                    spread(self.table, root, rest, reached, &mut grid[here + length * width..]);
                }
                if let Some(edit) = edit {
                    let (query_left, stored_left) = (place < query.len(), !rest.is_empty());
                    let mut relax = |to: usize| grid[to] = lesser(grid[to], reached + edit);
                    if query_left && stored_left {
                        relax(here + width + 1);
                    }
                    if query_left {
                        relax(here + width);
                    }
                    if stored_left {
                        relax(here + 1);
                    }
                    if let Some(root) = self.table.mistyped() {
                        if query_left {
                            spread(self.table, root, rest, reached + edit, &mut grid[here + width..]);
                        }
                        spread(self.table, root, rest, reached + edit, &mut grid[here..]);
                    }
                }
            }
        }
        grid.last().copied().filter(|cost| *cost <= limit)
    }
}

/// Lowers the costs of all places where a unit of this trie ends.
#[inline]
fn spread(table: &Table, root: &Root, rest: &[u8], reached: f32, costs: &mut [f32]) {
    let mut branch = &root.branch;
    let mut length = 0;
    loop {
        if branch.cost.is_finite() {
            costs[length] = lesser(costs[length], reached + branch.cost);
        }
        let Some(symbol) = rest.get(length) else { return };
        let (_, next) = table.next(branch);
        let Ok(place) = next.binary_search_by_key(symbol, |branch| branch.symbol) else { return };
        branch = &next[place];
        length += 1;
    }
}

/// The lesser of two costs; none is ever a NaN, so that this is one instruction where [`f32::min`] is some.
#[inline]
fn lesser(one: f32, other: f32) -> f32 {
    if other < one { other } else { one }
}

/// Lowers the bounds of one place by those of a later one and what lies between.
fn relax(own: &mut [f32], later: &[f32], between: &Reach) {
    for (given, cost) in between.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
        for (own, later) in own[given.min(later.len())..].iter_mut().zip(later) {
            *own = lesser(*own, later + cost);
        }
    }
}

/// What it costs at least to give one, two … symbols by an edit.
fn mistyped(table: &Table, edit: f32) -> Reach {
    let mut reach = table.mistyped().map_or([f32::INFINITY; _], |root| root.reach.map(|cost| cost + edit));
    reach[1] = lesser(reach[1], edit);
    reach
}

fn merged(one: Option<Reach>, other: Option<Reach>) -> Reach {
    let none = [f32::INFINITY; _];
    let (one, other) = (one.unwrap_or(none), other.unwrap_or(none));
    std::array::from_fn(|given| one[given].min(other[given]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Script;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_made_ready_costs_what_the_definition_says(
            query in "[abc]{1,7}",
            stored in prop::collection::vec("[abcd]{0,20}", 1..6),
            units in prop::collection::vec(("[abc]{0,2}", "[abc]{0,4}", 1.0..50.0f64), 3..25),
            prior in 0.0..2.0f32,
            edit in prop::option::of(2.0..6.0f32),
            limit in 1.0..40.0f32,
        ) {
            let counts: Vec<_> = units.into_iter()
                .map(|(from, to, count)| (from.into_bytes(), to.into_bytes(), count))
                .collect();
            let tables = [
                Table::compile(Script::Latin, Script::Latin, &counts),
                Table::with_slips(Script::Hangul, Script::Latin, &counts),
                Table::compile(Script::Latin, Script::Latin, &counts[..counts.len() / 2]).with_prior(prior),
            ];
            let asked = Asked::new(&tables, query.as_bytes(), edit);
            for stored in stored {
                let spelled = |table: &Table| {
                    let spelling = table.spelling(query.as_bytes(), stored.as_bytes(), edit, f32::MAX)?;
                    Some(spelling.cost + table.prior)
                };
                let expected = tables.iter().filter_map(spelled).min_by(f32::total_cmp);
                let found = asked.cost(stored.as_bytes(), limit);
                match expected.filter(|cost| (cost - limit).abs() > 1e-3) {
                    Some(cost) if cost <= limit => {
                        prop_assert!(found.is_some_and(|found| (found - cost).abs() < 1e-3), "{stored} {cost} {found:?}");
                    }
                    Some(_) => prop_assert_eq!(found, None),
                    None => {}
                }
            }
        }
    }
}
