use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tonic::Code;
use tracing::Span;

use super::normalise::{code_name, is_server_fault};
use super::{Call, Observer};

/// The account of one call: counts it while it is open and, when dropped, says how it ended.
///
/// A call whose code nobody settled was left by its caller: CANCELLED.
pub(super) struct Account {
    pub(super) method: &'static str,
    /// Changes something, so that its end is always logged.
    pub(super) changes: bool,
    pub(super) peer: SocketAddr,
    pub(super) span: Span,
    pub(super) started: Instant,
    pub(super) call: Option<Call>,
    code: Option<Code>,
    observer: Arc<dyn Observer>,
}

impl Account {
    pub(super) fn open(
        method: &'static str,
        changes: bool,
        peer: SocketAddr,
        span: Span,
        observer: Arc<dyn Observer>,
    ) -> Account {
        observer.call_started(method);
        Account { method, changes, peer, span, started: Instant::now(), call: None, code: None, observer }
    }

    /// States how the call ended; the first statement counts.
    pub(super) fn settle(&mut self, code: Code) {
        self.code.get_or_insert(code);
    }

    pub(super) fn panicked(&self) {
        self.observer.panicked(self.method);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let code = self.code.unwrap_or(Code::Cancelled);
        let elapsed = self.started.elapsed();
        let principal = self.call.as_ref().and_then(|call| call.principal()).map(|principal| principal.name());
        if let Some(call) = &self.call {
            call.end();
        }
        self.observer.call_finished(self.method, code, elapsed);

        let _inside = self.span.enter();
        macro_rules! say {
            ($level:ident) => {
                tracing::$level!(
                    target: "exonym::access",
                    code = code_name(code),
                    duration_ms = elapsed.as_micros() as f64 / 1e3,
                    peer = %self.peer,
                    principal,
                    "call ended"
                )
            };
        }
        match code {
            code if is_server_fault(code) => say!(warn),
            Code::Ok if !self.changes => say!(debug),
            _ => say!(info),
        }
    }
}
