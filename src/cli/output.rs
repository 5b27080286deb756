use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;

use super::input::Item;
use crate::proto::google::rpc;
use crate::proto::v1;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// Tab-separated, one candidate a row, with a header
    Tsv,
    /// Comma-separated, one candidate a row, with a header
    Csv,
    /// One JSON object a name: the response of the contract
    Jsonl,
}

/// The answer to one name, or why there is none.
pub type Answer = Result<v1::ResolveResponse, rpc::Status>;

const COLUMNS: [&str; 10] =
    ["id", "query", "verdict", "rank", "entity_id", "record_ids", "matched_name", "probability", "score", "note"];

/// Opens a file for writing, or standard output for `-` and where there is none.
pub fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write>> {
    match path {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::create(path).with_context(|| format!("{} could not be written", path.display()))?;
            Ok(Box::new(BufWriter::new(file)))
        }
        _ => Ok(Box::new(BufWriter::new(io::stdout()))),
    }
}

/// Writes answers one by one.
pub struct Writer {
    to: Inner,
    format: Format,
}

enum Inner {
    Plain(Box<dyn Write>),
    Rows(Box<csv::Writer<Box<dyn Write>>>),
}

impl Writer {
    /// A writer of a format; rows get their header at once.
    pub fn new(to: Box<dyn Write>, format: Format) -> anyhow::Result<Writer> {
        let separator = match format {
            Format::Tsv => b'\t',
            Format::Csv => b',',
            Format::Table | Format::Jsonl => return Ok(Writer { to: Inner::Plain(to), format }),
        };
        let mut rows = csv::WriterBuilder::new().delimiter(separator).from_writer(to);
        rows.write_record(COLUMNS)?;
        Ok(Writer { to: Inner::Rows(Box::new(rows)), format })
    }

    /// Writes the answer to one name.
    pub fn write(&mut self, item: &Item, answer: &Answer) -> anyhow::Result<()> {
        match &mut self.to {
            Inner::Plain(to) if self.format == Format::Jsonl => write_json(to, item, answer),
            Inner::Plain(to) => write_table(to, item, answer),
            Inner::Rows(rows) => write_rows(rows, item, answer),
        }
    }

    /// Hands everything over to the file.
    pub fn finish(self) -> anyhow::Result<()> {
        match self.to {
            Inner::Plain(mut to) => to.flush()?,
            Inner::Rows(mut rows) => rows.flush()?,
        }
        Ok(())
    }
}

/// The verdict as people read it.
pub fn verdict(value: i32) -> &'static str {
    match v1::Verdict::try_from(value) {
        Ok(v1::Verdict::Match) => "MATCH",
        Ok(v1::Verdict::Review) => "REVIEW",
        _ => "NO_MATCH",
    }
}

/// Text of others on a terminal: control and direction characters would move the cursor or turn the line around.
pub fn printable(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.chars().map(|c| if hidden(c) { '\u{FFFD}' } else { c }).collect()
}

fn note(response: &v1::ResolveResponse) -> String {
    if response.incomplete { format!("incomplete: {}", response.incomplete_reason) } else { String::new() }
}

fn write_table(to: &mut dyn Write, item: &Item, answer: &Answer) -> anyhow::Result<()> {
    let name = printable(&item.name);
    let response = match answer {
        Ok(response) => response,
        Err(status) => return Ok(writeln!(to, "{name}\n  refused: {}\n", status.message)?),
    };
    writeln!(to, "{name}  {}", verdict(response.verdict))?;
    for candidate in &response.candidates {
        writeln!(
            to,
            "  {:>5.1} %  {:>6.1}  {}  {}  [{}]",
            candidate.probability * 100.0,
            candidate.score,
            candidate.entity_id,
            printable(&candidate.matched_name),
            candidate.record_ids.join(", ")
        )?;
    }
    if response.incomplete {
        writeln!(to, "  {}", note(response))?;
    }
    Ok(writeln!(to)?)
}

fn write_json(to: &mut dyn Write, item: &Item, answer: &Answer) -> anyhow::Result<()> {
    let mut line = serde_json::json!({ "id": item.id, "query": item.name });
    match answer {
        Ok(response) => line["response"] = serde_json::to_value(response)?,
        Err(status) => line["error"] = serde_json::json!({ "code": status.code, "message": status.message }),
    }
    Ok(writeln!(to, "{line}")?)
}

fn write_rows(rows: &mut csv::Writer<Box<dyn Write>>, item: &Item, answer: &Answer) -> anyhow::Result<()> {
    let (id, name) = (item.id.as_str(), item.name.as_str());
    let response = match answer {
        Ok(response) => response,
        Err(status) => return Ok(rows.write_record([id, name, "ERROR", "", "", "", "", "", "", &status.message])?),
    };
    let note = note(response);
    if response.candidates.is_empty() {
        rows.write_record([id, name, verdict(response.verdict), "", "", "", "", "", "", &note])?;
    }
    for (place, candidate) in response.candidates.iter().enumerate() {
        rows.write_record([
            id,
            name,
            verdict(candidate.verdict),
            &(place + 1).to_string(),
            &candidate.entity_id,
            &candidate.record_ids.join("|"),
            &candidate.matched_name,
            &format!("{:.6}", candidate.probability),
            &format!("{:.6}", candidate.score),
            &note,
        ])?;
    }
    Ok(())
}
