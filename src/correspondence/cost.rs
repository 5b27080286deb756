use std::ops::Range;

use super::table::ahead;
use super::trie::Root;
use super::{Asked, Table};

/// One unit of a spelling.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Symbols of the query word.
    pub query: Range<usize>,
    /// Symbols of the stored word.
    pub stored: Range<usize>,
    /// What it costs, in nats.
    pub cost: f32,
}

/// The cheapest way to spell a word as another.
#[derive(Clone, Debug, PartialEq)]
pub struct Spelling {
    /// What it costs in all, in nats.
    pub cost: f32,
    /// Its units, from the front. Edits are units without an entry in the table.
    pub units: Vec<Unit>,
}

#[derive(Clone, Copy)]
struct Cell {
    cost: f32,
    from: (u8, u8),
}

/// Words longer than this, in symbols, are never compared: no name has them.
pub(super) const LONGEST_WORD: usize = 96;

struct Grid {
    cells: Vec<Cell>,
    width: usize,
}

impl Grid {
    fn at(&self, query: usize, stored: usize) -> Cell {
        self.cells[query * self.width + stored]
    }

    fn relax(&mut self, (query, stored): (usize, usize), cost: f32, from: (usize, usize)) {
        let cell = &mut self.cells[query * self.width + stored];
        if cost < cell.cost {
            // Words are at most LONGEST_WORD symbols long, so places fit a byte.
            *cell = Cell { cost, from: (from.0 as u8, from.1 as u8) };
        }
    }
}

impl Table {
    /// What it costs that `query` is spelled `stored`, in nats; `None` if it is more than `limit`. With `edit`, a
    /// symbol may also be exchanged, left out or put in at that cost: see [`Asked::new`].
    pub fn cost_only(&self, query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32) -> Option<f32> {
        let cost = Asked::new(std::slice::from_ref(self), query, edit).cost(stored, limit + self.prior)?;
        Some(cost - self.prior)
    }

    /// The cheapest spelling with its units; `None` if it costs more than `limit`.
    pub fn spelling(&self, query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32) -> Option<Spelling> {
        let grid = self.fill(query, stored, edit, limit)?;
        let mut units = Vec::new();
        let mut at = (query.len(), stored.len());
        while at != (0, 0) {
            let cell = grid.at(at.0, at.1);
            let from = (usize::from(cell.from.0), usize::from(cell.from.1));
            let cost = cell.cost - grid.at(from.0, from.1).cost;
            units.push(Unit { query: from.0..at.0, stored: from.1..at.1, cost });
            at = from;
        }
        units.reverse();
        Some(Spelling { cost: grid.at(query.len(), stored.len()).cost, units })
    }

    fn fill(&self, query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32) -> Option<Grid> {
        if query.len() > LONGEST_WORD || stored.len() > LONGEST_WORD {
            return None;
        }
        let roots = self.roots(query);
        let ahead = ahead(&roots, edit);
        if ahead[0] > limit {
            return None;
        }
        let width = stored.len() + 1;
        let unreached = Cell { cost: f32::INFINITY, from: (0, 0) };
        let mut grid = Grid { cells: vec![unreached; (query.len() + 1) * width], width };
        grid.relax((0, 0), 0.0, (0, 0));
        for (place, least) in ahead.iter().enumerate() {
            for at in 0..=stored.len() {
                let reached = grid.at(place, at).cost;
                if reached + least > limit {
                    continue;
                }
                for (length, root) in roots[place].iter().enumerate() {
                    if let Some(root) = root {
                        self.spread(&mut grid, (place, at), place + length, root, &stored[at..], reached);
                    }
                }
                if let (Some(edit), Some(root)) = (edit, self.mistyped()) {
                    for to in place..=query.len().min(place + 1) {
                        self.spread(&mut grid, (place, at), to, root, &stored[at..], reached + edit);
                    }
                }
                if let Some(edit) = edit {
                    let (query_left, stored_left) = (place < query.len(), at < stored.len());
                    if query_left && stored_left {
                        grid.relax((place + 1, at + 1), reached + edit, (place, at));
                    }
                    if query_left {
                        grid.relax((place + 1, at), reached + edit, (place, at));
                    }
                    if stored_left {
                        grid.relax((place, at + 1), reached + edit, (place, at));
                    }
                }
            }
        }
        (grid.at(query.len(), stored.len()).cost <= limit).then_some(grid)
    }

    fn spread(&self, grid: &mut Grid, from: (usize, usize), to: usize, root: &Root, rest: &[u8], reached: f32) {
        let mut branch = &root.branch;
        let mut length = 0;
        loop {
            if branch.cost.is_finite() {
                grid.relax((to, from.1 + length), reached + branch.cost, from);
            }
            let Some(symbol) = rest.get(length) else { return };
            let (_, next) = self.next(branch);
            let Ok(place) = next.binary_search_by_key(symbol, |branch| branch.symbol) else { return };
            branch = &next[place];
            length += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{least_cost, tables};
    use super::*;
    use crate::model::Kind;
    use crate::text::{Script, symbols};

    fn toy() -> Table {
        let unit = |from: &str, to: &str, count| (from.as_bytes().to_vec(), to.as_bytes().to_vec(), count);
        let counts = [
            unit("a", "a", 90.0),
            unit("a", "ae", 10.0),
            unit("k", "k", 50.0),
            unit("k", "c", 50.0),
            unit("ks", "x", 20.0),
            unit("s", "s", 40.0),
            unit("h", "", 10.0),
        ];
        Table::compile(Script::Latin, Script::Latin, &counts)
    }

    #[test]
    fn the_units_add_up_to_the_cost() {
        let table = toy();
        for (query, stored) in [("aksa", "axa"), ("kaha", "caae"), ("ks", "ks"), ("aaz", "aay")] {
            let spelling = table.spelling(query.as_bytes(), stored.as_bytes(), Some(4.5), 30.0).unwrap();
            let sum: f32 = spelling.units.iter().map(|unit| unit.cost).sum();
            assert!((sum - spelling.cost).abs() < 1e-4, "{query} {stored}");
            assert_eq!(
                spelling.units.last().map(|unit| (unit.query.end, unit.stored.end)),
                Some((query.len(), stored.len()))
            );
        }
        assert_eq!(table.cost_only(b"zz", b"aa", None, 30.0), None, "no unit has a z");
    }

    #[test]
    fn what_can_only_cost_more_than_the_limit_is_none() {
        let table = toy();
        let cost = table.cost_only(b"aksa", b"axa", None, 30.0).unwrap();
        assert!(table.cost_only(b"aksa", b"axa", None, cost + 0.01).is_some());
        assert_eq!(table.cost_only(b"aksa", b"axa", None, cost - 0.01), None);
        assert!(ahead(&table.roots(b"aksa"), None)[0] <= cost);
    }

    #[test]
    fn a_slip_is_one_also_where_several_letters_spell_what_was_meant() {
        let edit = 4.5;
        let cost = |typed: &str, stored: &str| {
            let (typed, stored) =
                (symbols::encode(Script::Hangul, typed).unwrap(), symbols::encode(Script::Latin, stored).unwrap());
            least_cost(tables(Script::Hangul, Script::Latin, Kind::Person), &typed, &stored, Some(edit), 30.0).unwrap()
        };
        // A letter typed for one that is spelled "ng", and the same one forgotten.
        for typed in ["몉길", "며길"] {
            let slip = cost(typed, "myonggil") - cost("명길", "myonggil");
            assert!(slip > edit - 1.0 && slip < 1.5 * edit, "{typed} {slip}");
        }
    }
}
