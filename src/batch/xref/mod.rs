//! Which records of the lists stand for one party: pairs are proposed by what records share and by what the index
//! finds, a stated policy decides those it may, and the rest waits for a person, the ones worth most first.

mod number;
mod pairs;
mod party;
mod policy;
mod search;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

pub use policy::{Decision, Rule};

use self::pairs::Pair;
use self::party::Party;
use crate::model::{EntityId, Judgement, Opinion, Record, RecordId};
use crate::registry::{Ask, Proposal, RegistryError};
use crate::resolver::{Engine, Snapshot};

/// What a run over all lists did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XrefReport {
    /// Records that were looked at.
    pub records: u64,
    /// Pairs that were looked at.
    pub pairs: u64,
    /// Pairs judged the same, by the rule that allowed it.
    pub decided: BTreeMap<&'static str, u64>,
    /// Of those, the ones that were judged so before.
    pub known: u64,
    /// Of the pairs of two lists with one name and one birth date: those whose records both tell numbers of one sort …
    pub checkable: u64,
    /// … and those of them whose numbers agree, give or take a slip of the pen. The others wait.
    pub agreeing: u64,
    /// Pairs that wait in the queue; those among them that contradict what holds.
    pub queued: u64,
    /// Pairs that the policy allowed and another judgement forbids.
    pub conflicts: u64,
    /// Numbers that so many records share that they name nobody.
    pub common_numbers: u64,
}

/// Runs over all records of an engine. With `apply`, what is decided is judged and what is not is queued, each in one
/// transaction; without, nothing changes. Keeps all records in memory.
pub fn xref(engine: &Engine, apply: bool, stage: &dyn Fn(&str)) -> Result<XrefReport, RegistryError> {
    stage("reading the records");
    let mut records: Vec<(Record, EntityId)> = Vec::new();
    engine.registry().for_each_record(&mut |record, id| {
        records.push((record, id));
        Ok::<(), RegistryError>(())
    })?;
    let parties: Vec<Party<'_>> = records.par_iter().map(|(record, id)| Party::new(record, *id)).collect();
    stage("asking the index");
    let snapshot = engine.newest();
    let found = search::pairs(&snapshot, &parties);
    stage("deciding");
    let (pairs, common_numbers) = pairs::pairs(&parties, found);
    let decisions: Vec<(Pair, Decision)> =
        pairs.par_iter().map(|pair| (*pair, policy::decide(&parties[pair.0], &parties[pair.1]))).collect();
    let mut report = count(&parties, &decisions);
    report.common_numbers = common_numbers;
    if apply {
        stage("judging");
        judge(engine, &parties, &decisions, &mut report)?;
    } else {
        report.queued = waiting(&snapshot, &parties, &decisions).count() as u64;
    }
    Ok(report)
}

fn count(parties: &[Party<'_>], decisions: &[(Pair, Decision)]) -> XrefReport {
    let mut report =
        XrefReport { records: parties.len() as u64, pairs: decisions.len() as u64, ..XrefReport::default() };
    for (pair, decision) in decisions {
        if let Decision::Same { rule, .. } = decision {
            *report.decided.entry(rule.as_str()).or_default() += 1;
        }
        let (left, right) = (&parties[pair.0], &parties[pair.1]);
        if policy::by_name(left, right).is_some()
            && let Some(agree) = number::agree(left.record, right.record)
        {
            report.checkable += 1;
            report.agreeing += u64::from(agree);
        }
    }
    report
}

/// What waits for a person: likely pairs that are not one entity already.
fn waiting<'a>(
    snapshot: &'a Snapshot,
    parties: &'a [Party<'_>],
    decisions: &'a [(Pair, Decision)],
) -> impl Iterator<Item = (Pair, f64, &'a str)> {
    decisions.iter().filter_map(move |(pair, decision)| match decision {
        Decision::Ask { probability, reason } => {
            let one = snapshot.canonical(parties[pair.0].id) == snapshot.canonical(parties[pair.1].id);
            (!one).then_some((*pair, *probability, reason.as_str()))
        }
        Decision::Same { .. } | Decision::Nothing => None,
    })
}

fn judge(
    engine: &Engine,
    parties: &[Party<'_>],
    decisions: &[(Pair, Decision)],
    report: &mut XrefReport,
) -> Result<(), RegistryError> {
    let at = Timestamp::now();
    let judgement = |pair: &Pair, rule: &str, reason: &str| Judgement {
        left: parties[pair.0].record.id.clone(),
        right: parties[pair.1].record.id.clone(),
        opinion: Opinion::Same,
        actor: format!("policy {rule}"),
        reason: reason.to_owned(),
        evidence: String::new(),
    };
    let same = decisions.iter().filter_map(|(pair, decision)| match decision {
        Decision::Same { rule, reason } => Some(judgement(pair, rule.as_str(), reason)),
        _ => None,
    });
    let same: Vec<Judgement> = same.collect();
    let before = engine.registry().revision()?;
    let judged = engine.change(|registry| registry.judge_all(&same, Ask::from(at)))?;
    let mut proposals = Vec::new();
    for (judgement, judged) in same.into_iter().zip(judged) {
        match judged {
            Ok(receipt) => report.known += u64::from(receipt.revision <= before),
            Err(error) => {
                report.conflicts += 1;
                proposals.push(Proposal { judgement, probability: 0.5, conflict: error.to_string() });
            }
        }
    }
    let snapshot = engine.newest();
    for (pair, probability, reason) in waiting(&snapshot, parties, decisions) {
        let judgement = judgement(&pair, "likeness", reason);
        proposals.push(Proposal { judgement, probability, conflict: String::new() });
    }
    let numbers = engine.change(|registry| registry.propose(&proposals, Ask::from(at)))?;
    report.queued = numbers.iter().flatten().collect::<BTreeSet<_>>().len() as u64;
    Ok(())
}

/// The pairs that the policy decides on some records alone, without an index, as record ids.
pub fn decided(records: &[(Record, EntityId)]) -> Vec<(RecordId, RecordId, Rule)> {
    let parties: Vec<Party<'_>> = records.par_iter().map(|(record, id)| Party::new(record, *id)).collect();
    let (pairs, _) = pairs::pairs(&parties, Vec::new());
    let decide = |pair: &Pair| match policy::decide(&parties[pair.0], &parties[pair.1]) {
        Decision::Same { rule, .. } => {
            Some((parties[pair.0].record.id.clone(), parties[pair.1].record.id.clone(), rule))
        }
        _ => None,
    };
    pairs.par_iter().filter_map(decide).collect()
}
