use anyhow::bail;

use super::arguments::{AuditAction, AuditArguments};
use super::backend::open_registry;
use crate::registry::{Database, Registry};

/// `exonym audit`.
pub fn run(arguments: &AuditArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    match &arguments.action {
        AuditAction::Verify { data, head } => verify(&open_registry(data, shared)?, head.as_deref()),
        AuditAction::List { data, after } => list(&open_registry(data, shared)?, *after),
    }
}

fn verify(registry: &Registry, head: Option<&str>) -> anyhow::Result<()> {
    let report = registry.verify_audit(head)?;
    for finding in &report.findings {
        println!("fault {finding}");
    }
    if report.older > 0 {
        println!("note  {} rows are older than the chain, which cannot vouch for them", report.older);
    }
    if !report.findings.is_empty() {
        bail!("{} faults in the chain of {} links", report.findings.len(), report.links);
    }
    println!("ok    {} links, every one fits", report.links);
    println!("head  {}", report.head);
    Ok(())
}

fn list(registry: &Registry, mut after: u64) -> anyhow::Result<()> {
    loop {
        let page = registry.audit(after, 1000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.sequence;
        for link in page {
            let detail: serde_json::Value = serde_json::from_str(&link.detail)?;
            let line = serde_json::json!({
                "sequence": link.sequence, "at": link.at, "revision": link.revision, "action": link.action,
                "actor": link.actor, "detail": detail, "hash": link.hash,
            });
            println!("{line}");
        }
    }
}
