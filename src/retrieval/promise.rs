use std::cmp::Ordering;

/// What a name gains, the better one the greater; of equals the one with the lower number.
#[derive(PartialEq)]
pub(super) struct Promise {
    pub gain: f32,
    pub name: u32,
}

impl Eq for Promise {}

impl Ord for Promise {
    fn cmp(&self, other: &Promise) -> Ordering {
        self.gain.total_cmp(&other.gain).then(other.name.cmp(&self.name))
    }
}

impl PartialOrd for Promise {
    fn partial_cmp(&self, other: &Promise) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
