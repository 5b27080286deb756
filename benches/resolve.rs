//! How long does it take to resolve one name? By script, on a list of 50,000 names.
//!
//! `cargo bench --bench resolve`

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use exonym::resolver::{Detail, Options, Query, Scope};

fn resolve(criterion: &mut Criterion) {
    let snapshot = common::snapshot(50_000);
    let mut group = criterion.benchmark_group("resolve one name of 50,000");
    for (script, from, to) in [("Latin", 'A', 'z'), ("Cyrillic", 'А', 'я'), ("Hangul", '가', '힣')] {
        let queries = common::queries(from, to);
        let options = Options { detail: Detail::None, ..Options::default() };
        let mut next = 0;
        group.bench_function(script, |bencher| {
            bencher.iter(|| {
                let (kind, text) = &queries[next % queries.len()];
                next += 1;
                let query = Query { kind: *kind, ..Query::of_name(text.clone()) };
                snapshot.resolve(&query, &Scope::default(), &options)
            });
        });
    }
    group.bench_function("a name on no list", |bencher| {
        let options = Options { detail: Detail::None, ..Options::default() };
        bencher.iter(|| snapshot.resolve(&Query::of_name("Wilhelmina Featherstone"), &Scope::default(), &options));
    });
    group.finish();
}

criterion_group!(benches, resolve);
criterion_main!(benches);
