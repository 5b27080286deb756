//! What holds for every scheme and every text.

use proptest::prelude::*;
use unicode_normalization::is_nfc;

use crate::text::Script;
use crate::translit::{Scheme, Transliteration, scheme, schemes};

fn letters_left(scheme: &Scheme, text: &str) -> Option<char> {
    text.chars().find(|c| Script::of(*c) == Some(scheme.source_script()))
}

fn reading(script: Script) -> impl Iterator<Item = &'static Scheme> {
    schemes().iter().filter(move |scheme| scheme.source_script() == script)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_spellings(text in "\\PC{0,24}|[가-힣ㄱ-ㅣᄀ-ᇿ а-яё|^~-]{0,16}") {
        for scheme in schemes() {
            let done = scheme.transliterate_traced(&text);
            prop_assert!(is_nfc(&done.text), "{scheme:?}: {}", done.text);
            prop_assert!(done.alternatives.len() < 16);
            prop_assert_eq!(&scheme.transliterate(&text).text, &done.text);
            let spellings = scheme.spell(&text);
            prop_assert!((1..=16).contains(&spellings.len()));
            for (place, spelling) in spellings.iter().enumerate() {
                prop_assert!(!spellings[..place].contains(spelling), "{scheme:?}: twice {spelling}");
            }
        }
    }

    #[test]
    fn nothing_of_hangul_is_left(text in "[가-힣ㄱ-ㅎㅏ-ㅣ 0-9a-z().-]{0,16}") {
        for scheme in reading(Script::Hangul) {
            let done = scheme.transliterate(&text);
            for text in done.alternatives.iter().chain([&done.text]) {
                prop_assert_eq!(letters_left(scheme, text), None, "{:?}: {}", scheme, text);
            }
        }
    }

    #[test]
    fn nothing_of_cyrillic_is_left(text in "[\u{400}-\u{481}\u{48A}-\u{52F} 0-9a-z'’().-]{0,16}") {
        for scheme in reading(Script::Cyrillic) {
            let done = scheme.transliterate(&text);
            for text in done.alternatives.iter().chain([&done.text]) {
                prop_assert_eq!(letters_left(scheme, text), None, "{:?}: {}", scheme, text);
            }
        }
    }

    #[test]
    fn what_is_not_read_passes(text in "[A-ZÀ-ÖØ-öø-ž0-9 '’`«».,-]{0,20}") {
        for scheme in schemes().iter().filter(|scheme| !scheme.folds()) {
            let got = scheme.transliterate(&text).text;
            prop_assert_eq!(got.to_lowercase(), text.to_lowercase(), "{:?}", scheme);
        }
    }

    #[test]
    fn a_second_time_changes_nothing(text in "[가-힣 ]{0,10}|[А-Яа-яё ]{0,16}|[一-龥 ]{0,8}") {
        for scheme in schemes() {
            let once = scheme.transliterate(&text).text;
            prop_assert_eq!(&scheme.transliterate(&once).text, &once, "{:?}", scheme);
        }
    }

    #[test]
    fn capitals_follow_the_source(text in "[а-я]{1,12}") {
        for scheme in reading(Script::Cyrillic).filter(|scheme| scheme.target_script() == Script::Latin) {
            let lower = scheme.transliterate(&text).text;
            let upper = scheme.transliterate(&text.to_uppercase()).text;
            prop_assert_eq!(upper.to_lowercase(), lower.clone(), "{:?}", scheme);
            prop_assert!(!lower.chars().any(char::is_uppercase));
        }
    }
}

/// A step that looked back over all it had done would not come to the end of these.
#[test]
fn long_texts_cost_their_length() {
    let texts = [("김정은 국립박물관", 3_000), ("Ульяновский объезд ", 3_000), ("大韓民國", 3_000)];
    for (text, times) in texts {
        let text = text.repeat(times);
        for scheme in schemes().iter().filter(|scheme| letters_left(scheme, &text).is_some()) {
            let done = scheme.transliterate(&text).text;
            assert!(done.len() < text.len() * 4, "{scheme:?}");
        }
    }
}

#[test]
fn stages_can_be_traced() {
    let done = scheme("rr").expect("a scheme").transliterate_traced("학여울");
    let stages = |done: &Transliteration| -> Vec<(String, String)> {
        let stages = done.trace.iter().filter(|step| !step.stage.contains(':'));
        stages.map(|step| (step.stage.to_string(), step.output.clone())).collect()
    };
    let pair = |stage: &str, output: &str| (stage.to_owned(), output.to_owned());
    assert_eq!(stages(&done), [pair("spelling", "항녀울"), pair("letters", "hangnyeoul")]);
    let word = done.trace.iter().find(|step| step.input == "학여울" && step.stage.contains(':'));
    assert!(word.is_some_and(|step| step.output == "항녀울" && step.stage.starts_with("moe-kor-pronunciation-1988:")));
    let done = scheme("rr").expect("a scheme").transliterate_traced("백마");
    let sound = done.trace.iter().find(|step| step.stage.starts_with("korean-sounds:")).expect("a change of sound");
    assert_eq!((&sound.input[..], &sound.output[..]), ("ㄱ.ㅁ", "ㅇ.ㅁ"));
    let done = scheme("rr-name").expect("a scheme").transliterate_traced("김석열");
    assert_eq!(stages(&done), [pair("names", "김^석|열"), pair("letters", "Gim^Seok|yeol")]);
    assert_eq!(done.text, "Gim Seokyeol");
    assert_eq!(done.alternatives, ["Gim Seogyeol"]);
}

#[test]
fn schemes_are_found_by_either_name() {
    assert_eq!(scheme("rr").map(Scheme::full_name), Some("moct-kor-Hang-Latn-2000"));
    assert_eq!(scheme("moct-kor-Hang-Latn-2000").map(Scheme::name), Some("rr"));
    assert_eq!(scheme("gost779a").map(Scheme::full_name), scheme("iso9").map(Scheme::full_name));
    assert!(scheme("").is_none());
    assert!(schemes().windows(2).all(|pair| pair[0].name() < pair[1].name()));
}

#[test]
fn spellings_are_the_accepted_ones() {
    let spell = |name, word| scheme(name).expect("a scheme").spell(word);
    assert_eq!(spell("rr", "신라"), ["silla", "sinna"]);
    assert_eq!(spell("bgn-pcgn", "Хрущёв"), ["khrushchëv", "khrushchev"]);
    assert_eq!(spell("kontsevich", "광업"), ["кванъоп", "кваноп"]);
    assert_eq!(spell("hanja-hangul", "金"), ["김", "금"]);
}
