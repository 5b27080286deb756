//! A list changes while requests come in: none fails, none is answered from two versions, and the change shows.
//!
//! `cargo bench --bench update` does the same at 500 requests a second, with times.

#[allow(dead_code)]
#[path = "../../benches/common/load.rs"]
pub mod load;

use exonym::model::{Kind, Record};

use crate::process::{Process, run};

/// Enough for the change to become a small segment beside the large one.
const RECORDS: usize = 2_500;
const CHANGES: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn an_update_under_load_loses_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let name = |number: usize| format!("{} {number} Eksport", ["Kvartal", "Saturn", "Vostok", "Parus"][number % 4]);
    let record =
        |number: usize| Record::new(format!("own:{number}").parse().unwrap(), Kind::Organization, name(number));
    let update = load::Update::of("own", (0..RECORDS).map(record).collect(), CHANGES);
    let server = Process::serve(&["--data", data.to_str().unwrap()]);
    load::import(server.channel().await, "own", &update.before).await.unwrap();
    let seen = load::drive(server.endpoint(), &update, 50, 25, 2).await;
    assert_eq!(seen.failures, Vec::<String>::new());
    assert_eq!(seen.mixed, Vec::<String>::new());
    assert_eq!((seen.imports.len(), seen.visible_after.len()), (2, 2), "a change never showed");
    assert!(!seen.before.is_empty() && !seen.after.is_empty());
    assert!(server.end());
    let (fine, said) = run(&["check", "--data", "data"], folder.path());
    assert!(fine && said.contains("to the byte the one built anew"), "{said}");
}
