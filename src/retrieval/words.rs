use std::collections::HashMap;
use std::sync::Arc;

use super::cache::{Sought, WordCache};
use super::lanes;
use super::{Budget, Effort, nearest, within_one_edit};
use crate::correspondence;
use crate::index::{Index, Lane};
use crate::model::Kind;
use crate::names::{Name, PartRole, Span};
use crate::score::{EDIT_COST, Subject, letter_background};
use crate::text::Script;

/// A term that may spell a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub lane: Lane,
    pub ordinal: u64,
    /// What it costs that the word is spelled so, in nats.
    pub cost: f32,
}

/// What was found for one word: its terms, and what it is worth.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub terms: Vec<Term>,
    pub background: f64,
}

/// What the search for one word gave, and what it took.
#[derive(Clone, Debug, Default)]
pub(super) struct Searched {
    pub found: Found,
    /// States taken up.
    work: u32,
    /// Which bound cut it, if one did.
    incomplete: Option<&'static str>,
}

impl Searched {
    /// What its terms take, in bytes.
    pub fn size(&self) -> usize {
        self.found.terms.len() * size_of::<Term>()
    }
}

/// A word is found well if its cheapest term costs at most this much for each of its symbols, in nats.
const WELL_FOUND: f32 = 0.2;

/// Joined words of so many symbols may be the syllables of one name.
const SYLLABLES: usize = 12;

/// The names of a population beside the index, without which every word of a short list would be common.
const UNLISTED: f64 = 30_000.0;
/// How many of them have a word of a given generic meaning: one in two hundred.
const UNLISTED_CONCEPT: f64 = 0.005;

/// So many companies attest the translations of a common word.
const COMMON: f64 = 60.0;

/// A word of a query: its script and symbols, and whether it names a company.
pub(super) type Key = (Script, Vec<u8>, bool);

fn key(span: &Span, kind: Kind) -> Key {
    (span.script, span.symbols.clone(), kind == Kind::Organization)
}

/// The words of one query, each looked up once.
pub(super) struct Words<'a> {
    index: &'a Index,
    effort: &'a Effort,
    /// What earlier queries found, where they may be asked.
    cache: Option<&'a WordCache>,
    known: HashMap<Key, Arc<Searched>, foldhash::fast::FixedState>,
    /// States that may still be taken up.
    left: u32,
    /// The most of them for one word in one dictionary.
    share: u32,
    /// True in the second pass.
    wide: bool,
    /// Which bound cut a search, if one did.
    pub incomplete: Option<&'static str>,
    /// States visited.
    pub work: u64,
}

/// Roles whose words are not searched: too many names share them, and none is found by them.
pub(crate) fn is_searched(role: PartRole) -> bool {
    !matches!(role, PartRole::Initial | PartRole::Title | PartRole::LegalForm | PartRole::Particle)
}

/// Beside the very word that is asked for, terms of its script that cost more than this are other words, in nats.
const BESIDE_EXACT: f32 = 2.0;

impl<'a> Words<'a> {
    pub fn new(index: &'a Index, effort: &'a Effort, cache: Option<&'a WordCache>) -> Words<'a> {
        let (known, left) = (HashMap::default(), effort.all_pops);
        Words { index, effort, cache, known, left, share: u32::MAX, wide: false, incomplete: None, work: 0 }
    }

    /// Searches the words of some readings again, with another effort: those that were not found well, or all of them
    /// if all were, for then it is their company that nothing has. Joined words stay as they are.
    pub fn widen(&mut self, readings: &[Name], effort: &'a Effort) {
        (self.effort, self.left, self.wide) = (effort, effort.all_pops, true);
        (self.incomplete, self.work) = (None, 0);
        let mut spans: Vec<(Span, Kind)> = Vec::new();
        for name in readings {
            // A place is as often one word in another script as it is not.
            let is_place = |span: &Span| name.kind == Kind::Unknown && span.parts.len() == name.parts.len();
            let own = name.spans().into_iter().filter(|span| span.parts.len() == 1 || is_place(span));
            for span in own.filter(|span| is_searched(name.parts[span.parts.start].role)) {
                let own = key(&span, name.kind);
                if !spans.iter().any(|(known, kind)| key(known, *kind) == own) {
                    spans.push((span, name.kind));
                }
            }
        }
        let is_weak = |words: &Words<'_>, (span, kind): &(Span, Kind)| {
            let found = words.known.get(&key(span, *kind));
            let best = found.and_then(|known| known.found.terms.iter().map(|term| term.cost).min_by(f32::total_cmp));
            best.is_none_or(|best| best > WELL_FOUND * span.symbols.len() as f32)
        };
        let (weak, strong): (Vec<_>, Vec<_>) = spans.into_iter().partition(|span| is_weak(self, span));
        let wanted = if weak.is_empty() { strong } else { weak };
        // Each word gets its share, in every script: the last one may be the one that was mistyped.
        let searches: usize = wanted.iter().map(|(span, kind)| self.dictionaries(span.script, *kind)).sum();
        self.share = effort.all_pops / searches.max(1) as u32;
        for (span, kind) in wanted {
            let found = self.look_up(&span, kind);
            self.known.insert(key(&span, kind), found);
        }
    }

    /// How many dictionaries a word of a script is searched in.
    fn dictionaries(&self, script: Script, kind: Kind) -> usize {
        let is_searched = |stored: &Script| {
            self.index.terms(lanes::of_script(*stored)).is_some()
                && !correspondence::tables(script, *stored, kind).is_empty()
        };
        Script::ALL.iter().filter(|stored| is_searched(stored)).count()
    }

    /// Looks a word up in every dictionary that may hold a spelling of it.
    pub fn find(&mut self, span: &Span, kind: Kind) -> &Found {
        let key = key(span, kind);
        if !self.known.contains_key(&key) {
            let joined = span.parts.len() > 1;
            let found = if self.known.len() >= self.effort.max_words {
                self.incomplete = Some("more words than one query may have");
                None
            } else if joined && (self.wide || span.symbols.len() > self.effort.joined_symbols) {
                None
            } else {
                Some(self.look_up(span, kind))
            };
            let unknown = || {
                let found = Found { background: letter_background(span.symbols.len()), ..Found::default() };
                Arc::new(Searched { found, ..Searched::default() })
            };
            self.known.insert(key.clone(), found.unwrap_or_else(unknown));
        }
        &self.known[&key].found
    }

    /// What the search for a word gives, be it now or in an earlier query.
    fn look_up(&mut self, span: &Span, kind: Kind) -> Arc<Searched> {
        // No search takes up more than its own budget in every script.
        let left = self.left.min(self.budget(span).pops.saturating_mul(Script::ALL.len() as u32));
        let (word, joined) = (key(span, kind), span.parts.len() > 1);
        let sought = Sought { word, joined, wide: self.wide, left };
        let known = self.cache.and_then(|cache| cache.get(&sought));
        let searched = known.unwrap_or_else(|| {
            let searched = Arc::new(self.search(span, kind));
            if let Some(cache) = self.cache {
                cache.put(sought, Arc::clone(&searched));
            }
            searched
        });
        self.work += u64::from(searched.work);
        self.left = self.left.saturating_sub(searched.work);
        self.incomplete = searched.incomplete.or(self.incomplete);
        searched
    }

    fn search(&self, span: &Span, kind: Kind) -> Searched {
        let mut searched = Searched::default();
        for script in Script::ALL {
            self.search_script((span, kind), script, &mut searched);
        }
        searched.found.background = self.background(&searched.found.terms, span.symbols.len());
        searched
    }

    fn search_script(&self, (span, kind): (&Span, Kind), script: Script, searched: &mut Searched) {
        let terms = &mut searched.found.terms;
        let lane = lanes::of_script(script);
        let Some(dictionary) = self.index.terms(lane) else { return };
        let exact = if span.script == script { self.index.term(lane, &span.symbols) } else { None };
        terms.extend(exact.map(|ordinal| Term { lane, ordinal, cost: 0.0 }));
        let tables = correspondence::tables(span.script, script, kind);
        let translations = correspondence::translations(span.script, script);
        // What companies call a thing is known of common words, so that no other spelling need be looked for.
        let common = translations.is_some_and(|words| words.count(&span.symbols) >= COMMON);
        if common {
            // The translations stand for all spellings.
        } else if !tables.is_empty() {
            let mut budget = self.budget(span);
            if exact.is_some() {
                budget.window = budget.window.min(BESIDE_EXACT);
            }
            budget.pops = budget.pops.min(self.left.saturating_sub(searched.work));
            let found = nearest(dictionary, tables, &span.symbols, &budget);
            searched.work += found.work;
            if !found.complete {
                searched.incomplete = Some("states of the search for one word");
            }
            let others = found.hits.iter().filter(|hit| Some(hit.ordinal) != exact);
            terms.extend(others.map(|hit| Term { lane, ordinal: hit.ordinal, cost: hit.cost }));
        } else if span.script == script && script == Script::Other {
            let word = String::from_utf8_lossy(&span.symbols);
            let (found, complete) = within_one_edit(dictionary, &word, self.effort.words.k);
            if !complete {
                searched.incomplete = Some("terms within one edit");
            }
            let others = found.iter().filter(|(ordinal, _)| Some(*ordinal) != exact);
            terms.extend(others.map(|(ordinal, _)| Term { lane, ordinal: *ordinal, cost: EDIT_COST }));
        }
        let ceiling = letter_background(span.symbols.len()) as f32;
        for word in translations.map_or(&[][..], |words| words.of(&span.symbols)) {
            let Some(ordinal) = self.index.term(lane, &word.symbols).filter(|_| word.cost < ceiling) else { continue };
            match terms.iter_mut().find(|term| term.lane == lane && term.ordinal == ordinal) {
                Some(term) => term.cost = term.cost.min(word.cost),
                None => terms.push(Term { lane, ordinal, cost: word.cost }),
            }
        }
    }

    /// What the search of one word in one dictionary may cost.
    fn budget(&self, span: &Span) -> Budget {
        let words = self.effort.words;
        let (pops, edits) = match span.parts.len() {
            1 => (words.pops, words.edits),
            _ if span.symbols.len() <= SYLLABLES => (self.effort.syllable_pops, 0),
            _ => (self.effort.joined_pops, 0),
        };
        let most = self.effort.dearest * letter_background(span.symbols.len()) as f32;
        let ceiling = words.ceiling.min(most);
        Budget { ceiling, pops: pops.min(self.share), edits, ..words }
    }

    /// How rarely chance alone brings a word: the negative logarithm of the probability that a name drawn at
    /// random has a part that this word spells, with a floor of what its letters alone cost.
    fn background(&self, terms: &[Term], symbols: usize) -> f64 {
        let population = f64::from(self.index.name_count()) + UNLISTED;
        let weight =
            |term: &Term| f64::from(self.index.frequency(term.lane, term.ordinal).names) * f64::from(-term.cost).exp();
        let by_chance = terms.iter().map(weight).sum::<f64>() / population;
        -(by_chance + (-letter_background(symbols)).exp()).ln()
    }

    /// The background of a meaning, from how many names have a word of it.
    fn concept_background(&self, concept: &str) -> f64 {
        let population = f64::from(self.index.name_count()) + UNLISTED;
        let ordinal = self.index.term(lanes::CONCEPTS, concept.as_bytes());
        let frequency = ordinal.map_or(0, |ordinal| self.index.frequency(lanes::CONCEPTS, ordinal).names);
        -((f64::from(frequency) + UNLISTED * UNLISTED_CONCEPT) / population).ln()
    }

    /// A reading with what its words are worth.
    pub fn subject(&mut self, name: &Name) -> Subject {
        let alone = name.parts.iter().all(|part| !is_searched(part.role));
        let mut spans: Vec<(Span, f64)> = Vec::new();
        let mut single = vec![0.0; name.parts.len()];
        for span in name.spans().into_iter().rev() {
            let searched = alone || is_searched(name.parts[span.parts.start].role);
            let own =
                if searched { self.find(&span, name.kind).background } else { letter_background(span.symbols.len()) };
            if span.parts.len() == 1 {
                single[span.parts.start] = own;
            }
            spans.push((span, own));
        }
        spans.reverse();
        // Words written as one are no rarer than the words they are made of: nobody else joins them.
        for (span, background) in spans.iter_mut().filter(|(span, _)| span.parts.len() > 1) {
            *background = background.min(single[span.parts.clone()].iter().sum());
        }
        let concepts =
            name.parts.iter().map(|part| part.concept.map_or(0.0, |concept| self.concept_background(concept)));
        Subject { concepts: concepts.collect(), spans, name: name.clone() }
    }
}
