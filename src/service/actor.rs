use tonic::Request;

use super::listener::{Call, Role};

/// Who is written down for a change: the principal of the credential, and whom it acts for where the message says so.
/// Where no credential is asked for, whoever the message names, or nobody in particular.
pub(super) fn actor<T>(request: &Request<T>, on_behalf_of: &str) -> String {
    let principal = Call::of(request.extensions()).and_then(Call::principal).map(|principal| principal.name());
    named(principal, on_behalf_of.trim())
}

/// Whether the caller has a role; everybody has where no credential is asked for.
pub(super) fn may<T>(request: &Request<T>, role: Role) -> bool {
    let principal = Call::of(request.extensions()).and_then(Call::principal);
    principal.is_none_or(|principal| principal.roles().contains(role))
}

fn named(principal: Option<&str>, on_behalf_of: &str) -> String {
    match (principal, on_behalf_of) {
        (Some(principal), "") => principal.to_owned(),
        (Some(principal), person) => format!("{principal} for {person}"),
        (None, "") => "anonymous".to_owned(),
        (None, person) => person.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_message_never_takes_the_place_of_a_credential() {
        assert_eq!(named(Some("alice"), ""), "alice");
        assert_eq!(named(Some("alice"), "bob"), "alice for bob");
        assert_eq!([named(None, "bob"), named(None, "")], ["bob", "anonymous"]);
    }
}
