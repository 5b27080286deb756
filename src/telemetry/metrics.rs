use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tonic::Code;

use super::process::Process;
use crate::service::listener::{FetchResult, ImportResult, MatchOutcome, Observer, Shed, code_name};
use crate::text::Script;

/// The metrics of one server. Clones record into the same ones.
///
/// Labels take their values from fixed sets, and from the names of datasets and sources, which the operator gives; never from a
/// name of a party or the id of an entity.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    calls: Family<CallLabels, Histogram, fn() -> Histogram>,
    active: Family<MethodLabels, Gauge>,
    panics: Family<MethodLabels, Counter>,
    shed: Family<Reason, Counter>,
    connections: Gauge,
    draining: Gauge,
    reload_failures: Family<What, Counter>,
    outcomes: Family<Outcome, Counter>,
    scripts: Family<ScriptLabel, Counter>,
    candidates: Histogram,
    work: Histogram,
    index: Family<Version, Gauge<i64, AtomicI64>>,
    index_since: Gauge<f64, AtomicU64>,
    imported: Family<Import, Counter>,
    fetches: Family<Fetch, Counter>,
    source_success: Family<SourceLabel, Gauge<f64, AtomicU64>>,
}

/// A label of a fixed set of values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Word(&'static str);

impl EncodeLabelValue for Word {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    rpc_method: Word,
    /// The canonical name. OpenTelemetry has renamed this attribute before and may again: it has one place, here.
    rpc_grpc_status_code: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabels {
    rpc_method: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct What {
    what: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ScriptLabel {
    script: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Import {
    dataset: String,
    result: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Fetch {
    source: String,
    result: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SourceLabel {
    source: String,
}

/// Seconds. OpenTelemetry advises to begin at 5 ms; a look-up takes less.
fn durations() -> Histogram {
    Histogram::new([
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
        10.0,
    ])
}

impl Metrics {
    /// Metrics of a server that starts now.
    pub fn new() -> Metrics {
        let calls: Family<CallLabels, Histogram, fn() -> Histogram> = Family::new_with_constructor(durations);
        let candidates = Histogram::new([0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 5_000.0]);
        let work = Histogram::new([1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6]);
        let mut inner = Inner {
            registry: Registry::default(),
            calls,
            active: Family::default(),
            panics: Family::default(),
            shed: Family::default(),
            connections: Gauge::default(),
            draining: Gauge::default(),
            reload_failures: Family::default(),
            outcomes: Family::default(),
            scripts: Family::default(),
            candidates,
            work,
            index: Family::default(),
            index_since: Gauge::default(),
            imported: Family::default(),
            fetches: Family::default(),
            source_success: Family::default(),
        };
        let mut registry = Registry::default();
        inner.register(&mut registry);
        inner.registry = registry;
        Metrics(Arc::new(inner))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Inner {
    /// Names and help of every metric. The exposition adds `_total` to counters and `_info` to information.
    #[rustfmt::skip]
    fn register(&self, to: &mut Registry) {
        to.register("rpc_server_call_duration_seconds", "Time of a call from its headers to its last byte", self.calls.clone());
        to.register("rpc_server_active_requests", "Calls that are open", self.active.clone());
        to.register("exonym_panics", "Handlers that panicked", self.panics.clone());
        to.register("exonym_shed", "Connections and calls refused because a bound was reached", self.shed.clone());
        to.register("exonym_connections", "Connections that are open", self.connections.clone());
        to.register("exonym_draining", "1 while the server drains", self.draining.clone());
        to.register("exonym_reload_failures", "Changed files that could not be taken over", self.reload_failures.clone());
        to.register("exonym_match_outcome", "Queries by how they ended", self.outcomes.clone());
        to.register("exonym_query_script", "Queries by the scripts of their names", self.scripts.clone());
        to.register("exonym_match_candidates", "Candidates scored for a query", self.candidates.clone());
        to.register("exonym_match_work_units", "Work of a query: states, postings and candidates", self.work.clone());
        to.register("exonym_index_info", "1 for the version of the index that serves", self.index.clone());
        to.register("exonym_index_serving_since_timestamp_seconds", "When the index that serves began to", self.index_since.clone());
        to.register("exonym_import_records", "Records of imports by what became of them", self.imported.clone());
        to.register("exonym_source_fetches", "Looks at sources by what they led to", self.fetches.clone());
        to.register("exonym_source_last_success_timestamp_seconds", "When looking at a source last went well", self.source_success.clone());
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        to.register("exonym_build", "The program", version);
        to.register_collector(Box::new(Process::now()));
    }
}

/// Seconds since 1970.
pub(super) fn unix_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

impl Observer for Metrics {
    fn call_started(&self, method: &'static str) {
        self.0.active.get_or_create(&MethodLabels { rpc_method: Word(method) }).inc();
    }

    fn call_finished(&self, method: &'static str, code: Code, elapsed: Duration) {
        self.0.active.get_or_create(&MethodLabels { rpc_method: Word(method) }).dec();
        let labels = CallLabels { rpc_method: Word(method), rpc_grpc_status_code: Word(code_name(code)) };
        self.0.calls.get_or_create(&labels).observe(elapsed.as_secs_f64());
    }

    fn shed(&self, reason: Shed) {
        self.0.shed.get_or_create(&Reason { reason: Word(reason.as_str()) }).inc();
    }

    fn panicked(&self, method: &'static str) {
        self.0.panics.get_or_create(&MethodLabels { rpc_method: Word(method) }).inc();
    }

    fn connections(&self, open: usize) {
        self.0.connections.set(i64::try_from(open).unwrap_or(i64::MAX));
    }

    fn draining(&self, draining: bool) {
        self.0.draining.set(draining.into());
    }

    fn reload_failed(&self, what: &'static str) {
        self.0.reload_failures.get_or_create(&What { what: Word(what) }).inc();
    }

    fn matched(&self, outcome: MatchOutcome) {
        self.0.outcomes.get_or_create(&Outcome { outcome: Word(outcome.as_str()) }).inc();
    }

    fn query_script(&self, script: Script) {
        self.0.scripts.get_or_create(&ScriptLabel { script: Word(script.code()) }).inc();
    }

    fn match_cost(&self, candidates: u64, work: u64) {
        self.0.candidates.observe(candidates as f64);
        self.0.work.observe(work as f64);
    }

    fn index_serves(&self, version: &str) {
        self.0.index.clear();
        self.0.index.get_or_create(&Version { version: version.to_owned() }).set(1);
        self.0.index_since.set(unix_now());
    }

    fn imported(&self, dataset: &str, result: ImportResult, records: u64) {
        let labels = Import { dataset: dataset.to_owned(), result: Word(result.as_str()) };
        self.0.imported.get_or_create(&labels).inc_by(records);
    }

    fn fetched(&self, source: &str, result: FetchResult) {
        let labels = Fetch { source: source.to_owned(), result: Word(result.as_str()) };
        self.0.fetches.get_or_create(&labels).inc();
    }

    fn source_succeeded(&self, source: &str, at: f64) {
        self.0.source_success.get_or_create(&SourceLabel { source: source.to_owned() }).set(at);
    }

    fn exposition(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}
