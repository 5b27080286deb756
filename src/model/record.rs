use serde::{Deserialize, Serialize};

use super::{DatasetName, Gender, Identifier, Kind, PartialDate, RecordId};

/// How good a name is, as its publisher says. The order is from best to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameQuality {
    /// The primary name of the record.
    Primary,
    /// A good alias, a former name or a name in the original script.
    #[default]
    Strong,
    /// A weak or low-quality alias, a nickname, an acronym.
    Weak,
}

impl NameQuality {
    /// The stable code used in files, 0 to 2.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The quality of a code; `None` for codes that no version has written.
    pub fn from_code(code: u8) -> Option<NameQuality> {
        [NameQuality::Primary, NameQuality::Strong, NameQuality::Weak].get(usize::from(code)).copied()
    }
}

/// A name of a record, as published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordName {
    /// The name, not empty.
    pub text: String,
    /// How good it is.
    #[serde(default)]
    pub quality: NameQuality,
    /// BCP 47 tag of its language; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
}

/// A link from a record to another party.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// The link's word as published ("Linked To").
    pub relation: String,
    /// The other party's name as published.
    pub name: String,
    /// The other party's record, where it could be found within the dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
}

/// One row as a list published it. Lists keep the order of publication; empty means "not known".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Dataset and the publisher's own id.
    pub id: RecordId,
    /// What sort of party it is about.
    pub kind: Kind,
    /// All names, the primary one first; never empty in a valid record.
    pub names: Vec<RecordName>,
    /// Birth dates of a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub birth_dates: Vec<PartialDate>,
    /// Places of birth as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub birth_places: Vec<String>,
    /// ISO 3166-1 alpha-2 codes in capitals, sorted, without repetition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// Addresses as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Identifiers with their types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Gender of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Sanctions programmes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Links to other parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Titles and positions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<String>,
    /// Remarks that no other field took.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remarks: String,
}

/// Why a record is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No name at all.
    #[error("names: a record needs at least one name")]
    NoName,
    /// A name without a letter or digit.
    #[error("names[{0}]: the name has no letter or digit")]
    EmptyName(usize),
    /// A name over the limit.
    #[error("names[{index}]: the name has {length} characters, the limit is {limit}")]
    LongName {
        /// Which name.
        index: usize,
        /// Its length in characters.
        length: usize,
        /// The limit in characters.
        limit: usize,
    },
    /// More names than are indexed of one record.
    #[error("names: {count} names, the limit is {limit}")]
    ManyNames {
        /// How many names it has.
        count: usize,
        /// The limit.
        limit: usize,
    },
}

impl Record {
    /// The longest name that is taken, in characters.
    pub const MAX_NAME_CHARACTERS: usize = 1024;
    /// The most names of one record.
    pub const MAX_NAMES: usize = 10_000;

    /// A record with nothing but an id, a kind and a primary name.
    pub fn new(id: RecordId, kind: Kind, name: impl Into<String>) -> Record {
        let name = RecordName { text: name.into(), quality: NameQuality::Primary, language: String::new() };
        Record {
            id,
            kind,
            names: vec![name],
            birth_dates: Vec::new(),
            birth_places: Vec::new(),
            countries: Vec::new(),
            addresses: Vec::new(),
            identifiers: Vec::new(),
            gender: None,
            programs: Vec::new(),
            relations: Vec::new(),
            positions: Vec::new(),
            remarks: String::new(),
        }
    }

    /// The dataset it belongs to.
    pub fn dataset(&self) -> DatasetName {
        self.id.dataset()
    }

    /// The name to show for it; empty only in a record that [`Record::validate`] refuses.
    pub fn caption(&self) -> &str {
        self.names.first().map_or("", |name| name.text.as_str())
    }

    /// Checks what every source must give: names that are there, that say something and that are not too long.
    pub fn validate(&self) -> Result<(), RecordError> {
        if self.names.is_empty() {
            return Err(RecordError::NoName);
        }
        if self.names.len() > Record::MAX_NAMES {
            return Err(RecordError::ManyNames { count: self.names.len(), limit: Record::MAX_NAMES });
        }
        for (index, name) in self.names.iter().enumerate() {
            if !name.text.chars().any(char::is_alphanumeric) {
                return Err(RecordError::EmptyName(index));
            }
            let length = name.text.chars().count();
            if length > Record::MAX_NAME_CHARACTERS {
                return Err(RecordError::LongName { index, length, limit: Record::MAX_NAME_CHARACTERS });
            }
        }
        Ok(())
    }

    /// Brings the record into its one canonical form: names and values trimmed, repetitions dropped, sets sorted.
    /// Names keep their order; of equal names the first stays.
    pub fn canonicalize(&mut self) {
        let mut seen = std::collections::HashSet::new();
        for name in &mut self.names {
            name.text = name.text.trim().to_owned();
        }
        self.names.retain(|name| !name.text.is_empty() && seen.insert(name.text.clone()));
        for country in &mut self.countries {
            country.make_ascii_uppercase();
        }
        sort_unique(&mut self.countries);
        sort_unique(&mut self.identifiers);
        sort_unique(&mut self.birth_dates);
        sort_unique(&mut self.programs);
    }
}

fn sort_unique<T: Ord>(values: &mut Vec<T>) {
    values.sort();
    values.dedup();
}
