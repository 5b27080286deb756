use super::RegistryError;
use crate::model::{EntityId, RecordId};

/// An id and the record that founded it. Minted once, kept for ever, also after the record is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The founding record.
    pub record: RecordId,
    /// The id it founded.
    pub id: EntityId,
    /// How many ids were taken before this one was free: [`EntityId::mint`] at this attempt gives `id`.
    pub attempt: u32,
    /// The revision that minted it.
    pub minted: u64,
    /// Where it leads: the id of the cluster that the record belongs to.
    pub canonical: EntityId,
}

impl Identity {
    /// What decides which id of a cluster survives: the oldest, then the smallest.
    pub fn seniority(&self) -> (u64, EntityId) {
        (self.minted, self.id)
    }
}

/// How many ids are tried for one record. Ids are one in 8·10¹⁴, so that even the second try is rare.
const ATTEMPTS: u32 = 64;

/// Finds the first id of `record` that is not taken, and at which attempt.
pub(crate) fn mint(
    record: &RecordId,
    mint: impl Fn(&RecordId, u32) -> EntityId,
    mut taken: impl FnMut(EntityId) -> Result<bool, RegistryError>,
) -> Result<(EntityId, u32), RegistryError> {
    for attempt in 0..ATTEMPTS {
        let id = mint(record, attempt);
        if !taken(id)? {
            return Ok((id, attempt));
        }
    }
    Err(RegistryError::NoFreeId { record: record.clone(), attempts: ATTEMPTS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_id_leads_to_the_next_attempt() {
        let record = "test:1".parse().unwrap();
        let first = EntityId::mint(&record, 0);
        assert_eq!(mint(&record, EntityId::mint, |_| Ok(false)).unwrap(), (first, 0));
        let second = EntityId::mint(&record, 1);
        assert_eq!(mint(&record, EntityId::mint, |id| Ok(id == first)).unwrap(), (second, 1));
    }

    #[test]
    fn the_search_for_a_free_id_ends() {
        let record = "test:1".parse().unwrap();
        let error = mint(&record, EntityId::mint, |_| Ok(true)).unwrap_err();
        assert_eq!(error.to_string(), "record test:1: no free entity id after 64 tries");
    }
}
