use super::*;
use crate::model::{Gender, Kind};

pub(super) const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-02T10:00:00.000+01:00" globalFileId="1">
 <sanctionEntity designationDetails="" unitedNationId="KPi.999" euReferenceNumber="EU.9001.1" logicalId="9001">
  <remark>An invented person.</remark>
  <regulation regulationType="amendment" programme="PRK" numberTitle="2026/1" logicalId="1"><publicationUrl>http://example.org/</publicationUrl></regulation>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="" middleName="" lastName="" wholeName="Pak Sample" strong="false" nameLanguage="" gender="" function="" title="" logicalId="1"/>
  <nameAlias firstName="Ye" middleName="" lastName="Pak" wholeName="Pak Ye-si" strong="true" nameLanguage="EN" gender="M" function="Deputy of something &amp; more" title="General" logicalId="2"><remark>given name first</remark></nameAlias>
  <nameAlias wholeName="박예시" strong="true" nameLanguage="KO" logicalId="3"/>
  <citizenship region="" countryIso2Code="KP" countryDescription="NORTH KOREA" logicalId="4"/>
  <birthdate circa="false" calendarType="GREGORIAN" city="Nampo" zipCode="" birthdate="1960-04-04" dayOfMonth="4" monthOfYear="4" year="1960" region="" place="" countryIso2Code="KP" countryDescription="NORTH KOREA" logicalId="5"/>
  <birthdate circa="true" calendarType="GREGORIAN" city="" monthOfYear="5" year="1961" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="6"/>
  <birthdate circa="false" calendarType="GREGORIAN" yearRangeFrom="1962" yearRangeTo="1964" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="7"/>
  <identification diplomatic="true" knownExpired="true" knownFalse="false" identificationTypeCode="passport" identificationTypeDescription="National passport" number="836000001" countryIso2Code="KP" countryDescription="NORTH KOREA" logicalId="8"><remark>diplomatic</remark></identification>
  <address city="Moscow" street="Sample street 1" poBox="12" zipCode="101000" region="" place="" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="9"/>
 </sanctionEntity>
 <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.9002.1" logicalId="9002">
  <subjectType code="enterprise" classificationCode="E"/>
  <regulation programme="UKR" logicalId="2"/><regulation programme="PRK" logicalId="3"/>
  <nameAlias wholeName="Sample Trading LLC" strong="true" logicalId="10"/>
  <nameAlias wholeName="ООО «Образец Трейдинг»" strong="true" nameLanguage="RU" logicalId="11"/>
  <identification identificationTypeCode="regnumber" identificationTypeDescription="Registration Number" number="1027700132195" countryIso2Code="RU" logicalId="12"/>
  <identification identificationTypeCode="swiftbic" identificationTypeDescription="SWIFT BIC" number="SMPLRUMM" countryIso2Code="00" logicalId="13"/>
  <address city="Vladivostok" street="" poBox="" zipCode="" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="14"/>
 </sanctionEntity>
</export>"#;

pub(super) const CSV: &str = "\u{FEFF}fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_Remark;\
Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;\
NameAlias_WholeName;NameAlias_NameLanguage;NameAlias_Gender;NameAlias_Title;NameAlias_Function;Address_City;Address_Street;\
Address_CountryIso2Code;Address_CountryDescription;BirthDate_BirthDate;BirthDate_Year;BirthDate_Circa;BirthDate_CountryDescription;\
Identification_Number;Identification_TypeCode;Identification_CountryIso2Code;Citizenship_CountryIso2Code;Citizenship_CountryDescription\r\n\
02/01/2026;9001;EU.9001.1;KPi.999;An invented person.;P;person;PRK;Pak;Ye;Pak Ye-si;EN;M;General;;;;;;;;;;;;;;\r\n\
02/01/2026;9001;EU.9001.1;KPi.999;An invented person.;P;person;PRK;;;\"박예시; 박 \"\"례\"\"시\";KO;;;;;;;;;;;;;;;;\r\n\
02/01/2026;9001;EU.9001.1;KPi.999;An invented person.;P;person;PRK;;;;;;;;;;;;1960-04-04;1960;false;NORTH KOREA;;;;;\r\n\
02/01/2026;9001;EU.9001.1;KPi.999;An invented person.;P;person;PRK;;;;;;;;;;;;;;;;836000001;passport;KP;;\r\n\
02/01/2026;9001;EU.9001.1;KPi.999;An invented person.;P;person;PRK;;;;;;;;;;;;;;;;;;;KP;NORTH KOREA\r\n\
02/01/2026;9002;EU.9002.1;;;E;enterprise;UKR;;;Sample Trading LLC;;;;;;;;;;;;;;;;;\r\n\
02/01/2026;9002;EU.9002.1;;;E;enterprise;UKR;;;;;;;;Vladivostok;;RU;RUSSIAN FEDERATION;;;;;;;;;\r\n";

fn xml(text: &str) -> Result<Batch, SourceError> {
    Files::new(&[("eu.xml", text.as_bytes())]).read(Format::EuXml, None)
}

fn csv(text: &str) -> Result<Batch, SourceError> {
    Files::new(&[("eu.csv", text.as_bytes())]).read(Format::EuCsv, None)
}

#[test]
fn a_person_of_the_xml() {
    let batch = xml(XML).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice(), batch.warnings.as_slice()), (2, &[][..], &[][..]));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind, person.gender), ("test:9001", Kind::Person, Some(Gender::Male)));
    // A strong name stands for the party, though a weak one comes first in the file.
    assert_eq!(names(person), ["Pak Ye-si", "박예시", "Pak Sample"]);
    assert_eq!(weak_names(person), ["Pak Sample"]);
    assert_eq!(person.names[1].language, "ko");
    assert_eq!(person.names.iter().filter(|name| name.quality == NameQuality::Primary).count(), 1);
    assert_eq!(shown(&person.birth_dates), ["1960-04-04", "~1961-05", "~1962", "~1964"]);
    assert_eq!(person.birth_places, ["Nampo, NORTH KOREA"]);
    assert_eq!(person.countries, ["KP"]);
    assert_eq!(identifiers(person), ["passport 836000001 KP", "other EU.9001.1", "other KPi.999"]);
    assert_eq!(person.programs, ["PRK"]);
    assert_eq!(person.positions, ["General", "Deputy of something & more"]);
    assert_eq!(person.addresses, ["Sample street 1, PO Box 12, 101000, Moscow, RUSSIAN FEDERATION"]);
    let remarks = "remark: An invented person.; name: given name first; identification: 836000001 is expired; \
                   identification: diplomatic";
    assert_eq!(person.remarks, remarks);
}

#[test]
fn a_company_of_the_xml() {
    let company = &xml(XML).unwrap().records[1];
    assert_eq!(company.kind, Kind::Organization);
    assert_eq!(names(company), ["Sample Trading LLC", "ООО «Образец Трейдинг»"]);
    assert_eq!((company.countries.as_slice(), company.programs.len()), (&["RU".to_owned()][..], 2));
    assert_eq!(identifiers(company), ["ogrn 1027700132195 RU", "bic SMPLRUMM", "other EU.9002.1"]);
}

#[test]
fn rows_of_the_csv_are_put_together() {
    let batch = csv(CSV).unwrap();
    assert_eq!((batch.read, batch.quarantined.as_slice(), batch.warnings.as_slice()), (2, &[][..], &[][..]));
    let person = &batch.records[0];
    assert_eq!((person.id.as_str(), person.kind, person.gender), ("test:9001", Kind::Person, Some(Gender::Male)));
    assert_eq!(names(person), ["Pak Ye-si", "박예시; 박 \"례\"시"]);
    assert_eq!(shown(&person.birth_dates), ["1960-04-04"]);
    assert_eq!(
        (person.birth_places.as_slice(), person.countries.as_slice()),
        (&["NORTH KOREA".to_owned()][..], &["KP".to_owned()][..])
    );
    assert_eq!(identifiers(person), ["passport 836000001 KP", "other EU.9001.1", "other KPi.999"]);
    assert_eq!(
        (person.programs.as_slice(), person.remarks.as_str()),
        (&["PRK".to_owned()][..], "remark: An invented person.")
    );
    let company = &batch.records[1];
    assert_eq!((company.kind, company.countries.as_slice()), (Kind::Organization, &["RU".to_owned()][..]));
    assert_eq!(company.addresses, ["Vladivostok, RUSSIAN FEDERATION"]);
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let no_number = XML.replacen(" logicalId=\"9001\"", "", 1);
    let batch = xml(&no_number).unwrap();
    assert_eq!(batch.quarantined[0].reason, "logicalId: the record has no number");
    assert!(batch.quarantined[0].place.starts_with("eu.xml:3 "), "{}", batch.quarantined[0].place);
    let no_names = XML.replace("<nameAlias", "<former").replace("</nameAlias>", "</former>");
    let reasons: Vec<_> = xml(&no_names).unwrap().quarantined.into_iter().map(|of| of.reason).collect();
    assert_eq!(reasons, ["names: a record needs at least one name"; 2]);
    let wrong_dates = XML.replace("birthdate=\"1960-04-04\"", "birthdate=\"1960-02-30\"");
    let batch = xml(&wrong_dates).unwrap();
    assert_eq!(batch.warnings[0].text, "birthdate: day 30 does not exist in 1960-02");
    assert!(batch.records[0].remarks.contains("date of birth: 1960-02-30"));
    let attribute = XML.replace("Deputy of something &amp;", "Deputy &other;");
    assert!(xml(&attribute).unwrap_err().to_string().contains("not well-formed XML"));
    let control = XML.replace("Deputy of something &amp;", "Deputy &#1;");
    assert!(xml(&control).unwrap_err().to_string().contains("U+0001"));
    assert!(xml("<html/>").unwrap_err().to_string().contains("<export> was expected"));

    let short = CSV.replacen("02/01/2026;9001;EU.9001.1;", "02/01/2026;9001;", 1);
    let batch = csv(&short).unwrap();
    assert_eq!(batch.quarantined[0].place, "eu.csv:2");
    assert_eq!(batch.quarantined[0].reason, "28 cells expected, found 27");
    let lost = CSV.replacen(";9002;", ";;", 1);
    assert_eq!(csv(&lost).unwrap().quarantined[0].reason, "Entity_LogicalId: the row has no number");
    let other = csv("id;name\n1;x\n").unwrap_err().to_string();
    assert_eq!(
        other,
        "eu.csv:1: header: there is no column \"Entity_LogicalId\" in the first rows; is it another list?"
    );
    let renamed = csv(&CSV.replace("NameAlias_WholeName", "Name")).unwrap_err().to_string();
    assert!(renamed.contains("no column \"NameAlias_WholeName\""), "{renamed}");
}
