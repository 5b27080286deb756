//! The service over a real connection: a server on a free port, a client, and what users do with it.

mod answers;
mod crash;
mod datasets;
mod disk;
mod faults;
mod judgements;
#[cfg(feature = "postgres")]
mod replicas;
mod server;
mod suggest;
