use std::collections::HashMap;

use super::words::{Words, is_searched};
use super::{Effort, WordCache, lanes};
use crate::index::{Index, Lane, NameOrd, NameView, RecordOrd};
use crate::model::Identifier;
use crate::names::{self, Name, PartRole, Span};
use crate::score::{BASE_COST, Subject, acronym_gain, concept_gain, weights};

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
    /// Which bound on work cut the search, if one did.
    pub incomplete: Option<&'static str>,
    /// States visited and postings read.
    pub work: u64,
}

/// A list of postings to read: a term, what it is worth, and the parts of the query that it stands for.
struct List {
    lane: Lane,
    ordinal: u64,
    gain: f32,
    parts: u64,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    gain: f32,
    /// The parts of the query that were found.
    parts: u64,
    /// The same by words one by one, without joined ones: two rare words are worth more than both as one.
    single_gain: f32,
    single_parts: u64,
}

impl Tally {
    /// Adds a list. Lists come best first, so the first one that covers a part is the best one for it.
    fn add(&mut self, list: &List) {
        // What speaks against a name is weighed only where nothing speaks for it.
        if list.gain <= 0.0 && self.parts != 0 {
            return;
        }
        if self.parts & list.parts == 0 {
            self.parts |= list.parts;
            self.gain += list.gain;
        }
        if list.parts.is_power_of_two() && self.single_parts & list.parts == 0 {
            self.single_parts |= list.parts;
            self.single_gain += list.gain;
        }
    }

    /// The better way to cover the query's parts.
    fn best(self) -> Tally {
        match self.single_gain > self.gain {
            true => Tally { gain: self.single_gain, parts: self.single_parts, ..self },
            false => self,
        }
    }
}

type Best = HashMap<u32, Tally, foldhash::fast::FixedState>;

/// How many times more names are looked at than are returned.
const LOOKED_AT: usize = 4;
/// The most names that there is room for before one is opened.
const ROOM: usize = 1 << 13;
/// In the second pass, words count that are so much dearer than what they are worth, in nats.
const UNLIKELY: f32 = 6.0;
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
}

impl<'a> Search<'a> {
    /// A search for a name of which some readings are given. A cache must be one of this index, and asked with
    /// [`Effort::FAST`] and [`Effort::DEEP`] alone.
    pub fn new(index: &'a Index, readings: Vec<Name>, effort: &'a Effort, cache: Option<&'a WordCache>) -> Search<'a> {
        Search { index, readings, words: Words::new(index, effort, cache), effort }
    }

    /// See [`Effort::hopeless`].
    pub fn hopeless(&self) -> f64 {
        self.effort.hopeless
    }

    /// Looks wider for the words that were not found well.
    pub fn widen(&mut self, effort: &'a Effort) {
        self.effort = effort;
        self.words.widen(&self.readings, effort);
    }

    /// Finds the stored names that the readings may stand for, and records with one of the identifiers. `parts` tells
    /// how many parts a name has; `None` for one that is not within the scope of the query.
    pub fn candidates(
        &mut self,
        identifiers: &[Identifier],
        parts: &dyn Fn(&NameView<'_>) -> Option<usize>,
    ) -> Retrieved {
        let (index, effort, words) = (self.index, self.effort, &mut self.words);
        let subjects: Vec<Subject> = self.readings.iter().map(|name| words.subject(name)).collect();
        let mut best: Best = HashMap::default();
        let mut read = 0usize;
        let mut seen: Vec<Vec<(u64, Vec<u8>)>> = Vec::new();
        for subject in &subjects {
            // Readings that differ in roles alone have the same words and find the same names.
            let shape = subject.spans.iter().map(|(span, _)| (span.parts.start as u64, span.symbols.clone())).collect();
            if seen.contains(&shape) {
                continue;
            }
            seen.push(shape);
            let lists = lists(subject, index, words, effort.words.edits > 0);
            for (name, tally) in tally(index, &lists, effort, &mut read, &mut words.incomplete) {
                let tally = tally.best();
                let known = best.entry(name).or_default();
                if known.parts == 0 || tally.gain > known.gain {
                    *known = tally;
                }
            }
        }
        by_identifier(index, identifiers, &mut best);
        Retrieved {
            candidates: top(index, best, effort.candidates, parts),
            subjects,
            incomplete: words.incomplete,
            work: words.work + read as u64,
        }
    }
}

fn lists(subject: &Subject, index: &Index, words: &mut Words<'_>, wide: bool) -> Vec<List> {
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
    lists
}

fn tally(
    index: &Index,
    lists: &[List],
    effort: &Effort,
    read: &mut usize,
    incomplete: &mut Option<&'static str>,
) -> Best {
    // Names are opened in about as many places as there are postings: room for them at once, but not for those of a
    // word that half of the list has.
    let postings = |list: &List| index.frequency(list.lane, list.ordinal).names as usize;
    let room = lists.iter().map(postings).sum::<usize>().min(effort.open_postings).min(ROOM);
    let mut tallies = Best::with_capacity_and_hasher(room, Default::default());
    let mut opened = 0;
    let mut closed_at = None;
    let mut place = 0;
    // Words that come twice have the same lists, side by side: their postings are read once.
    for same in lists.chunk_by(|a, b| (a.lane, a.ordinal) == (b.lane, b.ordinal)) {
        for posting in index.postings(same[0].lane, same[0].ordinal) {
            if *read >= effort.max_postings {
                *incomplete = Some("postings of one query");
                return tallies;
            }
            *read += 1;
            let tally = if opened < effort.open_postings {
                opened += 1;
                tallies.entry(posting.name.0).or_default()
            } else {
                closed_at = closed_at.or(Some(place));
                match tallies.get_mut(&posting.name.0) {
                    Some(tally) => tally,
                    None => continue,
                }
            };
            same.iter().for_each(|list| tally.add(list));
        }
        place += same.len();
    }
    if let Some(place) = closed_at
        && ceiling(&lists[place..]) > nth_gain(&tallies, effort.candidates)
    {
        *incomplete = Some("names that only common words find");
    }
    tallies
}

/// The most that a name can gain from some lists alone: the best list of each part.
fn ceiling(lists: &[List]) -> f32 {
    let mut covered = 0;
    let mut gain = 0.0;
    for list in lists {
        if list.parts & !covered != 0 {
            covered |= list.parts;
            gain += list.gain;
        }
    }
    gain
}

fn nth_gain(tallies: &Best, n: usize) -> f32 {
    let mut gains: Vec<f32> = tallies.values().map(|tally| tally.gain).collect();
    if n == 0 || gains.len() < n {
        return 0.0;
    }
    let (_, gain, _) = gains.select_nth_unstable_by(n - 1, |a, b| b.total_cmp(a));
    *gain
}

fn by_identifier(index: &Index, identifiers: &[Identifier], best: &mut Best) {
    for identifier in identifiers {
        let Some(key) = lanes::identifier_key(identifier) else { continue };
        let Some(ordinal) = index.term(lanes::IDENTIFIERS, &key) else { continue };
        let weight = if identifier.kind.is_strong() { "identifier-equal" } else { "identifier-equal-weak" };
        for posting in index.postings(lanes::IDENTIFIERS, ordinal) {
            best.entry(posting.name.0).or_default().gain += weights().get(weight) as f32;
        }
    }
}

/// The most promising names. Of those whose words are worth the most, names come first that have little else.
fn top(index: &Index, best: Best, limit: usize, parts: &dyn Fn(&NameView<'_>) -> Option<usize>) -> Vec<Candidate> {
    let mut ranked: Vec<(u32, Tally)> = best.into_iter().collect();
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
    let mut sorted = wanted.min(ranked.len());
    let mut place = 0;
    while place < ranked.len() && kept.len() < wanted {
        if place == sorted {
            ranked[sorted..].sort_unstable_by(order);
            sorted = ranked.len();
        }
        let (name, tally) = ranked[place];
        place += 1;
        let name = NameOrd(name);
        let Some(view) = index.name(name) else { continue };
        let Some(parts) = parts(&view) else { continue };
        let lacking = parts.saturating_sub(tally.parts.count_ones() as usize);
        let candidate = Candidate { name, record: view.record, gain: tally.gain };
        kept.push((tally.gain - LACKING * lacking as f32, candidate));
    }
    kept.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| index.compare_names(a.1.name, b.1.name)));
    kept.into_iter().map(|(_, candidate)| candidate).take(limit).collect()
}
