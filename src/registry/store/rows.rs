//! Rows as stores keep them: text and numbers, not yet believed.

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Its withdrawal.
    pub withdrawn: Option<WithdrawalRow>,
}

/// The withdrawal of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
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
