use std::collections::HashMap;
use std::sync::Arc;

use super::cache::{Sought, WordCache};
use super::cover::Cover;
use super::cut::Cut;
use super::effort::DEAREST;
use super::lanes;
use super::{Budget, Effort, nearest, within_one_edit};
use crate::correspondence;
use crate::index::{Index, Lane};
use crate::model::Kind;
use crate::names::{Name, PartRole, Span};
use crate::score::{EDIT_COST, Subject, letter_background};
use crate::text::{Script, Symbols};

/// A term that may spell a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub lane: Lane,
    pub ordinal: u64,
    /// What it costs that the word is spelled so, in nats.
    pub cost: f32,
}

/// What was found for one word: its terms, and what it is worth.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub terms: Vec<Term>,
    pub background: f64,
    /// What a term that was left out is expected to cost, in nats: see [`Nearest::left`](super::Nearest).
    left: f32,
}

impl Found {
    fn new(symbols: usize) -> Found {
        Found { terms: Vec::new(), background: letter_background(symbols), left: f32::INFINITY }
    }

    /// What the cheapest term costs, in nats; infinite where there is none.
    pub fn best(&self) -> f32 {
        self.terms.iter().map(|term| term.cost).fold(f32::INFINITY, f32::min)
    }
}

/// What the search for one word gave, and what it took.
#[derive(Clone, Debug)]
pub(super) struct Searched {
    pub found: Found,
    /// States taken up.
    work: u32,
    /// Which bound other than that on states cut it, if one did.
    cut: Option<Cut>,
}

impl Searched {
    /// What its terms take, in bytes.
    pub fn size(&self) -> usize {
        self.found.terms.len() * size_of::<Term>()
    }
}

/// A word is found well if its cheapest term costs at most this much for each of its symbols, in nats.
const WELL_FOUND: f32 = 0.2;

/// A term that costs this much more than the cheapest one is unlikely to be the word that was meant, in nats.
const TELLING: f32 = 1.0;

/// Joined words of so many symbols may be the syllables of one name.
const SYLLABLES: usize = 12;

/// The names of a population beside the index, without which every word of a short list would be common.
const UNLISTED: f64 = 30_000.0;
/// How many of them have a word of a given generic meaning: one in two hundred.
const UNLISTED_CONCEPT: f64 = 0.005;

/// So many companies attest the translations of a common word.
const COMMON: f64 = 60.0;

/// A word of a query: its script and symbols, and whether it names a company.
pub(super) type Key = (Script, Symbols, bool);

fn key(span: &Span, kind: Kind) -> Key {
    (span.script, span.symbols.clone(), kind == Kind::Organization)
}

/// What the letters of a word are worth, in nats.
pub(super) fn worth(span: &Span) -> f32 {
    letter_background(span.symbols.len()) as f32
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
    /// Which bound other than that on the states of one word cut a search, if one did.
    cut: Option<Cut>,
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
        Words { index, effort, cache, known, left, share: u32::MAX, wide: false, cut: None, work: 0 }
    }

    /// Searches the words of some readings again, with another effort: those that were not found well, or all of them
    /// if all were, for then it is their company that nothing has. Joined words stay as they are.
    pub fn widen(&mut self, readings: &[Name], effort: &'a Effort) {
        (self.effort, self.left, self.wide) = (effort, effort.all_pops, true);
        (self.cut, self.work) = (None, 0);
        let mut spans: Vec<(Span, Kind)> = Vec::new();
        for name in readings {
            let own = name.spans().into_iter().filter(|span| span.parts.len() == 1 || name.is_whole_place(&span.parts));
            for span in own.filter(|span| is_searched(name.parts[span.parts.start].role)) {
                let own = key(&span, name.kind);
                if !spans.iter().any(|(known, kind)| key(known, *kind) == own) {
                    spans.push((span, name.kind));
                }
            }
        }
        let is_weak = |words: &Words<'_>, (span, kind): &(Span, Kind)| {
            let found = words.known.get(&key(span, *kind));
            found.is_none_or(|known| known.found.best() > WELL_FOUND * span.symbols.len() as f32)
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
                self.cut = Some(Cut::telling("more words than one query may have"));
                None
            } else if joined && (self.wide || span.symbols.len() > self.effort.joined_symbols) {
                None
            } else {
                Some(self.look_up(span, kind))
            };
            let unknown = || Arc::new(Searched { found: Found::new(span.symbols.len()), work: 0, cut: None });
            self.known.insert(key.clone(), found.unwrap_or_else(unknown));
        }
        &self.known[&key].found
    }

    /// What the search for a word gives, be it now or in an earlier query.
    fn look_up(&mut self, span: &Span, kind: Kind) -> Arc<Searched> {
        // No search takes up more than its own budget in every script.
        let pops = self.budget(span).pops;
        let left = self.left.min(pops.saturating_mul(Script::ALL.len() as u32));
        let (word, joined) = (key(span, kind), span.parts.len() > 1);
        let sought = Sought { word, joined, wide: self.wide, pops, left };
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
        self.cut = Cut::worse(searched.cut, self.cut);
        searched
    }

    fn search(&self, span: &Span, kind: Kind) -> Searched {
        let mut searched = Searched { found: Found::new(span.symbols.len()), work: 0, cut: None };
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
            } else if self.is_there(span) {
                budget.pops = budget.pops.min(self.effort.beside_exact);
            }
            budget.pops = budget.pops.min(self.left.saturating_sub(searched.work));
            let found = nearest(dictionary, tables, &span.symbols, &budget);
            searched.work += found.work;
            searched.found.left = searched.found.left.min(found.left);
            let terms = &mut searched.found.terms;
            let others = found.hits.iter().filter(|hit| Some(hit.ordinal) != exact);
            terms.extend(others.map(|hit| Term { lane, ordinal: hit.ordinal, cost: hit.cost }));
        } else if span.script == script && script == Script::Other {
            let word = String::from_utf8_lossy(&span.symbols);
            let (found, complete) = within_one_edit(dictionary, &word, self.effort.words.k);
            if !complete {
                searched.cut = Some(Cut::telling("terms within one edit"));
            }
            let terms = &mut searched.found.terms;
            let others = found.iter().filter(|(ordinal, _)| Some(*ordinal) != exact);
            terms.extend(others.map(|(ordinal, _)| Term { lane, ordinal: *ordinal, cost: EDIT_COST }));
        }
        let ceiling = letter_background(span.symbols.len()) as f32;
        let terms = &mut searched.found.terms;
        for word in translations.map_or(&[][..], |words| words.of(&span.symbols)) {
            let Some(ordinal) = self.index.term(lane, &word.symbols).filter(|_| word.cost < ceiling) else { continue };
            match terms.iter_mut().find(|term| term.lane == lane && term.ordinal == ordinal) {
                Some(term) => term.cost = term.cost.min(word.cost),
                None => terms.push(Term { lane, ordinal, cost: word.cost }),
            }
        }
    }

    /// True if the index has the very word that is asked for.
    fn is_there(&self, span: &Span) -> bool {
        self.index.term(lanes::of_script(span.script), &span.symbols).is_some()
    }

    /// What the search of one word in one dictionary may cost.
    fn budget(&self, span: &Span) -> Budget {
        let words = self.effort.words;
        let (pops, edits) = match span.parts.len() {
            1 => (words.pops, words.edits),
            _ if span.symbols.len() <= SYLLABLES => (self.effort.syllable_pops, 0),
            _ => (self.effort.joined_pops, 0),
        };
        let ceiling = words.ceiling.min(self.effort.dearest * worth(span));
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

    /// Which bound cut the searches for the words of some readings of one name, if one did. What was left out of the search
    /// for one word tells only where the whole name, with it, is expected to be spelled about as cheaply as with what was
    /// found by any reading.
    pub fn cut(&self, readings: &[Subject]) -> Option<Cut> {
        let covers: Vec<Cover> = readings.iter().map(|reading| Cover::new(reading, self)).collect();
        let best = covers.iter().map(Cover::best).fold(f32::INFINITY, f32::min);
        let of_reading = |(reading, cover): (&Subject, &Cover)| {
            let of_span = |span: &Span| {
                let left = self.found(span, reading.name.kind)?.left;
                let telling = left <= DEAREST * worth(span) && cover.with(span, left) <= best + TELLING;
                left.is_finite().then_some(Cut { bound: "states of the search for one word", telling })
            };
            reading.spans.iter().map(|(span, _)| of_span(span)).fold(None, Cut::worse)
        };
        readings.iter().zip(&covers).map(of_reading).fold(self.cut, Cut::worse)
    }

    /// What was found for a word.
    pub(super) fn found(&self, span: &Span, kind: Kind) -> Option<&Found> {
        self.known.get(&key(span, kind)).map(|known| &known.found)
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
