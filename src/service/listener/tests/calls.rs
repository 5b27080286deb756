//! What happens to a call: deadlines, sizes, codes, panics, overload.

use std::time::Duration;

use tokio_stream::StreamExt;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use super::super::Shed;
use super::sample::{message, request};
use super::wire::{HEADERS, Wire};
use super::{Server, options, soon, until};
use crate::proto::v1;
use crate::proto::v1::dataset_service_client::DatasetServiceClient;

#[tokio::test]
async fn a_unary_call_ends_at_the_servers_deadline_with_the_right_code() {
    let mut options = options();
    options.limits.unary_deadline = Duration::from_millis(50);
    let server = Server::start(options).await;
    let status = soon(server.resolver().await.resolve(request("sleep"))).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(server.sample.call.lock().unwrap().as_ref().unwrap().is_over(), "the handler's work knows");
    assert_eq!(server.seen.codes("/Resolve"), [Code::DeadlineExceeded]);
    assert_eq!(server.end().await.cut, 0);
}

#[tokio::test]
async fn a_clients_earlier_deadline_counts_and_a_later_one_is_capped() {
    let mut limits = options();
    limits.limits.unary_deadline = Duration::from_millis(200);
    let server = Server::start(limits).await;
    // By raw frames: tonic's client would itself give up after the time it reads in the header.
    for timeout in ["30m", "99999999H"] {
        let mut wire = Wire::open(&server).await;
        wire.call(1, "/exonym.v1.ResolverService/Resolve", &[("grpc-timeout", timeout)]).await.unwrap();
        let until_headers = async { while wire.read().await.unwrap().kind != HEADERS {} };
        soon(until_headers).await;
    }
    assert_eq!(server.seen.codes("/Resolve"), [Code::DeadlineExceeded; 2]);
    let mut asked = Request::new(request("echo"));
    asked.metadata_mut().insert("grpc-timeout", "soon".parse().unwrap());
    let status = soon(server.resolver().await.resolve(asked)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_method_that_works_long_is_not_held_to_the_deadline_of_short_ones() {
    let mut options = options();
    options.limits.unary_deadline = Duration::from_millis(50);
    let server = Server::start(options).await;
    let mut client = DatasetServiceClient::new(server.channel().await);
    soon(client.reload_dataset(v1::ReloadDatasetRequest::default())).await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_at_its_deadline_whether_it_speaks_or_not() {
    let mut options = options();
    options.limits.stream_deadline = Duration::from_millis(150);
    let server = Server::start(options).await;
    for kind in ["endless", "silent"] {
        let sent = tokio_stream::once(message(kind)).chain(tokio_stream::pending());
        let mut answers = soon(server.resolver().await.resolve_stream(sent)).await.unwrap().into_inner();
        let status = loop {
            match soon(answers.message()).await {
                Ok(answer) => assert!(answer.is_some(), "{kind}: ended without a status"),
                Err(status) => break status,
            }
        };
        assert_eq!(status.code(), Code::DeadlineExceeded, "{kind}");
    }
    assert_eq!(server.seen.codes("ResolveStream"), [Code::DeadlineExceeded; 2]);
}

#[tokio::test]
async fn a_stream_whose_next_message_does_not_come_ends() {
    let mut options = options();
    options.limits.stream_idle = Duration::from_millis(50);
    let server = Server::start(options).await;
    let sent = tokio_stream::once(message("first")).chain(tokio_stream::pending());
    let mut answers = soon(server.resolver().await.resolve_stream(sent)).await.unwrap().into_inner();
    assert!(soon(answers.message()).await.unwrap().is_some());
    let status = soon(answers.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(status.message().contains("no complete message"), "{status}");
}

#[tokio::test]
async fn tonics_codes_are_put_right() {
    let server = Server::start(options()).await;
    let mut client = server.resolver().await;
    let status = soon(client.resolve(request(&"가".repeat(2_000)))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "oversize, unary: {status}");

    let sent = tokio_stream::iter([message("first"), message(&"가".repeat(2_000))]);
    let mut answers = soon(client.resolve_stream(sent)).await.unwrap().into_inner();
    assert!(soon(answers.message()).await.unwrap().is_some());
    let status = soon(answers.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "oversize, in a stream: {status}");

    // A string where a message should be.
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    soon(grpc.ready()).await.unwrap();
    let codec = tonic_prost::ProstCodec::<v1::GetDatasetRequest, v1::ResolveResponse>::default();
    let path = "/exonym.v1.ResolverService/Resolve".parse().unwrap();
    let wrong = Request::new(v1::GetDatasetRequest { name: "abc".to_owned() });
    let status = soon(grpc.unary(wrong, path, codec)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "undecodable: {status}");

    let status = soon(client.resolve(request("out of range"))).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "a handler's own code stays");
    assert_eq!(soon(client.resolve(request("echo"))).await.unwrap().into_inner().incomplete_reason, "echo");
}

#[tokio::test]
async fn a_panic_is_internal_and_the_server_lives() {
    let server = Server::start(options()).await;
    let mut client = server.resolver().await;
    let status = soon(client.resolve(request("panic"))).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("asked to"), "the panic's words stay inside: {status}");

    let sent = tokio_stream::once(message("panic"));
    let mut answers = soon(client.resolve_stream(sent)).await.unwrap().into_inner();
    let status = soon(async {
        loop {
            match answers.message().await {
                Ok(answer) => assert!(answer.is_some(), "it ends with a status"),
                Err(status) => return status,
            }
        }
    });
    assert_eq!(status.await.code(), Code::Internal);
    assert_eq!(server.seen.look(|seen| seen.panics), 2);
    soon(client.resolve(request("echo"))).await.unwrap();
}

#[tokio::test]
async fn beyond_the_lane_a_call_is_refused_with_a_time_to_retry() {
    let mut options = options();
    options.limits.unary_calls = 1;
    options.limits.queue_wait = Duration::from_millis(20);
    let server = Server::start(options).await;
    let mut first = server.resolver().await;
    let sleeping = tokio::spawn(async move { first.resolve(request("sleep")).await });
    until(|| server.sample.call.lock().unwrap().is_some()).await;

    let mut client = server.resolver().await;
    let status = soon(client.resolve(request("echo"))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(status.get_details_retry_info().unwrap().retry_delay, Some(Duration::from_millis(80)));
    assert_eq!(status.get_details_error_info().unwrap().reason, "OVERLOADED");
    assert_eq!(server.seen.look(|seen| seen.shed.clone()), [Shed::Unary]);

    // The place is free again as soon as the caller leaves.
    sleeping.abort();
    until(|| server.seen.codes("/Resolve").contains(&Code::Cancelled)).await;
    soon(client.resolve(request("echo"))).await.unwrap();
    assert!(server.sample.call.lock().unwrap().as_ref().is_some_and(super::super::Call::is_over));
}

#[tokio::test]
async fn a_connection_has_a_bound_of_streams_of_its_own() {
    let mut options = options();
    options.limits.streaming_per_connection = 1;
    let server = Server::start(options).await;
    let mut client = server.resolver().await;
    let open = |kind| tokio_stream::once(message(kind)).chain(tokio_stream::pending());
    let _held = soon(client.resolve_stream(open("silent"))).await.unwrap();
    let status = soon(client.resolve_stream(open("silent"))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    soon(client.resolve(request("echo"))).await.unwrap();
    soon(server.resolver().await.resolve_stream(open("silent"))).await.unwrap();
    assert_eq!(server.seen.look(|seen| seen.shed.clone()), [Shed::ConnectionStreams]);
}

#[tokio::test]
async fn an_import_that_is_cut_short_is_no_import() {
    let server = Server::start(options()).await;
    let part = v1::ImportDatasetRequest::default;
    let mut client = DatasetServiceClient::new(server.channel().await);
    let whole = soon(client.import_dataset(tokio_stream::iter([part(), part()]))).await.unwrap();
    assert_eq!(whole.into_inner().read, 2);

    let sent = tokio_stream::iter([part(), part()]).chain(tokio_stream::pending());
    let cut = tokio::time::timeout(Duration::from_millis(200), client.import_dataset(sent)).await;
    assert!(cut.is_err(), "the client gave up");
    until(|| server.sample.imports.lock().unwrap().len() == 2).await;
    let imports = server.sample.imports.lock().unwrap();
    assert!(matches!(imports[0], Ok(2)));
    assert_eq!(imports[1].as_ref().unwrap_err().code(), Code::Aborted, "not an ordinary end: {:?}", imports[1]);
}

#[tokio::test]
async fn a_call_can_be_found_again_by_its_id() {
    let server = Server::start(options()).await;
    let mut client = server.resolver().await;
    let answer = soon(client.resolve(request("echo"))).await.unwrap();
    let made = answer.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert_eq!(server.sample.call.lock().unwrap().as_ref().unwrap().request_id(), made);

    for (given, kept) in [("order-7.a", true), ("two words", false)] {
        let mut asked = Request::new(request("echo"));
        asked.metadata_mut().insert("x-request-id", given.parse().unwrap());
        let answer = soon(client.resolve(asked)).await.unwrap();
        assert_eq!(answer.metadata().get("x-request-id").unwrap() == given, kept, "{given}");
    }
}
