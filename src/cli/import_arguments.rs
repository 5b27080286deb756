use std::path::PathBuf;

use clap::Args;

use crate::model::DatasetName;
use crate::sources;

/// `exonym import`.
#[derive(Debug, Args)]
#[command(after_help = "\
The dataset is replaced as a whole. Records that cannot be read are quarantined and reported with file and line;
read = imported + unchanged + quarantined always holds. If anything fails half-way, nothing is written.

Formats, told by what the first file holds unless --format says:
  ofac-csv   OFAC SDN list: sdn.csv, with alt.csv, add.csv and sdn_comments.csv beside it
  un-xml     UN Security Council consolidated list
  eu-xml     EU consolidated financial sanctions list 1.1; eu-csv is the same in CSV
  uk-xml     UK Sanctions List; uk-csv is the same in CSV
  ofsi-csv   UK OFSI consolidated list, ConList.csv
  ftm        FollowTheMoney entities as OpenSanctions publishes them, one a line
  senzing    lines of JSON as Senzing loads them
  mapped     CSV, TSV, lines of JSON or (where the program was built with it) Parquet, by --mapping

Examples:
  exonym import --data data --dataset ofac --format ofac-csv sdn.csv alt.csv add.csv sdn_comments.csv
  exonym import --data data --dataset un --format un-xml consolidated.xml
  exonym import --data data --dataset sanctions entities.ftm.json
  exonym import --data data --dataset eu --format mapped --mapping eu-journal *.csv
  exonym import --data data --dataset own --format mapped --mapping own.toml customers.csv")]
pub struct ImportArguments {
    /// Data directory; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Name of the dataset: lower-case letters, digits, hyphens
    #[arg(long, value_name = "NAME")]
    pub dataset: DatasetName,
    /// Format of the files, as listed below; told by what they hold if it is left out
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<sources::Format>,
    /// Mapping for --format mapped: a TOML file, or the name of a bundled one (eu-journal)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<String>,
    /// Percentage of the records there were that may be gone; a list that lost more, or is empty, is refused
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub max_loss: u8,
    /// Take the list over whatever it lost
    #[arg(long)]
    pub accept_loss: bool,
    /// List every quarantined record, not only the first twenty
    #[arg(long)]
    pub all_quarantined: bool,
    /// The files of the list
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
