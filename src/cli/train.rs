use std::fs;

use anyhow::{Context, ensure};

use super::arguments::{CorrespondenceArguments, TrainArguments, Training};
use super::progress;
use crate::evaluation;

/// `exonym train`.
pub fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    match &arguments.what {
        Training::Correspondences(arguments) => correspondences(arguments),
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
