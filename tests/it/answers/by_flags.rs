//! `greenlight answer` by flags: what it records, and what it refuses before anything is written.

use rstest::rstest;

use super::{answers, begun, loaded, settle};
use crate::support::{Ran, Sample, ran};

const GOOD: [&str; 6] =
    ["wrapper.refunds", "--value", "refunded", "--evidence", "https://acme.example/billing", "--by=Ann"];

fn answer(place: &Sample, args: &[&str]) -> Ran {
    ran(place.greenlight(&["answer"]).args(args))
}

/// Exit 2 with these words, and nothing written.
fn refused(args: &[&str], says: &str) {
    let place = begun("wrapper");
    place.write("note.txt", "words");
    fs_err::create_dir(place.path().join("folder")).unwrap();
    let told = answer(&place, args);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
    assert!(!place.path().join("answers.toml").exists(), "something was written");
}

#[rstest]
#[case::wrong_value(&["wrapper.refunds", "--value", "maybe"], "it takes one of `refunded`,")]
#[case::misspelt(&["wrapper.refund", "--value", "refunded"], "did you mean `wrapper.refunds`?")]
#[case::unknown(&["zzzzzzzz", "--value", "yes"], "`greenlight answer --list` shows the questions")]
#[case::no_reason(&["wrapper.refunds", "--not-applicable"], "--not-applicable <REASON>")]
#[case::blank_reason(&["wrapper.refunds", "--not-applicable", " ", "--by", "Ann"], "it needs a reason")]
#[case::value_and_reason(&["wrapper.refunds", "--not-applicable", "x", "--value", "refunded"], "cannot be used with")]
#[case::no_reply(&["wrapper.refunds", "--evidence", "https://acme.example"], "--value <VALUE>|--not-applicable <REASON>")]
#[case::no_check(&["--value", "yes"], "<CHECK>")]
#[case::no_evidence(&["wrapper.refunds", "--value", "refunded", "--by", "Ann"], "pass `--evidence https://…`")]
#[case::quote_for_address(&["wrapper.refunds", "--value", "refunded", "--by", "Ann", "--evidence", "quote:x"], "pass `--evidence https://…`")]
#[case::without_a_name(&["wrapper.refunds", "--value", "refunded", "--evidence", "https://acme.example"], "pass `--by NAME`")]
#[case::by_a_blank(&["wrapper.refunds", "--value", "refunded", "--evidence", "https://acme.example", "--by", " "], "pass `--by NAME`")]
#[case::clause_of_nothing(&["wrapper.refunds", "--value", "refunded", "--clause", "7.2"], "--evidence <URL|FILE|QUOTE>")]
#[case::clause_of_a_file(&["wrapper.refunds", "--value", "refunded", "--by=Ann", "--evidence", "note.txt", "--clause", "7.2"], "it is kept with an address or a quotation")]
#[case::clause_of_no_words(&["wrapper.refunds", "--value", "refunded", "--by=Ann", "--evidence", "https://acme.example", "--clause", "…"], "it contains nothing readable")]
#[case::own_file(&["wrapper.refunds", "--value", "refunded", "--by=Ann", "--evidence", "greenlight.toml"], "it is a file of the project itself")]
#[case::list_and_check(&["wrapper.refunds", "--list"], "cannot be used with")]
#[case::json_alone(&["--json"], "--list")]
fn it_refuses(#[case] args: &[&str], #[case] says: &str) {
    refused(args, says);
}

#[rstest]
#[case::no_such_day("--answered=2026-02-30", "--answered")]
#[case::no_leap_year("--answered=2027-02-29", "--answered")]
#[case::future("--answered=9998-01-01", "date is in the future")]
#[case::before_the_calendar("--answered=-0044-03-15", "the year is out of range")]
#[case::month_or_minute("--expires=1m", "`1m` and `1y` are ambiguous")]
#[case::words("--expires=soon", "write a day such as")]
#[case::no_such_last_day("--expires=2027-02-29", "write a day such as")]
#[case::before_the_answer("--expires=2026-11-19", "it is before the answer")]
#[case::too_late("--expires=2027-02-19", "holds for at most 90 days, until 2027-02-18")]
#[case::too_many_days("--expires=91d", "holds for at most 90 days")]
#[case::beyond_all_days("--expires=99999999999d", "write a day such as")]
fn it_refuses_the_day(#[case] flag: &str, #[case] says: &str) {
    let answered = if flag.starts_with("--answered") { [].as_slice() } else { &["--answered=2026-11-20"] };
    refused(&[&GOOD, answered, &[flag]].concat(), says);
}

#[rstest]
#[case::a_password("https://ann:secret@acme.example/x", "evidence with a user or a password")]
#[case::a_user("https://ann@acme.example/x", "evidence with a user or a password")]
#[case::signed(
    "https://acme.example/x?X-Amz-Signature=0a1b2c",
    "a credential in an address (X-Amz-Signature)"
)]
#[case::signed_within("https://acme.example/?to=https%3A%2F%2Fx.example%3Fsig%3DZm9v", "in an address (sig)")]
#[case::quoted(
    "quote:the page says https://acme.example/x?access_token=0a1b2c",
    "in an address (access_token)"
)]
#[case::a_header(
    "quote:it wants Authorization: Bearer abcdefgh01234567",
    "what looks like an `Authorization` header"
)]
#[case::outside("../secret.txt", "file not found")]
#[case::absolute("/etc/hostname", "it lies outside the project's folder")]
#[case::gone("gone.png", "file not found; write a quotation as `quote:…`")]
#[case::a_folder("folder", "it is a folder, not a file")]
#[case::the_project_itself(".", "it is a folder, not a file")]
#[case::nothing("", "it is empty")]
#[case::no_words("quote: ", "write its words after `quote:`")]
#[case::another_scheme("ftp://acme.example/x", "file not found")]
#[case::no_host("https://", "file not found")]
fn it_refuses_evidence(#[case] evidence: &str, #[case] says: &str) {
    refused(&[&GOOD, ["--evidence", evidence].as_slice()].concat(), says);
}

#[test]
fn a_file_beside_the_project_is_no_evidence() {
    let beside = Sample::empty();
    beside.write("note.txt", "words");
    let evidence = format!("../{}/note.txt", beside.path().file_name().unwrap());
    refused(&[&GOOD, ["--evidence", &evidence].as_slice()].concat(), "it lies outside the project's folder");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_no_evidence() {
    let place = begun("wrapper");
    std::os::unix::fs::symlink("/etc/hostname", place.path().join("inside.txt")).unwrap();
    let told = answer(&place, &[&GOOD, ["--evidence", "inside.txt"].as_slice()].concat());
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("it lies outside the project's folder"), "{}", told.err);
}

#[rstest]
#[case::leap_day(&["--answered=2024-02-29", "--expires=2024-02-29"], "answered = 2024-02-29\nexpires = 2024-02-29")]
#[case::as_the_question_says(&["--answered=2026-11-20"], "expires = 2027-02-18")]
#[case::to_the_last_day(&["--answered=2026-11-20", "--expires=2027-02-18"], "expires = 2027-02-18")]
#[case::days_from_the_answer(&["--answered=2024-02-28", "--expires=2d"], "expires = 2024-03-01")]
#[case::for_the_day(&["--answered=2026-11-20", "--expires=0d"], "expires = 2026-11-20")]
#[case::a_remark(&["--note", "clause 4\n\"as is\""], "note = '")]
#[case::a_file(&["--evidence", "note.txt"], "{ file = \"note.txt\", sha256 = \"")]
#[case::a_file_in_words(&["--evidence", "file:note.txt"], "bytes = 5, captured = ")]
#[case::words(&["--evidence", "they pay it back"], "{ quote = \"they pay it back\", read = ")]
#[case::marked_words(&["--evidence", "quote:it is refunded in full"], "{ quote = \"it is refunded in full\", read = ")]
fn it_records(#[case] flags: &[&str], #[case] wrote: &str) {
    let place = begun("wrapper");
    place.write("note.txt", "words");
    let told = answer(&place, &[&GOOD, flags].concat());
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.all());
    let text = answers(&place);
    if wrote != "note = '" {
        assert!(text.contains(wrote), "{text}");
    }
    let kept = &loaded(&place).answers.answers[0];
    assert_eq!((kept.check.as_str(), kept.by.as_str()), ("wrapper.refunds", "Ann"));
    assert_eq!(kept.note.as_deref(), flags.contains(&"--note").then_some("clause 4\n\"as is\""));
}

/// If the words of a page have changed, that shows when it is read again.
#[test]
fn a_page_is_kept_with_its_clause_and_its_words() {
    let place = begun("wrapper");
    let clause = ["--clause", " 7.2  \u{202e}Fees", "--evidence", "quote:a failed job is refunded in full"];
    let told = answer(&place, &[&GOOD, &clause[..], &["--answered=2026-11-20"]].concat());
    assert_eq!(told.code, 0, "{}", told.all());
    let text = answers(&place);
    let sha256 = greenlight::model::said::passage("a failed job is refunded in full");
    assert!(text.contains(&format!("passage-sha256 = \"{sha256}\", clause = \"7.2 ")), "{text}");
    let receipt = ran(&mut place.greenlight(&["check", "--format", "json"])).json();
    let kept = receipt["answers"][0]["evidence"].as_array().unwrap();
    assert_eq!((&kept[0]["passage-sha256"], &kept[0]["clause"]), (&sha256.into(), &kept[1]["clause"]));
    for format in ["table", "markdown"] {
        let shown = ran(&mut place.greenlight(&["check", "--format", format]));
        let words: Vec<_> = shown.out.split_whitespace().collect();
        assert!(words.join(" ").contains("clause \"7.2 "), "{}", shown.out);
        assert!(!shown.out.contains('\u{202e}'));
    }
    let same = ["--evidence", "quote:a failed  job is refunded in full", "--answered=2026-11-21"];
    let same = answer(&place, &[&GOOD, &same[..]].concat());
    let other = ["--evidence", "quote:a failed job is not refunded", "--answered=2026-11-22"];
    let other = answer(&place, &[&GOOD, &other[..]].concat());
    insta::assert_snapshot!("renewed", format!("{}{}", same.all(), other.all()));
}

#[test]
fn a_last_day_may_be_a_leap_day_of_a_year_that_has_one() {
    // Only the form is tested: such an answer would be valid for too long.
    let told = |day: &str| answer(&begun("wrapper"), &[&GOOD, [day].as_slice()].concat()).err;
    assert!(told("--expires=2028-02-29").contains("at most 90 days"));
    assert!(told("--expires=2027-02-29").contains("write a day such as"));
}

#[test]
fn it_says_what_it_recorded() {
    let place = begun("wrapper");
    let day = ["--answered=2026-11-20"];
    let passes = answer(&place, &[GOOD.as_slice(), &day].concat());
    let refutes = ["--value", "vague or no answer"];
    let refutes = answer(&place, &[&GOOD[..1], &refutes, &GOOD[3..], &day].concat());
    let none = ["--not-applicable", "we pay\u{1b}[2J nothing", "--by=Ann"];
    let none = answer(&place, &[&GOOD[..1], &none, &day].concat());
    insta::assert_snapshot!(format!("{}{}{}", passes.all(), refutes.all(), none.all()));
}

#[test]
fn the_name_of_an_earlier_answer_is_not_reused() {
    let place = begun("wrapper");
    settle(&place, Some);
    let nameless = &GOOD[..5];
    assert!(answer(&place, nameless).err.contains("pass `--by NAME`"), "Ann answered before");
    let told = ran(place.greenlight(&["answer"]).args(nameless).env("USER", "bo"));
    assert_eq!(told.code, 0, "{}", told.all());
    assert_eq!(loaded(&place).answers.answers.last().unwrap().by, "bo");
}

#[rstest]
#[case(&[], "19 open questions")]
#[case(&["wrapper.refunds"], "1 open question\n")]
fn without_a_terminal_the_flags_are_named(#[case] args: &[&str], #[case] says: &str) {
    let told = answer(&begun("wrapper"), args);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    for words in [says, "--value", "--evidence", "--list"] {
        assert!(told.err.contains(words), "{words}: {}", told.err);
    }
}

#[test]
fn the_list_shows_where_every_answer_stands() {
    let place = begun("wrapper");
    assert_eq!(answer(&place, &[GOOD.as_slice(), &["--answered=2024-02-29"]].concat()).code, 0);
    let no = ["wrapper.claims-are-first-party", "--value", "no", "--answered=2026-11-20"];
    let no = answer(&place, &[&no[..], &["--evidence", "https://docs.x.ai/page", "--by=Ann"]].concat());
    assert!(no.out.contains("This answer does not pass the check."), "{}", no.all());
    insta::assert_snapshot!("list", answer(&place, &["--list"]).all());
    let list = answer(&place, &["--list", "--json"]).json();
    let line = list.as_array().unwrap().iter().find(|line| line["check"] == GOOD[0]).unwrap();
    insta::assert_json_snapshot!("list_json", line);
}

/// `xai` is `xAI`: case doesn't matter, and the checklist's spelling is kept.
#[rstest]
#[case::yes_no("wrapper.claims-are-first-party", "YES", "yes")]
#[case::choice("wrapper.upstream-chain", "official api", "official API")]
fn a_choice_is_read_whatever_its_capitals(#[case] check: &str, #[case] typed: &str, #[case] kept: &str) {
    let place = begun("wrapper");
    let args = [
        check,
        "--value",
        typed,
        "--by=Ann",
        "--evidence=https://docs.x.ai/page",
        "--evidence=https://acme.example/x",
    ];
    let told = answer(&place, &args);
    assert_eq!(told.code, 0, "{}", told.all());
    let written = fs_err::read_to_string(place.path().join("answers.toml")).unwrap();
    assert!(written.contains(&format!("value = \"{kept}\"")), "{written}");
}

#[rstest]
#[case::url("quote:it is paid back", "pass `--evidence https://…`")]
#[case::not_there("nowhere.png", "file not found; write a quotation as `quote:…`")]
fn evidence_of_another_kind_names_the_kind_that_counts(#[case] evidence: &str, #[case] says: &str) {
    let args = ["wrapper.refunds", "--value", "refunded", "--by", "Ann", "--evidence", evidence];
    refused(&args, says);
}

/// Without the key the balance is unknown, and no person can state it instead.
#[test]
fn a_blocked_check_is_not_done() {
    let told = answer(&begun("api"), &["--list"]);
    let line = told.out.lines().find(|line| line.contains("api.balance-covers")).unwrap();
    assert!(line.starts_with("blocked") && line.contains("blocked by key present"), "{line}");
    let list = answer(&begun("wrapper"), &["--list", "--json"]).json();
    let line =
        list.as_array().unwrap().iter().find(|line| line["check"] == "wrapper.upstream-chain").unwrap();
    assert!(line["choices"].as_array().unwrap().iter().any(|choice| choice == "official API"), "{line}");
}

#[test]
fn a_check_that_no_person_decides_is_not_answered() {
    let told = answer(&begun("api"), &["api.key-accepted", "--value", "yes"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("it is not decided by a person"), "{}", told.err);
}

/// Every part that a person writes goes into a file that is kept in git.
#[rstest]
#[case::a_note("--note", "asked with acme-test-0123456789abcdef")]
#[case::a_name("--by", "acme-test-0123456789abcdef")]
#[case::a_clause("--clause", "7 of acme-test-0123456789abcdef")]
#[case::a_key_of_this_environment("--note", "it takes 9f3c-CANARY-of-this-environment")]
#[case::a_run_of_it("--note", "it begins with 9f3c-CANARY")]
#[case::in_base64("--note", "OWYzYy1DQU5BUlktb2YtdGhpcy1lbnZpcm9ubWVudA==")]
#[case::a_signed_token("--note", "see /s/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")]
#[case::in_an_address("--note", "see https://acme.example/?token=0a1b2c3d4e5f")]
fn it_refuses_a_key_wherever_it_is_put(#[case] flag: &str, #[case] text: &str) {
    let place = begun("wrapper");
    let text = text.replace("acme-test-", "xai-");
    let mut args = GOOD.to_vec();
    args.retain(|arg| !arg.starts_with("--by") || flag != "--by");
    args.extend([flag, &text]);
    let mut command = place.greenlight(&["answer"]);
    let told = ran(command.args(args).env("XAI_API_KEY", "9f3c-CANARY-of-this-environment"));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains("Nothing was written"), "{}", told.err);
    assert!(!told.err.contains(&text), "{}", told.err);
    assert!(!place.path().join("answers.toml").exists(), "something was written");
}

/// A checklist refuses another vendor's key, but it is still a key.
#[test]
fn it_refuses_a_key_of_another_vendor() {
    let place = begun("api");
    let note = ["--note", "called with sk-proj-abc123DEF456ghi789JKL0"];
    let good = ["api.policy-read", "--value", "yes", "--by", "Ann", "--evidence", "https://x.ai/legal"];
    let told = answer(&place, &[&good[..], &note].concat());
    assert!(told.code == 2 && told.err.contains("a key of OpenAI's shape"), "{}", told.all());
    let waiver = ["api.media-rights", "--owner", "Bo", "--until", "2026-12-20", "--reason", note[1]];
    let told = ran(place.greenlight(&["waive"]).args(waiver));
    assert!(told.code == 2 && told.err.contains("a key of OpenAI's shape"), "{}", told.all());
    assert!(!place.path().join("answers.toml").exists(), "something was written");
}
