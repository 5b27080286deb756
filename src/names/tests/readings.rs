use crate::model::Kind;
use crate::names::{Hints, Name, PartRole, analyse, concept_classes, given_concepts, is_bare, related_forms};
use crate::text::Script;

fn read(text: &str, kind: Kind) -> Vec<Name> {
    analyse(text, &Hints { kind, ..Hints::default() }).readings
}

/// The concepts of the likeliest reading.
fn concepts(text: &str) -> Vec<&'static str> {
    let generic = |role| matches!(role, PartRole::Descriptor | PartRole::LegalForm | PartRole::Place);
    let mut concepts: Vec<&'static str> = read(text, Kind::Organization)[0]
        .parts
        .iter()
        .filter(|part| generic(part.role))
        .filter_map(|part| part.concept)
        .collect();
    concepts.sort_unstable();
    concepts
}

#[test]
fn one_company_in_three_scripts_has_one_set_of_concepts() {
    for names in [
        &[
            "조선철산무역총회사",
            "朝鮮鐵山貿易總會社",
            "Korea Cholsan General Trading Corporation",
            "Choson Ch’ŏlsan Muyŏk Ch’onghoesa",
            "Joseon Cheolsan Muyeok Chonghoesa",
            "Корейская генеральная торговая корпорация «Чхольсан»",
        ][..],
        &["단천상업은행", "Tanchon Commercial Bank", "Танчхонский коммерческий банк"],
        &["ООО «Мокран»", "Mokran LLC", "유한책임회사 모크란", "Общество с ограниченной ответственностью Мокран"],
        &["строительная компания X", "construction company X", "건설회사 X", "stroitelnaya kompaniya X"],
        &["научно-исследовательский институт X", "research institute X", "НИИ X", "X연구소"],
    ] {
        for name in &names[1..] {
            // Танчхонский is an adjective of the city, which the table has as a noun only.
            let (one, other) = (concepts(names[0]), concepts(name));
            let missing = one.iter().filter(|concept| !other.contains(concept)).count();
            assert!(missing <= 1 && other.len() + 1 >= one.len(), "{}: {one:?}, {name}: {other:?}", names[0]);
        }
    }
}

#[test]
fn joined_letters_are_also_read_apart() {
    let parts = |name: &Name| name.parts.iter().map(|part| part.form.clone()).collect::<Vec<_>>();
    let readings = read("에스케이하이닉스 주식회사", Kind::Organization);
    assert!(readings.iter().any(|name| parts(name) == ["sk", "하이닉스", "주식회사"]));
    let readings = read("신영디앤씨", Kind::Organization);
    assert!(readings.iter().any(|name| parts(name) == ["신영", "dc"]));
    let readings = read("KimJongUn", Kind::Unknown);
    assert!(readings.iter().any(|name| parts(name) == ["kim", "jong", "un"]));
}

#[test]
fn chinese_characters_are_read_in_both_scripts() {
    let readings = read("金正恩", Kind::Person);
    let scripts: Vec<Script> = readings.iter().map(|name| name.parts[0].script).collect();
    assert!(scripts.contains(&Script::Han) && scripts.contains(&Script::Hangul));
    assert!(readings.iter().any(|name| name.parts[0].form == "김"), "as a surname 金 is not 금");
}

#[test]
fn spans_of_a_compound_are_adjacent() {
    let text = "조선철산무역총회사";
    let parts = &read(text, Kind::Unknown)[0].parts;
    assert_eq!(parts.iter().map(|part| &text[part.span.clone()]).collect::<String>(), text);
}

#[test]
fn a_kind_holds_for_all_readings() {
    for text in ["김정은", "ООО «Мокран»", "Kim Jong Un", "39", "金正恩", "에스케이"] {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Unknown) {
            assert!(read(text, kind).iter().all(|name| name.kind == kind));
        }
    }
}

#[test]
fn forms_and_numbers_alone_are_bare() {
    for text in ["ООО", "Ltd.", "39", "주식회사"] {
        assert!(is_bare(&read(text, Kind::Unknown)[0]), "{text}");
    }
    assert!(!is_bare(&read("ООО Мокран", Kind::Unknown)[0]));
}

#[test]
fn legal_forms_of_one_class_are_related() {
    assert!(related_forms("jsc", "pjsc") && related_forms("ltd", "llc") && related_forms("co-ltd", "jsc"));
    assert!(!related_forms("llc", "jsc") && related_forms("llc", "llc"));
    assert_eq!(concept_classes("trading"), &[] as &[&str]);
}

#[test]
fn short_forms_have_the_concepts_of_their_names() {
    assert_eq!(given_concepts("саша"), ["given:aleksandr", "given:aleksandra"]);
    assert_eq!(given_concepts("олександр"), ["given:aleksandr"]);
    assert!(given_concepts("мокран").is_empty());
}

/// The forms of the parts of every reading as a company.
fn forms(text: &str) -> Vec<Vec<String>> {
    let parts = |name: Name| name.parts.into_iter().map(|part| part.form.into()).collect();
    read(text, Kind::Organization).into_iter().map(parts).collect()
}

#[test]
fn joined_names_of_companies_are_cut_into_words() {
    for (text, words) in [
        ("동부하이웨이솔라", &["동부", "하이웨이", "솔라"][..]),
        ("seorincompany", &["seorin", "company"]),
        ("Москоммерцбанк", &["москоммерц", "банк"]),
        ("Роснефть", &["роснефть"]),
    ] {
        assert_eq!(forms(text)[0], words, "{text}");
    }
}

#[test]
fn letters_that_hangul_spells_by_name_are_read_as_letters() {
    assert!(forms("현대에이치티").contains(&vec!["현대".to_owned(), "ht".to_owned()]));
}
