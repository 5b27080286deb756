use std::sync::Arc;

use tokio::sync::Semaphore;
use tonic::Status;

use super::listener::{ImportResult, MatchOutcome, Observer, Silent};
use super::receipt::Signer;
use super::status::{Reason, status};
use crate::batch::live::Keeper;
use crate::registry::ImportCounts;
use crate::resolver::{Engine, Published, Resolution, Verdict};
use crate::screening::Portfolio;
use crate::text::Script;

/// The most items of one batch.
pub const MAX_ITEMS: usize = 500;
/// The longest text to transliterate, in characters.
pub const MAX_TRANSLITERATE_CHARACTERS: usize = 4096;

/// Where the records come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The bundled sample list, which cannot be changed.
    Sample,
    /// A data directory.
    Data,
}

/// What the adapters share: the engine, and the threads that compute.
#[derive(Clone)]
pub struct Backend {
    engine: Arc<Engine>,
    origin: Origin,
    /// Imports run one at a time beside the searches.
    imports: Arc<Semaphore>,
    /// How many searches run at once: as many as there are cores. Further ones wait their turn.
    searches: Arc<Semaphore>,
    /// How many candidates there are unless the caller says.
    pub default_limit: usize,
    observer: Arc<dyn Observer>,
    signer: Option<Arc<Signer>>,
    portfolio: Option<Arc<Portfolio>>,
    sources: Option<Arc<Keeper>>,
}

impl Backend {
    /// A backend over an engine, with at most `workers` searches at once.
    pub fn new(engine: impl Into<Arc<Engine>>, origin: Origin, workers: usize, default_limit: usize) -> Backend {
        let searches = Arc::new(Semaphore::new(workers.max(1)));
        let observer: Arc<dyn Observer> = Arc::new(Silent);
        Backend {
            engine: engine.into(),
            origin,
            imports: Arc::new(Semaphore::new(1)),
            searches,
            default_limit,
            observer,
            signer: None,
            portfolio: None,
            sources: None,
        }
    }

    /// The same backend, watched.
    pub fn observed(self, observer: Arc<dyn Observer>) -> Backend {
        Backend { observer, ..self }
    }

    /// The same backend, which signs the receipts that are asked for.
    pub fn signing(self, signer: Option<Signer>) -> Backend {
        Backend { signer: signer.map(Arc::new), ..self }
    }

    /// The same backend, which screens a portfolio.
    pub fn screening(self, portfolio: Option<Portfolio>) -> Backend {
        Backend { portfolio: portfolio.map(Arc::new), ..self }
    }

    /// The portfolio that is screened, if there is one.
    pub(super) fn portfolio(&self) -> Option<&Arc<Portfolio>> {
        self.portfolio.as_ref()
    }

    /// What signs receipts, if anything does.
    pub(super) fn signer(&self) -> Option<&Signer> {
        self.signer.as_deref()
    }

    /// The same backend, with lists that are fetched.
    pub fn fetching(self, sources: Arc<Keeper>) -> Backend {
        Backend { sources: Some(sources), ..self }
    }

    /// The lists that are fetched.
    pub(super) fn sources(&self) -> Option<&Keeper> {
        self.sources.as_deref()
    }

    /// Counts a query that was answered: outcome, work, and the scripts of its names.
    pub(super) fn answered(&self, resolution: &Resolution, scripts: &[Script]) {
        let outcome = match (resolution.is_incomplete(), resolution.verdict) {
            (true, _) => MatchOutcome::Incomplete,
            (false, Verdict::Match) => MatchOutcome::Match,
            (false, Verdict::Review) => MatchOutcome::Review,
            (false, Verdict::NoMatch) => MatchOutcome::NoMatch,
        };
        self.observer.matched(outcome);
        self.observer.match_cost(resolution.candidates as u64, resolution.work);
        scripts.iter().for_each(|script| self.observer.query_script(*script));
    }

    /// Counts a query that was not taken.
    pub(super) fn refused(&self) {
        self.observer.matched(MatchOutcome::Refused);
    }

    /// Counts an import, and tells which index serves now.
    pub(super) fn imported(&self, dataset: &str, published: &Published) {
        let ImportCounts { imported, unchanged, quarantined, .. } = published.counts;
        self.observer.imported(dataset, ImportResult::Imported, imported);
        self.observer.imported(dataset, ImportResult::Unchanged, unchanged);
        self.observer.imported(dataset, ImportResult::Quarantined, quarantined);
        self.observer.index_serves(&published.version.index);
    }

    /// Tells which index serves now.
    pub(super) fn serves(&self, version: &str) {
        self.observer.index_serves(version);
    }

    /// The engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Refuses changes to the bundled list.
    pub(super) fn require_writable(&self) -> Result<(), Status> {
        match self.origin {
            Origin::Data => Ok(()),
            Origin::Sample => Err(status(
                Reason::ReadOnly,
                "the server serves the bundled sample list, which cannot be changed: start it with --data DIR",
            )),
        }
    }

    /// Runs a computation on a thread that may block, at most as many at once as there are workers. A caller that
    /// goes away while it waits gives up its turn.
    pub(super) async fn compute<T, F>(&self, work: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, Status> + Send + 'static,
    {
        self.run(&self.searches, work).await
    }

    /// Runs a change of the index on a thread that may block, one at a time. It takes no search's turn.
    pub(super) async fn import<T, F>(&self, work: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, Status> + Send + 'static,
    {
        self.run(&self.imports, work).await
    }

    async fn run<T, F>(&self, turns: &Arc<Semaphore>, work: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, Status> + Send + 'static,
    {
        let permit = Arc::clone(turns).acquire_owned().await;
        let permit = permit.map_err(|_| status(Reason::Internal, "the server is shutting down"))?;
        let engine = Arc::clone(&self.engine);
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&engine)
        });
        done.await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "a request stopped unexpectedly");
            Err(status(Reason::Internal, "the request stopped unexpectedly"))
        })
    }
}
