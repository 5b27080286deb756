//! The bundled list: real parties around North Korea and Russia with their spellings in three scripts, so that the
//! service answers before anything is imported.

use super::SourceError;
use crate::model::{DatasetName, Gender, Identifier, NameQuality, Record, RecordId, RecordName};
use crate::tables;

/// The table of the list.
const FILE: &str = "sources/data/sample.tsv";
/// The dataset that the list is.
const DATASET: &str = "sample";

/// The bundled list, as its dataset and its records. A row that cannot be read is an error that names its line.
pub fn sample() -> Result<Vec<(DatasetName, Vec<Record>)>, SourceError> {
    let refuse = |line: u32, reason: String| SourceError::Sample { file: FILE, line, reason };
    let dataset: DatasetName = DATASET.parse().map_err(|error| refuse(0, format!("{error}")))?;
    let table = tables::table(FILE).ok_or_else(|| refuse(0, "the table is not in the program".to_owned()))?;
    let mut records = Vec::with_capacity(table.rows.len());
    for (line, cells) in table.rows {
        records.push(record(&dataset, cells).map_err(|reason| refuse(*line, reason))?);
    }
    Ok(vec![(dataset, records)])
}

fn record(dataset: &DatasetName, cells: &[&str]) -> Result<Record, String> {
    let [id, kind, names, countries, birth_date, gender, identifiers, lists] = cells else {
        return Err(format!("{} cells, expected 8", cells.len()));
    };
    let id = RecordId::new(dataset, id).map_err(|error| error.to_string())?;
    let mut record = Record::new(id, kind.parse()?, "");
    record.names = names.split('|').enumerate().map(|(place, text)| name(place, text)).collect();
    record.countries = countries.split_whitespace().map(str::to_owned).collect();
    if !birth_date.is_empty() {
        record.birth_dates.push(birth_date.parse().map_err(|error: crate::model::DateError| error.to_string())?);
    }
    record.gender = Gender::parse(gender);
    for identifier in identifiers.split_whitespace() {
        let (kind, value) = identifier.split_once(':').ok_or("identifiers: expected type:value")?;
        record.identifiers.push(Identifier { kind: kind.parse()?, value: value.to_owned(), country: String::new() });
    }
    record.programs = lists.split("; ").filter(|list| !list.is_empty()).map(str::to_owned).collect();
    record.canonicalize();
    record.validate().map_err(|error| error.to_string())?;
    Ok(record)
}

fn name(place: usize, text: &str) -> RecordName {
    let (text, quality) = match text.strip_prefix('~') {
        Some(text) => (text, NameQuality::Weak),
        None if place == 0 => (text, NameQuality::Primary),
        None => (text, NameQuality::Strong),
    };
    RecordName { text: text.to_owned(), quality, language: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn the_list_is_whole() {
        let lists = sample().unwrap();
        let records = &lists[0].1;
        assert!(records.len() >= 200, "{} parties", records.len());
        for kind in [Kind::Person, Kind::Organization, Kind::Vessel] {
            assert!(records.iter().filter(|record| record.kind == kind).count() >= 10, "{kind}");
        }
        let in_scripts = |record: &&Record| {
            let has = |from: char, to: char| {
                record.names.iter().any(|name| name.text.chars().any(|c| (from..=to).contains(&c)))
            };
            has('가', '힣') && has('А', 'я') && has('A', 'z')
        };
        assert!(records.iter().filter(in_scripts).count() >= 200, "most parties are written in all three scripts");
        for id in ["mokran-llc", "korea-cholsan-general-trading-corporation", "munitions-industry-department"] {
            assert!(records.iter().any(|record| record.id.local() == id && !record.programs.is_empty()), "{id}");
        }
    }
}
