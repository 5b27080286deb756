/// The prior that the calibrations hold: a party is as often on the list as not.
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
    fn a_prior_moves_the_odds() {
        assert_eq!(with_prior(0.9, None), 0.9);
        assert!((with_prior(0.9, Some(0.5)) - 0.9).abs() < 1e-12);
        assert!((with_prior(0.5, Some(0.01)) - 0.01).abs() < 1e-12);
        assert!(with_prior(0.9, Some(0.01)) < with_prior(0.9, Some(0.1)));
        assert_eq!((with_prior(1.0, Some(0.01)), with_prior(0.0, Some(0.99))), (1.0, 0.0));
    }
}
