//! Parts of a checklist, what closes the gate, and where a finding can be fixed.

use indexmap::IndexMap;
use rstest::rstest;

use super::*;
use crate::{
    judge::{
        Case,
        gate::decide,
        judge,
        rule_fixture::{RuleFixture, shot},
        selection::{Selector, narrow},
    },
    model::{
        checklist::{Need, Probe},
        decision::{Decision, FailOn},
        expect::Path,
        project::Shot,
        repeat::ForEach,
        report::{Report, Tool, digest},
        request::Request,
        route::Row,
        template::Template,
        verdict::{Finding, Location, Reason, Verdict},
    },
};

pub(super) fn probe(id: &str, needs: &[&str]) -> Probe {
    let need = |id: &&str| {
        let path = Path::parse("$.id").unwrap();
        ((*id).to_owned(), Need { probe: ProbeId::new(id).unwrap(), path })
    };
    Probe {
        id: ProbeId::new(id).unwrap(),
        host: "api".to_owned(),
        request: Request::get(Template::parse("/v1/x").unwrap()),
        for_each: None,
        needs: needs.iter().map(need).collect::<IndexMap<_, _>>(),
        success: vec![],
        serves: None,
        proves_key: false,
    }
}

/// `b` requires `a`; `c` supports `b`; `d` is independent, in another row.
fn whole() -> Checklist {
    let a = check("a", by_probe("first", vec![]));
    let b = Check { requires: vec![check_id("a")], ..check("b", by_probe("second", vec![])) };
    let c = Check { supports: Some(check_id("b")), ..check("c", by_probe("third", vec![])) };
    let d = Check { row: Row::Cost, ..check("d", by_probe("fourth", vec![])) };
    let probes = vec![
        probe("first", &[]),
        probe("second", &["fifth"]),
        probe("third", &[]),
        probe("fourth", &[]),
        probe("fifth", &[]),
    ];
    Checklist { probes, ..checklist(vec![a, b, c, d], vec![]) }
}

#[rstest]
#[case(&["a"], &["a"], &["first"])]
#[case(&["b"], &["a", "b", "c"], &["first", "second", "third", "fifth"])]
#[case(&["cost"], &["d"], &["fourth"])]
#[case(&["access", "d"], &["a", "b", "c", "d"], &["first", "second", "third", "fourth", "fifth"])]
#[case(&["safety"], &[], &[])]
fn a_partial_checklist_includes_only_what_it_needs(
    #[case] words: &[&str],
    #[case] checks: &[&str],
    #[case] probes: &[&str],
) {
    let whole = whole();
    let only: Vec<_> = words.iter().map(|word| Selector::find(word, &[&whole]).unwrap()).collect();
    let part = narrow(&whole, &only);
    assert_eq!(part.checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(), checks);
    assert_eq!(part.probes.iter().map(|probe| probe.id.as_str()).collect::<Vec<_>>(), probes);
}

#[test]
fn an_unknown_row_or_check_is_not_found() {
    assert_eq!(Selector::find("e", &[&whole()]), None);
    assert_eq!(Selector::find("e", &[]), None);
}

fn found(severity: Severity, verdict: Verdict) -> Finding {
    let mut report = report(&RuleFixture::new(), check("a", by_probe("first", vec![])));
    Finding { severity, verdict, ..report.findings.remove(0) }
}

#[rstest]
#[case(Severity::Warn, Verdict::Warn, Decision::NoGo)]
#[case(Severity::Block, Verdict::Warn, Decision::NoGo)]
#[case(Severity::Warn, Verdict::Unknown { reason: Reason::NotMade }, Decision::Hold)]
#[case(Severity::Warn, Verdict::Blocked { by: check_id("b") }, Decision::Hold)]
#[case(Severity::Warn, Verdict::Waived { until: "2026-12-01".parse().unwrap() }, Decision::Go)]
#[case(Severity::Warn, Verdict::Pass, Decision::Go)]
#[case(Severity::Info, Verdict::Warn, Decision::Go)]
#[case(Severity::Info, Verdict::Unknown { reason: Reason::NotMade }, Decision::Go)]
fn warnings_count_when_asked_to(
    #[case] severity: Severity,
    #[case] verdict: Verdict,
    #[case] wanted: Decision,
) {
    let findings = [found(severity, verdict)];
    assert_eq!(decide(&findings, FailOn::Warn), wanted);
    assert_eq!(decide(&findings, FailOn::Fail), Decision::Go);
}

fn report(fixture: &RuleFixture, check: Check) -> Report {
    judge(&Case {
        project: &fixture.project,
        file: "plans/greenlight.toml".into(),
        checklist: &checklist(vec![check], vec![]),
        catalogue: &fixture.catalogue,
        answers: &fixture.answers,
        observations: &fixture.observations,
        now: fixture.now,
        made: fixture.now,
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: vec![],
        fail_on: FailOn::Fail,
        inputs: vec![],
        tool: Tool { name: "greenlight".to_owned(), version: "0".to_owned() },
    })
    .report
}

#[rstest]
#[case::shipped(None, None, "plans/greenlight.toml", 3)]
#[case::own(None, Some("plans/own.toml"), "plans/own.toml", 1)]
#[case::of_a_shot(Some(ForEach::Shot), None, "plans/greenlight.toml", 8)]
#[case::own_of_a_shot(Some(ForEach::Shot), Some("plans/own.toml"), "plans/greenlight.toml", 8)]
fn a_finding_points_at_the_line_that_can_be_mended(
    #[case] for_each: Option<ForEach>,
    #[case] own: Option<&str>,
    #[case] file: &str,
    #[case] line: u32,
) {
    let mut fixture = RuleFixture::new();
    fixture.project.line = 3;
    fixture.project.shots = vec![Shot { line: 8, ..shot("shot") }];
    let check = Check { for_each, file: own.map(Into::into), ..check("a", by_probe("first", vec![])) };
    let location = report(&fixture, check).findings.remove(0).location;
    assert_eq!(location, Location { file: file.to_owned(), line });
}

#[test]
fn a_report_is_sealed_and_every_change_breaks_the_seal() {
    let report = report(&RuleFixture::new(), check("a", by_probe("first", vec![])));
    let value = serde_json::to_value(&report).unwrap();
    assert_eq!(digest(value.clone()), report.digest);
    for field in value.as_object().unwrap().keys().filter(|field| *field != "digest") {
        let mut less = value.clone();
        less.as_object_mut().unwrap().shift_remove(field);
        assert_ne!(digest(less), report.digest, "{field}");
    }
    let mut turned: Vec<_> = value.as_object().unwrap().clone().into_iter().collect();
    turned.reverse();
    assert_eq!(digest(turned.into_iter().collect()), report.digest, "the order of fields says nothing");
}
