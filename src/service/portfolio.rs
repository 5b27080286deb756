use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use tonic::{Request, Response, Status};

use super::status::{Reason, field_violation, query_status, registry_status, status};
use super::watch::{self, Messages};
use super::{Backend, MAX_ITEMS, convert, page};
use crate::proto::v1;
use crate::proto::v1::portfolio_service_server::PortfolioService;
use crate::resolver::{Engine, Query};
use crate::screening::{Portfolio, ScreeningError, Subject};

/// How often it is looked whether something else serves.
const PERIOD: Duration = Duration::from_millis(200);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(10);
/// The most alerts of one message.
const BATCH: usize = 500;
/// How tokens of alerts begin.
const TOKEN: &str = "alert-";
/// The longest id of a subject, in bytes.
const MAX_ID: usize = 256;

/// Opens the portfolio of a data directory, which this process holds.
pub fn open_portfolio(data: &Path) -> Result<Portfolio, ScreeningError> {
    Portfolio::open(data, read)
}

fn read(bytes: &[u8]) -> Option<Query> {
    convert::query_from(Some(v1::Query::decode(bytes).ok()?), "query").ok()
}

/// Screens the portfolio whenever something else serves, for ever. Searches in between come first.
pub async fn screen(backend: Backend) {
    let Some(portfolio) = backend.portfolio().cloned() else { return };
    loop {
        let portfolio = Arc::clone(&portfolio);
        let stepped = backend.compute(move |engine| portfolio.step(engine).map_err(|error| failed(&error))).await;
        match stepped {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(PERIOD).await,
            // The log says what; the next turn goes on where this one began.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Keeps a portfolio of names, and tells what changes for them.
#[derive(Clone)]
pub struct PortfolioAdapter {
    backend: Backend,
}

impl PortfolioAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> PortfolioAdapter {
        PortfolioAdapter { backend }
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Portfolio, &Engine) -> Result<T, Status> + Send + 'static,
    ) -> Result<T, Status> {
        let portfolio = self.portfolio()?;
        self.backend.compute(move |engine| work(&portfolio, engine)).await
    }

    fn portfolio(&self) -> Result<Arc<Portfolio>, Status> {
        self.backend.require_writable()?;
        let portfolio = self.backend.portfolio().cloned();
        portfolio.ok_or_else(|| status(Reason::ReadOnly, "the server keeps no portfolio: start it with --data DIR"))
    }
}

#[tonic::async_trait]
impl PortfolioService for PortfolioAdapter {
    async fn put_subjects(
        &self,
        request: Request<v1::PutSubjectsRequest>,
    ) -> Result<Response<v1::PutSubjectsResponse>, Status> {
        let subjects = subjects_from(request.into_inner().subjects)?;
        let screened = self.with(|portfolio, engine| portfolio.put(engine, subjects).map_err(|error| failed(&error)));
        let subjects: Result<_, Status> = screened.await?.into_iter().map(convert::screened_message).collect();
        Ok(Response::new(v1::PutSubjectsResponse { subjects: subjects? }))
    }

    async fn delete_subjects(
        &self,
        request: Request<v1::DeleteSubjectsRequest>,
    ) -> Result<Response<v1::DeleteSubjectsResponse>, Status> {
        let ids = request.into_inner().subject_ids;
        check_count(ids.len(), "subject_ids")?;
        let deleted = self.with(move |portfolio, _| portfolio.delete(&ids).map_err(|error| failed(&error))).await?;
        Ok(Response::new(v1::DeleteSubjectsResponse { deleted: u32::try_from(deleted).unwrap_or(u32::MAX) }))
    }

    async fn list_subjects(
        &self,
        request: Request<v1::ListSubjectsRequest>,
    ) -> Result<Response<v1::ListSubjectsResponse>, Status> {
        let request = request.into_inner();
        let limit = page::size(request.page_size)?;
        let after = request.page_token;
        let found =
            self.with(move |portfolio, _| portfolio.subjects(&after, limit + 1).map_err(|error| failed(&error)));
        let mut found = found.await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more).map(|screened| screened.subject.id.clone());
        let subjects: Result<_, Status> = found.into_iter().map(convert::screened_message).collect();
        Ok(Response::new(v1::ListSubjectsResponse { subjects: subjects?, next_page_token: last.unwrap_or_default() }))
    }

    type WatchAlertsStream = Messages<v1::WatchAlertsResponse>;

    async fn watch_alerts(
        &self,
        request: Request<v1::WatchAlertsRequest>,
    ) -> Result<Response<Self::WatchAlertsStream>, Status> {
        let request = request.into_inner();
        let portfolio = self.portfolio()?;
        let (first, last) = self.with(|portfolio, _| portfolio.bounds().map_err(|error| failed(&error))).await?;
        let after = watch::begin(&request.resume_token, request.from_beginning, TOKEN, first - 1, last)?;
        let look = move |_: &Engine, after: u64| {
            let alerts = portfolio.alerts(after, BATCH).map_err(|error| failed(&error))?;
            let after = alerts.last().map_or(after, |alert| alert.number);
            let alerts: Vec<_> = alerts.into_iter().map(convert::alert_message).collect();
            let resume_token = watch::token(TOKEN, after);
            Ok((after, !alerts.is_empty(), v1::WatchAlertsResponse { alerts, resume_token }))
        };
        Ok(Response::new(watch::follow(self.backend.clone(), after, look)))
    }
}

fn check_count(count: usize, field: &str) -> Result<(), Status> {
    if (1..=MAX_ITEMS).contains(&count) {
        return Ok(());
    }
    Err(field_violation(Reason::TooManyItems, field, format!("{count} items, expected 1 to {MAX_ITEMS}")))
}

fn subjects_from(messages: Vec<v1::Subject>) -> Result<Vec<(Subject, Query)>, Status> {
    check_count(messages.len(), "subjects")?;
    let mut seen = BTreeSet::new();
    let mut subjects = Vec::with_capacity(messages.len());
    for (place, message) in messages.into_iter().enumerate() {
        let (id, field) = (message.subject_id, format!("subjects[{place}].subject_id"));
        if id.is_empty() || id.len() > MAX_ID {
            let reason = format!("{} bytes, expected 1 to {MAX_ID}", id.len());
            return Err(field_violation(Reason::InvalidField, field, reason));
        }
        if !seen.insert(id.clone()) {
            return Err(field_violation(Reason::InvalidField, field, "the id is there twice"));
        }
        let bytes = message.query.as_ref().map(Message::encode_to_vec).unwrap_or_default();
        let query = convert::query_from(message.query, &format!("subjects[{place}].query"))?;
        subjects.push((Subject { id, bytes }, query));
    }
    Ok(subjects)
}

/// The status of a portfolio that failed. Details of the database go to the log, not to the caller.
fn failed(error: &ScreeningError) -> Status {
    match error {
        ScreeningError::Query { place, source } => query_status(source, &format!("subjects[{place}].query")),
        ScreeningError::Full { .. } => field_violation(Reason::TooManyItems, "subjects", error.to_string()),
        ScreeningError::Registry(error) => registry_status(error),
        ScreeningError::Database { .. }
        | ScreeningError::Foreign { .. }
        | ScreeningError::Damaged { .. }
        | ScreeningError::Index(_) => {
            tracing::error!(%error, "the portfolio failed");
            status(Reason::StorageFailed, "the portfolio could not be read or written")
        }
    }
}
