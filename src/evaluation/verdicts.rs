use super::measure::Case;

/// What a threshold on the probability comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cut {
    /// The threshold.
    pub threshold: f64,
    /// Share of all queries whose best candidate reaches it.
    pub reached: f64,
    /// Share of those that are wrong.
    pub wrong: f64,
    /// Share of the queries with a party to be found whose right candidate reaches it in first place.
    pub found: f64,
    /// Share of the queries without one that reach it all the same.
    pub false_positives: f64,
}

/// Thresholds worth a row of a table, beside the product's own.
const THRESHOLDS: [f64; 7] = [0.1, 0.2, 0.5, 0.7, 0.9, 0.95, 0.99];

/// What the product's thresholds and some others come to, lowest first.
pub fn cuts(cases: &[Case], own: &[f64]) -> Vec<Cut> {
    let mut thresholds: Vec<f64> = THRESHOLDS.iter().chain(own).copied().collect();
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    thresholds.into_iter().map(|threshold| cut(cases, threshold)).collect()
}

fn cut(cases: &[Case], threshold: f64) -> Cut {
    let count = |of: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| of(case)).count() as f64;
    let reaches = |case: &Case| case.probability.is_some_and(|probability| probability >= threshold);
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let reached = count(&reaches);
    let right = count(&|case| reaches(case) && case.right);
    Cut {
        threshold,
        reached: share(reached, cases.len() as f64),
        wrong: share(reached - right, reached),
        found: share(right, count(&|case| case.expects)),
        false_positives: share(count(&|case| reaches(case) && !case.expects), count(&|case| !case.expects)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_tells_its_errors() {
        let case = |probability: f64, expects: bool, right: bool| Case {
            expects,
            rank: right.then_some(1),
            homonym_rank: None,
            probability: Some(probability),
            right,
            matched: false,
        };
        let cases = [case(0.9, true, true), case(0.8, true, false), case(0.75, false, false), case(0.3, true, true)];
        let cuts = cuts(&cases, &[0.8, 0.75]);
        let at = |threshold: f64| *cuts.iter().find(|cut| cut.threshold == threshold).unwrap();
        let expected = Cut { threshold: 0.75, reached: 0.75, wrong: 2.0 / 3.0, found: 1.0 / 3.0, false_positives: 1.0 };
        assert_eq!(at(0.75), expected);
        assert_eq!(at(0.8).false_positives, 0.0);
        assert_eq!(at(0.99), Cut { threshold: 0.99, ..Cut::default() });
    }
}
