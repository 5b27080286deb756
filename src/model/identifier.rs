use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The sort of an identifier. Identifiers are compared only within one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierType {
    /// Passport number.
    Passport,
    /// National identity number or identity card.
    NationalId,
    /// Tax number of any country but Russia.
    TaxId,
    /// Russian taxpayer number (ИНН).
    Inn,
    /// Russian company registration number (ОГРН, ОГРНИП).
    Ogrn,
    /// Russian tax registration reason code (КПП); shared by branches.
    Kpp,
    /// Russian statistics code (ОКПО).
    Okpo,
    /// Company registration number of any country but Russia.
    Registration,
    /// Legal entity identifier, ISO 17442.
    Lei,
    /// SWIFT business identifier code, ISO 9362.
    Bic,
    /// IMO ship or company number.
    Imo,
    /// Maritime mobile service identity.
    Mmsi,
    /// Radio call sign of a ship.
    CallSign,
    /// Tail number or serial number of an aircraft.
    Aircraft,
    /// Any other number.
    Other,
}

impl IdentifierType {
    /// Every type, in the order of their codes.
    pub const ALL: [IdentifierType; 15] = [
        IdentifierType::Passport,
        IdentifierType::NationalId,
        IdentifierType::TaxId,
        IdentifierType::Inn,
        IdentifierType::Ogrn,
        IdentifierType::Kpp,
        IdentifierType::Okpo,
        IdentifierType::Registration,
        IdentifierType::Lei,
        IdentifierType::Bic,
        IdentifierType::Imo,
        IdentifierType::Mmsi,
        IdentifierType::CallSign,
        IdentifierType::Aircraft,
        IdentifierType::Other,
    ];

    /// The word used in files and mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            IdentifierType::Passport => "passport",
            IdentifierType::NationalId => "national-id",
            IdentifierType::TaxId => "tax-id",
            IdentifierType::Inn => "inn",
            IdentifierType::Ogrn => "ogrn",
            IdentifierType::Kpp => "kpp",
            IdentifierType::Okpo => "okpo",
            IdentifierType::Registration => "registration",
            IdentifierType::Lei => "lei",
            IdentifierType::Bic => "bic",
            IdentifierType::Imo => "imo",
            IdentifierType::Mmsi => "mmsi",
            IdentifierType::CallSign => "call-sign",
            IdentifierType::Aircraft => "aircraft",
            IdentifierType::Other => "other",
        }
    }

    /// The stable code used in files, 0 to 14.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The type of a code; `None` for codes that no version has written.
    pub fn from_code(code: u8) -> Option<IdentifierType> {
        IdentifierType::ALL.get(usize::from(code)).copied()
    }

    /// True if one party has one value and no two parties share it, so that equal values settle the question.
    pub fn is_strong(self) -> bool {
        !matches!(
            self,
            IdentifierType::Kpp | IdentifierType::CallSign | IdentifierType::Aircraft | IdentifierType::Other
        )
    }
}

impl fmt::Display for IdentifierType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for IdentifierType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        IdentifierType::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = IdentifierType::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("unknown identifier type {text:?}: expected one of {}", known.join(", "))
        })
    }
}

/// A number or code by which a party is registered somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// Its sort.
    #[serde(rename = "type")]
    pub kind: IdentifierType,
    /// The value as published, trimmed, not empty.
    pub value: String,
    /// The issuing country, ISO 3166-1 alpha-2 in capitals; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
}

impl Identifier {
    /// The form that is compared: letters and digits only, in capitals, and of numbers without the label before
    /// them ("IMO 9074729"). Empty if the value has none.
    pub fn normal_form(&self) -> String {
        let form: String = self.value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        let number = form.trim_start_matches(|c: char| !c.is_ascii_digit());
        match self.kind {
            IdentifierType::Inn
            | IdentifierType::Ogrn
            | IdentifierType::Kpp
            | IdentifierType::Okpo
            | IdentifierType::Imo
            | IdentifierType::Mmsi
                if !number.is_empty() =>
            {
                number.to_owned()
            }
            _ => form,
        }
    }
}
