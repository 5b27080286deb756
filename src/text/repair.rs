//! Words of one script written with letters of another that look alike.
//!
//! Scripts are counted by letters without a twin in the other script (UTS #39, and the practice of names made to
//! pass a filter); the minority follows the majority. Letters are looked at before they are made small: a capital
//! В looks like a B, a small в does not.

use super::Script;
use super::charts::charts;

/// How often the letters of a text or word speak for either script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Latin letters without a Cyrillic twin.
    pub latin: usize,
    /// Cyrillic letters without a Latin twin.
    pub cyrillic: usize,
    /// Latin letters of any kind.
    pub any_latin: usize,
    /// Cyrillic letters of any kind.
    pub any_cyrillic: usize,
    /// Greek letters.
    pub greek: usize,
    /// Signs and digits.
    pub signs: usize,
}

impl Letters {
    pub fn count(chars: impl Iterator<Item = char>) -> Letters {
        let mut letters = Letters::default();
        for c in chars {
            let twins = charts().twins.get(&c);
            match Script::of(c) {
                Some(Script::Latin) => {
                    letters.any_latin += 1;
                    letters.latin += usize::from(twins.is_none_or(|twins| twins.cyrillic.is_none()));
                }
                Some(Script::Cyrillic) => {
                    letters.any_cyrillic += 1;
                    letters.cyrillic += usize::from(twins.is_none_or(|twins| twins.latin.is_none()));
                }
                Some(Script::Other) if twins.is_some() => letters.greek += 1,
                Some(Script::Digits) | None if c != '\'' => letters.signs += 1,
                _ => {}
            }
        }
        letters
    }

    fn of_script(self, script: Script) -> (usize, usize) {
        match script {
            Script::Cyrillic => (self.cyrillic, self.any_cyrillic),
            _ => (self.latin, self.any_latin),
        }
    }

    /// The script that the letters speak for; `None` where they do not.
    pub fn majority(self) -> Option<Script> {
        let weigh = |script| self.of_script(script);
        match weigh(Script::Latin).cmp(&weigh(Script::Cyrillic)) {
            std::cmp::Ordering::Greater => Some(Script::Latin),
            std::cmp::Ordering::Less => Some(Script::Cyrillic),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// A word of one script, as far as that can be had, and whether letters were exchanged for it.
pub(super) fn repair(word: &[char], around: Option<Script>) -> (Script, Vec<char>, bool) {
    let own = Letters::count(word.iter().copied());
    let telling = own.latin + own.cyrillic > 0;
    let mixed = own.any_latin > 0 && own.any_cyrillic > 0 || own.greek > 0 && own.any_latin + own.any_cyrillic > 0;
    let target = match (telling || mixed, own.majority(), around) {
        (true, Some(script), _) => script,
        // All letters have twins: the words around it tell, if they do.
        (_, _, Some(around)) if word.len() > 1 && own_letters(word) => around,
        (_, Some(script), _) => script,
        (_, None, Some(around)) => around,
        (_, None, None) => Script::Latin,
    };
    if own.any_latin + own.any_cyrillic == 0 {
        return (if own.greek > 0 { Script::Other } else { Script::Digits }, word.to_vec(), false);
    }
    let mut changed = false;
    let exchanged = word.iter().enumerate().map(|(place, c)| {
        let to = exchange(*c, target).or_else(|| sign(word, place, target, own));
        changed |= to.is_some();
        to.unwrap_or(*c)
    });
    let repaired: Vec<char> = exchanged.collect();
    // Exchanging some letters and not others would make a third word of two: it is done whole or not at all.
    let whole = repaired.iter().all(|c| !c.is_alphabetic() || Script::of(*c) == Some(target));
    if whole {
        return (target, repaired, changed);
    }
    // Some letters have a twin only among the small ones.
    let small: Vec<char> = word.iter().flat_map(|c| c.to_lowercase()).collect();
    if small == word { (Script::Other, small, false) } else { repair(&small, around) }
}

/// True for words like OOO and BOCTOK: capitals alone, all of which have twins. Small letters have fewer twins, and
/// a word of them is what it seems.
fn own_letters(word: &[char]) -> bool {
    let has_twin = |c: &char| c.is_uppercase() && charts().twins.contains_key(c);
    word.iter().all(|c| *c == '\'' || has_twin(c) || charts().signs.contains_key(c))
}

/// The twin of a letter in a script; `None` for letters of the script itself and letters without one.
fn exchange(c: char, target: Script) -> Option<char> {
    if Script::of(c) == Some(target) {
        return None;
    }
    let twins = charts().twins.get(&c)?;
    if target == Script::Cyrillic { twins.cyrillic } else { twins.latin }
}

/// The letter for which a digit or sign stands at a place of a word: only between letters that outnumber it, and
/// at the front only where no such word is written with a number (3АО, but not 3M, 17th or B52).
fn sign(word: &[char], place: usize, target: Script, own: Letters) -> Option<char> {
    let twins = charts().signs.get(&word[place])?;
    let letters = own.any_latin + own.any_cyrillic;
    let letter_follows = word[place + 1..].iter().any(|c| c.is_alphabetic());
    let at_front = place == 0 && target == Script::Latin && word[0] != '0';
    if letters < 2 || own.signs * 2 > letters.max(2) || !letter_follows || at_front {
        return None;
    }
    if target == Script::Cyrillic { twins.cyrillic } else { twins.latin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(word: &str) -> String {
        let chars: Vec<char> = word.chars().collect();
        repair(&chars, None).1.into_iter().collect()
    }

    #[test]
    fn the_minority_follows_the_majority() {
        for (word, expected) in [
            ("Moкран", "Мокран"),
            ("Гaзпром", "Газпром"),
            ("Mоkrаn", "Mokran"),
            ("M0KRAN", "MoKRAN"),
            ("0ОО", "оОО"),
            ("3АО", "зАО"),
            ("3M", "3M"),
            ("B52", "B52"),
            ("17th", "17th"),
            ("Tu154", "Tu154"),
            ("Ρutin", "Putin"),
        ] {
            assert_eq!(repaired(word), expected, "{word}");
        }
    }

    #[test]
    fn words_that_tell_nothing_follow_their_neighbours() {
        let word = ['O', 'O', 'O'];
        assert_eq!(repair(&word, None).0, Script::Latin);
        assert_eq!(repair(&word, Some(Script::Cyrillic)), (Script::Cyrillic, vec!['О'; 3], true));
    }
}
