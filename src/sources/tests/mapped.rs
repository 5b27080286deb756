use super::*;
use crate::model::{Gender, Kind};

const COLUMNS: &str = "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,\
    previousName,country,nationality,jurisdiction,birthDate,birthPlace,position,passportNumber,gender,appearance,\
    ethnicity,fatherName,motherName,incorporationDate,legalForm,sector,registrationNumber,taxNumber,idNumber,innCode,\
    ogrnCode,kppCode,okpoCode,leiCode,swiftBic,ticker,imoNumber,mmsi,flag,address,phone,email,website,notes";

/// A row of the journal with some cells filled.
fn row(cells: &[(&str, &str)]) -> String {
    let value = |column: &str| {
        let found = cells.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| value);
        format!("\"{}\"", found.replace('"', "\"\""))
    };
    COLUMNS.split(',').map(|column| value(column.trim())).collect::<Vec<_>>().join(",") + "\r\n"
}

fn journal(rows: &[&[(&str, &str)]]) -> Batch {
    let text = rows.iter().fold(format!("{COLUMNS}\r\n"), |text, cells| text + &row(cells));
    Files::new(&[("32099R0001.csv", text.as_bytes())]).read(Format::Mapped, Some(&bundled())).unwrap()
}

#[test]
fn rows_of_the_journal() {
    let batch = journal(&[
        &[
            ("celex", "32099R0001"),
            ("recordId", "7"),
            ("annex", "I.PERSONS"),
            ("programKey", "EU-EXA"),
            ("schema", "Person"),
            ("name", "Ivan Petrovich RAK"),
            ("alias", "Иван Петрович РАК / Iван Петрович РАК; Text of image; Iwan (Ivan) RAK"),
            ("birthDate", "7.2.1956 or 1957"),
            ("birthPlace", "Omsk, former USSR"),
            ("nationality", "Russian, Ukrainian"),
            ("gender", "male."),
            ("passportNumber", "Russian passport no. 55 0314316"),
            ("position", "Minister; Colonel"),
            ("address", "Minsk, Belarus"),
            ("reason", "Example."),
        ],
        &[
            ("celex", "32099R0001"),
            ("annex", "IV"),
            ("schema", "LegalEntity"),
            ("name", "Example Plant (EP)"),
            ("registrationNumber", "7707083893 (Tax ID/INN)"),
            ("address", "1 Lenina St., Omsk, Russian Federation"),
        ],
        &[("celex", "32099R0001"), ("annex", "IV"), ("schema", "Ship"), ("name", "X"), ("imoNumber", "none")],
        &[("celex", "32099R0001"), ("annex", "IV"), ("name", "Text of image")],
    ]);
    assert_eq!((batch.read, batch.records.len()), (4, 3));
    let [person, company, other] = &batch.records[..] else { panic!() };
    assert_eq!((person.id.as_str(), person.kind), ("test:32099R0001/I.PERSONS/7", Kind::Person));
    assert_eq!(names(person), ["Ivan Petrovich RAK", "Иван Петрович РАК", "Iван Петрович РАК", "Iwan RAK", "Ivan RAK"]);
    assert_eq!(person.names[0].quality, NameQuality::Primary);
    assert!(person.names[1..].iter().all(|name| name.quality == NameQuality::Strong));
    assert_eq!(shown(&person.birth_dates), ["1956-02-07", "1957"]);
    assert_eq!((person.countries.join(" "), person.gender), ("RU UA".to_owned(), Some(Gender::Male)));
    assert_eq!(identifiers(person), ["passport 55 0314316 RU"]);
    assert_eq!(person.positions, ["Minister", "Colonel"]);
    assert_eq!((person.programs.join(" "), person.remarks.as_str()), ("EU-EXA".to_owned(), "Example."));

    // Without an id of its own, a row is called by its number in the file.
    assert_eq!((company.id.as_str(), company.kind), ("test:32099R0001/IV/row2", Kind::Organization));
    assert_eq!(names(company), ["Example Plant", "EP"]);
    assert_eq!(company.countries, ["RU"]);
    assert_eq!(identifiers(company), ["inn 7707083893 RU"]);

    assert_eq!((other.kind, other.remarks.as_str()), (Kind::Unknown, "imoNumber: none"));
    let told: Vec<(&str, &str)> = batch.warnings.iter().map(|w| (w.place.as_str(), w.text.as_str())).collect();
    let expected = [
        ("32099R0001.csv:4", "schema: \"Ship\" is none of the kinds of the mapping"),
        ("32099R0001.csv:4", "imoNumber: not all of \"none\" could be read"),
    ];
    assert_eq!(told, expected);
    assert_eq!(batch.quarantined[0].place, "32099R0001.csv:5");
    assert_eq!(batch.quarantined[0].reason, "names: a record needs at least one name");
}

const HOUSE: &str = r#"
format = "tsv"
[id]
template = "{id}"
[kind]
default = "organization"
[[names]]
column = "name"
quality = "primary"
language = "ru"
[[where]]
column = "status"
is = ["active", ""]
"#;

#[test]
fn tab_separated_rows_with_a_filter() {
    let mapping = Mapping::parse("house.toml", HOUSE).unwrap();
    let text = "\u{FEFF}id\tname\tstatus\n1\tООО \"Пример\"\tactive\n2\tGone\tclosed\n3\tShort\n4\t\0\t\n5\tLast\t\n";
    let batch = Files::new(&[("h.tsv", text.as_bytes())]).read(Format::Mapped, Some(&mapping)).unwrap();
    assert_eq!(batch.records.iter().map(Record::caption).collect::<Vec<_>>(), ["ООО \"Пример\"", "Last"]);
    assert_eq!(batch.records[0].names[0].language, "ru");
    assert_eq!((batch.read, batch.skipped), (4, 1));
    let told: Vec<&str> = batch.quarantined.iter().map(|q| q.reason.as_str()).collect();
    assert_eq!(told, ["3 cells expected, found 2", "cell 2 has a character U+0000"]);
}

#[test]
fn another_header_is_refused() {
    let mapping = Mapping::parse("house.toml", HOUSE).unwrap();
    let refused =
        |text: &[u8]| Files::new(&[("h.tsv", text)]).read(Format::Mapped, Some(&mapping)).unwrap_err().to_string();
    assert_eq!(
        refused(b"id\tNAME\tstatus\n"),
        "h.tsv:1: header: there is no column \"name\", which the mapping names; is it another list?"
    );
    assert_eq!(refused(b"id\tname\tname\tstatus\n"), "h.tsv:1: header: the column \"name\" is there twice");
    assert_eq!(refused(b""), "h.tsv:1: the file is empty; a header row is expected");
}

#[test]
fn wrong_mappings_name_the_file_and_the_key() {
    let told = |from: &str, to: &str| {
        let text = HOUSE.replace(from, to);
        assert_ne!(text, HOUSE);
        Mapping::parse("house.toml", &text).unwrap_err().to_string()
    };
    assert!(told("[kind]", "[knd]").starts_with("house.toml: line 5: unknown field `knd`, expected one of"));
    assert!(told("\"tsv\"", "\"xls\"").starts_with("house.toml: line 2: unknown variant `xls`"));
    assert!(told("language", "lang").contains("unknown field `lang`"));
    assert!(told("{id}", "{id").contains("id.template: \"{id\" has a brace that is never closed"));
    assert!(told("{id}", "x").contains("names no column in braces"));
    assert!(told("\"tsv\"", "\"tsv\"\ndelimiter = \"ab\"").contains("delimiter: one ASCII character"));
    assert!(told("\"tsv\"", "\"jsonl\"\nquotes = true").contains("format: jsonl and parquet have no delimiter"));
    assert!(told("\"tsv\"", "\"tsv\"\nencoding = \"koi8-r\"").contains("unknown variant `koi8-r`, expected `utf-8`"));
    assert!(told("is = ", "was = ").contains("unknown field `was`"));
    assert!(told("is = [\"active\", \"\"]", "").contains("where: column \"status\" needs either is or is_not"));
    assert!(told("[kind]", "[id.empty]\nx = \"{row}\"\n[kind]").contains("id.empty: the template has no column \"x\""));
    let dates = "[[birth_dates]]\ncolumn = \"b\"\nformats = [\"dd/mm\"]\n[kind]";
    assert!(told("[kind]", dates).contains("birth_dates.formats: date format \"dd/mm\""));
    assert!(told("[kind]", "[constants]\ncountries = [\"rus\"]\n[kind]").contains("constants.countries"));
    assert!(told("{id}", "}{").contains("brace"));
}

#[test]
fn bundled_mappings_are_valid() {
    for name in bundled_mappings() {
        Mapping::parse(name, bundled_mapping(name).unwrap()).unwrap();
    }
    assert_eq!(bundled_mapping("nothing"), None);
}
