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
use tonic::transport::Channel;

/// What is added to the names of changed parties.
pub const MARK: &str = " Neo";
/// Connections, and records of one message of an import.
const CONNECTIONS: usize = 4;
const BATCH: usize = 500;

/// One in so many requests asks for two parties that change, so that its answer could mix versions; the others for one.
const PAIRS: usize = 5;

/// A list before and after, and the parties that change: id, and name before.
pub struct Update {
    pub dataset: String,
    pub before: Vec<Record>,
    pub after: Vec<Record>,
    pub changed: Vec<(String, String)>,
}

impl Update {
    /// An update of a list in which so many of its records change, evenly over it.
    pub fn of(dataset: &str, before: Vec<Record>, changes: usize) -> Update {
        let mut after = before.clone();
        let mut changed = Vec::new();
        let step = (before.len() / changes.max(1)).max(1);
        for record in after.iter_mut().step_by(step).take(changes) {
            let old = record.caption().to_owned();
            changed.push((record.id.to_string(), old.clone()));
            // The party has a new name, and keeps the old one: it is no stranger under a used id.
            record.names[0].text = format!("{old}{MARK}");
            record.names.push(RecordName { text: old, quality: NameQuality::Strong, language: String::new() });
        }
        Update { dataset: dataset.to_owned(), before, after, changed }
    }
}

/// What was seen while a list was changed.
#[derive(Debug, Default)]
pub struct Seen {
    /// Requests answered before the import was sent, while it ran, and after it was acknowledged: how long each took.
    pub before: Vec<Duration>,
    pub during: Vec<Duration>,
    pub after: Vec<Duration>,
    /// Requests that failed, with what was said.
    pub failures: Vec<String>,
    /// Answers in which one version showed some parties as they were and others as they are.
    pub mixed: Vec<String>,
    /// How long the import took until it was acknowledged.
    pub import: Duration,
    /// From the acknowledgement until the first answer that shows the change; nothing if it came before.
    pub visible_after: Option<Duration>,
}

/// Imports a list over the wire.
pub async fn import(
    channel: Channel,
    dataset: &str,
    records: &[Record],
) -> Result<ImportDatasetResponse, tonic::Status> {
    let header = ImportHeader { dataset: dataset.to_owned(), request_id: String::new(), accept_loss: false };
    let batches = records.chunks(BATCH).map(|batch| {
        let records = batch.iter().map(|record| convert::record_message(record.clone())).collect();
        Part::Batch(RecordBatch { records })
    });
    let parts: Vec<ImportDatasetRequest> = std::iter::once(Part::Header(header))
        .chain(batches)
        .map(|part| ImportDatasetRequest { part: Some(part) })
        .collect();
    let mut client = DatasetServiceClient::new(channel).max_decoding_message_size(64 << 20);
    Ok(client.import_dataset(tokio_stream::iter(parts)).await?.into_inner())
}

/// Asks so many requests a second, imports the changed list when `warm` of them are done, and goes on until `tail`
/// more were asked after the change could be seen.
pub async fn drive(channel: impl AsyncFn() -> Channel, update: &Update, rate: u32, warm: usize, tail: usize) -> Seen {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        channels.push(channel().await);
    }
    let watch = Arc::new(Watch::default());
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut calls = tokio::task::JoinSet::new();
    let mut import_task = None;
    let (mut asked, mut after) = (0usize, 0usize);
    while after < tail {
        ticks.tick().await;
        if asked == warm {
            let (channel, dataset, records) = (channel().await, update.dataset.clone(), update.after.clone());
            let watch = Arc::clone(&watch);
            import_task = Some(tokio::spawn(async move {
                watch.state().sent = Some(Instant::now());
                let done = import(channel, &dataset, &records).await;
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
        after += usize::from(state.acknowledged.is_some() && state.visible.is_some());
        // Without this, an update that never shows would be waited for without end.
        let is_lost = state.acknowledged.is_some_and(|at| at.elapsed() > Duration::from_secs(120));
        drop(state);
        if is_lost {
            break;
        }
        while calls.try_join_next().is_some() {}
    }
    while calls.join_next().await.is_some() {}
    let imported = match import_task {
        Some(task) => task.await.map_err(|error| error.to_string()),
        None => Err("the import was never sent".to_owned()),
    };
    let mut state = watch.state();
    let mut seen = std::mem::take(&mut state.seen);
    match imported {
        Ok(Ok(report)) if report.changed == update.changed.len() as u64 => {}
        Ok(Ok(report)) => seen.failures.push(format!("the import changed {} records", report.changed)),
        Ok(Err(status)) => seen.failures.push(format!("the import failed: {}", status.message())),
        Err(error) => seen.failures.push(error),
    }
    if let (Some(sent), Some(acknowledged)) = (state.sent, state.acknowledged) {
        seen.import = acknowledged - sent;
        seen.visible_after = state.visible.map(|visible| visible.saturating_duration_since(acknowledged));
    }
    seen
}

#[derive(Default)]
struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    seen: Seen,
    sent: Option<Instant>,
    acknowledged: Option<Instant>,
    /// When the first answer came that shows the change.
    visible: Option<Instant>,
    /// By version of the index, whether it shows the change.
    versions: BTreeMap<String, bool>,
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
        let begun = Instant::now();
        let answer = client.resolve_many(request).await;
        let took = begun.elapsed();
        let mut state = self.state();
        match (state.sent.is_some_and(|at| at <= begun), state.acknowledged.is_some_and(|at| at <= begun)) {
            (false, _) => state.seen.before.push(took),
            (true, false) => state.seen.during.push(took),
            (true, true) => state.seen.after.push(took),
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
            let is_new = found.caption == format!("{old}{MARK}");
            if is_new && state.visible.is_none() {
                state.visible = Some(Instant::now());
            }
            if *state.versions.entry(version.clone()).or_insert(is_new) != is_new {
                state.seen.mixed.push(format!("{version} shows {id} as {}", found.caption));
            }
            versions.push(version);
        }
        if versions.windows(2).any(|pair| pair[0] != pair[1]) {
            state.seen.mixed.push(format!("one answer of the versions {}", versions.join(" and ")));
        }
    }
}
