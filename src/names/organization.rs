use smallvec::SmallVec;

use super::lexicon::{Domain, LEXICON, Sense, WordIds};
use super::segment::{self, Piece};
use super::token::{Token, phrase};
use super::{NamePart, PartRole, numerals};
use crate::text::{Capital, Join, Script};

/// What in a text speaks for an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Legal forms that are nothing else.
    pub legal_forms: usize,
    /// Legal forms that are also initials or words.
    pub weak_forms: usize,
    /// Descriptors.
    pub descriptors: usize,
    /// Places.
    pub places: usize,
    /// Numbers.
    pub numbers: usize,
    /// Names: what no table knows.
    pub names: usize,
}

/// Reads words as the name of an organization, or with [`Domain::Craft`] of a ship or aircraft. As many parts as
/// words or more, but phrases of the lexicon are one part.
pub(super) fn read(tokens: &[Token<'_>], domain: Domain) -> (Vec<NamePart>, Marks) {
    let ids: SmallVec<[&WordIds; 16]> = tokens.iter().map(|token| &token.ids).collect();
    let cased = tokens.iter().any(|token| {
        token.word.capital == Capital::Lower || token.word.capital == Capital::Title && token.length() > 1
    });
    let mut reader =
        Reader { tokens, cased, domain, parts: Vec::with_capacity(tokens.len() + 2), marks: Marks::default() };
    let mut at = 0;
    while at < tokens.len() {
        let found = LEXICON.longest(&ids[at..], domain).filter(|(length, sense)| reader.counts(at, *length, *sense));
        at += match found {
            Some((length, sense)) => reader.known(at, length, sense),
            None => reader.word(at),
        };
    }
    (reader.parts, reader.marks)
}

/// True if the words hold the prefix of a ship or aircraft, of the kind that is nothing else.
pub(super) fn has_prefix(tokens: &[Token<'_>]) -> bool {
    let ids: SmallVec<[&WordIds; 16]> = tokens.iter().map(|token| &token.ids).collect();
    let is_prefix = |sense: Sense| sense.role == PartRole::LegalForm && !sense.weak;
    (0..ids.len()).any(|at| LEXICON.longest(&ids[at..], Domain::Craft).is_some_and(|(_, sense)| is_prefix(sense)))
}

/// True for a phrase that is a legal form and nothing else.
fn is_form(found: Option<(usize, Sense)>) -> bool {
    found.is_some_and(|(_, sense)| sense.role == PartRole::LegalForm && !sense.weak)
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// True if the text uses small letters, so that capitals mean something.
    cased: bool,
    domain: Domain,
    parts: Vec<NamePart>,
    marks: Marks,
}

impl Reader<'_, '_> {
    /// True if a phrase that the lexicon knows means at this place what the lexicon says.
    fn counts(&self, at: usize, length: usize, sense: Sense) -> bool {
        let token = &self.tokens[at];
        let last = at + length == self.tokens.len();
        if sense.weak {
            let whole = length == self.tokens.len();
            return !whole && (at == 0 || last || token.word.bracketed || self.tokens[at + length].word.bracketed);
        }
        match sense.role {
            PartRole::Particle if sense.concept == "number-sign" => {
                !last && self.tokens[at + length].form().starts_with(|c: char| c.is_ascii_digit())
            }
            PartRole::Particle if token.length() == 1 && length == 1 => {
                let initial = token.word.dotted || self.cased && token.is_single_capital();
                !initial && !last && at > 0
            }
            PartRole::Particle => self.tokens.len() > length,
            // 주 alone is a form only in parentheses, and a syllable of the lexicon only inside a compound.
            _ => true,
        }
    }

    fn known(&mut self, at: usize, length: usize, sense: Sense) -> usize {
        let tokens = &self.tokens[at..at + length];
        if sense.role == PartRole::Number {
            let span = tokens[0].word.span.start..tokens[length - 1].word.span.end;
            let disguised = tokens.iter().any(|token| token.word.disguised);
            self.parts.push(numerals::number_at(span, sense.concept, disguised));
            self.marks.numbers += 1;
        } else if let Some(part) = phrase(tokens, sense.role, Some(sense.concept)) {
            self.parts.push(part);
            self.mark(sense);
        }
        length
    }

    fn mark(&mut self, sense: Sense) {
        match sense.role {
            PartRole::LegalForm if !sense.weak => self.marks.legal_forms += 1,
            PartRole::Descriptor => self.marks.descriptors += 1,
            PartRole::Place => self.marks.places += 1,
            PartRole::Distinctive => self.marks.names += 1,
            PartRole::LegalForm => self.marks.weak_forms += 1,
            _ => {}
        }
    }

    /// Reads one word that begins no phrase; returns how many words it took.
    fn word(&mut self, at: usize) -> usize {
        let token = &self.tokens[at];
        if token.word.bracketed
            && let Some(sense) = LEXICON.parenthesised(token.form())
        {
            self.parts.push(token.part(sense.role, Some(sense.concept)));
            self.mark(sense);
            return 1;
        }
        // 92호, Kongŏp-pu: words are cut at digits and hyphens, and what follows still ends a longer word.
        if matches!(token.word.join, Join::None | Join::Hyphen)
            && let Some(sense) = LEXICON.part(token.form(), false, true, self.domain, token.script() == Script::Latin)
        {
            self.parts.push(token.part(sense.role, Some(sense.concept)));
            self.mark(sense);
            return 1;
        }
        if let Some(part) = numerals::digits(token).or_else(|| self.roman(at)) {
            self.parts.push(part);
            self.marks.numbers += 1;
            // "1-й", "17 th": the letters belong to the number.
            let next = self.tokens.get(at + 1);
            let suffix = next.filter(|next| matches!(next.word.join, Join::Hyphen | Join::None));
            return if suffix.is_some_and(numerals::is_suffix) { 2 } else { 1 };
        }
        // In "имени В. А. Дегтярева" the person is the name, not the letters before it.
        if self.is_initial(at) {
            self.parts.push(token.part(PartRole::Initial, None));
            return 1;
        }
        if let Some((name, form)) = self.trailing_form(at) {
            self.split(token, segment::joined(&token.form()[..name], Script::Latin), name);
            self.mark(form);
            self.parts.push(token.sub_part(name..token.length(), form.role, Some(form.concept)));
            return 1;
        }
        let pieces = match token.script() {
            Script::Hangul | Script::Han if token.length() > 1 => segment::compound(token.form(), self.domain),
            Script::Latin if self.domain == Domain::Organization => {
                segment::romanised(token.form()).unwrap_or_else(|| segment::joined(token.form(), Script::Latin))
            }
            Script::Cyrillic if self.domain == Domain::Organization => segment::joined(token.form(), Script::Cyrillic),
            _ => Vec::new(),
        };
        self.split(token, pieces, token.length());
        1
    }

    /// True for one or two letters with full stops between a word and what may be a surname: "A.B.C. Company" has none.
    fn is_initial(&self, at: usize) -> bool {
        let is_letter = |place: usize| {
            let token = self.tokens.get(place)?;
            Some(token.word.dotted && token.is_single_capital())
        };
        let is_surname = |place: usize| {
            let token = self.tokens.get(place)?;
            let known = LEXICON.longest(&[&token.ids], self.domain).is_some();
            Some(token.length() > 2 && token.word.capital != Capital::Lower && !known)
        };
        if at == 0 || is_letter(at) != Some(true) {
            return false;
        }
        match (is_letter(at - 1) == Some(true), is_letter(at + 1) == Some(true)) {
            (true, true) => false,
            (true, false) => at > 1 && is_letter(at - 2) != Some(true) && is_surname(at + 1) == Some(true),
            (false, true) => is_letter(at + 2) != Some(true) && is_surname(at + 2) == Some(true),
            (false, false) => is_surname(at + 1) == Some(true),
        }
    }

    /// Adds the pieces of a word, or its first characters as one name where there are none.
    fn split(&mut self, token: &Token<'_>, pieces: Vec<Piece>, length: usize) {
        if pieces.len() < 2 {
            self.parts.push(token.sub_part(0..length, PartRole::Distinctive, None));
            self.marks.names += 1;
            return;
        }
        for piece in pieces {
            self.piece(token, piece);
        }
    }

    /// A legal form that is written joined to a name, as in "SonokongCo.,Ltd.": the letters of the name, and the form.
    fn trailing_form(&self, at: usize) -> Option<(usize, Sense)> {
        const SHORTEST_NAME: usize = 3;
        const LONGEST_FORM: usize = 5;
        let token = &self.tokens[at];
        if token.script() != Script::Latin || self.domain != Domain::Organization {
            return None;
        }
        let form_follows =
            self.tokens.get(at + 1).is_some_and(|next| is_form(LEXICON.longest(&[&next.ids], self.domain)));
        if !(token.word.dotted && at + 1 == self.tokens.len() || form_follows) {
            return None;
        }
        let form = token.form();
        (SHORTEST_NAME..form.len().saturating_sub(1)).filter(|cut| form.len() - cut <= LONGEST_FORM).find_map(|cut| {
            let ids = LEXICON.ids(form.get(cut..)?, false);
            let (_, sense) = LEXICON.longest(&[&ids], self.domain)?;
            let whole = is_form(Some((1, sense))) || sense.concept == "company";
            whole.then_some((cut, sense))
        })
    }

    fn piece(&mut self, token: &Token<'_>, piece: Piece) {
        let (role, concept) = match piece.sense {
            _ if piece.digits => {
                let part = token.sub_part(piece.characters, PartRole::Number, None);
                self.parts.push(numerals::number_at(part.span, &part.form, part.disguised));
                self.marks.numbers += 1;
                return;
            }
            Some(sense) if sense.role == PartRole::Number => {
                let span = token.sub_part(piece.characters, PartRole::Number, None).span;
                self.parts.push(numerals::number_at(span, sense.concept, token.word.disguised));
                self.marks.numbers += 1;
                return;
            }
            Some(sense) => {
                self.mark(sense);
                (sense.role, Some(sense.concept))
            }
            None => {
                self.marks.names += 1;
                (PartRole::Distinctive, None)
            }
        };
        self.parts.push(token.sub_part(piece.characters, role, concept));
    }

    /// Roman numerals make sense behind a name; of one letter only behind a word at the very end.
    fn roman(&self, at: usize) -> Option<NamePart> {
        let before = self.tokens.get(at.checked_sub(1)?)?;
        let last = at + 1 == self.tokens.len();
        numerals::roman(&self.tokens[at], last && before.length() > 1)
    }
}
