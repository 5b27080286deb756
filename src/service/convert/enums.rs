use super::FieldError;
use crate::model::{Gender, IdentifierType, Kind, NameQuality};
use crate::names::PartRole;
use crate::proto::v1;
use crate::resolver::Verdict;
use crate::score::Feature;
use crate::text::Script;

fn unknown(field: &str, value: i32) -> FieldError {
    FieldError::new(field, format!("{value} is no value of this enum"))
}

/// The kind of a message's field.
pub fn kind_from(value: i32, field: &str) -> Result<Kind, FieldError> {
    match v1::Kind::try_from(value).map_err(|_| unknown(field, value))? {
        v1::Kind::Unspecified => Ok(Kind::Unknown),
        v1::Kind::Person => Ok(Kind::Person),
        v1::Kind::Organization => Ok(Kind::Organization),
        v1::Kind::Vessel => Ok(Kind::Vessel),
        v1::Kind::Aircraft => Ok(Kind::Aircraft),
    }
}

/// A kind as the contract has it.
pub fn kind_message(kind: Kind) -> v1::Kind {
    match kind {
        Kind::Unknown => v1::Kind::Unspecified,
        Kind::Person => v1::Kind::Person,
        Kind::Organization => v1::Kind::Organization,
        Kind::Vessel => v1::Kind::Vessel,
        Kind::Aircraft => v1::Kind::Aircraft,
    }
}

/// The script of a message's field; `None` for "not stated".
pub(super) fn script_from(value: i32, field: &str) -> Result<Option<Script>, FieldError> {
    Ok(match v1::Script::try_from(value).map_err(|_| unknown(field, value))? {
        v1::Script::Unspecified => None,
        v1::Script::Latin => Some(Script::Latin),
        v1::Script::Cyrillic => Some(Script::Cyrillic),
        v1::Script::Hangul => Some(Script::Hangul),
        v1::Script::Han => Some(Script::Han),
        v1::Script::Digits => Some(Script::Digits),
        v1::Script::Other => Some(Script::Other),
    })
}

/// A script as the contract has it.
pub fn script_message(script: Script) -> v1::Script {
    match script {
        Script::Latin => v1::Script::Latin,
        Script::Cyrillic => v1::Script::Cyrillic,
        Script::Hangul => v1::Script::Hangul,
        Script::Han => v1::Script::Han,
        Script::Digits => v1::Script::Digits,
        Script::Other => v1::Script::Other,
    }
}

/// A verdict as the contract has it.
pub fn verdict_message(verdict: Verdict) -> v1::Verdict {
    match verdict {
        Verdict::Match => v1::Verdict::Match,
        Verdict::Review => v1::Verdict::Review,
        Verdict::NoMatch => v1::Verdict::NoMatch,
    }
}

pub(super) fn quality_from(value: i32, field: &str) -> Result<NameQuality, FieldError> {
    Ok(match v1::NameQuality::try_from(value).map_err(|_| unknown(field, value))? {
        v1::NameQuality::Primary => NameQuality::Primary,
        v1::NameQuality::Unspecified | v1::NameQuality::Strong => NameQuality::Strong,
        v1::NameQuality::Weak => NameQuality::Weak,
    })
}

pub(super) fn quality_message(quality: NameQuality) -> v1::NameQuality {
    match quality {
        NameQuality::Primary => v1::NameQuality::Primary,
        NameQuality::Strong => v1::NameQuality::Strong,
        NameQuality::Weak => v1::NameQuality::Weak,
    }
}

pub(super) fn gender_from(value: &str, field: &str) -> Result<Option<Gender>, FieldError> {
    if value.is_empty() {
        return Ok(None);
    }
    let gender = Gender::parse(value);
    gender.map(Some).ok_or_else(|| FieldError::new(field, format!("{value:?} is neither \"male\" nor \"female\"")))
}

pub(super) fn identifier_type_from(value: i32, field: &str) -> Result<IdentifierType, FieldError> {
    use v1::IdentifierType as Message;
    Ok(match Message::try_from(value).map_err(|_| unknown(field, value))? {
        Message::Passport => IdentifierType::Passport,
        Message::NationalId => IdentifierType::NationalId,
        Message::TaxId => IdentifierType::TaxId,
        Message::Inn => IdentifierType::Inn,
        Message::Ogrn => IdentifierType::Ogrn,
        Message::Kpp => IdentifierType::Kpp,
        Message::Okpo => IdentifierType::Okpo,
        Message::Registration => IdentifierType::Registration,
        Message::Lei => IdentifierType::Lei,
        Message::Bic => IdentifierType::Bic,
        Message::Imo => IdentifierType::Imo,
        Message::Mmsi => IdentifierType::Mmsi,
        Message::CallSign => IdentifierType::CallSign,
        Message::Aircraft => IdentifierType::Aircraft,
        Message::Unspecified | Message::Other => IdentifierType::Other,
    })
}

pub(super) fn identifier_type_message(kind: IdentifierType) -> v1::IdentifierType {
    use v1::IdentifierType as Message;
    match kind {
        IdentifierType::Passport => Message::Passport,
        IdentifierType::NationalId => Message::NationalId,
        IdentifierType::TaxId => Message::TaxId,
        IdentifierType::Inn => Message::Inn,
        IdentifierType::Ogrn => Message::Ogrn,
        IdentifierType::Kpp => Message::Kpp,
        IdentifierType::Okpo => Message::Okpo,
        IdentifierType::Registration => Message::Registration,
        IdentifierType::Lei => Message::Lei,
        IdentifierType::Bic => Message::Bic,
        IdentifierType::Imo => Message::Imo,
        IdentifierType::Mmsi => Message::Mmsi,
        IdentifierType::CallSign => Message::CallSign,
        IdentifierType::Aircraft => Message::Aircraft,
        IdentifierType::Other => Message::Other,
    }
}

pub(super) fn role_message(role: PartRole) -> v1::PartRole {
    match role {
        PartRole::Unknown => v1::PartRole::Unspecified,
        PartRole::Surname => v1::PartRole::Surname,
        PartRole::Given => v1::PartRole::Given,
        PartRole::Patronymic => v1::PartRole::Patronymic,
        PartRole::Initial => v1::PartRole::Initial,
        PartRole::Title => v1::PartRole::Title,
        PartRole::LegalForm => v1::PartRole::LegalForm,
        PartRole::Descriptor => v1::PartRole::Descriptor,
        PartRole::Distinctive => v1::PartRole::Distinctive,
        PartRole::Place => v1::PartRole::Place,
        PartRole::Number => v1::PartRole::Number,
        PartRole::Particle => v1::PartRole::Particle,
    }
}

pub(super) fn feature_message(feature: Feature) -> v1::EvidenceFeature {
    match feature {
        Feature::NamePart => v1::EvidenceFeature::NamePart,
        Feature::QueryPartUnmatched => v1::EvidenceFeature::QueryPartUnmatched,
        Feature::EntityPartUnmatched => v1::EvidenceFeature::EntityPartUnmatched,
        Feature::Order => v1::EvidenceFeature::Order,
        Feature::BirthDate => v1::EvidenceFeature::BirthDate,
        Feature::Country => v1::EvidenceFeature::Country,
        Feature::Gender => v1::EvidenceFeature::Gender,
        Feature::Identifier => v1::EvidenceFeature::Identifier,
        Feature::Kind => v1::EvidenceFeature::Kind,
        Feature::Disguise => v1::EvidenceFeature::Disguise,
        Feature::NameQuality => v1::EvidenceFeature::NameQuality,
    }
}
