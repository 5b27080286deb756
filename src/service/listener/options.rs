use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// What the listener needs to know. The default is the embedded `config.default.toml`; a test holds them equal.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Where gRPC listens; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Plaintext beyond loopback is allowed.
    pub insecure: bool,
    /// Where `/metrics`, `/livez` and `/readyz` listen, always in plaintext; `None` means nowhere.
    pub http_listen: Option<SocketAddr>,
    /// Certificates; `None` means plaintext.
    pub tls: Option<TlsOptions>,
    /// Bearer tokens; `None` means that nobody needs a credential.
    pub tokens: Option<TokenOptions>,
    /// Bounds.
    pub limits: Limits,
    /// How a shutdown goes.
    pub drain: Drain,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: (Ipv4Addr::LOCALHOST, 50051).into(),
            insecure: false,
            http_listen: Some((Ipv4Addr::LOCALHOST, 9090).into()),
            tls: None,
            tokens: None,
            limits: Limits::default(),
            drain: Drain::default(),
        }
    }
}

/// Certificates: PEM files, read again when they change.
#[derive(Clone, Debug, PartialEq)]
pub struct TlsOptions {
    /// The chain, leaf first.
    pub cert: PathBuf,
    /// Its private key; must not be readable by everyone.
    pub key: PathBuf,
    /// If set, a client must show a certificate that one of these authorities signed.
    pub client_ca: Option<PathBuf>,
    /// TLS 1.2 is accepted besides 1.3.
    pub tls12: bool,
    /// How often the files are looked at; zero means never.
    pub reload: Duration,
}

/// Bearer tokens: a file, read again when it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenOptions {
    /// The file, in the form [`Tokens::parse`](super::Tokens::parse) reads; must not be readable by everyone.
    pub file: PathBuf,
    /// How often the file is looked at; zero means never.
    pub reload: Duration,
}

/// How a shutdown goes: health says NOT_SERVING, `delay` passes, GOAWAY, calls have `bound` to end, then they are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drain {
    /// Time for balancers to look elsewhere, in which calls are still accepted.
    pub delay: Duration,
    /// Time for the calls that are open.
    pub bound: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Drain { delay: Duration::from_secs(5), bound: Duration::from_secs(25) }
    }
}

/// Bounds of connections and calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Connections in all; kept below the limit of file descriptors. Those beyond are closed at once.
    pub connections: usize,
    /// Connections of one address (IPv6: of one /64); 0 means no such bound.
    pub connections_per_peer: usize,
    /// Time for a TLS handshake.
    pub handshake: Duration,
    /// Time until the first 24 bytes of HTTP/2 are there.
    pub preface: Duration,
    /// Time without a call after which a connection is told to go; zero means never.
    pub connection_idle: Duration,
    /// Age at which a connection is told to go, give or take a tenth; zero means never.
    pub connection_age: Duration,
    /// After a connection was told to go: time without progress of its calls after which it is cut.
    pub connection_grace: Duration,
    /// Time of silence after which a peer is pinged.
    pub keepalive_interval: Duration,
    /// Time for it to answer.
    pub keepalive_timeout: Duration,
    /// HTTP/2 streams at once on a connection.
    pub streams_per_connection: u32,
    /// Streaming calls at once on a connection. With the windows below it must hold that
    /// `connection_window / 2 >= streaming_per_connection * (stream_window / f) * (256 - f)` for the smallest frames
    /// `f` that clients send, or h2 takes a client that is merely fast for a flood and ends the connection.
    pub streaming_per_connection: usize,
    /// Streams that a peer may reset before they were accepted ("rapid reset").
    pub pending_accept_resets: usize,
    /// Streams that a peer may make us reset by its own errors ("MadeYouReset").
    pub local_error_resets: usize,
    /// Bytes of a header list, as HTTP/2 counts them.
    pub header_list_bytes: u32,
    /// Bytes a peer may send on a stream that nobody read.
    pub stream_window_bytes: u32,
    /// Bytes a peer may send on a connection that nobody read.
    pub connection_window_bytes: u32,
    /// Bytes of answers kept for a stream that does not read, roughly.
    pub send_buffer_bytes: usize,
    /// Short calls at once in all.
    pub unary_calls: usize,
    /// Streams and other long calls at once in all.
    pub long_calls: usize,
    /// Health checks and watches at once in all.
    pub health_calls: usize,
    /// Time a call waits for its turn before it is refused.
    pub queue_wait: Duration,
    /// The longest a short call may take; a client's own deadline counts if it is earlier.
    pub unary_deadline: Duration,
    /// The longest a stream may take.
    pub stream_deadline: Duration,
    /// The longest wait for one complete message of a stream; zero means no such bound.
    pub stream_idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 4_000,
            connections_per_peer: 200,
            handshake: Duration::from_secs(5),
            preface: Duration::from_secs(5),
            connection_idle: Duration::from_secs(300),
            connection_age: Duration::from_secs(600),
            connection_grace: Duration::from_secs(30),
            keepalive_interval: Duration::from_secs(20),
            keepalive_timeout: Duration::from_secs(10),
            streams_per_connection: 100,
            streaming_per_connection: 40,
            pending_accept_resets: 20,
            local_error_resets: 64,
            header_list_bytes: 16 << 10,
            stream_window_bytes: 64 << 10,
            connection_window_bytes: 64 << 20,
            send_buffer_bytes: 64 << 10,
            unary_calls: 256,
            long_calls: 128,
            health_calls: 1_000,
            queue_wait: Duration::from_millis(50),
            unary_deadline: Duration::from_secs(2),
            stream_deadline: Duration::from_secs(900),
            stream_idle: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The smallest DATA frame that the windows are made for: a stream message of one short name.
    pub const SMALL_FRAME: u64 = 20;

    /// The smallest connection window with which [`Limits::streaming_per_connection`] streams of
    /// [`Limits::SMALL_FRAME`] bytes can all be backed up without h2 taking them for a flood.
    pub fn least_connection_window(&self) -> u64 {
        let frames = u64::from(self.stream_window_bytes) / Self::SMALL_FRAME;
        2 * self.streaming_per_connection as u64 * frames * (256 - Self::SMALL_FRAME)
    }
}
