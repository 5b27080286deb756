use exonym::model::{Kind, Record};
use exonym::proto::v1::portfolio_service_client::PortfolioServiceClient;
use exonym::proto::v1::{
    Alert, AlertKind, DeleteSubjectsRequest, ListSubjectsRequest, PutSubjectsRequest, RollBackVersionRequest,
    ScreenedSubject, Subject, SuppressHitRequest, Verdict, WatchAlertsRequest, WatchAlertsResponse,
};
use tokio_stream::StreamExt;
use tonic::{Code, Streaming};

use crate::datasets::{import, record};
use crate::judgements::reason;
use crate::process::{Process, run};
use crate::server::{Server, query};
use crate::update::load;

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

#[tokio::test(flavor = "multi_thread")]
async fn the_command_puts_lists_watches_and_removes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let names = "id,name,kind\nc-1,Vostok Shipping,organization\nc-2,Запад Банк,\n";
    std::fs::write(folder.path().join("names.csv"), names).unwrap();
    let server = Process::serve(&["--data", data.to_str().unwrap()]);
    let url = server.url();
    let of = |names: &[(&str, &str)]| -> Vec<Record> {
        let record =
            |(id, name): &(&str, &str)| Record::new(id.parse().unwrap(), Kind::Organization, (*name).to_owned());
        names.iter().map(record).collect()
    };
    load::import(server.channel().await, "own", &of(&[("own:1", "Vostok Shipping")])).await.unwrap();
    let said = |arguments: &[&str]| {
        let (fine, said) = run(&[&["portfolio", "--server", &url], arguments].concat(), folder.path());
        assert!(fine, "{said}");
        said
    };
    let put = said(&["put", "names.csv"]);
    assert!(put.contains("c-1  Vostok Shipping\n  match") && put.contains("2 subjects put"), "{put}");
    let list = of(&[("own:1", "Vostok Shipping"), ("own:2", "Zapad Bank")]);
    load::import(server.channel().await, "own", &list).await.unwrap();
    let watched = said(&["watch", "--from-beginning", "--limit", "1"]);
    assert!(watched.contains("1  new      c-2  ") && watched.contains("Zapad Bank"), "{watched}");
    assert!(watched.contains("go on with --resume alert-1"), "{watched}");
    assert!(said(&["list"]).contains("c-2  Запад Банк\n  "), "a hit is listed");
    assert!(said(&["remove", "c-1", "c-9"]).contains("1 of 2 subjects removed"));
    assert!(!said(&["list"]).contains("c-1"));
    let (fine, refused) = run(&["portfolio", "--server", &url, "watch", "--resume", "alert-99"], folder.path());
    assert!(!fine && refused.contains("resume_token"), "{refused}");
    let (_, help) = run(&["portfolio", "--help"], folder.path());
    assert!(help.contains("--resume alert-17") && !help.contains("--registry"), "{help}");
}

/// What is known of a subject: its hits, by entity.
type Hits = std::collections::BTreeMap<String, i32>;

fn hits_of(screened: &ScreenedSubject) -> Hits {
    screened.hits.iter().map(|hit| (hit.entity_id.clone(), hit.verdict)).collect()
}

/// Brings hits up to date by an alert; what does not fit was told twice, or something before it was not.
fn take_up(hits: &mut Hits, alert: &Alert) {
    let hit = alert.hit.as_ref().unwrap();
    let (known, number) = (hits.remove(&hit.entity_id), alert.number);
    match alert.kind() {
        AlertKind::New => assert_eq!(known, None, "alert {number}"),
        AlertKind::Lost => assert_eq!(known, Some(hit.verdict), "alert {number}"),
        _ => assert_eq!(known, Some(alert.former_verdict), "alert {number}"),
    }
    if alert.kind() != AlertKind::Lost {
        hits.insert(hit.entity_id.clone(), hit.verdict);
    }
}

/// How often the server is killed while it puts, imports and screens.
const KILLS: u64 = 16;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_and_told_outlives_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let names = ["Vostok Shipping", "Sever Trading", "Zapad Bank", "Amur Timber", "Baltika Export"];
    let (mut known, mut told) = (std::collections::BTreeMap::<String, Hits>::new(), 0);
    let mut token = String::new();
    for kill in 0..=KILLS {
        let server = Process::serve(&["--data", data.to_str().unwrap()]);
        let channel = server.channel().await;
        let mut client = PortfolioServiceClient::new(channel.clone());
        let request = WatchAlertsRequest { from_beginning: token.is_empty(), resume_token: token.clone() };
        let mut alerts = client.watch_alerts(request).await.unwrap().into_inner();
        let list = client.list_subjects(ListSubjectsRequest { page_size: 1000, ..Default::default() });
        let there: Vec<String> = list.await.unwrap().into_inner().subjects.into_iter().map(id_of).collect();
        for id in known.keys() {
            assert_eq!(there.iter().filter(|own| *own == id).count(), 1, "{id} after kill {kill}");
        }
        let mut take = |message: WatchAlertsResponse, known: &mut std::collections::BTreeMap<String, Hits>| {
            for alert in &message.alerts {
                told += 1;
                assert_eq!(alert.number, told, "an alert was left out, or told twice");
                // Of a subject that was put and not answered nobody knows from where its alerts start.
                if let Some(hits) = known.get_mut(&alert.subject_id) {
                    take_up(hits, alert);
                }
            }
            token = message.resume_token;
        };
        if kill == KILLS {
            // At rest: what was told adds up to what is.
            let wait = std::time::Duration::from_secs(2);
            while let Ok(Some(message)) = tokio::time::timeout(wait, alerts.next()).await {
                take(message.unwrap(), &mut known);
            }
            let list = client.list_subjects(ListSubjectsRequest { page_size: 1000, ..Default::default() });
            for screened in list.await.unwrap().into_inner().subjects {
                if let Some(hits) = known.get(screened.subject.as_ref().unwrap().subject_id.as_str()) {
                    assert_eq!(*hits, hits_of(&screened), "{screened:?}");
                }
            }
            break;
        }
        let subjects = |names: &[&str]| names.iter().map(|name| subject(&format!("{name} {kill}"), name)).collect();
        let put = client.put_subjects(PutSubjectsRequest { subjects: subjects(&names) }).await.unwrap().into_inner();
        known.extend(put.subjects.iter().map(|own| (id_of(own.clone()), hits_of(own))));
        // The list has another two of the names each time; the server is killed while it takes them up.
        let records = (0..2).map(|of| {
            let number = ((kill + of * (1 + kill / 5)) % 5) as usize;
            Record::new(format!("own:{number}").parse().unwrap(), Kind::Organization, names[number].to_owned())
        });
        let records: Vec<Record> = records.collect();
        let records = if records[0].id == records[1].id { records[..1].to_vec() } else { records };
        let again = channel.clone();
        tokio::spawn(async move { load::import(again, "own", &records).await });
        let life = tokio::time::sleep(std::time::Duration::from_millis((kill * 37) % 150));
        tokio::pin!(life);
        loop {
            tokio::select! {
                () = &mut life => break,
                message = alerts.next() => match message {
                    Some(Ok(message)) => take(message, &mut known),
                    _ => break,
                },
            }
        }
        drop(server);
    }
    assert!(told >= 20, "{told} alerts prove little");
}

fn id_of(screened: ScreenedSubject) -> String {
    screened.subject.unwrap().subject_id
}
