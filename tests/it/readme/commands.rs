//! The commands in README and the pages, run exactly as written.

use std::{os::unix::fs::PermissionsExt as _, process::Command};

use greenlight::load;
use regex::Regex;
use rstest::rstest;

use crate::support::{
    Ran, Sample,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
};

/// The expected exit codes of a page's commands, if they are not 0, and a piece of the output.
type Ends = &'static [(&'static str, i32, &'static str)];

/// Every page with commands.
const PAGES: [(&str, Ends); 8] = [
    (
        "README.md",
        &[
            ("greenlight check --rehearse --project samples/api", 3, "REHEARSAL"),
            // No one is there to answer; it says what to type instead.
            ("greenlight init", 2, "no terminal"),
            ("greenlight check --rehearse", 3, "REHEARSAL"),
            ("greenlight check", 3, " · would be HOLD\n"),
            ("greenlight answer", 2, "no terminal"),
            ("greenlight check --watch", 3, " · would be HOLD\n"),
            ("greenlight check --report json=receipt.json", 3, " · would be HOLD\n"),
            ("greenlight verify receipt.json --max-age 24h", 3, "✗ says GO"),
            ("greenlight clip --dry-run", 0, "Nothing was sent"),
            (
                "greenlight compare --project samples/api api app wrapper:fal wrapper:replicate",
                0,
                "WHO QUALIFIES",
            ),
        ],
    ),
    ("docs/configuration.md", &[]),
    (
        "docs/ci.md",
        &[
            ("greenlight check --format junit", 3, "<testsuites"),
            (
                "greenlight check --report sarif=out/preflight.sarif --report markdown=out/preflight.md",
                3,
                " · would be HOLD\n",
            ),
            ("greenlight check --only access,cost", 0, "PARTIAL"),
            ("greenlight check --fail-on warn", 3, " · would be HOLD\n"),
            ("greenlight check a/greenlight.toml b 'plans/**/greenlight.toml'", 3, "3 PROJECTS"),
        ],
    ),
    (
        "docs/receipts.md",
        &[
            ("greenlight check --report json=receipt.json", 3, " · would be HOLD\n"),
            ("greenlight verify receipt.json --max-age 24h", 3, "✗ says GO"),
            ("greenlight check --format in-toto > receipt.intoto.json", 3, ""),
            ("greenlight check --record calls.json", 3, " · would be HOLD\n"),
            ("greenlight check --replay calls.json", 3, "REPLAY"),
            ("greenlight check --offline --at 2026-12-24", 3, "AS OF"),
            ("greenlight compare a/greenlight.toml b/greenlight.toml", 0, "2 routes"),
            (
                "greenlight report receipt.json --format html --output dossier.html",
                0,
                "The dossier is in dossier.html.",
            ),
        ],
    ),
    ("docs/checklists.md", &[("greenlight check --rehearse --project studio", 3, "REHEARSAL")]),
    (
        "docs/packs.md",
        &[
            ("greenlight check --rehearse --project samples/wrapper", 3, "REHEARSAL"),
            ("greenlight check --rehearse no-balance --project samples/wrapper", 3, "no-balance"),
        ],
    ),
    (
        "docs/clip.md",
        &[
            ("greenlight clip --rehearse --yes", 4, "the preflight would be HOLD"),
            // There is no key here.
            ("greenlight clip opening", 4, "the preflight would be HOLD"),
            ("greenlight clip --resume", 4, "no job to continue"),
            ("greenlight clip opening --retry duration=4 --yes", 4, "the preflight would be HOLD"),
            ("greenlight clip opening --again", 4, "the preflight would be HOLD"),
            ("greenlight ledger", 0, "No jobs yet"),
            ("greenlight escalate opening-1", 2, "no job `opening-1`"),
        ],
    ),
    (
        "docs/standin.md",
        &[
            ("greenlight standin --plays", 0, "moderated"),
            ("greenlight check --rehearse", 3, "REHEARSAL"),
            ("greenlight check --rehearse no-credits", 1, "REHEARSAL"),
            ("greenlight clip --rehearse --yes", 4, "the preflight would be HOLD"),
        ],
    ),
];

/// A folder with projects, where the provider is a server of this machine.
struct Place {
    sample: Sample,
    bin: Sample,
    _provider: Recorder,
}

impl Place {
    fn new() -> Self {
        let sample = Sample::of("api");
        for folder in ["samples/api", "a", "b", "plans/deep"] {
            let to = sample.path().join(folder);
            fs_err::create_dir_all(&to).unwrap();
            for file in ["greenlight.toml", "robot.jpg", "opening.mp4"] {
                fs_err::copy(sample.path().join(file), to.join(file)).unwrap();
            }
        }
        fs_err::create_dir_all(sample.path().join("samples/wrapper")).unwrap();
        for file in fs_err::read_dir(super::page("samples/wrapper")).unwrap() {
            let file = file.unwrap();
            if file.file_type().unwrap().is_file() {
                fs_err::copy(
                    file.path(),
                    sample.path().join("samples/wrapper").join(file.file_name().to_str().unwrap()),
                )
                .unwrap();
            }
        }
        let bin = Sample::empty();
        let provider = Recorder::start(|request, _| healthy(request) as Answer);
        // A command from README goes to the provider's own host; here, it goes to the server of this machine.
        let real = insta_cmd::get_cargo_bin("greenlight");
        let script = format!(
            "#!/bin/sh\ncase \" $* \" in\n*--rehearse*|*--replay*) exec {real} \"$@\" ;;\n\
             ' check '*|' clip '*) verb=$1; shift; exec {real} $verb --base-url {origin} \"$@\" ;;\n*) exec {real} \"$@\" ;;\nesac\n",
            real = real.display(),
            origin = provider.origin,
        );
        bin.write("greenlight", &script);
        fs_err::set_permissions(bin.path().join("greenlight"), std::fs::Permissions::from_mode(0o755))
            .unwrap();
        Self { sample, bin, _provider: provider }
    }

    fn run(&self, line: &str) -> Ran {
        let mut bash = Command::new("/bin/bash");
        // Presses q, to end `--watch`.
        self.sample.write("keys", "q");
        let keys = fs_err::File::open(self.sample.path().join("keys")).unwrap().into_file();
        bash.args(["-ec", line]).current_dir(self.sample.path()).stdin(keys);
        bash.env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.bin.path())).env("CI", "true");
        ran(bash.env("XAI_API_KEY", "xai-invented-for-a-test-0123456789"))
    }
}

/// The command lines of a page, without their comments.
fn typed(page: &str) -> Vec<String> {
    let remark = Regex::new(r"\s+# .*$").unwrap();
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter(|line| !line.trim().is_empty());
    lines.map(|line| remark.replace(line, "").replace("cargo run --locked -- ", "greenlight ")).collect()
}

/// The files that a page shows: code blocks whose first line is a file name.
fn files(page: &str) -> Vec<(String, String)> {
    let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let named = |block: &str| {
        let name = block.lines().next()?.strip_prefix("# ")?.trim().to_owned();
        std::path::Path::new(&name)
            .extension()
            .is_some_and(|end| end == "toml")
            .then(|| (name, block.to_owned()))
    };
    blocks.filter_map(named).collect()
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[case(3)]
#[case(4)]
#[case(5)]
#[case(6)]
#[case(7)]
fn every_command_does_what_is_said(#[case] number: usize) {
    let (name, ends) = PAGES[number];
    let page = fs_err::read_to_string(super::page(name)).unwrap();
    let place = Place::new();
    for (file, text) in files(&page) {
        let file = place.sample.path().join(file);
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        fs_err::write(&file, text).unwrap();
        if file.file_name() == Some("greenlight.toml") || !file.as_str().contains("studio") {
            continue;
        }
        let lint = place.run(&format!("greenlight lint {file}"));
        assert_eq!(lint.code, 0, "{name}: {}", lint.all());
    }
    let (mut seen, mut count) = (Vec::new(), 0);
    for line in typed(&page) {
        count += 1;
        if line == "tests/run --install" {
            assert!(std::path::Path::new(&super::page("tests/run")).exists());
            continue;
        }
        if let Some(variable) = line.strip_prefix("export ") {
            let key = variable.split('=').next().unwrap().to_owned();
            assert!(load::key_variables().contains(&key), "{line}");
            continue;
        }
        let known = ends.iter().find(|(command, ..)| *command == line);
        let (code, says) = known.map_or((0, ""), |(_, code, says)| (*code, *says));
        // It is meant for a folder without a project.
        let begin = if line == "greenlight init" { "mkdir new; cd new; " } else { "" };
        let run = place.run(&format!("{begin}{line}"));
        assert_eq!(run.code, code, "{name}: {line}\n{}", run.all());
        assert!(run.all().contains(says), "{name}: {line}\n{}", run.all());
        seen.push(line);
    }
    assert!(count > 0, "{name}");
    for (command, ..) in ends {
        assert!(seen.iter().any(|line| line == command), "{name} has no {command}");
    }
}

/// No page with commands is left out.
#[test]
fn every_page_with_commands_is_run() {
    for entry in fs_err::read_dir(super::page("docs")).unwrap() {
        let name = format!("docs/{}", entry.unwrap().file_name().to_str().unwrap());
        let with = std::path::Path::new(&name).extension().is_some_and(|end| end == "md")
            && fs_err::read_to_string(super::page(&name)).unwrap().contains("```sh\n");
        assert_eq!(with, PAGES.iter().any(|(page, _)| *page == name), "{name}");
    }
}

/// In running text: every verb and flag exists.
#[test]
fn every_verb_and_flag_in_the_text_exists() {
    let pages = PAGES.map(|(name, _)| fs_err::read_to_string(super::page(name)).unwrap());
    let text = pages.concat();
    let command = greenlight::cli::command();
    let inline = Regex::new(r"`greenlight ([a-z-]+)([^`]*)`").unwrap();
    let flag = Regex::new(r"--[a-z-]+").unwrap();
    let mut found = 0;
    for parts in inline.captures_iter(&text) {
        let verb = command.find_subcommand(&parts[1]).unwrap_or_else(|| panic!("no verb {}", &parts[1]));
        for flag in flag.find_iter(&parts[2]) {
            let name = flag.as_str().trim_start_matches("--");
            let known = verb.get_arguments().any(|arg| arg.get_long() == Some(name));
            assert!(known, "`{}` has no {}", &parts[1], flag.as_str());
        }
        found += 1;
    }
    assert!(found > 5, "{found}");
}
