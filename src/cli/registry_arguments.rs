use std::fmt;
use std::path::PathBuf;

use clap::Args;

use crate::registry::Database;

/// Where the registry lies, for commands that have a data directory.
#[derive(Clone, Args)]
pub struct RegistryArguments {
    /// Registry in PostgreSQL, as postgresql://USER@HOST:PORT/DATABASE; without it, it is a file of the data directory.
    /// ?schema=NAME names its schema (exonym), sslrootcert=FILE the authorities of the server's certificate
    #[arg(long, global = true, value_name = "URL", env = "EXONYM_REGISTRY_URL", hide_env_values = true)]
    pub registry: Option<String>,
    /// File with the password for --registry
    #[arg(long, global = true, value_name = "FILE", env = "EXONYM_REGISTRY_PASSWORD_FILE")]
    pub registry_password_file: Option<PathBuf>,
}

impl RegistryArguments {
    /// The database, if there is one.
    pub fn database(&self) -> Option<Database> {
        let url = self.registry.clone().filter(|url| !url.is_empty())?;
        Some(Database { url, password_file: self.registry_password_file.clone(), connections: Database::CONNECTIONS })
    }
}

/// Without the address, which may carry a password.
impl fmt::Debug for RegistryArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryArguments").finish_non_exhaustive()
    }
}

/// `exonym backup`.
#[derive(Debug, Args)]
#[command(after_help = "\
A server may have the data directory open and go on: the copy is one committed state, complete in one file, and on the
disk when the command ends. The index needs no copy. Where the registry is in PostgreSQL, pg_dump copies it.

Example:
  exonym backup --data data copies/registry-2026-03-01.sqlite")]
pub struct BackupArguments {
    /// Data directory
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The file to write; it must not be there
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `exonym copy`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every row goes over in one transaction, ids, numbers, requests and the audit chain as they are, and is verified there.
No server may have the data directory open; the schema that it is copied into must be empty.

Example:
  exonym copy --data data --registry postgresql://exonym@db/exonym")]
pub struct CopyArguments {
    /// Data directory to copy from
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}
