use super::super::xml::{MAX_ATTRIBUTES, MAX_DEPTH};
use super::*;
use crate::model::{Gender, Kind};

pub(super) const LIST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-01-01">
 <INDIVIDUALS>
  <INDIVIDUAL>
   <DATAID>11</DATAID><FIRST_NAME>PAK</FIRST_NAME><SECOND_NAME>EXAMPLE&amp;</SECOND_NAME>
   <THIRD_NAME>na</THIRD_NAME><FOURTH_NAME> SON </FOURTH_NAME>
   <NAME_ORIGINAL_SCRIPT>박예시</NAME_ORIGINAL_SCRIPT>
   <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER><GENDER>Male</GENDER>
   <COMMENTS1>Lives   in
    a port.</COMMENTS1>
   <TITLE><VALUE>General</VALUE></TITLE><DESIGNATION><VALUE>Chief</VALUE><VALUE>Deputy</VALUE></DESIGNATION>
   <NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
   <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Bak Ex; Pak Eks</ALIAS_NAME></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Ivan (original script: Иван)</ALIAS_NAME></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ADDRESS><CITY>Rason</CITY><COUNTRY>Cuba</COUNTRY><NOTE>in 2016</NOTE></INDIVIDUAL_ADDRESS>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-04-04</DATE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1962</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1963</FROM_YEAR><TO_YEAR>1965</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-02-30</DATE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Sinpo</CITY><COUNTRY>Democratic People's Republic of Korea</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
   <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Afghan passport number SE 012820</NUMBER><DATE_OF_ISSUE>2000-11-04</DATE_OF_ISSUE></INDIVIDUAL_DOCUMENT>
   <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification
     Number</TYPE_OF_DOCUMENT><NUMBER>660000</NUMBER><ISSUING_COUNTRY>Yemen</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
   <INDIVIDUAL_DOCUMENT/>
  </INDIVIDUAL>
 </INDIVIDUALS>
 <ENTITIES>
  <ENTITY><DATAID>12</DATAID><FIRST_NAME>EXAMPLE SHIPPING COMPANY (ESC)</FIRST_NAME>
   <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME><![CDATA[Old <Example>]]></ALIAS_NAME></ENTITY_ALIAS>
   <ENTITY_ADDRESS><STREET>1 Pier</STREET><CITY>Nampo</CITY><COUNTRY>Syrian Arab Republic</COUNTRY></ENTITY_ADDRESS>
  </ENTITY>
 </ENTITIES>
</CONSOLIDATED_LIST>"#;

fn read_text(text: &str) -> Result<Batch, SourceError> {
    Files::new(&[("un.xml", text.as_bytes())]).read(Format::UnXml, None)
}

fn refused(text: &str) -> String {
    read_text(text).unwrap_err().to_string()
}

fn within(records: &str) -> String {
    format!("<CONSOLIDATED_LIST>\n{records}\n</CONSOLIDATED_LIST>")
}

#[test]
fn a_person_with_everything() {
    let batch = read_text(LIST).unwrap();
    assert_eq!((batch.read, batch.quarantined.len()), (2, 0));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind), ("test:11", Kind::Person));
    assert_eq!(names(person), ["PAK EXAMPLE& SON", "박예시", "Bak Ex", "Pak Eks", "Ivan", "Иван"]);
    assert_eq!(weak_names(person), ["Ivan", "Иван"]);
    assert_eq!(shown(&person.birth_dates), ["1960-04-04", "~1962", "~1963", "~1965"]);
    assert_eq!(person.birth_places, ["Sinpo, Democratic People's Republic of Korea"]);
    assert_eq!((person.gender, person.countries.as_slice()), (Some(Gender::Male), &["KP".to_owned()][..]));
    assert_eq!(identifiers(person), ["passport SE 012820 AF", "national-id 660000 YE", "other KPi.999"]);
    assert_eq!(person.positions, ["General", "Chief", "Deputy"]);
    assert_eq!(person.programs, ["DPRK"]);
    assert_eq!(person.addresses, ["Rason, Cuba (in 2016)"]);
    assert_eq!(person.remarks, "date of birth: 1960-02-30; Passport: issued 2000-11-04; Lives in a port.");
    assert_eq!(batch.warnings.len(), 1);
    assert_eq!(batch.warnings[0].place, "un.xml:4 DATAID 11");
    assert_eq!(batch.warnings[0].text, "DATE: day 30 does not exist in 1960-02");
}

#[test]
fn an_entity() {
    let entity = &read_text(LIST).unwrap().records[1];
    assert_eq!(entity.kind, Kind::Organization);
    assert_eq!(names(entity), ["EXAMPLE SHIPPING COMPANY", "ESC", "Old <Example>"]);
    assert_eq!(weak_names(entity), ["ESC"]);
    assert_eq!(entity.countries, ["SY"]);
}

#[test]
fn records_without_a_number_or_a_name_are_quarantined_with_the_place() {
    let batch = read_text(&within(
        "<ENTITY><FIRST_NAME>X</FIRST_NAME></ENTITY>\n<ENTITY><DATAID>5</DATAID></ENTITY>\n\
         <ENTITY><DATAID>6</DATAID><FIRST_NAME>Y</FIRST_NAME></ENTITY><ENTITY><DATAID>6</DATAID><FIRST_NAME>Z</FIRST_NAME></ENTITY>",
    ));
    let told: Vec<String> = batch.unwrap().quarantined.iter().map(|q| format!("{} | {}", q.place, q.reason)).collect();
    let expected = [
        "un.xml:2 DATAID  | DATAID: the record has no number",
        "un.xml:3 DATAID 5 | names: a record needs at least one name",
        "un.xml:4 DATAID 6 | id: test:6 is already the id of the row at un.xml:4 DATAID 6",
    ];
    assert_eq!(told, expected);
}

#[test]
fn document_types_and_entities_are_refused() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<CONSOLIDATED_LIST/>";
    assert_eq!(refused(laughs), "un.xml:1: a document type (<!DOCTYPE) is not accepted; remove it");
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><CONSOLIDATED_LIST/>";
    assert!(refused(external).contains("a document type"));
    let entity = within("<ENTITY><DATAID>&file;</DATAID></ENTITY>");
    assert_eq!(refused(&entity), "un.xml:2: entity &file; is not one of lt, gt, amp, apos and quot");
    let numbered = within("<ENTITY><DATAID>1</DATAID><FIRST_NAME>A&#1078;&#x416;</FIRST_NAME></ENTITY>");
    assert_eq!(read_text(&numbered).unwrap().records[0].caption(), "AжЖ");
    assert!(refused(&within("<ENTITY>&#0;</ENTITY>")).contains("wrong character reference"));
    assert!(refused(&within("<ENTITY>&#1;</ENTITY>")).contains("the character U+0001 is not allowed in XML"));
    assert!(refused(&within("<ENTITY>\0</ENTITY>")).contains("U+0000"));
}

#[test]
fn depth_attributes_and_sizes_are_bounded() {
    let deep = within(&format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000)));
    assert_eq!(refused(&deep), format!("un.xml:2: elements are nested deeper than {MAX_DEPTH}"));
    let attributes: String = (0..10_000).map(|number| format!(" a{number}=\"\"")).collect();
    let wide = within(&format!("<ENTITY{attributes}/>"));
    assert_eq!(refused(&wide), format!("un.xml:2: an element has more than {MAX_ATTRIBUTES} attributes"));

    let big = format!("<ENTITY><DATAID>1</DATAID><FIRST_NAME>{}</FIRST_NAME></ENTITY>", "x".repeat(10 << 20));
    let many = "<ENTITY_ALIAS><ALIAS_NAME>x</ALIAS_NAME></ENTITY_ALIAS>".repeat(60_000);
    let many = format!("<ENTITY><DATAID>2</DATAID><FIRST_NAME>y</FIRST_NAME>{many}</ENTITY>");
    let good = "<ENTITY><DATAID>3</DATAID><FIRST_NAME>z</FIRST_NAME></ENTITY>";
    let batch = read_text(&within(&format!("{big}{many}{good}"))).unwrap();
    assert_eq!(batch.records.len(), 1);
    assert_eq!(batch.quarantined[0].reason, "FIRST_NAME: the text has more than 1048576 bytes");
    assert_eq!(batch.quarantined[0].record_id.as_deref(), Some("test:1"));
    assert!(batch.quarantined[1].reason.ends_with("the record has more than 100000 elements"));
}

#[test]
fn broken_and_other_files_are_refused_with_the_line() {
    let cut = &LIST[..LIST.find("  </INDIVIDUAL>").unwrap()];
    assert_eq!(refused(cut), "un.xml:26: the file ends inside <INDIVIDUAL>, which begins at line 4; fetch it again");
    assert!(refused(&LIST[..LIST.len() - 3]).contains(": not well-formed XML: "));
    assert!(refused("<CONSOLIDATED_LIST>\n<A></B>").starts_with("un.xml:2: not well-formed XML"));
    assert!(refused("<html/>").contains("the root element is <html>, <CONSOLIDATED_LIST> was expected"));
    assert!(refused("<html></html>").contains("the root element is <html>"));
    assert!(refused("").contains("<CONSOLIDATED_LIST> was expected"));
    assert!(refused("1,2,3").contains("<CONSOLIDATED_LIST> was expected"));
    assert!(refused("<?xml version=\"1.0\" encoding=\"KOI8-R\"?><CONSOLIDATED_LIST/>").contains("encoding"));
    assert!(read_text(&format!("\u{FEFF}{}", within(""))).unwrap().records.is_empty());
}
