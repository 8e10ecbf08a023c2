//! README: its tables say what the code says, and its commands run.

mod commands;

use std::{collections::BTreeMap, fmt::Write as _, sync::Mutex};

use greenlight::{cli, commands::variables, exit::Exit};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Tests run at the same time, and both may write.
static AT_WORK: Mutex<()> = Mutex::new(());

/// Replaces what stands between the markers, or says that it is stale.
#[expect(clippy::disallowed_methods, reason = "a switch for developers")]
fn is_fresh(marker: &str, table: &str) {
    let (start, end) = (format!("<!-- {marker} -->\n"), "<!-- end -->");
    let _alone = AT_WORK.lock();
    let text = fs_err::read_to_string(README).unwrap();
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("README has no {start}"));
    let (old, after) = rest.split_once(end).unwrap();
    if std::env::var_os("GREENLIGHT_UPDATE").is_some() {
        fs_err::write(README, format!("{before}{start}{table}{end}{after}")).unwrap();
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
    is_fresh("exit codes", &table);
}

#[test]
fn the_variables_are_those_of_the_flags() {
    let command = cli::command();
    let mut verbs: BTreeMap<String, (String, Vec<&str>)> = BTreeMap::new();
    for verb in std::iter::once(&command).chain(command.get_subcommands()) {
        for (variable, arg) in variables(verb) {
            let long = arg.get_long().unwrap().to_owned();
            let (_, verbs) = verbs.entry(variable.to_owned()).or_insert_with(|| (long, Vec::new()));
            verbs.push(if arg.is_global_set() { "every verb" } else { verb.get_name() });
        }
    }
    let mut table = "| variable | flag | of |\n|---|---|---|\n".to_owned();
    for (variable, (long, verbs)) in &verbs {
        let _ = writeln!(table, "| `{variable}` | `--{long}` | {} |", verbs.join(", "));
    }
    assert!(verbs.len() > 5, "{table}");
    is_fresh("variables", &table);
}

#[test]
fn every_file_that_is_shown_is_right() {
    let readme = fs_err::read_to_string(README).unwrap();
    let blocks = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let whole: Vec<&str> = blocks.filter(|block| block.starts_with("id = ")).collect();
    assert_eq!(whole.len(), 3);
    for block in whole {
        let place = crate::support::Sample::empty();
        place.write("shown.toml", block);
        let run = crate::support::ran(&mut place.greenlight(&["lint", "shown.toml"]));
        assert_eq!(run.code, 0, "{}", run.all());
    }
}
