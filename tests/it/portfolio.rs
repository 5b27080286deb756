use exonym::proto::v1::{
    Alert, AlertKind, DeleteSubjectsRequest, ListSubjectsRequest, PutSubjectsRequest, RollBackVersionRequest, Subject,
    SuppressHitRequest, Verdict, WatchAlertsRequest, WatchAlertsResponse,
};
use tokio_stream::StreamExt;
use tonic::{Code, Streaming};

use crate::datasets::{import, record};
use crate::judgements::reason;
use crate::server::{Server, query};

fn subject(id: &str, name: &str) -> Subject {
    Subject { subject_id: id.into(), query: Some(query(name)) }
}

fn portfolio() -> PutSubjectsRequest {
    let names = [("a", "Vostok Shipping"), ("b", "Sever Trading"), ("c", "Запад Банк")];
    PutSubjectsRequest { subjects: names.map(|(id, name)| subject(id, name)).into() }
}

async fn next(alerts: &mut Streaming<WatchAlertsResponse>) -> WatchAlertsResponse {
    let wait = std::time::Duration::from_secs(60);
    tokio::time::timeout(wait, alerts.next()).await.expect("no alert was told").unwrap().unwrap()
}

fn told(alerts: &[Alert]) -> Vec<(&str, AlertKind)> {
    alerts.iter().map(|alert| (alert.subject_id.as_str(), alert.kind())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_update_tells_only_what_changed_for_the_portfolio() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    import(&server, vec![record("own:1", "Vostok Shipping")]).await.unwrap();
    let mut client = server.portfolio().await;
    let put = client.put_subjects(portfolio()).await.unwrap().into_inner().subjects;
    assert_eq!(put.iter().map(|own| own.hits.len()).collect::<Vec<_>>(), [1, 0, 0]);
    assert_eq!(put[0].hits[0].verdict(), Verdict::Match);
    let mut alerts = client.watch_alerts(WatchAlertsRequest::default()).await.unwrap().into_inner();
    let begin = next(&mut alerts).await;
    assert!(begin.alerts.is_empty(), "what was there when the subjects were put is no news");

    let list = || vec![record("own:1", "Vostok Shipping"), record("own:2", "OOO Sever Trading")];
    let version = import(&server, list()).await.unwrap().version;
    let first = next(&mut alerts).await;
    assert_eq!(told(&first.alerts), [("b", AlertKind::New)]);
    assert_eq!(first.alerts[0].version, version);
    // An update that concerns nobody tells nothing; the one after it tells what it did.
    import(&server, [list(), vec![record("own:3", "Amur Timber")]].concat()).await.unwrap();
    import(&server, vec![record("own:2", "OOO Sever Trading"), record("own:4", "Zapad Bank")]).await.unwrap();
    let mut second = next(&mut alerts).await;
    let resume_token = second.resume_token.clone();
    let mut more = Vec::new();
    while second.alerts.len() + more.len() < 2 {
        more.extend(next(&mut alerts).await.alerts);
    }
    second.alerts.extend(more);
    assert_eq!(told(&second.alerts), [("a", AlertKind::Lost), ("c", AlertKind::New)]);

    // A hit that somebody found to be another party is lost, and comes back with the version that had it.
    let hit = second.alerts[1].hit.clone().unwrap().entity_id;
    let suppress = SuppressHitRequest { subject: "c".into(), entity_id: hit, ..Default::default() };
    server.judgements().await.suppress_hit(suppress).await.unwrap();
    assert_eq!(told(&next(&mut alerts).await.alerts), [("c", AlertKind::Lost)]);

    drop(alerts);
    let resumed = WatchAlertsRequest { resume_token: begin.resume_token, ..Default::default() };
    let mut again = client.watch_alerts(resumed).await.unwrap().into_inner();
    assert_eq!(next(&mut again).await.alerts[..1], first.alerts[..]);
    let resumed = WatchAlertsRequest { resume_token, ..Default::default() };
    client.watch_alerts(resumed).await.unwrap();
    let bad = WatchAlertsRequest { resume_token: "alert-99".into(), ..Default::default() };
    assert_eq!(client.watch_alerts(bad).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_follow_what_serves_through_rollbacks_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    import(&server, vec![record("own:1", "Vostok Shipping")]).await.unwrap();
    server.portfolio().await.put_subjects(portfolio()).await.unwrap();
    let all = WatchAlertsRequest { from_beginning: true, ..Default::default() };
    let mut alerts = server.portfolio().await.watch_alerts(all.clone()).await.unwrap().into_inner();
    next(&mut alerts).await;
    import(&server, vec![record("own:1", "Vostok Shipping"), record("own:2", "Sever Trading")]).await.unwrap();
    assert_eq!(told(&next(&mut alerts).await.alerts), [("b", AlertKind::New)]);
    server.versions().await.roll_back_version(RollBackVersionRequest::default()).await.unwrap();
    assert_eq!(told(&next(&mut alerts).await.alerts), [("b", AlertKind::Lost)]);
    drop((alerts, server));
    let server = Server::again(folder.path()).await;
    let mut client = server.portfolio().await;
    let mut alerts = client.watch_alerts(all).await.unwrap().into_inner();
    assert_eq!(told(&next(&mut alerts).await.alerts), [("b", AlertKind::New), ("b", AlertKind::Lost)]);

    let page = ListSubjectsRequest { page_size: 2, ..Default::default() };
    let first = client.list_subjects(page.clone()).await.unwrap().into_inner();
    let rest = ListSubjectsRequest { page_token: first.next_page_token, ..page };
    let rest = client.list_subjects(rest).await.unwrap().into_inner();
    assert_eq!((first.subjects.len(), rest.subjects.len(), rest.next_page_token.as_str()), (2, 1, ""));
    assert_eq!(rest.subjects[0].subject, portfolio().subjects.pop());
    let ids = vec!["a".into(), "z".into()];
    let deleted = client.delete_subjects(DeleteSubjectsRequest { subject_ids: ids }).await.unwrap().into_inner();
    assert_eq!(deleted.deleted, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_subjects_are_refused_by_their_field() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    let mut client = server.portfolio().await;
    for (subjects, field) in [
        (vec![], "subjects"),
        (vec![subject("", "Vostok")], "subjects[0].subject_id"),
        (vec![subject("a", "Vostok"), subject("a", "Sever")], "subjects[1].subject_id"),
        (vec![subject("a", "Vostok"), subject("b", "…")], "subjects[1].query.names[0].text"),
        (vec![Subject { subject_id: "a".into(), query: None }], "subjects[0].query"),
    ] {
        let refused = client.put_subjects(PutSubjectsRequest { subjects }).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().starts_with(&format!("{field}: ")), "{}", refused.message());
    }
    assert!(client.list_subjects(ListSubjectsRequest::default()).await.unwrap().into_inner().subjects.is_empty());
    let sample = Server::of_sample().await;
    let refused = sample.portfolio().await.put_subjects(portfolio()).await.unwrap_err();
    assert_eq!(reason(&refused), "READ_ONLY");
}
