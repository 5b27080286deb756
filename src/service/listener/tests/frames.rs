//! Peers that play by their own rules: raw HTTP/2 frames and raw bytes.

use std::time::Duration;

use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::Limits;
use super::sample::message;
use super::wire::{DATA, GOAWAY, HEADERS, RST_STREAM, WINDOW_UPDATE, Wire, goaway_code};
use super::{Server, options, soon, until};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const RESOLVE: &str = "/exonym.v1.ResolverService/Resolve";
const ENHANCE_YOUR_CALM: u32 = 11;

#[tokio::test]
async fn made_you_reset_is_cut_off() {
    let server = Server::start(options()).await;
    let mut wire = Wire::open(&server).await;
    // Each stream is made to fail by a window that overflows: the server has to reset it.
    for stream in (0..200).map(|n| 2 * n + 1) {
        let sent = async {
            wire.call(stream, CHECK, &[]).await?;
            wire.send(WINDOW_UPDATE, 0, stream, &0x7fff_ffff_u32.to_be_bytes()).await
        };
        if sent.await.is_err() {
            break;
        }
    }
    let frames = wire.read_all().await;
    let resets = frames.iter().filter(|frame| frame.kind == RST_STREAM).count();
    let goaway = frames.iter().find(|frame| frame.kind == GOAWAY).map(goaway_code);
    assert!(resets <= 65, "{resets} streams reset");
    assert_eq!(goaway, Some(ENHANCE_YOUR_CALM));
    until(|| server.seen.look(|seen| seen.open) == 0).await;
    assert_eq!(server.end().await.cut, 0);
}

#[tokio::test]
async fn rapid_reset_is_cut_off() {
    let server = Server::start(options()).await;
    let mut wire = Wire::open(&server).await;
    for stream in (0..2_000).map(|n| 2 * n + 1) {
        let sent = async {
            wire.call(stream, RESOLVE, &[]).await?;
            wire.send(RST_STREAM, 0, stream, &8_u32.to_be_bytes()).await
        };
        if sent.await.is_err() {
            break;
        }
    }
    let frames = wire.read_all().await;
    assert_eq!(frames.iter().find(|frame| frame.kind == GOAWAY).map(goaway_code), Some(ENHANCE_YOUR_CALM));
    until(|| server.seen.look(|seen| seen.open) == 0).await;
}

/// As many streaming calls as a connection may have, each with its whole window full of small frames that no handler
/// reads: a fast client, not a flood. With the windows that tonic has by default h2 ends such a connection.
#[tokio::test]
async fn a_fast_client_of_small_messages_is_slowed_down_and_not_cut_off() {
    let server = Server::start(options()).await;
    let mut wire = Wire::open(&server).await;
    let limits = options().limits;
    let small = Limits::SMALL_FRAME as usize;
    let mut first = vec![0; 5];
    message("silent").encode(&mut first).unwrap();
    first[4] = u8::try_from(first.len() - 5).unwrap();
    let streams = u32::try_from(limits.streaming_per_connection).unwrap();
    for stream in (0..streams).map(|n| 2 * n + 1) {
        wire.call(stream, "/exonym.v1.ResolverService/ResolveStream", &[]).await.unwrap();
        wire.send(DATA, 0, stream, &first).await.unwrap();
        for _ in 0..(limits.stream_window_bytes as usize - first.len()) / small {
            let mut frame = vec![0; small];
            frame[4] = u8::try_from(small - 5).unwrap();
            wire.send(DATA, 0, stream, &frame).await.unwrap();
        }
    }
    let last = 2 * streams + 1;
    wire.call(last, RESOLVE, &[]).await.unwrap();
    wire.send(DATA, 1, last, &[0; 5]).await.unwrap();
    loop {
        let frame = wire.read().await.expect("the connection lives");
        assert_ne!(frame.kind, GOAWAY, "{frame:?}");
        if frame.kind == HEADERS && frame.stream == last {
            break;
        }
    }
}

#[tokio::test]
async fn a_header_list_over_the_limit_reaches_no_handler() {
    let server = Server::start(options()).await;
    let mut wire = Wire::open(&server).await;
    wire.bomb(1, RESOLVE, 1).await.unwrap();
    wire.send(DATA, 1, 1, &[0; 5]).await.unwrap();
    loop {
        let frame = wire.read().await.unwrap();
        if frame.kind == HEADERS && frame.flags & 1 != 0 {
            break;
        }
    }
    assert_eq!(server.seen.look(|seen| seen.started), 1, "8 kB of headers are fine");

    wire.bomb(3, RESOLVE, 4).await.unwrap();
    wire.send(DATA, 1, 3, &[0; 5]).await.unwrap();
    let refused = loop {
        match wire.read().await {
            Some(frame) if frame.stream == 3 && matches!(frame.kind, HEADERS | RST_STREAM) => break true,
            Some(frame) if frame.kind == GOAWAY => break true,
            Some(_) => {}
            None => break true,
        }
    };
    assert!(refused);
    assert_eq!(server.seen.look(|seen| seen.started), 1);
}

/// Reads until the server closes; what it said.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    // A reset is an end too.
    let _ = soon(stream.read_to_end(&mut said)).await;
    said
}

#[tokio::test]
async fn a_peer_that_does_not_speak_http2_is_let_go() {
    let mut options = options();
    options.limits.preface = Duration::from_millis(50);
    let server = Server::start(options).await;
    for said in [&b""[..], b"PRI * HTTP/2.0", b"GET /metrics HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        assert_eq!(rest(&mut stream).await, b"", "{said:?}");
    }
    until(|| server.seen.look(|seen| seen.open) == 0).await;
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_let_go() {
    let mut options = options();
    options.limits.keepalive_interval = Duration::from_millis(50);
    options.limits.keepalive_timeout = Duration::from_millis(50);
    let server = Server::start(options).await;
    let mut wire = Wire::open(&server).await;
    wire.read_all().await;
    until(|| server.seen.look(|seen| seen.open) == 0).await;
}

#[tokio::test]
async fn an_idle_connection_and_an_old_one_are_told_to_go() {
    let mut idle = options();
    idle.limits.connection_idle = Duration::from_millis(50);
    let mut old = options();
    old.limits.connection_age = Duration::from_millis(50);
    for options in [idle, old] {
        let server = Server::start(options).await;
        let mut wire = Wire::open(&server).await;
        let goaway = loop {
            let frame = wire.read().await.expect("a word before the end");
            if frame.kind == GOAWAY {
                break frame;
            }
        };
        assert_eq!(goaway_code(&goaway), 0);
    }
}

#[tokio::test]
async fn a_stalled_call_does_not_hold_a_connection_that_was_told_to_go() {
    let mut options = options();
    options.limits.connection_age = Duration::from_millis(30);
    options.limits.connection_grace = Duration::from_millis(100);
    let server = Server::start(options).await;
    let mut wire = Wire::open(&server).await;
    // Headers without a message: the handler waits for it.
    wire.call(1, RESOLVE, &[]).await.unwrap();
    wire.read_all().await;
    until(|| server.seen.look(|seen| seen.open) == 0).await;
}

#[tokio::test]
async fn what_is_not_grpc_is_refused() {
    let server = Server::start(options()).await;
    let mut wire = Wire::open(&server).await;
    let block = [&[0x83, 0x86, 0x01, 0x01, b'x', 0x04, 0x02, b'/', b'x'][..], &[]].concat();
    wire.send(HEADERS, 0x5, 1, &block).await.unwrap();
    loop {
        let frame = wire.read().await.unwrap();
        if frame.kind == HEADERS {
            assert_eq!(frame.flags & 1, 1, "the answer ends with its headers");
            break;
        }
    }
    assert_eq!(server.seen.look(|seen| seen.started), 0);
}
