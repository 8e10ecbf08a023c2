//! JSON with one meaning: a document that two parsers could read differently is rejected.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The deepest nesting of a reply. A deeper one couldn't be embedded in another document and read again.
const DEEPEST: usize = 100;

/// The deepest nesting of a document that contains replies; beyond it the parser itself gives up.
const DEEPEST_AROUND: usize = 128;

/// The longest key that is shown in full, in characters.
const SHOWN: usize = 40;

/// Whether a document may have more than this many values. Counted by the separators, without parsing: a value takes a
/// hundred bytes of memory but can be written in two.
#[must_use]
pub fn may_exceed(bytes: &[u8], values: usize) -> bool {
    bytes.len() > values && self::values(bytes) > values
}

/// The most values that a document can have.
#[must_use]
pub fn values(bytes: &[u8]) -> usize {
    let (mut values, mut within, mut escaped) = (1, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' | b'[' | b'{' if !within => values += 1,
            _ => {}
        }
    }
    values
}

/// Parses a document.
///
/// # Errors
/// Anything that isn't JSON (RFC 8259). In addition, a key that occurs twice in an object, however its letters are
/// escaped, or excessive nesting; for these two [`serde_json::Error::is_data`] is true.
pub fn read(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    read_within(bytes, DEEPEST)
}

/// The same for a document that contains others.
///
/// # Errors
/// As [`read`].
pub fn read_around(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    read_within(bytes, DEEPEST_AROUND)
}

fn read_within(bytes: &[u8], deepest: usize) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Within(deepest).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A value that may contain this many levels of nesting.
#[derive(Clone, Copy)]
struct Within(usize);

impl Within {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let deeper = self.0.checked_sub(1).map(Self);
        deeper.ok_or_else(|| E::custom("it is nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("a number without an end"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (within, mut list) = (self.inner()?, Vec::new());
        while let Some(item) = items.next_element_seed(within)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let (within, mut map) = (self.inner()?, Map::new());
        while let Some(name) = fields.next_key::<String>()? {
            if map.contains_key(&name) {
                let shown: String = name.chars().take(SHOWN).collect();
                return Err(A::Error::custom(format!("the key `{shown}` appears twice in one object")));
            }
            map.insert(name, fields.next_value_seed(within)?);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::top(r#"{"a":true,"b":1,"a":false}"#)]
    #[case::same_value(r#"{"a":1,"a":1}"#)]
    #[case::escaped(r#"{"a":true,"\u0061":false}"#)]
    #[case::surrogates(r#"{"😀":1,"\ud83d\ude00":2}"#)]
    #[case::empty_name(r#"{"":1,"":2}"#)]
    #[case::deep(r#"{"x":[1,{"y":{"a":null,"a":1}}]}"#)]
    #[case::in_a_list(r#"[{"a":1},{"a":1,"a":2}]"#)]
    #[case::objects(r#"{"a":{"b":1},"a":{"c":1}}"#)]
    #[case::nested(&format!("{}{}", "[".repeat(101), "]".repeat(101)))]
    #[case::nested_without_end(&"[{\"a\":".repeat(100_000))]
    fn what_two_readers_could_read_differently_is_not_read(#[case] text: &str) {
        assert!(read(text.as_bytes()).unwrap_err().is_data(), "{text}");
    }

    #[rstest]
    #[case::trailing(b"{} {}")]
    #[case::trailing_word(b"{}x")]
    #[case::cut(b"{\"a\":")]
    #[case::not_a_number(b"[NaN]")]
    #[case::infinite(b"[Infinity]")]
    #[case::too_large(b"[1e999]")]
    #[case::comment(b"{} // all well")]
    #[case::comma(b"[1,]")]
    #[case::quotes(b"{'a':1}")]
    #[case::half_a_pair(br#"["\ud83d"]"#)]
    #[case::bare_control(b"[\"\n\"]")]
    #[case::no_text(b"[\"\xff\"]")]
    #[case::utf_16(b"\xff\xfe{\0}\0")]
    #[case::bare_utf_16(b"{\0}\0")]
    #[case::nul(b"{}\0")]
    fn what_is_no_json_is_not_read(#[case] bytes: &[u8]) {
        assert!(!read(bytes).unwrap_err().is_data());
    }

    #[rstest]
    #[case::object(r#"{"a":1,"b":[2,3]}"#, 5)]
    #[case::text(r#"{"a":"[,:{"}"#, 2)]
    #[case::list("[1,2,3]", 4)]
    fn values_are_counted_and_keys_are_not(#[case] text: &str, #[case] count: usize) {
        assert_eq!(values(text.as_bytes()), count);
        assert!(may_exceed(text.as_bytes(), count - 1) && !may_exceed(text.as_bytes(), count));
    }

    #[test]
    fn the_key_that_stands_twice_is_named() {
        let error = read(br#"{"blocked":true,"blocked":false}"#).unwrap_err().to_string();
        assert_eq!(error, "the key `blocked` appears twice in one object at line 1 column 25");
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn everything_else_is_read_as_it_stands(value in value()) {
            prop_assert_eq!(read(value.to_string().as_bytes()).unwrap(), value);
        }
    }
}
