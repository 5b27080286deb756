use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use super::super::Call;
use crate::proto::v1;
use crate::proto::v1::dataset_service_server::DatasetService;
use crate::proto::v1::resolver_service_server::ResolverService;

/// Handlers that do what the name asked for says: `sleep`, `panic`, `endless`, `silent`, `who`, or echo.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    /// How each import ended, as its handler saw it.
    pub(super) imports: Arc<Mutex<Vec<Result<usize, Status>>>>,
    /// The call of the last handler.
    pub(super) call: Arc<Mutex<Option<Call>>>,
}

/// A request for one name.
pub(super) fn request(name: &str) -> v1::ResolveRequest {
    let name = v1::Name { text: name.to_owned(), ..v1::Name::default() };
    v1::ResolveRequest { query: Some(v1::Query { names: vec![name], ..v1::Query::default() }), ..Default::default() }
}

/// A message of a stream for one name.
pub(super) fn message(name: &str) -> v1::ResolveStreamRequest {
    let item = v1::ResolveItem { item_id: name.to_owned(), query: request(name).query, subject: String::new() };
    v1::ResolveStreamRequest { items: vec![item], ..v1::ResolveStreamRequest::default() }
}

fn name_of(query: Option<v1::Query>) -> String {
    query.and_then(|query| query.names.into_iter().next()).map(|name| name.text).unwrap_or_default()
}

fn echo(id: String) -> v1::ResolveStreamResponse {
    v1::ResolveStreamResponse { results: vec![v1::ResolveItemResult { item_id: id, result: None }] }
}

fn nothing<T: Default>() -> Result<Response<T>, Status> {
    Ok(Response::new(T::default()))
}

type Answers = Pin<Box<dyn Stream<Item = Result<v1::ResolveStreamResponse, Status>> + Send>>;

#[tonic::async_trait]
impl ResolverService for Sample {
    async fn resolve(&self, request: Request<v1::ResolveRequest>) -> Result<Response<v1::ResolveResponse>, Status> {
        let call = Call::of(request.extensions()).cloned();
        *self.call.lock().unwrap() = call.clone();
        let name = name_of(request.into_inner().query);
        let said = match name.as_str() {
            "sleep" => {
                tokio::time::sleep(Duration::from_secs(3_600)).await;
                name
            }
            "panic" => panic!("asked to"),
            "out of range" => return Err(Status::out_of_range("page 9 of 4")),
            "who" => call.and_then(|call| call.principal().map(|who| who.name().to_owned())).unwrap_or_default(),
            _ => name,
        };
        Ok(Response::new(v1::ResolveResponse { incomplete_reason: said, ..v1::ResolveResponse::default() }))
    }

    async fn resolve_many(
        &self,
        _: Request<v1::ResolveManyRequest>,
    ) -> Result<Response<v1::ResolveManyResponse>, Status> {
        nothing()
    }

    type ResolveStreamStream = Answers;

    async fn resolve_stream(
        &self,
        request: Request<Streaming<v1::ResolveStreamRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let mut messages = request.into_inner();
        let first = messages.message().await?.and_then(|message| message.items.into_iter().next());
        let first = first.map(|item| item.item_id).unwrap_or_default();
        let answers: Answers = match first.as_str() {
            "silent" => Box::pin(tokio_stream::pending()),
            "endless" => {
                Box::pin(tokio_stream::iter(0..).throttle(Duration::from_millis(5)).map(|n| Ok(echo(n.to_string()))))
            }
            "panic" => Box::pin(
                tokio_stream::iter(0..).map(|n| if n == 1 { panic!("asked to") } else { Ok(echo("panic".to_owned())) }),
            ),
            _ => {
                let rest = messages.map(|message| message.map(|message| echo(message.items[0].item_id.clone())));
                Box::pin(tokio_stream::once(Ok(echo(first))).chain(rest))
            }
        };
        Ok(Response::new(answers))
    }

    async fn compare(&self, _: Request<v1::CompareRequest>) -> Result<Response<v1::CompareResponse>, Status> {
        nothing()
    }

    async fn suggest(&self, _: Request<v1::SuggestRequest>) -> Result<Response<v1::SuggestResponse>, Status> {
        nothing()
    }

    async fn analyze_name(
        &self,
        _: Request<v1::AnalyzeNameRequest>,
    ) -> Result<Response<v1::AnalyzeNameResponse>, Status> {
        nothing()
    }

    async fn transliterate(
        &self,
        _: Request<v1::TransliterateRequest>,
    ) -> Result<Response<v1::TransliterateResponse>, Status> {
        nothing()
    }

    async fn list_schemes(
        &self,
        _: Request<v1::ListSchemesRequest>,
    ) -> Result<Response<v1::ListSchemesResponse>, Status> {
        nothing()
    }
}

#[tonic::async_trait]
impl DatasetService for Sample {
    async fn list_datasets(
        &self,
        _: Request<v1::ListDatasetsRequest>,
    ) -> Result<Response<v1::ListDatasetsResponse>, Status> {
        nothing()
    }

    async fn get_dataset(&self, _: Request<v1::GetDatasetRequest>) -> Result<Response<v1::GetDatasetResponse>, Status> {
        nothing()
    }

    async fn import_dataset(
        &self,
        request: Request<Streaming<v1::ImportDatasetRequest>>,
    ) -> Result<Response<v1::ImportDatasetResponse>, Status> {
        let mut messages = request.into_inner();
        // As a handler with a transaction does it: on a task of its own, which a cancelled call does not drop.
        let imports = Arc::clone(&self.imports);
        let import = tokio::spawn(async move {
            let mut count = 0;
            let ended = loop {
                match messages.message().await {
                    Ok(Some(_)) => count += 1,
                    Ok(None) => break Ok(count),
                    Err(status) => break Err(status),
                }
            };
            imports.lock().unwrap().push(ended.clone());
            ended
        });
        let read = import.await.map_err(|error| Status::internal(error.to_string()))??;
        Ok(Response::new(v1::ImportDatasetResponse { read: read as u64, ..v1::ImportDatasetResponse::default() }))
    }

    async fn reload_dataset(
        &self,
        _: Request<v1::ReloadDatasetRequest>,
    ) -> Result<Response<v1::ReloadDatasetResponse>, Status> {
        tokio::time::sleep(Duration::from_millis(300)).await;
        nothing()
    }

    async fn list_sources(
        &self,
        _: Request<v1::ListSourcesRequest>,
    ) -> Result<Response<v1::ListSourcesResponse>, Status> {
        nothing()
    }

    async fn fetch_source(
        &self,
        _: Request<v1::FetchSourceRequest>,
    ) -> Result<Response<v1::FetchSourceResponse>, Status> {
        nothing()
    }
}
