use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;
use tonic::body::Body;
use tonic::{Code, Status};

use super::account::Account;
use super::limits::{Activity, OpenCall};
use super::normalise::normalise;

/// The body of an answer: ends with DEADLINE_EXCEEDED at the deadline, with INTERNAL if the handler panics, and holds
/// the call's places until it has ended.
pub(super) struct Reply {
    inner: Body,
    ended: bool,
    deadline: Instant,
    timer: Option<Pin<Box<Sleep>>>,
    /// `None` only for an answer that is not gRPC.
    open: Option<Open>,
}

/// What a call holds while it is open.
pub(super) struct Open {
    pub(super) account: Account,
    pub(super) activity: Arc<Activity>,
    /// Only held.
    pub(super) _call: OpenCall,
    /// Only held.
    pub(super) _place: Option<OwnedSemaphorePermit>,
}

impl Reply {
    /// An answer that is not gRPC, without a body.
    pub(super) fn none() -> Reply {
        Reply { inner: Body::empty(), ended: true, deadline: Instant::now(), timer: None, open: None }
    }

    /// Makes the answer to a call from what a handler answered.
    pub(super) fn of(response: Response<Body>, request_id: &str, deadline: Instant, mut open: Open) -> Response<Reply> {
        let (mut parts, inner) = response.into_parts();
        if let Ok(value) = HeaderValue::from_str(request_id) {
            parts.headers.insert("x-request-id", value);
        }
        // A call without an answer has its status in the headers.
        if let Some(code) = normalise(&mut parts.headers) {
            open.account.settle(code);
        }
        let reply = Reply { inner, ended: false, deadline, timer: None, open: Some(open) };
        Response::from_parts(parts, reply)
    }

    /// Makes the answer to a call that failed outside its handler.
    pub(super) fn failed(status: Status, request_id: &str, open: Open) -> Response<Reply> {
        Reply::of(status.into_http(), request_id, Instant::now(), open)
    }

    fn settle(&mut self, code: Code) {
        if let Some(open) = &mut self.open {
            open.account.settle(code);
            open.activity.touch();
        }
    }

    /// Ends the body with a status. What the handler still does is dropped.
    fn end_with(&mut self, status: &Status) -> Frame<Bytes> {
        self.ended = true;
        self.inner = Body::empty();
        let mut trailers = HeaderMap::new();
        if status.add_header(&mut trailers).is_err() {
            trailers.insert("grpc-status", HeaderValue::from(status.code() as i32));
        }
        let code = normalise(&mut trailers).unwrap_or(Code::Unknown);
        self.settle(code);
        Frame::trailers(trailers)
    }

    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline.into();
        self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline))).as_mut().poll(cx)
    }
}

/// What a caller is told whose call took too long.
pub(super) fn too_late() -> Status {
    Status::deadline_exceeded("the deadline passed before the answer was complete")
}

/// What a caller is told whose handler panicked.
pub(super) fn panicked() -> Status {
    Status::internal("the server met a fault of its own; the call may be tried again")
}

impl http_body::Body for Reply {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if Instant::now() >= self.deadline && !self.inner.is_end_stream() {
            return Poll::Ready(Some(Ok(self.end_with(&too_late()))));
        }
        let span = self.open.as_ref().map(|open| open.account.span.clone());
        let _inside = span.as_ref().map(|span| span.enter());
        let polled = match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.inner).poll_frame(cx))) {
            Ok(polled) => polled,
            Err(_) => {
                if let Some(open) = &self.open {
                    open.account.panicked();
                }
                return Poll::Ready(Some(Ok(self.end_with(&panicked()))));
            }
        };
        let frame = match polled {
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(status))) => self.end_with(&status),
            Poll::Ready(None) => {
                self.ended = true;
                return Poll::Ready(None);
            }
            Poll::Pending => match self.poll_late(cx) {
                Poll::Ready(()) => self.end_with(&too_late()),
                Poll::Pending => return Poll::Pending,
            },
        };
        let frame = match frame.into_trailers() {
            Ok(mut trailers) => {
                let code = normalise(&mut trailers).unwrap_or(Code::Unknown);
                self.settle(code);
                self.ended = true;
                Frame::trailers(trailers)
            }
            Err(frame) => {
                if let Some(open) = &self.open {
                    open.activity.touch();
                }
                frame
            }
        };
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
