use crate::model::Kind;
use crate::names::{Hints, NamePart, PartRole, analyse, lemmas};

fn parts(text: &str) -> Vec<NamePart> {
    let hints = Hints { kind: Kind::Person, ..Hints::default() };
    analyse(text, &hints).readings.remove(0).parts
}

/// Every case of a name leads back to its nominative, the surname in the form of men.
#[test]
fn cases_lead_back_to_the_nominative() {
    let names = [
        ("Путина Владимира Владимировича", ["путин", "владимир", "владимирович"]),
        ("Путину Владимиру Владимировичу", ["путин", "владимир", "владимирович"]),
        ("Путиным Владимиром Владимировичем", ["путин", "владимир", "владимирович"]),
        ("Путине Владимире Владимировиче", ["путин", "владимир", "владимирович"]),
        ("Чайковского Петра Ильича", ["чайковский", "петр", "ильич"]),
        ("Толстого Льва Николаевича", ["толстой", "лев", "николаевич"]),
        ("Андропову Юрию Владимировичу", ["андропов", "юрий", "владимирович"]),
        ("Крупской Надеждой Константиновной", ["крупский", "надежда", "константиновна"]),
        ("Ивановой Анны Сергеевны", ["иванов", "анна", "сергеевна"]),
        ("Цоя Виктора Робертовича", ["цой", "виктор", "робертович"]),
        ("Мельника Павла Игоревича", ["мельник", "павел", "игоревич"]),
        ("Гоголем Сергеем Ивановичем", ["гоголь", "сергей", "иванович"]),
    ];
    for (text, bases) in names {
        for (part, base) in parts(text).iter().zip(bases) {
            let lemmas = lemmas(part);
            assert!(lemmas.len() <= 4);
            assert!(lemmas.iter().any(|lemma| lemma == base), "{}: {lemmas:?}", part.form);
        }
    }
}

#[test]
fn surnames_of_women_lead_to_those_of_men() {
    for (text, base) in [("Иванова Анна", "иванов"), ("Достоевская Анна", "достоевский"), ("Anna Ivanova", "ivanov")]
    {
        let parts = parts(text);
        let surname = parts.iter().find(|part| part.role == PartRole::Surname).unwrap();
        assert!(lemmas(surname).iter().any(|lemma| lemma == base), "{text}: {:?}", lemmas(surname));
    }
}

#[test]
fn korean_and_generic_words_have_none() {
    for part in parts("김정은") {
        assert!(lemmas(&part).is_empty());
    }
    assert!(!lemmas(&parts("Путин В.В.")[0]).contains(&"путин".to_owned()));
}
