use std::sync::Arc;

use tonic::Status;

use super::status::{Reason, engine_status, status};
use super::{Backend, convert, receipt};
use crate::proto::v1;
use crate::resolver::{AsOf, Engine, Options, Scope, Snapshot};

/// Where, as of when and how queries are answered.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) scope: Scope,
    pub(super) options: Options,
    as_of: Option<AsOf>,
    /// What a receipt repeats of it, where one is wanted.
    receipt: Option<(Option<v1::Scope>, v1::ResolveOptions)>,
}

impl Asking {
    /// What a request says.
    pub(super) fn of(
        backend: &Backend,
        scope: Option<v1::Scope>,
        options: Option<v1::ResolveOptions>,
    ) -> Result<Asking, Status> {
        let wants_receipt = options.as_ref().is_some_and(|options| options.receipt);
        if wants_receipt && backend.signer().is_none() {
            return Err(status(
                Reason::ReceiptsOff,
                "options.receipt: the server signs no receipts: set `receipts.key` to a file made by `exonym receipt key`",
            ));
        }
        let receipt = wants_receipt.then(|| (scope.clone(), options.unwrap_or_default()));
        let as_of = as_of(&scope)?;
        let (scope, options) = (convert::scope_from(scope)?, convert::options_from(options, backend.default_limit)?);
        let receipt = receipt.map(|(scope, own)| receipt::normal(scope, own, options.limit));
        Ok(Asking { scope, options, as_of, receipt })
    }

    /// The snapshot that answers.
    pub(super) fn snapshot(&self, engine: &Engine) -> Result<Arc<Snapshot>, Status> {
        snapshot(engine, self.as_of.as_ref())
    }

    /// The answer with its receipt, where one is wanted.
    pub(super) fn sign(
        &self,
        backend: &Backend,
        snapshot: &Snapshot,
        query: Option<v1::Query>,
        subject: &str,
        mut response: v1::ResolveResponse,
    ) -> v1::ResolveResponse {
        if let (Some((scope, options)), Some(signer)) = (&self.receipt, backend.signer()) {
            let (scope, options) = (scope.clone(), Some(*options));
            let request = v1::ResolveRequest { query, scope, options, subject: subject.to_owned() };
            response.receipt = Some(signer.receipt(&request, &response, snapshot.thresholds()));
        }
        response
    }
}

/// As of when a scope asks.
pub(super) fn as_of(scope: &Option<v1::Scope>) -> Result<Option<AsOf>, Status> {
    let as_of = scope.as_ref().and_then(|scope| scope.as_of.clone());
    Ok(convert::as_of_from(as_of, "scope.as_of")?)
}

/// What served as of then, or what serves now.
pub(super) fn snapshot(engine: &Engine, as_of: Option<&AsOf>) -> Result<Arc<Snapshot>, Status> {
    match as_of {
        None => Ok(engine.snapshot()),
        Some(as_of) => engine.as_of(as_of).map_err(|error| engine_status(&error)),
    }
}
