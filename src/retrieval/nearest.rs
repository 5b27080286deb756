use std::cell::{OnceCell, RefCell};

use fst::raw::{Fst, Node};

use super::frontier::{Frontier, State};
use crate::correspondence::{self, Branch, Roots, Table};

/// What one edit costs inside the search, in nats.
const EDIT: f32 = 5.0;

/// Marks a state whose next symbol is mistyped, before it is known how: what follows from it is made only once no
/// cheaper state is left.
const MISTYPED: u8 = 0x80;

/// How far one search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// The most terms that are returned.
    pub k: usize,
    /// Terms that cost more than the cheapest one by this are left out, in nats.
    pub window: f32,
    /// Terms that cost more than this are left out, in nats: what a word is worth at most.
    pub ceiling: f32,
    /// The most states that are taken up.
    pub pops: u32,
    /// How much what the rest of the word is expected to cost counts, beside the least that it can cost: 0 finds the
    /// cheapest terms for certain, more finds them sooner.
    pub guide: f32,
    /// How many symbols may be mistyped.
    pub edits: u8,
}

/// A term of the dictionary, and what it costs that the word is spelled so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The term's ordinal.
    pub ordinal: u64,
    /// The cost in nats.
    pub cost: f32,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Terms, cheapest first; equal costs by ordinal.
    pub hits: Vec<Hit>,
    /// States taken up.
    pub work: u32,
    /// What the cheapest of the terms that the budget of states left out is expected to cost, in nats, were there a term
    /// for each way to spell the word; infinite where the search came to its end.
    pub left: f32,
}

impl Default for Nearest {
    fn default() -> Nearest {
        Nearest { hits: Vec::new(), work: 0, left: f32::INFINITY }
    }
}

thread_local! {
    static FRONTIER: RefCell<Frontier> = RefCell::default();
}

/// A table as one query sees it.
struct Way<'a> {
    table: &'a Table,
    /// The least that the rest of the word costs, by place.
    ahead: Vec<f32>,
    /// About what the rest will cost, by place.
    expected: Vec<f32>,
    /// What the chunks that begin at each place may be spelled.
    roots: Vec<Roots<'a>>,
    /// The same as searches take it up: most never come to the end of the word.
    openings: Vec<OnceCell<Openings<'a>>>,
}

impl<'a> Way<'a> {
    fn openings(&self, place: usize) -> &Openings<'a> {
        self.openings[place].get_or_init(|| Openings::new(self.table, &self.roots[place]))
    }
}

/// The first branches of the tries of all chunks that begin at one place of a word, by symbol: a node of the dictionary
/// is gone through once for all of them.
#[derive(Clone)]
struct Openings<'a> {
    /// Chunks that may be spelled by nothing: their length and what that costs.
    silent: Vec<(u16, f32)>,
    /// Branches with the length of their chunk, by symbol.
    branches: Vec<(u16, &'a Branch)>,
    /// Where the branches of each symbol begin; one place more for the end.
    begins: [u16; 257],
}

impl<'a> Openings<'a> {
    fn new(table: &'a Table, roots: &Roots<'a>) -> Openings<'a> {
        let roots = || roots.iter().enumerate().filter_map(|(length, root)| Some((length as u16, &(*root)?.branch)));
        let silent =
            roots().filter(|(_, root)| root.cost.is_finite()).map(|(length, root)| (length, root.cost)).collect();
        let branches = || roots().flat_map(|(length, root)| table.next(root).1.iter().map(move |next| (length, next)));
        let mut begins = [0u16; 257];
        for (_, branch) in branches() {
            begins[usize::from(branch.symbol) + 1] += 1;
        }
        // A place has at most 8 chunks with 256 branches each.
        let mut before = 0;
        for begin in &mut begins {
            before += *begin;
            *begin = before;
        }
        let mut next = begins;
        // Any branch holds the places until its own is put there; without one there are none.
        let mut sorted = branches().next().map_or(Vec::new(), |any| vec![any; usize::from(begins[256])]);
        for branch in branches() {
            let place = &mut next[usize::from(branch.1.symbol)];
            sorted[usize::from(*place)] = branch;
            *place += 1;
        }
        let branches = sorted;
        Openings { silent, branches, begins }
    }

    #[inline]
    fn of(&self, symbol: u8) -> &[(u16, &'a Branch)] {
        let symbol = usize::from(symbol);
        &self.branches[usize::from(self.begins[symbol])..usize::from(self.begins[symbol + 1])]
    }
}

struct Search<'a, 't, D> {
    terms: &'a Fst<D>,
    ways: &'a [Way<'t>],
    query: &'a [u8],
    budget: &'a Budget,
    frontier: &'a mut Frontier,
    /// The cheapest terms found so far, cheapest first; equal costs by ordinal.
    hits: Vec<Hit>,
    /// What a term may cost at most to be of use.
    bound: f32,
}

/// Finds the terms of a dictionary that spell a word most cheaply, best first over the nodes of the dictionary. Each
/// term is spelled by one of the tables from front to end, the one that spells it most cheaply. With guide 0 and
/// states enough, these are the cheapest `k` within the window. The first 256 tables count.
pub fn nearest<D: AsRef<[u8]>>(terms: &Fst<D>, tables: &[Table], query: &[u8], budget: &Budget) -> Nearest {
    if query.is_empty() || query.len() > usize::from(u16::MAX) || budget.k == 0 {
        return Nearest::default();
    }
    let edit = (budget.edits > 0).then_some(EDIT);
    let way = |table| {
        let roots = Table::roots(table, query);
        let (ahead, expected) = (correspondence::ahead(&roots, edit), correspondence::expected(&roots));
        Way { table, ahead, expected, openings: vec![OnceCell::new(); roots.len()], roots }
    };
    let ways: Vec<Way<'_>> = tables.iter().take(usize::from(u8::MAX) + 1).map(way).collect();
    FRONTIER.with_borrow_mut(|frontier| {
        frontier.clear();
        Search { terms, ways: &ways, query, budget, frontier, hits: Vec::new(), bound: budget.ceiling }.run()
    })
}

impl<D: AsRef<[u8]>> Search<'_, '_, D> {
    fn run(mut self) -> Nearest {
        let (mut work, mut left) = (0, f32::INFINITY);
        let root = self.terms.root().addr();
        for table in 0..self.ways.len() {
            // At most 256 tables are taken.
            let start = State { node: root, output: 0, place: 0, edits: 0, table: table as u8 };
            self.push(start, self.ways[table].table.prior);
        }
        while let Some((state, cost, priority)) = self.frontier.pop() {
            let full = self.hits.len() == self.budget.k;
            if full && self.hits.last().is_some_and(|last| priority > last.cost) {
                break;
            }
            let least = cost + self.rest(state);
            if least > self.bound {
                continue;
            }
            if work == self.budget.pops {
                let open = self.frontier.open().map(|(state, cost)| self.expected(state, cost));
                left = open.fold(self.expected(state, cost), f32::min);
                break;
            }
            work += 1;
            self.expand(state, cost);
        }
        let most = self.best() + self.budget.window;
        self.hits.retain(|hit| hit.cost <= most);
        Nearest { hits: self.hits, work, left }
    }

    /// What the cheapest term found so far costs.
    fn best(&self) -> f32 {
        self.hits.first().map_or(f32::INFINITY, |hit| hit.cost)
    }

    /// What a term is expected to cost that goes on from a state.
    fn expected(&self, state: State, cost: f32) -> f32 {
        cost + self.rest(state).max(self.ways[usize::from(state.table)].expected[usize::from(state.place)])
    }

    fn rest(&self, state: State) -> f32 {
        let (ahead, place) = (&self.ways[usize::from(state.table)].ahead, usize::from(state.place));
        match ahead.get(place + 1) {
            Some(next) if state.edits & MISTYPED != 0 => ahead[place].min(*next),
            _ => ahead[place],
        }
    }

    fn push(&mut self, state: State, cost: f32) {
        let rest = self.rest(state);
        if cost + rest <= self.bound {
            let expected = self.ways[usize::from(state.table)].expected[usize::from(state.place)];
            self.frontier.push(state, cost, cost + rest + self.budget.guide * expected.min(rest + EDIT));
        }
    }

    fn found(&mut self, ordinal: u64, cost: f32) {
        if let Some(known) = self.hits.iter().position(|hit| hit.ordinal == ordinal) {
            if self.hits[known].cost <= cost {
                return;
            }
            self.hits.remove(known);
        }
        let place = self.hits.partition_point(|hit| (hit.cost, hit.ordinal) < (cost, ordinal));
        self.hits.insert(place, Hit { ordinal, cost });
        self.hits.truncate(self.budget.k);
        let last = self.hits.last().filter(|_| self.hits.len() == self.budget.k);
        let last = last.map_or(f32::INFINITY, |hit| hit.cost);
        self.bound = (self.best() + self.budget.window).min(self.budget.ceiling).min(last);
    }

    fn expand(&mut self, state: State, cost: f32) {
        let place = usize::from(state.place);
        let node = self.terms.node(state.node);
        if state.edits & MISTYPED != 0 {
            return self.edit(State { edits: state.edits & !MISTYPED, ..state }, node, cost);
        }
        if place == self.query.len() && node.is_final() && cost <= self.bound {
            self.found(state.output + node.final_output().value(), cost);
        }
        let ways = self.ways;
        let way = &ways[usize::from(state.table)];
        let openings = way.openings(place);
        for (length, own) in &openings.silent {
            self.push(State { place: state.place + length, ..state }, cost + own);
        }
        for transition in node.transitions() {
            let moved = State { node: transition.addr, output: state.output + transition.out.value(), ..state };
            for (length, branch) in openings.of(transition.inp) {
                let state = State { place: state.place + length, ..moved };
                let before = cost + way.ahead[usize::from(state.place)];
                if before + branch.least <= self.bound {
                    self.step(way.table, state, branch, (cost, before));
                }
            }
        }
        if state.edits < self.budget.edits.min(MISTYPED - 1) {
            self.push(State { edits: (state.edits + 1) | MISTYPED, ..state }, cost + EDIT);
        }
    }

    /// Walks the trie of a chunk and the dictionary in step, and opens every state in which a unit ends. Whichever
    /// of both has fewer ways on leads. `cost` comes alone and with the least that the rest of the word costs.
    fn walk(&mut self, table: &Table, state: State, node: Node<'_>, branch: &Branch, cost: (f32, f32)) {
        let (_, next) = table.next(branch);
        if node.len() < next.len() {
            for transition in node.transitions() {
                if let Ok(place) = next.binary_search_by_key(&transition.inp, |branch| branch.symbol)
                    && cost.1 + next[place].least <= self.bound
                {
                    let output = state.output + transition.out.value();
                    self.step(table, State { node: transition.addr, output, ..state }, &next[place], cost);
                }
            }
        } else {
            for branch in next {
                if cost.1 + branch.least > self.bound {
                    continue;
                }
                if let Some(place) = node.find_input(branch.symbol) {
                    let transition = node.transition(place);
                    let output = state.output + transition.out.value();
                    self.step(table, State { node: transition.addr, output, ..state }, branch, cost);
                }
            }
        }
    }

    fn step(&mut self, table: &Table, state: State, branch: &Branch, cost: (f32, f32)) {
        if branch.cost.is_finite() {
            self.push(state, cost.0 + branch.cost);
        }
        if branch.leads_on() {
            self.walk(table, state, self.terms.node(state.node), branch, cost);
        }
    }

    /// Opens the states behind a mistyped symbol: one left out, put in or exchanged, for one that is spelled by several too.
    fn edit(&mut self, state: State, node: Node<'_>, cost: f32) {
        let query_left = usize::from(state.place) < self.query.len();
        if query_left {
            self.push(State { place: state.place + 1, ..state }, cost);
        }
        for transition in node.transitions() {
            let moved = State { node: transition.addr, output: state.output + transition.out.value(), ..state };
            self.push(moved, cost);
            if query_left {
                self.push(State { place: state.place + 1, ..moved }, cost);
            }
        }
        let (table, ahead) = (self.ways[usize::from(state.table)].table, &self.ways[usize::from(state.table)].ahead);
        if let Some(root) = table.mistyped() {
            for place in state.place..=state.place + u16::from(query_left) {
                let least = cost + ahead[usize::from(place)];
                self.walk(table, State { place, ..state }, node, &root.branch, (cost, least));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Script;
    use proptest::prelude::*;

    fn table(units: &[(String, String, f64)]) -> Table {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let counts: Vec<_> = units.iter().map(|(from, to, count)| (bytes(from), bytes(to), *count)).collect();
        Table::with_slips(Script::Hangul, Script::Latin, &counts)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn the_search_agrees_with_looking_at_every_term(
            words in prop::collection::btree_set("[abc]{1,5}", 1..40),
            query in "[abc]{1,5}",
            units in prop::collection::vec(("[abc]{1,2}", "[abc]{0,3}", 1.0..50.0f64), 3..20),
            edits in 0u8..2,
        ) {
            let table = table(&units);
            let terms: Fst<Vec<u8>> = Fst::from_iter_map(words.iter().zip(0u64..)).unwrap();
            let budget = Budget { k: 5, window: 100.0, ceiling: 1000.0, pops: u32::MAX, guide: 0.0, edits };
            let found = nearest(&terms, std::slice::from_ref(&table), query.as_bytes(), &budget);
            prop_assert_eq!(found.left, f32::INFINITY);
            let mut expected: Vec<f32> = words.iter()
                .filter_map(|word| table.cost_only(query.as_bytes(), word.as_bytes(), None, 1000.0))
                .collect();
            expected.sort_by(f32::total_cmp);
            expected.truncate(5);
            if edits == 0 {
                prop_assert_eq!(found.hits.len(), expected.len());
                for (hit, cost) in found.hits.iter().zip(&expected) {
                    prop_assert!((hit.cost - cost).abs() < 1e-3, "{:?} {:?}", found.hits, expected);
                }
            } else {
                // Two edits cost more than this, so that what costs less by any number of them has one at most.
                let most = 2.0 * EDIT - 1e-2;
                let mut expected: Vec<f32> = words.iter()
                    .filter_map(|word| table.cost_only(query.as_bytes(), word.as_bytes(), Some(EDIT), most))
                    .collect();
                expected.sort_by(f32::total_cmp);
                expected.truncate(5);
                let within = found.hits.iter().map(|hit| hit.cost).filter(|cost| *cost <= most);
                let within: Vec<f32> = within.collect();
                prop_assert_eq!(within.len(), expected.len(), "{:?} {:?}", found.hits, expected);
                prop_assert!(within.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-3));
            }
        }
    }

    #[test]
    fn words_that_share_an_ending_are_told_apart() {
        let units: Vec<_> = ["k", "l", "i", "m"].iter().map(|c| ((*c).to_owned(), (*c).to_owned(), 50.0)).collect();
        let units: Vec<_> = units.into_iter().chain([("k".to_owned(), "l".to_owned(), 5.0)]).collect();
        let terms: Fst<Vec<u8>> = Fst::from_iter_map([("kim", 0u64), ("lim", 1)]).unwrap();
        let budget = Budget { k: 5, window: 50.0, ceiling: 1000.0, pops: 1000, guide: 0.0, edits: 0 };
        let found = nearest(&terms, &[table(&units)], b"kim", &budget);
        assert_eq!(found.hits.iter().map(|hit| hit.ordinal).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_search_that_its_budget_ends_says_so() {
        let units: Vec<_> =
            [("a", "a", 9.0), ("a", "b", 9.0)].iter().map(|(a, b, n)| ((*a).to_owned(), (*b).to_owned(), *n)).collect();
        let words: Vec<String> = (0..32u32).map(|n| format!("{n:05b}").replace('0', "a").replace('1', "b")).collect();
        let terms: Fst<Vec<u8>> = Fst::from_iter_map(words.iter().zip(0u64..)).unwrap();
        let budget = Budget { k: 32, window: 50.0, ceiling: 1000.0, pops: 10, guide: 0.0, edits: 0 };
        assert!(nearest(&terms, &[table(&units)], b"aaaaa", &budget).left.is_finite());
    }
}
