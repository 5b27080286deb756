use std::fmt;
use std::str::FromStr;

/// The form in which a list is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The legacy CSV files of the OFAC SDN list: `sdn.csv`, and beside it `alt.csv`, `add.csv` and
    /// `sdn_comments.csv`.
    OfacCsv,
    /// The consolidated list of the UN Security Council in XML.
    UnXml,
    /// CSV, TSV or lines of JSON that a [`Mapping`](super::Mapping) describes.
    Mapped,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 3] = [Format::OfacCsv, Format::UnXml, Format::Mapped];

    /// The word used on the command line and in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::OfacCsv => "ofac-csv",
            Format::UnXml => "un-xml",
            Format::Mapped => "mapped",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| format!("unknown format {text:?}: expected ofac-csv, un-xml or mapped"))
    }
}
