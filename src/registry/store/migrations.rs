use std::path::PathBuf;

use super::Result;
use crate::registry::RegistryError;

/// What a database keeps of a migration that was applied.
pub(super) fn checksum(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// Holds the migrations that a database was given, by version, against those of this program; gives the last version.
pub(super) fn check(path: PathBuf, stored: &[(u32, String)], migrations: &[&str]) -> Result<u32> {
    let known = migrations.len() as u32;
    let found = stored.iter().map(|(version, _)| *version).max().unwrap_or(0);
    if found > known {
        return Err(RegistryError::NewerSchema { path, found, known });
    }
    for (version, text) in (1..=found).zip(migrations) {
        let stored = stored.iter().find(|(stored, _)| *stored == version);
        if stored.is_none_or(|(_, stored)| *stored != checksum(text)) {
            return Err(RegistryError::OtherMigration { path, version });
        }
    }
    Ok(found)
}
