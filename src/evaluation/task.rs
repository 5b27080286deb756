use std::fs;
use std::path::{Path, PathBuf};

use crate::model::Kind;

/// A name of the index of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    /// The entity's id; several rows may share it.
    pub entity: String,
    /// What it is.
    pub kind: Kind,
    /// One of its names.
    pub name: String,
}

/// A query with the ids of which any is right; none means that nothing should match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRow {
    /// The query's id.
    pub id: String,
    /// What is asked for.
    pub kind: Kind,
    /// The name.
    pub text: String,
    /// Entities of which any is right.
    pub expected: Vec<String>,
}

/// Two names and whether they are one party's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// The pair's id.
    pub id: String,
    /// What both are.
    pub kind: Kind,
    /// One name.
    pub left: String,
    /// The other name.
    pub right: String,
    /// True if they are one party's.
    pub same: bool,
}

/// A task: names to find and names to find them by, or pairs to judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// The folder's name.
    pub name: String,
    /// The index; empty for tasks of pairs.
    pub index: Vec<IndexRow>,
    /// The queries; empty for tasks of pairs.
    pub queries: Vec<QueryRow>,
    /// The pairs; empty for tasks of queries.
    pub pairs: Vec<PairRow>,
}

/// Why a task could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// The folder has neither queries nor pairs.
    #[error("{0} has neither queries.tsv with an index.tsv nor pairs.tsv")]
    NoTask(PathBuf),
    /// A file could not be read.
    #[error("{file}: {reason}")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// A row does not have the form of the file.
    #[error("{file}:{line}: {reason}")]
    Row {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

impl Task {
    /// Reads the task of a folder.
    pub fn read(folder: &Path) -> Result<Task, TaskError> {
        let name = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        let name = name.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut task = Task { name, ..Task::default() };
        let (index, queries, pairs) = (folder.join("index.tsv"), folder.join("queries.tsv"), folder.join("pairs.tsv"));
        if pairs.exists() {
            task.pairs = rows(&pairs, 5, |cells| {
                let same = match cells[4] {
                    "1" => true,
                    "0" => false,
                    label => return Err(format!("label {label:?} is neither 0 nor 1")),
                };
                let (left, right) = (cells[2].to_owned(), cells[3].to_owned());
                Ok(PairRow { id: cells[0].to_owned(), kind: cells[1].parse()?, left, right, same })
            })?;
        } else if index.exists() && queries.exists() {
            task.index = rows(&index, 3, |cells| {
                Ok(IndexRow { entity: cells[0].to_owned(), kind: cells[1].parse()?, name: cells[2].to_owned() })
            })?;
            task.queries = rows(&queries, 4, |cells| {
                let expected = match cells[3] {
                    "NONE" => Vec::new(),
                    ids => ids.split('|').map(str::to_owned).collect(),
                };
                Ok(QueryRow { id: cells[0].to_owned(), kind: cells[1].parse()?, text: cells[2].to_owned(), expected })
            })?;
        } else {
            return Err(TaskError::NoTask(folder.to_path_buf()));
        }
        Ok(task)
    }

    /// Keeps about `size` queries and pairs, spread evenly over the task; all of them if there are fewer. The index
    /// stays whole.
    pub fn sample(&mut self, size: usize) {
        thin(&mut self.queries, size);
        thin(&mut self.pairs, size);
    }
}

fn thin<T>(rows: &mut Vec<T>, size: usize) {
    let count = rows.len();
    let mut place = 0;
    // Kept where the running share of rows passes a whole number.
    rows.retain(|_| {
        place += 1;
        size >= count || place * size / count > (place - 1) * size / count
    });
}

fn rows<T>(file: &Path, columns: usize, read: impl Fn(&[&str]) -> Result<T, String>) -> Result<Vec<T>, TaskError> {
    let text = fs::read_to_string(file).map_err(|reason| TaskError::Read { file: file.to_path_buf(), reason })?;
    let mut rows = Vec::new();
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let error = |reason| TaskError::Row { file: file.to_path_buf(), line: place + 1, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() < columns {
            return Err(error(format!("{} cells, expected {columns}", cells.len())));
        }
        rows.push(read(&cells).map_err(error)?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_row_is_named_by_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.tsv"), "a\tperson\tKim\nb\tghost\tLee\n").unwrap();
        fs::write(folder.path().join("queries.tsv"), "1\tperson\t김\tNONE\n").unwrap();
        let error = Task::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("index.tsv:2: unknown kind \"ghost\""), "{error}");
        fs::write(folder.path().join("index.tsv"), "a\tperson\n").unwrap();
        let error = Task::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("index.tsv:1: 2 cells, expected 3"), "{error}");
        assert!(matches!(Task::read(&folder.path().join("x")), Err(TaskError::NoTask(_))));
    }
}
