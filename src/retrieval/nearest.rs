use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

use fst::raw::{CompiledAddr, Fst};

use crate::correspondence::{Chunk, Table};

/// What one edit costs inside the search, in nats.
const EDIT: f32 = 5.0;

/// A term that costs this much more than the cheapest one is unlikely to be the word that was meant, in nats.
const TELLING: f32 = 1.0;

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
    /// How much the bound on the rest counts: 1 finds the cheapest terms for certain, more finds them sooner.
    pub weight: f32,
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nearest {
    /// Terms, cheapest first; equal costs by ordinal.
    pub hits: Vec<Hit>,
    /// States taken up.
    pub work: u32,
    /// False if the budget of states ended the search while a term may have been left that is about as cheap as the
    /// cheapest one found, or while none was found.
    pub complete: bool,
}

/// A state: a node of the dictionary, and how much of the word led to it. Nodes are shared by words with the same
/// ending, so the output so far belongs to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    node: CompiledAddr,
    output: u64,
    place: u16,
    edits: u8,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    priority: f32,
    cost: f32,
    state: State,
    /// A finished word: its node is final and the whole query is spelled.
    done: bool,
}

impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    /// The heap takes the greatest, so the cheapest is the greatest; ties are broken by the state alone.
    fn cmp(&self, other: &Open) -> Ordering {
        let key = |open: &Open| (open.state.output, open.state.node, open.state.place, open.state.edits, open.done);
        other.priority.total_cmp(&self.priority).then_with(|| key(other).cmp(&key(self)))
    }
}

struct Search<'a, D> {
    terms: &'a Fst<D>,
    table: &'a Table,
    query: &'a [u8],
    budget: &'a Budget,
    ahead: Vec<f32>,
    heap: BinaryHeap<Open>,
    costs: HashMap<State, f32, foldhash::fast::FixedState>,
    /// The cheapest term found so far.
    best: f32,
}

/// Finds the terms of a dictionary that spell a word most cheaply by a table, best first over the nodes of the
/// dictionary. With weight 1 and states enough, these are the cheapest `k` within the window.
pub fn nearest<D: AsRef<[u8]>>(terms: &Fst<D>, table: &Table, query: &[u8], budget: &Budget) -> Nearest {
    let edit = (budget.edits > 0).then_some(EDIT);
    let mut search = Search {
        terms,
        table,
        query,
        budget,
        ahead: table.ahead(query, edit),
        heap: BinaryHeap::new(),
        costs: HashMap::default(),
        best: f32::INFINITY,
    };
    search.run()
}

impl<D: AsRef<[u8]>> Search<'_, D> {
    fn run(&mut self) -> Nearest {
        let mut nearest = Nearest { complete: true, ..Nearest::default() };
        if self.query.is_empty() || self.query.len() > usize::from(u16::MAX) {
            return nearest;
        }
        let mut closed: HashSet<State, foldhash::fast::FixedState> = HashSet::default();
        let mut found: HashSet<u64, foldhash::fast::FixedState> = HashSet::default();
        self.push(State { node: self.terms.root().addr(), output: 0, place: 0, edits: 0 }, 0.0);
        while let Some(open) = self.heap.pop() {
            if open.cost + self.rest(open.state) > self.bound() || nearest.hits.len() == self.budget.k {
                break;
            }
            if open.done {
                if found.insert(open.state.output) {
                    nearest.hits.push(Hit { ordinal: open.state.output, cost: open.cost });
                }
                continue;
            }
            if !closed.insert(open.state) {
                continue;
            }
            if nearest.work == self.budget.pops {
                nearest.complete = open.cost + self.rest(open.state) > self.best + TELLING && self.rest_is_dearer();
                break;
            }
            nearest.work += 1;
            self.expand(open.state, open.cost);
        }
        nearest.hits.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.ordinal.cmp(&b.ordinal)));
        nearest
    }

    /// What a term may cost at most to be of use.
    fn bound(&self) -> f32 {
        (self.best + self.budget.window).min(self.budget.ceiling)
    }

    /// True if no open state can end in a term about as cheap as the cheapest one found.
    fn rest_is_dearer(&self) -> bool {
        self.heap.iter().all(|open| open.done || open.cost + self.rest(open.state) > self.best + TELLING)
    }

    fn rest(&self, state: State) -> f32 {
        self.ahead[usize::from(state.place)]
    }

    fn push(&mut self, state: State, cost: f32) {
        let rest = self.rest(state);
        if cost + rest > self.bound() {
            return;
        }
        let known = self.costs.entry(state).or_insert(f32::INFINITY);
        if cost < *known {
            *known = cost;
            self.heap.push(Open { priority: cost + self.budget.weight * rest, cost, state, done: false });
        }
    }

    fn expand(&mut self, state: State, cost: f32) {
        let place = usize::from(state.place);
        let node = self.terms.node(state.node);
        if place == self.query.len() && node.is_final() {
            let output = state.output + node.final_output().value();
            self.best = self.best.min(cost);
            let done = State { output, ..state };
            self.heap.push(Open { priority: cost, cost, state: done, done: true });
        }
        for to in place..=(place + self.table.longest_chunk()).min(self.query.len()) {
            let root = Chunk::of(&self.query[place..to]).and_then(|chunk| self.table.root(chunk));
            if let Some(root) = root {
                self.walk(State { place: to as u16, ..state }, root, cost);
            }
        }
        if state.edits < self.budget.edits {
            self.edit(state, cost);
        }
    }

    /// Walks the trie of a chunk and the dictionary in step, and opens every state in which a unit ends.
    fn walk(&mut self, state: State, branch: u32, cost: f32) {
        let table = self.table;
        let branch = table.branch(branch);
        if cost + branch.least + self.rest(state) > self.bound() {
            return;
        }
        if branch.cost.is_finite() {
            self.push(state, cost + branch.cost);
        }
        if branch.next.is_empty() {
            return;
        }
        let node = self.terms.node(state.node);
        if node.len() < branch.next.len() {
            for transition in node.transitions() {
                if let Ok(place) = branch.next.binary_search_by_key(&transition.inp, |(symbol, _)| *symbol) {
                    let output = state.output + transition.out.value();
                    self.walk(State { node: transition.addr, output, ..state }, branch.next[place].1, cost);
                }
            }
        } else {
            for (symbol, next) in &branch.next {
                if let Some(place) = node.find_input(*symbol) {
                    let transition = node.transition(place);
                    let output = state.output + transition.out.value();
                    self.walk(State { node: transition.addr, output, ..state }, *next, cost);
                }
            }
        }
    }

    fn edit(&mut self, state: State, cost: f32) {
        let edits = state.edits + 1;
        let query_left = usize::from(state.place) < self.query.len();
        if query_left {
            self.push(State { place: state.place + 1, edits, ..state }, cost + EDIT);
        }
        let node = self.terms.node(state.node);
        for transition in node.transitions() {
            let moved = State { node: transition.addr, output: state.output + transition.out.value(), edits, ..state };
            self.push(moved, cost + EDIT);
            if query_left {
                self.push(State { place: state.place + 1, ..moved }, cost + EDIT);
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
        Table::compile(Script::Latin, Script::Latin, &counts)
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
            let budget = Budget { k: 5, window: 100.0, ceiling: 1000.0, pops: u32::MAX, weight: 1.0, edits };
            let found = nearest(&terms, &table, query.as_bytes(), &budget);
            prop_assert!(found.complete);
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
                // An edit may only make terms cheaper or reachable.
                for (place, cost) in expected.iter().enumerate() {
                    prop_assert!(found.hits[place].cost <= cost + 1e-3);
                }
            }
        }
    }

    #[test]
    fn words_that_share_an_ending_are_told_apart() {
        let units: Vec<_> = ["k", "l", "i", "m"].iter().map(|c| ((*c).to_owned(), (*c).to_owned(), 50.0)).collect();
        let units: Vec<_> = units.into_iter().chain([("k".to_owned(), "l".to_owned(), 5.0)]).collect();
        let terms: Fst<Vec<u8>> = Fst::from_iter_map([("kim", 0u64), ("lim", 1)]).unwrap();
        let budget = Budget { k: 5, window: 50.0, ceiling: 1000.0, pops: 1000, weight: 1.0, edits: 0 };
        let found = nearest(&terms, &table(&units), b"kim", &budget);
        assert_eq!(found.hits.iter().map(|hit| hit.ordinal).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_search_that_its_budget_ends_says_so() {
        let units: Vec<_> =
            [("a", "a", 9.0), ("a", "b", 9.0)].iter().map(|(a, b, n)| ((*a).to_owned(), (*b).to_owned(), *n)).collect();
        let words: Vec<String> = (0..32u32).map(|n| format!("{n:05b}").replace('0', "a").replace('1', "b")).collect();
        let terms: Fst<Vec<u8>> = Fst::from_iter_map(words.iter().zip(0u64..)).unwrap();
        let budget = Budget { k: 32, window: 50.0, ceiling: 1000.0, pops: 10, weight: 1.0, edits: 0 };
        assert!(!nearest(&terms, &table(&units), b"aaaaa", &budget).complete);
    }
}
