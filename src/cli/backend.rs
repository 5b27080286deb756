use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use tonic::transport::{Channel, Endpoint};

use super::arguments::BackendArguments;
use crate::batch;
use crate::proto::v1;
use crate::proto::v1::resolver_service_client::ResolverServiceClient;
use crate::proto::v1::resolver_service_server::ResolverService;
use crate::registry::{Database, Registry};
use crate::resolver::{Engine, Thresholds};
use crate::service::{Backend, Origin, ResolverAdapter};

/// Where a command takes its answers from: an engine of its own, or a server. Both answer alike, for both go
/// through the same contract.
pub enum Answers {
    /// An engine in this process.
    Local(ResolverAdapter),
    /// A server.
    Remote(ResolverServiceClient<Channel>),
}

/// Opens the engine of a data directory, or one with the bundled sample list. Where the registry is shared, the data
/// directory has an index of it and is made where it is not there.
pub fn open_engine(
    data: Option<&Path>,
    shared: Option<&Database>,
    thresholds: Thresholds,
) -> anyhow::Result<(Engine, Origin)> {
    match (data, shared) {
        (Some(data), Some(database)) => {
            let engine = Engine::over(Registry::shared_later(database)?, data, thresholds)?;
            Ok((engine, Origin::Data))
        }
        (Some(data), None) => {
            anyhow::ensure!(
                data.is_dir(),
                "there is no data directory at {}: fill one with `exonym import --data {0}`",
                data.display()
            );
            Ok((Engine::open(data, thresholds)?, Origin::Data))
        }
        (None, _) => Ok((batch::sample_engine(thresholds)?, Origin::Sample)),
    }
}

/// Opens the registry of a data directory, or the shared one, for reading; changes nothing.
pub fn open_registry(data: &Path, shared: Option<&Database>) -> anyhow::Result<Registry> {
    Ok(match shared {
        Some(database) => Registry::shared_read_only(database)?,
        None => Registry::open_read_only(data)?,
    })
}

/// Connects to a server.
pub async fn connect(url: &str) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(url.to_owned())
        .with_context(|| format!("{url:?} is no URL: expected http://ADDRESS:PORT"))?;
    endpoint
        .connect()
        .await
        .with_context(|| format!("no server answers at {url}: start one with `exonym serve`, or give another --server"))
}

impl Answers {
    /// Opens what the arguments ask for.
    pub async fn open(arguments: &BackendArguments, shared: Option<&Database>) -> anyhow::Result<Answers> {
        match &arguments.server {
            Some(url) => {
                let client = ResolverServiceClient::new(connect(url).await?);
                Ok(Answers::Remote(client.max_decoding_message_size(64 << 20)))
            }
            None => {
                let (engine, origin) = open_engine(arguments.data.as_deref(), shared, Thresholds::default())?;
                let workers = std::thread::available_parallelism().map_or(1, usize::from);
                Ok(Answers::Local(ResolverAdapter::new(Backend::new(Arc::new(engine), origin, workers, 10))))
            }
        }
    }

    /// Resolves one query.
    pub async fn resolve(&mut self, request: v1::ResolveRequest) -> anyhow::Result<v1::ResolveResponse> {
        let answer = match self {
            Answers::Local(adapter) => adapter.resolve(tonic::Request::new(request)).await,
            Answers::Remote(client) => client.resolve(request).await,
        };
        Ok(answer.map_err(plain)?.into_inner())
    }

    /// Resolves a batch.
    pub async fn resolve_many(&mut self, request: v1::ResolveManyRequest) -> anyhow::Result<v1::ResolveManyResponse> {
        let answer = match self {
            Answers::Local(adapter) => adapter.resolve_many(tonic::Request::new(request)).await,
            Answers::Remote(client) => client.resolve_many(request).await,
        };
        Ok(answer.map_err(plain)?.into_inner())
    }

    /// Offers entities to somebody who types.
    pub async fn suggest(&mut self, request: v1::SuggestRequest) -> anyhow::Result<v1::SuggestResponse> {
        let answer = match self {
            Answers::Local(adapter) => adapter.suggest(tonic::Request::new(request)).await,
            Answers::Remote(client) => client.suggest(request).await,
        };
        Ok(answer.map_err(plain)?.into_inner())
    }

    /// Compares two parties.
    pub async fn compare(&mut self, request: v1::CompareRequest) -> anyhow::Result<v1::CompareResponse> {
        let answer = match self {
            Answers::Local(adapter) => adapter.compare(tonic::Request::new(request)).await,
            Answers::Remote(client) => client.compare(request).await,
        };
        Ok(answer.map_err(plain)?.into_inner())
    }
}

/// A status as a sentence for a person.
pub fn plain(status: tonic::Status) -> anyhow::Error {
    anyhow::anyhow!("{} ({:?})", status.message(), status.code())
}
