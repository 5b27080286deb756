use super::matching::may_match;
use super::{Detail, Query, QueryError, Thresholds, Verdict, model_version};
use crate::names::Name;
use crate::score::{
    Alignment, Evidence, Spellings, Standing, Subject, align, compare_facts, explain, probability, with_prior,
};

/// What two given parties have to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What to make of it.
    pub verdict: Verdict,
    /// The probability that both are one, 0 to 1.
    pub probability: f64,
    /// The sum of the evidence, in nats.
    pub score: f64,
    /// What the probability was told from.
    pub standing: Standing,
    /// The left name of the best pair; empty where no pair fits at all.
    pub left_name: String,
    /// The right name of the best pair.
    pub right_name: String,
    /// What speaks for and against; its weights add up to the score.
    pub evidence: Vec<Evidence>,
    /// Which tables and weights answered.
    pub model: &'static str,
}

impl Comparison {
    /// The comparison under a prior that the caller states; `None` leaves it as it is.
    pub fn with_prior(self, prior: Option<f64>, thresholds: &Thresholds) -> Comparison {
        let probability = with_prior(self.probability, prior);
        Comparison { probability, verdict: thresholds.verdict(probability), ..self }
    }
}

/// The best way in which a name of the one party is a name of the other.
struct Pair {
    left: usize,
    right: usize,
    /// The names are laid the other way around: the right one asks.
    turned: bool,
    asking: Name,
    stored: Name,
    alignment: Alignment,
    standing: Standing,
    probability: f64,
}

/// Compares two parties without an index: every name of one with every name of the other. How rare a word is
/// follows from its letters, and from the names of people and companies everywhere.
///
/// Symmetric: of two names the one with fewer words asks, whichever side it is on.
pub fn compare(left: &Query, right: &Query, thresholds: &Thresholds, detail: Detail) -> Result<Comparison, QueryError> {
    left.validate()?;
    right.validate()?;
    let facts = compare_facts(&left.facts(), &right.facts());
    let said = facts.iter().map(|piece| piece.weight).sum::<f64>();
    let mut best: Option<Pair> = None;
    for (left_place, left_readings) in subjects(left).iter().enumerate() {
        for (right_place, right_readings) in subjects(right).iter().enumerate() {
            let turned = order(right_readings) < order(left_readings);
            let (asking, stored) =
                if turned { (right_readings, left_readings) } else { (left_readings, right_readings) };
            let mut spellings = Spellings::default();
            for (subject, other) in asking.iter().flat_map(|subject| stored.iter().map(move |other| (subject, other))) {
                if !may_match(&subject.name, &other.name) {
                    continue;
                }
                let alignment = align(subject, &other.name, &mut spellings);
                let standing = Standing::of_pair(&alignment, subject, other, said);
                let probability = probability(&standing);
                let better = |best: &Pair| (probability, alignment.score) > (best.probability, best.alignment.score);
                if best.as_ref().is_none_or(better) {
                    let (asking, stored) = (subject.name.clone(), other.name.clone());
                    let (left, right) = (left_place, right_place);
                    best = Some(Pair { left, right, turned, asking, stored, alignment, standing, probability });
                }
            }
        }
    }
    let mut evidence = Vec::new();
    let (mut left_name, mut right_name) = (String::new(), String::new());
    let mut score = said;
    let mut standing = Standing::of_facts(said);
    if let Some(pair) = best {
        score = pair.alignment.score + said;
        standing = pair.standing;
        left_name.clone_from(&left.names[pair.left].text);
        right_name.clone_from(&right.names[pair.right].text);
        if detail != Detail::None {
            evidence = explain(&pair.alignment, &pair.asking, &pair.stored, detail == Detail::Full);
            if pair.turned {
                evidence = evidence.into_iter().map(Evidence::turned).collect();
            }
        }
    }
    if detail != Detail::None {
        evidence.extend(facts);
    }
    let probability = probability(&standing);
    let verdict = thresholds.verdict(probability);
    Ok(Comparison { verdict, probability, score, standing, left_name, right_name, evidence, model: model_version() })
}

/// The readings of each name.
fn subjects(query: &Query) -> Vec<Vec<Subject>> {
    let subjects = |(readings, _): (Vec<Name>, _)| readings.into_iter().map(Subject::without_index).collect();
    query.readings().into_iter().map(subjects).collect()
}

/// What decides which of two names asks: the one with fewer parts; of equals, the letters decide.
fn order(readings: &[Subject]) -> (usize, Vec<(u8, &[u8])>) {
    let Some(first) = readings.first() else { return (0, Vec::new()) };
    let letters = first.name.parts.iter().map(|part| (part.script.number(), &part.symbols[..]));
    (first.name.parts.len(), letters.collect())
}
