use super::FieldError;
use super::enums::{gender_from, identifier_type_from, kind_from, script_from};
use crate::model::{Identifier, PartialDate};
use crate::proto::v1;
use crate::resolver::{Detail, Options, Query, QueryName, Scope};

/// The most birth dates, countries and identifiers of one query.
const MAX_BIRTH_DATES: usize = 8;
const MAX_COUNTRIES: usize = 16;
const MAX_IDENTIFIERS: usize = 32;
/// The most candidates of one answer, and how many there are unless the caller says.
pub(crate) const MAX_LIMIT: u32 = 100;

/// The query of a message; `path` is where it stands in the request.
pub fn query_from(message: Option<v1::Query>, path: &str) -> Result<Query, FieldError> {
    let message = message.ok_or_else(|| FieldError::new(path, "a query is required"))?;
    let mut names = Vec::with_capacity(message.names.len());
    for (place, name) in message.names.into_iter().enumerate() {
        let script = script_from(name.script, &format!("{path}.names[{place}].script"))?;
        names.push(QueryName { text: name.text, script, language: name.language });
    }
    bounded(message.birth_dates.len(), MAX_BIRTH_DATES, &format!("{path}.birth_dates"))?;
    bounded(message.countries.len(), MAX_COUNTRIES, &format!("{path}.countries"))?;
    bounded(message.identifiers.len(), MAX_IDENTIFIERS, &format!("{path}.identifiers"))?;
    Ok(Query {
        names,
        kind: kind_from(message.kind, &format!("{path}.kind"))?,
        birth_dates: all(message.birth_dates, &format!("{path}.birth_dates"), date_from)?,
        countries: all(message.countries, &format!("{path}.countries"), country_from)?,
        identifiers: all(message.identifiers, &format!("{path}.identifiers"), identifier_from)?,
        gender: gender_from(&message.gender, &format!("{path}.gender"))?,
    })
}

/// The scope of a message; unset means everywhere.
pub fn scope_from(message: Option<v1::Scope>) -> Result<Scope, FieldError> {
    let message = message.unwrap_or_default();
    let datasets = all(message.datasets, "scope.datasets", |name, path| {
        name.parse().map_err(|error: crate::model::IdError| FieldError::new(path, error.to_string()))
    })?;
    let kinds = all(message.kinds, "scope.kinds", kind_from)?;
    Ok(Scope { datasets, kinds })
}

/// The options of a message, with the defaults for what is unset. `default_limit` is how many candidates there
/// are unless the caller says.
pub fn options_from(message: Option<v1::ResolveOptions>, default_limit: usize) -> Result<Options, FieldError> {
    let message = message.unwrap_or_default();
    let limit = match message.limit {
        0 => default_limit,
        1..=MAX_LIMIT => message.limit as usize,
        limit => return Err(FieldError::new("options.limit", format!("{limit} is more than {MAX_LIMIT}"))),
    };
    if !(0.0..=1.0).contains(&message.min_probability) {
        let reason = format!("{} is no probability: expected 0 to 1", message.min_probability);
        return Err(FieldError::new("options.min_probability", reason));
    }
    let detail = detail_from(message.explanation, "options.explanation")?;
    let prior = prior_from(message.prior, "options.prior")?;
    let work = match message.work {
        0 => 1,
        1..=Options::MAX_WORK => message.work,
        work => return Err(FieldError::new("options.work", format!("{work} is more than {}", Options::MAX_WORK))),
    };
    Ok(Options { limit, min_probability: message.min_probability, detail, prior, work })
}

/// The prior of a message; 0 means that the caller states none.
pub fn prior_from(value: f64, field: &str) -> Result<Option<f64>, FieldError> {
    match value {
        0.0 => Ok(None),
        value if value > 0.0 && value < 1.0 => Ok(Some(value)),
        value => Err(FieldError::new(field, format!("{value} is no prior: expected more than 0 and less than 1"))),
    }
}

/// Suggestions unless the caller says how many.
const DEFAULT_SUGGESTIONS: usize = 10;
/// The most suggestions.
const MAX_SUGGESTIONS: u32 = 50;

/// How many suggestions a message asks for.
pub fn suggestions_from(limit: u32) -> Result<usize, FieldError> {
    match limit {
        0 => Ok(DEFAULT_SUGGESTIONS),
        1..=MAX_SUGGESTIONS => Ok(limit as usize),
        _ => Err(FieldError::new("limit", format!("{limit} is more than {MAX_SUGGESTIONS}"))),
    }
}

/// How much of the reasoning a message asks for.
pub fn detail_from(value: i32, field: &str) -> Result<Detail, FieldError> {
    match v1::ExplanationLevel::try_from(value) {
        Ok(v1::ExplanationLevel::None) => Ok(Detail::None),
        Ok(v1::ExplanationLevel::Unspecified | v1::ExplanationLevel::Summary) => Ok(Detail::Summary),
        Ok(v1::ExplanationLevel::Full) => Ok(Detail::Full),
        Err(_) => Err(FieldError::new(field, format!("{value} is no value of this enum"))),
    }
}

pub(super) fn bounded(count: usize, limit: usize, path: &str) -> Result<(), FieldError> {
    if count <= limit { Ok(()) } else { Err(FieldError::new(path, format!("{count} items, the limit is {limit}"))) }
}

/// Converts every item, with the path of each.
pub(super) fn all<M, T>(
    items: Vec<M>,
    path: &str,
    convert: impl Fn(M, &str) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    items.into_iter().enumerate().map(|(place, item)| convert(item, &format!("{path}[{place}]"))).collect()
}

pub(super) fn date_from(message: v1::PartialDate, path: &str) -> Result<PartialDate, FieldError> {
    let date = PartialDate::new(message.year.into(), message.month.into(), message.day.into())
        .map_err(|error| FieldError::new(path, error.to_string()))?;
    Ok(if message.approximate { date.circa() } else { date })
}

pub(super) fn country_from(code: String, path: &str) -> Result<String, FieldError> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(code.to_ascii_uppercase())
    } else {
        Err(FieldError::new(path, format!("{code:?} is no ISO 3166-1 alpha-2 code such as \"KP\"")))
    }
}

pub(super) fn identifier_from(message: v1::Identifier, path: &str) -> Result<Identifier, FieldError> {
    let country = match message.country.as_str() {
        "" => String::new(),
        _ => country_from(message.country, &format!("{path}.country"))?,
    };
    let kind = identifier_type_from(message.r#type, &format!("{path}.type"))?;
    let identifier = Identifier { kind, value: message.value.trim().to_owned(), country };
    if identifier.normal_form().is_empty() {
        return Err(FieldError::new(format!("{path}.value"), "the value has no letter or digit"));
    }
    Ok(identifier)
}
