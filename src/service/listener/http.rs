use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::server::Pause;
use super::{Health, Observer};

/// Connections of probes and scrapers at once; more wait in the system's queue.
const CONNECTIONS: usize = 64;
/// A scrape and its answer take far less.
const LIFETIME: Duration = Duration::from_secs(60);
const HEADERS: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Sources {
    health: Health,
    observer: Arc<dyn Observer>,
}

/// Serves `/metrics` (OpenMetrics), `/livez` and `/readyz` over HTTP/1.1, for ever. `/readyz` answers 503 while the
/// resolver does not serve, so also once the server drains.
pub(super) async fn serve(listener: TcpListener, health: Health, observer: Arc<dyn Observer>) {
    let routes = Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(Sources { health, observer });
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut pause = Pause::default();
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                if let Some(time) = pause.after(&error) {
                    tokio::time::sleep(time).await;
                }
                continue;
            }
        };
        pause = Pause::default();
        while connections.try_join_next().is_some() {}
        let service = TowerToHyperService::new(routes.clone());
        connections.spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS)
                .serve_connection(TokioIo::new(stream), service);
            let _ = tokio::time::timeout(LIFETIME, connection).await;
            drop(place);
        });
    }
}

async fn metrics(State(sources): State<Sources>) -> Result<impl IntoResponse, Infallible> {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], sources.observer.exposition()))
}

async fn ready(State(sources): State<Sources>) -> (StatusCode, &'static str) {
    if sources.health.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
