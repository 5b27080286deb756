use super::{Query, QueryError};
use crate::names::{self, Hints, Name};
use crate::retrieval::Cut;
use crate::score::Facts;
use crate::text::{self, Script};

/// The most readings of one queried name that are searched.
pub(super) const MAX_READINGS: usize = 6;
/// Parts of a queried name beyond this many do not count: hardly a name has so many, and the work grows with them.
const MAX_PARTS: usize = 64;

impl Query {
    /// Checks what any caller may get wrong.
    pub fn validate(&self) -> Result<(), QueryError> {
        if self.names.is_empty() && self.identifiers.is_empty() {
            return Err(QueryError::Empty);
        }
        if self.names.len() > Query::MAX_NAMES {
            return Err(QueryError::ManyNames { count: self.names.len(), limit: Query::MAX_NAMES });
        }
        for (index, name) in self.names.iter().enumerate() {
            if !name.text.chars().any(char::is_alphanumeric) {
                return Err(QueryError::EmptyName(index));
            }
            let length = crate::text::length_after_normalisation(&name.text);
            if length > Query::MAX_NAME_CHARACTERS {
                return Err(QueryError::LongName { index, length, limit: Query::MAX_NAME_CHARACTERS });
            }
        }
        Ok(())
    }

    /// The readings of each name, and what was cut of them; an empty list for a query of identifiers alone.
    pub(super) fn readings(&self) -> Vec<(Vec<Name>, Option<Cut>)> {
        if self.names.is_empty() {
            return vec![(Vec::new(), None)];
        }
        let country = self.countries.first().cloned().unwrap_or_default();
        let read = |name: &super::QueryName| {
            let hints = Hints { kind: self.kind, language: name.language.clone(), country: country.clone() };
            let mut readings = names::analyse(&name.text, &hints).readings;
            readings.truncate(MAX_READINGS);
            let long = readings.iter().any(|reading| reading.parts.len() > MAX_PARTS);
            readings.iter_mut().for_each(|reading| reading.parts.truncate(MAX_PARTS));
            (readings, long.then(|| Cut::telling("parts of one name")))
        };
        self.names.iter().map(read).collect()
    }

    /// The script of one of its names: what the caller says, or that of most letters.
    pub(super) fn script(&self, place: usize) -> Script {
        let read = |name: &super::QueryName| name.script.unwrap_or_else(|| text::read(&name.text).script());
        self.names.get(place).map_or(Script::Other, read)
    }

    /// What the query knows beside names.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            kind: self.kind,
            birth_dates: self.birth_dates.clone(),
            countries: self.countries.clone(),
            gender: self.gender,
            identifiers: self.identifiers.clone(),
        }
    }
}
