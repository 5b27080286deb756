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
}

impl Inverted {
    pub(super) fn new(builder: &SegmentBuilder, order: &Order, ranks: &Ranks, lane: Lane) -> Inverted {
        let ranks = &ranks.of_key[usize::from(lane.0)];
        let own = || builder.terms.iter().filter(|term| term.lane == lane.0);
        if ranks.is_empty() {
            return Inverted { starts: Vec::new(), ends: Vec::new(), names: Vec::new(), flags: Vec::new() };
        }
        let mut starts = vec![0; ranks.len()];
        own().for_each(|term| starts[ranks[term.number as usize] as usize] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let flagged = own().any(|term| term.flags != 0);
        let (mut ends, mut names) = (starts.clone(), vec![0; sum as usize]);
        let mut flags = vec![0; if flagged { sum as usize } else { 0 }];
        for (ordinal, place) in (0u32..).zip(&order.names) {
            for term in builder.terms_of(*place).iter().filter(|term| term.lane == lane.0) {
                let rank = ranks[term.number as usize] as usize;
                let end = ends[rank] as usize;
                if end as u64 > starts[rank] && names[end - 1] == ordinal {
                    if flagged {
                        flags[end - 1] |= term.flags;
                    }
                    continue;
                }
                names[end] = ordinal;
                if flagged {
                    flags[end] = term.flags;
                }
                ends[rank] += 1;
            }
        }
        Inverted { starts, ends, names, flags }
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
