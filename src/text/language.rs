use super::charts::charts;
use super::{Script, Text};

/// The likely language of a text as BCP 47 tag: that of its script where the script has one, and for Cyrillic that
/// of its telling letters. Empty where the letters do not tell.
pub fn likely_language(text: &Text) -> &'static str {
    match text.script() {
        Script::Hangul => "ko",
        Script::Cyrillic => {
            let has = |letters: &[char]| {
                text.words.iter().flat_map(|word| word.spelled.chars()).any(|c| letters.contains(&c))
            };
            charts().languages.iter().find(|(_, letters)| has(letters)).map_or("", |(language, _)| language)
        }
        _ => "",
    }
}
