//! Which entity is this name?
//!
//! The crate is a house of rooms on floors; imports point down only, and `tests/architecture.rs` holds that.
//! `ARCHITECTURE.md` tells where a request goes.
#![warn(missing_docs)]

pub mod model;
pub mod names;
pub mod proto;
pub mod resolver;
pub mod score;
pub mod tables;
pub mod text;
