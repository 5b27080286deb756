use serde::Serialize;

/// How well queries found what they should.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RetrievalMeasures {
    /// Queries with an expected entity.
    pub queries: usize,
    /// Share of them whose first candidate is right, 0 to 1.
    pub recall_at_1: f64,
    /// Share with a right one among the first ten.
    pub recall_at_10: f64,
    /// Mean reciprocal rank of the first right one.
    pub mean_reciprocal_rank: f64,
    /// Queries that should find nothing.
    pub none_queries: usize,
    /// How many of them are answered NO_MATCH.
    pub none_no_match: usize,
}

impl RetrievalMeasures {
    /// The measures of ranks, from 1, of the first right candidate of each query; `None` where none was found.
    pub fn of_ranks(ranks: &[Option<usize>]) -> RetrievalMeasures {
        let queries = ranks.len();
        let share = |count: usize| if queries == 0 { 0.0 } else { count as f64 / queries as f64 };
        let within = |limit: usize| share(ranks.iter().flatten().filter(|rank| **rank <= limit).count());
        let reciprocal: f64 = ranks.iter().flatten().map(|rank| 1.0 / *rank as f64).sum();
        RetrievalMeasures {
            queries,
            recall_at_1: within(1),
            recall_at_10: within(10),
            mean_reciprocal_rank: if queries == 0 { 0.0 } else { reciprocal / queries as f64 },
            ..RetrievalMeasures::default()
        }
    }
}

/// How well pairs were judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PairMeasures {
    /// Pairs judged.
    pub pairs: usize,
    /// F1 at the threshold of a match.
    pub f1: f64,
    /// Precision there.
    pub precision: f64,
    /// Recall there.
    pub recall: f64,
    /// The best F1 at any threshold.
    pub best_f1: f64,
    /// The threshold of it.
    pub best_threshold: f64,
    /// Area under the ROC curve.
    pub auc: f64,
}

impl PairMeasures {
    /// The measures of pairs as probability and truth, judged the same at or above `threshold`.
    pub fn of_pairs(pairs: &[(f64, bool)], threshold: f64) -> PairMeasures {
        let at = |threshold: f64| {
            let hits = pairs.iter().filter(|(p, same)| *p >= threshold && *same).count() as f64;
            let called = pairs.iter().filter(|(p, _)| *p >= threshold).count() as f64;
            let all = pairs.iter().filter(|(_, same)| *same).count() as f64;
            let precision = if called == 0.0 { 0.0 } else { hits / called };
            let recall = if all == 0.0 { 0.0 } else { hits / all };
            let f1 = if hits == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
            (precision, recall, f1)
        };
        let (precision, recall, f1) = at(threshold);
        let mut thresholds: Vec<f64> = pairs.iter().map(|(p, _)| *p).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let best = thresholds.into_iter().map(|threshold| (at(threshold).2, threshold));
        let (best_f1, best_threshold) = best.fold((0.0, 0.0), |best, next| if next.0 > best.0 { next } else { best });
        PairMeasures { pairs: pairs.len(), f1, precision, recall, best_f1, best_threshold, auc: auc(pairs) }
    }
}

/// The chance that a pair of one party scores above a pair of two, ties counting half.
fn auc(pairs: &[(f64, bool)]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins) = (0.0, 0.0);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let same = group.iter().filter(|(_, same)| *same).count() as f64;
        let other = group.len() as f64 - same;
        wins += same * (below + other / 2.0);
        below += other;
    }
    let same = sorted.iter().filter(|(_, same)| *same).count() as f64;
    if same == 0.0 || below == 0.0 { 0.0 } else { wins / (same * below) }
}

/// The most memory that this process held at once, in bytes; `None` where the system does not tell.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_counted() {
        let measures = RetrievalMeasures::of_ranks(&[Some(1), Some(2), None, Some(11)]);
        assert_eq!((measures.recall_at_1, measures.recall_at_10), (0.25, 0.5));
        assert!((measures.mean_reciprocal_rank - (1.0 + 0.5 + 1.0 / 11.0) / 4.0).abs() < 1e-12);
        assert_eq!(RetrievalMeasures::of_ranks(&[]).recall_at_1, 0.0);
    }

    #[test]
    fn pairs_are_judged() {
        let pairs = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        let measures = PairMeasures::of_pairs(&pairs, 0.75);
        assert_eq!((measures.precision, measures.recall, measures.f1), (0.5, 0.5, 0.5));
        assert_eq!(measures.best_threshold, 0.7);
        assert_eq!(measures.auc, 0.75);
        assert_eq!(PairMeasures::of_pairs(&[(0.5, true), (0.5, false)], 0.5).auc, 0.5);
    }
}
