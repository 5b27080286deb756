use fst::raw::{CompiledAddr, Fst, Node};

use super::frontier::{Frontier, State};
use crate::correspondence::{self, Branch, Roots, Table};

/// Terms that begin alike: those of a dictionary from `first` to `last`, and what it costs that the beginning of a word
/// is spelled as theirs, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Opening {
    pub first: u64,
    pub last: u64,
    pub cost: f32,
}

/// What a search for beginnings found.
#[derive(Clone, Debug, Default)]
pub(super) struct Openings {
    /// Cheapest first.
    pub found: Vec<Opening>,
    /// States taken up.
    pub work: u32,
    /// False if the budget of states ended the search.
    pub complete: bool,
}

/// How far a search for beginnings goes.
pub(super) struct Reach {
    /// The most beginnings.
    pub k: usize,
    /// Beginnings that cost more than the cheapest one by this are left out, in nats.
    pub window: f32,
    /// The most states that are taken up.
    pub pops: u32,
}

/// Finds the beginnings of terms that spell a whole word, cheapest first: the word itself, and what each of the tables
/// makes of it.
pub(super) fn openings<D: AsRef<[u8]>>(
    terms: &Fst<D>,
    tables: &[Table],
    word: &[u8],
    same: bool,
    reach: &Reach,
) -> Openings {
    let mut openings = Openings { complete: true, ..Openings::default() };
    if let Some((node, output)) = same.then(|| walk_to(terms, word)).flatten() {
        openings.found.extend(range(terms, node, output, 0.0));
    }
    if word.len() > usize::from(u16::MAX) {
        return openings;
    }
    for (number, table) in (0..=u8::MAX).zip(tables) {
        let mut frontier = Frontier::default();
        frontier.clear();
        let roots = table.roots(word);
        let ahead = correspondence::ahead(&roots, None);
        Search { terms, table, number, word, ahead, roots, frontier: &mut frontier }.run(reach, &mut openings);
    }
    openings.found.sort_by(|a, b| a.cost.total_cmp(&b.cost).then((a.first, a.last).cmp(&(b.first, b.last))));
    // Terms within a range that is cheaper are known already.
    let mut kept: Vec<Opening> = Vec::new();
    for opening in openings.found {
        let covers = |known: &Opening| known.first <= opening.first && opening.last <= known.last;
        let dear = kept.first().is_some_and(|best| opening.cost > best.cost + reach.window);
        if kept.len() < reach.k && !dear && !kept.iter().any(covers) {
            kept.push(opening);
        }
    }
    Openings { found: kept, ..openings }
}

struct Search<'a, D> {
    terms: &'a Fst<D>,
    table: &'a Table,
    number: u8,
    word: &'a [u8],
    /// The least that the rest of the word costs, by place.
    ahead: Vec<f32>,
    roots: Vec<Roots<'a>>,
    frontier: &'a mut Frontier,
}

impl<D: AsRef<[u8]>> Search<'_, D> {
    fn run(mut self, reach: &Reach, openings: &mut Openings) {
        let start = State { node: self.terms.root().addr(), output: 0, place: 0, edits: 0, table: self.number };
        self.push(start, self.table.prior);
        let (mut work, mut found) = (0, 0);
        let mut bound = f32::INFINITY;
        while let Some((state, cost, priority)) = self.frontier.pop() {
            // The bound on the rest is admissible, so what comes first is cheapest.
            if priority > bound || found == reach.k {
                break;
            }
            if work == reach.pops {
                openings.complete = false;
                break;
            }
            work += 1;
            if usize::from(state.place) == self.word.len() {
                bound = bound.min(cost + reach.window);
                found += 1;
                openings.found.extend(range(self.terms, state.node, state.output, cost));
            } else {
                self.expand(state, cost);
            }
        }
        openings.work += work;
    }

    fn push(&mut self, state: State, cost: f32) {
        self.frontier.push(state, cost, cost + self.ahead[usize::from(state.place)]);
    }

    fn expand(&mut self, state: State, cost: f32) {
        let node = self.terms.node(state.node);
        let roots = self.roots[usize::from(state.place)];
        for (length, root) in roots.into_iter().enumerate() {
            let Some(root) = root else { continue };
            let branch = &root.branch;
            let state = State { place: state.place + length as u16, ..state };
            if branch.cost.is_finite() && length > 0 {
                self.push(state, cost + branch.cost);
            }
            self.walk(state, node, branch, cost);
        }
    }

    /// Walks the trie of a chunk and the dictionary in step, and opens every state in which a unit ends.
    fn walk(&mut self, state: State, node: Node<'_>, branch: &Branch, cost: f32) {
        let table = self.table;
        let (_, next) = table.next(branch);
        for branch in next {
            let Some(place) = node.find_input(branch.symbol) else { continue };
            let transition = node.transition(place);
            let state = State { node: transition.addr, output: state.output + transition.out.value(), ..state };
            if branch.cost.is_finite() {
                self.push(state, cost + branch.cost);
            }
            if branch.leads_on() {
                self.walk(state, self.terms.node(state.node), branch, cost);
            }
        }
    }
}

/// The node behind a word, and the output on the way.
fn walk_to<D: AsRef<[u8]>>(terms: &Fst<D>, word: &[u8]) -> Option<(CompiledAddr, u64)> {
    let (mut node, mut output) = (terms.root(), 0);
    for symbol in word {
        let transition = node.transition(node.find_input(*symbol)?);
        output += transition.out.value();
        node = terms.node(transition.addr);
    }
    Some((node.addr(), output))
}

/// The ordinals of all terms behind a node: they are dense and increase with the key, so these are a range.
fn range<D: AsRef<[u8]>>(terms: &Fst<D>, from: CompiledAddr, output: u64, cost: f32) -> Option<Opening> {
    let (mut node, mut first) = (terms.node(from), output);
    while !node.is_final() {
        let transition = (!node.is_empty()).then(|| node.transition(0))?;
        first += transition.out.value();
        node = terms.node(transition.addr);
    }
    first += node.final_output().value();
    let (mut node, mut last) = (terms.node(from), output);
    while let Some(place) = node.len().checked_sub(1) {
        let transition = node.transition(place);
        last += transition.out.value();
        node = terms.node(transition.addr);
    }
    last += node.final_output().value();
    Some(Opening { first, last, cost })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Script;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn beginnings_are_those_of_every_term(
            words in prop::collection::btree_set("[abc]{1,6}", 1..60),
            query in "[abc]{1,4}",
            units in prop::collection::vec(("[abc]{1,2}", "[abc]{0,3}", 1.0..50.0f64), 3..20),
        ) {
            let bytes = |text: &str| text.as_bytes().to_vec();
            let counts: Vec<_> = units.iter().map(|(from, to, count)| (bytes(from), bytes(to), *count)).collect();
            let table = Table::compile(Script::Latin, Script::Latin, &counts);
            let terms: Fst<Vec<u8>> = Fst::from_iter_map(words.iter().zip(0u64..)).unwrap();
            let reach = Reach { k: usize::MAX, window: 1e6, pops: u32::MAX };
            let found = openings(&terms, std::slice::from_ref(&table), query.as_bytes(), false, &reach);
            prop_assert!(found.complete);
            for (ordinal, word) in (0u64..).zip(&words) {
                let cost = |end: usize| table.cost_only(query.as_bytes(), &word.as_bytes()[..end], None, 1e6);
                let expected = (0..=word.len()).filter_map(cost).min_by(f32::total_cmp);
                let own = found.found.iter().filter(|opening| (opening.first..=opening.last).contains(&ordinal));
                let own = own.map(|opening| opening.cost).min_by(f32::total_cmp);
                match (expected, own) {
                    (Some(expected), Some(own)) => prop_assert!((expected - own).abs() < 1e-3, "{word}: {expected} {own}"),
                    (expected, own) => prop_assert_eq!(expected.is_some(), own.is_some(), "{}", word),
                }
            }
        }
    }
}
