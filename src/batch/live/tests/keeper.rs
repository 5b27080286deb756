use super::*;

/// The longest that a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

fn wait(keeper: &Keeper, until: impl Fn(&[Status]) -> bool) -> Vec<Status> {
    let mut statuses = keeper.statuses();
    let begun = std::time::Instant::now();
    while !until(&statuses) {
        assert!(begun.elapsed() < PATIENCE, "it never came: {statuses:?}");
        statuses = keeper.wait_for_change(&statuses, PATIENCE);
    }
    statuses
}

fn told_into(told: &Arc<Mutex<Vec<String>>>) -> super::super::keeper::Told {
    let told = Arc::clone(told);
    Box::new(move |status, done| {
        let word = match done {
            Ok(Outcome::Imported(report)) => format!("imported {}", report.counts.added),
            Ok(Outcome::Unchanged) => "unchanged".to_owned(),
            Err(error) => error.to_string(),
        };
        told.lock().unwrap().push(format!("{} {word}", status.name));
    })
}

#[test]
fn sources_are_looked_at_when_they_are_due_and_when_somebody_asks() {
    let site = Site::new(|head| match head.starts_with("GET /one") {
        true => ok(&list(3, "Alpha")),
        false => with(500, "", b""),
    });
    let house = House::of(site.url("/one.json"));
    let other = Source::new("other".parse().unwrap(), vec![site.url("/two.json")]);
    let told = Arc::default();
    let sources = vec![house.source.clone(), other];
    let keeper = Keeper::start(Arc::clone(&house.engine), house.data(), sources, told_into(&told)).unwrap();
    let statuses =
        wait(&keeper, |statuses| statuses.iter().all(|of| of.state.last_attempt.is_some() && !of.is_running));
    assert!(house.finds("Alpha Trading 1"));
    assert_eq!((statuses[0].state.records, statuses[0].state.failures), (3, 0));
    assert!(statuses[1].state.last_error.as_ref().unwrap().contains("the server answered 500"));
    // The one that failed comes again sooner than the one that went well.
    assert!(statuses[1].next_attempt < statuses[0].next_attempt);

    assert_eq!(keeper.request("nobody", false), Err(UnknownSource("nobody".to_owned())));
    site.now(|_| with(200, "", list(4, "Alpha").as_bytes()));
    assert!(keeper.request("other", false).unwrap().is_running);
    let statuses = wait(&keeper, |statuses| !statuses[1].is_running);
    assert_eq!((statuses[1].state.failures, statuses[1].state.records), (0, 4));
    assert!(keeper.stop(PATIENCE));
    let told = told.lock().unwrap();
    assert_eq!((told[0].as_str(), told[2].as_str(), told.len()), ("sample imported 3", "other imported 4", 3));
}

#[test]
fn a_known_source_is_not_fetched_again_by_a_restart() {
    let site = Site::new(|_| ok(&list(3, "Alpha")));
    let house = House::of(site.url("/one.json"));
    house.imports();
    let keeper =
        Keeper::start(Arc::clone(&house.engine), house.data(), vec![house.source.clone()], Box::new(|_, _| {}))
            .unwrap();
    let status = keeper.statuses().remove(0);
    assert!(status.next_attempt > status.state.last_success.unwrap());
    assert!(keeper.stop(PATIENCE));
    assert_eq!(site.asked().len(), 1);
}

#[test]
fn the_end_of_the_program_breaks_a_transfer_off() {
    let site = Site::new(|_| Answer::Drip(b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n".to_vec()));
    let house = House::of(site.url("/one.json"));
    let keeper =
        Keeper::start(Arc::clone(&house.engine), house.data(), vec![house.source.clone()], Box::new(|_, _| {}))
            .unwrap();
    while site.asked().is_empty() {
        thread::yield_now();
    }
    assert!(keeper.stop(PATIENCE));
    // It is no failure of the source, and nothing is left behind.
    assert_eq!(house.state(), State::default());
    assert_eq!(house.files(), Vec::<String>::new());
}
