use serde::Serialize;

use super::Outcome;
use super::answer::Answer;
use crate::tables;

/// What share of parties is found at a bound on the score, and what share of names on no list gets an answer there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alarm {
    /// The task whose parties are to be found.
    pub found: String,
    /// The task of names that are on no list.
    pub negatives: String,
    /// The share to be found, 0 to 1.
    pub recall: f64,
    /// The score that finds it, in nats; `None` if no score does, for not so many are found at all.
    pub score: Option<f64>,
    /// The share of the names on no list with any candidate at or above it.
    pub false_positives: Option<f64>,
}

impl Alarm {
    /// Sets the score where a share of the parties is found, at any rank, and counts what else it lets through.
    pub fn of((found, positives): (&str, &[Answer]), (negatives, others): (&str, &[Answer]), recall: f64) -> Alarm {
        let expecting: Vec<&Answer> = positives.iter().filter(|answer| answer.wanted.is_some()).collect();
        let mut scores: Vec<f64> = expecting
            .iter()
            .filter_map(|answer| answer.candidates.iter().find(|candidate| candidate.right))
            .map(|candidate| candidate.score)
            .collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        let needed = (expecting.len() as f64 * recall).ceil() as usize;
        let score = needed.checked_sub(1).and_then(|last| scores.get(last)).copied();
        let share = |bound: f64| {
            let alarms = others.iter().filter(|answer| answer.candidates.iter().any(|found| found.score >= bound));
            alarms.count() as f64 / others.len().max(1) as f64
        };
        Alarm {
            found: found.to_owned(),
            negatives: negatives.to_owned(),
            recall,
            score,
            false_positives: score.map(share),
        }
    }
}

/// Which tasks are held against each other.
const TABLE: &str = "evaluation/data/alarms.tsv";

/// The rows of the table for which both tasks were run.
pub fn alarms(outcomes: &[Outcome]) -> Vec<Alarm> {
    let find = |name: &str| outcomes.iter().find(|outcome| outcome.task == name);
    let rows = tables::table(TABLE).map_or(&[][..], |table| table.rows);
    let rows = rows.iter().filter_map(|(_, cells)| {
        let [found, negatives, recall, ..] = cells else { return None };
        let (positives, others) = (find(found)?, find(negatives)?);
        Some(Alarm::of((found, &positives.answers), (negatives, &others.answers), recall.parse().ok()?))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::super::answer::Scripts;
    use super::*;
    use crate::evaluation::Candidate;
    use crate::model::Kind;
    use crate::resolver::Verdict;
    use crate::score::Standing;
    use crate::text::Script;
    use std::time::Duration;

    fn answer(score: f64, right: bool) -> Answer {
        let candidate = Candidate {
            entity: "a".to_owned(),
            name: "A".to_owned(),
            score,
            standing: Standing::default(),
            evidence: Vec::new(),
            probability: 0.5,
            right,
            alike: right,
        };
        Answer {
            id: score.to_string(),
            text: "a".to_owned(),
            kind: Kind::Person,
            scripts: Scripts { query: Script::Latin, stored: Script::Latin },
            wanted: right.then(|| "A".to_owned()),
            candidates: vec![candidate],
            verdict: Verdict::Review,
            time: Duration::ZERO,
            incomplete: false,
        }
    }

    #[test]
    fn false_positives_are_counted_where_enough_is_found() {
        let positives: Vec<Answer> = (1..=10).map(|score| answer(f64::from(score), true)).collect();
        let others = [answer(1.5, false), answer(2.0, false), answer(0.5, false), answer(9.0, false)];
        let alarm = Alarm::of(("found", &positives), ("others", &others), 0.9);
        assert_eq!((alarm.score, alarm.false_positives), (Some(2.0), Some(0.5)));
        let lost: Vec<Answer> =
            positives.into_iter().map(|answer| Answer { candidates: Vec::new(), ..answer }).collect();
        assert_eq!(Alarm::of(("found", &lost), ("others", &others), 0.9).false_positives, None);
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let table = tables::table(TABLE).unwrap();
        let mut names: Vec<&str> = table.rows.iter().flat_map(|(_, cells)| [cells[0], cells[1]]).collect();
        names.sort_unstable();
        names.dedup();
        let outcome = |name: &&str| Outcome { task: (*name).to_owned(), ..Outcome::default() };
        let outcomes: Vec<Outcome> = names.iter().map(outcome).collect();
        assert_eq!(alarms(&outcomes).len(), table.rows.len());
    }
}
