//! Rows as stores keep them: text and numbers, not yet believed.

use serde::Serialize;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its id.
    pub record_id: String,
    /// Its dataset.
    pub dataset: String,
    /// BLAKE3 digest of `json`: 32 bytes.
    pub digest: Vec<u8>,
    /// How many names it has.
    pub names: u64,
    /// The record in canonical form.
    pub json: String,
}

/// A dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRow {
    /// Its name.
    pub name: String,
    /// How many records it has.
    pub record_count: u64,
    /// How many names those carry.
    pub name_count: u64,
    /// Digest of its records, hexadecimal.
    pub digest: String,
    /// When the last import that changed it was committed, RFC 3339.
    pub imported_at: String,
}

/// An id, its founder, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The founding record.
    pub record_id: String,
    /// The id.
    pub id: String,
    /// The attempt that minted it.
    pub attempt: u32,
    /// The revision that minted it.
    pub minted: u64,
    /// The id of the cluster it belongs to.
    pub canonical: String,
}

/// An import as it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    /// The caller's id of the request.
    pub request_id: Option<String>,
    /// Digest of what was asked: 32 bytes.
    pub digest: Vec<u8>,
    /// The dataset.
    pub dataset: String,
    /// When.
    pub at: String,
    /// Records added.
    pub added: u64,
    /// Records changed.
    pub changed: u64,
    /// Records equal to what was there.
    pub unchanged: u64,
    /// Records no longer there.
    pub removed: u64,
    /// Records that were not taken over.
    pub quarantined: u64,
    /// The revision after it.
    pub revision: u64,
}

/// A judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgementRow {
    /// Its number, from 1.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// One record.
    pub left: String,
    /// The other record.
    pub right: String,
    /// "same", "different" or "unsure".
    pub opinion: String,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// On what evidence.
    pub evidence: String,
    /// Its withdrawal.
    #[serde(skip)]
    pub withdrawn: Option<WithdrawalRow>,
}

/// The withdrawal of a judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithdrawalRow {
    /// The revision that added it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The caller's id of the request.
    pub request_id: String,
    /// What was asked for: "judge", "withdraw" and so on.
    pub action: String,
    /// Digest of what was asked: 32 bytes.
    pub digest: Vec<u8>,
    /// The answer, JSON.
    pub answer: String,
}

/// A link of the chain of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the chain, from 1 without gaps.
    pub sequence: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The revision after the change.
    pub revision: u64,
    /// What was done: "import", "judge" and so on.
    pub action: String,
    /// By whom.
    pub actor: String,
    /// What exactly, JSON.
    pub detail: String,
    /// The hash of the link before, 32 bytes; zeros in the first.
    pub previous: Vec<u8>,
    /// Its own hash, 32 bytes.
    pub hash: Vec<u8>,
}

/// What became of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its place among all changes, from 1; a later one has a higher number.
    pub sequence: u64,
    /// The revision that made it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// "added", "changed", "removed", "merged" or "split".
    pub action: String,
    /// The entity it is about.
    pub entity: String,
    /// The entity that the record stands for since, where it moved; else empty.
    pub other: String,
    /// The record that was added, changed, removed or moved.
    pub record: String,
    /// The judgement that did it; 0 where none did.
    pub judgement: u64,
    /// Why.
    pub reason: String,
}

/// A pair that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposalRow {
    /// Its number, from 1.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// One record.
    pub left: String,
    /// The other record.
    pub right: String,
    /// What is proposed: "same", "different" or "unsure".
    pub opinion: String,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// On what evidence.
    pub evidence: String,
    /// What a decision is worth, in thousandths of a bit.
    pub worth: u64,
    /// What it contradicts, in words; empty if nothing.
    pub conflict: String,
}

/// A hit that is known to be false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuppressionRow {
    /// Its number, from 1.
    pub number: u64,
    /// The revision that added it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The caller's own party.
    pub subject: String,
    /// The id of the entity that was hit, as it was then.
    pub entity: String,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}

/// What ends by a row of [`ClosingRow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// A proposal.
    Proposal,
    /// A suppression.
    Suppression,
}

impl Closes {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Closes::Proposal => "proposal",
            Closes::Suppression => "suppression",
        }
    }
}

/// The end of a proposal or a suppression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClosingRow {
    /// The revision that added it.
    pub revision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// By whom.
    pub actor: String,
    /// Why.
    pub reason: String,
}
