/// What a piece of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// A part of the query's name aligned with a part of the entity's name.
    NamePart,
    /// A part of the query's name that the entity's name lacks.
    QueryPartUnmatched,
    /// A part of the entity's name that the query lacks.
    EntityPartUnmatched,
    /// The order of the parts.
    Order,
    /// Birth dates.
    BirthDate,
    /// Countries.
    Country,
    /// Gender.
    Gender,
    /// An identifier.
    Identifier,
    /// The kind of party.
    Kind,
    /// Letters of several scripts in one word.
    Disguise,
    /// The quality of the alias.
    NameQuality,
}

/// One addend of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is about.
    pub feature: Feature,
    /// The query's value.
    pub query_value: String,
    /// The entity's value.
    pub entity_value: String,
    /// What it adds to the score, in nats.
    pub weight: f64,
    /// The mechanism in one word: "exact", "spelling", "scheme", "translation", "initial", "edit", "legal-form".
    pub mechanism: &'static str,
    /// A sentence for a person.
    pub text: String,
    /// The weights of the table that it is made of, each with how many times it counts. What they do not make up of
    /// the weight, the spelling or the rarity of the words adds.
    pub uses: Vec<(&'static str, f64)>,
}

impl Evidence {
    /// The same evidence, seen from the other side.
    pub fn turned(self) -> Evidence {
        let feature = match self.feature {
            Feature::QueryPartUnmatched => Feature::EntityPartUnmatched,
            Feature::EntityPartUnmatched => Feature::QueryPartUnmatched,
            feature => feature,
        };
        Evidence { feature, query_value: self.entity_value, entity_value: self.query_value, ..self }
    }
}
