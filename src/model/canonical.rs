//! JSON in the canonical form that digests are made of: object keys sorted, nothing between tokens. It is written
//! directly from a value without building a tree, because a report can hold ten thousand findings.

use std::{borrow::Cow, ops::Range};

use serde::{Serialize, ser};
use serde_json::{Error, Value};

/// A value in canonical form.
///
/// # Errors
/// When the value can't be written as JSON.
pub fn text<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    written(value, None)
}

/// The same without one field of the outermost object.
///
/// # Errors
/// As [`text`].
pub fn text_without<T: Serialize + ?Sized>(value: &T, field: &str) -> Result<Vec<u8>, Error> {
    written(value, Some(field))
}

fn written<T: Serialize + ?Sized>(value: &T, left_out: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut writer = Writer { out: Vec::new(), fields: Vec::new(), spare: Vec::new(), left_out, depth: 0 };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

struct Writer<'w> {
    out: Vec<u8>,
    /// The fields of all open objects, innermost last, and where in `out` their values are.
    fields: Vec<(Cow<'static, str>, Range<usize>)>,
    /// A buffer for an object while its fields are sorted.
    spare: Vec<u8>,
    left_out: Option<&'w str>,
    depth: usize,
}

impl Writer<'_> {
    fn plain<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: Cow<'static, str>, value: &T) -> Result<(), Error> {
        let start = self.out.len();
        value.serialize(&mut *self)?;
        self.fields.push((name, start..self.out.len()));
        Ok(())
    }
}

/// An open list or object. When it is the value of an enum variant, it is wrapped in an object of one field.
struct Open<'o, 'w> {
    writer: &'o mut Writer<'w>,
    /// Where it begins in `out`, and where its fields begin in `fields`.
    from: (usize, usize),
    /// The name whose value comes next.
    name: Cow<'static, str>,
    variant: Option<&'static str>,
}

impl<'o, 'w> Open<'o, 'w> {
    fn list(writer: &'o mut Writer<'w>, variant: Option<&'static str>) -> Self {
        let open = Self::object(writer, variant);
        open.writer.out.push(b'[');
        open
    }

    fn object(writer: &'o mut Writer<'w>, variant: Option<&'static str>) -> Self {
        writer.depth += 1;
        let from = (writer.out.len(), writer.fields.len());
        Self { writer, from, name: Cow::Borrowed(""), variant }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.writer.out.len() > self.from.0 + 1 {
            self.writer.out.push(b',');
        }
        value.serialize(&mut *self.writer)
    }

    fn end_list(self) -> Result<(), Error> {
        self.writer.out.push(b']');
        self.writer.depth -= 1;
        self.end_variant()
    }

    fn end_object(self) -> Result<(), Error> {
        let Writer { out, fields, spare, left_out, depth } = &mut *self.writer;
        *depth -= 1;
        let left_out = left_out.filter(|_| *depth == 0 && self.variant.is_none());
        let mine = fields.get_mut(self.from.1..).unwrap_or_default();
        // When two fields have the same name, the last one wins, as in a tree.
        mine.sort_by(|one, other| one.0.cmp(&other.0));
        spare.clear();
        spare.push(b'{');
        for (at, (name, place)) in mine.iter().enumerate() {
            let again = mine.get(at + 1).is_some_and(|next| next.0 == *name);
            if again || left_out == Some(name) {
                continue;
            }
            if spare.len() > 1 {
                spare.push(b',');
            }
            serde_json::to_writer(&mut *spare, &**name)?;
            spare.push(b':');
            spare.extend_from_slice(out.get(place.clone()).unwrap_or_default());
        }
        spare.push(b'}');
        fields.truncate(self.from.1);
        out.truncate(self.from.0);
        out.extend_from_slice(spare);
        self.end_variant()
    }

    fn end_variant(self) -> Result<(), Error> {
        let Some(variant) = self.variant else { return Ok(()) };
        let value = self.writer.out.split_off(self.from.0);
        variant_of(self.writer, variant, |writer| {
            writer.out.extend(value);
            Ok(())
        })
    }
}

fn variant_of(
    writer: &mut Writer<'_>,
    variant: &str,
    value: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    writer.out.push(b'{');
    writer.plain(variant)?;
    writer.out.push(b':');
    writer.depth += 1;
    value(writer)?;
    writer.depth -= 1;
    writer.out.push(b'}');
    Ok(())
}

macro_rules! plain {
    ($($method:ident: $kind:ty),* $(,)?) => {
        $(fn $method(self, value: $kind) -> Result<(), Error> {
            self.plain(&value)
        })*
    };
}

impl<'o, 'w> ser::Serializer for &'o mut Writer<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'o, 'w>;
    type SerializeTuple = Open<'o, 'w>;
    type SerializeTupleStruct = Open<'o, 'w>;
    type SerializeTupleVariant = Open<'o, 'w>;
    type SerializeMap = Open<'o, 'w>;
    type SerializeStruct = Open<'o, 'w>;
    type SerializeStructVariant = Open<'o, 'w>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f64: f64,
        serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.plain(&())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        variant_of(self, variant, |writer| value.serialize(writer))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::list(self, None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::list(self, None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::list(self, None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::list(self, Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::object(self, None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::object(self, None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'o, 'w>, Error> {
        Ok(Open::object(self, Some(variant)))
    }
}

macro_rules! parts {
    ($($part:ident: $method:ident($($name:ident: $type:ty)?) $end:ident),* $(,)?) => {
        $(impl ser::$part for Open<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), Error> {
                parts!(self, value $(, $name)?)
            }

            fn end(self) -> Result<(), Error> {
                self.$end()
            }
        })*
    };
    ($open:ident, $value:ident) => { $open.item($value) };
    ($open:ident, $value:ident, $name:ident) => { $open.writer.value(Cow::Borrowed($name), $value) };
}

parts! {
    SerializeSeq: serialize_element() end_list,
    SerializeTuple: serialize_element() end_list,
    SerializeTupleStruct: serialize_field() end_list,
    SerializeTupleVariant: serialize_field() end_list,
    SerializeStruct: serialize_field(name: &'static str) end_object,
    SerializeStructVariant: serialize_field(name: &'static str) end_object,
}

impl ser::SerializeMap for Open<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.name = match serde_json::to_value(key)? {
            Value::String(name) => name.into(),
            plain @ (Value::Bool(_) | Value::Number(_)) => plain.to_string().into(),
            _ => return Err(ser::Error::custom("the name of a field is no text")),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let name = std::mem::take(&mut self.name);
        self.writer.value(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_object()
    }
}

#[cfg(test)]
mod tests;
