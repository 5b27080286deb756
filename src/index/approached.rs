use std::ops::Range;

use super::Lane;
use super::builder::RecordInput;
use super::interner::{Interner, Sought};

/// The strings of some names, about to be looked up: their waits for memory coincide.
#[derive(Default)]
pub(super) struct Approached {
    /// Name after name.
    pub(super) names: Vec<ApproachedName>,
    /// Their payloads, each behind what else names share: see [`super::builder::template`].
    pub(super) templates: Vec<u8>,
    /// Of each name its template, then its terms.
    pub(super) sought: Vec<Sought>,
}

/// The strings of a name.
pub(super) struct ApproachedName {
    /// Its bytes in `templates`.
    pub(super) template: Range<usize>,
    /// The place of its template in `sought`.
    pub(super) first: usize,
}

impl Approached {
    /// Looks at what adding the names of some records will look at, and forgets the names of before. Of many, the first
    /// are forgotten by the processor before they are added. The lanes of all terms must have keys.
    pub(super) fn fill(&mut self, records: &[RecordInput<'_>], keys: &[Interner; Lane::COUNT], payloads: &Interner) {
        self.names.clear();
        self.templates.clear();
        self.sought.clear();
        let names = || records.iter().flat_map(|record| record.names);
        for name in names() {
            let (start, first) = (self.templates.len(), self.sought.len());
            name.template(&mut self.templates);
            self.sought.push(payloads.sought(&self.templates[start..]));
            self.sought.extend(name.terms.iter().map(|term| keys[usize::from(term.lane.0)].sought(&term.key)));
            self.names.push(ApproachedName { template: start..self.templates.len(), first });
        }
        // Where looking up begins, and then the strings that it will most likely find.
        for look in [Interner::approach, Interner::approach_string] {
            for (name, own) in names().zip(&self.names) {
                look(payloads, &self.sought[own.first]);
                let terms = name.terms.iter().zip(&self.sought[own.first + 1..]);
                terms.for_each(|(term, sought)| look(&keys[usize::from(term.lane.0)], sought));
            }
        }
    }
}
