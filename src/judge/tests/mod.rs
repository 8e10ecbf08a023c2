//! Tests of the judge as a whole, and laws that hold for all of its inputs.

mod answering;
mod clearance;
mod engine;
mod faults;
mod flawed;
mod grounds;
mod heard;
mod laws;
mod operators;
mod pages;
mod part;
mod records;
mod repeats;
mod replies;
mod requires;
mod served;
mod standing;
mod waiving;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::{
    Case,
    rule_fixture::{RuleFixture, source},
    rules,
    value::Scope,
};
use crate::model::{
    checklist::{Check, Checklist, Decider, Fault, Means, Question, Severity, Told},
    decision::FailOn,
    expect::{Expectation, Literal, Operator, Path, Quantifier, Subject, Test},
    id::{CheckId, ChecklistId, FaultId, ProbeId},
    report::Tool,
    route::{Route, Row},
    template::Template,
};

fn now() -> DateTime<Utc> {
    "2026-11-22T10:04:00Z".parse().unwrap()
}

fn scope() -> Scope<'static> {
    Scope { now: Some(now()), ..Scope::default() }
}

fn text(text: &str) -> Literal {
    Literal::Text(Template::parse(text).unwrap())
}

fn test(subject: Subject, quantifier: Quantifier, operator: Operator) -> Expectation {
    Expectation::Test(Test { subject, quantifier, operator })
}

fn at(path: &str, operator: Operator) -> Expectation {
    test(Subject::Path(Path::parse(path).unwrap()), Quantifier::One, operator)
}

pub(super) fn status(wanted: f64) -> Expectation {
    test(Subject::Status, Quantifier::One, Operator::Equals(Literal::Number(wanted)))
}

pub(super) fn check_id(id: &str) -> CheckId {
    CheckId::new(id).unwrap()
}

pub(super) fn check(id: &str, decider: Decider) -> Check {
    Check {
        id: check_id(id),
        row: Row::Access,
        topic: None,
        title: format!("the title of {id}").into(),
        severity: Severity::Block,
        why: "why".into(),
        fix: "the check's fix.".into(),
        source: source("https://check.example", "2026-01-01"),
        for_each: None,
        applies_if: None,
        requires: vec![],
        decider,
        show: IndexMap::new(),
        supports: None,
        settles: vec![],
        waivable: true,
        home: ChecklistId::new("test").unwrap(),
        file: None,
        line: 1,
    }
}

pub(super) fn by_probe(probe: &str, expect: Vec<Expectation>) -> Decider {
    Decider::Probe { probe: ProbeId::new(probe).unwrap(), entry: None, expect }
}

pub(super) fn by_rule(name: &str, fixture: &RuleFixture, question: Option<Question>) -> Decider {
    let rule = rules::by_name(name).unwrap().spec.name;
    Decider::Rule { rule, given: fixture.given.clone(), question }
}

fn fault(id: &str, when: Vec<Expectation>, means: Means, retry: bool) -> Fault {
    Fault {
        id: FaultId::new(id).unwrap(),
        when,
        checks: vec![],
        means,
        retry,
        says: format!("it is {id}"),
        fix: "the fault's fix".to_owned(),
        source: source("https://fault.example", "2026-02-02"),
        own: false,
    }
}

pub(super) fn checklist(checks: Vec<Check>, faults: Vec<Fault>) -> Checklist {
    Checklist {
        id: ChecklistId::new("test").unwrap(),
        route: Some(Route::Api),
        owner: None,
        reviewed: "2026-11-22".parse().unwrap(),
        hosts: IndexMap::new(),
        probes: vec![],
        checks,
        faults,
        slugs: vec![],
        signs: vec![],
        remarks: vec![],
        told: Told::default(),
    }
}

/// What is found in the case of this fixture and checklist.
pub(super) fn in_case<T>(
    fixture: &RuleFixture,
    checklist: &Checklist,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    look(&Case {
        project: &fixture.project,
        file: "greenlight.toml".into(),
        checklist,
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
}
