//! The consolidated list of the UK's Office of Financial Sanctions Implementation, `ConList.csv`.
//!
//! A party, here a group, has a row for each of its names. Cells number their values: "(1) Russia (2) Belarus".

use std::path::PathBuf;

use crate::model::{DatasetName, IdentifierType, NameQuality};

use super::batch::Progress;
use super::columns::Cells;
use super::draft::{Draft, numbered};
use super::grouped::{self, Layout};
use super::rows::Dialect;
use super::{Batch, Format, SourceError, uk};

const LAYOUT: Layout = Layout {
    format: Format::OfsiCsv,
    dialect: Dialect { delimiter: b',', quoted: true },
    needed: &["Group ID", "Group Type", "Name 6", "Alias Type"],
    kind: uk::kind,
    row,
};

/// Reads the list; one file.
pub(super) fn read(
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    grouped::read(&LAYOUT, dataset, files, progress)
}

fn row(cells: &Cells<'_, '_>, party: &mut Draft) {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|part| cells.get(part));
    uk::name(&parts, cells.get("Alias Type"), cells.get("Alias Quality"), party);
    let tag = uk::language(cells.get("Non-Latin Script Language"));
    party.name(cells.get("Name Non-Latin Script"), NameQuality::Strong, tag);
    let lines =
        ["Address 1", "Address 2", "Address 3", "Address 4", "Address 5", "Address 6", "Post/Zip Code", "Country"];
    let lines = lines.map(|column| cells.get(column));
    uk::address(&lines, cells.get("Country"), party);
    for date in numbered(cells.get("DOB")) {
        uk::birth_date("DOB", date, party);
    }
    let (towns, countries) = (numbered(cells.get("Town of Birth")), numbered(cells.get("Country of Birth")));
    for at in 0..towns.len().max(countries.len()) {
        let [town, country] = [&towns, &countries].map(|values| values.get(at).copied().unwrap_or_default());
        party.birth_place(&[town, country]);
    }
    for country in numbered(cells.get("Nationality")) {
        party.country("Nationality", country);
    }
    for column in ["Title", "Position"] {
        for text in numbered(cells.get(column)) {
            party.position(text);
        }
    }
    party.gender("Gender", cells.get("Gender"));
    party.program(cells.get("Regime"));
    for (number, further, kind) in [
        ("Passport Number", "Passport Details", IdentifierType::Passport),
        ("National Identification Number", "National Identification Details", IdentifierType::NationalId),
    ] {
        let details = numbered(cells.get(further));
        for (at, value) in numbered(cells.get(number)).into_iter().enumerate() {
            uk::document(number, value, details.get(at).copied().unwrap_or_default(), kind, party);
        }
    }
    other_information(cells.get("Other Information"), party);
}

/// What the list has no column for is in one cell, each piece behind its label in brackets: "(Business Reg No):…".
fn other_information(text: &str, party: &mut Draft) {
    for piece in labelled(text) {
        let (label, value) = piece.split_once("):").map_or(("", piece), |(label, value)| (label, value.trim()));
        match label.trim_start_matches('(') {
            "UK Sanctions List Ref" => party.number(value, IdentifierType::Other),
            "UN Ref" => party.number(value, IdentifierType::Other),
            "Business Reg No" => {
                numbered(value).into_iter().for_each(|of| uk::registration("Business Reg No", of, party))
            }
            "IMO number" => party.identifier("IMO number", value, IdentifierType::Imo, ""),
            "Parent company" => numbered(value).into_iter().for_each(|of| party.relation("Parent company", of)),
            "Subsidiaries" => numbered(value).into_iter().for_each(|of| party.relation("Subsidiary", of)),
            "Current owners" => numbered(value).into_iter().for_each(|of| party.relation("Owner or operator", of)),
            "Current believed flag" => party.country("Current believed flag", value),
            "Gender" => party.gender("Gender", value),
            "" => party.keep("other information", value),
            label => party.keep(label, value),
        }
    }
}

/// The pieces of a text that begin with a label in brackets and a colon.
fn labelled(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    for (end, _) in text.match_indices("):") {
        let Some(start) = text[..end].rfind('(') else { continue };
        // "(1):" is a number within a piece.
        if !text[start + 1..end].bytes().all(|byte| byte.is_ascii_digit()) {
            starts.push(start);
        }
    }
    starts.push(text.len());
    starts.dedup();
    starts.windows(2).map(|pair| text[pair[0]..pair[1]].trim()).filter(|piece| !piece.is_empty()).collect()
}
