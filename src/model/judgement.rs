use serde::{Deserialize, Serialize};

use super::RecordId;

/// What somebody holds of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opinion {
    /// They stand for one party.
    Same,
    /// They stand for two parties.
    Different,
    /// It cannot be told.
    Unsure,
}

impl Opinion {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Opinion::Same => "same",
            Opinion::Different => "different",
            Opinion::Unsure => "unsure",
        }
    }

    /// The opinion of a word; `None` for any other.
    pub fn parse(text: &str) -> Option<Opinion> {
        [Opinion::Same, Opinion::Different, Opinion::Unsure].into_iter().find(|opinion| opinion.as_str() == text)
    }
}

/// An opinion about two records, by somebody, for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// One record.
    pub left: RecordId,
    /// The other record.
    pub right: RecordId,
    /// What is held of them.
    pub opinion: Opinion,
    /// By whom: a principal or the name of a policy.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// On what evidence: references, numbers, links; empty if none is given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}
