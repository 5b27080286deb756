//! What the index keeps for the resolver and never looks into: the analysed names and the facts of a record.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::index::{Index, NameView, TermInput};
use crate::model::{EntityId, Gender, Identifier, IdentifierType, Kind, NameQuality, PartialDate, Record, RecordId};
use crate::names::{Name, NamePart, codec};
use crate::retrieval::lanes;
use crate::score::Facts;
use crate::text::Symbols;

/// The most readings of one name that are kept.
pub const MAX_READINGS: usize = 3;

/// What is kept of a record beside its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPayload {
    /// What is known beside the names.
    pub facts: Facts,
}

/// How many bytes of an entity are kept: its id has 55 bits.
const ENTITY: usize = 7;

/// The first byte: the kind, and some of these.
const KIND: u8 = 0x0F;
/// The id that the record founded was minted at the first attempt: it follows from the id of the record, and is not kept.
const FOUNDED: u8 = 0x40;
/// The facts follow.
const FACTS: u8 = 0x10;
/// Two letters of a country follow, and nothing else is known.
const COUNTRY: u8 = 0x20;

/// The facts. Every field is always there: the form has no names by which to tell what is left out.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    /// Year, month, day, circa.
    birth_dates: Vec<(u16, u8, u8, bool)>,
    #[serde(borrow)]
    countries: Vec<&'a str>,
    gender: Option<Gender>,
    /// Type, value, country.
    #[serde(borrow)]
    identifiers: Vec<(u8, &'a str, &'a str)>,
}

/// Appends the bytes that the index keeps of a record: the kind and what follows, the founded id as a little-endian number
/// unless it follows from the id of the record, the rest.
pub fn encode_record(record: &Record, entity: EntityId, bytes: &mut Vec<u8>) -> Result<(), postcard::Error> {
    let head = bytes.len();
    bytes.push(record.kind.code() & KIND);
    if entity == EntityId::mint(&record.id, 0) {
        bytes[head] |= FOUNDED;
    } else {
        bytes.extend(&entity.to_u64().to_le_bytes()[..ENTITY]);
    }
    let bare = record.birth_dates.is_empty() && record.gender.is_none() && record.identifiers.is_empty();
    match &record.countries[..] {
        [] if bare => {}
        [country] if bare && country.len() == 2 => {
            bytes[head] |= COUNTRY;
            bytes.extend_from_slice(country.as_bytes());
        }
        countries => {
            bytes[head] |= FACTS;
            let dates = record.birth_dates.iter();
            let identifiers = record.identifiers.iter();
            let written = Written {
                birth_dates: dates.map(|date| (date.year, date.month, date.day, date.approximate)).collect(),
                countries: countries.iter().map(String::as_str).collect(),
                gender: record.gender,
                identifiers: identifiers.map(|own| (own.kind.code(), &own.value[..], &own.country[..])).collect(),
            };
            bytes.extend(postcard::to_stdvec(&written)?);
        }
    }
    Ok(())
}

impl RecordPayload {
    /// The payload of some bytes; `None` for bytes that [`encode_record`] did not write.
    pub fn decode(bytes: &[u8]) -> Option<RecordPayload> {
        let (_, rest) = split(bytes)?;
        let head = *bytes.first()?;
        let mut facts = Facts { kind: Kind::from_code(head & KIND)?, ..Facts::default() };
        if head & COUNTRY != 0 {
            facts.countries.push(std::str::from_utf8(rest).ok()?.to_owned());
        }
        if head & FACTS != 0 {
            let written: Written = postcard::from_bytes(rest).ok()?;
            let dates = written.birth_dates.into_iter().map(|(year, month, day, circa)| {
                let date = PartialDate::new(year.into(), month.into(), day.into()).ok()?;
                Some(if circa { date.circa() } else { date })
            });
            let identifiers = written.identifiers.into_iter().map(|(kind, value, country)| {
                let (value, country) = (value.to_owned(), country.to_owned());
                Some(Identifier { kind: IdentifierType::from_code(kind)?, value, country })
            });
            facts = Facts {
                kind: facts.kind,
                birth_dates: dates.collect::<Option<_>>()?,
                countries: written.countries.into_iter().map(str::to_owned).collect(),
                gender: written.gender,
                identifiers: identifiers.collect::<Option<_>>()?,
            };
        }
        Some(RecordPayload { facts })
    }

    /// The kind alone, without reading the rest.
    pub fn kind(bytes: &[u8]) -> Kind {
        bytes.first().and_then(|head| Kind::from_code(head & KIND)).unwrap_or_default()
    }

    /// The id that the record founded, without reading the rest. `id` gives the id of
    /// the record.
    pub fn entity(bytes: &[u8], id: impl FnOnce() -> Option<RecordId>) -> Option<EntityId> {
        match split(bytes)?.0 {
            Some(number) => EntityId::from_u64(number),
            None => Some(EntityId::mint(&id()?, 0)),
        }
    }
}

/// The number of the entity, where it is kept, and what stands behind it.
fn split(bytes: &[u8]) -> Option<(Option<u64>, &[u8])> {
    let (head, rest) = bytes.split_first()?;
    if head & FOUNDED != 0 {
        return Some((None, rest));
    }
    let (own, rest) = rest.split_at_checked(ENTITY)?;
    let mut number = [0; 8];
    number[..ENTITY].copy_from_slice(own);
    Some((Some(u64::from_le_bytes(number)), rest))
}

/// Appends the bytes that the index keeps of a name: its quality, and up to [`MAX_READINGS`] readings. Words that the name is
/// found by are not among them: of `terms` those come to the front that the bytes refer to; their number is returned.
pub fn encode_name(quality: NameQuality, readings: &[Name], terms: &mut [TermInput], bytes: &mut Vec<u8>) -> usize {
    let readings = &readings[..readings.len().min(MAX_READINGS)];
    let mut words = 0;
    let mut places: SmallVec<[Option<usize>; 16]> = SmallVec::new();
    for part in readings.iter().flat_map(|reading| &reading.parts) {
        let mut kept = place(part, terms);
        if let Some(place) = kept.filter(|place| *place >= words) {
            terms[words..=place].rotate_right(1);
            kept = Some(words);
            words += 1;
        }
        places.push(kept);
    }
    bytes.push(quality.code());
    let mut rest = &places[..];
    for reading in readings {
        let (own, others) = rest.split_at(reading.parts.len());
        let mut own = own.iter().copied();
        codec::encode(reading, &mut |_| own.next().flatten(), bytes);
        rest = others;
    }
    words
}

/// Where the word of a part stands among terms.
fn place(part: &NamePart, terms: &[TermInput]) -> Option<usize> {
    terms.iter().position(|term| term.lane == lanes::of_script(part.script) && term.key[..] == part.symbols[..])
}

/// How many parts the likeliest reading has, without reading it: up to 127, and 1 for bytes that have none.
pub fn part_count(bytes: &[u8]) -> usize {
    codec::part_count(bytes.get(1..).unwrap_or_default()).clamp(1, 127)
}

/// The quality and the readings of a stored name; damaged bytes give the readings in front of the damage.
pub fn decode_name(index: &Index, name: &NameView<'_>) -> (NameQuality, Vec<Name>) {
    let mut symbols = Vec::new();
    let words = name.words.clone().map(|word| {
        symbols.clear();
        index.spell(word, &mut symbols);
        Symbols::from(&symbols[..])
    });
    decode_readings(name.payload, &words.collect::<Vec<_>>())
}

fn decode_readings(bytes: &[u8], words: &[Symbols]) -> (NameQuality, Vec<Name>) {
    let quality = bytes.first().and_then(|code| NameQuality::from_code(*code)).unwrap_or_default();
    let mut readings = Vec::new();
    let mut rest = bytes.get(1..).unwrap_or_default();
    while let Some(reading) = codec::decode(&mut rest, words) {
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
        round_trips(&record);
        let mut record = Record::new(record.id, Kind::Person, "Kim");
        round_trips(&record);
        for country in ["KP", "RU", "", "Soviet Union"] {
            record.countries = vec![country.to_owned()];
            round_trips(&record);
        }
        record.countries.push("CN".to_owned());
        round_trips(&record);
    }

    fn round_trips(record: &Record) {
        let other = "test:2".parse().unwrap();
        for entity in [EntityId::mint(&record.id, 0), EntityId::mint(&record.id, 1), EntityId::mint(&other, 0)] {
            let mut bytes = Vec::new();
            encode_record(record, entity, &mut bytes).unwrap();
            assert_eq!(RecordPayload::kind(&bytes), record.kind);
            assert_eq!(RecordPayload::entity(&bytes, || Some(record.id.clone())), Some(entity));
            let facts = RecordPayload::decode(&bytes).unwrap().facts;
            assert_eq!((facts.kind, facts.birth_dates), (record.kind, record.birth_dates.clone()));
            assert_eq!((facts.countries, facts.gender), (record.countries.clone(), record.gender));
            assert_eq!(facts.identifiers, record.identifiers);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>) {
            RecordPayload::decode(&bytes);
            decode_readings(&bytes, &[Symbols::from(&b"kim"[..])]);
        }
    }
}
