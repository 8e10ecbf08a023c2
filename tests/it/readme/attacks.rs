//! The page of attacks: every test and every place that it names exists.

use std::path::{Path, PathBuf};

use regex::Regex;

use super::page;

const PAGE: &str = "docs/attacks.md";

/// The file with this path without its extension: a single file, or a folder.
fn file(stem: &Path) -> Option<PathBuf> {
    let choices = [stem.with_extension("rs"), stem.join("mod.rs")];
    choices.into_iter().find(|path| path.is_file())
}

/// What is wrong with the name of a test, in the form that `cargo nextest` prints; tests of `tests/it` start with
/// `it::`.
fn wrong(name: &str) -> Option<String> {
    let mut parts: Vec<&str> = name.split("::").collect();
    let function = parts.pop()?;
    let root = page(if parts.first() == Some(&"it") { "tests" } else { "src" });
    let found = (1..=parts.len()).rev().find_map(|length| {
        let (path, within) = parts.split_at(length);
        Some((file(&Path::new(&root).join(path.join("/")))?, within))
    });
    let Some((file, within)) = found else { return Some(format!("{name}: no such module")) };
    let text = fs_err::read_to_string(&file).unwrap();
    let missing =
        |what: String| (!text.contains(&what)).then(|| format!("{name}: no `{what}` in {}", file.display()));
    let mut modules = within.iter().map(|module| format!("mod {module} {{"));
    // Each nested module indents it once more.
    let indent = "    ".repeat(within.len());
    let pattern = format!(
        r"(?m)^{indent}#\[(tokio::test|test|rstest)\]\n([^}}]|\}}[^\n])*?^{indent}(async )?fn {function}\("
    );
    let is_test = Regex::new(&pattern).unwrap().is_match(&text);
    let none = (!is_test).then(|| format!("{name}: no such test in {}", file.display()));
    modules.find_map(missing).or(none)
}

/// Rows with their cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| attack"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_attack_has_a_test_that_is_there() {
    let text = fs_err::read_to_string(page(PAGE)).unwrap();
    let rows = rows(&text);
    assert!(rows.len() > 40, "{}", rows.len());
    let mut mistakes = Vec::new();
    for row in &rows {
        let [attack, _, places, tests] = row.as_slice() else { panic!("{row:?}") };
        let (places, tests) = (quoted(places), quoted(tests));
        if places.is_empty() || tests.is_empty() {
            mistakes.push(format!("{attack}: no place or no test"));
        }
        let there = |place: &&str| file(&Path::new(&page("src")).join(place)).is_some();
        mistakes
            .extend(places.iter().filter(|place| !there(place)).map(|place| format!("{attack}: no {place}")));
        mistakes.extend(tests.iter().filter_map(|test| wrong(test)));
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(text.lines().count() <= 90, "the page has {} lines", text.lines().count());
}

#[test]
fn a_test_that_is_gone_is_noticed() {
    let own = "it::readme::attacks::a_test_that_is_gone_is_noticed";
    assert_eq!(wrong(own), None);
    assert_eq!(wrong("observe::memory::tests::what_is_given_back_can_be_taken_again_and_no_more"), None);
    for gone in [
        "it::readme::attacks::nothing_of_this_name",
        "it::readme::attacks::quoted",
        "it::nowhere::at_all",
        "observe::memory::what_is_given_back_can_be_taken_again_and_no_more",
        "observe::memory::tests::inner::what_is_given_back_can_be_taken_again_and_no_more",
        "nowhere::at_all",
    ] {
        assert!(wrong(gone).is_some(), "{gone}");
    }
}
