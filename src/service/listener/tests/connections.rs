//! Bounds of connections, and the port for probes.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::Shed;
use super::super::limits::Slots;
use super::super::server::Pause;
use super::sample::request;
use super::{Server, options, soon, until};

#[tokio::test]
async fn connections_beyond_the_bound_are_closed_at_once() {
    for (all, per_peer, reason) in [(2, 0, Shed::Connections), (100, 2, Shed::PeerConnections)] {
        let mut options = options();
        options.limits.connections = all;
        options.limits.connections_per_peer = per_peer;
        let server = Server::start(options).await;
        let first = TcpStream::connect(server.address).await.unwrap();
        let mut kept = server.resolver().await;
        soon(kept.resolve(request("echo"))).await.unwrap();

        let mut third = TcpStream::connect(server.address).await.unwrap();
        let closed = soon(third.read(&mut [0])).await;
        assert!(matches!(closed, Ok(0) | Err(_)));
        assert_eq!(server.seen.look(|seen| seen.shed.clone()), [reason]);
        soon(kept.resolve(request("echo"))).await.unwrap();

        drop(first);
        until(|| server.seen.look(|seen| seen.open) == 1).await;
        soon(server.resolver().await.resolve(request("echo"))).await.unwrap();
    }
}

#[test]
fn peers_are_counted_by_what_one_subscriber_has() {
    let slots = Slots::new(10, 1);
    let held = slots.take("2001:db8:1:2::1".parse().unwrap()).unwrap();
    assert_eq!(slots.take("2001:db8:1:2:ffff::9".parse().unwrap()).unwrap_err(), Shed::PeerConnections);
    let other = slots.take("2001:db8:1:3::1".parse().unwrap()).unwrap();
    let mapped = slots.take("::ffff:192.0.2.7".parse().unwrap()).unwrap();
    assert_eq!(slots.take("192.0.2.7".parse().unwrap()).unwrap_err(), Shed::PeerConnections);
    assert_eq!(slots.open(), 3);
    drop((held, other, mapped));
    assert_eq!(slots.open(), 0);
    slots.take("2001:db8:1:2::1".parse().unwrap()).unwrap();
}

#[test]
fn accepting_pauses_only_when_the_machine_lacks_something() {
    let mut pause = Pause::default();
    for harmless in [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::Interrupted] {
        assert_eq!(pause.after(&harmless.into()), None);
    }
    // EMFILE and ENFILE: the process, or the system, has no descriptor left.
    let pauses: Vec<_> = (0..10).map(|_| pause.after(&io::Error::from_raw_os_error(24)).unwrap()).collect();
    assert_eq!(pauses[0], Duration::from_millis(10));
    assert_eq!(pauses[1], Duration::from_millis(20));
    assert_eq!(pauses[9], Duration::from_secs(1));
    assert!(Pause::default().after(&io::Error::from_raw_os_error(23)).is_some());
}

async fn get(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.http.unwrap()).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut said = String::new();
    soon(stream.read_to_string(&mut said)).await.unwrap();
    said
}

#[tokio::test]
async fn probes_tell_health_and_metrics() {
    let mut options = options();
    options.http_listen = Some(options.listen);
    options.drain.delay = Duration::from_secs(3_600);
    let server = Server::start(options).await;
    assert!(get(&server, "/livez").await.starts_with("HTTP/1.1 200 "));
    assert!(get(&server, "/readyz").await.starts_with("HTTP/1.1 503 "), "nothing was loaded yet");
    server.health.set_all(true).await;
    assert!(get(&server, "/readyz").await.starts_with("HTTP/1.1 200 "));
    let metrics = get(&server, "/metrics").await;
    assert!(metrics.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
    assert!(metrics.ends_with("sample_total 1\n# EOF\n"));
    assert!(get(&server, "/else").await.starts_with("HTTP/1.1 404 "));

    server.shutdown.request();
    until(|| !server.health.is_ready()).await;
    assert!(get(&server, "/readyz").await.starts_with("HTTP/1.1 503 "), "still asked while it drains");
    server.health.set_all(true).await;
    assert!(!server.health.is_ready(), "a drain is for good");
    assert!(get(&server, "/livez").await.starts_with("HTTP/1.1 200 "));
    server.end().await;
}
