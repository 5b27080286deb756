use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the server does not start. Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another process has the port.
    #[error(
        "cannot listen on {0}: the port is in use; stop the process that has it or choose another address with `{1}`"
    )]
    PortInUse(SocketAddr, &'static str),
    /// The address is not one of this machine.
    #[error("cannot listen on {0}: this machine has no such address; 0.0.0.0 or [::] listens on all, set `{1}`")]
    NoSuchAddress(SocketAddr, &'static str),
    /// The port needs a right that the process lacks.
    #[error("cannot listen on {0}: permission denied; choose a port above 1023 with `{1}`")]
    Denied(SocketAddr, &'static str),
    /// Any other failure to listen.
    #[error("cannot listen on {0} (`{1}`): {2}")]
    Bind(SocketAddr, &'static str, #[source] io::Error),
    /// Plaintext on an address that others can reach.
    #[error(
        "refusing to serve plaintext on {0}, which others can reach; set `tls.cert` and `tls.key`, \
         or listen on 127.0.0.1, or say `server.insecure = true` if the network itself is private"
    )]
    Plaintext(SocketAddr),
    /// A file cannot be read.
    #[error("cannot read {} (`{key}`): {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The setting that names it.
        key: &'static str,
        /// Why.
        source: io::Error,
    },
    /// Everyone on the machine can read a secret.
    #[error("{} (`{key}`) is readable by everyone; run `chmod o-rwx` on it (in kubernetes: `defaultMode: 0440`)", path.display())]
    WorldReadable {
        /// The file.
        path: PathBuf,
        /// The setting that names it.
        key: &'static str,
    },
    /// A file does not hold what it should. Never quotes the content.
    #[error("{} (`{key}`): {problem}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// The setting that names it.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A line of the token file is wrong. Never quotes a digest.
    #[error("{}:{line}: {problem}", path.display())]
    BadToken {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}
