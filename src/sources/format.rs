use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::str::FromStr;

use super::SourceError;
use super::input::base_name;

/// The form in which a list is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The legacy CSV files of the OFAC SDN list: `sdn.csv`, and beside it `alt.csv`, `add.csv` and
    /// `sdn_comments.csv`.
    OfacCsv,
    /// The consolidated list of the UN Security Council in XML.
    UnXml,
    /// The consolidated financial sanctions list of the EU, version 1.1, in XML.
    EuXml,
    /// The same in CSV with semicolons.
    EuCsv,
    /// The UK Sanctions List in XML.
    UkXml,
    /// The same in CSV.
    UkCsv,
    /// The consolidated list of the UK's OFSI, `ConList.csv`.
    OfsiCsv,
    /// FollowTheMoney entities, one a line, as OpenSanctions publishes them.
    Ftm,
    /// Lines of JSON as Senzing loads them.
    Senzing,
    /// CSV, TSV, lines of JSON or Parquet that a [`Mapping`](super::Mapping) describes.
    Mapped,
}

/// How much of a file is looked at to tell its format, in bytes.
const LOOKED_AT: u64 = 1 << 16;

impl Format {
    /// Every format.
    pub const ALL: [Format; 10] = [
        Format::OfacCsv,
        Format::UnXml,
        Format::EuXml,
        Format::EuCsv,
        Format::UkXml,
        Format::UkCsv,
        Format::OfsiCsv,
        Format::Ftm,
        Format::Senzing,
        Format::Mapped,
    ];

    /// The word used on the command line and in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::OfacCsv => "ofac-csv",
            Format::UnXml => "un-xml",
            Format::EuXml => "eu-xml",
            Format::EuCsv => "eu-csv",
            Format::UkXml => "uk-xml",
            Format::UkCsv => "uk-csv",
            Format::OfsiCsv => "ofsi-csv",
            Format::Ftm => "ftm",
            Format::Senzing => "senzing",
            Format::Mapped => "mapped",
        }
    }

    /// Tells the format by what the first of the files holds.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`], or [`SourceError::Form`] if it is none that needs no mapping.
    pub fn of_files(files: &[PathBuf]) -> Result<Format, SourceError> {
        let Some(path) = files.first() else {
            let reason = "no file is given; give one or more".to_owned();
            return Err(SourceError::Files { format: Format::Mapped, reason });
        };
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut bytes));
        read.map_err(|source| SourceError::Unreadable { path: path.clone(), source })?;
        let text = String::from_utf8_lossy(&bytes);
        let name = base_name(path);
        let is_ofac = files.iter().any(|path| base_name(path).eq_ignore_ascii_case("sdn.csv"));
        Format::of_text(&text, is_ofac).map_err(|reason| SourceError::Form { place: name, reason })
    }

    fn of_text(text: &str, is_ofac: bool) -> Result<Format, String> {
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        let sort = match text.chars().next() {
            None => "the file is empty".to_owned(),
            Some('<') => match root(text) {
                "CONSOLIDATED_LIST" => return Ok(Format::UnXml),
                "Designations" => return Ok(Format::UkXml),
                "export" if text.contains("fsd/export") || text.contains("<sanctionEntity") => {
                    return Ok(Format::EuXml);
                }
                "ArrayOfFinancialSanctionsTarget" => "it is the OFSI list in XML; take ConList.csv instead".to_owned(),
                name if name.eq_ignore_ascii_case("html") || name.is_empty() => {
                    "it is a page of the web, no list; is the address right?".to_owned()
                }
                name => format!("it is XML with the root element <{name}>, which no list has"),
            },
            Some('{') => {
                let line = text.lines().next().unwrap_or_default();
                let has = |field: &str| line.contains(&format!("\"{field}\""));
                if has("schema") && has("properties") {
                    return Ok(Format::Ftm);
                }
                if has("RECORD_ID") || has("DATA_SOURCE") {
                    return Ok(Format::Senzing);
                }
                "its lines of JSON are neither FollowTheMoney nor Senzing's".to_owned()
            }
            Some(_) if text.starts_with("PAR1") => "it is Parquet".to_owned(),
            Some(_) => {
                let has = |columns: &[&str]| {
                    text.lines().take(5).any(|line| columns.iter().all(|column| line.contains(column)))
                };
                if has(&["Entity_LogicalId", "NameAlias_WholeName"]) {
                    return Ok(Format::EuCsv);
                }
                if has(&["Unique ID", "Name 6", "Designation Type"]) {
                    return Ok(Format::UkCsv);
                }
                if has(&["Group ID", "Name 6", "Group Type"]) {
                    return Ok(Format::OfsiCsv);
                }
                if is_ofac {
                    return Ok(Format::OfacCsv);
                }
                "its columns are those of no known list".to_owned()
            }
        };
        Err(format!("the format cannot be told: {sort}; say it (--format), and give a mapping for columns of your own"))
    }
}

/// The name of the root element of XML, without its prefix; empty where there is none near the beginning.
fn root(text: &str) -> &str {
    let starts = text.match_indices('<').map(|(at, _)| &text[at + 1..]);
    let mut elements = starts.filter(|rest| rest.starts_with(char::is_alphabetic));
    let Some(rest) = elements.next() else { return "" };
    let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or(name)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Format::ALL.into_iter().find(|format| format.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
            format!("unknown format {text:?}: expected one of {}", known.join(", "))
        })
    }
}
