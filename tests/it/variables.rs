//! `GREENLIGHT_*`: every flag has its variable; what is typed beats it, and it beats the project file.

use clap::{ArgAction, Command};
use greenlight::cli::{self, variables::variable};
use rstest::rstest;

use crate::support::{Ran, Sample, greenlight, ran};

/// Runs in a sample of the official route, with these variables.
fn with(args: &[&str], variables: &[(&str, &str)]) -> Ran {
    ran(Sample::of("api").greenlight(args).envs(variables.iter().copied()))
}

fn each_flag(command: &Command, visit: &mut impl FnMut(&Command, &clap::Arg)) {
    command.get_arguments().for_each(|arg| visit(command, arg));
    command.get_subcommands().for_each(|verb| each_flag(verb, visit));
}

#[test]
fn every_flag_has_a_variable_and_nothing_else_has() {
    let mut command = cli::command();
    command.build();
    let mut flags = 0;
    each_flag(&command, &mut |verb, arg| match (arg.get_long(), variable(arg)) {
        (Some("help" | "version") | None, variable) => assert_eq!(variable, None, "{arg}"),
        (Some(long), variable) => {
            let name = format!("GREENLIGHT_{}", long.to_uppercase().replace('-', "_"));
            assert_eq!(variable, Some(name.clone()), "{} {arg}", verb.get_name());
            assert_ne!(name, "GREENLIGHT_UPDATE", "this one is for developers");
            flags += 1;
        }
    });
    assert!(flags > 40, "only {flags} flags");
}

/// The mistake that shows that the variable of a flag is read: each is set to what the flag cannot be.
#[test]
fn the_variable_of_every_flag_that_can_be_wrong_is_read() {
    let mut seen = 0;
    for verb in cli::command().get_subcommands() {
        for arg in verb.get_arguments() {
            let (Some(variable), Some(long)) = (variable(arg), arg.get_long()) else { continue };
            let switch = matches!(arg.get_action(), ArgAction::SetTrue);
            let strict = ["format", "at", "concurrency", "timeout", "within", "until", "answered", "budget"];
            if !switch && !strict.contains(&long) {
                continue;
            }
            let needed: Vec<_> =
                verb.get_positionals().filter(|arg| arg.is_required_set()).map(|_| "bash").collect();
            let others = verb
                .get_arguments()
                .filter(|other| other.is_required_set() && other.get_long() != Some(long));
            let others = others.filter_map(|other| Some(format!("--{}=2026-11-22", other.get_long()?)));
            let mut command = greenlight(&[verb.get_name()]);
            let ran = ran(command.args(needed).args(others).env(&variable, "???"));
            let name = verb.get_name();
            assert_eq!(ran.code, 2, "{name} --{long}: {}", ran.all());
            assert!(ran.err.contains("invalid value '???'"), "{name} --{long}: {}", ran.all());
            assert!(ran.err.contains(&format!("tip: {variable} is set in the environment")), "{}", ran.err);
            seen += 1;
        }
    }
    assert!(seen >= 12, "only {seen} flags");
}

#[rstest]
#[case::format(&["check", "--offline"], ("GREENLIGHT_FORMAT", "json"), "\"schema-version\": 2")]
#[case::offline(&["check"], ("GREENLIGHT_OFFLINE", "1"), "No calls were made")]
#[case::at(&["check", "--offline"], ("GREENLIGHT_AT", "2026-01-02"), "2026-01-02 00:00 UTC")]
#[case::rehearse(&["check"], ("GREENLIGHT_REHEARSE", "no-credits"), "no-credits")]
#[case::healthy(&["check"], ("GREENLIGHT_REHEARSE", "healthy"), "REHEARSAL")]
#[case::route(&["list"], ("GREENLIGHT_ROUTE", "app"), "app · ACCESS")]
#[case::scenarios(&["list"], ("GREENLIGHT_SCENARIOS", "yes"), "rate-limited")]
#[case::colour(&["check", "--offline"], ("GREENLIGHT_COLOR", "always"), "\u{1b}[")]
#[case::list(&["answer"], ("GREENLIGHT_LIST", "on"), "api.policy-read")]
#[case::force(&["init", "--route", "api", "--material", "idea"], ("GREENLIGHT_FORCE", "TRUE"), "Wrote")]
#[case::within(&["due"], ("GREENLIGHT_WITHIN", "3000d"), "the shipped catalogue")]
#[case::all(&["schema"], ("GREENLIGHT_ALL", "schemas"), "wrote schemas/answers.schema.json")]
#[case::dir(&["man"], ("GREENLIGHT_DIR", "pages"), "wrote pages/greenlight-check.1")]
fn a_variable_does_what_its_flag_does(
    #[case] args: &[&str],
    #[case] variable: (&str, &str),
    #[case] shows: &str,
) {
    let set = with(args, &[variable]);
    assert!(set.out.contains(shows), "{shows:?} is not in {}", set.all());
    let unset = with(args, &[(variable.0, "")]);
    assert_ne!(set.all(), unset.all(), "an empty variable counts for nothing");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the verb goes by the real clock")]
fn what_must_be_given_may_come_from_variables() {
    let day = (chrono::Utc::now().date_naive() + chrono::Days::new(7)).to_string();
    let given =
        [("GREENLIGHT_REASON", "invoiced"), ("GREENLIGHT_OWNER", "Ada"), ("GREENLIGHT_UNTIL", day.as_str())];
    let sample = Sample::of("api");
    let ran = ran(sample.greenlight(&["waive", "api.media-rights"]).envs(given));
    assert_eq!(ran.code, 0, "{}", ran.all());
    let answers = fs_err::read_to_string(sample.path().join("answers.toml")).unwrap();
    assert!(answers.contains("owner = \"Ada\"") && answers.contains(&format!("until = {day}")), "{answers}");
}

/// The stand-in lets the model list wait for half a minute, which is what the loser allows it.
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

#[rstest]
#[case::file(&[], &[], "warn")]
#[case::variable_before_file(&[], &[("GREENLIGHT_FAIL_ON", "fail")], "fail")]
#[case::flag_before_variable(&["--fail-on", "warn"], &[("GREENLIGHT_FAIL_ON", "fail")], "warn")]
fn what_closes_the_gate_is_said_by_flag_variable_or_file(
    #[case] flag: &[&str],
    #[case] variables: &[(&str, &str)],
    #[case] wanted: &str,
) {
    let sample = Sample::of("api");
    sample.edit("[failure]", "[check]\nfail-on = \"warn\"\n\n[failure]");
    let mut command = sample.greenlight(&["check", "--offline", "--format", "json"]);
    let receipt = ran(command.args(flag).envs(variables.iter().copied())).json();
    assert_eq!(receipt["fail-on"], wanted);
}

#[rstest]
#[case::other_value(&["list", "--format", "table"], &[("GREENLIGHT_FORMAT", "json")])]
#[case::broken(&["list", "--format", "table"], &[("GREENLIGHT_FORMAT", "junit")])]
#[case::global(&["list", "--color", "never"], &[("GREENLIGHT_COLOR", "always")])]
#[case::global_in_front(&["--color", "never", "list"], &[("GREENLIGHT_COLOR", "always")])]
#[case::excluded(&["list", "--route", "app"], &[("GREENLIGHT_SCENARIOS", "1")])]
#[case::excluded_the_other_way(&["list", "--scenarios"], &[("GREENLIGHT_ROUTE", "app")])]
#[case::off(&["list"], &[("GREENLIGHT_SCENARIOS", "0")])]
#[case::of_no_flag(&["list"], &[("GREENLIGHT_CHECK", "x"), ("GREENLIGHT_HELP", "1"), ("GREENLIGHT_VERSION", "1")])]
fn what_is_typed_beats_the_environment(#[case] args: &[&str], #[case] variables: &[(&str, &str)]) {
    let (plain, set) = (with(args, &[]), with(args, variables));
    assert_eq!(plain.code, 0, "{}", plain.all());
    assert_eq!(set.all(), plain.all());
}

#[test]
fn a_rehearsal_that_is_asked_for_is_held_whatever_the_environment_says() {
    let set = with(
        &["check", "--rehearse"],
        &[("GREENLIGHT_OFFLINE", "1"), ("GREENLIGHT_BASE_URL", "http://10.0.0.1")],
    );
    assert_eq!(set.code, 3, "{}", set.all());
    assert!(set.out.contains("REHEARSAL") && set.out.contains("6 calls"), "{}", set.out);
}

#[rstest]
#[case::bad_word(&["list"], &[("GREENLIGHT_FORMAT", "junit")])]
#[case::bad_switch(&["check"], &[("GREENLIGHT_OFFLINE", "ture")])]
#[case::bad_number(&["check"], &[("GREENLIGHT_CONCURRENCY", "0")])]
#[case::bad_global(&["list"], &[("GREENLIGHT_COLOR", "sometimes")])]
#[case::against_each_other(&["check"], &[("GREENLIGHT_OFFLINE", "1"), ("GREENLIGHT_REHEARSE", "healthy")])]
#[case::alone(&["answer"], &[("GREENLIGHT_NOTE", "x")])]
fn a_mistake_in_the_environment_is_named(#[case] args: &[&str], #[case] variables: &[(&str, &str)]) {
    let ran = with(args, variables);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.all());
    for (name, _) in variables {
        assert!(ran.err.contains(&format!("tip: {name} is set in the environment")), "{}", ran.err);
    }
}

#[test]
fn a_mistake_on_the_command_line_is_not_blamed_on_the_environment() {
    let ran = with(&["waive"], &[("GREENLIGHT_COLOR", "never"), ("GREENLIGHT_OWNER", "Ada")]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("GREENLIGHT_"), "{}", ran.err);
}

#[test]
fn help_shows_no_values_of_the_environment() {
    let verbs: Vec<_> = cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for args in verbs.iter().map(|verb| vec![verb.as_str(), "--help"]).chain([vec!["--help"]]) {
        let canary = "xai-canary0123456789";
        let names = ["XAI_API_KEY", "GREENLIGHT_BASE_URL", "GREENLIGHT_BY", "GREENLIGHT_PROJECT"];
        let ran = with(&args, &names.map(|name| (name, canary)));
        assert_eq!(ran.code, 0, "{}", ran.all());
        assert!(!ran.all().contains(canary), "{}", ran.all());
    }
}
