use super::*;
use crate::model::{Gender, Kind};

pub(super) const SDN: &str = concat!(
    "101,\"KOTOV, Ivan Petrovich\",\"individual\",\"DPRK4] [NPWMD\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,",
    "\"DOB 08 Jan 1984; alt. DOB circa 1982; POB Omsk, Russia; nationality Russia; alt. citizen Korea, North; Gender Male; ",
    "Passport 7700123456 (Russia) issued 12 Aug 2009; Tax ID No. 7707083893 (Russia); a.k.a. 'VANYA'; ",
    "former minister; Linked To: EXAMPLE TRADING CO. LTD.\"\r\n",
    "102,\"EXAMPLE TRADING CO. LTD.\",-0- ,\"DPRK4\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Registration ID 1027700132195 (Russia); SWIFT/BIC EXMPRUMM; a.k.a. 'E\"\r\n",
    "103,\"WOONG ARI\",\"vessel\",\"DPRK4\",-0- ,\"HMAB\",\"Bulk Carrier\",\"5,000\",\"3,000\",\"Democratic People's Republic of Korea\",\"Example Shipping\",\"Vessel Registration Identification IMO 8133138; MMSI 445000000; Linked To: KOTOV, Ivan Petrovich.\"\r\n",
    "104,\"EP-XYZ\",\"aircraft\",\"IRAN\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Aircraft Model B747; Aircraft Manufacturer's Serial Number (MSN) 20001; Aircraft Tail Number EP-XYZ.\"\r\n",
    "\u{1A}"
);
pub(super) const ALT: &str = concat!(
    "101,1,\"aka\",\"KOTOFF, Ivan\",-0- \r\n",
    "101,2,\"fka\",\"KATOV, Ivan\",\"weak\"\r\n",
    "999,3,\"aka\",\"NOBODY\",-0- \r\n\u{1A}"
);
const ADD: &str = "102,1,\"1 Lenina St.\",\"Vladivostok\",\"Russia\",-0- \r\n101,2,-0- ,-0- ,\"Cuba\",-0- \r\n\u{1A}";
const COMMENTS: &str = "102,\"XTRA'; Phone Number 123456.\"\r\n\u{1A}";

fn set() -> Batch {
    let files = [("SDN_COMMENTS.csv", COMMENTS), ("add.csv", ADD), ("alt.csv", ALT), ("sdn.csv", SDN)];
    Files::new(&files.map(|(name, text)| (name, text.as_bytes()))).read(Format::OfacCsv, None).unwrap()
}

#[test]
fn a_person_with_everything() {
    let batch = set();
    assert_eq!((batch.read, batch.quarantined.len()), (4, 0));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind), ("test:101", Kind::Person));
    assert_eq!(names(person), ["KOTOV, Ivan Petrovich", "KOTOFF, Ivan", "KATOV, Ivan", "VANYA"]);
    assert_eq!(weak_names(person), ["KATOV, Ivan", "VANYA"]);
    assert_eq!(shown(&person.birth_dates), ["~1982", "1984-01-08"]);
    assert_eq!(person.birth_places, ["Omsk, Russia"]);
    // Cuba is where he lives, not whose citizen he is.
    assert_eq!(person.countries, ["KP", "RU"]);
    assert_eq!(person.addresses, ["Cuba"]);
    assert_eq!(person.gender, Some(Gender::Male));
    assert_eq!(person.positions, ["Director"]);
    assert_eq!(person.programs, ["DPRK4", "NPWMD"]);
    assert_eq!(identifiers(person), ["passport 7700123456 RU", "inn 7707083893 RU"]);
    // What no field took stays word for word.
    assert_eq!(person.remarks, "Passport 7700123456 (Russia) issued 12 Aug 2009; former minister");
    let linked = &person.relations[0];
    assert_eq!((linked.relation.as_str(), linked.name.as_str()), ("Linked To", "EXAMPLE TRADING CO. LTD"));
    // The remark's full stop was taken off; the link finds the name that ends in one.
    assert_eq!(linked.record, Some("test:102".parse().unwrap()));
}

#[test]
fn a_company_whose_remarks_go_on_in_the_comments() {
    let company = &set().records[1];
    assert_eq!(company.kind, Kind::Organization);
    assert_eq!(names(company), ["EXAMPLE TRADING CO. LTD.", "EXTRA"]);
    assert_eq!(identifiers(company), ["ogrn 1027700132195 RU", "bic EXMPRUMM"]);
    assert_eq!(company.countries, ["RU"]);
    assert_eq!(company.addresses, ["1 Lenina St., Vladivostok, Russia"]);
    assert_eq!(company.remarks, "Phone Number 123456");
}

#[test]
fn vessels_and_aircraft() {
    let batch = set();
    let (vessel, aircraft) = (&batch.records[2], &batch.records[3]);
    assert_eq!((vessel.kind, aircraft.kind), (Kind::Vessel, Kind::Aircraft));
    assert_eq!(identifiers(vessel), ["imo 8133138", "mmsi 445000000", "call-sign HMAB"]);
    assert_eq!(vessel.countries, ["KP"]);
    assert_eq!(vessel.remarks, "Vessel Type Bulk Carrier; Tonnage 5,000; Gross Registered Tonnage 3,000");
    let relations: Vec<_> = vessel.relations.iter().map(|r| (r.relation.as_str(), r.name.as_str())).collect();
    assert_eq!(relations, [("Linked To", "KOTOV, Ivan Petrovich"), ("Vessel Owner", "Example Shipping")]);
    assert_eq!(vessel.relations[0].record, Some("test:101".parse().unwrap()));
    assert_eq!(identifiers(aircraft), ["aircraft 20001", "aircraft EP-XYZ"]);
    assert_eq!(aircraft.remarks, "Aircraft Model B747");
}

#[test]
fn an_alias_without_an_entry_is_told() {
    let warnings = set().warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].place, "alt.csv:3");
    assert_eq!(warnings[0].text, "ent_num: there is no entry 999 for \"3, aka, NOBODY, -0- \"");
}

fn entry(number: &str, name: &str, remarks: &str) -> String {
    format!("{number},\"{name}\",\"individual\",\"X\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\n")
}

#[test]
fn bad_rows_are_quarantined_and_the_rest_goes_on() {
    let sdn = [
        entry("1", "GOOD", "-0-"),
        "2,\"RAGGED\"\n".to_owned(),
        entry("x", "NO NUMBER", "-0-"),
        "4,\"UNCLOSED,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n".to_owned(),
        entry("5", "...", "-0-"),
        entry("1", "TWICE", "-0-"),
        entry("7", &"N".repeat(1025), "-0-"),
        entry("8", "-0-", "-0-"),
        entry("9", "LAST", "-0-"),
    ]
    .concat();
    let files = [("sdn.csv", sdn.as_bytes()), ("alt.csv", b"9,1,\"aka\"\n9,2,\"aka\",\"ALIAS\",-0- \n".as_slice())];
    let batch = Files::new(&files).read(Format::OfacCsv, None).unwrap();
    assert_eq!(batch.records.iter().map(Record::caption).collect::<Vec<_>>(), ["GOOD", "LAST"]);
    assert_eq!(names(&batch.records[1]), ["LAST", "ALIAS"]);
    let told: Vec<(&str, Option<&str>, &str)> =
        batch.quarantined.iter().map(|q| (q.place.as_str(), q.record_id.as_deref(), q.reason.as_str())).collect();
    let expected = [
        ("alt.csv:1", Some("test:9"), "5 cells expected, found 3"),
        ("sdn.csv:2", Some("test:2"), "12 cells expected, found 2"),
        ("sdn.csv:3", None, "ent_num: \"x\" is not a number"),
        ("sdn.csv:4", Some("test:4"), "cell 2 has text behind its closing quotation mark"),
        ("sdn.csv:5", Some("test:5"), "names[0]: the name has no letter or digit"),
        ("sdn.csv:6", Some("test:1"), "id: test:1 is already the id of the row at sdn.csv:1"),
        ("sdn.csv:7", Some("test:7"), "names[0]: the name has 1025 characters, the limit is 1024"),
        ("sdn.csv:8", Some("test:8"), "SDN_Name: the entry has no name"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn another_file_under_the_name_is_refused() {
    let error = Files::new(&[("sdn.csv", b"id,name\n1,x\n")]).read(Format::OfacCsv, None).unwrap_err().to_string();
    assert_eq!(
        error,
        "sdn.csv:1: no row is an entry of the SDN list (12 cells expected, found 2); give the file as published"
    );
    let twice = Files::new(&[("sdn.csv", b""), ("SDN.CSV", b"")]).read(Format::OfacCsv, None).unwrap_err().to_string();
    assert!(twice.contains("is given twice; give it once"), "{twice}");
}

#[test]
fn what_cannot_be_read_stays_and_is_told() {
    let remarks = "DOB 31 Feb 1990; DOB 0000; nationality Atlantis; DOB 1963 to 1965; Frobnitz No. 1234567; National ID No. none.";
    let sdn = entry("1", "X", remarks);
    let batch = Files::new(&[("sdn.csv", sdn.as_bytes())]).read(Format::OfacCsv, None).unwrap();
    let record = &batch.records[0];
    assert_eq!(shown(&record.birth_dates), ["~1963", "~1965"]);
    assert_eq!(
        record.remarks,
        "DOB 31 Feb 1990; DOB 0000; nationality Atlantis; Frobnitz No. 1234567; National ID No. none"
    );
    let told: Vec<&str> = batch.warnings.iter().map(|warning| warning.text.as_str()).collect();
    let expected = [
        "remarks: \"DOB 31 Feb 1990\": day 31 does not exist in 1990-02",
        "remarks: \"DOB 0000\": year 0 is outside 1 to 9999",
        "remarks: \"nationality Atlantis\": unknown country",
        "remarks: \"Frobnitz No. 1234567\": a number without a known label",
        "remarks: \"National ID No. none\": no number behind the label",
    ];
    assert_eq!(told, expected);
    assert_eq!(batch.warnings[0].place, "sdn.csv:1");
}
