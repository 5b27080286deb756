use tonic::Status;

use super::status::{Reason, field_violation};
use crate::model::EntityId;

/// How many entities a page has unless the caller says, and the most it can have.
const DEFAULT_SIZE: i32 = 100;
const MAX_SIZE: i32 = 1_000;

/// The size of a page: 0 means the default, larger values are taken as the largest, negative ones are refused.
pub(super) fn size(requested: i32) -> Result<usize, Status> {
    match requested {
        0 => Ok(DEFAULT_SIZE as usize),
        1.. => Ok(requested.min(MAX_SIZE) as usize),
        _ => Err(field_violation(Reason::InvalidField, "page_size", format!("{requested} is negative"))),
    }
}

/// The token of the page after an entity. It names the dataset too, so that it cannot be used for another list.
pub(super) fn token(after: EntityId, dataset: &str) -> String {
    format!("{after}/{dataset}")
}

/// The entity after which a page starts; `None` for the first page.
pub(super) fn after(token: &str, dataset: &str) -> Result<Option<EntityId>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let id = token.split_once('/').filter(|(_, of)| *of == dataset).and_then(|(id, _)| id.parse().ok());
    id.map(Some).ok_or_else(refused)
}

/// The token of the page after a numbered thing of a list.
pub(super) fn numbered(after: u64, of: &str) -> String {
    format!("{after}/{of}")
}

/// The number behind which a page starts; 0 for the first page.
pub(super) fn number(token: &str, of: &str) -> Result<u64, Status> {
    if token.is_empty() {
        return Ok(0);
    }
    let number = token.split_once('/').filter(|(_, list)| *list == of).and_then(|(number, _)| number.parse().ok());
    number.ok_or_else(refused)
}

/// The token of the page after a thing that is ordered by two numbers.
pub(super) fn paired((first, second): (u64, u64), of: &str) -> String {
    format!("{first}.{second}/{of}")
}

/// The two numbers behind which a page starts; `None` for the first page.
pub(super) fn pair(token: &str, of: &str) -> Result<Option<(u64, u64)>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let place = token.split_once('/').filter(|(_, list)| *list == of).and_then(|(place, _)| {
        let (first, second) = place.split_once('.')?;
        Some((first.parse().ok()?, second.parse().ok()?))
    });
    place.map(Some).ok_or_else(refused)
}

fn refused() -> Status {
    let reason = "the token was not given for this request: start from the first page";
    field_violation(Reason::InvalidPageToken, "page_token", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordId;

    #[test]
    fn tokens_lead_to_the_next_page_of_the_same_list_only() {
        let id = EntityId::mint(&"ofac:1".parse::<RecordId>().unwrap(), 0);
        assert_eq!(after(&token(id, "ofac"), "ofac").unwrap(), Some(id));
        assert!(after(&token(id, "ofac"), "un").is_err());
        assert!(after("nonsense", "").is_err());
        assert_eq!(after("", "ofac").unwrap(), None);
    }

    #[test]
    fn numbers_lead_to_the_next_page_of_the_same_list_only() {
        assert_eq!(number(&numbered(7, "a:1"), "a:1").unwrap(), 7);
        assert_eq!(pair(&paired((9, 2), ""), "").unwrap(), Some((9, 2)));
        assert_eq!((number("", "x").unwrap(), pair("", "x").unwrap()), (0, None));
        assert!(number(&numbered(7, "a:1"), "").is_err() && number("x/", "").is_err());
        assert!(pair(&paired((9, 2), "conflicts"), "").is_err() && pair("9/", "").is_err());
    }

    #[test]
    fn sizes_are_coerced_but_never_negative() {
        assert_eq!((size(0).unwrap(), size(7).unwrap(), size(i32::MAX).unwrap()), (100, 7, 1_000));
        assert!(size(-1).is_err());
    }
}
