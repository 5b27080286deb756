use std::io;
use std::path::{Path, PathBuf};

use crate::correspondence::train::{Pairs, Parameters, read_pairs, train};
use crate::tables;
use crate::text::{self, Script};

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
    /// What it is learned from.
    pub source: Source,
    /// Parameters of the learning.
    pub parameters: Parameters,
}

/// What a table is learned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files of pairs of two scripts.
    Pairs(Vec<String>),
    /// Files of pairs of which the spellings of one script are taken that share one in the other.
    Variants(Vec<String>),
    /// Tables of syllables that the program carries: one, or two that share their first column.
    Syllables(Vec<String>),
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
        "variants" => Source::Variants(files),
        "syllables" => Source::Syllables(files),
        _ => return None,
    };
    Some(Recipe { table: (*table).to_owned(), from, to, source, parameters })
}

/// Learns the table of a recipe from the files of a folder: the text of the table.
pub fn train_table(recipe: &Recipe, folder: &Path) -> Result<String, TrainError> {
    let pairs = match &recipe.source {
        Source::Pairs(files) => read_all(files, folder, Some(recipe.from))?,
        Source::Variants(files) => read_all(files, folder, None)?.variants(recipe.from),
        Source::Syllables(tables) => syllables(tables),
    };
    Ok(train(&pairs, recipe.from, recipe.to, &[], &recipe.parameters))
}

/// The pairs of some files, turned so that the names of `first`, if it is given, come first.
fn read_all(files: &[String], folder: &Path, first: Option<Script>) -> Result<Pairs, TrainError> {
    let mut all = Pairs::default();
    for file in files {
        let path = folder.join(file);
        let pairs = read_pairs(&[&path]).map_err(|reason| TrainError::Read { file: path.clone(), reason })?;
        let found = pairs.rows.first().map(|(left, _)| text::read(left).script());
        let turn = first.is_some() && found != first;
        all = all.and(if turn { pairs.turned() } else { pairs });
    }
    Ok(all)
}

/// The most times that one spelling of a syllable is counted: what everybody writes is not that much surer.
const MAX_COUNT: usize = 40;

/// Pairs of syllables: those of one table, or the second columns of two whose first columns agree.
fn syllables(tables: &[String]) -> Pairs {
    let rows = |name: &String| -> Vec<(&'static str, &'static str, usize)> {
        let Some(table) = tables::table(&format!("evaluation/data/syllables-{name}.tsv")) else { return Vec::new() };
        let place = |column: &str| table.column(column).unwrap_or_default();
        let (count, spelling) = (place("count"), table.columns.iter().position(|c| matches!(*c, "latin" | "cyrillic")));
        let spelling = spelling.unwrap_or_default();
        let row = |cells: &&'static [&'static str]| (cells[0], cells[spelling], cells[count].parse().unwrap_or(0));
        table.rows.iter().map(|(_, cells)| row(cells)).collect()
    };
    let mut pairs =
        Pairs { sources: tables.iter().map(|name| format!("syllables-{name}")).collect(), rows: Vec::new() };
    let mut add = |from: &str, to: &str, count: usize| {
        let pair = (from.to_owned(), to.to_owned());
        pairs.rows.extend(std::iter::repeat_n(pair, 1 + count.min(MAX_COUNT)));
    };
    match tables {
        [one] => rows(one).into_iter().for_each(|(from, to, count)| add(from, to, count)),
        [one, other] => {
            let others = rows(other);
            for (syllable, from, count) in rows(one) {
                for (_, to, other_count) in others.iter().filter(|(other, ..)| *other == syllable) {
                    add(from, to, count.min(*other_count));
                }
            }
        }
        _ => {}
    }
    pairs
}
