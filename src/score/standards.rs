//! What every published standard writes must be a spelling that scoring knows, whether pairs of names attest it or not.

use super::EDIT_COST;
use crate::correspondence::{least_cost, tables};
use crate::model::Kind;
use crate::text::{self, Script};
use crate::translit::{Scheme, schemes};

/// Korean names with the sounds that standards write in different ways.
const KOREAN: [&str; 16] = [
    "김정은",
    "박",
    "최룡해",
    "건",
    "철산",
    "혁신",
    "영호",
    "광명",
    "령도",
    "석준",
    "희",
    "의주",
    "까치",
    "원산",
    "쌍용",
    "독립",
];
/// Russian names with the letters that standards write in different ways.
const RUSSIAN: [&str; 16] = [
    "Щербаков",
    "Юрьев",
    "Хрущёв",
    "Жуков",
    "Эйдельман",
    "Цыганов",
    "Чайковский",
    "Александр",
    "Ярослав",
    "Фёдоров",
    "Шишкин",
    "Мокран",
    "Ильич",
    "Объедков",
    "Ершов",
    "Гайдай",
];

/// The most that a standard's spelling costs for each letter of the longer word, in nats: about half of what a letter
/// is worth that chance brings ([`super::letter_background`]).
const A_LETTER: f64 = 1.25;
/// What any word may cost beside, in nats.
const A_WORD: f64 = 1.0;

/// What the scheme's spelling of a word costs, and how many letters the longer of both has; `None` between scripts
/// without a table.
fn cost(scheme: &Scheme, word: &str) -> Option<(f64, usize)> {
    let word = text::read(word).words.into_iter().next()?;
    let spelled = text::read(&scheme.transliterate(&word.form).text).words;
    let tables = tables(word.script, spelled.first()?.script, Kind::Person);
    if tables.is_empty() {
        return None;
    }
    // Some write a name apart; its words are one here.
    let symbols: Vec<u8> = spelled.into_iter().flat_map(|word| word.symbols.to_vec()).collect();
    let cost = least_cost(tables, &word.symbols, &symbols, Some(EDIT_COST), f32::MAX)?;
    Some((f64::from(cost), word.symbols.len().max(symbols.len())))
}

#[test]
fn what_every_standard_writes_has_a_sane_cost() {
    let (mut asked, mut dear) = (0, Vec::new());
    for scheme in schemes() {
        let words = match scheme.source_script() {
            Script::Hangul => KOREAN,
            Script::Cyrillic => RUSSIAN,
            _ => continue,
        };
        for word in words {
            let Some((cost, letters)) = cost(scheme, word) else { continue };
            asked += 1;
            if cost > A_WORD + A_LETTER * letters as f64 {
                let spelled = scheme.transliterate(word).text;
                dear.push(format!("{}: {word} as {spelled} costs {cost:.1}", scheme.name()));
            }
        }
    }
    assert!(asked > 400, "only {asked} spellings were asked for");
    assert!(dear.is_empty(), "{} of {asked}:\n{}", dear.len(), dear.join("\n"));
}
