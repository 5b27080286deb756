use prost::Message;
use tonic::Status;

use super::enums::verdict_message;
use super::record::timestamp;
use super::resolution::version_message;
use crate::proto::v1;
use crate::screening::{Alert, AlertKind, Hit, Screened};
use crate::service::status::{Reason, status};

/// A subject with its hits, as the contract has it.
pub fn screened_message(screened: Screened) -> Result<v1::ScreenedSubject, Status> {
    let query = v1::Query::decode(&screened.subject.bytes[..]).map_err(|error| {
        tracing::error!(%error, "a subject of the portfolio cannot be read");
        status(Reason::StorageFailed, format!("subject {:?} cannot be read: put it again", screened.subject.id))
    })?;
    Ok(v1::ScreenedSubject {
        subject: Some(v1::Subject { subject_id: screened.subject.id, query: Some(query) }),
        hits: screened.hits.into_iter().map(hit_message).collect(),
        version: Some(version_message(&screened.version)),
    })
}

fn hit_message(hit: Hit) -> v1::Hit {
    v1::Hit {
        entity_id: hit.entity.to_string(),
        caption: hit.caption,
        verdict: verdict_message(hit.verdict).into(),
        probability: hit.probability,
    }
}

/// An alert as the contract has it.
pub fn alert_message(alert: Alert) -> v1::Alert {
    let kind = match alert.kind {
        AlertKind::New => v1::AlertKind::New,
        AlertKind::Lost => v1::AlertKind::Lost,
        AlertKind::Changed => v1::AlertKind::Changed,
    };
    v1::Alert {
        number: alert.number,
        kind: kind.into(),
        subject_id: alert.subject,
        hit: Some(hit_message(alert.hit)),
        former_verdict: alert.former.map_or(v1::Verdict::Unspecified, verdict_message).into(),
        version: Some(version_message(&alert.version)),
        found_at: Some(timestamp(alert.at)),
    }
}
