use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{IdentifierType, Kind, NameQuality};

use super::dates::DateForm;
use super::name_cell::NameRules;
use super::rows::Dialect;

/// What is wrong with a mapping, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {place}: {reason}")]
pub struct MappingError {
    /// The mapping's file or bundled name.
    pub file: String,
    /// The line, as "line 7", or the key, as "id.template".
    pub place: String,
    /// What is wrong and what was expected.
    pub reason: String,
}

/// How the columns of a list become records; written in TOML.
///
/// `src/sources/data/mappings/eu-journal.toml` shows every part with its meaning.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) form: Form,
    pub(super) columns: Option<Vec<String>>,
    pub(super) id: Vec<Piece>,
    pub(super) kind: KindColumn,
    pub(super) name_rules: NameRules,
    pub(super) names: Vec<NameColumn>,
    pub(super) birth_dates: Vec<(String, Vec<DateForm>)>,
    pub(super) countries: Vec<Column>,
    pub(super) identifiers: Vec<IdentifierColumn>,
    pub(super) texts: Vec<TextColumn>,
    pub(super) gender: Option<Column>,
    pub(super) filters: Vec<Filter>,
    pub(super) constants: Constants,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Delimited(Dialect),
    JsonLines,
    Parquet,
}

/// A piece of the template of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// The number of the row in its file, from 1; the header does not count.
    Row,
    /// A column, and what stands for it where it is empty.
    Column(String, Option<Vec<Piece>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: FormWord,
    delimiter: Option<String>,
    quotes: Option<bool>,
    #[serde(default)]
    encoding: Encoding,
    columns: Option<Vec<String>>,
    id: Id,
    #[serde(default)]
    kind: KindColumn,
    #[serde(default)]
    name_rules: WrittenRules,
    names: Vec<NameColumn>,
    #[serde(default)]
    birth_dates: Vec<DateColumn>,
    #[serde(default)]
    countries: Vec<Column>,
    #[serde(default)]
    identifiers: Vec<IdentifierColumn>,
    #[serde(default)]
    texts: Vec<TextColumn>,
    gender: Option<Column>,
    #[serde(default, rename = "where")]
    filters: Vec<Filter>,
    #[serde(default)]
    constants: Constants,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormWord {
    Csv,
    Tsv,
    Jsonl,
    Parquet,
}

#[derive(Default, Deserialize)]
enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    template: String,
    #[serde(default)]
    empty: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenRules {
    separators: Vec<String>,
    person_separators: Vec<String>,
    drop: Vec<String>,
    brackets: Brackets,
}

impl Default for WrittenRules {
    fn default() -> Self {
        WrittenRules {
            separators: vec![";".into()],
            person_separators: Vec::new(),
            drop: Vec::new(),
            brackets: Brackets::Keep,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Brackets {
    Names,
    Keep,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateColumn {
    column: String,
    formats: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub column: String,
}

/// The column of kinds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct KindColumn {
    pub column: Option<String>,
    pub default: Kind,
    pub values: BTreeMap<String, Kind>,
}

/// A column of names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameColumn {
    pub column: String,
    #[serde(default)]
    pub quality: NameQuality,
    #[serde(default)]
    pub language: String,
}

/// A column of numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentifierColumn {
    pub column: String,
    #[serde(rename = "type")]
    pub kind: IdentifierType,
    #[serde(default)]
    pub country: String,
}

/// A column of plain text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextColumn {
    pub column: String,
    pub to: TextField,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub separators: Vec<String>,
}

/// The field a text goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TextField {
    Address,
    BirthPlace,
    Position,
    Program,
    Remarks,
}

/// A condition that rows must meet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    pub column: String,
    #[serde(default)]
    pub is: Option<Vec<String>>,
    #[serde(default)]
    pub is_not: Option<Vec<String>>,
}

/// What every record gets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Constants {
    pub countries: Vec<String>,
    pub programs: Vec<String>,
}

impl Mapping {
    /// Reads a mapping; `file` is what errors name.
    pub fn parse(file: &str, text: &str) -> Result<Mapping, MappingError> {
        let error = |place: &str, reason: String| MappingError { file: file.into(), place: place.into(), reason };
        let written: Written = toml::from_str(text).map_err(|cause| {
            let before = cause.span().and_then(|span| text.get(..span.start)).unwrap_or("");
            let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
            error(&format!("line {line}"), cause.message().lines().collect::<Vec<_>>().join(" "))
        })?;
        let Encoding::Utf8 = written.encoding;
        let form = form(&written).map_err(|(place, reason)| error(place, reason))?;
        if written.names.is_empty() {
            return Err(error("names", "at least one column of names is needed".into()));
        }
        for code in &written.constants.countries {
            if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(error("constants.countries", format!("{code:?} is not two capital letters")));
            }
        }
        for filter in &written.filters {
            if filter.is.is_some() == filter.is_not.is_some() {
                return Err(error("where", format!("column {:?} needs either is or is_not", filter.column)));
            }
        }
        let mut fallbacks = BTreeMap::new();
        for (column, template) in &written.id.empty {
            let pieces = template_pieces(template, &BTreeMap::new());
            let pieces = pieces.map_err(|reason| error(&format!("id.empty.{column}"), reason))?;
            fallbacks.insert(column.clone(), pieces);
        }
        let id = template_pieces(&written.id.template, &fallbacks).map_err(|reason| error("id.template", reason))?;
        let used = |column: &String| id.iter().any(|piece| matches!(piece, Piece::Column(name, _) if name == column));
        if let Some(column) = fallbacks.keys().find(|column| !used(column)) {
            return Err(error("id.empty", format!("the template has no column {column:?}")));
        }
        let mut birth_dates = Vec::new();
        for DateColumn { column, formats } in written.birth_dates {
            let forms: Result<Vec<DateForm>, String> = formats.iter().map(|form| form.parse()).collect();
            birth_dates.push((column, forms.map_err(|reason| error("birth_dates.formats", reason))?));
        }
        let WrittenRules { separators, person_separators, drop, brackets } = written.name_rules;
        let brackets = matches!(brackets, Brackets::Names);
        Ok(Mapping {
            form,
            columns: written.columns,
            id,
            kind: written.kind,
            name_rules: NameRules { separators, person_separators, drop, brackets },
            names: written.names,
            birth_dates,
            countries: written.countries,
            identifiers: written.identifiers,
            texts: written.texts,
            gender: written.gender,
            filters: written.filters,
            constants: written.constants,
        })
    }

    /// Every column the mapping names, sorted, without repetition.
    pub(super) fn used_columns(&self) -> Vec<&str> {
        fn of_template<'m>(pieces: &'m [Piece], columns: &mut Vec<&'m str>) {
            for piece in pieces {
                if let Piece::Column(name, fallback) = piece {
                    columns.push(name);
                    of_template(fallback.as_deref().unwrap_or_default(), columns);
                }
            }
        }
        let mut columns = Vec::new();
        of_template(&self.id, &mut columns);
        columns.extend(self.kind.column.as_deref());
        columns.extend(self.names.iter().map(|column| column.column.as_str()));
        columns.extend(self.birth_dates.iter().map(|(column, _)| column.as_str()));
        columns.extend(self.countries.iter().chain(&self.gender).map(|column| column.column.as_str()));
        columns.extend(self.identifiers.iter().map(|column| column.column.as_str()));
        columns.extend(self.texts.iter().map(|column| column.column.as_str()));
        columns.extend(self.filters.iter().map(|filter| filter.column.as_str()));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

fn form(written: &Written) -> Result<Form, (&'static str, String)> {
    let (delimiter, quoted) = match written.format {
        FormWord::Csv => (b',', true),
        FormWord::Tsv => (b'\t', false),
        FormWord::Jsonl | FormWord::Parquet => {
            let is_parquet = matches!(written.format, FormWord::Parquet);
            return match (&written.delimiter, written.quotes, &written.columns) {
                (None, None, None) => Ok(if is_parquet { Form::Parquet } else { Form::JsonLines }),
                _ => Err(("format", "jsonl and parquet have no delimiter, quotes or columns".into())),
            };
        }
    };
    let delimiter = match written.delimiter.as_deref().map(str::as_bytes) {
        None => delimiter,
        Some([byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0) => *byte,
        Some(_) => return Err(("delimiter", "one ASCII character is expected, not a quotation mark".into())),
    };
    Ok(Form::Delimited(Dialect { delimiter, quoted: written.quotes.unwrap_or(quoted) }))
}

fn template_pieces(template: &str, fallbacks: &BTreeMap<String, Vec<Piece>>) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, behind)) = rest.split_once('{') {
        let (name, behind) =
            behind.split_once('}').ok_or_else(|| format!("{template:?} has a brace that is never closed"))?;
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        pieces.push(match name {
            "" => return Err(format!("{template:?} has empty braces")),
            "row" => Piece::Row,
            name => Piece::Column(name.to_owned(), fallbacks.get(name).cloned()),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if !pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))) {
        return Err(format!("{template:?} names no column in braces, so that every row would have one id"));
    }
    Ok(pieces)
}

/// The mappings that come with the program, by name.
const BUNDLED: [(&str, &str); 1] = [("eu-journal", include_str!("data/mappings/eu-journal.toml"))];

/// The text of a mapping that comes with the program; `None` for an unknown name.
pub fn bundled_mapping(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|(bundled, _)| *bundled == name).map(|(_, text)| *text)
}

/// The names of the mappings that come with the program, in order.
pub fn bundled_mappings() -> impl Iterator<Item = &'static str> {
    BUNDLED.iter().map(|(name, _)| *name)
}
