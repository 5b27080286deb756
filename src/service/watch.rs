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
use crate::resolver::Engine;

/// How often the registry is asked for changes: well within the second in which they must be told.
const PERIOD: Duration = Duration::from_millis(200);
/// A stream without a change for so many periods gets a sign of life.
const QUIET_PERIODS: u32 = 50;
/// The most changes of one message.
const BATCH: usize = 500;

/// Messages, or how the stream ends.
pub(super) type Messages<M> = Pin<Box<dyn Stream<Item = Result<M, Status>> + Send>>;

/// Messages of changes.
pub(super) type Changes = Messages<v1::WatchChangesResponse>;

/// What there is behind a place: where to go on, whether there is news, and the message that says both.
pub(super) type Look<M> = Result<(u64, bool, M), Status>;

/// Streams the changes behind a place until nobody listens any more. The first message comes at once and tells where
/// the stream begins.
pub(super) async fn watch(backend: Backend, request: v1::WatchChangesRequest) -> Result<Changes, Status> {
    let last =
        backend.compute(|engine| engine.registry().last_change().map_err(|error| registry_status(&error))).await?;
    let after = begin(&request.resume_token, request.from_beginning, TOKEN, 0, last)?;
    Ok(follow(backend, after, |engine, after| {
        let changes = engine.registry().changes(after, BATCH).map_err(|error| registry_status(&error))?;
        let after = changes.last().map_or(after, |change| change.sequence);
        let changes: Vec<_> = changes.into_iter().map(convert::change_message).collect();
        Ok((after, !changes.is_empty(), v1::WatchChangesResponse { changes, resume_token: token(TOKEN, after) }))
    }))
}

/// Looks again and again at what there is behind a place, and sends the first message, those with news, and now and then
/// a sign of life.
pub(super) fn follow<M: Send + 'static>(
    backend: Backend,
    mut after: u64,
    look: impl Fn(&Engine, u64) -> Look<M> + Clone + Send + 'static,
) -> Messages<M> {
    // One message ahead: the client sets the pace.
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut quiet = QUIET_PERIODS;
        loop {
            let look = look.clone();
            let found = backend.compute(move |engine| look(engine, after)).await;
            let news = found.as_ref().is_ok_and(|(_, news, _)| *news);
            let message = found.map(|(next, _, message)| {
                after = next;
                message
            });
            let over = message.is_err();
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
    Box::pin(ReceiverStream::new(receiver))
}

/// How tokens of changes begin.
const TOKEN: &str = "change-";

/// The token of a place.
pub(super) fn token(kind: &str, after: u64) -> String {
    format!("{kind}{after}")
}

/// The place behind which a stream begins; `dropped` is the last one that is no longer kept, `last` the last one there
/// is.
pub(super) fn begin(
    resume_token: &str,
    from_beginning: bool,
    kind: &str,
    dropped: u64,
    last: u64,
) -> Result<u64, Status> {
    let refuse = |reason: &str| Err(field_violation(Reason::InvalidPageToken, "resume_token", reason));
    match (resume_token, from_beginning) {
        ("", true) => Ok(dropped),
        ("", false) => Ok(last),
        (_, true) => refuse("a token and from_beginning exclude each other"),
        (given, false) => match given.strip_prefix(kind).and_then(|number| number.parse().ok()) {
            Some(after) if after < dropped => refuse("what follows it is no longer kept: start without a token"),
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
        let begin = |token: &str, from_beginning| begin(token, from_beginning, TOKEN, 2, 7);
        assert_eq!(begin("", false).unwrap(), 7);
        assert_eq!(begin("", true).unwrap(), 2);
        assert_eq!(begin(&token(TOKEN, 3), false).unwrap(), 3);
        for (given, from_beginning) in
            [(token(TOKEN, 8), false), (token(TOKEN, 1), false), ("7".into(), false), (token(TOKEN, 3), true)]
        {
            assert!(begin(&given, from_beginning).is_err(), "{given}");
        }
    }
}
