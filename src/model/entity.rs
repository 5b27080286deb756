use super::{EntityId, Kind, Record};

/// What one or more records are judged to stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its canonical id.
    pub id: EntityId,
    /// The records that stand for it, ordered by record id; never empty.
    pub records: Vec<Record>,
    /// Earlier canonical ids that now lead here, in order.
    pub former_ids: Vec<EntityId>,
}

impl Entity {
    /// What sort of party it is: the first kind that one of its records knows.
    pub fn kind(&self) -> Kind {
        self.records.iter().map(|record| record.kind).find(|kind| *kind != Kind::Unknown).unwrap_or_default()
    }

    /// The name to show: that of its first record.
    pub fn caption(&self) -> &str {
        self.records.first().map_or("", Record::caption)
    }
}
