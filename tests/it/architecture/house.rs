//! The rules of the house: which room may use which, and what a pure room may use of the outside world.

use std::{collections::BTreeSet, path::Path};

use super::uses::{self, Segments, Source, Used};

/// A room, and the rooms it may use besides itself. A room is a folder or a file directly below `src`.
///
/// `main → commands → {preflight, render, spend, standin, ui} → {load, observe, judge} → model`; nothing uses
/// `commands`. Rooms in between know as little as possible.
const MAY_USE: [(&str, &[&str]); 21] = [
    ("model", &[]),
    ("secrets", &["model"]),
    ("files", &["env"]),
    ("load", &["files", "model"]),
    ("observe", &["files", "model", "secrets"]),
    ("judge", &["model"]),
    ("layout", &[]),
    ("render", &["layout", "model"]),
    ("standin", &["load", "model"]),
    ("ui", &["layout", "model", "secrets"]),
    ("spend", &["files", "judge", "load", "model", "observe", "secrets"]),
    ("preflight", &["env", "judge", "load", "model", "observe", "secrets", "standin"]),
    ("env", &[]),
    ("signals", &[]),
    ("exit", &["model"]),
    ("fuzzing", &["load", "model", "observe", "secrets", "spend"]),
    ("bug", &["env", "exit", "ui"]),
    ("error", &["exit", "files", "load", "preflight", "secrets", "spend", "standin", "ui"]),
    ("commands", BELOW_COMMANDS),
    ("cli", &["commands", "env", "exit", "model", "ui"]),
    (
        "main",
        &["bug", "cli", "commands", "env", "error", "exit", "load", "model", "secrets", "signals", "ui"],
    ),
];

const BELOW_COMMANDS: &[&str] = &[
    "env",
    "error",
    "exit",
    "files",
    "judge",
    "load",
    "model",
    "observe",
    "preflight",
    "render",
    "secrets",
    "signals",
    "spend",
    "standin",
    "ui",
];

/// Rooms without I/O, clock or randomness, and the crates they may use, not counting tests. Anything else is refused,
/// so that no new crate can bring in the outside unseen.
///
/// `render` may say how a word looks (`anstyle` describes a style and writes nothing); the caller says whether a
/// terminal shows it.
const PURE: [(&str, &[&str]); 4] = [
    ("layout", &["anstyle", "comfy_table"]),
    (
        "model",
        &[
            "camino",
            "icu_normalizer",
            "icu_properties",
            "indexmap",
            "memchr",
            "percent_encoding",
            "schemars",
            "semver",
            "serde",
            "serde_json",
            "serde_json_path",
            "sha2",
            "shlex",
            "strsim",
            "std::net::IpAddr",
            "std::net::Ipv4Addr",
            "std::net::Ipv6Addr",
            "thiserror",
            "unicode_segmentation",
            "url",
        ],
    ),
    (
        "judge",
        &[
            "camino",
            "humantime::format_duration",
            "indexmap",
            "percent_encoding",
            "rss",
            "semver",
            "serde_json",
            // Counts what the paths of a checklist have visited.
            "std::cell::Cell",
            "thiserror",
            "url",
        ],
    ),
    (
        "render",
        &[
            "anstyle",
            "indexmap",
            "minijinja",
            "percent_encoding",
            "quick_junit",
            "schemars",
            "serde",
            "serde_json",
            "serde_sarif",
            "sha2",
            // A page grows in memory, as a stream that ends when it is too large.
            "std::io::ErrorKind",
            "std::io::Result",
            "std::io::Write",
            "thiserror",
            "url",
        ],
    ),
];

/// What every pure room may use as well: the parts of `std` that reach nothing outside, and days without a clock.
const HARMLESS: [&str; 31] = [
    "chrono::DateTime",
    "chrono::Days",
    "chrono::NaiveDate",
    "chrono::NaiveTime",
    "chrono::TimeDelta",
    "chrono::TimeZone",
    "chrono::Utc",
    "core",
    "regex",
    "std::borrow",
    "std::cmp",
    "std::collections",
    "std::convert",
    "std::error",
    "std::fmt",
    "std::hash",
    "std::iter",
    "std::marker",
    "std::mem",
    "std::num",
    "std::ops",
    "std::path::MAIN_SEPARATOR",
    "std::ptr",
    "std::slice",
    "std::str",
    "std::string",
    "std::sync::Arc",
    "std::sync::LazyLock",
    "std::sync::OnceLock",
    "std::time::Duration",
    "std::vec",
];

/// What their tests may use as well.
const IN_TESTS: [&str; 7] =
    ["anstream::adapter", "insta", "jsonschema", "proptest", "rstest", "serde::de", "uppsala"];

/// What opens, creates or replaces files, and which room alone may use it, not counting tests: all others ask the room
/// `files`, which handles pipes, devices, links and endless files.
const DOORS: [(&str, &[&str]); 6] = [
    ("fs_err", &["files"]),
    ("std::fs", &["files"]),
    ("std::os", &["files"]),
    ("rustix", &["files", "observe/folder.rs", "standin/conform/client.rs"]),
    ("tempfile", &["files", "observe/folder.rs"]),
    ("tokio::fs", &[]),
];

/// Macros that print, or read the machine that builds.
const IMPURE_MACROS: [&str; 6] = ["dbg!", "eprint!", "eprintln!", "option_env!", "print!", "println!"];

/// Violations that may stay, and why.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    (
        "load/builtin.rs",
        "`include!`",
        "a list of the files in `checklists/`, made at build: literals and no code",
    ),
    ("standin/script.rs", "`include!`", "a list of the files in `scenarios/`; the same"),
    ("standin/conform/script.rs", "`include!`", "a list of the files in `scenarios/conform/`; the same"),
    ("standin/jobs/script.rs", "`include!`", "a list of the files in `scenarios/jobs/`; the same"),
];

/// The files of a crate by their path below `src`, read and resolved.
pub(super) fn read(files: &[(String, String)]) -> Vec<(String, Source)> {
    let parsed: Vec<_> = files
        .iter()
        .map(|(place, text)| {
            let parsed = uses::parse(module(place), text);
            (place, parsed.unwrap_or_else(|error| panic!("{place}: {error}")))
        })
        .collect();
    let modules = parsed.iter().flat_map(|(_, parsed)| parsed.modules()).cloned().collect();
    let tests = parsed.iter().flat_map(|(_, parsed)| parsed.tests()).cloned().collect();
    parsed.into_iter().map(|(place, parsed)| (place.clone(), parsed.follow(&modules, &tests))).collect()
}

/// The module of a file: `judge/rules/mod.rs` is `crate::judge::rules`.
fn module(place: &str) -> Segments {
    let path = Path::new(place).with_extension("");
    let names = path.iter().map(|name| name.to_str().unwrap().to_owned());
    let names = names.filter(|name| !["lib", "main", "mod"].contains(&name.as_str()));
    std::iter::once("crate".to_owned()).chain(names).collect()
}

/// A violation of the rules of the house.
pub(super) struct Violation {
    place: String,
    line: usize,
    what: String,
    /// What is used, with its full path.
    used: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.place, self.line, self.what)
    }
}

/// All violations of the rules of the house. `crates` are the names of all other crates.
pub(super) fn violations(sources: &[(String, Source)], crates: &BTreeSet<String>) -> Vec<Violation> {
    let mut found = Vec::new();
    for (place, source) in sources {
        let room = source.module.get(1).map_or("main", String::as_str);
        let mut tell = |line: usize, what: String, used: String| {
            found.push(Violation { place: place.clone(), line, what, used });
        };
        for (line, why) in &source.hidden {
            tell(*line, (*why).to_owned(), (*why).to_owned());
        }
        for used in &source.uses {
            let against = against_the_house(room, used)
                .or_else(|| against_purity(room, used, crates))
                .or_else(|| past_the_door(place, room, used));
            if let Some(what) = against {
                tell(used.line, what, used.path.join("::"));
            }
        }
    }
    found
}

/// The violations that may not stay, and the exceptions that are no longer needed.
pub(super) fn without_exceptions(violations: &[Violation]) -> Vec<String> {
    let covers = |exception: &&(&str, &str, &str), violation: &Violation| {
        violation.place == exception.0 && violation.used.starts_with(exception.1)
    };
    let open = violations.iter().filter(|one| !EXCEPTIONS.iter().any(|exception| covers(&exception, one)));
    let idle = EXCEPTIONS.iter().filter(|exception| !violations.iter().any(|one| covers(exception, one)));
    let idle = idle.map(|(place, used, _)| format!("{place}: `{used}` is excepted and not used"));
    open.map(ToString::to_string).chain(idle).collect()
}

fn against_the_house(room: &str, used: &Used) -> Option<String> {
    let (first, rest) = used.path.split_first()?;
    if first != "crate" {
        return None;
    }
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
        return Some(format!("there is no room `{room}`"));
    };
    match rest.first().map(String::as_str) {
        // The crate itself under another name, or all of it.
        None | Some("*") => {
            (used.import && room != "main").then(|| format!("{room} imports the whole crate"))
        }
        Some(other) if other == room || allowed.contains(&other) => None,
        Some(_) if room == "main" => None,
        Some(other) => Some(format!("{room} uses {other}")),
    }
}

fn past_the_door(place: &str, room: &str, used: &Used) -> Option<String> {
    let path = used.path.join("::");
    let is = |door: &str| path == door || path.starts_with(&format!("{door}::"));
    let (_, owners) = DOORS.iter().find(|(door, _)| is(door))?;
    let own = used.test || owners.iter().any(|owner| *owner == room || *owner == place);
    (!own).then(|| format!("{room} uses {path}"))
}

fn against_purity(room: &str, used: &Used, crates: &BTreeSet<String>) -> Option<String> {
    let (_, own) = PURE.iter().find(|(name, _)| *name == room)?;
    let path = used.path.join("::");
    let (first, last) = (used.path.first()?, used.path.last()?);
    if IMPURE_MACROS.contains(&last.as_str()) || (used.path.len() > 1 && last == "now") {
        return Some(format!("{room} uses {path}"));
    }
    // A single name that isn't imported is defined in the function itself.
    if !crates.contains(first) || (used.path.len() == 1 && !used.import) {
        return None;
    }
    let within = |allowed: &&str| path == **allowed || path.starts_with(&format!("{allowed}::"));
    let in_tests = used.test && IN_TESTS.iter().any(within);
    let allowed = HARMLESS.iter().chain(*own).any(within) || in_tests;
    (!allowed).then(|| format!("{room} uses {path}"))
}
