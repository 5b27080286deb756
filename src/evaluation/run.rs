use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::{PairMeasures, QueryRow, RetrievalMeasures, Task};
use crate::model::{EntityId, Kind, NameQuality, Record, RecordId, RecordName};
use crate::resolver::indexer::BuildError;
use crate::resolver::{Detail, Match, Options, Query, Scope, Snapshot, Thresholds, Verdict, compare};

/// The dataset that the entities of a task are given.
const DATASET: &str = "eval";
/// How many candidates of a query are written.
const DEPTH: usize = 10;

/// What a task came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Measures of queries; `None` for tasks of pairs.
    pub retrieval: Option<RetrievalMeasures>,
    /// Measures of pairs; `None` for tasks of queries.
    pub pairs: Option<PairMeasures>,
    /// Names that were indexed.
    pub names: usize,
    /// Time to analyse and index them.
    pub build: Duration,
    /// Median time of one query or pair, as the processor counts it.
    pub median: Duration,
    /// The time that 99 in 100 stay under.
    pub p99: Duration,
    /// Queries whose search was cut by a bound.
    pub incomplete: usize,
}

/// Why a task could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The index could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The results could not be written.
    #[error("the results could not be written: {0}")]
    Write(#[from] io::Error),
}

/// Runs a task and writes its results: `query, rank, entity, score` for queries, `pair, score` for pairs, separated
/// by tabs. What a calibration is fitted to goes to `samples`: task, right or not, score, lead and fit of the best
/// candidate, and of the best one if the right ones were not in the index. `step` is called after each query.
pub fn run(
    task: &Task,
    results: &mut dyn Write,
    samples: &mut dyn Write,
    step: &dyn Fn(),
) -> Result<Outcome, RunError> {
    if task.pairs.is_empty() { run_queries(task, results, samples, step) } else { run_pairs(task, results, step) }
}

fn run_queries(
    task: &Task,
    results: &mut dyn Write,
    samples: &mut dyn Write,
    step: &dyn Fn(),
) -> Result<Outcome, RunError> {
    let started = Instant::now();
    let snapshot = Snapshot::of_records(&records(task), Thresholds::default())?;
    let mut outcome = Outcome { names: task.index.len(), build: started.elapsed(), ..Outcome::default() };
    let options = Options { limit: DEPTH, detail: Detail::None, ..Options::default() };
    let (mut ranks, mut times) = (Vec::new(), Vec::new());
    let (mut none, mut none_no_match) = (0, 0);
    for row in &task.queries {
        let query = Query { kind: row.kind, ..Query::of_name(row.text.clone()) };
        let started = cpu_time();
        let answer = snapshot.resolve(&query, &Scope::default(), &options);
        times.push(cpu_time().saturating_sub(started));
        step();
        let (matches, verdict, incomplete) = match answer {
            Ok(answer) => (answer.matches, answer.verdict, answer.incomplete.is_some()),
            // A query without a letter finds nothing, which is an answer.
            Err(_) => (Vec::new(), Verdict::NoMatch, false),
        };
        outcome.incomplete += usize::from(incomplete);
        write_samples(task, row, &matches, samples)?;
        let mut found = None;
        for (rank, candidate) in matches.iter().enumerate() {
            let Some(entity) = candidate.records.first().map(RecordId::local) else { continue };
            writeln!(results, "{}\t{}\t{entity}\t{:.6}", row.id, rank + 1, candidate.score)?;
            if found.is_none() && row.expected.iter().any(|expected| expected == entity) {
                found = Some(rank + 1);
            }
        }
        if row.expected.is_empty() {
            none += 1;
            none_no_match += usize::from(verdict == Verdict::NoMatch);
        } else {
            ranks.push(found);
        }
    }
    let measures = RetrievalMeasures::of_ranks(&ranks);
    outcome.retrieval = Some(RetrievalMeasures { none_queries: none, none_no_match, ..measures });
    (outcome.median, outcome.p99) = quantiles(times);
    Ok(outcome)
}

fn write_samples(task: &Task, row: &QueryRow, matches: &[Match], samples: &mut dyn Write) -> io::Result<()> {
    let is_right = |candidate: &Match| {
        candidate.records.first().is_some_and(|record| row.expected.iter().any(|expected| expected == record.local()))
    };
    let mut write = |candidates: &[&Match], right: bool| match candidates {
        [] => Ok(()),
        [best, others @ ..] => {
            let lead = others.first().map_or(f64::INFINITY, |next| best.score - next.score);
            let (name, right) = (&task.name, u8::from(right));
            writeln!(samples, "{name}\t{right}\t{:.4}\t{lead:.4}\t{:.4}", best.score, best.fit)
        }
    };
    let all: Vec<&Match> = matches.iter().collect();
    write(&all, all.first().is_some_and(|best| is_right(best)))?;
    let others: Vec<&Match> = matches.iter().filter(|candidate| !is_right(candidate)).collect();
    if others.len() < all.len() { write(&others, false) } else { Ok(()) }
}

fn run_pairs(task: &Task, results: &mut dyn Write, step: &dyn Fn()) -> Result<Outcome, RunError> {
    let thresholds = Thresholds::default();
    let (mut judged, mut times) = (Vec::new(), Vec::new());
    for row in &task.pairs {
        let query = |text: &str| Query { kind: row.kind, ..Query::of_name(text) };
        let started = cpu_time();
        let comparison = compare(&query(&row.left), &query(&row.right), &thresholds, Detail::None);
        times.push(cpu_time().saturating_sub(started));
        step();
        if std::env::var_os("JUDGE_DUMP").is_some()
            && let Ok(c) = &comparison
        {
            eprintln!("DUMP\t{}\t{}\t{}\t{}\t{}", row.id, c.score, c.fit, c.other_fit, u8::from(row.same));
        }
        let probability = comparison.map_or(0.0, |comparison| comparison.probability);
        writeln!(results, "{}\t{probability:.6}", row.id)?;
        judged.push((probability, row.same));
    }
    let (median, p99) = quantiles(times);
    let pairs = Some(PairMeasures::of_pairs(&judged, thresholds.matching));
    Ok(Outcome { pairs, median, p99, ..Outcome::default() })
}

/// The entities of a task as records, one an entity, ordered by id.
fn records(task: &Task) -> Vec<(Record, EntityId)> {
    let mut grouped: BTreeMap<&str, (Kind, Vec<RecordName>)> = BTreeMap::new();
    for row in &task.index {
        let (_, names) = grouped.entry(&row.entity).or_insert_with(|| (row.kind, Vec::new()));
        let quality = if names.is_empty() { NameQuality::Primary } else { NameQuality::Strong };
        names.push(RecordName { text: row.name.clone(), quality, language: String::new() });
    }
    let mut records = Vec::new();
    for (entity, (kind, names)) in grouped {
        let Ok(id) = format!("{DATASET}:{entity}").parse::<RecordId>() else { continue };
        let minted = EntityId::mint(&id, 0);
        let mut record = Record { names, ..Record::new(id, kind, "") };
        record.canonicalize();
        records.push((record, minted));
    }
    records
}

/// What this thread has cost the processor so far: other work on the machine does not count.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    // Neither is negative, and nanoseconds are below a billion.
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn quantiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    (at(0.5), at(0.99))
}
