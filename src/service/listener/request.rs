use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;
use tonic::Status;

use super::limits::Activity;

/// The body of a request as handlers get it: it fails at the deadline, and when a message does not come.
///
/// A body that the caller cut short fails too. hyper reports it as an ordinary end, and tonic takes a body that fails
/// with CANCELLED for one; a handler would then take the part of an import that came for the whole.
#[derive(Debug)]
pub(super) struct Received<B> {
    inner: B,
    deadline: Instant,
    idle: Duration,
    waiting: Option<Instant>,
    framing: Framing,
    timer: Option<Pin<Box<Sleep>>>,
    activity: Arc<Activity>,
    ended: bool,
}

impl<B> Received<B> {
    /// `idle` is the longest wait for one complete message; zero means no bound.
    pub(super) fn new(inner: B, deadline: Instant, idle: Duration, activity: Arc<Activity>) -> Received<B> {
        let framing = Framing::default();
        Received { inner, deadline, idle, waiting: None, framing, timer: None, activity, ended: false }
    }

    /// Returns the status once the deadline or the patience with a message is over.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        let since = *self.waiting.get_or_insert_with(Instant::now);
        let patience = if self.idle.is_zero() { self.deadline } else { since + self.idle };
        let until = self.deadline.min(patience).into();
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        timer.as_mut().poll(cx).map(|()| {
            Status::deadline_exceeded(if self.deadline <= patience {
                "the deadline passed before the last message came"
            } else {
                "no complete message came for as long as the server waits for one"
            })
        })
    }
}

impl<B> Body for Received<B>
where
    B: Body<Data = Bytes> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let failure = match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.activity.touch();
                if frame.data_ref().is_some_and(|data| self.framing.completes_message(data)) {
                    self.waiting = None;
                }
                return Poll::Ready(Some(Ok(frame)));
            }
            Poll::Ready(None) if self.inner.is_end_stream() => {
                self.ended = true;
                return Poll::Ready(None);
            }
            Poll::Ready(None | Some(Err(_))) => Status::aborted("the caller ended the call before its last message"),
            Poll::Pending => match self.poll_late(cx) {
                Poll::Ready(late) => late,
                Poll::Pending => return Poll::Pending,
            },
        };
        self.ended = true;
        Poll::Ready(Some(Err(failure)))
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Follows the messages in a body: each is a flag, its length in four bytes, and so many bytes.
#[derive(Debug, Default)]
struct Framing {
    prefix: [u8; 5],
    /// How much of the prefix is there.
    have: usize,
    /// How much of the message is missing, once the prefix is there.
    missing: usize,
}

impl Framing {
    /// Takes the next bytes; whether at least one message ended in them.
    fn completes_message(&mut self, mut data: &[u8]) -> bool {
        let mut completed = false;
        while !data.is_empty() {
            if self.have < self.prefix.len() {
                let taken = data.len().min(self.prefix.len() - self.have);
                self.prefix[self.have..self.have + taken].copy_from_slice(&data[..taken]);
                self.have += taken;
                data = &data[taken..];
                if self.have < self.prefix.len() {
                    break;
                }
                let [_, length @ ..] = self.prefix;
                self.missing = u32::from_be_bytes(length) as usize;
            }
            let taken = data.len().min(self.missing);
            self.missing -= taken;
            data = &data[taken..];
            if self.missing == 0 {
                self.have = 0;
                completed = true;
            }
        }
        completed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sees_where_messages_end() {
        let mut framing = Framing::default();
        assert!(!framing.completes_message(&[0, 0, 0]));
        assert!(!framing.completes_message(&[0, 2, 7]));
        assert!(framing.completes_message(&[7]));
        assert!(framing.completes_message(&[0, 0, 0, 0, 0]));
        assert!(framing.completes_message(&[0, 0, 0, 0, 1, 9, 0]));
        assert!(!framing.completes_message(&[0, 0, 0]));
    }

    proptest! {
        /// However the bytes are cut, as many messages end as were sent, each with the cut that holds its last byte.
        #[test]
        fn any_cut(lengths in prop::collection::vec(0usize..300, 1..8), cut in 1usize..64) {
            let mut bytes = Vec::new();
            let mut ends = Vec::new();
            for length in &lengths {
                bytes.push(0);
                bytes.extend((*length as u32).to_be_bytes());
                bytes.extend(std::iter::repeat_n(7, *length));
                ends.push(bytes.len() - 1);
            }
            let mut framing = Framing::default();
            for (at, piece) in bytes.chunks(cut).enumerate() {
                let from = at * cut;
                let holds_an_end = ends.iter().any(|end| (from..from + piece.len()).contains(end));
                prop_assert_eq!(framing.completes_message(piece), holds_an_end);
            }
        }
    }
}
