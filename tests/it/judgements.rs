use exonym::proto::v1::{
    ChangeKind, GetEntityRequest, ListEntityChangesRequest, ListJudgementsRequest, ListReferentsRequest,
    ListReviewQueueRequest, OnConflict, Opinion, ProposeReviewRequest, RecordJudgementRequest, SuppressHitRequest,
    Verdict, WatchChangesRequest, WatchChangesResponse, WithdrawJudgementRequest,
};
use tokio_stream::StreamExt;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt;

use crate::datasets::{import, record};
use crate::server::{Server, request};

/// A server of two records of one party and one of another.
async fn server(folder: &tempfile::TempDir) -> Server {
    let server = Server::of_data(folder.path()).await;
    let records = [("own:1", "Vostok Shipping"), ("own:2", "OOO Vostok Shipping"), ("own:3", "Sever Trading")];
    import(&server, records.map(|(id, name)| record(id, name)).into()).await.unwrap();
    server
}

fn same(left: &str, right: &str) -> RecordJudgementRequest {
    RecordJudgementRequest {
        left: left.into(),
        right: right.into(),
        opinion: Opinion::Same.into(),
        reason: "one address".into(),
        ..Default::default()
    }
}

pub fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

async fn next(changes: &mut Streaming<WatchChangesResponse>) -> WatchChangesResponse {
    let wait = std::time::Duration::from_secs(60);
    tokio::time::timeout(wait, changes.next()).await.expect("no change was told").unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judgement_takes_effect_with_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let mut judge = server.judgements().await;
    let before = server.resolve("Vostok Shipping").await;
    let index = before.version.unwrap().index_version;
    assert!(before.candidates.len() >= 2);

    let request = RecordJudgementRequest { request_id: "r1".into(), ..same("own:1", "own:2") };
    let done = judge.record_judgement(request.clone()).await.unwrap().into_inner();
    assert_eq!((done.number, done.moved.len(), done.clusters.len()), (1, 1, 1));
    assert_eq!(done.clusters[0].record_ids, ["own:1", "own:2"]);
    assert_eq!(judge.record_judgement(request).await.unwrap().into_inner(), done, "the same request, the same answer");

    // The index is the same, what is asked of it is grouped anew.
    let after = server.resolve("Vostok Shipping").await;
    let best = &after.candidates[0];
    assert_eq!(best.entity_id, done.clusters[0].entity_id);
    let mut records = best.record_ids.clone();
    records.sort();
    assert_eq!(records, ["own:1", "own:2"]);
    let version = after.version.unwrap();
    assert_eq!((&version.index_version, version.registry_revision), (&index, done.registry_revision));

    // A former id leads to the entity, and its history and records are told.
    let mut entities = server.entities().await;
    let former = done.moved[0].from_entity_id.clone();
    let found = entities.get_entity(GetEntityRequest { id: former.clone() }).await.unwrap().into_inner();
    assert!(found.redirected);
    assert_eq!(found.entity.unwrap().former_entity_ids, std::slice::from_ref(&former));
    let referents = entities.list_referents(ListReferentsRequest { id: former.clone() }).await.unwrap().into_inner();
    assert_eq!(referents.referents.iter().map(|one| one.record_id.as_str()).collect::<Vec<_>>(), ["own:1", "own:2"]);
    let asked = ListEntityChangesRequest { id: "own:1".into(), page_size: 2, page_token: String::new() };
    let first = entities.list_entity_changes(asked.clone()).await.unwrap().into_inner();
    let rest = ListEntityChangesRequest { page_token: first.next_page_token.clone(), ..asked };
    let rest = entities.list_entity_changes(rest).await.unwrap().into_inner();
    assert_eq!((first.changes.len(), rest.changes.len(), rest.next_page_token.as_str()), (2, 1, ""));
    assert_eq!((rest.changes[0].kind(), rest.changes[0].reason.as_str()), (ChangeKind::Merged, "one address"));

    // Undone, the two part again, over the same index.
    let undo = WithdrawJudgementRequest { number: 1, reason: "a homonym".into(), ..Default::default() };
    let undone = judge.withdraw_judgement(undo).await.unwrap().into_inner();
    assert_eq!(undone.moved[0].to_entity_id, former);
    let again = server.resolve("Vostok Shipping").await;
    assert!(again.candidates.iter().all(|candidate| candidate.record_ids.len() == 1));
    assert_eq!(again.version.unwrap().index_version, index);
    let listed = judge.list_judgements(ListJudgementsRequest::default()).await.unwrap().into_inner().judgements;
    assert_eq!(listed[0].withdrawal.as_ref().unwrap().reason, "a homonym");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contradiction_is_refused_with_its_reasons_or_waits() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let mut judge = server.judgements().await;
    judge.record_judgement(same("own:1", "own:2")).await.unwrap();
    let different = RecordJudgementRequest { opinion: Opinion::Different.into(), ..same("own:2", "own:1") };
    let checked = RecordJudgementRequest { validate_only: true, ..different.clone() };
    for request in [different.clone(), checked] {
        let status = judge.record_judgement(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "JUDGEMENT_CONFLICT"));
        assert!(status.message().contains("own:2 = own:1"), "{}", status.message());
    }
    let waiting = RecordJudgementRequest { on_conflict: OnConflict::Queue.into(), ..different };
    let queued = judge.record_judgement(waiting).await.unwrap().into_inner();
    assert_eq!((queued.number, queued.review_number), (0, 1));

    let proposal = |left: &str, right: &str, probability| ProposeReviewRequest {
        left: left.into(),
        right: right.into(),
        probability,
        ..Default::default()
    };
    judge.propose_review(proposal("own:1", "own:3", 0.01)).await.unwrap();
    let all = ListReviewQueueRequest { page_size: 1, ..Default::default() };
    let first = judge.list_review_queue(all.clone()).await.unwrap().into_inner();
    assert!(first.reviews[0].conflict.contains("own:2 = own:1"));
    let second = ListReviewQueueRequest { page_token: first.next_page_token, ..all };
    let second = judge.list_review_queue(second).await.unwrap().into_inner();
    assert_eq!((second.reviews[0].number, second.next_page_token.as_str()), (2, ""));
    let conflicts = ListReviewQueueRequest { conflicts_only: true, ..Default::default() };
    assert_eq!(judge.list_review_queue(conflicts).await.unwrap().into_inner().reviews.len(), 1);

    let bad = judge.propose_review(proposal("own:1", "own:3", 1.5)).await.unwrap_err();
    assert_eq!((bad.code(), reason(&bad).as_str()), (Code::InvalidArgument, "INVALID_FIELD"));
    let unknown = judge.record_judgement(same("own:1", "own:9")).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "RECORD_NOT_FOUND"));
    let missing = judge.withdraw_judgement(WithdrawJudgementRequest { number: 99, ..Default::default() }).await;
    assert_eq!(reason(&missing.unwrap_err()), "JUDGEMENT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suppressed_hit_is_marked_and_follows_the_entity() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let mut judge = server.judgements().await;
    let mut resolver = server.resolver().await;
    let plain = server.resolve("Sever Trading").await;
    let best = plain.candidates[0].clone();
    assert_eq!(plain.verdict(), Verdict::Match);
    let suppress = SuppressHitRequest {
        subject: "customer 7".into(),
        entity_id: best.entity_id.clone(),
        reason: "another address".into(),
        ..Default::default()
    };
    assert_eq!(judge.suppress_hit(suppress.clone()).await.unwrap().into_inner().number, 1);

    let mut asked = request("Sever Trading");
    asked.subject = "customer 7".into();
    let answer = resolver.resolve(asked.clone()).await.unwrap().into_inner();
    assert_eq!((answer.candidates[0].suppression_number, answer.verdict()), (1, Verdict::NoMatch));
    assert_eq!(server.resolve("Sever Trading").await.verdict(), Verdict::Match, "others are asked as before");

    judge.record_judgement(same("own:3", "own:1")).await.unwrap();
    let answer = resolver.resolve(asked).await.unwrap().into_inner();
    assert_eq!(answer.candidates[0].suppression_number, 1, "it holds for the merged entity");
    assert_eq!(judge.suppress_hit(suppress).await.unwrap().into_inner().number, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_changes_is_resumed_by_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let mut entities = server.entities().await;
    let all = WatchChangesRequest { from_beginning: true, ..Default::default() };
    let mut changes = entities.watch_changes(all).await.unwrap().into_inner();
    let added = next(&mut changes).await;
    assert_eq!(added.changes.len(), 3);
    assert!(added.changes.iter().all(|change| change.kind() == ChangeKind::Added));

    let done = server.judgements().await.record_judgement(same("own:1", "own:2")).await.unwrap().into_inner();
    let merged = next(&mut changes).await;
    let told = &merged.changes[0];
    assert_eq!((told.kind(), told.judgement_number), (ChangeKind::Merged, 1));
    assert_eq!(told.to_entity_id, done.clusters[0].entity_id);
    drop(changes);

    let resumed = WatchChangesRequest { resume_token: added.resume_token, ..Default::default() };
    let mut changes = entities.watch_changes(resumed).await.unwrap().into_inner();
    assert_eq!(next(&mut changes).await.changes, merged.changes);
    let mut changes = entities.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    assert_eq!(next(&mut changes).await, WatchChangesResponse { changes: vec![], resume_token: merged.resume_token });

    let retired = import(&server, vec![record("own:1", "Vostok Shipping")]).await.unwrap();
    assert_eq!(retired.removed, 2);
    let kinds: Vec<_> = next(&mut changes).await.changes.iter().map(|change| change.kind()).collect();
    assert_eq!(kinds, [ChangeKind::Removed, ChangeKind::Removed]);
    let gone = entities.get_entity(GetEntityRequest { id: "own:3".into() }).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "ENTITY_RETIRED"));
    let bad = WatchChangesRequest { resume_token: "nonsense".into(), ..Default::default() };
    assert_eq!(entities.watch_changes(bad).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bundled_list_cannot_be_judged() {
    let server = Server::of_sample().await;
    let status = server.judgements().await.record_judgement(same("own:1", "own:2")).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "READ_ONLY"));
}
