use super::store::Table;
use super::{Registry, RegistryError};

impl Registry {
    /// Writes everything that is committed here into an empty registry, in one transaction: ids, numbers, requests and
    /// the audit chain stay what they are. What is there then is verified; gives how many rows went over.
    ///
    /// `NotEmpty` if the other one ever held anything; `Damaged` if what arrived is not sound.
    pub fn copy_to(&self, to: &Registry) -> Result<u64, RegistryError> {
        let mut reading = self.store.read()?;
        let mut writing = to.store.write()?;
        if writing.revision()? > 0 || writing.audit_head()?.is_some() {
            return Err(RegistryError::NotEmpty);
        }
        let mut rows = 0;
        for table in Table::ALL {
            reading.each_row(&table, &mut |row| {
                rows += 1;
                writing.add_row(&table, row)
            })?;
        }
        writing.set_revision(reading.revision()?)?;
        writing.set_records_revision(reading.records_revision()?)?;
        let head = reading.audit_head()?;
        drop(reading);
        writing.commit()?;
        let mut findings = to.verify()?.findings;
        findings.extend(to.verify_audit(None)?.findings);
        if to.store.read()?.audit_head()? != head {
            findings.push("the chain does not end as that of the original".to_owned());
        }
        match findings.first() {
            Some(finding) => Err(RegistryError::damaged("the copy", finding)),
            None => Ok(rows),
        }
    }
}
