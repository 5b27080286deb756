use proptest::prelude::*;

use super::super::name_cell::{self, NameRules};
use crate::model::NameQuality;

fn rules() -> NameRules {
    NameRules {
        separators: vec![";".into(), " / ".into()],
        person_separators: vec![", ".into()],
        drop: vec!["Text of image".into()],
        brackets: true,
    }
}

fn read(cell: &str, person: bool) -> Vec<String> {
    let names = name_cell::read(cell, &rules(), person, NameQuality::Strong);
    let shown = |name: name_cell::CellName| match (name.language, name.quality) {
        ("", NameQuality::Weak) => format!("{} [weak]", name.text),
        ("", _) => name.text,
        (language, _) => format!("{} [{language}]", name.text),
    };
    names.into_iter().map(shown).collect()
}

#[test]
fn names_of_people() {
    let people: [(&str, &[&str]); 14] = [
        ("Ivan PETROV (Иван ПЕТРОВ); Ivan PETROW", &["Ivan PETROV", "Иван ПЕТРОВ", "Ivan PETROW"]),
        ("Aleksei (Alexey) Ivanovich SOM", &["Aleksei Ivanovich SOM", "Alexey Ivanovich SOM"]),
        ("Lev Ilyich YERSHOV (ERSHOV)", &["Lev Ilyich YERSHOV", "Lev Ilyich ERSHOV"]),
        ("Anna Ivanovna SOM (born KIT)", &["Anna Ivanovna SOM", "Anna Ivanovna KIT"]),
        ("Анна Ивановна СОМ - born КИТ", &["Анна Ивановна СОМ", "Анна Ивановна КИТ"]),
        ("Anna SOM, née KIT", &["Anna SOM", "Anna KIT"]),
        ("Oleg RAK (a.k.a. Oleh RAK, Crab)", &["Oleg RAK", "Oleh RAK", "Crab [weak]"]),
        ("Olga RAK (Russian: Ольга РАК)", &["Olga RAK", "Ольга РАК [ru]"]),
        ("Korean:; Text of image; 김예시", &["김예시 [ko]"]),
        ("KIM Ye-si, KIM Yae-si, 김예시", &["KIM Ye-si", "KIM Yae-si", "김예시"]),
        ("KIM, Ye Si", &["KIM, Ye Si"]),
        ("KIM Ye Si 김예시", &["KIM Ye Si", "김예시"]),
        ("Ivan RAK (Иван РАК) Iwan RAK", &["Ivan RAK", "Iwan RAK", "Иван РАК"]),
        ("1. Ivan RAK 2. Iwan RAK", &["Ivan RAK", "Iwan RAK"]),
    ];
    for (cell, expected) in people {
        assert_eq!(read(cell, true), expected, "{cell}");
    }
}

#[test]
fn names_of_companies() {
    let companies: [(&str, &[&str]); 13] = [
        ("Example Bank (EXB)", &["Example Bank", "EXB [weak]"]),
        ("Example Electronics (Hong Kong) Co., Ltd", &["Example Electronics (Hong Kong) Co., Ltd"]),
        ("Example Supply (Harbin) Ltd", &["Example Supply (Harbin) Ltd"]),
        ("Example Plant (JSC)", &["Example Plant (JSC)"]),
        ("Example Bank (Belarus)", &["Example Bank (Belarus)"]),
        ("АО «Завод «Пример» (АО «ЗП»)", &["АО «Завод «Пример»", "АО «ЗП»"]),
        ("Завод (АО ‘Пример’", &["Завод", "АО ‘Пример’"]),
        ("Example (formerly Sample; Simple)", &["Example", "Sample", "Simple"]),
        ("Example a.k.a. Sample f.k.a. Simple", &["Example", "Sample", "Simple"]),
        ("\"JSC “Example”\"\"\"; Sample / Simple", &["JSC “Example”", "Sample", "Simple"]),
        ("Example Movement (Sample) Движение Пример", &["Example Movement", "Движение Пример", "Sample"]),
        ("a) Example b) Sample", &["Example", "Sample"]),
        ("Text of image; ;()", &[]),
    ];
    for (cell, expected) in companies {
        assert_eq!(read(cell, false), expected, "{cell}");
    }
}

#[test]
fn the_worst_brackets_take_no_time_to_speak_of() {
    for cell in
        ["(".repeat(1 << 20), "(a)".repeat(300_000), "a (".repeat(300_000), format!("x {}", ")(".repeat(1 << 19))]
    {
        read(&cell, true);
        read(&cell, false);
    }
}

proptest! {
    #[test]
    fn nothing_that_could_be_a_name_vanishes(cell in "[A-CЖ가 ();,\"]{0,24}", person: bool) {
        let names = read(&cell, person).concat();
        for letter in cell.chars().filter(|c| c.is_alphabetic()) {
            prop_assert!(names.contains(letter), "{letter} of {cell:?} is not in {names:?}");
        }
    }
}
