/// Words as a tree of letters, with marks where they end. Words and their beginnings are found in one walk, and most
/// walks end at the second letter.
#[derive(Debug)]
pub(super) struct Letters {
    /// The edges: a power of two of places, at most half of them taken. Those of one node lie close together, so that
    /// what most walks look at is always at hand.
    edges: Vec<Edge>,
    /// What ends at a node: bits that the caller gives. The root is 0.
    marks: Vec<u8>,
}

/// From a node by a letter to a node; no edge leads to the root, so one that does is none.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    from: u32,
    letter: char,
    to: u32,
}

/// Places to begin with; a power of two.
const FIRST_PLACES: usize = 1 << 6;
/// Places for each edge, at least.
const PLACES: usize = 2;

impl Default for Letters {
    fn default() -> Letters {
        Letters { edges: vec![Edge::default(); FIRST_PLACES], marks: vec![0] }
    }
}

impl Letters {
    /// Adds the letters of a word, in the order in which they will be walked.
    pub fn add(&mut self, letters: impl Iterator<Item = char>, mark: u8) {
        let mut node = 0;
        for c in letters {
            node = self.step_or_add(node, c);
        }
        if node != 0 {
            self.marks[node as usize] |= mark;
        }
    }

    /// The marks met on the way along some letters, each with the number of letters before it; the way ends where no
    /// word goes on.
    pub fn walk(&self, letters: impl Iterator<Item = char>) -> impl Iterator<Item = (usize, u8)> {
        let mut node = 0;
        let steps = letters.map_while(move |c| {
            node = self.edges[self.place(node, c)].to;
            (node != 0).then(|| self.marks[node as usize])
        });
        steps.enumerate().filter(|(_, mark)| *mark != 0).map(|(place, mark)| (place + 1, mark))
    }

    fn step_or_add(&mut self, from: u32, letter: char) -> u32 {
        let place = self.place(from, letter);
        if self.edges[place].to != 0 {
            return self.edges[place].to;
        }
        let to = self.marks.len() as u32;
        self.marks.push(0);
        self.edges[place] = Edge { from, letter, to };
        if self.marks.len() * PLACES > self.edges.len() {
            self.spread_out();
        }
        to
    }

    fn spread_out(&mut self) {
        let places = self.edges.len() * 2;
        let edges = std::mem::replace(&mut self.edges, vec![Edge::default(); places]);
        for edge in edges.into_iter().filter(|edge| edge.to != 0) {
            let place = self.place(edge.from, edge.letter);
            self.edges[place] = edge;
        }
    }

    /// Where an edge is, or is missing.
    #[inline]
    fn place(&self, from: u32, letter: char) -> usize {
        // Knuth's multiplicative hashing scatters the nodes, each with its letters in the order of the alphabet.
        let mask = self.edges.len() - 1;
        let mut place = from.wrapping_mul(0x9E37_79B1).wrapping_add(u32::from(letter)) as usize & mask;
        // At most half of the places are taken, so a free one comes.
        loop {
            let edge = &self.edges[place];
            if edge.to == 0 || edge.letter == letter && edge.from == from {
                return place;
            }
            place = (place + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The tree against a list of the words.
        #[test]
        fn a_walk_meets_every_word_that_begins_the_letters(words in prop::collection::vec("[a-c가-각]{1,4}", 0..80), asked in "[a-c가-각]{0,6}") {
            let mut letters = Letters::default();
            words.iter().for_each(|word| letters.add(word.chars(), 1));
            let met: Vec<(usize, u8)> = letters.walk(asked.chars()).collect();
            let beginnings = (1..=asked.chars().count()).map(|length| asked.chars().take(length).collect::<String>());
            let expected: Vec<(usize, u8)> = (1..).zip(beginnings).filter(|(_, beginning)| words.contains(beginning)).map(|(length, _)| (length, 1)).collect();
            prop_assert_eq!(met, expected);
        }
    }
}
