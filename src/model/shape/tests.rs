//! What fits a shape, and that nothing else does.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;

fn field(kind: Kind) -> Field {
    Field { optional: false, kind }
}

fn shape(fields: impl IntoIterator<Item = (&'static str, Field)>) -> Shape {
    Shape(fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect())
}

fn quote() -> Shape {
    shape([
        ("kind", field(Kind::Constant("price".into()))),
        ("model", field(Kind::Text)),
        ("seconds", field(Kind::Integer)),
        ("scale", Field { optional: true, kind: Kind::Number }),
        ("inputs", field(Kind::Table(shape([("audio", field(Kind::Boolean))])))),
        (
            "endpoints",
            Field {
                optional: true,
                kind: Kind::Entry(Box::new(Kind::Table(shape([("n", field(Kind::Integer))])))),
            },
        ),
    ])
}

fn fitting() -> Value {
    json!({ "kind": "price", "model": "m-1", "seconds": 6, "inputs": { "audio": false } })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = fitting();
    let (table, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(table).unwrap()[name] = value;
    body
}

#[rstest]
#[case::as_it_is(fitting())]
#[case::another_order(json!({ "inputs": { "audio": true }, "seconds": 6, "model": "m", "kind": "price" }))]
#[case::more_of_it(with("/scale", json!(1.5)))]
#[case::the_longest_text(with("/model", json!("x".repeat(256))))]
#[case::an_entry(with("/endpoints", json!({ "a/b": { "n": 1 } })))]
fn a_body_fits(#[case] body: Value) {
    assert_eq!(quote().check(&body), Ok(()));
}

#[rstest]
#[case::no_table(json!([]), "the body is not a table")]
#[case::another_field(with("/prompt", json!("x")), "`prompt` is not a field of this request; its fields: kind, model, seconds, scale, inputs, endpoints")]
#[case::a_field_below(with("/inputs/go", json!(true)), "`inputs.go` is not a field of this request; its fields: audio")]
#[case::another_constant(with("/kind", json!("run")), "`kind` is \"price\" and nothing else")]
#[case::no_text(with("/model", json!(1)), "`model` is not a text")]
#[case::empty(with("/model", json!("")), "`model` is empty")]
#[case::long(with("/model", json!("x".repeat(257))), "`model` is longer than 256 bytes")]
#[case::number_as_text(with("/seconds", json!("6")), "`seconds` is not a whole number")]
#[case::half_a_second(with("/seconds", json!(6.5)), "`seconds` is not a whole number")]
#[case::nothing(with("/seconds", json!(null)), "`seconds` is not a whole number")]
#[case::below(with("/inputs/audio", json!("yes")), "`inputs.audio` is not `true` or `false`")]
#[case::list(with("/inputs", json!([])), "`inputs` is not a table")]
#[case::left_out(json!({ "kind": "price" }), "`model` must always be sent")]
#[case::two_entries(with("/endpoints", json!({ "a": { "n": 1 }, "b": { "n": 1 } })), "`endpoints` holds exactly one entry")]
#[case::below_an_entry(with("/endpoints", json!({ "a": { "n": "1" } })), "`endpoints.a.n` is not a whole number")]
fn a_body_does_not_fit(#[case] body: Value, #[case] why: &str) {
    assert_eq!(quote().check(&body).unwrap_err().to_string(), why);
}

#[test]
fn a_shape_is_shown_by_its_fields() {
    assert_eq!(
        quote().words(),
        "{ kind = \"price\", model = text, seconds = integer, scale? = number, inputs = { audio = boolean }, endpoints? = entry }"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = "kind|model|seconds|scale|inputs|audio|endpoints|[a-z]{1,3}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-9.0..9.0_f64).prop_map(Value::from),
        "price|[a-z]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The same condition written independently: what a fitting body looks like.
fn is_quote(body: &Value) -> bool {
    let Some(map) = body.as_object() else { return false };
    let short = |value: &Value| value.as_str().is_some_and(|text| (1..=LONGEST_TEXT).contains(&text.len()));
    let audio = |value: &Value| {
        value.as_object().is_some_and(|map| map.len() == 1 && map.get("audio").is_some_and(Value::is_boolean))
    };
    let counted = |value: &Value| {
        value
            .as_object()
            .is_some_and(|map| map.len() == 1 && map.get("n").is_some_and(|n| n.is_i64() || n.is_u64()))
    };
    let entry = |value: &Value| {
        value.as_object().is_some_and(|map| {
            map.len() == 1 && map.iter().all(|(name, value)| !name.is_empty() && counted(value))
        })
    };
    ["kind", "model", "seconds", "inputs"].iter().all(|name| map.contains_key(*name))
        && map.iter().all(|(name, value)| match name.as_str() {
            "kind" => value == "price",
            "model" => short(value),
            "seconds" => value.is_i64() || value.is_u64(),
            "scale" => value.is_number(),
            "inputs" => audio(value),
            "endpoints" => entry(value),
            _ => false,
        })
}

proptest! {
    #[test]
    fn nothing_but_the_shape_fits(body in any_json(), changed in prop::collection::vec(("kind|model|seconds|scale|inputs|endpoints|[a-z]{1,2}", any_json()), 0..2)) {
        prop_assert_eq!(quote().check(&body).is_ok(), is_quote(&body));
        // A near miss: a fitting body with one or two fields changed.
        let mut near = fitting();
        for (name, value) in changed {
            near[name.as_str()] = value;
        }
        prop_assert_eq!(quote().check(&near).is_ok(), is_quote(&near));
    }
}
