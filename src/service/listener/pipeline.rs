use std::collections::hash_map::RandomState;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::Poll;
use std::time::Instant;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::server::TcpConnectInfo;
use tonic::{Code, Status};
use tower::Service;
use tracing::Instrument;

use super::account::Account;
use super::auth::Auth;
use super::deadline::timeout_of;
use super::limits::{Activity, Lanes, overloaded};
use super::reply::{Open, Reply, panicked, too_late};
use super::request::Received;
use super::{Access, Call, Lane, Limits, Method, OTHER_METHOD, Observer, Role, Shed};

/// What all connections share.
pub(super) struct Shared {
    pub(super) routes: Routes,
    pub(super) auth: Auth,
    pub(super) lanes: Lanes,
    pub(super) limits: Limits,
    pub(super) observer: Arc<dyn Observer>,
}

/// The way of a call from headers to handler and back, for the calls of one connection.
#[derive(Clone)]
pub(super) struct Pipeline {
    pub(super) shared: Arc<Shared>,
    pub(super) activity: Arc<Activity>,
    pub(super) peer: SocketAddr,
    pub(super) local: Option<SocketAddr>,
}

impl hyper::service::Service<Request<Incoming>> for Pipeline {
    type Response = Response<Reply>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Reply>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let pipeline = self.clone();
        Box::pin(async move { Ok(pipeline.answer(request).await) })
    }
}

impl Pipeline {
    async fn answer(self, request: Request<Incoming>) -> Response<Reply> {
        if !is_grpc(request.headers()) {
            let mut response = Response::new(Reply::none());
            *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return response;
        }
        let method = Method::find(request.uri().path());
        let name = method.map_or(OTHER_METHOD, |method| method.path);
        let changes = method.is_some_and(|method| matches!(method.access, Access::Needs(Role::Write | Role::Admin)));
        let request_id = request_id_of(request.headers());
        let trace_id = trace_id_of(request.headers());
        let span = tracing::info_span!("call", method = name, request_id = %request_id, trace_id);
        let account = Account::open(name, changes, self.peer, span, Arc::clone(&self.shared.observer));

        let streaming = method.is_some_and(|method| method.lane == Lane::Long);
        let (call, beyond_bound) = self.activity.open(streaming, self.shared.limits.streaming_per_connection);
        let mut open = Open { account, activity: Arc::clone(&self.activity), _call: call, _place: None };
        if beyond_bound {
            return Reply::failed(self.refused(Shed::ConnectionStreams), &request_id, open);
        }
        let (method, deadline) = match self.admit(method, &request, &request_id, &mut open).await {
            Ok(admitted) => admitted,
            Err(status) => return Reply::failed(status, &request_id, open),
        };
        tracing::trace!(method = method.path, "admitted");
        self.handle(request, &request_id, deadline, open).await
    }

    /// Lets the call in: a known method, a sound deadline, a principal with the role, a place in the lane.
    async fn admit(
        &self,
        method: Option<&'static Method>,
        request: &Request<Incoming>,
        request_id: &str,
        open: &mut Open,
    ) -> Result<(&'static Method, Instant), Status> {
        let method = method.ok_or_else(|| Status::unimplemented("the server has no such method"))?;
        let limits = &self.shared.limits;
        let longest = match method.lane {
            Lane::Unary => limits.unary_deadline,
            Lane::Long | Lane::Health => limits.stream_deadline,
        };
        let asked = timeout_of(request.headers()).map_err(Status::invalid_argument)?;
        let deadline = open.account.started + asked.map_or(longest, |asked| asked.min(longest));
        let principal = self.shared.auth.admit(method, request.headers())?;
        open.account.call = Some(Call::new(request_id.to_owned(), method.path, principal, deadline));
        let place = self.shared.lanes.enter(method.lane).await.map_err(|reason| self.refused(reason))?;
        open._place = Some(place);
        Ok((method, deadline))
    }

    fn refused(&self, reason: Shed) -> Status {
        self.shared.observer.shed(reason);
        overloaded(reason, self.shared.limits.queue_wait * 4)
    }

    async fn handle(
        &self,
        request: Request<Incoming>,
        request_id: &str,
        deadline: Instant,
        mut open: Open,
    ) -> Response<Reply> {
        let (mut parts, body) = request.into_parts();
        if let Some(call) = &open.account.call {
            parts.extensions.insert(call.clone());
        }
        let info = TcpConnectInfo { local_addr: self.local, remote_addr: Some(self.peer) };
        parts.extensions.insert(info);
        let idle = self.shared.limits.stream_idle;
        let body = Body::new(Received::new(body, deadline, idle, Arc::clone(&self.activity)));

        let mut routes = self.shared.routes.clone();
        let handler = routes.call(Request::from_parts(parts, body)).instrument(open.account.span.clone());
        match tokio::time::timeout_at(deadline.into(), unpanicked(handler)).await {
            Ok(Ok(Ok(response))) => Reply::of(response, request_id, deadline, open),
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(Panicked)) => {
                open.account.panicked();
                Reply::failed(panicked(), request_id, open)
            }
            Err(_) => {
                open.account.settle(Code::DeadlineExceeded);
                Reply::failed(too_late(), request_id, open)
            }
        }
    }
}

struct Panicked;

/// Runs a future; a panic in it is an error here. The panic hook has then told where it was.
async fn unpanicked<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    kind.strip_prefix(b"application/grpc").is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';')))
}

/// The caller's `x-request-id` if it is fit for a log line, or a new one.
fn request_id_of(headers: &HeaderMap) -> String {
    static PROCESS: LazyLock<u64> = LazyLock::new(random);
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let fit = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok()).filter(fit);
    given.map_or_else(|| format!("{:016x}-{:x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed)), str::to_owned)
}

/// The trace id of a W3C `traceparent` (version, 32 digits, 16 digits, flags), if the caller sent a sound one.
fn trace_id_of(headers: &HeaderMap) -> Option<&str> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    let (_version, trace_id, _parent, _flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (trace_id.len() == 32 && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(trace_id)
}

/// A number that differs from process to process and call to call.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
