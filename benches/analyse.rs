//! How long does it take to read one name? By script and kind; the figures are times of one name.
//!
//! `cargo bench --bench analyse`

#[path = "common/allocator.rs"]
mod allocator;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use exonym::model::Kind;
use exonym::names::{Hints, analyse};

/// Names as lists and customers write them: five of each group, of common length.
const GROUPS: [(&str, Kind, [&str; 5]); 8] = [
    (
        "Latin, person",
        Kind::Person,
        ["Kim Jong Un", "PAK, Yong Sik", "Vladimir Petrovich Sidorov", "RI Chol-min", "Anna Kuznetsova"],
    ),
    (
        "Cyrillic, person",
        Kind::Person,
        ["Ким Чен Ын", "Сидоров Владимир Петрович", "Иванов И. И.", "Анна Кузнецова", "Пак Ён Сик"],
    ),
    ("Hangul, person", Kind::Person, ["김정은", "박영식", "남궁 민", "리용호", "블라지미르 시도로브"]),
    (
        "Latin, organization",
        Kind::Organization,
        [
            "Pyongyang Green Hill Trading Corporation",
            "Mokran LLC",
            "Vostok Shipping Co., Ltd.",
            "OOO Severnaya Zvezda",
            "Korea Heavy Machinery Group",
        ],
    ),
    (
        "Cyrillic, organization",
        Kind::Organization,
        [
            "ООО «Мокран»",
            "АО «Северная звезда»",
            "Торговый дом «Восток»",
            "Дальневосточная судоходная компания",
            "ПАО Банк «Заря»",
        ],
    ),
    (
        "Hangul, organization",
        Kind::Organization,
        ["조선철산무역총회사", "주식회사 동방상사", "(주)한빛해운", "대성은행", "평양기계공장"],
    ),
    (
        "Latin, unknown kind",
        Kind::Unknown,
        [
            "Kim Jong Un",
            "Pyongyang Green Hill Trading Corporation",
            "Vladimir Petrovich Sidorov",
            "Mokran LLC",
            "M/V Chong Song",
        ],
    ),
    (
        "Hangul, unknown kind",
        Kind::Unknown,
        ["김정은", "조선철산무역총회사", "박영식 대장", "주식회사 동방상사", "대성은행"],
    ),
];

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("analyse one name");
    group.throughput(Throughput::Elements(1));
    for (what, kind, names) in GROUPS {
        let hints = Hints { kind, ..Hints::default() };
        let mut next = 0;
        group.bench_function(what, |bencher| {
            bencher.iter(|| {
                next = (next + 1) % names.len();
                analyse(names[next], &hints)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
