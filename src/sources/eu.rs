//! The consolidated list of the EU's financial sanctions, version 1.1, in XML and in CSV.
//!
//! Both say the same in the same words: an attribute `wholeName` of an element `nameAlias` is a column
//! `NameAlias_WholeName`. In CSV a party has a row for each of its names, dates, addresses and numbers.

use std::sync::OnceLock;

use crate::model::{IdentifierType, Kind, NameQuality, RecordId};

use super::columns::Cells;
use super::dates::DateForm;
use super::draft::Draft;
use super::grouped::Layout;
use super::input::squeeze;
use super::rows::Dialect;
use super::xml::Element;
use super::{Format, identifiers, xml_list};

/// The list in XML.
pub(super) const XML: xml_list::Layout = xml_list::Layout {
    format: Format::EuXml,
    root: "export",
    parties: &["sanctionEntity"],
    number: ("logicalId", |element| element.attribute("logicalId")),
    take: |id, element, place, collector| convert(id, element).finish(place, collector),
};

/// The list in CSV.
pub(super) const CSV: Layout = Layout {
    format: Format::EuCsv,
    dialect: Dialect { delimiter: b';', quoted: true },
    needed: &["Entity_LogicalId", "Entity_SubjectType", "NameAlias_WholeName"],
    kind,
    row,
};

fn kind(word: &str) -> Option<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "p" | "person" => Some(Kind::Person),
        "e" | "enterprise" | "entity" => Some(Kind::Organization),
        _ => None,
    }
}

fn convert(id: RecordId, from: &Element) -> Draft {
    let words = from.all("subjectType").next();
    let words = words.map_or([""; 2], |of| [of.attribute("classificationCode"), of.attribute("code")]);
    let sort = words.into_iter().find_map(kind);
    let mut party = Draft::new(id, sort.unwrap_or_default());
    if sort.is_none() {
        party.warn(format!("subjectType: {:?} is no known sort of party", words[1]));
    }
    let attributes = |of: &Element, part: &str| {
        let part = part.to_owned();
        let of = of.clone();
        move |field: &str| -> String {
            let name = match (part.as_str(), field) {
                ("BirthDate", "BirthDate") => "birthdate".to_owned(),
                ("BirthDate", "Month") => "monthOfYear".to_owned(),
                ("BirthDate", "Day") => "dayOfMonth".to_owned(),
                ("Identification", "TypeCode" | "TypeDescription") => format!("identification{field}"),
                (_, "Remark") => return remarks(&of),
                _ => first_small(field),
            };
            of.attribute(&name).to_owned()
        }
    };
    entity(&attributes(from, "Entity"), &mut party);
    for regulation in from.all("regulation") {
        party.program(regulation.attribute("programme"));
    }
    for (element, part, read) in PARTS {
        for of in from.all(element) {
            read(&attributes(of, part), &mut party);
        }
    }
    party
}

/// The remarks of an element, one behind another.
fn remarks(of: &Element) -> String {
    let remarks: Vec<String> = of.all("remark").map(|remark| squeeze(&remark.text)).collect();
    remarks.join(" ")
}

fn first_small(field: &str) -> String {
    let mut letters = field.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn row(cells: &Cells<'_, '_>, party: &mut Draft) {
    let columns = |part: &'static str| move |field: &str| cells.get(&format!("{part}_{field}")).to_owned();
    entity(&columns("Entity"), party);
    party.program(cells.get("Entity_Regulation_Programme"));
    for (_, part, read) in PARTS {
        read(&columns(part), party);
    }
}

/// The value of a field of one part; empty where there is none.
type Fields<'f> = dyn Fn(&str) -> String + 'f;
type Part = (&'static str, &'static str, fn(&Fields<'_>, &mut Draft));

/// The parts of an entity: the element of XML, the beginning of the columns of CSV.
const PARTS: [Part; 5] = [
    ("nameAlias", "NameAlias", name),
    ("citizenship", "Citizenship", citizenship),
    ("birthdate", "BirthDate", birth),
    ("address", "Address", address),
    ("identification", "Identification", identification),
];

fn entity(of: &Fields<'_>, party: &mut Draft) {
    for field in ["EU_ReferenceNumber", "EuReferenceNumber", "UnitedNationId"] {
        party.number(&of(field), IdentifierType::Other);
    }
    party.keep("designation", &of("DesignationDetails"));
    party.keep("remark", &of("Remark"));
}

fn name(of: &Fields<'_>, party: &mut Draft) {
    let mut whole = of("WholeName");
    if whole.is_empty() {
        whole = ["FirstName", "MiddleName", "LastName"].map(of).join(" ");
    }
    let weak = of("Strong").eq_ignore_ascii_case("false");
    let language = of("NameLanguage").to_ascii_lowercase();
    party.name(&whole, if weak { NameQuality::Weak } else { NameQuality::Strong }, &language);
    if party.record.gender.is_none() {
        party.gender("gender", &of("Gender"));
    }
    party.position(&of("Title"));
    party.position(&of("Function"));
    party.keep("name", &of("Remark"));
}

/// Adds a country by its code; "00" and an empty one stand for none that is known.
fn country(of: &Fields<'_>, party: &mut Draft) {
    let (code, name) = (of("CountryIso2Code"), of("CountryDescription"));
    match code.as_str() {
        "" | "00" if name.is_empty() || name.eq_ignore_ascii_case("unknown") => {}
        "" | "00" => party.country("countryDescription", &name),
        code => party.country("countryIso2Code", code),
    }
}

fn citizenship(of: &Fields<'_>, party: &mut Draft) {
    country(of, party);
    party.keep("citizenship", &of("Remark"));
}

fn forms() -> &'static [DateForm] {
    static FORMS: OnceLock<Vec<DateForm>> = OnceLock::new();
    FORMS.get_or_init(|| DateForm::all(&["yyyy-m-d", "d/m/yyyy", "yyyy-m", "yyyy"]))
}

fn birth(of: &Fields<'_>, party: &mut Draft) {
    let is_circa = of("Circa").eq_ignore_ascii_case("true");
    let calendar = of("CalendarType");
    let part =
        |field: &str| Some(of(field)).filter(|text| !text.trim_start_matches('0').is_empty()).unwrap_or_default();
    let (whole, year, month, day) = (of("BirthDate"), part("Year"), part("Month"), part("Day"));
    let written = match (whole.is_empty(), month.is_empty(), day.is_empty()) {
        (false, ..) => whole,
        (true, true, _) => year,
        (true, false, true) => format!("{year}-{month}"),
        (true, false, false) => format!("{year}-{month}-{day}"),
    };
    if calendar.is_empty() || calendar.eq_ignore_ascii_case("gregorian") {
        party.birth_date("birthdate", &written, forms(), is_circa);
    } else {
        party.keep("date of birth", &format!("{written} ({calendar})"));
    }
    if written.is_empty() {
        party.birth_date("yearRangeFrom", &part("YearRangeFrom"), forms(), true);
        party.birth_date("yearRangeTo", &part("YearRangeTo"), forms(), true);
    }
    party.birth_place(&[&of("Place"), &of("City"), &of("Region"), &place_country(of)]);
    party.keep("birth", &of("Remark"));
}

fn place_country(of: &Fields<'_>) -> String {
    Some(of("CountryDescription")).filter(|name| !name.eq_ignore_ascii_case("unknown")).unwrap_or_default()
}

fn address(of: &Fields<'_>, party: &mut Draft) {
    let post_box = Some(of("PoBox")).filter(|text| !text.is_empty()).map(|number| format!("PO Box {number}"));
    party.address(&[
        &of("Street"),
        &post_box.unwrap_or_default(),
        &of("ZipCode"),
        &of("City"),
        &of("Place"),
        &of("Region"),
        &place_country(of),
    ]);
    // Where a person lives does not tell whose citizen he is.
    if party.record.kind != Kind::Person {
        country(of, party);
    }
    party.keep("address", &of("Remark"));
}

fn identification(of: &Fields<'_>, party: &mut Draft) {
    let (number, latin, words) = (of("Number"), of("LatinNumber"), of("TypeDescription"));
    let number = if number.is_empty() { latin } else { number };
    if number.is_empty() {
        return party.keep("identification", &of("Remark"));
    }
    let kind = match of("TypeCode").to_ascii_lowercase().as_str() {
        "passport" => Some(IdentifierType::Passport),
        "id" | "ssn" => Some(IdentifierType::NationalId),
        "fiscalcode" | "tin" => Some(IdentifierType::TaxId),
        "regnumber" => Some(IdentifierType::Registration),
        "swiftbic" => Some(IdentifierType::Bic),
        "imo" => Some(IdentifierType::Imo),
        _ => identifiers::labels().strip(&words).and_then(|(label, _)| label.kind),
    };
    let issuer = of("CountryIso2Code");
    let issuer = if issuer == "00" { "" } else { issuer.as_str() };
    party.identifier("identification", &number, kind.unwrap_or(IdentifierType::Other), issuer);
    for (field, word) in
        [("KnownExpired", "expired"), ("KnownFalse", "false"), ("ReportedLost", "lost"), ("RevokedByIssuer", "revoked")]
    {
        if of(field).eq_ignore_ascii_case("true") {
            party.keep("identification", &format!("{number} is {word}"));
        }
    }
    party.keep("identification", &of("Remark"));
}
