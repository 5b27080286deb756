use anyhow::{Context, bail};

use super::arguments::CheckArguments;
use super::backend::open_registry;
use crate::batch;
use crate::registry::Database;

/// `exonym check`.
pub fn run(arguments: &CheckArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let findings =
        open_registry(&arguments.data, shared).and_then(|registry| Ok(batch::check(&arguments.data, &registry)?));
    let findings = findings.with_context(|| format!("{} could not be checked", arguments.data.display()))?;
    for line in &findings.verified {
        println!("ok    {line}");
    }
    for line in &findings.faults {
        println!("fault {line}");
    }
    if findings.faults.is_empty() {
        return Ok(());
    }
    bail!("{} faults: restore the directory from a backup, or import the lists into a new one", findings.faults.len())
}
