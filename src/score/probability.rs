use std::sync::LazyLock;

use crate::tables;

/// The calibration of `score/data/calibration.tsv`.
#[derive(Debug)]
struct Calibration {
    intercept: f64,
    score: f64,
    competition: f64,
    competition_cap: f64,
    fit: f64,
}

static CALIBRATION: LazyLock<Calibration> = LazyLock::new(|| {
    let value = |name: &str| {
        let rows = tables::table("score/data/calibration.tsv").map_or(&[][..], |table| table.rows);
        let row = rows.iter().find(|(_, row)| row.first() == Some(&name));
        row.and_then(|(_, row)| row.get(1)?.parse().ok()).unwrap_or(0.0)
    };
    Calibration {
        intercept: value("intercept"),
        score: value("score"),
        competition: value("competition"),
        competition_cap: value("competition-cap"),
        fit: value("fit"),
    }
});

/// The probability, 0 to 1, that a party of this score is the one asked for. `lead` is its score less that of the
/// best other party, in nats; negative for all but the best; `None` where there is no other. `fit` is the share of
/// what the name could score at most that it does score, at most 1.
///
/// Absolute evidence, competition and fit are different facts: three homonyms score equally well, and each of them is
/// right once in three times; half of a long name scores what the whole of a short one does.
pub fn probability(score: f64, lead: Option<f64>, fit: f64) -> f64 {
    let calibration = &*CALIBRATION;
    let cap = calibration.competition_cap;
    let lead = lead.unwrap_or(cap).clamp(-cap, cap);
    let fit = calibration.fit * fit.clamp(-1.0, 1.0);
    let odds = calibration.intercept + calibration.score * score + calibration.competition * lead + fit;
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn more_evidence_never_lowers_the_probability(score in -50.0..50.0f64, more in 0.0..10.0f64, lead in -9.0..9.0f64, fit in -2.0..2.0f64) {
            let low = probability(score, Some(lead), fit);
            prop_assert!((0.0..=1.0).contains(&low));
            prop_assert!(probability(score + more, Some(lead), fit) >= low);
            prop_assert!(probability(score, Some(lead + more), fit) >= low);
            prop_assert!(probability(score, None, fit) >= low);
        }
    }
}
