use tonic::codec::CompressionEncoding::{Gzip, Zstd};
use tonic::service::Routes;

use super::listener::{Health, Limits};
use super::{
    Backend, DatasetAdapter, EntityAdapter, JudgementAdapter, PortfolioAdapter, ResolverAdapter, ServerAdapter,
    ServerLimits, VersionAdapter,
};
use crate::proto::DESCRIPTOR_SET;
use crate::proto::v1::dataset_service_server::DatasetServiceServer;
use crate::proto::v1::entity_service_server::EntityServiceServer;
use crate::proto::v1::judgement_service_server::JudgementServiceServer;
use crate::proto::v1::portfolio_service_server::PortfolioServiceServer;
use crate::proto::v1::resolver_service_server::ResolverServiceServer;
use crate::proto::v1::server_service_server::ServerServiceServer;
use crate::proto::v1::version_service_server::VersionServiceServer;

/// How large messages may be, in bytes after decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageLimits {
    /// A message to any service but DatasetService.
    pub message: usize,
    /// A message to DatasetService.
    pub import: usize,
    /// An answer.
    pub response: usize,
}

impl Default for MessageLimits {
    fn default() -> Self {
        MessageLimits { message: 1 << 20, import: 4 << 20, response: 16 << 20 }
    }
}

/// All services of the contract, health, and reflection if it is wanted.
pub fn routes(
    backend: &Backend,
    health: &Health,
    limits: &Limits,
    messages: MessageLimits,
    reflection: bool,
) -> Routes {
    let told = ServerLimits {
        message_bytes: messages.message,
        import_message_bytes: messages.import,
        response_bytes: messages.response,
        concurrent_streams: limits.streams_per_connection,
        unary_deadline_seconds: seconds(limits.unary_deadline),
        stream_deadline_seconds: seconds(limits.stream_deadline),
    };
    // A macro, for the generated servers share their methods but no trait.
    macro_rules! sized {
        ($server:expr, $message:expr) => {
            $server
                .accept_compressed(Gzip)
                .accept_compressed(Zstd)
                .send_compressed(Gzip)
                .send_compressed(Zstd)
                .max_decoding_message_size($message)
                .max_encoding_message_size(messages.response)
        };
    }
    let resolver = ResolverServiceServer::new(ResolverAdapter::new(backend.clone()));
    let entity = EntityServiceServer::new(EntityAdapter::new(backend.clone()));
    let dataset = DatasetServiceServer::new(DatasetAdapter::new(backend.clone()));
    let judgement = JudgementServiceServer::new(JudgementAdapter::new(backend.clone()));
    let server = ServerServiceServer::new(ServerAdapter::new(backend.clone(), told));
    let version = VersionServiceServer::new(VersionAdapter::new(backend.clone()));
    let portfolio = PortfolioServiceServer::new(PortfolioAdapter::new(backend.clone()));
    let routes = Routes::new(sized!(resolver, messages.message))
        .add_service(sized!(entity, messages.message))
        .add_service(sized!(dataset, messages.import))
        .add_service(sized!(judgement, messages.message))
        .add_service(sized!(server, messages.message))
        .add_service(sized!(version, messages.message))
        .add_service(sized!(portfolio, messages.message))
        .add_service(health.service());
    if reflection { with_reflection(routes) } else { routes }
}

/// Reflection in both versions: many clients still ask for the older one.
fn with_reflection(routes: Routes) -> Routes {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    // The sets are part of the program, and the tests ask for them: a server without reflection is still a server.
    let (Ok(v1), Ok(v1alpha)) = (builder().build_v1(), builder().build_v1alpha()) else {
        tracing::error!("the descriptor set cannot be read: reflection is off");
        return routes;
    };
    routes
        .add_service(v1.accept_compressed(Gzip).accept_compressed(Zstd))
        .add_service(v1alpha.accept_compressed(Gzip).accept_compressed(Zstd))
}

fn seconds(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}
