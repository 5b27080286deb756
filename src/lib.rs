//! Which entity is this name?
//!
//! The crate is a house of rooms on floors; imports point down only, and `tests/architecture.rs` holds that.
//! `ARCHITECTURE.md` tells where a request goes.
#![warn(missing_docs)]

pub mod batch;
pub mod cli;
pub mod config;
pub mod correspondence;
pub mod evaluation;
pub mod fuzzing;
pub mod index;
pub mod model;
pub mod names;
pub mod proto;
pub mod registry;
pub mod resolver;
pub mod retrieval;
pub mod score;
pub mod screening;
pub mod service;
pub mod sources;
pub mod storage;
pub mod tables;
pub mod telemetry;
pub mod text;
pub mod translit;
