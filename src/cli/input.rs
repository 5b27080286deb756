use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, ensure};

use crate::model::{Kind, PartialDate};
use crate::proto::v1;
use crate::service::convert::kind_message;

/// One name to resolve, with what is known beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The id that the answer carries: that of the input, or the number of the line.
    pub id: String,
    /// The name as it stood there.
    pub name: String,
    /// What is asked.
    pub query: v1::Query,
}

impl Item {
    /// A name alone.
    pub fn of_name(id: String, name: String) -> Item {
        let query =
            v1::Query { names: vec![v1::Name { text: name.clone(), ..v1::Name::default() }], ..v1::Query::default() };
        Item { id, name, query }
    }
}

/// Reads the names of a file, or of standard input for `-`: one a line, or a table whose header names its columns.
pub fn read(path: &Path) -> anyhow::Result<Vec<Item>> {
    let mut bytes = Vec::new();
    let name = path.display();
    if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes).context("standard input could not be read")?;
    } else {
        let mut file = File::open(path).with_context(|| format!("{name} could not be opened"))?;
        file.read_to_end(&mut bytes).with_context(|| format!("{name} could not be read"))?;
    }
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| anyhow::anyhow!("{name}: byte {} is no UTF-8: convert the file first", error.valid_up_to()))?;
    let text = text.trim_start_matches('\u{FEFF}');
    let header = text.lines().next().unwrap_or_default();
    match ['\t', ','].into_iter().find(|separator| is_header(header, *separator)) {
        Some(separator) => read_table(text, separator, &name.to_string()),
        None => Ok(read_lines(text)),
    }
}

fn is_header(line: &str, separator: char) -> bool {
    let mut cells = line.split(separator).map(|cell| cell.trim().trim_matches('"'));
    cells.any(|cell| cell.eq_ignore_ascii_case("name")) && (line.contains(separator) || line.trim() == "name")
}

fn read_lines(text: &str) -> Vec<Item> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(place, line)| Item::of_name((place + 1).to_string(), line.trim().to_owned())).collect()
}

fn read_table(text: &str, separator: char, file: &str) -> anyhow::Result<Vec<Item>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator as u8)
        .quoting(separator == ',')
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = reader.headers().with_context(|| format!("{file}:1: the header could not be read"))?.clone();
    let column = |name: &str| columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let places = ["name", "id", "kind", "country", "birth_date", "gender"].map(column);
    let mut items = Vec::new();
    for row in reader.records() {
        let row = row.with_context(|| format!("{file}: a row could not be read"))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |place: usize| places[place].and_then(|place| row.get(place)).unwrap_or_default().trim();
        ensure!(!cell(0).is_empty(), "{file}:{line}: name: the cell is empty");
        let id = if cell(1).is_empty() { line.to_string() } else { cell(1).to_owned() };
        let mut item = Item::of_name(id, cell(0).to_owned());
        let column = |name: &str, reason: String| anyhow::anyhow!("{file}:{line}: {name}: {reason}");
        if !cell(2).is_empty() {
            let kind: Kind = cell(2).parse().map_err(|reason| column("kind", reason))?;
            item.query.kind = kind_message(kind).into();
        }
        item.query.countries.extend((!cell(3).is_empty()).then(|| cell(3).to_owned()));
        if !cell(4).is_empty() {
            let date: PartialDate =
                cell(4).parse().map_err(|error: crate::model::DateError| column("birth_date", error.to_string()))?;
            item.query.birth_dates.push(v1::PartialDate {
                year: date.year.into(),
                month: date.month.into(),
                day: date.day.into(),
                approximate: date.approximate,
            });
        }
        cell(5).clone_into(&mut item.query.gender);
        items.push(item);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> anyhow::Result<Vec<Item>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn lines_and_tables_are_told_apart() {
        let lines = written("Kim Jong Un\n\nООО «Мокран», Москва\n").unwrap();
        assert_eq!((lines[1].id.as_str(), lines[1].name.as_str()), ("3", "ООО «Мокран», Москва"));
        let table = written("id\tname\tkind\tbirth_date\nx1\t김정은\tperson\t1984-01\n").unwrap();
        assert_eq!((table[0].id.as_str(), table[0].query.kind), ("x1", v1::Kind::Person as i32));
        assert_eq!(table[0].query.birth_dates[0].month, 1);
        let csv = written("\u{FEFF}name,country\n\"Мокран, ООО\",RU\n").unwrap();
        assert_eq!((csv[0].name.as_str(), csv[0].query.countries.as_slice()), ("Мокран, ООО", &["RU".to_owned()][..]));
    }

    #[test]
    fn a_wrong_cell_is_named() {
        let error = written("name\tkind\nMokran\tghost\n").unwrap_err().to_string();
        assert!(error.contains("names:2: kind: unknown kind"), "{error}");
        let error = written("name\tbirth_date\nMokran\t1984-13\n").unwrap_err().to_string();
        assert!(error.contains("names:2: birth_date: month 13"), "{error}");
    }
}
