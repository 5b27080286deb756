use std::path::Path;

use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use super::backend::{connect, open_engine, plain};
use crate::proto::v1;
use crate::proto::v1::entity_service_client::EntityServiceClient;
use crate::proto::v1::entity_service_server::EntityService;
use crate::proto::v1::judgement_service_client::JudgementServiceClient;
use crate::proto::v1::judgement_service_server::JudgementService;
use crate::registry::Database;
use crate::resolver::Thresholds;
use crate::service::{Backend, EntityAdapter, JudgementAdapter};

/// Who knows which records stand for whom: a registry in this process, or a server. Both answer through the same
/// contract.
// One is made for a run of the program: its size does not matter.
#[allow(clippy::large_enum_variant)]
pub enum Identity {
    /// A registry in this process.
    Local(JudgementAdapter, EntityAdapter),
    /// A server.
    Remote(JudgementServiceClient<Channel>, EntityServiceClient<Channel>),
}

fn taken<T>(answer: Result<Response<T>, Status>) -> anyhow::Result<T> {
    Ok(answer.map_err(plain)?.into_inner())
}

/// Each method asks whoever is there.
macro_rules! methods {
    ($($(#[$doc:meta])* $place:ident $method:ident($request:ident) -> $response:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $method(&mut self, request: v1::$request) -> anyhow::Result<v1::$response> {
            taken(methods!(@ask self, $place, $method, request))
        }
    )*};
    (@ask $self:ident, judge, $method:ident, $request:ident) => {
        match $self {
            Identity::Local(judge, _) => judge.$method(Request::new($request)).await,
            Identity::Remote(judge, _) => judge.$method($request).await,
        }
    };
    (@ask $self:ident, entity, $method:ident, $request:ident) => {
        match $self {
            Identity::Local(_, entity) => entity.$method(Request::new($request)).await,
            Identity::Remote(_, entity) => entity.$method($request).await,
        }
    };
}

impl Identity {
    /// Opens a data directory, or the bundled list where there is none, or connects to a server.
    pub async fn open(
        data: Option<&Path>,
        server: Option<&str>,
        shared: Option<&Database>,
    ) -> anyhow::Result<Identity> {
        match server {
            Some(url) => {
                let channel = connect(url).await?;
                let entity = EntityServiceClient::new(channel.clone()).max_decoding_message_size(64 << 20);
                Ok(Identity::Remote(JudgementServiceClient::new(channel), entity))
            }
            None => {
                let (engine, origin) = open_engine(data, shared, Thresholds::default())?;
                let backend = Backend::new(engine, origin, 1, 10);
                Ok(Identity::Local(JudgementAdapter::new(backend.clone()), EntityAdapter::new(backend)))
            }
        }
    }

    methods! {
        /// Judges.
        judge record_judgement(RecordJudgementRequest) -> RecordJudgementResponse;
        /// Takes a judgement back.
        judge withdraw_judgement(WithdrawJudgementRequest) -> WithdrawJudgementResponse;
        /// Lists judgements.
        judge list_judgements(ListJudgementsRequest) -> ListJudgementsResponse;
        /// Lists what waits.
        judge list_review_queue(ListReviewQueueRequest) -> ListReviewQueueResponse;
        /// Gets an entity.
        entity get_entity(GetEntityRequest) -> GetEntityResponse;
        /// Lists what became of an entity.
        entity list_entity_changes(ListEntityChangesRequest) -> ListEntityChangesResponse;
        /// Lists the records of an entity.
        entity list_referents(ListReferentsRequest) -> ListReferentsResponse;
        /// Lists whom an entity is linked with.
        entity list_related_parties(ListRelatedPartiesRequest) -> ListRelatedPartiesResponse;
    }
}
