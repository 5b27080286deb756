/// A bound on work that ended a search before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What was bounded.
    pub bound: &'static str,
    /// True if somebody may well be missing who is about as likely as who was found; false where that is not to be
    /// expected.
    pub telling: bool,
}

impl Cut {
    /// A cut that may have left somebody out.
    pub fn telling(bound: &'static str) -> Cut {
        Cut { bound, telling: true }
    }

    /// The one of two cuts that tells more; the first of equals.
    pub fn worse(one: Option<Cut>, other: Option<Cut>) -> Option<Cut> {
        match (one, other) {
            (Some(own), Some(rival)) if rival.telling && !own.telling => Some(rival),
            (one, other) => one.or(other),
        }
    }
}
