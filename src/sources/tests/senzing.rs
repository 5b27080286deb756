use super::*;
use crate::model::{Gender, Kind};

pub(super) const LINES: &str = r#"{"DATA_SOURCE":"TEST","RECORD_ID":"1001","RECORD_TYPE":"PERSON","FEATURES":[{"NAME_TYPE":"ALIAS","NAME_FULL":"Vanya Obraztsov"},{"NAME_TYPE":"PRIMARY","NAME_FIRST":"Ivan","NAME_MIDDLE":"Petrovich","NAME_LAST":"Obraztsov"},{"DATE_OF_BIRTH":"1970-05-12"},{"NATIONALITY":"RU"},{"CITIZENSHIP":"Belarus"},{"PASSPORT_NUMBER":"4500123456","PASSPORT_COUNTRY":"Russia"},{"TAX_ID_TYPE":"INN","TAX_ID_NUMBER":"500100732259","TAX_ID_COUNTRY":"RU"},{"ADDR_TYPE":"HOME","ADDR_LINE1":"1 Sample Street","ADDR_CITY":"Moscow","ADDR_COUNTRY":"RU"},{"GENDER":"M"},{"REL_ANCHOR_DOMAIN":"TEST","REL_ANCHOR_KEY":"1001"},{"REL_POINTER_DOMAIN":"TEST","REL_POINTER_KEY":"2001","REL_POINTER_ROLE":"Director of"}],"STATUS":"active"}
{"DATA_SOURCE":"OTHER","RECORD_ID":2001,"PRIMARY_NAME_ORG":"Sample Trading","OTHER_NAME_ORG":"Образец","REGISTRATION_COUNTRY":"RU","LEI_NUMBER":"253400V1H6ART1UQ0N98","BUSINESS_ADDR_FULL":"2 Sample Street, Moscow","MAIN_PHONE_NUMBER":"12345","REL_ANCHOR_DOMAIN":"TEST","REL_ANCHOR_KEY":"2001"}
{"RECORD_ID":"3001","NAMES":[{"NAME_FULL":"Somebody"},{"NAME_TYPE":"NICK","NAME_FULL":"Bo"}],"DATE_OF_BIRTH":"5/12/1970","REL_POINTER_DOMAIN":"TEST","REL_POINTER_KEY":"none"}
"#;

fn read_text(text: &str) -> Result<Batch, SourceError> {
    Files::new(&[("senzing.jsonl", text.as_bytes())]).read(Format::Senzing, None)
}

#[test]
fn features_and_flat_attributes_are_read_alike() {
    let batch = read_text(LINES).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice()), (3, &[][..]));
    let [person, company, somebody] = &batch.records[..] else { panic!("{}", batch.read) };
    assert_eq!((person.id.as_str(), person.kind, person.gender), ("test:1001", Kind::Person, Some(Gender::Male)));
    assert_eq!(names(person), ["Ivan Petrovich Obraztsov", "Vanya Obraztsov"]);
    assert_eq!(shown(&person.birth_dates), ["1970-05-12"]);
    assert_eq!(person.countries, ["BY", "RU"]);
    assert_eq!(identifiers(person), ["passport 4500123456 RU", "inn 500100732259 RU"]);
    assert_eq!(person.addresses, ["1 Sample Street, Moscow, RU"]);
    assert_eq!(person.remarks, "STATUS: active");
    // Of another source than the dataset's name says: two sources may use one number.
    assert_eq!((company.id.as_str(), company.kind), ("test:OTHER/2001", Kind::Organization));
    assert_eq!(names(company), ["Sample Trading", "Образец"]);
    assert_eq!(
        (company.countries.as_slice(), identifiers(company)),
        (&["RU".to_owned()][..], vec!["lei 253400V1H6ART1UQ0N98".to_owned()])
    );
    assert_eq!(company.addresses, ["2 Sample Street, Moscow"]);
    assert_eq!(company.remarks, "MAIN_PHONE_NUMBER: 12345");
    assert_eq!((names(somebody), weak_names(somebody)), (vec!["Somebody", "Bo"], vec!["Bo"]));
    assert_eq!((somebody.kind, shown(&somebody.birth_dates)), (Kind::Person, vec!["1970-05-12".to_owned()]));
}

#[test]
fn pointers_find_their_anchors() {
    let batch = read_text(LINES).unwrap();
    let link = &batch.records[0].relations[0];
    assert_eq!((link.relation.as_str(), link.name.as_str()), ("Director of", "Sample Trading"));
    assert_eq!(link.record.as_ref(), Some(&batch.records[1].id));
    let lost = &batch.records[2].relations[0];
    assert_eq!((lost.relation.as_str(), lost.name.as_str(), lost.record.as_ref()), ("Linked To", "none", None));
    assert_eq!(batch.warnings[0].text, "REL_POINTER_KEY: no record of this list has \"none\"");
}

#[test]
fn a_broken_line_is_quarantined_with_place_and_field() {
    let lines = [
        r#"{"RECORD_ID":"1","NAME_ORG":"A"}"#,
        r#"{"NAME_ORG":"A"}"#,
        r#"{"RECORD_ID":"2","FEATURES":[{"NAME_ORG":["A"]}]}"#,
        r#"{"RECORD_ID":"3","FEATURES":[["A"]]}"#,
        r#"{"RECORD_ID":"4"}"#,
        r#"{"RECORD_ID":"1","NAME_ORG":"B"}"#,
        r#"{"RECORD_ID":"5","FEATURES":[{"DATE_OF_BIRTH":"1970-02-30"},{"NAME_FULL":"C"}]}"#,
    ];
    let batch = read_text(&lines.join("\n")).unwrap();
    let told: Vec<String> = batch.quarantined.iter().map(|of| format!("{} {}", of.place, of.reason)).collect();
    let expected = [
        "senzing.jsonl:2 RECORD_ID: the record has none, so that the next import could not recognise it",
        "senzing.jsonl:3 FEATURES[0].NAME_ORG: a text is expected, found a list",
        "senzing.jsonl:4 FEATURES[0]: an object is expected, found a list",
        "senzing.jsonl:5 names: a record needs at least one name",
        "senzing.jsonl:6 id: test:1 is already the id of the row at senzing.jsonl:1",
    ];
    assert_eq!(told, expected);
    assert_eq!(batch.records[1].remarks, "date of birth: 1970-02-30");
    let error = read_text("<xml/>").unwrap_err().to_string();
    assert!(error.starts_with("senzing.jsonl:1: no line is a record as Senzing loads them"), "{error}");
}
