//! The pages of `docs/checks/`: every shipped check as `greenlight explain` prints it, with a page for each checklist.

use std::{collections::BTreeMap, fmt::Write as _};

use super::page;
use crate::support::{greenlight, ran};

const FOLDER: &str = "docs/checks";

/// The output of `explain` without the line number in the file, which changes with every other check.
fn explained(id: &str) -> String {
    let told = ran(greenlight(&["explain", id, "--all"]).env("COLUMNS", "100"));
    assert_eq!(told.code, 0, "{id}: {}", told.all());
    let lines = told.out.lines().filter(|line| !line.starts_with("checklist "));
    let mut text = String::new();
    for line in lines.skip(2) {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn pages() -> BTreeMap<String, String> {
    let list = ran(&mut greenlight(&["list", "--format", "json"])).json();
    let mut pages = BTreeMap::new();
    for check in list.as_array().unwrap() {
        let [id, list, title] = ["id", "checklist", "title"].map(|name| check[name].as_str().unwrap());
        let text = pages.entry(format!("{list}.md")).or_insert_with(|| {
            format!("# Checks of `{list}`\n\nWritten from the checklist: what `greenlight explain CHECK --all` prints.\n")
        });
        let _ = write!(text, "\n## {id}\n\n{title}\n\n```text\n{}```\n", explained(id));
    }
    let mut all = "# Checks\n\nEvery check that is shipped, a page for each checklist.\n\n".to_owned();
    for name in pages.keys() {
        let _ = writeln!(all, "* [{}]({name})", name.trim_end_matches(".md"));
    }
    pages.insert("README.md".to_owned(), all);
    pages
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a switch for developers")]
fn every_check_has_its_place_on_a_page() {
    let (pages, folder) = (pages(), page(FOLDER));
    assert!(pages.len() > 10, "{:?}", pages.keys());
    if std::env::var_os("GREENLIGHT_UPDATE").is_some() {
        fs_err::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            fs_err::write(format!("{folder}/{name}"), text).unwrap();
        }
    }
    let there = fs_err::read_dir(&folder).unwrap();
    let mut there: Vec<_> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(there, pages.keys().map(String::as_str).collect::<Vec<_>>());
    for (name, text) in &pages {
        let written = fs_err::read_to_string(format!("{folder}/{name}")).unwrap();
        let how = "is stale: run `GREENLIGHT_UPDATE=1 cargo test --test it readme`";
        assert!(written == *text, "{FOLDER}/{name} {how}");
    }
}
