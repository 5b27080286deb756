use std::ops::Range;

use compact_str::CompactString;
use smallvec::SmallVec;

use super::{Name, NamePart, PartRole};
use crate::model::Kind;
use crate::text::{Script, Symbols, symbols};

/// The fewest and the most words whose first letters make an acronym.
const WORDS: std::ops::RangeInclusive<usize> = 3..=6;

/// The first letters of adjacent words of a company's name, by which many write them: "nioc" of National Iranian Oil
/// Company, "втб" of Внеш-торг-банк.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acronym {
    /// The parts it stands for, as places in [`Name::parts`]; particles between them are among them.
    pub parts: Range<usize>,
    /// The script of its letters.
    pub script: Script,
    /// Its letters in the alphabet of the script.
    pub symbols: Symbols,
}

impl Name {
    /// The acronyms of all runs of three to six words of one script, by first part, then by length. Empty for people,
    /// and for scripts that do not write with letters one by one.
    pub fn acronyms(&self) -> Vec<Acronym> {
        if self.kind == Kind::Person {
            return Vec::new();
        }
        let own = self.letters();
        (0..self.parts.len()).flat_map(|first| self.acronyms_from(first, &own)).collect()
    }

    /// The acronyms of the runs that begin at a part, by length.
    fn acronyms_from(&self, first: usize, own: &[Option<char>]) -> Vec<Acronym> {
        let mut acronyms = Vec::new();
        let script = self.parts[first].script;
        if !is_lettered(script) || own[first].is_none() {
            return acronyms;
        }
        let mut letters = CompactString::default();
        for (place, part) in self.parts.iter().enumerate().skip(first) {
            match own[place] {
                Some(letter) if part.script == script => letters.push(letter),
                None if part.role == PartRole::Particle => continue,
                _ => break,
            }
            let count = letters.chars().count();
            if count > *WORDS.end() {
                break;
            }
            if WORDS.contains(&count)
                && let Some(symbols) = symbols::encode(script, &letters)
            {
                acronyms.push(Acronym { parts: first..place + 1, script, symbols });
            }
        }
        acronyms
    }

    /// The acronym of all words that have a letter in it, where they are few enough.
    pub fn acronym(&self) -> Option<Acronym> {
        if self.kind == Kind::Person {
            return None;
        }
        let own = self.letters();
        if !WORDS.contains(&own.iter().flatten().count()) {
            return None;
        }
        let first = own.iter().position(Option::is_some)?;
        let whole = first..own.iter().rposition(Option::is_some)? + 1;
        let script = self.parts[first].script;
        let mut letters = CompactString::default();
        for place in whole.clone() {
            match own[place] {
                Some(letter) if self.parts[place].script == script => letters.push(letter),
                None if self.parts[place].role == PartRole::Particle => {}
                _ => return None,
            }
        }
        let symbols = symbols::encode(script, &letters).filter(|_| is_lettered(script))?;
        Some(Acronym { parts: whole, script, symbols })
    }

    /// The letters that words give to an acronym: none for particles, numbers, legal forms and single letters.
    fn letters(&self) -> SmallVec<[Option<char>; 16]> {
        let letter = |part: &NamePart| {
            let gives = matches!(part.role, PartRole::Distinctive | PartRole::Descriptor | PartRole::Place);
            let mut letters = part.form.chars();
            let first = letters.next().filter(|letter| gives && letter.is_alphabetic());
            first.filter(|_| letters.next().is_some())
        };
        self.parts.iter().map(letter).collect()
    }
}

/// True for scripts that write with letters one by one.
fn is_lettered(script: Script) -> bool {
    matches!(script, Script::Latin | Script::Cyrillic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{Hints, analyse};
    use proptest::prelude::*;

    fn read(text: &str) -> Name {
        let hints = Hints { kind: Kind::Organization, ..Hints::default() };
        analyse(text, &hints).readings.swap_remove(0)
    }

    fn shown(acronym: &Acronym) -> String {
        symbols::decode(acronym.script, &acronym.symbols).into()
    }

    proptest! {
        /// The acronym of all words against those of all runs of words.
        #[test]
        fn the_acronym_of_all_words_is_one_of_those_of_runs(words in prop::collection::vec("[a-z]{1,6}|[а-я]{2,6}|of|the|и|bank|ltd|[가-힣]{2}|[0-9]{1,2}", 1..9)) {
            let name = read(&words.join(" "));
            let own = name.letters();
            let first = own.iter().position(Option::is_some);
            let last = own.iter().rposition(Option::is_some);
            let whole = |acronym: &Acronym| Some(acronym.parts.start) == first && Some(acronym.parts.end - 1) == last;
            prop_assert_eq!(name.acronym(), name.acronyms().into_iter().find(whole));
        }
    }

    #[test]
    fn the_first_letters_of_words_make_acronyms() {
        let name = read("National Iranian Oil Company");
        let all: Vec<String> = name.acronyms().iter().map(shown).collect();
        assert_eq!(all, ["nio", "nioc", "ioc"]);
        assert_eq!(name.acronym().as_ref().map(shown).as_deref(), Some("nioc"));
        assert_eq!(read("Ministry of Foreign Trade").acronym().as_ref().map(shown).as_deref(), Some("mft"));
        assert_eq!(read("ООО «Мокран»").acronym(), None, "one word");
        assert_eq!(read("Banka Торговый Bank Трест").acronym(), None, "two scripts");
        assert_eq!(read("조선철산무역총회사").acronyms(), [], "syllables are no letters");
    }
}
