//! JSON in its canonical form, RFC 8785, as fast as JSON is written at all. A hub forms it for every
//! operation it takes in; the library that does it right copies each object several times over, and
//! took a quarter of that work. It still writes what is rare: numbers that are not whole.

use std::{borrow::Cow, fmt, ops::Range};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};

/// 2⁵³ − 1, the last whole number before which a double tells every two apart (RFC 7493, section 2.2).
const EXACT_MAX: u64 = (1 << 53) - 1;

/// Writes a value.
///
/// Fails for none that was read from JSON.
pub(crate) fn of_value(value: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut written = Written::with_capacity(1_024);
    written.deserialize(value)?;
    Ok(written.to)
}

/// Writes what a text of JSON says.
///
/// Fails when it is none.
pub(crate) fn of_text(json: &str) -> Result<Vec<u8>, serde_json::Error> {
    let mut written = Written::with_capacity(json.len());
    let mut from = serde_json::Deserializer::from_str(json);
    written.deserialize(&mut from)?;
    from.end()?;
    Ok(written.to)
}

/// What was written so far of JSON that is being read: nothing is kept of that but the names of an
/// object's fields, until all of them are known and can be put in order.
struct Written {
    to: Vec<u8>,
    /// An object as it was read, while it is put in order.
    aside: Vec<u8>,
}

/// A field: its name, and where it stands in what is written.
type Field<'de> = (Cow<'de, str>, Range<usize>);

impl Written {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            to: Vec::with_capacity(bytes),
            aside: Vec::with_capacity(bytes),
        }
    }

    fn write<E: Error>(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), E> {
        serde_json::to_writer(&mut self.to, value).map_err(E::custom)
    }

    fn number<E: Error>(&mut self, number: &Number) -> Result<(), E> {
        if is_exact(number) {
            return self.write(number);
        }
        let written = serde_json_canonicalizer::to_vec(number).map_err(E::custom)?;
        self.to.extend(written);
        Ok(())
    }

    /// Puts the fields that were written since `begun` in order.
    fn put_in_order(&mut self, begun: usize, mut fields: Vec<Field<'_>>) {
        sort(&mut fields);
        self.aside.clear();
        let read = self.to.get(begun..).unwrap_or_default();
        self.aside.extend_from_slice(read);
        self.to.truncate(begun);
        self.to.push(b'{');
        for (at, (_, Range { start, end })) in fields.into_iter().enumerate() {
            if at > 0 {
                self.to.push(b',');
            }
            let field = self.aside.get(start - begun..end - begun);
            self.to.extend_from_slice(field.unwrap_or_default());
        }
        self.to.push(b'}');
    }
}

/// Whether a double writes it as a whole number does.
fn is_exact(number: &Number) -> bool {
    let whole = number
        .as_u64()
        .or_else(|| Some(number.as_i64()?.unsigned_abs()));
    whole.is_some_and(|whole| whole <= EXACT_MAX)
}

/// By their names in UTF-16 (section 3.2.3), which is the order of bytes where all of them are ASCII.
/// Of those with one name the last counts, as it does wherever JSON is read into a value.
fn sort(fields: &mut Vec<Field<'_>>) {
    fields.reverse();
    if fields.iter().all(|(name, _)| name.is_ascii()) {
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    } else {
        fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    }
    fields.dedup_by(|(one, _), (other, _)| one == other);
}

impl<'de> DeserializeSeed<'de> for &mut Written {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Written {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.to.extend_from_slice(b"null");
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(&value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(&value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        let number = Number::from_f64(value);
        self.number(&number.ok_or_else(|| E::custom("a number that is none"))?)
    }

    // What must be escaped, and how, is the same in both (section 3.2.2.2).
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        let begun = self.to.len();
        self.to.push(b'[');
        while from.next_element_seed(&mut *self)?.is_some() {
            self.to.push(b',');
        }
        if self.to.len() > begun + 1 {
            self.to.pop();
        }
        self.to.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        let begun = self.to.len();
        let mut fields = Vec::with_capacity(8);
        while let Some(Name(name)) = from.next_key()? {
            let start = self.to.len();
            self.write(name.as_ref())?;
            self.to.push(b':');
            from.next_value_seed(&mut *self)?;
            fields.push((name, start..self.to.len()));
        }
        self.put_in_order(begun, fields);
        Ok(())
    }
}

/// The name of a field, where it stands if it can be read there.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ReadName)
    }
}

struct ReadName;

impl<'de> Visitor<'de> for ReadName {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        // Controls, what is escaped, and both sides of where UTF-16 and UTF-8 disagree about order.
        let rare = prop::sample::select(vec![
            '\u{e000}',
            '\u{ffff}',
            '\u{10000}',
            '😀',
            '"',
            '\\',
            '/',
        ]);
        let one = prop_oneof![any::<char>(), prop::char::range('\0', '\u{80}'), rare];
        prop::collection::vec(one, 0..6).prop_map(String::from_iter)
    }

    fn number() -> impl Strategy<Value = Number> {
        prop_oneof![
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            (-10_i64..10).prop_map(Number::from),
            prop::num::f64::NORMAL.prop_filter_map("finite", Number::from_f64),
            (-1_000_i32..1_000)
                .prop_filter_map("finite", |it| Number::from_f64(f64::from(it) / 8.0)),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            number().prop_map(Value::Number),
            text().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 60, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
                prop::collection::vec((text(), inner), 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(value in value()) {
            let library = serde_json_canonicalizer::to_string(&value).unwrap();
            let of_text = of_text(&value.to_string()).unwrap();
            prop_assert_eq!(String::from_utf8(of_text).unwrap(), &*library);
            let of_value = of_value(&value).unwrap();
            prop_assert_eq!(String::from_utf8(of_value).unwrap(), library);
        }
    }

    #[test]
    fn names_are_in_the_order_of_the_standards_own_example() {
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "😀", "\u{80}", "\u{f6}"];
        let mut fields: Vec<_> = names.map(|name| (name.into(), 0..0)).into();

        sort(&mut fields);

        let sorted: Vec<_> = fields.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(
            sorted,
            ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "😀", "\u{fb33}"]
        );
    }

    #[test]
    fn of_fields_with_one_name_the_last_counts_as_in_a_value() {
        let json = r#"{"b":1,"a":{"c":2,"c":3},"b":[4]}"#;
        let value: Value = serde_json::from_str(json).unwrap();

        assert_eq!(of_text(json).unwrap(), br#"{"a":{"c":3},"b":[4]}"#);
        assert_eq!(of_text(json).unwrap(), of_value(&value).unwrap());
    }

    #[test]
    fn whole_numbers_a_double_can_not_tell_apart_are_written_as_it_writes_them() {
        let written = |number: u64| String::from_utf8(of_value(&json!(number)).unwrap()).unwrap();

        assert_eq!(written(9_007_199_254_740_991), "9007199254740991");
        assert_eq!(written(9_007_199_254_740_993), "9007199254740992");
        assert_eq!(written(u64::MAX), "18446744073709552000");
    }
}
