use crate::model::{EntityId, Kind, RecordId, Version};
use crate::retrieval::Cut;
use crate::score::{Evidence, Standing};

/// Whether the party asked for is on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The best candidate is the party.
    Match,
    /// A person should look.
    Review,
    /// No candidate comes near enough.
    NoMatch,
}

impl Verdict {
    /// The word used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Match => "MATCH",
            Verdict::Review => "REVIEW",
            Verdict::NoMatch => "NO_MATCH",
        }
    }
}

/// An entity that may be the party asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Its canonical id.
    pub entity: EntityId,
    /// Its records that matched, best first.
    pub records: Vec<RecordId>,
    /// What sort of party it is.
    pub kind: Kind,
    /// The name to show for it.
    pub caption: String,
    /// The query's name that matched best; empty if an identifier alone led here.
    pub query_name: String,
    /// The name of the record that it matched.
    pub matched_name: String,
    /// The probability that this is the party, 0 to 1.
    pub probability: f64,
    /// The sum of the evidence in nats; does not saturate.
    pub score: f64,
    /// The share of what the query's name could score at most that it does score; at most 1.
    pub fit: f64,
    /// Where it stands among the others: what its probability was told from.
    pub standing: Standing,
    /// What speaks for and against; its weights add up to the score.
    pub evidence: Vec<Evidence>,
    /// What to make of this candidate alone.
    pub verdict: Verdict,
    /// How many other entities of the answer score the same.
    pub ties: usize,
    /// The number of the suppression by which this candidate is known not to be the party asked for.
    pub suppression: Option<u64>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// The verdict about the best candidate.
    pub verdict: Verdict,
    /// The candidates, best first; equal scores are ordered by entity id.
    pub matches: Vec<Match>,
    /// Which bound on work cut the search, if one did.
    pub cut: Option<Cut>,
    /// How many stored names were scored.
    pub candidates: usize,
    /// States visited and postings read.
    pub work: u64,
    /// Which index and model gave the answer.
    pub version: Version,
}

impl Resolution {
    /// True if a bound on work cut the search so that a candidate who is about as likely as those that were found may
    /// well be missing.
    pub fn is_incomplete(&self) -> bool {
        self.cut.is_some_and(|cut| cut.telling)
    }
}
