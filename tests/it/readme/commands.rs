//! The commands of README, run as they stand there.

use std::{os::unix::fs::PermissionsExt as _, process::Command};

use greenlight::load;
use regex::Regex;

use crate::support::{
    Ran, Sample,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
};

/// Every command of README, the code it ends with here, and a piece of what it prints.
const ALL: [(&str, i32, &str); 30] = [
    ("greenlight check --rehearse --project samples/api", 3, "REHEARSAL"),
    // Nobody is there to be asked; what to type instead is said.
    ("greenlight init", 2, "not a terminal"),
    ("greenlight check --rehearse", 3, "REHEARSAL"),
    ("greenlight check", 3, " · would be HOLD\n"),
    ("greenlight answer", 2, "not a terminal"),
    ("greenlight check --format junit", 3, "<testsuites"),
    (
        "greenlight check --report sarif=out/preflight.sarif --report markdown=out/preflight.md",
        3,
        " · would be HOLD\n",
    ),
    ("greenlight check a/greenlight.toml b 'plans/**/greenlight.toml'", 3, "3 PROJECTS"),
    ("greenlight check --only access,cost", 0, "PARTIAL"),
    ("greenlight check --fail-on warn", 3, " · would be HOLD\n"),
    ("greenlight clip --dry-run", 0, "Nothing was sent"),
    ("greenlight clip --rehearse --yes", 4, "the preflight says would be HOLD"),
    // Nobody has a key here.
    ("greenlight clip opening", 4, "the preflight says would be HOLD"),
    ("greenlight clip --resume", 4, "no job to go on with"),
    ("greenlight clip opening --retry duration=4 --yes", 4, "the preflight says would be HOLD"),
    ("greenlight ledger", 0, "No jobs yet"),
    ("greenlight standin --plays", 0, "moderated"),
    ("greenlight escalate opening-1", 2, "no job `opening-1`"),
    ("greenlight check --report json=receipt.json", 3, " · would be HOLD\n"),
    ("greenlight verify receipt.json --max-age 24h", 3, "✗ says GO"),
    ("greenlight diff yesterday.json receipt.json", 0, ""),
    ("greenlight check --format in-toto > receipt.intoto.json", 3, ""),
    ("greenlight compare --project samples/api api app wrapper:fal wrapper:replicate", 0, "WHO QUALIFIES"),
    ("greenlight compare a/greenlight.toml b/greenlight.toml", 0, "2 routes"),
    ("greenlight compare yesterday.json receipt.json", 0, "2 routes"),
    (
        "greenlight answer api.failure-billing --value yes --evidence https://docs.x.ai/developers/pricing --evidence \"quote:the words that you read there\" --clause \"Video\" --by Ann",
        0,
        "Recorded api.failure-billing",
    ),
    ("greenlight report > dossier.md", 0, ""),
    (
        "greenlight report receipt.json --format html --output dossier.html",
        0,
        "The dossier is in dossier.html.",
    ),
    ("greenlight check --record calls.json", 3, " · would be HOLD\n"),
    ("greenlight check --replay calls.json", 3, "REPLAY"),
];

/// A folder with projects, in which the provider is a server of this machine.
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
        let bin = Sample::empty();
        let provider = Recorder::start(|request, _| healthy(request) as Answer);
        // Whatever is typed in README goes to the provider's own host; here, to the server of this machine.
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
        bash.args(["-ec", line]).current_dir(self.sample.path()).stdin(std::process::Stdio::null());
        bash.env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.bin.path())).env("CI", "true");
        ran(bash.env("XAI_API_KEY", "xai-invented-for-a-test-0123456789"))
    }
}

/// The lines of README that are typed, without their remarks.
fn typed() -> Vec<String> {
    let readme = fs_err::read_to_string(super::README).unwrap();
    let remark = Regex::new(r"\s+# .*$").unwrap();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter(|line| !line.trim().is_empty());
    lines.map(|line| remark.replace(line, "").replace("cargo run --locked -- ", "greenlight ")).collect()
}

#[test]
fn every_command_does_what_is_said() {
    let place = Place::new();
    let mut seen = Vec::new();
    for line in typed() {
        if line == "tests/run --install" {
            assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run").exists());
            continue;
        }
        if let Some(variable) = line.strip_prefix("export ") {
            let name = variable.split('=').next().unwrap().to_owned();
            assert!(load::key_variables().contains(&name), "{line}");
            continue;
        }
        let known = ALL.iter().find(|(command, ..)| *command == line);
        let (command, code, says) =
            known.unwrap_or_else(|| panic!("README has a command that is not run: {line}"));
        if command.contains("yesterday.json") {
            place.run("cp receipt.json yesterday.json");
        }
        // It is typed where there is no project yet.
        let begin = if *command == "greenlight init" { "mkdir new; cd new; " } else { "" };
        let run = place.run(&format!("{begin}{command}"));
        assert_eq!(run.code, *code, "{command}\n{}", run.all());
        assert!(run.all().contains(says), "{command}\n{}", run.all());
        seen.push(*command);
    }
    for (command, ..) in ALL {
        assert!(seen.contains(&command), "README has no {command}");
    }
    for file in
        ["out/preflight.sarif", "out/preflight.md", "receipt.intoto.json", "dossier.md", "dossier.html"]
    {
        assert!(place.sample.path().join(file).exists(), "{file}");
    }
}

/// What stands in running text: a verb and flags that exist.
#[test]
fn every_verb_and_flag_in_the_text_exists() {
    let readme = fs_err::read_to_string(super::README).unwrap();
    let command = greenlight::cli::command();
    let inline = Regex::new(r"`greenlight ([a-z-]+)([^`]*)`").unwrap();
    let flag = Regex::new(r"--[a-z-]+").unwrap();
    let mut found = 0;
    for parts in inline.captures_iter(&readme) {
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
