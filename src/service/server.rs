use tonic::{Request, Response, Status};

use super::backend::{Backend, MAX_ITEMS, MAX_TRANSLITERATE_CHARACTERS};
use super::convert;
use super::status::Reason;
use crate::proto::v1;
use crate::proto::v1::server_service_server::ServerService;
use crate::resolver::Query;

/// The limits that are set by configuration, as GetServerInfo tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Bytes of a message to any service but DatasetService.
    pub message_bytes: usize,
    /// Bytes of a message to DatasetService.
    pub import_message_bytes: usize,
    /// Bytes of an answer.
    pub response_bytes: usize,
    /// Streams at once on one connection.
    pub concurrent_streams: u32,
    /// Seconds after which a unary call is ended.
    pub unary_deadline_seconds: u32,
    /// Seconds after which a stream is ended.
    pub stream_deadline_seconds: u32,
}

/// Tells what the server is and what it takes.
#[derive(Clone)]
pub struct ServerAdapter {
    backend: Backend,
    limits: ServerLimits,
}

impl ServerAdapter {
    /// An adapter over a backend that tells these limits.
    pub fn new(backend: Backend, limits: ServerLimits) -> ServerAdapter {
        ServerAdapter { backend, limits }
    }
}

#[tonic::async_trait]
impl ServerService for ServerAdapter {
    async fn get_server_info(
        &self,
        _request: Request<v1::GetServerInfoRequest>,
    ) -> Result<Response<v1::GetServerInfoResponse>, Status> {
        let version = convert::version_message(self.backend.engine().snapshot().version());
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let limits = v1::Limits {
            max_name_characters: number(Query::MAX_NAME_CHARACTERS),
            max_names_per_query: number(Query::MAX_NAMES),
            max_items_per_batch: number(MAX_ITEMS),
            max_candidates: convert::MAX_LIMIT,
            max_message_bytes: number(self.limits.message_bytes),
            max_import_message_bytes: number(self.limits.import_message_bytes),
            max_response_bytes: number(self.limits.response_bytes),
            max_concurrent_streams: self.limits.concurrent_streams,
            unary_deadline_seconds: self.limits.unary_deadline_seconds,
            stream_deadline_seconds: self.limits.stream_deadline_seconds,
            max_transliterate_characters: number(MAX_TRANSLITERATE_CHARACTERS),
        };
        let error_reasons = Reason::ALL.iter().map(|reason| v1::ErrorReason {
            reason: reason.as_str().to_owned(),
            code: code_name(reason.code()),
            description: reason.description().to_owned(),
        });
        Ok(Response::new(v1::GetServerInfoResponse {
            version: Some(version),
            limits: Some(limits),
            error_reasons: error_reasons.collect(),
            receipt_public_key: self.backend.signer().map(|signer| signer.public_key().to_owned()).unwrap_or_default(),
        }))
    }
}

/// The code as the gRPC documents write it: `INVALID_ARGUMENT` for InvalidArgument.
fn code_name(code: tonic::Code) -> String {
    let mut name = String::new();
    for c in format!("{code:?}").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_uppercase());
    }
    name
}
