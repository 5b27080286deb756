//! What the program is about: records, entities, judgements and their ids.
//!
//! Parsing and display only. Nothing here touches a file, a database or a wire, and nothing here knows how names
//! are compared.

mod date;
mod entity;
mod id;
mod identifier;
mod judgement;
mod kind;
mod record;
mod version;

pub use date::{DateError, PartialDate};
pub use entity::Entity;
pub use id::{DatasetName, EntityId, IdError, RecordId};
pub use identifier::{Identifier, IdentifierType};
pub use judgement::{Judgement, Opinion};
pub use kind::{Gender, Kind};
pub use record::{NameQuality, Record, RecordError, RecordName, Relation};
pub use version::Version;
