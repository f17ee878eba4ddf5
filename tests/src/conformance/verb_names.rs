//! Which verbs an enumeration of them reads.

use serde::Deserialize;
use serde::de::value::Error;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Value, json};

/// Is told the names of an enumeration's cases by the enumeration itself.
struct Listener<'l>(&'l mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Listener<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        cases: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = cases;
        Err(Error::custom("the names were all that was wanted"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("it is no enumeration"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// The names of the verbs that an enumeration reads.
///
/// # Panics
/// If it is no enumeration.
pub(super) fn names<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    drop(T::deserialize(Listener(&mut names)));
    assert!(!names.is_empty(), "no enumeration");
    names
}

/// The verb with its arguments; none if the enumeration does not have it.
///
/// # Errors
/// What is wrong with the arguments.
pub(super) fn read<T: for<'de> Deserialize<'de>>(verb: &str, arguments: &Value) -> Result<Option<T>, String> {
    if !names::<T>().contains(&verb) {
        return Ok(None);
    }
    let read = serde_json::from_value(json!({ verb: arguments }));
    read.map(Some).map_err(|error| error.to_string())
}
