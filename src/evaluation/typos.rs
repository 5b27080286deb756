use unicode_normalization::UnicodeNormalization;

use super::Task;
use super::chance::Chance;

impl Task {
    /// Makes one typing error in every query, the same ones for the same seed: a wrong letter, one dropped, one
    /// doubled, or two swapped; in Hangul the letters are jamo.
    pub fn mistype(&mut self, seed: u64) {
        for query in &mut self.queries {
            query.text = mistyped(&query.text, &mut Chance::of_text(seed, &query.id));
        }
    }
}

/// A text with one typing error; the same text if it has no letter to err in.
pub fn mistyped(text: &str, chance: &mut Chance) -> String {
    let letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|place| letters[*place].is_alphabetic()).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    // Some errors leave some places as they were: a letter swapped with its like.
    for _ in 0..100 {
        let place = places[chance.below(places.len())];
        let wrong = match syllable(letters[place]) {
            Some(syllable) => in_hangul(&letters, place, syllable, chance),
            None => in_letters(&letters, place, chance),
        };
        if let Some(wrong) = wrong.filter(|wrong| *wrong != letters) {
            return wrong.into_iter().nfc().collect();
        }
    }
    text.to_owned()
}

fn in_letters(letters: &[char], place: usize, chance: &mut Chance) -> Option<Vec<char>> {
    let mut wrong = letters.to_vec();
    match chance.below(4) {
        0 => wrong[place] = other_letter(letters[place], chance)?,
        1 if letters.len() == 1 => return None,
        1 => drop(wrong.remove(place)),
        2 => wrong.insert(place, letters[place]),
        _ => {
            letters.get(place + 1).filter(|next| next.is_alphabetic())?;
            wrong.swap(place, place + 1);
        }
    }
    Some(wrong)
}

/// Another letter of the same alphabet and case; `None` for letters of alphabets that no keyboard here has.
fn other_letter(letter: char, chance: &mut Chance) -> Option<char> {
    let alphabet = match letter {
        c if c.is_ascii_lowercase() || ('à'..='ÿ').contains(&c) => 'a'..='z',
        c if c.is_ascii_uppercase() || ('À'..='Þ').contains(&c) => 'A'..='Z',
        'а'..='я' | 'ѐ'..='џ' => 'а'..='я',
        'А'..='Я' | 'Ѐ'..='Џ' => 'А'..='Я',
        _ => return None,
    };
    let count = alphabet.clone().count();
    alphabet.clone().nth(chance.below(count))
}

const FIRST_SYLLABLE: u32 = 0xAC00;
const INITIALS: u32 = 19;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

/// Initial, vowel and final of a Hangul syllable; final 0 is none.
fn syllable(c: char) -> Option<[u32; 3]> {
    let code = (c as u32).checked_sub(FIRST_SYLLABLE).filter(|code| *code < INITIALS * VOWELS * FINALS)?;
    Some([code / (VOWELS * FINALS), code / FINALS % VOWELS, code % FINALS])
}

/// The initials that finals are too, in the order of the finals from 1 on; -1 where there is none.
const AS_INITIALS: [i8; 27] =
    [0, 1, -1, 2, -1, -1, 3, 5, -1, -1, -1, -1, -1, -1, -1, 6, 7, -1, 9, 10, 11, 12, 14, 15, 16, 17, 18];

fn initial_of_final(last: u32) -> Option<u32> {
    u32::try_from(*AS_INITIALS.get((last as usize).checked_sub(1)?)?).ok()
}

fn final_of_initial(initial: u32) -> Option<u32> {
    AS_INITIALS.iter().position(|own| u32::try_from(*own) == Ok(initial)).map(|place| place as u32 + 1)
}

fn composed([initial, vowel, last]: [u32; 3]) -> Option<char> {
    char::from_u32(FIRST_SYLLABLE + (initial * VOWELS + vowel) * FINALS + last)
}

fn in_hangul(letters: &[char], place: usize, own: [u32; 3], chance: &mut Chance) -> Option<Vec<char>> {
    let [initial, vowel, last] = own;
    let mut wrong = letters.to_vec();
    let mut other = |count: u32| chance.below(count as usize) as u32;
    let changed = match other(4) {
        0 => match other(3) {
            0 => [other(INITIALS), vowel, last],
            1 => [initial, other(VOWELS), last],
            _ if last > 0 => [initial, vowel, 1 + other(FINALS - 1)],
            _ => return None,
        },
        1 if last > 0 => [initial, vowel, 0],
        // The initials ㄱ ㄷ ㅂ ㅅ ㅈ have their double after them.
        2 if matches!(initial, 0 | 3 | 7 | 9 | 12) => [initial + 1, vowel, last],
        // The last sound of a syllable and the first of the next are neighbours on paper and under the fingers.
        3 => {
            let [next_initial, next_vowel, next_last] = syllable(*letters.get(place + 1)?)?;
            wrong[place + 1] = composed([initial_of_final(last)?, next_vowel, next_last])?;
            [initial, vowel, final_of_initial(next_initial)?]
        }
        _ => return None,
    };
    wrong[place] = composed(changed)?;
    Some(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn all(text: &str) -> BTreeSet<String> {
        (0..30_000).map(|seed| mistyped(text, &mut Chance::of(seed))).collect()
    }

    #[test]
    fn every_sort_of_error_is_made() {
        let latin = all("Kim");
        for wrong in ["Kin", "Ki", "Kiim", "Kmi"] {
            assert!(latin.contains(wrong), "{wrong}");
        }
        assert!(all("Путин").contains("Птуин"));
        let hangul = all("김정은");
        for wrong in ["긴정은", "기정은", "낌정은", "겸장은", "깆멍은", "감정은"] {
            assert_eq!(hangul.contains(wrong), wrong != "겸장은", "{wrong}");
        }
        assert!(!latin.contains("Kim") && !hangul.contains("김정은"));
    }

    #[test]
    fn what_has_no_letters_stays() {
        assert_eq!(mistyped("12 – 3", &mut Chance::of(1)), "12 – 3");
    }

    proptest! {
        #[test]
        fn the_same_seed_makes_the_same_error(text in "\\PC{0,20}", seed: u64) {
            let once = mistyped(&text, &mut Chance::of(seed));
            prop_assert_eq!(&once, &mistyped(&text, &mut Chance::of(seed)));
        }
    }
}
