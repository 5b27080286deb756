use anyhow::{Context, bail};

use super::arguments::CheckArguments;
use crate::batch;

/// `exonym check`.
pub fn run(arguments: &CheckArguments) -> anyhow::Result<()> {
    let findings =
        batch::check(&arguments.data).with_context(|| format!("{} could not be checked", arguments.data.display()))?;
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
