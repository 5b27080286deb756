//! What stands between a socket and a handler: the accept loop, TLS, identity, limits, deadlines, health, drain.
//!
//! The handlers see none of it. [`Listener::bind`] takes the addresses, [`Listener::serve`] takes any tonic
//! [`Routes`](tonic::service::Routes) and returns once the server has drained. A call passes, in this order: the
//! connection's limits ([`Limits`]), the method table ([`METHODS`]), the credential, the lane, the deadline, the
//! handler; on its way back, the status code is put right and the call is accounted for ([`Observer`]).
//!
//! Why not `tonic::transport::Server`: it sets no bound on streams reset for the peer's own errors, waits for ever
//! for a connection that stays open at shutdown, spins when file descriptors run out, and cannot reload a certificate.

mod account;
mod auth;
mod call;
mod connection;
mod deadline;
mod error;
mod files;
mod health;
mod http;
mod limits;
mod methods;
mod normalise;
mod observer;
mod options;
mod pipeline;
mod preface;
mod redacted;
mod reload;
mod reply;
mod request;
mod server;
mod shutdown;
mod tls;

#[cfg(test)]
mod tests;

pub use auth::{Principal, Tokens};
pub use call::Call;
pub use error::ListenError;
pub(in crate::service) use files::read_secret;
pub use health::Health;
pub use methods::{Access, Lane, METHODS, Method, OTHER_METHOD, Role, Roles};
pub use normalise::code_name;
pub use observer::{FetchResult, ImportResult, MatchOutcome, Observer, Shed, Silent};
pub use options::{Drain, Limits, Options, TlsOptions, TokenOptions};
pub use redacted::{Redacted, show_names};
pub use server::{Listener, Report};
pub use shutdown::Shutdown;
