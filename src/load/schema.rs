//! JSON Schemas of the files that people write, generated from the structs they are read into.

use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::transform_subschemas};
use serde_json::{Value, json};

use super::raw::{answers::RawAnswers, catalogue::RawCatalogue, checklist::RawChecklist, project::RawFile};
use crate::model::rule::KnownRule;

/// A kind of file that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// What is to be made: `greenlight.toml`.
    Project,
    /// The user's own checks.
    Checklist,
    /// Recorded answers and waivers: `answers.toml`.
    Answers,
    /// The user's own dated facts.
    Catalogue,
}

/// The JSON Schema (draft 2020-12) for a kind of file. `rules` are the built-in rules that a check may name.
#[must_use]
pub fn schema(kind: FileKind, rules: &[KnownRule]) -> Value {
    match kind {
        FileKind::Project => of::<RawFile>(),
        FileKind::Checklist => with_rules(of::<RawChecklist>(), rules),
        FileKind::Answers => of::<RawAnswers>(),
        FileKind::Catalogue => of::<RawCatalogue>(),
    }
}

fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(without_null);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Optional values may be left out; TOML has no null.
fn without_null(schema: &mut Schema) {
    transform_subschemas(&mut without_null, schema);
    let Some(keys) = schema.as_object_mut() else { return };
    if keys.get("default").is_some_and(Value::is_null) {
        keys.remove("default");
    }
    if let Some(Value::Array(types)) = keys.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            keys.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = keys.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    let Some(Value::Array(forms)) = keys.get_mut("anyOf") else { return };
    forms.retain(|form| *form != json!({ "type": "null" }));
    if let [Value::Object(only)] = forms.as_slice() {
        let only = only.clone();
        keys.remove("anyOf");
        for (key, value) in only {
            keys.entry(key).or_insert(value);
        }
    }
}

/// The list of rules is passed in, because this module doesn't know it.
fn with_rules(mut schema: Value, rules: &[KnownRule]) -> Value {
    let names: Vec<_> = rules.iter().map(|rule| rule.spec.name).collect();
    let params: BTreeSet<_> =
        rules.iter().flat_map(|rule| rule.spec.params).map(|param| param.name).collect();
    let probes: BTreeSet<_> =
        rules.iter().flat_map(|rule| rule.spec.probes).map(|probe| probe.name).collect();
    if let Some(rule) = schema.pointer_mut("/$defs/Check/properties/rule") {
        rule["enum"] = json!(names);
    }
    if let Some(with) = schema.pointer_mut("/$defs/Check/properties/with") {
        with["propertyNames"] = json!({ "enum": params });
    }
    if let Some(looked) = schema.pointer_mut("/$defs/Check/properties/probes") {
        looked["propertyNames"] = json!({ "enum": probes });
    }
    schema
}
