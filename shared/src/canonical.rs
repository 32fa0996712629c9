//! JSON in its canonical form, RFC 8785, as fast as JSON is written at all. A hub forms it for every
//! operation it takes in; the library that does it right copies each object several times over, and
//! took a quarter of that work. It still writes what is rare: numbers that are not whole.

use serde_json::{Map, Number, Value};

/// 2⁵³ − 1, the last whole number before which a double tells every two apart (RFC 7493, section 2.2).
const EXACT_MAX: u64 = (1 << 53) - 1;

/// Writes a value.
///
/// Fails for none that was read from JSON.
pub(crate) fn to_vec(value: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut to = Vec::with_capacity(1_024);
    write(value, &mut to)?;
    Ok(to)
}

fn write(value: &Value, to: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Null => to.extend_from_slice(b"null"),
        Value::Bool(true) => to.extend_from_slice(b"true"),
        Value::Bool(false) => to.extend_from_slice(b"false"),
        Value::Number(number) if is_exact(number) => serde_json::to_writer(to, number)?,
        Value::Number(_) => to.extend(serde_json_canonicalizer::to_vec(value)?),
        // What must be escaped, and how, is the same in both (section 3.2.2.2).
        Value::String(text) => serde_json::to_writer(to, text)?,
        Value::Array(values) => {
            to.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    to.push(b',');
                }
                write(value, to)?;
            }
            to.push(b']');
        }
        Value::Object(fields) => {
            to.push(b'{');
            for (at, (name, value)) in sorted(fields).into_iter().enumerate() {
                if at > 0 {
                    to.push(b',');
                }
                serde_json::to_writer(&mut *to, name)?;
                to.push(b':');
                write(value, to)?;
            }
            to.push(b'}');
        }
    }
    Ok(())
}

/// Whether a double writes it as a whole number does.
fn is_exact(number: &Number) -> bool {
    let whole = number
        .as_u64()
        .or_else(|| Some(number.as_i64()?.unsigned_abs()));
    whole.is_some_and(|whole| whole <= EXACT_MAX)
}

/// By their names in UTF-16 (section 3.2.3), which is the order of bytes where all of them are ASCII.
fn sorted(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut sorted: Vec<_> = fields.iter().collect();
    if fields.keys().all(|name| name.is_ascii()) {
        sorted.sort_unstable_by_key(|(name, _)| *name);
    } else {
        sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    }
    sorted
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
            let ours = String::from_utf8(to_vec(&value).unwrap()).unwrap();
            prop_assert_eq!(ours, serde_json_canonicalizer::to_string(&value).unwrap());
        }
    }

    #[test]
    fn names_are_in_the_order_of_the_standards_own_example() {
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "😀", "\u{80}", "\u{f6}"];
        let value: Map<_, _> = names
            .map(|name| (name.to_owned(), json!(1)))
            .into_iter()
            .collect();

        let sorted: Vec<_> = sorted(&value)
            .into_iter()
            .map(|(name, _)| name.as_str())
            .collect();

        assert_eq!(
            sorted,
            ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "😀", "\u{fb33}"]
        );
    }

    #[test]
    fn whole_numbers_a_double_can_not_tell_apart_are_written_as_it_writes_them() {
        let written = |number: u64| String::from_utf8(to_vec(&json!(number)).unwrap()).unwrap();

        assert_eq!(written(9_007_199_254_740_991), "9007199254740991");
        assert_eq!(written(9_007_199_254_740_993), "9007199254740992");
        assert_eq!(written(u64::MAX), "18446744073709552000");
    }
}
