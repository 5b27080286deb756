//! The vocabulary of FollowTheMoney as far as records have a place for it.

use crate::model::{IdentifierType, Kind, NameQuality};

/// What sort of party a schema is about; `None` for what is no party.
pub(super) fn kind(schema: &str) -> Option<Kind> {
    match schema {
        "Person" => Some(Kind::Person),
        "Company" | "Organization" | "PublicBody" => Some(Kind::Organization),
        // A person or a company, which of them is not known.
        "LegalEntity" => Some(Kind::Unknown),
        "Vessel" => Some(Kind::Vessel),
        "Airplane" => Some(Kind::Aircraft),
        _ => None,
    }
}

/// A schema that connects two parties.
pub(super) struct Link {
    /// Its name.
    pub schema: &'static str,
    /// The property that names the party whose record gets the link.
    pub from: &'static str,
    /// The property that names the other one.
    pub to: &'static str,
    /// What the other one is to the first, where the entity does not say.
    pub word: &'static str,
}

const fn link(schema: &'static str, from: &'static str, to: &'static str, word: &'static str) -> Link {
    Link { schema, from, to, word }
}

/// Every schema that connects two parties.
pub(super) const LINKS: [Link; 9] = [
    link("Ownership", "asset", "owner", "Owner"),
    link("Directorship", "organization", "director", "Director"),
    link("Membership", "organization", "member", "Member"),
    link("Employment", "employer", "employee", "Employee"),
    link("Representation", "client", "agent", "Representative"),
    link("Succession", "successor", "predecessor", "Predecessor"),
    link("Family", "person", "relative", "Family"),
    link("Associate", "person", "associate", "Associate"),
    link("UnknownLink", "subject", "object", "Linked To"),
];

/// What a property says of its party.
pub(super) enum Fact {
    /// A name.
    Name(NameQuality),
    /// A date of birth.
    BirthDate,
    /// A place of birth.
    BirthPlace,
    /// A country by its code.
    Country,
    /// An address.
    Address,
    /// A number, and the country that gives numbers of this sort.
    Number(IdentifierType, &'static str),
    /// The gender.
    Gender,
    /// A title or position.
    Position,
    /// A programme of sanctions.
    Program,
    /// What no field takes.
    Remark,
}

/// The properties that are read, in the order in which they are.
pub(super) const FIELDS: &[(&str, Fact)] = &[
    ("name", Fact::Name(NameQuality::Strong)),
    ("alias", Fact::Name(NameQuality::Strong)),
    ("previousName", Fact::Name(NameQuality::Strong)),
    ("weakAlias", Fact::Name(NameQuality::Weak)),
    ("abbreviation", Fact::Name(NameQuality::Weak)),
    ("birthDate", Fact::BirthDate),
    ("birthPlace", Fact::BirthPlace),
    ("nationality", Fact::Country),
    ("citizenship", Fact::Country),
    ("country", Fact::Country),
    ("jurisdiction", Fact::Country),
    ("mainCountry", Fact::Country),
    ("flag", Fact::Country),
    ("address", Fact::Address),
    ("gender", Fact::Gender),
    ("innCode", Fact::Number(IdentifierType::Inn, "RU")),
    ("ogrnCode", Fact::Number(IdentifierType::Ogrn, "RU")),
    ("kppCode", Fact::Number(IdentifierType::Kpp, "RU")),
    ("okpoCode", Fact::Number(IdentifierType::Okpo, "RU")),
    ("leiCode", Fact::Number(IdentifierType::Lei, "")),
    ("swiftBic", Fact::Number(IdentifierType::Bic, "")),
    ("imoNumber", Fact::Number(IdentifierType::Imo, "")),
    ("mmsi", Fact::Number(IdentifierType::Mmsi, "")),
    ("callSign", Fact::Number(IdentifierType::CallSign, "")),
    ("serialNumber", Fact::Number(IdentifierType::Aircraft, "")),
    ("registrationNumber", Fact::Number(IdentifierType::Registration, "")),
    ("taxNumber", Fact::Number(IdentifierType::TaxId, "")),
    ("vatCode", Fact::Number(IdentifierType::TaxId, "")),
    ("passportNumber", Fact::Number(IdentifierType::Passport, "")),
    ("socialSecurityNumber", Fact::Number(IdentifierType::NationalId, "")),
    ("idNumber", Fact::Number(IdentifierType::NationalId, "")),
    ("uniqueEntityId", Fact::Number(IdentifierType::Other, "US")),
    ("title", Fact::Position),
    ("position", Fact::Position),
    ("program", Fact::Program),
    ("programId", Fact::Program),
    ("notes", Fact::Remark),
    ("summary", Fact::Remark),
    ("legalForm", Fact::Remark),
    ("incorporationDate", Fact::Remark),
    ("dissolutionDate", Fact::Remark),
    ("deathDate", Fact::Remark),
    ("topics", Fact::Remark),
    ("sourceUrl", Fact::Remark),
    ("website", Fact::Remark),
    ("type", Fact::Remark),
    ("pastFlags", Fact::Remark),
    ("previousFlag", Fact::Remark),
];
