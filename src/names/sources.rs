//! The tables that the lexicon is made of.

use super::PartRole;

/// Where the names are in which a sense counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Companies and agencies.
    Organization,
    /// People.
    Person,
    /// Ships and aircraft.
    Craft,
    /// All but people.
    Thing,
}

impl Domain {
    pub fn covers(self, domain: Domain) -> bool {
        self == domain || self == Domain::Thing && domain != Domain::Person
    }
}

/// A table, and what the words in some of its columns are.
pub(super) struct Source {
    pub file: &'static str,
    pub domain: Domain,
    pub role: PartRole,
    pub concept: &'static str,
    pub forms: &'static [&'static str],
}

const LANGUAGES: &[&str] = &["english", "russian", "russian-latin", "korean", "korean-latin", "hanja"];

/// The tables of the lexicon. For a form with several senses the first one of a domain counts.
pub(super) const SOURCES: [Source; 9] = [
    Source {
        file: "names/data/legal-forms.tsv",
        domain: Domain::Organization,
        role: PartRole::LegalForm,
        concept: "concept",
        forms: &["forms", "weak"],
    },
    Source {
        file: "names/data/descriptors.tsv",
        domain: Domain::Organization,
        role: PartRole::Descriptor,
        concept: "concept",
        forms: LANGUAGES,
    },
    Source {
        file: "names/data/emblems.tsv",
        domain: Domain::Organization,
        role: PartRole::Distinctive,
        concept: "concept",
        forms: LANGUAGES,
    },
    Source {
        file: "names/data/places.tsv",
        domain: Domain::Organization,
        role: PartRole::Place,
        concept: "concept",
        forms: LANGUAGES,
    },
    Source {
        file: "names/data/numbers.tsv",
        domain: Domain::Organization,
        role: PartRole::Number,
        concept: "digits",
        forms: &["english", "russian", "korean", "hanja"],
    },
    Source {
        file: "names/data/titles.tsv",
        domain: Domain::Person,
        role: PartRole::Title,
        concept: "concept",
        forms: LANGUAGES,
    },
    Source {
        file: "names/data/craft.tsv",
        domain: Domain::Craft,
        role: PartRole::LegalForm,
        concept: "concept",
        forms: &["forms", "weak"],
    },
    Source {
        file: "names/data/person-particles.tsv",
        domain: Domain::Person,
        role: PartRole::Particle,
        concept: "concept",
        forms: LANGUAGES,
    },
    Source {
        file: "names/data/particles.tsv",
        domain: Domain::Thing,
        role: PartRole::Particle,
        concept: "concept",
        forms: LANGUAGES,
    },
];
