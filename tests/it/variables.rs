//! `GREENLIGHT_*`: only settings that change no decision; flags come first.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, Command};
use greenlight::{cli, commands::variables};
use rstest::rstest;

use crate::{
    answers::cleared,
    support::{Ran, Sample, greenlight, ran},
};

/// Runs in a sample of the official route, with these variables.
fn with(args: &[&str], variables: &[(&str, &str)]) -> Ran {
    ran(Sample::of("api").greenlight(args).envs(variables.iter().copied()))
}

/// The root and every verb.
fn each() -> Vec<Command> {
    let command = cli::command();
    std::iter::once(command.clone()).chain(command.get_subcommands().cloned()).collect()
}

fn named(arg: &Arg) -> Option<String> {
    Some(format!("GREENLIGHT_{}", arg.get_long()?.to_uppercase().replace('-', "_")))
}

#[test]
fn only_what_changes_no_decision_has_a_variable() {
    let mut all = BTreeSet::new();
    for verb in each() {
        for (name, arg) in variables(&verb) {
            assert_eq!(Some(name), named(arg).as_deref(), "a variable is called like its flag");
            all.insert(name.to_owned());
        }
    }
    // For FAIL_ON, the strictest of flag, variable and file counts. Where the ledger is kept is a team's setting.
    let wanted = ["COLOR", "CONCURRENCY", "FAIL_ON", "FORMAT", "LEDGER", "OFFLINE", "QUIET", "TIMEOUT"];
    assert_eq!(all, wanted.map(|name| format!("GREENLIGHT_{name}")).into());
}

/// What each of these did in earlier versions: it made a GO of what isn't one, or of something else.
#[rstest]
#[case::exit_zero("check", "GREENLIGHT_EXIT_ZERO", "1")]
#[case::only("check", "GREENLIGHT_ONLY", "input-media")]
#[case::rehearse("check", "GREENLIGHT_REHEARSE", "healthy")]
#[case::replay("check", "GREENLIGHT_REPLAY", "calls.json")]
#[case::at("check", "GREENLIGHT_AT", "2026-11-22")]
#[case::project("check", "GREENLIGHT_PROJECT", "cleared")]
#[case::base_url("check", "GREENLIGHT_BASE_URL", "http://127.0.0.1:9")]
#[case::certificates("check", "GREENLIGHT_CA_CERT", "ca.pem")]
#[case::project_of_verify("verify", "GREENLIGHT_PROJECT", "cleared")]
#[case::max_age("verify", "GREENLIGHT_MAX_AGE", "100years")]
#[case::at_of_verify("verify", "GREENLIGHT_AT", "2026-11-22")]
#[case::max_age_of_check("check", "GREENLIGHT_MAX_AGE", "1h")]
#[case::base_url_of_verify("verify", "GREENLIGHT_BASE_URL", "http://127.0.0.1:9")]
fn no_variable_opens_the_gate(#[case] verb: &str, #[case] name: &str, #[case] value: &str) {
    let place = Sample::of("wrapper");
    let good = cleared();
    fs_err::create_dir(place.path().join("cleared")).unwrap();
    for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
        fs_err::copy(good.path().join(file), place.path().join("cleared").join(file)).unwrap();
    }
    ran(&mut place.greenlight(&["check", "--record", "calls.json", "--report", "json=receipt.json"]));
    let args = if verb == "verify" { vec![verb, "receipt.json"] } else { vec![verb] };
    let plain = ran(&mut place.greenlight(&args));
    assert_eq!(plain.code, 3, "{}", plain.all());
    let set = ran(place.greenlight(&args).env(name, value));
    assert_eq!((set.code, set.out.as_str()), (2, ""), "{}", set.all());
    assert!(set.err.starts_with(&format!("error: {name} is set, but no variable can set --")), "{}", set.err);
    let empty = ran(place.greenlight(&args).env(name, ""));
    // Time passes between the two runs, and other programs fill the disk.
    let moving = regex::Regex::new(r"\d\d:\d\d UTC|[\d.]+ GiB free").unwrap();
    let [empty_out, plain_out] = [&empty.out, &plain.out].map(|text| moving.replace_all(text, "…"));
    assert_eq!((empty.code, empty_out), (3, plain_out), "an empty variable counts as not set");
}

/// Anyone who sets one believes that it counts.
#[test]
fn a_variable_for_any_other_flag_is_refused_by_its_verb_and_by_no_other() {
    let mut refused = 0;
    for verb in each().iter().skip(1) {
        let read: Vec<_> = variables(verb).map(|(name, _)| name.to_owned()).collect();
        let needs = |arg: &Arg| arg.is_required_set();
        let word = |arg: &Arg| if arg.is_last_set() { vec!["--", "bash"] } else { vec!["bash"] };
        let words = verb
            .get_positionals()
            .filter(|arg| needs(arg))
            .flat_map(word)
            .map(str::to_owned)
            .collect::<Vec<_>>();
        let flags = verb.get_opts().filter(|arg| needs(arg));
        let flags = flags.map(|arg| format!("--{}=2026-11-22", arg.get_long().unwrap()));
        let args: Vec<_> = [verb.get_name().to_owned()].into_iter().chain(flags).chain(words).collect();
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        for name in verb.get_arguments().filter_map(named).filter(|name| !read.contains(name)) {
            let ran = with(&args, &[(&name, "1")]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {name}: {}", ran.all());
            assert!(ran.err.contains(&format!("error: {name} is set")), "{args:?} {name}: {}", ran.err);
            refused += 1;
        }
    }
    assert!(refused > 30, "only {refused}");
    let others = [("GREENLIGHT_MAX_AGE", "1h"), ("GREENLIGHT_FORCE", "1"), ("GREENLIGHT_OTHER", "1")];
    let ran = with(&["list"], &others);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for args in [&["--version"][..], &["--help"], &["check", "--help"]] {
        assert_eq!(with(args, &[("GREENLIGHT_AT", "1")]).code, 0, "{args:?}");
    }
}

#[rstest]
#[case::format(&["check", "--offline"], ("GREENLIGHT_FORMAT", "json"), "\"schema-version\": 2")]
#[case::format_of_list(&["list"], ("GREENLIGHT_FORMAT", "json"), "\"decided-by\"")]
#[case::offline(&["check"], ("GREENLIGHT_OFFLINE", "1"), "No calls were made")]
#[case::offline_in_words(&["check"], ("GREENLIGHT_OFFLINE", "Yes"), "No calls were made")]
#[case::colour(&["check", "--offline"], ("GREENLIGHT_COLOR", "always"), "\u{1b}[")]
#[case::strict(&["check", "--offline", "--format", "json"], ("GREENLIGHT_FAIL_ON", "warn"), "\"fail-on\": \"warn\"")]
fn a_variable_does_what_its_flag_does(
    #[case] args: &[&str],
    #[case] variable: (&str, &str),
    #[case] shows: &str,
) {
    let set = with(args, &[variable]);
    assert!(set.all().contains(shows), "{shows:?} is not in {}", set.all());
    let unset = with(args, &[(variable.0, "")]);
    assert!(!unset.all().contains(shows), "an empty variable counts for nothing: {}", unset.all());
}

#[test]
fn quiet_is_a_variable_too() {
    let sample = Sample::of("wrapper");
    let check = |quiet: &str| {
        let mut command = sample.greenlight(&["check", "--format", "github"]);
        ran(command.env("GREENLIGHT_QUIET", quiet).env("GITHUB_STEP_SUMMARY", sample.path().join("no/such")))
    };
    assert_eq!(check("true").err, "");
    assert!(check("off").err.contains("the step summary was not written"));
}

/// The stand-in delays the model list for half a minute, which is the timeout of the setting that must lose.
#[rstest]
#[case::flag_before_variable(Some("50ms"), Some("30s"), Some("30s"))]
#[case::flag_before_file(Some("50ms"), None, Some("30s"))]
#[case::variable_before_file(None, Some("50ms"), Some("30s"))]
#[case::file(None, None, Some("50ms"))]
fn a_flag_beats_the_variable_and_the_variable_beats_the_file(
    #[case] flag: Option<&str>,
    #[case] variable: Option<&str>,
    #[case] file: Option<&str>,
) {
    let sample = Sample::of("api");
    if let Some(time) = file {
        sample.edit("[failure]", &format!("[check]\ntimeout = \"{time}\"\n\n[failure]"));
    }
    let mut command = sample.greenlight(&["check", "--rehearse", "slow", "--format", "json"]);
    command.args(flag.iter().flat_map(|time| ["--timeout", time]));
    command.envs(variable.map(|time| ("GREENLIGHT_TIMEOUT", time)));
    let start = std::time::Instant::now();
    let ran = ran(&mut command);
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "the longer time won");
    let calls = ran.json()["calls"].clone();
    let slow = calls
        .as_array()
        .unwrap()
        .iter()
        .find(|call| call["url"].as_str().unwrap().ends_with("/grok-imagine-video"));
    assert_eq!(slow.unwrap()["trouble"], "read-timeout", "{}", ran.all());
}

const BY_FILE: &str = "`fail-on = \"warn\"` of greenlight.toml stays in force";
const BY_VARIABLE: &str = "GREENLIGHT_FAIL_ON=warn stays in force";

#[rstest]
#[case::none_given(None, None, None, "fail", "")]
#[case::flag(Some("warn"), None, None, "warn", "")]
#[case::variable(None, Some("warn"), None, "warn", "")]
#[case::file(None, None, Some("warn"), "warn", "")]
#[case::flag_against_file(Some("fail"), None, Some("warn"), "warn", BY_FILE)]
#[case::variable_against_file(None, Some("fail"), Some("warn"), "warn", BY_FILE)]
#[case::flag_against_variable(Some("fail"), Some("warn"), None, "warn", BY_VARIABLE)]
#[case::flag_against_variable_and_file(Some("fail"), Some("warn"), Some("fail"), "warn", BY_VARIABLE)]
#[case::all_agree(Some("fail"), Some("fail"), Some("fail"), "fail", "")]
#[case::no_word_that_counts(Some("warn"), Some("no"), None, "warn", "")]
fn what_closes_the_gate_is_only_tightened(
    #[case] flag: Option<&str>,
    #[case] variable: Option<&str>,
    #[case] file: Option<&str>,
    #[case] wanted: &str,
    #[case] says: &str,
) {
    let sample = Sample::of("api");
    if let Some(level) = file {
        sample.edit("[failure]", &format!("[check]\nfail-on = \"{level}\"\n\n[failure]"));
    }
    let mut command = sample.greenlight(&["check", "--offline", "--format", "json"]);
    command.args(flag.iter().flat_map(|level| ["--fail-on", level]));
    let run = ran(command.envs(variable.map(|level| ("GREENLIGHT_FAIL_ON", level))));
    assert_eq!(run.json()["fail-on"], wanted, "{}", run.all());
    assert!(run.err.contains(says) && (!says.is_empty() || run.err.is_empty()), "{}", run.err);
}

#[rstest]
#[case::other_value(&["list", "--format", "table"], &[("GREENLIGHT_FORMAT", "json")])]
#[case::broken(&["list", "--format", "table"], &[("GREENLIGHT_FORMAT", "junit")])]
#[case::global(&["list", "--color", "never"], &[("GREENLIGHT_COLOR", "always")])]
#[case::global_in_front(&["--color", "never", "list"], &[("GREENLIGHT_COLOR", "always")])]
#[case::off(&["list"], &[("GREENLIGHT_QUIET", "0")])]
#[case::of_no_flag(&["list"], &[("GREENLIGHT_CHECK", "x"), ("GREENLIGHT_HELP", "1"), ("GREENLIGHT_VERSION", "1")])]
fn what_is_typed_beats_the_environment(#[case] args: &[&str], #[case] variables: &[(&str, &str)]) {
    let (plain, set) = (with(args, &[]), with(args, variables));
    assert_eq!(plain.code, 0, "{}", plain.all());
    assert_eq!(set.all(), plain.all());
}

#[rstest]
#[case::by_variable(&["check", "--rehearse"], "1")]
#[case::by_flag(&["check", "--rehearse", "--offline"], "")]
fn a_rehearsal_is_held_offline_too(#[case] args: &[&str], #[case] offline: &str) {
    let run = with(args, &[("GREENLIGHT_OFFLINE", offline)]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("REHEARSAL · would be HOLD") && run.out.contains("6 calls"), "{}", run.out);
}

#[test]
fn offline_more_is_unknown_whatever_else_is_typed() {
    let there = ["check", "--base-url", "http://127.0.0.1:9"];
    let run = with(&there, &[("GREENLIGHT_OFFLINE", "1"), ("XAI_API_KEY", "xai-invented-0123456789")]);
    assert!(run.out.contains("No calls were made.") && run.out.contains("would be HOLD"), "{}", run.all());
    let run = with(&["check", "--record", "calls.json"], &[("GREENLIGHT_OFFLINE", "1")]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.err.contains("`--record`") && run.err.contains("GREENLIGHT_OFFLINE"), "{}", run.err);
}

#[rstest]
#[case::bad_word(&["list"], ("GREENLIGHT_FORMAT", "junit"))]
#[case::bad_switch(&["check"], ("GREENLIGHT_OFFLINE", "ture"))]
#[case::bad_number(&["check"], ("GREENLIGHT_CONCURRENCY", "0"))]
#[case::bad_time(&["check"], ("GREENLIGHT_TIMEOUT", "soon"))]
#[case::bad_level(&["check"], ("GREENLIGHT_FAIL_ON", "never"))]
#[case::bad_global(&["list"], ("GREENLIGHT_COLOR", "sometimes"))]
#[case::bad_global_in_front(&["--quiet", "list"], ("GREENLIGHT_COLOR", "sometimes"))]
fn a_mistake_in_the_environment_is_named(#[case] args: &[&str], #[case] variable: (&str, &str)) {
    let ran = with(args, &[variable]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.all());
    assert!(ran.err.contains(&format!("tip: {} is set in the environment", variable.0)), "{}", ran.err);
}

#[rstest]
#[case::missing(&["waive"], &[("GREENLIGHT_COLOR", "never")])]
#[case::the_flag_of_a_variable(&["check", "--timeout", "soon"], &[("GREENLIGHT_TIMEOUT", "10s")])]
#[case::the_same_word(&["check", "--format", "jsno"], &[("GREENLIGHT_FORMAT", "jsno")])]
fn a_mistake_on_the_command_line_is_not_blamed_on_the_environment(
    #[case] args: &[&str],
    #[case] variables: &[(&str, &str)],
) {
    let ran = with(args, variables);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("GREENLIGHT_"), "{}", ran.err);
}

#[test]
fn help_names_the_variables_of_a_verb_and_no_values() {
    for verb in each() {
        let canary = "xai-canary0123456789";
        let args: Vec<_> =
            [verb.get_name(), "--help"].into_iter().filter(|name| *name != "greenlight").collect();
        let settings = ["GREENLIGHT_OFFLINE", "GREENLIGHT_TIMEOUT"];
        let set = settings.iter().chain(&["XAI_API_KEY", "GREENLIGHT_BY"]).map(|name| (*name, canary));
        let ran = ran(greenlight(&args).envs(set));
        assert!(!ran.all().contains(canary), "{}", ran.all());
        for (name, _) in variables(&verb) {
            assert!(ran.out.contains(name), "{args:?} does not name {name}: {}", ran.all());
        }
    }
}

#[test]
fn a_flag_that_is_gone_says_what_to_do_instead() {
    let ran = with(&["check", "--exit-zero"], &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("unexpected argument '--exit-zero'") && ran.err.contains("adds `|| true`"),
        "{}",
        ran.err
    );
}

/// A switch is either on or off, whichever word says so.
#[test]
fn every_switch_with_a_variable_takes_words() {
    let mut switches = 0;
    for verb in each() {
        for (name, _) in variables(&verb).filter(|(_, arg)| matches!(arg.get_action(), ArgAction::SetTrue)) {
            for word in ["1", "true", "YES", "on", "0", "false", "No", "off"] {
                let ran = with(&["check", "--offline", "--only", "safety"], &[(name, word)]);
                assert_eq!(ran.code, 3, "{name}={word}: {}", ran.all());
            }
            switches += 1;
        }
    }
    assert_eq!(switches, 3);
}
