use std::collections::HashMap;

use super::lanes;
use super::words::{Words, is_searched};
use crate::index::{Index, Lane};
use crate::names::{self, PartRole, Span};
use crate::score::{BASE_COST, Subject, acronym_gain, concept_gain};

/// A list of postings to read: a term, what it is worth, and the parts of the query that it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub lane: Lane,
    pub ordinal: u64,
    pub gain: f32,
    pub parts: u64,
}

/// A term stands for at most so many words of a query.
const REPEATED: usize = 3;
/// In the second pass, words count that are so much dearer than what they are worth, in nats.
const UNLIKELY: f32 = 6.0;
/// The lists of a reading: of its words, of the words they are derived from, of its acronyms and meanings; the most
/// telling first. `wide` in the second pass.
pub(super) fn lists(subject: &Subject, index: &Index, words: &mut Words<'_>, wide: bool) -> Vec<List> {
    let name = &subject.name;
    let alone = name.parts.iter().all(|part| !is_searched(part.role));
    let mut lists = Vec::new();
    for (span, background) in &subject.spans {
        if span.parts.end > 64 || !(alone || is_searched(name.parts[span.parts.start].role)) {
            continue;
        }
        let parts = span.parts.clone().fold(0, |parts, part| parts | 1 << part);
        for term in &words.find(span, name.kind).terms {
            let gain = *background as f32 - term.cost;
            lists.push(List { lane: term.lane, ordinal: term.ordinal, gain, parts });
        }
    }
    for (span, background) in &subject.spans {
        let parts = span.parts.clone();
        if parts.len() > 1 || parts.end > 64 || name.parts[parts.start].role != PartRole::Distinctive {
            continue;
        }
        let worth = *background as f32 - BASE_COST as f32;
        for base in names::bases(&name.parts[parts.start]) {
            let base = Span { parts: parts.clone(), script: base.0, symbols: base.1 };
            for term in &words.find(&base, name.kind).terms {
                let gain = worth - term.cost;
                lists.push(List { lane: term.lane, ordinal: term.ordinal, gain, parts: 1 << parts.start });
            }
        }
    }
    for acronym in name.acronyms().into_iter().filter(|acronym| acronym.parts.end <= 64) {
        let lane = lanes::of_script(acronym.script);
        let Some(ordinal) = index.term(lane, &acronym.symbols) else { continue };
        let gain = acronym_gain(acronym.symbols.len()) as f32;
        lists.push(List { lane, ordinal, gain, parts: acronym.parts.fold(0, |parts, part| parts | 1 << part) });
    }
    for (place, part) in name.parts.iter().enumerate().take(64) {
        let Some(concept) = part.concept.filter(|_| is_searched(part.role)) else { continue };
        let Some(ordinal) = index.term(lanes::CONCEPTS, concept.as_bytes()) else { continue };
        let background = subject.concepts[place];
        let worth = if subject.has_distinctive() { concept_gain(background) } else { background };
        lists.push(List { lane: lanes::CONCEPTS, ordinal, gain: worth as f32, parts: 1 << place });
    }
    // What speaks little against a name is still better than no answer, and than none of the other words.
    let supported = lists.iter().any(|list| list.gain > 0.0);
    let least = if !wide {
        0.0
    } else if supported {
        -UNLIKELY
    } else {
        f32::NEG_INFINITY
    };
    lists.retain(|list| list.gain > least);
    // The most telling first: what they find decides what the common words may still support.
    lists.sort_by(|a, b| {
        b.gain.total_cmp(&a.gain).then((a.lane.0, a.ordinal, a.parts).cmp(&(b.lane.0, b.ordinal, b.parts)))
    });
    // A name seldom has a word more often, however often it is asked for.
    let mut times: HashMap<(u8, u64), usize, foldhash::fast::FixedState> = HashMap::default();
    lists.retain(|list| {
        let times = times.entry((list.lane.0, list.ordinal)).or_default();
        *times += 1;
        *times <= REPEATED
    });
    lists
}

/// What a name can gain at most from some lists alone. The lists that count for a name cover no part twice, so that all of
/// them together are worth no more than each part is by the list that is worth the most for each of its own.
pub(super) fn ceiling<'l>(lists: impl IntoIterator<Item = &'l List>) -> f32 {
    let mut best = Best::default();
    lists.into_iter().for_each(|list| best.add(list));
    best.ceiling()
}

/// The same of all lists from each place on, and from behind the last one.
pub(super) fn ceilings(lists: &[List]) -> Vec<f32> {
    let mut best = Best::default();
    let mut ceilings = vec![0.0; lists.len() + 1];
    for (list, ceiling) in lists.iter().zip(&mut ceilings).rev() {
        best.add(list);
        *ceiling = best.ceiling();
    }
    ceilings
}

/// What each part of a query is worth by the list that is worth the most for each of its own.
struct Best {
    parts: [f32; u64::BITS as usize],
    /// The parts up to the last one that a list has.
    length: usize,
}

impl Default for Best {
    fn default() -> Best {
        Best { parts: [0.0; u64::BITS as usize], length: 0 }
    }
}

impl Best {
    fn add(&mut self, list: &List) {
        let each = list.gain / list.parts.count_ones() as f32;
        let mut parts = list.parts;
        while parts != 0 {
            let place = parts.trailing_zeros() as usize;
            self.parts[place] = self.parts[place].max(each);
            self.length = self.length.max(place + 1);
            parts &= parts - 1;
        }
    }

    fn ceiling(&self) -> f32 {
        self.parts[..self.length].iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_choice_of_lists_is_worth_more(
            lists in prop::collection::vec((1u64..16, -3.0..12.0f32), 0..9),
            chosen in any::<u16>(),
        ) {
            let list = |(parts, gain): &(u64, f32)| List { lane: Lane(0), ordinal: 0, gain: *gain, parts: *parts };
            let lists: Vec<List> = lists.iter().map(list).collect();
            let (mut covered, mut gain) = (0, 0.0);
            for (place, list) in lists.iter().enumerate() {
                if chosen >> place & 1 == 1 && covered & list.parts == 0 {
                    covered |= list.parts;
                    gain += list.gain;
                }
            }
            prop_assert!(gain <= ceiling(&lists) + 1e-4);
            let of_each = (0..=lists.len()).map(|place| ceiling(&lists[place..]));
            prop_assert_eq!(of_each.collect::<Vec<_>>(), ceilings(&lists));
        }
    }
}
