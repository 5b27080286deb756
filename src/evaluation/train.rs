use std::io;
use std::path::{Path, PathBuf};

use crate::correspondence::train::{Pairs, Parameters, read_pairs, train};
use crate::tables;
use crate::text::Script;

/// What the tables are learned from.
const RECIPES: &str = "evaluation/data/recipes.tsv";
/// How much likelier a letter stands for itself to begin with, where both sides are of one script.
const IDENTITY: f64 = 20.0;

/// How one table is learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// The table's name, as of its file: "hang-latn".
    pub table: String,
    /// The script of one side.
    pub from: Script,
    /// The script of the other.
    pub to: Script,
    /// The files of pairs.
    pub files: Vec<String>,
    /// Parameters of the learning.
    pub parameters: Parameters,
}

/// Why a table could not be learned.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A row of the recipes cannot be read.
    #[error("{RECIPES}:{line}: the recipe cannot be read")]
    Recipe {
        /// The line.
        line: u32,
    },
    /// A file of pairs could not be read.
    #[error("{file}: {reason}")]
    Read {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// The recipes, in order.
pub fn recipes() -> Result<Vec<Recipe>, TrainError> {
    let rows = tables::table(RECIPES).map_or(&[][..], |table| table.rows);
    rows.iter().map(|(line, cells)| recipe(cells).ok_or(TrainError::Recipe { line: *line })).collect()
}

fn recipe(cells: &[&str]) -> Option<Recipe> {
    let [table, from, to, files, least, ..] = cells else { return None };
    let (from, to) = (Script::from_code(from)?, Script::from_code(to)?);
    let identity = if from == to { IDENTITY } else { 1.0 };
    let parameters = Parameters { least: least.parse().ok()?, identity, ..Parameters::default() };
    let files = files.split(' ').map(str::to_owned).collect();
    Some(Recipe { table: (*table).to_owned(), from, to, files, parameters })
}

/// Learns the table of a recipe from the files of a folder: the text of the table.
pub fn train_table(recipe: &Recipe, folder: &Path) -> Result<String, TrainError> {
    let mut all = Pairs::default();
    for file in &recipe.files {
        let path = folder.join(file);
        all = all.and(read_pairs(&[&path]).map_err(|reason| TrainError::Read { file: path.clone(), reason })?);
    }
    Ok(train(&all, recipe.from, recipe.to, &recipe.parameters))
}
