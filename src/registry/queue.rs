use serde::{Deserialize, Serialize};

use super::act::{self, Act};
use super::around::Around;
use super::judging::check_text;
use super::store::{Closes, ClosingRow, ProposalRow};
use super::{Ask, JudgementReceipt, Registry, RegistryError, audit, decode};
use crate::model::{Judgement, Opinion, RecordId};

/// A pair that somebody should decide.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// What is proposed, by whom and why.
    pub judgement: Judgement,
    /// How likely it is that both stand for one party, 0 to 1.
    pub probability: f64,
    /// What it contradicts, in words; empty if nothing.
    pub conflict: String,
}

/// A proposal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProposal {
    /// Its number, from 1.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// What is proposed, by whom and why.
    pub judgement: Judgement,
    /// What a decision is worth, in thousandths of a bit: how unsure it is, times one and the binary logarithm of the
    /// pairs of records that it decides.
    pub worth: u64,
    /// What it contradicts, in words; empty if nothing.
    pub conflict: String,
}

/// What became of a judgement that may wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It holds.
    Judged(JudgementReceipt),
    /// It contradicts what holds, so it waits in the queue.
    Queued {
        /// The number of the proposal.
        proposal: u64,
        /// What it contradicts, in words.
        conflict: String,
    },
}

impl Registry {
    /// Adds a judgement as [`Registry::judge`] does; one that contradicts what holds is put into the queue instead of
    /// being refused.
    pub fn judge_or_queue(&self, judgement: Judgement, ask: impl Into<Ask>) -> Result<Outcome, RegistryError> {
        let ask = ask.into();
        let queued = self.queued_before(&judgement, &ask)?;
        if let Some(outcome) = queued {
            return Ok(outcome);
        }
        match self.judge(judgement.clone(), ask.clone()) {
            Ok(receipt) => Ok(Outcome::Judged(receipt)),
            Err(RegistryError::Conflict(conflict)) => {
                let conflict = conflict.to_string();
                let mut act = Act::begin(&*self.store, &ask)?;
                let asked = act::digest(&judgement)?;
                let wanted = Proposal { judgement, probability: 0.5, conflict: conflict.clone() };
                let (proposal, added) = propose(&mut act, &wanted)?.unwrap_or_default();
                act.finish(&ask, QUEUE, &asked, added, Outcome::Queued { proposal, conflict })
            }
            Err(error) => Err(error),
        }
    }

    /// The answer of then, where the same request was queued.
    fn queued_before(&self, judgement: &Judgement, ask: &Ask) -> Result<Option<Outcome>, RegistryError> {
        let Some(request_id) = &ask.request_id else { return Ok(None) };
        let asked = act::digest(judgement)?;
        let row = self.store.read()?.request(request_id)?;
        let Some(row) = row.filter(|row| row.action == QUEUE && row.digest[..] == asked.as_bytes()[..]) else {
            return Ok(None);
        };
        let answer = serde_json::from_str(&row.answer);
        answer.map(Some).map_err(|error| RegistryError::damaged(format!("request {request_id:?}"), error))
    }

    /// Puts pairs into the queue, in one transaction; gives the number of each, `None` for a pair that is decided
    /// already: it is one entity, or a judgement about the two holds. A pair that waits already keeps its number.
    pub fn propose(&self, proposals: &[Proposal], ask: impl Into<Ask>) -> Result<Vec<Option<u64>>, RegistryError> {
        let ask = ask.into();
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&proposals)?;
        if let Some(numbers) = act.answered(&ask, "propose", &asked)? {
            return Ok(numbers);
        }
        let mut numbers = Vec::with_capacity(proposals.len());
        let mut any = false;
        for proposal in proposals {
            check_text("actor", &proposal.judgement.actor, 1..=256)?;
            check_text("reason", &proposal.judgement.reason, 0..=4096)?;
            check_text("evidence", &proposal.judgement.evidence, 0..=4096)?;
            if proposal.judgement.left == proposal.judgement.right {
                return Err(RegistryError::OneRecord(proposal.judgement.left.clone()));
            }
            let proposed = propose(&mut act, proposal)?;
            any |= proposed.is_some_and(|(_, added)| added);
            numbers.push(proposed.map(|(number, _)| number));
        }
        act.finish(&ask, "propose", &asked, any, numbers)
    }

    /// Takes a proposal out of the queue without a judgement; gives the revision after it. `UnknownProposal`, also
    /// for one that is closed.
    pub fn dismiss(&self, number: u64, actor: &str, reason: &str, ask: impl Into<Ask>) -> Result<u64, RegistryError> {
        let ask = ask.into();
        check_text("actor", actor, 1..=256)?;
        check_text("reason", reason, 0..=4096)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        let asked = act::digest(&(number, actor, reason))?;
        if let Some(revision) = act.answered(&ask, "dismiss", &asked)? {
            return Ok(revision);
        }
        let open = act.writing.proposal(number)?.is_some() && act.writing.closing(Closes::Proposal, number)?.is_none();
        if !open {
            return Err(RegistryError::UnknownProposal(number));
        }
        close(&mut act, Closes::Proposal, number, actor, reason)?;
        let revision = act.revision;
        act.finish(&ask, "dismiss", &asked, true, revision)
    }

    /// The first `limit` open proposals behind the place `after` (worth and number), the ones worth most first; only
    /// those that contradict something where `conflicts` is set. A limit above 1,001 is taken as that.
    pub fn queue(
        &self,
        after: Option<(u64, u64)>,
        limit: usize,
        conflicts: bool,
    ) -> Result<Vec<StoredProposal>, RegistryError> {
        let rows = self.store.read()?.proposals(after, limit.min(1001), conflicts)?;
        rows.into_iter().map(decode::proposal).collect()
    }
}

/// The word under which the answer to a queued judgement is kept.
const QUEUE: &str = "judge-or-queue";

/// Adds a proposal; gives its number and whether it is new, `None` if the pair is decided.
fn propose(act: &mut Act<'_>, proposal: &Proposal) -> Result<Option<(u64, bool)>, RegistryError> {
    let Judgement { left, right, .. } = &proposal.judgement;
    let around = Around::of(&mut *act.writing, [left, right])?;
    let clusters = around.clusters()?;
    let size = |record: &RecordId| {
        let own = clusters.iter().find(|cluster| cluster.records.binary_search(record).is_ok());
        own.map_or(1, |cluster| cluster.records.len())
    };
    if proposal.conflict.is_empty() {
        let one = clusters
            .iter()
            .any(|cluster| cluster.records.binary_search(left).is_ok() && cluster.records.binary_search(right).is_ok());
        let told = around.judgements.values().any(|stored| is_about(&stored.judgement, left, right));
        if one || told {
            return Ok(None);
        }
    }
    for open in act.writing.proposals_of(left)? {
        let open = decode::proposal(open)?;
        if is_about(&open.judgement, left, right) {
            return Ok(Some((open.number, false)));
        }
    }
    let judgement = &proposal.judgement;
    let mut row = ProposalRow {
        number: 0,
        revision: act.revision,
        at: act.at.to_string(),
        left: left.to_string(),
        right: right.to_string(),
        opinion: judgement.opinion.as_str().to_owned(),
        actor: judgement.actor.clone(),
        reason: judgement.reason.clone(),
        evidence: judgement.evidence.clone(),
        worth: worth(proposal.probability, size(left) * size(right)),
        conflict: proposal.conflict.clone(),
    };
    row.number = act.writing.add_proposal(&row)?;
    act.audit("propose", &judgement.actor, &row)?;
    Ok(Some((row.number, true)))
}

fn is_about(judgement: &Judgement, left: &RecordId, right: &RecordId) -> bool {
    (&judgement.left, &judgement.right) == (left, right) || (&judgement.left, &judgement.right) == (right, left)
}

/// Closes what a judgement answers: proposals about the same two records, and all within an entity that it made.
pub(super) fn settled(
    act: &mut Act<'_>,
    judgement: &Judgement,
    number: u64,
    around: &Around,
) -> Result<(), RegistryError> {
    let clusters = around.clusters()?;
    let own = clusters.iter().find(|cluster| cluster.records.binary_search(&judgement.left).is_ok());
    let records: &[RecordId] = match own {
        Some(cluster) if judgement.opinion == Opinion::Same => &cluster.records,
        _ => std::slice::from_ref(&judgement.left),
    };
    let mut answered = Vec::new();
    for record in records {
        for row in act.writing.proposals_of(record)? {
            let open = decode::proposal(row)?;
            let within = |record: &RecordId| records.binary_search(record).is_ok();
            let is_one = within(&open.judgement.left) && within(&open.judgement.right);
            if is_one || is_about(&open.judgement, &judgement.left, &judgement.right) {
                answered.push(open.number);
            }
        }
    }
    answered.sort_unstable();
    answered.dedup();
    for proposal in answered {
        close(act, Closes::Proposal, proposal, &judgement.actor, &format!("judgement {number}"))?;
    }
    Ok(())
}

/// Ends a proposal or a suppression.
pub(super) fn close(
    act: &mut Act<'_>,
    closes: Closes,
    number: u64,
    actor: &str,
    reason: &str,
) -> Result<(), RegistryError> {
    let row = ClosingRow {
        revision: act.revision,
        at: act.at.to_string(),
        actor: actor.to_owned(),
        reason: reason.to_owned(),
    };
    act.writing.close(closes, number, &row)?;
    let action = match closes {
        Closes::Proposal => "dismiss",
        Closes::Suppression => "lift",
    };
    act.audit(action, actor, &audit::Numbered { number, row: &row })
}

/// Thousandths of a bit: the entropy of the question, times one and the binary logarithm of the pairs it decides.
fn worth(probability: f64, pairs: usize) -> u64 {
    let entropy = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    let probability = probability.clamp(0.0, 1.0);
    let unsure = entropy(probability) + entropy(1.0 - probability);
    (1000.0 * unsure * (1.0 + (pairs.max(1) as f64).log2())).round() as u64
}

#[cfg(test)]
mod tests {
    use super::worth;

    #[test]
    fn what_is_most_unsure_and_decides_most_is_worth_most() {
        assert_eq!([worth(0.5, 1), worth(0.5, 4), worth(0.0, 9), worth(1.0, 9)], [1000, 3000, 0, 0]);
        assert!(worth(0.5, 1) > worth(0.6, 1) && worth(0.6, 1) > worth(0.9, 1));
        assert_eq!(worth(0.25, 2), worth(0.75, 2));
    }
}
