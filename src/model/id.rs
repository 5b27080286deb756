use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why an id was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A dataset name with other characters than it may have.
    #[error("dataset name {0:?}: expected 1 to 64 lower-case letters, digits and hyphens, the first a letter")]
    Dataset(String),
    /// A record id that is not a dataset name, a colon and the publisher's id.
    #[error("record id {0:?}: expected DATASET:ID, at most 256 bytes, without control characters")]
    Record(String),
    /// An entity id of the wrong form.
    #[error("entity id {0:?}: expected \"ent-\" and 11 letters or digits")]
    Entity(String),
    /// An entity id whose check character does not fit: a typing error.
    #[error("entity id {given:?}: the last character should be {expected:?}, so one of the others is mistyped")]
    Checksum {
        /// The id that was given.
        given: String,
        /// The check character that its other characters call for.
        expected: char,
    },
}

/// The name of a dataset: 1 to 64 lower-case letters, digits and hyphens, the first a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DatasetName(String);

impl DatasetName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatasetName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let valid = text.len() <= 64
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if valid { Ok(DatasetName(text.to_owned())) } else { Err(IdError::Dataset(text.to_owned())) }
    }
}

/// The id of a record: its dataset, a colon, and the publisher's own id, as in `ofac:30083`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(String);

impl RecordId {
    /// The longest record id, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// Joins a dataset's name and a publisher's id.
    pub fn new(dataset: &DatasetName, id: &str) -> Result<RecordId, IdError> {
        format!("{dataset}:{id}").parse()
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The dataset in front of the colon.
    pub fn dataset(&self) -> DatasetName {
        DatasetName(self.split().0.to_owned())
    }

    /// The publisher's own id behind the first colon.
    pub fn local(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }
}

impl FromStr for RecordId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refuse = || IdError::Record(text.to_owned());
        let (dataset, local) = text.split_once(':').ok_or_else(refuse)?;
        dataset.parse::<DatasetName>()?;
        let local_is_empty = local.trim().is_empty();
        if local_is_empty || text.len() > RecordId::MAX_BYTES || text.chars().any(char::is_control) {
            return Err(refuse());
        }
        Ok(RecordId(text.to_owned()))
    }
}

/// The canonical id of an entity: `ent-`, ten characters, and one check character.
///
/// The characters are Crockford's base 32 in lower case: digits and letters without i, l, o and u. Reading takes
/// capitals, and i, l for 1 and o for 0. The check character catches every single mistyped character and every
/// swap of two neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(u64);

const PREFIX: &str = "ent-";
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY: usize = 10;
/// The check is a weighted sum modulo a prime just under the alphabet's size; weights 1 to 10 are invertible and
/// neighbours differ by one, so a changed digit and a swap always change the sum.
const CHECK_MODULUS: u64 = 31;

impl EntityId {
    /// The id that the record `founder` founds at the `attempt`-th try, from 0: further tries are only needed
    /// where an earlier id is already taken. A function of its arguments alone.
    pub fn mint(founder: &RecordId, attempt: u32) -> EntityId {
        const PURPOSE: &[u8] = b"exonym entity id 1\0";
        let mut founded = Vec::with_capacity(PURPOSE.len() + size_of::<u32>() + founder.as_str().len());
        founded.extend_from_slice(PURPOSE);
        founded.extend_from_slice(&attempt.to_le_bytes());
        founded.extend_from_slice(founder.as_str().as_bytes());
        let digest = blake3::hash(&founded);
        let bytes = digest.as_bytes();
        let number =
            u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]);
        // A digit of 31 would be equal to 0 under the check, so digits run from 0 to 30.
        let mut rest = number;
        let mut value = 0u64;
        for _ in 0..BODY {
            value = (value << 5) | (rest % CHECK_MODULUS);
            rest /= CHECK_MODULUS;
        }
        EntityId(value)
    }

    /// The id as a number, as files store it.
    pub fn to_u64(self) -> u64 {
        self.0
    }

    /// The id of a number that [`EntityId::to_u64`] gave; `None` for any other.
    pub fn from_u64(value: u64) -> Option<EntityId> {
        let id = EntityId(value);
        (value >> 50 == 0 && id.digits().all(|digit| digit < CHECK_MODULUS)).then_some(id)
    }

    fn digits(self) -> impl Iterator<Item = u64> {
        (0..BODY).rev().map(move |place| (self.0 >> (5 * place)) & 31)
    }

    fn check(self) -> u8 {
        let sum: u64 = self.digits().zip(1..).map(|(digit, weight)| digit * weight).sum();
        ALPHABET[(sum % CHECK_MODULUS) as usize]
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for digit in self.digits() {
            write!(f, "{}", char::from(ALPHABET[digit as usize]))?;
        }
        write!(f, "{}", char::from(self.check()))
    }
}

impl FromStr for EntityId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refuse = || IdError::Entity(text.to_owned());
        let prefix_fits = text.get(..PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX));
        if !prefix_fits || text.len() != PREFIX.len() + BODY + 1 {
            return Err(refuse());
        }
        let mut value = 0;
        let mut last = 0;
        for (place, byte) in text.bytes().skip(PREFIX.len()).enumerate() {
            let byte = match byte.to_ascii_lowercase() {
                b'i' | b'l' => b'1',
                b'o' => b'0',
                byte => byte,
            };
            let digit = ALPHABET.iter().position(|letter| *letter == byte).ok_or_else(refuse)? as u64;
            if place < BODY {
                if digit >= CHECK_MODULUS {
                    return Err(refuse());
                }
                value = (value << 5) | digit;
            } else {
                last = byte;
            }
        }
        let id = EntityId(value);
        if id.check() == last {
            Ok(id)
        } else {
            Err(IdError::Checksum { given: text.to_owned(), expected: char::from(id.check()) })
        }
    }
}

macro_rules! display_and_serde {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

display_and_serde!(DatasetName, RecordId, EntityId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minted(number: u32) -> EntityId {
        EntityId::mint(&format!("test:{number}").parse().unwrap(), 0)
    }

    proptest! {
        #[test]
        fn entity_ids_round_trip(number: u32) {
            let id = minted(number);
            prop_assert_eq!(id.to_string().parse::<EntityId>(), Ok(id));
            prop_assert_eq!(id.to_string().to_uppercase().parse::<EntityId>(), Ok(id));
            prop_assert_eq!(EntityId::from_u64(id.to_u64()), Some(id));
        }

        #[test]
        fn one_mistyped_character_is_caught(number: u32, place in 0usize..11, letter in 0usize..32) {
            let text = minted(number).to_string();
            let mut bytes = text.clone().into_bytes();
            bytes[4 + place] = ALPHABET[letter];
            let changed = String::from_utf8(bytes).unwrap();
            prop_assume!(changed != text);
            prop_assert!(changed.parse::<EntityId>().is_err());
        }

        #[test]
        fn two_swapped_neighbours_are_caught(number: u32, place in 0usize..9) {
            let text = minted(number).to_string();
            let mut bytes = text.clone().into_bytes();
            bytes.swap(4 + place, 5 + place);
            let changed = String::from_utf8(bytes).unwrap();
            prop_assume!(changed != text);
            prop_assert!(changed.parse::<EntityId>().is_err());
        }

        #[test]
        fn any_text_is_refused_or_an_id(text: String) {
            let _ = text.parse::<EntityId>();
            let _ = text.parse::<RecordId>();
            let _ = text.parse::<DatasetName>();
        }
    }

    #[test]
    fn a_further_try_gives_another_id() {
        let founder = "ofac:30083".parse().unwrap();
        assert_ne!(EntityId::mint(&founder, 0), EntityId::mint(&founder, 1));
        assert_eq!(EntityId::mint(&founder, 0), EntityId::mint(&founder, 0));
    }

    #[test]
    fn record_ids_keep_further_colons() {
        let id: RecordId = "eu:32017R1509/XIII.A:26".parse().unwrap();
        assert_eq!((id.dataset().as_str(), id.local()), ("eu", "32017R1509/XIII.A:26"));
        for text in ["", "ofac", "ofac:", ":1", "OFAC:1", "ofac:\u{7}"] {
            assert!(text.parse::<RecordId>().is_err(), "{text}");
        }
    }
}
