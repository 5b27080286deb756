//! The service over a real connection: a server on a free port, a client, and what users do with it.

mod answers;
mod crash;
mod datasets;
mod judgements;
mod portfolio;
mod receipts;
mod process;
mod server;
mod sources;
mod suggest;
mod versions;
mod update;
