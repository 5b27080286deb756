//! The gRPC services: one adapter a service, conversions, limits, listener.

pub mod listener;
