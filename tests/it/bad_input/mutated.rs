//! Texts that no person wrote: the loader never panics, and never loads less than the file contains.

use camino::Utf8PathBuf;
use greenlight::{
    judge::rules,
    load::{self, LoadError, Loaded},
};
use proptest::prelude::*;

const PROJECT: &str = include_str!("../../../samples/api/greenlight.toml");

/// A project whose only own checklist is the shipped one of the official route under another name.
const ITS_PROJECT: &str = "[project]\nname = \"p\"\nroute = \"wrapper\"\nprovider = \"own\"\nchecklists = [\"own.toml\"]\n\n\
    [[shot]]\nid = \"a\"\nmode = \"text-to-video\"\nmodel = \"m\"\nprompt = \"p\"\n";

fn checklist() -> String {
    let shipped = include_str!("../../../checklists/api.toml");
    let own = shipped.replacen("id = \"api\"", "id = \"own\"", 1);
    own.replacen("route = \"api\"", "route = \"wrapper\"", 1)
}

/// Loads a project, with its own checklist if there is one, from a folder of its own.
fn load(project: &str, own: Option<&[u8]>) -> Result<Loaded, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join("greenlight.toml")).unwrap();
    fs_err::write(&path, project).unwrap();
    if let Some(own) = own {
        fs_err::write(folder.path().join("own.toml"), own).unwrap();
    }
    load::project("".into(), &path, &rules::known())
}

/// How many tables of an array are in a text.
fn tables(text: &str, name: &str) -> usize {
    let table: toml::Table = text.parse().unwrap_or_default();
    table.get(name).and_then(|list| list.as_array()).map_or(0, Vec::len)
}

/// How many checks the wrapper's own file has, whatever else is loaded.
fn always() -> usize {
    load::shipped("wrapper", &rules::known()).unwrap().map_or(0, |shipped| shipped.checks.len())
}

/// The text with some bytes deleted, inserted or flipped.
fn mutated(text: &str, changes: &[(u8, prop::sample::Index, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (kind, at, byte) in changes {
        let at = at.index(bytes.len());
        match kind {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, *byte),
            _ => bytes[at] ^= 1 << (byte % 8),
        }
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, u8)>> {
    // Characters that TOML consists of are tried more often than the rest.
    let byte = prop_oneof![3 => prop::sample::select(b"\"[]{}=.,#\n\\-0azA '".to_vec()), 1 => any::<u8>()];
    prop::collection::vec((0..3_u8, any::<prop::sample::Index>(), byte), 1..6)
}

const HEADERS: &[&str] = &[
    "[project]",
    "[failure]",
    "[[shot]]",
    "[shot.brief]",
    "[api]",
    "[host.a]",
    "[[probe]]",
    "[[check]]",
    "[[fault]]",
    "[[claim]]",
    "[[model]]",
    "[[answer]]",
    "[[waiver]]",
    "[check.with]",
    "[[",
    "[a.b",
];
const KEYS: &[&str] = &[
    "id",
    "name",
    "route",
    "provider",
    "budget",
    "mode",
    "model",
    "duration",
    "image",
    "video",
    "references",
    "get",
    "expect",
    "with",
    "rule",
    "question",
    "source",
    "reviewed",
    "extends",
    "base-url",
    "when",
    "needs",
    "requires",
    "show",
    "checklists",
    "\"\"",
    "a.b.c",
];
const VALUES: &[&str] = &[
    "\"api\"",
    "\"own\"",
    "\"text-to-video\"",
    "2026-11-22",
    "1",
    "-1",
    "nan",
    "true",
    "[]",
    "{}",
    "[[]]",
    "\"{\"",
    "[{ status = 200 }]",
    "[{ path = \"$\", exists = true }]",
    "{ shot = \"a\" }",
    "\"2 USD\"",
    "\"limits\"",
    "{ url = \"https://x.ai\", as-of = 2026-01-01 }",
    "\"/v1/me\"",
    "\"https://api.x.ai\"",
    "'''",
];

/// Lines that look like those of a project or a checklist.
fn toml_ish() -> impl Strategy<Value = String> {
    let header = prop::sample::select(HEADERS.to_vec()).prop_map(str::to_owned);
    let key = prop::sample::select(KEYS.to_vec());
    let value =
        prop_oneof![prop::sample::select(VALUES.to_vec()).prop_map(str::to_owned), "[ -~é\u{1b}]{0,12}",];
    let line =
        prop_oneof![1 => header, 4 => (key, value).prop_map(|(key, value)| format!("{key} = {value}"))];
    prop::collection::vec(line, 0..25).prop_map(|lines| lines.join("\n"))
}

/// Reads a text as the kind of file it is, and shows what is wrong with it.
fn lint(text: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join("any.toml")).unwrap();
    fs_err::write(&path, text).unwrap();
    if let Err(LoadError::Invalid { diagnostics, sources }) = load::lint("".into(), &[path], &rules::known())
    {
        assert!(!diagnostics.is_empty());
        assert!(!load::emit::emit(&diagnostics, &sources, false, 80).is_empty());
    }
}

#[test]
fn the_unchanged_files_load() {
    let own = checklist();
    let loaded = load(ITS_PROJECT, Some(own.as_bytes())).map_err(|error| error.to_string()).unwrap();
    assert_eq!(loaded.checklist.checks.len(), always() + tables(&own, "check"));
    assert_eq!(load(PROJECT, None).unwrap().project.shots.len(), tables(PROJECT, "shot"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_checklist_loads_whole_or_not_at_all(changes in changes()) {
        let bytes = mutated(&checklist(), &changes);
        if let Ok(loaded) = load(ITS_PROJECT, Some(&bytes)) {
            let text = String::from_utf8(bytes).unwrap();
            prop_assert!(tables(&text, "check") > 0);
            prop_assert_eq!(loaded.checklist.checks.len(), always() + tables(&text, "check"));
            prop_assert!(loaded.checklist.probes.len() >= tables(&text, "probe"));
            prop_assert!(loaded.checklist.faults.len() >= tables(&text, "fault"));
        }
    }

    #[test]
    fn a_changed_project_loads_whole_or_not_at_all(changes in changes()) {
        let bytes = mutated(PROJECT, &changes);
        lint(&bytes);
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(loaded) = load(&text, None) {
            prop_assert!(!loaded.project.shots.is_empty() && !loaded.checklist.checks.is_empty());
            prop_assert_eq!(loaded.project.shots.len(), tables(&text, "shot"));
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in prop_oneof![4 => toml_ish(), 1 => any::<String>()]) {
        lint(text.as_bytes());
        if let Ok(loaded) = load(&text, Some(text.as_bytes())) {
            prop_assert!(!loaded.project.shots.is_empty() && !loaded.checklist.checks.is_empty());
        }
    }
}
