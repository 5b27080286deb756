//! Settings: the commented default file, a file of the operator, environment, flags.
//!
//! [`Config::load`] puts the layers on one another and refuses what it does not know, so that a misspelt key is an
//! error with a place and not a setting that never was. Rooms below get options structs of their own.

mod error;
mod layers;
mod load;
mod settings;
mod source;

#[cfg(test)]
mod tests;

pub use error::{ConfigError, Origin};
pub use layers::DEFAULT;
pub use load::Sources;
pub use settings::{
    AuthMode, AuthSection, Config, HttpSection, LimitsSection, LogFormat, LogSection, ReceiptsSection, RegistrySection,
    ResolverSection, ServerSection, TlsSection, VersionsSection,
};
pub use source::{SourceSection, Urls};
