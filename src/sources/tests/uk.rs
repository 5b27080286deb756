use super::*;
use crate::model::{Gender, Kind};

const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>02/01/2026</DateGenerated>
<Designation>
 <LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2026</DateDesignated>
 <UniqueID>DPR9001</UniqueID><OFSIGroupID>99001</OFSIGroupID><UNReferenceNumber>KPi.999</UNReferenceNumber>
 <Names>
  <Name><Name6>Pak Ex</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
  <Name><Name1>Ye</Name1><Name2>Si</Name2><Name6>PAK</Name6><NameType>Primary Name</NameType></Name>
  <Name><Name1>Ye-si</Name1><Name6>BAK</Name6><NameType>ALias</NameType></Name>
 </Names>
 <NonLatinNames><NonLatinName><NameNonLatinScript>박예시</NameNonLatinScript><NonLatinScriptLanguage>Korean</NonLatinScriptLanguage></NonLatinName></NonLatinNames>
 <Titles><Title>General</Title></Titles>
 <RegimeName>The Invented (Sanctions) Regulations 2026</RegimeName>
 <IndividualEntityShip>Individual</IndividualEntityShip>
 <OtherInformation>Likes   ships.</OtherInformation>
 <Addresses><Address><AddressLine1>1 Sample Street</AddressLine1><AddressLine6>Nampo</AddressLine6><AddressCountry>Russia</AddressCountry></Address></Addresses>
 <IndividualDetails><Individual>
  <DOBs><DOB>dd/mm/1945</DOB><DOB>dd/03/1946</DOB><DOB>01/03/1958</DOB><DOB>00/00/1947</DOB><DOB>31/02/1950</DOB></DOBs>
  <PassportDetails><Passport><PassportNumber>P0458</PassportNumber><PassportAdditionalInformation>North Korea passport</PassportAdditionalInformation></Passport></PassportDetails>
  <NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>12345</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>
  <Nationalities><Nationality>North Korea</Nationality></Nationalities>
  <Positions><Position>Deputy Minister</Position></Positions>
  <Genders><Gender>Male</Gender></Genders>
  <BirthDetails><Location><TownOfBirth>Sinpo</TownOfBirth><CountryOfBirth>North Korea</CountryOfBirth></Location></BirthDetails>
 </Individual></IndividualDetails>
</Designation>
<Designation>
 <UniqueID>RUS9002</UniqueID>
 <Names><Name><Name6>SAMPLE HOLDING</Name6><NameType>Primary name</NameType></Name></Names>
 <IndividualEntityShip>Entity</IndividualEntityShip>
 <Addresses><Address><AddressLine6>Moscow</AddressLine6><AddressPostalCode>101000</AddressPostalCode><AddressCountry>Russia</AddressCountry></Address></Addresses>
 <EntityDetails><Entity>
  <BusinessRegistrationNumbers><BusinessRegistrationNumber>1027700132195</BusinessRegistrationNumber></BusinessRegistrationNumbers>
  <ParentCompanies><ParentCompany>Nobody Holding</ParentCompany></ParentCompanies>
 </Entity></EntityDetails>
</Designation>
<Designation>
 <UniqueID>DPR9003</UniqueID>
 <Names><Name><Name6>Sample 8</Name6><NameType>Primary Name</NameType></Name></Names>
 <IndividualEntityShip>Ship</IndividualEntityShip>
 <ShipDetails><Ship>
  <IMONumbers><IMONumber>IMO9074729</IMONumber></IMONumbers>
  <CurrentOwnerOperators><CurrentOwnerOperator>Sample Holding</CurrentOwnerOperator></CurrentOwnerOperators>
  <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
  <PreviousFlags><PreviousFlag>India</PreviousFlag></PreviousFlags>
 </Ship></ShipDetails>
</Designation>
</Designations>"#;

const UK_CSV: &str = "Report Date: 02-Jan-2026\r\n\
Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name type,Alias strength,Title,\
Name non-latin script,Non-latin script language,Regime Name,Designation Type,Address Line 1,Address Postal Code,Address Country,\
D.O.B,Nationality(/ies),Passport number,Passport additional information,Business registration number (s),IMO number,\
Current owner/operator (s),Current believed flag of ship\r\n\
02/01/2026,DPR9001,99001,,PAK,Ye,Si,Primary Name,,General,박예시,Korean,Invented,Individual,1 Sample Street,,Russia,dd/mm/1945,North Korea,P0458,,,,,\r\n\
02/01/2026,DPR9001,99001,,Pak Ex,,,Alias,Low quality a.k.a,,,,Invented,Individual,\"2 Sample, Street\",,Russia,dd/mm/1945,North Korea,P0458,,,,,\r\n\
02/01/2026,RUS9002,99002,,SAMPLE HOLDING,,,Primary Name,,,,,Invented,Entity,Moscow,101000,Russia,,,,,1027700132195,,,\r\n\
02/01/2026,DPR9003,,,Sample 8,,,Primary Name,,,,,Invented,Ship,,,,,,,,,9074729,SAMPLE HOLDING,Comoros\r\n";

const OFSI: &str = "Last Updated,02/01/2026\n\
Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,DOB,\
Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,\
National Identification Details,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,\
Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,UK Sanctions List Date Designated,Last Updated,Group ID\n\
PAK,Ye,Si,,,,General,박예시,,Korean,00/00/1945,(1) Sinpo (2) Nampo,(1) North Korea (2) North Korea,(1) North Korea (2) Russia,\
(1) P0458 (2) P0459,(1) North Korea (2) Issued in Moscow,,,(1) Minister (2) Deputy,1 Sample Street,,,,,,,North Korea,\
Something more (UK Sanctions List Ref):DPR9001 (UN Ref):KPi.999 (Gender):Male,Individual,Primary name,,Invented,01/01/2026,,02/01/2026,99001\n\
PAK EX,,,,,,,,,,,,,,,,,,,,,,,,,,,,Individual,AKA,Low quality,Invented,01/01/2026,,02/01/2026,99001\n\
SAMPLE HOLDING,,,,,,,,,,,,,,,,,,,Moscow,,,,,,101000,Russia,\
(Business Reg No):1027700132195 (Parent company):(1) Nobody Holding (2) Somebody Holding,Entity,Primary name,,Invented,01/01/2026,,02/01/2026,99002\n";

fn read_as(format: Format, file: &str, text: &str) -> Result<Batch, SourceError> {
    Files::new(&[(file, text.as_bytes())]).read(format, None)
}

#[test]
fn a_person_of_the_xml() {
    let batch = read_as(Format::UkXml, "uk.xml", XML).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice()), (3, &[][..]));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind, person.gender), ("test:DPR9001", Kind::Person, Some(Gender::Male)));
    assert_eq!(names(person), ["Ye Si PAK", "Ye-si BAK", "박예시", "Pak Ex"]);
    assert_eq!((weak_names(person), person.names[2].language.as_str()), (vec!["Pak Ex"], "ko"));
    assert_eq!(shown(&person.birth_dates), ["1945", "1946-03", "1947", "1958-03-01"]);
    assert_eq!(batch.warnings[0].text, "D.O.B: day 31 does not exist in 1950-02");
    assert_eq!(person.birth_places, ["Sinpo, North Korea"]);
    // He lives in Russia, which makes him no Russian.
    assert_eq!(person.countries, ["KP"]);
    assert_eq!(identifiers(person), ["passport P0458 KP", "national-id 12345", "other 99001", "other KPi.999"]);
    assert_eq!(person.positions, ["General", "Deputy Minister"]);
    assert_eq!(person.programs, ["The Invented (Sanctions) Regulations 2026"]);
    assert_eq!(person.addresses, ["1 Sample Street, Nampo, Russia"]);
    assert!(
        person.remarks.ends_with("Other Information: Likes ships.; PassportNumber: North Korea passport"),
        "{}",
        person.remarks
    );
}

#[test]
fn companies_and_ships_are_linked_by_name() {
    for (format, file, text) in [(Format::UkXml, "uk.xml", XML), (Format::UkCsv, "uk.csv", UK_CSV)] {
        let batch = read_as(format, file, text).unwrap();
        let [_, company, ship] = &batch.records[..] else { panic!("{file}: {:?}", batch.quarantined) };
        assert_eq!((company.kind, ship.kind), (Kind::Organization, Kind::Vessel));
        assert_eq!(company.addresses, ["Moscow, 101000, Russia"]);
        let numbers = identifiers(company);
        assert!(numbers.contains(&"ogrn 1027700132195 RU".to_owned()), "{file}: {numbers:?}");
        assert!(identifiers(ship)[0].starts_with("imo "), "{file}");
        assert_eq!(ship.countries, ["KM"]);
        let link = &ship.relations[0];
        assert_eq!((link.relation.as_str(), link.record.as_ref()), ("Owner or operator", Some(&company.id)), "{file}");
    }
}

#[test]
fn rows_of_the_csv_are_put_together() {
    let batch = read_as(Format::UkCsv, "uk.csv", UK_CSV).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice(), batch.warnings.as_slice()), (3, &[][..], &[][..]));
    let person = &batch.records[0];
    assert_eq!(names(person), ["Ye Si PAK", "박예시", "Pak Ex"]);
    assert_eq!(shown(&person.birth_dates), ["1945"]);
    assert_eq!(person.addresses, ["1 Sample Street, Russia", "2 Sample, Street, Russia"]);
    assert_eq!(identifiers(person), ["passport P0458", "other 99001"]);
}

#[test]
fn the_consolidated_list_numbers_its_values() {
    let batch = read_as(Format::OfsiCsv, "ConList.csv", OFSI).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice(), batch.warnings.as_slice()), (2, &[][..], &[][..]));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind, person.gender), ("test:99001", Kind::Person, Some(Gender::Male)));
    assert_eq!(names(person), ["Ye Si PAK", "박예시", "PAK EX"]);
    assert_eq!((weak_names(person), shown(&person.birth_dates)), (vec!["PAK EX"], vec!["1945".to_owned()]));
    assert_eq!(person.birth_places, ["Sinpo, North Korea", "Nampo, North Korea"]);
    assert_eq!(person.countries, ["KP", "RU"]);
    assert_eq!(person.positions, ["General", "Minister", "Deputy"]);
    let numbers = identifiers(person);
    assert_eq!(numbers.iter().filter(|number| number.starts_with("passport P045")).count(), 2, "{numbers:?}");
    assert!(person.remarks.ends_with("other information: Something more"), "{}", person.remarks);
    assert!(numbers.contains(&"other DPR9001".to_owned()) && numbers.contains(&"other KPi.999".to_owned()));
    let company = &batch.records[1];
    assert_eq!(identifiers(company), ["ogrn 1027700132195 RU"]);
    let parents: Vec<&str> = company.relations.iter().map(|link| link.name.as_str()).collect();
    assert_eq!(parents, ["Nobody Holding", "Somebody Holding"]);
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let lost = XML.replacen("<UniqueID>RUS9002</UniqueID>", "", 1);
    let batch = read_as(Format::UkXml, "uk.xml", &lost).unwrap();
    assert_eq!(batch.quarantined[0].reason, "UniqueID: the record has no number");
    let sort = XML.replace(">Ship<", ">Submarine<");
    let batch = read_as(Format::UkXml, "uk.xml", &sort).unwrap();
    assert!(batch.warnings.iter().any(|of| of.text == "IndividualEntityShip: \"Submarine\" is no known sort of party"));
    assert_eq!(batch.records[2].kind, Kind::Unknown);
    let cut = UK_CSV.replace("\"2 Sample, Street\"", "\"2 Sample, Street");
    let batch = read_as(Format::UkCsv, "uk.csv", &cut).unwrap();
    assert_eq!((batch.quarantined[0].place.as_str(), batch.records.len()), ("uk.csv:4", 3));
    assert!(batch.quarantined[0].reason.contains("never closed"), "{}", batch.quarantined[0].reason);
    let swapped = read_as(Format::OfsiCsv, "uk.csv", UK_CSV).unwrap_err().to_string();
    assert!(swapped.contains("there is no column \"Group ID\""), "{swapped}");
    let swapped = read_as(Format::UkCsv, "ConList.csv", OFSI).unwrap_err().to_string();
    assert!(swapped.contains("there is no column \"Unique ID\""), "{swapped}");
    let twice = Files::new(&[("a.csv", UK_CSV.as_bytes()), ("b.csv", UK_CSV.as_bytes())]).read(Format::UkCsv, None);
    assert!(twice.unwrap_err().to_string().contains("one CSV file is needed, 2 given"));
}

#[test]
fn formats_are_told_by_what_the_files_hold() {
    let told = |file: &str, text: &str| {
        let files = Files::new(&[(file, text.as_bytes())]);
        Format::of_files(&files.paths).map_err(|error| error.to_string())
    };
    assert_eq!(told("x", XML), Ok(Format::UkXml));
    assert_eq!(told("x", UK_CSV), Ok(Format::UkCsv));
    assert_eq!(told("x", OFSI), Ok(Format::OfsiCsv));
    assert_eq!(told("x", super::un::LIST), Ok(Format::UnXml));
    assert_eq!(told("x", super::eu::XML), Ok(Format::EuXml));
    assert_eq!(told("x", super::eu::CSV), Ok(Format::EuCsv));
    assert_eq!(told("x", super::ftm::LINES), Ok(Format::Ftm));
    assert_eq!(told("x", super::senzing::LINES), Ok(Format::Senzing));
    assert_eq!(told("sdn.csv", super::ofac::SDN), Ok(Format::OfacCsv));
    for (text, says) in [
        ("", "the file is empty"),
        ("<!doctype html><html><body>Not here</body></html>", "it is a page of the web"),
        ("<ArrayOfFinancialSanctionsTarget/>", "take ConList.csv instead"),
        ("<rss/>", "the root element <rss>"),
        ("{\"a\": 1}", "neither FollowTheMoney nor Senzing's"),
        ("PAR1\0\0", "it is Parquet"),
        ("id,name\n1,x", "its columns are those of no known list"),
    ] {
        let error = told("x", text).unwrap_err();
        assert!(error.starts_with("x: the format cannot be told: ") && error.contains(says), "{text}: {error}");
    }
}

/// A sample with some of its bytes cut out or replaced.
fn damaged(text: &str, from: usize, length: usize, with: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let from = from % letters.len();
    let to = (from + length).min(letters.len());
    letters[..from].iter().copied().chain(with.chars()).chain(letters[to..].iter().copied()).collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever is cut out or put in, every row read is a record or quarantined, or the file is refused.
    #[test]
    fn damaged_lists_are_read_or_refused(from in 0_usize..8000, length in 0_usize..60, with in "[\\[\\](){}<>&;,\"'=/:0-9a-z가]{0,6}") {
        for (format, file, text) in [
            (Format::UkXml, "uk.xml", XML),
            (Format::UkCsv, "uk.csv", UK_CSV),
            (Format::OfsiCsv, "ofsi.csv", OFSI),
            (Format::EuXml, "eu.xml", super::eu::XML),
            (Format::EuCsv, "eu.csv", super::eu::CSV),
            (Format::Ftm, "ftm.json", super::ftm::LINES),
            (Format::Senzing, "senzing.jsonl", super::senzing::LINES),
        ] {
            let _ = read_as(format, file, &damaged(text, from, length, &with));
        }
    }
}
