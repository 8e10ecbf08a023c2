//! What CI runs, exactly as written: the action, the jobs of docs/ci.md and the hook, played through in a shell.

mod github;
mod gitlab;

use std::{collections::BTreeMap, os::unix::fs::PermissionsExt as _, process::Command};

use camino::Utf8PathBuf;
use serde_json::Value;

use crate::support::{Ran, Sample, ran};

/// The shell of a step that names only `bash`
/// (<https://docs.github.com/actions/reference/workflow-syntax-for-github-actions>, as of 2026-11-23).
const BASH: &str = "bash --noprofile --norc -eo pipefail {0}";

/// A file of the repository.
fn repository(path: &str) -> String {
    fs_err::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The block of the page for this file.
fn block(name: &str) -> Value {
    let page = repository("docs/ci.md");
    let mut blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let head = format!("# {name}\n");
    yaml(blocks.find(|block| block.starts_with(&head)).unwrap_or_else(|| panic!("docs/ci.md has no {name}")))
}

/// A machine of a CI service: a checkout, and only the programs that such a machine has.
struct Machine {
    checkout: Sample,
    bin: Sample,
    temp: Sample,
}

impl Machine {
    /// A machine that has just checked out the sample of a route; greenlight isn't installed.
    fn with(checkout: Sample) -> Self {
        let machine = Self { checkout, bin: Sample::empty(), temp: Sample::empty() };
        let real = insta_cmd::get_cargo_bin("greenlight");
        // Installing takes minutes and a registry; this installs the binary under test instead.
        machine.program(
            "cargo",
            &format!(
                "#!/bin/sh\necho \"$@\" >> {log}\nwhile [ $# -gt 0 ]; do\n  if [ \"$1\" = --root ]; then root=\"$2\"; fi\n  \
                 shift\ndone\nmkdir -p \"$root/bin\" && cp {real} \"$root/bin/greenlight\"\n",
                log = machine.temp.path().join("cargo.log"),
                real = real.display(),
            ),
        );
        machine
    }

    /// Installs a program on the machine.
    fn program(&self, name: &str, text: &str) {
        self.bin.write(name, text);
        let path = self.bin.path().join(name);
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What cargo was asked to do.
    fn installs(&self) -> String {
        fs_err::read_to_string(self.temp.path().join("cargo.log")).unwrap_or_default()
    }

    /// Runs a script in the checkout as the services do: it stops at the first command that fails.
    fn script(&self, text: &str, path: &[Utf8PathBuf], env: &BTreeMap<String, String>) -> Ran {
        self.script_by(BASH, text, path, env)
    }

    /// Runs a script in this shell, as a step names it.
    fn script_by(
        &self,
        shell: &str,
        text: &str,
        path: &[Utf8PathBuf],
        env: &BTreeMap<String, String>,
    ) -> Ran {
        let options = shell.strip_prefix("bash ").and_then(|rest| rest.strip_suffix(" {0}")).unwrap();
        let mut places: Vec<String> = path.iter().map(ToString::to_string).collect();
        places.extend([self.bin.path().to_string(), "/usr/bin".to_owned(), "/bin".to_owned()]);
        let mut bash = Command::new("/bin/bash");
        bash.args(options.split(' ')).args(["-c", text]);
        bash.env_clear().envs(env).env("PATH", places.join(":")).env("CI", "true");
        ran(bash.current_dir(self.checkout.path()))
    }
}

#[test]
fn the_hook_finds_the_mistakes_of_the_files_it_is_given() {
    let hooks = yaml(&repository(".pre-commit-hooks.yaml"));
    let hook = &hooks[0];
    let used = &block(".pre-commit-config.yaml")["repos"][0]["hooks"][0];
    assert_eq!((&hook["id"], &hook["language"]), (&used["id"], &Value::from("rust")));
    let matches =
        |of: &Value, name: &str| regex::Regex::new(of["files"].as_str().unwrap()).unwrap().is_match(name);
    for (name, ours, theirs) in [
        ("greenlight.toml", true, true),
        ("plans/spring/greenlight.toml", true, true),
        ("answers.toml", true, true),
        ("plans/own.toml", false, true),
        ("Cargo.toml", false, false),
        ("my-greenlight.toml", false, false),
    ] {
        assert_eq!((matches(hook, name), matches(used, name)), (ours, theirs), "{name}");
    }
    let machine = Machine::with(Sample::of("api"));
    machine.script("cargo install --root .", &[], &BTreeMap::new());
    let path = [machine.checkout.path().join("bin")];
    let entry = hook["entry"].as_str().unwrap();
    let run = |text: &str| machine.script(text, &path, &BTreeMap::new());
    assert_eq!(run(&format!("{entry} greenlight.toml")).code, 0);
    let own = "id = \"own\"\nroute = \"api\"\nowner = \"us\"\nreviewed = 2026-11-01\n";
    machine.checkout.write("own.toml", &own.replace("owner", "onwer"));
    assert_eq!(run(&format!("{entry} own.toml")).code, 2);
    machine.checkout.edit("[project]", "[project]\nchecklists = [\"own.toml\"]");
    let named = run(&format!("{entry} greenlight.toml"));
    assert!(named.code == 2 && named.err.contains("own.toml"), "{}", named.all());
    machine.checkout.write("own.toml", own);
    machine.checkout.edit("name", "nmae");
    let wrong = run(&format!("{entry} greenlight.toml"));
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `name`?"), "{}", wrong.all());
}
