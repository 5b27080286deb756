//! Letters and digits that look alike in several scripts, and what they were meant to be.

use std::sync::LazyLock;

use unicode_normalization::char::{compose, decompose_canonical, is_combining_mark};

use super::Script;
use super::cell::{Cell, Class};
use super::letters::skeleton;
use crate::tables::table;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Both,
    Rarely,
    ToLatin,
    Near,
}

#[derive(Debug)]
struct Pair {
    latin: Option<char>,
    cyrillic: Option<char>,
    greek: Option<char>,
    likeness: Likeness,
}

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let rows = table("text/data/lookalikes.tsv").map_or(&[][..], |table| table.rows);
    rows.iter()
        .filter_map(|(_, cells)| {
            let [latin, cyrillic, greek, likeness, ..] = cells else { return None };
            let likeness = match *likeness {
                "both" => Likeness::Both,
                "rarely" => Likeness::Rarely,
                "to-latin" => Likeness::ToLatin,
                "near" => Likeness::Near,
                _ => return None,
            };
            let letter = |cell: &str| cell.chars().next();
            Some(Pair { latin: letter(latin), cyrillic: letter(cyrillic), greek: letter(greek), likeness })
        })
        .collect()
});

/// The letter of `target` that a letter of another script looks like, and whether they are only nearly alike.
fn twin(c: char, class: Class, target: Class) -> Option<(char, bool)> {
    let mut base = c;
    let mut marks = [None; 2];
    decompose_canonical(c, |part| match () {
        () if !is_combining_mark(part) => base = part,
        () if marks[0].is_none() => marks[0] = Some(part),
        () => marks[1] = Some(part),
    });
    let (letter, near) = plain_twin(base, class, target)?;
    let letter = marks.into_iter().flatten().fold(letter, |letter, mark| compose(letter, mark).unwrap_or(letter));
    Some((letter, near))
}

fn plain_twin(c: char, class: Class, target: Class) -> Option<(char, bool)> {
    let found = PAIRS.iter().find_map(|pair| match (class, target) {
        (Class::Latin, Class::Cyrillic) if pair.likeness != Likeness::ToLatin && pair.latin == Some(c) => {
            pair.cyrillic.map(|letter| (letter, pair.likeness == Likeness::Near))
        }
        (Class::Cyrillic, Class::Latin) if pair.cyrillic == Some(c) => {
            pair.latin.map(|letter| (letter, pair.likeness == Likeness::Near))
        }
        (Class::Other, Class::Cyrillic) if pair.greek == Some(c) => pair.cyrillic.map(|letter| (letter, false)),
        (Class::Other, Class::Latin) if pair.greek == Some(c) => pair.latin.map(|letter| (letter, false)),
        _ => None,
    });
    match (found, class) {
        (None, Class::Other) => {
            let latin = skeleton(c)?;
            if target == Class::Latin { Some((latin, false)) } else { plain_twin(latin, Class::Latin, target) }
        }
        (found, _) => found,
    }
}

/// True for a letter that cannot be mistaken for one of the other script.
fn settles(c: char, class: Class) -> bool {
    let mut base = c;
    decompose_canonical(c, |part| {
        if !is_combining_mark(part) {
            base = part;
        }
    });
    !PAIRS.iter().any(|pair| match class {
        Class::Latin => matches!(pair.likeness, Likeness::Both | Likeness::Rarely) && pair.latin == Some(base),
        Class::Cyrillic => pair.likeness != Likeness::Near && pair.cyrillic == Some(base),
        _ => true,
    })
}

/// How much the letters of a word or text speak for Latin and Cyrillic: letters that cannot be mistaken.
pub(super) fn settled(cells: &[Cell]) -> (usize, usize) {
    let count = |class: Class| cells.iter().filter(|cell| cell.class == class && settles(cell.c, class)).count();
    (count(Class::Latin), count(Class::Cyrillic))
}

/// Repairs a word of several scripts. Its unmistakable letters decide, then those of the whole text, then letters
/// that Russian does not have, then most letters; a draw is Cyrillic. False, and nothing changed, if a letter has no
/// counterpart in either script.
pub(super) fn repair(word: &mut [Cell], text: (usize, usize)) -> bool {
    let count = |class: Class| word.iter().filter(|cell| cell.class == class).count();
    let rarely =
        |cell: &&Cell| PAIRS.iter().any(|pair| pair.likeness == Likeness::Rarely && pair.latin == Some(cell.c));
    let settled = settled(word);
    let latin = (settled.0, text.0, word.iter().filter(rarely).count(), count(Class::Latin));
    let cyrillic = (settled.1, text.1, 0, count(Class::Cyrillic));
    let order = if latin > cyrillic {
        [(Class::Latin, latin.0), (Class::Cyrillic, cyrillic.0)]
    } else {
        [(Class::Cyrillic, cyrillic.0), (Class::Latin, latin.0)]
    };
    order.into_iter().any(|(target, settling)| repair_to(word, target, settling))
}

/// Repairs a word to one script, of which `settling` letters of the word cannot be mistaken.
fn repair_to(word: &mut [Cell], target: Class, settling: usize) -> bool {
    let foreign = |cell: &Cell| cell.class.is_letter() && cell.class != target;
    let mut near = 0;
    for (at, cell) in word.iter().enumerate().filter(|(_, cell)| foreign(cell)) {
        let Some((_, only_near)) = twin(cell.c, cell.class, target) else { return false };
        // A letter that is only nearly alike is taken for a disguise where it stands alone.
        let beside = [at.checked_sub(1), Some(at + 1)];
        let alone = !beside.into_iter().flatten().any(|at| word.get(at).is_some_and(foreign));
        if only_near && !alone {
            return false;
        }
        near += usize::from(only_near);
    }
    if near * 2 > settling {
        return false;
    }
    for cell in word.iter_mut() {
        if cell.class.is_letter()
            && cell.class != target
            && let Some((letter, _)) = twin(cell.c, cell.class, target)
        {
            *cell = Cell { c: letter, class: target, repaired: true, ..*cell };
        }
    }
    true
}

/// The same shapes read in the other script, for letters in the case in which they were written. `None` if a letter
/// has no exact counterpart.
pub(super) fn reading(letters: &str, script: Script) -> Option<String> {
    let (class, target) = match script {
        Script::Latin => (Class::Latin, Class::Cyrillic),
        Script::Cyrillic => (Class::Cyrillic, Class::Latin),
        _ => return None,
    };
    letters.chars().map(|c| if c.is_ascii_digit() { Some(c) } else { exact(c, class, target) }).collect()
}

fn exact(c: char, class: Class, target: Class) -> Option<char> {
    if settles(c, class) {
        return None;
    }
    twin(c, class, target).filter(|(_, near)| !near).map(|(letter, _)| letter)
}

/// The capital or small letter of the other script that is drawn like a letter, as capital first.
pub(super) fn capital_twin(c: char, script: Script) -> Option<char> {
    let capital = c.to_uppercase().next()?;
    let (class, target) = match script {
        Script::Latin => (Class::Latin, Class::Cyrillic),
        _ => (Class::Cyrillic, Class::Latin),
    };
    exact(capital, class, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_twins() {
        assert_eq!(twin('ë', Class::Latin, Class::Cyrillic), Some(('ё', false)));
        assert_eq!(twin('Н', Class::Cyrillic, Class::Latin), Some(('H', false)));
        assert_eq!(twin('Ж', Class::Cyrillic, Class::Latin), None);
        assert_eq!(twin('Φ', Class::Other, Class::Cyrillic), Some(('Ф', false)));
        assert_eq!(twin('Ꮯ', Class::Other, Class::Cyrillic), Some(('С', false)));
    }

    #[test]
    fn the_table_holds_letters_of_its_columns() {
        let rows = table("text/data/lookalikes.tsv").expect("the table").rows;
        assert_eq!(rows.len(), PAIRS.len());
        for pair in PAIRS.iter() {
            assert!(pair.latin.is_none_or(|c| Class::of(c) == Class::Latin), "{pair:?}");
            assert!(pair.cyrillic.is_none_or(|c| Class::of(c) == Class::Cyrillic), "{pair:?}");
            assert!(pair.greek.is_none_or(|c| Class::of(c) == Class::Other), "{pair:?}");
        }
    }
}
