use std::borrow::Cow;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

use super::program::{MOST, Program, Trace};
use super::{compile, folding};
use crate::tables::{Table, tables_in};
use crate::text::Script;

/// A published standard, or a custom that many follow, of writing one script in another.
pub struct Scheme {
    table: &'static Table,
    name: &'static str,
    full_name: &'static str,
    source_script: Script,
    target_script: Script,
    program: OnceLock<Program>,
}

/// A text in another script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transliteration {
    /// The spelling that the scheme prefers.
    pub text: String,
    /// Further spellings that the scheme accepts, without doubles; at most 15.
    pub alternatives: Vec<String>,
    /// What each stage did and which rules fired; empty unless asked for, and without stages that changed nothing.
    pub trace: Vec<TraceStep>,
}

/// What one stage did to a text, or one rule in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceStep {
    /// "names", "spelling", "sounds", "letters" or "finish"; for `fold` a stage of the text room. A rule is its table
    /// and line, "moct-kor-Hang-Latn-2000:40", and follows the stage in which it fired.
    pub stage: Cow<'static, str>,
    /// What it was given. Seams of names are shown as `^`, `~` and `|`.
    pub input: String,
    /// What it made of it.
    pub output: String,
}

static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let mut schemes: Vec<Scheme> = tables_in("translit/data/").flat_map(Scheme::of).collect();
    schemes.sort_by_key(|scheme| (scheme.name, scheme.full_name));
    schemes
});

/// All schemes, sorted by short name. Each is compiled when it is first used.
pub fn schemes() -> &'static [Scheme] {
    &SCHEMES
}

/// The scheme of a short name, such as "rr", or a full name, such as "moct-kor-Hang-Latn-2000".
pub fn scheme(name: &str) -> Option<&'static Scheme> {
    let short = SCHEMES.binary_search_by_key(&name, |scheme| scheme.name).ok();
    let place = short.or_else(|| SCHEMES.iter().position(|scheme| scheme.full_name == name))?;
    Some(&SCHEMES[place])
}

impl Scheme {
    /// The schemes of a table: one for each short name in its header.
    fn of(table: &'static Table) -> Vec<Scheme> {
        let script = |key| table.header(key).and_then(Script::from_code);
        let (Some(source_script), Some(target_script), Some(names)) =
            (script("reads"), script("writes"), table.header("name"))
        else {
            return Vec::new();
        };
        let file = table.file.rsplit('/').next().unwrap_or(table.file);
        let full_name = file.trim_end_matches(".tsv");
        let scheme = |name| Scheme { table, name, full_name, source_script, target_script, program: OnceLock::new() };
        names.split_whitespace().map(scheme).collect()
    }

    /// The short name, as in requests: "rr", "bgn-pcgn".
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Authority, language, scripts and year: "moct-kor-Hang-Latn-2000". Schemes that are one table under two
    /// names share it.
    pub fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// What the standard calls itself.
    pub fn title(&self) -> &'static str {
        self.table.header("title").unwrap_or(self.full_name)
    }

    /// The script it reads.
    pub fn source_script(&self) -> Script {
        self.source_script
    }

    /// The script it writes.
    pub fn target_script(&self) -> Script {
        self.target_script
    }

    /// "in force", "superseded" or "custom".
    pub fn status(&self) -> &'static str {
        self.table.header("status").unwrap_or("custom")
    }

    /// Where the standard was published.
    pub fn source(&self) -> &'static str {
        self.table.header("source").unwrap_or("")
    }

    /// Writes a text in the target script. What the scheme does not read passes unchanged. The result is in
    /// normal form C; the cost is linear in the length.
    pub fn transliterate(&self, text: &str) -> Transliteration {
        transliteration(self.run(text, None), Vec::new())
    }

    /// The same, with what each stage did.
    pub fn transliterate_traced(&self, text: &str) -> Transliteration {
        let mut trace = Vec::new();
        let spellings = self.run(text, Some(&mut trace));
        transliteration(spellings, trace)
    }

    /// All accepted spellings of a word in lower case, the preferred one first, without doubles: 1 to 16.
    pub fn spell(&self, word: &str) -> Vec<String> {
        let mut spellings = self.run(word, None);
        for spelling in &mut spellings {
            if spelling.chars().any(char::is_uppercase) {
                *spelling = spelling.to_lowercase();
            }
        }
        let mut unique: Vec<String> = Vec::with_capacity(spellings.len());
        for spelling in spellings {
            if !unique.contains(&spelling) {
                unique.push(spelling);
            }
        }
        unique
    }

    /// True for the scheme whose engine is the text room: it keeps the script of what it reads.
    pub fn folds(&self) -> bool {
        self.table.header("engine") == Some("text")
    }

    fn run(&self, text: &str, mut trace: Trace<'_>) -> Vec<String> {
        if self.folds() {
            return folding::run(text, MOST, trace);
        }
        // The other half of a standard that reads two scripts.
        let other = self.table.header("passes").and_then(scheme);
        let passed = other.filter(|other| text.chars().any(|c| Script::of(c) == Some(other.source_script)));
        match passed.map(|other| other.program().run(text, 1, trace.as_deref_mut()).into_iter().collect::<String>()) {
            Some(text) => self.program().run(&text, MOST, trace),
            None => self.program().run(text, MOST, trace),
        }
    }

    pub(super) fn program(&self) -> &Program {
        self.program.get_or_init(|| compile::program(self.table))
    }

    #[cfg(test)]
    pub(super) fn table(&self) -> &'static Table {
        self.table
    }
}

fn transliteration(spellings: Vec<String>, trace: Vec<TraceStep>) -> Transliteration {
    let mut spellings = spellings.into_iter();
    let text = spellings.next().unwrap_or_default();
    Transliteration { text, alternatives: spellings.collect(), trace }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scheme({}, {})", self.name, self.full_name)
    }
}
