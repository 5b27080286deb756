use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::ScreeningError;
use super::likely::Likely;
use super::screen::{self, Alert, Screened, Subject};
use super::store::{self, Rows};
use crate::model::Version;
use crate::resolver::{AsOf, Engine, Query, Snapshot};

/// Reads what a subject's bytes ask for; `None` if it cannot.
pub type Reader = fn(&[u8]) -> Option<Query>;

/// Subjects that are screened before others may work.
const STEP: usize = 16;
/// Alerts that are kept.
const KEPT: u64 = 1_000_000;

/// The subjects of a data directory, their hits, and what changed for them.
pub struct Portfolio {
    rows: Rows,
    reader: Reader,
    likely: Likely,
    /// How often subjects were added, replaced or removed.
    changes: AtomicU64,
    pass: Mutex<Option<Pass>>,
}

/// A version that is being screened, or was.
struct Pass {
    version: Version,
    /// Subjects to be screened before the others.
    first: BTreeSet<String>,
    /// Behind which of the others to go on; `None`: all are screened.
    after: Option<String>,
}

impl Portfolio {
    /// The file in a data directory.
    pub const FILE: &str = "portfolio.sqlite";
    /// The most subjects.
    pub const MAX_SUBJECTS: u64 = 100_000;

    /// Opens the portfolio of a data directory, which this process holds; made where there is none.
    pub fn open(data: &Path, reader: Reader) -> Result<Portfolio, ScreeningError> {
        Ok(Portfolio {
            rows: Rows::open(&data.join(Portfolio::FILE))?,
            reader,
            likely: Likely::default(),
            changes: AtomicU64::new(0),
            pass: Mutex::new(None),
        })
    }

    /// Adds or replaces subjects, all or none of them; durable when this returns. Their hits as of now are where alerts
    /// start from. Costs a search for each.
    pub fn put(&self, engine: &Engine, subjects: Vec<(Subject, Query)>) -> Result<Vec<Screened>, ScreeningError> {
        let snapshot = engine.snapshot();
        let mut screened = Vec::with_capacity(subjects.len());
        for (place, (subject, query)) in subjects.into_iter().enumerate() {
            let hits = screen::hits(engine, &snapshot, &subject.id, &query)?;
            let hits = hits.map_err(|source| ScreeningError::Query { place, source })?;
            screened.push(Screened { subject, hits, version: snapshot.version().clone() });
        }
        let all: Vec<Subject> = screened.iter().map(|screened| screened.subject.clone()).collect();
        let (there, count) = self.rows.count(&all)?;
        let count = count - there + all.len() as u64;
        if count > Portfolio::MAX_SUBJECTS {
            return Err(ScreeningError::Full { count, limit: Portfolio::MAX_SUBJECTS });
        }
        self.rows.write(|transaction| screened.iter().try_for_each(|screened| store::put(transaction, screened)))?;
        self.changes.fetch_add(1, Ordering::Relaxed);
        Ok(screened)
    }

    /// Removes subjects; gives how many were there.
    pub fn delete(&self, ids: &[String]) -> Result<usize, ScreeningError> {
        let deleted = self.rows.write(|transaction| {
            let mut statement = transaction.prepare_cached("DELETE FROM subjects WHERE id = ?")?;
            ids.iter().map(|id| statement.execute([id])).sum()
        });
        self.changes.fetch_add(1, Ordering::Relaxed);
        deleted
    }

    /// The first `limit` subjects behind an id, ordered by id.
    pub fn subjects(&self, after: &str, limit: usize) -> Result<Vec<Screened>, ScreeningError> {
        self.rows.subjects(after, limit, None)
    }

    /// The first `limit` alerts behind a number, in order.
    pub fn alerts(&self, after: u64, limit: usize) -> Result<Vec<Alert>, ScreeningError> {
        self.rows.alerts(after, limit)
    }

    /// The numbers of the first alert that is kept and of the last one there ever was; 1 and 0 where there was none.
    pub fn bounds(&self) -> Result<(u64, u64), ScreeningError> {
        self.rows.bounds()
    }

    /// Screens some subjects in what serves now, as far as they are not; those first whom the change most likely concerns.
    /// False if all are: whoever goes on as long as it is true has told what changed for everybody.
    pub fn step(&self, engine: &Engine) -> Result<bool, ScreeningError> {
        let mut held = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = engine.snapshot();
        if held.as_ref().is_none_or(|pass| pass.version != *snapshot.version()) {
            let first = match &*held {
                Some(before) => self.concerned(engine, &before.version, &snapshot)?,
                None => BTreeSet::new(),
            };
            *held = Some(Pass { version: snapshot.version().clone(), first, after: Some(String::new()) });
        }
        let Some(pass) = held.as_mut() else { return Ok(false) };
        let ids: Vec<String> = pass.first.iter().take(STEP).cloned().collect();
        if !ids.is_empty() {
            let mut subjects = Vec::with_capacity(ids.len());
            for id in &ids {
                let subject = self.rows.subject(id)?;
                subjects.extend(subject.filter(|screened| screened.version != pass.version));
            }
            self.screen(engine, &snapshot, subjects)?;
            pass.first.retain(|id| !ids.contains(id));
            return Ok(true);
        }
        let Some(after) = &pass.after else { return Ok(false) };
        let subjects = self.rows.subjects(after, STEP, Some(&pass.version))?;
        let last = subjects.last().map(|screened| screened.subject.id.clone());
        self.screen(engine, &snapshot, subjects)?;
        pass.after = last;
        Ok(pass.after.is_some())
    }

    fn concerned(
        &self,
        engine: &Engine,
        before: &Version,
        snapshot: &Snapshot,
    ) -> Result<BTreeSet<String>, ScreeningError> {
        let from = AsOf::Index(before.index.clone(), Some(before.registry_revision));
        let changes = self.changes.load(Ordering::Relaxed);
        self.likely.concerned(&self.rows, changes, self.reader, engine, &from, snapshot)
    }

    fn screen(&self, engine: &Engine, snapshot: &Snapshot, subjects: Vec<Screened>) -> Result<(), ScreeningError> {
        let mut found = Vec::with_capacity(subjects.len());
        for before in subjects {
            let id = before.subject.id.clone();
            let query = (self.reader)(&before.subject.bytes);
            let hits = query.map(|query| screen::hits(engine, snapshot, &id, &query)).transpose()?;
            // What cannot be read any more keeps its hits; it was read when it was put.
            let hits = match hits {
                Some(Ok(hits)) => hits,
                Some(Err(_)) | None => {
                    tracing::error!(subject = id, "a subject of the portfolio cannot be read: put it again");
                    before.hits.clone()
                }
            };
            let changes = screen::compare(&before.hits, &hits, snapshot);
            found.push((Screened { subject: before.subject, hits, version: snapshot.version().clone() }, changes));
        }
        let at = Timestamp::now();
        self.rows.write(|transaction| {
            for (screened, changes) in found {
                // Replaced or removed meanwhile: then its hits are known already, or nobody wants them.
                if store::update(transaction, &screened)? {
                    for change in changes {
                        store::tell(transaction, change, &screened, at, KEPT)?;
                    }
                }
            }
            Ok(())
        })
    }
}
