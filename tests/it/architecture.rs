//! The direction of the house: who may use whom, read off the `use crate::` lines.

use std::path::{Path, PathBuf};

/// A room, and the rooms it may use besides itself.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("model", &[]),
    ("secrets", &["model"]),
    ("load", &["model"]),
    ("observe", &["model", "secrets"]),
    ("judge", &["model"]),
    ("render", &["model"]),
    ("standin", &["model"]),
    ("ui", &["model", "secrets"]),
];

/// Pure rooms: no I/O, no clock, no colour.
const PURE: [&str; 3] = ["model", "judge", "render"];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn source(room: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let files = rust_files(&folder);
    assert!(!files.is_empty(), "{room} is empty");
    files.into_iter().map(|path| (path.clone(), fs_err::read_to_string(path).unwrap())).collect()
}

#[test]
fn rooms_use_only_what_the_house_allows() {
    let mut broken = Vec::new();
    for (room, allowed) in MAY_USE {
        for (path, text) in source(room) {
            for (number, line) in text.lines().enumerate() {
                for used in line.split("crate::").skip(1) {
                    let name: String =
                        used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    if !name.is_empty() && name != room && !allowed.contains(&name.as_str()) {
                        broken.push(format!("{}:{}: {room} uses {name}", path.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    let forbidden = [
        "std::fs",
        "fs_err",
        "std::env",
        "std::net",
        "tokio::",
        "reqwest",
        "Utc::now",
        "SystemTime",
        "Instant::now",
        "println!",
        "anstyle::Ansi",
    ];
    let mut broken = Vec::new();
    for room in PURE {
        for (path, text) in source(room) {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for word in forbidden {
                if code.contains(word) && !path.ends_with("tests.rs") {
                    broken.push(format!("{}: {room} holds `{word}`", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
