//! Dated exceptions, and what expires soon.

use rstest::rstest;

use super::{answers, begun, check_at, settle, settled, told};
use crate::support::{NOW, Sample, ran};

/// A waiver as a person might write it by hand.
fn waiver(check: &str, recorded: &str, until: &str) -> String {
    format!(
        "\n[[waiver]]\ncheck = \"{check}\"\nroute = \"wrapper\"\nprovider = \"acme\"\nreason = \"the pilot is free\"\n\
         owner = \"Bo\"\nrecorded = {recorded}\nuntil = {until}\n"
    )
}

#[test]
fn a_waiver_of_a_price_covers_no_shot_that_is_added_later() {
    let place = waived("wrapper.job-quote", "");
    let until = in_days(20);
    let args =
        ["waive", "wrapper.job-quote", "--reason", "the pilot is free", "--owner", "Bo", "--until", &until];
    assert_eq!(ran(&mut place.greenlight(&args)).code, 0);
    let today = ["check", "--at", &in_days(0)];
    let title = "quote";
    assert!(told(&ran(&mut place.greenlight(&today)), title).contains("waived"));
    let project = fs_err::read_to_string(place.path().join("greenlight.toml")).unwrap();
    place.write("greenlight.toml", &project.replace("duration = 6", "duration = 15"));
    let checked = ran(&mut place.greenlight(&today));
    assert!(!told(&checked, title).contains("waived"), "{}", checked.out);
    assert!(checked.all().contains("was not recorded for"), "{}", checked.all());
}

/// What was waived for one picture in one ratio says nothing about another.
#[rstest]
#[case::unchanged(|_: &Sample| (), true)]
#[case::picture(|place: &Sample| { place.write("robot.jpg", "another picture"); }, false)]
#[case::ratio(|place: &Sample| { place.edit("16:9", "9:16"); }, false)]
fn a_waiver_of_a_question_covers_what_it_was_recorded_for(
    #[case] change: fn(&Sample),
    #[case] covered: bool,
) {
    let place = Sample::of("api");
    let until = in_days(20);
    let args = ["waive", "api.media-rights", "--reason", "the licence is being signed", "--owner", "Bo"];
    let waived = ran(place.greenlight(&args).args(["--until", &until]));
    assert_eq!(waived.code, 0, "{}", waived.all());
    change(&place);
    let checked = ran(&mut place.greenlight(&["check", "--offline", "--at", &in_days(0)]));
    assert_eq!(told(&checked, "media rights").contains("waived"), covered, "{}", checked.out);
}

/// A project in which one question is open, with a waiver.
fn waived(open: &str, waiver: &str) -> Sample {
    let place = begun("wrapper");
    settle(&place, |answer| (answer.check.as_str() != open).then_some(answer));
    place.write("answers.toml", &(answers(&place) + waiver));
    place
}

#[rstest]
#[case::in_force("in-force", "refunds", 0, "wrapper.refunds", "2026-11-20", "2026-12-01")]
#[case::on_its_last_day("last-day", "refunds", 0, "wrapper.refunds", "2026-11-20", "2026-11-22")]
#[case::expired("expired", "refunds", 3, "wrapper.refunds", "2026-11-01", "2026-11-21")]
#[case::that_has_not_begun("future", "refunds", 3, "wrapper.refunds", "2026-11-23", "2026-12-01")]
#[case::as_long_as_may_be("longest", "refunds", 0, "wrapper.refunds", "2026-11-20", "2027-02-18")]
#[case::over_long("over-long", "refunds", 3, "wrapper.refunds", "2026-11-20", "2027-02-19")]
#[case::of_what_cannot_be_waived(
    "unwaivable",
    "provider policy",
    3,
    "wrapper.provider-policy",
    "2026-11-20",
    "2026-12-01"
)]
#[case::of_an_unknown_check("unknown-check", "refunds", 3, "wrapper.refund", "2026-11-20", "2026-12-01")]
fn a_waiver(
    #[case] name: &str,
    #[case] title: &str,
    #[case] code: i32,
    #[case] check: &str,
    #[case] recorded: &str,
    #[case] until: &str,
) {
    let open = if check == "wrapper.refund" { "wrapper.refunds" } else { check };
    let ran = check_at(&waived(open, &waiver(check, recorded, until)), NOW);
    assert_eq!(ran.code, code, "{}", ran.all());
    insta::assert_snapshot!(format!("waiver_{name}"), told(&ran, title));
}

#[test]
fn an_unneeded_waiver_is_reported() {
    let place = settled();
    place.write("answers.toml", &(answers(&place) + &waiver("wrapper.refunds", "2026-11-20", "2026-12-01")));
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 0, "{}", ran.all());
    insta::assert_snapshot!(told(&ran, "refunds"));
}

#[test]
fn a_waiver_for_another_provider_sets_nothing_aside() {
    let theirs = waiver("wrapper.refunds", "2026-11-20", "2026-12-01").replace("acme", "other");
    let ran = check_at(&waived("wrapper.refunds", &theirs), NOW);
    assert_eq!(ran.code, 3, "{}", ran.all());
    assert!(told(&ran, "refunds").contains("not answered"), "{}", ran.out);
}

/// A day this many days from today.
#[expect(clippy::disallowed_methods, reason = "the verb goes by the real clock")]
fn in_days(days: i64) -> String {
    (chrono::Utc::now().date_naive() + chrono::Duration::days(days)).to_string()
}

#[test]
fn waive_records_an_exception_that_the_table_and_the_decision_show() {
    let place = waived("wrapper.refunds", "");
    let before = answers(&place);
    let until = in_days(20);
    let args =
        ["waive", "wrapper.refunds", "--reason", "the pilot is free", "--owner", "Bo", "--until", &until];
    let done = ran(&mut place.greenlight(&args));
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, format!("Waived wrapper.refunds until {until}\n").as_str())
    );
    assert!(answers(&place).starts_with(&before), "answers are never touched");
    let checked = ran(&mut place.greenlight(&["check", "--at", &in_days(0)]));
    let row = told(&checked, "refunds");
    for words in ["waived", "by Bo: the pilot is free (was unknown: not answered)"] {
        assert!(row.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{words}: {row}");
    }
    let decision = checked.out.lines().skip_while(|line| !line.contains("waived until")).collect::<String>();
    assert!(decision.contains(&until), "{}", checked.out);
}

#[rstest]
#[case::nothing_given(&[], "--reason")]
#[case::no_reason(&["--owner", "Bo", "--until", "SOON"], "--reason")]
#[case::no_owner(&["--reason", "x", "--until", "SOON"], "--owner")]
#[case::no_day(&["--reason", "x", "--owner", "Bo"], "--until")]
#[case::blank_reason(&["--reason", " ", "--owner", "Bo", "--until", "SOON"], "`--reason`: write a reason of at least three words")]
#[case::thin_reason(&["--reason", "x", "--owner", "Bo", "--until", "SOON"], "`--reason`: write a reason")]
#[case::invisible_reason(&["--reason", "\u{3164}\u{3164} \u{200b} \u{3164}\u{ffa0}", "--owner", "Bo", "--until", "SOON"], "`--reason`: write a reason")]
#[case::blank_owner(&["--reason", "the pilot is free", "--owner", "", "--until", "SOON"], "`--owner`: no name given")]
#[case::invisible_owner(&["--reason", "the pilot is free", "--owner", "\u{3164}", "--until", "SOON"], "`--owner`: no name given")]
#[case::past(&["--reason", "x", "--owner", "Bo", "--until", "PAST"], "the day has passed")]
#[case::too_long(&["--reason", "the pilot is free", "--owner", "Bo", "--until", "LATE"], "at most 90 days")]
#[case::no_such_day(&["--reason", "x", "--owner", "Bo", "--until", "2026-02-30"], "--until")]
fn waive_is_refused(#[case] flags: &[&str], #[case] says: &str) {
    let place = settled();
    let before = answers(&place);
    let (soon, past, late) = (in_days(10), in_days(-1), in_days(92));
    let flags = flags.iter().map(|flag| match *flag {
        "SOON" => soon.as_str(),
        "PAST" => past.as_str(),
        "LATE" => late.as_str(),
        other => other,
    });
    let told = ran(place.greenlight(&["waive", "wrapper.refunds"]).args(flags));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
    assert_eq!(answers(&place), before);
}

#[rstest]
#[case("wrapper.provider-policy", "this check can never be waived")]
#[case("wrapper.refund", "did you mean `wrapper.refunds`?")]
#[case("zzzzzzzz", "`greenlight check` shows the checks")]
fn waive_knows_its_check(#[case] check: &str, #[case] says: &str) {
    let place = settled();
    let before = answers(&place);
    let args = ["waive", check, "--reason", "x", "--owner", "Bo", "--until", &in_days(10)];
    let told = ran(&mut place.greenlight(&args));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
    assert_eq!(answers(&place), before);
}

#[rstest]
#[case::nothing("2026-11-22", "5d", 0)]
#[case::the_first_month("2026-11-22", "30d", 3)]
#[case::all_kinds("2026-12-21", "90d", 3)]
#[case::lapsed("2027-06-01", "0d", 3)]
fn due_shows_what_expires(#[case] at: &str, #[case] within: &str, #[case] code: i32) {
    let place = waived("wrapper.refunds", &waiver("wrapper.refunds", "2026-11-20", "2027-01-10"));
    let told = ran(&mut place.greenlight(&["due", "--at", at, "--within", within]));
    assert_eq!(told.code, code, "{}", told.all());
    insta::assert_snapshot!(format!("due_{at}_{within}"), told.all());
    let days: Vec<_> =
        told.out.lines().filter_map(|line| line.get(..10)).filter(|day| day.starts_with('2')).collect();
    assert!(days.is_sorted(), "{}", told.out);
    assert_eq!(days.is_empty(), code == 0);
}

#[rstest]
#[case("6d", 0)]
#[case("7d", 3)]
fn due_looks_ahead_to_the_day(#[case] within: &str, #[case] code: i32) {
    // Answered on 2026-11-21 for 7 days at least: the first last day is 2026-11-28.
    let args = ["due", "--at", "2026-11-21", "--within", within];
    assert_eq!(ran(&mut settled().greenlight(&args)).code, code);
}

#[rstest]
#[case("1m")]
#[case("14")]
#[case("-1d")]
#[case("d")]
#[case("99999d")]
fn due_takes_days_alone(#[case] within: &str) {
    let told = ran(settled().greenlight(&["due"]).arg(format!("--within={within}")));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains("write a number of days such as `14d`; `1m` is ambiguous"), "{}", told.err);
}
