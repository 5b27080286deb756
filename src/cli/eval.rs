use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use indicatif::ProgressBar;

use super::arguments::EvalArguments;
use super::progress;
use crate::evaluation::{
    self, Bench, Benches, Figures, Measures, Outcome, Part, Results, Setting, Summary, Task, TaskSummary, Versus,
};
use crate::resolver::{Detail, Thresholds};

/// Differences of one task that are shown, of each sort.
const SHOWN: usize = 20;

/// `exonym eval`.
pub fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let share = 0.0..=1.0;
    ensure!(share.contains(&arguments.absent), "--absent {} is no share: expected 0 to 1", arguments.absent);
    let tasks = arguments.tasks.iter().map(|folder| Task::read(folder)).collect::<Result<Vec<_>, _>>()?;
    if let Some([before, after]) = arguments.compare.as_deref() {
        return compare(&tasks, before, after);
    }
    let setting = Setting {
        part: arguments.part,
        absent: arguments.absent,
        typos: arguments.typos,
        sample: arguments.sample,
        work: arguments.work,
    };
    if let Some(path) = &arguments.quality {
        return quality(&tasks, &setting, arguments, path);
    }
    let outcomes = run_tasks(&tasks, &setting, Detail::None, arguments.jobs)?;
    if let Some(folder) = &arguments.results {
        fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
        for outcome in &outcomes {
            write(&folder.join(format!("{}.tsv", outcome.task)), |to| outcome.write(to))?;
        }
    }
    let summary = Summary::of(&outcomes, &Thresholds::default());
    for (outcome, task) in outcomes.iter().zip(&summary.tasks) {
        if arguments.json { print_json(outcome, task)? } else { print_line(outcome, task) }
    }
    if !arguments.json {
        print_groups(&summary);
    }
    if let Some(path) = &arguments.report {
        write(path, |to| to.write_all(evaluation::page(&setting, &outcomes, &summary).as_bytes()))?;
    }
    Ok(())
}

/// Runs the benches of `docs/quality.md` and writes it.
fn quality(tasks: &[Task], setting: &Setting, arguments: &EvalArguments, path: &Path) -> anyhow::Result<()> {
    ensure!(
        setting.part == Part::All && setting.absent == 0.0 && setting.typos.is_none(),
        "--quality has its own --part, --absent and --typos"
    );
    let bench = |tasks: &[Task], setting: Setting| -> anyhow::Result<Bench> {
        let outcomes = run_tasks(tasks, &setting, Detail::None, arguments.jobs)?;
        let summary = Summary::of(&outcomes, &Thresholds::default());
        Ok(Bench { setting, outcomes, summary })
    };
    let sample = setting.sample;
    let is_mistyped = |task: &&Task| evaluation::typing_tasks().iter().any(|(name, _)| *name == task.name);
    let mistyped: Vec<Task> = tasks.iter().filter(is_mistyped).cloned().collect();
    let (finding, pairs): (Vec<Task>, Vec<Task>) = tasks.iter().cloned().partition(|task| task.pairs.is_empty());
    let benches = Benches {
        plain: bench(tasks, setting.clone())?,
        apart: bench(&pairs, Setting { part: Part::Report, sample, ..Setting::default() })?,
        absent: bench(&finding, Setting { part: Part::Report, absent: 0.5, sample, ..Setting::default() })?,
        typing: bench(&mistyped, Setting { typos: Some(1), sample, ..Setting::default() })?,
    };
    let command = format!("exonym eval tasks/*{} --quality docs/quality.md", setting.flags());
    write(path, |to| to.write_all(evaluation::quality(&benches, &command).as_bytes()))
}

/// Runs tasks in a setting, several at once where memory allows, with a bar that counts queries.
pub fn run_tasks(
    tasks: &[Task],
    setting: &Setting,
    detail: Detail,
    jobs: Option<usize>,
) -> anyhow::Result<Vec<Outcome>> {
    let tasks: Vec<Task> = tasks.iter().map(|task| setting.apply(task)).collect();
    let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let queries = tasks.iter().map(|task| task.queries.len() + task.pairs.len()).sum::<usize>();
    let bar: ProgressBar = progress::bar(queries as u64, "queries");
    let sizes: Vec<usize> = tasks.iter().map(|task| task.index.len()).collect();
    let options = evaluation::options(detail, setting.work.unwrap_or(1));
    let outcomes = evaluation::schedule(&sizes, jobs, &|place| {
        bar.set_message(tasks[place].name.clone());
        pool.install(|| evaluation::run(&tasks[place], &options, &|| bar.inc(1)))
    });
    bar.finish_and_clear();
    Ok(outcomes.into_iter().collect::<Result<_, _>>()?)
}

/// Writes a file as a whole.
fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> anyhow::Result<()> {
    let mut file = File::create(path).map(BufWriter::new);
    let done = file.as_mut().map_err(|error| std::io::Error::new(error.kind(), error.to_string()));
    done.and_then(|to| content(to).and_then(|()| to.flush()))
        .with_context(|| format!("{} could not be written", path.display()))
}

fn print_line(outcome: &Outcome, task: &TaskSummary) {
    let (measures, figures) = (&task.measures, &task.measures.figures);
    let mut line = format!("{:<18}", task.task);
    if !task.is_pairs && measures.expecting > 0 {
        line += &format!(
            " recall@1 {}  recall@10 {:.4}  MRR {:.4}  with homonyms {:.4} / {:.4}  F1 {:.4}  precision {:.4}  \
             recall {:.4}  AUC {:.4}",
            within(measures, |figures| figures.recall_at_1),
            figures.recall_at_10,
            figures.mean_reciprocal_rank,
            figures.homonym_recall_at_1,
            figures.homonym_recall_at_10,
            figures.f1,
            figures.precision,
            figures.recall,
            figures.auc,
        );
    }
    if task.is_pairs {
        line += &format!(
            " F1 {}  precision {:.4}  recall {:.4}  best F1 {:.4} at {:.3}  AUC {:.4}",
            within(measures, |figures| figures.f1),
            figures.precision,
            figures.recall,
            task.best.0,
            task.best.1,
            figures.auc,
        );
    }
    line += &format!("  ECE {:.4}", figures.calibration_error);
    if !task.is_pairs && measures.expecting_none > 0 {
        line += &format!("  MATCH {} of {} on no list", measures.false_matches, measures.expecting_none);
    }
    line += &format!("  ({} of {}", measures.expecting, measures.expecting + measures.expecting_none);
    if outcome.names > 0 {
        line += &format!(" in {} names, built in {:.1} s", outcome.names, outcome.build.as_secs_f64());
    }
    let (median, p99) = (micros(outcome.time(0.5)), micros(outcome.time(0.99)));
    line += &format!(")  median {median:.0} µs  p99 {p99:.0} µs");
    if outcome.incomplete() > 0 {
        line += &format!("  {} cut", outcome.incomplete());
    }
    println!("{line}");
}

/// A figure with the interval that it probably lies in.
fn within(measures: &Measures, of: impl Fn(&Figures) -> f64) -> String {
    format!("{:.4} ({:.3}–{:.3})", of(&measures.figures), of(&measures.low), of(&measures.high))
}

fn print_groups(summary: &Summary) {
    let groups = summary.scripts.iter().map(|(scripts, measures)| (scripts.to_string(), measures));
    let groups: Vec<_> = groups.chain([("all".to_owned(), &summary.pooled)]).collect();
    if groups.len() > 2 || summary.tasks.len() > 1 {
        println!("\nby scripts");
    }
    for (name, measures) in groups.into_iter().filter(|_| summary.tasks.len() > 1 || summary.scripts.len() > 1) {
        let figures = &measures.figures;
        println!(
            "{name:<18} recall@1 {:.4}  recall@10 {:.4}  with homonyms {:.4} / {:.4}  F1 {:.4}  AUC {:.4}  ECE {}  \
             ({} of {})",
            figures.recall_at_1,
            figures.recall_at_10,
            figures.homonym_recall_at_1,
            figures.homonym_recall_at_10,
            figures.f1,
            figures.auc,
            within(measures, |figures| figures.calibration_error),
            measures.expecting,
            measures.expecting + measures.expecting_none,
        );
    }
    if !summary.alarms.is_empty() {
        println!("\nnames on no list with an answer at the score that finds so many");
    }
    for alarm in &summary.alarms {
        let rate = alarm.false_positives.map_or("not found".to_owned(), |rate| format!("{:.2} %", rate * 100.0));
        let score = alarm.score.map_or(String::new(), |score| format!("  score {score:.2}"));
        println!("{:<14} {:.0} %  {:<14} {rate}{score}", alarm.found, alarm.recall * 100.0, alarm.negatives);
    }
    if let Some(memory) = evaluation::peak_memory() {
        println!("\npeak memory {} MB", memory / 1_000_000);
    }
}

fn print_json(outcome: &Outcome, task: &TaskSummary) -> anyhow::Result<()> {
    let measures = &task.measures;
    let scripts = task.scripts.iter().map(|(scripts, measures)| (scripts.to_string(), serde_json::json!(measures)));
    let retrieval = (!task.is_pairs).then(|| {
        let mut figures = serde_json::json!(measures.figures);
        figures["queries"] = measures.expecting.into();
        figures["none_queries"] = measures.expecting_none.into();
        figures["none_matches"] = measures.false_matches.into();
        figures
    });
    let pairs = task.is_pairs.then(|| {
        serde_json::json!({
            "pairs": measures.expecting + measures.expecting_none,
            "f1": measures.figures.f1,
            "precision": measures.figures.precision,
            "recall": measures.figures.recall,
            "auc": measures.figures.auc,
            "calibration_error": measures.figures.calibration_error,
            "best_f1": task.best.0,
            "best_threshold": task.best.1,
        })
    });
    let line = serde_json::json!({
        "task": task.task,
        "retrieval": retrieval,
        "pairs": pairs,
        "low": measures.low,
        "high": measures.high,
        "reliability": measures.reliability,
        "scripts": scripts.collect::<serde_json::Map<_, _>>(),
        "names": outcome.names,
        "build_seconds": outcome.build.as_secs_f64(),
        "median_microseconds": micros(outcome.time(0.5)),
        "p99_microseconds": micros(outcome.time(0.99)),
        "incomplete": outcome.incomplete(),
        "peak_memory_bytes": evaluation::peak_memory(),
    });
    println!("{}", serde_json::to_string(&line)?);
    Ok(())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn compare(tasks: &[Task], before: &Path, after: &Path) -> anyhow::Result<()> {
    for task in tasks {
        let read = |run: &Path| -> anyhow::Result<Results> {
            Results::read(run, &task.name)?.with_context(|| format!("{} has no {}.tsv", run.display(), task.name))
        };
        print_versus(&Versus::of(task, &read(before)?, &read(after)?));
    }
    Ok(())
}

fn print_versus(versus: &Versus) {
    let share = |right: usize| right as f64 / versus.cases.max(1) as f64;
    let chance = versus.chance();
    println!(
        "{:<18} {:.4} → {:.4}  {} won, {} lost of {}  {} (p = {chance:.3})",
        versus.task,
        share(versus.before),
        share(versus.after),
        versus.won.len(),
        versus.lost.len(),
        versus.cases,
        if chance < 0.05 { "significant" } else { "not significant" },
    );
    for (sort, differences) in [("won", &versus.won), ("lost", &versus.lost)] {
        for difference in differences.iter().take(SHOWN) {
            let text = super::output::printable(&difference.text);
            println!("  {sort:<4} {}  {text}  {} → {}", difference.id, difference.before, difference.after);
        }
        if differences.len() > SHOWN {
            println!("  {sort:<4} and {} more", differences.len() - SHOWN);
        }
    }
}
