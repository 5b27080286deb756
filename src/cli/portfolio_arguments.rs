use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `exonym portfolio`.
#[derive(Debug, Args)]
#[command(after_help = "\
A portfolio holds names of your own. Put them once; whenever what serves changes, they are screened anew, and `watch`
tells what changed for them: one line an alert, with its number, what happened (new, lost, changed), the subject, the
entity, its probability and name, and the version that it was found in. What was there when a subject was put is no news.

A file has one name a line, or a table whose header names its columns (name; id, kind, country, birth_date, gender, as in
exonym resolve --input). Ids are yours: put the id again to replace a subject. Without ids a subject is called by the
number of its line.

Examples:
  exonym portfolio put customers.csv
  exonym portfolio list
  exonym portfolio watch --from-beginning
  exonym portfolio watch --resume alert-17      goes on behind what was seen
  exonym portfolio remove c-1001 c-1002")]
pub struct PortfolioArguments {
    /// Server that keeps the portfolio
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50051", global = true)]
    pub server: String,
    /// What to do
    #[command(subcommand)]
    pub action: PortfolioAction,
}

/// What `exonym portfolio` does.
#[derive(Debug, Subcommand)]
pub enum PortfolioAction {
    /// Add or replace the subjects of a file, and show their hits as of now
    Put {
        /// File of names, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the subjects with their hits
    List,
    /// Remove subjects
    Remove {
        /// Their ids
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Tell what changes for the subjects, until it is stopped; standard error tells where to resume
    Watch {
        /// Go on behind an alert that was seen
        #[arg(long, value_name = "TOKEN", conflicts_with = "from_beginning")]
        resume: Option<String>,
        /// Begin with the first alert that is kept
        #[arg(long)]
        from_beginning: bool,
        /// Stop after so many alerts
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
    },
}
