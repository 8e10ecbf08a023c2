//! What an answer rests on: which evidence counts, for how long, and what is said of one that does not.

use std::collections::BTreeMap;

use rstest::rstest;

use super::{
    engine::{only, unknown},
    standing::{answer, asked, day, question},
    *,
};
use crate::{
    judge::rule_fixture::RuleFixture,
    model::{
        answer::{Answer, Evidence, EvidenceFact, Shows},
        checklist::{EvidenceKind, Question},
        pages::{PageHost, Pages},
        said::passage,
        verdict::{Finding, Reason, Verdict},
    },
};

const WORDS: &str = "it says yes to that";

fn page(url: &str, read: &str) -> Evidence {
    Evidence::Url { url: url.to_owned(), read: day(read), clause: None, passage: None }
}

fn words(words: &str, read: &str) -> Evidence {
    Evidence::Quote { words: words.to_owned(), read: day(read), clause: None }
}

fn file(sha256: &str) -> Evidence {
    Evidence::File { path: "a.png".into(), sha256: sha256.to_owned(), bytes: 1, captured: day("2026-11-20") }
}

/// The finding of a question that wants this kind of evidence of 90 days from a page of the owner.
fn resting_on(kind: EvidenceKind, evidence: Vec<Evidence>) -> Finding {
    let pages = Pages::Of(vec![PageHost::new("page.example").unwrap()]);
    asked(Question { evidence: Some(kind), pages, ..question() }, vec![Answer { evidence, ..answer() }])
}

#[rstest]
#[case::an_address(EvidenceKind::Url, "an address")]
#[case::a_file(EvidenceKind::File, "a file, such as a screenshot")]
#[case::words(EvidenceKind::Quote, "a quotation")]
#[case::anything(EvidenceKind::Any, "an address, a file or a quotation")]
fn an_answer_without_evidence_is_told_what_is_wanted(#[case] kind: EvidenceKind, #[case] wanted: &str) {
    let finding = resting_on(kind, vec![]);
    let seen = format!("answered 2026-11-20 without the evidence it asks for: {wanted}");
    assert_eq!((finding.verdict, finding.seen), (unknown(Reason::NoEvidence), seen));
}

#[rstest]
#[case::enough(WORDS, None)]
#[case::too_short("yes", Some("write a few words that someone else can check"))]
fn a_quotation_is_long_enough_to_be_checked(#[case] quoted: &str, #[case] wrong: Option<&str>) {
    let finding = resting_on(EvidenceKind::Quote, vec![words(quoted, "2026-11-20")]);
    let said = wrong.map(|why| format!("answered 2026-11-20 with evidence that does not count: {why}"));
    assert_eq!(finding.verdict == Verdict::Pass, wrong.is_none());
    assert!(said.is_none_or(|said| finding.seen == said), "{}", finding.seen);
}

/// Another check, or this one, and the rule that speaks against it.
fn conformance(check: &str, against: Option<&str>) -> Shows {
    Shows::Conformance(BTreeMap::from([(check.to_owned(), against.map(str::to_owned))]))
}

#[rstest]
#[case::something(Shows::Something, None)]
#[case::nothing(Shows::Nothing("it is one colour".to_owned()), Some("it is one colour"))]
#[case::of_this(conformance("a.ask", None), None)]
#[case::of_another(
    conformance("a.other", None),
    Some("it is a conformance report, and none of its rules is about this")
)]
#[case::against(
    conformance("a.ask", Some("it polls too often")),
    Some("it is a conformance report that says it polls too often")
)]
fn a_file_counts_for_what_it_shows(#[case] shows: Shows, #[case] wrong: Option<&str>) {
    let mut fixture = RuleFixture::new();
    fixture.answers.answers = vec![Answer { evidence: vec![file("s")], ..answer() }];
    let seen = EvidenceFact::Present { sha256: "s".to_owned(), bytes: 1, shows };
    fixture.observations.evidence.insert("a.png".into(), seen);
    let question = Question { evidence: Some(EvidenceKind::File), ..question() };
    let finding = only(&fixture, check("a.ask", Decider::Question(question)), vec![]);
    let said = wrong.map(|why| format!("answered 2026-11-20 with evidence that does not count: {why}"));
    assert_eq!(finding.verdict == Verdict::Pass, wrong.is_none());
    assert!(said.is_none_or(|said| finding.seen == said), "{}", finding.seen);
}

/// The last day of an answer that names 2026-12-31 itself, read on pages that count for 30 days.
#[rstest]
#[case::its_own_page(vec![page("https://page.example", "2026-11-01")], "2026-12-01")]
#[case::the_newest_of_them(
    vec![page("https://page.example/a", "2026-11-02"), page("https://page.example/b", "2026-11-01")],
    "2026-12-02"
)]
#[case::not_a_newer_one_of_somebody_else(
    vec![page("https://page.example", "2026-11-01"), page("https://other.example", "2026-11-19")],
    "2026-12-01"
)]
#[case::not_newer_words(
    vec![page("https://page.example", "2026-11-01"), words(WORDS, "2026-11-19")],
    "2026-12-01"
)]
fn an_answer_ends_with_the_newest_reading_that_counts(#[case] evidence: Vec<Evidence>, #[case] last: &str) {
    let pages = Pages::Of(vec![PageHost::new("page.example").unwrap()]);
    let reading = Question { evidence: Some(EvidenceKind::Url), pages, valid_for_days: 30, ..question() };
    let finding = asked(reading, vec![Answer { answered: day("2026-11-21"), evidence, ..answer() }]);
    assert_eq!(finding.recorded.map(|recorded| recorded.expires), Some(day(last).min(day("2026-12-21"))));
}

#[rstest]
#[case::the_same(vec![words(WORDS, "2026-11-20")], true)]
#[case::laid_out_otherwise(vec![words("it says\n  yes to that", "2026-11-20")], true)]
#[case::among_others(vec![words("and one thing more", "2026-11-20"), words(WORDS, "2026-11-20")], true)]
#[case::no_longer_quoted(vec![], true)]
#[case::others(vec![words("it says no to that", "2026-11-20")], false)]
fn the_words_of_a_page_stay_those_that_were_recorded(#[case] quoted: Vec<Evidence>, #[case] counts: bool) {
    let url = "https://page.example".to_owned();
    let mut evidence =
        vec![Evidence::Url { url, read: day("2026-11-20"), clause: None, passage: Some(passage(WORDS)) }];
    evidence.extend(quoted);
    let finding = resting_on(EvidenceKind::Url, evidence);
    if counts {
        assert_eq!(finding.verdict, Verdict::Pass, "{}", finding.seen);
    } else {
        let seen = "the quoted words are not the ones recorded for `https://page.example`";
        assert_eq!((finding.verdict, finding.seen.as_str()), (unknown(Reason::EvidenceChanged), seen));
    }
}

/// An earlier answer of this day, that ended on this one, with this file; the one in force is of 2026-11-20.
#[rstest]
#[case::ended("2026-08-10", "2026-11-21", "s", true)]
#[case::ends_today("2026-08-25", "2026-11-22", "s", false)]
#[case::with_another_file("2026-08-10", "2026-11-21", "t", false)]
#[case::of_the_same_day("2026-11-20", "2026-11-21", "s", false)]
fn an_answer_given_again_with_the_file_of_one_that_ended_is_a_caution(
    #[case] answered: &str,
    #[case] expires: &str,
    #[case] sha256: &str,
    #[case] worn: bool,
) {
    let mut fixture = RuleFixture::new();
    let seen = EvidenceFact::Present { sha256: "s".to_owned(), bytes: 1, shows: Shows::Something };
    fixture.observations.evidence.insert("a.png".into(), seen);
    let earlier =
        Answer { answered: day(answered), expires: day(expires), evidence: vec![file(sha256)], ..answer() };
    fixture.answers.answers = vec![earlier, Answer { evidence: vec![file("s")], ..answer() }];
    let finding = only(&fixture, check("a.ask", Decider::Question(question())), vec![]);
    let said = format!("with the same file as the answer of {answered}, which has expired");
    assert_eq!(
        (finding.verdict == Verdict::Warn, finding.seen.ends_with(&said)),
        (worn, worn),
        "{}",
        finding.seen
    );
    let fix = "Look again, and record what is seen now. Record it: `greenlight answer a.ask`";
    assert_eq!(finding.fix.as_deref(), worn.then_some(fix));
}
