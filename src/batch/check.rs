use std::path::Path;

use crate::registry::{Registry, RegistryError};
use crate::resolver;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is as it should be, in words.
    pub verified: Vec<String>,
    /// What is not.
    pub faults: Vec<String>,
}

/// Verifies a data directory: every file of the index against its checksum, the registry against itself, the index
/// against the registry, and that it is the one that would be built anew. Changes nothing.
pub fn check(data: &Path, registry: &Registry) -> Result<Findings, RegistryError> {
    let mut findings = Findings::default();
    let report = registry.verify()?;
    if report.findings.is_empty() {
        findings.verified.push(format!("registry: {} records, revision {}", report.records, report.revision));
    }
    findings.faults.extend(report.findings.iter().map(|fault| format!("registry: {fault}")));
    match resolver::verify(data, registry) {
        Ok(lines) => findings.verified.extend(lines),
        Err(error) => findings.faults.push(format!("index: {error}")),
    }
    match resolver::verify_rebuild(data, registry) {
        Ok(line) => findings.verified.push(line),
        Err(error) => findings.faults.push(format!("index: {error}")),
    }
    Ok(findings)
}
