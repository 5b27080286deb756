use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::act::{self, Act};
use super::around::Around;
use super::store::{JudgementRow, WithdrawalRow};
use super::{Ask, ChangeKind, Cluster, Link, Registry, RegistryError, audit, decode, queue};
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

/// What became of one of many judgements: a receipt, or why it was refused.
pub type Judged = Result<JudgementReceipt, RegistryError>;

/// What a judgement or a withdrawal did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// what one that holds says is that one: nothing is added. The actor takes 1 to 256 bytes, the reason and the
    /// evidence up to 4,096 each. `UnknownRecord` for a record that was never imported; one that is no longer
    /// published will do. A request id that was used before gives the receipt of then and has no effect;
    /// `RequestReused` if it was for something else.
    pub fn judge(&self, judgement: Judgement, ask: impl Into<Ask>) -> Result<JudgementReceipt, RegistryError> {
        let ask = ask.into();
        check(&judgement)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&judgement)?;
        if let Some(receipt) = act.answered(&ask, "judge", &asked)? {
            return Ok(receipt);
        }
        let (receipt, changed) = add(&mut act, &judgement)?;
        act.finish(&ask, "judge", &asked, changed, receipt)
    }

    /// Adds many judgements in one transaction, each as [`Registry::judge`] would; what it refuses is told in its
    /// place, and the others are added. One revision in all.
    pub fn judge_all(&self, judgements: &[Judgement], ask: impl Into<Ask>) -> Result<Vec<Judged>, RegistryError> {
        let ask = ask.into();
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&judgements)?;
        let mut judged = Vec::with_capacity(judgements.len());
        let mut any = false;
        for judgement in judgements {
            let added = check(judgement).and_then(|()| add(&mut act, judgement));
            judged.push(match added {
                Ok((receipt, changed)) => {
                    any |= changed;
                    Ok(receipt)
                }
                Err(error) if error.refusal().is_some() => Err(error),
                Err(error) => return Err(error),
            });
        }
        act.finish(&ask, "judge-all", &asked, any, ())?;
        Ok(judged)
    }

    /// Withdraws a judgement, by a further row; durable when this returns. If it tied two groups of records, they
    /// part, and each gets the oldest id of its own records. `UnknownJudgement`, `AlreadyWithdrawn`. Request ids are
    /// treated as [`Registry::judge`] does.
    pub fn withdraw(
        &self,
        number: u64,
        actor: &str,
        reason: &str,
        ask: impl Into<Ask>,
    ) -> Result<JudgementReceipt, RegistryError> {
        let ask = ask.into();
        check_text("actor", actor, 1..=256)?;
        check_text("reason", reason, 0..=4096)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&(number, actor, reason))?;
        if let Some(receipt) = act.answered(&ask, "withdraw", &asked)? {
            return Ok(receipt);
        }
        let stored = act.writing.judgement(number)?.ok_or(RegistryError::UnknownJudgement(number))?;
        let stored = decode::judgement(stored)?;
        if stored.withdrawn.is_some() {
            return Err(RegistryError::AlreadyWithdrawn(number));
        }
        let mut around = Around::of(&mut *act.writing, [&stored.judgement.left, &stored.judgement.right])?;
        around.judgements.remove(&number);
        let row = WithdrawalRow {
            revision: act.revision,
            at: act.at.to_string(),
            actor: actor.to_owned(),
            reason: reason.to_owned(),
        };
        act.writing.add_withdrawal(number, &row)?;
        act.audit("withdraw", actor, &audit::Numbered { number, row: &row })?;
        let moved = around.settle(&mut *act.writing)?;
        act.moved(ChangeKind::Split, &moved, number, reason)?;
        let receipt = around.receipt(number, act.revision, &stored.judgement, moved)?;
        act.finish(&ask, "withdraw", &asked, true, receipt)
    }

    /// A judgement, also a withdrawn one; `None` if there is none of the number.
    pub fn judgement(&self, number: u64) -> Result<Option<StoredJudgement>, RegistryError> {
        self.store.read()?.judgement(number)?.map(decode::judgement).transpose()
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

/// What can be seen without a look at what is there.
fn check(judgement: &Judgement) -> Result<(), RegistryError> {
    check_text("actor", &judgement.actor, 1..=256)?;
    check_text("reason", &judgement.reason, 0..=4096)?;
    check_text("evidence", &judgement.evidence, 0..=4096)?;
    if judgement.left == judgement.right {
        return Err(RegistryError::OneRecord(judgement.left.clone()));
    }
    Ok(())
}

/// Writes a judgement and what follows from it; false beside a receipt that was there before.
fn add(act: &mut Act<'_>, judgement: &Judgement) -> Result<(JudgementReceipt, bool), RegistryError> {
    let mut around = Around::of(&mut *act.writing, [&judgement.left, &judgement.right])?;
    if let Some(earlier) = around.repeated(judgement) {
        return Ok((around.receipt(earlier, act.before(), judgement, Vec::new())?, false));
    }
    around.check(judgement)?;
    let mut row = JudgementRow {
        number: 0,
        revision: act.revision,
        at: act.at.to_string(),
        left: judgement.left.to_string(),
        right: judgement.right.to_string(),
        opinion: judgement.opinion.as_str().to_owned(),
        actor: judgement.actor.clone(),
        reason: judgement.reason.clone(),
        evidence: judgement.evidence.clone(),
        withdrawn: None,
    };
    row.number = act.writing.add_judgement(&row)?;
    let number = row.number;
    act.audit("judge", &judgement.actor, &row)?;
    around.judgements.insert(number, decode::judgement(row)?);
    let moved = around.settle(&mut *act.writing)?;
    act.moved(ChangeKind::Merged, &moved, number, &judgement.reason)?;
    queue::settled(act, judgement, number, &around)?;
    Ok((around.receipt(number, act.revision, judgement, moved)?, true))
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
