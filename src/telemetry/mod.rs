//! Logs, metrics, traces.
//!
//! [`Metrics`] is what the server and its services record into, and what `/metrics` shows; each server has its own.
//! [`init`] sets the log of the process up. Names of parties pass through [`Redacted`] on their way into either.

mod log;
mod metrics;
mod process;

#[cfg(test)]
mod tests;

pub use crate::service::listener::Redacted;
pub use log::{LogError, init};
pub use metrics::Metrics;
