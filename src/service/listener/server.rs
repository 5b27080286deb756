use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use super::auth::Auth;
use super::connection::{self, Ending};
use super::limits::{Lanes, Slots, file_limit};
use super::pipeline::Shared;
use super::reload::Files;
use super::tls::Tls;
use super::{Health, ListenError, Observer, Options, Shutdown, http};

/// A server that has its addresses and files, and does not serve yet.
///
/// The ports are taken as soon as [`Listener::bind`] returns, so that a configuration that cannot work fails before
/// an index is loaded; connections that come in between wait in the system's queue.
pub struct Listener {
    grpc: TcpListener,
    address: SocketAddr,
    http: Option<(TcpListener, SocketAddr)>,
    tls: Option<Arc<Tls>>,
    auth: Auth,
    certificates: Option<Files>,
    tokens: Option<Files>,
    options: Options,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Connections that were cut because their calls did not end in time; 0 is a clean drain.
    pub cut: usize,
}

impl Listener {
    /// Reads certificates and tokens and takes the ports. Needs a running tokio runtime.
    ///
    /// # Errors
    ///
    /// [`ListenError`] says in one sentence what to do.
    pub fn bind(options: Options) -> Result<Listener, ListenError> {
        if options.tls.is_none() && !options.insecure && !options.listen.ip().is_loopback() {
            return Err(ListenError::Plaintext(options.listen));
        }
        let certificates = options.tls.as_ref().map(Files::of_tls);
        let tokens = options.tokens.as_ref().map(Files::of_tokens);
        let tls = options.tls.as_ref().map(Tls::load).transpose()?.map(Arc::new);
        let auth = Auth::load(options.tokens.as_ref())?;
        let (grpc, address) = listen(options.listen, "server.listen")?;
        let http = options.http_listen.map(|address| listen(address, "http.listen")).transpose()?;
        Ok(Listener { grpc, address, http, tls, auth, certificates, tokens, options })
    }

    /// Where gRPC listens, with the port the system chose if it was asked to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics`, `/livez` and `/readyz` listen.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http.as_ref().map(|(_, address)| *address)
    }

    /// Serves until somebody asks for the end, drains, and returns.
    ///
    /// On the first request: health says NOT_SERVING, `drain.delay` passes with calls still accepted, ports close,
    /// every connection gets GOAWAY, open calls have `drain.bound` to end, the rest is cut. On the second request the
    /// rest is cut at once. It returns at most `delay + bound` and one second after the first request. Work that
    /// handlers put on other threads sees it by [`Call::is_over`](super::Call::is_over).
    ///
    /// Add [`Health::service`] to the routes; this does not. Methods that [`METHODS`](super::METHODS) does not know
    /// are not served.
    pub async fn serve(
        self,
        routes: Routes,
        health: Health,
        observer: Arc<dyn Observer>,
        shutdown: Shutdown,
    ) -> Report {
        let Listener { grpc, address, http, tls, auth, certificates, tokens, options } = self;
        let limits = options.limits.clone();
        let slots = Slots::new(connections_below_file_limit(limits.connections), limits.connections_per_peer);
        let shared = Arc::new(Shared {
            routes: routes.prepare(),
            auth,
            lanes: Lanes::new(&limits),
            limits,
            observer: Arc::clone(&observer),
        });
        let ending = Ending::default();
        let stop = CancellationToken::new();
        // However this future ends, nothing it started outlives it for long.
        let _guards = [ending.cut.clone().drop_guard(), stop.clone().drop_guard()];
        let connections = TaskTracker::new();

        if let Some((listener, at)) = http {
            tracing::info!(address = %at, "metrics and probes listen");
            let serving = http::serve(listener, health.clone(), Arc::clone(&observer));
            tokio::spawn(until(stop.clone(), serving));
        }
        if let (Some(files), Some(tls)) = (certificates, tls.clone()) {
            tokio::spawn(until(stop.clone(), files.watch(Arc::clone(&observer), move || tls.reload())));
        }
        if let Some(files) = tokens {
            let of = Arc::clone(&shared);
            tokio::spawn(until(stop.clone(), files.watch(Arc::clone(&observer), move || of.auth.reload())));
        }
        tracing::info!(
            %address,
            tls = tls.is_some(),
            client_certificates = options.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some()),
            tokens = options.tokens.is_some(),
            "grpc listens"
        );
        if tls.is_none() && options.tokens.is_some() && !address.ip().is_loopback() {
            tracing::warn!("tokens cross the network in plaintext");
        }

        let accepting = accept(&grpc, &slots, &connections, tls, &shared, &ending);
        tokio::select! {
            () = accepting => {}
            () = async {
                shutdown.requested().await;
                tracing::info!(delay = ?options.drain.delay, bound = ?options.drain.bound, "drain begins");
                observer.draining(true);
                health.drain().await;
                tokio::select! {
                    () = sleep(options.drain.delay) => {}
                    () = shutdown.requested_now() => {}
                }
            } => {}
        }
        drop(grpc);
        ending.go.cancel();
        connections.close();
        tokio::select! {
            () = connections.wait() => {}
            () = sleep(options.drain.bound) => {}
            () = shutdown.requested_now() => {}
        }
        let report = Report { cut: slots.open() };
        ending.cut.cancel();
        if timeout(Duration::from_secs(1), connections.wait()).await.is_err() {
            tracing::warn!(open = slots.open(), "connections do not end");
        }
        observer.connections(slots.open());
        tracing::info!(cut = report.cut, "drained");
        report
    }
}

/// Accepts connections for ever.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Slots>,
    connections: &TaskTracker,
    tls: Option<Arc<Tls>>,
    shared: &Arc<Shared>,
    ending: &Ending,
) {
    let mut pause = Pause::default();
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if let Some(time) = pause.after(&error) {
                    tracing::warn!(%error, pause = ?time, "accepting pauses");
                    sleep(time).await;
                }
                continue;
            }
        };
        pause = Pause::default();
        let slot = match slots.take(peer.ip()) {
            Ok(slot) => slot,
            Err(reason) => {
                // Closed at once: the peer learns it now and the place in the system's queue is free.
                shared.observer.shed(reason);
                drop(stream);
                continue;
            }
        };
        shared.observer.connections(slots.open());
        let serving = connection::serve(stream, peer, tls.clone(), Arc::clone(shared), ending.clone());
        let (slots, observer) = (Arc::clone(slots), Arc::clone(&shared.observer));
        connections.spawn(async move {
            serving.await;
            drop(slot);
            observer.connections(slots.open());
        });
    }
}

/// How long to wait after a failed accept: not at all if one connection failed, longer and longer if the process or
/// the system lacks what a connection needs. Asking again at once would burn a core until descriptors come back.
#[derive(Debug, Default)]
pub(super) struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_secs(1);

    pub(super) fn after(&mut self, error: &io::Error) -> Option<Duration> {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, WouldBlock};
        match error.kind() {
            ConnectionAborted | ConnectionReset | ConnectionRefused | Interrupted | WouldBlock => None,
            _ => {
                self.0 = (self.0 * 2).clamp(Self::FIRST, Self::LONGEST);
                Some(self.0)
            }
        }
    }
}

/// The bound of connections, lowered where the process may not open as many files: descriptors must remain for the
/// index, the registry and the probes.
fn connections_below_file_limit(wanted: usize) -> usize {
    const KEPT: usize = 128;
    let Some(files) = file_limit() else {
        return wanted;
    };
    let possible = files.saturating_sub(KEPT).max(files / 2).max(1);
    if possible < wanted {
        tracing::warn!(wanted, possible, files, "fewer connections than configured: raise the limit of open files");
    }
    wanted.min(possible)
}

fn listen(address: SocketAddr, key: &'static str) -> Result<(TcpListener, SocketAddr), ListenError> {
    let bound = || -> io::Result<(TcpListener, SocketAddr)> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(1_024)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::PortInUse(address, key),
        io::ErrorKind::AddrNotAvailable => ListenError::NoSuchAddress(address, key),
        io::ErrorKind::PermissionDenied => ListenError::Denied(address, key),
        _ => ListenError::Bind(address, key, error),
    })
}

/// Runs a future until it ends or the token is cancelled.
async fn until(stop: CancellationToken, future: impl Future<Output = ()>) {
    tokio::select! {
        () = future => {}
        () = stop.cancelled() => {}
    }
}
