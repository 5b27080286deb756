use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `exonym train`.
#[derive(Debug, Args)]
pub struct TrainArguments {
    /// What to learn
    #[command(subcommand)]
    pub what: Training,
}

/// What can be learned.
#[derive(Debug, Subcommand)]
pub enum Training {
    /// Learn how letters of one script stand for letters of another
    Correspondences(CorrespondenceArguments),
    /// Learn what the parts of a name weigh that are missing, or stand against each other
    Weights(WeightArguments),
    /// Learn what scores mean: the probabilities that answers carry
    Calibration(CalibrationArguments),
}

/// Tasks to learn from, and where what was learned is put.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// Folders of tasks, with queries or with pairs
    #[arg(required = true, value_name = "TASK_DIR")]
    pub tasks: Vec<PathBuf>,
    /// File for the table
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Ask at most so many queries of each task, spread evenly over it
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub sample: usize,
    /// Threads that ask; as many as there are cores unless given
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// `exonym train weights`.
#[derive(Debug, Args)]
#[command(after_help = "\
The tasks are answered with the weights in force, a part of the parties taken out of the index; weights are changed so
that the right candidate stands before the others and the best one is as probable as it is right, on one half of the
queries. They are held to what was set by hand, and stay so where no task speaks of them. The same tasks give the same
table, byte for byte. Build anew to put it in force, and learn the calibration again; the next round starts from there.

Example:
  exonym train weights tasks/* --output src/score/data/weights.tsv")]
pub struct WeightArguments {
    /// What is learned from
    #[command(flatten)]
    pub answers: AnswerArguments,
}

/// `exonym train calibration`.
#[derive(Debug, Args)]
#[command(after_help = "\
A part of the parties is taken out of the index first, so that the model learns what scores look like where nothing is
to be found. It is fitted to one half of the queries; how well it holds on the other half is printed. What two given
parties are is learned from tasks of pairs, and from queries beside what they matched best. The same tasks give the
same table, byte for byte. Build anew to put it in force.

Example:
  exonym train calibration tasks/* --output src/score/data/calibration.tsv")]
pub struct CalibrationArguments {
    /// What is learned from
    #[command(flatten)]
    pub answers: AnswerArguments,
    /// File for the samples that it is fitted to
    #[arg(long, value_name = "FILE")]
    pub samples: Option<PathBuf>,
}

/// `exonym train correspondences`.
#[derive(Debug, Args)]
#[command(after_help = "\
The folder holds files of pairs: a spelling, a name and a kind, separated by tabs. The same pairs give the same
tables, byte for byte.

Example:
  exonym train correspondences --pairs pairs --output src/correspondence/data")]
pub struct CorrespondenceArguments {
    /// Folder of the files of pairs
    #[arg(long, value_name = "DIR")]
    pub pairs: PathBuf,
    /// Folder for the tables
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
    /// Learn only this table (hang-latn)
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
}
