use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::Backend;
use super::convert;
use super::status::{Reason, field_violation, registry_status};
use crate::proto::v1;

/// How often the registry is asked for changes: well within the second in which they must be told.
const PERIOD: Duration = Duration::from_millis(200);
/// A stream without a change for so many periods gets a sign of life.
const QUIET_PERIODS: u32 = 50;
/// The most changes of one message.
const BATCH: usize = 500;

/// Messages of changes, or how the stream ends.
pub(super) type Changes = Pin<Box<dyn Stream<Item = Result<v1::WatchChangesResponse, Status>> + Send>>;

/// Streams the changes behind a place until nobody listens any more. The first message comes at once and tells where
/// the stream begins.
pub(super) async fn watch(backend: Backend, request: v1::WatchChangesRequest) -> Result<Changes, Status> {
    let last =
        backend.compute(|engine| engine.registry().last_change().map_err(|error| registry_status(&error))).await?;
    let mut after = begin(&request, last)?;
    // One message ahead: the client sets the pace.
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut quiet = QUIET_PERIODS;
        loop {
            let look = move |engine: &crate::resolver::Engine| {
                engine.registry().changes(after, BATCH).map_err(|error| registry_status(&error))
            };
            let message = backend.compute(look).await.map(|changes| {
                after = changes.last().map_or(after, |change| change.sequence);
                let changes: Vec<_> = changes.into_iter().map(convert::change_message).collect();
                v1::WatchChangesResponse { changes, resume_token: token(after) }
            });
            let over = message.is_err();
            let news = message.as_ref().is_ok_and(|message| !message.changes.is_empty());
            quiet += 1;
            if over || news || quiet > QUIET_PERIODS {
                quiet = 0;
                if sender.send(message).await.is_err() || over {
                    return;
                }
            }
            if !news {
                tokio::select! {
                    () = sender.closed() => return,
                    () = tokio::time::sleep(PERIOD) => {}
                }
            }
        }
    });
    Ok(Box::pin(ReceiverStream::new(receiver)))
}

fn token(after: u64) -> String {
    format!("change-{after}")
}

/// The change behind which a stream begins; `last` is the last one there is.
fn begin(request: &v1::WatchChangesRequest, last: u64) -> Result<u64, Status> {
    let refuse = |reason: &str| Err(field_violation(Reason::InvalidPageToken, "resume_token", reason));
    match (request.resume_token.as_str(), request.from_beginning) {
        ("", true) => Ok(0),
        ("", false) => Ok(last),
        (_, true) => refuse("a token and from_beginning exclude each other"),
        (given, false) => match given.strip_prefix("change-").and_then(|number| number.parse().ok()) {
            Some(after) if after <= last => Ok(after),
            _ => refuse("the token was not given by this server: start without one"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_begins_where_the_token_says() {
        let request =
            |token: &str, from_beginning| v1::WatchChangesRequest { resume_token: token.to_owned(), from_beginning };
        assert_eq!(begin(&request("", false), 7).unwrap(), 7);
        assert_eq!(begin(&request("", true), 7).unwrap(), 0);
        assert_eq!(begin(&request(&token(3), false), 7).unwrap(), 3);
        for (given, from_beginning) in [(token(8).as_str(), false), ("7", false), (token(3).as_str(), true)] {
            assert!(begin(&request(given, from_beginning), 7).is_err(), "{given}");
        }
    }
}
