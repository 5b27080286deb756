use std::sync::LazyLock;

use super::people::PEOPLE;
use super::{NamePart, PartRole};
use crate::tables;
use crate::text::{Script, symbols};

/// The most base forms of one part.
const MOST: usize = 4;

struct Rule {
    role: PartRole,
    script: Script,
    whole: bool,
    from: &'static str,
    to: &'static str,
}

/// The rules, those with the longest endings first: -ову is more telling than -у.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules = Vec::new();
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
                rules.push(Rule { role, script, whole: cells[kind] == "word", from: cells[from], to: cells[to] });
            }
        }
    }
    rules.sort_by_key(|rule: &Rule| (!rule.whole, std::cmp::Reverse(rule.from.len())));
    rules
});

/// The base forms that a part may be an inflected form of: nominative, surnames of women also in the form of men; for
/// a distinctive word that is an adjective the place it may come from, so that Сургутский meets Сургут.
/// At most four, likeliest first, never the form itself; empty for parts that do not inflect.
///
/// The forms are candidates: the endings of Russian are ambiguous (Иванова is a woman, or a man in the genitive), so
/// look them up and keep those that exist. Given names of the tables come first.
pub fn lemmas(part: &NamePart) -> Vec<String> {
    if !matches!(part.script, Script::Cyrillic | Script::Latin) {
        return Vec::new();
    }
    let mut known = Vec::new();
    let mut others = Vec::new();
    for rule in RULES.iter() {
        let fits = rule.script == part.script
            && (rule.role == part.role || part.role == PartRole::Unknown && rule.role == PartRole::Surname);
        if !fits {
            continue;
        }
        let Some(lemma) = apply(rule, &part.form) else { continue };
        if lemma == part.form || known.contains(&lemma) || others.contains(&lemma) {
            continue;
        }
        if rule.role == PartRole::Given && !PEOPLE.given(&lemma).is_empty() || rule.whole {
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
pub fn bases(part: &NamePart) -> Vec<(Script, Vec<u8>)> {
    let encoded = |base: String| Some((part.script, symbols::encode(part.script, &base)?));
    lemmas(part).into_iter().filter_map(encoded).collect()
}

/// The word under a rule. A stem of fewer than two letters is no name.
fn apply(rule: &Rule, form: &str) -> Option<String> {
    if rule.whole {
        return (form == rule.from).then(|| rule.to.to_owned());
    }
    let stem = form.strip_suffix(rule.from)?;
    (stem.chars().count() >= 2).then(|| format!("{stem}{}", rule.to))
}
