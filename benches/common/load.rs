//! Requests at a steady rate while a list is changed: what users see of an update.
//!
//! Every changed party has one name before and another one after. An answer tells which version of the index gave it,
//! so that a version that shows some parties as they were and others as they are is found out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use exonym::model::{NameQuality, Record, RecordName};
use exonym::proto::v1::dataset_service_client::DatasetServiceClient;
use exonym::proto::v1::import_dataset_request::Part;
use exonym::proto::v1::resolver_service_client::ResolverServiceClient;
use exonym::proto::v1::{
    ExplanationLevel, ImportDatasetRequest, ImportDatasetResponse, ImportHeader, Name, Query, RecordBatch, ResolveItem,
    ResolveManyRequest, ResolveOptions, resolve_item_result,
};
use exonym::service::convert;
use tonic::transport::{Channel, Endpoint};

/// What is added to the names of changed parties, before the number of the update.
const MARK: &str = " Neo";
/// Connections, and records of one message of an import.
const CONNECTIONS: usize = 4;
const BATCH: usize = 200;
/// An update that is not seen so long after it was acknowledged never will be.
const LOST: Duration = Duration::from_secs(120);

/// One in so many requests asks for two parties that change, so that its answer could mix versions; the others for one.
const PAIRS: usize = 5;

/// A list that changes again and again, and the parties that change: id, and name before the first time.
pub struct Update {
    pub dataset: String,
    pub before: Vec<Record>,
    pub changed: Vec<(String, String)>,
    /// In how many records of the list there is one that changes.
    step: usize,
}

impl Update {
    /// Updates of a list in which so many of its records change, evenly over it.
    pub fn of(dataset: &str, before: Vec<Record>, changes: usize) -> Update {
        let step = (before.len() / changes.max(1)).max(1);
        let changing = before.iter().step_by(step).take(changes);
        let changed = changing.map(|record| (record.id.to_string(), record.caption().to_owned())).collect();
        Update { dataset: dataset.to_owned(), before, changed, step }
    }

    /// The list after so many updates, at least one.
    fn after(&self, updates: usize) -> Vec<Record> {
        let mut after = self.before.clone();
        for (record, (_, old)) in after.iter_mut().step_by(self.step).zip(&self.changed) {
            // The party has a new name, and keeps the old one: it is no stranger under a used id.
            record.names[0].text = caption(old, updates);
            record.names.push(RecordName { text: old.clone(), quality: NameQuality::Strong, language: String::new() });
        }
        after
    }
}

/// The first name of a party after so many updates.
fn caption(old: &str, updates: usize) -> String {
    if updates == 0 { old.to_owned() } else { format!("{old}{MARK} {updates}") }
}

/// What was seen while a list was changed.
#[derive(Debug, Default)]
pub struct Seen {
    /// Requests sent before the first import, while one ran, and after one was acknowledged: how long each took.
    pub before: Vec<Duration>,
    pub during: Vec<Duration>,
    pub after: Vec<Duration>,
    /// Requests that failed, with what was said.
    pub failures: Vec<String>,
    /// Answers in which one version showed some parties as they were and others as they are.
    pub mixed: Vec<String>,
    /// By import, how long it took until it was acknowledged.
    pub imports: Vec<Duration>,
    /// By import, from the acknowledgement until the first answer that shows the change; nothing if it came before.
    pub visible_after: Vec<Duration>,
}

/// The messages that import a list.
fn messages(dataset: &str, records: Vec<Record>) -> Vec<ImportDatasetRequest> {
    let header = ImportHeader { dataset: dataset.to_owned(), request_id: String::new(), accept_loss: false };
    let records: Vec<_> = records.into_iter().map(convert::record_message).collect();
    let batches = records.chunks(BATCH).map(|batch| Part::Batch(RecordBatch { records: batch.to_vec() }));
    let parts = std::iter::once(Part::Header(header)).chain(batches);
    parts.map(|part| ImportDatasetRequest { part: Some(part) }).collect()
}

/// A thread that sends lists. It gives way to the server and to those who ask.
fn publisher() -> tokio::runtime::Runtime {
    let give_way = || {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 5);
    };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().on_thread_start(give_way).build().expect("a runtime")
}

async fn send(channel: Channel, messages: Vec<ImportDatasetRequest>) -> Result<ImportDatasetResponse, tonic::Status> {
    let mut client = DatasetServiceClient::new(channel).max_decoding_message_size(64 << 20);
    Ok(client.import_dataset(tokio_stream::iter(messages)).await?.into_inner())
}

/// Imports a list over the wire.
pub async fn import(
    channel: Channel,
    dataset: &str,
    records: &[Record],
) -> Result<ImportDatasetResponse, tonic::Status> {
    send(channel, messages(dataset, records.to_vec())).await
}

/// Asks so many requests a second. When `pause` of them are done it imports the changed list, and again `pause` requests
/// after a change could be seen, until there were so many updates; then `pause` more are asked.
pub async fn drive(endpoint: Endpoint, update: &Update, rate: u32, pause: usize, updates: usize) -> Seen {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        channels.push(endpoint.connect().await.expect("the server answers"));
    }
    let watch = Arc::new(Watch::default());
    let publisher = publisher();
    // Made before the clock runs: who publishes a list is another machine.
    let mut lists: Vec<_> = (1..=updates).map(|number| messages(&update.dataset, update.after(number))).collect();
    lists.reverse();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut calls = tokio::task::JoinSet::new();
    let mut imports = Vec::new();
    let (mut asked, mut calm) = (0usize, 0usize);
    loop {
        ticks.tick().await;
        if calm == pause {
            let Some(list) = lists.pop() else { break };
            calm = 0;
            watch.state().next();
            let (endpoint, watch) = (endpoint.clone(), Arc::clone(&watch));
            imports.push(publisher.spawn(async move {
                let channel = endpoint.connect().await.map_err(|error| tonic::Status::unavailable(error.to_string()));
                watch.state().sent = Some(Instant::now());
                let done = send(channel?, list).await;
                watch.state().acknowledged = Some(Instant::now());
                done
            }));
        }
        let count = if asked.is_multiple_of(PAIRS) { 2 } else { 1 };
        let pair: Vec<(String, String)> =
            (0..count).map(|of| update.changed[(asked * 7 + of * 31) % update.changed.len()].clone()).collect();
        let (client, asking) = (ResolverServiceClient::new(channels[asked % CONNECTIONS].clone()), Arc::clone(&watch));
        calls.spawn(async move { asking.ask(client, pair).await });
        asked += 1;
        let state = watch.state();
        calm += usize::from(state.updates == 0 || (state.acknowledged.is_some() && state.visible.is_some()));
        // Without this, an update that never shows would be waited for without end.
        let is_lost = state.acknowledged.is_some_and(|at| state.visible.is_none() && at.elapsed() > LOST);
        drop(state);
        if is_lost {
            break;
        }
        while calls.try_join_next().is_some() {}
    }
    while calls.join_next().await.is_some() {}
    let mut imported = Vec::new();
    for import in imports {
        imported.push(import.await.unwrap_or_else(|error| Err(tonic::Status::unknown(error.to_string()))));
    }
    publisher.shutdown_background();
    let mut state = watch.state();
    state.end();
    let mut seen = std::mem::take(&mut state.seen);
    for imported in imported {
        match imported {
            Ok(report) if report.changed == update.changed.len() as u64 => {}
            Ok(report) => seen.failures.push(format!("the import changed {} records", report.changed)),
            Err(status) => seen.failures.push(format!("the import failed: {}", status.message())),
        }
    }
    seen
}

#[derive(Default)]
struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    seen: Seen,
    /// How many imports were sent, and of the last one: when, when it was acknowledged, and when the first answer came
    /// that shows it.
    updates: usize,
    sent: Option<Instant>,
    acknowledged: Option<Instant>,
    visible: Option<Instant>,
    /// By version of the index, how many updates it shows.
    versions: BTreeMap<String, usize>,
}

impl State {
    /// Another update begins.
    fn next(&mut self) {
        self.end();
        self.updates += 1;
    }

    /// Writes down how the last import went.
    fn end(&mut self) {
        let (sent, acknowledged, visible) = (self.sent.take(), self.acknowledged.take(), self.visible.take());
        if let (Some(sent), Some(acknowledged)) = (sent, acknowledged) {
            self.seen.imports.push(acknowledged - sent);
            self.seen.visible_after.extend(visible.map(|at| at.saturating_duration_since(acknowledged)));
        }
    }
}

impl Watch {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no holder panics")
    }

    async fn ask(&self, mut client: ResolverServiceClient<Channel>, pair: Vec<(String, String)>) {
        let items = pair.iter().map(|(_, name)| ResolveItem {
            query: Some(Query { names: vec![Name { text: name.clone(), ..Name::default() }], ..Query::default() }),
            ..ResolveItem::default()
        });
        let options =
            ResolveOptions { limit: 20, explanation: ExplanationLevel::None.into(), ..ResolveOptions::default() };
        let request =
            ResolveManyRequest { items: items.collect(), options: Some(options), ..ResolveManyRequest::default() };
        let is_before = self.state().updates == 0;
        let begun = Instant::now();
        let answer = client.resolve_many(request).await;
        let took = begun.elapsed();
        let mut state = self.state();
        match (state.sent.is_some_and(|at| at <= begun), state.acknowledged.is_some_and(|at| at <= begun)) {
            (true, false) => state.seen.during.push(took),
            _ if is_before => state.seen.before.push(took),
            _ => state.seen.after.push(took),
        }
        let results = match answer {
            Ok(answer) => answer.into_inner().results,
            Err(status) => return state.seen.failures.push(format!("{:?}: {}", status.code(), status.message())),
        };
        let mut versions = Vec::new();
        for ((id, old), result) in pair.iter().zip(results) {
            let Some(resolve_item_result::Result::Response(response)) = result.result else {
                state.seen.failures.push(format!("{id}: no answer"));
                continue;
            };
            let version = response.version.map(|version| version.index_version).unwrap_or_default();
            let found = response.candidates.iter().find(|candidate| candidate.record_ids.contains(id));
            let Some(found) = found else {
                state.seen.failures.push(format!("{id}: {old} is not found"));
                continue;
            };
            let shown = (0..=state.updates).find(|updates| found.caption == caption(old, *updates));
            let Some(shown) = shown else {
                state.seen.failures.push(format!("{id} is shown as {}", found.caption));
                continue;
            };
            if shown > 0 && shown == state.updates && state.visible.is_none() {
                state.visible = Some(Instant::now());
            }
            if *state.versions.entry(version.clone()).or_insert(shown) != shown {
                state.seen.mixed.push(format!("{version} shows {id} as {}", found.caption));
            }
            versions.push(version);
        }
        if versions.windows(2).any(|pair| pair[0] != pair[1]) {
            state.seen.mixed.push(format!("one answer of the versions {}", versions.join(" and ")));
        }
    }
}
