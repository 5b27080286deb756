use std::collections::HashMap;
use std::rc::Rc;

use compact_str::CompactString;
use foldhash::fast::FixedState as Hasher;

use super::slip::{DOUBLING, MOST_EDITS, slip_cost};
use crate::correspondence::{self, Asked};
use crate::model::Kind;
use crate::names::{self, NamePart, Span};
use crate::text::{Script, Symbols};

/// What one edit costs beyond all correspondences, in nats: one letter in ninety is mistyped.
pub const EDIT_COST: f32 = 4.5;

/// Costs of spellings of one query's words, each computed once.
#[derive(Debug, Default)]
pub struct Spellings {
    words: Vec<Costs>,
    /// The words that others are derived from, by script and symbols of those.
    bases: HashMap<(Script, Symbols), Bases, Hasher>,
    /// Whether given names may be one, by the query's and the other's: candidates share a few.
    given: HashMap<CompactString, HashMap<CompactString, Option<bool>, Hasher>, Hasher>,
    /// The one asked for last: the next is most often the same.
    last: usize,
    /// Words laid beside each other, and steps of alignments.
    pub(super) work: u32,
}

/// Words as script and symbols.
type Bases = Rc<[(Script, Symbols)]>;

/// What one word costs in the spellings of one script.
#[derive(Debug)]
struct Costs {
    script: Script,
    stored: Script,
    /// Companies spell their words in ways of their own.
    of_company: bool,
    word: Symbols,
    asked: Asked<'static>,
    known: HashMap<Vec<u8>, Cost, Hasher>,
}

#[derive(Clone, Copy, Debug)]
enum Cost {
    Of(f32),
    MoreThan(f32),
}

impl Spellings {
    /// The words that a part may be derived from: see [`names::bases`].
    pub(super) fn bases(&mut self, part: &NamePart) -> Bases {
        let of_part = || names::bases(part).into();
        Rc::clone(self.bases.entry((part.script, part.symbols.clone())).or_insert_with(of_part))
    }

    /// What [`names::may_be_one_given`] says of a name of the query and another one.
    pub(super) fn may_be_one_given(&mut self, one: &str, other: &str) -> Option<bool> {
        if let Some(known) = self.given.get(one).and_then(|others| others.get(other)) {
            return *known;
        }
        let found = names::may_be_one_given(one, other);
        self.given.entry(one.into()).or_default().insert(other.into(), found);
        found
    }

    /// How much work the alignments were so far: words laid beside each other, and steps.
    pub fn work(&self) -> u32 {
        self.work
    }

    /// What it costs, in nats, that `word`, in a name of such a kind, is spelled `symbols` in `script`: 0 for the same
    /// letters; `None` if it costs more than `limit`.
    pub fn cost(&mut self, word: &Span, kind: Kind, script: Script, symbols: &[u8], limit: f32) -> Option<f32> {
        if word.script == script && word.symbols[..] == *symbols {
            return Some(0.0);
        }
        let of_company = kind == Kind::Organization;
        let is_it = |costs: &Costs| {
            (costs.stored, costs.script, costs.of_company) == (script, word.script, of_company)
                && costs.word == word.symbols
        };
        if !self.words.get(self.last).is_some_and(is_it) {
            // A query has some dozen words, spelled in a script or two.
            self.last = self.words.iter().position(is_it).unwrap_or_else(|| {
                self.words.push(Costs::new(word, kind, script));
                self.words.len() - 1
            });
        }
        self.words[self.last].of(symbols, limit)
    }
}

impl Costs {
    fn new(word: &Span, kind: Kind, stored: Script) -> Costs {
        let asked = Asked::new(correspondence::tables(word.script, stored, kind), &word.symbols, Some(EDIT_COST));
        let of_company = kind == Kind::Organization;
        Costs { script: word.script, stored, of_company, word: word.symbols.clone(), asked, known: HashMap::default() }
    }

    fn of(&mut self, symbols: &[u8], limit: f32) -> Option<f32> {
        // A slip of typing may cost less than the edits that it is made of.
        let slips = self.script == self.stored && symbols.len().abs_diff(self.word.len()) <= MOST_EDITS;
        if !slips && self.asked.is_beyond(symbols.len(), limit) {
            return None;
        }
        match self.known.get(symbols) {
            Some(Cost::Of(cost)) => return (*cost <= limit).then_some(*cost),
            Some(Cost::MoreThan(known)) if limit <= *known => return None,
            _ => {}
        }
        let mut cost = self.asked.cost(symbols, limit);
        // No slip of other letters costs less than a doubled one.
        if self.script == self.stored && cost.is_none_or(|cost| cost > DOUBLING) {
            let slip = slip_cost(self.script, &self.word, symbols);
            let limit = cost.unwrap_or(limit);
            cost = slip.filter(|slip| *slip <= limit).or(cost);
        }
        self.known.insert(symbols.to_vec(), cost.map_or(Cost::MoreThan(limit), Cost::Of));
        cost
    }
}
