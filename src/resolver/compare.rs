use super::matching::{NameMatch, best_match, script_of};
use super::{Detail, Query, QueryError, Thresholds, Verdict, model_version};
use crate::model::Kind;
use crate::names::Name;
use crate::score::{Evidence, Spellings, Standing, Subject, calibrations, compare_facts, explain, probability};

/// The share of pairs that are one party, where the caller does not say.
const PRIOR: f64 = 0.5;

/// What two given parties have to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What to make of it.
    pub verdict: Verdict,
    /// The probability that both are one, 0 to 1.
    pub probability: f64,
    /// The sum of the evidence, in nats.
    pub score: f64,
    /// Where the pair stands: what its probability was told from.
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

/// Compares two parties without an index: every name of one with every name of the other. How rare a word is
/// follows from its length alone.
pub fn compare(left: &Query, right: &Query, thresholds: &Thresholds, detail: Detail) -> Result<Comparison, QueryError> {
    left.validate()?;
    right.validate()?;
    let facts = compare_facts(&left.facts(), &right.facts());
    let mut best: Option<(f64, usize, usize, Name, NameMatch)> = None;
    for (left_place, readings) in left.readings().into_iter().enumerate() {
        let subjects: Vec<Subject> = readings.into_iter().map(Subject::without_index).collect();
        let mut spellings = Spellings::default();
        for (right_place, stored) in right.readings().into_iter().enumerate() {
            let Some(matched) = best_match(&subjects, &mut spellings, stored) else { continue };
            let score = matched.alignment.score;
            if best.as_ref().is_none_or(|(known, ..)| score > *known) {
                let name = subjects[matched.subject].name.clone();
                best = Some((score, left_place, right_place, name, matched));
            }
        }
    }
    let mut evidence = Vec::new();
    let (mut left_name, mut right_name) = (String::new(), String::new());
    let mut score = facts.iter().map(|piece| piece.weight).sum::<f64>();
    let mut fit = 1.0;
    let mut scripts = (left.script(0), right.script(0));
    if let Some((names, left_place, right_place, name, matched)) = best {
        score += names;
        fit = names / Subject::without_index(name.clone()).worth().max(1.0);
        scripts = (left.script(left_place), script_of(&matched.entity));
        left_name.clone_from(&left.names[left_place].text);
        right_name.clone_from(&right.names[right_place].text);
        if detail != Detail::None {
            evidence = explain(&matched.alignment, &name, &matched.entity, detail == Detail::Full);
        }
    }
    if detail != Detail::None {
        evidence.extend(facts);
    }
    let kind = if left.kind == Kind::Unknown { right.kind } else { left.kind };
    // Two parties are compared alone: nothing leads, nothing crowds.
    let standing = Standing { score, fit, scripts, kind, ..Standing::default() };
    let probability = probability(calibrations().compare.log_odds(&standing), PRIOR);
    let verdict = thresholds.verdict(probability);
    Ok(Comparison { verdict, probability, score, standing, left_name, right_name, evidence, model: model_version() })
}
