use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;
use tonic::codec::CompressionEncoding;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use super::METHODS;

/// What the server says about its health, over `grpc.health.v1` and over HTTP.
///
/// `""` is SERVING while the server takes calls, `liveness` while the process lives, and each service of the contract
/// once somebody said so. A drain turns everything but `liveness` to NOT_SERVING, for good.
#[derive(Clone, Debug)]
pub struct Health {
    reporter: HealthReporter,
    state: Arc<Mutex<State>>,
    ready: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State {
    services: BTreeMap<&'static str, bool>,
    draining: bool,
}

impl Health {
    /// The service whose health is the readiness of the server: the one that answers which entity a name is.
    pub const READY_SERVICE: &'static str = "exonym.v1.ResolverService";
    /// The name under which the process alone is asked for.
    pub const LIVENESS: &'static str = "liveness";

    /// Health of a server that just started: every service of the contract is NOT_SERVING.
    pub async fn starting() -> Health {
        let services = METHODS.iter().map(super::Method::service).filter(|service| service.starts_with("exonym."));
        let services: BTreeMap<&'static str, bool> = services.map(|service| (service, false)).collect();
        let reporter = HealthReporter::new();
        reporter.set_service_status(Self::LIVENESS, ServingStatus::Serving).await;
        for service in services.keys() {
            reporter.set_service_status(service, ServingStatus::NotServing).await;
        }
        let state = State { services, draining: false };
        Health { reporter, state: Arc::new(Mutex::new(state)), ready: Arc::default() }
    }

    /// The service to add to the routes.
    pub fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .max_decoding_message_size(4 << 10)
    }

    /// Says whether a service of the contract serves; `service` is its full name, as in [`Health::READY_SERVICE`].
    /// Without effect on a name that is none, and once the server drains.
    pub async fn set(&self, service: &str, serving: bool) {
        let mut state = self.state.lock().await;
        if state.draining {
            return;
        }
        let Some((name, known)) = state.services.iter_mut().find(|(name, _)| **name == service) else {
            debug_assert!(false, "{service} is no service of the contract");
            return;
        };
        *known = serving;
        if *name == Self::READY_SERVICE {
            self.ready.store(serving, Ordering::Release);
        }
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        self.reporter.set_service_status(service, status).await;
    }

    /// Says whether every service of the contract serves.
    pub async fn set_all(&self, serving: bool) {
        let services: Vec<&'static str> = self.state.lock().await.services.keys().copied().collect();
        for service in services {
            self.set(service, serving).await;
        }
    }

    /// Whether the server is ready for calls.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Turns everything but liveness to NOT_SERVING, for good.
    pub(super) async fn drain(&self) {
        let mut state = self.state.lock().await;
        state.draining = true;
        self.ready.store(false, Ordering::Release);
        self.reporter.set_service_status("", ServingStatus::NotServing).await;
        for service in state.services.keys() {
            self.reporter.set_service_status(service, ServingStatus::NotServing).await;
        }
    }
}
