use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Words as a tree of letters, with marks where they end. Words and their beginnings are found in one walk, and most
/// walks end at the second letter.
#[derive(Debug)]
pub(super) struct Letters {
    /// From a node by a letter to a node; the root is 0.
    edges: HashMap<u64, u32, FixedState>,
    /// What ends at a node: bits that the caller gives.
    marks: Vec<u8>,
}

impl Default for Letters {
    fn default() -> Letters {
        Letters { edges: HashMap::default(), marks: vec![0] }
    }
}

impl Letters {
    /// Adds the letters of a word, in the order in which they will be walked.
    pub fn add(&mut self, letters: impl Iterator<Item = char>, mark: u8) {
        let mut node = 0;
        for c in letters {
            let next = self.marks.len() as u32;
            let target = *self.edges.entry(key(node, c)).or_insert(next);
            if target == next {
                self.marks.push(0);
            }
            node = target;
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
            node = *self.edges.get(&key(node, c))?;
            Some(self.marks[node as usize])
        });
        steps.enumerate().filter(|(_, mark)| *mark != 0).map(|(place, mark)| (place + 1, mark))
    }
}

fn key(node: u32, c: char) -> u64 {
    u64::from(node) << 32 | u64::from(c)
}
