use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::source::{HeaderValue, Source, file_name, is_digest, without_query};
use super::state::Fetched;
use crate::storage::{Directory, FsDirectory, StorageError};

/// The most redirects that are followed.
const MAX_REDIRECTS: u32 = 5;
/// The most bytes of a published checksum.
const MAX_CHECKSUM_BYTES: u64 = 64 << 10;
/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server could not be reached, broke off, or took too long.
    #[error("{url}: {problem}")]
    Transfer {
        /// The address, without its query.
        url: String,
        /// What happened and what to look at.
        problem: String,
    },
    /// The server answered something else than a file.
    #[error("{url}: the server answered {status}; {advice}")]
    Answer {
        /// The address, without its query.
        url: String,
        /// The status of HTTP.
        status: u16,
        /// What to do.
        advice: &'static str,
    },
    /// The file is larger than it may be.
    #[error("{url}: the file has more than {limit} bytes; raise `max_bytes` if that is right")]
    TooLarge {
        /// The address, without its query.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// The file is not the one that its checksum says.
    #[error("{url}: the file has the SHA-256 {found}, {expected} was expected; it is not taken over")]
    Checksum {
        /// The address, without its query.
        url: String,
        /// What it should have.
        expected: String,
        /// What it has.
        found: String,
    },
    /// A file that the source names cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Setting {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A certificate or proxy of the source cannot be used.
    #[error("{what} cannot be used: {problem}")]
    Unusable {
        /// What.
        what: String,
        /// Why.
        problem: String,
    },
    /// The file could not be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The program ends.
    #[error("stopped because the program ends")]
    Stopped,
}

/// Fetches the files of one source.
pub(super) struct Download<'s> {
    source: &'s Source,
    agent: Agent,
    stop: &'s AtomicBool,
}

impl<'s> Download<'s> {
    /// Makes ready what every request needs.
    ///
    /// # Errors
    /// What the source names cannot be read or used.
    pub(super) fn new(source: &'s Source, stop: &'s AtomicBool) -> Result<Download<'s>, FetchError> {
        let roots = match &source.ca {
            None => RootCerts::WebPki,
            Some(path) => RootCerts::Specific(Arc::new(certificates(path)?)),
        };
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let proxy = source.proxy.as_deref().map(ureq::Proxy::new).transpose();
        let proxy = proxy.map_err(|error| FetchError::Unusable { what: "proxy".into(), problem: error.to_string() })?;
        let in_plaintext = source.urls.iter().chain(&source.checksum_url).any(|url| url.starts_with("http:"));
        // A secret goes where it was meant to; and plaintext that is allowed for this machine is not allowed beyond it.
        let may_redirect = source.headers.is_empty() && (source.allow_http || !in_plaintext);
        let config = Agent::config_builder()
            .timeout_global(Some(source.timeout))
            .https_only(!in_plaintext)
            .max_redirects(if may_redirect { MAX_REDIRECTS } else { 0 })
            .max_redirects_will_error(may_redirect)
            .http_status_as_error(false)
            .user_agent(concat!("exonym/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy)
            .tls_config(tls)
            .build();
        Ok(Download { source, agent: config.into(), stop })
    }

    /// The checksum that is published for the source's file; `None` where none is.
    ///
    /// # Errors
    /// It could not be fetched, or is none.
    pub(super) fn expected_digest(&self) -> Result<Option<String>, FetchError> {
        if let Some(pinned) = &self.source.sha256 {
            return Ok(Some(pinned.to_ascii_lowercase()));
        }
        let Some(url) = &self.source.checksum_url else { return Ok(None) };
        let response = self.get(url, None)?;
        refuse_status(url, response.status())?;
        let mut text = Vec::new();
        self.read(url, response, MAX_CHECKSUM_BYTES, &mut |bytes| {
            text.extend_from_slice(bytes);
            Ok(())
        })?;
        let text = String::from_utf8_lossy(&text);
        let name = file_name(self.source.urls.first().map_or("", String::as_str));
        let of_file = text.lines().find(|line| line.contains(&name));
        let words = of_file.into_iter().chain(text.lines()).flat_map(str::split_whitespace);
        let digest = words.map(|word| word.trim_start_matches("sha256:")).find(|word| is_digest(word));
        let none = || FetchError::Transfer {
            url: without_query(url).to_owned(),
            problem: "there is no SHA-256 in hexadecimal in it".into(),
        };
        digest.map(|digest| Some(digest.to_ascii_lowercase())).ok_or_else(none)
    }

    /// Fetches a file into a folder; `None` if it is still the one that is known.
    ///
    /// # Errors
    /// See [`FetchError`]. A file may be left behind, unfinished.
    pub(super) fn fetch(
        &self,
        url: &str,
        known: Option<&Fetched>,
        into: &FsDirectory,
    ) -> Result<Option<Fetched>, FetchError> {
        let response = self.get(url, known)?;
        if response.status() == StatusCode::NOT_MODIFIED && known.is_some() {
            return Ok(None);
        }
        refuse_status(url, response.status())?;
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let mut fetched = Fetched {
            url_digest: url_digest(url),
            file: file_name(url),
            etag: header("etag"),
            last_modified: header("last-modified"),
            sha256: String::new(),
        };
        let write = |source| FetchError::Storage(StorageError::io(&fetched.file, "write", source));
        let mut draft = into.create(&fetched.file)?;
        let mut digest = Sha256::new();
        self.read(url, response, self.source.max_bytes, &mut |bytes| {
            digest.update(bytes);
            draft.write_all(bytes).map_err(write)
        })?;
        draft.sync().map_err(write)?;
        fetched.sha256 = hexadecimal(&digest.finalize());
        Ok(Some(fetched))
    }

    fn get(&self, url: &str, known: Option<&Fetched>) -> Result<Response<ureq::Body>, FetchError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(FetchError::Stopped);
        }
        let mut request = self.agent.get(url);
        for header in &self.source.headers {
            let value = match &header.value {
                HeaderValue::Text(text) => text.clone(),
                HeaderValue::File(path) => fs::read_to_string(path)
                    .map_err(|source| FetchError::Setting { path: path.clone(), source })?
                    .trim()
                    .to_owned(),
            };
            request = request.header(&header.name, value);
        }
        let conditions =
            known.map(|known| [("If-None-Match", &known.etag), ("If-Modified-Since", &known.last_modified)]);
        for (name, value) in conditions.into_iter().flatten().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        request.call().map_err(|error| transfer(url, &error))
    }

    /// Hands the bytes of an answer on, as many as there may be.
    fn read(
        &self,
        url: &str,
        response: Response<ureq::Body>,
        limit: u64,
        each: &mut dyn FnMut(&[u8]) -> Result<(), FetchError>,
    ) -> Result<(), FetchError> {
        let too_large = || FetchError::TooLarge { url: without_query(url).to_owned(), limit };
        let announced = length(response.headers());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        // The bound is kept here, on what comes out of the decompression.
        let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        let mut chunk = vec![0; CHUNK];
        let mut count = 0u64;
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(FetchError::Stopped);
            }
            let read = match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(transfer(url, &ureq::Error::from(error))),
            };
            count += read as u64;
            if count > limit {
                return Err(too_large());
            }
            each(&chunk[..read])?;
        }
        Ok(())
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get("content-length")?.to_str().ok()?.parse().ok()
}

fn certificates(path: &std::path::Path) -> Result<Vec<Certificate<'static>>, FetchError> {
    let pem = fs::read(path).map_err(|source| FetchError::Setting { path: path.to_owned(), source })?;
    let unusable = |problem: String| FetchError::Unusable { what: format!("ca {}", path.display()), problem };
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| unusable(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(unusable("it holds no certificate in PEM".into())) } else { Ok(found) }
}

fn refuse_status(url: &str, status: StatusCode) -> Result<(), FetchError> {
    let advice = match status.as_u16() {
        200 => return Ok(()),
        301 | 302 | 303 | 307 | 308 => {
            "a source with headers, or in plaintext, follows no redirect: give the address that it leads to"
        }
        401 | 403 => "look at the headers of the source",
        404 | 410 => "look at the address",
        429 => "it is asked too often",
        _ => "it is tried again later",
    };
    Err(FetchError::Answer { url: without_query(url).to_owned(), status: status.as_u16(), advice })
}

fn transfer(url: &str, error: &ureq::Error) -> FetchError {
    let problem = match error {
        ureq::Error::TooManyRedirects => format!("more than {MAX_REDIRECTS} redirects; look at the address"),
        ureq::Error::RequireHttpsOnly(_) => "it leads to an address in plaintext, which is not followed".to_owned(),
        ureq::Error::Timeout(_) => "it took longer than `timeout_seconds`".to_owned(),
        ureq::Error::HostNotFound => "there is no such host; look at the address".to_owned(),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the server broke off before the end".to_owned()
        }
        error => format!("it could not be fetched: {error}"),
    };
    FetchError::Transfer { url: without_query(url).to_owned(), problem }
}

pub(super) fn url_digest(url: &str) -> String {
    hexadecimal(&Sha256::digest(url.as_bytes()))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
