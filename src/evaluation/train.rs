use std::io;
use std::path::{Path, PathBuf};

use crate::correspondence::train::{Pairs, Parameters, read_pairs, train, train_korean, train_translations};
use crate::model::Kind;
use crate::names::{self, Hints, PartRole};
use crate::tables;
use crate::text::Script;

/// What the tables are learned from.
const RECIPES: &str = "evaluation/data/recipes.tsv";
/// What ends a file of names of companies where letters are learned from it.
const OF_COMPANIES: char = '*';
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
    /// What it is learned from.
    pub source: Source,
    /// Parameters of the learning.
    pub parameters: Parameters,
}

/// What a table is learned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files of pairs of names; for a table of one script, of pairs with other scripts.
    Pairs(Vec<String>),
    /// Files of pairs of names of companies, for a table that is asked for organizations alone.
    Companies(Vec<String>),
    /// The Korean syllables that the program carries.
    Syllables,
    /// Files of pairs of names of companies, whose words are learned.
    Words(Vec<String>),
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
    let [table, from, to, mode, files, least, ..] = cells else { return None };
    let (from, to) = (Script::from_code(from)?, Script::from_code(to)?);
    let identity = if from == to { IDENTITY } else { 1.0 };
    let parameters = Parameters { least: least.parse().ok()?, identity, ..Parameters::default() };
    let files = files.split(' ').map(str::to_owned).collect();
    let source = match *mode {
        "pairs" => Source::Pairs(files),
        "companies" => Source::Companies(files),
        "syllables" => Source::Syllables,
        "words" => Source::Words(files),
        _ => return None,
    };
    Some(Recipe { table: (*table).to_owned(), from, to, source, parameters })
}

/// Learns the table of a recipe from the files of a folder: the text of the table.
pub fn train_table(recipe: &Recipe, folder: &Path) -> Result<String, TrainError> {
    let (Source::Pairs(files) | Source::Companies(files) | Source::Words(files)) = &recipe.source else {
        return Ok(train_korean(recipe.from, recipe.to, &recipe.parameters));
    };
    let mut pairs = Pairs::default();
    for file in files {
        let (file, companies) = file.strip_suffix(OF_COMPANIES).map_or((file.as_str(), false), |file| (file, true));
        let path = folder.join(file);
        let read = read_pairs(&[&path]).map_err(|reason| TrainError::Read { file: path.clone(), reason })?;
        pairs = pairs.and(if companies { without_forms(read) } else { read });
    }
    Ok(match recipe.source {
        Source::Words(_) => train_translations(&without_forms(pairs), recipe.from, recipe.to, recipe.parameters.least),
        _ => {
            let of_companies = matches!(recipe.source, Source::Companies(_));
            train(&pairs, recipe.from, recipe.to, of_companies, &recipe.parameters)
        }
    })
}

/// Names of companies without their legal forms, which stand in most of them whatever the other words are.
fn without_forms(mut pairs: Pairs) -> Pairs {
    let hints = Hints { kind: Kind::Organization, ..Hints::default() };
    let kept = |text: &str| {
        let mut kept = text.to_owned();
        let parts = names::analyse(text, &hints).readings.into_iter().next().map(|name| name.parts).unwrap_or_default();
        for part in parts.iter().filter(|part| part.role == PartRole::LegalForm).rev() {
            kept.replace_range(part.span.clone(), " ");
        }
        kept
    };
    pairs.rows.iter_mut().for_each(|(left, right)| (*left, *right) = (kept(left), kept(right)));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correspondence;

    /// Tables that are learned soon enough for a test: those of syllables, and one of pairs of names, which are laid over
    /// each other by tables of their own. All others are learned by the same steps.
    const SOON: &str = "hang-cyrl";

    #[test]
    fn training_gives_the_tables_that_are_shipped() {
        let (root, pairs) = (Path::new(env!("CARGO_MANIFEST_DIR")), "../shared/train");
        let is_there = root.join(pairs).is_dir();
        if !is_there {
            eprintln!("SKIPPED: {SOON} is not learned again, as there is no {pairs} beside the project");
        }
        let recipes = recipes().unwrap();
        let soon = |recipe: &&Recipe| recipe.source == Source::Syllables || recipe.table == SOON && is_there;
        for recipe in recipes.iter().filter(soon) {
            let table = train_table(recipe, &root.join(pairs)).unwrap();
            let shipped = root.join("src").join(correspondence::FOLDER).join(format!("{}.tsv", recipe.table));
            assert_eq!(table, std::fs::read_to_string(shipped).unwrap(), "{}", recipe.table);
        }
        assert!(recipes.iter().filter(soon).count() >= 3);
    }
}
