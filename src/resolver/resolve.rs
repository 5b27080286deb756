use std::collections::{BTreeMap, HashSet};

use super::disguise::undisguised;
use super::matching::{NameMatch, best_match, script_of};
use super::payload::{RecordPayload, decode_name, part_count};
use super::{Detail, Match, Options, Query, QueryError, Resolution, Scope, Snapshot, Verdict};
use crate::index::{NameOrd, NameView, RecordOrd};
use crate::model::{EntityId, Kind, NameQuality, RecordId};
use crate::retrieval::{self, Cut, Effort, Retrieved, WordCache};
use crate::score::{
    Evidence, Facts, Feature, Spellings, Standing, Subject, compare_facts, explain, probability, weights, with_prior,
};
use crate::text::Script;

/// Once so many words of candidates were laid beside words of the query, no more candidates are looked at. Names of
/// people take some thousands, companies of twenty words some ten thousands.
const MAX_ALIGNING: u32 = 24_000;
/// Scores this close are a tie: the addends cannot tell such parties apart.
const TIE: f64 = 1e-6;

/// A name that scores this share of what it could is found; a wider search would only find it again: spelled by habits
/// of another script, names score half of what they could.
const FITTING: f64 = 0.5;
/// Why an answer is incomplete over damaged bytes.
const UNREADABLE: &str = "a record of the index could not be read";

/// A record that may be the party, with the best of its names.
pub(super) struct Scored {
    pub(super) record: RecordOrd,
    entity: EntityId,
    name: NameOrd,
    quality: NameQuality,
    query_name: usize,
    matched: Option<NameMatch>,
    facts: Vec<Evidence>,
    pub(super) score: f64,
    /// The share of what the name could score at most that it does score; 1 where no name was needed.
    fit: f64,
    /// The scripts of the queried name and of the one that it matched.
    scripts: (Script, Script),
}

/// A name or record of the index whose bytes are not what the indexer writes.
#[derive(Debug)]
pub(super) struct Unreadable;

/// What an answer shows of a record.
struct Shown {
    kind: Kind,
    caption: String,
    /// The name that matched.
    name: String,
}

/// A queried name with what was retrieved for it.
pub(super) struct Search<'a> {
    query_name: usize,
    /// What was cut of the name before it was searched.
    cut: Option<Cut>,
    script: Script,
    words: retrieval::Search<'a>,
    pub(super) subjects: Vec<Subject>,
    spellings: Spellings,
}

impl Snapshot {
    /// Answers a query. The same query gives the same answer, to the last bit, for one version.
    pub fn resolve(&self, query: &Query, scope: &Scope, options: &Options) -> Result<Resolution, QueryError> {
        query.validate()?;
        let [fast_effort, deep_effort] = [Effort::FAST, Effort::DEEP].map(|effort| effort.times(options.work));
        // What was found with the usual work is no answer to who asks for more.
        let cache = (options.work == 1).then_some(self.words.as_ref());
        let mut searches = self.searches(query, &fast_effort, cache);
        let fast = self.answer(query, scope, options, &mut searches);
        // Only what the first pass left unsure is worth a wider search: homonyms of a name that fits stay homonyms.
        // The caller's prior must not change what is found, so it has no say here.
        let is_match = |best: &Match| self.thresholds.verdict(probability(&best.standing)) == Verdict::Match;
        let settled =
            |answer: &Resolution| answer.matches.first().is_some_and(|best| best.fit >= FITTING || is_match(best));
        if settled(&fast) {
            return Ok(fast);
        }
        searches.iter_mut().for_each(|search| search.words.widen(&deep_effort));
        let deep = self.answer(query, scope, options, &mut searches);
        let deep = Resolution { work: fast.work + deep.work, ..deep };
        if settled(&deep) {
            return Ok(deep);
        }
        Ok(self.behind_disguise(query, scope, options, deep))
    }

    /// What a query that found nothing well finds if its names are disguised; the answer as it is where that is
    /// likelier.
    fn behind_disguise(&self, query: &Query, scope: &Scope, options: &Options, answer: Resolution) -> Resolution {
        let Some((guessed, of)) = undisguised(query, &self.index) else { return answer };
        let mut other =
            self.answer(&guessed, scope, options, &mut self.searches(&guessed, &Effort::FAST, Some(&self.words)));
        let best = |answer: &Resolution| answer.matches.first().map_or(0.0, |best| best.probability);
        let work = answer.work + other.work;
        if best(&other) <= best(&answer) {
            return Resolution { work, ..answer };
        }
        for candidate in &mut other.matches {
            let place = guessed.names.iter().position(|name| name.text == candidate.query_name);
            if let Some(name) = place.and_then(|place| query.names.get(of[place])) {
                candidate.query_name.clone_from(&name.text);
            }
        }
        Resolution { work, ..other }
    }

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
        };
        query.readings().into_iter().enumerate().map(search).collect()
    }

    pub(super) fn answer(
        &self,
        query: &Query,
        scope: &Scope,
        options: &Options,
        searches: &mut [Search<'_>],
    ) -> Resolution {
        let mut cut = None;
        let (mut scored_names, mut total_work) = (0, 0);
        let mut records: BTreeMap<RecordOrd, Scored> = BTreeMap::new();
        let facts = query.facts();
        let parts =
            |name: &NameView<'_>| self.is_in_scope(name.record, query.kind, scope).then(|| part_count(name.payload));
        for search in searches.iter_mut() {
            let (mut best, mut best_gain) = (f64::NEG_INFINITY, f32::INFINITY);
            let mut seen: HashSet<NameOrd> = HashSet::new();
            let mut words_alone = !facts.speak();
            loop {
                let Retrieved { subjects, candidates, left_out, cut: own, work } =
                    search.words.candidates(&query.identifiers, words_alone, &parts);
                cut = Cut::worse(cut, Cut::worse(search.cut, own));
                total_work += work;
                search.subjects = subjects;
                for candidate in candidates.into_iter().filter(|candidate| seen.insert(candidate.name)) {
                    // Facts can lift a name that alone is worth little. A name can score more than its words promised:
                    // then its homonyms, which promise the same, do so too.
                    let promises_less =
                        f64::from(candidate.gain) + search.words.hopeless() < best && candidate.gain < best_gain;
                    if !facts.speak() && promises_less && records.len() >= retrieval::RUNNERS_UP {
                        continue;
                    }
                    if search.spellings.work() > MAX_ALIGNING {
                        cut = Cut::worse(cut, Some(Cut::telling("words of candidates laid beside those of one name")));
                        break;
                    }
                    let Ok(scored) = self.score(candidate.name, &facts, search) else {
                        // Opening verifies every byte, so this is a fault of the program; but never a silent one.
                        cut = Some(Cut::telling(UNREADABLE));
                        continue;
                    };
                    scored_names += 1;
                    let Some(scored) = scored else { continue };
                    if scored.matched.as_ref().is_some_and(|matched| matched.alignment.cut) {
                        cut = Cut::worse(cut, Some(Cut::telling("steps of one alignment")));
                    }
                    if scored.score > best {
                        (best, best_gain) = (scored.score, candidate.gain);
                    }
                    match records.get(&scored.record) {
                        Some(known) if known.score >= scored.score => {}
                        _ => drop(records.insert(scored.record, scored)),
                    }
                }
                // Who was left out beside names that promised more is looked at where those did not keep it.
                let kept = f64::from(left_out) + search.words.hopeless() < best;
                if kept || left_out == f32::NEG_INFINITY || !words_alone {
                    break;
                }
                words_alone = false;
            }
        }
        let ranked = self.rank(query, records.into_values().collect(), searches, options, cut);
        Resolution { candidates: scored_names, work: total_work, ..ranked }
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

    fn rank(
        &self,
        query: &Query,
        records: Vec<Scored>,
        searches: &[Search<'_>],
        options: &Options,
        mut cut: Option<Cut>,
    ) -> Resolution {
        let mut entities: BTreeMap<EntityId, Vec<Scored>> = BTreeMap::new();
        for scored in records {
            entities.entry(self.canonical(scored.entity)).or_default().push(scored);
        }
        let mut ranked: Vec<(EntityId, Vec<Scored>)> = entities.into_iter().collect();
        for (_, records) in &mut ranked {
            records.sort_by(|a, b| {
                b.score.total_cmp(&a.score).then_with(|| self.index.compare_records(a.record, b.record))
            });
        }
        ranked
            .sort_by(|a, b| b.1[0].score.total_cmp(&a.1[0].score).then_with(|| a.0.to_string().cmp(&b.0.to_string())));

        let scores: Vec<f64> = ranked.iter().map(|(_, records)| records[0].score).collect();
        let mut matches = Vec::new();
        for (place, (entity, records)) in ranked.iter().enumerate().take(options.limit) {
            let record = self.index.record(records[0].record);
            let kind = record.as_ref().map_or(Kind::Unknown, |record| RecordPayload::kind(record.payload));
            let standing = standing(&records[0], kind, &scores, place);
            let probability = with_prior(probability(&standing), options.prior);
            if probability < options.min_probability {
                continue;
            }
            let ties = scores.iter().filter(|score| (**score - scores[place]).abs() < TIE).count() - 1;
            let shown = record.and_then(|record| {
                // The first name of a record is the one to show.
                let first = NameOrd(record.names.start);
                let caption = self.index.name_text(first)?;
                // Texts are compressed: the same one is read once.
                let name = if records[0].name == first {
                    Some(caption.clone())
                } else {
                    self.index.name_text(records[0].name)
                };
                Some(Shown { kind, caption, name: name? })
            });
            let Some(shown) = shown else {
                cut = Some(Cut::telling(UNREADABLE));
                continue;
            };
            let standing = (standing, probability, ties);
            matches.push(self.to_match(query, *entity, shown, records, searches, standing, options.detail));
        }
        let best = matches.first().map_or(Verdict::NoMatch, |best| best.verdict);
        Resolution { verdict: best, matches, cut, candidates: 0, work: 0, version: self.version().clone() }
    }

    #[allow(clippy::too_many_arguments)]
    fn to_match(
        &self,
        query: &Query,
        entity: EntityId,
        shown: Shown,
        records: &[Scored],
        searches: &[Search<'_>],
        (standing, probability, ties): (Standing, f64, usize),
        detail: Detail,
    ) -> Match {
        let best = &records[0];
        let ids = records.iter().filter_map(|scored| self.record_id(scored.record));
        let evidence = evidence(best, searches, detail);
        let query_name = best.matched.as_ref().and_then(|_| query.names.get(best.query_name));
        Match {
            entity,
            records: ids.collect(),
            kind: shown.kind,
            caption: shown.caption,
            query_name: query_name.map(|name| name.text.clone()).unwrap_or_default(),
            matched_name: shown.name,
            probability,
            score: best.score,
            fit: best.fit,
            standing,
            evidence,
            verdict: self.thresholds.verdict(probability),
            ties,
            suppression: None,
        }
    }

    pub(super) fn record_id(&self, record: RecordOrd) -> Option<RecordId> {
        self.index.record_id(record)?.parse().ok()
    }
}

/// Where the party at a place stands among all that score.
fn standing(scored: &Scored, kind: Kind, scores: &[f64], place: usize) -> Standing {
    let own = scores[place];
    let rival = if place == 0 { scores.get(1) } else { scores.first() };
    let others = scores.iter().enumerate().filter(|(other, _)| *other != place);
    Standing {
        score: own,
        lead: rival.map(|rival| own - rival),
        crowd: others.map(|(_, other)| (other - own).exp()).sum(),
        fit: scored.fit,
        scripts: scored.scripts,
        kind,
        ..Standing::default()
    }
}

fn evidence(scored: &Scored, searches: &[Search<'_>], detail: Detail) -> Vec<Evidence> {
    if detail == Detail::None {
        return Vec::new();
    }
    let mut evidence = Vec::new();
    let search = searches.iter().find(|search| search.query_name == scored.query_name);
    if let (Some(matched), Some(search)) = (&scored.matched, search) {
        let subject = &search.subjects[matched.subject];
        evidence = explain(&matched.alignment, &subject.name, &matched.entity, detail == Detail::Full);
        if scored.quality == NameQuality::Weak {
            evidence.push(weak_alias());
        }
    }
    evidence.extend(scored.facts.iter().cloned());
    evidence
}

fn weak_alias() -> Evidence {
    const WEIGHT: &str = "quality-weak";
    Evidence {
        feature: Feature::NameQuality,
        query_value: String::new(),
        entity_value: String::new(),
        weight: weights().get(WEIGHT),
        mechanism: "quality",
        text: "the publisher calls this alias weak".to_owned(),
        uses: vec![(WEIGHT, 1.0)],
    }
}
