use super::record::timestamp;
use crate::batch::live::Status;
use crate::proto::v1;

/// What is known of a list that is fetched.
pub fn source_message(status: Status) -> v1::Source {
    let state = status.state;
    v1::Source {
        name: status.name.to_string(),
        dataset: status.dataset.to_string(),
        running: status.is_running,
        attempted_at: state.last_attempt.map(timestamp),
        succeeded_at: state.last_success.map(timestamp),
        changed_at: state.last_change.map(timestamp),
        next_attempt_at: Some(timestamp(status.next_attempt)),
        last_error: state.last_error.unwrap_or_default(),
        failure_count: state.failures,
        record_count: state.records,
        quarantined_count: state.quarantined,
    }
}
