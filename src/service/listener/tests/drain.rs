//! The end of a server.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::sample::{message, request};
use super::{Server, options, soon, until};

#[tokio::test]
async fn health_says_so_first_and_open_calls_end_well() {
    let mut options = options();
    options.drain.delay = Duration::from_millis(200);
    let server = Server::start(options).await;
    server.health.set_all(true).await;
    let mut health = HealthClient::new(server.channel().await);
    let service = "exonym.v1.ResolverService".to_owned();
    let mut watched = soon(health.watch(HealthCheckRequest { service })).await.unwrap().into_inner();
    let status = soon(watched.message()).await.unwrap().unwrap().status();
    assert_eq!(status as i32, ServingStatus::Serving as i32);

    let (send, receive) = tokio::sync::mpsc::channel(4);
    send.send(message("first")).await.unwrap();
    let mut client = server.resolver().await;
    let stream = tokio_stream::wrappers::ReceiverStream::new(receive);
    let mut answers = soon(client.resolve_stream(stream)).await.unwrap().into_inner();
    assert!(soon(answers.message()).await.unwrap().is_some());

    server.shutdown.request();
    let status = soon(watched.message()).await.unwrap().unwrap().status();
    assert_eq!(status as i32, ServingStatus::NotServing as i32);
    // The delay: balancers have not noticed yet, and calls are answered.
    soon(client.resolve(request("echo"))).await.unwrap();
    assert!(server.seen.look(|seen| seen.draining));
    drop(watched);
    drop(health);

    // GOAWAY was sent once nobody can connect any more; the open stream goes on and ends in its own time.
    let address = server.address;
    soon(async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert!(!server.running.is_finished());
    send.send(message("last")).await.unwrap();
    assert!(soon(answers.message()).await.unwrap().is_some());
    drop(send);
    assert!(soon(answers.message()).await.unwrap().is_none());
    assert_eq!(soon(server.running).await.unwrap().cut, 0);
    assert_eq!(server.seen.codes("ResolveStream"), [Code::Ok]);
}

#[tokio::test]
async fn a_stream_that_does_not_end_is_cut_at_the_bound() {
    let mut options = options();
    options.drain.bound = Duration::from_millis(200);
    let server = Server::start(options).await;
    let sent = tokio_stream::once(message("endless")).chain(tokio_stream::pending());
    let mut answers = soon(server.resolver().await.resolve_stream(sent)).await.unwrap().into_inner();
    assert!(soon(answers.message()).await.unwrap().is_some());
    let seen = server.seen.clone();
    assert_eq!(server.end().await.cut, 1);
    let status = soon(async {
        loop {
            if let Err(status) = answers.message().await {
                return status;
            }
        }
    })
    .await;
    assert!(matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Internal), "{status}");
    until(|| seen.codes("ResolveStream") == [Code::Cancelled]).await;
}

#[tokio::test]
async fn a_second_request_means_now() {
    let mut options = options();
    options.drain.delay = Duration::from_secs(3_600);
    options.drain.bound = Duration::from_secs(3_600);
    let server = Server::start(options).await;
    let mut client = server.resolver().await;
    tokio::spawn(async move { client.resolve(request("sleep")).await });
    until(|| server.sample.call.lock().unwrap().is_some()).await;
    server.shutdown.request();
    until(|| server.seen.look(|seen| seen.draining)).await;
    assert_eq!(server.end().await.cut, 1);
}
