//! The contract as Rust types: what `build.rs` made of `proto/`.
//!
//! Only the service and what stands above it use these types; the rooms below have their own.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

/// `google.rpc`: the status of one item of a batch.
pub mod google {
    /// The error model.
    pub mod rpc {
        include!(concat!(env!("OUT_DIR"), "/google.rpc.rs"));
        include!(concat!(env!("OUT_DIR"), "/google.rpc.serde.rs"));
    }
}

/// `exonym.v1`.
pub mod exonym {
    /// Version 1 of the contract.
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/exonym.v1.rs"));
        include!(concat!(env!("OUT_DIR"), "/exonym.v1.serde.rs"));
    }
}

pub use exonym::v1;

/// The descriptor set that reflection serves.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor.bin"));
