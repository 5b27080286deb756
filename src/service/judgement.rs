use jiff::Timestamp;
use tonic::{Request, Response, Status};

use super::convert;
use super::page;
use super::status::{Reason, field_violation, registry_status, status};
use super::{Backend, actor, identify};
use crate::model::{Judgement, Opinion, RecordId};
use crate::proto::v1;
use crate::proto::v1::judgement_service_server::JudgementService;
use crate::registry::{Ask, Outcome, Proposal};
use crate::resolver::Engine;

/// Decides which records stand for one party.
#[derive(Clone)]
pub struct JudgementAdapter {
    backend: Backend,
}

impl JudgementAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> JudgementAdapter {
        JudgementAdapter { backend }
    }

    /// Runs a change of the registry, with the name of who makes it.
    async fn change<Q, A>(
        &self,
        request: Request<Q>,
        on_behalf_of: impl Fn(&Q) -> &str,
        change: impl FnOnce(&Engine, Q, String) -> Result<A, Status> + Send + 'static,
    ) -> Result<Response<A>, Status>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        self.backend.require_writable()?;
        let actor = actor(&request, on_behalf_of(request.get_ref()));
        let message = request.into_inner();
        Ok(Response::new(self.backend.compute(move |engine| change(engine, message, actor)).await?))
    }

    /// Runs a look into the registry.
    async fn look<Q, A>(
        &self,
        request: Request<Q>,
        look: impl FnOnce(&Engine, Q) -> Result<A, Status> + Send + 'static,
    ) -> Result<Response<A>, Status>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        let message = request.into_inner();
        Ok(Response::new(self.backend.compute(move |engine| look(engine, message)).await?))
    }
}

#[tonic::async_trait]
impl JudgementService for JudgementAdapter {
    async fn record_judgement(
        &self,
        request: Request<v1::RecordJudgementRequest>,
    ) -> Result<Response<v1::RecordJudgementResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, record_judgement).await
    }

    async fn list_judgements(
        &self,
        request: Request<v1::ListJudgementsRequest>,
    ) -> Result<Response<v1::ListJudgementsResponse>, Status> {
        self.look(request, list_judgements).await
    }

    async fn withdraw_judgement(
        &self,
        request: Request<v1::WithdrawJudgementRequest>,
    ) -> Result<Response<v1::WithdrawJudgementResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, withdraw_judgement).await
    }

    async fn list_review_queue(
        &self,
        request: Request<v1::ListReviewQueueRequest>,
    ) -> Result<Response<v1::ListReviewQueueResponse>, Status> {
        self.look(request, list_review_queue).await
    }

    async fn propose_review(
        &self,
        request: Request<v1::ProposeReviewRequest>,
    ) -> Result<Response<v1::ProposeReviewResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, propose_review).await
    }

    async fn dismiss_review(
        &self,
        request: Request<v1::DismissReviewRequest>,
    ) -> Result<Response<v1::DismissReviewResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, dismiss_review).await
    }

    async fn suppress_hit(
        &self,
        request: Request<v1::SuppressHitRequest>,
    ) -> Result<Response<v1::SuppressHitResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, suppress_hit).await
    }

    async fn list_suppressions(
        &self,
        request: Request<v1::ListSuppressionsRequest>,
    ) -> Result<Response<v1::ListSuppressionsResponse>, Status> {
        self.look(request, list_suppressions).await
    }

    async fn lift_suppression(
        &self,
        request: Request<v1::LiftSuppressionRequest>,
    ) -> Result<Response<v1::LiftSuppressionResponse>, Status> {
        self.change(request, |request| &request.on_behalf_of, lift_suppression).await
    }
}

fn ask(request_id: String, validate_only: bool) -> Ask {
    Ask { request_id: Some(request_id).filter(|id| !id.is_empty()), at: Timestamp::now(), validate_only }
}

/// The record that a field names, by its own id or by an entity id that it founded.
fn record_of(engine: &Engine, id: &str, field: &str) -> Result<RecordId, Status> {
    if id.contains(':') {
        return id.parse().map_err(|error| identify::invalid(field, &error));
    }
    let entity = id.parse().map_err(|error| identify::invalid(field, &error))?;
    let founder = engine.registry().founder(entity).map_err(|error| registry_status(&error))?;
    founder.ok_or_else(|| status(Reason::EntityNotFound, format!("{field}: no entity ever had the id {id:?}")))
}

fn record_judgement(
    engine: &Engine,
    request: v1::RecordJudgementRequest,
    actor: String,
) -> Result<v1::RecordJudgementResponse, Status> {
    let judgement = Judgement {
        left: record_of(engine, &request.left, "left")?,
        right: record_of(engine, &request.right, "right")?,
        opinion: convert::opinion_from(request.opinion, "opinion")?,
        actor,
        reason: request.reason,
        evidence: request.evidence,
    };
    let may_wait = convert::may_wait_from(request.on_conflict, "on_conflict")?;
    let ask = ask(request.request_id, request.validate_only);
    let outcome = engine.change(|registry| match may_wait {
        true => registry.judge_or_queue(judgement, ask),
        false => registry.judge(judgement, ask).map(Outcome::Judged),
    });
    Ok(convert::outcome_response(outcome.map_err(|error| registry_status(&error))?))
}

fn list_judgements(engine: &Engine, request: v1::ListJudgementsRequest) -> Result<v1::ListJudgementsResponse, Status> {
    let limit = page::size(request.page_size)?;
    let after = page::number(&request.page_token, &request.record_id)?;
    let registry = engine.registry();
    let mut found = match request.record_id.as_str() {
        "" => registry.judgements(after, limit + 1),
        id => {
            let record: RecordId = id.parse().map_err(|error| identify::invalid("record_id", &error))?;
            registry.judgements_of(&record)
        }
    }
    .map_err(|error| registry_status(&error))?;
    found.retain(|judgement| judgement.number > after);
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|judgement| judgement.number);
    Ok(v1::ListJudgementsResponse {
        judgements: found.into_iter().map(convert::judgement_message).collect(),
        next_page_token: last.map(|number| page::numbered(number, &request.record_id)).unwrap_or_default(),
    })
}

fn withdraw_judgement(
    engine: &Engine,
    request: v1::WithdrawJudgementRequest,
    actor: String,
) -> Result<v1::WithdrawJudgementResponse, Status> {
    let ask = ask(request.request_id, request.validate_only);
    let receipt = engine.change(|registry| registry.withdraw(request.number, &actor, &request.reason, ask));
    Ok(convert::withdrawal_response(receipt.map_err(|error| registry_status(&error))?))
}

fn list_review_queue(
    engine: &Engine,
    request: v1::ListReviewQueueRequest,
) -> Result<v1::ListReviewQueueResponse, Status> {
    let limit = page::size(request.page_size)?;
    let of = if request.conflicts_only { "conflicts" } else { "" };
    let after = page::pair(&request.page_token, of)?;
    let mut found =
        engine.registry().queue(after, limit + 1, request.conflicts_only).map_err(|error| registry_status(&error))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|review| (review.worth, review.number));
    Ok(v1::ListReviewQueueResponse {
        reviews: found.into_iter().map(convert::review_message).collect(),
        next_page_token: last.map(|place| page::paired(place, of)).unwrap_or_default(),
    })
}

fn propose_review(
    engine: &Engine,
    request: v1::ProposeReviewRequest,
    actor: String,
) -> Result<v1::ProposeReviewResponse, Status> {
    if !(0.0..=1.0).contains(&request.probability) {
        let reason = format!("{} is not between 0 and 1", request.probability);
        return Err(field_violation(Reason::InvalidField, "probability", reason));
    }
    let judgement = Judgement {
        left: record_of(engine, &request.left, "left")?,
        right: record_of(engine, &request.right, "right")?,
        opinion: Opinion::Same,
        actor,
        reason: request.reason,
        evidence: request.evidence,
    };
    let proposal = Proposal { judgement, probability: request.probability, conflict: String::new() };
    let ask = ask(request.request_id, false);
    let numbers = engine.change(|registry| registry.propose(&[proposal], ask));
    let numbers = numbers.map_err(|error| registry_status(&error))?;
    Ok(v1::ProposeReviewResponse { number: numbers.into_iter().flatten().next().unwrap_or_default() })
}

fn dismiss_review(
    engine: &Engine,
    request: v1::DismissReviewRequest,
    actor: String,
) -> Result<v1::DismissReviewResponse, Status> {
    let ask = ask(request.request_id, false);
    let revision = engine.change(|registry| registry.dismiss(request.number, &actor, &request.reason, ask));
    Ok(v1::DismissReviewResponse { registry_revision: revision.map_err(|error| registry_status(&error))? })
}

fn suppress_hit(
    engine: &Engine,
    request: v1::SuppressHitRequest,
    actor: String,
) -> Result<v1::SuppressHitResponse, Status> {
    let entity = request.entity_id.parse().map_err(|error| identify::invalid("entity_id", &error))?;
    let ask = ask(request.request_id, request.validate_only);
    let number = engine.change(|registry| registry.suppress(&request.subject, entity, &actor, &request.reason, ask));
    Ok(v1::SuppressHitResponse { number: number.map_err(|error| registry_status(&error))? })
}

fn list_suppressions(
    engine: &Engine,
    request: v1::ListSuppressionsRequest,
) -> Result<v1::ListSuppressionsResponse, Status> {
    let limit = page::size(request.page_size)?;
    let after = page::number(&request.page_token, &request.subject)?;
    let subject = Some(request.subject.as_str()).filter(|subject| !subject.is_empty());
    let found = engine.registry().suppressions(subject, after, limit + 1);
    let mut found = found.map_err(|error| registry_status(&error))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|suppression| suppression.number);
    Ok(v1::ListSuppressionsResponse {
        suppressions: found.into_iter().map(convert::suppression_message).collect(),
        next_page_token: last.map(|number| page::numbered(number, &request.subject)).unwrap_or_default(),
    })
}

fn lift_suppression(
    engine: &Engine,
    request: v1::LiftSuppressionRequest,
    actor: String,
) -> Result<v1::LiftSuppressionResponse, Status> {
    let ask = ask(request.request_id, false);
    let revision = engine.change(|registry| registry.lift(request.number, &actor, &request.reason, ask));
    Ok(v1::LiftSuppressionResponse { registry_revision: revision.map_err(|error| registry_status(&error))? })
}
