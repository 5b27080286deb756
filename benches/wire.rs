//! How many requests a second go over the wire? Unary and streamed, client and server on this machine.
//!
//! `cargo bench --bench wire`

mod common;

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use exonym::batch;
use exonym::proto::v1::resolver_service_client::ResolverServiceClient;
use exonym::proto::v1::{
    ExplanationLevel, Name, Query, ResolveItem, ResolveOptions, ResolveRequest, ResolveStreamRequest,
};
use exonym::resolver::Thresholds;
use exonym::service::listener::{Health, Listener, Options, Shutdown, Silent};
use exonym::service::{Backend, MessageLimits, Origin, routes};
use tokio::runtime::Runtime;
use tokio_stream::StreamExt;
use tonic::transport::{Channel, Endpoint};

/// Unary requests in flight, and items of one streamed message.
const IN_FLIGHT: usize = 32;
const BATCH: usize = 50;

async fn start() -> ResolverServiceClient<Channel> {
    let options = Options { listen: ([127, 0, 0, 1], 0).into(), http_listen: None, ..Options::default() };
    let limits = options.limits.clone();
    let listener = Listener::bind(options).expect("a free port");
    let address = listener.address();
    let health = Health::starting().await;
    health.set_all(true).await;
    let engine = batch::sample_engine(Thresholds::default()).expect("the bundled list is checked by tests");
    let backend = Backend::new(Arc::new(engine), Origin::Sample, 2, 10);
    let routes = routes(&backend, &health, &limits, MessageLimits::default(), false);
    tokio::spawn(listener.serve(routes, health, Arc::new(Silent), Shutdown::new()));
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    ResolverServiceClient::new(endpoint.connect().await.expect("the server listens"))
}

fn query(text: &str) -> Query {
    Query { names: vec![Name { text: text.to_owned(), ..Name::default() }], ..Query::default() }
}

fn options() -> Option<ResolveOptions> {
    let explanation = ExplanationLevel::None.into();
    Some(ResolveOptions { limit: 3, explanation, ..ResolveOptions::default() })
}

fn wire(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let client = runtime.block_on(start());
    let texts: Vec<String> = common::queries('А', 'я').into_iter().map(|(_, text)| text).take(200).collect();
    let mut group = criterion.benchmark_group("requests over the wire, the bundled list");
    group.sample_size(20);

    group.throughput(Throughput::Elements(IN_FLIGHT as u64));
    group.bench_function("unary, 32 in flight", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut calls = tokio::task::JoinSet::new();
                for text in texts.iter().take(IN_FLIGHT) {
                    let (mut client, query) = (client.clone(), query(text));
                    calls.spawn(async move {
                        client
                            .resolve(ResolveRequest { query: Some(query), options: options(), ..Default::default() })
                            .await
                    });
                }
                while let Some(done) = calls.join_next().await {
                    done.expect("no panic").expect("an answer");
                }
            });
        });
    });

    group.throughput(Throughput::Elements((texts.len() / BATCH * BATCH) as u64));
    group.bench_function("streamed, 50 names a message", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let batches = texts.chunks_exact(BATCH).map(|texts| ResolveStreamRequest {
                    items: texts
                        .iter()
                        .map(|text| ResolveItem { query: Some(query(text)), ..Default::default() })
                        .collect(),
                    scope: None,
                    options: options(),
                });
                let requests = tokio_stream::iter(batches.collect::<Vec<_>>());
                let mut answers = client.clone().resolve_stream(requests).await.expect("a stream").into_inner();
                while let Some(answer) = answers.next().await {
                    answer.expect("an answer");
                }
            });
        });
    });
    group.finish();
}

criterion_group!(benches, wire);
criterion_main!(benches);
