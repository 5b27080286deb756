use super::calibration::Calibration;
use super::{Alignment, Subject};
use crate::model::Kind;
use crate::text::Script;

/// How a party came to be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// An index gave it as the answer to a query, beside others.
    #[default]
    Index,
    /// Somebody gave both parties. Nothing leads and nothing crowds, and how rare a word is was told without an index.
    Pair,
}

/// Where a candidate stands: what its probability is told from.
///
/// Absolute evidence, competition and fit are different facts: three homonyms score equally well, and each of them is
/// right once in three times; half of a long name scores what the whole of a short one does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// How it came to be looked at.
    pub ground: Ground,
    /// The sum of its evidence, in nats.
    pub score: f64,
    /// Its score less that of the best other party, in nats; negative for all but the best; `None` where there is no
    /// other.
    pub lead: Option<f64>,
    /// How many other parties score the same, each counted by its share where it scores less: the sum over all others
    /// of e to the power of their score less its own. 0 where there is no other.
    pub crowd: f64,
    /// The share of what the name could score at most that it does score, at most 1; of the shorter name of a pair.
    pub fit: f64,
    /// The same share of the longer name of a pair; 0 for candidates of an index.
    pub other_fit: f64,
    /// The part of the score, in nats, that facts beside names of a pair add. They are taken at their word; 0 for
    /// candidates of an index, where they count as the names do.
    pub facts: f64,
    /// The scripts of the query's name and of the one that it matched.
    pub scripts: (Script, Script),
    /// What sort of party it is.
    pub kind: Kind,
}

impl Default for Standing {
    fn default() -> Self {
        let scripts = (Script::Other, Script::Other);
        Standing {
            ground: Ground::Index,
            score: 0.0,
            lead: None,
            crowd: 0.0,
            fit: 0.0,
            other_fit: 0.0,
            facts: 0.0,
            scripts,
            kind: Kind::Unknown,
        }
    }
}

/// The features of a standing by the names that the table of calibration gives them. All but the first, which is
/// always 1, grow with the evidence.
pub const FEATURES: [&str; 10] =
    ["intercept", "score", "score-above", "fit", "fit-above", "lead", "share", "other-fit", "other-fit-above", "facts"];

/// Up to here a nat of score counts as `score`, beyond as `score-above`: what is rare enough is rare enough.
const ENOUGH: f64 = 12.0;
/// Scores say no more than these, in nats: what has nothing to say for it needs nothing said against it.
const BOUNDS: (f64, f64) = (0.0, 40.0);
/// Up to here a share of fit counts as `fit`, beyond as `fit-above`: what other scripts spell differently lies below.
const FITTING: f64 = 0.6;
/// A lead says no more than this, in nats.
const LEAD: f64 = 10.0;
/// A lead says no more than so many times the score: what has nothing to say for it leads nobody.
const LEADING: f64 = 4.0;

impl Standing {
    /// The standing of a pair of readings of two given parties, of which the one with fewer words asks. `facts` is what
    /// facts beside names add, in nats.
    pub fn of_pair(alignment: &Alignment, subject: &Subject, other: &Subject, facts: f64) -> Standing {
        let names = alignment.score;
        let fit = |worth: f64| (names / worth.max(1.0)).clamp(-1.0, 1.0);
        let script = |of: &Subject| of.name.parts.first().map_or(Script::Other, |part| part.script);
        Standing {
            score: names + facts,
            fit: fit(subject.worth()),
            other_fit: fit(other.worth()),
            scripts: (script(subject), script(other)),
            kind: subject.name.kind,
            ..Standing::of_facts(facts)
        }
    }

    /// The standing of two given parties whose names say nothing of each other.
    pub fn of_facts(facts: f64) -> Standing {
        Standing { ground: Ground::Pair, score: facts, facts, lead: Some(0.0), ..Standing::default() }
    }

    /// The values of [`FEATURES`].
    pub fn features(&self) -> [f64; FEATURES.len()] {
        let score = (self.score - self.facts).clamp(BOUNDS.0, BOUNDS.1);
        let lead = self.lead.unwrap_or(LEAD).clamp(-LEAD, LEAD).min(LEADING * score);
        // The share of this party among all that score, as far as scores are what they should be: at most 1.
        let share = -(1.0 + self.crowd.clamp(0.0, 1e6)).ln();
        let bent = |value: f64, bend: f64| (value.min(bend), (value - bend).max(0.0));
        let (score, score_above) = bent(score, ENOUGH);
        let (fit, fit_above) = bent(self.fit.clamp(0.0, 1.0), FITTING);
        let (other, other_above) = bent(self.other_fit.clamp(0.0, 1.0), FITTING);
        [1.0, score, score_above, fit, fit_above, lead, share, other, other_above, self.facts]
    }
}

/// The probability, 0 to 1, that a party in this standing is the one asked for, where every second party asked for is
/// on file; of a pair, that both are one. More evidence never lowers it.
pub fn probability(standing: &Standing) -> f64 {
    Calibration::current().probability(standing)
}

/// The prior that the calibration holds: a party is as often on the list as not.
const CALIBRATED: f64 = 0.5;

/// A calibrated probability under another prior: how likely the caller thinks it, before any name is compared, that
/// the party is there at all. Above 0 and below 1; `None` leaves the probability as it is.
///
/// Bayes' rule in odds. A bank that screens payments knows that one payee in ten thousand is on the list.
pub fn with_prior(probability: f64, prior: Option<f64>) -> f64 {
    let Some(prior) = prior.filter(|prior| *prior > 0.0 && *prior < 1.0) else { return probability };
    let times = (prior / (1.0 - prior)) / (CALIBRATED / (1.0 - CALIBRATED));
    let (found, missed) = (probability * times, 1.0 - probability);
    found / (found + missed)
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

    #[test]
    fn what_speaks_for_nobody_is_nobody() {
        let alone = Standing { score: -12.0, scripts: (Script::Cyrillic, Script::Latin), ..Standing::default() };
        assert_eq!(alone.features()[5], 0.0, "it leads, but with nothing");
        for kind in Kind::ALL {
            assert!(probability(&Standing { kind, ..alone }) < 0.1, "{kind}");
        }
    }

    #[test]
    fn facts_of_a_pair_are_taken_at_their_word() {
        let odds = |facts: f64| Calibration::current().log_odds(&Standing::of_facts(facts));
        assert!((odds(7.0) - odds(0.0) - 7.0).abs() < 1e-9);
        assert!((odds(0.0) - odds(-3.0) - 3.0).abs() < 1e-9, "what speaks against it too");
    }

    #[test]
    fn a_prior_moves_the_odds() {
        assert_eq!(with_prior(0.9, None), 0.9);
        assert!((with_prior(0.9, Some(0.5)) - 0.9).abs() < 1e-12);
        assert!((with_prior(0.5, Some(0.01)) - 0.01).abs() < 1e-12);
        assert!(with_prior(0.9, Some(0.01)) < with_prior(0.9, Some(0.1)));
        assert_eq!((with_prior(1.0, Some(0.01)), with_prior(0.0, Some(0.99))), (1.0, 0.0));
    }
}
