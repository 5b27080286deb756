//! Records in the making: what can be read becomes a fact, what cannot is told and kept in the remarks.

use crate::model::{Gender, Identifier, IdentifierType, Kind, NameQuality, Record, RecordId, RecordName, Relation};

use super::batch::Collector;
use super::countries;
use super::dates::{self, DateForm};
use super::identifiers;
use super::input::squeeze;

/// A record in the making.
pub(super) struct Draft {
    /// The record so far.
    pub record: Record,
    warnings: Vec<String>,
}

impl Draft {
    /// Begins a record without a name.
    pub(super) fn new(id: RecordId, kind: Kind) -> Draft {
        let mut record = Record::new(id, kind, "");
        record.names.clear();
        Draft { record, warnings: Vec::new() }
    }

    /// Notes something about the record.
    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }

    /// Adds a name; an empty one is none.
    pub(super) fn name(&mut self, text: &str, quality: NameQuality, language: &str) {
        let text = squeeze(text);
        if !text.is_empty() {
            self.record.names.push(RecordName { text, quality, language: language.to_owned() });
        }
    }

    /// Adds the dates of a cell.
    pub(super) fn birth_date(&mut self, field: &str, text: &str, forms: &[DateForm], circa: bool) {
        let warnings = &mut self.warnings;
        birth_date(field, text, forms, circa, &mut self.record, &mut |text| warnings.push(text));
    }

    /// Adds countries by name or by two-letter code.
    pub(super) fn country(&mut self, field: &str, text: &str) {
        match countries::code(text) {
            Some(code) => return self.record.countries.push(code),
            None if text.trim().is_empty() => return,
            None => {}
        }
        let warnings = &mut self.warnings;
        country(field, text, &mut self.record, &mut |text| warnings.push(text));
    }

    /// Adds the numbers of a cell. `assumed` is the type where no label tells it; `country` is a code or empty.
    pub(super) fn identifier(&mut self, field: &str, text: &str, assumed: IdentifierType, country: &str) {
        if text.trim().is_empty() {
            return;
        }
        let read = identifiers::read(text, assumed, country);
        if !read.complete || read.identifiers.is_empty() {
            self.warn(format!("{field}: not all of {text:?} could be read as numbers; it is kept in the remarks"));
            keep(&mut self.record, field, text);
        }
        self.record.identifiers.extend(read.identifiers);
    }

    /// Adds a number just as it stands.
    pub(super) fn number(&mut self, text: &str, kind: IdentifierType) {
        let value = squeeze(text);
        if !value.is_empty() {
            self.record.identifiers.push(Identifier { kind, value, country: String::new() });
        }
    }

    /// Adds the gender.
    pub(super) fn gender(&mut self, field: &str, text: &str) {
        match Gender::parse(text) {
            Some(gender) => self.record.gender = Some(gender),
            None if text.trim().is_empty() => {}
            None => keep(&mut self.record, field, text),
        }
    }

    /// Adds an address from its parts.
    pub(super) fn address(&mut self, parts: &[&str]) {
        push_new(&mut self.record.addresses, joined(parts));
    }

    /// Adds a place of birth from its parts.
    pub(super) fn birth_place(&mut self, parts: &[&str]) {
        push_new(&mut self.record.birth_places, joined(parts));
    }

    /// Adds a title or a position.
    pub(super) fn position(&mut self, text: &str) {
        push_new(&mut self.record.positions, squeeze(text));
    }

    /// Adds a programme.
    pub(super) fn program(&mut self, text: &str) {
        push_new(&mut self.record.programs, squeeze(text));
    }

    /// Adds a link to a party known by its name alone.
    pub(super) fn relation(&mut self, word: &str, name: &str) {
        self.link(Relation { relation: word.to_owned(), name: squeeze(name), record: None });
    }

    /// Adds a link, unless it is there or says nothing.
    pub(super) fn link(&mut self, relation: Relation) {
        if !relation.name.is_empty() && !self.record.relations.contains(&relation) {
            self.record.relations.push(relation);
        }
    }

    /// Keeps what no field takes, under the name of the field it comes from; what is there already is not repeated.
    pub(super) fn keep(&mut self, field: &str, text: &str) {
        let text = squeeze(text);
        if !text.is_empty() && !self.record.remarks.contains(&text) {
            keep(&mut self.record, field, &text);
        }
    }

    /// The best name so far; empty where there is none.
    pub(super) fn shown(&self) -> &str {
        self.record.names.iter().min_by_key(|name| name.quality).map_or("", |name| name.text.as_str())
    }

    /// Ends the record: its best name comes first, and it alone is primary.
    pub(super) fn finish(mut self, place: String, collector: &mut Collector) {
        self.record.names.sort_by_key(|name| name.quality);
        for (at, name) in self.record.names.iter_mut().enumerate() {
            name.quality = match at {
                0 => NameQuality::Primary,
                _ => name.quality.max(NameQuality::Strong),
            };
        }
        for warning in self.warnings {
            collector.warn(place.clone(), warning);
        }
        collector.add(place, self.record);
    }
}

/// The parts that say something, with commas between them.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| squeeze(part)).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn push_new(texts: &mut Vec<String>, text: String) {
    if !text.is_empty() && !texts.contains(&text) {
        texts.push(text);
    }
}

/// The parts of a cell that numbers its values: "(1) one (2) another"; a cell without numbers is one value.
pub(super) fn numbered(text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let mut rest = text;
    for number in 1.. {
        let Some((before, behind)) = rest.split_once(&format!("({number})")) else { break };
        values.push(before);
        rest = behind;
    }
    values.push(rest);
    values.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect()
}

/// Reads dates into a record.
pub(super) fn birth_date(
    field: &str,
    text: &str,
    forms: &[DateForm],
    circa: bool,
    record: &mut Record,
    warn: &mut dyn FnMut(String),
) {
    if text.trim().is_empty() {
        return;
    }
    let read = dates::read(text, forms);
    record.birth_dates.extend(read.dates.into_iter().map(|date| if circa { date.circa() } else { date }));
    if let Some(fault) = read.fault {
        warn(format!("{field}: {fault}"));
        keep(record, "date of birth", text);
    }
}

/// Reads countries into a record.
pub(super) fn country(field: &str, name: &str, record: &mut Record, warn: &mut dyn FnMut(String)) {
    let (codes, complete) = countries::read(name);
    record.countries.extend(codes.into_iter().map(str::to_owned));
    if !complete {
        warn(format!("{field}: {name:?} is not a known country"));
        keep(record, &field.to_lowercase(), name);
    }
}

/// Keeps what no field took, under the name of the field it comes from.
pub(super) fn keep(record: &mut Record, field: &str, text: &str) {
    remark(record, &format!("{field}: {}", squeeze(text)));
}

/// Adds a sentence to the remarks.
pub(super) fn remark(record: &mut Record, text: &str) {
    if !record.remarks.is_empty() {
        record.remarks.push_str("; ");
    }
    record.remarks.push_str(text);
}
