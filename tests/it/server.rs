use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use exonym::batch;
use exonym::proto::v1::dataset_service_client::DatasetServiceClient;
use exonym::proto::v1::entity_service_client::EntityServiceClient;
use exonym::proto::v1::judgement_service_client::JudgementServiceClient;
use exonym::proto::v1::portfolio_service_client::PortfolioServiceClient;
use exonym::proto::v1::resolver_service_client::ResolverServiceClient;
use exonym::proto::v1::version_service_client::VersionServiceClient;
use exonym::proto::v1::{Name, Query, ResolveOptions, ResolveRequest, ResolveResponse};
use exonym::resolver::{Engine, Thresholds};
use exonym::screening::Portfolio;
use exonym::service::listener::{Health, Listener, Options, Shutdown, Silent};
use exonym::service::receipt::Signer;
use exonym::service::{Backend, MessageLimits, Origin, open_portfolio, routes, screen};
use tonic::transport::{Channel, Endpoint};

/// A server in this process, which ends with the test.
pub struct Server {
    address: SocketAddr,
    shutdown: Shutdown,
    screening: tokio::task::AbortHandle,
    /// What verifies its receipts.
    pub public_key: String,
}

impl Server {
    /// A server of the bundled list.
    pub async fn of_sample() -> Server {
        let engine = batch::sample_engine(Thresholds::default()).unwrap();
        Server::start(Arc::new(engine), Origin::Sample, None).await
    }

    /// A server of a data directory.
    pub async fn of_data(data: &Path) -> Server {
        Server::of_engine(Arc::new(Engine::open(data, Thresholds::default()).unwrap()), data).await
    }

    /// A server of an engine over a data directory.
    pub async fn of_engine(engine: Arc<Engine>, data: &Path) -> Server {
        Server::start(engine, Origin::Data, Some(open_portfolio(data).unwrap())).await
    }

    /// A server of a data directory that another one is about to let go of.
    pub async fn again(data: &Path) -> Server {
        loop {
            match Engine::open(data, Thresholds::default()) {
                Ok(engine) => return Server::of_engine(Arc::new(engine), data).await,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        }
    }

    async fn start(engine: Arc<Engine>, origin: Origin, portfolio: Option<Portfolio>) -> Server {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), http_listen: None, ..Options::default() };
        let limits = options.limits.clone();
        let listener = Listener::bind(options).unwrap();
        let address = listener.address();
        let health = Health::starting().await;
        health.set_all(true).await;
        let signer = Signer::parse("test key", Signer::generate().unwrap().as_bytes()).unwrap();
        let public_key = signer.public_key().to_owned();
        let backend = Backend::new(engine, origin, 2, 10).signing(Some(signer)).screening(portfolio);
        let screening = tokio::spawn(screen(backend.clone())).abort_handle();
        let routes = routes(&backend, &health, &limits, MessageLimits::default(), true);
        let shutdown = Shutdown::new();
        tokio::spawn(listener.serve(routes, health, Arc::new(Silent), shutdown.clone()));
        Server { address, shutdown, screening, public_key }
    }

    async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    pub async fn resolver(&self) -> ResolverServiceClient<Channel> {
        ResolverServiceClient::new(self.channel().await).max_decoding_message_size(64 << 20)
    }

    pub async fn entities(&self) -> EntityServiceClient<Channel> {
        EntityServiceClient::new(self.channel().await)
    }

    pub async fn datasets(&self) -> DatasetServiceClient<Channel> {
        DatasetServiceClient::new(self.channel().await)
    }

    pub async fn judgements(&self) -> JudgementServiceClient<Channel> {
        JudgementServiceClient::new(self.channel().await)
    }

    pub async fn portfolio(&self) -> PortfolioServiceClient<Channel> {
        PortfolioServiceClient::new(self.channel().await)
    }

    pub async fn versions(&self) -> VersionServiceClient<Channel> {
        VersionServiceClient::new(self.channel().await)
    }

    pub async fn resolve(&self, text: &str) -> ResolveResponse {
        self.resolver().await.resolve(request(text)).await.unwrap().into_inner()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.screening.abort();
        self.shutdown.request();
        self.shutdown.request();
    }
}

pub fn query(text: &str) -> Query {
    Query { names: vec![Name { text: text.to_owned(), ..Name::default() }], ..Query::default() }
}

pub fn request(text: &str) -> ResolveRequest {
    let options = ResolveOptions { limit: 20, ..ResolveOptions::default() };
    ResolveRequest { query: Some(query(text)), options: Some(options), ..ResolveRequest::default() }
}
