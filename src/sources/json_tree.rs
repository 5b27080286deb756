//! A line of JSON as a tree: what is the same whatever the fields mean.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::input::MAX_VALUE_BYTES;

/// The deepest nesting of lists and objects.
const MAX_DEPTH: usize = 16;
/// The most values of one line.
const MAX_VALUES: usize = 100_000;

/// A value of JSON. Numbers, true and false are text: no list computes with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, its fields in the order of the file; none is there twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a line that holds an object.
    ///
    /// # Errors
    /// A sentence with the byte at fault.
    pub(super) fn object(line: &str) -> Result<Json, String> {
        let mut values = 0;
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let read = Tree { depth: 0, values: &mut values }.deserialize(&mut deserializer);
        let read = read.and_then(|json| deserializer.end().map(|()| json));
        // Every line is a text of its own: the column says where, the line number is always 1.
        let json = read.map_err(|error| error.to_string().replace(" at line 1 column ", " at byte "))?;
        match json {
            Json::Object(_) => Ok(json),
            _ => Err("an object in braces was expected".into()),
        }
    }

    /// The fields of an object; none of anything else.
    pub(super) fn fields(&self) -> &[(String, Json)] {
        if let Json::Object(fields) = self { fields } else { &[] }
    }

    /// The field of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.fields().iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The text of a field, trimmed; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Json::Text(text)) => text.trim(),
            _ => "",
        }
    }

    /// What sort of value it is, for messages.
    pub(super) fn sort(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

struct Tree<'v> {
    depth: usize,
    values: &'v mut usize,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        *self.values += 1;
        if self.depth > MAX_DEPTH {
            return Err(D::Error::custom(format!("values are nested deeper than {MAX_DEPTH}")));
        }
        if *self.values > MAX_VALUES {
            return Err(D::Error::custom(format!("more than {MAX_VALUES} values in one line")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        if text.len() > MAX_VALUE_BYTES {
            return Err(E::custom(format!("a value has {} bytes, the limit is {MAX_VALUE_BYTES}", text.len())));
        }
        if text.contains('\0') {
            return Err(E::custom("a value has a character U+0000"));
        }
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Tree { depth: self.depth + 1, values: self.values })? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format!("the field {name:?} is there twice")));
            }
            let value = map.next_value_seed(Tree { depth: self.depth + 1, values: self.values })?;
            fields.push((name, value));
        }
        Ok(Json::Object(fields))
    }
}

struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        String::deserialize(deserializer).map(Name)
    }
}
