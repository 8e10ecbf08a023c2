//! README and the pages of docs/: their tables match the code, their commands run, and the picture shows real output.

mod attacks;
mod checks;
mod commands;
mod picture;

use std::{collections::BTreeMap, fmt::Write as _, sync::Mutex};

use greenlight::{cli, commands::variables, exit::Exit};

/// A page of the repository.
fn page(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Tests run in parallel, and two of them may write.
static AT_WORK: Mutex<()> = Mutex::new(());

/// Replaces the text between the markers, or reports that it is stale.
#[expect(clippy::disallowed_methods, reason = "a switch for developers")]
fn is_fresh(name: &str, marker: &str, table: &str) {
    let (start, end) = (format!("<!-- {marker} -->\n"), "<!-- end -->");
    let _alone = AT_WORK.lock();
    let text = fs_err::read_to_string(page(name)).unwrap();
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{name} has no {start}"));
    let (old, after) = rest.split_once(end).unwrap();
    if std::env::var_os("GREENLIGHT_UPDATE").is_some() {
        fs_err::write(page(name), format!("{before}{start}{table}{end}{after}")).unwrap();
    } else {
        let how = "is stale: run `GREENLIGHT_UPDATE=1 cargo test --test it readme`";
        assert!(old == table, "the table of {marker} {how}\n{table}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let mut table = "| code | meaning |\n|---:|---|\n".to_owned();
    for exit in Exit::ALL {
        let _ = writeln!(table, "| {} | {} |", exit.code(), exit.meaning());
    }
    is_fresh("README.md", "exit codes", &table);
}

#[test]
fn the_variables_are_those_of_the_flags() {
    let command = cli::command();
    let mut verbs: BTreeMap<String, (String, Vec<&str>)> = BTreeMap::new();
    for verb in std::iter::once(&command).chain(command.get_subcommands()) {
        for (variable, arg) in variables(verb) {
            let long = arg.get_long().unwrap().to_owned();
            let (_, verbs) = verbs.entry(variable.to_owned()).or_insert_with(|| (long, Vec::new()));
            verbs.push(if std::ptr::eq(verb, &raw const command) { "every verb" } else { verb.get_name() });
        }
    }
    let mut table = "| variable | flag | of |\n|---|---|---|\n".to_owned();
    for (variable, (long, verbs)) in &verbs {
        let _ = writeln!(table, "| `{variable}` | `--{long}` | {} |", verbs.join(", "));
    }
    assert!(verbs.len() > 5, "{table}");
    is_fresh("docs/configuration.md", "variables", &table);
}

#[test]
fn readme_fits_on_a_page_or_two() {
    let lines = fs_err::read_to_string(page("README.md")).unwrap().lines().count();
    assert!(lines <= 120, "README has {lines} lines");
}
