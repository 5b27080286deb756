use std::ops::Range;

use super::acronym::acronym_pairs;
use super::contradiction::{Contradiction, Oppositions, contradictions};
use super::pairing::{Mechanism, Pairing};
use super::weights::{Weight, weights};
use super::{Spellings, Subject};
use crate::names::{Name, NamePart, Span};

/// One pair of an alignment: parts of the query that stand for parts of the entity's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Parts of the query's name.
    pub query: Range<usize>,
    /// Parts of the entity's name.
    pub entity: Range<usize>,
    /// What the pair adds to the score, in nats.
    pub gain: f64,
    /// How the two came together.
    pub mechanism: Mechanism,
}

/// The best way to lay a query's name over an entity's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// The sum of all addends, in nats.
    pub score: f64,
    /// The pairs, in the order of the query's parts.
    pub pairs: Vec<Pair>,
    /// Parts of the query that the entity's name lacks.
    pub query_rest: Vec<usize>,
    /// Parts of the entity's name that the query lacks.
    pub entity_rest: Vec<usize>,
    /// Parts that stand against each other, with what each pair adds.
    pub contradictions: Vec<Contradiction>,
    /// The parts stand in another order.
    pub reordered: bool,
    /// Who is a son in one name is the father in the other.
    pub descent_turned: bool,
    /// The search was cut at [`MAX_STEPS`]: a better alignment may exist.
    pub cut: bool,
}

/// The most steps of one search for the best alignment. Names of people take some dozens.
pub const MAX_STEPS: u32 = 4_000;
/// Parts beyond this many are never paired: no real name has them.
const MAX_PARTS: usize = 64;
/// A pair below this gain is none: two words that chance would sooner bring together than a common origin.
const WORST_GAIN: f64 = -2.0;

struct Choice {
    after: usize,
    mask: u64,
    value: f64,
    pair: Pair,
}

/// What each part weighs that the other name lacks.
struct Lacks {
    query: Vec<f64>,
    entity: Vec<f64>,
}

struct Search<'a> {
    query: &'a Name,
    entity: &'a Name,
    /// For each part of the query the ways to pair it, best first.
    choices: Vec<Vec<Choice>>,
    oppositions: Oppositions<'a>,
    lacks: &'a Lacks,
    /// An upper bound on what the parts from here on can add.
    ahead: Vec<f64>,
    best: f64,
    best_path: Vec<(usize, usize)>,
    path: Vec<(usize, usize)>,
    steps: u32,
}

/// Lays a query's name over an entity's name so that the score is the highest.
pub fn align(subject: &Subject, entity: &Name, spellings: &mut Spellings) -> Alignment {
    align_spans(subject, entity, &entity.spans(), spellings)
}

/// The same for who has the spans of the entity's name at hand.
pub fn align_spans(subject: &Subject, entity: &Name, spans: &[Span], spellings: &mut Spellings) -> Alignment {
    let query = &subject.name;
    let lacks = Lacks { query: all_lacking(query, Side::Query), entity: all_lacking(entity, Side::Entity) };
    let mut search = Search {
        query,
        entity,
        choices: choices(subject, entity, spans, &lacks, spellings),
        oppositions: Oppositions::new(query, entity),
        lacks: &lacks,
        ahead: Vec::new(),
        best: f64::NEG_INFINITY,
        best_path: Vec::new(),
        path: Vec::new(),
        steps: 0,
    };
    search.ahead = search.bounds();
    let nothing_paired = lacks.entity.iter().sum();
    search.walk(0, 0, nothing_paired);
    spellings.work = spellings.work.saturating_add(search.steps);
    search.finish()
}

fn choices(
    subject: &Subject,
    entity: &Name,
    spans: &[Span],
    lacks: &Lacks,
    spellings: &mut Spellings,
) -> Vec<Vec<Choice>> {
    let mut choices: Vec<Vec<Choice>> = subject.name.parts.iter().map(|_| Vec::new()).collect();
    for (span, background) in &subject.spans {
        for other in spans.iter().filter(|other| other.parts.end <= MAX_PARTS) {
            // Several words joined on both sides say nothing that the words do not say one by one.
            if span.parts.len() > 1 && other.parts.len() > 1 {
                continue;
            }
            spellings.work = spellings.work.saturating_add(1);
            let pairing = Pairing { subject, entity, span, background: *background, other };
            let Some((gain, mechanism)) = pairing.best(spellings).filter(|(gain, _)| *gain >= WORST_GAIN) else {
                continue;
            };
            let refund: f64 = lacks.entity[other.parts.clone()].iter().sum();
            let mask = other.parts.clone().fold(0u64, |mask, part| mask | 1 << part);
            let pair = Pair { query: span.parts.clone(), entity: other.parts.clone(), gain, mechanism };
            choices[span.parts.start].push(Choice { after: span.parts.end, mask, value: gain - refund, pair });
        }
    }
    for pair in acronym_pairs(subject, entity, spellings) {
        if pair.entity.end > MAX_PARTS || pair.gain < WORST_GAIN {
            continue;
        }
        let refund: f64 = lacks.entity[pair.entity.clone()].iter().sum();
        let mask = pair.entity.clone().fold(0u64, |mask, part| mask | 1 << part);
        choices[pair.query.start].push(Choice { after: pair.query.end, mask, value: pair.gain - refund, pair });
    }
    for choices in &mut choices {
        choices.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.mask.cmp(&b.mask)));
    }
    choices
}

impl Search<'_> {
    fn bounds(&self) -> Vec<f64> {
        let mut ahead = vec![0.0; self.choices.len() + 1];
        for part in (0..self.choices.len()).rev() {
            let skipped = self.lacks.query[part] + ahead[part + 1];
            let paired = self.choices[part].iter().map(|choice| choice.value + ahead[choice.after]);
            ahead[part] = paired.fold(skipped, f64::max);
        }
        ahead
    }

    fn walk(&mut self, part: usize, used: u64, score: f64) {
        self.steps += 1;
        // Contradictions and order only ever lower a score, so the bound holds without them.
        if self.steps > MAX_STEPS || score + self.ahead[part] <= self.best {
            return;
        }
        if part == self.choices.len() {
            let score = score + self.contradictions().iter().map(|against| against.weight).sum::<f64>();
            let score = score + self.order().iter().map(|(_, weight)| weight).sum::<f64>();
            if score > self.best {
                self.best = score;
                self.best_path.clone_from(&self.path);
            }
            return;
        }
        for choice in 0..self.choices[part].len() {
            let Choice { after, mask, value, .. } = self.choices[part][choice];
            if used & mask == 0 {
                self.path.push((part, choice));
                self.walk(after, used | mask, score + value);
                self.path.pop();
            }
        }
        self.walk(part + 1, used, score + self.lacks.query[part]);
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> + Clone {
        self.path.iter().map(|(part, choice)| &self.choices[*part][*choice].pair)
    }

    fn is_reordered(&self) -> bool {
        let mut last = 0;
        self.pairs().any(|pair| {
            let earlier = pair.entity.start < last;
            last = pair.entity.end;
            earlier
        })
    }

    fn order(&self) -> Vec<Weight> {
        let reordered = self.is_reordered();
        // Whoever changes places with his father stands in another order.
        order(reordered, reordered && descent_turned(self.query, self.entity, self.pairs()))
    }

    fn rest(&self) -> (Vec<usize>, Vec<usize>) {
        let query = (0..self.query.parts.len()).filter(|part| !self.pairs().any(|pair| pair.query.contains(part)));
        let entity = (0..self.entity.parts.len()).filter(|part| !self.pairs().any(|pair| pair.entity.contains(part)));
        (query.collect(), entity.collect())
    }

    fn contradictions(&self) -> Vec<Contradiction> {
        let (query, entity) = self.rest();
        if query.is_empty() || entity.is_empty() {
            return Vec::new();
        }
        let gained = self.pairs().map(|pair| pair.gain.max(0.0)).sum();
        contradictions(&self.oppositions, &query, &entity, gained)
    }

    fn finish(mut self) -> Alignment {
        let cut = self.steps > MAX_STEPS;
        if self.best == f64::NEG_INFINITY {
            // Cut before the first leaf: nothing is paired, which is always an alignment.
            self.best_path.clear();
        }
        self.path = std::mem::take(&mut self.best_path);
        let (query_rest, entity_rest) = self.rest();
        let mut alignment = Alignment {
            score: 0.0,
            pairs: self.pairs().cloned().collect(),
            contradictions: self.contradictions(),
            reordered: self.is_reordered(),
            descent_turned: descent_turned(self.query, self.entity, self.pairs()),
            query_rest,
            entity_rest,
            cut,
        };
        alignment.score = alignment.addends(self.query, self.entity).iter().sum();
        alignment
    }
}

/// One of the two names of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Query,
    Entity,
}

fn all_lacking(name: &Name, side: Side) -> Vec<f64> {
    (0..name.parts.len()).map(|place| lack(name, place, side)).collect()
}

/// What a part weighs that the other name lacks; at most 0. A word that its own name has twice is missed only once.
pub(super) fn lack(name: &Name, place: usize, side: Side) -> f64 {
    lacking(name, place, side).1
}

/// The same with the name of the weight.
pub(super) fn lacking(name: &Name, place: usize, side: Side) -> Weight {
    let part = &name.parts[place];
    let is_same = |other: &NamePart| other.script == part.script && other.symbols == part.symbols;
    let others = name.parts.iter().enumerate().filter(|(other, _)| *other != place);
    let weight = match side {
        Side::Query => weights().unmatched_query(part.role),
        Side::Entity => weights().unmatched_entity(part.role),
    };
    let repeated = weights().repeated();
    match repeated.1 > weight.1 && others.into_iter().any(|(_, other)| is_same(other)) {
        true => repeated,
        false => weight,
    }
}

/// The weights of the order of the parts.
fn order(reordered: bool, descent_turned: bool) -> Vec<Weight> {
    let changed = reordered.then(|| weights().named("order-changed"));
    let turned = descent_turned.then(|| weights().named("descent-turned"));
    changed.into_iter().chain(turned).collect()
}

/// What the words for "son of" and "daughter of" mean, in the lexicon of particles.
const CHILD_OF: &str = "ibn";

/// True if the name before such a word in one name is the one behind it in the other, and the other way around:
/// Salman bin Muhammad is Muhammad bin Salman's father or son, not the same man in another order.
fn descent_turned<'a>(query: &Name, entity: &Name, pairs: impl Iterator<Item = &'a Pair> + Clone) -> bool {
    let generations = |name: &Name| {
        let between =
            (1..name.parts.len().saturating_sub(1)).filter(|place| name.parts[*place].concept == Some(CHILD_OF));
        between.map(|place| (place - 1, place + 1)).collect::<Vec<_>>()
    };
    let (own, others) = (generations(query), generations(entity));
    let are_paired =
        |one: usize, other: usize| pairs.clone().any(|pair| pair.query.contains(&one) && pair.entity.contains(&other));
    own.iter().any(|(child, parent)| {
        others
            .iter()
            .any(|(other_child, other_parent)| are_paired(*child, *other_parent) && are_paired(*parent, *other_child))
    })
}

impl Alignment {
    /// The weights of the order of the parts.
    pub(super) fn order(&self) -> Vec<Weight> {
        order(self.reordered, self.descent_turned)
    }

    /// The addends in a fixed order: pairs, what the entity lacks, what the query lacks, contradictions, order.
    /// Their sum in this order is the score, to the last bit.
    pub fn addends(&self, query: &Name, entity: &Name) -> Vec<f64> {
        let mut addends: Vec<f64> = self.pairs.iter().map(|pair| pair.gain).collect();
        addends.extend(self.query_rest.iter().map(|part| lack(query, *part, Side::Query)));
        addends.extend(self.entity_rest.iter().map(|part| lack(entity, *part, Side::Entity)));
        addends.extend(self.contradictions.iter().map(|against| against.weight));
        addends.extend(self.order().iter().map(|(_, weight)| weight));
        addends
    }
}
