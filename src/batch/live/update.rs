use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::{fs, io};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::download::{Download, FetchError, hexadecimal, url_digest};
use super::schedule;
use super::source::{Source, file_name, without_query};
use super::state::{Fetched, State, Status};
use crate::batch::{ImportError, ImportJob, ImportReport, import};
use crate::resolver::Engine;
use crate::sources::{Format, SourceError};
use crate::storage::{Directory, FsDirectory, StorageError};

/// The folder of all sources in a data directory.
const FOLDER: &str = "sources";

/// Why a list was not taken over. What serves is what served before.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// A file could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The files are of no known format.
    #[error(transparent)]
    Format(#[from] SourceError),
    /// The list could not be imported, or lost too many records.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A file could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A mistake in the program.
    #[error("the list could not be taken over: the program stopped unexpectedly while it was read; its log says more")]
    Stopped,
}

/// What looking at a source led to.
#[derive(Debug)]
pub enum Outcome {
    /// The list is the one that was imported last.
    Unchanged,
    /// A new version was imported.
    Imported(Box<ImportReport>),
}

/// What is known of a source; nothing is fetched. `data` is the data directory.
///
/// # Errors
/// Whatever the system says.
pub fn status(data: &Path, source: &Source) -> Result<Status, StorageError> {
    let folder = data.join(FOLDER).join(source.name.as_str());
    let state = match folder.is_dir() {
        true => State::read(&FsDirectory::open(folder)?)?,
        false => State::default(),
    };
    Ok(Status {
        name: source.name.clone(),
        dataset: source.dataset.clone(),
        is_running: false,
        next_attempt: schedule::next(source.name.as_str(), source.every, &state),
        state,
    })
}

/// Looks whether a source has a new version, and imports it as a whole if so. With `accept_loss` whatever it lost.
/// The state is written before this returns, whether it went well or not.
///
/// # Errors
/// See [`UpdateError`]; it is also told by [`status`] from then on.
pub fn update(
    engine: &Engine,
    data: &Path,
    source: &Source,
    accept_loss: bool,
    stop: &AtomicBool,
) -> Result<Outcome, UpdateError> {
    let folder = FsDirectory::create(data.join(FOLDER).join(source.name.as_str()))?;
    let mut state = State::read(&folder)?;
    let done = attempt(engine, &folder, source, accept_loss, stop, &mut state);
    let now = Timestamp::now();
    if matches!(done, Err(UpdateError::Fetch(FetchError::Stopped))) {
        tidy(&folder, state.take);
        return done;
    }
    state.last_attempt = Some(now);
    match &done {
        Ok(outcome) => {
            state.last_success = Some(now);
            state.failures = 0;
            state.last_error = None;
            if matches!(outcome, Outcome::Imported(_)) {
                state.last_change = Some(now);
            }
        }
        Err(error) => {
            state.failures = state.failures.saturating_add(1);
            state.last_error = Some(error.to_string());
        }
    }
    // If this cannot be written, the list is fetched once more than needed: nothing is lost.
    let written = state.write(&folder);
    tidy(&folder, state.take);
    let outcome = done?;
    written?;
    Ok(outcome)
}

fn attempt(
    engine: &Engine,
    folder: &FsDirectory,
    source: &Source,
    accept_loss: bool,
    stop: &AtomicBool,
    state: &mut State,
) -> Result<Outcome, UpdateError> {
    let download = Download::new(source, stop)?;
    let expected = download.expected_digest()?;
    let before = folder.path().join(take_name(state.take));
    let number = state.take.wrapping_add(1);
    let path = folder.path().join(take_name(number));
    remove(&path)?;
    let take = FsDirectory::create(&path)?;
    let mut files = Vec::new();
    let mut is_new = false;
    for url in &source.urls {
        let known = known(state, url, &before);
        let is_expected = |known: &&Fetched| expected.as_ref().is_none_or(|expected| known.sha256 == *expected);
        let fetched = match download.fetch(url, known.filter(is_expected), &take)? {
            Some(fetched) => {
                is_new = true;
                fetched
            }
            None => {
                // Only a file that is known, and there, is asked for under a condition.
                let known = known.cloned().unwrap_or_default();
                keep(&before.join(&known.file), &take, &known.file)?;
                known
            }
        };
        if let Some(expected) = expected.as_ref().filter(|expected| **expected != fetched.sha256) {
            let (url, found) = (without_query(url).to_owned(), fetched.sha256.clone());
            return Err(FetchError::Checksum { url, expected: expected.clone(), found }.into());
        }
        files.push(fetched);
    }
    take.sync()?;
    let digest = digest(source, &files);
    if state.imported.as_ref() == Some(&digest) {
        if is_new {
            (state.take, state.files) = (number, files);
        }
        return Ok(Outcome::Unchanged);
    }
    let paths: Vec<PathBuf> = files.iter().map(|file| path.join(&file.file)).collect();
    let format = match (source.format, &source.mapping) {
        (Some(format), _) => format,
        (None, Some(_)) => Format::Mapped,
        (None, None) => Format::of_files(&paths)?,
    };
    let job = ImportJob {
        dataset: source.dataset.clone(),
        format,
        files: paths,
        mapping: source.mapping.as_ref().map(|(mapping, _)| mapping.clone()),
        max_loss: (!accept_loss).then_some(source.max_loss),
        actor: format!("source {}", source.name),
    };
    let report = import(engine, &job, &|_| {})?;
    (state.take, state.files, state.imported) = (number, files, Some(digest));
    (state.records, state.quarantined) = (report.counts.read - report.counts.quarantined, report.counts.quarantined);
    Ok(Outcome::Imported(Box::new(report)))
}

/// What is known of the file of an address, if it is there and as it was.
fn known<'s>(state: &'s State, url: &str, before: &Path) -> Option<&'s Fetched> {
    let digest = url_digest(url);
    let known = state.files.iter().find(|file| file.url_digest == digest && file.file == file_name(url))?;
    let mut digest = Sha256::new();
    io::copy(&mut fs::File::open(before.join(&known.file)).ok()?, &mut digest).ok()?;
    (hexadecimal(&digest.finalize()) == known.sha256).then_some(known)
}

/// A digest of the files and of how they are read: a changed mapping is a new version too.
fn digest(source: &Source, files: &[Fetched]) -> String {
    let mut digest = Sha256::new();
    let mapping = source.mapping.as_ref().map_or("", |(_, text)| text.as_str());
    let format = source.format.map_or("", Format::as_str);
    for text in [source.dataset.as_str(), format, mapping] {
        digest.update(text.len().to_le_bytes());
        digest.update(text);
    }
    for file in files {
        digest.update(&file.file);
        digest.update(&file.sha256);
    }
    hexadecimal(&digest.finalize())
}

fn take_name(number: u64) -> String {
    format!("take-{number}")
}

/// Takes a file over into the folder of the new version.
fn keep(from: &Path, take: &FsDirectory, file: &str) -> Result<(), StorageError> {
    let to = take.path().join(file);
    // Not every file system has hard links.
    let kept = fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(drop));
    kept.map_err(|source| StorageError::io(file, "keep", source))
}

fn remove(path: &Path) -> Result<(), StorageError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StorageError::io(&path.display().to_string(), "remove", error))
        }
        _ => Ok(()),
    }
}

/// Removes the folders of other versions than the one that was imported.
fn tidy(folder: &FsDirectory, current: u64) {
    let Ok(entries) = fs::read_dir(folder.path()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("take-") && name != take_name(current) {
            // What is left behind takes room but is never read; the next turn tries again.
            let _ = remove(&entry.path());
        }
    }
}
