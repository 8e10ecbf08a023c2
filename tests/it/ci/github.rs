//! The action and the two workflows, step by step as GitHub's runner runs them.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::Value;

use super::{BASH, Machine, block, repository, yaml};
use crate::{
    answers::{cleared, unanswer},
    support::Sample,
};

/// A job that is being run.
struct Job<'m> {
    machine: &'m Machine,
    store: &'m Sample,
    secrets: BTreeMap<String, String>,
    log: String,
    outputs: BTreeMap<String, String>,
}

impl Job<'_> {
    /// Runs all steps; returns whether the job succeeds.
    fn run(&mut self, job: &Value) -> bool {
        let mut good = true;
        for step in job["steps"].as_array().unwrap() {
            let always = step["if"] == "${{ always() }}";
            assert!(always || step["if"].is_null(), "a condition that is not acted out: {step}");
            if good || always {
                good &= self.step(step);
            }
        }
        good
    }

    fn step(&mut self, step: &Value) -> bool {
        let env = self.values(&step["env"], &BTreeMap::new());
        let Some(uses) = step["uses"].as_str() else {
            return self.script(BASH, step["run"].as_str().unwrap(), &env) == 0;
        };
        let with = self.values(&step["with"], &BTreeMap::new());
        match uses.split('@').next().unwrap() {
            "actions/checkout" => true,
            "actions/upload-artifact" => {
                let file = self.machine.checkout.path().join(&with["path"]);
                fs_err::copy(file, self.store.path().join(&with["name"])).is_ok()
            }
            "OWNER/greenlight" => self.action(&with, &env),
            other => panic!("{other} is not acted out"),
        }
    }

    /// The composite action of this repository.
    fn action(&mut self, with: &BTreeMap<String, String>, outer: &BTreeMap<String, String>) -> bool {
        let action = yaml(&repository("action.yml"));
        let known = action["inputs"].as_object().unwrap();
        assert!(with.keys().all(|name| known.contains_key(name)), "{with:?}");
        let value = |(name, input): (&String, &Value)| {
            (format!("inputs.{name}"), with.get(name).cloned().unwrap_or_else(|| text(&input["default"])))
        };
        let inputs: BTreeMap<_, _> = known.iter().map(value).collect();
        action["runs"]["steps"].as_array().unwrap().iter().all(|step| {
            assert!(
                step["if"].is_null() && step["continue-on-error"].is_null(),
                "a step that could be skipped"
            );
            let shell = step["shell"].as_str().unwrap();
            assert!(shell.contains(" -p "), "functions of the job are let in: {shell}");
            let script = step["run"].as_str().unwrap();
            assert!(!script.contains("${{"), "an input in a script is an injection: {script}");
            let mut env = outer.clone();
            env.extend(self.values(&step["env"], &inputs));
            self.script(shell, script, &env) == 0
        })
    }

    fn values(&self, map: &Value, inputs: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let Some(map) = map.as_object() else { return BTreeMap::new() };
        map.iter().map(|(name, value)| (name.clone(), self.filled(&text(value), inputs))).collect()
    }

    /// A value with its expression evaluated.
    fn filled(&self, value: &str, inputs: &BTreeMap<String, String>) -> String {
        let Some(name) = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) else {
            return value.to_owned();
        };
        match name {
            "github.action_path" => env!("CARGO_MANIFEST_DIR").to_owned(),
            "github.token" => "token".to_owned(),
            "github.event.repository.default_branch" => "trunk".to_owned(),
            _ => match name.strip_prefix("secrets.") {
                Some(secret) => self.secrets.get(secret).cloned().unwrap_or_default(),
                None => inputs.get(name).unwrap_or_else(|| panic!("{name} is not acted out")).clone(),
            },
        }
    }

    fn script(&mut self, shell: &str, script: &str, env: &BTreeMap<String, String>) -> i32 {
        let temp = self.machine.temp.path();
        let mut env = env.clone();
        for (name, file) in
            [("GITHUB_OUTPUT", "output"), ("GITHUB_PATH", "path"), ("GITHUB_STEP_SUMMARY", "summary")]
        {
            env.insert(name.to_owned(), temp.join(file).to_string());
        }
        env.insert("RUNNER_TEMP".to_owned(), temp.to_string());
        env.insert("GITHUB_ACTIONS".to_owned(), "true".to_owned());
        let read = |file: &str| fs_err::read_to_string(temp.join(file)).unwrap_or_default();
        let path: Vec<_> = read("path").lines().rev().map(Into::into).collect();
        let run = self.machine.script_by(shell, script, &path, &env);
        self.log.push_str(&run.all());
        let pairs = read("output");
        let pairs = pairs.lines().filter_map(|line| line.split_once('='));
        self.outputs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        run.code
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The newest run's artifact, as GitHub's own CLI downloads it. The newest of all, run 13, is of a pull request.
fn gh(store: &Sample) -> String {
    format!(
        "#!/bin/sh\n[ -n \"$GH_TOKEN\" ] || exit 4\ncase \"$1 $2\" in\n\
         'run list')\n  case \" $* \" in *' --branch trunk '*) ;; *) echo 13; exit ;; esac\n\
         \x20 case \" $* \" in *' --event schedule '*) echo 42 ;; *) echo 13 ;; esac ;;\n\
         'run download')\n  [ \"$3\" = 42 ] || {{ echo \"run $3 is of a pull request\" >&2; exit 1; }}\n\
         \x20 cp {}/\"$5\" \"$5.json\" ;;\n*) exit 1 ;;\nesac\n",
        store.path()
    )
}

fn job<'m>(machine: &'m Machine, store: &'m Sample) -> Job<'m> {
    Job { machine, store, secrets: BTreeMap::new(), log: String::new(), outputs: BTreeMap::new() }
}

/// One night and the deploy of the next morning, each on its own machine.
fn night_and_morning(at_night: &Sample, in_the_morning: &Sample) -> (bool, bool, String, String) {
    let (store, first, second) =
        (Sample::empty(), Machine::with(at_night.copy()), Machine::with(in_the_morning.copy()));
    let mut night = job(&first, &store);
    let passed = night.run(&block(".github/workflows/preflight.yml")["jobs"]["preflight"]);
    let summary = fs_err::read_to_string(first.temp.path().join("summary")).unwrap_or_default();
    assert!(summary.contains("greenlight"), "the step summary is written, whatever was decided: {summary}");
    assert!(first.installs().contains("install --locked"));
    second.program("gh", &gh(&store));
    let mut morning = job(&second, &store);
    let deployed = morning.run(&block(".github/workflows/deploy.yml")["jobs"]["deploy"]);
    assert_eq!(deployed, morning.log.contains("cleared\n"), "{}", morning.log);
    (passed, deployed, night.log, morning.log)
}

#[test]
fn a_go_at_night_clears_the_deploy_of_the_morning() {
    let (passed, deployed, night, morning) = {
        let project = cleared();
        night_and_morning(&project, &project)
    };
    assert!(passed && deployed, "{night}\n{morning}");
}

#[test]
fn a_hold_fails_both_jobs() {
    let (passed, deployed, night, morning) =
        night_and_morning(&Sample::of("wrapper"), &Sample::of("wrapper"));
    assert!(!passed && night.ends_with("exit 3\n"), "{night}");
    assert!(!deployed && morning.ends_with("exit 3\n"), "{morning}");
}

#[test]
fn what_changed_since_the_night_is_not_cleared() {
    let project = cleared();
    let changed = project.copy();
    changed.edit("name = \"", "name = \"Another ");
    let (passed, deployed, _, morning) = night_and_morning(&project, &changed);
    assert!(passed && !deployed && morning.contains("greenlight.toml"), "{morning}");
}

/// The level that a job asks for applies in the morning as well.
#[test]
fn verifying_in_the_action_is_as_strict_as_is_asked() {
    let (machine, store) = (Machine::with(cleared()), Sample::empty());
    unanswer(&machine.checkout, "wrapper.provider-defaults");
    let mut job = job(&machine, &store);
    assert!(job.action(&BTreeMap::new(), &BTreeMap::new()), "{}", job.log);
    let with = [("verify", "true"), ("fail-on", "warn")];
    let with = with.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    assert!(!job.action(&with, &BTreeMap::new()), "{}", job.log);
    assert_eq!(job.outputs["decision"], "HOLD", "{}", job.log);
}

#[rstest]
#[case::go(cleared(), &[], "GO", 0)]
#[case::hold(Sample::of("wrapper"), &[], "HOLD", 3)]
#[case::invalid(Sample::of("wrapper"), &[("projects", "gone.toml")], "", 2)]
#[case::neither(cleared(), &[("verify", "maybe")], "", 2)]
#[case::no_receipt(cleared(), &[("verify", "true")], "", 2)]
#[case::hostile(cleared(), &[("projects", "$(touch hacked); `touch hacked`")], "", 2)]
#[case::a_flag(cleared(), &[("projects", "--exit-zero\n")], "", 2)]
#[case::level(cleared(), &[("fail-on", "--exit-zero")], "", 2)]
fn the_action_ends_as_greenlight_does(
    #[case] checkout: Sample,
    #[case] with: &[(&str, &str)],
    #[case] decision: &str,
    #[case] code: i32,
) {
    let (machine, store) = (Machine::with(checkout), Sample::empty());
    let mut job = job(&machine, &store);
    let with = with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(job.action(&with, &BTreeMap::new()), code == 0, "{}", job.log);
    assert!(job.log.ends_with(&format!("exit {code}\n")), "{}", job.log);
    let outputs = [("decision", decision.to_owned()), ("exit-code", code.to_string())];
    let outputs = outputs.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    assert_eq!(job.outputs, outputs);
    assert!(!machine.checkout.path().join("hacked").exists());
}

/// Variables that an earlier step may have set, such as someone else's action.
#[rstest]
#[case::check("false", Sample::of("wrapper"), "HOLD", 3)]
#[case::verify("true", Sample::of("wrapper"), "HOLD", 3)]
#[case::go("false", cleared(), "GO", 0)]
fn the_environment_of_a_job_has_no_say(
    #[case] verify: &str,
    #[case] checkout: Sample,
    #[case] decision: &str,
    #[case] code: i32,
) {
    let (machine, store) = (Machine::with(checkout), Sample::empty());
    let good = cleared();
    let copy = machine.checkout.path().join("good");
    fs_err::create_dir(&copy).unwrap();
    for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
        fs_err::copy(good.path().join(file), copy.join(file)).unwrap();
    }
    crate::support::ran(&mut machine.checkout.greenlight(&[
        "check",
        "--report",
        "json=greenlight-receipt.json",
    ]));
    let outer = [
        ("GREENLIGHT_EXIT_ZERO", "1"),
        ("GREENLIGHT_ONLY", "input-media"),
        ("GREENLIGHT_REHEARSE", "healthy"),
        ("GREENLIGHT_AT", "2026-11-22"),
        ("GREENLIGHT_PROJECT", "good"),
        ("GREENLIGHT_MAX_AGE", "100years"),
        ("GREENLIGHT_BASE_URL", "http://127.0.0.1:9"),
        ("GREENLIGHT_FORMAT", "json"),
        ("GREENLIGHT_FAIL_ON", "fail"),
        ("GREENLIGHT_OFFLINE", "maybe"),
        ("GREENLIGHT_SOMETHING_NEW", "1"),
        ("XAI_BASE_URL", "http://127.0.0.1:9"),
        ("SSL_CERT_FILE", "ca.pem"),
        // A function that a job exported, in place of the program.
        ("BASH_FUNC_greenlight%%", "() { echo 'greenlight 0.1.0'; }"),
        ("BASH_FUNC_unset%%", "() { true; }"),
        ("BASH_FUNC_grep%%", "() { true; }"),
    ];
    let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut job = job(&machine, &store);
    job.action(&pairs(&[("verify", verify)]), &pairs(&outer));
    assert_eq!(
        job.outputs,
        pairs(&[("decision", decision), ("exit-code", &code.to_string())]),
        "{}",
        job.log
    );
    assert!(!job.log.contains("GREENLIGHT_") && !job.log.contains("127.0.0.1"), "{}", job.log);
}

/// Whatever the reason why a run clears nothing: for example, another program is called in place of greenlight.
#[rstest]
#[case::part("--only=safety", 3)]
#[case::rehearsal("--rehearse=healthy", 3)]
#[case::replay("--replay=calls.json", 3)]
#[case::another_time("--at=2026-11-22", 3)]
#[case::another_receipt("--report=markdown=other.md", 0)]
fn a_run_that_clears_nothing_fails_the_action_without_a_decision(#[case] more: &str, #[case] code: i32) {
    let (machine, store) = (Machine::with(cleared()), Sample::empty());
    crate::support::ran(&mut machine.checkout.greenlight(&["check", "--record", "calls.json"]));
    let real = insta_cmd::get_cargo_bin("greenlight");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = check ]; then shift; exec {0} check {more} \"$@\"; fi\nexec {0} \"$@\"\n",
        real.display()
    );
    machine.program("greenlight", &script);
    let mut job = job(&machine, &store);
    assert_eq!(job.action(&BTreeMap::new(), &BTreeMap::new()), code == 0, "{}", job.log);
    assert!(job.log.ends_with(&format!("exit {code}\n")), "{}", job.log);
    let decision = if code == 0 { "GO" } else { "none" };
    assert_eq!(job.outputs["decision"], decision, "{}", job.log);
    assert_eq!(job.log.contains("::error::greenlight: the run clears nothing"), code != 0, "{}", job.log);
}

#[test]
fn several_projects_are_checked_and_verified_together() {
    let machine = Machine::with(cleared());
    let (text, root) = (machine.checkout.project(), machine.checkout.path());
    for plan in ["a", "b"] {
        let folder = root.join("plans").join(plan);
        fs_err::create_dir_all(&folder).unwrap();
        for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
            fs_err::copy(root.join(file), folder.join(file)).unwrap();
        }
    }
    let store = Sample::empty();
    let mut job = job(&machine, &store);
    let with = |verify: &str| {
        let pairs = [("projects", "plans/a\n\nplans/*/greenlight.toml\n"), ("verify", verify)];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect()
    };
    assert!(job.action(&with("false"), &BTreeMap::new()), "{}", job.log);
    assert!(job.action(&with("true"), &BTreeMap::new()), "{}", job.log);
    machine.checkout.write("plans/b/greenlight.toml", &text.replace("name = \"", "name = \"Another "));
    assert!(!job.action(&with("true"), &BTreeMap::new()), "{}", job.log);
    assert_eq!(job.outputs["decision"], "HOLD", "what `verify` itself says of a receipt of other files");
}

#[test]
fn greenlight_is_installed_once() {
    let (machine, store) = (Machine::with(cleared()), Sample::empty());
    let mut job = job(&machine, &store);
    assert!(job.action(&BTreeMap::new(), &BTreeMap::new()) && job.action(&BTreeMap::new(), &BTreeMap::new()));
    assert_eq!(machine.installs().lines().count(), 1, "{}", machine.installs());
}
