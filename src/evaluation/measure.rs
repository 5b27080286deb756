use serde::Serialize;

use super::answer::{Answer, Judged};
use super::chance::Chance;
use super::reliability::Reliability;
use crate::resolver::Thresholds;

/// How often a sample is drawn again to tell how far its figures can be trusted.
const RESAMPLES: usize = 400;
/// The seed of those draws.
const SEED: u64 = 20;

/// One query or pair as the measures see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// True if something should be found, or the pair is one party's.
    pub expects: bool,
    /// The rank, from 1, of the first right candidate.
    pub rank: Option<usize>,
    /// The same where a homonym of a right one counts as right.
    pub homonym_rank: Option<usize>,
    /// The probability of the best candidate, or of the pair; `None` where there is no candidate.
    pub probability: Option<f64>,
    /// True if the best candidate is right, or the pair is one party's.
    pub right: bool,
    /// True if the verdict is a match.
    pub matched: bool,
}

impl Case {
    /// A query.
    pub fn of_answer(answer: &Answer, thresholds: &Thresholds) -> Case {
        let probability = answer.best().map(|best| best.probability);
        Case {
            expects: answer.wanted.is_some(),
            rank: answer.rank(),
            homonym_rank: answer.homonym_rank(),
            probability,
            right: answer.best().is_some_and(|best| best.right),
            matched: probability.is_some_and(|probability| probability >= thresholds.matching),
        }
    }

    /// A claim alone, with what came true of it.
    pub fn of_claim(probability: f64, right: bool) -> Case {
        let rank = right.then_some(1);
        Case { expects: right, rank, homonym_rank: rank, probability: Some(probability), right, matched: false }
    }

    /// A pair.
    pub fn of_pair(pair: &Judged, thresholds: &Thresholds) -> Case {
        let rank = pair.same.then_some(1);
        Case {
            expects: pair.same,
            rank,
            homonym_rank: rank,
            probability: Some(pair.probability),
            right: pair.same,
            matched: pair.probability >= thresholds.matching,
        }
    }
}

/// What some queries or pairs came to. Shares are 0 to 1; a share of nothing is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Share of the queries with an expected party whose first candidate is right.
    pub recall_at_1: f64,
    /// Share of them with a right one among the first ten.
    pub recall_at_10: f64,
    /// Mean reciprocal rank of the first right one.
    pub mean_reciprocal_rank: f64,
    /// As `recall_at_1`, where a party of the very same name counts as right.
    pub homonym_recall_at_1: f64,
    /// As `recall_at_10`, where a party of the very same name counts as right.
    pub homonym_recall_at_10: f64,
    /// Share of the matches that are right.
    pub precision: f64,
    /// Share of the parties to be found that a match is right about.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// The chance that a right best candidate has a higher probability than a wrong or missing one, ties half.
    pub auc: f64,
    /// Expected calibration error of the best candidates' probabilities.
    pub calibration_error: f64,
}

impl Figures {
    /// The names and values of all figures, in order.
    pub fn named(&self) -> [(&'static str, f64); 10] {
        [
            ("recall_at_1", self.recall_at_1),
            ("recall_at_10", self.recall_at_10),
            ("mean_reciprocal_rank", self.mean_reciprocal_rank),
            ("homonym_recall_at_1", self.homonym_recall_at_1),
            ("homonym_recall_at_10", self.homonym_recall_at_10),
            ("precision", self.precision),
            ("recall", self.recall),
            ("f1", self.f1),
            ("auc", self.auc),
            ("calibration_error", self.calibration_error),
        ]
    }

    /// The figures of cases of which each counts so many times; sorted by probability, highest first.
    fn of_sorted(cases: &[Case], counts: &[u32]) -> Figures {
        let counted = || cases.iter().zip(counts).map(|(case, count)| (case, f64::from(*count)));
        let sum = |of: &dyn Fn(&Case) -> f64| counted().map(|(case, count)| of(case) * count).sum::<f64>();
        let count = |of: &dyn Fn(&Case) -> bool| sum(&|case| f64::from(u8::from(of(case))));
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let within = |rank: Option<usize>, limit: usize| rank.is_some_and(|rank| rank <= limit);
        let expected = count(&|case| case.expects);
        let hits = count(&|case| case.matched && case.right);
        let (precision, recall) = (share(hits, count(&|case| case.matched)), share(hits, expected));
        Figures {
            recall_at_1: share(count(&|case| within(case.rank, 1)), expected),
            recall_at_10: share(count(&|case| within(case.rank, 10)), expected),
            mean_reciprocal_rank: share(sum(&|case| case.rank.map_or(0.0, |rank| 1.0 / rank as f64)), expected),
            homonym_recall_at_1: share(count(&|case| within(case.homonym_rank, 1)), expected),
            homonym_recall_at_10: share(count(&|case| within(case.homonym_rank, 10)), expected),
            precision,
            recall,
            f1: share(2.0 * precision * recall, precision + recall),
            auc: auc(cases, counts),
            calibration_error: Reliability::of(cases, counts).error(),
        }
    }
}

/// The chance that a right case stands above one that is not, ties counting half.
fn auc(cases: &[Case], counts: &[u32]) -> f64 {
    let (mut rights, mut wins, mut wrongs) = (0.0, 0.0, 0.0);
    let mut place = 0;
    for group in cases.chunk_by(|a, b| a.probability == b.probability) {
        let counts = &counts[place..place + group.len()];
        place += group.len();
        let of = |right: bool| -> f64 {
            group.iter().zip(counts).filter(|(case, _)| case.right == right).map(|(_, count)| f64::from(*count)).sum()
        };
        let (right, wrong) = (of(true), of(false));
        wins += wrong * (rights + right / 2.0);
        rights += right;
        wrongs += wrong;
    }
    if rights == 0.0 || wrongs == 0.0 { 0.0 } else { wins / (rights * wrongs) }
}

/// The figures of some queries or pairs, and how far they can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Queries with an expected party, or pairs of one.
    pub expecting: usize,
    /// Queries that should find nothing, or pairs of two parties.
    pub expecting_none: usize,
    /// How many of the latter are a match all the same.
    pub false_matches: usize,
    /// The figures.
    pub figures: Figures,
    /// The figures that 2.5 % of samples drawn from this one stay below.
    pub low: Figures,
    /// The figures that 2.5 % of them stay above.
    pub high: Figures,
    /// Probabilities beside what came true.
    pub reliability: Reliability,
}

impl Measures {
    /// The measures of cases. The same cases give the same measures, in any order.
    pub fn of(mut cases: Vec<Case>) -> Measures {
        let key = |case: &Case| case.probability.unwrap_or(-1.0);
        let whole = |case: &Case| (case.rank, case.homonym_rank, case.expects, case.right);
        cases.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| whole(a).cmp(&whole(b))));
        let once = vec![1; cases.len()];
        let mut draws = Vec::with_capacity(RESAMPLES);
        let mut chance = Chance::of(SEED);
        for _ in 0..RESAMPLES {
            let mut counts = vec![0; cases.len()];
            (0..cases.len()).for_each(|_| counts[chance.below(cases.len())] += 1);
            draws.push(Figures::of_sorted(&cases, &counts));
        }
        Measures {
            expecting: cases.iter().filter(|case| case.expects).count(),
            expecting_none: cases.iter().filter(|case| !case.expects).count(),
            false_matches: cases.iter().filter(|case| !case.expects && case.matched).count(),
            figures: Figures::of_sorted(&cases, &once),
            low: quantile(&draws, 0.025),
            high: quantile(&draws, 0.975),
            reliability: Reliability::of(&cases, &once),
        }
    }
}

fn quantile(draws: &[Figures], share: f64) -> Figures {
    let of = |field: &dyn Fn(&Figures) -> f64| {
        let mut values: Vec<f64> = draws.iter().map(field).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().saturating_sub(1);
        values.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
    };
    Figures {
        recall_at_1: of(&|figures| figures.recall_at_1),
        recall_at_10: of(&|figures| figures.recall_at_10),
        mean_reciprocal_rank: of(&|figures| figures.mean_reciprocal_rank),
        homonym_recall_at_1: of(&|figures| figures.homonym_recall_at_1),
        homonym_recall_at_10: of(&|figures| figures.homonym_recall_at_10),
        precision: of(&|figures| figures.precision),
        recall: of(&|figures| figures.recall),
        f1: of(&|figures| figures.f1),
        auc: of(&|figures| figures.auc),
        calibration_error: of(&|figures| figures.calibration_error),
    }
}

/// The best F1 of pairs at any threshold, and that threshold: how much a better threshold would bring.
pub fn best_threshold(cases: &[Case]) -> (f64, f64) {
    let mut cases: Vec<(f64, bool)> = cases.iter().map(|case| (case.probability.unwrap_or(0.0), case.right)).collect();
    cases.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = cases.iter().filter(|(_, right)| *right).count() as f64;
    let (mut hits, mut called, mut best) = (0.0, 0.0, (0.0, 0.0));
    for group in cases.chunk_by(|a, b| a.0 == b.0) {
        called += group.len() as f64;
        hits += group.iter().filter(|(_, right)| *right).count() as f64;
        let f1 = 2.0 * hits / (called + all).max(1.0);
        if f1 > best.0 {
            best = (f1, group[0].0);
        }
    }
    best
}

/// The most memory that this process held at once, in bytes; `None` where the system does not tell.
pub fn peak_memory() -> Option<u64> {
    memory_line("/proc/self/status", "VmHWM:")
}

/// The memory that this machine can still give, in bytes; `None` where the system does not tell.
pub fn available_memory() -> Option<u64> {
    memory_line("/proc/meminfo", "MemAvailable:")
}

fn memory_line(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(rank: Option<usize>, probability: f64) -> Case {
        Case {
            expects: true,
            rank,
            homonym_rank: rank,
            probability: Some(probability),
            right: rank == Some(1),
            matched: probability >= 0.75,
        }
    }

    fn pair(probability: f64, same: bool) -> Case {
        Case { expects: same, right: same, ..query(same.then_some(1), probability) }
    }

    #[test]
    fn ranks_are_counted() {
        let homonym = Case { homonym_rank: Some(1), ..query(Some(2), 0.5) };
        let measures = Measures::of(vec![query(Some(1), 0.9), homonym, query(None, 0.2), query(Some(11), 0.1)]);
        let figures = measures.figures;
        assert_eq!((figures.recall_at_1, figures.recall_at_10, figures.homonym_recall_at_1), (0.25, 0.5, 0.5));
        assert!((figures.mean_reciprocal_rank - (1.0 + 0.5 + 1.0 / 11.0) / 4.0).abs() < 1e-12);
        assert_eq!((figures.precision, figures.recall, figures.auc), (1.0, 0.25, 1.0));
        assert!(measures.low.recall_at_1 <= 0.25 && measures.high.recall_at_1 >= 0.25);
        assert_eq!(Measures::of(Vec::new()).figures, Figures::default());
    }

    #[test]
    fn pairs_are_judged() {
        let cases = vec![pair(0.9, true), pair(0.8, false), pair(0.7, true), pair(0.1, false)];
        assert_eq!(best_threshold(&cases), (0.8, 0.7));
        let figures = Measures::of(cases).figures;
        assert_eq!((figures.precision, figures.recall, figures.f1, figures.auc), (0.5, 0.5, 0.5, 0.75));
        assert_eq!(Measures::of(vec![pair(0.5, true), pair(0.5, false)]).figures.auc, 0.5);
    }

    #[test]
    fn the_order_of_cases_changes_nothing() {
        let mut cases: Vec<Case> = (0..50).map(|n| pair(f64::from(n % 7) / 7.0, n % 3 == 0)).collect();
        let measures = Measures::of(cases.clone());
        cases.reverse();
        assert_eq!(measures, Measures::of(cases));
        assert!(measures.low.f1 < measures.figures.f1 && measures.figures.f1 < measures.high.f1);
    }
}
