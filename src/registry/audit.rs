//! The chain of changes. Every change adds a link in its own transaction: what was done, by whom, when, and the hash
//! of the link before. A row that is altered, inserted or taken out breaks the chain; a chain that is cut short lacks
//! the changes that the registry shows, and the head that somebody wrote down.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::act::Act;
use super::judging::check_text;
use super::store::{AuditRow, Closes, Reading, Writing};
use super::{Ask, Registry, RegistryError};

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLink {
    /// Its place, from 1 without gaps.
    pub sequence: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The revision after the change.
    pub revision: u64,
    /// What was done: "import", "judge", "withdraw", "propose", "dismiss", "suppress", "lift" …
    pub action: String,
    /// By whom.
    pub actor: String,
    /// What exactly, JSON.
    pub detail: String,
    /// Its hash, hexadecimal.
    pub hash: String,
}

/// What a check of the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// How many links there are.
    pub links: u64,
    /// The hash of the last link, hexadecimal; empty where there is none.
    pub head: String,
    /// Rows that are older than the chain, which it cannot vouch for.
    pub older: u64,
    /// What is wrong, in words; empty if nothing is. At most [`AuditReport::MAX_FINDINGS`].
    pub findings: Vec<String>,
}

impl AuditReport {
    /// The most findings that are kept.
    pub const MAX_FINDINGS: usize = 100;

    fn find(&mut self, finding: String) {
        if self.findings.len() < AuditReport::MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Rows and answers as text: the fields in their order, without spaces.
pub(super) fn detail(value: &impl Serialize) -> Result<String, RegistryError> {
    serde_json::to_string(value).map_err(|error| RegistryError::damaged("a row to be written", error))
}

/// Adds a link.
pub(super) fn append(
    writing: &mut dyn Writing,
    at: Timestamp,
    revision: u64,
    action: &str,
    actor: &str,
    detail: String,
) -> Result<(), RegistryError> {
    let (sequence, previous) = match writing.audit_head()? {
        Some(head) => (head.sequence + 1, head.hash),
        None => (1, vec![0; 32]),
    };
    let mut row = AuditRow {
        sequence,
        at: at.to_string(),
        revision,
        action: action.to_owned(),
        actor: actor.to_owned(),
        detail,
        previous,
        hash: Vec::new(),
    };
    row.hash = hash(&row)?;
    writing.add_audit(&row)
}

/// SHA-256 of the JSON array of the link's fields, the hash of the link before in hexadecimal first.
fn hash(row: &AuditRow) -> Result<Vec<u8>, RegistryError> {
    let fields = (hex(&row.previous), row.sequence, &row.at, row.revision, &row.action, &row.actor, &row.detail);
    Ok(Sha256::digest(detail(&fields)?.as_bytes()).to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Registry {
    /// The first `limit` links of the chain behind `after`, in order; a limit above 1,000 is taken as that.
    pub fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditLink>, RegistryError> {
        let rows = self.store.read()?.audit(after, limit.min(1000))?;
        let link = |row: AuditRow| AuditLink {
            hash: hex(&row.hash),
            sequence: row.sequence,
            at: row.at,
            revision: row.revision,
            action: row.action,
            actor: row.actor,
            detail: row.detail,
        };
        Ok(rows.into_iter().map(link).collect())
    }

    /// Writes into the chain what changes no row, such as that another version serves from now on; durable when this
    /// returns. The revision stays. The actor takes 1 to 256 bytes.
    pub fn note(&self, action: &str, actor: &str, detail: &impl Serialize, at: Timestamp) -> Result<(), RegistryError> {
        check_text("actor", actor, 1..=256)?;
        let mut act = Act::begin(&*self.store, &Ask::from(at))?;
        act.revision = act.before();
        act.audit(action, actor, detail)?;
        act.writing.commit()
    }

    /// Walks the chain from its beginning: every link against the one before, against the row it tells of, and every
    /// row against the chain. `known`: a head that was written down earlier, which must be one of the links.
    pub fn verify_audit(&self, known: Option<&str>) -> Result<AuditReport, RegistryError> {
        let mut reading = self.store.read()?;
        let mut check = Check { known: known.map(str::to_ascii_lowercase), ..Check::default() };
        let mut last = 0;
        loop {
            let page = reading.audit(last, 1000)?;
            let Some(row) = page.last() else { break };
            last = row.sequence;
            for row in page {
                check.link(&mut *reading, &row)?;
            }
        }
        check.rows(&mut *reading)?;
        if let Some(known) = &check.known {
            check.report.find(format!("no link has the hash {known}: the chain was cut or rewritten"));
        }
        let revision = reading.revision()?;
        if check.report.links > 0 && check.revision != revision {
            let told = check.revision;
            check.report.find(format!("the chain ends at revision {told}, the registry is at revision {revision}"));
        }
        Ok(check.report)
    }
}

#[derive(Default)]
struct Check {
    report: AuditReport,
    /// A head that has not been met yet.
    known: Option<String>,
    head: Vec<u8>,
    /// The revision of the first link, and of the last.
    first: u64,
    revision: u64,
    /// The numbers that links told of, by action.
    told: BTreeMap<String, BTreeSet<u64>>,
}

impl Check {
    fn link(&mut self, reading: &mut dyn Reading, row: &AuditRow) -> Result<(), RegistryError> {
        let place = self.report.links + 1;
        self.report.links = place;
        let previous = if self.head.is_empty() { vec![0; 32] } else { std::mem::take(&mut self.head) };
        if row.sequence != place {
            self.report.find(format!("link {}: expected link {place}", row.sequence));
            self.report.links = row.sequence;
        }
        if row.previous != previous {
            self.report.find(format!("link {}: does not follow the link before", row.sequence));
        }
        if hash(row)? != row.hash {
            self.report.find(format!("link {}: its fields do not fit its hash", row.sequence));
        }
        if row.revision < self.revision {
            self.report.find(format!("link {}: its revision is before that of the link before", row.sequence));
        }
        if place == 1 {
            self.first = row.revision;
        }
        self.revision = row.revision;
        self.report.head = hex(&row.hash);
        self.head.clone_from(&row.hash);
        self.known = self.known.take().filter(|known| *known != self.report.head);
        self.content(reading, row)
    }

    /// The row that a link tells of must still say the same.
    fn content(&mut self, reading: &mut dyn Reading, row: &AuditRow) -> Result<(), RegistryError> {
        let number = serde_json::from_str::<serde_json::Value>(&row.detail)
            .ok()
            .and_then(|detail| detail.get("number").and_then(serde_json::Value::as_u64));
        let Some(number) = number else { return Ok(()) };
        let now = match row.action.as_str() {
            "judge" => reading.judgement(number)?.map(|row| detail(&row)),
            "withdraw" => {
                let withdrawn = reading.judgement(number)?.and_then(|row| row.withdrawn);
                withdrawn.map(|withdrawal| detail(&Numbered { number, row: &withdrawal }))
            }
            "propose" => reading.proposal(number)?.map(|row| detail(&row)),
            "suppress" => reading.suppression(number)?.map(|row| detail(&row)),
            "dismiss" => reading.closing(Closes::Proposal, number)?.map(|row| detail(&Numbered { number, row: &row })),
            "lift" => reading.closing(Closes::Suppression, number)?.map(|row| detail(&Numbered { number, row: &row })),
            _ => return Ok(()),
        };
        self.told.entry(row.action.clone()).or_default().insert(number);
        if now.transpose()?.as_deref() != Some(&row.detail) {
            let (sequence, action) = (row.sequence, &row.action);
            self.report.find(format!("link {sequence}: {action} {number} is not what was written then"));
        }
        Ok(())
    }

    /// Every judgement and withdrawal must be told of by a link, unless it is older than the chain.
    fn rows(&mut self, reading: &mut dyn Reading) -> Result<(), RegistryError> {
        let mut after = 0;
        loop {
            let page = reading.judgements(after, 1000)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.number;
            for row in page {
                self.row("judge", row.number, row.revision);
                if let Some(withdrawal) = &row.withdrawn {
                    self.row("withdraw", row.number, withdrawal.revision);
                }
            }
        }
    }

    fn row(&mut self, action: &str, number: u64, revision: u64) {
        if self.told.get(action).is_some_and(|told| told.contains(&number)) {
            return;
        }
        if self.report.links == 0 || revision < self.first {
            self.report.older += 1;
        } else {
            self.report.find(format!("{action} {number}: no link tells of it"));
        }
    }
}

/// A row whose number is not one of its fields.
#[derive(Serialize)]
pub(super) struct Numbered<'a, T> {
    pub number: u64,
    #[serde(flatten)]
    pub row: &'a T,
}
