//! What is known of a path before it is followed.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::expect::{Path, ends_within_escape};

fn models(count: usize) -> Value {
    let model = |at: usize| json!({ "id": at.to_string(), "in": ["text", "image"], "price": { "a": at, "b": [1, 2] } });
    json!({ "models": (0..count).map(model).collect::<Vec<_>>() })
}

fn most(path: &str, document: &Value) -> u64 {
    Effort::of(path).unwrap().most(Size::of(document))
}

/// The work for the paths that people write grows linearly with the document.
#[rstest]
#[case("$.models")]
#[case("$['models'][0].id")]
#[case("$.models[*].id")]
#[case("$.models[0:5].price['a', 'b']")]
#[case("$.models[?@.id == 'x'].price")]
#[case("$.models[?@.price.a > 1 && (@.id == 'x' || @.id == 'y')].id")]
#[case("$.models[?count(@.in[*]) > 1]")]
#[case("$..id")]
#[case("$..[?@.id].in")]
#[case::another_script("$.À[*].é")]
#[case::marks_in_quotes(r"$['a\'],*'][0]")]
#[case::marks_in_quotes_of_a_filter("$.models[?@.id == '],*'].price")]
#[case::one_value_of_the_root("$.models[?@.id == $.models[0].id]")]
fn an_honest_path_is_linear(#[case] path: &str) {
    let (small, large) = (most(path, &models(100)), most(path, &models(1000)));
    assert!(large <= small * 11, "{path}: {small} and {large}");
    assert!(large < 200_000, "{path}: {large}");
}

#[rstest]
#[case("$..[*,*,*,*]..[*,*,*,*]..[*,*,*,*]..[*,*,*,*]")]
#[case("$[*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*]")]
#[case("$..[?@..[?@..[?@..[?@..x]]]]")]
#[case("$..[?$..[?$..x]]")]
#[case("$..*..*..*..*..*..*..*..*..*")]
#[case("$..[?$..a == $..b]")]
#[case("$.models[?$.a == $.b]")]
#[case("$[?count($..*) > count($..[?count($..*) > 1])]")]
fn a_bomb_is_known_before_it_goes_off(#[case] path: &str) {
    assert!(most(path, &models(500)) > 4_000_000, "{path}: {}", most(path, &models(500)));
}

/// Without this, the parser would panic.
#[rstest]
#[case(r#"$["\u"#)]
#[case(r#"$["\uD"#)]
#[case(r#"$["\ud83d\u"#)]
#[case(r"$.a[?@.b == '\u00")]
fn a_path_that_ends_within_an_escape_is_refused(#[case] path: &str) {
    assert_eq!(Path::parse(path).unwrap_err(), "it ends within an escape");
}

/// The parser says itself what is wrong with them.
#[rstest]
#[case(r#"$["\u0061"#)]
#[case(r#"$["\u00"]"#)]
#[case(r#"$["\u0"]"#)]
fn a_path_with_a_whole_or_a_broken_escape_is_not_cut(#[case] path: &str) {
    assert_ne!(Path::parse(path).unwrap_err(), "it ends within an escape");
}

/// Such a path needs no look at the document, however large.
#[rstest]
#[case("$")]
#[case("$.models[0].id")]
#[case("$['a,*:?b'][-1]")]
fn one_name_after_the_other_is_one_visit(#[case] path: &str) {
    assert_eq!(Path::parse(path).unwrap().visits(&models(3)), 1);
}

#[test]
fn a_path_may_end_with_an_escaped_name() {
    assert!(Path::parse(r#"$["\u0061"]"#).is_ok());
}

#[rstest]
#[case("$[?search(@.id, 'x')]")]
#[case("$[?!match(@.id, 'x')]")]
fn a_pattern_within_a_path_is_refused(#[case] path: &str) {
    assert_eq!(Effort::of(path).unwrap_err(), COMPILES);
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec![
        ".a",
        ".b",
        "[0]",
        "[*]",
        ".*",
        "..a",
        "..*",
        "['a', 'b']",
        "[0, *]",
        "[::2]",
        "[*, *]",
        "..[*, 'a']",
        "[?@.a]",
        "[?@..b]",
        "[?@ == 1, 0]",
        "[?$.a == @.b]",
        "..[?@.a || @['b']]",
        "[?count(@.*) > 1]",
    ]);
    prop::collection::vec(segment, 0..5).prop_map(|segments| format!("${}", segments.concat()))
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!(null)), Just(json!(1)), Just(json!("a"))];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab]", inner, 0..3).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_finds_more_than_it_may_visit(path in path(), document in document()) {
        let parsed = serde_json_path::JsonPath::parse(&path).unwrap();
        let found = parsed.query(&document).len() as u64;
        let most = most(&path, &document);
        // The root itself is found without a visit.
        prop_assert!(found <= most.max(1), "{path} finds {found} of at most {most}");
    }

    #[test]
    fn whatever_the_parser_takes_is_bounded(text in "\\$[.*\\[\\]?@$ab01:,'\"()=<&|! \\\\u]{0,20}") {
        if !ends_within_escape(&text) && serde_json_path::JsonPath::parse(&text).is_ok() {
            prop_assert!(Effort::of(&text).is_ok(), "{text}");
        }
    }
}

#[test]
fn a_path_says_what_it_finds_or_that_it_would_look_too_long() {
    let document = models(500);
    let bomb = Path::parse("$..*..*..*..*..*..*..*..*..*").unwrap();
    assert!(bomb.find(&document).is_none());
    assert_eq!(Path::parse("$.models[*].id").unwrap().find(&document).map(|all| all.len()), Some(500));
}

/// Only names and indexes, and yet each step visits twice as much as the one before.
#[test]
fn a_place_that_is_named_twice_is_visited_twice() {
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let bomb = Path::parse(&format!("${}", "[0,0]".repeat(40))).unwrap();
    assert_eq!(bomb.visits(&deep), most(&bomb.text, &deep));
    assert!(bomb.find(&deep).is_none());
    assert_eq!(Path::parse("$[-1,0]").unwrap().visits(&json!([1])), 3);
}
