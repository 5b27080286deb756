use super::digest::{Order, Ranks};
use super::{Lane, SegmentBuilder};

/// Postings of one lane, term by term, each by increasing name.
pub(super) struct Inverted {
    /// Where the postings of a term begin.
    starts: Vec<u64>,
    /// Where they end: before the next start if a name gave the term twice.
    ends: Vec<u64>,
    pub(super) names: Vec<u32>,
    /// As many as names, or none where all are zero.
    pub(super) flags: Vec<u8>,
    flagged: bool,
}

impl Inverted {
    /// The postings of all lanes.
    pub(super) fn of_all(builder: &SegmentBuilder, order: &Order, ranks: &Ranks) -> Vec<Inverted> {
        let mut lanes: Vec<Inverted> =
            Lane::all().map(|lane| Inverted::with_room(ranks.keys[usize::from(lane.0)].len())).collect();
        for term in builder.terms.iter() {
            let lane = usize::from(term.lane);
            lanes[lane].starts[ranks.of_key[lane][term.number as usize] as usize] += 1;
            lanes[lane].flagged |= term.flags != 0;
        }
        lanes.iter_mut().for_each(Inverted::make_room);
        for (ordinal, place) in (0..).zip(&order.names) {
            for term in builder.terms_of(*place) {
                let lane = usize::from(term.lane);
                lanes[lane].put(ranks.of_key[lane][term.number as usize] as usize, ordinal, term.flags);
            }
        }
        lanes
    }

    fn with_room(terms: usize) -> Inverted {
        Inverted { starts: vec![0; terms], ends: Vec::new(), names: Vec::new(), flags: Vec::new(), flagged: false }
    }

    /// Turns counts of postings into places for them.
    fn make_room(&mut self) {
        let mut sum = 0;
        for start in &mut self.starts {
            sum += std::mem::replace(start, sum);
        }
        self.ends = self.starts.clone();
        self.names = vec![0; sum as usize];
        self.flags = vec![0; if self.flagged { sum as usize } else { 0 }];
    }

    /// Adds a posting. Names come in order.
    fn put(&mut self, term: usize, name: u32, flags: u8) {
        let end = self.ends[term] as usize;
        if end as u64 > self.starts[term] && self.names[end - 1] == name {
            if let Some(known) = self.flags.get_mut(end - 1) {
                *known |= flags;
            }
            return;
        }
        self.names[end] = name;
        if let Some(place) = self.flags.get_mut(end) {
            *place = flags;
        }
        self.ends[term] += 1;
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The places of the postings of a term.
    pub(super) fn places(&self, term: usize) -> std::ops::Range<usize> {
        self.starts[term] as usize..self.ends[term] as usize
    }

    /// The names of a term, with flags.
    pub(super) fn postings(&self, term: usize) -> impl Iterator<Item = (u32, u8)> + '_ {
        self.places(term).map(|place| (self.names[place], self.flags.get(place).copied().unwrap_or(0)))
    }
}
