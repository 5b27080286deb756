//! What the index keeps for the resolver and never looks into: the analysed names and the facts of a record.

use serde::{Deserialize, Serialize};

use crate::model::{EntityId, Gender, Identifier, IdentifierType, Kind, NameQuality, PartialDate, Record};
use crate::names::{Name, codec};
use crate::score::Facts;

/// The most readings of one name that are kept.
pub const MAX_READINGS: usize = 3;

/// What is kept of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPayload {
    /// The id that the record founded; where it leads is asked when it is read.
    entity: u64,
    /// The name to show.
    pub caption: String,
    /// What is known beside the names.
    pub facts: Facts,
}

/// Where the part of a payload begins that has to be decoded: behind the kind and the entity.
const HEAD: usize = 9;

/// What of a payload has to be decoded. Every field is always there: the form has no names by which to tell what is
/// left out.
#[derive(Serialize, Deserialize)]
struct Written {
    caption: String,
    kind: u8,
    /// Year, month, day, circa.
    birth_dates: Vec<(u16, u8, u8, bool)>,
    countries: Vec<String>,
    gender: Option<Gender>,
    /// Type, value, country.
    identifiers: Vec<(u8, String, String)>,
}

impl RecordPayload {
    /// What to keep of a record.
    pub fn of(record: &Record, entity: EntityId) -> RecordPayload {
        let facts = Facts {
            kind: record.kind,
            birth_dates: record.birth_dates.clone(),
            countries: record.countries.clone(),
            gender: record.gender,
            identifiers: record.identifiers.clone(),
        };
        RecordPayload { entity: entity.to_u64(), caption: record.caption().to_owned(), facts }
    }

    /// The bytes that the index keeps: the kind, the entity as a little-endian number, the rest.
    pub fn encode(&self) -> Result<Vec<u8>, postcard::Error> {
        let facts = self.facts.clone();
        let dates = facts.birth_dates.iter().map(|date| (date.year, date.month, date.day, date.approximate));
        let identifiers = facts.identifiers.into_iter().map(|own| (own.kind.code(), own.value, own.country));
        let written = Written {
            caption: self.caption.clone(),
            kind: facts.kind.code(),
            birth_dates: dates.collect(),
            countries: facts.countries,
            gender: facts.gender,
            identifiers: identifiers.collect(),
        };
        let mut bytes = vec![written.kind];
        bytes.extend(self.entity.to_le_bytes());
        bytes.extend(postcard::to_stdvec(&written)?);
        Ok(bytes)
    }

    /// The payload of some bytes; `None` for bytes that [`RecordPayload::encode`] did not write.
    pub fn decode(bytes: &[u8]) -> Option<RecordPayload> {
        let written: Written = postcard::from_bytes(bytes.get(HEAD..)?).ok()?;
        let dates = written.birth_dates.into_iter().map(|(year, month, day, circa)| {
            let date = PartialDate::new(year.into(), month.into(), day.into()).ok()?;
            Some(if circa { date.circa() } else { date })
        });
        let identifiers = written
            .identifiers
            .into_iter()
            .map(|(kind, value, country)| Some(Identifier { kind: IdentifierType::from_code(kind)?, value, country }));
        let facts = Facts {
            kind: Kind::from_code(written.kind)?,
            birth_dates: dates.collect::<Option<_>>()?,
            countries: written.countries,
            gender: written.gender,
            identifiers: identifiers.collect::<Option<_>>()?,
        };
        Some(RecordPayload { entity: entity_number(bytes)?, caption: written.caption, facts })
    }

    /// The kind alone, without reading the rest.
    pub fn kind(bytes: &[u8]) -> Kind {
        bytes.first().and_then(|code| Kind::from_code(*code)).unwrap_or_default()
    }

    /// The id that the record founded, without reading the rest.
    pub fn entity(bytes: &[u8]) -> Option<EntityId> {
        EntityId::from_u64(entity_number(bytes)?)
    }
}

fn entity_number(bytes: &[u8]) -> Option<u64> {
    bytes.get(1..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// The bytes that the index keeps of a name: its quality, and up to [`MAX_READINGS`] readings.
pub fn encode_name(quality: NameQuality, readings: &[Name]) -> Vec<u8> {
    let mut bytes = vec![quality.code()];
    readings.iter().take(MAX_READINGS).for_each(|reading| codec::encode(reading, &mut bytes));
    bytes
}

/// How many parts the likeliest reading has, without reading it: up to 127, and 1 for bytes that have none.
pub fn part_count(bytes: &[u8]) -> usize {
    codec::part_count(bytes.get(1..).unwrap_or_default()).clamp(1, 127)
}

/// The quality and the readings of some bytes; damaged bytes give the readings in front of the damage.
pub fn decode_name(bytes: &[u8]) -> (NameQuality, Vec<Name>) {
    let quality = bytes.first().and_then(|code| NameQuality::from_code(*code)).unwrap_or_default();
    let mut readings = Vec::new();
    let mut rest = bytes.get(1..).unwrap_or_default();
    while let Some(reading) = codec::decode(&mut rest) {
        readings.push(reading);
    }
    (quality, readings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_round_trips_with_its_kind_in_front() {
        let id = "test:1".parse().unwrap();
        let mut record = Record::new(id, Kind::Vessel, "Chong Chon Gang");
        record.birth_dates = vec!["1984-01".parse().unwrap(), "~1970".parse().unwrap()];
        record.gender = Some(Gender::Female);
        for country in ["", "KP"] {
            let (kind, value) = (IdentifierType::Imo, "7937317".to_owned());
            record.identifiers.push(Identifier { kind, value, country: country.to_owned() });
        }
        let payload = RecordPayload::of(&record, EntityId::mint(&record.id, 0));
        let bytes = payload.encode().unwrap();
        assert_eq!(RecordPayload::kind(&bytes), Kind::Vessel);
        assert_eq!(RecordPayload::entity(&bytes), Some(EntityId::mint(&record.id, 0)));
        assert_eq!(RecordPayload::decode(&bytes), Some(payload));
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>) {
            RecordPayload::decode(&bytes);
            decode_name(&bytes);
        }
    }
}
