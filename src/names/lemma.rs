use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::people::PEOPLE;
use super::{NamePart, PartRole};
use crate::tables;
use crate::text::{Script, Symbols, symbols};

/// The most base forms of one part.
const MOST: usize = 4;

struct Rule {
    whole: bool,
    from: &'static str,
    to: &'static str,
}

/// The rules of each role and script, those with the longest endings first: -ову is more telling than -у.
static RULES: LazyLock<HashMap<(PartRole, Script), Vec<Rule>, FixedState>> = LazyLock::new(|| {
    let mut rules: HashMap<_, Vec<Rule>, FixedState> = HashMap::default();
    if let Some(table) = tables::table("names/data/lemmas.tsv")
        && let (Some(role), Some(script), Some(kind), Some(from), Some(to)) = (
            table.column("role"),
            table.column("script"),
            table.column("kind"),
            table.column("from"),
            table.column("to"),
        )
    {
        for (_, cells) in table.rows {
            let role = PartRole::ALL.into_iter().find(|known| known.as_str() == cells[role]);
            if let (Some(role), Some(script)) = (role, Script::from_code(cells[script])) {
                let rule = Rule { whole: cells[kind] == "word", from: cells[from], to: cells[to] };
                rules.entry((role, script)).or_default().push(rule);
            }
        }
    }
    for rules in rules.values_mut() {
        rules.sort_by_key(|rule| (!rule.whole, std::cmp::Reverse(rule.from.len())));
    }
    rules
});

/// The base forms that a part may be an inflected form of: nominative, surnames of women also in the form of men; for
/// a distinctive word that is an adjective the place it may come from, so that Сургутский meets Сургут.
/// At most four, likeliest first, never the form itself; empty for parts that do not inflect.
///
/// The forms are candidates: the endings of Russian are ambiguous (Иванова is a woman, or a man in the genitive), so
/// look them up and keep those that exist. Given names of the tables come first.
pub fn lemmas(part: &NamePart) -> Vec<String> {
    // What has no role may be a surname.
    let role = if part.role == PartRole::Unknown { PartRole::Surname } else { part.role };
    let Some(rules) = RULES.get(&(role, part.script)) else { return Vec::new() };
    let mut known = Vec::new();
    let mut others = Vec::new();
    for rule in rules {
        let Some(lemma) = apply(rule, &part.form) else { continue };
        if lemma == part.form || known.contains(&lemma) || others.contains(&lemma) {
            continue;
        }
        if role == PartRole::Given && !PEOPLE.given(&lemma).is_empty() || rule.whole {
            known.push(lemma);
        } else {
            others.push(lemma);
        }
    }
    // A known given name needs no guesses beside it.
    if known.is_empty() {
        known = others;
    }
    known.truncate(MOST);
    known
}

/// The [`lemmas`] of a part as they are searched: their script and symbols.
pub fn bases(part: &NamePart) -> Vec<(Script, Symbols)> {
    let encoded = |base: String| Some((part.script, symbols::encode(part.script, &base)?));
    lemmas(part).into_iter().filter_map(encoded).collect()
}

/// The word under a rule. A stem of fewer than two letters is no name.
fn apply(rule: &Rule, form: &str) -> Option<String> {
    if rule.whole {
        return (form == rule.from).then(|| rule.to.to_owned());
    }
    // Most endings differ in their last byte already.
    if rule.from.as_bytes().last().is_some_and(|last| form.as_bytes().last() != Some(last)) {
        return None;
    }
    let stem = form.strip_suffix(rule.from)?;
    (stem.chars().count() >= 2).then(|| format!("{stem}{}", rule.to))
}
