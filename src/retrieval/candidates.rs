use smallvec::SmallVec;

use super::count::{Count, LOOKED_AT, RUNNERS_UP};
use super::cut::Cut;
use super::lists::lists;
use super::tally::Tally;
use super::words::Words;
use super::{Effort, WordCache, lanes};
use crate::index::{Index, NameOrd, NameView, RecordOrd};
use crate::model::Identifier;
use crate::names::Name;
use crate::score::{Subject, weights};
use crate::text::Symbols;

/// A stored name that may be the one asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The stored name.
    pub name: NameOrd,
    /// The record that bears it.
    pub record: RecordOrd,
    /// What its terms are worth in nats, before any alignment: about the most that it can score.
    pub gain: f32,
}

/// What a search gave.
#[derive(Clone, Debug, Default)]
pub struct Retrieved {
    /// The readings of the query with what their words are worth, in the order given.
    pub subjects: Vec<Subject>,
    /// Candidates, the most promising first.
    pub candidates: Vec<Candidate>,
    /// The most that a name promises, in nats, that was left out because others promise so much more; minus infinity if
    /// none was.
    pub left_out: f32,
    /// Which bound on work cut the search, if one did.
    pub cut: Option<Cut>,
    /// States visited and postings read.
    pub work: u64,
}

/// Names by their numbers, with what their terms are worth.
type Best = Vec<(u32, Tally)>;

/// Names are left out only if they promise so much less than would make them hopeless, in nats: then the best ones seldom
/// score so much less than they promise that those must be looked at after all.
const SLACK: f32 = 2.0;
/// What a part of a stored name that the query lacks costs a candidate's place in the order, in nats. Only what is
/// scored at all depends on it.
const LACKING: f32 = 1.5;

/// The search for one queried name: what was found for its words is kept, so that a second pass need not look for it
/// again.
pub struct Search<'a> {
    index: &'a Index,
    readings: Vec<Name>,
    words: Words<'a>,
    effort: &'a Effort,
    /// The readings of the last pass that left no name out.
    whole: Vec<Whole>,
}

/// The words of a reading: their places and symbols.
type Shape = Vec<(usize, Symbols)>;

/// What all names are worth by the words of a reading.
struct Whole {
    shape: Shape,
    names: Best,
    cut: Option<Cut>,
}

impl<'a> Search<'a> {
    /// A search for a name of which some readings are given. A cache must be one of this index, and asked with
    /// [`Effort::FAST`] and [`Effort::DEEP`] alone.
    pub fn new(index: &'a Index, readings: Vec<Name>, effort: &'a Effort, cache: Option<&'a WordCache>) -> Search<'a> {
        Search { index, readings, words: Words::new(index, effort, cache), effort, whole: Vec::new() }
    }

    /// See [`Effort::hopeless`].
    pub fn hopeless(&self) -> f64 {
        self.effort.hopeless
    }

    /// Looks wider for the words that were not found well.
    pub fn widen(&mut self, effort: &'a Effort) {
        self.effort = effort;
        self.whole.clear();
        self.words.widen(&self.readings, effort);
    }

    /// Finds the stored names that the readings may stand for, and records with one of the identifiers. `parts` tells
    /// how many parts a name has; `None` for one that is not within the scope of the query. With `words_alone`, names
    /// may be left out whose words are worth so little beside others' that they are hopeless, if those score as they promise:
    /// see [`Retrieved::left_out`].
    pub fn candidates(
        &mut self,
        identifiers: &[Identifier],
        words_alone: bool,
        parts: &dyn Fn(&NameView<'_>) -> Option<usize>,
    ) -> Retrieved {
        let subjects: Vec<Subject> = self.readings.iter().map(|name| self.words.subject(name)).collect();
        let (index, effort) = (self.index, self.effort);
        let hopeless = if words_alone { effort.hopeless as f32 + SLACK } else { f32::INFINITY };
        let left_out = f32::NEG_INFINITY;
        let mut count = Count { index, effort, hopeless, parts, read: 0, opened: 0, left_out, cut: None };
        let mut best = self.tally(&subjects, &mut count);
        by_identifier(index, identifiers, &mut best);
        let cut = Cut::worse(count.cut, self.words.cut(&subjects));
        let (candidates, dropped) = top(index, &mut best, effort.candidates, hopeless, parts);
        let work = std::mem::take(&mut self.words.work) + count.read as u64;
        Retrieved { subjects, candidates, left_out: count.left_out.max(dropped), cut, work }
    }

    /// What the words of all readings are worth to each name, by numbers of names.
    fn tally(&mut self, subjects: &[Subject], count: &mut Count<'_>) -> Best {
        let mut best = Best::new();
        let mut seen: Vec<Shape> = Vec::new();
        for subject in subjects {
            // Readings that differ in roles alone have the same words and find the same names.
            let shape = subject.spans.iter().map(|(span, _)| (span.parts.start, span.symbols.clone())).collect();
            if seen.contains(&shape) {
                continue;
            }
            let found = self.tally_reading(subject, &shape, count);
            seen.push(shape);
            if best.is_empty() {
                best = found;
            } else {
                best.extend(found);
            }
        }
        if seen.len() > 1 {
            // Of equals the one of the likelier reading, which came first, stays.
            best.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.gain.total_cmp(&a.1.gain)));
            best.dedup_by_key(|(name, _)| *name);
        }
        best
    }

    /// The same of one reading.
    fn tally_reading(&mut self, subject: &Subject, shape: &Shape, count: &mut Count<'_>) -> Best {
        if let Some(known) = self.whole.iter().find(|whole| whole.shape == *shape) {
            count.cut = Cut::worse(count.cut, known.cut);
            return known.names.clone();
        }
        let lists = lists(subject, self.index, &mut self.words, self.effort.words.edits > 0);
        let before = (std::mem::replace(&mut count.left_out, f32::NEG_INFINITY), count.cut.take());
        let names = count.tally(&lists);
        if count.left_out == f32::NEG_INFINITY {
            self.whole.push(Whole { shape: shape.clone(), names: names.clone(), cut: count.cut });
        }
        count.left_out = count.left_out.max(before.0);
        count.cut = Cut::worse(before.1, count.cut);
        names
    }
}

/// Adds what identifiers are worth to names that are sorted by their numbers.
fn by_identifier(index: &Index, identifiers: &[Identifier], best: &mut Best) {
    for identifier in identifiers {
        let Some(key) = lanes::identifier_key(identifier) else { continue };
        let Some(ordinal) = index.term(lanes::IDENTIFIERS, &key) else { continue };
        let weight = if identifier.kind.is_strong() { "identifier-equal" } else { "identifier-equal-weak" };
        let weight = weights().get(weight) as f32;
        for posting in index.postings(lanes::IDENTIFIERS, ordinal) {
            match best.binary_search_by_key(&posting.name.0, |(name, _)| *name) {
                Ok(place) => best[place].1.gain += weight,
                Err(place) => best.insert(place, (posting.name.0, Tally::of_gain(weight))),
            }
        }
    }
}

/// The most promising names, and what the best one promises that was dropped as hopeless. Of those whose words are worth the most, names come first that have little else.
fn top(
    index: &Index,
    ranked: &mut Best,
    limit: usize,
    hopeless: f32,
    parts: &dyn Fn(&NameView<'_>) -> Option<usize>,
) -> (Vec<Candidate>, f32) {
    let order = |a: &(u32, Tally), b: &(u32, Tally)| {
        let by_name = || index.compare_names(NameOrd(a.0), NameOrd(b.0));
        b.1.gain.total_cmp(&a.1.gain).then_with(by_name)
    };
    let wanted = limit * LOOKED_AT;
    if ranked.len() > wanted && wanted > 0 {
        // Far more than can be kept need not be sorted, unless the scope drops most of them.
        ranked.select_nth_unstable_by(wanted - 1, order);
        ranked[..wanted].sort_unstable_by(order);
    } else {
        ranked.sort_unstable_by(order);
    }
    let mut kept: Vec<(f32, Candidate)> = Vec::with_capacity(wanted);
    let mut left_out = f32::NEG_INFINITY;
    let mut records: SmallVec<[RecordOrd; RUNNERS_UP]> = SmallVec::new();
    let mut sorted = wanted.min(ranked.len());
    let mut place = 0;
    while place < ranked.len() && kept.len() < wanted {
        if place == sorted {
            ranked[sorted..].sort_unstable_by(order);
            sorted = ranked.len();
        }
        let (name, tally) = ranked[place];
        // Enough parties stand so far before all others that nobody would look at those.
        let behind = kept.first().is_some_and(|(_, best)| tally.gain + hopeless < best.gain);
        if behind && records.len() >= RUNNERS_UP {
            left_out = tally.gain;
            break;
        }
        place += 1;
        let name = NameOrd(name);
        let Some(view) = index.name(name) else { continue };
        let Some(parts) = parts(&view) else { continue };
        let lacking = parts.saturating_sub(tally.parts.count_ones() as usize);
        let candidate = Candidate { name, record: view.record, gain: tally.gain };
        if records.len() < RUNNERS_UP && !records.contains(&view.record) {
            records.push(view.record);
        }
        kept.push((tally.gain - LACKING * lacking as f32, candidate));
    }
    kept.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| index.compare_names(a.1.name, b.1.name)));
    (kept.into_iter().map(|(_, candidate)| candidate).take(limit).collect(), left_out)
}
