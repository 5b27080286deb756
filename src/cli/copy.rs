use anyhow::Context;

use super::arguments::CopyArguments;
use super::progress;
use crate::registry::{Database, Registry};

/// `exonym copy`.
pub fn run(arguments: &CopyArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let shared = shared.context("--registry says where to: postgresql://USER@HOST:PORT/DATABASE")?;
    let from = Registry::open_read_only(&arguments.data)?;
    let to = Registry::shared(shared)?;
    let spinner = progress::spinner("copying and verifying");
    let rows = from.copy_to(&to)?;
    spinner.finish_and_clear();
    println!("{rows} rows copied and verified, at revision {}", to.revision()?);
    println!("serve them with --registry; the file in {} is not used any more", arguments.data.display());
    Ok(())
}
