//! The committed schemas as an editor uses them: they accept what `lint` accepts, and no typo gets past both.

use camino::{Utf8Path, Utf8PathBuf};
use rstest::rstest;
use serde_json::Value;

use crate::support::{Sample, greenlight, ran};

fn repository(path: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The TOML files of a folder.
fn files(folder: &str) -> Vec<Utf8PathBuf> {
    let entries = repository(folder).read_dir_utf8().unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().into_path()).collect();
    files.retain(|path| path.extension() == Some("toml"));
    files.sort_unstable();
    assert!(!files.is_empty(), "{folder} is empty");
    files
}

fn schema(kind: &str) -> Value {
    let path = repository(&format!("schema/{kind}.schema.json"));
    serde_json::from_str(&fs_err::read_to_string(path).unwrap()).unwrap()
}

fn validator(kind: &str) -> jsonschema::Validator {
    let schema = schema(kind);
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// A file as Taplo, the engine of most editors, passes it to a schema: dates are strings there.
fn as_editors_see_it(text: &str) -> Value {
    fn value(toml: toml::Value) -> Value {
        match toml {
            toml::Value::Datetime(moment) => moment.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(value).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, item)| (key, value(item))).collect(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(truth) => truth.into(),
        }
    }
    value(toml::Value::Table(text.parse().unwrap()))
}

/// The schema's complaints about a file, for this kind.
fn mistakes(kind: &str, path: &Utf8Path) -> Vec<String> {
    let file = as_editors_see_it(&fs_err::read_to_string(path).unwrap());
    validator(kind)
        .iter_errors(&file)
        .map(|mistake| format!("{}: {mistake}", mistake.instance_path()))
        .collect()
}

/// The kind of a file, by its top-level keys.
fn kind_of(path: &Utf8Path) -> &'static str {
    let table: toml::Table = fs_err::read_to_string(path).unwrap().parse().unwrap();
    let has = |keys: [&str; 2]| keys.iter().any(|key| table.contains_key(*key));
    if has(["project", "shot"]) {
        "project"
    } else if has(["claim", "model"]) {
        "catalogue"
    } else if has(["answer", "waiver"]) {
        "answers"
    } else {
        "checklist"
    }
}

/// The kind that `lint` names for a file it accepts.
fn kind_by_lint(path: &Utf8Path) -> Option<String> {
    let ran = ran(&mut greenlight(&["lint", path.as_str()]));
    ran.out.trim_end().rsplit_once('(').map(|(_, kind)| kind.trim_end_matches(')').to_owned())
}

#[rstest]
#[case::sample_api("samples/api")]
#[case::sample_app("samples/app")]
#[case::sample_wrapper("samples/wrapper")]
#[case::everything_once("tests/fixtures/good")]
#[case::parts("tests/fixtures/bad/parts")]
fn what_lint_takes_the_schema_takes(#[case] folder: &str) {
    let mut taken = 0;
    for path in files(folder) {
        if let Some(kind) = kind_by_lint(&path) {
            assert_eq!(mistakes(&kind, &path), Vec::<String>::new(), "{path}");
            taken += 1;
        }
    }
    assert!(taken > 0, "lint takes nothing in {folder}");
}

#[test]
fn every_shipped_file_names_the_schema_that_it_fits() {
    let shipped = ["checklists", "checklists/packs", "samples/api", "samples/app", "samples/wrapper"];
    for path in shipped.into_iter().flat_map(files) {
        // These are compiled in, and users can't write their own.
        if ["jobs", "owners", "routes"].contains(&path.file_stem().unwrap()) {
            continue;
        }
        let text = fs_err::read_to_string(&path).unwrap();
        let named =
            text.lines().next().unwrap().strip_prefix("#:schema ").unwrap_or_else(|| panic!("{path}"));
        let schema = path.parent().unwrap().join(named).canonicalize_utf8().unwrap();
        let kind = kind_of(&path);
        assert_eq!(schema, repository(&format!("schema/{kind}.schema.json")).canonicalize_utf8().unwrap());
        assert_eq!(mistakes(kind, &path), Vec::<String>::new(), "{path}");
    }
}

/// The number of lines in one text that the other does not have.
fn only_in(one: &str, other: &str) -> usize {
    let mut rest: Vec<_> = other.lines().collect();
    let missing = one.lines().filter(|line| match rest.iter().position(|other| other == line) {
        Some(at) => {
            rest.remove(at);
            false
        }
        None => true,
    });
    missing.count()
}

#[rstest]
#[case("project", 30)]
#[case("checklist", 40)]
#[case("answers", 15)]
#[case("catalogue", 18)]
fn no_typo_gets_past_the_schema_or_lint(#[case] kind: &str, #[case] at_least: usize) {
    let good = fs_err::read_to_string(repository(&format!("tests/fixtures/good/{kind}.toml"))).unwrap();
    let typos = files(&format!("tests/fixtures/typos/{kind}"));
    assert!(typos.len() >= at_least, "only {} typos of {kind}", typos.len());
    for path in typos {
        let text = fs_err::read_to_string(&path).unwrap();
        let changes = (only_in(&text, &good), only_in(&good, &text));
        assert!(changes.0 <= 1 && changes.1 <= 2 && changes != (0, 0), "{path} holds more than one typo");
        assert!(!mistakes(kind, &path).is_empty(), "the schema takes {path}");
        let ran = ran(&mut greenlight(&["lint", path.as_str()]));
        assert_eq!(ran.code, 2, "lint takes {path}: {}", ran.all());
    }
}

/// Codes of mistakes that a schema can't see: they depend on several places or need a parser.
const BEYOND_SHAPE: [&str; 21] = [
    "ambiguous",
    "asserts-nothing",
    "bad-path",
    "bad-regex",
    "bad-template",
    "bad-version",
    "cannot-fail",
    "circle",
    "duplicate-id",
    "foreign-host",
    "foreign-key",
    "foreign-route",
    "key-proof",
    "needs-shot",
    "not-free",
    "too-deep",
    "unfilled",
    "unknown-name",
    "wrong-order",
    "wrong-owner",
    "wrong-repetition",
];

#[test]
fn what_is_wrong_by_its_shape_the_schema_refuses() {
    let mut unseen = Vec::new();
    for path in files("tests/fixtures/bad/codes") {
        let code = path.file_stem().unwrap();
        if code != "toml-syntax" && mistakes(kind_of(&path), &path).is_empty() {
            unseen.push(code.to_owned());
        }
    }
    assert_eq!(unseen, BEYOND_SHAPE);
}

/// Every example of a schema, and the part of the schema it is an example of.
fn examples<'s>(schema: &'s Value, found: &mut Vec<(&'s Value, &'s Value)>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(all)) = map.get("examples") {
                found.extend(all.iter().map(|one| (schema, one)));
            }
            map.values().for_each(|inner| examples(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| examples(inner, found)),
        _ => {}
    }
}

#[test]
fn every_example_is_what_its_place_takes() {
    let mut count = 0;
    for kind in ["project", "checklist"] {
        let schema = schema(kind);
        let mut found = Vec::new();
        examples(&schema, &mut found);
        for (place, example) in found {
            let mut alone = place.clone();
            alone["$defs"] = schema["$defs"].clone();
            let validator = jsonschema::validator_for(&alone).unwrap();
            assert!(validator.is_valid(example), "{example}: {:?}", validator.validate(example));
            count += 1;
        }
    }
    assert_eq!(count, 5, "hosts, success, more, question and catalogues have one each");
}

/// Every part of a schema that describes a key.
fn keys<'s>(schema: &'s Value, at: &str, found: &mut Vec<(String, &'s Value)>) {
    let inner = |value: &'s Value, at: &str, found: &mut Vec<_>| keys(value, at, found);
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "properties" {
                    for (name, described) in value.as_object().unwrap() {
                        found.push((format!("{at}/{name}"), described));
                    }
                }
                inner(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| inner(value, at, found)),
        _ => {}
    }
}

#[rstest]
#[case("project", 40)]
#[case("checklist", 90)]
#[case("answers", 25)]
#[case("catalogue", 40)]
fn every_key_says_what_it_is_and_no_other_key_is_taken(#[case] kind: &str, #[case] at_least: usize) {
    let text = ran(&mut greenlight(&["schema", kind])).out;
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["title"].is_string() && schema["description"].is_string(), "{kind}");
    let mut found = Vec::new();
    keys(&schema, "", &mut found);
    assert!(found.len() >= at_least, "{kind} describes {} keys", found.len());
    for (place, key) in found {
        assert!(key["description"].is_string(), "{kind} {place} has no description");
        assert!(!key.to_string().contains("\"null\""), "{kind} {place} could be null, which TOML cannot say");
    }
    assert!(!text.contains("Raw"), "names of the code stand in the {kind} schema");
    let objects = text.matches("\"properties\":").count();
    assert_eq!(text.matches("\"additionalProperties\": false").count(), objects, "{kind}");
}

#[test]
fn all_schemas_are_written_as_they_are_printed() {
    let sample = Sample::empty();
    let written = ran(&mut sample.greenlight(&["schema", "--all", "schema"]));
    assert_eq!(written.code, 0, "{}", written.all());
    for kind in ["project", "checklist", "answers", "catalogue", "receipt"] {
        let name = format!("schema/{kind}.schema.json");
        let text = fs_err::read_to_string(sample.path().join(&name)).unwrap();
        assert!(text == ran(&mut greenlight(&["schema", kind])).out, "{kind} is printed otherwise");
        assert!(text == fs_err::read_to_string(repository(&name)).unwrap(), "{name} is stale");
        assert!(written.out.contains(&format!("wrote {name}\n")), "{}", written.out);
    }
    assert!(ran(&mut greenlight(&["schema"])).out == ran(&mut greenlight(&["schema", "project"])).out);
}

#[test]
fn what_init_and_answer_write_fits() {
    let sample = Sample::of("api");
    sample.write("answers.toml", "");
    let evidence = ["--evidence", "https://x.ai/legal", "--by", "Ada"];
    let answered = ran(sample.greenlight(&["answer", "api.policy-read", "--value", "yes"]).args(evidence));
    assert_eq!(answered.code, 0, "{}", answered.all());
    assert_eq!(mistakes("answers", &sample.path().join("answers.toml")), Vec::<String>::new());
    for material in ["idea", "image", "references", "clip-to-change", "clip-to-continue"] {
        let file = format!("{material}.toml");
        let mut command = sample.greenlight(&["init", &file, "--route", "api", "--material", material]);
        if material != "idea" {
            command.args(["--input", "robot.jpg"]);
        }
        let ran = ran(&mut command);
        assert_eq!(ran.code, 0, "{}", ran.all());
        assert_eq!(mistakes("project", &sample.path().join(&file)), Vec::<String>::new(), "{material}");
    }
}
