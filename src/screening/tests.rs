use super::*;
use crate::model::{Kind, Record};
use crate::registry::{Guard, Import};
use crate::resolver::{Engine, Query, Thresholds};

fn read(bytes: &[u8]) -> Option<Query> {
    Some(Query::of_name(std::str::from_utf8(bytes).ok()?))
}

fn subject(id: &str, name: &str) -> (Subject, Query) {
    (Subject { id: id.to_owned(), bytes: name.as_bytes().to_vec() }, Query::of_name(name))
}

fn import(engine: &Engine, names: &[(&str, &str)]) {
    let record =
        |(id, name): &(&str, &str)| Record::new(format!("own:{id}").parse().unwrap(), Kind::Organization, *name);
    let import = Import {
        dataset: "own".parse().unwrap(),
        records: names.iter().map(record).collect(),
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        guard: Guard::default(),
    };
    engine.import(import).unwrap();
}

fn catch_up(portfolio: &Portfolio, engine: &Engine) -> usize {
    (0..).take_while(|_| portfolio.step(engine).unwrap()).count()
}

#[test]
fn only_what_changed_is_told_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    import(&engine, &[("1", "Vostok Shipping")]);
    let portfolio = Portfolio::open(folder.path(), read).unwrap();
    let put = portfolio.put(&engine, vec![subject("a", "Vostok Shipping"), subject("b", "Sever Trading")]).unwrap();
    assert_eq!((put[0].hits.len(), put[1].hits.len()), (1, 0));
    assert_eq!((catch_up(&portfolio, &engine), portfolio.bounds().unwrap()), (0, (1, 0)));

    import(&engine, &[("1", "Vostok Shipping"), ("2", "Sever Trading LLC")]);
    assert!(catch_up(&portfolio, &engine) > 0);
    let told = portfolio.alerts(0, 10).unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].subject.as_str()), (1, AlertKind::New, "b"));
    // After a restart nothing is told again, and what changed meanwhile is.
    drop(portfolio);
    let portfolio = Portfolio::open(folder.path(), read).unwrap();
    assert_eq!(catch_up(&portfolio, &engine), 0);
    import(&engine, &[("2", "Sever Trading LLC")]);
    catch_up(&portfolio, &engine);
    let told = portfolio.alerts(told[0].number, 10).unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].subject.as_str()), (1, AlertKind::Lost, "a"));
    assert_eq!(portfolio.delete(&["a".to_owned(), "z".to_owned()]).unwrap(), 1);
    let left: Vec<String> = portfolio.subjects("", 10).unwrap().into_iter().map(|own| own.subject.id).collect();
    assert_eq!(left, ["b"]);
}

#[test]
fn whom_a_change_concerns_is_told_first() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    import(&engine, &[("1", "Vostok Shipping"), ("2", "Amur Timber")]);
    let portfolio = Portfolio::open(folder.path(), read).unwrap();
    let mut subjects: Vec<_> = (0..60).map(|number| subject(&format!("s{number:02}"), "Mokran Lesnoy")).collect();
    subjects.extend([subject("x", "Sever Trading"), subject("y", "ООО Запад Банк"), subject("z", "Vostok Shipping")]);
    portfolio.put(&engine, subjects).unwrap();
    assert_eq!(catch_up(&portfolio, &engine), 0);
    // One comes with its name, one changes to it, one goes.
    import(&engine, &[("2", "Zapad Bank"), ("3", "OOO Sever Trading")]);
    assert!(portfolio.step(&engine).unwrap());
    let told = portfolio.alerts(0, 10).unwrap();
    let told: Vec<_> = told.iter().map(|alert| (alert.subject.as_str(), alert.kind)).collect();
    assert_eq!(told, [("x", AlertKind::New), ("y", AlertKind::New), ("z", AlertKind::Lost)]);
    assert!(catch_up(&portfolio, &engine) > 2, "the others are screened too");
    assert_eq!(portfolio.alerts(0, 10).unwrap().len(), 3);
}

#[test]
fn stored_hits_are_those_of_a_full_screening() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    let portfolio = Portfolio::open(folder.path(), read).unwrap();
    let words = ["Vostok", "Sever", "Zapad", "Baltic", "Mokran", "Lesnoy", "Amur"];
    let name = |number: usize| format!("{} {} Trading", words[number % 7], words[number * 3 % 5]);
    let subjects: Vec<_> = (0..70).map(|number| subject(&format!("s{number:03}"), &name(number))).collect();
    portfolio.put(&engine, subjects.clone()).unwrap();
    let mut known: Vec<Screened> = portfolio.subjects("", 100).unwrap();
    for turn in 1..5 {
        let list: Vec<(String, String)> =
            (0..turn * 3).map(|number| (number.to_string(), name(number + turn))).collect();
        let list: Vec<(&str, &str)> = list.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
        import(&engine, &list);
        assert!(catch_up(&portfolio, &engine) > 2, "more than one step");
        let screened = portfolio.subjects("", 100).unwrap();
        let snapshot = engine.snapshot();
        let (after, mut alerts) = (portfolio.bounds().unwrap().1, 0);
        for (own, before) in screened.iter().zip(&known) {
            let query = read(&own.subject.bytes).unwrap();
            assert_eq!(own.hits, screen::hits(&engine, &snapshot, &own.subject.id, &query).unwrap().unwrap());
            alerts += screen::compare(&before.hits, &own.hits, &snapshot).len() as u64;
        }
        let told: u64 = portfolio.alerts(0, 10_000).unwrap().len() as u64;
        assert!(alerts <= told && told == after, "{alerts} of {told}");
        known = screened;
    }
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(Portfolio::FILE);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 7").unwrap();
    drop(other);
    let refused = Portfolio::open(folder.path(), read).err().unwrap();
    assert!(matches!(refused, ScreeningError::Foreign { .. }), "{refused}");
}
