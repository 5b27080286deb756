use std::collections::BTreeMap;

use super::judging::link;
use super::store::{Reading, Writing};
use super::{
    Cluster, Conflict, Identity, JudgementReceipt, Link, Moved, Registry, RegistryError, StoredJudgement, clusters,
    decode,
};
use crate::model::{EntityId, Judgement, RecordId};

/// All that a judgement about two records can touch: their clusters, and the judgements that hold within and
/// around them.
pub(super) struct Around {
    pub(super) identities: Vec<Identity>,
    pub(super) judgements: BTreeMap<u64, StoredJudgement>,
}

impl Around {
    pub(super) fn of(reading: &mut dyn Reading, records: [&RecordId; 2]) -> Result<Around, RegistryError> {
        let mut around = Around { identities: Vec::new(), judgements: BTreeMap::new() };
        for record in records {
            let row = reading.identity(record)?.ok_or_else(|| RegistryError::UnknownRecord(record.clone()))?;
            let canonical = decode::identity(&row)?.canonical;
            if around.identities.iter().any(|identity| identity.canonical == canonical) {
                continue;
            }
            for row in reading.members(canonical)? {
                around.identities.push(decode::identity(&row)?);
            }
        }
        for identity in &around.identities {
            for row in reading.judgements_of(&identity.record)? {
                let stored = decode::judgement(row)?;
                if stored.withdrawn.is_none() {
                    around.judgements.insert(stored.number, stored);
                }
            }
        }
        Ok(around)
    }

    /// The number of a judgement that holds and says the same.
    pub(super) fn repeated(&self, judgement: &Judgement) -> Option<u64> {
        let says = |judgement: &Judgement| {
            let Judgement { left, right, opinion, actor, reason, evidence } = judgement.clone();
            let pair = if left < right { (left, right) } else { (right, left) };
            (pair, opinion, actor, reason, evidence)
        };
        let wanted = says(judgement);
        self.judgements.values().find(|stored| says(&stored.judgement) == wanted).map(|stored| stored.number)
    }

    pub(super) fn clusters(&self) -> Result<Vec<Cluster>, RegistryError> {
        let links: Vec<Link> = self.judgements.values().map(link).collect();
        clusters(&self.identities, &links).map_err(conflict)
    }

    /// What stands in the way of a judgement: nothing is written.
    pub(super) fn check(&self, judgement: &Judgement) -> Result<(), RegistryError> {
        let Judgement { left, right, opinion, .. } = judgement;
        let mut links: Vec<Link> = self.judgements.values().map(link).collect();
        links.push(Link { number: 0, left: left.clone(), right: right.clone(), opinion: *opinion });
        let clusters = clusters(&self.identities, &links).map_err(conflict)?;
        match clusters.iter().map(|cluster| cluster.records.len()).max() {
            Some(records) if records > Registry::MAX_RECORDS_PER_ENTITY => {
                Err(RegistryError::LargeEntity { records, limit: Registry::MAX_RECORDS_PER_ENTITY })
            }
            _ => Ok(()),
        }
    }

    /// Writes where the ids lead now, where that changed.
    pub(super) fn settle(&mut self, writing: &mut dyn Writing) -> Result<Vec<Moved>, RegistryError> {
        let mut leads: BTreeMap<RecordId, EntityId> = BTreeMap::new();
        for cluster in self.clusters()? {
            leads.extend(cluster.records.into_iter().map(|record| (record, cluster.id)));
        }
        let mut moved = Vec::new();
        for identity in &mut self.identities {
            let Some(to) = leads.get(&identity.record).copied().filter(|to| *to != identity.canonical) else {
                continue;
            };
            writing.set_canonical(identity.id, to)?;
            moved.push(Moved { record: identity.record.clone(), from: identity.canonical, to });
            identity.canonical = to;
        }
        moved.sort_by(|left, right| left.record.cmp(&right.record));
        Ok(moved)
    }

    pub(super) fn receipt(
        &self,
        number: u64,
        revision: u64,
        judgement: &Judgement,
        moved: Vec<Moved>,
    ) -> Result<JudgementReceipt, RegistryError> {
        let mut clusters = self.clusters()?;
        clusters.retain(|cluster| {
            [&judgement.left, &judgement.right].iter().any(|record| cluster.records.binary_search(record).is_ok())
        });
        Ok(JudgementReceipt { number, revision, clusters, moved })
    }
}

fn conflict(conflict: Conflict) -> RegistryError {
    RegistryError::Conflict(Box::new(conflict))
}
