use tonic::Status;

use super::status::{Reason, field_violation, registry_status, status};
use crate::model::{EntityId, IdError, RecordId};
use crate::resolver::Engine;

/// The entity id that a field holds, or the one that the record it names founded.
pub(super) fn entity_id(engine: &Engine, id: &str, field: &str) -> Result<EntityId, Status> {
    if !id.contains(':') {
        return id.parse().map_err(|error| invalid(field, &error));
    }
    let record: RecordId = id.parse().map_err(|error| invalid(field, &error))?;
    let founded = engine.registry().founded(&record).map_err(|error| registry_status(&error))?;
    founded.ok_or_else(|| not_found(id))
}

/// No entity or record has the id.
pub(super) fn not_found(id: &str) -> Status {
    status(Reason::EntityNotFound, format!("no entity or record has the id {id:?}"))
}

/// A field that holds no id.
pub(super) fn invalid(field: &str, error: &IdError) -> Status {
    field_violation(Reason::InvalidField, field, error.to_string())
}
