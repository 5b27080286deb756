use super::super::answer::{Answer, Judged};
use super::super::measure::Case;
use super::super::{Outcome, Reliability};
use super::plot::Plot;
use crate::resolver::Thresholds;

/// Bars of a histogram.
const BARS: usize = 30;
/// Points of a curve: more cannot be told apart at its size.
const POINTS: usize = 200;

/// Claimed probabilities beside what came true: the larger a dot, the more cases.
pub fn reliability(title: &str, reliability: &Reliability) -> String {
    let most = reliability.bins.iter().map(|bin| bin.cases).fold(1.0, f64::max);
    let dots = reliability.bins.iter().filter(|bin| bin.cases > 0.0).map(|bin| {
        let hint = format!("{:.0} cases: claimed {:.3}, true {:.3}", bin.cases, bin.probability, bin.right);
        ((bin.probability, bin.right), 2.5 + 5.5 * (bin.cases / most).sqrt(), hint)
    });
    let dots: Vec<_> = dots.collect();
    let line: Vec<(f64, f64)> = dots.iter().map(|(point, ..)| *point).collect();
    let title = format!("{title} (ECE {:.3})", reliability.error());
    Plot::new(&title, ("claimed probability", "share that is right"), (0.0, 1.0), (0.0, 1.0))
        .line("ideal", &[(0.0, 0.0), (1.0, 1.0)])
        .line("curve", &line)
        .dots("dot", &dots)
        .svg()
}

/// Precision over recall, threshold by threshold; the dot is the product's own threshold.
pub fn precision_recall(cases: &[Case]) -> String {
    let mut cases = cases.to_vec();
    cases.sort_by(|a, b| b.probability.unwrap_or(-1.0).total_cmp(&a.probability.unwrap_or(-1.0)));
    let all = cases.iter().filter(|case| case.expects).count().max(1) as f64;
    let (mut called, mut hits) = (0.0, 0.0);
    let mut curve = Vec::new();
    for group in cases.chunk_by(|a, b| a.probability == b.probability) {
        if group[0].probability.is_none() {
            break;
        }
        called += group.len() as f64;
        hits += group.iter().filter(|case| case.right).count() as f64;
        curve.push((hits / all, hits / called));
    }
    let step = curve.len().div_ceil(POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    let thinned: Vec<_> =
        curve.iter().enumerate().filter(|(place, _)| place % step == 0 || *place == last).map(|(_, p)| *p).collect();
    let matched = cases.iter().filter(|case| case.matched).count();
    let right = cases.iter().filter(|case| case.matched && case.right).count() as f64;
    let own = (right / all, if matched == 0 { 1.0 } else { right / matched as f64 });
    let hint = format!("at the match threshold: precision {:.3}, recall {:.3}", own.1, own.0);
    Plot::new("Precision and recall", ("recall", "precision"), (0.0, 1.0), (0.0, 1.0))
        .line("curve", &thinned)
        .dots("dot", &[(own, 4.0, hint)])
        .svg()
}

/// Scores of right and wrong best candidates, or of pairs.
pub fn scores(outcome: &Outcome) -> String {
    let answers = outcome.answers.iter().filter_map(Answer::best).map(|best| (best.score, best.right));
    let scores: Vec<(f64, bool)> = answers
        .chain(outcome.judged.iter().map(|pair| (pair.score, pair.same)))
        .filter(|(s, _)| s.is_finite())
        .collect();
    let low = scores.iter().map(|(score, _)| *score).fold(f64::INFINITY, f64::min);
    let high = scores.iter().map(|(score, _)| *score).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = if low < high { (low.floor(), high.ceil()) } else { (0.0, 1.0) };
    let count = |right: bool| {
        let mut bars = [0.0; BARS];
        for (score, _) in scores.iter().filter(|(_, own)| *own == right) {
            bars[(((score - low) / (high - low) * BARS as f64) as usize).min(BARS - 1)] += 1.0;
        }
        bars
    };
    let (right, wrong) = (count(true), count(false));
    let most = right.iter().chain(&wrong).copied().fold(1.0, f64::max);
    Plot::new("Scores: right and wrong", ("score in nats", "how many"), (low, high), (0.0, most))
        .bars("right", &right)
        .bars("wrong", &wrong)
        .svg()
}

/// A query or pair that was answered wrongly.
pub struct Miss<'a> {
    /// Its id.
    pub id: &'a str,
    /// What was asked.
    pub text: &'a str,
    /// What should have come.
    pub wanted: &'a str,
    /// What came.
    pub found: &'a str,
    /// With which probability.
    pub probability: f64,
}

/// The wrong answers given with the highest probability, worst first, and the parties that were not found at all.
pub fn misses(outcome: &Outcome, limit: usize) -> (Vec<Miss<'_>>, Vec<Miss<'_>>) {
    let mut wrong: Vec<Miss<'_>> = (outcome.answers.iter())
        .filter(|answer| answer.best().is_some_and(|best| !best.right))
        .map(miss_of)
        .chain(outcome.judged.iter().filter(|pair| !pair.same).map(miss_of_pair))
        .collect();
    wrong.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.id.cmp(b.id)));
    let mut lost: Vec<Miss<'_>> = (outcome.answers.iter())
        .filter(|answer| answer.wanted.is_some() && answer.rank().is_none())
        .map(miss_of)
        .chain(outcome.judged.iter().filter(|pair| pair.same).map(miss_of_pair))
        .collect();
    lost.sort_by(|a, b| a.probability.total_cmp(&b.probability).then_with(|| a.id.cmp(b.id)));
    let threshold = Thresholds::default().matching;
    let of_pairs = !outcome.judged.is_empty();
    wrong.retain(|miss| !of_pairs || miss.probability >= threshold);
    lost.retain(|miss| !of_pairs || miss.probability < threshold);
    wrong.truncate(limit);
    lost.truncate(limit);
    (wrong, lost)
}

fn miss_of(answer: &Answer) -> Miss<'_> {
    Miss {
        id: &answer.id,
        text: &answer.text,
        wanted: answer.wanted.as_deref().unwrap_or("nobody"),
        found: answer.best().map_or("nothing", |best| &best.name),
        probability: answer.best().map_or(0.0, |best| best.probability),
    }
}

fn miss_of_pair(pair: &Judged) -> Miss<'_> {
    Miss {
        id: &pair.id,
        text: &pair.left,
        wanted: if pair.same { "the same" } else { "not the same" },
        found: &pair.right,
        probability: pair.probability,
    }
}
