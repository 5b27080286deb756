use jiff::Timestamp;

use super::FieldError;
use super::record::timestamp;
use crate::proto::v1;
use crate::proto::v1::as_of::Point;
use crate::resolver::{AsOf, Difference, DifferenceKind, Retained};

/// As of when a message asks; `None` where it does not say.
pub fn as_of_from(message: Option<v1::AsOf>, path: &str) -> Result<Option<AsOf>, FieldError> {
    let Some(message) = message else { return Ok(None) };
    let point = message.point.ok_or_else(|| {
        FieldError::new(path, "a version, a registry_revision or a time is required: leave the whole field out for now")
    })?;
    match point {
        Point::RegistryRevision(revision) => Ok(Some(AsOf::Revision(revision))),
        Point::Time(time) => match Timestamp::new(time.seconds, time.nanos) {
            Ok(time) => Ok(Some(AsOf::Time(time))),
            Err(error) => Err(FieldError::new(format!("{path}.time"), error.to_string())),
        },
        Point::Version(version) => {
            let index = version.index_version;
            let digits = index.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            if index.len() != 32 || !digits {
                let reason = format!("{index:?} is no index version: expected the 32 digits that answers state");
                return Err(FieldError::new(format!("{path}.version.index_version"), reason));
            }
            let revision = Some(version.registry_revision).filter(|revision| *revision > 0);
            Ok(Some(AsOf::Index(index, revision)))
        }
    }
}

/// A version that is retained, as the contract has it.
pub fn retained_message(retained: Retained) -> v1::RetainedVersion {
    let pin = retained.pin.map(|pin| v1::Pin {
        rolled_back: pin.until_published,
        actor: pin.actor,
        reason: pin.reason,
        pinned_at: Some(timestamp(pin.at)),
        registry_revision: pin.registry_revision,
    });
    v1::RetainedVersion {
        index_version: retained.edition.index,
        model_version: retained.edition.model,
        first_registry_revision: retained.edition.registry_revision,
        last_registry_revision: retained.last_revision,
        published_at: Some(timestamp(retained.edition.published_at)),
        record_count: retained.edition.records,
        name_count: retained.edition.names,
        serves: retained.serves,
        pin,
    }
}

/// A difference as the contract has it.
pub fn difference_message(difference: Difference) -> v1::Difference {
    let kind = match difference.kind {
        DifferenceKind::EntityAdded => v1::DifferenceKind::EntityAdded,
        DifferenceKind::EntityRemoved => v1::DifferenceKind::EntityRemoved,
        DifferenceKind::RecordAdded => v1::DifferenceKind::RecordAdded,
        DifferenceKind::RecordRemoved => v1::DifferenceKind::RecordRemoved,
        DifferenceKind::RecordChanged => v1::DifferenceKind::RecordChanged,
        DifferenceKind::Merged => v1::DifferenceKind::Merged,
        DifferenceKind::Split => v1::DifferenceKind::Split,
    };
    v1::Difference {
        kind: kind.into(),
        entity_id: difference.entity.to_string(),
        to_entity_id: difference.to.map(|to| to.to_string()).unwrap_or_default(),
        record_id: difference.record.to_string(),
        caption: difference.caption,
        names_added: difference.names_added,
        names_removed: difference.names_removed,
        facts_changed: difference.facts_changed.into_iter().map(str::to_owned).collect(),
    }
}
