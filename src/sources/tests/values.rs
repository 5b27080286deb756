use proptest::prelude::*;

use super::super::dates::{self, DateForm};
use super::super::{countries, identifiers};
use super::shown;
use crate::model::IdentifierType;

fn dates_of(text: &str) -> (Vec<String>, bool) {
    let forms = DateForm::all(&["d mon yyyy", "mon yyyy", "d.m.yyyy", "yyyy-m-d", "yyyy"]);
    let read = dates::read(text, &forms);
    (shown(&read.dates), read.fault.is_none())
}

#[test]
fn dates_of_every_sort() {
    let good: [(&str, &[&str]); 15] = [
        ("08 Jan 1984", &["1984-01-08"]),
        ("Sept. 1984", &["1984-09"]),
        ("March 1984", &["1984-03"]),
        ("1984", &["1984"]),
        ("circa 1984", &["~1984"]),
        ("circa 01 Jan 1961", &["~1961-01-01"]),
        ("1981 to 1983", &["~1981", "~1983"]),
        ("circa 1979-1982", &["~1979", "~1982"]),
        ("01 Jan 1947 to 01 Jan 1949", &["~1947-01-01", "~1949-01-01"]),
        ("between 1960 and 1962", &["~1960", "~1962"]),
        ("7.2.1956 or 1957", &["1956-02-07", "1957"]),
        ("1938, 1940 or 1942.", &["1938", "1940", "1942"]),
        ("1.2.1970 (or 2.1.1970)", &["1970-02-01", "1970-01-02"]),
        ("1970-01-02", &["1970-01-02"]),
        ("possibly 28.2.1970", &["~1970-02-28"]),
    ];
    for (text, expected) in good {
        assert_eq!(dates_of(text), (shown(expected), true), "{text}");
    }
    let bad: [(&str, &[&str]); 12] = [
        ("1963 (possibly: 21 April)", &["1963"]),
        ("1.2.1970 POB: Omsk", &["1970-02-01"]),
        ("10 October (year unknown)", &[]),
        ("30.2.1970", &[]),
        ("30.2.1970 or 1971", &["1971"]),
        ("0000", &[]),
        ("9999-99-99", &[]),
        ("-1984", &[]),
        ("19845", &[]),
        ("1984bis", &[]),
        ("١٩٨٤", &[]),
        ("", &[]),
    ];
    for (text, expected) in bad {
        assert_eq!(dates_of(text), (shown(expected), false), "{text}");
    }
}

#[test]
fn date_forms_are_checked() {
    for wrong in ["", "d.m", "yyyy yyyy", "dd.m.yyyy", "y"] {
        assert!(wrong.parse::<DateForm>().is_err(), "{wrong}");
    }
}

#[test]
fn countries_by_many_names() {
    let good: [(&str, &[&str]); 14] = [
        ("Korea, North", &["KP"]),
        ("DPRK.", &["KP"]),
        ("Democratic People’s Republic of Korea", &["KP"]),
        ("Iran (Islamic Republic of)", &["IR"]),
        ("Côte d'Ivoire", &["CI"]),
        ("TÜRKIYE", &["TR"]),
        ("U.S.A.", &["US"]),
        ("former USSR", &[]),
        ("Bosnia and Herzegovina", &["BA"]),
        ("Ukrainian, Russian", &["UA", "RU"]),
        ("Ukrainian and/or Russian", &["UA", "RU"]),
        ("Latvia and Israel", &["LV", "IL"]),
        ("Pakistani; Canadian", &["PK", "CA"]),
        ("Korea, North; Congo, Democratic Republic of the", &["KP", "CD"]),
    ];
    for (text, expected) in good {
        assert_eq!(countries::read(text), (expected.to_vec(), true), "{text}");
    }
    assert_eq!(countries::read("Ukrainian, Russian (not in Crimea)"), (vec!["UA", "RU"], false));
    assert_eq!(countries::read("Atlantis"), (vec![], false));
    assert_eq!(countries::of_address("119435, Moscow, Pirogovskaya M. Str., 18, Russian Federation"), Some("RU"));
    assert_eq!(countries::of_address("Pyongyang, Korea, North"), Some("KP"));
    assert_eq!(countries::of_address("Main Street 1, Springfield"), None);
}

fn numbers(text: &str, assumed: IdentifierType, country: &str) -> (Vec<String>, bool) {
    let read = identifiers::read(text, assumed, country);
    let show = |i: &crate::model::Identifier| format!("{} {} {}", i.kind, i.value, i.country).trim_end().to_owned();
    (read.identifiers.iter().map(show).collect(), read.complete)
}

#[test]
fn numbers_with_labels_on_either_side() {
    use IdentifierType::*;
    let good: [(&str, IdentifierType, &str, &[&str]); 14] = [
        ("7707083893 (Tax ID/INN)", Registration, "", &["inn 7707083893"]),
        ("7707083893 (Tax ID/INN)", Registration, "BY", &["tax-id 7707083893 BY"]),
        ("1027700132195", Registration, "", &["ogrn 1027700132195"]),
        ("1027700132196", Registration, "", &["registration 1027700132196"]),
        (
            "INN: 7707083893 KPP: 773601001 OGRN: 1027700132195",
            Registration,
            "",
            &["inn 7707083893 RU", "kpp 773601001 RU", "ogrn 1027700132195 RU"],
        ),
        (
            "7707083893, KPP 773601001, OKPO 00032537",
            Inn,
            "RU",
            &["inn 7707083893 RU", "kpp 773601001 RU", "okpo 00032537 RU"],
        ),
        ("12345678 (BRN); 1234567 (TRN)", Registration, "", &["registration 12345678", "registration 1234567"]),
        ("Cr. No. 1234567", Registration, "", &["registration 1234567"]),
        ("(TIN) 5500; (OGRN) 1027700132195", Registration, "", &["tax-id 5500", "ogrn 1027700132195 RU"]),
        ("Passport 717637093, National ID No. 781005", NationalId, "", &["passport 717637093", "national-id 781005"]),
        ("Russian passport no. 55 0314316", Passport, "", &["passport 55 0314316 RU"]),
        ("Series 9005 No 679558", NationalId, "", &["national-id 9005 679558"]),
        ("(1) 530308406 (2) 531246870", NationalId, "", &["national-id 530308406", "national-id 531246870"]),
        ("1234567 (Hong Kong Business Registration Number)", TaxId, "", &["registration 1234567 HK"]),
    ];
    for (text, assumed, country, expected) in good {
        assert_eq!(numbers(text, assumed, country), (shown(expected), true), "{text}");
    }
    assert_eq!(numbers("7227061 (in 2015)", Passport, ""), (vec!["passport 7227061".into()], false));
    assert_eq!(numbers("391486, issued on 10.4.2015", Passport, ""), (vec!["passport 391486".into()], false));
    assert_eq!(numbers("Does not exist", Imo, ""), (vec![], false));
    assert_eq!(numbers("12345", Imo, ""), (vec!["other 12345".into()], true));
}

#[test]
fn check_digits_of_known_numbers() {
    // The numbers of Sberbank and of the Federal Tax Service, and the example of ISO 17442.
    assert!(identifiers::checks("inn", "7707083893"));
    assert!(identifiers::checks("inn", "500100732259"));
    assert!(identifiers::checks("ogrn", "1027700132195"));
    assert!(identifiers::checks("lei", "5493001KJTIIGC8Y1R12"));
    for (check, wrong) in
        [("inn", "7707083894"), ("ogrn", "1027700132191"), ("lei", "5493001KJTIIGC8Y1R13"), ("x", "1")]
    {
        assert!(!identifiers::checks(check, wrong), "{check} {wrong}");
    }
}

proptest! {
    #[test]
    fn readers_are_total(text in "\\PC{0,60}") {
        let forms = DateForm::all(&["d.m.yyyy", "mon yyyy", "yyyy"]);
        dates::read(&text, &forms);
        countries::read(&text);
        countries::of_address(&text);
        for identifier in identifiers::read(&text, IdentifierType::Other, "").identifiers {
            prop_assert!(!identifier.normal_form().is_empty());
        }
    }
}
