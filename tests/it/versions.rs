use exonym::proto::v1::as_of::Point;
use exonym::proto::v1::{
    AsOf, DiffVersionsRequest, Difference, DifferenceKind, ListVersionsRequest, Opinion, PinVersionRequest,
    RecordJudgementRequest, ResolveItem, ResolveManyRequest, ResolveResponse, ResolveStreamRequest, RetainedVersion,
    RollBackVersionRequest, Scope, SuggestRequest, SuppressHitRequest, UnpinVersionRequest, Version,
    WithdrawJudgementRequest, resolve_item_result,
};
use exonym::resolver::{Engine, Thresholds};
use prost::Message;
use tokio_stream::StreamExt;
use tonic::{Code, Status};

use crate::datasets::{import, record};
use crate::judgements::reason;
use crate::server::{Server, query, request};

const NAMES: [&str; 4] = ["Vostok Shipping", "Sever Trading", "Zapad Bank", "Vostok"];

/// A list in one of its forms.
fn list(turn: usize) -> Vec<exonym::proto::v1::Record> {
    let mut records = vec![record("own:1", "Vostok Shipping"), record("own:2", "OOO Vostok Shipping")];
    match turn {
        0 => records.push(record("own:3", "Sever Trading")),
        1 => records.extend([record("own:3", "OOO Sever Trading"), record("own:4", "Zapad Bank")]),
        _ => records.push(record("own:4", "Zapad Bank")),
    }
    records
}

fn same(left: &str, right: &str) -> RecordJudgementRequest {
    let opinion = Opinion::Same.into();
    RecordJudgementRequest { left: left.into(), right: right.into(), opinion, ..Default::default() }
}

fn of(version: &Version) -> AsOf {
    AsOf { point: Some(Point::Version(version.clone())) }
}

async fn ask(server: &Server, text: &str, subject: &str, as_of: Option<AsOf>) -> Result<ResolveResponse, Status> {
    let mut asked = request(text);
    asked.subject = subject.to_owned();
    asked.scope = Some(Scope { as_of, ..Scope::default() });
    Ok(server.resolver().await.resolve(asked).await?.into_inner())
}

/// What is answered now, with the time of asking.
async fn answers(server: &Server) -> Vec<(&'static str, &'static str, ResolveResponse)> {
    let mut answers = Vec::new();
    for text in NAMES {
        for subject in ["", "customer 7"] {
            answers.push((text, subject, ask(server, text, subject, None).await.unwrap()));
        }
    }
    answers
}

async fn listed(server: &Server) -> Vec<RetainedVersion> {
    server.versions().await.list_versions(ListVersionsRequest::default()).await.unwrap().into_inner().versions
}

async fn diff(server: &Server, from: &Version, to: Option<&Version>) -> Vec<Difference> {
    let request = DiffVersionsRequest { from: Some(of(from)), to: to.map(of) };
    let messages = server.versions().await.diff_versions(request).await.unwrap().into_inner();
    let messages: Vec<_> = messages.map(Result::unwrap).collect().await;
    assert_eq!(messages[0].from.as_ref().unwrap().index_version, from.index_version);
    messages.into_iter().flat_map(|message| message.differences).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_answered_again_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    let mut judge = server.judgements().await;
    let mut history = Vec::new();
    let mut times = Vec::new();
    for step in 0..7 {
        match step {
            0 => drop(import(&server, list(0)).await.unwrap()),
            1 => drop(judge.record_judgement(same("own:1", "own:2")).await.unwrap()),
            2 => {
                let entity = history_entity(&history);
                let hit = SuppressHitRequest { subject: "customer 7".into(), entity_id: entity, ..Default::default() };
                judge.suppress_hit(hit).await.unwrap();
            }
            3 => drop(import(&server, list(1)).await.unwrap()),
            4 => {
                let undo = WithdrawJudgementRequest { number: 1, ..Default::default() };
                judge.withdraw_judgement(undo).await.unwrap();
            }
            5 => {
                let lift = exonym::proto::v1::LiftSuppressionRequest { number: 1, ..Default::default() };
                judge.lift_suppression(lift).await.unwrap();
            }
            _ => drop(import(&server, list(2)).await.unwrap()),
        }
        history.push(answers(&server).await);
        times.push(jiff::Timestamp::now());
        // Times are told apart by what is written down of them, which is far finer than this.
        while jiff::Timestamp::now() == times[step] {}
    }
    let check = async |server: &Server| {
        for (step, then) in history.iter().enumerate() {
            for (text, subject, answer) in then {
                let version = answer.version.clone().unwrap();
                let time = pbjson_types::Timestamp {
                    seconds: times[step].as_second(),
                    nanos: times[step].subsec_nanosecond(),
                };
                for point in [
                    Point::RegistryRevision(version.registry_revision),
                    Point::Version(version.clone()),
                    Point::Time(time),
                ] {
                    let as_of = AsOf { point: Some(point.clone()) };
                    let again = ask(server, text, subject, Some(as_of)).await.unwrap();
                    assert_eq!(
                        again.encode_to_vec(),
                        answer.encode_to_vec(),
                        "step {step}: {text} {subject} {point:?}"
                    );
                }
            }
        }
    };
    check(&server).await;
    let differ = |one: usize, other: usize| {
        history[one].iter().zip(&history[other]).any(|(a, b)| a.2.candidates != b.2.candidates)
    };
    assert!((0..6).all(|step| differ(step, step + 1)), "a step changed no answer, so it proves nothing");
    drop(server);
    let server = Server::again(folder.path()).await;
    check(&server).await;
    // Batches, streams and suggestions are asked as of then, too.
    let version = history[0][0].2.version.clone().unwrap();
    let items: Vec<ResolveItem> = history[0]
        .iter()
        .map(|(text, subject, _)| {
            let (query, subject) = (Some(query(text)), (*subject).to_owned());
            ResolveItem { item_id: (*text).to_owned(), query, subject }
        })
        .collect();
    let scope = Some(Scope { as_of: Some(of(&version)), ..Scope::default() });
    let many = ResolveManyRequest { items: items.clone(), scope: scope.clone(), options: request("").options };
    let results = server.resolver().await.resolve_many(many.clone()).await.unwrap().into_inner().results;
    let expected = history[0].iter().map(|(.., answer)| Some(resolve_item_result::Result::Response(answer.clone())));
    assert_eq!(results.iter().map(|one| one.result.clone()).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    // Where a stream asks is kept from message to message.
    let first = ResolveStreamRequest { items: items.clone(), scope, options: many.options };
    let messages = [first, ResolveStreamRequest { items, ..Default::default() }];
    let stream = server.resolver().await.resolve_stream(tokio_stream::iter(messages)).await.unwrap().into_inner();
    let streamed: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert!(streamed.iter().all(|message| message.results == results));
    let scope = Scope { as_of: Some(of(&version)), ..Scope::default() };
    let asked = SuggestRequest { text: "sever tr".into(), scope: Some(scope), ..Default::default() };
    let offered = server.resolver().await.suggest(asked).await.unwrap().into_inner();
    assert_eq!((offered.suggestions[0].record_id.as_str(), offered.version), ("own:3", Some(version)));
}

fn history_entity(history: &[Vec<(&str, &str, ResolveResponse)>]) -> String {
    history[0].iter().find(|(text, ..)| *text == "Sever Trading").unwrap().2.candidates[0].entity_id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_far_back_or_ahead_is_told_what_is_retained() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    engine.retain(2).unwrap();
    let server = Server::of_engine(engine.into(), folder.path()).await;
    let mut versions = Vec::new();
    for turn in 0..3 {
        versions.push(import(&server, list(turn)).await.unwrap().version.unwrap());
    }
    let files = std::fs::read_dir(folder.path().join("index")).unwrap().count();
    let retained = listed(&server).await;
    let indexes: Vec<&str> = retained.iter().map(|one| one.index_version.as_str()).collect();
    assert_eq!(indexes, [&versions[2].index_version, &versions[1].index_version]);
    assert_eq!((retained[0].serves, retained[1].serves, retained[0].record_count), (true, false, 3));
    let gone = ask(&server, "Vostok", "", Some(of(&versions[0]))).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "VERSION_NOT_RETAINED"));
    assert!(gone.message().contains(&versions[1].index_version), "{}", gone.message());
    let early = AsOf { point: Some(Point::RegistryRevision(versions[0].registry_revision)) };
    assert_eq!(reason(&ask(&server, "Vostok", "", Some(early)).await.unwrap_err()), "VERSION_NOT_RETAINED");
    let late = AsOf { point: Some(Point::RegistryRevision(99)) };
    let to_come = ask(&server, "Vostok", "", Some(late)).await.unwrap_err();
    assert_eq!((to_come.code(), reason(&to_come).as_str()), (Code::OutOfRange, "VERSION_TO_COME"));
    let never = Version { registry_revision: versions[2].registry_revision, ..versions[1].clone() };
    assert_eq!(reason(&ask(&server, "Vostok", "", Some(of(&never))).await.unwrap_err()), "VERSION_NOT_RETAINED");
    for (bad, field) in [
        (AsOf { point: None }, "scope.as_of"),
        (of(&Version { index_version: "../x".into(), ..Version::default() }), "scope.as_of.version.index_version"),
    ] {
        let refused = ask(&server, "Vostok", "", Some(bad)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().starts_with(field), "{}", refused.message());
    }
    // Files of the version that went are gone: a third import brings no more files than the second one had.
    import(&server, list(0)).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path().join("index")).unwrap().count(), files);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diff_tells_what_changed_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    let first = import(&server, list(0)).await.unwrap().version.unwrap();
    server.judgements().await.record_judgement(same("own:1", "own:2")).await.unwrap();
    let merged = server.resolve("Vostok").await.version.unwrap();
    let second = import(&server, list(1)).await.unwrap().version.unwrap();
    let kinds = |differences: &[Difference]| {
        let mut kinds: Vec<_> = differences.iter().map(|one| (one.record_id.clone(), one.kind())).collect();
        kinds.sort();
        kinds
    };
    let own = |number: u8, kind| (format!("own:{number}"), kind);

    let judged = diff(&server, &first, Some(&merged)).await;
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].kind(), DifferenceKind::Merged);
    let back = diff(&server, &merged, Some(&first)).await;
    assert_eq!((back[0].kind(), &back[0].entity_id), (DifferenceKind::Split, &judged[0].to_entity_id));

    let listed = diff(&server, &merged, Some(&second)).await;
    assert_eq!(kinds(&listed), [own(3, DifferenceKind::RecordChanged), own(4, DifferenceKind::EntityAdded)]);
    let changed = listed.iter().find(|one| one.record_id == "own:3").unwrap();
    assert_eq!(
        (&changed.names_added[..], &changed.names_removed[..]),
        (&["OOO Sever Trading".to_owned()][..], &["Sever Trading".to_owned()][..])
    );
    assert_eq!(changed.caption, "OOO Sever Trading");

    let third = import(&server, vec![record("own:1", "Vostok Shipping")]).await.unwrap().version.unwrap();
    let gone = diff(&server, &second, None).await;
    let expected = [
        own(2, DifferenceKind::RecordRemoved),
        own(3, DifferenceKind::EntityRemoved),
        own(4, DifferenceKind::EntityRemoved),
    ];
    assert_eq!(kinds(&gone), expected);
    assert!(diff(&server, &third, None).await.is_empty());
    let refused = server.versions().await.diff_versions(DiffVersionsRequest::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "INVALID_FIELD"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_version_serves_through_imports_and_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    engine.retain(2).unwrap();
    let server = Server::of_engine(engine.into(), folder.path()).await;
    import(&server, list(0)).await.unwrap();
    let then = answers(&server).await;
    let pinned = PinVersionRequest { reason: "audit".into(), on_behalf_of: "alice".into(), ..Default::default() };
    let version = server.versions().await.pin_version(pinned).await.unwrap().into_inner().version;
    assert_eq!(version, then[0].2.version);
    for turn in [1, 2, 1, 2] {
        assert_eq!(import(&server, list(turn)).await.unwrap().version, version, "what serves is told");
    }
    server.judgements().await.record_judgement(same("own:1", "own:2")).await.unwrap();
    assert_eq!(answers(&server).await, then);
    drop(server);
    let server = Server::again(folder.path()).await;
    assert_eq!(answers(&server).await, then);
    let retained = listed(&server).await;
    assert_eq!(retained.len(), 3, "two, and the pinned one");
    let pin = retained[2].pin.clone().unwrap();
    assert_eq!((pin.actor.as_str(), pin.reason.as_str(), pin.rolled_back), ("alice", "audit", false));

    let unpin = UnpinVersionRequest { on_behalf_of: "bob".into(), ..Default::default() };
    let newest = server.versions().await.unpin_version(unpin).await.unwrap().into_inner();
    assert_eq!(newest.version.as_ref().unwrap().index_version, retained[0].index_version);
    let best = server.resolve("Vostok Shipping").await.candidates.remove(0);
    assert_eq!(best.record_ids.len(), 2, "what was judged meanwhile holds now");
    assert_eq!(listed(&server).await.len(), 2);
    let again = server.versions().await.unpin_version(UnpinVersionRequest::default()).await.unwrap_err();
    assert_eq!((again.code(), reason(&again).as_str()), (Code::FailedPrecondition, "NOT_PINNED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_lasts_until_the_next_list() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    import(&server, list(0)).await.unwrap();
    let then = answers(&server).await;
    let bad = import(&server, list(2)).await.unwrap().version.unwrap();
    assert_ne!(answers(&server).await, then);
    let back = server.versions().await.roll_back_version(RollBackVersionRequest::default()).await.unwrap().into_inner();
    assert_eq!(back.version, then[0].2.version);
    assert_eq!(answers(&server).await, then);
    let rolled_back = jiff::Timestamp::now();
    let corrected = import(&server, list(1)).await.unwrap().version.unwrap();
    assert_ne!(corrected.index_version, bad.index_version);
    assert_eq!(server.resolve("Vostok").await.version.unwrap(), corrected);
    assert!(listed(&server).await.iter().all(|one| one.pin.is_none()));
    // At that time the earlier version served, whatever was published before.
    let time = pbjson_types::Timestamp { seconds: rolled_back.as_second(), nanos: rolled_back.subsec_nanosecond() };
    let as_of = Some(AsOf { point: Some(Point::Time(time)) });
    assert_eq!(ask(&server, NAMES[1], "", as_of).await.unwrap(), then[2].2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bundled_list_has_a_version_that_cannot_be_pinned() {
    let server = Server::of_sample().await;
    let versions = listed(&server).await;
    assert!(versions[0].serves);
    let refused = server.versions().await.pin_version(PinVersionRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused), "READ_ONLY");
}
