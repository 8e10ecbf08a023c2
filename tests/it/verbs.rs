//! The verbs that make no call: help, list, explain, lint and init.

use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
};

use greenlight::{
    cli,
    commands::{Verb, context::Context, init},
    error::Error,
    exit::Exit,
    ui::{Colour, Printer, Scripted, ScriptedInput, Terminal},
};
use rstest::rstest;

use crate::support::{Ran, Sample, greenlight, ran};

fn run(args: &[&str]) -> Ran {
    ran(&mut greenlight(args))
}

#[test]
fn the_program_and_every_verb_explain_themselves() {
    for flag in ["-h", "--help"] {
        insta::assert_snapshot!(format!("help{flag}"), run(&[flag]).all());
        for verb in cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()) {
            insta::assert_snapshot!(format!("help_{verb}{flag}"), run(&[&verb, flag]).all());
        }
    }
}

#[test]
fn help_fits_on_a_line() {
    let mut all = vec![cli::command()];
    all.extend(cli::command().get_subcommands().cloned());
    for verb in &all {
        let args = verb.get_arguments().map(|arg| (arg.get_id().to_string(), arg.get_help()));
        for (what, help) in args.chain([("itself".to_owned(), verb.get_about())]) {
            let name = verb.get_name();
            let help = help.unwrap_or_else(|| panic!("{name} {what} has no help")).to_string();
            assert!(help.chars().count() <= 70, "{name} {what}: {help}");
            assert!(!help.ends_with('.'), "{name} {what}: {help}");
        }
    }
}

#[rstest]
#[case("api", &["list", "--route", "api"])]
#[case("app", &["list", "--route", "app"])]
fn a_list_reads_well(#[case] name: &str, #[case] args: &[&str]) {
    insta::assert_snapshot!(format!("list_{name}"), run(args).all());
}

#[test]
fn lists_are_also_for_programs() {
    let checks = run(&["list", "--route", "api", "--format", "json"]).json();
    insta::assert_json_snapshot!("list_json_first", checks[0]);
    let table = run(&["list", "--route", "api"]).out;
    for check in checks.as_array().unwrap() {
        let words = ["id", "severity", "decided-by", "title"].map(|key| check[key].as_str().unwrap());
        let line = table.lines().find(|line| line.split_whitespace().next() == Some(words[0])).unwrap();
        assert!(words.iter().all(|word| line.contains(word)), "{words:?}: {line}");
    }
    let (all, app) = (run(&["list"]).out, run(&["list", "--route", "app"]).out);
    for line in table.lines().chain(app.lines()).filter(|line| line.starts_with("  ")) {
        assert!(all.contains(line.split_whitespace().next().unwrap()), "{line}");
    }
    let scenarios = run(&["list", "--scenarios", "--format", "json"]).json();
    let mut scenarios = scenarios.as_array().unwrap().iter();
    let first = scenarios.find(|one| one["provider"] == "xai").unwrap();
    insta::assert_json_snapshot!("list_scenarios_json_first", first);
    assert!(scenarios.count() > 20);
}

#[test]
fn scenarios_are_listed_by_provider() {
    let list = run(&["list", "--scenarios"]).out;
    let (_, rest) = list.split_once("\n\nxai\n").unwrap();
    assert!(
        list.starts_with("Scenarios of `greenlight check --rehearse SCENARIO`, by provider:\n\n"),
        "{list}"
    );
    // Other providers may follow, or come before.
    insta::assert_snapshot!("list_scenarios", rest.split("\n\n").next().unwrap());
    let all = run(&["list", "--scenarios", "--format", "json"]).json();
    for one in all.as_array().unwrap() {
        assert!(list.contains(&format!("\n\n{}\n", one["provider"].as_str().unwrap())), "{one}");
        assert!(list.contains(&format!("\n  {} ", one["id"].as_str().unwrap())), "{one}");
    }
}

#[rstest]
#[case::probe("api.key-accepted")]
#[case::rule("api.limits")]
#[case::rule_with_question("api.preview-not-default")]
#[case::question("api.policy-read")]
#[case::misspelt("api.key-acepted")]
#[case::nonsense("qqqqqqqqqqqqqqqq")]
fn a_check_is_explained(#[case] id: &str) {
    insta::assert_snapshot!(format!("explain_{id}"), run(&["explain", id]).all());
}

/// What only this provider replies comes first; what any call can meet is only shown on request.
#[test]
fn replies_of_any_host_are_folded() {
    let folded = run(&["explain", "api.key-accepted"]).out;
    assert!(folded.contains("key-blocked") && !folded.contains("bot-page"), "{folded}");
    assert!(folded.contains("more that any host can give, such as dns and connect-refused"), "{folded}");
    let all = run(&["explain", "api.key-accepted", "--all"]).out;
    assert!(all.contains("key-blocked") && all.contains("bot-page") && !all.contains("more that"), "{all}");
}

#[test]
fn explanations_wrap_where_the_terminal_ends() {
    for width in [60, 80, 132] {
        let text = ran(greenlight(&["explain", "api.key-accepted"]).env("COLUMNS", width.to_string())).out;
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{width}: {text}");
        assert!(widest > width * 3 / 4, "{width} columns are not used: {text}");
    }
}

const OWN: &str = r#"
id = "own"
route = "api"
owner = "the team"
reviewed = 2026-11-01
[[check]]
id = "own.legal"
row = "safety"
title = "seen by \u001b[31mlegal"
severity = "warn"
why = "They asked for it."
fix = "Ask them."
source = { url = "https://example.com/rules", as-of = 2026-11-01 }
question = { ask = "Who saw it?", type = "text", evidence = "quote", valid-for = "30d" }
"#;

/// A project's own checklist whose check has this topic.
fn of_topic(topic: &str) -> String {
    OWN.replace("row = ", &format!("topic = \"{topic}\"\nrow = "))
}

#[rstest]
#[case::shipped("policy", None)]
#[case::of_another_route("watermark", None)]
#[case::one_s_own("studio-rules", None)]
#[case::one_s_own_and_alike("policy-2026", None)]
#[case::swapped("retentoin", Some("retention"))]
#[case::more_than_one("refund", Some("refunds"))]
fn a_topic_that_is_nearly_a_shipped_one_is_told(#[case] topic: &str, #[case] near: Option<&str>) {
    let sample = Sample::of("api");
    sample.write("own.toml", &of_topic(topic)).edit("commercial = true", "checklists = [\"own.toml\"]");
    let said = near.map(|near| {
        format!("the topic of `own.legal` is `{topic}`, which no shipped check has; did you mean `{near}`?")
    });
    for args in [&["lint"][..], &["lint", "own.toml"], &["check", "--offline"]] {
        let ran = ran(sample.greenlight(args).env("COLUMNS", "200"));
        let all = ran.all();
        assert_ne!(ran.code, 2, "{all}");
        assert_eq!(all.contains("which no shipped check has"), said.is_some(), "{args:?}: {all}");
        assert!(said.iter().all(|said| all.contains(said.as_str())), "{args:?}: {all}");
    }
}

#[test]
fn a_check_of_ones_own_is_explained_in_its_project() {
    let sample = Sample::of("api");
    sample.write("own.toml", OWN).edit("commercial = true", "checklists = [\"own.toml\"]");
    insta::assert_snapshot!(ran(&mut sample.greenlight(&["explain", "own.legal"])).all());
    let elsewhere = Sample::empty();
    assert_eq!(ran(&mut elsewhere.greenlight(&["explain", "own.legal"])).code, 2);
    let project = sample.path();
    let named = ran(&mut elsewhere.greenlight(&["explain", "own.legal", "--project", project.as_str()]));
    assert_eq!(named.code, 0, "{}", named.all());
}

#[test]
fn lint_takes_files_and_folders() {
    let sample = Sample::of("api");
    sample.write("own.toml", OWN).edit("commercial = true", "checklists = [\"own.toml\"]");
    insta::assert_snapshot!(ran(&mut sample.greenlight(&["lint", ".", "own.toml"])).all());
    assert_eq!(ran(&mut sample.greenlight(&["lint"])).out, "ok  greenlight.toml (project)\n");
}

#[test]
fn lint_shows_every_mistake_in_its_place() {
    let sample = Sample::of("api");
    sample.edit("text-to-video", "text-to-movie").edit("retries = 1", "retrys = 1");
    insta::assert_snapshot!(ran(&mut sample.greenlight(&["lint"])).all());
}

#[test]
fn lint_shows_the_mistakes_of_the_files_a_project_names_too() {
    let sample = Sample::of("api");
    sample
        .edit("text-to-video", "text-to-movie")
        .edit("[project]\n", "[project]\nchecklists = [\"own.toml\"]\n");
    sample.write(
        "own.toml",
        "id = \"own\"\nreviewed = 2026-11-22\n[[check]]\nid = \"own.x\"\nrow = \"acess\"\n",
    );
    let told = ran(&mut sample.greenlight(&["lint"]));
    assert_eq!(told.code, 2);
    assert!(told.err.contains("text-to-movie") && told.err.contains("did you mean `access`"), "{}", told.err);
    // A file that is named as well is read once.
    let both = ran(&mut sample.greenlight(&["lint", "greenlight.toml", "own.toml"]));
    assert_eq!(both.err.matches("did you mean `access`").count(), 1, "{}", both.err);
}

/// A clock can't be set that far.
#[test]
fn an_endless_timeout_is_cut() {
    let sample = Sample::of("api");
    for seconds in ["18446744073709551615s", "9223372036854775807s"] {
        let told = ran(&mut sample.greenlight(&["check", "--rehearse", "--timeout", seconds]));
        assert_eq!(told.code, 3, "{}", told.all());
    }
}

#[test]
fn help_for_a_verb_is_the_verbs_own_help() {
    let place = Sample::empty();
    for verb in ["check", "answer"] {
        let (help, flag) =
            (ran(&mut place.greenlight(&["help", verb])), ran(&mut place.greenlight(&[verb, "--help"])));
        assert_eq!((help.code, help.out), (0, flag.out));
    }
    let whole = ran(&mut place.greenlight(&["help"]));
    assert_eq!(whole.out, ran(&mut place.greenlight(&["--help"])).out);
}

#[rstest]
#[case::no_project(&["check"])]
#[case::no_such_project(&["check", "--project", "missing.toml"])]
#[case::wrong_flag(&["check", "--rehears"])]
#[case::wrong_verb(&["chekc"])]
#[case::no_verb(&[])]
#[case::at_no_day(&["check", "--at", "2026-13-01"])]
#[case::at_words(&["check", "--at", "tomorrow"])]
#[case::timeout_zero(&["check", "--timeout", "0s"])]
#[case::timeout_no_unit(&["check", "--timeout", "10"])]
#[case::concurrency_zero(&["check", "--concurrency", "0"])]
#[case::concurrency_many(&["check", "--concurrency", "257"])]
#[case::format(&["check", "--format", "jsno"])]
#[case::both(&["check", "--rehearse", "--base-url", "HERE"])]
#[case::no_scenario(&["check", "--rehearse="])]
#[case::route(&["list", "--route", "apo"])]
fn a_mistaken_command_is_told_so(#[case] args: &[&str]) {
    let place = Sample::empty();
    let told = ran(&mut place.greenlight(args));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
    let name = args.join("_").replace('-', "");
    let text = told.err.replace(place.path().as_str(), "FOLDER");
    insta::assert_snapshot!(format!("mistake_{name}"), text);
}

#[test]
fn an_unknown_scenario_names_the_nearest() {
    let told = ran(&mut Sample::of("api").greenlight(&["check", "--rehearse", "bad-kee"]));
    assert_eq!(told.code, 2);
    assert!(told.err.contains("did you mean `bad-key`") && told.err.contains("--scenarios"), "{}", told.err);
    let play = ran(&mut Sample::of("api").greenlight(&["check", "--rehearse", "moderated"]));
    assert!(play.code == 2 && play.err.contains("`greenlight standin --play moderated`"), "{}", play.err);
}

#[rstest]
#[case("idea", &[])]
#[case("image", &["robot.jpg"])]
#[case("references", &["robot.jpg", "https://example.com/b.png"])]
#[case("clip-to-change", &["opening.mp4"])]
#[case("clip-to-continue", &["opening.mp4"])]
fn init_writes_a_file_that_loads(#[case] material: &str, #[case] inputs: &[&str]) {
    for route in ["api", "app", "wrapper"] {
        let place = Sample::empty();
        for file in inputs.iter().filter(|input| !input.contains("://")) {
            place.write(file, "");
        }
        let mut args = vec!["init", "--route", route, "--material", material, "--name", "Teaser"];
        args.extend(inputs.iter().flat_map(|input| ["--input", *input]));
        if route == "wrapper" {
            args.extend(["--provider", "somebody"]);
        }
        let written = ran(&mut place.greenlight(&args));
        assert_eq!(written.code, 0, "{}", written.err);
        let checked = ran(&mut place.greenlight(&["check", "--offline"]));
        assert!([1, 3].contains(&checked.code), "{route}: {}", checked.all());
        if route == "api" {
            insta::assert_snapshot!(
                format!("init_{material}"),
                format!("{}\n{}", written.out, place.project())
            );
        }
    }
}

#[test]
fn init_for_another_owner_promises_no_model() {
    let place = Sample::empty();
    let args = ["init", "--route", "wrapper", "--provider", "somebody", "--material", "idea"];
    let written = ran(&mut place.greenlight(&args));
    insta::assert_snapshot!(written.out);
    assert!(!place.project().contains("grok-imagine"), "{}", place.project());
}

#[rstest]
#[case("\"quoted\" 'twice' \\ back")]
#[case("two\nlines")]
#[case("日本 – ünïcode ☂")]
#[case("'''\"\"\"")]
#[case("a # b = [c]\u{1b}[31m")]
fn init_escapes_whatever_a_name_holds(#[case] name: &str) {
    let place = Sample::empty();
    place.write(name, "");
    let args =
        ["init", "--route", "api", "--material", "image", "--input", name, "--name", name, "--prompt", name];
    let written = ran(&mut place.greenlight(&args));
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(!written.out.contains('\u{1b}'));
    let table: toml::Table = place.project().parse().unwrap();
    let shot = &table["shot"][0];
    let kept =
        [&table["project"]["name"], &shot["prompt"], &shot["image"]].map(|value| value.as_str().unwrap());
    assert_eq!(kept, [name; 3]);
    let loaded = ran(&mut place.greenlight(&["check", "--offline"]));
    assert_ne!(loaded.code, 2, "{}", loaded.err);
}

#[rstest]
#[case::said(&["--commercial"], "\ncommercial = true\n")]
#[case::denied(&["--commercial=false"], "\ncommercial = false\n")]
#[case::not_said(&[], "\n# commercial = true ")]
fn init_writes_down_whether_the_use_is_commercial(#[case] flags: &[&str], #[case] line: &str) {
    let place = Sample::empty();
    let begun = ["init", "--route", "app", "--material", "idea", "--prompt", "A paper boat."];
    let written = ran(place.greenlight(&begun).args(flags));
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(place.project().contains(line), "{}", place.project());
}

#[rstest]
#[case::bare("2", "budget = \"2.00 USD\"")]
#[case::cents("2.5", "budget = \"2.50 USD\"")]
#[case::whole("3 USD", "budget = \"3.00 USD\"")]
fn init_takes_a_bare_amount_as_dollars(#[case] budget: &str, #[case] line: &str) {
    let place = Sample::empty();
    let args = ["init", "--route", "api", "--material", "idea", "--prompt", "Boats.", "--budget", budget];
    let written = ran(&mut place.greenlight(&args));
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(place.project().contains(line), "{}", place.project());
}

#[rstest]
#[case::idea(&["--material", "idea"])]
#[case::image(&["--material", "image", "--input", "robot.jpg"])]
#[case::clip(&["--material", "clip-to-change", "--input", "opening.mp4"])]
fn after_init_only_people_are_missing(#[case] from: &[&str]) {
    let place = Sample::of("api");
    let args = ["init", "--force", "--route", "api", "--prompt", "A paper boat drifts away."];
    assert_eq!(ran(place.greenlight(&args).args(from)).code, 0);
    let checked = ran(&mut place.greenlight(&["check", "--rehearse", "--format", "json"]));
    let report = checked.json();
    assert_eq!((checked.code, &report["would-be"]), (3, &"HOLD".into()));
    for finding in report["findings"].as_array().unwrap() {
        let verdict = finding["verdict"].as_str().unwrap();
        let fine = ["pass", "not-applicable"].contains(&verdict)
            || (verdict == "unknown" && finding["reason"] == "unanswered")
            || (verdict == "warn" && finding["check"] == "api.media-type");
        assert!(fine, "{finding:#}");
    }
}

#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs `init` in this process with a person who replies from a list.
fn init_with(place: &Sample, args: &[&str], person: &mut Scripted) -> Result<(Exit, String), Error> {
    let all = ["greenlight", "init"].iter().chain(args).map(std::ffi::OsString::from);
    let Verb::Init(args) = cli::Cli::read(all, &|_| None).unwrap().verb else { panic!("not init") };
    let (terminal, page) = (Terminal { stdin: true, stderr: true, ..Terminal::default() }, Page::default());
    let boxes = (Box::new(page.clone()), Box::new(io::sink()));
    let mut context = Context {
        printer: Printer::over(boxes.0, boxes.1, &terminal, Colour::Never, false, &|_| None),
        terminal,
        quiet: false,
        started: crate::support::NOW.parse().unwrap(),
        env: &|_| None,
        dir: place.path(),
        command: cli::command,
    };
    let exit = init::run_with(&args, &mut context, person)?;
    let said = String::from_utf8(page.0.borrow().clone()).unwrap();
    Ok((exit, said))
}

fn enter(text: &str) -> ScriptedInput {
    ScriptedInput::Enter(text.to_owned())
}

fn pick(text: &str) -> ScriptedInput {
    ScriptedInput::Pick(text.to_owned())
}

#[test]
fn init_asks_until_it_knows_enough() {
    let place = Sample::empty();
    place.write("a.png", "");
    let mut person = Scripted::new([
        pick("wrapper"),
        pick("Several images"),
        pick("another one"),
        enter("  "),
        enter("Wrap spot"),
        enter("somebody"),
        enter("b.png"),
        enter("a.png, https://example.com/b.png"),
        enter("Look"),
        enter("a lot"),
        ScriptedInput::Accept,
        ScriptedInput::Say(true),
    ]);
    let (exit, said) = init_with(&place, &[], &mut person).unwrap();
    assert_eq!(exit, Exit::Go);
    insta::assert_snapshot!(format!("{}\n\n{said}\n{}", person.asked.join("\n"), place.project()));
}

#[test]
fn init_asks_only_what_no_flag_gave() {
    let place = Sample::empty();
    let args = ["--route", "api", "--material", "idea", "--name", "Teaser"];
    let mut person = Scripted::new([ScriptedInput::Accept, ScriptedInput::Say(false)]);
    let (_, said) = init_with(&place, &args, &mut person).unwrap();
    assert_eq!(person.asked, ["Budget", "Commercial use?"]);
    assert!(place.project().contains("\ncommercial = false\n"));
    for label in ["route ", "first move ", "stop rule ", "mode ", "text-to-video with grok-imagine-video"] {
        assert!(said.contains(label), "{label}: {said}");
    }
}

#[rstest]
#[case::ctrl_c_first(vec![ScriptedInput::Interrupt])]
#[case::esc_first(vec![ScriptedInput::Skip])]
#[case::ctrl_c_later(vec![pick("api"), pick("idea"), enter("Teaser"), ScriptedInput::Interrupt])]
#[case::esc_later(vec![pick("api"), pick("image"), ScriptedInput::Skip])]
fn init_that_is_broken_off_writes_nothing(#[case] replies: Vec<ScriptedInput>) {
    let place = Sample::empty();
    let error = init_with(&place, &[], &mut Scripted::new(replies)).unwrap_err();
    assert_eq!(error.exit(), Exit::Interrupted);
    assert_eq!(Exit::Interrupted.code(), 130);
    assert_eq!(fs_err::read_dir(place.path()).unwrap().count(), 0);
}
