//! What a template may do, and what it may not.

use rstest::rstest;

use super::*;
use crate::{
    model::{decision::Decision, recorded::ReportedAnswer, report::Report, verdict::Verdict},
    render::{
        dossier::{self, Brief, Trust},
        fixture::{self, day},
    },
};

fn of(report: &Report) -> Dossier {
    dossier::of(&Brief {
        report,
        trust: Trust::Judged,
        today: day(11, 22),
        lasting: &[],
        again: "greenlight check",
    })
}

fn hostile() -> Dossier {
    let mut report = fixture::report(Decision::Go, vec![fixture::finding("a.b", Verdict::Pass)]);
    report.project.name = "<script>alert(1)</script>".to_owned();
    of(&report)
}

#[rstest]
#[case::plain("{{ dossier.project.name }}")]
#[case::unescaped("{% autoescape false %}{{ dossier.project.name }}{% endautoescape %}")]
#[case::kept("{% set x %}{{ dossier.project.name }}{% endset %}{{ x }}")]
#[case::macros("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(dossier.project.name) }}")]
#[case::filters("{{ dossier.project.name | replace('x', 'x') | trim }}")]
#[case::joined("{{ [dossier.project.name, '<'] | join }}")]
#[case::added("{{ '<b>' ~ dossier.project.name }}")]
fn whatever_a_template_says_text_stays_text(#[case] template: &str) {
    let page = render(&hostile(), template).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "{page}");
    assert!(!page.contains('<'), "{page}");
}

/// What was captured as text is escaped again as text.
#[test]
fn what_is_kept_where_escaping_is_off_opens_no_tag_either() {
    let template =
        "{% autoescape false %}{% set x %}{{ dossier.project.name }}{% endset %}{{ x }}{% endautoescape %}";
    assert!(!render(&hostile(), template).unwrap().contains('<'));
}

#[rstest]
#[case::unclosed("a\n{% if x %}", 2, "unexpected end of input")]
#[case::unknown_name("a\n\n{{ dossier.projekt.name }}", 3, "undefined value")]
#[case::unknown_filter("{{ dossier.project.name | safe }}", 1, "unknown filter")]
#[case::endless_width("{{ '%1000000000d' | format(1) }}", 1, "unknown filter")]
#[case::include("\n{% include '/etc/passwd' %}", 2, "unknown statement include")]
#[case::import("{% import 'a' as b %}", 1, "unknown statement import")]
#[case::extends("{% extends 'a' %}", 1, "unknown statement extends")]
#[case::open("{{ open('/etc/passwd') }}", 1, "open")]
#[case::endless("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "recursion")]
#[case::too_long(
    "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}",
    1,
    "the page takes more than 20000000 steps"
)]
fn a_wrong_template_is_told_with_its_line(#[case] template: &str, #[case] line: usize, #[case] says: &str) {
    let error = render(&hostile(), template).unwrap_err();
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(error.line(), Some(line), "{error}");
}

#[test]
fn a_page_has_an_end() {
    let template = "{% set a = 'xxxxxxxxxx' * 7000000 %}{{ a }}{{ a }}";
    assert_eq!(render(&hostile(), template).unwrap_err().to_string(), "the page grows too large");
}

/// A report with this many questions, each with an answer and two pieces of evidence.
fn answered(many: usize) -> Report {
    let rich = fixture::rich();
    let (check, answer) = (&rich.checks.all()[0], &rich.answers[1]);
    let names: Vec<_> = (0..many).map(|at| fixture::id(&format!("a.question-{at}"))).collect();
    let findings = names.iter().map(|name| {
        let mut finding = fixture::finding(name.as_str(), Verdict::Pass);
        finding.seen = "yes, by Ann on 2026-07-01".to_owned();
        finding.recorded = Some(crate::model::answer::Recorded {
            by: answer.by.clone(),
            answered: answer.answered,
            expires: answer.expires,
        });
        finding
    });
    let mut report = fixture::report(Decision::Go, findings.collect());
    report.checks = names
        .iter()
        .map(|name| crate::model::reported::ReportedCheck { id: name.clone(), ..check.clone() })
        .collect();
    report.answers =
        names.iter().map(|name| ReportedAnswer { check: name.clone(), ..answer.clone() }).collect();
    report
}

/// The running time depends on the steps, so this notices when it grows too fast; `cargo bench --bench preflight` shows
/// the seconds.
#[test]
fn the_page_takes_as_many_steps_as_there_is_to_say() {
    let steps = |many| rendered(&of(&answered(many)), TEMPLATE).unwrap().1;
    let (few, more) = (steps(300), steps(600));
    assert!(few < 150_000, "{few} steps for 300 answers");
    assert!(more < 2 * few + few / 10, "{few} steps for 300 answers, {more} for 600");
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let page = render(&of(&answered(3)), TEMPLATE).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    for asks in ["<script", "src=", "@import", "url(http", "<iframe", "<link rel=\"stylesheet", " onload"] {
        assert!(!page.contains(asks), "{asks}");
    }
}
