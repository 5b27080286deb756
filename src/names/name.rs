use std::ops::Range;

use compact_str::CompactString;

use crate::model::Kind;
use crate::text::{Script, Symbols};

/// What a part of a name does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartRole {
    /// Not known.
    Unknown,
    /// Family name.
    Surname,
    /// Given name.
    Given,
    /// Patronymic.
    Patronymic,
    /// An initial: one letter, or a digraph such as "Ch", that stands for a given name or patronymic.
    Initial,
    /// Title, rank or honorific.
    Title,
    /// Legal form of a company, or a ship's prefix.
    LegalForm,
    /// A generic word of company names: trading, bank, plant.
    Descriptor,
    /// The word that tells one company or ship from another.
    Distinctive,
    /// A place.
    Place,
    /// A number, in digits or Roman numerals.
    Number,
    /// A word without weight of its own: "and", "of", "имени".
    Particle,
}

impl PartRole {
    /// Every role, in the order of their codes.
    pub const ALL: [PartRole; 12] = [
        PartRole::Unknown,
        PartRole::Surname,
        PartRole::Given,
        PartRole::Patronymic,
        PartRole::Initial,
        PartRole::Title,
        PartRole::LegalForm,
        PartRole::Descriptor,
        PartRole::Distinctive,
        PartRole::Place,
        PartRole::Number,
        PartRole::Particle,
    ];

    /// The stable code used in files, 0 to 11.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The role of a code that [`PartRole::code`] gave.
    pub fn from_code(code: u8) -> Option<PartRole> {
        PartRole::ALL.get(usize::from(code)).copied()
    }

    /// The word used on the command line and in golden files.
    pub fn as_str(self) -> &'static str {
        match self {
            PartRole::Unknown => "unknown",
            PartRole::Surname => "surname",
            PartRole::Given => "given",
            PartRole::Patronymic => "patronymic",
            PartRole::Initial => "initial",
            PartRole::Title => "title",
            PartRole::LegalForm => "legal-form",
            PartRole::Descriptor => "descriptor",
            PartRole::Distinctive => "distinctive",
            PartRole::Place => "place",
            PartRole::Number => "number",
            PartRole::Particle => "particle",
        }
    }
}

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePart {
    /// Its bytes in the original text. Parts that were joined in the original have adjacent spans.
    pub span: Range<usize>,
    /// What it does.
    pub role: PartRole,
    /// Its script.
    pub script: Script,
    /// The folded form: lower case, Latin without diacritics, ё as е, Hangul as syllables. Never empty.
    pub form: CompactString,
    /// The folded form in the alphabet of its script (see [`crate::text::symbols`]). Never empty.
    pub symbols: Symbols,
    /// What the word means, for words of the lexicon: one gloss for all languages ("trading", "llc").
    pub concept: Option<&'static str>,
    /// True if the original wrote it in letters of several scripts that look alike, and it was repaired.
    pub disguised: bool,
}

/// One reading of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The kind of party under this reading; `Unknown` where the letters do not tell.
    pub kind: Kind,
    /// How likely this reading is among those of one analysis, above 0 and at most 1.
    pub weight: f32,
    /// Its parts in the order of the text; never empty.
    pub parts: Vec<NamePart>,
}

/// What is known of a name before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Its kind; `Unknown` lets every reading through.
    pub kind: Kind,
    /// BCP 47 tag of its language; empty where it is not known.
    pub language: String,
    /// ISO 3166-1 alpha-2 code of its country; empty where it is not known.
    pub country: String,
}

/// What one stage of normalisation or one rule changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceStep {
    /// The stage or rule.
    pub stage: String,
    /// What went in.
    pub input: String,
    /// What came out.
    pub output: String,
}

/// A text, read as a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The text after normalisation.
    pub normalized: String,
    /// The script of most of its letters.
    pub script: Script,
    /// Its likely language as BCP 47 tag; empty where the letters do not tell.
    pub language: &'static str,
    /// The readings, likeliest first; empty only for a text without a letter or digit.
    pub readings: Vec<Name>,
}
