use std::pin::Pin;

use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::asking::snapshot;
use super::status::{Reason, engine_status, field_violation};
use super::{Backend, actor, convert};
use crate::model::Version;
use crate::proto::v1;
use crate::proto::v1::version_service_server::VersionService;
use crate::resolver::{AsOf, Because, Engine};

/// The most differences of one message.
const BATCH: usize = 500;
/// The longest reason and name of a person, in bytes.
const MAX_REASON: usize = 4096;
const MAX_PERSON: usize = 256;

/// Tells which versions are retained and in what they differ, and changes which one serves.
#[derive(Clone)]
pub struct VersionAdapter {
    backend: Backend,
}

impl VersionAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> VersionAdapter {
        VersionAdapter { backend }
    }

    /// Changes what serves.
    async fn serve(
        &self,
        change: impl FnOnce(&Engine) -> Result<Version, Status> + Send + 'static,
    ) -> Result<Option<v1::Version>, Status> {
        self.backend.require_writable()?;
        let version = self.backend.compute(change).await?;
        self.backend.serves(&version.index);
        Ok(Some(convert::version_message(&version)))
    }
}

#[tonic::async_trait]
impl VersionService for VersionAdapter {
    async fn list_versions(
        &self,
        _request: Request<v1::ListVersionsRequest>,
    ) -> Result<Response<v1::ListVersionsResponse>, Status> {
        let versions = self.backend.compute(|engine| Ok(engine.versions())).await?;
        let versions = versions.into_iter().map(convert::retained_message).collect();
        Ok(Response::new(v1::ListVersionsResponse { versions }))
    }

    type DiffVersionsStream = Pin<Box<dyn Stream<Item = Result<v1::DiffVersionsResponse, Status>> + Send>>;

    async fn diff_versions(
        &self,
        request: Request<v1::DiffVersionsRequest>,
    ) -> Result<Response<Self::DiffVersionsStream>, Status> {
        let request = request.into_inner();
        let required = || field_violation(Reason::InvalidField, "from", "the earlier version is required");
        let from = convert::as_of_from(request.from, "from")?.ok_or_else(required)?;
        let to = convert::as_of_from(request.to, "to")?;
        let (differences, from, to) = self
            .backend
            .compute(move |engine| {
                let (from, to) = (snapshot(engine, Some(&from))?, snapshot(engine, to.as_ref())?);
                let versions = (convert::version_message(from.version()), convert::version_message(to.version()));
                Ok((from.differences(&to), versions.0, versions.1))
            })
            .await?;
        let mut differences = differences.into_iter().map(convert::difference_message);
        let first: Vec<_> = differences.by_ref().take(BATCH).collect();
        let first = v1::DiffVersionsResponse { differences: first, from: Some(from), to: Some(to) };
        let rest = std::iter::from_fn(move || {
            let batch: Vec<_> = differences.by_ref().take(BATCH).collect();
            let message = v1::DiffVersionsResponse { differences: batch, ..Default::default() };
            (!message.differences.is_empty()).then_some(message)
        });
        let messages = std::iter::once(first).chain(rest).map(Ok);
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn pin_version(
        &self,
        request: Request<v1::PinVersionRequest>,
    ) -> Result<Response<v1::PinVersionResponse>, Status> {
        let because = because(&request, &request.get_ref().on_behalf_of, &request.get_ref().reason)?;
        let as_of = convert::as_of_from(request.into_inner().version, "version")?;
        let version = self.serve(move |engine| pin(engine, &as_of.unwrap_or_else(|| serving(engine)), false, because));
        Ok(Response::new(v1::PinVersionResponse { version: version.await? }))
    }

    async fn roll_back_version(
        &self,
        request: Request<v1::RollBackVersionRequest>,
    ) -> Result<Response<v1::RollBackVersionResponse>, Status> {
        let because = because(&request, &request.get_ref().on_behalf_of, &request.get_ref().reason)?;
        let as_of = convert::as_of_from(request.into_inner().version, "version")?;
        let version = self.serve(move |engine| {
            let as_of = as_of.map_or_else(|| engine.before().map_err(|error| engine_status(&error)), Ok)?;
            pin(engine, &as_of, true, because)
        });
        Ok(Response::new(v1::RollBackVersionResponse { version: version.await? }))
    }

    async fn unpin_version(
        &self,
        request: Request<v1::UnpinVersionRequest>,
    ) -> Result<Response<v1::UnpinVersionResponse>, Status> {
        let because = because(&request, &request.get_ref().on_behalf_of, &request.get_ref().reason)?;
        let version = self.serve(move |engine| engine.unpin(&because).map_err(|error| engine_status(&error)));
        Ok(Response::new(v1::UnpinVersionResponse { version: version.await? }))
    }
}

fn serving(engine: &Engine) -> AsOf {
    let snapshot = engine.snapshot();
    AsOf::Index(snapshot.version().index.clone(), Some(snapshot.version().registry_revision))
}

fn pin(engine: &Engine, as_of: &AsOf, until_published: bool, because: Because) -> Result<Version, Status> {
    engine.pin(as_of, until_published, because).map_err(|error| engine_status(&error))
}

fn because<T>(request: &Request<T>, on_behalf_of: &str, reason: &str) -> Result<Because, Status> {
    for (text, limit, field) in [(on_behalf_of, MAX_PERSON, "on_behalf_of"), (reason, MAX_REASON, "reason")] {
        if text.len() > limit {
            let problem = format!("{} bytes, the limit is {limit}", text.len());
            return Err(field_violation(Reason::InvalidField, field, problem));
        }
    }
    Ok(Because { actor: actor(request, on_behalf_of), reason: reason.to_owned() })
}
