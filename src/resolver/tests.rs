use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{Comparison, Detail, Query, QueryName, Thresholds, Verdict, compare};
use crate::model::{Identifier, IdentifierType, Kind};
use crate::score::weights;

const GOLDEN: &str = include_str!("../../tests/data/pairs.tsv");

fn of(kind: Kind, names: &[&str]) -> Query {
    let name = |text: &&str| QueryName { text: (*text).to_owned(), ..QueryName::default() };
    Query { kind, names: names.iter().map(name).collect(), ..Query::default() }
}

fn judge(left: &Query, right: &Query) -> Comparison {
    compare(left, right, &Thresholds::default(), Detail::Full).unwrap()
}

fn pair(kind: Kind, one: &str, other: &str) -> Comparison {
    judge(&of(kind, &[one]), &of(kind, &[other]))
}

#[test]
fn golden_pairs() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in GOLDEN.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, one, other, expected, why] = cells[..] else { panic!("five cells in {line:?}") };
        let kind: Kind = kind.parse().unwrap();
        count += 1;
        let found = pair(kind, one, other);
        let fits = match expected {
            "same" => found.verdict == Verdict::Match,
            "maybe" => found.verdict != Verdict::NoMatch,
            "differ" => found.verdict != Verdict::Match,
            "apart" => found.verdict == Verdict::NoMatch,
            _ => panic!("no verdict: {expected:?}"),
        };
        if !fits {
            wrong.push(format!("{one} | {other}: {expected} ({why}), found {:.3}", found.probability));
        }
    }
    assert!(count >= 200, "{count} pairs");
    assert!(wrong.is_empty(), "{} of {count} pairs:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn forms_alone_match_no_other_name() {
    for (one, other) in
        [("ООО", "Ltd."), ("ООО", "ЗАО Мокран"), ("Co., Ltd.", "Mokran Co., Ltd."), ("주식회사", "Inc.")]
    {
        assert_eq!(pair(Kind::Organization, one, other).verdict, Verdict::NoMatch, "{one} {other}");
    }
}

#[test]
fn a_fitting_identifier_settles_and_never_lowers() {
    let with = |query: &Query, value: &str| {
        let identifier = Identifier { kind: IdentifierType::Inn, value: value.into(), country: "RU".into() };
        Query { identifiers: vec![identifier], ..query.clone() }
    };
    for (one, other) in [("ООО Мокран", "Mokran LLC"), ("ООО Мокран", "ООО Лютик"), ("Мокран", "Mokran Trading")]
    {
        let (one, other) = (of(Kind::Organization, &[one]), of(Kind::Organization, &[other]));
        let without = judge(&one, &other);
        let same = judge(&with(&one, "7707083893"), &with(&other, "7707083893"));
        let another = judge(&with(&one, "7707083893"), &with(&other, "7736050003"));
        assert!(same.probability >= without.probability && same.score >= without.score);
        assert!(another.probability <= without.probability && another.score <= without.score);
        assert_eq!(same.verdict, Verdict::Match, "an equal number settles");
        assert_eq!(judge(&with(&one, "7707083893"), &other).score, without.score, "what one side lacks never counts");
    }
}

/// Names of all sorts: spelled well, badly, in several scripts, and noise.
fn name() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[A-Z][a-z]{1,9}",
        "[А-Я][а-я]{1,9}",
        "[가-힣]{1,3}",
        prop::sample::select(vec!["Kim", "Jong", "Un", "Иван", "Иванович", "LLC", "ООО", "Trading", "J.", "2", "김"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "))
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Unknown, Kind::Person, Kind::Organization, Kind::Vessel])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn comparing_is_symmetric(kind in kind(), one in name(), other in name()) {
        let (there, back) = (pair(kind, &one, &other), pair(kind, &other, &one));
        prop_assert_eq!(there.probability, back.probability);
        prop_assert_eq!(there.score, back.score);
    }

    #[test]
    fn addends_sum_to_the_score(kind in kind(), one in name(), other in name()) {
        let found = pair(kind, &one, &other);
        let sum: f64 = found.evidence.iter().map(|piece| piece.weight).sum();
        prop_assert!((sum - found.score).abs() < 1e-9, "{} {}", sum, found.score);
        // Whatever follows from the table alone tells of which of its weights.
        for piece in found.evidence.iter().filter(|piece| ["unmatched", "contradiction", "order"].contains(&piece.mechanism)) {
            let used: f64 = piece.uses.iter().map(|(name, times)| weights().get(name) * times).sum();
            prop_assert!(!piece.uses.is_empty() && (used - piece.weight).abs() < 1e-9, "{:?}", piece);
        }
    }

    #[test]
    fn nothing_fits_better_than_the_very_same(kind in kind(), one in name(), other in name()) {
        let same = pair(kind, &one, &one);
        prop_assert!(same.probability >= pair(kind, &one, &other).probability);
    }

    #[test]
    fn normal_form_and_order_of_aliases_do_not_count(kind in kind(), one in name(), two in name(), three in name()) {
        let plain = judge(&of(kind, &[&one, &two]), &of(kind, &[&three]));
        let turned = judge(&of(kind, &[&two, &one]), &of(kind, &[&three]));
        prop_assert_eq!(plain.probability, turned.probability);
        let decomposed: String = one.nfd().collect();
        let again = judge(&of(kind, &[&decomposed, &two]), &of(kind, &[&three]));
        prop_assert_eq!(plain.probability, again.probability);
    }

    #[test]
    fn case_does_not_count(one in "[a-z]{3,9} [a-z]{3,9}", other in "[a-z]{3,9} [a-z]{3,9}") {
        let (upper, small) = (pair(Kind::Person, &one.to_uppercase(), &other), pair(Kind::Person, &one, &other));
        prop_assert_eq!(upper.probability, small.probability);
    }
}
