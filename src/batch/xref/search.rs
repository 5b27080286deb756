use std::collections::HashMap;

use rayon::prelude::*;

use super::pairs::Pair;
use super::party::Party;
use crate::model::RecordId;
use crate::resolver::{Detail, Options, Query, QueryName, Scope, Snapshot};

/// The most candidates of a record that are looked at, itself among them.
const CANDIDATES: usize = 5;
/// A candidate that has less of what the name could score is not looked at. Names in another script have some half.
const FIT: f64 = 0.4;

/// The pairs that the index finds: every record is asked for by its primary name and what is known beside it.
pub(super) fn pairs(snapshot: &Snapshot, parties: &[Party<'_>]) -> Vec<Pair> {
    let places: HashMap<&RecordId, usize> =
        parties.iter().enumerate().map(|(place, party)| (&party.record.id, place)).collect();
    let options = Options { limit: CANDIDATES, detail: Detail::None, ..Options::default() };
    let ask = |(place, party): (usize, &Party<'_>)| {
        let name = QueryName { text: party.record.caption().to_owned(), ..QueryName::default() };
        let query = Query { names: vec![name], identifiers: Vec::new(), ..party.query(true) };
        let found = snapshot.resolve(&query, &Scope::default(), &options);
        let found = found.map(|resolution| resolution.matches).unwrap_or_default();
        let near = found.into_iter().filter(|candidate| candidate.fit >= FIT);
        let others = near.flat_map(|candidate| candidate.records).filter_map(|record| places.get(&record).copied());
        others.filter(|other| *other != place).map(|other| (place.min(other), place.max(other))).collect::<Vec<_>>()
    };
    parties.par_iter().enumerate().flat_map_iter(ask).collect()
}
