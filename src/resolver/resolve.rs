use std::collections::BTreeMap;

use super::disguise::undisguised;
use super::looking::{Found, Scored, Search, UNREADABLE};
use super::payload::RecordPayload;
use super::{Detail, Match, Options, Query, QueryError, Resolution, Scope, Snapshot, Verdict};
use crate::index::{NameOrd, RecordOrd};
use crate::model::{EntityId, Kind, NameQuality, RecordId};
use crate::retrieval::{Cut, Effort};
use crate::score::{Evidence, Feature, Standing, explain, probability, weights, with_prior};

/// Scores this close are a tie: the addends cannot tell such parties apart.
const TIE: f64 = 1e-6;

/// A name that scores this share of what it could is found; a wider search would only find it again: spelled by habits
/// of another script, names score half of what they could.
const FITTING: f64 = 0.5;

/// What an answer shows of a record.
struct Shown {
    kind: Kind,
    caption: String,
    /// The name that matched.
    name: String,
}

impl Snapshot {
    /// Answers a query. The same query gives the same answer, to the last bit, for one version.
    pub fn resolve(&self, query: &Query, scope: &Scope, options: &Options) -> Result<Resolution, QueryError> {
        query.validate()?;
        let [fast_effort, deep_effort] = [Effort::FAST, Effort::DEEP].map(|effort| effort.times(options.work));
        // What was found with the usual work is no answer to who asks for more.
        let cache = (options.work == 1).then_some(self.words.as_ref());
        let mut searches = self.searches(query, &fast_effort, cache);
        let mut found = Found::default();
        self.look(query, scope, &mut searches, &mut found);
        let mut fast = self.rank(query, &found, &searches, options);
        // Who was left out is looked at beside who was found well. Where nobody was, the wider search is for all.
        if self.is_settled(&fast) && self.look_on(query, scope, &mut searches, &mut found) {
            fast = self.rank(query, &found, &searches, options);
        }
        // Only what the first pass left unsure is worth a wider search: homonyms of a name that fits stay homonyms.
        if self.is_settled(&fast) {
            return Ok(fast);
        }
        searches.iter_mut().for_each(|search| search.words.widen(&deep_effort));
        let deep = self.answer(query, scope, options, &mut searches);
        let deep = Resolution { work: found.work + deep.work, ..deep };
        if self.is_settled(&deep) {
            return Ok(deep);
        }
        Ok(self.behind_disguise(query, scope, options, deep))
    }

    /// What a query that found nothing well finds if its names are disguised; the answer as it is where that is
    /// likelier.
    fn behind_disguise(&self, query: &Query, scope: &Scope, options: &Options, answer: Resolution) -> Resolution {
        let Some((guessed, of)) = undisguised(query, &self.index) else { return answer };
        let best = |answer: &Resolution| answer.matches.first().map_or(0.0, |best| best.probability);
        let mut searches = self.searches(&guessed, &Effort::FAST, Some(&self.words));
        let mut found = Found::default();
        self.look(&guessed, scope, &mut searches, &mut found);
        let mut other = self.rank(&guessed, &found, &searches, options);
        // Who was left out tells nothing where the names themselves are likelier.
        if best(&other) > best(&answer) && self.look_on(&guessed, scope, &mut searches, &mut found) {
            other = self.rank(&guessed, &found, &searches, options);
        }
        let work = answer.work + found.work;
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

    /// True if somebody was found well. The caller's prior must not change what is found, so it has no say here.
    fn is_settled(&self, answer: &Resolution) -> bool {
        let is_match = |best: &Match| self.thresholds.verdict(probability(&best.standing)) == Verdict::Match;
        answer.matches.first().is_some_and(|best| best.fit >= FITTING || is_match(best))
    }

    /// The answer of a pass: who promises the most, and who was left out beside those if they did not keep it.
    pub(super) fn answer(
        &self,
        query: &Query,
        scope: &Scope,
        options: &Options,
        searches: &mut [Search<'_>],
    ) -> Resolution {
        let mut found = Found::default();
        self.look(query, scope, searches, &mut found);
        self.look_on(query, scope, searches, &mut found);
        self.rank(query, &found, searches, options)
    }

    fn rank(&self, query: &Query, found: &Found, searches: &[Search<'_>], options: &Options) -> Resolution {
        let mut cut = found.cut;
        let mut entities: BTreeMap<EntityId, Vec<&Scored>> = BTreeMap::new();
        for scored in found.records.values() {
            entities.entry(self.canonical(scored.entity)).or_default().push(scored);
        }
        let mut ranked: Vec<(EntityId, Vec<&Scored>)> = entities.into_iter().collect();
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
            let standing = standing(records[0], kind, &scores, place);
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
        let version = self.version().clone();
        Resolution { verdict: best, matches, cut, candidates: found.names, work: found.work, version }
    }

    #[allow(clippy::too_many_arguments)]
    fn to_match(
        &self,
        query: &Query,
        entity: EntityId,
        shown: Shown,
        records: &[&Scored],
        searches: &[Search<'_>],
        (standing, probability, ties): (Standing, f64, usize),
        detail: Detail,
    ) -> Match {
        let best = records[0];
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
