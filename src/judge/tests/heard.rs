//! What a probe saw is told beside the answer to a question, settles it, or contradicts it.

use rstest::rstest;
use serde_json::json;

use super::{
    engine::run,
    standing::{answer, day, question},
    *,
};
use crate::{
    judge::rule_fixture::RuleFixture,
    model::{
        answer::{Answer, AnswerValue},
        catalogue::Edition,
        checklist::Question,
        verdict::Finding,
    },
};

/// A question that a probe speaks about.
struct Told {
    fixture: RuleFixture,
    checks: Vec<Check>,
    faults: Vec<Fault>,
}

impl Told {
    fn new() -> Self {
        let asking = Question { pass: vec!["yes".to_owned()], ..question() };
        Self {
            fixture: RuleFixture::new(),
            checks: vec![check("a.ask", Decider::Question(asking))],
            faults: vec![],
        }
    }

    /// A check of this severity whose probe got this status, where 200 passes.
    fn probe(id: &str, severity: Severity) -> Check {
        let expect = vec![status(200.0), at("$.on", Operator::Equals(Literal::Bool(true)))];
        Check { severity, ..check(id, by_probe(id, expect)) }
    }

    fn supporting(mut self, id: &'static str, severity: Severity, code: u16) -> Self {
        self.fixture = replied(self.fixture, id, code);
        self.checks.push(Check { supports: Some(check_id("a.ask")), ..Self::probe(id, severity) });
        self
    }

    fn settling(mut self, id: &'static str, code: u16) -> Self {
        self.fixture = replied(self.fixture, id, code);
        self.checks.push(Check { settles: vec![check_id("a.ask")], ..Self::probe(id, Severity::Block) });
        self
    }

    fn answered(mut self, value: &str) -> Self {
        self.fixture.answers.answers =
            vec![Answer { value: AnswerValue::Text(value.to_owned()), ..answer() }];
        self
    }

    fn finding(self) -> Finding {
        run(&self.fixture, &checklist(self.checks, self.faults)).findings.remove(0)
    }

    /// Verdict, words and advice of the question.
    fn told(self) -> (&'static str, String, Option<String>) {
        let finding = self.finding();
        (finding.verdict.word(), finding.seen, finding.fix)
    }
}

/// With a reply of this status; with none where it is `UNASKED`.
fn replied(fixture: RuleFixture, id: &'static str, code: u16) -> RuleFixture {
    if code == UNASKED { fixture } else { fixture.reply(id, code, json!({ "on": true })) }
}

const UNASKED: u16 = 0;
const RECORD: &str = "the check's fix. Record it: `greenlight answer a.ask`";
const YES: &str = "yes, by Ann on 2026-11-20, until 2026-12-31";

#[rstest]
#[case::seen(Told::new().settling("b", 200), "pass", "the title of b: HTTP 200", None)]
#[case::all_of_it(
    Told::new().settling("b", 200).settling("c", 200),
    "pass",
    "the title of b: HTTP 200; the title of c: HTTP 200",
    None
)]
#[case::some_of_it_fails(
    Told::new().settling("b", 200).settling("c", 404),
    "fail",
    "the title of c: HTTP 404",
    Some(RECORD)
)]
#[case::some_of_it_is_not_known(
    Told::new().settling("b", 200).settling("c", UNASKED),
    "unknown",
    "not answered (the title of b: HTTP 200; the title of c: the call was not made)",
    Some(RECORD)
)]
#[case::something_else_speaks_against_it(
    Told::new().settling("b", 200).supporting("c", Severity::Block, 404),
    "unknown",
    "not answered (the title of c: HTTP 404; the title of b: HTTP 200)",
    Some(RECORD)
)]
#[case::a_person_said_otherwise(
    Told::new().settling("b", 200).answered("no"),
    "fail",
    "no, by Ann on 2026-11-20, until 2026-12-31 (the title of b: HTTP 200)",
    Some(RECORD)
)]
fn what_a_probe_settles_needs_no_answer(
    #[case] question: Told,
    #[case] verdict: &str,
    #[case] seen: &str,
    #[case] fix: Option<&str>,
) {
    assert_eq!(question.told(), (verdict, seen.to_owned(), fix.map(str::to_owned)));
}

#[rstest]
#[case::over("2026-11-21", "pass", "the title of b: HTTP 200")]
#[case::yet_to_come(
    "2026-12-31",
    "unknown",
    "answered for 2026-11-23, which is after 2026-11-22 (the title of b: HTTP 200)"
)]
fn a_probe_may_settle_what_an_answer_no_longer_does(
    #[case] expires: &str,
    #[case] verdict: &str,
    #[case] seen: &str,
) {
    let mut question = Told::new().settling("b", 200).answered("yes");
    let answer = &mut question.fixture.answers.answers[0];
    answer.expires = day(expires);
    if verdict == "unknown" {
        answer.answered = day("2026-11-23");
    }
    let (found, said, _) = question.told();
    assert_eq!((found, said.as_str()), (verdict, seen));
}

#[rstest]
#[case::alike(Severity::Block, 200, "pass", &format!("{YES} (the title of b: HTTP 200)"))]
#[case::refuted(
    Severity::Block, 404, "fail", &format!("conflict: answered {YES}; but the title of b saw HTTP 404")
)]
#[case::refuted_at_a_lower_severity(
    Severity::Warn, 404, "fail", &format!("conflict: answered {YES}; but the title of b saw HTTP 404")
)]
#[case::unclear(Severity::Block, UNASKED, "pass", &format!("{YES} (the title of b: the call was not made)"))]
fn an_answer_that_a_probe_refutes_is_a_conflict(
    #[case] severity: Severity,
    #[case] code: u16,
    #[case] verdict: &str,
    #[case] seen: &str,
) {
    let (found, said, fix) = Told::new().answered("yes").supporting("b", severity, code).told();
    assert_eq!((found, said.as_str()), (verdict, seen));
    assert_eq!(fix.as_deref(), (verdict == "fail").then_some(RECORD));
}

/// A fault has no sides: what it means counts, at any severity.
#[rstest]
#[case::refuting(Means::Fail, Severity::Block, "fail")]
#[case::refuting_at_a_lower_severity(Means::Fail, Severity::Warn, "fail")]
#[case::unclear(Means::Unknown, Severity::Block, "pass")]
fn an_answer_that_a_fault_refutes_is_a_conflict(
    #[case] means: Means,
    #[case] severity: Severity,
    #[case] verdict: &str,
) {
    let mut question = Told::new().answered("yes").supporting("b", severity, 403);
    question.faults = vec![fault("refused", vec![status(403.0)], means, false)];
    let finding = question.finding();
    assert_eq!(finding.verdict.word(), verdict, "{}", finding.seen);
    assert_eq!(finding.seen.starts_with("conflict: "), verdict == "fail", "{}", finding.seen);
}

#[test]
fn a_caution_contradicts_nobody() {
    let mut question = Told::new().answered("yes");
    let reviewed =
        Edition { id: "own".to_owned(), reviewed: Some(day("2026-01-01")), stale_after_days: Some(1) };
    question.fixture.catalogue.editions = vec![reviewed];
    let stale = check("b", by_rule("catalogue-fresh", &question.fixture, None));
    question.checks.push(Check { supports: Some(check_id("a.ask")), ..stale });
    let (verdict, seen, _) = question.told();
    let caution = "the title of b: reviewed 2026-01-01, stale since 2026-01-02";
    assert_eq!((verdict, seen), ("pass", format!("{YES} ({caution})")));
}
