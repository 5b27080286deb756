use std::fmt;
use std::num::NonZero;
use std::path::PathBuf;

use serde::Deserialize;

use super::SourceSection;

/// Every setting, as `config.default.toml` explains them. Holds paths of secrets; the one that may be a secret, the
/// address of a database, is never shown.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The server.
    pub server: ServerSection,
    /// The registry.
    pub registry: RegistrySection,
    /// Metrics and probes.
    pub http: HttpSection,
    /// Certificates.
    pub tls: TlsSection,
    /// Credentials.
    pub auth: AuthSection,
    /// The resolver.
    pub resolver: ResolverSection,
    /// Versions.
    pub versions: VersionsSection,
    /// Receipts.
    pub receipts: ReceiptsSection,
    /// Bounds.
    pub limits: LimitsSection,
    /// Logs.
    pub log: LogSection,
    /// Lists to fetch, each a `[[source]]` of the file.
    #[serde(skip)]
    pub source: Vec<SourceSection>,
}

/// `[server]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSection {
    /// Address of gRPC.
    pub listen: String,
    /// Plaintext beyond loopback is allowed.
    pub insecure: bool,
    /// Data directory; empty means the bundled sample list. [`Config::data`] gives it as an option.
    pub data: PathBuf,
    /// Seconds between NOT_SERVING and GOAWAY.
    pub drain_delay_seconds: u64,
    /// Seconds that open calls have to end.
    pub drain_seconds: u64,
}

/// `[registry]`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySection {
    /// Address of a database; empty means a file of the data directory. [`Config::database`] gives it as an option.
    pub url: String,
    /// File with its password; empty means none.
    pub password_file: PathBuf,
    /// Connections that read at once.
    pub connections: usize,
}

/// Without the address, which may carry a password.
impl fmt::Debug for RegistrySection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrySection").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// `[http]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSection {
    /// Address of metrics and probes; empty means none.
    pub listen: String,
}

/// `[tls]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// Certificate chain; empty means plaintext.
    pub cert: PathBuf,
    /// Private key.
    pub key: PathBuf,
    /// Authorities of clients; empty means that clients need no certificate.
    pub client_ca: PathBuf,
    /// TLS 1.2 is accepted.
    pub tls12: bool,
    /// Seconds between looks at the files; 0 means never.
    pub reload_seconds: u64,
}

/// What a caller has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Nothing.
    None,
    /// A bearer token.
    Token,
}

/// `[auth]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSection {
    /// What a caller has to show.
    pub mode: AuthMode,
    /// The token file.
    pub tokens: PathBuf,
    /// Seconds between looks at the file; 0 means never.
    pub reload_seconds: u64,
}

/// `[resolver]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolverSection {
    /// Probability from which a candidate is a match, 0 to 1.
    pub match_threshold: f64,
    /// Probability from which a person should look, 0 to `match_threshold`.
    pub review_threshold: f64,
    /// Candidates of an answer unless the request says, 1 to 100.
    pub limit: usize,
    /// Searches at once; 0 means as many as cores. [`ResolverSection::workers`] gives the number.
    pub workers: usize,
}

impl ResolverSection {
    /// Searches at once, at least 1.
    pub fn workers(&self) -> usize {
        if self.workers > 0 { self.workers } else { std::thread::available_parallelism().map_or(1, NonZero::get) }
    }
}

/// `[versions]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionsSection {
    /// How many are retained, 1 to 1,000.
    pub retain: usize,
}

/// `[receipts]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsSection {
    /// File of the signing key; empty means that no receipts are signed. [`Config::receipt_key`] gives it as an option.
    pub key: PathBuf,
}

/// `[limits]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields mirror listener::Limits and MessageLimits, and config.default.toml explains each"
)]
pub struct LimitsSection {
    pub connections: usize,
    pub connections_per_peer: usize,
    pub handshake_seconds: u64,
    pub preface_seconds: u64,
    pub connection_idle_seconds: u64,
    pub connection_age_seconds: u64,
    pub connection_grace_seconds: u64,
    pub keepalive_seconds: u64,
    pub keepalive_timeout_seconds: u64,
    pub streams_per_connection: u32,
    pub streaming_per_connection: usize,
    pub stream_window_bytes: u32,
    pub connection_window_bytes: u32,
    pub pending_accept_resets: usize,
    pub local_error_resets: usize,
    pub header_list_bytes: u32,
    pub send_buffer_bytes: usize,
    pub unary_calls: usize,
    pub long_calls: usize,
    pub health_calls: usize,
    pub queue_wait_milliseconds: u64,
    pub unary_deadline_milliseconds: u64,
    pub stream_deadline_seconds: u64,
    pub stream_idle_seconds: u64,
    pub import_message_bytes: usize,
    pub message_bytes: usize,
    pub response_bytes: usize,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// `[log]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSection {
    /// Directives of tracing's filter.
    pub level: String,
    /// How a line is written.
    pub format: LogFormat,
    /// Names of parties are written.
    pub names: bool,
}
