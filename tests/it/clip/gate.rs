//! What prevents paying for a clip: the gate, the question, the budget, the rules for retries.

use greenlight::{
    judge::rules,
    load,
    preflight::{Calls, Environment, Options, Preflight},
    secrets::Redactor,
};
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::{cleared, finished, ledger, project, rehearsed};
use crate::{answers, support::ran};

#[test]
fn without_a_go_nothing_is_sent() {
    let place = project("");
    let run = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes"]));
    assert_eq!(run.code, 4, "{}", run.all());
    assert!(run.err.contains("nothing was sent: the preflight would be "), "{}", run.err);
    assert!(!place.path().join(".greenlight/rehearsal.db").exists());
}

#[test]
fn a_live_run_without_a_key_pays_nothing_whatever_was_answered() {
    let place = cleared("");
    let run = ran(place.greenlight(&["clip", "--yes"]).env("GREENLIGHT_OFFLINE", "1"));
    assert_eq!(run.code, 4, "{}", run.all());
    assert!(!place.path().join(".greenlight/ledger.db").exists());
}

#[test]
fn without_a_terminal_yes_must_be_given() {
    let place = cleared("");
    let run = ran(&mut place.greenlight(&["clip", "--rehearse"]));
    assert_eq!(run.code, 4, "{}", run.all());
    assert!(run.out.contains("REHEARSAL, nothing is paid") && run.out.contains("at most"), "{}", run.out);
    assert!(run.err.contains("no terminal") && run.err.contains("--yes"), "{}", run.err);
    assert_eq!(ledger(&place)["jobs"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_dry_run_prints_the_request_without_the_key_and_sends_nothing() {
    let place = project("");
    let run =
        ran(place.greenlight(&["clip", "--dry-run"]).env("XAI_API_KEY", "xai-0123456789abcdef0123456789"));
    assert_eq!(run.code, 0, "{}", run.all());
    for part in [
        "POST https://api.x.ai/v1/videos/generations",
        "\"prompt\": \"A paper boat drifts.\"",
        "$XAI_API_KEY",
        "curl",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    assert!(!run.all().contains("0123456789abcdef"), "{}", run.all());
    assert!(!place.path().join(".greenlight").exists());
}

#[test]
fn a_prompt_with_a_key_in_it_is_not_sent() {
    let place = cleared("");
    place.edit("A paper boat drifts.", "A paper boat drifts past Q7zW3kP9mT2vB8nL5rX4.");
    answers::settle_lately(&place);
    let run =
        ran(place.greenlight(&["clip", "--rehearse", "--yes"]).env("SOME_TOKEN", "Q7zW3kP9mT2vB8nL5rX4"));
    assert_eq!(run.code, 4, "{}", run.all());
    assert!(!run.all().contains("Q7zW3kP9mT2vB8nL5rX4"), "{}", run.all());
}

#[test]
fn the_budget_holds_over_several_clips() {
    let place = project("");
    let text = place.project();
    let budget = text.lines().find(|line| line.starts_with("budget")).unwrap();
    // Every shot once, with its retries: what one clip costs, but less than two more.
    place.edit(budget, "budget = \"1.00 USD\"");
    answers::settle_lately(&place);
    let (first, all) = rehearsed(&place, &[]);
    let price = finished(&first, &all)["cost-ticks"].as_i64().unwrap();
    let mut made = 1;
    let last = loop {
        let run = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes", "--again"]));
        if run.code != 0 {
            break run;
        }
        made += 1;
        assert!(made * price <= 10_000_000_000, "{made} clips for {price} each");
    };
    assert_eq!(last.code, 4, "{}", last.all());
    assert!(last.err.contains("does not fit") && last.err.contains("raise `budget`"), "{}", last.err);
    assert!((made + 1) * price > 10_000_000_000, "{made} clips for {price} each, and no more");
    assert_eq!(ledger(&place)["held-ticks"], made * price);
}

#[test]
fn a_shot_that_has_its_clip_is_not_paid_again_by_accident() {
    let place = cleared("");
    let (first, all) = rehearsed(&place, &[]);
    let job = finished(&first, &all)["job"].as_str().unwrap().to_owned();
    let run = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes"]));
    assert!(run.code == 4 && run.err.contains("already has a clip"), "{}", run.all());
    // Resuming a finished job is no failure.
    let (resumed, all) = rehearsed(&place, &["--resume", &job]);
    let end = finished(&resumed, &all);
    assert_eq!((resumed.code, end["how"].as_str()), (0, Some("stored")), "{}", resumed.all());
    let (again, all) = rehearsed(&place, &["--again"]);
    assert_eq!(again.code, 0, "{}", again.all());
    // The first clip is still there.
    let files = finished(&again, &all)["file"].as_str().unwrap().to_owned();
    assert!(files.ends_with("-2.mp4"), "{files}");
}

#[test]
fn a_retry_changes_one_thing_and_ends_with_the_retry_budget() {
    let place = project("[failed-invalid-argument]");
    let text = place.project();
    let retries = text.lines().find(|line| line.starts_with("retries")).unwrap();
    place.edit(retries, "retries = 1");
    answers::settle_lately(&place);
    assert_eq!(rehearsed(&place, &[]).0.code, 5);
    let plain = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes"]));
    assert!(plain.code == 4 && plain.err.contains("--retry"), "{}", plain.all());
    // Two changes at once: in the file and by the flag.
    let text = place.project();
    let resolution = text.lines().find(|line| line.starts_with("resolution")).unwrap();
    place.edit(resolution, "resolution = \"720p\"");
    answers::settle_lately(&place);
    let two = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes", "--retry", "duration=4"]));
    assert!(two.code == 4 && two.err.contains("changes duration and resolution"), "{}", two.all());
    place.edit("resolution = \"720p\"", resolution);
    let one = rehearsed(&place, &["--retry", "duration=4"]).0;
    assert_eq!(one.code, 5, "{}", one.all());
    let jobs = ledger(&place)["jobs"].clone();
    assert_eq!(
        (&jobs[1]["attempt"], &jobs[1]["request"]["duration"]),
        (&"retry duration=4".into(), &4.into())
    );
    let used_up = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes", "--retry"]));
    assert!(
        used_up.code == 4 && used_up.err.contains("failed 2 times and the project allows 1 retry"),
        "{}",
        used_up.all()
    );
    // The reason why it stopped is kept with the last job.
    let history = ledger(&place)["history"].clone();
    let last = history.as_array().unwrap().last().unwrap();
    assert_eq!((&last["event"], &last["job"]), (&"stopped".into(), &jobs[1]["job"]), "{history:#}");
}

/// While someone reads the question, a file changes: what was cleared is no longer what the project says.
#[test]
fn a_file_that_changes_at_the_question_is_not_paid_for() {
    let place = cleared("");
    let loaded =
        load::project(&place.path(), camino::Utf8Path::new("greenlight.toml"), &rules::known()).unwrap();
    let no_key = |_: &str| None;
    let environment = Environment {
        started: crate::support::NOW.parse().unwrap(),
        dir: &place.path(),
        env: &no_key,
        temp_dirs: Vec::new(),
        redactor: &Redactor::default(),
    };
    let options = Options { calls: Calls::StandIn(None), ..Options::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let preflight = Preflight::new(options, &environment);
    let cleared = runtime.block_on(preflight.clear(&loaded, &(), &CancellationToken::new())).unwrap();
    cleared.holds(&loaded, &place.path()).unwrap();
    place.edit("A paper boat drifts.", "A paper boat burns.");
    let why = cleared.holds(&loaded, &place.path()).unwrap_err().to_string();
    assert!(why.contains("greenlight.toml` changed"), "{why}");
}

#[test]
fn nothing_is_resumed_offline() {
    let place = cleared("");
    let told = ran(&mut place.greenlight(&["clip", "--resume", "--offline"]));
    assert!(told.code == 4 && told.err.contains("takes calls"), "{}", told.all());
}

#[rstest]
#[case::no_shot(&["nosuch"], 2, "doesn't have this shot")]
#[case::scenario(&["no-credits"], 2, "a scenario is written `--rehearse=no-credits`")]
#[case::no_field(&["--retry", "colour=red"], 2, "there is no field")]
#[case::nothing_failed(&["--retry"], 4, "nothing to retry")]
#[case::no_job(&["--resume"], 4, "no job to continue")]
#[case::unknown_job(&["--resume", "x-9"], 4, "no job `x-9`")]
#[case::foreign(&["--base-url", "https://example.invalid"], 4, "")]
#[case::plain(&["--base-url", "http://example.invalid"], 2, "https")]
fn a_wrong_word_is_told_and_pays_nothing(#[case] args: &[&str], #[case] code: i32, #[case] says: &str) {
    let place = cleared("");
    let world: &[&str] = if args[0] == "--base-url" { &[] } else { &["--rehearse"] };
    let run = ran(place.greenlight(&["clip", "--yes"]).args(world).args(args));
    assert_eq!(run.code, code, "{}", run.all());
    assert!(run.err.contains(says), "{}", run.err);
    assert!(!place.path().join(".greenlight/ledger.db").exists());
}

#[rstest]
#[case::no_amount(&["ledger", "settle", "x-1"], "--amount")]
#[case::no_ledger(&["ledger", "settle", "x-1", "--amount", "1 USD", "--by", "Ann", "--evidence", "bill.pdf"], "no job `x-1`")]
#[case::without_a_name(&["ledger", "resolve", "x-1", "--amount", "0 USD", "--by", " ", "--reason", "none"], "no job")]
#[case::password_as_a_field(&["ledger", "--ledger", "postgres://ann@db.example/x?password=hunter2"], "it contains a password")]
#[case::password(&["ledger", "--ledger", "postgres://ann:hunter2@db.example/x"], "it contains a password")]
#[case::not_a_server(&["ledger", "--ledger", "ledger.db"], "not a PostgreSQL address")]
fn a_ledger_is_not_settled_by_half_a_sentence(#[case] args: &[&str], #[case] says: &str) {
    let place = cleared("");
    let run = ran(&mut place.greenlight(args));
    assert!(run.code == 2 && run.err.contains(says), "{}", run.all());
    assert!(!run.err.contains("hunter2"), "{}", run.err);
    assert!(!place.path().join(".greenlight").join("ledger.db").exists());
}

#[test]
fn where_nothing_is_automated_the_first_move_is_told() {
    let place = answers::begun("app");
    let run = ran(&mut place.greenlight(&["clip"]));
    assert_eq!(run.code, 0, "{}", run.all());
    for part in ["make the clip by hand", "first move", "stop rule", "greenlight answer app."] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}
