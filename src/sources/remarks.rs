//! The remarks of the OFAC list: one line of text that holds most of what is known of a party.

use std::sync::OnceLock;

use crate::model::{Gender, IdentifierType, NameQuality, Record, RecordName, Relation};
use crate::tables;

use super::countries;
use super::dates::{self, DateForm};
use super::identifiers;
use super::input::squeeze;
use super::labels::Labels;

#[derive(Clone, Copy, Debug)]
enum Field {
    BirthDate,
    BirthPlace,
    Country,
    Gender,
    WeakName,
    Relation(&'static str),
    Identifier,
    Remarks,
}

fn fields() -> &'static Labels<Field> {
    static FIELDS: OnceLock<Labels<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let rows = tables::table("sources/data/ofac-remarks.tsv").map_or(&[][..], |table| table.rows);
        Labels::new(rows.iter().filter_map(|(_, cells)| {
            let field = match cells[1] {
                "birth-date" => Field::BirthDate,
                "birth-place" => Field::BirthPlace,
                "country" => Field::Country,
                "gender" => Field::Gender,
                "weak-name" => Field::WeakName,
                "relation" => Field::Relation(cells[2]),
                "identifier" => Field::Identifier,
                "remarks" => Field::Remarks,
                _ => return None,
            };
            Some((cells[0].to_owned(), field))
        }))
    })
}

fn date_forms() -> &'static [DateForm] {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    FORMS.get_or_init(|| DateForm::all(&["d mon yyyy", "mon yyyy", "yyyy"]))
}

/// Reads remarks into a record. What no field takes stays in the record's remarks word for word; gives warnings
/// about parts whose label is known and whose rest could not be read, and about numbers without a known label.
pub(super) fn read(text: &str, record: &mut Record) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    let parts: Vec<&str> = without_final_stop(text).split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    for part in parts {
        let body = part.strip_prefix("alt. ").or_else(|| part.strip_prefix("Alt. ")).unwrap_or(part);
        let number = identifiers::labels().strip(body).filter(|(label, _)| label.kind.is_some());
        let behind_number = number.map_or(usize::MAX, |(_, rest)| rest.len());
        let fault = match fields().strip(body) {
            // "citizen" is a field, "Citizen's Card Number" is the label of a number: the longer label is meant.
            Some((field, rest)) if rest.len() <= behind_number => read_field(*field, rest.trim(), body, record),
            _ if number.is_some() => read_identifier(body, record),
            _ => read_other(body),
        };
        match fault {
            Fault::None => {}
            Fault::Keep => kept.push(part),
            Fault::Warn(why) => {
                warnings.push(format!("remarks: {part:?}: {why}"));
                kept.push(part);
            }
        }
    }
    if !kept.is_empty() {
        record.remarks = kept.join("; ");
    }
    warnings
}

enum Fault {
    /// Everything was read.
    None,
    /// The part stays in the remarks too.
    Keep,
    /// The part stays in the remarks, and somebody should know why.
    Warn(String),
}

fn read_field(field: Field, rest: &str, body: &str, record: &mut Record) -> Fault {
    match field {
        Field::BirthDate => {
            let read = dates::read(rest, date_forms());
            record.birth_dates.extend(read.dates);
            read.fault.map_or(Fault::None, Fault::Warn)
        }
        Field::BirthPlace => {
            record.birth_places.push(squeeze(rest));
            Fault::None
        }
        Field::Country => {
            let (codes, complete) = countries::read(rest);
            record.countries.extend(codes.into_iter().map(str::to_owned));
            if complete { Fault::None } else { Fault::Warn("unknown country".into()) }
        }
        Field::Gender => match Gender::parse(rest) {
            Some(gender) if record.gender.is_none_or(|before| before == gender) => {
                record.gender = Some(gender);
                Fault::None
            }
            Some(_) => Fault::Warn("a second gender".into()),
            None => Fault::Warn("unknown gender".into()),
        },
        Field::WeakName => {
            let name = squeeze(rest.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(rest));
            if !name.chars().any(char::is_alphanumeric) {
                return Fault::Warn("a name without letters".into());
            }
            record.names.push(RecordName { text: name, quality: NameQuality::Weak, language: String::new() });
            Fault::None
        }
        Field::Relation(relation) => {
            record.relations.push(Relation { relation: relation.to_owned(), name: squeeze(rest), record: None });
            Fault::None
        }
        Field::Identifier => read_identifier(body, record),
        Field::Remarks => Fault::Keep,
    }
}

fn read_other(body: &str) -> Fault {
    // Most parts without a label are titles and prose. A long number among them is what a label is missing for.
    let digits = body.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if digits >= 5 { Fault::Warn("a number without a known label".into()) } else { Fault::Keep }
}

fn read_identifier(body: &str, record: &mut Record) -> Fault {
    let before = record.identifiers.len();
    // Where nothing else tells it, a number is none of a known sort.
    let complete = identifiers::read_part(body, IdentifierType::Other, "", &mut record.identifiers);
    match record.identifiers.len() > before {
        true if complete => Fault::None,
        true => Fault::Keep,
        false => Fault::Warn("no number behind the label".into()),
    }
}

/// Remarks end in a full stop that belongs to no part, unless an abbreviation brings its own: "R D I S.A."
fn without_final_stop(text: &str) -> &str {
    let text = text.trim();
    match text.strip_suffix('.') {
        Some(body) if !body.rsplit([' ', ',', '\'']).next().is_some_and(|word| word.contains('.')) => body,
        _ => text,
    }
}
