use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::store::{DatasetRow, Reading};
use super::{Identity, Link, Registry, RegistryError, clusters, decode, judging};
use crate::model::{EntityId, RecordId};

/// What a check of the whole registry found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// The revision that was checked.
    pub revision: u64,
    /// How many records were checked.
    pub records: u64,
    /// How many ids were checked.
    pub identities: u64,
    /// How many judgements were checked, withdrawn ones too.
    pub judgements: u64,
    /// What is wrong, in words; empty if nothing is. At most [`VerifyReport::MAX_FINDINGS`].
    pub findings: Vec<String>,
    /// How many findings there were beyond those.
    pub more_findings: u64,
}

impl VerifyReport {
    /// The most findings that are kept.
    pub const MAX_FINDINGS: usize = 1000;

    /// True if nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, finding: String) {
        if self.findings.len() < VerifyReport::MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more_findings += 1;
        }
    }

    /// Damage is a finding; any other error ends the check.
    fn damage<T>(&mut self, result: Result<T, RegistryError>) -> Result<Option<T>, RegistryError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error @ RegistryError::Damaged { .. }) => {
                self.find(error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl Registry {
    /// Checks everything that is stored against what must hold: the file itself, every record, every id against its
    /// checksum and its minting, counts and digests of datasets, and the clusters against the judgements. Reads the
    /// whole registry and keeps ids and judgements in memory, not records.
    pub fn verify(&self) -> Result<VerifyReport, RegistryError> {
        let mut report = VerifyReport::default();
        let checked = self.store.check();
        for finding in report.damage(checked)?.into_iter().flatten() {
            report.find(finding);
        }
        let mut reading = self.store.read()?;
        let reading = &mut *reading;
        let revision = reading.revision();
        report.revision = report.damage(revision)?.unwrap_or_default();
        let records = records(reading, &mut report);
        report.damage(records)?;
        let identities = identities(reading, &mut report);
        let identities = report.damage(identities)?.unwrap_or_default();
        let judged = judgements(reading, &mut report, &identities);
        report.damage(judged)?;
        Ok(report)
    }
}

/// What the records of a dataset come to.
#[derive(Default)]
struct Sum {
    records: u64,
    names: u64,
    hasher: blake3::Hasher,
}

/// Every record, and the datasets they come to.
fn records(reading: &mut dyn Reading, report: &mut VerifyReport) -> Result<(), RegistryError> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    reading.each_record(&mut |row, _| {
        report.records += 1;
        let sum = sums.entry(row.dataset.clone()).or_default();
        sum.records += 1;
        sum.names += row.names;
        sum.hasher.update(row.json.as_bytes());
        sum.hasher.update(b"\n");
        match decode::record(&row) {
            Err(error) => report.find(error.to_string()),
            Ok(record) => {
                let mut canonical = record.clone();
                canonical.canonicalize();
                if canonical != record {
                    report.find(format!("record {}: not in canonical form", row.record_id));
                }
                if let Err(error) = record.validate() {
                    report.find(format!("record {}: {error}", row.record_id));
                }
                if record.dataset().as_str() != row.dataset {
                    report.find(format!("record {}: stored in dataset {}", row.record_id, row.dataset));
                }
                if record.names.len() as u64 != row.names {
                    let found = record.names.len();
                    report.find(format!("record {}: {found} names, stored as {}", row.record_id, row.names));
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    for row in reading.datasets()? {
        let sum = sums.remove(&row.name).unwrap_or_default();
        check_dataset(&row, &sum, report);
        report.damage(decode::dataset(row))?;
    }
    for dataset in sums.keys() {
        report.find(format!("dataset {dataset}: has records but is not there"));
    }
    Ok(())
}

fn check_dataset(row: &DatasetRow, sum: &Sum, report: &mut VerifyReport) {
    let name = &row.name;
    if sum.records != row.record_count {
        report.find(format!("dataset {name}: {} records, stored as {}", sum.records, row.record_count));
    }
    if sum.names != row.name_count {
        report.find(format!("dataset {name}: {} names, stored as {}", sum.names, row.name_count));
    }
    let digest = sum.hasher.finalize().to_hex();
    if digest.as_str() != row.digest {
        report.find(format!("dataset {name}: digest {digest}, stored as {}", row.digest));
    }
}

/// Every id against its founder.
fn identities(reading: &mut dyn Reading, report: &mut VerifyReport) -> Result<Vec<Identity>, RegistryError> {
    let mut identities = Vec::new();
    reading.each_identity(&mut |row| {
        report.identities += 1;
        match decode::identity(&row) {
            Ok(identity) => identities.push(identity),
            Err(error) => report.find(error.to_string()),
        }
        ControlFlow::Continue(())
    })?;
    let taken: BTreeSet<EntityId> = identities.iter().map(|identity| identity.id).collect();
    for Identity { record, id, attempt, minted, .. } in &identities {
        if EntityId::mint(record, *attempt) != *id {
            report.find(format!("entity {id}: record {record} does not found it at attempt {attempt}"));
        }
        // The attempts that minting makes are few: a larger number is damage, found above.
        let skipped = (0..(*attempt).min(64)).find(|earlier| !taken.contains(&EntityId::mint(record, *earlier)));
        if let Some(skipped) = skipped {
            report.find(format!("entity {id}: minted at attempt {attempt} though attempt {skipped} was free"));
        }
        if *minted > report.revision {
            report.find(format!("entity {id}: minted by revision {minted}, which is not committed"));
        }
    }
    Ok(identities)
}

/// Every judgement, and the clusters they make against the stored ones.
fn judgements(
    reading: &mut dyn Reading,
    report: &mut VerifyReport,
    identities: &[Identity],
) -> Result<(), RegistryError> {
    let known: BTreeMap<&RecordId, &Identity> =
        identities.iter().map(|identity| (&identity.record, identity)).collect();
    let mut links: Vec<Link> = Vec::new();
    let mut after = 0;
    loop {
        let page = reading.judgements(after, 1000)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for row in page {
            report.judgements += 1;
            let Some(stored) = report.damage(decode::judgement(row))? else { continue };
            let link = judging::link(&stored);
            for record in [&link.left, &link.right] {
                if !known.contains_key(record) {
                    report.find(format!("judgement {}: record {record} was never imported", stored.number));
                }
            }
            if stored.withdrawn.is_none() {
                links.push(link);
            }
        }
    }
    match clusters(identities, &links) {
        Err(conflict) => report.find(conflict.to_string()),
        Ok(clusters) => {
            for cluster in clusters {
                for record in &cluster.records {
                    let Some(stored) = known.get(record).filter(|stored| stored.canonical != cluster.id) else {
                        continue;
                    };
                    let (to, id) = (stored.canonical, cluster.id);
                    report.find(format!("record {record}: leads to {to}, the judgements lead to {id}"));
                }
            }
        }
    }
    Ok(())
}
