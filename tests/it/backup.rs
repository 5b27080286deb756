//! A backup is made while a server writes, and is the registry of then.

use exonym::model::{Kind, Record};

use crate::process::{Process, run};
use crate::update::load;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_running_server_is_its_registry() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let list = |name: &str| vec![Record::new("own:1".parse().unwrap(), Kind::Organization, name.to_owned())];
    let server = Process::serve(&["--data", data.to_str().unwrap()]);
    load::import(server.channel().await, "own", &list("Vostok Shipping")).await.unwrap();
    let (fine, said) = run(&["backup", "--data", "data", "copy.sqlite"], folder.path());
    assert!(fine && said.contains("copied to copy.sqlite"), "{said}");
    load::import(server.channel().await, "own", &list("Vostok Shipping Lines")).await.unwrap();
    let (fine, refused) = run(&["backup", "--data", "data", "copy.sqlite"], folder.path());
    assert!(!fine && refused.contains("copy.sqlite"), "{refused}");
    drop(server);

    let again = folder.path().join("again");
    std::fs::create_dir(&again).unwrap();
    std::fs::rename(folder.path().join("copy.sqlite"), again.join("registry.sqlite")).unwrap();
    let (fine, said) = run(&["audit", "verify", "--data", "again"], folder.path());
    assert!(fine && said.contains("1 link"), "{said}");
    let (fine, said) = run(&["resolve", "--data", "again", "--format", "jsonl", "Vostok Shipping"], folder.path());
    assert!(fine && said.contains("own:1") && !said.contains("Lines"), "{said}");
}
