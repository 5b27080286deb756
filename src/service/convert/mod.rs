//! Between the messages of the contract and the types of the rooms below. Whatever a client may get wrong in a
//! field is found here and named by the path of the field.

mod analysis;
mod enums;
mod judgement;
mod portfolio;
mod query;
mod record;
mod resolution;
mod source;
mod version;

pub use analysis::{analysis_response, scheme_message};
pub use enums::{kind_from, kind_message, script_message, verdict_message};
pub use judgement::{
    change_message, judgement_message, may_wait_from, opinion_from, outcome_response, referent_message,
    related_message, reused_message, review_message, suppression_message, withdrawal_response,
};
pub use portfolio::{alert_message, screened_message};
pub(crate) use query::MAX_LIMIT;
pub use query::{detail_from, options_from, prior_from, query_from, scope_from, suggestions_from};
pub use record::{dataset_message, entity_message, record_from, record_message, timestamp};
pub use resolution::{comparison_response, resolution_response, suggest_response, version_message};
pub use source::source_message;
pub use version::{as_of_from, difference_message, retained_message};

/// A field with a value that it must not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field in the message, as in `query.names[0].text`.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl FieldError {
    /// An error about one field.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), reason: reason.into() }
    }
}
