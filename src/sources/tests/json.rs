use super::super::json_lines::fields;
use super::*;

const MAPPING: &str = r#"
format = "jsonl"
[id]
template = "{id}"
[[names]]
column = "name"
quality = "primary"
[[names]]
column = "aliases"
[[birth_dates]]
column = "born"
formats = ["yyyy-m-d", "yyyy"]
[[identifiers]]
column = "inn"
type = "inn"
country = "RU"
[constants]
countries = ["RU"]
programs = ["house list"]
"#;

#[test]
fn lines_of_json() {
    let mapping = Mapping::parse("house.toml", MAPPING).unwrap();
    let text = concat!(
        "{\"id\": 1, \"name\": \"Ким Е Си\", \"aliases\": [\"Kim Ye Si\", null, \"김예시\"], \"born\": \"1970-02-30\", \"inn\": 7707083893}\n",
        "\n{\"id\": \"2\", \"name\": \"Lone \\ud800\"}\n",
        "{\"id\": \"3\", \"name\": \"Twice\", \"name\": \"Thrice\"}\n",
        "{\"id\": 1e400}\n[1]\n{\"id\": {\"x\": 1}}\n{\"id\": \"8\"\n",
        "{\"id\": \"9\", \"name\": \"a\\u0000b\"}\n{\"name\": \"no id\"}\n{\"id\": 1, \"name\": \"again\"}",
    );
    let batch = Files::new(&[("house.jsonl", text.as_bytes())]).read(Format::Mapped, Some(&mapping)).unwrap();
    let record = &batch.records[0];
    assert_eq!(batch.records.len(), 1);
    assert_eq!(names(record), ["Ким Е Си", "Kim Ye Si", "김예시"]);
    assert_eq!(identifiers(record), ["inn 7707083893 RU"]);
    assert_eq!(
        (record.countries.as_slice(), record.programs.as_slice()),
        (&["RU".to_owned()][..], &["house list".to_owned()][..])
    );
    assert_eq!(record.remarks, "born: 1970-02-30");
    assert_eq!(batch.warnings[0].text, "born: day 30 does not exist in 1970-02");
    let told: Vec<(&str, &str)> = batch.quarantined.iter().map(|q| (q.place.as_str(), q.reason.as_str())).collect();
    let begins = [
        ("house.jsonl:3", "unexpected end of hex escape at byte"),
        ("house.jsonl:4", "the field \"name\" is there twice"),
        ("house.jsonl:5", "number out of range"),
        ("house.jsonl:6", "invalid type: sequence, expected an object with a field for every column"),
        ("house.jsonl:7", "invalid type: map, expected text, a number, true, false, null or a list of these"),
        ("house.jsonl:8", "EOF while parsing an object"),
        ("house.jsonl:9", "name: the value has a character U+0000"),
        ("house.jsonl:10", "id: the column is empty, and the id needs it"),
        ("house.jsonl:11", "id: test:1 is already the id of the row at house.jsonl:1"),
    ];
    assert_eq!(told.len(), begins.len(), "{told:?}");
    for ((place, reason), (wanted, begin)) in told.iter().zip(begins) {
        assert_eq!(*place, wanted);
        assert!(reason.starts_with(begin), "{reason}");
    }
}

#[test]
fn depth_and_size_are_bounded() {
    assert!(fields(&format!("{{\"a\":{}", "[".repeat(100_000))).unwrap_err().starts_with("a list within a list"));
    assert!(fields(&"{\"a\":".repeat(100_000)).unwrap_err().starts_with("invalid type: map"));
    let big = format!("{{\"a\":\"{}\"}}", "x".repeat(10 << 20));
    assert_eq!(fields(&big), Err("a: the value has 10485760 bytes, the limit is 1048576".to_owned()));
}

#[test]
fn a_field_that_no_row_has_is_told() {
    let mapping = Mapping::parse("house.toml", MAPPING).unwrap();
    let batch =
        Files::new(&[("h.jsonl", b"{\"id\":1,\"name\":\"x\"}\r\n")]).read(Format::Mapped, Some(&mapping)).unwrap();
    let told: Vec<&str> = batch.warnings.iter().map(|warning| warning.text.as_str()).collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0], "no row has the field \"aliases\", which the mapping names");
}
