use serde::Serialize;

use super::measure::Case;

/// How many groups probabilities are sorted into.
const BINS: usize = 10;

/// The cases whose probability lies between two bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// The lower bound; it belongs to the bin.
    pub from: f64,
    /// The upper bound; it belongs to the next bin, but for 1.
    pub to: f64,
    /// How many cases.
    pub cases: f64,
    /// The mean of their probabilities.
    pub probability: f64,
    /// The share of them that is right: what the mean should be.
    pub right: f64,
}

/// Probabilities beside what came true, in ten bins of equal width. Cases without a candidate claim nothing and are
/// left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// The bins, from 0 to 1.
    pub bins: Vec<Bin>,
}

impl Reliability {
    /// The reliability of cases of which each counts so many times.
    pub fn of(cases: &[Case], counts: &[u32]) -> Reliability {
        let mut bins = [(0.0, 0.0, 0.0); BINS];
        for (case, count) in cases.iter().zip(counts) {
            let Some(probability) = case.probability else { continue };
            let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
            let count = f64::from(*count);
            bin.0 += count;
            bin.1 += count * probability;
            bin.2 += count * f64::from(u8::from(case.right));
        }
        let bound = |place: usize| place as f64 / BINS as f64;
        let bins = bins.into_iter().enumerate().map(|(place, (cases, probability, right))| {
            let mean = |sum: f64| if cases > 0.0 { sum / cases } else { 0.0 };
            let (from, to) = (bound(place), bound(place + 1));
            Bin { from, to, cases, probability: mean(probability), right: mean(right) }
        });
        Reliability { bins: bins.collect() }
    }

    /// The expected calibration error, 0 to 1: the distance between claim and truth, averaged over all cases.
    pub fn error(&self) -> f64 {
        let all: f64 = self.bins.iter().map(|bin| bin.cases).sum();
        let off: f64 = self.bins.iter().map(|bin| bin.cases * (bin.probability - bin.right).abs()).sum();
        if all > 0.0 { off / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(probability: f64, right: bool) -> Case {
        let rank = right.then_some(1);
        Case { expects: right, rank, homonym_rank: rank, probability: Some(probability), right, matched: false }
    }

    #[test]
    fn the_error_is_the_mean_distance_between_claim_and_truth() {
        let cases = [case(0.95, true), case(0.95, true), case(0.95, false), case(0.95, true), case(0.05, false)];
        let reliability = Reliability::of(&cases, &[1; 5]);
        assert!((reliability.error() - (4.0 * 0.2 + 0.05) / 5.0).abs() < 1e-12);
        let last = reliability.bins[9];
        assert_eq!((last.cases, last.right, last.from, last.to), (4.0, 0.75, 0.9, 1.0));
        assert_eq!(Reliability::of(&[case(1.0, true)], &[1]).error(), 0.0);
    }

    #[test]
    fn who_claims_nothing_is_left_out() {
        let silent = Case { probability: None, ..case(0.0, false) };
        assert_eq!(Reliability::of(&[silent], &[1]).error(), 0.0);
    }
}
