//! The rules that tables of transliteration keep, checked when they are compiled in. `build.rs` includes this file,
//! so it uses nothing of the crate; an error names the file and the line.
//!
//! * Every cell is in normal form C and can be read.
//! * No two rows have the same pattern, unless one is an alternative; an alternative has a preferred row.
//! * What a scheme writes is in its target script.
//! * A scheme has a title, a source, a status and samples; the files it names exist.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::is_nfc;

use super::pattern::{self, Classes};
use super::tsv::{TableError, Tsv};

const FOLDER: &str = "src/translit/data/";
const STATUS: [&str; 3] = ["in force", "superseded", "custom"];
const SCRIPTS: [&str; 4] = ["Latn", "Cyrl", "Hang", "Hani"];

/// Checks the tables of `src/translit/data/` among all tables, by path.
pub fn schemes(tables: &BTreeMap<String, Tsv>) -> Result<(), TableError> {
    let shared = match tables.get(&format!("{FOLDER}classes.tsv")) {
        Some(table) => {
            classes(table.rows.iter().map(|row| (&row.cells[0][..], &row.cells[1][..], row.line)), "classes.tsv")?
        }
        None => Classes::new(),
    };
    for (file, table) in tables.iter().filter(|(file, _)| file.starts_with(FOLDER)) {
        for row in &table.rows {
            if let Some(cell) = row.cells.iter().find(|cell| !is_nfc(cell)) {
                return Err(error(file, row.line, format!("\"{cell}\" is not in normal form C")));
            }
        }
        if file.ends_with(".samples.tsv") {
            samples(file, table)?;
        } else if table.columns.first().is_some_and(|column| column == "from") {
            if header(table, "name").is_some() {
                head(file, table, tables)?;
            }
            rows(file, table, &shared)?;
        }
    }
    Ok(())
}

fn error(file: &str, line: u32, reason: String) -> TableError {
    TableError { file: file.to_owned(), line, reason }
}

fn header<'a>(table: &'a Tsv, key: &str) -> Option<&'a str> {
    table.header.iter().find(|(name, _)| name == key).map(|(_, value)| &value[..])
}

fn classes<'a>(rows: impl Iterator<Item = (&'a str, &'a str, u32)>, file: &str) -> Result<Classes, TableError> {
    let mut classes = Classes::new();
    for (name, list, line) in rows {
        let members = pattern::members(list, &classes).map_err(|reason| error(file, line, reason))?;
        classes.insert(name.to_owned(), members);
    }
    Ok(classes)
}

fn samples(file: &str, table: &Tsv) -> Result<(), TableError> {
    if table.columns != ["input", "expected", "source"] {
        return Err(error(file, 1, "the columns of samples are input, expected and source".into()));
    }
    let incomplete = table.rows.iter().find(|row| row.cells.iter().any(String::is_empty));
    match incomplete {
        Some(row) => Err(error(file, row.line, "a sample has an input, what is expected and a source".into())),
        None if table.rows.is_empty() => Err(error(file, 1, "there are no samples".into())),
        None => Ok(()),
    }
}

/// The header of a scheme.
fn head(file: &str, table: &Tsv, tables: &BTreeMap<String, Tsv>) -> Result<(), TableError> {
    for key in ["title", "source", "status", "reads", "writes"] {
        if header(table, key).is_none_or(str::is_empty) {
            return Err(error(file, 1, format!("the header has no \"{key}\"")));
        }
    }
    let status = header(table, "status").unwrap_or_default();
    if !STATUS.contains(&status) {
        return Err(error(file, 1, format!("the status \"{status}\" is none of {STATUS:?}")));
    }
    let engine = header(table, "engine");
    if engine.is_some_and(|engine| engine != "text") {
        return Err(error(file, 1, "the engine is \"text\" or none".into()));
    }
    for key in ["reads", "writes"] {
        let script = header(table, key).unwrap_or_default();
        // The text room reads every script and keeps it.
        let known = if engine.is_some() { script == "Zzzz" } else { SCRIPTS.contains(&script) };
        if !known {
            return Err(error(file, 1, format!("the script \"{script}\" is none of {SCRIPTS:?}")));
        }
    }
    for key in ["extends", "words", "fallback", "passes"] {
        for name in header(table, key).unwrap_or_default().split_whitespace() {
            if !tables.contains_key(&format!("{FOLDER}{name}.tsv")) {
                return Err(error(file, 1, format!("\"{key}\" names \"{name}\", which is no table")));
            }
        }
    }
    let samples = file.replace(".tsv", ".samples.tsv");
    if !tables.contains_key(&samples) {
        return Err(error(file, 1, "the scheme has no samples beside it".into()));
    }
    Ok(())
}

/// The rows of a scheme or of a list that schemes share.
fn rows(file: &str, table: &Tsv, shared: &Classes) -> Result<(), TableError> {
    let own = table.header.iter().filter_map(|(key, list)| Some((key.strip_prefix("class ")?, &list[..], 1)));
    let mut classes_here = shared.clone();
    classes_here.extend(classes(own, file)?);
    let column = |name: &str| table.columns.iter().position(|column| column == name);
    let (Some(from), Some(left), Some(right), Some(to), Some(status)) =
        (column("from"), column("left"), column("right"), column("to"), column("status"))
    else {
        return Err(error(file, 1, "the columns are from, left, right, to, status and note".into()));
    };
    let mut preferred: BTreeSet<Pattern<'_>> = BTreeSet::new();
    let mut alternatives: BTreeMap<(Pattern<'_>, &str), u32> = BTreeMap::new();
    for row in &table.rows {
        let at = |reason: String| error(file, row.line, reason);
        let cell = |place: usize| &row.cells[place][..];
        let symbols = pattern::symbols(cell(from)).map_err(at)?;
        if symbols.is_empty() {
            return Err(at("a row reads at least one symbol".into()));
        }
        for place in [left, right] {
            pattern::context(cell(place), &classes_here).map_err(at)?;
        }
        let written = pattern::symbols(cell(to)).map_err(at)?;
        if let Some(stray) = stray(table, &symbols, &written) {
            return Err(at(format!("\"{stray}\" in \"{}\" is not of the target script", cell(to))));
        }
        let key = (symbols, cell(left), cell(right));
        let fresh = match cell(status) {
            "" => preferred.insert(key),
            "also" => alternatives.insert((key, cell(to)), row.line).is_none(),
            other => return Err(at(format!("the status \"{other}\" is neither empty nor \"also\""))),
        };
        if !fresh {
            return Err(at(format!("another row reads \"{}\" in the same place", cell(from))));
        }
    }
    // What a table extends may hold the preferred row.
    let lonely = alternatives.iter().find(|(((symbols, ..), _), _)| !preferred.iter().any(|other| other.0 == *symbols));
    match lonely.filter(|_| header(table, "extends").is_none()) {
        Some(((_, to), line)) => Err(error(file, *line, format!("no row prefers a spelling to \"{to}\""))),
        None => Ok(()),
    }
}

/// What tells rows apart: the symbols read, and the cells `left` and `right`.
type Pattern<'a> = (Vec<char>, &'a str, &'a str);

/// A letter written that is not of the target script. Whole words of Hangul may be spelled anew in Hangul.
fn stray(table: &Tsv, read: &[char], written: &[char]) -> Option<char> {
    let target = header(table, "writes")?;
    let respelled = header(table, "reads") == Some("Hang") && read.iter().any(|c| ('가'..='힣').contains(c));
    let allowed = |c: char| match script(c) {
        None => true,
        Some("Hang") if respelled => true,
        Some(script) => script == target,
    };
    written.iter().copied().find(|c| !allowed(*c))
}

/// The script of a letter by the blocks that schemes write; `None` for marks, punctuation and digits.
fn script(c: char) -> Option<&'static str> {
    match c as u32 {
        0x41..=0x5A | 0x61..=0x7A | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2AF | 0x1E00..=0x1EFF => Some("Latn"),
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Some("Cyrl"),
        0x1100..=0x11FF | 0x3131..=0x318E | 0xAC00..=0xD7A3 => Some("Hang"),
        0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => Some("Hani"),
        // Modifier letters, such as the primes of soft signs.
        0x2B0..=0x2FF => None,
        _ if c.is_alphabetic() => Some("Zzzz"),
        _ => None,
    }
}
