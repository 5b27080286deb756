use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2::Builder;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::limits::Activity;
use super::pipeline::{Pipeline, Shared, random};
use super::preface::expect_preface;
use super::tls::Tls;

/// How connections are told to end: first to take no new call, then to end whatever is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending {
    pub(super) go: CancellationToken,
    pub(super) cut: CancellationToken,
}

/// Serves one connection to its end.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<Tls>>,
    shared: Arc<Shared>,
    ending: Ending,
) {
    tune(&stream);
    let local = stream.local_addr().ok();
    let pipeline = Pipeline { shared, activity: Activity::new(), peer, local };
    let ended = match tls {
        None => speak(stream, pipeline, ending).await,
        Some(tls) => {
            let handshake = timeout(pipeline.shared.limits.handshake, tls.acceptor().accept(stream));
            tokio::select! {
                shaken = handshake => match shaken {
                    Ok(Ok(stream)) => speak(stream, pipeline, ending).await,
                    Ok(Err(error)) => Err(error.into()),
                    Err(_) => Err("the tls handshake took too long".into()),
                },
                () = ending.go.cancelled() => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, error, "connection failed");
    }
}

/// Answers are small and should leave at once; a peer whose machine is gone should be noticed.
fn tune(stream: &TcpStream) {
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(20));
    let tuned = stream.set_nodelay(true).and_then(|()| SockRef::from(stream).set_tcp_keepalive(&keepalive));
    if let Err(error) = tuned {
        tracing::debug!(%error, "socket options refused");
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// HTTP/2 over a connection whose TLS, if any, is done.
async fn speak<I>(io: I, pipeline: Pipeline, ending: Ending) -> Result<(), Failure>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shared = Arc::clone(&pipeline.shared);
    let limits = &shared.limits;
    let activity = Arc::clone(&pipeline.activity);
    let io = tokio::select! {
        io = expect_preface(io, limits.preface) => io.map_err(ignore_eof)?,
        () = ending.go.cancelled() => return Ok(()),
    };
    let mut connection = pin!(builder(limits).serve_connection(TokioIo::new(io), pipeline));
    let mut age = pin!(sleep_at_age(limits.connection_age));
    let tick = tick_of(limits);
    let mut ticks = tokio::time::interval_at(Instant::now() + tick, tick);
    let mut going = false;
    loop {
        let told = tokio::select! {
            ended = connection.as_mut() => return ended.map_err(Failure::from),
            () = ending.cut.cancelled() => return Ok(()),
            () = ending.go.cancelled(), if !going => true,
            () = age.as_mut(), if !going => true,
            _ = ticks.tick() => {
                let idle = limits.connection_idle;
                if going && activity.quiet() >= limits.connection_grace {
                    return Err("told to go, and its calls made no progress since".into());
                }
                !going && !idle.is_zero() && activity.calls() == 0 && activity.quiet() >= idle
            }
        };
        if told {
            // GOAWAY: no new call; those that are open go on.
            going = true;
            activity.touch();
            connection.as_mut().graceful_shutdown();
        }
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .adaptive_window(false)
        .initial_stream_window_size(limits.stream_window_bytes)
        .initial_connection_window_size(limits.connection_window_bytes)
        .max_concurrent_streams(limits.streams_per_connection)
        .max_pending_accept_reset_streams(limits.pending_accept_resets)
        .max_local_error_reset_streams(limits.local_error_resets)
        .max_header_list_size(limits.header_list_bytes)
        .max_send_buf_size(limits.send_buffer_bytes)
        .keep_alive_interval(limits.keepalive_interval)
        .keep_alive_timeout(limits.keepalive_timeout);
    builder
}

/// Sleeps until the connection is of age, give or take a tenth, so that clients that came together do not all come
/// back together; for ever if there is no such age.
async fn sleep_at_age(age: Duration) {
    if age.is_zero() {
        return pending().await;
    }
    let share = (random() % 2_001) as f64 / 10_000.0; // 0 to 0.2
    sleep_until(Instant::now() + age.mul_f64(0.9 + share)).await;
}

/// How often a connection looks at its own quiet: often enough to be at most a quarter late.
fn tick_of(limits: &Limits) -> Duration {
    let bounds = [limits.connection_idle, limits.connection_grace].into_iter().filter(|bound| !bound.is_zero());
    let shortest = bounds.min().unwrap_or(Duration::from_secs(4));
    (shortest / 4).clamp(Duration::from_millis(10), Duration::from_secs(1))
}

/// A peer that connects and leaves, as balancers do to see whether a port is open, is no failure.
fn ignore_eof(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the peer left before it said anything".into(),
        io::ErrorKind::TimedOut => "the peer said nothing for too long".into(),
        _ => error.into(),
    }
}
