use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::source::Source;
use super::state::Status;
use super::update::{Outcome, UpdateError, status, update};
use crate::resolver::Engine;
use crate::storage::StorageError;

/// The longest sleep: the clock of the machine may be set.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// No source is called so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no source is called {0:?}")]
pub struct UnknownSource(pub String);

/// What is told after each look at a source.
pub type Told = Box<dyn Fn(&Status, &Result<Outcome, UpdateError>) + Send>;

/// Looks at sources when they are due, one after another, on a thread of its own. Requests never wait for it.
pub struct Keeper {
    shared: Arc<Shared>,
}

struct Shared {
    kept: Mutex<Kept>,
    /// Told when there is something to do, and when something was done.
    changed: Condvar,
    stop: AtomicBool,
}

#[derive(Default)]
struct Kept {
    statuses: Vec<Status>,
    /// Sources that somebody asked for, and whether losses are accepted.
    asked: Vec<(usize, bool)>,
    /// True once the thread has ended.
    has_ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Statuses are replaced as a whole: a panic of the holder leaves none half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    /// Begins to look at sources. `data` is the data directory of the engine.
    ///
    /// # Errors
    /// The state of a source cannot be read.
    pub fn start(engine: Arc<Engine>, data: PathBuf, sources: Vec<Source>, told: Told) -> Result<Keeper, StorageError> {
        let statuses: Result<Vec<Status>, StorageError> = sources.iter().map(|source| status(&data, source)).collect();
        let kept = Mutex::new(Kept { statuses: statuses?, ..Kept::default() });
        let shared = Arc::new(Shared { kept, changed: Condvar::new(), stop: AtomicBool::new(false) });
        let worker = Worker { shared: Arc::clone(&shared), engine, data, sources, told };
        let thread = thread::Builder::new().name("sources".to_owned()).spawn(move || worker.run());
        thread.map_err(|source| StorageError::io("sources", "start a thread for", source))?;
        Ok(Keeper { shared })
    }

    /// What is known of every source, in the order of the settings.
    pub fn statuses(&self) -> Vec<Status> {
        self.shared.lock().statuses.clone()
    }

    /// Asks to look at a source as soon as the one that is looked at is done. Gives what is known of it so far.
    ///
    /// # Errors
    /// [`UnknownSource`].
    pub fn request(&self, name: &str, accept_loss: bool) -> Result<Status, UnknownSource> {
        let mut kept = self.shared.lock();
        let at = kept.statuses.iter().position(|status| status.name.as_str() == name);
        let at = at.ok_or_else(|| UnknownSource(name.to_owned()))?;
        match kept.asked.iter_mut().find(|(asked, _)| *asked == at) {
            Some((_, accepted)) => *accepted |= accept_loss,
            None => kept.asked.push((at, accept_loss)),
        }
        kept.statuses[at].is_running = true;
        let status = kept.statuses[at].clone();
        drop(kept);
        self.shared.changed.notify_all();
        Ok(status)
    }

    /// Waits until something changed that is not as `known` says, at most so long. For tests and commands.
    pub fn wait_for_change(&self, known: &[Status], patience: Duration) -> Vec<Status> {
        let kept = self.shared.lock();
        let waited = self.shared.changed.wait_timeout_while(kept, patience, |kept| kept.statuses == known);
        waited.unwrap_or_else(PoisonError::into_inner).0.statuses.clone()
    }

    /// Ends the thread: a transfer is broken off, an import is waited for, but not longer than `patience`. True if the
    /// thread has ended. Ending the process instead harms nothing: an import is there as a whole or not at all.
    pub fn stop(&self, patience: Duration) -> bool {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.changed.notify_all();
        let waited = self.shared.changed.wait_timeout_while(self.shared.lock(), patience, |kept| !kept.has_ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.has_ended
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.changed.notify_all();
    }
}

struct Worker {
    shared: Arc<Shared>,
    engine: Arc<Engine>,
    data: PathBuf,
    sources: Vec<Source>,
    told: Told,
}

/// Says that the thread has ended, however it did.
struct Ended<'s>(&'s Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.lock().has_ended = true;
        self.0.changed.notify_all();
    }
}

impl Worker {
    fn run(self) {
        let _ended = Ended(&self.shared);
        while let Some((at, accept_loss)) = self.next() {
            self.look(at, accept_loss);
        }
    }

    /// Waits for the next source to look at; `None` when the program ends.
    fn next(&self) -> Option<(usize, bool)> {
        let mut kept = self.shared.lock();
        loop {
            if self.shared.stop.load(Ordering::Relaxed) {
                return None;
            }
            if !kept.asked.is_empty() {
                return Some(kept.asked.remove(0));
            }
            let now = Timestamp::now();
            let due = kept.statuses.iter().enumerate().min_by_key(|(at, status)| (status.next_attempt, *at));
            let sleep = match due {
                Some((at, status)) if status.next_attempt <= now => {
                    kept.statuses[at].is_running = true;
                    return Some((at, false));
                }
                Some((_, status)) => status.next_attempt.duration_since(now).unsigned_abs().min(LONGEST_SLEEP),
                None => LONGEST_SLEEP,
            };
            kept = self.shared.changed.wait_timeout(kept, sleep).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn look(&self, at: usize, accept_loss: bool) {
        let source = &self.sources[at];
        let looked = || update(&self.engine, &self.data, source, accept_loss, &self.shared.stop);
        // A list that the program stumbles over does not keep it from the others.
        let done = catch_unwind(AssertUnwindSafe(looked)).unwrap_or(Err(UpdateError::Stopped));
        let known = status(&self.data, source);
        let status = {
            let mut kept = self.shared.lock();
            let is_asked = kept.asked.iter().any(|(asked, _)| *asked == at);
            let before = &mut kept.statuses[at];
            if let Ok(known) = known {
                *before = known;
            }
            if let Err(error) = &done {
                // The state may not have been written: what is told is what happened.
                before.state.last_error.get_or_insert_with(|| error.to_string());
            }
            if before.next_attempt <= Timestamp::now() {
                // The state could not be written: without this, the source would be looked at without end.
                before.next_attempt = Timestamp::now().checked_add(LONGEST_SLEEP).unwrap_or(Timestamp::MAX);
            }
            before.is_running = is_asked;
            before.clone()
        };
        (self.told)(&status, &done);
        self.shared.changed.notify_all();
    }
}
