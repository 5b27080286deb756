use std::collections::BTreeMap;

use super::act::{self, Act};
use super::judging::check_text;
use super::store::{Closes, SuppressionRow};
use super::{Ask, Registry, RegistryError, decode, queue};
use crate::model::EntityId;

/// A hit that somebody looked at and found to be another party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Its number, from 1.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// The caller's own party, by whatever the caller calls it.
    pub subject: String,
    /// The id of the entity that is not this party, as it was then.
    pub entity: EntityId,
    /// The id that it leads to now: the suppression holds for that entity.
    pub canonical: EntityId,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl Registry {
    /// Puts on file that an entity is not a caller's own party; durable when this returns; gives its number. It holds
    /// for the entity that the id leads to, through all later merges. One that holds already keeps its number.
    /// The subject takes 1 to 256 bytes. `UnknownEntity` for an id that was never minted.
    pub fn suppress(
        &self,
        subject: &str,
        entity: EntityId,
        actor: &str,
        reason: &str,
        ask: impl Into<Ask>,
    ) -> Result<u64, RegistryError> {
        let ask = ask.into();
        check_text("subject", subject, 1..=256)?;
        check_text("actor", actor, 1..=256)?;
        check_text("reason", reason, 0..=4096)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&(subject, entity, actor, reason))?;
        if let Some(number) = act.answered(&ask, "suppress", &asked)? {
            return Ok(number);
        }
        let canonical = canonical(&mut act, entity)?;
        let mut after = 0;
        loop {
            let page = act.writing.suppressions(Some(subject), after, 1000)?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for row in page {
                if self::canonical(&mut act, decode::entity_id(&row.entity)?)? == canonical {
                    return act.finish(&ask, "suppress", &asked, false, row.number);
                }
            }
        }
        let mut row = SuppressionRow {
            number: 0,
            revision: act.revision,
            at: act.at.to_string(),
            subject: subject.to_owned(),
            entity: entity.to_string(),
            actor: actor.to_owned(),
            reason: reason.to_owned(),
        };
        row.number = act.writing.add_suppression(&row)?;
        act.audit("suppress", actor, &row)?;
        act.finish(&ask, "suppress", &asked, true, row.number)
    }

    /// Ends a suppression; gives the revision after it. `UnknownSuppression`, also for one that has ended.
    pub fn lift(&self, number: u64, actor: &str, reason: &str, ask: impl Into<Ask>) -> Result<u64, RegistryError> {
        let ask = ask.into();
        check_text("actor", actor, 1..=256)?;
        check_text("reason", reason, 0..=4096)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&(number, actor, reason))?;
        if let Some(revision) = act.answered(&ask, "lift", &asked)? {
            return Ok(revision);
        }
        let open =
            act.writing.suppression(number)?.is_some() && act.writing.closing(Closes::Suppression, number)?.is_none();
        if !open {
            return Err(RegistryError::UnknownSuppression(number));
        }
        queue::close(&mut act, Closes::Suppression, number, actor, reason)?;
        let revision = act.revision;
        act.finish(&ask, "lift", &asked, true, revision)
    }

    /// The first `limit` suppressions that hold behind the number `after`, of one subject where one is given, ordered
    /// by number; a limit above 1,001 is taken as that.
    pub fn suppressions(
        &self,
        subject: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Suppression>, RegistryError> {
        let mut reading = self.store.read()?;
        let rows = reading.suppressions(subject, after, limit.min(1001))?;
        let mut suppressions = Vec::with_capacity(rows.len());
        for row in rows {
            let entity = decode::entity_id(&row.entity)?;
            let identity = reading.identity_of(entity)?;
            let canonical = identity.map(|row| decode::identity(&row)).transpose()?;
            let canonical = canonical.map_or(entity, |identity| identity.canonical);
            suppressions.push(decode::suppression(row, canonical)?);
        }
        Ok(suppressions)
    }

    /// The entities that are known not to be a subject, by canonical id, with the number of the suppression.
    pub fn suppressed(&self, subject: &str) -> Result<BTreeMap<EntityId, u64>, RegistryError> {
        let mut suppressed = BTreeMap::new();
        let mut after = 0;
        loop {
            let page = self.suppressions(Some(subject), after, 1000)?;
            let Some(last) = page.last() else { return Ok(suppressed) };
            after = last.number;
            for suppression in page {
                suppressed.entry(suppression.canonical).or_insert(suppression.number);
            }
        }
    }
}

fn canonical(act: &mut Act<'_>, entity: EntityId) -> Result<EntityId, RegistryError> {
    let row = act.writing.identity_of(entity)?.ok_or(RegistryError::UnknownEntity(entity))?;
    Ok(decode::identity(&row)?.canonical)
}
