use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::store::{JudgementRow, Reading, WithdrawalRow, Writing};
use super::{Cluster, Identity, Link, Registry, RegistryError, clusters, decode};
use crate::model::{EntityId, Judgement, RecordId};

/// A judgement as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredJudgement {
    /// Its number, from 1 in the order of judging.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// What was judged.
    pub judgement: Judgement,
    /// Its withdrawal; `None` while it holds.
    pub withdrawn: Option<Withdrawal>,
}

/// The withdrawal of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The revision that added it.
    pub revision: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}

/// What a judgement or a withdrawal did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgementReceipt {
    /// The number of the judgement.
    pub number: u64,
    /// The revision of the registry after it.
    pub revision: u64,
    /// The one or two clusters that the two records now belong to, ordered by id. A cluster counts its records that
    /// are no longer published, too.
    pub clusters: Vec<Cluster>,
    /// Records that now stand for another entity than before, ordered by record id.
    pub moved: Vec<Moved>,
}

/// A record that stands for another entity than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The record.
    pub record: RecordId,
    /// The canonical id it led to before.
    pub from: EntityId,
    /// The canonical id it leads to now.
    pub to: EntityId,
}

impl Registry {
    /// The most records of one entity, published or not.
    pub const MAX_RECORDS_PER_ENTITY: usize = 1000;

    /// Adds a judgement; durable when this returns.
    ///
    /// `Same` merges the entities of the two records: the oldest id survives, the smallest of equally old ones, and
    /// the others lead to it. `Different` keeps them apart and `Unsure` does nothing but stay on file. Judgements
    /// about one pair stand beside each other; to change one's mind, withdraw the earlier one. `Conflict` if it
    /// contradicts what holds, with the chain of records that ties the pair. A judgement that says word for word
    /// what one that holds says is that one: nothing is added. The actor takes 1 to 256 bytes, the reason up to
    /// 4,096. `UnknownRecord` for a record that was never imported; one that is no longer published will do.
    pub fn judge(&self, judgement: Judgement, at: jiff::Timestamp) -> Result<JudgementReceipt, RegistryError> {
        check_text("actor", &judgement.actor, 1..=256)?;
        check_text("reason", &judgement.reason, 0..=4096)?;
        if judgement.left == judgement.right {
            return Err(RegistryError::OneRecord(judgement.left));
        }
        let mut writing = self.store.write()?;
        let mut around = Around::of(&mut *writing, [&judgement.left, &judgement.right])?;
        let revision = writing.revision()?;
        if let Some(earlier) = around.repeated(&judgement) {
            return around.receipt(earlier, revision, &judgement, Vec::new());
        }
        let revision = revision + 1;
        let mut row = JudgementRow {
            number: 0,
            revision,
            at: at.to_string(),
            left: judgement.left.to_string(),
            right: judgement.right.to_string(),
            opinion: judgement.opinion.as_str().to_owned(),
            actor: judgement.actor.clone(),
            reason: judgement.reason.clone(),
            withdrawn: None,
        };
        row.number = writing.add_judgement(&row)?;
        let number = row.number;
        around.judgements.insert(number, decode::judgement(row)?);
        let moved = around.settle(&mut *writing)?;
        writing.set_revision(revision)?;
        let receipt = around.receipt(number, revision, &judgement, moved)?;
        writing.commit()?;
        Ok(receipt)
    }

    /// Withdraws a judgement, by a further row; durable when this returns. If it tied two groups of records, they
    /// part, and each gets the oldest id of its own records. `UnknownJudgement`, `AlreadyWithdrawn`.
    pub fn withdraw(
        &self,
        number: u64,
        actor: &str,
        reason: &str,
        at: jiff::Timestamp,
    ) -> Result<JudgementReceipt, RegistryError> {
        check_text("actor", actor, 1..=256)?;
        check_text("reason", reason, 0..=4096)?;
        let mut writing = self.store.write()?;
        let stored = writing.judgement(number)?.ok_or(RegistryError::UnknownJudgement(number))?;
        let stored = decode::judgement(stored)?;
        if stored.withdrawn.is_some() {
            return Err(RegistryError::AlreadyWithdrawn(number));
        }
        let mut around = Around::of(&mut *writing, [&stored.judgement.left, &stored.judgement.right])?;
        around.judgements.remove(&number);
        let revision = writing.revision()? + 1;
        let row = WithdrawalRow { revision, at: at.to_string(), actor: actor.to_owned(), reason: reason.to_owned() };
        writing.add_withdrawal(number, &row)?;
        let moved = around.settle(&mut *writing)?;
        writing.set_revision(revision)?;
        let receipt = around.receipt(number, revision, &stored.judgement, moved)?;
        writing.commit()?;
        Ok(receipt)
    }

    /// The judgements about a record, withdrawn ones too, ordered by number.
    pub fn judgements_of(&self, record: &RecordId) -> Result<Vec<StoredJudgement>, RegistryError> {
        self.store.read()?.judgements_of(record)?.into_iter().map(decode::judgement).collect()
    }

    /// The first `limit` judgements behind the number `after` (0: from the first), withdrawn ones too, ordered by
    /// number; a limit above 1,000 is taken as that.
    pub fn judgements(&self, after: u64, limit: usize) -> Result<Vec<StoredJudgement>, RegistryError> {
        self.store.read()?.judgements(after, limit.min(1000))?.into_iter().map(decode::judgement).collect()
    }
}

/// All that a judgement about two records can touch: their clusters, and the judgements that hold within and
/// around them.
struct Around {
    identities: Vec<Identity>,
    judgements: BTreeMap<u64, StoredJudgement>,
}

impl Around {
    fn of(reading: &mut dyn Reading, records: [&RecordId; 2]) -> Result<Around, RegistryError> {
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
    fn repeated(&self, judgement: &Judgement) -> Option<u64> {
        let says = |judgement: &Judgement| {
            let Judgement { left, right, opinion, actor, reason } = judgement.clone();
            let pair = if left < right { (left, right) } else { (right, left) };
            (pair, opinion, actor, reason)
        };
        let wanted = says(judgement);
        self.judgements.values().find(|stored| says(&stored.judgement) == wanted).map(|stored| stored.number)
    }

    fn clusters(&self) -> Result<Vec<Cluster>, RegistryError> {
        let links: Vec<Link> = self.judgements.values().map(link).collect();
        clusters(&self.identities, &links).map_err(|conflict| RegistryError::Conflict(Box::new(conflict)))
    }

    /// Writes where the ids lead now, where that changed.
    fn settle(&mut self, writing: &mut dyn Writing) -> Result<Vec<Moved>, RegistryError> {
        let mut leads: BTreeMap<RecordId, EntityId> = BTreeMap::new();
        for cluster in self.clusters()? {
            if cluster.records.len() > Registry::MAX_RECORDS_PER_ENTITY {
                let limit = Registry::MAX_RECORDS_PER_ENTITY;
                return Err(RegistryError::LargeEntity { records: cluster.records.len(), limit });
            }
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

    fn receipt(
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

/// What clusters see of a judgement.
pub(super) fn link(stored: &StoredJudgement) -> Link {
    let Judgement { left, right, opinion, .. } = &stored.judgement;
    Link { number: stored.number, left: left.clone(), right: right.clone(), opinion: *opinion }
}

/// A text of so many bytes, without control characters but line breaks and tabs, that says something if it must.
pub(super) fn check_text(field: &'static str, text: &str, bytes: RangeInclusive<usize>) -> Result<(), RegistryError> {
    let refuse = |reason: String| Err(RegistryError::InvalidText { field, reason });
    if !bytes.contains(&text.len()) {
        return refuse(format!("{} bytes, expected {} to {}", text.len(), bytes.start(), bytes.end()));
    }
    if *bytes.start() > 0 && text.trim().is_empty() {
        return refuse("nothing but spaces".to_owned());
    }
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(control) => refuse(format!("control character {}", control.escape_unicode())),
        None => Ok(()),
    }
}
