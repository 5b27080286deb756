use std::fs::{self, File};
use std::io::{self, BufWriter, Write};

use anyhow::Context;

use super::arguments::EvalArguments;
use super::progress;
use crate::evaluation::{self, Outcome, Task};

/// `exonym eval`.
pub fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    if let Some(folder) = &arguments.results {
        fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    }
    let mut samples: Box<dyn Write> = match &arguments.samples {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("{} could not be written", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(io::sink()),
    };
    for folder in &arguments.tasks {
        let mut task = Task::read(folder)?;
        if let Some(size) = arguments.sample {
            task.sample(size);
        }
        let mut results: Box<dyn Write> = match &arguments.results {
            Some(results) => {
                let path = results.join(format!("{}.tsv", task.name));
                let file = File::create(&path).with_context(|| format!("{} could not be written", path.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(io::sink()),
        };
        let bar = progress::bar((task.queries.len() + task.pairs.len()) as u64, "queries");
        bar.set_message(task.name.clone());
        let outcome = evaluation::run(&task, &mut results, &mut samples, &|| bar.inc(1))?;
        results.flush()?;
        bar.finish_and_clear();
        samples.flush()?;
        if arguments.json { print_json(&task, &outcome)? } else { print_line(&task, &outcome) }
    }
    Ok(())
}

fn print_line(task: &Task, outcome: &Outcome) {
    let mut line = format!("{:<18}", task.name);
    if let Some(measures) = &outcome.retrieval {
        line += &format!(
            " recall@1 {:.4}  recall@10 {:.4}  MRR {:.4}  ({} queries, {} names, built in {:.1} s)",
            measures.recall_at_1,
            measures.recall_at_10,
            measures.mean_reciprocal_rank,
            measures.queries,
            outcome.names,
            outcome.build.as_secs_f64()
        );
        if measures.none_queries > 0 {
            line += &format!("  NO_MATCH {}/{} of those on no list", measures.none_no_match, measures.none_queries);
        }
    }
    if let Some(measures) = &outcome.pairs {
        line += &format!(
            " F1 {:.4}  precision {:.4}  recall {:.4}  best F1 {:.4} at {:.3}  AUC {:.4}  ({} pairs)",
            measures.f1,
            measures.precision,
            measures.recall,
            measures.best_f1,
            measures.best_threshold,
            measures.auc,
            measures.pairs
        );
    }
    line += &format!("  median {:.0} µs  p99 {:.0} µs", micros(outcome.median), micros(outcome.p99));
    if let Some(memory) = evaluation::peak_memory() {
        line += &format!("  peak memory {} MB", memory / 1_000_000);
    }
    if outcome.incomplete > 0 {
        line += &format!("  {} cut", outcome.incomplete);
    }
    println!("{line}");
}

fn print_json(task: &Task, outcome: &Outcome) -> anyhow::Result<()> {
    let line = serde_json::json!({
        "task": task.name,
        "retrieval": outcome.retrieval,
        "pairs": outcome.pairs,
        "names": outcome.names,
        "build_seconds": outcome.build.as_secs_f64(),
        "median_microseconds": micros(outcome.median),
        "p99_microseconds": micros(outcome.p99),
        "incomplete": outcome.incomplete,
        "peak_memory_bytes": evaluation::peak_memory(),
    });
    println!("{}", serde_json::to_string(&line)?);
    Ok(())
}

fn micros(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
