use super::calibration::Calibration;
use crate::model::Kind;
use crate::text::Script;

/// Where a candidate stands: what its probability is told from.
///
/// Absolute evidence, competition and fit are different facts: three homonyms score equally well, and each of them is
/// right once in three times; half of a long name scores what the whole of a short one does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The sum of its evidence, in nats.
    pub score: f64,
    /// Its score less that of the best other party, in nats; negative for all but the best; `None` where there is no
    /// other.
    pub lead: Option<f64>,
    /// How many other parties score the same, each counted by its share where it scores less: the sum over all others
    /// of e to the power of their score less its own. 0 where there is no other.
    pub crowd: f64,
    /// The share of what the name could score at most that it does score, at most 1.
    pub fit: f64,
    /// The scripts of the query's name and of the one that it matched.
    pub scripts: (Script, Script),
    /// What sort of party it is.
    pub kind: Kind,
}

impl Default for Standing {
    fn default() -> Self {
        let scripts = (Script::Other, Script::Other);
        Standing { score: 0.0, lead: None, crowd: 0.0, fit: 0.0, scripts, kind: Kind::Unknown }
    }
}

/// The features of a standing by the names that the table of calibration gives them. All but the first, which is
/// always 1, grow with the evidence.
pub const FEATURES: [&str; 7] = ["intercept", "score", "score-above", "fit", "fit-above", "lead", "share"];

/// Up to here a nat of score counts as `score`, beyond as `score-above`: what is rare enough is rare enough.
const ENOUGH: f64 = 12.0;
/// Scores say no more than these, in nats: what has nothing to say for it needs nothing said against it.
const BOUNDS: (f64, f64) = (0.0, 40.0);
/// Up to here a share of fit counts as `fit`, beyond as `fit-above`: what other scripts spell differently lies below.
const FITTING: f64 = 0.6;
/// A lead says no more than this, in nats.
const LEAD: f64 = 10.0;

impl Standing {
    /// The values of [`FEATURES`].
    pub fn features(&self) -> [f64; FEATURES.len()] {
        let score = self.score.clamp(BOUNDS.0, BOUNDS.1);
        let fit = self.fit.clamp(0.0, 1.0);
        let lead = self.lead.unwrap_or(LEAD).clamp(-LEAD, LEAD);
        // The share of this party among all that score, as far as scores are what they should be: at most 1.
        let share = -(1.0 + self.crowd.clamp(0.0, 1e6)).ln();
        let (above, fit_above) = ((score - ENOUGH).max(0.0), (fit - FITTING).max(0.0));
        [1.0, score.min(ENOUGH), above, fit.min(FITTING), fit_above, lead, share]
    }
}

/// The probability, 0 to 1, that a party in this standing is the one asked for, where every second party asked for is
/// on file. More evidence never lowers it.
pub fn probability(standing: &Standing) -> f64 {
    Calibration::current().probability(standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homonyms_share_what_there_is() {
        let share = |crowd: f64| Standing { crowd, ..Standing::default() }.features()[6];
        assert_eq!(share(0.0), 0.0);
        assert!((share(2.0).exp() - 1.0 / 3.0).abs() < 1e-12);
        assert!(share(f64::INFINITY).is_finite());
    }
}
