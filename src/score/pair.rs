use std::sync::LazyLock;

use super::{Alignment, Subject};
use crate::tables;

/// What two names say of each other, as the probability that their bearers are one is worked out from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairSignals {
    /// The score of the names, in nats.
    pub names: f64,
    /// What facts beside names add, in nats.
    pub facts: f64,
    /// The share of what the shorter name could score at most that it does score, at most 1.
    pub fit: f64,
    /// The same of the longer name.
    pub other_fit: f64,
    /// The names are of different scripts: what is spelled by another script's habits fits less well.
    pub crossing: bool,
}

impl PairSignals {
    /// The signals of an alignment between two readings.
    pub fn new(alignment: &Alignment, subject: &Subject, other: &Subject, facts: f64) -> PairSignals {
        let names = alignment.score;
        let fit = |worth: f64| (names / worth.max(1.0)).clamp(-1.0, 1.0);
        let script = |of: &Subject| of.name.parts.first().map(|part| part.script);
        let crossing = script(subject) != script(other);
        PairSignals { names, facts, fit: fit(subject.worth()), other_fit: fit(other.worth()), crossing }
    }

    /// The signals of parties whose names say nothing of each other.
    pub fn of_facts(facts: f64) -> PairSignals {
        PairSignals { names: 0.0, facts, fit: -1.0, other_fit: -1.0, crossing: false }
    }
}

/// The calibration of `score/data/pairs.tsv`.
#[derive(Debug)]
struct Calibration {
    intercept: f64,
    names: f64,
    fit: f64,
    other_fit: f64,
    crossing: f64,
}

static CALIBRATION: LazyLock<Calibration> = LazyLock::new(|| {
    let value = |name: &str| {
        let rows = tables::table("score/data/pairs.tsv").map_or(&[][..], |table| table.rows);
        let row = rows.iter().find(|(_, row)| row.first() == Some(&name));
        row.and_then(|(_, row)| row.get(1)?.parse().ok()).unwrap_or(0.0)
    };
    Calibration {
        intercept: value("intercept"),
        names: value("names"),
        fit: value("fit"),
        other_fit: value("other-fit"),
        crossing: value("crossing"),
    }
});

/// The probability, 0 to 1, that two parties that somebody compares are one. Who compares two names has a reason to,
/// so that they are one far more often than two names drawn at random.
pub fn pair_probability(signals: &PairSignals) -> f64 {
    let calibration = &*CALIBRATION;
    let odds = calibration.intercept
        + calibration.names * signals.names
        + calibration.fit * signals.fit
        + calibration.other_fit * signals.other_fit
        + if signals.crossing { calibration.crossing } else { 0.0 }
        + signals.facts;
    1.0 / (1.0 + (-odds).exp())
}
