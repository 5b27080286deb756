//! Lists whose columns a mapping describes.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crate::model::{DatasetName, Gender, Kind, NameQuality, Record, RecordId, RecordName};

use super::batch::{Collector, Progress};
use super::input::{Input, MAX_FILE_BYTES, squeeze};
use super::mapping::{Filter, Form, Mapping, Piece, TextField};
use super::rows::{Dialect, Rows};
use super::{Batch, SourceError, countries, dates, identifiers, json_lines, name_cell};

/// Reads the files, in their order.
pub(super) fn read(
    dataset: &DatasetName,
    files: &[PathBuf],
    mapping: &Mapping,
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    if mapping.form == Form::Parquet {
        return parquet(dataset, files, mapping, progress);
    }
    let inputs: Result<Vec<Input>, SourceError> = files.iter().map(|path| Input::load(path, MAX_FILE_BYTES)).collect();
    let inputs = inputs?;
    let mut told = Progress { bytes: 0, total_bytes: 0, read: 0 };
    told.total_bytes = inputs.iter().map(|input| input.text.len() as u64).sum();
    let mut collector = Collector::default();
    for input in &inputs {
        let before = told.bytes;
        let mut rows = 0u64;
        let mut each = |line: u32, cells: Result<Cells<'_>, String>, bytes: u64, collector: &mut Collector| {
            rows += 1;
            take(dataset, mapping, input.place(line), rows, cells, collector);
            if rows.is_multiple_of(1024) {
                (told.bytes, told.read) = (before + bytes, collector.read());
                progress(told);
            }
        };
        match mapping.form {
            Form::Delimited(dialect) => delimited(input, dialect, mapping, &mut collector, &mut each)?,
            Form::JsonLines => json(input, mapping, &mut collector, &mut each)?,
            Form::Parquet => {}
        }
        (told.bytes, told.read) = (before + input.text.len() as u64, collector.read());
        progress(told);
    }
    Ok(collector.finish())
}

#[cfg(feature = "parquet")]
fn parquet(
    dataset: &DatasetName,
    files: &[PathBuf],
    mapping: &Mapping,
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    let columns = mapping.used_columns();
    let mut collector = Collector::default();
    let mut told = Progress { bytes: 0, total_bytes: files.len() as u64, read: 0 };
    for path in files {
        let name = super::input::base_name(path);
        super::parquet::read(path, &columns, &mut |row, texts| {
            let cells = texts.map(|texts| columns.iter().copied().zip(texts).collect());
            take(dataset, mapping, format!("{name} row {row}"), row, cells, &mut collector);
        })?;
        // Files are counted here: a column of Parquet is read at once, not a row.
        (told.bytes, told.read) = (told.bytes + 1, collector.read());
        progress(told);
    }
    Ok(collector.finish())
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &DatasetName, _: &[PathBuf], _: &Mapping, _: &dyn Fn(Progress)) -> Result<Batch, SourceError> {
    let reason = "this program was built without Parquet: build it with `--features parquet`, or save the list as CSV";
    Err(SourceError::Files { format: super::Format::Mapped, reason: reason.to_owned() })
}

/// What a row's columns hold.
type Cells<'r> = HashMap<&'r str, Vec<String>>;
type Each<'e> = dyn FnMut(u32, Result<Cells<'_>, String>, u64, &mut Collector) + 'e;

fn delimited(
    input: &Input,
    dialect: Dialect,
    mapping: &Mapping,
    collector: &mut Collector,
    each: &mut Each<'_>,
) -> Result<(), SourceError> {
    let mut rows = Rows::new(&input.text, dialect);
    let wrong = |line: u32, reason: String| SourceError::Form { place: input.place(line), reason };
    let names: Vec<String> = match &mapping.columns {
        Some(columns) => columns.clone(),
        None => {
            let header = rows.next().ok_or_else(|| wrong(1, "the file is empty; a header row is expected".into()))?;
            let cells = header.cells.map_err(|reason| wrong(header.line, format!("header: {reason}")))?;
            cells.iter().map(|cell| cell.trim().to_owned()).collect()
        }
    };
    let mut places = HashMap::new();
    for column in mapping.used_columns() {
        let mut found = names.iter().enumerate().filter(|(_, name)| name.as_str() == column).map(|(place, _)| place);
        let place = found.next().ok_or_else(|| {
            let reason = format!("header: there is no column {column:?}, which the mapping names; is it another list?");
            wrong(1, reason)
        })?;
        if found.next().is_some() {
            return Err(wrong(1, format!("header: the column {column:?} is there twice")));
        }
        places.insert(column, place);
    }
    while let Some(row) = rows.next() {
        let cells = row.cells.and_then(|cells| match cells.len() == names.len() {
            true => {
                let cell = |place: usize| vec![cells[place].trim().to_owned()];
                Ok(places.iter().map(|(column, place)| (*column, cell(*place))).collect())
            }
            false => Err(format!("{} cells expected, found {}", names.len(), cells.len())),
        });
        each(row.line, cells, rows.bytes(), collector);
    }
    Ok(())
}

fn json(input: &Input, mapping: &Mapping, collector: &mut Collector, each: &mut Each<'_>) -> Result<(), SourceError> {
    // Columns with whether some row has them.
    let mut columns: BTreeMap<&str, bool> = mapping.used_columns().into_iter().map(|column| (column, false)).collect();
    let mut some_object = false;
    let mut bytes = 0;
    for (number, line) in input.text.lines().enumerate() {
        bytes += line.len() as u64 + 1;
        if line.trim().is_empty() {
            continue;
        }
        let cells = json_lines::fields(line).map(|fields| {
            some_object = true;
            let mut by_name: HashMap<String, Vec<String>> = fields.into_iter().collect();
            let mut cells = Cells::new();
            for (column, seen) in &mut columns {
                if let Some(values) = by_name.remove(*column) {
                    *seen = true;
                    cells.insert(column, values);
                }
            }
            cells
        });
        each(number as u32 + 1, cells, bytes, collector);
    }
    for (column, _) in columns.iter().filter(|(_, seen)| some_object && !**seen) {
        collector.warn(&input.name, format!("no row has the field {column:?}, which the mapping names"));
    }
    Ok(())
}

fn take(
    dataset: &DatasetName,
    mapping: &Mapping,
    place: String,
    row: u64,
    cells: Result<Cells<'_>, String>,
    collector: &mut Collector,
) {
    let cells = match cells {
        Ok(cells) => cells,
        Err(reason) => return collector.quarantine(place, None, reason),
    };
    if !mapping.filters.iter().all(|filter| passes(filter, &cells)) {
        return collector.skip();
    }
    let mut text = String::new();
    let id = fill(&mapping.id, &cells, row, &mut text)
        .and_then(|()| RecordId::new(dataset, &text).map_err(|error| format!("id: {error}")));
    match id {
        Ok(id) => {
            let mut warnings = Vec::new();
            let record = convert(id, mapping, &cells, &mut warnings);
            for warning in warnings {
                collector.warn(place.clone(), warning);
            }
            collector.add(place, record);
        }
        Err(reason) => collector.quarantine(place, None, reason),
    }
}

fn first<'c>(cells: &'c Cells<'_>, column: &str) -> &'c str {
    cells.get(column).and_then(|values| values.first()).map_or("", |value| value.trim())
}

fn all<'c>(cells: &'c Cells<'_>, column: &str) -> impl Iterator<Item = &'c str> {
    cells.get(column).into_iter().flatten().map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn passes(filter: &Filter, cells: &Cells<'_>) -> bool {
    let value = first(cells, &filter.column);
    let among = |values: &Vec<String>| values.iter().any(|wanted| wanted == value);
    filter.is.as_ref().is_none_or(among) && !filter.is_not.as_ref().is_some_and(among)
}

fn fill(template: &[Piece], cells: &Cells<'_>, row: u64, into: &mut String) -> Result<(), String> {
    for piece in template {
        match piece {
            Piece::Text(text) => into.push_str(text),
            Piece::Row => into.push_str(&row.to_string()),
            Piece::Column(column, fallback) => match (first(cells, column), fallback) {
                ("", Some(fallback)) => fill(fallback, cells, row, into)?,
                ("", None) => return Err(format!("{column}: the column is empty, and the id needs it")),
                (value, _) => into.push_str(value),
            },
        }
    }
    Ok(())
}

fn convert(id: RecordId, mapping: &Mapping, cells: &Cells<'_>, warnings: &mut Vec<String>) -> Record {
    let mut kind = mapping.kind.default;
    if let Some(column) = &mapping.kind.column {
        let value = first(cells, column);
        match mapping.kind.values.get(value) {
            Some(found) => kind = *found,
            None if value.is_empty() => {}
            None => warnings.push(format!("{column}: {value:?} is none of the kinds of the mapping")),
        }
    }
    let mut record = Record::new(id, kind, "");
    record.names = names(mapping, cells, kind);
    let mut kept = Vec::new();
    let mut keep = |column: &str, value: &str, why: String| {
        warnings.push(format!("{column}: {why}"));
        kept.push(format!("{column}: {}", squeeze(value)));
    };
    for (column, forms) in &mapping.birth_dates {
        for value in all(cells, column) {
            let read = dates::read(value, forms);
            record.birth_dates.extend(read.dates);
            if let Some(fault) = read.fault {
                keep(column, value, fault);
            }
        }
    }
    for column in &mapping.countries {
        for value in all(cells, &column.column) {
            let (codes, complete) = countries::read(value);
            record.countries.extend(codes.into_iter().map(str::to_owned));
            if !complete {
                keep(&column.column, value, format!("{value:?} is not a known country"));
            }
        }
    }
    texts(mapping, cells, &mut record);
    // Where a person lives does not tell whose citizen he is.
    if kind != Kind::Person {
        let found: Vec<_> = record.addresses.iter().filter_map(|address| countries::of_address(address)).collect();
        record.countries.extend(found.into_iter().map(str::to_owned));
    }
    record.countries.extend(mapping.constants.countries.iter().cloned());
    record.programs.extend(mapping.constants.programs.iter().cloned());
    let mut own: Vec<&str> = record.countries.iter().map(String::as_str).collect();
    own.sort_unstable();
    own.dedup();
    // A company's register is that of its one country, unless something says otherwise; a person's may be any.
    let home = if kind != Kind::Person && own.len() == 1 { own[0].to_owned() } else { String::new() };
    for column in &mapping.identifiers {
        let country = if column.country.is_empty() { &home } else { &column.country };
        for value in all(cells, &column.column) {
            let read = identifiers::read(value, column.kind, country);
            if !read.complete || read.identifiers.is_empty() {
                keep(&column.column, value, format!("not all of {value:?} could be read"));
            }
            record.identifiers.extend(read.identifiers);
        }
    }
    if let Some(column) = &mapping.gender {
        let value = first(cells, &column.column);
        record.gender = Gender::parse(value.trim_end_matches('.'));
        if record.gender.is_none() && !value.is_empty() {
            keep(&column.column, value, format!("{value:?} is no gender"));
        }
    }
    kept.extend(Some(std::mem::take(&mut record.remarks)).filter(|remarks| !remarks.is_empty()));
    record.remarks = kept.join("; ");
    record
}

fn names(mapping: &Mapping, cells: &Cells<'_>, kind: Kind) -> Vec<RecordName> {
    let mut names: Vec<RecordName> = Vec::new();
    for column in &mapping.names {
        for value in all(cells, &column.column) {
            for name in name_cell::read(value, &mapping.name_rules, kind == Kind::Person, column.quality) {
                let language = if name.language.is_empty() { &column.language } else { name.language };
                // A record has one primary name; the others of its cell are good aliases.
                let least = if names.is_empty() { NameQuality::Primary } else { NameQuality::Strong };
                let quality = name.quality.max(least);
                names.push(RecordName { text: name.text, quality, language: language.to_owned() });
            }
        }
    }
    names
}

fn texts(mapping: &Mapping, cells: &Cells<'_>, record: &mut Record) {
    let mut remarks = Vec::new();
    for column in &mapping.texts {
        for value in all(cells, &column.column) {
            let mut parts = vec![value];
            for separator in column.separators.iter().filter(|separator| !separator.is_empty()) {
                parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
            }
            for part in parts.into_iter().map(squeeze).filter(|part| !part.is_empty()) {
                let text = if column.label.is_empty() { part } else { format!("{}: {part}", column.label) };
                match column.to {
                    TextField::Address => record.addresses.push(text),
                    TextField::BirthPlace => record.birth_places.push(text),
                    TextField::Position => record.positions.push(text),
                    TextField::Program => record.programs.push(text),
                    TextField::Remarks => remarks.push(text),
                }
            }
        }
    }
    record.remarks = remarks.join("; ");
}
