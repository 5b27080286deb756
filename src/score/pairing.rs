use compact_str::{CompactString, ToCompactString};

use super::weights::weights;
use super::{Spellings, Subject};
use crate::correspondence;
use crate::model::Kind;
use crate::names::{self, Name, NamePart, PartRole, Span};
use crate::text::Script;

/// How two parts came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// The same letters.
    Exact,
    /// Letters that stand for each other.
    Spelling,
    /// Words of one meaning.
    Translation,
    /// Legal forms of one meaning, or of one class.
    LegalForm,
    /// An initial and the name it stands for.
    Initial,
    /// An acronym and the words whose first letters it has.
    Acronym,
}

impl Mechanism {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Mechanism::Exact => "exact",
            Mechanism::Spelling => "spelling",
            Mechanism::Translation => "translation",
            Mechanism::LegalForm => "legal-form",
            Mechanism::Initial => "initial",
            Mechanism::Acronym => "acronym",
        }
    }
}

/// What it costs that a word stands for the one it is derived from, in nats.
pub const BASE_COST: f64 = 1.0;

/// The most that an initial may cost to be read as the beginning of a name, in nats.
const INITIAL_LIMIT: f32 = 2.5;
/// A letter of one script is spelled with at most this many symbols of another: щ as "shch".
const LONGEST_INITIAL: usize = 4;

/// Two words that may stand for each other: one of the query, one of the entity's name.
pub(super) struct Pairing<'a> {
    pub subject: &'a Subject,
    pub entity: &'a Name,
    pub span: &'a Span,
    /// What the query's word is worth, in nats.
    pub background: f64,
    pub other: &'a Span,
}

impl Pairing<'_> {
    /// The best reason for which the two may be one, with what it adds; `None` where there is none.
    pub fn best(&self, spellings: &mut Spellings) -> Option<(f64, Mechanism)> {
        match (self.single(self.span, &self.subject.name), self.single(self.other, self.entity)) {
            (Some(query), Some(entity)) => self.best_of_parts(query, entity, spellings),
            _ => better(self.spelled(spellings), self.learned()),
        }
    }

    fn single<'n>(&self, span: &Span, name: &'n Name) -> Option<&'n NamePart> {
        (span.parts.len() == 1).then(|| &name.parts[span.parts.start])
    }

    fn best_of_parts(
        &self,
        query: &NamePart,
        entity: &NamePart,
        spellings: &mut Spellings,
    ) -> Option<(f64, Mechanism)> {
        use PartRole::{Initial, LegalForm, Number, Particle, Title};
        match (query.role, entity.role) {
            (Initial, _) | (_, Initial) => self.initial(query, entity),
            (LegalForm, LegalForm) => Some((weights().get(legal_form_weight(query, entity)), Mechanism::LegalForm)),
            (LegalForm, _) | (_, LegalForm) => self.exact(query, entity),
            // Numbers are the same or they are not: 38 is no spelling of 39.
            (Number, _) | (_, Number) => self.exact(query, entity),
            // What thousands of names have says little, and stands for nothing else.
            (Particle, Particle) => self.small(query, entity, weights().get("particle-equal")),
            (Title, Title) => self.small(query, entity, weights().get("title-equal")),
            _ => {
                let meant = better(self.translated(query, entity), self.capped(query, entity, self.learned()));
                let spelled = better(self.surnames(query, entity), self.spelled_generic(query, entity, spellings));
                let found = better(meant, spelled);
                if found.is_some() { found } else { self.based(query, entity, spellings) }
            }
        }
    }

    /// Words that names of companies were learned to hold for each other.
    fn learned(&self) -> Option<(f64, Mechanism)> {
        let words = correspondence::translations(self.span.script, self.other.script)?;
        let cost = words.cost(&self.span.symbols, &self.other.symbols)?;
        Some((self.background - f64::from(cost), Mechanism::Translation))
    }

    /// Generic words tell little however rare they are in one language: the same word is worth what its
    /// translation is, and a little more.
    fn capped(&self, query: &NamePart, entity: &NamePart, found: Option<(f64, Mechanism)>) -> Option<(f64, Mechanism)> {
        let (gain, mechanism) = found?;
        let is_generic = |part: &NamePart| matches!(part.role, PartRole::Descriptor | PartRole::Place);
        let cap = weights().get("concept-cap") + weights().get("concept-cost");
        let capped = is_generic(query) && is_generic(entity) && self.subject.has_distinctive();
        Some((if capped { gain.min(cap) } else { gain }, mechanism))
    }

    fn spelled_generic(
        &self,
        query: &NamePart,
        entity: &NamePart,
        spellings: &mut Spellings,
    ) -> Option<(f64, Mechanism)> {
        let is_generic = |part: &NamePart| matches!(part.role, PartRole::Descriptor | PartRole::Place);
        // Known words of other meanings are no slips of typing: Austria is not Australia.
        let known = query.concept.is_some() && entity.concept.is_some() && query.concept != entity.concept;
        if known && is_generic(query) && is_generic(entity) && query.script == entity.script {
            return None;
        }
        self.capped(query, entity, self.spelled(spellings))
    }

    /// Whether two Korean given names may be one, syllable for syllable; `None` where either is none. 정은 is no
    /// misspelled 종은, and "Il" no misspelled "Un", but other people.
    fn syllables_agree(&self, spellings: &mut Spellings) -> Option<bool> {
        let (one, other) = (korean_given(self.span, &self.subject.name)?, korean_given(self.other, self.entity)?);
        let ((one_surname, one), (other_surname, other)) = (one, other);
        let given = spellings.may_be_one_given(&one, &other)?;
        match (one_surname, other_surname) {
            (Some(one), Some(other)) => Some(given && names::may_be_one_surname(&one, &other)),
            (None, None) => Some(given),
            // One of them has a surname more: that is no spelling of the other, whatever their syllables.
            _ => {
                if given {
                    None
                } else {
                    Some(false)
                }
            }
        }
    }

    /// Spellings of one Korean surname, however far apart: Lee and Ri.
    fn surnames(&self, query: &NamePart, entity: &NamePart) -> Option<(f64, Mechanism)> {
        use PartRole::{Given, Surname, Unknown};
        let roles =
            matches!((query.role, entity.role), (Surname, Surname | Given | Unknown) | (Given | Unknown, Surname));
        (roles && names::may_be_one_surname(&query.form, &entity.form))
            .then(|| (self.background - weights().get("surname-cost"), Mechanism::Spelling))
    }

    fn exact(&self, query: &NamePart, entity: &NamePart) -> Option<(f64, Mechanism)> {
        (query.script == entity.script && query.symbols == entity.symbols)
            .then_some((self.background, Mechanism::Exact))
    }

    /// Two small words that are the same, or mean the same.
    fn small(&self, query: &NamePart, entity: &NamePart, weight: f64) -> Option<(f64, Mechanism)> {
        if let Some((gain, mechanism)) = self.exact(query, entity) {
            return Some((gain.min(weight), mechanism));
        }
        let same = query.concept.is_some() && query.concept == entity.concept;
        same.then_some((weight, Mechanism::Translation))
    }

    fn translated(&self, query: &NamePart, entity: &NamePart) -> Option<(f64, Mechanism)> {
        if query.concept.is_none() || query.concept != entity.concept {
            return None;
        }
        let background = self.subject.concepts[self.span.parts.start];
        if query.role == PartRole::Given && entity.role == PartRole::Given {
            // Саша is Александр and Bill is William: nearly the same word, not a word of the same sort.
            let gain = background.min(self.background) - weights().get("nickname-cost");
            return Some((gain, Mechanism::Translation));
        }
        // Where every word is generic, it is the words together that tell.
        let generic = query.role != PartRole::Distinctive && self.subject.has_distinctive();
        let gain = match generic {
            true => concept_gain(background),
            false => background - weights().get("concept-cost"),
        };
        Some((gain, Mechanism::Translation))
    }

    fn spelled(&self, spellings: &mut Spellings) -> Option<(f64, Mechanism)> {
        // Within one script a word twice mistyped is still sooner that word than two others.
        let beyond = if self.span.script == self.other.script { 2.0 } else { 1.0 };
        let limit = (self.background + beyond) as f32;
        let cost = spellings
            .cost(self.span, self.subject.name.kind, self.other.script, &self.other.symbols, limit)
            .map(f64::from);
        if cost == Some(0.0) {
            return Some((self.background, Mechanism::Exact));
        }
        let own = self.span.script == self.other.script;
        let known = weights().syllables_cost();
        if !own && cost.is_some_and(|cost| cost <= known) {
            // Syllables that agree would not make it cheaper, and in another script they do not forbid it.
            return cost.map(|cost| (self.background - cost, Mechanism::Spelling));
        }
        let cost = match self.syllables_agree(spellings) {
            Some(false) if own => return None,
            // The syllables are known to be spelled so, also where they seldom are.
            Some(true) => Some(cost.unwrap_or(f64::INFINITY).min(known)),
            _ => cost,
        };
        cost.map(|cost| (self.background - cost, Mechanism::Spelling))
    }

    /// An adjective and the place it comes from: Сургутский and Surgut.
    fn based(&self, query: &NamePart, entity: &NamePart, spellings: &mut Spellings) -> Option<(f64, Mechanism)> {
        let limit = (self.background - BASE_COST) as f32;
        let mut least = None;
        if entity.role == PartRole::Distinctive {
            for (script, symbols) in spellings.bases(entity).iter() {
                let cost = spellings.cost(self.span, self.subject.name.kind, *script, symbols, limit);
                least = cost.into_iter().chain(least).reduce(f32::min);
            }
        }
        if query.role == PartRole::Distinctive {
            for (script, symbols) in spellings.bases(query).iter() {
                let base = Span { parts: self.span.parts.clone(), script: *script, symbols: symbols.clone() };
                let cost = spellings.cost(&base, self.subject.name.kind, self.other.script, &self.other.symbols, limit);
                least = cost.into_iter().chain(least).reduce(f32::min);
            }
        }
        least.map(|cost| (self.background - BASE_COST - f64::from(cost), Mechanism::Spelling))
    }

    fn initial(&self, query: &NamePart, entity: &NamePart) -> Option<(f64, Mechanism)> {
        let (initial, name) = if query.role == PartRole::Initial { (query, entity) } else { (entity, query) };
        let is_name =
            !matches!(name.role, PartRole::Title | PartRole::LegalForm | PartRole::Number | PartRole::Particle);
        (is_name && begins(initial, name)).then(|| (weights().get("initial-fits"), Mechanism::Initial))
    }
}

/// The weight of two legal forms beside each other.
pub(super) fn legal_form_weight(query: &NamePart, entity: &NamePart) -> &'static str {
    let equal = query.symbols == entity.symbols || (query.concept.is_some() && query.concept == entity.concept);
    let related = || match (query.concept, entity.concept) {
        (Some(query), Some(entity)) => names::related_forms(query, entity),
        _ => false,
    };
    match equal {
        true => "legal-form-equal",
        false if related() => "legal-form-related",
        false => "legal-form-differs",
    }
}

/// What a shared meaning adds that chance alone brings at this background. The words of a company's name go
/// together (a trading company is seldom a bank), so that the parts of it count less than each alone would.
pub fn concept_gain(background: f64) -> f64 {
    let weights = weights();
    (background * weights.get("concept-share") - weights.get("concept-cost")).min(weights.get("concept-cap"))
}

fn begins(initial: &NamePart, name: &NamePart) -> bool {
    if initial.script == name.script && name.symbols.starts_with(&initial.symbols) {
        return true;
    }
    let tables = correspondence::tables(initial.script, name.script, Kind::Person);
    (1..=LONGEST_INITIAL.min(name.symbols.len())).any(|length| {
        let beginning = &name.symbols[..length];
        correspondence::least_cost(tables, &initial.symbols, beginning, None, INITIAL_LIMIT).is_some()
    })
}

/// The Korean given name that a span is, behind its surname if that is a part of the span; `None` for anything else.
fn korean_given(span: &Span, name: &Name) -> Option<(Option<CompactString>, CompactString)> {
    /// How many syllables a Hangul word has that may be surname and given name.
    const LENGTHS: std::ops::RangeInclusive<usize> = 3..=4;
    let parts = &name.parts[span.parts.clone()];
    let form = |parts: &[NamePart]| parts.iter().map(|part| part.form.as_str()).collect::<CompactString>();
    let given = |parts: &[NamePart]| !parts.is_empty() && parts.iter().all(|part| part.role == PartRole::Given);
    if given(parts) {
        return is_korean(name).then(|| (None, form(parts)));
    }
    let (first, rest) = parts.split_first()?;
    if first.role == PartRole::Surname && given(rest) && names::is_korean_surname(&first.form) {
        return Some((Some(first.form.clone()), form(rest)));
    }
    let whole = rest.is_empty() && first.script == Script::Hangul && LENGTHS.contains(&first.form.chars().count());
    let mut syllables = first.form.chars();
    let surname = syllables.next().filter(|_| whole)?;
    names::is_korean_surname(surname.encode_utf8(&mut [0; 4]))
        .then(|| (Some(surname.to_compact_string()), syllables.collect()))
}

/// True for a name with a Korean surname.
fn is_korean(name: &Name) -> bool {
    name.parts.iter().any(|part| part.role == PartRole::Surname && names::is_korean_surname(&part.form))
}

fn better(a: Option<(f64, Mechanism)>, b: Option<(f64, Mechanism)>) -> Option<(f64, Mechanism)> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}
