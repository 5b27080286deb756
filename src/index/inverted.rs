use std::hint::black_box;

use super::digest::Order;
use super::{Frequency, Lane, SegmentBuilder};

/// Names whose terms are looked at ahead.
const AHEAD: usize = 16;

/// Postings of one lane, term by term, each by increasing name.
pub(super) struct Inverted {
    /// Where the postings of each term begin.
    starts: Vec<u64>,
    /// What else there is of each term.
    ends: Vec<End>,
    pub(super) names: Vec<u32>,
    /// As many as names, or none where all are zero.
    pub(super) flags: Vec<u8>,
    flagged: bool,
}

/// Where the postings of a term end: before those of the next one if a name gave the term twice. Together with what else
/// putting a posting looks at, as it waits for memory once.
#[derive(Clone, Copy, Default)]
struct End {
    end: u64,
    /// In how many records the term is.
    records: u32,
    /// The last of them.
    record: u32,
}

impl Inverted {
    /// The postings of all lanes. The numbers of terms are ordinals: see `Ranks::new`.
    pub(super) fn of_all(builder: &SegmentBuilder, order: &Order) -> Vec<Inverted> {
        let mut lanes: Vec<Inverted> =
            Lane::all().map(|lane| Inverted::with_room(builder.keys[usize::from(lane.0)].len())).collect();
        for term in builder.terms.iter() {
            let lane = &mut lanes[usize::from(term.lane)];
            lane.ends[term.number as usize].end += 1;
            lane.flagged |= term.flags != 0;
        }
        lanes.iter_mut().for_each(Inverted::make_room);
        let mut named = (0..).zip(&order.names).zip(&order.record_of);
        for names in order.names.chunks(AHEAD) {
            // Looked at ahead, so that the waits for memory coincide: where the postings end, and what stands there.
            let terms = || names.iter().flat_map(|place| builder.terms_of(*place));
            terms().for_each(|term| _ = black_box(lanes[usize::from(term.lane)].ends[term.number as usize].end));
            terms().for_each(|term| lanes[usize::from(term.lane)].approach(term.number as usize));
            for ((ordinal, place), record) in named.by_ref().take(AHEAD) {
                for term in builder.terms_of(*place) {
                    lanes[usize::from(term.lane)].put(term.number as usize, ordinal, *record, term.flags);
                }
            }
        }
        lanes
    }

    fn with_room(terms: usize) -> Inverted {
        let (starts, ends) = (vec![0; terms], vec![End::default(); terms]);
        Inverted { starts, ends, names: Vec::new(), flags: Vec::new(), flagged: false }
    }

    /// Turns counts of postings into places for them.
    fn make_room(&mut self) {
        let mut sum = 0;
        for (start, end) in self.starts.iter_mut().zip(&mut self.ends) {
            *start = sum;
            sum += std::mem::replace(&mut end.end, sum);
        }
        self.names = vec![0; sum as usize];
        self.flags = vec![0; if self.flagged { sum as usize } else { 0 }];
    }

    /// Looks at the room that the next posting of a term takes, and changes nothing.
    fn approach(&self, term: usize) {
        black_box(self.names.get(self.ends[term].end as usize).copied());
    }

    /// Adds a posting. Names come in order, and so do their records.
    fn put(&mut self, term: usize, name: u32, record: u32, flags: u8) {
        let own = &mut self.ends[term];
        let end = own.end as usize;
        if own.records > 0 && self.names[end - 1] == name {
            if let Some(known) = self.flags.get_mut(end - 1) {
                *known |= flags;
            }
            return;
        }
        if own.records == 0 || own.record != record {
            (own.records, own.record) = (own.records + 1, record);
        }
        own.end += 1;
        self.names[end] = name;
        if let Some(place) = self.flags.get_mut(end) {
            *place = flags;
        }
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// In how many names and records a term occurs.
    pub(super) fn frequency(&self, term: usize) -> Frequency {
        Frequency { names: self.places(term).len() as u32, records: self.ends[term].records }
    }

    /// The places of the postings of a term.
    pub(super) fn places(&self, term: usize) -> std::ops::Range<usize> {
        self.starts[term] as usize..self.ends[term].end as usize
    }

    /// The names of a term, with flags.
    pub(super) fn postings(&self, term: usize) -> impl Iterator<Item = (u32, u8)> + '_ {
        self.places(term).map(|place| (self.names[place], self.flags.get(place).copied().unwrap_or(0)))
    }
}
