//! Measuring: tasks with truth, recall and rank of what is found.
//!
//! A task is a folder with an `index.tsv` to search and `queries.tsv` with the expected ids, or `pairs.tsv` with
//! labels. [`run()`] answers it with the same code that serves and writes what came out.

mod measure;
mod run;
mod task;
mod train;

pub use measure::{PairMeasures, RetrievalMeasures, peak_memory};
pub use run::{Outcome, RunError, run};
pub use task::{IndexRow, PairRow, QueryRow, Task, TaskError};
pub use train::{Recipe, TrainError, recipes, train_table};
