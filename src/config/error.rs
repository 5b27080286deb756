use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `config.default.toml`.
    Default,
    /// A line of the operator's file, from 1.
    File(PathBuf, usize),
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("the default settings"),
            Origin::File(path, line) => write!(f, "{}:{line}", path.display()),
            Origin::Variable(name) | Origin::Flag(name) => f.write_str(name),
        }
    }
}

/// Why the settings cannot be used: one sentence that says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("{origin}: {problem}")]
    Syntax {
        /// Where.
        origin: Origin,
        /// What is wrong.
        problem: String,
    },
    /// There is no such setting.
    #[error("unknown {what} `{name}` in {origin}: {hint}")]
    Unknown {
        /// "key" or "section".
        what: &'static str,
        /// Its name.
        name: String,
        /// Where.
        origin: Origin,
        /// The nearest name there is, or where the names are listed.
        hint: String,
    },
    /// A value that the setting cannot have.
    #[error("`{key}` in {origin} {problem}")]
    Value {
        /// The setting.
        key: String,
        /// Where.
        origin: Origin,
        /// What is wrong, to be read after the setting's name.
        problem: String,
    },
}
