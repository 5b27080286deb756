/// A table with its columns, as every store has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    /// How many of the first columns make the key.
    pub(super) key: usize,
}

const fn table(name: &'static str, key: usize, columns: &'static [&'static str]) -> Table {
    Table { name, columns, key }
}

impl Table {
    /// Every table but those of the state and of migrations, each behind those that its rows refer to.
    pub const ALL: [Table; 15] = [
        table("identities", 1, &["record_id", "id", "attempt", "minted"]),
        table("clusters", 1, &["id", "canonical"]),
        table("datasets", 1, &["name", "record_count", "name_count", "digest", "imported_at"]),
        table("records", 1, &["record_id", "dataset", "digest", "names", "json"]),
        table("relations", 2, &["record_id", "target"]),
        table("successions", 1, &["record_id", "successor", "revision"]),
        table(
            "imports",
            1,
            &[
                "number",
                "request_id",
                "digest",
                "dataset",
                "at",
                "added",
                "changed",
                "unchanged",
                "removed",
                "quarantined",
                "revision",
            ],
        ),
        table(
            "judgements",
            1,
            &["number", "revision", "at", "left_id", "right_id", "opinion", "actor", "reason", "evidence"],
        ),
        table("withdrawals", 1, &["judgement", "revision", "at", "actor", "reason"]),
        table("requests", 1, &["request_id", "action", "digest", "answer"]),
        table("audit", 1, &["sequence", "at", "revision", "action", "actor", "detail", "previous", "hash"]),
        table(
            "changes",
            1,
            &["sequence", "revision", "at", "action", "entity", "other", "record_id", "judgement", "reason"],
        ),
        table(
            "proposals",
            1,
            &[
                "number", "revision", "at", "left_id", "right_id", "opinion", "actor", "reason", "evidence", "worth",
                "conflict",
            ],
        ),
        table("suppressions", 1, &["number", "revision", "at", "subject", "entity", "actor", "reason"]),
        table("closings", 2, &["kind", "number", "revision", "at", "actor", "reason"]),
    ];
}
