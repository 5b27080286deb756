use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::layers::{Layers, origin_of};
use super::{AuthMode, Config, ConfigError, LimitsSection, Origin, RegistrySection};
use crate::registry::Database;
use crate::resolver::Thresholds;
use crate::service::MessageLimits;
use crate::service::listener::{Drain, Limits, Options, TlsOptions, TokenOptions};

/// Where settings come from besides the defaults.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The operator's file; `None` means none.
    pub file: Option<PathBuf>,
    /// The environment; variables that do not begin with `EXONYM_` are skipped. Usually `std::env::vars().collect()`.
    pub environment: Vec<(String, String)>,
    /// What flags of the command line say: the setting and its text, as `("server.listen", "127.0.0.1:50051")`.
    pub flags: Vec<(String, String)>,
}

impl Config {
    /// Reads all layers and checks every value.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the setting and where it was set.
    pub fn load(sources: &Sources) -> Result<Config, ConfigError> {
        let mut layers = Layers::defaults()?;
        if let Some(path) = &sources.file {
            let text =
                fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            layers.add_file(path, &text)?;
        }
        layers.add_environment(sources.environment.iter().cloned())?;
        layers.add_flags(sources.flags.iter().map(|(path, text)| (path.as_str(), text.as_str())))?;
        let (config, origins) = layers.finish()?;
        config.check(&origins)?;
        Ok(config)
    }

    /// The settings nobody changed.
    ///
    /// # Errors
    ///
    /// None, as a test holds.
    pub fn defaults() -> Result<Config, ConfigError> {
        Config::load(&Sources::default())
    }

    /// The data directory; `None` means the bundled sample list.
    pub fn data(&self) -> Option<&Path> {
        some(&self.server.data)
    }

    /// The file of the key that signs receipts; `None` means that none are signed.
    pub fn receipt_key(&self) -> Option<&Path> {
        some(&self.receipts.key)
    }

    /// The database of the registry; `None` means a file of the data directory.
    pub fn database(&self) -> Option<Database> {
        let RegistrySection { url, password_file, connections } = &self.registry;
        let password_file = some(password_file).map(Path::to_owned);
        (!url.is_empty()).then(|| Database { url: url.clone(), password_file, connections: *connections })
    }

    /// From which probabilities on a candidate is a match, or one to look at.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds { matching: self.resolver.match_threshold, review: self.resolver.review_threshold }
    }

    /// How large messages may be.
    pub fn messages(&self) -> MessageLimits {
        MessageLimits {
            message: self.limits.message_bytes,
            import: self.limits.import_message_bytes,
            response: self.limits.response_bytes,
        }
    }

    /// What the listener needs to know.
    ///
    /// # Errors
    ///
    /// Only for addresses that [`Config::load`] refuses.
    pub fn listener(&self) -> Result<Options, ConfigError> {
        let none = BTreeMap::new();
        let http = &self.http.listen;
        let http_listen = if http.is_empty() { None } else { Some(address("http.listen", http, &none)?) };
        let tls = some(&self.tls.cert).map(|cert| TlsOptions {
            cert: cert.to_owned(),
            key: self.tls.key.clone(),
            client_ca: some(&self.tls.client_ca).map(Path::to_owned),
            tls12: self.tls.tls12,
            reload: Duration::from_secs(self.tls.reload_seconds),
        });
        let tokens = (self.auth.mode == AuthMode::Token).then(|| TokenOptions {
            file: self.auth.tokens.clone(),
            reload: Duration::from_secs(self.auth.reload_seconds),
        });
        Ok(Options {
            listen: address("server.listen", &self.server.listen, &none)?,
            insecure: self.server.insecure,
            http_listen,
            tls,
            tokens,
            limits: limits(&self.limits),
            drain: Drain {
                delay: Duration::from_secs(self.server.drain_delay_seconds),
                bound: Duration::from_secs(self.server.drain_seconds),
            },
        })
    }

    fn check(&self, origins: &BTreeMap<String, Origin>) -> Result<(), ConfigError> {
        let require = |holds: bool, key: &str, problem: &str| {
            if holds {
                return Ok(());
            }
            let origin = origin_of(origins, key);
            Err(ConfigError::Value { key: key.to_owned(), origin, problem: problem.to_owned() })
        };
        address("server.listen", &self.server.listen, origins)?;
        if !self.http.listen.is_empty() {
            address("http.listen", &self.http.listen, origins)?;
        }
        let (cert, key) = (some(&self.tls.cert).is_some(), some(&self.tls.key).is_some());
        require(!cert || key, "tls.cert", "is set without `tls.key`")?;
        require(!key || cert, "tls.key", "is set without `tls.cert`")?;
        let client_ca = some(&self.tls.client_ca).is_some();
        require(!client_ca || cert, "tls.client_ca", "is set without `tls.cert`")?;
        let tokens = some(&self.auth.tokens).is_some();
        let needs_tokens = self.auth.mode == AuthMode::Token;
        require(!needs_tokens || tokens, "auth.mode", "is \"token\", but `auth.tokens` names no file")?;
        require(needs_tokens || !tokens, "auth.tokens", "is set, but `auth.mode` is \"none\": set it to \"token\"")?;

        let shared = !self.registry.url.is_empty();
        let problem = "is set without `server.data`, the directory for this server's index";
        require(!shared || self.data().is_some(), "registry.url", problem)?;
        require(
            shared || some(&self.registry.password_file).is_none(),
            "registry.password_file",
            "is set without `registry.url`",
        )?;
        require((2..=100).contains(&self.registry.connections), "registry.connections", "must lie between 2 and 100")?;

        let resolver = &self.resolver;
        let (matches, review) = (resolver.match_threshold, resolver.review_threshold);
        require((0.0..=1.0).contains(&matches), "resolver.match_threshold", "must lie between 0 and 1")?;
        let in_order = (0.0..=matches).contains(&review);
        require(in_order, "resolver.review_threshold", "must lie between 0 and `resolver.match_threshold`")?;
        require((1..=100).contains(&resolver.limit), "resolver.limit", "must lie between 1 and 100")?;

        let retained = (1..=1000).contains(&self.versions.retain);
        require(retained, "versions.retain", "must lie between 1 and 1000")?;

        let of = &self.limits;
        for (value, key) in [
            (of.connections, "limits.connections"),
            (of.streaming_per_connection, "limits.streaming_per_connection"),
            (of.streams_per_connection as usize, "limits.streams_per_connection"),
            (of.unary_calls, "limits.unary_calls"),
            (of.long_calls, "limits.long_calls"),
            (of.health_calls, "limits.health_calls"),
            (of.message_bytes, "limits.message_bytes"),
            (of.import_message_bytes, "limits.import_message_bytes"),
            (of.response_bytes, "limits.response_bytes"),
            (of.handshake_seconds as usize, "limits.handshake_seconds"),
            (of.preface_seconds as usize, "limits.preface_seconds"),
            (of.connection_grace_seconds as usize, "limits.connection_grace_seconds"),
            (of.keepalive_seconds as usize, "limits.keepalive_seconds"),
            (of.keepalive_timeout_seconds as usize, "limits.keepalive_timeout_seconds"),
            (of.unary_deadline_milliseconds as usize, "limits.unary_deadline_milliseconds"),
            (of.stream_deadline_seconds as usize, "limits.stream_deadline_seconds"),
            (of.header_list_bytes as usize, "limits.header_list_bytes"),
        ] {
            require(value > 0, key, "must be more than 0")?;
            // Of permits, seconds and bytes alike: nobody means more, and sums of it do not overflow.
            require(value <= 1 << 30, key, "must be at most 1073741824")?;
        }
        let window = limits(of).least_connection_window();
        let problem = format!(
            "must be at least {window} for {} streaming calls with windows of {} bytes, or a fast client looks like a \
             flood",
            of.streaming_per_connection, of.stream_window_bytes
        );
        let enough = u64::from(of.connection_window_bytes) >= window;
        require(enough, "limits.connection_window_bytes", &problem)?;
        let most = i32::MAX as u32;
        require(of.connection_window_bytes <= most, "limits.connection_window_bytes", "must be at most 2147483647")?;
        require(of.stream_window_bytes <= most, "limits.stream_window_bytes", "must be at most 2147483647")
    }
}

fn limits(of: &LimitsSection) -> Limits {
    Limits {
        connections: of.connections,
        connections_per_peer: of.connections_per_peer,
        handshake: Duration::from_secs(of.handshake_seconds),
        preface: Duration::from_secs(of.preface_seconds),
        connection_idle: Duration::from_secs(of.connection_idle_seconds),
        connection_age: Duration::from_secs(of.connection_age_seconds),
        connection_grace: Duration::from_secs(of.connection_grace_seconds),
        keepalive_interval: Duration::from_secs(of.keepalive_seconds),
        keepalive_timeout: Duration::from_secs(of.keepalive_timeout_seconds),
        streams_per_connection: of.streams_per_connection,
        streaming_per_connection: of.streaming_per_connection,
        pending_accept_resets: of.pending_accept_resets,
        local_error_resets: of.local_error_resets,
        header_list_bytes: of.header_list_bytes,
        stream_window_bytes: of.stream_window_bytes,
        connection_window_bytes: of.connection_window_bytes,
        send_buffer_bytes: of.send_buffer_bytes,
        unary_calls: of.unary_calls,
        long_calls: of.long_calls,
        health_calls: of.health_calls,
        queue_wait: Duration::from_millis(of.queue_wait_milliseconds),
        unary_deadline: Duration::from_millis(of.unary_deadline_milliseconds),
        stream_deadline: Duration::from_secs(of.stream_deadline_seconds),
        stream_idle: Duration::from_secs(of.stream_idle_seconds),
    }
}

fn some(path: &Path) -> Option<&Path> {
    (!path.as_os_str().is_empty()).then_some(path)
}

fn address(key: &str, text: &str, origins: &BTreeMap<String, Origin>) -> Result<SocketAddr, ConfigError> {
    text.parse().map_err(|_| ConfigError::Value {
        key: key.to_owned(),
        origin: origin_of(origins, key),
        problem: format!("must be an IP address and a port, as in 127.0.0.1:50051 or [::1]:50051, got {text:?}"),
    })
}
