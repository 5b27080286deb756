use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Task, TaskError};
use crate::resolver::Thresholds;

/// The results of a run: for each query its candidates, best first; for each pair its probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    candidates: BTreeMap<String, Vec<(usize, String)>>,
    pairs: BTreeMap<String, f64>,
}

/// A query or pair that two runs answered differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// What was asked; for a pair both names.
    pub text: String,
    /// What the first run gave.
    pub before: String,
    /// What the second run gave.
    pub after: String,
}

/// Two runs of one task beside each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Versus {
    /// The task's name.
    pub task: String,
    /// Queries and pairs that count.
    pub cases: usize,
    /// How many the first run has right.
    pub before: usize,
    /// How many the second run has right.
    pub after: usize,
    /// Those that only the second run has right, in the order of the task.
    pub won: Vec<Difference>,
    /// Those that only the first run has right.
    pub lost: Vec<Difference>,
}

impl Results {
    /// Reads the results of a task from the folder of a run; `None` where the run has none for it.
    pub fn read(run: &Path, task: &str) -> Result<Option<Results>, TaskError> {
        let file: PathBuf = run.join(format!("{task}.tsv"));
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file).map_err(|reason| TaskError::Read { file: file.clone(), reason })?;
        let mut results = Results::default();
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let error =
                |reason: &str| TaskError::Row { file: file.clone(), line: place + 1, reason: reason.to_owned() };
            match line.split('\t').collect::<Vec<_>>()[..] {
                [query, rank, entity, _] => {
                    let rank: usize = rank.parse().map_err(|_| error("the rank is no number"))?;
                    results.candidates.entry(query.to_owned()).or_default().push((rank, entity.to_owned()));
                }
                [pair, score] => {
                    let score: f64 = score.parse().map_err(|_| error("the score is no number"))?;
                    results.pairs.insert(pair.to_owned(), score);
                }
                _ => return Err(error("neither query, rank, entity, score nor pair, score")),
            }
        }
        results.candidates.values_mut().for_each(|found| found.sort());
        Ok(Some(results))
    }
}

impl Versus {
    /// Compares two runs of a task. A query with an expected party is right if that party is first; one without is
    /// left out, as results do not tell verdicts. A pair is right if it is judged right at the product's threshold.
    pub fn of(task: &Task, before: &Results, after: &Results) -> Versus {
        let mut versus = Versus { task: task.name.clone(), ..Versus::default() };
        for query in task.queries.iter().filter(|query| !query.expected.is_empty()) {
            let first = |run: &Results| run.candidates.get(&query.id).and_then(|found| found.first()).cloned();
            let (old, new) = (first(before), first(after));
            let right = |found: &Option<(usize, String)>| {
                found.as_ref().is_some_and(|(_, entity)| query.expected.contains(entity))
            };
            let shown = |found: &Option<(usize, String)>| found.as_ref().map_or("–".to_owned(), |(_, id)| id.clone());
            let (was, is) = (right(&old), right(&new));
            versus.count(was, is, || Difference {
                id: query.id.clone(),
                text: query.text.clone(),
                before: shown(&old),
                after: shown(&new),
            });
        }
        let threshold = Thresholds::default().matching;
        for pair in &task.pairs {
            let of = |run: &Results| run.pairs.get(&pair.id).copied().unwrap_or(0.0);
            let (old, new) = (of(before), of(after));
            let right = |probability: f64| (probability >= threshold) == pair.same;
            versus.count(right(old), right(new), || Difference {
                id: pair.id.clone(),
                text: format!("{} = {}", pair.left, pair.right),
                before: format!("{old:.3}"),
                after: format!("{new:.3}"),
            });
        }
        versus
    }

    fn count(&mut self, was: bool, is: bool, difference: impl FnOnce() -> Difference) {
        self.cases += 1;
        self.before += usize::from(was);
        self.after += usize::from(is);
        match (was, is) {
            (false, true) => self.won.push(difference()),
            (true, false) => self.lost.push(difference()),
            _ => {}
        }
    }

    /// The chance of so uneven a split between won and lost, or a more uneven one, if both runs were equally good:
    /// the exact sign test of McNemar, both sides. Below 0.05 a difference is called significant.
    pub fn chance(&self) -> f64 {
        let (won, lost) = (self.won.len(), self.lost.len());
        let (count, fewer) = (won + lost, won.min(lost));
        if won == lost {
            return 1.0;
        }
        // The terms of the binomial in logarithms: 2^-count alone would vanish.
        let mut term = -(count as f64) * std::f64::consts::LN_2;
        let mut tail = term.exp();
        for k in 1..=fewer {
            term += ((count - k + 1) as f64 / k as f64).ln();
            tail += term.exp();
        }
        (2.0 * tail).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{IndexRow, QueryRow};
    use super::*;
    use crate::model::Kind;

    fn task() -> Task {
        let query = |id: &str, expected: &[&str]| QueryRow {
            id: id.to_owned(),
            kind: Kind::Person,
            text: format!("name {id}"),
            expected: expected.iter().map(|id| (*id).to_owned()).collect(),
        };
        let index = vec![IndexRow { entity: "a".to_owned(), kind: Kind::Person, name: "A".to_owned() }];
        let queries = vec![query("1", &["a"]), query("2", &["b", "c"]), query("3", &[]), query("4", &["d"])];
        Task { name: "made".to_owned(), index, queries, ..Task::default() }
    }

    #[test]
    fn what_was_won_and_lost_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let run = |name: &str, text: &str| {
            let run = folder.path().join(name);
            fs::create_dir(&run).unwrap();
            fs::write(run.join("made.tsv"), text).unwrap();
            Results::read(&run, "made").unwrap().unwrap()
        };
        let before = run("before", "1\t1\tx\t9\n1\t2\ta\t8\n2\t1\tc\t5\n3\t1\tx\t2\n");
        let after = run("after", "1\t2\tx\t1\n1\t1\ta\t2\n2\t1\tx\t5\n");
        let versus = Versus::of(&task(), &before, &after);
        assert_eq!((versus.cases, versus.before, versus.after), (3, 1, 1));
        assert_eq!(versus.won.iter().map(|difference| difference.id.as_str()).collect::<Vec<_>>(), ["1"]);
        assert_eq!((versus.lost[0].before.as_str(), versus.lost[0].after.as_str()), ("c", "x"));
        assert!(Results::read(folder.path(), "made").unwrap().is_none());
        let wrong = run_error(folder.path(), "1\tone\ta\t1\n");
        assert!(wrong.contains("made.tsv:1: the rank is no number"), "{wrong}");
    }

    fn run_error(folder: &Path, text: &str) -> String {
        fs::write(folder.join("made.tsv"), text).unwrap();
        Results::read(folder, "made").unwrap_err().to_string()
    }

    #[test]
    fn a_split_is_as_likely_as_coins_say() {
        let versus = |won: usize, lost: usize| {
            let difference =
                || Difference { id: String::new(), text: String::new(), before: String::new(), after: String::new() };
            let of = |count: usize| (0..count).map(|_| difference()).collect();
            Versus { won: of(won), lost: of(lost), ..Versus::default() }.chance()
        };
        assert_eq!(versus(0, 0), 1.0);
        assert_eq!(versus(4, 4), 1.0);
        assert!((versus(5, 0) - 2.0 / 32.0).abs() < 1e-12);
        assert!((versus(1, 5) - 2.0 * 7.0 / 64.0).abs() < 1e-12);
        assert!(versus(5000, 1000) < 1e-300);
    }
}
