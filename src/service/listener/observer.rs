use std::time::Duration;

use tonic::Code;

use crate::text::Script;

/// Why work was refused before it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shed {
    /// The server has as many connections as it may have.
    Connections,
    /// The peer's address has as many connections as one may have.
    PeerConnections,
    /// The lane of short calls stayed full for the queue wait.
    Unary,
    /// The lane of streams stayed full for the queue wait.
    Long,
    /// The connection has as many streaming calls as one may have.
    ConnectionStreams,
    /// The lane of health checks is full.
    Health,
}

impl Shed {
    /// The value of the label `reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Shed::Connections => "connections",
            Shed::PeerConnections => "peer_connections",
            Shed::Unary => "unary_calls",
            Shed::Long => "long_calls",
            Shed::ConnectionStreams => "connection_streams",
            Shed::Health => "health_calls",
        }
    }
}

/// How a query ended, as operators count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchOutcome {
    /// At least one candidate reaches the match threshold.
    Match,
    /// The best candidate is for a person to look at.
    Review,
    /// No candidate comes near enough.
    NoMatch,
    /// A bound on work cut the search.
    Incomplete,
    /// The query was not taken.
    Refused,
}

impl MatchOutcome {
    /// The value of the label `outcome`.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchOutcome::Match => "match",
            MatchOutcome::Review => "review",
            MatchOutcome::NoMatch => "no_match",
            MatchOutcome::Incomplete => "incomplete",
            MatchOutcome::Refused => "refused",
        }
    }
}

/// What became of a record of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportResult {
    /// Added or changed.
    Imported,
    /// Equal to what was there.
    Unchanged,
    /// Not taken over.
    Quarantined,
}

impl ImportResult {
    /// The value of the label `result`.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportResult::Imported => "imported",
            ImportResult::Unchanged => "unchanged",
            ImportResult::Quarantined => "quarantined",
        }
    }
}

/// What looking at a source led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchResult {
    /// A new version was imported.
    Imported,
    /// The list is the one that was imported last.
    Unchanged,
    /// It could not be fetched or imported; the old version serves on.
    Failed,
}

impl FetchResult {
    /// The value of the label `result`.
    pub fn as_str(self) -> &'static str {
        match self {
            FetchResult::Imported => "imported",
            FetchResult::Unchanged => "unchanged",
            FetchResult::Failed => "failed",
        }
    }
}

/// What watches the server. The composition root gives the metrics; services record into it without knowing them.
///
/// Every method returns at once, never fails, and gets no name and no entity id. Methods do nothing by default.
pub trait Observer: Send + Sync + 'static {
    /// A call began. `method` is one of [`METHODS`](super::METHODS) or [`OTHER_METHOD`](super::OTHER_METHOD).
    fn call_started(&self, _method: &'static str) {}
    /// A call that began ended. The time is from its headers to its last byte.
    fn call_finished(&self, _method: &'static str, _code: Code, _elapsed: Duration) {}
    /// A connection or a call was refused before it began.
    fn shed(&self, _reason: Shed) {}
    /// A handler panicked.
    fn panicked(&self, _method: &'static str) {}
    /// How many connections are open.
    fn connections(&self, _open: usize) {}
    /// Whether the server drains.
    fn draining(&self, _draining: bool) {}
    /// A certificate or token file changed and could not be taken over; the old one stays.
    fn reload_failed(&self, _what: &'static str) {}

    /// A query ended.
    fn matched(&self, _outcome: MatchOutcome) {}
    /// A query held a name in this script.
    fn query_script(&self, _script: Script) {}
    /// What a query cost: candidates scored, and work units (states, postings and candidates together).
    fn match_cost(&self, _candidates: u64, _work: u64) {}
    /// This version of the index serves from now on.
    fn index_serves(&self, _version: &str) {}
    /// So many records of an import ended so.
    fn imported(&self, _dataset: &str, _result: ImportResult, _records: u64) {}

    /// A source was looked at.
    fn fetched(&self, _source: &str, _result: FetchResult) {}
    /// When looking at a source last went well, in seconds since 1970.
    fn source_succeeded(&self, _source: &str, _at: f64) {}

    /// All metrics in OpenMetrics text, for `/metrics`.
    fn exposition(&self) -> String {
        "# EOF\n".to_owned()
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
