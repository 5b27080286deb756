use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use http::Extensions;

use super::Principal;

/// What a handler may know about the call it answers: who, until when, and whether anybody still waits.
///
/// The listener puts one into the extensions of every request: `Call::of(request.extensions())`. Clones are cheap and
/// share the state, so work on another thread can hold one and stop when the caller is gone.
#[derive(Clone, Debug)]
pub struct Call(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    request_id: String,
    method: &'static str,
    principal: Option<Principal>,
    deadline: Instant,
    over: AtomicBool,
}

impl Call {
    pub(super) fn new(
        request_id: String,
        method: &'static str,
        principal: Option<Principal>,
        deadline: Instant,
    ) -> Call {
        Call(Arc::new(Inner { request_id, method, principal, deadline, over: AtomicBool::new(false) }))
    }

    /// The call of a request; `None` only for a request that did not come through the listener.
    pub fn of(extensions: &Extensions) -> Option<&Call> {
        extensions.get()
    }

    /// Identifies the call in logs; also sent back as the header `x-request-id`.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// `package.Service/Method`.
    pub fn method(&self) -> &'static str {
        self.0.method
    }

    /// Who calls, taken from the credential; `None` where none is asked for.
    pub fn principal(&self) -> Option<&Principal> {
        self.0.principal.as_ref()
    }

    /// The moment after which no answer is sent.
    pub fn deadline(&self) -> Instant {
        self.0.deadline
    }

    /// Whether work on the call is in vain: it was cancelled, answered or its deadline passed. Costs some tens of
    /// nanoseconds; ask every thousand steps.
    pub fn is_over(&self) -> bool {
        self.0.over.load(Ordering::Relaxed) || Instant::now() >= self.0.deadline
    }

    pub(super) fn end(&self) {
        self.0.over.store(true, Ordering::Relaxed);
    }
}
