use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::answer::{Answer, Judged, Truth};
use super::{PairRow, QueryRow, Task};
use crate::model::{EntityId, Kind, NameQuality, Record, RecordId, RecordName};
use crate::resolver::indexer::BuildError;
use crate::resolver::{Detail, Options, Query, Scope, Snapshot, Thresholds, compare};

/// The dataset that the entities of a task are given.
const DATASET: &str = "eval";
/// How many candidates of a query are looked at.
const DEPTH: usize = 10;

/// What a task came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The task's name.
    pub task: String,
    /// The answers, in the order of the queries; none for tasks of pairs.
    pub answers: Vec<Answer>,
    /// The judged pairs, in their order; none for tasks of queries.
    pub judged: Vec<Judged>,
    /// Names that were indexed.
    pub names: usize,
    /// Time to analyse and index them.
    pub build: Duration,
}

/// Runs a task with the code that serves. Queries are asked on the threads of the current pool; `step` is called after
/// each of them. Candidates and pairs carry their evidence in the detail of the options; see [`options`].
pub fn run(task: &Task, options: &Options, step: &(dyn Fn() + Sync)) -> Result<Outcome, BuildError> {
    let mut outcome = Outcome { task: task.name.clone(), names: task.index.len(), ..Outcome::default() };
    if !task.queries.is_empty() {
        let started = Instant::now();
        let snapshot = Snapshot::of_records(&records(task), Thresholds::default())?;
        outcome.build = started.elapsed();
        let truth = Truth::of(task);
        outcome.answers = (task.queries.par_iter())
            .map(|row| {
                let answer = ask(&snapshot, &truth, row, options);
                step();
                answer
            })
            .collect();
    }
    outcome.judged = (task.pairs.par_iter())
        .map(|row| {
            let judged = judge(row, options.detail);
            step();
            judged
        })
        .collect();
    Ok(outcome)
}

/// How queries are asked, with so many times the usual work.
pub fn options(detail: Detail, work: u32) -> Options {
    Options { limit: DEPTH, detail, work, ..Options::default() }
}

fn ask(snapshot: &Snapshot, truth: &Truth, row: &QueryRow, options: &Options) -> Answer {
    let query = Query { kind: row.kind, ..Query::of_name(row.text.clone()) };
    let started = cpu_time();
    let resolution = snapshot.resolve(&query, &Scope::default(), options);
    let time = cpu_time().saturating_sub(started);
    truth.mark(row, resolution.ok(), time)
}

/// Compares a pair with the code that serves.
pub(super) fn judge(row: &PairRow, detail: Detail) -> Judged {
    let query = |text: &str| Query { kind: row.kind, ..Query::of_name(text) };
    let started = cpu_time();
    let comparison = compare(&query(&row.left), &query(&row.right), &Thresholds::default(), detail);
    let time = cpu_time().saturating_sub(started);
    let judged = Judged { time, ..Judged::of_row(row) };
    match comparison {
        Ok(found) => {
            let (standing, probability, evidence) = (found.standing, found.probability, found.evidence);
            Judged { score: found.score, standing, probability, evidence, ..judged }
        }
        Err(_) => judged,
    }
}

impl Outcome {
    /// Writes the results: `query, rank, entity, score` for queries, `pair, probability` for pairs, separated by tabs.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        for answer in &self.answers {
            for (place, candidate) in answer.candidates.iter().enumerate() {
                writeln!(to, "{}\t{}\t{}\t{:.6}", answer.id, place + 1, candidate.entity, candidate.score)?;
            }
        }
        for judged in &self.judged {
            writeln!(to, "{}\t{:.6}", judged.id, judged.probability)?;
        }
        Ok(())
    }

    /// The processor time that a share of the queries or pairs, 0 to 1, stay under.
    pub fn time(&self, share: f64) -> Duration {
        let answers = self.answers.iter().map(|answer| answer.time);
        let mut times: Vec<Duration> = answers.chain(self.judged.iter().map(|judged| judged.time)).collect();
        times.sort_unstable();
        times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default()
    }

    /// How many queries a bound cut.
    pub fn incomplete(&self) -> usize {
        self.answers.iter().filter(|answer| answer.incomplete).count()
    }
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
