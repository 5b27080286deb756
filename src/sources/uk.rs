//! The UK Sanctions List of the Foreign, Commonwealth and Development Office, in XML and in CSV.
//!
//! In CSV a party has a row for each combination of its names and addresses.

use std::sync::OnceLock;

use crate::model::{IdentifierType, Kind, NameQuality, RecordId};

use super::columns::Cells;
use super::dates::DateForm;
use super::draft::Draft;
use super::grouped::Layout;
use super::rows::Dialect;
use super::xml::Element;
use super::{Format, xml_list};

/// The list in XML.
pub(super) const XML: xml_list::Layout = xml_list::Layout {
    format: Format::UkXml,
    root: "Designations",
    parties: &["Designation"],
    number: ("UniqueID", |element| element.value("UniqueID")),
    take: |id, element, place, collector| convert(id, element).finish(place, collector),
};

/// The list in CSV.
pub(super) const CSV: Layout = Layout {
    format: Format::UkCsv,
    dialect: Dialect { delimiter: b',', quoted: true },
    needed: &["Unique ID", "Designation Type", "Name 6", "Name type"],
    kind,
    row,
};

/// What sort of party a word of the British lists stands for.
pub(super) fn kind(word: &str) -> Option<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "individual" => Some(Kind::Person),
        "entity" => Some(Kind::Organization),
        "ship" => Some(Kind::Vessel),
        _ => None,
    }
}

/// Adds a name from its parts, the family name last. `sort` is the word of the list for what name it is.
pub(super) fn name(parts: &[&str], sort: &str, strength: &str, party: &mut Draft) {
    let is_primary = sort.trim().eq_ignore_ascii_case("primary name");
    let quality = match strength.trim().to_ascii_lowercase().starts_with("low") {
        true => NameQuality::Weak,
        false if is_primary => NameQuality::Primary,
        false => NameQuality::Strong,
    };
    party.name(&parts.join(" "), quality, "");
}

/// The BCP 47 tag of a language by the names that the British lists give; or empty.
pub(super) fn language(name: &str) -> &'static str {
    match name.trim().to_ascii_lowercase().as_str() {
        "russian" => "ru",
        "korean" => "ko",
        "ukrainian" => "uk",
        "belarusian" => "be",
        "chinese" => "zh",
        "arabic" => "ar",
        "persian" | "farsi" => "fa",
        _ => "",
    }
}

/// Adds a date of birth: parts that are not known are written "dd", "mm" or "00".
pub(super) fn birth_date(field: &str, text: &str, party: &mut Draft) {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    let forms = FORMS.get_or_init(|| DateForm::all(&["d/m/yyyy", "m/yyyy", "yyyy"]));
    let mut known = text.trim();
    for placeholder in ["dd/", "00/", "mm/", "00/"] {
        known = known
            .get(..placeholder.len())
            .filter(|start| start.eq_ignore_ascii_case(placeholder))
            .map_or(known, |_| &known[placeholder.len()..]);
    }
    party.birth_date(field, known, forms, false);
}

fn convert(id: RecordId, from: &Element) -> Draft {
    let word = from.value("IndividualEntityShip");
    let mut party = Draft::new(id, kind(word).unwrap_or_default());
    if kind(word).is_none() {
        party.warn(format!("IndividualEntityShip: {word:?} is no known sort of party"));
    }
    for of in from.all("Names").flat_map(|list| list.all("Name")) {
        let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(|part| of.value(part));
        name(&parts, of.value("NameType"), of.value("AliasStrength"), &mut party);
    }
    for of in from.every("NonLatinName") {
        let tag = language(of.value("NonLatinScriptLanguage"));
        party.name(of.value("NameNonLatinScript"), NameQuality::Strong, tag);
    }
    for of in from.every("Address") {
        let line = |number: usize| {
            of.value(
                ["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "AddressLine5", "AddressLine6"]
                    [number],
            )
        };
        let lines: Vec<&str> =
            (0..6).map(line).chain([of.value("AddressPostalCode"), of.value("AddressCountry")]).collect();
        address(&lines, of.value("AddressCountry"), &mut party);
    }
    for of in from.every("Location") {
        party.birth_place(&[of.value("TownOfBirth"), of.value("CountryOfBirth")]);
    }
    for (list, field, add) in FIELDS {
        // Some lists are called as their items are.
        for of in from.every(list).into_iter().filter(|of| of.children.is_empty()) {
            add(field, of.text.trim(), &mut party);
        }
    }
    for (element, number, further, kind) in [
        ("Passport", "PassportNumber", "PassportAdditionalInformation", IdentifierType::Passport),
        (
            "NationalIdentifier",
            "NationalIdentifierNumber",
            "NationalIdentifierAdditionalInformation",
            IdentifierType::NationalId,
        ),
    ] {
        for of in from.every(element) {
            document(number, of.value(number), of.value(further), kind, &mut party);
        }
    }
    party
}

/// Adds an address, and its country where that tells whose a company or ship is.
pub(super) fn address(lines: &[&str], country: &str, party: &mut Draft) {
    party.address(lines);
    // Where a person lives does not tell whose citizen he is.
    if party.record.kind != Kind::Person && !country.is_empty() {
        party.country("address country", country);
    }
}

/// Adds a passport or identity number with what is said of it.
pub(super) fn document(field: &str, number: &str, further: &str, kind: IdentifierType, party: &mut Draft) {
    let country = super::countries::strip(further).map_or("", |(code, _)| code);
    party.identifier(field, number, kind, country);
    party.keep(field, further);
}

type Add = fn(&str, &str, &mut Draft);

/// What an element of XML holds, by the names of element and column; more than one in a cell of CSV is numbered.
const FIELDS: [(&str, &str, Add); 21] = [
    ("DOB", "D.O.B", birth_date),
    ("Nationality", "Nationality(/ies)", |field, text, party| party.country(field, text)),
    ("Title", "Title", |_, text, party| party.position(text)),
    ("Position", "Position", |_, text, party| party.position(text)),
    ("Gender", "Gender", |field, text, party| party.gender(field, text)),
    ("RegimeName", "Regime Name", |_, text, party| party.program(text)),
    ("BusinessRegistrationNumber", "Business registration number (s)", registration),
    ("IMONumber", "IMO number", |field, text, party| party.identifier(field, text, IdentifierType::Imo, "")),
    ("OFSIGroupID", "OFSI Group ID", |_, text, party| party.number(text, IdentifierType::Other)),
    ("UNReferenceNumber", "UN Reference Number", |_, text, party| party.number(text, IdentifierType::Other)),
    ("ParentCompany", "Parent company", |field, text, party| party.relation(field, text)),
    ("Subsidiary", "Subsidiaries", |_, text, party| party.relation("Subsidiary", text)),
    ("CurrentOwnerOperator", "Current owner/operator (s)", |_, text, party| party.relation("Owner or operator", text)),
    ("PreviousOwnerOperator", "Previous owner/operator (s)", |_, text, party| {
        party.relation("Previous owner or operator", text);
    }),
    ("CurrentBelievedFlagOfShip", "Current believed flag of ship", |field, text, party| party.country(field, text)),
    ("PreviousFlag", "Previous flags", keep),
    ("TypeOfShip", "Type of ship", keep),
    ("TypeOfEntity", "Type of entity", keep),
    ("HullIdentificationNumber", "Hull identification number (HIN)", keep),
    ("OtherInformation", "Other Information", keep),
    ("UKStatementofReasons", "UK Statement of Reasons", keep),
];

fn keep(field: &str, text: &str, party: &mut Draft) {
    party.keep(field, text);
}

/// Adds the register's numbers of a company, whose country is the one it has.
pub(super) fn registration(field: &str, text: &str, party: &mut Draft) {
    let mut own: Vec<String> = party.record.countries.clone();
    own.dedup();
    let home = if own.len() == 1 { own.swap_remove(0) } else { String::new() };
    party.identifier(field, text, IdentifierType::Registration, &home);
}

fn row(cells: &Cells<'_, '_>, party: &mut Draft) {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|part| cells.get(part));
    name(&parts, cells.get("Name type"), cells.get("Alias strength"), party);
    let tag = language(cells.get("Non-latin script language"));
    party.name(cells.get("Name non-latin script"), NameQuality::Strong, tag);
    let lines =
        ["Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5", "Address Line 6"];
    let lines = lines.into_iter().chain(["Address Postal Code", "Address Country"]);
    let lines: Vec<&str> = lines.map(|column| cells.get(column)).collect();
    address(&lines, cells.get("Address Country"), party);
    party.birth_place(&[cells.get("Town of birth"), cells.get("Country of birth")]);
    for (_, column, add) in FIELDS {
        for value in super::draft::numbered(cells.get(column)) {
            add(column, value, party);
        }
    }
    for (number, further, kind) in [
        ("Passport number", "Passport additional information", IdentifierType::Passport),
        ("National Identifier number", "National Identifier additional information", IdentifierType::NationalId),
    ] {
        document(number, cells.get(number), cells.get(further), kind, party);
    }
}
