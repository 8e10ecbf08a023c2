//! What a reply offers for a model, wherever in the reply it is. References aren't followed: a schema that refers to
//! itself is read once.

use serde_json::Value;

/// How JSON schemas list their choices.
const CHOICES: &str = "enum";

/// The entries of a listing that have a name: those with a field that contains it, and those whose key it is.
pub(super) fn entries(listing: &Value, is_called: impl Fn(&str) -> bool) -> Vec<&Value> {
    let (mut found, mut open) = (Vec::new(), vec![listing]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(fields) if fields.values().any(|field| field.as_str().is_some_and(&is_called)) => {
                found.push(value);
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    if field.is_object() && is_called(name) { found.push(field) } else { open.push(field) }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// The values under these names.
fn under<'a>(part: &'a Value, names: &[String]) -> Vec<&'a Value> {
    let (mut found, mut open) = (Vec::new(), vec![part]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(fields) => {
                found.extend(fields.iter().filter(|(name, _)| names.contains(name)).map(|(_, field)| field));
                open.extend(fields.values());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// The lengths offered under these names, in whole seconds; `None` if there are none, or if one of them isn't a length.
/// A range is given by its two ends.
pub(super) fn lengths(part: &Value, names: &[String]) -> Option<Vec<u64>> {
    let mut all = Vec::new();
    for value in under(part, names) {
        let bounds = ["minimum", "maximum"].map(|bound| value.get(bound));
        match (value, value.get(CHOICES), bounds) {
            (Value::Array(items), ..) | (_, Some(Value::Array(items)), _) => {
                all.extend(items.iter().map(seconds).collect::<Option<Vec<_>>>()?);
            }
            (_, None, [Some(least), Some(most)]) => {
                let (least, most) = (seconds(least)?, seconds(most)?);
                all.extend([least, least.saturating_add(1).min(most), most]);
            }
            _ => {}
        }
    }
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

/// `6`, `"6"` or `"6s"`.
fn seconds(value: &Value) -> Option<u64> {
    let text = match value {
        Value::Number(number) => return number.as_u64(),
        Value::String(text) => text.trim(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let is_unit = ["", "s", "sec", "seconds"].contains(&unit.trim());
    number.parse().ok().filter(|_| is_unit)
}

/// The maximum accepted under these names.
pub(super) fn count(part: &Value, names: &[String]) -> Option<u64> {
    let most = |value: &Value| match value {
        Value::Object(fields) => {
            ["maxItems", "maximum"].iter().find_map(|bound| fields.get(*bound)?.as_u64())
        }
        other => other.as_u64(),
    };
    under(part, names).into_iter().filter_map(most).max()
}

/// Whether one list contains all these words, in any order and case; `None` where no list of words is offered.
pub(super) fn words(part: &Value, wanted: &[String]) -> Option<bool> {
    let (mut is_any, mut open) = (false, vec![part]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => {
                let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                is_any |= words.len() > 1;
                if wanted.iter().all(|want| words.iter().any(|word| word.trim().eq_ignore_ascii_case(want))) {
                    return Some(true);
                }
                open.extend(items);
            }
            Value::Object(fields) => open.extend(fields.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    is_any.then_some(false)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[rstest]
    #[case::a_list(json!({"durations": [6, 10]}), Some(vec![6, 10]))]
    #[case::texts(json!({"a": [{"durations": ["10s", "6 sec", "6"]}]}), Some(vec![6, 10]))]
    #[case::a_schema(json!({"properties": {"durations": {"type": "string", "enum": ["6", "10"]}}}), Some(vec![6, 10]))]
    #[case::a_range(json!({"durations": {"minimum": 1, "maximum": 15, "default": 6}}), Some(vec![1, 2, 15]))]
    #[case::one_choice(json!({"durations": 6}), None)]
    #[case::under_another_name(json!({"lengths": [6, 10]}), None)]
    #[case::no_number(json!({"durations": [6, "NaN"]}), None)]
    #[case::negative(json!({"durations": [6, -1]}), None)]
    #[case::in_words(json!({"durations": [6, "six"]}), None)]
    #[case::too_large(json!({"durations": ["1e400", 6]}), None)]
    #[case::in_minutes(json!({"durations": ["6m"]}), None)]
    #[case::nothing(json!({"durations": []}), None)]
    fn lengths_are_read_or_not_known(#[case] part: Value, #[case] wanted: Option<Vec<u64>>) {
        assert_eq!(lengths(&part, &names(&["durations"])), wanted);
    }

    #[rstest]
    #[case(json!({"images": 6}), Some(6))]
    #[case(json!({"images": {"type": "array", "maxItems": 6}}), Some(6))]
    #[case(json!({"images": {"type": "integer", "maximum": 4}}), Some(4))]
    #[case(json!({"images": "6"}), None)]
    #[case(json!({"images": -1}), None)]
    fn what_is_taken_at_most(#[case] part: Value, #[case] wanted: Option<u64>) {
        assert_eq!(count(&part, &names(&["images"])), wanted);
    }

    #[rstest]
    #[case(json!({"mode": {"enum": ["Normal", "fun"]}}), Some(true))]
    #[case(json!({"mode": {"enum": ["normal", "fast"]}, "style": ["fun", "other"]}), Some(false))]
    #[case(json!({"mode": "fun, normal"}), None)]
    fn words_stand_side_by_side(#[case] part: Value, #[case] wanted: Option<bool>) {
        assert_eq!(words(&part, &names(&["fun", "normal"])), wanted);
    }

    #[test]
    fn only_the_named_model_is_looked_at() {
        let mut models: Vec<Value> =
            (0..10_000).map(|n| json!({"id": format!("m-{n}"), "durations": [6, 10]})).collect();
        models.push(json!({"id": "model", "spec": {"durations": [1]}}));
        let listing =
            json!({ "data": models, "by-name": {"model": {"durations": [2]}, "other": {"durations": [3]}} });
        let found = entries(&listing, |name| name == "model");
        let lengths: Vec<_> =
            found.iter().filter_map(|entry| lengths(entry, &names(&["durations"]))).collect();
        assert_eq!(lengths, [vec![2], vec![1]]);
    }

    #[test]
    fn a_self_reference_is_read_once() {
        let part = json!({"schemas": {"A": {"properties": {"a": {"$ref": "#/schemas/A"}, "durations": {"$ref": "#/schemas/A"}}}}});
        assert_eq!((lengths(&part, &names(&["durations"])), words(&part, &names(&["fun"]))), (None, None));
    }
}
