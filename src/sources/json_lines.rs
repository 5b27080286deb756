//! Lines of JSON: one flat object a line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::input::MAX_VALUE_BYTES;

/// The fields of a line, each with its texts: none for null, several for a list.
pub(super) fn fields(line: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let Fields(fields) = serde_json::from_str(line).map_err(|error| {
        let text = error.to_string();
        // Every line is a text of its own: the column says where, the line number is always 1.
        text.replace(" at line 1 column ", " at byte ")
    })?;
    for (name, values) in &fields {
        if let Some(value) = values.iter().find(|value| value.len() > MAX_VALUE_BYTES) {
            return Err(format!("{name}: the value has {} bytes, the limit is {MAX_VALUE_BYTES}", value.len()));
        }
        if values.iter().any(|value| value.contains('\0')) {
            return Err(format!("{name}: the value has a character U+0000"));
        }
    }
    Ok(fields)
}

struct Fields(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a field for every column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if fields.iter().any(|(before, _)| *before == name) {
                return Err(A::Error::custom(format!("the field {name:?} is there twice")));
            }
            if fields.len() >= super::rows::MAX_CELLS {
                return Err(A::Error::custom(format!("more than {} fields", super::rows::MAX_CELLS)));
            }
            let Values(values) = map.next_value()?;
            fields.push((name, values));
        }
        Ok(Fields(fields))
    }
}

struct Values(Vec<String>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        deserializer.deserialize_any(ValuesVisitor { inside_list: false })
    }
}

struct Value(String);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let Values(values) = deserializer.deserialize_any(ValuesVisitor { inside_list: true })?;
        Ok(Value(values.into_iter().next().unwrap_or_default()))
    }
}

struct ValuesVisitor {
    inside_list: bool,
}

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true, false, null or a list of these")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Values, E> {
        Ok(Values(vec![text.to_owned()]))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Values, E> {
        Ok(Values(vec![value.to_string()]))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Values, E> {
        Ok(Values(vec![value.to_string()]))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Values, E> {
        Ok(Values(vec![value.to_string()]))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Values, E> {
        Ok(Values(vec![value.to_string()]))
    }

    fn visit_unit<E: Error>(self) -> Result<Values, E> {
        Ok(Values(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
        if self.inside_list {
            return Err(A::Error::custom("a list within a list"));
        }
        let mut values = Vec::new();
        while let Some(Value(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Values(values))
    }
}
