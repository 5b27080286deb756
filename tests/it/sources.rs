//! Lists that the server fetches, with the program as an operator runs it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use exonym::proto::v1::dataset_service_client::DatasetServiceClient;
use exonym::proto::v1::resolver_service_client::ResolverServiceClient;
use exonym::proto::v1::{FetchSourceRequest, ListSourcesRequest, Source};
use tonic::Code;
use tonic::transport::Channel;

use crate::process::{Process, run};
use crate::server::request;

/// A site that gives a list to whoever has the key; the list can be changed.
fn site(list: &Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let list = Arc::clone(list);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let has_key = String::from_utf8_lossy(&head).to_ascii_lowercase().contains("x-key: s3cret");
            let body = list.lock().unwrap().clone();
            let status = if has_key { "200 OK" } else { "401 No" };
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            // A client that goes away is no matter of this test.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}/entities.ftm.json")
}

fn lines(count: usize, name: &str) -> String {
    let line = |number: usize| {
        format!("{{\"id\":\"c{number}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"{name} {number}\"]}}}}\n")
    };
    (0..count).map(line).collect()
}

async fn settled(datasets: &mut DatasetServiceClient<Channel>) -> Source {
    loop {
        let sources = datasets.list_sources(ListSourcesRequest {}).await.unwrap().into_inner().sources;
        match sources.into_iter().next().unwrap() {
            source if source.running || source.attempted_at.is_none() => tokio::task::yield_now().await,
            source => return source,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_fetches_its_lists_and_serves_the_last_good_one() {
    let list = Arc::new(Mutex::new(lines(30, "Obraztsovyi Eksport")));
    let url = site(&list);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("exonym.toml");
    let text = format!(
        "[server]\ndata = \"{0}/data\"\n[[source]]\nname = \"sample\"\nurl = \"{url}\"\n[source.headers]\nx-key = \"env:SAMPLE_KEY\"\n",
        folder.path().display()
    );
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();

    // The directory is made, the list fetched and served, without another word.
    let server = Process::serve(&["--config", config]);
    let mut datasets = DatasetServiceClient::new(server.channel().await);
    let mut resolver = ResolverServiceClient::new(server.channel().await);
    let source = settled(&mut datasets).await;
    assert_eq!((source.name.as_str(), source.record_count, source.last_error.as_str()), ("sample", 30, ""));
    let found = resolver.resolve(request("Образцовый Экспорт 7")).await.unwrap().into_inner();
    assert_eq!(found.candidates[0].record_ids, ["sample:c7"]);

    // Most of the list is gone: the old one serves, and the reason is told.
    *list.lock().unwrap() = lines(3, "Obraztsovyi Eksport");
    let (fine, said) = run(&["source", "fetch", "--server", &server.url(), "sample"], folder.path());
    assert!(!fine && said.contains("27 of 30 records are gone"), "{said}");
    let source = settled(&mut datasets).await;
    assert!(source.last_error.contains("27 of 30 records are gone") && source.failure_count == 1);
    let found = resolver.resolve(request("Obraztsovyi Eksport 7")).await.unwrap().into_inner();
    assert_eq!(found.candidates[0].record_ids, ["sample:c7"]);
    assert!(server.log().contains("a source could not be taken over"));
    assert!(!server.log().contains("s3cret"));

    // Somebody accepts it.
    let asked = FetchSourceRequest { name: "sample".into(), accept_loss: true };
    datasets.fetch_source(asked).await.unwrap();
    assert_eq!(settled(&mut datasets).await.record_count, 3);
    let unknown =
        datasets.fetch_source(FetchSourceRequest { name: "other".into(), accept_loss: false }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    assert!(server.end(), "the program ends well");

    // What is known outlives the process; without it, the command line fetches.
    let (fine, said) = run(&["source", "list", "--config", config], folder.path());
    assert!(fine && said.starts_with("sample (sample): well; 3 records, 0 quarantined;"), "{said}");
    let (fine, said) = run(&["source", "fetch", "--config", config], folder.path());
    assert!(fine && said == "sample: unchanged\n", "{said}");
    *list.lock().unwrap() = lines(4, "Obraztsovyi Eksport");
    let (fine, said) = run(&["source", "fetch", "--config", config, "sample"], folder.path());
    assert!(fine && said == "sample: added 1, changed 0, removed 0, quarantined 0\n", "{said}");
    let (fine, said) = run(&["source", "fetch", "--config", config, "smaple"], folder.path());
    assert!(!fine && said.contains("no source is called \"smaple\""), "{said}");
    let (fine, said) = run(&["check", "--data", "data"], folder.path());
    assert!(fine, "{said}");
}

#[test]
fn lists_are_imported_by_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("list"), lines(3, "Obraztsovyi Eksport")).unwrap();
    let (fine, said) = run(&["import", "--data", "data", "--dataset", "own", "list"], folder.path());
    assert!(fine && said.contains("own: read 3 = imported 3"), "{said}");
    std::fs::write(folder.path().join("page"), "<!doctype html><html></html>").unwrap();
    let (fine, said) = run(&["import", "--data", "data", "--dataset", "own", "page"], folder.path());
    assert!(!fine && said.contains("it is a page of the web"), "{said}");
    std::fs::write(folder.path().join("empty"), "").unwrap();
    let (fine, said) =
        run(&["import", "--data", "data", "--dataset", "own", "--format", "ftm", "empty"], folder.path());
    assert!(!fine && said.contains("has no record that can be taken over"), "{said}");
    let (_, said) = run(&["check", "--data", "data"], folder.path());
    assert!(said.contains("3 records"), "{said}");
}
