//! Pins each message of serde and of its TOML parser that is taken apart here: if a newer release words one
//! differently, these tests fail, and not a user's run.

use std::collections::BTreeMap;

use rstest::rstest;
use serde::Deserialize;

use super::*;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Everything {
    title: Option<String>,
    small: Option<u8>,
    short: Option<u16>,
    whole: Option<u32>,
    long: Option<u64>,
    size: Option<usize>,
    signed: Option<i64>,
    real: Option<f64>,
    flag: Option<bool>,
    list: Option<Vec<String>>,
    map: Option<BTreeMap<String, u32>>,
    inner: Option<Inner>,
    mode: Option<Mode>,
    spanned: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for the mistakes in it")]
struct Inner {
    only: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    TextToVideo,
    Edit,
}

/// Code, message and help of a mistake.
type Told = (&'static str, String, Option<String>);

/// Every mistake, and the keys that were removed.
fn told(text: &str) -> (Vec<Told>, Vec<String>) {
    let (mut diagnostics, mut gone) = (Vec::new(), Vec::new());
    read::<Everything>(0, text, &mut diagnostics, &mut gone);
    let told = diagnostics.into_iter().map(|one| (one.code, one.message, one.help)).collect();
    (told, gone.into_iter().map(|taken| taken.key).collect())
}

#[rstest]
#[case::string("title = 1", "`title`: expected a string, found integer `1`")]
#[case::spanned("spanned = 1", "`spanned`: expected a string, found integer `1`")]
#[case::small("small = \"x\"", "`small`: expected a non-negative whole number, found string \"x\"")]
#[case::too_large("small = 256", "`small`: expected a non-negative whole number, found integer `256`")]
#[case::negative("whole = -1", "`whole`: expected a non-negative whole number, found integer `-1`")]
#[case::short("short = 1.5", "`short`: expected a non-negative whole number, found floating point `1.5`")]
#[case::long("long = true", "`long`: expected a non-negative whole number, found boolean `true`")]
#[case::size("size = []", "`size`: expected a non-negative whole number, found an array")]
#[case::signed("signed = {}", "`signed`: expected a whole number, found a table")]
#[case::real("real = \"1.0\"", "`real`: expected a number, found string \"1.0\"")]
#[case::flag("flag = \"yes\"", "`flag`: expected a boolean, found string \"yes\"")]
#[case::list("list = \"a\"", "`list`: expected an array, found string \"a\"")]
#[case::map("map = 1", "`map`: expected a table, found integer `1`")]
#[case::inner("inner = 1", "`inner`: expected a table, found integer `1`")]
fn a_wrong_type_is_reported_in_toml_terms(#[case] text: &str, #[case] message: &str) {
    let key = text.split_once(" =").unwrap().0;
    assert_eq!(told(text), (vec![("wrong-type", message.to_owned(), None)], vec![key.to_owned()]));
}

#[rstest]
#[case::near("titel = \"x\"", "unknown key `titel`", "did you mean `title`?", &["titel", "title"])]
#[case::of_a_table("inner.onyl = \"x\"", "unknown key `onyl`", "did you mean `only`?", &["onyl", "only"])]
fn an_unknown_key_suggests_the_nearest_one(
    #[case] text: &str,
    #[case] message: &str,
    #[case] help: &str,
    #[case] keys: &[&str],
) {
    let (mistakes, gone) = told(text);
    assert_eq!(mistakes, [("unknown-key", message.to_owned(), Some(help.to_owned()))]);
    assert_eq!(gone, keys);
}

#[test]
fn an_unknown_word_is_told_with_its_key() {
    let (mistakes, gone) = told("mode = \"edti\"");
    let message = "`edti` isn't a valid `mode`".to_owned();
    assert_eq!(mistakes, [("unknown-word", message, Some("did you mean `edit`?".to_owned()))]);
    assert_eq!(gone, ["mode"]);
}

/// Whatever the words are, every mistake is found once, and everything correct is kept.
#[test]
fn all_mistakes_are_told_at_once() {
    let text = "title = 1\nsmall = 2\nflag = 3\nnoise = 4\n[inner]\nonly = 5\n";
    let (mut diagnostics, mut gone) = (Vec::new(), Vec::new());
    let read: Everything = read(0, text, &mut diagnostics, &mut gone).unwrap();
    assert_eq!(read.small, Some(2));
    let spans: Vec<_> = diagnostics.iter().map(|one| &text[one.labels[0].span.clone()]).collect();
    assert_eq!(spans.len(), 4, "{spans:?}");
    for wrong in ["1", "3", "5"] {
        assert!(spans.contains(&wrong), "{spans:?}");
    }
}

#[test]
fn invalid_toml_is_reported_once_with_its_place() {
    let (mistakes, gone) = told("title = \n<<<<<<< HEAD\n");
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].0, "toml-syntax");
    assert!(mistakes[0].2.as_deref().is_some_and(|help| help.contains("resolve the merge")), "{mistakes:?}");
    assert!(gone.is_empty());
}
