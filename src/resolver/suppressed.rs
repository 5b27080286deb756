use std::collections::BTreeMap;

use super::{Engine, Options, Query, QueryError, Resolution, Scope, Snapshot, Verdict};
use crate::model::EntityId;
use crate::registry::RegistryError;

/// Entities that are known not to be the party asked for, with the number of the suppression.
pub type Suppressed = BTreeMap<EntityId, u64>;

impl Engine {
    /// The entities that were known not to be a subject as of a snapshot; none for an empty subject.
    pub fn known_not_to_be(&self, snapshot: &Snapshot, subject: &str) -> Result<Suppressed, RegistryError> {
        let mut suppressed = Suppressed::default();
        if subject.is_empty() {
            return Ok(suppressed);
        }
        for (entity, number) in self.registry().suppressed_at(subject, snapshot.version().registry_revision)? {
            let first = suppressed.entry(snapshot.canonical(entity)).or_insert(number);
            *first = number.min(*first);
        }
        Ok(suppressed)
    }
}

impl Snapshot {
    /// Answers a query about a party that some entities are known not to be. They are marked and stand where they
    /// stood, but take nobody's place: as many others are given as if they were not there, and the verdict is that of
    /// the best other one.
    pub fn resolve_but(
        &self,
        query: &Query,
        scope: &Scope,
        options: &Options,
        suppressed: &Suppressed,
    ) -> Result<Resolution, QueryError> {
        if suppressed.is_empty() {
            return self.resolve(query, scope, options);
        }
        let wider = Options { limit: options.limit.saturating_add(suppressed.len()), ..options.clone() };
        let mut resolution = self.resolve(query, scope, &wider)?;
        mark(&mut resolution, suppressed, options.limit);
        Ok(resolution)
    }
}

fn mark(resolution: &mut Resolution, suppressed: &Suppressed, limit: usize) {
    for candidate in &mut resolution.matches {
        candidate.suppression = suppressed.get(&candidate.entity).copied();
    }
    let others = resolution.matches.iter().filter(|candidate| candidate.suppression.is_none()).count().min(limit);
    // Others first; what room they leave is for the suppressed ones.
    let (mut others, mut room) = (others, limit - others);
    resolution.matches.retain(|candidate| {
        let left = if candidate.suppression.is_none() { &mut others } else { &mut room };
        let stays = *left > 0;
        *left -= usize::from(stays);
        stays
    });
    let best = resolution.matches.iter().find(|candidate| candidate.suppression.is_none());
    resolution.verdict = best.map_or(Verdict::NoMatch, |best| best.verdict);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Record, RecordId};
    use crate::resolver::Thresholds;

    #[test]
    fn the_suppressed_are_marked_and_take_no_place() {
        let ids: Vec<RecordId> = (1..4).map(|number| format!("test:{number}").parse().unwrap()).collect();
        let records: Vec<(Record, EntityId)> = ids
            .iter()
            .map(|id| (Record::new(id.clone(), Kind::Person, "Anton Belov"), EntityId::mint(id, 0)))
            .collect();
        let snapshot = Snapshot::of_records(&records, Thresholds::default()).unwrap();
        let ask = |suppressed: &Suppressed, limit| {
            let options = Options { limit, ..Options::default() };
            snapshot.resolve_but(&Query::of_name("Anton Belov"), &Scope::default(), &options, suppressed).unwrap()
        };
        let all = ask(&Suppressed::new(), 3);
        assert_eq!(all.matches.len(), 3);
        let best = all.matches[0].entity;
        let one = ask(&[(best, 7)].into(), 1);
        assert_eq!((one.matches.len(), one.matches[0].entity), (1, all.matches[1].entity));
        let three = ask(&[(best, 7)].into(), 3);
        assert_eq!(three.matches[0].suppression, Some(7));
        assert_eq!(three.verdict, all.matches[1].verdict);
        let everybody: Suppressed = all.matches.iter().map(|candidate| (candidate.entity, 7)).collect();
        assert_eq!((ask(&everybody, 3).verdict, ask(&everybody, 3).matches.len()), (Verdict::NoMatch, 3));
    }
}
