use super::FieldError;
use super::enums::{
    gender_from, identifier_type_message, kind_from, kind_message, quality_from, quality_message, script_message,
};
use super::query::{all, country_from, date_from, identifier_from};
use crate::model::{DatasetName, Entity, Record, RecordId, RecordName, Relation};
use crate::proto::v1;
use crate::registry::Dataset;
use crate::text;

/// The record of a message, canonical and checked. It must belong to `dataset`.
pub fn record_from(message: v1::Record, dataset: &DatasetName) -> Result<Record, FieldError> {
    let id: RecordId = message
        .record_id
        .parse()
        .map_err(|error: crate::model::IdError| FieldError::new("record_id", error.to_string()))?;
    if id.dataset() != *dataset || !(message.dataset.is_empty() || message.dataset == dataset.as_str()) {
        return Err(FieldError::new("record_id", format!("the record does not belong to dataset {dataset}")));
    }
    let mut record = Record {
        kind: kind_from(message.kind, "kind")?,
        names: all(message.names, "names", name_from)?,
        birth_dates: all(message.birth_dates, "birth_dates", date_from)?,
        birth_places: message.birth_places,
        countries: all(message.countries, "countries", country_from)?,
        addresses: message.addresses,
        identifiers: all(message.identifiers, "identifiers", identifier_from)?,
        gender: gender_from(&message.gender, "gender")?,
        programs: message.programs,
        relations: all(message.relations, "relations", relation_from)?,
        positions: message.positions,
        remarks: message.remarks,
        id,
    };
    record.canonicalize();
    record.validate().map_err(|error| {
        let text = error.to_string();
        let (field, reason) = text.split_once(": ").unwrap_or(("names", &text));
        FieldError::new(field, reason)
    })?;
    Ok(record)
}

fn name_from(message: v1::Name, path: &str) -> Result<RecordName, FieldError> {
    let quality = quality_from(message.quality, &format!("{path}.quality"))?;
    Ok(RecordName { text: message.text, quality, language: message.language })
}

fn relation_from(message: v1::Relation, path: &str) -> Result<Relation, FieldError> {
    let record =
        match message.record_id.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|error: crate::model::IdError| {
                FieldError::new(format!("{path}.record_id"), error.to_string())
            })?),
        };
    Ok(Relation { relation: message.relation, name: message.name, record })
}

/// A record as the contract has it.
pub fn record_message(record: Record) -> v1::Record {
    v1::Record {
        dataset: record.dataset().to_string(),
        record_id: record.id.to_string(),
        kind: kind_message(record.kind).into(),
        names: record.names.into_iter().map(name_message).collect(),
        birth_dates: record
            .birth_dates
            .into_iter()
            .map(|date| v1::PartialDate {
                year: date.year.into(),
                month: date.month.into(),
                day: date.day.into(),
                approximate: date.approximate,
            })
            .collect(),
        birth_places: record.birth_places,
        countries: record.countries,
        addresses: record.addresses,
        identifiers: record
            .identifiers
            .into_iter()
            .map(|identifier| v1::Identifier {
                r#type: identifier_type_message(identifier.kind).into(),
                value: identifier.value,
                country: identifier.country,
            })
            .collect(),
        gender: record.gender.map(|gender| gender.as_str().to_owned()).unwrap_or_default(),
        programs: record.programs,
        relations: record
            .relations
            .into_iter()
            .map(|relation| v1::Relation {
                relation: relation.relation,
                name: relation.name,
                record_id: relation.record.map(|id| id.to_string()).unwrap_or_default(),
            })
            .collect(),
        positions: record.positions,
        remarks: record.remarks,
    }
}

fn name_message(name: RecordName) -> v1::Name {
    v1::Name {
        script: script_message(text::read(&name.text).script()).into(),
        text: name.text,
        language: name.language,
        quality: quality_message(name.quality).into(),
    }
}

/// An entity as the contract has it.
pub fn entity_message(entity: Entity) -> v1::Entity {
    v1::Entity {
        entity_id: entity.id.to_string(),
        kind: kind_message(entity.kind()).into(),
        caption: entity.caption().to_owned(),
        former_entity_ids: entity.former_ids.iter().map(ToString::to_string).collect(),
        records: entity.records.into_iter().map(record_message).collect(),
    }
}

/// A dataset as the contract has it.
pub fn dataset_message(dataset: Dataset) -> v1::Dataset {
    v1::Dataset {
        name: dataset.name.to_string(),
        record_count: dataset.record_count,
        name_count: dataset.name_count,
        digest: dataset.digest,
        imported_at: Some(timestamp(dataset.imported_at)),
    }
}

/// A point in time as the contract has it.
pub fn timestamp(at: jiff::Timestamp) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}
