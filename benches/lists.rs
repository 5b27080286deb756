//! How long does it take to import a list, and to open what was imported?
//!
//! `cargo bench --bench lists`

mod common;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use exonym::registry::{Guard, Import};
use exonym::resolver::{Engine, Thresholds};

/// The names of the list.
const NAMES: usize = 20_000;

fn import() -> Import {
    let records = common::records(NAMES).into_iter().map(|(record, _)| record);
    let records = records.filter(|record| record.dataset().as_str() == "made").collect();
    let dataset = "made".parse().expect("lower-case letters");
    Import {
        dataset,
        records,
        quarantined: 0,
        actor: "bench".to_owned(),
        request_id: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        guard: Guard::default(),
    }
}

fn lists(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a list of 20,000 names");
    group.sample_size(10).throughput(Throughput::Elements(NAMES as u64));
    group.bench_function("import into registry and index", |bencher| {
        let fresh = || (tempfile::tempdir().expect("a temporary folder"), import());
        bencher.iter_batched(
            fresh,
            |(folder, import)| {
                let engine = Engine::open(folder.path(), Thresholds::default()).expect("an empty folder opens");
                engine.import(import).expect("the made list can be imported");
                folder
            },
            BatchSize::PerIteration,
        );
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    Engine::open(folder.path(), Thresholds::default())
        .and_then(|engine| engine.import(import()))
        .expect("the made list can be imported");
    group.bench_function("open and verify", |bencher| {
        bencher.iter(|| Engine::open(folder.path(), Thresholds::default()).expect("what was imported opens"));
    });
    group.finish();
}

criterion_group!(benches, lists);
criterion_main!(benches);
