//! Several projects in one run: which ones, what is shown for each, and what they share.

use camino::Utf8Path;
use rstest::rstest;
use serde_json::Value;

use crate::support::{NOW, Sample, ran, steady};

/// A folder with the samples of two routes next to each other, and one of them again in a subfolder.
fn plans() -> Sample {
    let all = Sample::empty();
    for (folder, route) in [("api", "api"), ("app", "app"), ("deep/er/api", "api")] {
        let sample = Sample::of(route);
        fs_err::create_dir_all(all.path().join(folder)).unwrap();
        for entry in fs_err::read_dir(sample.path()).unwrap() {
            let entry = entry.unwrap();
            fs_err::copy(entry.path(), all.path().join(folder).join(entry.file_name().to_str().unwrap()))
                .unwrap();
        }
    }
    all
}

fn check(sample: &Sample, args: &[&str]) -> crate::support::Ran {
    ran(sample.greenlight(&["check", "--rehearse=healthy", "--at", NOW]).args(args))
}

fn names(receipt: &Value) -> Vec<&str> {
    let reports = receipt["reports"].as_array().unwrap();
    let project = |report: &'_ Value| {
        let inputs = report["inputs"].as_array().unwrap();
        inputs.iter().position(|input| input["role"] == "project").unwrap()
    };
    reports.iter().map(|report| report["inputs"][project(report)]["path"].as_str().unwrap()).collect()
}

#[test]
fn each_project_gets_its_table_and_all_a_summary() {
    let shown = check(&plans(), &["app", "api"]);
    let summary = shown.out.split("\n\n").last().map(str::to_owned).unwrap();
    let before = shown.out.split("2 PROJECTS").nth(1).unwrap();
    assert_eq!(shown.out.matches("greenlight · ").count(), 2);
    assert!(!summary.is_empty());
    insta::assert_snapshot!(steady(&format!("2 PROJECTS{before}exit {}\n", shown.code)));
}

#[rstest]
#[case::named(&["api", "app/greenlight.toml"], &["api/greenlight.toml", "app/greenlight.toml"])]
#[case::pattern(&["**/greenlight.toml"], &["api/greenlight.toml", "app/greenlight.toml", "deep/er/api/greenlight.toml"])]
#[case::a_pattern_with_one_match(&["deep/**/greenlight.toml"], &["deep/er/api/greenlight.toml"])]
#[case::folders(&["a*"], &["api/greenlight.toml", "app/greenlight.toml"])]
#[case::twice(&["app", "a*", "./app/greenlight.toml"], &["app/greenlight.toml", "api/greenlight.toml"])]
fn projects_are_named_by_file_folder_or_pattern(#[case] args: &[&str], #[case] wanted: &[&str]) {
    let run = check(&plans(), &[&["--format", "json"], args].concat());
    assert_eq!(names(&run.json()), wanted, "{}", run.err);
}

/// With two of them, a walk that followed links would take every path of forty steps.
#[cfg(unix)]
#[test]
fn a_pattern_follows_no_link() {
    let all = plans();
    for name in ["one", "two"] {
        std::os::unix::fs::symlink(".", all.path().join("deep").join(name)).unwrap();
    }
    let run = check(&all, &["--format", "json", "**/greenlight.toml"]);
    let wanted = ["api/greenlight.toml", "app/greenlight.toml", "deep/er/api/greenlight.toml"];
    assert_eq!(names(&run.json()), wanted, "{}", run.err);
}

/// A project above is a different one: a broken project here stops the run.
#[cfg(unix)]
#[rstest]
#[case::link_to_nowhere(|at: &Utf8Path| std::os::unix::fs::symlink("nowhere", at.join("greenlight.toml")).unwrap())]
#[case::folder(|at: &Utf8Path| fs_err::create_dir(at.join("greenlight.toml")).unwrap())]
#[case::other_letters(|at: &Utf8Path| fs_err::write(at.join("Greenlight.toml"), "[project]").unwrap())]
fn an_unusable_project_here_is_not_passed_over(#[case] put: fn(&Utf8Path)) {
    let all = plans();
    let here = all.path().join("app/sub");
    fs_err::create_dir(&here).unwrap();
    let run = |verb: &[&str]| ran(all.greenlight(verb).current_dir(&here));
    let above = run(&["check", "--offline"]);
    assert!(above.out.lines().any(|line| line == "of ../greenlight.toml"), "{}", above.out);
    put(&here);
    for verb in [&["check", "--offline"][..], &["due"], &["answer", "--list"]] {
        let run = run(verb);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(run.err.to_lowercase().contains("greenlight.toml`"), "{}", run.err);
    }
}

#[test]
fn one_named_project_is_shown_as_if_it_were_found() {
    let all = plans();
    let receipt = check(&all, &["--format", "json", "app"]).json();
    assert_eq!(receipt["project"]["route"], "app");
    let found =
        ran(all.greenlight(&["check", "--at", NOW, "--rehearse"]).current_dir(all.path().join("app")));
    let named = check(&all, &["app"]).out;
    let lines = |text: &str| {
        text.lines().filter(|line| !line.contains("greenlight ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&named), lines(&found.out));
    // The suggested next command is for the same project, and works from here.
    let next = |text: &str| {
        text.lines()
            .filter(|line| line.contains("  greenlight "))
            .map(|line| line.contains(" --project app/greenlight.toml "))
            .collect::<Vec<_>>()
    };
    assert_eq!((next(&named), next(&found.out)), (vec![true, true], vec![false, false]));
}

#[test]
fn the_worst_decision_is_the_exit_code() {
    let all = plans();
    let broken = ran(&mut all.greenlight(&[
        "check",
        "--rehearse",
        "bad-key",
        "--at",
        NOW,
        "--format",
        "json",
        "app",
        "api",
    ]));
    let decisions = |receipt: &Value| {
        let reports = receipt["reports"].as_array().unwrap();
        reports.iter().map(|report| report["would-be"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((broken.code, decisions(&broken.json())), (1, vec!["HOLD".to_owned(), "NO-GO".to_owned()]));
    assert_eq!(broken.json()["would-be"], "NO-GO");
    let open = check(&all, &["--format", "json", "app", "api"]);
    assert_eq!((open.code, &open.json()["would-be"]), (3, &Value::from("HOLD")));
}

#[test]
fn a_receipt_of_several_projects_fits_its_schema() {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/receipt.schema.json");
    let schema: Value = serde_json::from_str(&fs_err::read_to_string(schema).unwrap()).unwrap();
    let receipt = check(&plans(), &["--format", "json", "app", "api"]).json();
    assert!(jsonschema::is_valid(&schema, &receipt));
    let mut wrong = receipt;
    wrong["reports"][0]["decision"] = Value::from("MAYBE");
    assert!(!jsonschema::is_valid(&schema, &wrong));
}

#[rstest]
#[case::nothing_matches(&["plans/**/greenlight.toml"], "the pattern `plans/**/greenlight.toml`: it matches no file")]
#[case::bad_pattern(&["***"], "the pattern `***`")]
#[case::no_such_file(&["app", "gone.toml"], "cannot read `gone.toml`")]
#[case::project_twice(&["app", "--project", "api"], "cannot be used with")]
fn a_missing_project_is_an_error(#[case] args: &[&str], #[case] says: &str) {
    let run = check(&plans(), args);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains(says), "{}", run.err);
}

#[test]
fn mistakes_of_all_projects_are_told_at_once_and_shared_ones_once() {
    let all = plans();
    for folder in ["api", "app"] {
        let path = format!("{folder}/greenlight.toml");
        let text = fs_err::read_to_string(all.path().join(&path)).unwrap();
        all.write(&path, &text.replacen("name", "checklists = [\"../own.toml\"]\nnmae", 1));
    }
    all.write(
        "own.toml",
        "id = \"own\"\nroute = \"api\"\nextends = \"api\"\nreviewed = 2026-11-22\nowmer = \"me\"\n",
    );
    let run = check(&all, &["api", "app"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err.matches("unknown key `nmae`").count(), 2, "{}", run.err);
}
