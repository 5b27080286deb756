//! The listener over real sockets on loopback: a sample service behind it, clients of tonic and raw frames before it.

mod calls;
mod connections;
mod drain;
mod frames;
mod identity;
mod sample;
mod tls;
mod wire;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tonic::Code;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};

use super::{Health, Listener, Observer, Options, Report, Shed, Shutdown};
use crate::proto::v1::dataset_service_server::DatasetServiceServer;
use crate::proto::v1::resolver_service_client::ResolverServiceClient;
use crate::proto::v1::resolver_service_server::ResolverServiceServer;
use sample::Sample;

/// No test waits longer: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// Fails the test if the future does not end.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it ends within the patience of a test")
}

/// Waits until something holds.
async fn until(holds: impl Fn() -> bool) {
    soon(async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// What the server told its observer.
#[derive(Debug, Default)]
struct Seen {
    ended: Vec<(&'static str, Code)>,
    shed: Vec<Shed>,
    panics: usize,
    started: usize,
    open: usize,
    draining: bool,
    reloads_failed: usize,
}

#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Seen>>);

impl Recorder {
    fn look<T>(&self, at: impl FnOnce(&mut Seen) -> T) -> T {
        at(&mut self.0.lock().unwrap())
    }

    /// The codes with which calls of a method ended.
    fn codes(&self, method: &str) -> Vec<Code> {
        self.look(|seen| seen.ended.iter().filter(|(name, _)| name.ends_with(method)).map(|(_, code)| *code).collect())
    }
}

impl Observer for Recorder {
    fn call_started(&self, _: &'static str) {
        self.look(|seen| seen.started += 1);
    }
    fn call_finished(&self, method: &'static str, code: Code, _: Duration) {
        self.look(|seen| seen.ended.push((method, code)));
    }
    fn shed(&self, reason: Shed) {
        self.look(|seen| seen.shed.push(reason));
    }
    fn panicked(&self, _: &'static str) {
        self.look(|seen| seen.panics += 1);
    }
    fn connections(&self, open: usize) {
        self.look(|seen| seen.open = open);
    }
    fn draining(&self, draining: bool) {
        self.look(|seen| seen.draining = draining);
    }
    fn reload_failed(&self, _: &'static str) {
        self.look(|seen| seen.reloads_failed += 1);
    }
    fn exposition(&self) -> String {
        "sample_total 1\n# EOF\n".to_owned()
    }
}

/// A server that runs.
struct Server {
    address: SocketAddr,
    http: Option<SocketAddr>,
    shutdown: Shutdown,
    seen: Recorder,
    health: Health,
    sample: Sample,
    running: JoinHandle<Report>,
}

/// Options of a test: ports of the system's choice, no delay before a drain.
fn options() -> Options {
    let mut options = Options { listen: (Ipv4Addr::LOCALHOST, 0).into(), http_listen: None, ..Options::default() };
    options.drain.delay = Duration::ZERO;
    options.drain.bound = PATIENCE;
    options
}

impl Server {
    async fn start(options: Options) -> Server {
        let listener = Listener::bind(options).unwrap();
        let (address, http) = (listener.address(), listener.http_address());
        let (shutdown, seen, health, sample) =
            (Shutdown::new(), Recorder::default(), Health::starting().await, Sample::default());
        let routes = Routes::new(health.service())
            .add_service(ResolverServiceServer::new(sample.clone()).max_decoding_message_size(4_096))
            .add_service(DatasetServiceServer::new(sample.clone()));
        let observer = Arc::new(seen.clone());
        let running = tokio::spawn(listener.serve(routes, health.clone(), observer, shutdown.clone()));
        Server { address, http, shutdown, seen, health, sample, running }
    }

    fn endpoint(&self) -> Endpoint {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap()
    }

    async fn channel(&self) -> Channel {
        soon(self.endpoint().connect()).await.unwrap()
    }

    async fn resolver(&self) -> ResolverServiceClient<Channel> {
        ResolverServiceClient::new(self.channel().await)
    }

    /// Asks for the end and returns how it went.
    async fn end(self) -> Report {
        self.shutdown.request();
        soon(self.running).await.unwrap()
    }
}
