//! The gRPC services: one adapter a service, conversions, limits, listener.
//!
//! A handler is: convert, call, convert. What a client may get wrong is named by the field; [`status`] alone knows
//! which code an error has. CPU work runs on threads of its own, so that a long search never holds up the wire.

mod actor;
mod asking;
mod backend;
pub mod convert;
mod dataset;
mod entity;
mod identify;
mod judgement;
pub mod listener;
mod page;
mod portfolio;
/// Signed receipts of answers.
pub mod receipt;
mod resolver;
mod routes;
mod server;
/// Which code and reason an error has.
pub mod status;
mod version;
mod watch;

use actor::{actor, may};
pub use backend::{Backend, MAX_ITEMS, MAX_TRANSLITERATE_CHARACTERS, Origin};
pub use dataset::DatasetAdapter;
pub use entity::EntityAdapter;
pub use judgement::JudgementAdapter;
pub use portfolio::{PortfolioAdapter, open_portfolio, screen};
pub use resolver::ResolverAdapter;
pub use routes::{MessageLimits, routes};
pub use server::{ServerAdapter, ServerLimits};
pub use version::VersionAdapter;
