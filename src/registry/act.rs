use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::judging::check_text;
use super::store::{ChangeRow, ImportRow, RequestRow, Store, Writing};
use super::{ChangeKind, Moved, RegistryError, audit};
use crate::model::{EntityId, RecordId};

/// How a change is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// By which a repeated request is recognised, for ever; 1 to 128 bytes. `None`: every request is a new one.
    pub request_id: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Everything is checked and answered as if it were done, and nothing is.
    pub validate_only: bool,
}

impl From<Timestamp> for Ask {
    fn from(at: Timestamp) -> Ask {
        Ask { request_id: None, at, validate_only: false }
    }
}

/// A change under way: one transaction, one revision, and what every change leaves behind. Dropped without
/// [`Act::finish`] it leaves nothing.
pub(super) struct Act<'a> {
    pub(super) writing: Box<dyn Writing + 'a>,
    /// The revision that the registry has once the change is there.
    pub(super) revision: u64,
    pub(super) at: Timestamp,
    before: u64,
}

impl<'a> Act<'a> {
    pub(super) fn begin(store: &'a dyn Store, ask: &Ask) -> Result<Act<'a>, RegistryError> {
        if let Some(request_id) = &ask.request_id {
            check_text("request_id", request_id, 1..=128)?;
        }
        let mut writing = store.write()?;
        let before = writing.revision()?;
        Ok(Act { writing, revision: before + 1, at: ask.at, before })
    }

    /// The revision before the change.
    pub(super) fn before(&self) -> u64 {
        self.before
    }

    /// What the same request was answered before; `RequestReused` if another one had its id.
    pub(super) fn answered<T: DeserializeOwned>(
        &mut self,
        ask: &Ask,
        action: &str,
        asked: &blake3::Hash,
    ) -> Result<Option<T>, RegistryError> {
        let Some(request_id) = &ask.request_id else { return Ok(None) };
        let reused = || RegistryError::RequestReused(request_id.clone());
        if self.writing.import(request_id)?.is_some() {
            return Err(reused());
        }
        let Some(row) = self.writing.request(request_id)? else { return Ok(None) };
        if row.action != action || row.digest[..] != asked.as_bytes()[..] {
            return Err(reused());
        }
        let answer = serde_json::from_str(&row.answer);
        answer.map(Some).map_err(|error| RegistryError::damaged(format!("request {request_id:?}"), error))
    }

    /// Writes what was done into the chain.
    pub(super) fn audit(&mut self, action: &str, actor: &str, detail: &impl Serialize) -> Result<(), RegistryError> {
        let detail = audit::detail(detail)?;
        audit::append(&mut *self.writing, self.at, self.revision, action, actor, detail)
    }

    /// Writes an import into the chain.
    pub(super) fn import(&mut self, actor: &str, row: &ImportRow) -> Result<(), RegistryError> {
        let digest = row.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let ImportRow { dataset, added, changed, unchanged, removed, quarantined, .. } = row;
        let detail = serde_json::json!({
            "dataset": dataset, "digest": digest, "added": added, "changed": changed, "unchanged": unchanged,
            "removed": removed, "quarantined": quarantined,
        });
        self.audit("import", actor, &detail)
    }

    /// Tells those who follow entities which records stand for another one now.
    pub(super) fn moved(
        &mut self,
        kind: ChangeKind,
        moved: &[Moved],
        judgement: u64,
        reason: &str,
    ) -> Result<(), RegistryError> {
        let row = |Moved { record, from, to }: &Moved| {
            let (other, record, reason) = (to.to_string(), record.to_string(), reason.to_owned());
            ChangeRow { other, record, judgement, reason, ..self.row(kind, *from) }
        };
        let rows: Vec<ChangeRow> = moved.iter().map(row).collect();
        self.writing.add_changes(&rows)
    }

    /// Tells those who follow entities what became of records of theirs.
    pub(super) fn records(
        &mut self,
        kind: ChangeKind,
        of: impl Iterator<Item = (RecordId, EntityId)>,
    ) -> Result<(), RegistryError> {
        let row =
            |(record, entity): (RecordId, EntityId)| ChangeRow { record: record.to_string(), ..self.row(kind, entity) };
        let rows: Vec<ChangeRow> = of.map(row).collect();
        self.writing.add_changes(&rows)
    }

    fn row(&self, kind: ChangeKind, entity: EntityId) -> ChangeRow {
        ChangeRow {
            sequence: 0,
            revision: self.revision,
            at: self.at.to_string(),
            action: kind.as_str().to_owned(),
            entity: entity.to_string(),
            other: String::new(),
            record: String::new(),
            judgement: 0,
            reason: String::new(),
        }
    }

    /// Keeps the answer for the same request, and makes all of it durable; nothing of it if it was only to be
    /// checked. `changed`: whether there was anything to do.
    pub(super) fn finish<T: Serialize>(
        mut self,
        ask: &Ask,
        action: &str,
        asked: &blake3::Hash,
        changed: bool,
        answer: T,
    ) -> Result<T, RegistryError> {
        if ask.validate_only {
            return Ok(answer);
        }
        if let Some(request_id) = &ask.request_id {
            self.writing.add_request(&RequestRow {
                request_id: request_id.clone(),
                action: action.to_owned(),
                digest: asked.as_bytes().to_vec(),
                answer: audit::detail(&answer)?,
            })?;
        } else if !changed {
            return Ok(answer);
        }
        if changed {
            self.writing.set_revision(self.revision)?;
        }
        self.writing.commit()?;
        Ok(answer)
    }
}

/// Digest of what is asked for; the time is not part of it.
pub(super) fn digest(asked: &impl Serialize) -> Result<blake3::Hash, RegistryError> {
    Ok(blake3::hash(audit::detail(asked)?.as_bytes()))
}
