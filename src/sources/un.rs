//! The consolidated list of the UN Security Council.

use std::sync::OnceLock;

use crate::model::{Gender, Identifier, IdentifierType, Kind, NameQuality, Record, RecordId, RecordName};

use super::countries::{self, Country};
use super::dates::DateForm;
use super::draft::{birth_date, country, keep, remark};
use super::input::squeeze;
use super::name_cell::{self, NameRules};
use super::xml::Element;
use super::xml_list::Layout;
use super::{Format, identifiers};

/// The list.
pub(super) const XML: Layout = Layout {
    format: Format::UnXml,
    root: "CONSOLIDATED_LIST",
    parties: &["INDIVIDUAL", "ENTITY"],
    number: ("DATAID", |element| element.value("DATAID")),
    take: |id, element, place, collector| {
        let record = convert(id, element, &mut |text| collector.warn(place.clone(), text));
        collector.add(place, record);
    },
};

fn convert(id: RecordId, from: &Element, warn: &mut dyn FnMut(String)) -> Record {
    let person = from.name == "INDIVIDUAL";
    let mut record = Record::new(id, if person { Kind::Person } else { Kind::Organization }, "");
    record.names = names(from, person);
    for nationality in from.all("NATIONALITY").flat_map(|list| list.all("VALUE")) {
        country("NATIONALITY", nationality.text.trim(), &mut record, warn);
    }
    if let gender @ ("Male" | "Female" | "male" | "female") = from.value("GENDER") {
        record.gender = Gender::parse(gender);
    } else if !from.value("GENDER").is_empty() {
        keep(&mut record, "GENDER", from.value("GENDER"));
    }
    for field in ["TITLE", "DESIGNATION"] {
        let values = from.all(field).flat_map(|list| list.all("VALUE")).map(|value| squeeze(&value.text));
        record.positions.extend(values.filter(|value| !value.is_empty()));
    }
    record.programs.extend(Some(squeeze(from.value("UN_LIST_TYPE"))).filter(|program| !program.is_empty()));
    let reference = squeeze(from.value("REFERENCE_NUMBER"));
    if !reference.is_empty() {
        record.identifiers.push(Identifier { kind: IdentifierType::Other, value: reference, country: String::new() });
    }
    births(from, &mut record, warn);
    places(from, person, &mut record, warn);
    documents(from, &mut record, warn);
    let comments = from.value("COMMENTS1");
    if !comments.is_empty() {
        remark(&mut record, &squeeze(comments));
    }
    record
}

fn names(from: &Element, person: bool) -> Vec<RecordName> {
    let rules =
        NameRules { separators: vec![";".into()], person_separators: Vec::new(), drop: Vec::new(), brackets: true };
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| from.value(part));
    let whole = squeeze(&parts.join(" "));
    let mut names = Vec::new();
    let mut take = |text: &str, quality: NameQuality| {
        for name in name_cell::read(text, &rules, person, quality) {
            names.push(RecordName { text: name.text, quality: name.quality, language: name.language.to_owned() });
        }
    };
    take(&whole, NameQuality::Primary);
    take(from.value("NAME_ORIGINAL_SCRIPT"), NameQuality::Strong);
    for alias in from.all("INDIVIDUAL_ALIAS").chain(from.all("ENTITY_ALIAS")) {
        let weak = alias.value("QUALITY").eq_ignore_ascii_case("low");
        take(alias.value("ALIAS_NAME"), if weak { NameQuality::Weak } else { NameQuality::Strong });
    }
    for name in names.iter_mut().skip(1) {
        name.quality = name.quality.max(NameQuality::Strong);
    }
    names
}

fn forms() -> &'static [DateForm] {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    FORMS.get_or_init(|| DateForm::all(&["yyyy-m-d", "d mon yyyy", "mon yyyy", "yyyy"]))
}

fn births(from: &Element, record: &mut Record, warn: &mut dyn FnMut(String)) {
    for birth in from.all("INDIVIDUAL_DATE_OF_BIRTH") {
        let circa = matches!(birth.value("TYPE_OF_DATE"), "APPROXIMATELY" | "BETWEEN");
        let note = birth.value("NOTE");
        let mut some = false;
        for field in ["DATE", "YEAR", "FROM_YEAR", "TO_YEAR"] {
            let text = birth.value(field);
            if !text.is_empty() {
                some = true;
                birth_date(field, text, forms(), circa, record, warn);
            }
        }
        if !some && !note.is_empty() {
            birth_date("NOTE", note, forms(), circa, record, warn);
        } else if !note.is_empty() {
            keep(record, "date of birth", note);
        }
    }
    for alias in from.all("INDIVIDUAL_ALIAS") {
        let text = alias.value("DATE_OF_BIRTH");
        if !text.is_empty() {
            birth_date("INDIVIDUAL_ALIAS DATE_OF_BIRTH", text, forms(), false, record, warn);
        }
        for (field, word) in [("CITY_OF_BIRTH", "born in"), ("COUNTRY_OF_BIRTH", "born in"), ("NOTE", "note")] {
            let text = alias.value(field);
            if !text.is_empty() {
                keep(record, &format!("alias {} {word}", squeeze(alias.value("ALIAS_NAME"))), text);
            }
        }
    }
}

fn places(from: &Element, person: bool, record: &mut Record, warn: &mut dyn FnMut(String)) {
    let joined = |of: &Element, fields: &[&str]| {
        let parts: Vec<String> =
            fields.iter().map(|field| squeeze(of.value(field))).filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    let fields = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"];
    for address in from.all("INDIVIDUAL_ADDRESS").chain(from.all("ENTITY_ADDRESS")) {
        let mut text = joined(address, &fields);
        let note = squeeze(address.value("NOTE"));
        if !note.is_empty() {
            text = if text.is_empty() { note } else { format!("{text} ({note})") };
        }
        if !text.is_empty() {
            record.addresses.push(text);
        }
        // Where a person lives does not tell whose citizen he is.
        if !person {
            country("COUNTRY", address.value("COUNTRY"), record, warn);
        }
    }
    for place in from.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        let text = joined(place, &fields);
        if !text.is_empty() {
            record.birth_places.push(text);
        }
        if !place.value("NOTE").is_empty() {
            keep(record, "place of birth", place.value("NOTE"));
        }
    }
}

fn documents(from: &Element, record: &mut Record, warn: &mut dyn FnMut(String)) {
    for document in from.all("INDIVIDUAL_DOCUMENT") {
        let types = [document.value("TYPE_OF_DOCUMENT2"), document.value("TYPE_OF_DOCUMENT")].map(squeeze);
        let number = squeeze(document.value("NUMBER"));
        let note = squeeze(document.value("NOTE"));
        let country =
            [document.value("ISSUING_COUNTRY"), document.value("COUNTRY_OF_ISSUE")].into_iter().find_map(|name| {
                match countries::lookup(name) {
                    Some(Country::Code(code)) => Some(code),
                    _ => None,
                }
            });
        let kind = types.iter().find_map(|text| identifiers::labels().strip(text).and_then(|(label, _)| label.kind));
        let kind = kind.unwrap_or(IdentifierType::Other);
        // Some documents have their number behind its type, or in the note.
        let has_number = |text: &&String| text.bytes().any(|byte| byte.is_ascii_digit());
        let Some(source) = [&number, &types[0], &note].into_iter().find(has_number) else {
            if !(number.is_empty() && note.is_empty()) {
                keep(record, "document", &[types.join(" "), number, note].join(" "));
            }
            continue;
        };
        let read = identifiers::read(source, kind, country.unwrap_or(""));
        let complete = read.complete && !read.identifiers.is_empty();
        record.identifiers.extend(read.identifiers);
        let mut further = vec![note];
        if !complete {
            further.insert(0, number);
        }
        for (field, word) in [("DATE_OF_ISSUE", "issued"), ("CITY_OF_ISSUE", "issued in")] {
            let text = document.value(field);
            if !text.is_empty() {
                further.push(format!("{word} {}", squeeze(text)));
            }
        }
        further.retain(|text| !text.is_empty());
        if !further.is_empty() {
            let types = if types[0].is_empty() { &types[1] } else { &types[0] };
            keep(record, types, &further.join(", "));
        }
        if !complete {
            warn("INDIVIDUAL_DOCUMENT: not all of the number could be read; it is kept in the remarks".into());
        }
    }
}
