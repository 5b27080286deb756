use std::path::PathBuf;

use crate::registry::RegistryError;
use crate::resolver::QueryError;
use crate::resolver::indexer::BuildError;

/// Why a portfolio could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ScreeningError {
    /// The database failed.
    #[error("{}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
    /// The file is one of another program or of a newer version.
    #[error("{}: not a portfolio that this version can read", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A row says what this version cannot follow.
    #[error("{}: {what}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which row.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More subjects than a portfolio has.
    #[error("the portfolio would have {count} subjects, the limit is {limit}")]
    Full {
        /// How many there would be.
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// A subject whose query was refused.
    #[error("subjects[{place}]: {source}")]
    Query {
        /// Which one.
        place: usize,
        /// Why.
        source: QueryError,
    },
    /// The subjects' own names could not be indexed.
    #[error(transparent)]
    Index(#[from] BuildError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}
