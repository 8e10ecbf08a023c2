//! What is read of `answers.toml`, and what is wrong with an entry in words.

use rstest::rstest;

use super::*;
use crate::{load::document, model::route::Route};

/// What stands in the file, and each mistake with its code and the text that it points at.
fn read(text: &str) -> (Answers, Vec<String>) {
    let (mut diagnostics, mut taken) = (Vec::new(), Vec::new());
    let raw = document::read(0, text, &mut diagnostics, &mut taken);
    let patterns = std::cell::Cell::new(0);
    let mut sink = DiagnosticSink {
        file: 0,
        text,
        shipped: false,
        taken: &taken,
        patterns: &patterns,
        diagnostics: &mut diagnostics,
    };
    let answers = raw.map(|raw| sink.answers(raw)).unwrap_or_default();
    let told = diagnostics.iter().map(|told| {
        let at = text[told.labels[0].span.clone()].lines().next().unwrap_or_default();
        format!("{} at `{at}`: {}", told.code, told.message)
    });
    let told = told.collect();
    (answers, told)
}

const ANSWER: &str = r#"[[answer]]
check = "a.ask"
route = "wrapper"
provider = "fal"
account = "studio"
models = ["model"]
value = "yes"
by = "Ann"
answered = 2026-11-20
expires = 2026-12-20
question = "v2:d"
note = "by mail"
"#;

const WAIVER: &str = r#"[[waiver]]
check = "a.ask"
route = "api"
provider = "xai"
given-for = ["shot"]
reason = "the pilot is free of charge"
owner = "Bob"
recorded = 2026-11-20
until = 2026-12-20
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The answer with this evidence beside it, as TOML.
fn resting_on(evidence: &str) -> (Vec<Evidence>, Vec<String>) {
    let (answers, told) = read(&format!("{ANSWER}evidence = [{evidence}]\n"));
    (answers.answers.into_iter().flat_map(|answer| answer.evidence).collect(), told)
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let (answers, told) = read(ANSWER);
    let wanted = Answer {
        check: CheckId::new("a.ask").unwrap(),
        scope: Scope {
            route: Route::Wrapper,
            provider: "fal".to_owned(),
            account: Some("studio".to_owned()),
            models: vec!["model".to_owned()],
            given_for: vec![],
        },
        value: AnswerValue::Text("yes".to_owned()),
        by: "Ann".to_owned(),
        answered: day("2026-11-20"),
        expires: day("2026-12-20"),
        question: "v2:d".to_owned(),
        evidence: vec![],
        note: Some("by mail".to_owned()),
    };
    assert_eq!((answers.answers, told), (vec![wanted], vec![]));
}

#[test]
fn a_waiver_is_read_as_it_was_written() {
    let (answers, told) = read(WAIVER);
    let wanted = Waiver {
        check: CheckId::new("a.ask").unwrap(),
        route: Route::Api,
        provider: "xai".to_owned(),
        account: None,
        given_for: vec!["shot".to_owned()],
        reason: "the pilot is free of charge".to_owned(),
        owner: "Bob".to_owned(),
        recorded: day("2026-11-20"),
        until: day("2026-12-20"),
    };
    assert_eq!((answers.waivers, told), (vec![wanted], vec![]));
}

#[rstest]
#[case::a_value("value = \"yes\"", AnswerValue::Text("yes".to_owned()))]
#[case::a_reason(
    "not-applicable = \"one shot only\"",
    AnswerValue::NotApplicable("one shot only".to_owned())
)]
fn an_answer_has_a_value_or_does_not_apply(#[case] written: &str, #[case] wanted: AnswerValue) {
    let (answers, told) = read(&ANSWER.replace("value = \"yes\"", written));
    assert_eq!((answers.answers[0].value.clone(), told), (wanted, vec![]));
}

#[rstest]
#[case::neither(
    ANSWER,
    "value = \"yes\"\n",
    "",
    "ambiguous at `[[answer]]`: an answer has either `value` or `not-applicable`"
)]
#[case::both(
    ANSWER,
    "value = \"yes\"\n",
    "value = \"yes\"\nnot-applicable = \"no\"\n",
    "ambiguous at `[[answer]]`: an answer has either `value` or `not-applicable`"
)]
#[case::no_reason(
    ANSWER,
    "value = \"yes\"",
    "not-applicable = \" \"",
    "empty-value at `\" \"`: `not-applicable` is empty"
)]
#[case::nobody(ANSWER, "by = \"Ann\"\n", "", "missing-key at `[[answer]]`: the answer has no `by`")]
#[case::over_before_it_began(
    ANSWER,
    "expires = 2026-12-20",
    "expires = 2026-11-19",
    "wrong-order at `2026-11-19`: `expires` is before `answered`"
)]
#[case::no_owner(WAIVER, "owner = \"Bob\"\n", "", "missing-key at `[[waiver]]`: the waiver has no `owner`")]
#[case::over_before_it_was_recorded(
    WAIVER,
    "until = 2026-12-20",
    "until = 2026-11-19",
    "wrong-order at `2026-11-19`: `until` is before `recorded`"
)]
fn a_mistake_is_told_with_its_place(
    #[case] entry: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] says: &str,
) {
    assert_eq!(read(&entry.replace(from, to)).1, [says]);
}

#[rstest]
#[case::answer(ANSWER, "expires = 2026-12-20", "expires = 2026-11-20")]
#[case::waiver(WAIVER, "until = 2026-12-20", "until = 2026-11-20")]
fn an_entry_may_end_on_its_first_day(#[case] entry: &str, #[case] from: &str, #[case] to: &str) {
    assert_eq!(read(&entry.replace(from, to)).1, Vec::<String>::new());
}

fn sha256() -> String {
    "0123456789abcdef".repeat(4)
}

#[test]
fn evidence_is_a_page_a_file_or_words() {
    let digest = sha256();
    let (found, told) = resting_on(&format!(
        "{{ url = \"https://page.example/terms\", read = 2026-11-19, clause = \"7.2\", passage-sha256 = \"{digest}\" }}, \
         {{ file = \"a.png\", sha256 = \"{digest}\", bytes = 3, captured = 2026-11-18 }}, \
         {{ quote = \"it says yes\", read = 2026-11-17, clause = \"4\" }}"
    ));
    let clause = |clause: &str| Some(clause.to_owned());
    let wanted = [
        Evidence::Url {
            url: "https://page.example/terms".to_owned(),
            read: day("2026-11-19"),
            clause: clause("7.2"),
            passage: Some(digest.clone()),
        },
        Evidence::File { path: "a.png".into(), sha256: digest, bytes: 3, captured: day("2026-11-18") },
        Evidence::Quote { words: "it says yes".to_owned(), read: day("2026-11-17"), clause: clause("4") },
    ];
    assert_eq!((found, told), (wanted.to_vec(), vec![]));
}

#[test]
fn evidence_without_a_day_is_of_the_day_of_its_answer() {
    let (found, _) = resting_on(&format!(
        "{{ file = \"a.png\", sha256 = \"{}\", bytes = 3 }}, {{ quote = \"it says yes\" }}",
        sha256()
    ));
    assert_eq!(found.iter().map(Evidence::day).collect::<Vec<_>>(), [day("2026-11-20"); 2]);
}

#[test]
fn the_files_that_answers_rest_on_are_told_once_each() {
    let file = |name: &str| format!("{{ file = \"{name}\", sha256 = \"{}\", bytes = 3 }}", sha256());
    let evidence =
        [file("b.png"), "{ quote = \"it says yes\" }".to_owned(), file("a.png"), file("b.png")].join(", ");
    let (answers, _) = read(&format!("{ANSWER}evidence = [{evidence}]\n"));
    assert_eq!(answers.evidence_files(), ["a.png", "b.png"]);
}

#[rstest]
#[case::nothing("{}")]
#[case::a_page_of_no_day("{ url = \"https://page.example\" }")]
#[case::no_address("{ url = \"page.example\", read = 2026-11-19 }")]
#[case::no_host("{ url = \"data:text/plain,x\", read = 2026-11-19 }")]
#[case::not_on_the_web("{ url = \"ftp://page.example\", read = 2026-11-19 }")]
#[case::with_a_user("{ url = \"https://ann@page.example\", read = 2026-11-19 }")]
#[case::with_a_password("{ url = \"https://:pw@page.example\", read = 2026-11-19 }")]
#[case::a_page_of_a_blank_clause("{ url = \"https://page.example\", read = 2026-11-19, clause = \" \" }")]
#[case::a_page_and_words("{ url = \"https://page.example\", read = 2026-11-19, quote = \"it says yes\" }")]
#[case::a_file_without_a_digest("{ file = \"a.png\", bytes = 3 }")]
#[case::blank_words("{ quote = \" \" }")]
#[case::words_of_a_blank_clause("{ quote = \"it says yes\", clause = \" \" }")]
fn what_is_no_evidence_is_told_with_what_would_be(#[case] written: &str) {
    let (found, told) = resting_on(written);
    assert_eq!(found, []);
    assert_eq!(told, [format!("bad-evidence at `{written}`: this isn't evidence")]);
}

#[rstest]
#[case::short(&"a".repeat(63))]
#[case::long(&"a".repeat(65))]
#[case::capital(&"A".repeat(64))]
#[case::no_digit(&"g".repeat(64))]
fn a_digest_is_64_lower_case_hexadecimal_digits(#[case] digest: &str) {
    for (key, evidence) in [
        ("sha256", format!("{{ file = \"a.png\", sha256 = \"{digest}\", bytes = 3 }}")),
        (
            "passage-sha256",
            format!("{{ url = \"https://page.example\", read = 2026-11-19, passage-sha256 = \"{digest}\" }}"),
        ),
    ] {
        let says = format!("bad-digest at `{evidence}`: `{key}` is 64 lower-case hexadecimal digits");
        assert_eq!(resting_on(&evidence).1, [says]);
    }
}
