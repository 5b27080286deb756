use std::error::Error;
use std::io;

use deadpool_postgres::PoolError;
use deadpool_postgres::TimeoutType;
use tokio_postgres::error::SqlState;

use crate::registry::RegistryError;

/// True if the connection is gone or the server takes none: another connection, or a later one, may do.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    let states = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        // A standby that was not promoted yet.
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    match error.code() {
        Some(state) => states.contains(state) || state.code().starts_with("08"),
        None => error.is_closed() || io_error(error).is_some(),
    }
}

fn io_error(error: &dyn Error) -> Option<&io::Error> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        source = error.source();
    }
    None
}

/// Why, in the database's words: never the detail of an error, which may quote rows.
pub(super) fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => match (error.source(), error.to_string()) {
            (Some(source), text) if !text.contains(&source.to_string()) => format!("{text}: {source}"),
            (_, text) => text,
        },
    }
}

/// What an error of the database means.
pub(super) fn failure(place: &str, error: &tokio_postgres::Error) -> RegistryError {
    let (place, reason) = (place.to_owned(), reason(error));
    if is_lost(error) || error.to_string().contains("error connecting to server") {
        RegistryError::Unreachable { place, reason }
    } else {
        RegistryError::Database { place, reason }
    }
}

/// Why there is no connection.
pub(super) fn no_connection(place: &str, error: PoolError) -> RegistryError {
    let unreachable = |reason: String| RegistryError::Unreachable { place: place.to_owned(), reason };
    match error {
        PoolError::Backend(error) => failure(place, &error),
        PoolError::Timeout(TimeoutType::Wait) => RegistryError::Database {
            place: place.to_owned(),
            reason: "every connection is in use: allow more connections, or ask less at once".to_owned(),
        },
        PoolError::Timeout(_) => unreachable("no answer in time".to_owned()),
        other => unreachable(other.to_string()),
    }
}
