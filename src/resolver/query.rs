use crate::model::{DatasetName, Gender, Identifier, Kind, PartialDate};
use crate::text::Script;

/// A name as somebody asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryName {
    /// The name.
    pub text: String,
    /// Its script, where the caller knows it.
    pub script: Option<Script>,
    /// BCP 47 tag of its language; empty where it is not known.
    pub language: String,
}

/// The party to look for: what the caller knows of it. Empty means "not known".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Its names: alternatives, of which the best one counts.
    pub names: Vec<QueryName>,
    /// Its kind.
    pub kind: Kind,
    /// Its birth dates.
    pub birth_dates: Vec<PartialDate>,
    /// ISO 3166-1 alpha-2 codes in capitals.
    pub countries: Vec<String>,
    /// Its identifiers.
    pub identifiers: Vec<Identifier>,
    /// Its gender.
    pub gender: Option<Gender>,
}

/// Which part of the index to search. Empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Names of datasets.
    pub datasets: Vec<DatasetName>,
    /// Kinds.
    pub kinds: Vec<Kind>,
}

/// How much of the reasoning to return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// None.
    None,
    /// One piece of evidence per aligned part.
    #[default]
    Summary,
    /// Also the spelling of each part, letter by letter.
    Full,
}

/// How to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The most candidates, 1 to 100.
    pub limit: usize,
    /// Candidates with a lower probability are left out, 0 to 1.
    pub min_probability: f64,
    /// How much of the reasoning to return.
    pub detail: Detail,
    /// How likely it is, before any name is compared, that the party is on the list: above 0, below 1. `None` means
    /// as likely as not.
    pub prior: Option<f64>,
    /// How many times the usual bounds on work apply, 1 to [`Options::MAX_WORK`]: for a query whose answer is incomplete.
    pub work: u32,
}

impl Options {
    /// The most that [`Options::work`] may be.
    pub const MAX_WORK: u32 = 50;
}

impl Default for Options {
    fn default() -> Self {
        Options { limit: 10, min_probability: 0.0, detail: Detail::Summary, prior: None, work: 1 }
    }
}

/// Why a query was refused. The field is the path in the query, as in `names[0].text`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Neither a name nor an identifier.
    #[error("names: a query needs a name or an identifier")]
    Empty,
    /// More names than a query may have.
    #[error("names: {count} names, the limit is {limit}")]
    ManyNames {
        /// How many it has.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A name without a letter or digit.
    #[error("names[{0}].text: the name has no letter or digit")]
    EmptyName(usize),
    /// A name over the limit.
    #[error("names[{index}].text: the name has {length} characters, the limit is {limit}")]
    LongName {
        /// Which name.
        index: usize,
        /// Its length in characters after normalisation.
        length: usize,
        /// The limit.
        limit: usize,
    },
}

impl QueryError {
    /// The path of the field that is wrong, as in `names[0].text`.
    pub fn field(&self) -> String {
        match self {
            QueryError::Empty | QueryError::ManyNames { .. } => "names".to_owned(),
            QueryError::EmptyName(index) | QueryError::LongName { index, .. } => format!("names[{index}].text"),
        }
    }
}

impl Query {
    /// The most names of one query.
    pub const MAX_NAMES: usize = 16;
    /// The longest name, in characters after normalisation.
    pub const MAX_NAME_CHARACTERS: usize = 1024;

    /// A query for one name of any kind.
    pub fn of_name(text: impl Into<String>) -> Query {
        let name = QueryName { text: text.into(), ..QueryName::default() };
        Query { names: vec![name], ..Query::default() }
    }
}
