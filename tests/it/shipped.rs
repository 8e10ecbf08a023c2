//! What ships: every cell of the matrix has a check, and every fact says where it comes from.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use greenlight::{judge::rules, load, standin};

use crate::support::{greenlight, ran};

const ROWS: [&str; 7] =
    ["access", "mode", "input-media", "output-handling", "failure-policy", "safety", "cost"];

/// The TOML files of a folder of this repository, by name.
fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort_unstable();
    files
}

fn cells() -> BTreeSet<(String, String)> {
    let list = ran(&mut greenlight(&["list", "--format", "json"])).json();
    let word = |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    list.as_array().unwrap().iter().map(|entry| (word(entry, "route"), word(entry, "row"))).collect()
}

#[test]
fn every_row_of_every_route_holds_a_check() {
    let cells = cells();
    for route in ["api", "app", "wrapper"] {
        for row in ROWS {
            assert!(cells.contains(&(route.to_owned(), row.to_owned())), "{route} × {row} is empty");
        }
    }
    assert_eq!(cells.len(), 21, "no cell is outside the matrix: {cells:?}");
}

/// The tables of a shipped file that state facts about the outside world.
fn fact_tables(file: &str, text: &str) -> Vec<(String, toml::Table)> {
    let table: toml::Table = text.parse().unwrap();
    let mut facts = Vec::new();
    for kind in ["claim", "fault", "check", "material", "route", "credential", "slug"] {
        for (at, entry) in table.get(kind).and_then(|v| v.as_array()).into_iter().flatten().enumerate() {
            facts.push((format!("{file} [[{kind}]] {}", at + 1), entry.as_table().unwrap().clone()));
        }
    }
    let owners = table.get("owner").and_then(|v| v.as_array()).into_iter().flatten();
    let stated =
        owners.flat_map(|owner| ["free", "pages"].map(|key| owner.get(key).and_then(|v| v.as_array())));
    for fact in stated.flatten().flatten() {
        facts.push((format!("{file} {fact}"), fact.as_table().unwrap().clone()));
    }
    facts
}

#[test]
fn every_shipped_fact_has_an_address_and_a_day() {
    let mut count = 0;
    for path in files("checklists").into_iter().chain(files("checklists/packs")) {
        let text = fs_err::read_to_string(&path).unwrap();
        for (name, fact) in fact_tables(&path.display().to_string(), &text) {
            let source = fact.get("source").unwrap_or_else(|| panic!("{name} has no source"));
            assert!(source["url"].as_str().unwrap().starts_with("https://"), "{name}");
            let day = source["as-of"].as_datetime().unwrap_or_else(|| panic!("{name} has no day"));
            let reviewed = text.parse::<toml::Table>().unwrap()["reviewed"].to_string();
            assert!(day.to_string() <= reviewed, "{name} is newer than the review of its file");
            count += 1;
        }
    }
    assert!(count > 100, "only {count} facts were found");
}

/// The topics of all routes, each with the checks that are about it.
fn topics() -> BTreeMap<String, BTreeMap<&'static str, Vec<String>>> {
    let mut topics: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
    for checklist in load::shipped_routes(&rules::known()).unwrap() {
        for check in checklist.own_checks() {
            let topic = check.topic.as_ref().unwrap_or_else(|| panic!("{} has no topic", check.id));
            let of_topic = topics.entry(topic.to_string()).or_default();
            of_topic.entry(checklist.route.unwrap().word()).or_default().push(check.id.to_string());
        }
    }
    topics
}

/// Routes are compared by topic, so a new, missing or differently spelled topic must be reviewed here.
#[test]
fn every_check_of_every_route_has_a_topic() {
    let mut text = String::new();
    for (topic, routes) in topics() {
        let _ = writeln!(text, "{topic}");
        for (route, checks) in routes {
            let _ = writeln!(text, "  {route:<7}  {}", checks.join(", "));
        }
    }
    insta::assert_snapshot!("topics", text);
}

#[test]
fn what_every_route_has_to_answer_is_comparable() {
    let topics = topics();
    for topic in
        ["account", "media-rights", "mode", "policy", "likeness", "retention", "retries", "saving-clips"]
    {
        let routes: Vec<_> = topics[topic].keys().copied().collect();
        assert_eq!(routes, ["api", "app", "wrapper"], "{topic}");
    }
}

#[test]
fn every_host_that_can_be_called_has_a_stand_in_and_no_other_host_has() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = |path: &str| -> toml::Table {
        fs_err::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{error}")).parse().unwrap()
    };
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let mut owners = BTreeSet::new();
    for owner in table("checklists/owners.toml")["owner"].as_array().unwrap() {
        let id = text(&owner["id"]);
        // For some owners only their pages are known.
        let Some(free) = owner.get("free") else { continue };
        let called: BTreeSet<_> = free.as_array().unwrap().iter().map(|free| text(&free["host"])).collect();
        let mut hosts = table(&format!("scenarios/{id}.toml"))["hosts"].as_array().unwrap().clone();
        // The host of finished clips gets no probe and no key.
        if root.join(format!("scenarios/jobs/{id}.toml")).exists() {
            let films = text(&table(&format!("scenarios/jobs/{id}.toml"))["film"]["host"]);
            assert!(!called.contains(&films), "{films}");
            hosts.retain(|host| text(host) != films);
        }
        assert_eq!(hosts.iter().map(text).collect::<BTreeSet<_>>(), called, "{id}");
        owners.insert(id);
    }
    assert_eq!(standin::providers().map(str::to_owned).collect::<BTreeSet<_>>(), owners);
}

#[test]
fn every_checklist_in_the_folder_is_shipped() {
    for path in files("checklists") {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let shipped = load::shipped(&stem, &rules::known()).unwrap();
        // The other files contain no checks: models, paid jobs, hosts and keys, and what `init` proposes.
        let wanted =
            (!["catalogue", "jobs", "owners", "routes"].contains(&stem.as_str())).then_some(stem.clone());
        assert_eq!(shipped.map(|checklist| checklist.id.to_string()), wanted, "{stem}");
    }
}
