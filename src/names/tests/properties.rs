use proptest::prelude::*;

use crate::model::Kind;
use crate::names::{Analysis, Hints, MOST_READINGS, PartRole, analyse, token};

/// Names as people type them: words of several scripts, forms, signs, digits.
fn names() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[A-Z]?[a-z]{0,9}",
        "[А-Я]?[а-яё]{1,10}",
        "[가-힣]{1,8}",
        "[一-龥]{1,5}",
        "[0-9]{1,4}",
        prop::sample::select(vec![
            "ООО",
            "JSC",
            "(주)",
            "㈜",
            "무역회사",
            "총회사",
            "Kim",
            "김",
            "Ким",
            "В.",
            "Yu.",
            "bin",
            "M/V",
            "т/х",
            "Trading",
            "имени",
            "제2",
            "39호실",
            "Jong-un",
            "KimJongUn",
            "에스케이",
            "«",
            "»",
            "\"",
            ",",
            "(",
            ")",
            "генерал",
            "г-н",
            "XIV",
            "17th",
            "김정은동지",
            "е\u{308}",
            "\u{1100}\u{1161}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    let gap = prop::sample::select(vec![" ", " ", " ", "-", ", ", ""]);
    prop::collection::vec((word, gap), 0..9)
        .prop_map(|words| words.into_iter().flat_map(|(word, gap)| [word, gap.to_owned()]).collect())
}

/// The most parts of a reading for each character of its text: a character may stand for a word of its own (㈜), and
/// a compatibility form for several.
const PARTS_OF_A_CHARACTER: usize = 4;

fn check(text: &str, kind: Kind, analysis: &Analysis) -> Result<(), TestCaseError> {
    let empty = !text.chars().any(char::is_alphanumeric);
    prop_assert!(empty || !analysis.readings.is_empty(), "no reading of {text:?}");
    prop_assert!(analysis.readings.len() <= MOST_READINGS);
    let total: f32 = analysis.readings.iter().map(|name| name.weight).sum();
    prop_assert!(analysis.readings.is_empty() || (total - 1.0).abs() < 1e-3, "weights add up to {total}");
    for name in &analysis.readings {
        prop_assert!(kind == Kind::Unknown || name.kind == kind);
        prop_assert!(!name.parts.is_empty());
        prop_assert!(name.parts.len() <= PARTS_OF_A_CHARACTER * text.chars().count());
        prop_assert!(name.weight > 0.0 && name.weight <= 1.0001);
        let mut start = 0;
        for part in &name.parts {
            prop_assert!(!part.form.is_empty() && !part.symbols.is_empty());
            prop_assert!(text.get(part.span.clone()).is_some_and(|written| !written.is_empty()), "{:?}", part.span);
            prop_assert!(part.span.start >= start, "{:?} in {text:?}", name.parts);
            start = part.span.start;
            if part.role == PartRole::Number {
                prop_assert!(part.form.bytes().all(|byte| byte.is_ascii_digit()), "{}", part.form);
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_name_has_readings_that_lie_in_it(text in names(), kind in prop::sample::select(Kind::ALL.to_vec())) {
        let hints = Hints { kind, ..Hints::default() };
        check(&text, kind, &analyse(&text, &hints))?;
    }

    #[test]
    fn every_text_at_all_too(text in any::<String>()) {
        check(&text, Kind::Unknown, &analyse(&text, &Hints::default()))?;
    }

    #[test]
    fn words_know_how_long_they_are(text in prop_oneof![names(), any::<String>()]) {
        for token in token::tokens(&text, &crate::text::read(&text)) {
            prop_assert_eq!(token.length(), token.form().chars().count());
        }
    }

    #[test]
    fn the_answer_is_the_same_twice(text in names()) {
        prop_assert_eq!(analyse(&text, &Hints::default()), analyse(&text, &Hints::default()));
    }

    #[test]
    fn normal_forms_do_not_matter(text in names()) {
        use unicode_normalization::UnicodeNormalization;
        let forms = |text: &str| {
            let analysis = analyse(text, &Hints::default());
            let of = |name: crate::names::Name| {
                (name.kind, name.parts.into_iter().map(|part| (part.form, part.role, part.concept)).collect::<Vec<_>>())
            };
            analysis.readings.into_iter().map(of).collect::<Vec<_>>()
        };
        let composed: String = text.nfc().collect();
        let decomposed: String = composed.nfd().collect();
        // Lone jamo compose with what follows them: only texts that survive the round trip say anything.
        prop_assume!(decomposed.nfc().collect::<String>() == composed);
        prop_assert_eq!(forms(&composed), forms(&decomposed));
    }
}

#[test]
fn long_texts_are_read_in_time_that_grows_with_their_length() {
    // What could be slow is joined: compounds, hyphens, parentheses. The pieces of a compound are bounded.
    for unit in ["조선철산무역총회사", "muyokchonghoesa", "Jong-un ", "(주)", "общество с ", "В.", "金"]
    {
        let text = unit.repeat(4000);
        for kind in Kind::ALL {
            let hints = Hints { kind, ..Hints::default() };
            assert!(!analyse(&text, &hints).readings.is_empty());
        }
    }
}
