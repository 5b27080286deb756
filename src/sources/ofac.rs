//! The OFAC SDN list in its legacy CSV files.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::model::{
    DatasetName, Identifier, IdentifierType, Kind, NameQuality, Record, RecordId, RecordName, Relation,
};

use super::batch::{Collector, Progress};
use super::countries::{self, Country};
use super::input::{Input, MAX_FILE_BYTES, base_name, squeeze};
use super::rows::{Dialect, Rows};
use super::{Batch, Format, SourceError, links, remarks};

/// The files by the beginning of their names, with the cells of a row; the first is required.
const FILES: [(&str, usize); 4] = [("sdn", 12), ("alt", 5), ("add", 6), ("sdn_comments", 2)];
const DIALECT: Dialect = Dialect { delimiter: b',', quoted: true };

/// The rows of the files beside `sdn.csv`, by the number of the entry they belong to.
type Beside = HashMap<u64, Vec<(String, Vec<String>)>>;

/// Reads the files, in any order.
pub(super) fn read(
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    let inputs = load(files)?;
    let mut told = Progress { bytes: 0, total_bytes: 0, read: 0 };
    told.total_bytes = inputs.iter().flatten().map(|input| input.text.len() as u64).sum();
    let [sdn, alt, add, comments] = inputs;
    let mut collector = Collector::default();

    let mut beside: [Beside; 3] = Default::default();
    for ((input, kind), rows) in [(&alt, 1), (&add, 2), (&comments, 3)].into_iter().zip(&mut beside) {
        if let Some(input) = input {
            *rows = gather(dataset, input, FILES[kind].1, &mut collector);
            told.bytes += input.text.len() as u64;
            progress(told);
        }
    }
    if let Some(sdn) = &sdn {
        let before = told.bytes;
        read_entries(dataset, sdn, &mut beside, &mut collector, &mut |bytes, read| {
            (told.bytes, told.read) = (before + bytes, read);
            progress(told);
        })?;
    }
    for rows in &beside {
        let mut orphans: Vec<_> =
            rows.iter().flat_map(|(number, rows)| rows.iter().map(move |row| (number, row))).collect();
        orphans.sort_by_key(|(number, (place, _))| (**number, place.clone()));
        for (number, (place, cells)) in orphans {
            collector.warn(place, format!("ent_num: there is no entry {number} for {:?}", cells[1..].join(", ")));
        }
    }
    links::resolve(collector.records_mut());
    Ok(collector.finish())
}

fn load(files: &[PathBuf]) -> Result<[Option<Input>; 4], SourceError> {
    let wrong = |reason| SourceError::Files { format: Format::OfacCsv, reason };
    let mut inputs: [Option<Input>; 4] = Default::default();
    for path in files {
        let name = base_name(path).to_ascii_lowercase();
        let stem = name.strip_suffix(".csv").unwrap_or(&name);
        let place = FILES.iter().position(|(file, _)| *file == stem).ok_or_else(|| {
            wrong(format!(
                "{name:?} is none of sdn.csv, alt.csv, add.csv and sdn_comments.csv; name the file as published"
            ))
        })?;
        if inputs[place].is_some() {
            return Err(wrong(format!("{name:?} is given twice; give it once")));
        }
        let mut input = Input::load(path, MAX_FILE_BYTES)?;
        // The files end as they ended under CP/M: with a line that holds 0x1A alone.
        let end = input.text.trim_end_matches(['\u{1A}', '\r', '\n']).len();
        input.text.truncate(end);
        inputs[place] = Some(input);
    }
    if inputs[0].is_none() {
        return Err(wrong("sdn.csv is missing; give it beside the other files".into()));
    }
    Ok(inputs)
}

/// A cell; `None` for "-0-", which stands for nothing.
fn cell(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text != "-0-").then(|| text.to_owned())
}

fn entry_number(cells: &[impl AsRef<str>], expected: usize) -> Result<u64, String> {
    if cells.len() != expected {
        return Err(format!("{expected} cells expected, found {}", cells.len()));
    }
    let number = cells[0].as_ref().trim();
    number.parse().map_err(|_| format!("ent_num: {number:?} is not a number"))
}

/// Reads a file whose rows belong to entries of `sdn.csv`.
fn gather(dataset: &DatasetName, input: &Input, width: usize, collector: &mut Collector) -> Beside {
    let mut beside = Beside::new();
    for row in Rows::new(&input.text, DIALECT) {
        let place = input.place(row.line);
        match row.cells.and_then(|cells| entry_number(&cells, width).map(|number| (number, cells))) {
            Ok((number, cells)) => {
                let cells = cells.into_iter().map(|text| text.into_owned()).collect();
                beside.entry(number).or_default().push((place, cells));
            }
            Err(reason) => {
                let id = first_number(row.first_line).map(|number| format!("{dataset}:{number}"));
                collector.quarantine(place, id, reason);
            }
        }
    }
    beside
}

/// The number a broken line begins with.
fn first_number(line: &str) -> Option<u64> {
    line.split(',').next()?.trim().parse().ok()
}

fn read_entries(
    dataset: &DatasetName,
    input: &Input,
    beside: &mut [Beside; 3],
    collector: &mut Collector,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(), SourceError> {
    let mut rows = Rows::new(&input.text, DIALECT);
    let mut some_fit = false;
    let mut first_fault = None;
    while let Some(row) = rows.next() {
        let place = input.place(row.line);
        match row.cells.and_then(|cells| entry_number(&cells, FILES[0].1).map(|number| (number, cells))) {
            Ok((number, cells)) => {
                some_fit = true;
                let rows = beside.each_mut().map(|rows| rows.remove(&number).unwrap_or_default());
                match entry(dataset, number, &cells, rows, &place, collector) {
                    Ok(record) => collector.add(place, record),
                    Err(reason) => collector.quarantine(place, Some(format!("{dataset}:{number}")), reason),
                }
            }
            Err(reason) => {
                first_fault.get_or_insert_with(|| (place.clone(), reason.clone()));
                let id = first_number(row.first_line).map(|number| format!("{dataset}:{number}"));
                collector.quarantine(place, id, reason);
            }
        }
        if collector.read().is_multiple_of(1024) {
            tell(rows.bytes(), collector.read());
        }
    }
    tell(rows.bytes(), collector.read());
    match first_fault {
        Some((place, reason)) if !some_fit => {
            let reason = format!("no row is an entry of the SDN list ({reason}); give the file as published");
            Err(SourceError::Form { place, reason })
        }
        _ => Ok(()),
    }
}

fn entry(
    dataset: &DatasetName,
    number: u64,
    cells: &[std::borrow::Cow<'_, str>],
    beside: [Vec<(String, Vec<String>)>; 3],
    place: &str,
    collector: &mut Collector,
) -> Result<Record, String> {
    let id = RecordId::new(dataset, &number.to_string()).map_err(|error| format!("ent_num: {error}"))?;
    let name = cell(&cells[1]).ok_or("SDN_Name: the entry has no name")?;
    let kind = match cell(&cells[2]).as_deref() {
        None => Kind::Organization,
        Some("individual") => Kind::Person,
        Some("vessel") => Kind::Vessel,
        Some("aircraft") => Kind::Aircraft,
        Some(word) => {
            collector.warn(place, format!("SDN_Type: {word:?} is none of individual, vessel and aircraft"));
            Kind::Unknown
        }
    };
    let mut record = Record::new(id, kind, squeeze(&name));
    record.programs = cell(&cells[3]).map_or_else(Vec::new, |text| programs(&text));
    record.positions.extend(cell(&cells[4]));
    if let Some(value) = cell(&cells[5]) {
        record.identifiers.push(Identifier { kind: IdentifierType::CallSign, value, country: String::new() });
    }
    let [names, addresses, comments] = beside;
    for (place, cells) in names {
        // cells: ent_num, alt_num, type, name, remarks
        match cell(&cells[3]) {
            None => collector.warn(place, "alt_name: the alias has no name"),
            Some(text) => {
                let weak = cell(&cells[4]).is_some_and(|remarks| remarks.to_lowercase().contains("weak"));
                let quality = if weak { NameQuality::Weak } else { NameQuality::Strong };
                record.names.push(RecordName { text: squeeze(&text), quality, language: String::new() });
            }
        }
    }
    let mut text = cell(&cells[11]).map(|_| cells[11].to_string()).unwrap_or_default();
    for (_, cells) in &comments {
        // The comments go on where the 1,000th character of the remarks cut them, in the middle of a word.
        text.push_str(&cells[1]);
    }
    for warning in remarks::read(&text, &mut record) {
        collector.warn(place, warning);
    }
    vessel(cells, &mut record);
    address(addresses, &mut record, place, collector);
    Ok(record)
}

/// "NPWMD] [IFSR" are two programmes.
fn programs(text: &str) -> Vec<String> {
    text.split("] [")
        .map(|program| program.trim_matches(['[', ']', ' ']).to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

/// The cells that only vessels and aircraft have.
fn vessel(cells: &[std::borrow::Cow<'_, str>], record: &mut Record) {
    let mut further = Vec::new();
    for (place, label) in [(6, "Vessel Type"), (7, "Tonnage"), (8, "Gross Registered Tonnage")] {
        if let Some(text) = cell(&cells[place]) {
            further.push(format!("{label} {text}"));
        }
    }
    if let Some(flag) = cell(&cells[9]) {
        match countries::lookup(&flag) {
            Some(Country::Code(code)) => record.countries.push(code.to_owned()),
            _ => further.push(format!("Vessel Flag {flag}")),
        }
    }
    if let Some(name) = cell(&cells[10]) {
        record.relations.push(Relation { relation: "Vessel Owner".into(), name, record: None });
    }
    further.extend(Some(std::mem::take(&mut record.remarks)).filter(|remarks| !remarks.is_empty()));
    record.remarks = further.join("; ");
}

fn address(rows: Vec<(String, Vec<String>)>, record: &mut Record, place: &str, collector: &mut Collector) {
    for (_, cells) in rows {
        // cells: ent_num, add_num, street, city with province and postal code, country, remarks
        let country = cell(&cells[4]);
        if let Some(name) = &country {
            match countries::lookup(name) {
                // Where a person lives does not tell whose citizen he is.
                Some(Country::Code(code)) if record.kind != Kind::Person => record.countries.push(code.to_owned()),
                Some(_) => {}
                None => collector.warn(place, format!("country: {name:?} is not known")),
            }
        }
        let parts: Vec<String> =
            [cell(&cells[2]), cell(&cells[3]), country, cell(&cells[5])].into_iter().flatten().collect();
        if !parts.is_empty() {
            record.addresses.push(squeeze(&parts.join(", ")));
        }
    }
}
