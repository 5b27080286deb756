//! Who is looked at for the names of a query, and what each of those scores.

use std::collections::{BTreeMap, HashSet};

use super::matching::{NameMatch, best_match, script_of};
use super::payload::{RecordPayload, decode_name, part_count};
use super::{Query, Scope, Snapshot};
use crate::index::{NameOrd, NameView, RecordOrd};
use crate::model::{EntityId, Kind, NameQuality};
use crate::retrieval::{self, Cut, Effort, Retrieved, WordCache};
use crate::score::{Evidence, Facts, Feature, Spellings, Subject, compare_facts, weights};
use crate::text::Script;

/// Once so many words of candidates were laid beside words of the query, no more candidates are looked at. Names of
/// people take some thousands, companies of twenty words some ten thousands.
const MAX_ALIGNING: u32 = 24_000;
/// Why an answer is incomplete over damaged bytes.
pub(super) const UNREADABLE: &str = "a record of the index could not be read";

/// A record that may be the party, with the best of its names.
pub(super) struct Scored {
    pub(super) record: RecordOrd,
    pub(super) entity: EntityId,
    pub(super) name: NameOrd,
    pub(super) quality: NameQuality,
    pub(super) query_name: usize,
    pub(super) matched: Option<NameMatch>,
    pub(super) facts: Vec<Evidence>,
    pub(super) score: f64,
    /// The share of what the name could score at most that it does score; 1 where no name was needed.
    pub(super) fit: f64,
    /// The scripts of the queried name and of the one that it matched.
    pub(super) scripts: (Script, Script),
}

/// A name or record of the index whose bytes are not what the indexer writes.
#[derive(Debug)]
pub(super) struct Unreadable;

/// A queried name with what was retrieved for it.
pub(super) struct Search<'a> {
    pub(super) query_name: usize,
    /// What was cut of the name before it was searched.
    cut: Option<Cut>,
    script: Script,
    pub(super) words: retrieval::Search<'a>,
    pub(super) subjects: Vec<Subject>,
    spellings: Spellings,
    looked: Looked,
}

/// What one pass has looked at for one queried name.
struct Looked {
    names: HashSet<NameOrd>,
    /// The best score, and what the name promised that has it.
    best: f64,
    best_gain: f32,
    /// The most that a name promises that was left out beside others; minus infinity if none was.
    left_out: f32,
}

impl Default for Looked {
    fn default() -> Looked {
        Looked { names: HashSet::new(), best: f64::NEG_INFINITY, best_gain: f32::INFINITY, left_out: f32::NEG_INFINITY }
    }
}

impl Search<'_> {
    /// True if names were left out beside others that did not keep what they promised.
    fn broke_promises(&self) -> bool {
        let Looked { best, left_out, .. } = self.looked;
        left_out > f32::NEG_INFINITY && f64::from(left_out) + self.words.hopeless() >= best
    }
}

/// Who was found in one pass, for all names of a query.
#[derive(Default)]
pub(super) struct Found {
    pub(super) records: BTreeMap<RecordOrd, Scored>,
    /// How many names were scored.
    pub(super) names: usize,
    /// See [`Retrieved::work`].
    pub(super) work: u64,
    /// Which bound on work cut it, if one did.
    pub(super) cut: Option<Cut>,
}

impl Snapshot {
    /// The searches for the names of a query, which have found nothing yet.
    pub(super) fn searches<'a>(
        &'a self,
        query: &Query,
        effort: &'a Effort,
        cache: Option<&'a WordCache>,
    ) -> Vec<Search<'a>> {
        let search = |(query_name, (readings, cut))| Search {
            query_name,
            cut,
            script: query.script(query_name),
            words: retrieval::Search::new(&self.index, readings, effort, cache),
            subjects: Vec::new(),
            spellings: Spellings::default(),
            looked: Looked::default(),
        };
        query.readings().into_iter().enumerate().map(search).collect()
    }

    /// Looks at the names that promise the most; those may be left out that promise so much less than others that they are
    /// hopeless if these keep it.
    pub(super) fn look(&self, query: &Query, scope: &Scope, searches: &mut [Search<'_>], found: &mut Found) {
        let facts = query.facts();
        for search in searches {
            search.looked = Looked::default();
            self.look_once(query, &facts, scope, search, found, !facts.speak());
        }
    }

    /// Looks at the names, too, that were left out beside others which did not keep what they promised. False if there were
    /// none.
    pub(super) fn look_on(&self, query: &Query, scope: &Scope, searches: &mut [Search<'_>], found: &mut Found) -> bool {
        let facts = query.facts();
        let mut any = false;
        for search in searches.iter_mut().filter(|search| search.broke_promises()) {
            self.look_once(query, &facts, scope, search, found, false);
            any = true;
        }
        any
    }

    fn look_once(
        &self,
        query: &Query,
        facts: &Facts,
        scope: &Scope,
        search: &mut Search<'_>,
        found: &mut Found,
        words_alone: bool,
    ) {
        let parts =
            |name: &NameView<'_>| self.is_in_scope(name.record, query.kind, scope).then(|| part_count(name.payload));
        let Retrieved { subjects, candidates, left_out, cut, work } =
            search.words.candidates(&query.identifiers, words_alone, &parts);
        found.cut = Cut::worse(found.cut, Cut::worse(search.cut, cut));
        found.work += work;
        search.subjects = subjects;
        for candidate in candidates {
            if !search.looked.names.insert(candidate.name) {
                continue;
            }
            let Looked { best, best_gain, .. } = search.looked;
            // Facts can lift a name that alone is worth little. A name can score more than its words promised:
            // then its homonyms, which promise the same, do so too.
            let promises_less =
                f64::from(candidate.gain) + search.words.hopeless() < best && candidate.gain < best_gain;
            if !facts.speak() && promises_less && found.records.len() >= retrieval::RUNNERS_UP {
                continue;
            }
            if search.spellings.work() > MAX_ALIGNING {
                let laid = Cut::telling("words of candidates laid beside those of one name");
                found.cut = Cut::worse(found.cut, Some(laid));
                break;
            }
            let Ok(scored) = self.score(candidate.name, facts, search) else {
                // Opening verifies every byte, so this is a fault of the program; but never a silent one.
                found.cut = Some(Cut::telling(UNREADABLE));
                continue;
            };
            found.names += 1;
            let Some(scored) = scored else { continue };
            if scored.matched.as_ref().is_some_and(|matched| matched.alignment.cut) {
                found.cut = Cut::worse(found.cut, Some(Cut::telling("steps of one alignment")));
            }
            if scored.score > best {
                (search.looked.best, search.looked.best_gain) = (scored.score, candidate.gain);
            }
            match found.records.get(&scored.record) {
                Some(known) if known.score >= scored.score => {}
                _ => drop(found.records.insert(scored.record, scored)),
            }
        }
        search.looked.left_out = if words_alone { left_out } else { f32::NEG_INFINITY };
    }

    pub(super) fn is_in_scope(&self, record: RecordOrd, kind: Kind, scope: &Scope) -> bool {
        let Some(view) = self.index.record(record) else { return false };
        let own = RecordPayload::kind(view.payload);
        own.is_compatible(kind)
            && (scope.kinds.is_empty() || scope.kinds.iter().any(|kind| own.is_compatible(*kind)))
            && (scope.datasets.is_empty() || self.is_in_dataset(record, scope))
    }

    fn is_in_dataset(&self, record: RecordOrd, scope: &Scope) -> bool {
        let Some(id) = self.index.record_id(record) else { return false };
        let dataset = id.split_once(':').map_or(id.as_str(), |(dataset, _)| dataset);
        scope.datasets.iter().any(|name| name.as_str() == dataset)
    }

    /// A candidate with its score; `None` where nothing speaks for it.
    pub(super) fn score(
        &self,
        name: NameOrd,
        query: &Facts,
        search: &mut Search<'_>,
    ) -> Result<Option<Scored>, Unreadable> {
        let view = self.index.name(name).ok_or(Unreadable)?;
        let record = self.index.record(view.record).ok_or(Unreadable)?;
        let id = || self.record_id(view.record);
        let entity = RecordPayload::entity(record.payload, id).ok_or(Unreadable)?;
        let (quality, readings) = decode_name(&self.index, &view);
        let matched = best_match(&search.subjects, &mut search.spellings, readings);
        // What a record knows beside names is read only where the query knows something too.
        let facts = match query.speak() {
            true => compare_facts(query, &RecordPayload::decode(record.payload).ok_or(Unreadable)?.facts),
            false => Vec::new(),
        };
        // Without a fitting name only an identifier can speak for the record.
        let identified = facts.iter().any(|piece| piece.feature == Feature::Identifier && piece.weight > 0.0);
        if matched.is_none() && !identified {
            return Ok(None);
        }
        let names = matched.as_ref().map_or(0.0, |matched| matched.alignment.score);
        let weak = if quality == NameQuality::Weak { weights().get("quality-weak") } else { 0.0 };
        let score = names + weak + facts.iter().map(|piece| piece.weight).sum::<f64>();
        let query_name = search.query_name;
        let fit = matched.as_ref().map_or(1.0, |matched| names / search.subjects[matched.subject].worth().max(1.0));
        let stored = matched.as_ref().map_or(search.script, |matched| script_of(&matched.entity));
        let scripts = (search.script, stored);
        Ok(Some(Scored { record: view.record, entity, name, quality, query_name, matched, facts, score, fit, scripts }))
    }
}
