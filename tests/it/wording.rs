//! Plain words: the phrases that CONTRIBUTING says to avoid occur nowhere.

use std::path::{Path, PathBuf};

/// Where to look.
const PLACES: [&str; 18] = [
    ".github",
    ".pre-commit-hooks.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "Dockerfile",
    "README.md",
    "SECURITY.md",
    "action.yml",
    "benches",
    "checklists",
    "docs",
    "fuzz",
    "samples",
    "scenarios",
    "src",
    "tests",
];

/// What was written by earlier versions, this test's own example, and what git doesn't keep.
const LEFT_OUT: [&str; 8] = [
    "fuzz/artifacts",
    "fuzz/corpus",
    "fuzz/seeds/receipt",
    "fuzz/target",
    "tests/browser/node_modules",
    "tests/clients/node_modules",
    "tests/fixtures/receipts",
    "tests/it/wording.rs",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The guide with its section about style cut out, and the table there.
fn guide() -> (String, String) {
    let text = fs_err::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (before, rest) = text.split_once("\n## Style\n").unwrap();
    let (style, after) = rest.split_once("\n## ").unwrap();
    let (_, table) = style.split_once("| instead of | write |\n").unwrap();
    (format!("{before}{}{after}", "\n".repeat(style.lines().count() + 2)), table.to_owned())
}

/// The first column of the style table: what is not written.
fn refused() -> Vec<String> {
    let (_, table) = guide();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('|').nth(1).unwrap().trim().to_lowercase()).collect()
}

fn files(place: PathBuf, found: &mut Vec<PathBuf>) {
    if LEFT_OUT.iter().any(|out| place == root().join(out)) {
        return;
    }
    if !place.is_dir() {
        found.push(place);
        return;
    }
    for entry in fs_err::read_dir(place).unwrap() {
        files(entry.unwrap().path(), found);
    }
}

/// The text of a file; none for pictures, clips and the seeds that are no text.
fn text(file: &Path) -> Option<String> {
    if file.ends_with("CONTRIBUTING.md") {
        return Some(guide().0);
    }
    let text = String::from_utf8(fs_err::read(file).unwrap());
    let media = ["jpg", "mp4", "png", "webp"];
    let may_be_binary = file.starts_with(root().join("fuzz/seeds"))
        || file.extension().is_some_and(|end| media.iter().any(|media| end == *media));
    assert!(text.is_ok() || may_be_binary, "{} is not text", file.display());
    text.ok()
}

/// Lines that contain a refused phrase, or begin one that the next line ends.
fn found(name: &str, text: &str, refused: &[String]) -> Vec<String> {
    let lines: Vec<_> = text.lines().map(str::to_lowercase).collect();
    let marks = |c: char| c.is_whitespace() || "/!#*>".contains(c);
    let found = lines.iter().enumerate().filter_map(|(at, line)| {
        let next = lines.get(at + 1).map_or("", |next| next.trim_start_matches(marks));
        let joined = format!("{} {next}", line.trim_end());
        let phrase = refused.iter().find(|phrase| {
            joined.contains(phrase.as_str()) && !next.contains(phrase.as_str())
                || line.contains(phrase.as_str())
        })?;
        Some(format!("{name}:{}: `{phrase}`; CONTRIBUTING.md says what to write", at + 1))
    });
    found.collect()
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
        let Some(text) = text(&file) else { continue };
        wrong.extend(found(&file.strip_prefix(root()).unwrap().display().to_string(), &text, &refused));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_phrase_is_found_with_its_line() {
    let text = "fn ask() {\n    \"Who shall own the generation?\"\n}\n";
    let wrong = found("src/ask.rs", text, &refused());
    assert_eq!(wrong, ["src/ask.rs:2: `who shall own the generation?`; CONTRIBUTING.md says what to write"]);
    let wrapped = "/// It is open until when\n/// nobody\n/// knows.\n";
    let wrong = found("src/ask.rs", wrapped, &refused());
    assert_eq!(wrong, ["src/ask.rs:2: `nobody knows`; CONTRIBUTING.md says what to write"]);
}
