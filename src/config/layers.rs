use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::source::{self, SourceSection};
use super::{Config, ConfigError, Origin};

/// The settings that apply unless somebody sets others, commented: what `exonym serve --print-config` prints.
pub const DEFAULT: &str = include_str!("config.default.toml");

/// Settings in the making: every layer replaces values of the ones before.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    values: Table,
    origins: BTreeMap<String, Origin>,
    sources: Vec<SourceSection>,
}

impl Layers {
    /// The embedded defaults.
    pub(super) fn defaults() -> Result<Layers, ConfigError> {
        let values = DEFAULT.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
            origin: Origin::Default,
            problem: error.message().to_owned(),
        })?;
        Ok(Layers { values, origins: BTreeMap::new(), sources: Vec::new() })
    }

    /// Adds a file of settings. `path` is for messages.
    pub(super) fn add_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let origin = |at: usize| {
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            Origin::File(path.to_owned(), line)
        };
        let parsed = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            origin: origin(error.span().map_or(0, |span| span.start)),
            problem: error.message().to_owned(),
        })?;
        for (section, keys) in parsed.get_ref() {
            let name = section.get_ref().as_ref();
            if name == "source" {
                self.sources = sections(keys, &origin, section.span().start)?;
                continue;
            }
            if !self.values.contains_key(name) {
                return Err(self.unknown_section(name, origin(section.span().start)));
            }
            let DeValue::Table(keys) = keys.get_ref() else {
                let problem = format!("is a section, write it as `[{name}]` with its keys below");
                return Err(ConfigError::Value { key: name.to_owned(), origin: origin(section.span().start), problem });
            };
            for (key, value) in keys {
                let path = format!("{name}.{}", key.get_ref());
                self.set(&path, value_of(value), origin(key.span().start))?;
            }
        }
        Ok(())
    }

    /// Adds the environment: `EXONYM_SECTION_KEY`, where the section is the first word and the key the rest, in
    /// capitals. Text is read as what the setting is: a number, `true` or `false`, or text.
    ///
    /// `EXONYM_CONFIG` is not a setting but the file's path. Kubernetes tells a pod about every service of its
    /// namespace; where one is called `exonym…`, those variables are skipped.
    pub(super) fn add_environment(
        &mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        let mut ours: Vec<(String, String)> =
            variables.into_iter().filter(|(name, _)| name.starts_with("EXONYM_")).collect();
        ours.sort();
        for (variable, text) in ours {
            let name = variable["EXONYM_".len()..].to_lowercase();
            if name == "config" || is_service_link(&name, &text) {
                continue;
            }
            let path = name.replacen('_', ".", 1);
            self.set_text(&path, &text, Origin::Variable(variable))?;
        }
        Ok(())
    }

    /// Adds what flags say: the setting (`server.listen`) and its text.
    pub(super) fn add_flags<'a>(
        &mut self,
        flags: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), ConfigError> {
        for (path, text) in flags {
            let flag = format!("--{}", path.split_once('.').map_or(path, |(_, key)| key).replace('_', "-"));
            self.set_text(path, text, Origin::Flag(flag))?;
        }
        Ok(())
    }

    /// What was set, as the typed settings, and where each value came from.
    pub(super) fn finish(self) -> Result<(Config, BTreeMap<String, Origin>), ConfigError> {
        for (section, keys) in &self.values {
            for (key, value) in keys.as_table().into_iter().flatten() {
                // Section by section and key by key, so that the message can say where a value was set.
                let mut alone = DEFAULTS.with(Clone::clone);
                if let Some(Value::Table(keys)) = alone.get_mut(section) {
                    keys.insert(key.clone(), value.clone());
                }
                if let Err(error) = alone.try_into::<Config>() {
                    let path = format!("{section}.{key}");
                    let origin = origin_of(&self.origins, &path);
                    let problem = format!("is not usable: {}", error.message());
                    return Err(ConfigError::Value { key: path, origin, problem });
                }
            }
        }
        let mut config: Config = self
            .values
            .try_into()
            .map_err(|error| ConfigError::Syntax { origin: Origin::Default, problem: error.message().to_owned() })?;
        config.source = self.sources;
        Ok((config, self.origins))
    }

    fn set_text(&mut self, path: &str, text: &str, origin: Origin) -> Result<(), ConfigError> {
        let known = self.known(path, &origin)?;
        let read = match known {
            Value::Integer(_) => text.parse().ok().map(Value::Integer),
            Value::Float(_) => text.parse().ok().map(Value::Float),
            Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
            _ => Some(Value::String(text.to_owned())),
        };
        let value = read.ok_or_else(|| ConfigError::Value {
            key: path.to_owned(),
            origin: origin.clone(),
            problem: format!("must be {}, got {text:?}", kind(known)),
        })?;
        self.set(path, Ok(value), origin)
    }

    /// Sets a value of a known key, of the type that the default has.
    fn set(&mut self, path: &str, value: Result<Value, &'static str>, origin: Origin) -> Result<(), ConfigError> {
        let known = self.known(path, &origin)?;
        let value = match (known, value) {
            (Value::Float(_), Ok(Value::Integer(number))) => Ok(Value::Float(number as f64)),
            (known, Ok(value)) if known.same_type(&value) => Ok(value),
            (known, Ok(value)) => Err(format!("must be {}, not {}", kind(known), kind(&value))),
            (known, Err(got)) => Err(format!("must be {}, not {got}", kind(known))),
        };
        let value =
            value.map_err(|problem| ConfigError::Value { key: path.to_owned(), origin: origin.clone(), problem })?;
        if let Some((section, key)) = path.split_once('.')
            && let Some(Value::Table(keys)) = self.values.get_mut(section)
        {
            keys.insert(key.to_owned(), value);
            self.origins.insert(path.to_owned(), origin);
        }
        Ok(())
    }

    /// The value that a setting has so far, or which setting may have been meant.
    fn known(&self, path: &str, origin: &Origin) -> Result<&Value, ConfigError> {
        let (section, key) = path.split_once('.').unwrap_or((path, ""));
        let keys = self.values.get(section).and_then(Value::as_table);
        let keys = keys.ok_or_else(|| self.unknown_section(section, origin.clone()))?;
        keys.get(key).ok_or_else(|| ConfigError::Unknown {
            what: "key",
            name: path.to_owned(),
            origin: origin.clone(),
            hint: hint(key, keys.keys()),
        })
    }

    fn unknown_section(&self, name: &str, origin: Origin) -> ConfigError {
        ConfigError::Unknown { what: "section", name: name.to_owned(), origin, hint: hint(name, self.values.keys()) }
    }
}

/// The `[[source]]` sections of a file. `at` is where the first one begins.
fn sections(
    value: &Spanned<DeValue<'_>>,
    origin: &dyn Fn(usize) -> Origin,
    at: usize,
) -> Result<Vec<SourceSection>, ConfigError> {
    let unusable =
        |key: &str, at: usize, problem: String| ConfigError::Value { key: key.to_owned(), origin: origin(at), problem };
    let DeValue::Array(items) = value.get_ref() else {
        return Err(unusable(
            "source",
            at,
            "is a list of sections, write each as `[[source]]` with its keys below".into(),
        ));
    };
    let mut sections = Vec::new();
    for item in items.iter() {
        let DeValue::Table(keys) = item.get_ref() else {
            return Err(unusable("source", item.span().start, "is a section, write it as `[[source]]`".into()));
        };
        let mut whole = Table::new();
        for (key, value) in keys {
            let (name, at) = (key.get_ref().as_ref(), key.span().start);
            if !source::KEYS.contains(&name) {
                let known: Vec<String> = source::KEYS.iter().map(|key| (*key).to_owned()).collect();
                let (name, hint) = (format!("source.{name}"), hint(name, known.iter()));
                return Err(ConfigError::Unknown { what: "key", name, origin: origin(at), hint });
            }
            let value =
                plain(value).map_err(|got| unusable(&format!("source.{name}"), at, format!("must not be {got}")))?;
            // Key by key, so that the message can say where a value was set.
            let mut alone =
                Table::from_iter([("name", ""), ("url", "")].map(|(key, text)| (key.to_owned(), Value::from(text))));
            alone.insert(name.to_owned(), value.clone());
            if let Err(error) = alone.try_into::<SourceSection>() {
                return Err(unusable(&format!("source.{name}"), at, format!("is not usable: {}", error.message())));
            }
            whole.insert(name.to_owned(), value);
        }
        let section = whole.try_into::<SourceSection>();
        let begin = keys.keys().map(|key| key.span().start).min().unwrap_or(item.span().start);
        let section =
            section.map_err(|error| unusable("source", begin, format!("is not usable: {}", error.message())))?;
        sections.push(SourceSection { origin: Some(origin(begin)), ..section });
    }
    Ok(sections)
}

/// A value with what is in it; the error is what a setting cannot be.
fn plain(value: &Spanned<DeValue<'_>>) -> Result<Value, &'static str> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().map(plain).collect::<Result<Vec<_>, _>>().map(Value::Array),
        DeValue::Table(keys) => {
            let entries = keys.iter().map(|(key, value)| Ok((key.get_ref().to_string(), plain(value)?)));
            entries.collect::<Result<Table, _>>().map(Value::Table)
        }
        _ => value_of(value),
    }
}

thread_local! {
    // Parsed once and cloned: `finish` asks for it per key. The text is part of the program and a test parses it.
    static DEFAULTS: Table = DEFAULT.parse().unwrap_or_default();
}

/// Where a setting's value came from.
pub(super) fn origin_of(origins: &BTreeMap<String, Origin>, path: &str) -> Origin {
    origins.get(path).cloned().unwrap_or(Origin::Default)
}

fn value_of(value: &Spanned<DeValue<'_>>) -> Result<Value, &'static str> {
    let number = |text: &str| text.replace('_', "");
    match value.get_ref() {
        DeValue::String(text) => Ok(Value::String(text.to_string())),
        DeValue::Boolean(truth) => Ok(Value::Boolean(*truth)),
        DeValue::Integer(integer) => i64::from_str_radix(&number(integer.as_str()), integer.radix())
            .map(Value::Integer)
            .map_err(|_| "a number of that size"),
        DeValue::Float(float) => number(float.as_str()).parse().map(Value::Float).map_err(|_| "a number of that size"),
        DeValue::Datetime(_) => Err("a date"),
        DeValue::Array(_) => Err("a list"),
        DeValue::Table(_) => Err("a section"),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text in quotes",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

/// Whether a variable, its name without `EXONYM_` and in small letters, is one that kubernetes makes for a service.
fn is_service_link(name: &str, text: &str) -> bool {
    let ends_in = |end: &str| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
    let port_of_protocol = |rest: &str| {
        let mut words = rest.split('_');
        let port = words.next().is_some_and(|word| word.parse::<u16>().is_ok());
        let protocol = words.next().is_some_and(|word| matches!(word, "tcp" | "udp" | "sctp"));
        port && protocol && matches!(words.next(), None | Some("proto" | "port" | "addr"))
    };
    ends_in("service_host")
        || format!("_{name}").contains("_service_port")
        || (ends_in("port") && text.contains("://"))
        || name.match_indices("port_").any(|(at, word)| port_of_protocol(&name[at + word.len()..]))
}

/// What to do about a name that is not there.
fn hint<'a>(name: &str, names: impl Iterator<Item = &'a String>) -> String {
    let nearest = names.map(|known| (edits(name, known), known)).min();
    match nearest {
        Some((edits, known)) if edits <= 2.max(name.chars().count() / 3) => format!("did you mean `{known}`?"),
        _ => "`exonym serve --print-config` shows every key".to_owned(),
    }
}

/// How many letters to insert, delete, replace or swap with their neighbour, to get from one name to the other.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swap { best.min(rows[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    rows[a.len()][b.len()]
}
