//! When a source is looked at next.

use std::time::Duration;

use jiff::Timestamp;

use super::State;

/// The shortest wait after a failure; it doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// When a source is due: at once where it never was looked at, then after its interval, and sooner after failures, but
/// never sooner than a minute and never later than its interval says. Sources of one interval do not all come at the
/// same moment: each has a delay of its own of up to a tenth of what it waits, which follows from its name alone.
pub(super) fn next(name: &str, every: Duration, state: &State) -> Timestamp {
    let Some(last) = state.last_attempt else { return Timestamp::UNIX_EPOCH };
    let wait = match state.failures {
        0 => every,
        failures => FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(every),
    };
    let wait = wait.saturating_add(delay(name, wait));
    last.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// The delay of a source, from 0 up to a tenth of `wait`.
fn delay(name: &str, wait: Duration) -> Duration {
    let digest = blake3::hash(name.as_bytes());
    let [first, second, third, ..] = *digest.as_bytes();
    let share = f64::from(u32::from_be_bytes([0, first, second, third])) / f64::from(1 << 24);
    wait.mul_f64(share / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn state(failures: u32) -> State {
        State { last_attempt: Some(at(1_000_000)), failures, ..State::default() }
    }

    #[test]
    fn a_new_source_is_due_at_once() {
        assert_eq!(next("ofac", Duration::from_secs(3600), &State::default()), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn the_delay_follows_from_the_name() {
        let every = Duration::from_secs(36_000);
        let waits: Vec<i64> = ["ofac", "un", "eu", "uk"]
            .iter()
            .map(|name| next(name, every, &state(0)).as_second() - 1_000_000)
            .collect();
        assert_eq!(next("un", every, &state(0)), next("un", every, &state(0)));
        assert!(waits.iter().all(|wait| (36_000..=39_600).contains(wait)), "{waits:?}");
        let distinct: std::collections::BTreeSet<_> = waits.iter().collect();
        assert_eq!(distinct.len(), waits.len(), "{waits:?}");
    }

    #[test]
    fn failures_wait_longer_and_longer_but_not_longer_than_the_interval() {
        let every = Duration::from_secs(3600);
        let waits: Vec<i64> =
            (1..=9).map(|failures| next("un", every, &state(failures)).as_second() - 1_000_000).collect();
        assert!((60..=66).contains(&waits[0]), "{waits:?}");
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= 3960), "{waits:?}");
        assert_eq!(next("un", every, &state(u32::MAX)), next("un", every, &state(9)));
        assert_eq!(next("un", Duration::from_secs(u64::MAX), &state(0)), Timestamp::MAX);
    }
}
