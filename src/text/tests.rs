use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

/// Goldens: an input and its folded form, in the columns named.
fn goldens(path: &str, required: bool) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(!required, "{} is missing", path.display());
        eprintln!("SKIPPED: {} is absent", path.display());
        return;
    };
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name).expect(name);
    let (input, expected) = (column("input"), column("expected"));
    let mut rows = 0;
    let wrong: Vec<String> = lines
        .filter_map(|line| {
            rows += 1;
            let cells: Vec<&str> = line.split('\t').collect();
            let got = fold(cells[input]);
            (got != cells[expected]).then(|| format!("{:?}: expected {:?}, got {got:?}", cells[input], cells[expected]))
        })
        .collect();
    assert!(wrong.is_empty() && rows > 0, "{rows} rows\n{}", wrong.join("\n"));
}

#[test]
fn the_vectors_fold() {
    goldens("../shared/reference/vectors/fold.tsv", false);
}

#[test]
fn the_goldens_fold() {
    goldens("tests/data/fold.tsv", true);
}

/// Text as it comes and text as it is made to mislead: characters that the stages treat in special ways, mixed.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-z]",
        4 => "[А-яЁёІіЇїЎўЄєҐґЈјЅѕҺһӘәѢѣѠѡӦӧ]",
        2 => "[ABCEHKMOPTXYАВСЕНКМОРТХУ]",
        2 => "[0-9oOоОlI]",
        2 => "['’ʼ‘`\"“”«»ʺ(),.&/ -]",
        2 => " ",
        1 => "[\u{300}-\u{345}]{1,4}",
        1 => "[\u{30A}\u{301}\u{308}\u{306}\u{327}\u{31B}\u{323}]",
        1 => "[ㄱ-ㅣㆍㆎ]",
        1 => "[\u{1100}-\u{11FF}]",
        1 => "[\u{FFA0}-\u{FFDC}]",
        1 => "[가-힣]",
        1 => "[一一-龥\u{F900}-\u{FA0B}]",
        1 => "[α-ωΑ-Ωςϲάΐᾳ]",
        1 => "[ァ-ヿー〇○]",
        1 => "[\u{AD}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}\u{FEFF}\u{3164}]",
        1 => "[À-ƿǄ-ɏɐ-ʯḀ-ỿﬀ-ﬆⅠ-ⅿ①-⓿㈀-㋿㌀-㏿]",
        1 => "[ᴀ-ᵿⱠ-ⱿꜢ-ꟊⲀ-ⳤᎠ-Ᏽꓐ-ꓽ]",
        1 => "[𝐀-𝟿🄰-🆉🇦-🇿]",
        1 => "[ऀ-ॿا-يก-๛]",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Names without disguises: every word in the letters of one script.
fn plain_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-ZÀ-ÖŁŞŎŬ][a-zà-öøłşŏŭéñ]{1,8}( [A-Z][a-z]{1,8}){0,3}",
        "[А-ЯЁІЇЎҐЄ][а-яёіїўґє]{1,8}( [А-ЯЁ][а-яё]{1,8}){0,3}",
        "[가-힣]{1,6}( [가-힣]{1,6}){0,2}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn anything_is_read(original in prop_oneof![nasty(), "\\PC{0,40}", ".{0,20}"]) {
        holds(&original)?;
    }

    #[test]
    fn normal_forms_and_case_make_no_difference(name in plain_name()) {
        let folded = fold(&name);
        prop_assert_eq!(fold(&name.nfc().collect::<String>()), folded.clone());
        prop_assert_eq!(fold(&name.nfd().collect::<String>()), folded.clone());
        prop_assert_eq!(fold(&name.nfkc().collect::<String>()), folded.clone());
        prop_assert_eq!(fold(&name.to_lowercase()), folded.clone());
        prop_assert_eq!(fold(&name.to_uppercase()), folded);
    }

    #[test]
    fn a_trace_tells_what_happened(original in nasty()) {
        let (text, trace) = read_traced(&original);
        prop_assert_eq!(&text, &read(&original));
        if let (Some(first), Some(last)) = (trace.first(), trace.last()) {
            prop_assert_eq!(&first.1, &original);
            prop_assert_eq!(&last.2, &text.folded());
        }
    }
}

/// What holds for every text.
fn holds(original: &str) -> Result<(), TestCaseError> {
    let text = read(original);
    words_are_sound(&text, original)?;
    prop_assert_eq!(fold(&text.folded()), text.folded(), "{:?}", original);
    let visible = |c: char| c.is_alphanumeric() && unicode_security::skeleton(&c.to_string()).next().is_some();
    prop_assert!(!original.contains(visible) || !text.words.is_empty());
    if let Some(collapsed) = collapsed(&text, original) {
        words_are_sound(&collapsed, original)?;
        prop_assert!(collapsed.words.len() < text.words.len());
    }
    if let Some(parted) = parted(original) {
        words_are_sound(&parted, original)?;
    }
    likely_language(&text);
    for word in &text.words {
        for reading in digit_readings(word) {
            prop_assert!(reading.form != word.form && !reading.form.contains(|c: char| c.is_ascii_digit()));
        }
        if let Some(other) = other_reading(word) {
            prop_assert!(other.script != word.script && other.span == word.span && !other.form.is_empty());
        }
    }
    Ok(())
}

fn words_are_sound(text: &Text, original: &str) -> Result<(), TestCaseError> {
    let mut before = 0..0;
    for (at, word) in text.words.iter().enumerate() {
        prop_assert!(!word.form.is_empty() && !word.spelled().is_empty() && !word.symbols.is_empty());
        prop_assert!(word.span.start < word.span.end && original.get(word.span.clone()).is_some());
        prop_assert!(before.start <= word.span.start && before.end <= word.span.end, "{:?} {:?}", original, text.words);
        prop_assert_eq!(word.join == Join::Start, at == 0);
        prop_assert!(word.form.nfc().eq(word.form.chars()) && word.spelled().nfc().eq(word.spelled().chars()));
        match word.script {
            Script::Other => prop_assert_eq!(&word.symbols[..], word.form.as_bytes()),
            script => prop_assert_eq!(symbols::decode(script, &word.symbols), word.form.clone()),
        }
        before = word.span.clone();
    }
    Ok(())
}

fn forms(text: &str) -> Vec<(Script, String)> {
    read(text).words.into_iter().map(|word| (word.script, word.form.into())).collect()
}

#[test]
fn words_have_one_script() {
    let expected = |words: &[(Script, &str)]| -> Vec<(Script, String)> {
        words.iter().map(|(script, form)| (*script, (*form).to_owned())).collect()
    };
    assert_eq!(
        forms("LG전자 39호실"),
        expected(&[(Script::Latin, "lg"), (Script::Hangul, "전자"), (Script::Digits, "39"), (Script::Hangul, "호실"),])
    );
    assert_eq!(forms("SberБанк"), expected(&[(Script::Latin, "sber"), (Script::Cyrillic, "банк")]));
    assert_eq!(forms("金日成김일성"), expected(&[(Script::Han, "金日成"), (Script::Hangul, "김일성")]));
    assert_eq!(forms("COBA"), expected(&[(Script::Latin, "coba")]));
    assert_eq!(forms("СОВА"), expected(&[(Script::Cyrillic, "сова")]));
}

#[test]
fn words_tell_how_they_are_joined_and_written() {
    let text = read("KT&G, Ким Чен-ын «О'Коннор» LG전자 А.Б. iPhone");
    let joins: Vec<Join> = text.words.iter().map(|word| word.join).collect();
    use Join::*;
    assert_eq!(joins, [Start, Ampersand, Comma, Space, Hyphen, Punctuation, Punctuation, None, Space, Dot, Space]);
    assert!(text.words[8].dotted && text.words[9].dotted && !text.words[7].dotted);
    assert!(text.words[5].quoted && !text.words[4].quoted && !text.words[6].quoted);
    assert_eq!(text.words[5].form, "оконнор");
    assert_eq!(text.words[5].spelled(), "о'коннор");
    let capitals: Vec<Capital> = text.words.iter().map(|word| word.capital).collect();
    assert_eq!(
        capitals[2..],
        [
            Capital::Title,
            Capital::Title,
            Capital::Lower,
            Capital::Mixed,
            Capital::Upper,
            Capital::None,
            Capital::Title,
            Capital::Title,
            Capital::Mixed,
        ]
    );
}

#[test]
fn what_schemes_need_is_kept() {
    let spelled = |text: &str| read(text).words.into_iter().map(|word| word.spelled().to_owned()).collect::<Vec<_>>();
    assert_eq!(
        spelled("Ch’ŏlsan Gogol′ Ob”yezd Хрущёв 'Ain ‘Gogol' Igor'"),
        ["ch'ŏlsan", "gogol'", "ob\"yezd", "хрущёв", "'ain", "gogol", "igor'"]
    );
    assert_eq!(spelled("Влади́мир Кие̂в"), ["владимир", "киев"]);
}

/// The words of a text that a flag marks.
fn marked(text: &str, flag: fn(&Word) -> bool) -> String {
    let words: Vec<_> = read(text).words.into_iter().filter(flag).map(|word| word.form).collect();
    words.join(" ")
}

#[test]
fn quotations_of_all_conventions_are_found() {
    for (text, inside) in [
        ("ООО \"Мокран\"", "мокран"),
        ("ООО\"Мокран\"", "мокран"),
        ("\"Мокран\"ООО", "мокран"),
        ("„Mokran“ GmbH", "mokran"),
        ("»Mokran« GmbH", "mokran"),
        ("“Mokran” Ltd", "mokran"),
        ("'Mokran' Ltd", "mokran"),
        ("《조선》무역", "조선"),
        ("「조선」무역", "조선"),
        ("ООО «Мокран", "мокран"),
        ("АО «Завод «Мокран» Трейд", "завод мокран трейд"),
        ("Workers' Party of Korea", ""),
        ("Gogol' Ltd", ""),
    ] {
        assert_eq!(marked(text, |word| word.quoted), inside, "{text}");
    }
    assert_eq!(marked("㈜모크란", |word| word.bracketed), "주");
    assert_eq!(marked("Mokran [Seoul] (김 [Kim]) Ltd", |word| word.bracketed), "seoul 김 kim");
}

#[test]
fn disguises_are_told() {
    let disguised = |text: &str| read(text).words.iter().any(|word| word.disguised);
    for text in ["Moкран", "M0KRAN", "Ki\u{200D}m", "𝐌okran", "ᴋɪᴍ", "OOO «Мокран»", "3АО Мокран"]
    {
        assert!(disguised(text), "{text}");
    }
    for text in ["Mokran", "Мокран", "\u{FEFF}Mokran", "ＭＯＫＲＡＮ", "Кім Їжакевич", "LG전자", "B52", "ООО Mokran"]
    {
        assert!(!disguised(text), "{text}");
    }
}

#[test]
fn words_that_both_scripts_can_write_have_two_readings() {
    let other = |text: &str| other_reading(&read(text).words[0]).map(|word| (word.script, word.form));
    assert_eq!(other("MOKPAH"), Some((Script::Cyrillic, "мокран".into())));
    assert_eq!(other("BOCTOK"), Some((Script::Cyrillic, "восток".into())));
    assert_eq!(other("СОВА"), Some((Script::Latin, "coba".into())));
    assert_eq!(other("Mokran"), None);
    assert_eq!(other("Мокран"), None);
    assert_eq!(other("A"), None);
    assert_eq!(other("김정은"), None);
}

#[test]
fn spaced_out_words_have_a_collapsed_reading() {
    let collapsed = |text: &str| collapsed(&read(text), text).map(|text| text.folded());
    assert_eq!(collapsed("M O K R A N"), Some("mokran".into()));
    assert_eq!(collapsed("ООО М О К Р А Н трейд"), Some("ооо мокран трейд".into()));
    assert_eq!(collapsed("M O K R A N   T R A D E"), Some("mokran trade".into()));
    assert_eq!(collapsed("A L - H A R A M"), Some("al haram".into()));
    assert_eq!(collapsed("J R R Tolkien"), None);
    assert_eq!(collapsed("A. B. C. D. Smith"), None);
}

#[test]
fn capitals_part_words() {
    let parted = |text: &str| parted(text).map(|text| text.folded());
    assert_eq!(parted("KimJongUn"), Some("kim jong un".into()));
    assert_eq!(parted("ОООМокранТрейд"), Some("ооо мокран трейд".into()));
    assert_eq!(parted("Kim Jong Un MOKRAN"), None);
}

#[test]
fn the_text_settles_words_that_could_be_either() {
    assert_eq!(fold("KО, Il Hwan"), "ko il hwan");
    assert_eq!(fold("А. Mokran Trading"), "a mokran trading");
    assert_eq!(fold("A. Мокран"), "а мокран");
    assert_eq!(fold("А7 LLC"), "a7 llc");
    assert_eq!(fold("TIО"), "tio");
}

#[test]
fn letters_tell_the_language() {
    for (text, language) in [
        ("김정은", "ko"),
        ("Ерёменко", "ru"),
        ("Крылов", "ru"),
        ("Володимир Їжак", "uk"),
        ("Київ", "uk"),
        ("Дзмітрый", "be"),
        ("Уладзімір Быкаў", "be"),
        ("Ђоковић", "sr"),
        ("Қазақстан", "kk"),
        ("Първанов", "bg"),
        ("Мокран", ""),
        ("Mokran", ""),
        ("", ""),
    ] {
        assert_eq!(likely_language(&read(text)), language, "{text}");
    }
}

#[test]
fn lengths_are_of_the_normalised_text() {
    assert_eq!(length_after_normalisation("  Ki\u{200D}m \u{3000} Un "), 6);
    assert_eq!(length_after_normalisation(&"И".nfd().collect::<String>().repeat(2)), 2);
    assert_eq!(normalized("㈜모크란"), "(주)모크란");
    assert_eq!(length_after_normalisation(""), 0);
}

#[test]
fn monsters_are_read_in_linear_work() {
    let stack = format!("a{}b", "\u{301}\u{316}".repeat(250_000));
    assert_eq!(fold(&stack), "ab");
    for piece in ["Мoкран ", "'a", "«", "(", "ㄱㅏ", "\u{3164}", "a\u{301}", "0О", "김a", "M O K R ", "β\u{345}", "一a"]
    {
        let monster = piece.repeat(100_000 / piece.len());
        let text = read(&monster);
        collapsed(&text, &monster);
        likely_language(&text);
    }
}
