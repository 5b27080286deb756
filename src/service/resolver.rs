use std::pin::Pin;

use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use super::asking::{self, Asking};
use super::backend::{Backend, MAX_ITEMS, MAX_TRANSLITERATE_CHARACTERS};
use super::convert;
use super::status::{Reason, field_violation, query_status, registry_status, text_status};
use crate::names::{self, Hints};
use crate::proto::google::rpc;
use crate::proto::v1;
use crate::proto::v1::resolver_service_server::ResolverService;
use crate::resolver::{self, Engine, Snapshot, Suppressed};
use crate::text;
use crate::translit;

/// Answers which entity a name is.
#[derive(Clone)]
pub struct ResolverAdapter {
    backend: Backend,
}

impl ResolverAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> ResolverAdapter {
        ResolverAdapter { backend }
    }
}

#[tonic::async_trait]
impl ResolverService for ResolverAdapter {
    async fn resolve(&self, request: Request<v1::ResolveRequest>) -> Result<Response<v1::ResolveResponse>, Status> {
        let request = request.into_inner();
        let asking = Asking::of(&self.backend, request.scope, request.options)?;
        let (query, subject, backend) = (request.query, request.subject, self.backend.clone());
        let answer = self
            .backend
            .compute(move |engine| resolve_one(&backend, &*asking.snapshot(engine)?, query, &subject, &asking));
        Ok(Response::new(answer.await?))
    }

    async fn resolve_many(
        &self,
        request: Request<v1::ResolveManyRequest>,
    ) -> Result<Response<v1::ResolveManyResponse>, Status> {
        let request = request.into_inner();
        check_items(&request.items)?;
        let asking = Asking::of(&self.backend, request.scope, request.options)?;
        let (items, watched) = (request.items, self.backend.clone());
        let results =
            self.backend.compute(move |engine| Ok(resolve_items(&watched, &*asking.snapshot(engine)?, items, &asking)));
        Ok(Response::new(v1::ResolveManyResponse { results: results.await? }))
    }

    type ResolveStreamStream = Pin<Box<dyn Stream<Item = Result<v1::ResolveStreamResponse, Status>> + Send>>;

    async fn resolve_stream(
        &self,
        request: Request<Streaming<v1::ResolveStreamRequest>>,
    ) -> Result<Response<Self::ResolveStreamStream>, Status> {
        let backend = self.backend.clone();
        let mut settings = (None, None);
        // The next message is read only when the answer to the one before is taken: the client sets the pace.
        let answers = request.into_inner().then(move |message| {
            let taken = message.and_then(|message| take_batch(&backend, message, &mut settings));
            let backend = backend.clone();
            async move {
                let (items, asking) = taken?;
                let watched = backend.clone();
                let results = backend
                    .compute(move |engine| Ok(resolve_items(&watched, &*asking.snapshot(engine)?, items, &asking)));
                Ok(v1::ResolveStreamResponse { results: results.await? })
            }
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn compare(&self, request: Request<v1::CompareRequest>) -> Result<Response<v1::CompareResponse>, Status> {
        let request = request.into_inner();
        let left = convert::query_from(request.left, "left")?;
        let right = convert::query_from(request.right, "right")?;
        let detail = convert::detail_from(request.explanation, "explanation")?;
        let prior = convert::prior_from(request.prior, "prior")?;
        let comparison = self.backend.compute(move |engine| {
            left.validate().map_err(|error| query_status(&error, "left"))?;
            resolver::compare(&left, &right, &engine.thresholds(), detail)
                .map(|comparison| comparison.with_prior(prior, &engine.thresholds()))
                .map_err(|error| query_status(&error, "right"))
        });
        Ok(Response::new(convert::comparison_response(comparison.await?)))
    }

    async fn suggest(&self, request: Request<v1::SuggestRequest>) -> Result<Response<v1::SuggestResponse>, Status> {
        let request = request.into_inner();
        let as_of = asking::as_of(&request.scope)?;
        let scope = convert::scope_from(request.scope)?;
        let kind = convert::kind_from(request.kind, "kind")?;
        let limit = convert::suggestions_from(request.limit)?;
        let suggestions = self.backend.compute(move |engine| {
            let found = asking::snapshot(engine, as_of.as_ref())?.suggest(&request.text, kind, &scope, limit);
            found.map_err(|error| text_status(&error))
        });
        Ok(Response::new(convert::suggest_response(suggestions.await?)))
    }

    async fn analyze_name(
        &self,
        request: Request<v1::AnalyzeNameRequest>,
    ) -> Result<Response<v1::AnalyzeNameResponse>, Status> {
        let request = request.into_inner();
        let kind = convert::kind_from(request.kind, "kind")?;
        let name = request.name.ok_or_else(|| field_violation(Reason::InvalidField, "name", "a name is required"))?;
        let query = resolver::Query::of_name(name.text.clone());
        query.validate().map_err(|error| query_status(&error, "name"))?;
        let hints = Hints { kind, language: name.language, country: String::new() };
        let response = self.backend.compute(move |_| {
            let (_, steps) = text::read_traced(&name.text);
            let trace = steps.into_iter().map(|(stage, input, output)| v1::TraceStep {
                stage: stage.to_owned(),
                input,
                output,
            });
            Ok(convert::analysis_response(&name.text, names::analyse(&name.text, &hints), trace.collect()))
        });
        Ok(Response::new(response.await?))
    }

    async fn transliterate(
        &self,
        request: Request<v1::TransliterateRequest>,
    ) -> Result<Response<v1::TransliterateResponse>, Status> {
        let request = request.into_inner();
        let length = request.text.chars().count();
        if length > MAX_TRANSLITERATE_CHARACTERS {
            let reason = format!("the text has {length} characters, the limit is {MAX_TRANSLITERATE_CHARACTERS}");
            return Err(field_violation(Reason::InvalidField, "text", reason));
        }
        let scheme = translit::scheme(&request.scheme).ok_or_else(|| {
            let reason = format!("no scheme is called {:?}: ListSchemes lists them", request.scheme);
            field_violation(Reason::UnknownScheme, "scheme", reason)
        })?;
        let response = self.backend.compute(move |_| {
            let result = if request.trace {
                scheme.transliterate_traced(&request.text)
            } else {
                scheme.transliterate(&request.text)
            };
            let trace = result.trace.into_iter().map(|step| v1::TraceStep {
                stage: step.stage.into_owned(),
                input: step.input,
                output: step.output,
            });
            Ok(v1::TransliterateResponse {
                text: result.text,
                alternatives: result.alternatives,
                trace: trace.collect(),
            })
        });
        Ok(Response::new(response.await?))
    }

    async fn list_schemes(
        &self,
        _request: Request<v1::ListSchemesRequest>,
    ) -> Result<Response<v1::ListSchemesResponse>, Status> {
        let schemes = translit::schemes().iter().map(convert::scheme_message).collect();
        Ok(Response::new(v1::ListSchemesResponse { schemes }))
    }
}

fn check_items(items: &[v1::ResolveItem]) -> Result<(), Status> {
    if items.is_empty() || items.len() > MAX_ITEMS {
        let reason = format!("{} items, expected 1 to {MAX_ITEMS}", items.len());
        return Err(field_violation(Reason::TooManyItems, "items", reason));
    }
    match items.iter().position(|item| item.item_id.len() > 256) {
        Some(place) => {
            let field = format!("items[{place}].item_id");
            Err(field_violation(Reason::InvalidField, field, "the id is longer than 256 bytes"))
        }
        None => Ok(()),
    }
}

/// Where and how a stream asks, as the last messages that said so have it.
type Settings = (Option<v1::Scope>, Option<v1::ResolveOptions>);

fn take_batch(
    backend: &Backend,
    message: v1::ResolveStreamRequest,
    settings: &mut Settings,
) -> Result<(Vec<v1::ResolveItem>, Asking), Status> {
    check_items(&message.items)?;
    settings.0 = message.scope.or_else(|| settings.0.take());
    settings.1 = message.options.or(settings.1);
    Ok((message.items, Asking::of(backend, settings.0.clone(), settings.1)?))
}

fn resolve_items(
    backend: &Backend,
    snapshot: &Snapshot,
    items: Vec<v1::ResolveItem>,
    asking: &Asking,
) -> Vec<v1::ResolveItemResult> {
    let resolve = |item: v1::ResolveItem| {
        let result = match resolve_one(backend, snapshot, item.query, &item.subject, asking) {
            Ok(response) => v1::resolve_item_result::Result::Response(response),
            Err(status) => v1::resolve_item_result::Result::Error(status_message(&status)),
        };
        v1::ResolveItemResult { item_id: item.item_id, result: Some(result) }
    };
    items.into_iter().map(resolve).collect()
}

fn resolve_one(
    backend: &Backend,
    snapshot: &Snapshot,
    query: Option<v1::Query>,
    subject: &str,
    asking: &Asking,
) -> Result<v1::ResolveResponse, Status> {
    let asked = query.clone();
    let resolve = || {
        let query = convert::query_from(query, "query")?;
        let known = known_not_to_be(backend.engine(), snapshot, subject)?;
        let resolution = snapshot.resolve_but(&query, &asking.scope, &asking.options, &known);
        let resolution = resolution.map_err(|error| query_status(&error, "query"))?;
        let scripts: Vec<text::Script> = query.names.iter().map(|name| text::read(&name.text).script()).collect();
        backend.answered(&resolution, &scripts);
        Ok(asking.sign(backend, snapshot, asked, subject, convert::resolution_response(resolution)))
    };
    resolve().inspect_err(|_: &Status| backend.refused())
}

/// The entities that were known not to be a subject as of the snapshot that answers.
fn known_not_to_be(engine: &Engine, snapshot: &Snapshot, subject: &str) -> Result<Suppressed, Status> {
    if subject.len() > 256 {
        return Err(field_violation(Reason::InvalidField, "subject", "the subject is longer than 256 bytes"));
    }
    engine.known_not_to_be(snapshot, subject).map_err(|error| registry_status(&error))
}

/// A status as one item of a batch carries it, with its details.
fn status_message(status: &Status) -> rpc::Status {
    use prost::Message;
    let packed = rpc::Status::decode(status.details()).unwrap_or_default();
    rpc::Status { code: status.code() as i32, message: status.message().to_owned(), details: packed.details }
}
