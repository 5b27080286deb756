use std::fs;

use anyhow::{Context, ensure};

use super::arguments::{CalibrationArguments, CorrespondenceArguments, TrainArguments, Training};
use super::{eval, progress};
use crate::evaluation::{self, Part, Setting, Task};
use crate::score::{Calibrations, FEATURES};

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
    let (mut candidates, mut pairs) = (Vec::new(), Vec::new());
    for (task, outcome) in tasks.iter().zip(&outcomes) {
        let size = task.queries.len().max(task.pairs.len());
        candidates.extend(evaluation::candidate_samples(outcome, size));
        pairs.extend(evaluation::pair_samples(outcome, size));
    }
    if let Some(path) = &arguments.samples {
        fs::write(path, evaluation::samples_table(&candidates, &pairs))
            .with_context(|| format!("{} could not be written", path.display()))?;
    }
    let resolve = evaluation::fit_calibration(&candidates, &FEATURES.map(|_| true));
    // Nothing leads and nothing crowds where there is no index.
    let compare = evaluation::fit_calibration(&pairs, &FEATURES.map(|name| name != "lead" && name != "share"));
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    let header = [
        ("title", "From scores to probabilities".to_owned()),
        ("source", format!("regularised logistic regression on one half of the queries of {}", names.join(", "))),
        (
            "status",
            format!(
                "fitted to {} candidates and {} pairs, at most {} queries a task, with {:.0} % of the parties taken out \
                 of the index",
                resolve.samples,
                compare.samples,
                arguments.sample,
                ABSENT * 100.0
            ),
        ),
    ];
    let calibrations = Calibrations { resolve: resolve.calibration, compare: compare.calibration };
    fs::write(&arguments.output, calibrations.to_table(&header))
        .with_context(|| format!("{} could not be written", arguments.output.display()))?;
    for (name, samples, calibration) in
        [("resolve", &candidates, &calibrations.resolve), ("compare", &pairs, &calibrations.compare)]
    {
        println!("{name:<10} expected calibration error on the half that was fitted, and on the half kept apart");
        let held = evaluation::held_errors(samples, calibration, Part::Report);
        let fitted = evaluation::held_errors(samples, calibration, Part::Tune);
        for (scripts, count, error) in held {
            let own = fitted.iter().find(|(name, ..)| *name == scripts).map_or(f64::NAN, |(.., error)| *error);
            println!("{scripts:<10} {own:.4}  {error:.4}  ({count})");
        }
    }
    Ok(())
}
