use super::digest::{Order, Ranks};
use super::{Lane, SegmentBuilder};

/// Postings of one lane, term by term, each by increasing name.
pub(super) struct Inverted {
    /// Where the postings of each term lie.
    terms: Vec<Places>,
    pub(super) names: Vec<u32>,
    /// As many as names, or none where all are zero.
    pub(super) flags: Vec<u8>,
    flagged: bool,
}

/// Where the postings of a term begin, and where they end: before those of the next one if a name gave the term twice.
/// Together, as a posting is put by both.
#[derive(Clone, Copy, Default)]
struct Places {
    start: u64,
    end: u64,
}

impl Inverted {
    /// The postings of all lanes.
    pub(super) fn of_all(builder: &SegmentBuilder, order: &Order, ranks: &Ranks) -> Vec<Inverted> {
        let mut lanes: Vec<Inverted> =
            Lane::all().map(|lane| Inverted::with_room(ranks.keys[usize::from(lane.0)].len())).collect();
        for term in builder.terms.iter() {
            let lane = usize::from(term.lane);
            lanes[lane].terms[ranks.of_key[lane][term.number as usize] as usize].end += 1;
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
        Inverted { terms: vec![Places::default(); terms], names: Vec::new(), flags: Vec::new(), flagged: false }
    }

    /// Turns counts of postings into places for them.
    fn make_room(&mut self) {
        let mut sum = 0;
        for places in &mut self.terms {
            let count = places.end;
            *places = Places { start: sum, end: sum };
            sum += count;
        }
        self.names = vec![0; sum as usize];
        self.flags = vec![0; if self.flagged { sum as usize } else { 0 }];
    }

    /// Adds a posting. Names come in order.
    fn put(&mut self, term: usize, name: u32, flags: u8) {
        let places = &mut self.terms[term];
        let end = places.end as usize;
        if places.end > places.start && self.names[end - 1] == name {
            if let Some(known) = self.flags.get_mut(end - 1) {
                *known |= flags;
            }
            return;
        }
        places.end += 1;
        self.names[end] = name;
        if let Some(place) = self.flags.get_mut(end) {
            *place = flags;
        }
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The places of the postings of a term.
    pub(super) fn places(&self, term: usize) -> std::ops::Range<usize> {
        self.terms[term].start as usize..self.terms[term].end as usize
    }

    /// The names of a term, with flags.
    pub(super) fn postings(&self, term: usize) -> impl Iterator<Item = (u32, u8)> + '_ {
        self.places(term).map(|place| (self.names[place], self.flags.get(place).copied().unwrap_or(0)))
    }
}
