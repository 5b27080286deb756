use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{Config, ConfigError, Origin};
use crate::batch::live::{Header, HeaderValue, Source, SourceFault};
use crate::model::DatasetName;
use crate::sources::{Mapping, bundled_mapping};

/// `[[source]]`: a list to fetch. Holds no secret, but where one is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSection {
    /// Its name, in the form of a dataset's.
    pub name: String,
    /// The dataset that it replaces; empty: the one of its name.
    #[serde(default)]
    pub dataset: String,
    /// The addresses of its files.
    pub url: Urls,
    /// The format; empty: told by what the files hold.
    #[serde(default)]
    pub format: String,
    /// A bundled mapping or a file with one; empty: none.
    #[serde(default)]
    pub mapping: String,
    /// Minutes between two looks.
    #[serde(default = "six_hours")]
    pub every_minutes: u64,
    /// Seconds that one file may take.
    #[serde(default = "ten_minutes")]
    pub timeout_seconds: u64,
    /// Bytes of one file after decompression.
    #[serde(default = "most_bytes")]
    pub max_bytes: u64,
    /// SHA-256 of the file; empty: any.
    #[serde(default)]
    pub sha256: String,
    /// Address of the SHA-256 of the file; empty: none.
    #[serde(default)]
    pub checksum_url: String,
    /// Headers: the value, `env:VARIABLE` or `file:PATH`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Authorities (PEM); empty: those that browsers know.
    #[serde(default)]
    pub ca: PathBuf,
    /// The proxy; empty: none.
    #[serde(default)]
    pub proxy: String,
    /// Plaintext from other machines is allowed.
    #[serde(default)]
    pub allow_http: bool,
    /// Percentage of the records that may be gone.
    #[serde(default = "ten_percent")]
    pub max_loss_percent: u64,
    /// Where it is set.
    #[serde(skip)]
    pub(super) origin: Option<Origin>,
}

/// The keys of a `[[source]]`.
pub(super) const KEYS: [&str; 15] = [
    "name",
    "dataset",
    "url",
    "format",
    "mapping",
    "every_minutes",
    "timeout_seconds",
    "max_bytes",
    "sha256",
    "checksum_url",
    "headers",
    "ca",
    "proxy",
    "allow_http",
    "max_loss_percent",
];

/// One address, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a text in quotes or a list of them")]
pub enum Urls {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

fn six_hours() -> u64 {
    360
}

fn ten_minutes() -> u64 {
    600
}

fn most_bytes() -> u64 {
    Source::MAX_BYTES
}

fn ten_percent() -> u64 {
    10
}

impl Config {
    /// The lists to fetch, checked, with their mappings and the headers that variables hold. `variable` gives the value
    /// of an environment variable.
    ///
    /// # Errors
    /// [`ConfigError`] names the source, its key and where it is set.
    pub fn sources(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Source>, ConfigError> {
        let (mut names, mut datasets) = (BTreeSet::new(), BTreeSet::new());
        let mut sources = Vec::new();
        for section in &self.source {
            let fault = |fault| section.fault(fault);
            let source = section.source(variable).map_err(fault)?;
            source.check().map_err(fault)?;
            if self.data().is_none() {
                let problem = "needs a data directory: set `server.data` or give --data".to_owned();
                return Err(fault(SourceFault { key: "name", problem }));
            }
            if !names.insert(source.name.clone()) {
                let problem = format!("{:?} is the name of another source", source.name.as_str());
                return Err(fault(SourceFault { key: "name", problem }));
            }
            if !datasets.insert(source.dataset.clone()) {
                let problem = format!("{:?} is the dataset of another source", source.dataset.as_str());
                return Err(fault(SourceFault { key: "dataset", problem }));
            }
            sources.push(source);
        }
        Ok(sources)
    }
}

impl SourceSection {
    fn fault(&self, fault: SourceFault) -> ConfigError {
        ConfigError::Value {
            key: format!("source.{}", fault.key),
            origin: self.origin.clone().unwrap_or(Origin::Default),
            problem: fault.problem,
        }
    }

    fn source(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Source, SourceFault> {
        let name = dataset_name("name", &self.name)?;
        let urls = match &self.url {
            Urls::One(url) => vec![url.clone()],
            Urls::Several(urls) => urls.clone(),
        };
        let dataset = if self.dataset.is_empty() { name.clone() } else { dataset_name("dataset", &self.dataset)? };
        let format = match self.format.as_str() {
            "" => None,
            word => Some(
                word.parse().map_err(|problem| SourceFault { key: "format", problem: format!("has an {problem}") })?,
            ),
        };
        for (key, value) in [
            ("every_minutes", self.every_minutes),
            ("timeout_seconds", self.timeout_seconds),
            ("max_bytes", self.max_bytes),
        ] {
            if value == 0 {
                return Err(SourceFault { key, problem: "must be more than 0".into() });
            }
        }
        let mapping = if self.mapping.is_empty() { None } else { Some(mapping(&self.mapping)?) };
        let headers = self.headers.iter().map(|(name, value)| header(name, value, variable));
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(Source {
            dataset,
            format,
            mapping,
            every: Duration::from_secs(self.every_minutes.saturating_mul(60)),
            timeout: Duration::from_secs(self.timeout_seconds),
            max_bytes: self.max_bytes,
            sha256: some(&self.sha256),
            checksum_url: some(&self.checksum_url),
            headers: headers.collect::<Result<_, _>>()?,
            ca: Some(self.ca.clone()).filter(|path| !path.as_os_str().is_empty()),
            proxy: some(&self.proxy),
            allow_http: self.allow_http,
            max_loss: self.max_loss_percent as f64 / 100.0,
            ..Source::new(name, urls)
        })
    }
}

fn dataset_name(key: &'static str, text: &str) -> Result<DatasetName, SourceFault> {
    text.parse().map_err(|error: crate::model::IdError| SourceFault { key, problem: format!("is not usable: {error}") })
}

fn mapping(name: &str) -> Result<(Mapping, String), SourceFault> {
    let fault = |problem: String| SourceFault { key: "mapping", problem };
    let text = match bundled_mapping(name) {
        Some(text) => text.to_owned(),
        None => fs::read_to_string(Path::new(name))
            .map_err(|error| fault(format!("{name:?} is neither bundled nor a file that can be read: {error}")))?,
    };
    let mapping = Mapping::parse(name, &text).map_err(|error| fault(format!("is not usable: {error}")))?;
    Ok((mapping, text))
}

fn header(name: &str, value: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Header, SourceFault> {
    let value = match value.split_once(':') {
        Some(("env", variable_name)) => {
            let unset = || SourceFault {
                key: "headers",
                problem: format!("names the variable {variable_name}, which is not set"),
            };
            HeaderValue::Text(variable(variable_name).ok_or_else(unset)?)
        }
        Some(("file", path)) => HeaderValue::File(PathBuf::from(path)),
        _ => HeaderValue::Text(value.to_owned()),
    };
    Ok(Header { name: name.to_owned(), value })
}
