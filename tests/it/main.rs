//! The service over a real connection: a server on a free port, a client, and what users do with it.

mod answers;
mod backup;
mod crash;
mod datasets;
mod disk;
mod faults;
mod judgements;
mod portfolio;
mod process;
mod receipts;
#[cfg(feature = "postgres")]
mod replicas;
mod server;
mod sources;
mod suggest;
mod update;
mod versions;
