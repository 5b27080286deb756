use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::DatasetName;
use crate::sources::{Format, Mapping};

/// A list that is fetched.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, which is also that of its folder.
    pub name: DatasetName,
    /// The dataset that it replaces.
    pub dataset: DatasetName,
    /// Where its files are; most lists have one.
    pub urls: Vec<String>,
    /// The format; `None`: told by what the first file holds.
    pub format: Option<Format>,
    /// The mapping, with its text by which a changed one is recognised.
    pub mapping: Option<(Mapping, String)>,
    /// How often it is looked for a new version.
    pub every: Duration,
    /// The longest that fetching one file may take.
    pub timeout: Duration,
    /// The most bytes of one file, after decompression.
    pub max_bytes: u64,
    /// SHA-256 that the one file must have, in hexadecimal.
    pub sha256: Option<String>,
    /// Where the SHA-256 of the one file is published: in hexadecimal, alone or in the line that names the file.
    pub checksum_url: Option<String>,
    /// Headers of every request. With any, no redirect is followed: a secret goes where it was meant to.
    pub headers: Vec<Header>,
    /// Authorities (PEM) one of which must have signed the server's certificate; `None`: those that browsers know.
    pub ca: Option<PathBuf>,
    /// The proxy to go through, as `http://ADDRESS:PORT`.
    pub proxy: Option<String>,
    /// Fetch in plaintext from hosts beyond this machine.
    pub allow_http: bool,
    /// The share of the records there were that may be gone, 0 to 1.
    pub max_loss: f64,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: HeaderValue,
}

/// Where the value of a header comes from. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// The text itself.
    Text(String),
    /// A file that holds it, read for every request.
    File(PathBuf),
}

impl std::fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HeaderValue::Text(_) => f.write_str("Text(..)"),
            HeaderValue::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// What is wrong with a source: the key of its section, and a sentence to be read after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFault {
    /// The key.
    pub key: &'static str,
    /// What is wrong with its value and what was expected.
    pub problem: String,
}

impl Source {
    /// The most bytes of one file unless somebody says otherwise.
    pub const MAX_BYTES: u64 = 512 << 20;

    /// A source with the defaults of everything but its name and addresses.
    pub fn new(name: DatasetName, urls: Vec<String>) -> Source {
        Source {
            dataset: name.clone(),
            name,
            urls,
            format: None,
            mapping: None,
            every: Duration::from_secs(6 * 3600),
            timeout: Duration::from_secs(600),
            max_bytes: Source::MAX_BYTES,
            sha256: None,
            checksum_url: None,
            headers: Vec::new(),
            ca: None,
            proxy: None,
            allow_http: false,
            max_loss: crate::registry::Guard::MAX_LOSS,
        }
    }

    /// Checks what can be checked without asking the server.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SourceFault> {
        let fault = |key, problem: String| Err(SourceFault { key, problem });
        if self.urls.is_empty() {
            return fault("url", "names no address".into());
        }
        let mut names = BTreeSet::new();
        for url in self.urls.iter().chain(&self.checksum_url) {
            let Ok(parsed) = url.parse::<http::Uri>() else {
                return fault("url", format!("is no address: {:?}", without_query(url)));
            };
            let host = parsed.host().unwrap_or_default();
            match parsed.scheme_str() {
                Some("https") if !host.is_empty() => {}
                Some("http") if self.allow_http || is_this_machine(host) => {}
                Some("http") => {
                    let problem =
                        "is plaintext, which anybody on the way can change: use https, or set `allow_http = true`";
                    return fault("url", problem.into());
                }
                _ => return fault("url", format!("must begin with https://, got {:?}", without_query(url))),
            }
        }
        for url in &self.urls {
            if !names.insert(file_name(url)) {
                return fault("url", format!("two addresses end in the file name {:?}", file_name(url)));
            }
        }
        if self.urls.len() > 1 && (self.sha256.is_some() || self.checksum_url.is_some()) {
            return fault("sha256", "and `checksum_url` are for sources of one file".into());
        }
        if self.sha256.as_ref().is_some_and(|digest| !is_digest(digest)) {
            return fault("sha256", "must be 64 hexadecimal digits".into());
        }
        match (self.format, &self.mapping) {
            (Some(Format::Mapped), None) => {
                return fault("format", "is \"mapped\", but `mapping` names no file".into());
            }
            (Some(format), Some(_)) if format != Format::Mapped => {
                return fault("mapping", format!("does not go with the format {format}"));
            }
            _ => {}
        }
        for header in &self.headers {
            if header.name.parse::<http::HeaderName>().is_err() {
                return fault("headers", format!("has a name that no header can have: {:?}", header.name));
            }
        }
        if !(0.0..=1.0).contains(&self.max_loss) {
            return fault("max_loss_percent", "must lie between 0 and 100".into());
        }
        Ok(())
    }
}

/// True if a host is the machine itself: nobody is on the way there.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// An address as messages and logs show it: a query may hold a token.
pub(super) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// The name of the file that an address ends in; "list" where it ends in none that a file can have.
pub(super) fn file_name(url: &str) -> String {
    let path = without_query(url).split_once("://").map_or("", |(_, rest)| rest);
    let name = path.split_once('/').map_or("", |(_, path)| path).rsplit('/').next().unwrap_or_default();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    let usable = plain && !name.is_empty() && name.len() <= 100 && !name.starts_with('.');
    if usable { name.to_owned() } else { "list".to_owned() }
}
