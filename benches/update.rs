//! What do users see of an update? A server of its own process gets 500 requests a second while a list with 100 changed
//! records is imported; requests that fail and answers that mix versions must be none.
//!
//! An optimised server on a machine of its own is meant: a busy one refuses calls, which counts as failed.
//!
//! `cargo bench --bench update`, or with the number of updates, `cargo bench --bench update -- 20`. Between them lie two
//! seconds.
//! The list is OFAC's, from `../shared/data/ofac`; without it, one of 5,000 records that is made here.

#[path = "common/allocator.rs"]
mod allocator;
#[allow(dead_code)]
#[path = "common/load.rs"]
mod load;
#[allow(dead_code)]
#[path = "../tests/it/process.rs"]
mod process;

use std::path::Path;
use std::time::Duration;

use exonym::model::{Kind, Record};
use exonym::sources::{self, Format};

/// Requests a second.
const RATE: u32 = 500;
const CHANGES: usize = 100;
const UPDATES: usize = 10;
/// Requests before the first update, between two, and after the last.
const PAUSE: usize = 2 * RATE as usize;
/// Records of the list that is made.
const RECORDS: usize = 5_000;

fn ofac() -> Option<Vec<Record>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ofac");
    let files: Vec<_> = ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"].map(|file| folder.join(file)).into();
    if !files.iter().all(|file| file.is_file()) {
        eprintln!("SKIPPED: {} is absent; a made list of {RECORDS} records stands in", folder.display());
        return None;
    }
    let dataset = "ofac".parse().expect("a name");
    Some(sources::read(Format::OfacCsv, &dataset, &files, None, &|_| {}).expect("the list can be read").records)
}

fn made() -> Vec<Record> {
    let words = ["Kvartal", "Saturn", "Vostok", "Parus", "Sever", "Yantar", "Almaz", "Rassvet"];
    let name = |number: usize| format!("{} {} {number}", words[number % 8], words[number / 8 % 8]);
    let id = |number: usize| format!("made:{number}").parse().expect("an id");
    (0..RECORDS).map(|number| Record::new(id(number), Kind::Organization, name(number))).collect()
}

fn quantile(times: &mut [Duration], share: f64) -> String {
    times.sort();
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).map_or("-".to_owned(), |time| format!("{:.1} ms", time.as_secs_f64() * 1e3))
}

fn main() {
    let updates = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(UPDATES);
    let (dataset, records) = ofac().map_or_else(|| ("made", made()), |records| ("ofac", records));
    println!("{} records of {dataset}, {CHANGES} of them changed, {RATE} requests a second", records.len());
    let update = load::Update::of(dataset, records, CHANGES);
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = process::Process::serve(&["--data", data.to_str().expect("a plain path")]);
    let mut seen = runtime.block_on(async {
        load::import(server.channel().await, dataset, &update.before).await.expect("the list can be imported");
        // The first requests of a process are slower: they are no measure of those before an update.
        load::drive(server.endpoint(), &update, RATE, PAUSE, 0).await;
        load::drive(server.endpoint(), &update, RATE, PAUSE, updates).await
    });
    for (when, times) in [("before", &mut seen.before), ("during", &mut seen.during), ("after", &mut seen.after)] {
        println!("{when:<7} {:>6} requests, p50 {}, p99 {}", times.len(), quantile(times, 0.5), quantile(times, 0.99));
    }
    for (what, times) in [("acknowledged after", &mut seen.imports), ("visible after that by", &mut seen.visible_after)]
    {
        println!("{} imports, {what} p50 {}, at most {}", times.len(), quantile(times, 0.5), quantile(times, 1.0));
    }
    println!("failed requests: {}, answers that mix versions: {}", seen.failures.len(), seen.mixed.len());
    seen.failures.iter().chain(&seen.mixed).take(10).for_each(|line| println!("  {line}"));
    let is_well = seen.failures.is_empty() && seen.mixed.is_empty() && seen.visible_after.len() == updates;
    // An exit ends nothing by itself: neither the server nor its folder.
    drop(server);
    drop(folder);
    std::process::exit(i32::from(!is_well));
}
