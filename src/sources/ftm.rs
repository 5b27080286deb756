//! FollowTheMoney entities, one a line, as OpenSanctions publishes them (`entities.ftm.json`, `targets.nested.json`).
//!
//! People, companies and vessels become records. What connects two of them (ownership, directorship, family …) becomes
//! a link between their records; passports, addresses, sanctions and offices become facts of the party they are about.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::model::{DatasetName, IdentifierType, NameQuality, RecordId, Relation};

use super::batch::{Collector, Progress};
use super::dates::DateForm;
use super::draft::Draft;
use super::ftm_schema::{FIELDS, Fact, LINKS, Link, kind};
use super::input::{Input, MAX_FILE_BYTES};
use super::json_tree::Json;
use super::{Batch, Format, SourceError};

/// Reads the files, in their order.
pub(super) fn read(
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    if files.is_empty() {
        return Err(SourceError::Files { format: Format::Ftm, reason: "no file is given; give one or more".into() });
    }
    let inputs: Result<Vec<Input>, SourceError> = files.iter().map(|path| Input::load(path, MAX_FILE_BYTES)).collect();
    let inputs = inputs?;
    let total_bytes = inputs.iter().map(|input| input.text.len() as u64).sum();
    let mut told = Progress { bytes: 0, total_bytes, read: 0 };
    let mut collector = Collector::default();
    let mut list = List::default();
    for input in &inputs {
        let first_fault = list.quarantined.len();
        let some_before = list.entities;
        for (number, line) in input.text.lines().enumerate() {
            told.bytes += line.len() as u64 + 1;
            if line.trim().is_empty() {
                continue;
            }
            let place = input.place(number as u32 + 1);
            if let Err((id, reason)) = list.line(dataset, &place, line) {
                list.quarantined.push((place, id, reason));
            }
            if number.is_multiple_of(1024) {
                told.read = (list.parties.len() + list.quarantined.len()) as u64;
                told.bytes = told.bytes.min(total_bytes);
                progress(told);
            }
        }
        if let Some((place, _, reason)) = list.quarantined.get(first_fault).filter(|_| list.entities == some_before) {
            let reason = format!("no line is a FollowTheMoney entity ({reason}); is it another list?");
            return Err(SourceError::Form { place: place.clone(), reason });
        }
    }
    list.finish(&mut collector);
    (told.bytes, told.read) = (total_bytes, collector.read());
    progress(told);
    Ok(collector.finish())
}

/// What the lines gave so far.
#[derive(Default)]
struct List {
    /// Lines that are entities, of whatever schema.
    entities: u64,
    /// Parties with their places.
    parties: Vec<(String, Draft)>,
    /// Where the party of an id stands.
    by_id: HashMap<String, usize>,
    /// What else there is, by id: names of parties that have no line of their own, titles of offices.
    names: HashMap<String, String>,
    /// What properties of parties name other entities: the party, the property, the other one.
    references: Vec<(String, &'static str, String)>,
    /// Connections and facts of parties, which may stand before them.
    beside: Vec<Beside>,
    quarantined: Vec<(String, Option<String>, String)>,
    /// Entities that are no party and say nothing of one, by schema.
    others: BTreeMap<String, (String, u64)>,
}

/// An entity that is about parties.
struct Beside {
    place: String,
    schema: String,
    properties: BTreeMap<String, Vec<String>>,
}

impl Beside {
    fn all(&self, property: &str) -> &[String] {
        self.properties.get(property).map_or(&[], Vec::as_slice)
    }

    fn first(&self, property: &str) -> &str {
        self.all(property).first().map_or("", String::as_str)
    }
}

type Fault = (Option<String>, String);

impl List {
    fn line(&mut self, dataset: &DatasetName, place: &str, line: &str) -> Result<(), Fault> {
        let json = Json::object(line).map_err(|reason| (None, reason))?;
        self.entity(dataset, place, &json, None)
    }

    /// Takes an entity. One that stands within another is given what it stands in, and becomes no record.
    fn entity(&mut self, dataset: &DatasetName, place: &str, json: &Json, within: Option<&str>) -> Result<(), Fault> {
        let (id, schema) = (json.text("id"), json.text("schema"));
        let known = || (!id.is_empty()).then(|| format!("{dataset}:{id}"));
        if id.is_empty() || schema.is_empty() {
            let field = if id.is_empty() { "id" } else { "schema" };
            return Err((known(), format!("{field}: the entity has none")));
        }
        let mut inner = Vec::new();
        let properties = properties(json, &mut inner).map_err(|reason| (known(), reason))?;
        self.entities += 1;
        match kind(schema) {
            Some(kind) if within.is_none() => {
                let record = RecordId::new(dataset, id).map_err(|error| (known(), format!("id: {error}")))?;
                if let Some(before) = self.by_id.get(id) {
                    let first = &self.parties[*before].0;
                    return Err((known(), format!("id: {record} is already the id of the row at {first}")));
                }
                let mut party = Draft::new(record, kind);
                facts(&mut party, json.text("caption"), &properties);
                self.by_id.insert(id.to_owned(), self.parties.len());
                self.parties.push((place.to_owned(), party));
                self.refer(id, &properties);
            }
            Some(_) => {
                let name = Some(json.text("caption")).filter(|name| !name.is_empty());
                let name = name.or(properties.get("name").and_then(|names| names.first()).map(String::as_str));
                self.names.insert(id.to_owned(), name.unwrap_or(id).to_owned());
            }
            None => self.beside(place, schema, id, json.text("caption"), properties),
        }
        for entity in inner {
            self.entity(dataset, place, entity, Some(id))?;
        }
        Ok(())
    }

    /// Notes which other entities the properties of a party name.
    fn refer(&mut self, id: &str, properties: &BTreeMap<String, Vec<String>>) {
        for property in ["addressEntity", "parent", "owner"] {
            for other in properties.get(property).into_iter().flatten() {
                self.references.push((id.to_owned(), property, other.clone()));
            }
        }
    }

    fn beside(
        &mut self,
        place: &str,
        schema: &str,
        id: &str,
        caption: &str,
        properties: BTreeMap<String, Vec<String>>,
    ) {
        let is_link = LINKS.iter().any(|link| link.schema == schema);
        match schema {
            "Passport" | "Identification" | "Sanction" | "Occupancy" => {}
            "Address" | "Position" => {
                let field = if schema == "Address" { "full" } else { "name" };
                let text = properties.get(field).and_then(|values| values.first()).map_or(caption, String::as_str);
                self.names.insert(id.to_owned(), text.to_owned());
                return;
            }
            _ if is_link => {}
            _ => {
                self.others.entry(schema.to_owned()).or_insert_with(|| (place.to_owned(), 0)).1 += 1;
                return;
            }
        }
        self.beside.push(Beside { place: place.to_owned(), schema: schema.to_owned(), properties });
    }

    fn finish(mut self, collector: &mut Collector) {
        for beside in std::mem::take(&mut self.beside) {
            self.join(&beside, collector);
        }
        for (id, property, other) in std::mem::take(&mut self.references) {
            let relation = self.relation(if property == "parent" { "Parent" } else { "Owner" }, &other);
            self.with(&id, |party| match property {
                "addressEntity" => party.address(&[&relation.name]),
                _ => party.link(relation),
            });
        }
        for (place, party) in self.parties {
            party.finish(place, collector);
        }
        for (place, id, reason) in self.quarantined {
            collector.quarantine(place, id, reason);
        }
        for (schema, (place, count)) in self.others {
            (0..count).for_each(|_| collector.skip());
            collector.warn(place, format!("schema: {count} entities of {schema} are no parties and are left out"));
        }
    }

    /// Adds what an entity says to the parties that it is about.
    fn join(&mut self, beside: &Beside, collector: &mut Collector) {
        let place = beside.place.clone();
        let about = match beside.schema.as_str() {
            "Passport" | "Identification" | "Occupancy" => "holder",
            "Sanction" => "entity",
            _ => return self.link(beside, collector),
        };
        for id in beside.all(about) {
            if !self.by_id.contains_key(id) {
                collector.warn(place.clone(), format!("{about}: {id:?} is no party of this list"));
            }
            let office = self.names.get(beside.first("post")).cloned();
            self.with(id, |party| match beside.schema.as_str() {
                "Sanction" => {
                    ["program", "programId"]
                        .iter()
                        .flat_map(|field| beside.all(field))
                        .for_each(|of| party.program(of));
                    beside.all("reason").iter().for_each(|text| party.keep("reason", text));
                    beside.all("unscId").iter().for_each(|number| party.number(number, IdentifierType::Other));
                }
                "Occupancy" => party.position(office.as_deref().unwrap_or_else(|| beside.first("post"))),
                schema => {
                    let assumed = if schema == "Passport" { IdentifierType::Passport } else { IdentifierType::Other };
                    let words = beside.first("type");
                    let label = super::identifiers::labels().strip(words).and_then(|(label, _)| label.kind);
                    let country = super::countries::code(beside.first("country")).unwrap_or_default();
                    for number in beside.all("number").iter().chain(beside.all("passportNumber")) {
                        party.identifier("number", number, label.unwrap_or(assumed), &country);
                    }
                }
            });
        }
    }

    fn link(&mut self, beside: &Beside, collector: &mut Collector) {
        let Some(Link { from, to, word, .. }) = LINKS.iter().find(|link| link.schema == beside.schema) else { return };
        let said = ["role", "relationship"].into_iter().map(|field| beside.first(field)).find(|text| !text.is_empty());
        let said = said.unwrap_or(word);
        for id in beside.all(from) {
            if !self.by_id.contains_key(id) && beside.all(to).iter().any(|other| self.by_id.contains_key(other)) {
                collector.warn(beside.place.clone(), format!("{from}: {id:?} is no party of this list"));
            }
            for other in beside.all(to) {
                let relation = self.relation(said, other);
                self.with(id, |party| party.link(relation));
            }
        }
    }

    fn with(&mut self, id: &str, change: impl FnOnce(&mut Draft)) {
        if let Some(place) = self.by_id.get(id) {
            change(&mut self.parties[*place].1);
        }
    }

    /// A link to another entity, by its record if it has one.
    fn relation(&self, word: &str, other: &str) -> Relation {
        let party = self.by_id.get(other).map(|place| &self.parties[*place].1.record);
        let name = party.map(|record| record.caption().to_owned()).or_else(|| self.names.get(other).cloned());
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| other.to_owned());
        Relation { relation: word.to_owned(), name, record: party.map(|record| record.id.clone()) }
    }
}

/// The properties of an entity, each with its texts; entities within it go to `inner`, and their ids stay.
fn properties<'j>(json: &'j Json, inner: &mut Vec<&'j Json>) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut properties = BTreeMap::new();
    let fields = match json.get("properties") {
        Some(object @ Json::Object(_)) => object.fields(),
        None => &[],
        Some(other) => return Err(format!("properties: an object is expected, found {}", other.sort())),
    };
    for (property, values) in fields {
        let Json::List(values) = values else {
            return Err(format!("properties.{property}: a list is expected, found {}", values.sort()));
        };
        let mut texts = Vec::new();
        for (at, value) in values.iter().enumerate() {
            match value {
                Json::Text(text) => texts.push(text.trim().to_owned()),
                Json::Object(_) => {
                    inner.push(value);
                    texts.push(value.text("id").to_owned());
                }
                other => {
                    let reason = format!("a text or an entity is expected, found {}", other.sort());
                    return Err(format!("properties.{property}[{at}]: {reason}"));
                }
            }
        }
        texts.retain(|text| !text.is_empty());
        properties.insert(property.clone(), texts);
    }
    Ok(properties)
}

fn forms() -> &'static [DateForm] {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    FORMS.get_or_init(|| DateForm::all(&["yyyy-m-d", "yyyy-m", "yyyy"]))
}

/// Adds what the properties of a party say.
fn facts(party: &mut Draft, caption: &str, properties: &BTreeMap<String, Vec<String>>) {
    // The name that stands for the party is the caption; it is one of its names.
    let names = properties.get("name").map_or(&[][..], Vec::as_slice);
    let shown = names.iter().find(|name| *name == caption).or(names.first());
    match shown {
        Some(name) => party.name(name, NameQuality::Primary, ""),
        None => {
            let part = |part: &&str| properties.get(*part).and_then(|texts| texts.first()).map(String::as_str);
            let parts: Vec<&str> =
                ["firstName", "middleName", "fatherName", "lastName"].iter().filter_map(part).collect();
            party.name(&parts.join(" "), NameQuality::Primary, "");
        }
    }
    for (property, fact) in FIELDS {
        for text in properties.get(*property).into_iter().flatten() {
            match fact {
                Fact::Name(quality) => party.name(text, *quality, ""),
                Fact::BirthDate => party.birth_date(property, text.split('T').next().unwrap_or(text), forms(), false),
                Fact::BirthPlace => party.birth_place(&[text]),
                Fact::Country => party.country(property, text),
                Fact::Address => party.address(&[text]),
                Fact::Number(kind, country) => party.identifier(property, text, *kind, country),
                Fact::Gender => party.gender(property, text),
                Fact::Position => party.position(text),
                Fact::Program => party.program(text),
                Fact::Remark => party.keep(property, text),
            }
        }
    }
}
