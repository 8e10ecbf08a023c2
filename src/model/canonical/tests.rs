//! Compares the canonical form with the slow way: build a tree, sort it, write it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

fn long_way(value: &impl Serialize) -> String {
    let mut tree = serde_json::to_value(value).unwrap();
    tree.sort_all_objects();
    tree.to_string()
}

fn short_way(value: &impl Serialize) -> String {
    String::from_utf8(text(value).unwrap()).unwrap()
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[derive(Serialize)]
enum Shape {
    Unit,
    New(u8),
    Tuple(u8, &'static str),
    Fields { z: Option<u8>, a: Vec<Self> },
}

#[derive(Serialize)]
struct Nothing;

#[derive(Serialize)]
struct Wrapped(u8);

#[derive(Serialize)]
struct Outer {
    zebra: f64,
    alike: BTreeMap<u8, bool>,
    #[serde(flatten)]
    more: Map<String, Value>,
    bytes: (u8, char, f32),
    shapes: Vec<Shape>,
}

fn outer() -> Outer {
    let all =
        || vec![Shape::Unit, Shape::New(1), Shape::Tuple(2, "\"\n"), Shape::Fields { z: None, a: vec![] }];
    Outer {
        zebra: 0.1,
        alike: BTreeMap::from([(10, true), (9, false)]),
        more: json!({"b": {"d": 1, "c": []}, "a": null}).as_object().unwrap().clone(),
        bytes: (1, 'x', 0.1),
        shapes: [all(), vec![Shape::Fields { z: Some(1), a: all() }]].into_iter().flatten().collect(),
    }
}

proptest! {
    #[test]
    fn a_tree_is_written_as_if_it_were_sorted_first(value in values()) {
        prop_assert_eq!(short_way(&value), long_way(&value));
    }

    #[test]
    fn one_field_is_left_out_at_the_top_alone(mut value in values(), field in "[a-c]") {
        let whole = json!({ "a": 1, "b": value.clone(), "c": [{ "a": value.clone() }] });
        let mut without = whole.clone();
        without.as_object_mut().unwrap().shift_remove(&field);
        prop_assert_eq!(text_without(&whole, &field).unwrap(), long_way(&without).into_bytes());
        // Only an object has a field to leave out.
        value = json!([whole]);
        prop_assert_eq!(text_without(&value, &field).unwrap(), long_way(&value).into_bytes());
    }
}

#[test]
fn every_shape_of_a_value_is_written_as_in_a_tree() {
    assert_eq!(short_way(&outer()), long_way(&outer()));
    assert_eq!(short_way(&(Nothing, Wrapped(7))), "[null,7]");
    let mut without = serde_json::to_value(outer()).unwrap();
    without.as_object_mut().unwrap().shift_remove("zebra");
    assert_eq!(text_without(&outer(), "zebra").unwrap(), long_way(&without).into_bytes());
    assert!(text(&BTreeMap::from([(vec![1], 1)])).is_err());
}

#[test]
fn of_two_fields_with_one_name_the_last_counts() {
    let mut twice = outer();
    twice.more.insert("zebra".to_owned(), json!("again"));
    assert_eq!(short_way(&twice), long_way(&twice));
}
