use std::collections::HashMap;
use std::ops::Range;

use super::prefixes::{Opening, Reach, openings};
use super::words::{Words, is_searched};
use super::{Effort, lanes};
use crate::correspondence;
use crate::index::{Index, Lane, NameOrd, NameView};
use crate::model::Kind;
use crate::names::{Name, NamePart, Span};
use crate::score::letter_background;
use crate::text::{Script, Symbols};

/// A stored name that begins as somebody types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suggested {
    /// The name.
    pub name: NameOrd,
    /// What its words are worth in nats: the more, the closer they are to what was typed.
    pub gain: f32,
}

/// How far the search for the last word goes.
const REACH: Reach = Reach { k: 48, window: 5.0, pops: 600 };
/// The most terms of a beginning that are looked at one by one.
const MAX_TERMS: usize = 2_000;
/// The most postings that are read.
const MAX_POSTINGS: usize = 60_000;
/// The most names that are looked at.
const MAX_NAMES: usize = 30_000;

/// How a word may begin, cheapest first.
#[derive(Clone, Default)]
struct Beginnings {
    /// By lane, terms of the index.
    terms: Vec<(Lane, Opening)>,
    /// The same terms by segment and lane, with their cost: words of stored names are terms of their segment.
    words: Vec<(u8, Lane, Range<u64>, f32)>,
}

type Gains = HashMap<u32, f32, foldhash::fast::FixedState>;

/// Finds the stored names that have every word of a reading and one more that begins with its last word. Names in
/// scope alone, most telling first. Returned with what was counted and with the bound that cut the search, if one did.
///
/// Where the search is cut, what is missing is what only common words find.
pub fn suggest(
    index: &Index,
    readings: &[Name],
    limit: usize,
    is_in_scope: &dyn Fn(&NameView<'_>) -> bool,
) -> (Vec<Suggested>, u64, Option<&'static str>) {
    let mut search =
        Search { index, words: Words::new(index, &Effort::FAST, None), work: 0, incomplete: None, known: Vec::new() };
    let mut best = Gains::default();
    let mut seen: Vec<Vec<&[u8]>> = Vec::new();
    for name in readings {
        // Readings that differ in roles alone have the same words and find the same names.
        let shape: Vec<&[u8]> = name.parts.iter().map(|part| &part.symbols[..]).collect();
        if seen.contains(&shape) {
            continue;
        }
        seen.push(shape);
        for (name, gain) in search.names(name) {
            let known = best.entry(name).or_insert(f32::NEG_INFINITY);
            *known = known.max(gain);
        }
    }
    let mut found: Vec<Suggested> =
        best.into_iter().map(|(name, gain)| Suggested { name: NameOrd(name), gain }).collect();
    found.sort_by(|a, b| b.gain.total_cmp(&a.gain).then_with(|| index.compare_names(a.name, b.name)));
    let in_scope = |suggested: &Suggested| index.name(suggested.name).is_some_and(|view| is_in_scope(&view));
    let found = found.into_iter().filter(in_scope).take(limit).collect();
    (found, search.work + search.words.work, search.incomplete)
}

struct Search<'a> {
    index: &'a Index,
    words: Words<'a>,
    work: u64,
    incomplete: Option<&'static str>,
    /// Beginnings of words that were looked up.
    known: Vec<(Script, Symbols, Beginnings)>,
}

impl Search<'_> {
    /// The names that a reading leads to.
    fn names(&mut self, reading: &Name) -> Gains {
        let Some((last, whole)) = reading.parts.split_last() else { return Gains::default() };
        let beginnings = self.beginnings(last);
        // What a beginning is worth: its letters.
        let worth = letter_background(last.symbols.len()) as f32;
        let mut whole: Vec<Vec<(Lane, u64, f32)>> =
            whole.iter().filter(|part| is_searched(part.role)).map(|part| self.whole(part)).collect();
        let frequency = |terms: &Vec<(Lane, u64, f32)>| {
            terms.iter().map(|(lane, ordinal, _)| u64::from(self.index.frequency(*lane, *ordinal).names)).sum::<u64>()
        };
        // The rarest word opens the candidates; the others only support them.
        whole.sort_by_key(frequency);
        let Some((rarest, others)) = whole.split_first() else {
            return self.that_begin(&beginnings, worth);
        };
        let mut gains = Gains::default();
        self.read(rarest, &mut |name, gain| {
            let known = gains.entry(name).or_insert(gain);
            *known = known.max(gain);
        });
        for terms in others {
            let mut own = Gains::default();
            self.read(terms, &mut |name, gain| {
                if gains.contains_key(&name) {
                    let known = own.entry(name).or_insert(gain);
                    *known = known.max(gain);
                }
            });
            gains.retain(|name, gain| {
                let more = own.get(name);
                *gain += more.copied().unwrap_or(0.0);
                more.is_some()
            });
        }
        let joined = self.that_begin(&beginnings, worth);
        gains.retain(|name, gain| {
            let own = self.index.name(NameOrd(*name)).and_then(|view| begins(&view, &beginnings));
            let own = own.map(|cost| worth - cost).into_iter().chain(joined.get(name).copied()).max_by(f32::total_cmp);
            *gain += own.unwrap_or(0.0);
            own.is_some()
        });
        gains
    }

    /// Reads postings of terms of the index, the most telling term first.
    fn read(&mut self, terms: &[(Lane, u64, f32)], each: &mut dyn FnMut(u32, f32)) {
        let mut read = 0;
        for (lane, ordinal, gain) in terms {
            for posting in self.index.postings(*lane, *ordinal) {
                if read == MAX_NAMES {
                    self.incomplete = Some("names that only common words find");
                    return;
                }
                (read, self.work) = (read + 1, self.work + 1);
                each(posting.name.0, *gain);
            }
        }
    }

    /// The names with a term that begins so.
    fn that_begin(&mut self, beginnings: &Beginnings, worth: f32) -> Gains {
        let mut gains = Gains::default();
        let (mut terms, mut read) = (0, 0);
        for (lane, opening) in &beginnings.terms {
            for ordinal in opening.first..=opening.last {
                if terms == MAX_TERMS {
                    self.incomplete = Some("words that begin so");
                    return gains;
                }
                terms += 1;
                for posting in self.index.postings(*lane, ordinal) {
                    if read == MAX_POSTINGS || gains.len() == MAX_NAMES {
                        self.incomplete = Some("names with a word that begins so");
                        return gains;
                    }
                    (read, self.work) = (read + 1, self.work + 1);
                    let known = gains.entry(posting.name.0).or_insert(f32::NEG_INFINITY);
                    *known = known.max(worth - opening.cost);
                }
            }
        }
        gains
    }

    /// The terms that may spell a word, with what each is worth.
    fn whole(&mut self, part: &NamePart) -> Vec<(Lane, u64, f32)> {
        let span = Span { parts: 0..1, script: part.script, symbols: part.symbols.clone() };
        let found = self.words.find(&span, Kind::Unknown);
        let background = found.background as f32;
        let terms = found.terms.iter().map(|term| (term.lane, term.ordinal, background - term.cost));
        let mut terms: Vec<_> = terms.filter(|(.., gain)| *gain > 0.0).collect();
        terms.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        terms
    }

    /// The terms of all segments that begin as a word does, cheapest first.
    fn beginnings(&mut self, part: &NamePart) -> Beginnings {
        let known = self.known.iter().find(|(script, word, _)| *script == part.script && *word == part.symbols);
        if let Some((.., beginnings)) = known {
            return beginnings.clone();
        }
        let mut beginnings = Beginnings::default();
        for script in Script::ALL {
            let lane = lanes::of_script(script);
            let Some(terms) = self.index.terms(lane) else { continue };
            let tables = correspondence::tables(part.script, script, Kind::Unknown);
            let found = openings(terms, tables, &part.symbols, part.script == script, &REACH);
            self.work += u64::from(found.work);
            if !found.complete {
                self.incomplete = Some("states of the search for one word");
            }
            beginnings.terms.extend(found.found.into_iter().map(|opening| (lane, opening)));
        }
        beginnings.terms.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost).then((a.0, a.1.first).cmp(&(b.0, b.1.first))));
        for (lane, opening) in &beginnings.terms {
            for segment in 0..self.index.segment_count() {
                if let Some(own) = self.index.within_segment(segment, *lane, opening.first, opening.last) {
                    // At most `MAX_SEGMENTS`.
                    beginnings.words.push((segment as u8, *lane, own, opening.cost));
                }
            }
        }
        self.known.push((part.script, part.symbols.clone(), beginnings.clone()));
        beginnings
    }
}

/// What it costs that a word of the name begins so; `None` if none does.
fn begins(view: &NameView<'_>, beginnings: &Beginnings) -> Option<f32> {
    let words: Vec<_> = view.words.clone().map(|word| (word.segment, word.lane, u64::from(word.ordinal))).collect();
    // They come cheapest first.
    let is_there = |own: &&(u8, Lane, Range<u64>, f32)| {
        words.iter().any(|(segment, lane, ordinal)| (*segment, *lane) == (own.0, own.1) && own.2.contains(ordinal))
    };
    beginnings.words.iter().find(is_there).map(|(.., cost)| *cost)
}
