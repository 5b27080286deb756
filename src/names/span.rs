use std::ops::Range;

use smallvec::SmallVec;

use super::{Name, NamePart, PartRole};
use crate::model::Kind;
use crate::text::{Script, Symbols};

/// One part of a name, or some adjacent ones written as one word: "Jong Un" as "jongun".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The parts it covers, as places in [`Name::parts`].
    pub parts: Range<usize>,
    /// Its script.
    pub script: Script,
    /// The letters of its parts, joined, in the alphabet of the script.
    pub symbols: Symbols,
}

/// The most parts that are read as one word.
pub const MAX_JOINED_PARTS: usize = 3;
/// Three parts are joined only where each is a syllable or little more: this many symbols.
const SHORT_PART: usize = 6;
/// No joined word is longer, in symbols: longer ones are phrases, not words.
const MAX_JOINED_SYMBOLS: usize = 28;

impl Name {
    /// The parts of the name one by one, and the adjacent ones that somebody may write as one word. Ordered by
    /// first part, then by length; a word of the text that was cut into more is one too, and so is the
    /// whole name of a place. At most four spans a part, and one more.
    pub fn spans(&self) -> Vec<Span> {
        self.runs().into_iter().map(|parts| self.span(parts)).collect()
    }

    /// The parts that each of [`Name::spans`] covers.
    pub fn runs(&self) -> SmallVec<[Range<usize>; 12]> {
        let mut runs = SmallVec::new();
        for first in 0..self.parts.len() {
            for length in 1..=MAX_JOINED_PARTS.min(self.parts.len() - first) {
                let parts = &self.parts[first..first + length];
                if length > 1 && !may_join(parts) {
                    break;
                }
                runs.push(first..first + length);
            }
            if let Some(word) = self.cut_word(first) {
                runs.push(word);
            }
        }
        if !runs.contains(&(0..self.parts.len()))
            && let Some(word) = self.place_word()
        {
            runs.push(word);
        }
        runs
    }

    /// The word that begins at a part and was cut into three parts or more.
    fn cut_word(&self, first: usize) -> Option<Range<usize>> {
        let touches = |place: usize| {
            let (one, other) = (&self.parts[place - 1], &self.parts[place]);
            one.span.end == other.span.start && one.script == other.script
        };
        if first > 0 && touches(first) {
            return None;
        }
        let end = (first + 1..self.parts.len()).find(|place| !touches(*place)).unwrap_or(self.parts.len());
        let parts = &self.parts[first..end];
        let seen = parts.len() == MAX_JOINED_PARTS && may_join(parts);
        let word = parts.len() >= MAX_JOINED_PARTS && !seen && length(parts) <= MAX_JOINED_SYMBOLS;
        let joinable = parts.iter().all(|part| !matches!(part.role, PartRole::Number | PartRole::LegalForm));
        (word && joinable).then_some(first..end)
    }

    /// Some parts, at least one, as one word.
    pub fn span(&self, parts: Range<usize>) -> Span {
        let mut symbols = Symbols::default();
        self.parts[parts.clone()].iter().for_each(|part| symbols.extend_from_slice(&part.symbols));
        Span { script: self.parts[parts.start].script, parts, symbols }
    }

    /// True for all parts of a name that may be a place's: they are as often one word in another script as not.
    pub fn is_whole_place(&self, parts: &Range<usize>) -> bool {
        self.kind == Kind::Unknown && parts.len() == self.parts.len()
    }

    /// All parts of a name that may be a place's as one word, as Korean writes foreign ones: "La Valette-du-Var" is
    /// 라발레트뒤바르. `None` for people and organizations.
    fn place_word(&self) -> Option<Range<usize>> {
        let script = self.parts.first()?.script;
        let joinable = |part: &NamePart| part.script == script && !matches!(part.role, PartRole::Number);
        let joined = self.kind == Kind::Unknown && length(&self.parts) <= MAX_JOINED_SYMBOLS;
        (joined && self.parts.iter().all(joinable)).then_some(0..self.parts.len())
    }
}

fn may_join(parts: &[NamePart]) -> bool {
    let joinable = |part: &NamePart| {
        part.script == parts[0].script
            && !matches!(
                part.role,
                PartRole::Initial | PartRole::Title | PartRole::LegalForm | PartRole::Number | PartRole::Particle
            )
            && (parts.len() < MAX_JOINED_PARTS || part.symbols.len() <= SHORT_PART)
    };
    parts.iter().all(joinable) && length(parts) <= MAX_JOINED_SYMBOLS
}

/// How many symbols some parts have.
fn length(parts: &[NamePart]) -> usize {
    parts.iter().map(|part| part.symbols.len()).sum()
}

#[cfg(test)]
mod tests {
    use compact_str::CompactString;

    use super::*;
    use crate::text::symbols;

    fn name(parts: &[(&str, PartRole)]) -> Name {
        let parts = parts
            .iter()
            .map(|(form, role)| NamePart {
                span: 0..form.len(),
                role: *role,
                script: Script::Latin,
                form: (*form).into(),
                symbols: symbols::encode(Script::Latin, form).unwrap(),
                concept: None,
                disguised: false,
            })
            .collect();
        Name { kind: Kind::Unknown, weight: 1.0, parts }
    }

    fn words(name: &Name) -> Vec<CompactString> {
        name.spans().iter().map(|span| symbols::decode(span.script, &span.symbols)).collect()
    }

    #[test]
    fn adjacent_syllables_are_joined() {
        let kim = name(&[("kim", PartRole::Surname), ("jong", PartRole::Given), ("un", PartRole::Given)]);
        assert_eq!(words(&kim), ["kim", "kimjong", "kimjongun", "jong", "jongun", "un"]);
    }

    #[test]
    fn legal_forms_and_numbers_stay_alone() {
        let name = name(&[("zavod", PartRole::Descriptor), ("39", PartRole::Number), ("ooo", PartRole::LegalForm)]);
        assert_eq!(words(&name), ["zavod", "39", "ooo"]);
    }
}
