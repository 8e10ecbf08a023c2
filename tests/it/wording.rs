//! Plain words: the phrases that CONTRIBUTING says to avoid occur nowhere.

use std::path::{Path, PathBuf};

/// Where to look.
const PLACES: [&str; 6] = ["src", "checklists", "scenarios", "docs", "samples", "README.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The first column of the style table: what is not written.
fn refused() -> Vec<String> {
    let text = fs_err::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, table) = text.split_once("| instead of | write |\n").unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('|').nth(1).unwrap().trim().to_lowercase()).collect()
}

fn files(place: PathBuf, found: &mut Vec<PathBuf>) {
    if !place.is_dir() {
        found.push(place);
        return;
    }
    for entry in fs_err::read_dir(place).unwrap() {
        files(entry.unwrap().path(), found);
    }
}

/// Lines that contain a refused phrase.
fn found(name: &str, text: &str, refused: &[String]) -> Vec<String> {
    let lines = text.lines().enumerate().filter_map(|(number, line)| {
        let low = line.to_lowercase();
        let phrase = refused.iter().find(|phrase| low.contains(phrase.as_str()))?;
        Some(format!("{name}:{}: `{phrase}`; CONTRIBUTING.md says what to write", number + 1))
    });
    lines.collect()
}

#[test]
fn bookish_phrases_are_written_nowhere() {
    let refused = refused();
    assert!(refused.len() > 10, "{refused:?}");
    let mut all = Vec::new();
    for place in PLACES {
        files(root().join(place), &mut all);
    }
    let mut wrong = Vec::new();
    for file in all {
        // Pictures contain no words.
        let Ok(text) = fs_err::read_to_string(&file) else { continue };
        wrong.extend(found(&file.strip_prefix(root()).unwrap().display().to_string(), &text, &refused));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_phrase_is_found_with_its_line() {
    let text = "fn ask() {\n    \"Who shall own the generation?\"\n}\n";
    let wrong = found("src/ask.rs", text, &refused());
    assert_eq!(wrong, ["src/ask.rs:2: `who shall own the generation?`; CONTRIBUTING.md says what to write"]);
}
