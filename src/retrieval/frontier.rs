use std::cmp::Reverse;
use std::collections::BinaryHeap;

use fst::raw::CompiledAddr;

/// A state of the search: a node of the dictionary, and how much of the word led to it by which table. Nodes are
/// shared by words with the same ending, so the output so far belongs to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub node: CompiledAddr,
    pub output: u64,
    pub place: u16,
    pub edits: u8,
    pub table: u8,
}

impl State {
    fn hash(&self) -> u64 {
        let meta = u64::from(self.place) << 16 | u64::from(self.edits) << 8 | u64::from(self.table);
        let mixed = (self.node as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ self.output.wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            ^ meta.wrapping_mul(0x1656_67B1_9E37_79F9);
        mixed ^ mixed >> 29
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    state: State,
    cost: f32,
    /// Taken up at its present cost.
    closed: bool,
}

/// Places in the table of known states to begin with; a power of two.
const FIRST_PLACES: usize = 1 << 10;

/// The states that a search knows, and the queue of those still to be taken up: the least priority first, of equals
/// the one that was found first. One is kept a thread, so that a search seldom asks for memory.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    entries: Vec<Entry>,
    /// Numbers of entries plus one by the hash of their states, 0 where there is none.
    places: Vec<u32>,
    queue: BinaryHeap<Reverse<u64>>,
}

impl Frontier {
    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.queue.clear();
        self.places.clear();
        self.places.resize(FIRST_PLACES, 0);
    }

    /// Makes a state known at a cost, unless it is known at no more. Priorities must not be negative.
    pub fn push(&mut self, state: State, cost: f32, priority: f32) {
        let place = self.place(&state);
        let number = match self.places[place] {
            0 => {
                self.entries.push(Entry { state, cost, closed: false });
                // A search holds fewer states than its budget has pops times what one node leads to.
                let number = self.entries.len() as u32;
                self.places[place] = number;
                if self.entries.len() * 2 > self.places.len() {
                    self.spread_out();
                }
                number - 1
            }
            known => {
                let entry = &mut self.entries[known as usize - 1];
                if entry.cost <= cost {
                    return;
                }
                (entry.cost, entry.closed) = (cost, false);
                known - 1
            }
        };
        // The bits of floats that are not negative are in the order of the floats.
        self.queue.push(Reverse(u64::from(priority.to_bits()) << 32 | u64::from(number)));
    }

    /// Takes up the state with the least priority: state, cost, priority.
    pub fn pop(&mut self) -> Option<(State, f32, f32)> {
        while let Some(Reverse(key)) = self.queue.pop() {
            let entry = &mut self.entries[key as u32 as usize];
            if !entry.closed {
                entry.closed = true;
                return Some((entry.state, entry.cost, f32::from_bits((key >> 32) as u32)));
            }
        }
        None
    }

    /// The states that are still to be taken up, with their costs, in no order.
    pub fn open(&self) -> impl Iterator<Item = (State, f32)> {
        self.entries.iter().filter(|entry| !entry.closed).map(|entry| (entry.state, entry.cost))
    }

    /// Where a state is, or where it belongs.
    fn place(&self, state: &State) -> usize {
        let mask = self.places.len() - 1;
        let mut place = state.hash() as usize & mask;
        // At most half of the places are taken, so a free one comes.
        while self.places[place] != 0 && self.entries[self.places[place] as usize - 1].state != *state {
            place = (place + 1) & mask;
        }
        place
    }

    fn spread_out(&mut self) {
        let places = self.places.len() * 4;
        self.places.clear();
        self.places.resize(places, 0);
        for number in 0..self.entries.len() {
            let place = self.place(&self.entries[number].state);
            self.places[place] = number as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn state(node: usize) -> State {
        State { node, output: node as u64 % 3, place: (node % 5) as u16, edits: 0, table: 0 }
    }

    proptest! {
        #[test]
        fn every_state_is_taken_up_at_its_least_cost_in_order(pushes in prop::collection::vec((0usize..2000, 0u16..500), 0..4000)) {
            let mut frontier = Frontier::default();
            frontier.clear();
            let mut least: HashMap<usize, f32> = HashMap::new();
            for (node, cost) in &pushes {
                let cost = f32::from(*cost) / 8.0;
                frontier.push(state(*node), cost, cost);
                let known = least.entry(*node).or_insert(cost);
                *known = known.min(cost);
            }
            let mut before = 0.0;
            while let Some((taken, cost, priority)) = frontier.pop() {
                prop_assert!(priority == cost && cost >= before);
                before = cost;
                prop_assert_eq!(least.remove(&taken.node), Some(cost));
            }
            prop_assert!(least.is_empty());
        }
    }

    #[test]
    fn a_state_that_became_cheaper_is_taken_up_again() {
        let mut frontier = Frontier::default();
        frontier.clear();
        frontier.push(state(7), 2.0, 2.0);
        assert_eq!(frontier.pop().map(|(_, cost, _)| cost), Some(2.0));
        frontier.push(state(7), 3.0, 3.0);
        assert_eq!(frontier.pop(), None);
        frontier.push(state(7), 1.0, 1.0);
        assert_eq!(frontier.open().count(), 1);
        assert_eq!(frontier.pop().map(|(_, cost, _)| cost), Some(1.0));
    }
}
