//! What does an index of so many names cost: to build, to keep, to open, to ask?
//!
//! `cargo bench --bench scale -- 100000 1000000 10000000`; without numbers, 100,000 names. Names are recombined: see
//! `common/recombined.rs`. The index lies in the folder `EXONYM_SCALE_DIR`, or in one that is removed afterwards.
//! Times are those of the processor, so that other work on the machine does not count; "a core" is all of it together
//! divided by what one core did.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use common::recombined::{Letters, Recombiner};
use exonym::index::{Index, NameOrd, OpenOptions, Verify};
use exonym::model::{EntityId, Record};
use exonym::registry::Leads;
use exonym::resolver::indexer::{self, Indexer};
use exonym::resolver::{Detail, Options, Query, Resolution, Scope, Snapshot, Thresholds};
use exonym::storage::FsDirectory;
use rustix::time::{ClockId, clock_gettime};

/// Queries of each script.
const QUERIES: usize = 400;
/// Names of a stream.
const STREAM: u32 = 8000;
/// How often each of the worst names is asked, and behind how many other ones.
const REPEATED: usize = 5;
const OTHERS: usize = 50;
/// Records that are made at a time, outside of what is measured.
const BATCH: usize = 4096;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|argument| argument.replace('_', "").parse().ok()).collect();
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let sizes = match (sizes.is_empty(), is_bench) {
        (false, _) => sizes,
        (true, true) => vec![100_000],
        // Run as a test: only that it runs.
        (true, false) => vec![2_000],
    };
    run(&sizes);
}

pub fn run(sizes: &[usize]) {
    for names in sizes.iter().copied() {
        let temporary = tempfile::tempdir().expect("a folder for temporary files");
        let kept = std::env::var("EXONYM_SCALE_DIR").ok().filter(|folder| !folder.is_empty());
        let folder = kept.map_or(temporary.path().to_owned(), Into::into);
        measure(names, &folder.join(format!("scale-{names}")));
    }
}

fn cpu(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What the whole program has cost the processor so far.
fn process() -> Duration {
    cpu(ClockId::ProcessCPUTime)
}

/// A line of `/proc/self/status` in MiB; 0 where there is none.
fn memory(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line)?.split_whitespace().next()?.parse::<f64>().ok());
    found.unwrap_or(0.0) / 1024.0
}

fn measure(names: usize, folder: &Path) {
    println!("\n## {names} names\n");
    let directory = FsDirectory::create(folder).expect("a folder of one's own");
    let mut made = Recombiner::new(7);
    let before = memory("VmRSS:");
    let (count, analysing, writing) = build(names, &mut made, &directory);
    let per_core = |time: Duration| count as f64 / time.as_secs_f64() / 1000.0;
    println!("built: {count} names; {:.0} k names/s/core from text", per_core(analysing + writing));
    println!("  read and gathered: {:.0} k names/s/core", per_core(analysing));
    println!("  sorted and written: {:.0} k names/s/core, {:.2} s", per_core(writing), writing.as_secs_f64());
    println!("  memory: {:.0} MiB at the peak, {before:.0} before", memory("VmHWM:"));

    let started = Instant::now();
    let options = OpenOptions { verify: Verify::Dictionaries, ..OpenOptions::default() };
    let index = Index::open_with(&directory, options).expect("what was just built");
    let opened = started.elapsed();
    sizes(&index, count);
    let started = process();
    index.verify().expect("what was just built");
    let verified = process() - started;
    let bytes: u64 = index.manifest().files().map(|file| file.length).sum();
    println!("opened in {:.1} ms before verification", opened.as_secs_f64() * 1e3);
    println!("verified at {:.2} GB/s a core", bytes as f64 / verified.as_secs_f64() / 1e9);
    drop(index);

    change(&directory, &mut made);
    let snapshot = Snapshot::open(&directory, Leads::default(), Thresholds::default()).expect("what was just built");
    let mut medians = Vec::new();
    for letters in [Letters::Latin, Letters::Cyrillic, Letters::Hangul] {
        medians.push(ask(&snapshot, letters, &made));
    }
    medians.sort_unstable();
    worst(&directory, &made, medians[medians.len() / 2]);
    stream(&directory, &mut made);
}

/// Builds the index. Returns how many names it has, and the time to gather and to write them.
fn build(names: usize, made: &mut Recombiner, directory: &FsDirectory) -> (usize, Duration, Duration) {
    let mut indexer = Indexer::default();
    let (mut count, mut gathering) = (0, Duration::ZERO);
    let mut batch: Vec<(Record, EntityId)> = made.planted_records();
    loop {
        batch.truncate(names.max(1));
        count += batch.iter().map(|(record, _)| record.names.len()).sum::<usize>();
        let started = process();
        for (record, entity) in batch.drain(..) {
            indexer.push(record, entity).expect("made records are sound");
        }
        gathering += process() - started;
        if count >= names {
            break;
        }
        batch.extend((0..BATCH.min(names - count)).map(|_| made.next()));
    }
    let started = process();
    let builder = indexer.finish().expect("made records are sound");
    builder.finish(directory, indexer::versions()).expect("a disk with room");
    (count, gathering, process() - started)
}

fn sizes(index: &Index, names: usize) {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for file in index.manifest().files() {
        let kind = if file.kind.starts_with("terms-") { "terms" } else { &file.kind };
        *kinds.entry(if kind.starts_with("posts-") { "postings" } else { kind }).or_default() += file.length;
    }
    let each = |bytes: u64| bytes as f64 / names as f64;
    let all: u64 = kinds.values().sum();
    let strings = ["texts", "ids"].iter().filter_map(|kind| kinds.get(kind)).sum::<u64>();
    println!("kept: {:.1} bytes a name, {:.1} without the original strings and ids", each(all), each(all - strings));
    let parts: Vec<String> = kinds.iter().map(|(kind, bytes)| format!("{kind} {:.1}", each(*bytes))).collect();
    println!("  {}", parts.join(" · "));
    let terms: Vec<String> = index.manifest().segments[0]
        .lanes
        .iter()
        .map(|lane| format!("{}: {} terms, {} postings", lane.lane, lane.terms, lane.postings))
        .collect();
    println!("  lanes {}", terms.join(" · "));
}

/// How long a change of a thousand records takes to be shown. The index is left as it was.
fn change(directory: &FsDirectory, made: &mut Recombiner) {
    let index = Index::open_with(directory, OpenOptions { verify: Verify::Dictionaries, ..OpenOptions::default() });
    let index = index.expect("what was just built");
    let changed: Vec<(Record, EntityId)> = (0..1000).map(|_| made.next()).collect();
    let removed: Vec<_> = index.records().step_by(997).take(500).collect();
    let removed: Vec<_> = removed.into_iter().filter_map(|record| index.record_id(record)?.parse().ok()).collect();
    let (started, wall) = (process(), Instant::now());
    let manifest = indexer::change(&index, &changed, &removed, directory).expect("a disk with room");
    manifest.publish(directory).expect("a disk with room");
    let next = index.open_next(directory, OpenOptions::default()).expect("what was just written");
    let (used, wall) = (process() - started, wall.elapsed());
    let names = next.name_count();
    println!(
        "1,000 records added and {} removed: {:.2} s of the processor, {:.2} s to wait; {names} names then",
        removed.len(),
        used.as_secs_f64(),
        wall.as_secs_f64()
    );
    index.manifest().publish(directory).expect("a disk with room");
}

/// Names of the list, evenly chosen, and names of its words that nobody bears, one after the other on one thread: first
/// with nothing known, then again, when what was found for their words is.
fn stream(directory: &FsDirectory, made: &mut Recombiner) {
    let listed = |index: &Index| {
        let step = index.name_limit().div_ceil(STREAM);
        (0..index.name_limit()).step_by(step as usize).filter_map(|name| index.name_text(NameOrd(name))).collect()
    };
    let index = Index::open_with(directory, OpenOptions::default()).expect("what was just built");
    let nobody = (0..STREAM / 4).map(|_| made.next().0.names.remove(0).text).collect();
    for (whose, names) in [("of the list", listed(&index)), ("of nobody", nobody)] {
        let names: Vec<String> = names;
        let snapshot = Snapshot::open(directory, Leads::default(), Thresholds::default()).expect("what was just built");
        let rate = || {
            let started = cpu(ClockId::ThreadCPUTime);
            names.iter().for_each(|text| drop(resolve(&snapshot, text)));
            names.len() as f64 / (cpu(ClockId::ThreadCPUTime) - started).as_secs_f64()
        };
        println!("stream of {} names {whose}: {:.0} names/s/core, {:.0} again", names.len(), rate(), rate());
    }
}

/// What the names cost that are made to cost the most: each the median of some times, every time behind some other names
/// and with nothing known of its own words.
fn worst(directory: &FsDirectory, made: &Recombiner, median: Duration) {
    let long = |unit: &str| unit.chars().cycle().take(Query::MAX_NAME_CHARACTERS).collect::<String>();
    let units = ["a", "ㅏ가", "и ", "kim ", "eo yeo ng ", "김이박최정 ", "Иванов ", "trading company "];
    let mut names: Vec<String> = units.into_iter().map(long).collect();
    names.extend(["kim kim kim kim kim kim kim kim", "이이이이", "ooo ooo ltd co inc llc"].map(str::to_owned));
    let once = |text: &str| {
        let snapshot = Snapshot::open(directory, Leads::default(), Thresholds::default()).expect("what was just built");
        made.planted.iter().take(OTHERS).for_each(|(_, text)| drop(resolve(&snapshot, text)));
        let started = cpu(ClockId::ThreadCPUTime);
        let answer = resolve(&snapshot, text);
        (cpu(ClockId::ThreadCPUTime) - started, answer.is_some_and(|answer| answer.cut.is_some()))
    };
    let cost = |text: String| {
        let mut times: Vec<(Duration, bool)> = (0..REPEATED).map(|_| once(&text)).collect();
        times.sort_unstable();
        let (time, cut) = times[REPEATED / 2];
        (time, cut, text)
    };
    let (time, cut, text) = names.into_iter().map(cost).max().expect("some names");
    let head: String = text.chars().take(12).collect();
    let times = time.as_secs_f64() / median.as_secs_f64();
    println!("worst name, {head}…: {:.2} ms, {times:.1} times the median; cut: {cut}", time.as_secs_f64() * 1e3);
}

fn resolve(snapshot: &Snapshot, text: &str) -> Option<Resolution> {
    let options = Options { detail: Detail::None, ..Options::default() };
    snapshot.resolve(&Query::of_name(text), &Scope::default(), &options).ok()
}

/// The median of what queries in some letters take.
fn ask(snapshot: &Snapshot, letters: Letters, made: &Recombiner) -> Duration {
    let planted: Vec<&String> = made.planted.iter().filter(|(own, _)| *own == letters).map(|(_, text)| text).collect();
    let step = (planted.len() / QUERIES).max(1);
    let (mut times, mut works, mut cut) = (Vec::new(), Vec::new(), 0);
    for text in planted.into_iter().step_by(step) {
        let started = cpu(ClockId::ThreadCPUTime);
        let answer = resolve(snapshot, text);
        times.push(cpu(ClockId::ThreadCPUTime) - started);
        if let Some(answer) = answer {
            works.push(answer.work);
            cut += usize::from(answer.is_incomplete());
        }
    }
    times.sort_unstable();
    works.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!(
        "{letters:?}: p50 {:.2} ms, p99 {:.2} ms; work {} at the median; {cut} of {} incomplete",
        at(0.5),
        at(0.99),
        works.get(works.len() / 2).copied().unwrap_or(0),
        times.len()
    );
    times.get(times.len() / 2).copied().unwrap_or_default()
}
