use super::*;

#[test]
fn a_list_is_fetched_once_and_again_when_it_changed() {
    let site = Site::new(|_| ok(&list(30, "Alpha")));
    let house = House::of(site.url("/lists/entities.ftm.json?token=secret"));
    assert_eq!(house.imports().added, 30);
    assert!(house.finds("Alpha Trading 7"));
    let state = house.state();
    assert!(state.last_success.is_some() && state.last_change.is_some() && state.last_error.is_none());
    assert_eq!((state.records, state.quarantined), (30, 0));
    assert_eq!(house.files(), ["entities.ftm.json", "state.json"]);

    site.now(|head| match head.to_ascii_lowercase().contains("if-none-match: \"1\"") {
        true => with(304, "", b""),
        false => with(500, "", b""),
    });
    assert!(house.is_unchanged());
    // What the server gives again under another tag is not imported again.
    site.now(|_| with(200, "ETag: \"2\"\r\n", list(30, "Alpha").as_bytes()));
    assert!(house.is_unchanged());
    site.now(|head| match head.to_ascii_lowercase().contains("if-none-match: \"2\"") {
        true => with(304, "", b""),
        false => with(500, "", b""),
    });
    assert!(house.is_unchanged());
    site.now(|_| with(200, "ETag: \"3\"\r\n", list(31, "Alpha").as_bytes()));
    let counts = house.imports();
    assert_eq!((counts.added, counts.unchanged), (1, 30));
    assert_eq!(house.files(), ["entities.ftm.json", "state.json"]);
    let state = std::fs::read_to_string(house.data().join("sources/sample/state.json")).unwrap();
    assert!(!state.contains("secret"), "{state}");
}

#[test]
fn what_is_known_outlives_a_restart_and_a_lost_file_is_fetched_again() {
    let site =
        Site::new(|_| with(200, "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n", list(5, "Alpha").as_bytes()));
    let mut house = House::of(site.url("/l.json"));
    house.imports();
    let before = house.state();
    // A new process knows what the old one wrote.
    let data = house.data();
    house.engine = Arc::new(Engine::in_memory(Thresholds::default()).unwrap());
    house.engine = Arc::new(Engine::open(&data, Thresholds::default()).unwrap());
    assert_eq!(house.state(), before);
    assert!(house.is_unchanged());
    assert!(site.asked()[1].to_ascii_lowercase().contains("if-modified-since: thu, 01 jan 2026 00:00:00 gmt"));
    // A file that is not as it was is fetched without a condition.
    for damage in ["", "damaged"] {
        let path = house.data().join(format!("sources/sample/take-{}/l.json", house.state().take));
        if damage.is_empty() {
            std::fs::remove_file(path).unwrap()
        } else {
            std::fs::write(path, damage).unwrap()
        }
        assert!(house.is_unchanged());
        assert!(!site.asked().last().unwrap().to_ascii_lowercase().contains("if-modified-since"));
    }
    // A state that cannot be read is none.
    std::fs::write(house.data().join("sources/sample/state.json"), "{").unwrap();
    assert_eq!(house.imports().unchanged, 5);
}

/// Whatever a server does, the version that was imported last serves on, and what went wrong is told.
#[test]
fn faults_leave_what_serves_and_are_told() {
    let site = Site::new(|_| ok(&list(40, "Alpha")));
    let mut house = House::of(site.url("/l.json"));
    house.source.max_bytes = 100_000;
    house.source.allow_http = true;
    house.imports();
    let served = house.engine.snapshot().version().clone();
    let body = list(40, "Beta");
    let long = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n{body}", body.len() + 10).into_bytes();
    let endless = "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n".to_owned() + &list(4000, "Beta");
    let looped = site.url("/l.json");
    let gzipped = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let bomb = gzipped(&" ".repeat(200_000));
    let cut = gzipped(&list(40, "Beta"));
    let cut = cut[..cut.len() / 2].to_vec();
    let faults: Vec<(Box<Script>, &str)> = vec![
        (Box::new(|_| with(500, "", b"oops")), "the server answered 500; it is tried again later"),
        (Box::new(|_| with(404, "", b"")), "the server answered 404; look at the address"),
        (Box::new(|_| with(403, "", b"")), "the server answered 403; look at the headers"),
        (Box::new(|_| with(204, "", b"")), "the server answered 204"),
        (Box::new(move |_| Answer::Bytes(long.clone())), "l.json: "),
        (Box::new(|_| Answer::Reset(b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n{\"id\"".to_vec())), "l.json: "),
        (Box::new(|_| Answer::Reset(Vec::new())), "l.json: "),
        (Box::new(|_| Answer::Bytes(b"220 mail.example.org ESMTP\r\n".to_vec())), "l.json: "),
        (
            Box::new(|_| Answer::Bytes(b"HTTP/1.1 200 X\r\nContent-Length: 100001\r\n\r\n".to_vec())),
            "the file has more than 100000 bytes; raise `max_bytes`",
        ),
        (Box::new(move |_| Answer::Bytes(endless.clone().into_bytes())), "the file has more than 100000 bytes"),
        (Box::new(move |_| with(200, "Content-Encoding: gzip\r\n", &bomb)), "the file has more than 100000 bytes"),
        (Box::new(move |_| with(200, "Content-Encoding: gzip\r\n", &cut)), "l.json: "),
        (
            Box::new(move |_| with(302, &format!("Location: {looped}\r\n"), b"")),
            "more than 5 redirects; look at the address",
        ),
        (Box::new(|_| ok("<!doctype html><html>Back soon</html>")), "it is a page of the web, no list"),
        (Box::new(|_| ok("")), "the format cannot be told: the file is empty"),
        (
            Box::new(|_| ok("{\"id\":\"c1\",\"schema\":\"Person\",\"properties\":{}}\n")),
            "has no record that can be taken over (1 are quarantined, the first at l.json:1: names",
        ),
        (Box::new(|_| ok(&list(35, "Alpha"))), "5 of 40 records are gone, more than may be"),
    ];
    let count = faults.len() as u32;
    for (number, (script, says)) in faults.into_iter().enumerate() {
        site.now(script);
        let error = house.fails();
        assert!(error.contains(says), "{number}: {error:?} does not say {says:?}");
        assert!(house.finds("Alpha Trading 7") && !house.finds("Beta Trading 7"), "{number}");
        assert_eq!(*house.engine.snapshot().version(), served, "{number}");
        let state = house.state();
        assert_eq!((state.last_error, state.failures), (Some(error), number as u32 + 1));
        assert_eq!(house.files(), ["l.json", "state.json"], "{number}: nothing unfinished is left behind");
    }
    assert_eq!(house.state().failures, count);
    // Then all is well again.
    site.now(|_| ok(&list(41, "Alpha")));
    assert_eq!(house.imports().added, 1);
    assert_eq!((house.state().failures, house.state().last_error), (0, None));
}

#[test]
fn a_list_that_drips_is_given_up() {
    let site = Site::new(|_| ok(&list(3, "Alpha")));
    let mut house = House::of(site.url("/l.json"));
    house.imports();
    site.now(|_| Answer::Drip(b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n".to_vec()));
    house.source.timeout = Duration::from_millis(300);
    assert!(house.fails().ends_with("it took longer than `timeout_seconds`"));
    assert!(house.finds("Alpha Trading 1"));
}

#[test]
fn a_compressed_list_is_read() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(list(12, "Alpha").as_bytes()).unwrap();
    let body = encoder.finish().unwrap();
    let site = Site::new(move |_| with(200, "Content-Encoding: gzip\r\n", &body));
    let house = House::of(site.url("/l.json"));
    assert_eq!(house.imports().added, 12);
    assert!(site.asked()[0].to_ascii_lowercase().contains("accept-encoding: gzip"));
}

#[test]
fn a_loss_is_taken_over_when_somebody_accepts_it() {
    let site = Site::new(|_| ok(&list(40, "Alpha")));
    let house = House::of(site.url("/l.json"));
    house.imports();
    site.now(|_| with(200, "ETag: \"2\"\r\n", list(20, "Alpha").as_bytes()));
    assert!(house.fails().contains("20 of 40 records are gone"));
    // It is refused again and again, not taken for known.
    assert!(house.fails().contains("20 of 40 records are gone"));
    let accepted = update(&house.engine, &house.data(), &house.source, true, &AtomicBool::new(false));
    assert!(matches!(accepted, Ok(Outcome::Imported(report)) if report.counts.removed == 20));
    assert!(!house.finds("Alpha Trading 30") && house.finds("Alpha Trading 7"));
}

#[test]
fn checksums_are_held() {
    let body = list(6, "Alpha");
    let digest = super::super::download::hexadecimal(&<sha2::Sha256 as sha2::Digest>::digest(body.as_bytes()));
    let published = digest.clone();
    let site = Site::new(move |head| match head.starts_with("GET /sums") {
        true => ok(&format!("{}  other.json\n{published} *l.json\n", "0".repeat(64))),
        false => ok(&body),
    });
    let mut house = House::of(site.url("/l.json"));
    house.source.sha256 = Some("a".repeat(64));
    assert!(house.fails().contains(&format!("has the SHA-256 {digest}, {} was expected", "a".repeat(64))));
    assert!(!house.finds("Alpha Trading 1"));
    house.source.sha256 = None;
    house.source.checksum_url = Some(site.url("/sums"));
    assert_eq!(house.imports().added, 6);
    assert!(house.is_unchanged());
    // The checksum says that there is a new version: it is not asked for under a condition.
    site.now(|head| match head.starts_with("GET /sums") {
        true => ok(&"b".repeat(64)),
        false => ok(&list(6, "Alpha")),
    });
    assert!(house.fails().contains("was expected; it is not taken over"));
    assert!(!site.asked().last().unwrap().to_ascii_lowercase().contains("if-none-match"));
    site.now(|_| ok("none here"));
    assert!(house.fails().ends_with("/sums: there is no SHA-256 in hexadecimal in it"));
    assert!(house.finds("Alpha Trading 1"));
}

#[test]
fn certificates_are_checked() {
    let (site, authority) = Site::https(|_| ok(&list(4, "Alpha")));
    let mut house = House::of(site.url("/l.json"));
    let unknown = house.fails();
    assert!(unknown.contains("UnknownIssuer") || unknown.contains("invalid peer certificate"), "{unknown}");
    let ca = house.folder.path().join("ca.pem");
    house.source.ca = Some(ca.clone());
    assert!(house.fails().contains("ca.pem: cannot be read"));
    std::fs::write(&ca, "nothing").unwrap();
    assert!(house.fails().contains("it holds no certificate in PEM"));
    std::fs::write(&ca, authority).unwrap();
    assert_eq!(house.imports().added, 4);
    // The name must fit too.
    house.source.urls = vec![site.url("/l.json").replace("localhost", "127.0.0.1")];
    assert!(house.fails().contains("certificate"));
    // Nobody is led out of TLS.
    house.source.urls = vec![site.url("/l.json")];
    site.now(|_| with(302, "Location: http://localhost:1/l.json\r\n", b""));
    assert!(house.fails().ends_with("it leads to an address in plaintext, which is not followed"));
    assert!(house.finds("Alpha Trading 1"));
}

#[test]
fn secrets_go_where_they_were_meant_to() {
    let site = Site::new(|head| match head.to_ascii_lowercase().contains("x-key: s3cret\r\n") {
        true => ok(&list(4, "Alpha")),
        false => with(401, "", b""),
    });
    let mut house = House::of(site.url("/l.json"));
    assert!(house.fails().contains("the server answered 401; look at the headers"));
    let file = house.folder.path().join("key");
    house.source.headers = vec![Header { name: "x-key".into(), value: HeaderValue::File(file.clone()) }];
    assert!(house.fails().contains("key: cannot be read"));
    std::fs::write(file, "s3cret\n").unwrap();
    assert_eq!(house.imports().added, 4);
    let other = Site::new(|_| ok(&list(4, "Beta")));
    let target = other.url("/l.json");
    site.now(move |_| with(302, &format!("Location: {target}\r\n"), b""));
    assert!(house.fails().contains("follows no redirect"));
    assert!(other.asked().is_empty());
    let value = HeaderValue::Text("s3cret".into());
    assert!(!format!("{value:?}").contains("s3cret"));
}

#[test]
fn a_list_of_several_files_is_one_version() {
    const SDN: &str = "9001,\"SAMPLE TRADING\",-0- ,\"DPRK\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n";
    let site = Site::new(|head| match head.starts_with("GET /sdn.csv") {
        true => with(200, "ETag: \"sdn\"\r\n", SDN.as_bytes()),
        false => with(200, "ETag: \"alt\"\r\n", b"9001,1,\"aka\",\"SAMPLE EXPORT\",-0- \r\n"),
    });
    let mut house = House::of(site.url("/sdn.csv"));
    house.source.urls.push(site.url("/alt.csv"));
    assert_eq!(house.imports().added, 1);
    assert!(house.finds("SAMPLE EXPORT"));
    // One file changed, the other one did not.
    site.now(|head| match head.starts_with("GET /sdn.csv") {
        true if head.to_ascii_lowercase().contains("if-none-match: \"sdn\"") => with(304, "", b""),
        true => with(500, "", b""),
        false => with(200, "ETag: \"alt2\"\r\n", b"9001,1,\"aka\",\"SAMPLE IMPORT\",-0- \r\n"),
    });
    assert_eq!(house.imports().changed, 1);
    assert!(house.finds("SAMPLE IMPORT") && house.finds("SAMPLE TRADING"));
    assert_eq!(house.files(), ["alt.csv", "sdn.csv", "state.json"]);
    // One file cannot be fetched: nothing is taken over.
    site.now(|head| match head.starts_with("GET /sdn.csv") {
        true => with(200, "", b"9001,\"OTHER\",-0- ,\"DPRK\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"),
        false => with(503, "", b""),
    });
    assert!(house.fails().contains("/alt.csv: the server answered 503"));
    assert!(house.finds("SAMPLE IMPORT") && !house.finds("OTHER"));
}
