//! The jobs of GitLab, as its runner runs them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Machine, block};
use crate::{
    answers::cleared,
    support::{Ran, Sample},
};

/// All lines of a job as one script that stops at the first failure.
fn script(job: &Value) -> String {
    let config = block(".gitlab-ci.yml");
    let base = &config[job["extends"].as_str().unwrap()];
    let lines = |lines: &Value| lines.as_array().unwrap().clone();
    let all = [lines(&base["before_script"]), lines(&job["script"])].concat();
    all.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn run(machine: &Machine, name: &str) -> Ran {
    let config = block(".gitlab-ci.yml");
    let text = |value: &str| value.to_owned();
    let mut env = BTreeMap::from([
        (text("CI_PROJECT_DIR"), machine.checkout.path().to_string()),
        (text("CI_JOB_TOKEN"), text("token")),
        (text("CI_API_V4_URL"), text("https://gitlab.example/api/v4")),
        (text("CI_PROJECT_ID"), text("7")),
        (text("CI_DEFAULT_BRANCH"), text("main")),
    ]);
    for (variable, value) in config[".greenlight"]["variables"].as_object().unwrap() {
        env.insert(variable.clone(), text(value.as_str().unwrap()));
    }
    machine.script(&script(&config[name]), &[], &env)
}

/// The service's artifacts, as `curl` downloads them.
fn curl(receipt: &str) -> String {
    format!(
        "#!/bin/sh\nfor last; do :; done\nexpected=https://gitlab.example/api/v4/projects/7/jobs/artifacts/main/raw/\
         greenlight-receipt.json?job=preflight\n[ \"$last\" = \"$expected\" ] || exit 22\n\
         case \"$*\" in *'JOB-TOKEN: token'*) ;; *) exit 22 ;; esac\ncp {receipt} greenlight-receipt.json\n"
    )
}

/// How the nightly job and the deploy of the next morning end.
fn night_and_morning(project: &Sample) -> (Ran, Ran) {
    let (first, second) = (Machine::with(project.copy()), Machine::with(project.copy()));
    let night = run(&first, "preflight");
    let artifacts = &block(".gitlab-ci.yml")["preflight"]["artifacts"];
    let kept = [&artifacts["paths"][0], &artifacts["reports"]["junit"]];
    let kept = kept.map(|path| first.checkout.path().join(path.as_str().unwrap()));
    assert!(kept.iter().all(|path| path.exists()), "{}", night.all());
    second.program("curl", &curl(kept[0].as_str()));
    let morning = run(&second, "deploy");
    (night, morning)
}

#[test]
fn a_go_at_night_clears_the_deploy_of_the_morning() {
    let (night, morning) = night_and_morning(&cleared());
    assert_eq!((night.code, morning.code), (0, 0), "{}{}", night.all(), morning.all());
    assert!(morning.out.ends_with("cleared\n"));
}

#[test]
fn a_hold_fails_the_job_and_clears_nothing() {
    let (night, morning) = night_and_morning(&Sample::of("wrapper"));
    assert_eq!((night.code, morning.code), (3, 3), "{}{}", night.all(), morning.all());
    assert!(!morning.out.contains("cleared\n"));
}
