use super::arguments::BackupArguments;
use super::progress;
use crate::registry::{Database, Registry};

/// `exonym backup`.
pub fn run(arguments: &BackupArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let registry = match shared {
        // Says which tool makes the copy.
        Some(database) => Registry::shared_read_only(database)?,
        None => Registry::open_beside(&arguments.data)?,
    };
    let spinner = progress::spinner("copying");
    registry.backup(&arguments.file)?;
    spinner.finish_and_clear();
    println!("the registry is copied to {}", arguments.file.display());
    println!("to go back to it, put it into an empty data directory as registry.sqlite; the index is built anew");
    Ok(())
}
