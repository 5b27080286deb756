use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::convert::FieldError;
use crate::registry::{Refusal, RegistryError};
use crate::resolver::{EngineError, QueryError, VersionError};

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "exonym";

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $code:ident;)+) => {
        /// Why a request was refused: the reasons that `ErrorInfo` carries. They are part of the contract: none is
        /// ever renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Reason] = &[$(Reason::$variant,)+];

            /// The reason as `ErrorInfo` carries it.
            pub fn as_str(self) -> &'static str {
                match self { $(Reason::$variant => $name,)+ }
            }

            /// The status code that comes with it.
            pub fn code(self) -> Code {
                match self { $(Reason::$variant => Code::$code,)+ }
            }

            /// What it means and what to do.
            pub fn description(self) -> &'static str {
                match self { $(Reason::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

reasons! {
    /// A field has a value that it must not have: the field violation says which and why.
    InvalidField = "INVALID_FIELD", InvalidArgument;
    /// A name is longer than the limit after normalisation: send the name alone, without the text around it.
    NameTooLong = "NAME_TOO_LONG", InvalidArgument;
    /// A name has no letter and no digit: there is nothing to look for.
    NameEmpty = "NAME_EMPTY", InvalidArgument;
    /// A list has more items than the limit that GetServerInfo states: send several requests.
    TooManyItems = "TOO_MANY_ITEMS", InvalidArgument;
    /// No scheme is called so: ListSchemes lists them.
    UnknownScheme = "UNKNOWN_SCHEME", InvalidArgument;
    /// A page token was not given by this server for the same request: start from the first page.
    InvalidPageToken = "INVALID_PAGE_TOKEN", InvalidArgument;
    /// No entity has or ever had this id.
    EntityNotFound = "ENTITY_NOT_FOUND", NotFound;
    /// The entity was on file, but no list publishes a record of it now: its history and referents are still told.
    EntityRetired = "ENTITY_RETIRED", NotFound;
    /// No list ever published a record with this id.
    RecordNotFound = "RECORD_NOT_FOUND", NotFound;
    /// There is no judgement of this number.
    JudgementNotFound = "JUDGEMENT_NOT_FOUND", NotFound;
    /// There is no entry of this number in the review queue.
    ReviewNotFound = "REVIEW_NOT_FOUND", NotFound;
    /// There is no suppression of this number that holds.
    SuppressionNotFound = "SUPPRESSION_NOT_FOUND", NotFound;
    /// The judgement contradicts what holds: the message gives the chain of reasons. Withdraw one of them first, or let
    /// the judgement wait in the queue.
    JudgementConflict = "JUDGEMENT_CONFLICT", FailedPrecondition;
    /// The judgement was withdrawn before.
    JudgementWithdrawn = "JUDGEMENT_WITHDRAWN", FailedPrecondition;
    /// The entity would get more records than one may have.
    EntityTooLarge = "ENTITY_TOO_LARGE", FailedPrecondition;
    /// No dataset is called so: ListDatasets lists them.
    DatasetNotFound = "DATASET_NOT_FOUND", NotFound;
    /// The version is not retained any more, or never was there: the message lists those that are.
    VersionNotRetained = "VERSION_NOT_RETAINED", NotFound;
    /// The point in time, or the revision of the registry, is still to come.
    VersionToCome = "VERSION_TO_COME", OutOfRange;
    /// Nothing is pinned or rolled back, so there is nothing to end.
    NotPinned = "NOT_PINNED", FailedPrecondition;
    /// The server signs no receipts: set `receipts.key` to a file made by `exonym receipt key`.
    ReceiptsOff = "RECEIPTS_OFF", FailedPrecondition;
    /// No source is called so: ListSources lists them.
    SourceNotFound = "SOURCE_NOT_FOUND", NotFound;
    /// The server serves the bundled list, which cannot be changed: start it with a data directory.
    ReadOnly = "READ_ONLY", FailedPrecondition;
    /// The principal lacks the role admin, which this field of the request needs.
    NeedsAdmin = "NEEDS_ADMIN", PermissionDenied;
    /// The request id was used before for something else: choose a new one.
    RequestIdReused = "REQUEST_ID_REUSED", AlreadyExists;
    /// The records cannot be taken over together: the message says which one and why.
    ImportRefused = "IMPORT_REFUSED", InvalidArgument;
    /// The list lacks more of the records there were than may be gone, or has none left: the old one serves on. If it is
    /// right, an admin imports it again and accepts the loss.
    ImportLostRecords = "IMPORT_LOST_RECORDS", FailedPrecondition;
    /// The registry or the index could not be read or written: the server's log says more.
    StorageFailed = "STORAGE_FAILED", Unavailable;
    /// The database of the registry does not answer; names are resolved on. Try again: what has a request_id happens
    /// once.
    RegistryUnreachable = "REGISTRY_UNREACHABLE", Unavailable;
    /// The server has as much work as it may have: try again after the time that RetryInfo states.
    Overloaded = "OVERLOADED", ResourceExhausted;
    /// A part of the request stopped unexpectedly: the server's log says more.
    Internal = "INTERNAL", Internal;
}

/// A status with its reason, as every error of the services carries it.
pub fn status(reason: Reason, message: impl Into<String>) -> Status {
    with_details(reason, message, ErrorDetails::new())
}

/// A status about one field of the request.
pub fn field_violation(reason: Reason, field: impl Into<String>, message: impl Into<String>) -> Status {
    let (field, message) = (field.into(), message.into());
    let mut details = ErrorDetails::new();
    details.add_bad_request_violation(field.clone(), message.clone());
    with_details(reason, format!("{field}: {message}"), details)
}

fn with_details(reason: Reason, message: impl Into<String>, mut details: ErrorDetails) -> Status {
    details.set_error_info(reason.as_str(), DOMAIN, HashMap::new());
    if reason.code() == Code::Unavailable {
        details.set_retry_info(Some(Duration::from_secs(1)));
    }
    Status::with_error_details(reason.code(), message, details)
}

impl From<FieldError> for Status {
    fn from(error: FieldError) -> Status {
        field_violation(Reason::InvalidField, error.field, error.reason)
    }
}

/// The status of a query that the resolver refused. `prefix` is the path of the query in the request.
pub fn query_status(error: &QueryError, prefix: &str) -> Status {
    field_status(error, format!("{prefix}.{}", error.field()))
}

/// The status of a text of its own that the resolver refused as a name.
pub fn text_status(error: &QueryError) -> Status {
    field_status(error, "text".to_owned())
}

fn field_status(error: &QueryError, field: String) -> Status {
    let reason = match error {
        QueryError::Empty => Reason::InvalidField,
        QueryError::ManyNames { .. } => Reason::TooManyItems,
        QueryError::EmptyName(_) => Reason::NameEmpty,
        QueryError::LongName { .. } => Reason::NameTooLong,
    };
    let text = error.to_string();
    let text = text.split_once(": ").map_or(text.as_str(), |(_, text)| text);
    field_violation(reason, field, text)
}

/// The status of an engine that failed. Details of files and databases go to the log, not to the caller.
pub fn engine_status(error: &EngineError) -> Status {
    match error {
        EngineError::Registry(error) => registry_status(error),
        EngineError::Version(VersionError::NotRetained { .. }) => status(Reason::VersionNotRetained, error.to_string()),
        EngineError::Version(VersionError::ToCome { .. }) => status(Reason::VersionToCome, error.to_string()),
        EngineError::Version(VersionError::NotPinned) => status(Reason::NotPinned, error.to_string()),
        EngineError::Build(_)
        | EngineError::Version(VersionError::Ledger { .. })
        | EngineError::Snapshot(_)
        | EngineError::Index(_)
        | EngineError::Storage(_)
        | EngineError::Behind { .. }
        | EngineError::Differs { .. } => {
            tracing::error!(%error, "the index failed");
            status(Reason::StorageFailed, "the index could not be written or read")
        }
    }
}

/// The status of a registry that failed.
pub fn registry_status(error: &RegistryError) -> Status {
    let reason = match error.refusal() {
        Some(Refusal::Text) => {
            if let RegistryError::InvalidText { field, reason } = error {
                return field_violation(Reason::InvalidField, *field, reason.clone());
            }
            Reason::InvalidField
        }
        Some(Refusal::OneRecord) => return field_violation(Reason::InvalidField, "right", error.to_string()),
        Some(Refusal::Records) => Reason::ImportRefused,
        Some(Refusal::LostRecords) => Reason::ImportLostRecords,
        Some(Refusal::UnknownRecord) => Reason::RecordNotFound,
        Some(Refusal::UnknownEntity) => Reason::EntityNotFound,
        Some(Refusal::UnknownJudgement) => Reason::JudgementNotFound,
        Some(Refusal::UnknownProposal) => Reason::ReviewNotFound,
        Some(Refusal::UnknownSuppression) => Reason::SuppressionNotFound,
        Some(Refusal::Contradiction) => Reason::JudgementConflict,
        Some(Refusal::LargeEntity) => Reason::EntityTooLarge,
        Some(Refusal::Withdrawn) => Reason::JudgementWithdrawn,
        Some(Refusal::ReusedRequest) => Reason::RequestIdReused,
        None => {
            tracing::error!(%error, "the registry failed");
            let (reason, message) = if error.is_outage() {
                (
                    Reason::RegistryUnreachable,
                    "the database of the registry does not answer: try again with the same request_id",
                )
            } else {
                (Reason::StorageFailed, "the registry could not be read or written")
            };
            return status(reason, message);
        }
    };
    status(reason, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_follow_the_published_form() {
        for reason in Reason::ALL {
            let name = reason.as_str();
            assert!(name.len() <= 63 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{name}");
            assert!(reason.description().ends_with('.'), "{name}");
            assert!(!matches!(reason.code(), Code::Ok | Code::Unknown), "{name}");
        }
    }

    #[test]
    fn a_field_violation_carries_reason_and_field() {
        let status = query_status(&QueryError::EmptyName(2), "query");
        let details = status.get_error_details();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(details.error_info().map(|info| info.reason.as_str()), Some("NAME_EMPTY"));
        let violations = &details.bad_request().unwrap().field_violations;
        assert_eq!(violations[0].field, "query.names[2].text");
        assert_eq!(violations[0].description, "the name has no letter or digit");
    }
}
