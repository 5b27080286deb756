//! Records in the form that Senzing loads: lines of JSON with `DATA_SOURCE`, `RECORD_ID` and attributes from its
//! dictionary, flat or in `FEATURES` or in lists of the publisher's naming.
//!
//! A record of another data source than the dataset's name says keeps the source's name in its id.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::model::{DatasetName, IdentifierType, Kind, NameQuality, RecordId, Relation};

use super::batch::{Collector, Progress};
use super::dates::DateForm;
use super::draft::Draft;
use super::input::{Input, MAX_FILE_BYTES};
use super::json_tree::Json;
use super::{Batch, Format, SourceError, identifiers};

/// The attributes that are read, beside those of an [`ADDRESS`]. Others are kept in the remarks, for nothing may be lost.
const ATTRIBUTES: &[&str] = &[
    "NAME_TYPE",
    "NAME_FULL",
    "NAME_ORG",
    "NAME_LAST",
    "NAME_FIRST",
    "NAME_MIDDLE",
    "NAME_PREFIX",
    "NAME_SUFFIX",
    "ADDR_TYPE",
    "DATE_OF_BIRTH",
    "PLACE_OF_BIRTH",
    "NATIONALITY",
    "CITIZENSHIP",
    "REGISTRATION_COUNTRY",
    "COUNTRY_OF_ASSOCIATION",
    "GENDER",
    "PASSPORT_NUMBER",
    "PASSPORT_COUNTRY",
    "NATIONAL_ID_NUMBER",
    "NATIONAL_ID_COUNTRY",
    "NATIONAL_ID_TYPE",
    "TAX_ID_NUMBER",
    "TAX_ID_COUNTRY",
    "TAX_ID_TYPE",
    "SSN_NUMBER",
    "DRIVERS_LICENSE_NUMBER",
    "DRIVERS_LICENSE_STATE",
    "LEI_NUMBER",
    "DUNS_NUMBER",
    "IMO_NUMBER",
    "MMSI_NUMBER",
    "CALL_SIGN",
    "OTHER_ID_NUMBER",
    "OTHER_ID_COUNTRY",
    "OTHER_ID_TYPE",
    "REL_ANCHOR_DOMAIN",
    "REL_ANCHOR_KEY",
    "REL_POINTER_DOMAIN",
    "REL_POINTER_KEY",
    "REL_POINTER_ROLE",
];

/// The lines of an address, in the order in which they are written.
const ADDRESS: [&str; 11] = [
    "ADDR_FULL",
    "ADDR_LINE1",
    "ADDR_LINE2",
    "ADDR_LINE3",
    "ADDR_LINE4",
    "ADDR_LINE5",
    "ADDR_LINE6",
    "ADDR_CITY",
    "ADDR_STATE",
    "ADDR_POSTAL_CODE",
    "ADDR_COUNTRY",
];

/// Reads the files, in their order.
pub(super) fn read(
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    if files.is_empty() {
        let reason = "no file is given; give one or more".into();
        return Err(SourceError::Files { format: Format::Senzing, reason });
    }
    let inputs: Result<Vec<Input>, SourceError> = files.iter().map(|path| Input::load(path, MAX_FILE_BYTES)).collect();
    let inputs = inputs?;
    let total_bytes = inputs.iter().map(|input| input.text.len() as u64).sum();
    let mut told = Progress { bytes: 0, total_bytes, read: 0 };
    let mut collector = Collector::default();
    let mut parties: Vec<Party> = Vec::new();
    for input in &inputs {
        let (some_before, mut fault) = (parties.len(), None);
        for (number, line) in input.text.lines().enumerate() {
            told.bytes = (told.bytes + line.len() as u64 + 1).min(total_bytes);
            if line.trim().is_empty() {
                continue;
            }
            let place = input.place(number as u32 + 1);
            match party(dataset, &place, line) {
                Ok(party) => parties.push(party),
                Err((id, reason)) => {
                    fault.get_or_insert_with(|| (place.clone(), reason.clone()));
                    collector.quarantine(place, id, reason);
                }
            }
            if number.is_multiple_of(1024) {
                told.read = parties.len() as u64 + collector.read();
                progress(told);
            }
        }
        if let Some((place, reason)) = fault.filter(|_| parties.len() == some_before) {
            let reason = format!("no line is a record as Senzing loads them ({reason}); is it another list?");
            return Err(SourceError::Form { place, reason });
        }
    }
    relate(&mut parties, &mut collector);
    for party in parties {
        party.draft.finish(party.place, &mut collector);
    }
    (told.bytes, told.read) = (total_bytes, collector.read());
    progress(told);
    Ok(collector.finish())
}

/// A record with its ends of links, each a domain and a key.
struct Party {
    place: String,
    draft: Draft,
    anchors: Vec<(String, String)>,
    pointers: Vec<(String, String, String)>,
}

/// Finds the records that pointers point to.
fn relate(parties: &mut [Party], collector: &mut Collector) {
    let mut anchors: HashMap<(String, String), (RecordId, String)> = HashMap::new();
    for party in parties.iter() {
        for anchor in &party.anchors {
            let (record, text) = (&party.draft.record, party.draft.shown());
            anchors.entry(anchor.clone()).or_insert_with(|| (record.id.clone(), text.to_owned()));
        }
    }
    for party in parties {
        for (domain, key, role) in std::mem::take(&mut party.pointers) {
            let found = anchors.get(&(domain, key.clone()));
            if found.is_none() {
                collector.warn(party.place.clone(), format!("REL_POINTER_KEY: no record of this list has {key:?}"));
            }
            let word = if role.is_empty() { "Linked To".to_owned() } else { role };
            let name = found.map_or(key, |(_, name)| name.clone());
            party.draft.link(Relation { relation: word, name, record: found.map(|(id, _)| id.clone()) });
        }
    }
}

fn party(dataset: &DatasetName, place: &str, line: &str) -> Result<Party, (Option<String>, String)> {
    let json = Json::object(line).map_err(|reason| (None, reason))?;
    let (source, number) = (json.text("DATA_SOURCE"), json.text("RECORD_ID"));
    if number.is_empty() {
        return Err((None, "RECORD_ID: the record has none, so that the next import could not recognise it".into()));
    }
    let local = match source.is_empty() || source.eq_ignore_ascii_case(dataset.as_str()) {
        true => number.to_owned(),
        false => format!("{source}/{number}"),
    };
    let id = RecordId::new(dataset, &local).map_err(|error| (None, format!("RECORD_ID: {error}")))?;
    let known = id.to_string();
    let features = features(&json).map_err(|reason| (Some(known), reason))?;
    let kind = kind(json.text("RECORD_TYPE"), &features);
    let mut party =
        Party { place: place.to_owned(), draft: Draft::new(id, kind), anchors: Vec::new(), pointers: Vec::new() };
    for feature in &features {
        feature.add(&mut party);
    }
    Ok(party)
}

/// Attributes that belong together: those of an object, or those of a record with one word in front of them.
#[derive(Default)]
struct Feature {
    /// The word in front of the attributes, or empty: "HOME" of `HOME_ADDR_FULL`.
    usage: String,
    values: BTreeMap<&'static str, String>,
    /// What the dictionary does not know.
    others: Vec<(String, String)>,
}

fn features(json: &Json) -> Result<Vec<Feature>, String> {
    let mut features = Vec::new();
    let mut flat: Vec<(String, Json)> = Vec::new();
    for (field, value) in json.fields() {
        match value {
            Json::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Json::Object(fields) => gather(&format!("{field}[{at}]"), fields, &mut features)?,
                        Json::Text(_) | Json::Null => flat.push((field.clone(), item.clone())),
                        Json::List(_) => return Err(format!("{field}[{at}]: an object is expected, found a list")),
                    }
                }
            }
            Json::Object(fields) => gather(field, fields, &mut features)?,
            _ if matches!(field.as_str(), "DATA_SOURCE" | "RECORD_ID" | "RECORD_TYPE") => {}
            value => flat.push((field.clone(), value.clone())),
        }
    }
    gather("", &flat, &mut features)?;
    Ok(features)
}

/// Sorts attributes into features, by the words in front of them.
fn gather(place: &str, fields: &[(String, Json)], into: &mut Vec<Feature>) -> Result<(), String> {
    let mut by_usage: BTreeMap<&str, Feature> = BTreeMap::new();
    for (field, value) in fields {
        let text = match value {
            Json::Null => continue,
            Json::Text(text) => text.trim(),
            other => return Err(format!("{place}.{field}: a text is expected, found {}", other.sort())),
        };
        let of = |attribute: &&&str| {
            let before = field.strip_suffix(**attribute)?;
            (before.is_empty() || before.ends_with('_')).then_some(before.trim_end_matches('_'))
        };
        let known =
            ATTRIBUTES.iter().chain(&ADDRESS).filter_map(|attribute| of(&attribute).map(|usage| (usage, *attribute)));
        match known.min_by_key(|(usage, _)| usage.len()) {
            _ if text.is_empty() || field == "RECORD_TYPE" => {}
            Some((usage, attribute)) => {
                let feature = by_usage.entry(usage).or_default();
                feature.usage = usage.to_owned();
                feature.values.insert(attribute, text.to_owned());
            }
            None => by_usage.entry("").or_default().others.push((field.clone(), text.to_owned())),
        }
    }
    into.extend(by_usage.into_values());
    Ok(())
}

fn kind(record_type: &str, features: &[Feature]) -> Kind {
    let has = |attributes: &[&str]| {
        features.iter().any(|feature| attributes.iter().any(|attribute| feature.values.contains_key(attribute)))
    };
    match record_type.to_ascii_uppercase().as_str() {
        "PERSON" => Kind::Person,
        "ORGANIZATION" | "COMPANY" => Kind::Organization,
        "VESSEL" | "SHIP" => Kind::Vessel,
        "AIRCRAFT" => Kind::Aircraft,
        _ if has(&["NAME_FIRST", "NAME_LAST", "DATE_OF_BIRTH"]) => Kind::Person,
        _ if has(&["NAME_ORG", "REGISTRATION_COUNTRY", "LEI_NUMBER"]) => Kind::Organization,
        _ => Kind::Unknown,
    }
}

fn forms() -> &'static [DateForm] {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    FORMS.get_or_init(|| DateForm::all(&["yyyy-m-d", "m/d/yyyy", "d mon yyyy", "mon yyyy", "yyyy-m", "yyyy"]))
}

impl Feature {
    fn get(&self, attribute: &str) -> &str {
        self.values.get(attribute).map_or("", String::as_str)
    }

    fn join(&self, attributes: &[&str]) -> String {
        let parts: Vec<&str> = attributes.iter().map(|of| self.get(of)).filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    fn add(&self, party: &mut Party) {
        let draft = &mut party.draft;
        let sort = if self.get("NAME_TYPE").is_empty() { self.usage.as_str() } else { self.get("NAME_TYPE") };
        let quality = match sort.to_ascii_uppercase().as_str() {
            "" | "PRIMARY" | "NATIVE_PRIMARY" => NameQuality::Primary,
            "NICK" | "NICKNAME" | "WEAK" | "LOW" => NameQuality::Weak,
            _ => NameQuality::Strong,
        };
        draft.name(self.get("NAME_ORG"), quality, "");
        draft.name(self.get("NAME_FULL"), quality, "");
        if self.values.contains_key("NAME_LAST") || self.values.contains_key("NAME_FIRST") {
            draft.name(&self.join(&["NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX"]), quality, "");
        }
        draft.position(self.get("NAME_PREFIX"));
        draft.address(&ADDRESS.map(|line| self.get(line)));
        draft.birth_date("DATE_OF_BIRTH", self.get("DATE_OF_BIRTH"), forms(), false);
        draft.birth_place(&[self.get("PLACE_OF_BIRTH")]);
        for field in ["NATIONALITY", "CITIZENSHIP", "REGISTRATION_COUNTRY", "COUNTRY_OF_ASSOCIATION"] {
            draft.country(field, self.get(field));
        }
        draft.gender("GENDER", self.get("GENDER"));
        for (number, sort, country, kind) in [
            ("PASSPORT_NUMBER", "", "PASSPORT_COUNTRY", IdentifierType::Passport),
            ("NATIONAL_ID_NUMBER", "NATIONAL_ID_TYPE", "NATIONAL_ID_COUNTRY", IdentifierType::NationalId),
            ("TAX_ID_NUMBER", "TAX_ID_TYPE", "TAX_ID_COUNTRY", IdentifierType::TaxId),
            ("SSN_NUMBER", "", "", IdentifierType::NationalId),
            ("DRIVERS_LICENSE_NUMBER", "", "", IdentifierType::Other),
            ("LEI_NUMBER", "", "", IdentifierType::Lei),
            ("DUNS_NUMBER", "", "", IdentifierType::Other),
            ("IMO_NUMBER", "", "", IdentifierType::Imo),
            ("MMSI_NUMBER", "", "", IdentifierType::Mmsi),
            ("CALL_SIGN", "", "", IdentifierType::CallSign),
            ("OTHER_ID_NUMBER", "OTHER_ID_TYPE", "OTHER_ID_COUNTRY", IdentifierType::Other),
        ] {
            let label = identifiers::labels().strip(self.get(sort)).and_then(|(label, _)| label.kind);
            let issuer = super::countries::code(self.get(country)).unwrap_or_default();
            draft.identifier(number, self.get(number), label.unwrap_or(kind), &issuer);
        }
        for (name, text) in &self.others {
            draft.keep(name, text);
        }
        let key = |domain: &str, key: &str| (self.get(domain).to_owned(), self.get(key).to_owned());
        if !self.get("REL_ANCHOR_KEY").is_empty() {
            party.anchors.push(key("REL_ANCHOR_DOMAIN", "REL_ANCHOR_KEY"));
        }
        if !self.get("REL_POINTER_KEY").is_empty() {
            let (domain, key) = key("REL_POINTER_DOMAIN", "REL_POINTER_KEY");
            party.pointers.push((domain, key, self.get("REL_POINTER_ROLE").to_owned()));
        }
    }
}
