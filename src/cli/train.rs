use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::arguments::{CalibrationArguments, CorrespondenceArguments, TrainArguments, Training};
use super::{eval, progress};
use crate::evaluation::{self, Setting, Task};

/// `exonym train`.
pub fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    match &arguments.what {
        Training::Correspondences(arguments) => correspondences(arguments),
        Training::Calibration(arguments) => calibration(arguments),
    }
}

fn correspondences(arguments: &CorrespondenceArguments) -> anyhow::Result<()> {
    let mut recipes = evaluation::recipes()?;
    recipes.retain(|recipe| arguments.table.as_ref().is_none_or(|table| *table == recipe.table));
    ensure!(!recipes.is_empty(), "no table is called {:?}", arguments.table.as_deref().unwrap_or_default());
    fs::create_dir_all(&arguments.output)
        .with_context(|| format!("{} could not be made", arguments.output.display()))?;
    for recipe in &recipes {
        let spinner = progress::spinner(&format!("learning {}", recipe.table));
        let table = evaluation::train_table(recipe, &arguments.pairs)?;
        let path = arguments.output.join(format!("{}.tsv", recipe.table));
        // The name of a table of words holds a folder.
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .with_context(|| format!("{} has no folder", path.display()))?;
        fs::write(&path, &table).with_context(|| format!("{} could not be written", path.display()))?;
        spinner.finish_and_clear();
        println!("{}: {} units", path.display(), table.lines().filter(|line| !line.starts_with('#')).count() - 1);
    }
    Ok(())
}

/// The share of the parties that is taken out of the index.
const ABSENT: f64 = 0.5;

fn calibration(arguments: &CalibrationArguments) -> anyhow::Result<()> {
    let tasks = arguments.tasks.iter().map(|folder| Task::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let setting = Setting { absent: ABSENT, sample: Some(arguments.sample), ..Setting::default() };
    let outcomes = eval::run_tasks(&tasks, &setting, arguments.jobs)?;
    let mut samples = Vec::new();
    for (task, outcome) in tasks.iter().zip(&outcomes) {
        samples.extend(evaluation::candidate_samples(outcome, task.queries.len()));
        samples.extend(evaluation::pair_samples(outcome, task.queries.len() + task.pairs.len()));
    }
    let write = |path: &Path, text: String| {
        fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
    };
    if let Some(path) = &arguments.samples {
        write(path, evaluation::samples_table(&samples))?;
    }
    let (table, errors) = evaluation::train_report(&tasks, &samples, arguments.sample, ABSENT);
    write(&arguments.output, table)?;
    print!("{errors}");
    Ok(())
}
