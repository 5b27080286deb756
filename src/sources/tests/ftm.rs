use super::*;
use crate::model::{Gender, Kind};

pub(super) const LINES: &str = r#"{"id":"NK-own","schema":"Ownership","properties":{"owner":["NK-p1"],"asset":["NK-c1"],"percentage":["51"]}}
{"id":"NK-p1","caption":"Ivan Obraztsov","schema":"Person","properties":{"name":["Образцов Иван","Ivan Obraztsov"],"alias":["Vanya Obraztsov"],"weakAlias":["Vanya"],"previousName":["Ivan Starov"],"birthDate":["1970","1970-05","1970-05-12T00:00:00"],"nationality":["ru"],"citizenship":["suhh"],"gender":["male"],"innCode":["500100732259"],"position":["Director"],"addressEntity":["addr-1"],"notes":["An invented person."]},"datasets":["sample"],"first_seen":"2026-01-01T00:00:00","target":true}
{"id":"NK-c1","caption":"Sample Trading","schema":"Company","properties":{"name":["Sample Trading"],"jurisdiction":["ru"],"ogrnCode":["1027700132195"],"kppCode":["770801001"],"leiCode":["253400V1H6ART1UQ0N98"],"registrationNumber":["1027700132195"],"parent":["NK-c2"]}}
{"id":"NK-v1","caption":"SAMPLE STAR","schema":"Vessel","properties":{"name":["SAMPLE STAR"],"imoNumber":["IMO9074729"],"flag":["km"],"mmsi":["620123456"],"owner":["NK-c1"]}}
{"id":"NK-a1","caption":"RA-00001","schema":"Airplane","properties":{"name":["RA-00001"],"serialNumber":["12345"]}}
{"id":"NK-l1","caption":"Somebody","schema":"LegalEntity","properties":{"name":["Somebody"],"country":["kp"]}}
{"id":"NK-dir","schema":"Directorship","properties":{"director":["NK-p1"],"organization":["NK-c1"],"role":["General director"]}}
{"id":"NK-fam","schema":"Family","properties":{"person":["NK-p1"],"relative":["NK-gone"],"relationship":["brother"]}}
{"id":"NK-link","schema":"UnknownLink","properties":{"subject":["NK-l1"],"object":["NK-c1"]}}
{"id":"NK-pass","schema":"Passport","properties":{"holder":["NK-p1"],"number":["4500 123456"],"country":["ru"]}}
{"id":"NK-sanction","schema":"Sanction","properties":{"entity":["NK-p1","NK-c1"],"program":["Invented regulation"],"reason":["For the sake of a test."]}}
{"id":"addr-1","caption":"1 Sample Street, Moscow","schema":"Address","properties":{"full":["1 Sample Street, Moscow"]}}
{"id":"wallet","schema":"CryptoWallet","properties":{"publicKey":["xyz"]}}
"#;

fn read_text(text: &str) -> Result<Batch, SourceError> {
    Files::new(&[("entities.ftm.json", text.as_bytes())]).read(Format::Ftm, None)
}

fn links(record: &Record) -> Vec<String> {
    let shown = |of: &crate::model::Relation| {
        format!("{} {} {}", of.relation, of.name, of.record.as_ref().map_or("-", |id| id.as_str()))
    };
    record.relations.iter().map(shown).collect()
}

#[test]
fn parties_become_records() {
    let batch = read_text(LINES).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice()), (5, &[][..]));
    let [person, company, vessel, aircraft, somebody] = &batch.records[..] else { panic!("{}", batch.read) };
    let kinds = [person, company, vessel, aircraft, somebody].map(|record| record.kind);
    assert_eq!(kinds, [Kind::Person, Kind::Organization, Kind::Vessel, Kind::Aircraft, Kind::Unknown]);
    assert_eq!(person.id.as_str(), "test:NK-p1");
    // The caption stands for the party.
    assert_eq!(names(person), ["Ivan Obraztsov", "Образцов Иван", "Vanya Obraztsov", "Ivan Starov", "Vanya"]);
    assert_eq!(weak_names(person), ["Vanya"]);
    assert_eq!(shown(&person.birth_dates), ["1970", "1970-05", "1970-05-12"]);
    assert_eq!((person.countries.as_slice(), person.gender), (&["RU".to_owned()][..], Some(Gender::Male)));
    assert_eq!(identifiers(person), ["passport 4500 123456 RU", "inn 500100732259 RU"]);
    assert_eq!(person.positions, ["Director"]);
    assert_eq!(person.programs, ["Invented regulation"]);
    assert_eq!(person.addresses, ["1 Sample Street, Moscow"]);
    assert_eq!(person.remarks, "citizenship: suhh; notes: An invented person.; reason: For the sake of a test.");
    let numbers = identifiers(company);
    for number in ["ogrn 1027700132195 RU", "kpp 770801001 RU", "lei 253400V1H6ART1UQ0N98"] {
        assert!(numbers.contains(&number.to_owned()), "{numbers:?}");
    }
    assert_eq!(identifiers(vessel), ["imo IMO9074729", "mmsi 620123456"]);
    assert_eq!(
        (vessel.countries.as_slice(), somebody.countries.as_slice()),
        (&["KM".to_owned()][..], &["KP".to_owned()][..])
    );
    assert_eq!(identifiers(aircraft), ["aircraft 12345"]);
}

#[test]
fn connections_become_links() {
    let batch = read_text(LINES).unwrap();
    let [person, company, vessel, _, somebody] = &batch.records[..] else { panic!("{}", batch.read) };
    assert_eq!(
        links(company),
        ["Owner Ivan Obraztsov test:NK-p1", "General director Ivan Obraztsov test:NK-p1", "Parent NK-c2 -"]
    );
    assert_eq!(links(vessel), ["Owner Sample Trading test:NK-c1"]);
    assert_eq!(links(person), ["brother NK-gone -"]);
    assert_eq!(links(somebody), ["Linked To Sample Trading test:NK-c1"]);
}

#[test]
fn nothing_is_left_out_in_silence() {
    let batch = read_text(LINES).unwrap();
    assert_eq!(batch.skipped, 1);
    let told: Vec<&str> = batch.warnings.iter().map(|warning| warning.text.as_str()).collect();
    assert_eq!(
        told,
        [
            "citizenship: \"suhh\" is not a known country",
            "schema: 1 entities of CryptoWallet are no parties and are left out"
        ]
    );
    let orphan =
        format!("{LINES}{}", r#"{"id":"x","schema":"Passport","properties":{"holder":["NK-none"],"number":["1"]}}"#);
    let batch = read_text(&orphan).unwrap();
    assert_eq!(batch.warnings[0].text, "holder: \"NK-none\" is no party of this list");
    assert_eq!(batch.warnings[0].place, "entities.ftm.json:14");
}

#[test]
fn nested_entities_are_facts_of_the_party_they_stand_in() {
    let line = r#"{"id":"Q1","caption":"Ivan","schema":"Person","properties":{"name":["Ivan"],"sanctions":[{"id":"s","schema":"Sanction","properties":{"entity":["Q1"],"program":["P"]}}],"ownershipOwner":[{"id":"o","schema":"Ownership","properties":{"owner":["Q1"],"asset":[{"id":"Q2","caption":"Asset Ltd","schema":"Company","properties":{"name":["Asset Ltd"]}}]}}],"familyPerson":[{"id":"f","schema":"Family","properties":{"person":["Q1"],"relative":[{"id":"Q3","caption":"Pyotr","schema":"Person","properties":{"name":["Pyotr"]}}],"relationship":["son"]}}]}}"#;
    let batch = read_text(line).unwrap();
    assert_eq!(batch.read, 1);
    assert_eq!(batch.records[0].programs, ["P"]);
    // What it owns has no record here, so that the link is nowhere; the relative is known by name.
    assert_eq!(links(&batch.records[0]), ["son Pyotr -"]);
}

#[test]
fn a_broken_line_is_quarantined_with_place_and_field() {
    let good = r#"{"id":"a","schema":"Person","properties":{"name":["A B"]}}"#;
    let lines = [
        good,
        r#"{"id":"b","schema":"Person","properties":{"name":"A"}}"#,
        r#"{"id":"c","schema":"Person","properties":{"name":["A",[1]]}}"#,
        r#"{"id":"d","schema":"Person","properties":[]}"#,
        r#"{"schema":"Person","properties":{}}"#,
        r#"{"id":"e","properties":{}}"#,
        r#"{"id":"f","schema":"Person","properties":{"name":["A"],"name":["B"]}}"#,
        r#"{"id":"g","schema":"Person","properties":{"name":["a\u0000"]}}"#,
        r#"{"id":"h","schema":"Person","properties":{}}"#,
        good,
        r#"{"id":"i""#,
        "[1]",
    ];
    let batch = read_text(&lines.join("\n")).unwrap();
    let told: Vec<String> = batch.quarantined.iter().map(|of| format!("{} {}", of.place, of.reason)).collect();
    let begins = [
        ("9", "names: a record needs at least one name"),
        ("2", "properties.name: a list is expected, found a text"),
        ("3", "properties.name[1]: a text or an entity is expected, found a list"),
        ("4", "properties: an object is expected, found a list"),
        ("5", "id: the entity has none"),
        ("6", "schema: the entity has none"),
        ("7", "the field \"name\" is there twice"),
        ("8", "a value has a character U+0000"),
        ("10", "id: test:a is already the id of the row at entities.ftm.json:1"),
        ("11", "EOF while parsing an object"),
        ("12", "an object in braces was expected"),
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (told, (line, begin)) in told.iter().zip(begins) {
        assert!(told.starts_with(&format!("entities.ftm.json:{line} {begin}")), "{told} is not {line} {begin}");
    }
    assert_eq!(batch.quarantined[1].record_id.as_deref(), Some("test:b"));
    let deep = format!("{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"name\":{}", "[".repeat(100_000));
    assert!(read_text(&deep).unwrap_err().to_string().contains("nested deeper than 16"));
}

#[test]
fn another_list_is_refused() {
    let error = read_text("id,name\n1,x\n").unwrap_err().to_string();
    assert!(error.starts_with("entities.ftm.json:1: no line is a FollowTheMoney entity (expected value"), "{error}");
    assert_eq!(read_text("").unwrap().read, 0);
}
