//! The wire is cut, and the server ends connections, at every message of a change: what was answered is there once, and
//! what is asked again with its request id happens once.

use super::proxy::{Fault, Proxy};
use super::{SERVER, Schema, is_there};
use crate::model::{Judgement, Opinion};
use crate::registry::store::Postgres;
use crate::registry::tests::{at, import, judgement, publish, record};
use crate::registry::{Ask, Import, Registry, RegistryError};

/// More messages than any change here has.
const MESSAGES: u64 = 200;

/// A registry behind a proxy, and the same one by a wire of its own.
struct Scene {
    schema: Schema,
    proxy: Proxy,
    behind: Registry,
    direct: Registry,
}

impl Scene {
    fn new() -> Scene {
        let schema = Schema::new();
        let server = SERVER.as_deref().unwrap();
        let (scheme, rest) = server.split_once("://").unwrap();
        let (user, host) = rest.split_once('@').map_or(("", rest), |(user, host)| (user, host));
        let (host, path) = host.split_once('/').unwrap_or((host, ""));
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
        let proxy = Proxy::to(&host);
        let user = if user.is_empty() { String::new() } else { format!("{user}@") };
        let url = format!("{scheme}://{user}{}/{path}", proxy.address());
        let url = super::with(&url, &format!("schema={0}&application_name={0}", schema.name));
        let direct = schema.open();
        publish(&direct, "a", &["a:1", "a:2", "a:3"]);
        let behind = Registry::over(Box::new(Postgres::open(&url, None, 4).unwrap()));
        Scene { schema, proxy, behind, direct }
    }

    fn fail_at(&self, message: u64, fault: Fault) {
        let name = self.schema.name.clone();
        self.proxy.fail_at(message, fault, move || {
            let schema = Schema { name: name.clone() };
            schema.cut_off();
            // Not this one's to drop.
            std::mem::forget(schema);
        });
    }
}

fn ask(request: &str) -> Ask {
    Ask { request_id: Some(request.to_owned()), ..Ask::from(at(1)) }
}

fn is_outage(error: &RegistryError) -> bool {
    error.is_outage()
}

#[test]
fn a_change_that_is_cut_off_anywhere_happens_once() {
    if !is_there() {
        return;
    }
    let scene = Scene::new();
    for fault in [Fault::Unsent, Fault::Unanswered, Fault::Terminated] {
        let mut told = 0;
        let mut uncertain = 0;
        for message in 0..MESSAGES {
            let request = format!("{fault:?}-{message}");
            let said = Judgement { actor: request.clone(), ..judgement("a:1", Opinion::Same, "a:2") };
            let before = (scene.direct.revision().unwrap(), scene.direct.judgements(0, 1000).unwrap().len());
            scene.fail_at(message, fault);
            let first = scene.behind.judge(said.clone(), ask(&request));
            let happened = scene.proxy.failed();
            if let Err(error) = &first {
                assert!(is_outage(error), "{request}: {error}");
                told += 1;
                uncertain += u32::from(matches!(error, RegistryError::Uncertain { .. }));
            }
            // The next call has a connection that works.
            let again = scene.behind.judge(said, ask(&request)).unwrap();
            if let Ok(first) = first {
                assert_eq!(first, again, "{request}");
            }
            let stored = scene.direct.judgements(0, 1000).unwrap();
            assert_eq!(stored.iter().filter(|one| one.judgement.actor == request).count(), 1, "{request}");
            assert_eq!((scene.direct.revision().unwrap(), stored.len()), (before.0 + 1, before.1 + 1), "{request}");
            if !happened {
                assert!(message > 5, "{fault:?}: only {message} messages");
                break;
            }
            assert!(message + 1 < MESSAGES, "a change has more than {MESSAGES} messages");
        }
        assert!(told > 0 && uncertain > 0, "{fault:?}: {told} told, {uncertain} of them uncertain");
    }
    assert_eq!(scene.direct.verify_audit(None).unwrap().findings, Vec::<String>::new());
    assert_eq!(scene.direct.verify().unwrap().findings, Vec::<String>::new());
}

#[test]
fn an_import_that_is_cut_off_is_there_as_a_whole_or_not_at_all() {
    if !is_there() {
        return;
    }
    let scene = Scene::new();
    let mut done = false;
    // Not every message: an import has many that are alike.
    for message in (0..400).step_by(3) {
        let request = format!("import-{message}");
        let names = format!("Name {message}");
        let records = (0..5).map(|number| record(&format!("b:{number}"), &format!("{names} {number}"))).collect();
        let asked = Import { request_id: Some(request), ..import("b", records) };
        scene.fail_at(message, Fault::Unanswered);
        let first = scene.behind.import(asked.clone());
        done = !scene.proxy.failed();
        let shown = |registry: &Registry| {
            let mut shown = Vec::new();
            let visit = &mut |record: crate::model::Record, _| {
                if record.id.as_str().starts_with("b:") {
                    shown.push(record.caption().starts_with(&format!("{names} ")));
                }
                Ok::<_, RegistryError>(())
            };
            registry.for_each_record(visit).unwrap();
            shown
        };
        let there = shown(&scene.direct);
        assert!(there.iter().all(|new| *new == there[0]), "message {message}: {there:?}");
        match &first {
            Ok(_) => assert_eq!(there, [true; 5]),
            Err(error) => assert!(is_outage(error), "message {message}: {error}"),
        }
        let again = scene.behind.import(asked).unwrap();
        assert_eq!(again.imported, 5);
        assert_eq!(shown(&scene.direct), [true; 5]);
        if done {
            break;
        }
    }
    assert!(done, "an import has more messages than were tried");
    assert_eq!(scene.direct.verify().unwrap().findings, Vec::<String>::new());
}

#[test]
fn reads_go_on_after_every_connection_was_cut_off() {
    if !is_there() {
        return;
    }
    let scene = Scene::new();
    // Several connections lie in the pool.
    let held: Vec<_> = (0..3).map(|_| scene.behind.store.read().unwrap()).collect();
    drop(held);
    assert!(scene.schema.cut_off() >= 3);
    assert_eq!(scene.behind.revision().unwrap(), 1);
    assert!(scene.schema.cut_off() >= 1);
    let receipt = scene.behind.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    scene.schema.cut_off();
    scene.behind.withdraw(receipt.number, "analyst", "", at(1)).unwrap();
    // What is under way when it is cut off fails clearly.
    let mut reading = scene.behind.store.read().unwrap();
    assert_eq!(reading.datasets().unwrap().len(), 1);
    scene.schema.cut_off();
    let error = reading.datasets().unwrap_err();
    assert!(is_outage(&error), "{error}");
    drop(reading);
    assert_eq!(scene.behind.datasets().unwrap().len(), 1);
}

#[test]
fn a_writer_that_was_cut_off_gives_its_turn_up() {
    if !is_there() {
        return;
    }
    let scene = Scene::new();
    let mut writing = scene.behind.store.write().unwrap();
    writing.set_revision(99).unwrap();
    scene.schema.cut_off();
    // Would wait for the turn that nobody has any more.
    scene.direct.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    let error = writing.commit().unwrap_err();
    assert!(is_outage(&error), "{error}");
    assert_eq!(scene.direct.revision().unwrap(), 2);
}

#[test]
fn a_change_whose_statement_failed_is_never_committed() {
    if !is_there() {
        return;
    }
    let scene = Scene::new();
    let mut writing = scene.direct.store.write().unwrap();
    writing.set_revision(99).unwrap();
    assert!(writing.remove_records(&["a:1\u{0}"]).is_err());
    // PostgreSQL itself would answer this without an error, and roll back.
    let error = writing.commit().unwrap_err();
    assert!(error.to_string().contains("an earlier statement of the transaction failed"), "{error}");
    assert_eq!(scene.direct.revision().unwrap(), 1);
}
