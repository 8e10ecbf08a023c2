//! A call with a body is explained only by a probe that asks exactly that.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    judge::{rule_fixture::RuleFixture, tests::checklist},
    model::{
        body::BodyTemplate,
        call::Billable,
        checklist::{Host, Need},
        expect::Path,
        request::Request,
        template::Template,
    },
};

fn text(text: &str) -> BodyTemplate {
    BodyTemplate::Text(Template::parse(text).unwrap())
}

/// Asks what the shot costs, for the account that another reply names.
fn quote() -> Probe {
    let fields =
        [("seconds", text("{shot.duration}")), ("model", text("{shot.model}")), ("team", text("t-{team}"))];
    let body = fields.map(|(name, field)| (Template::parse(name).unwrap(), field));
    let need = Need { probe: ProbeId::new("key").unwrap(), path: Path::parse("$.team").unwrap() };
    Probe {
        id: ProbeId::new("quote").unwrap(),
        host: "api".into(),
        request: Request {
            method: Method::Post,
            path: Template::parse("/v1/quote").unwrap(),
            body: Some(BodyTemplate::Table(body.into())),
        },
        for_each: Some(ForEach::Shot),
        needs: IndexMap::from([("team".to_owned(), need)]),
        success: vec![],
        serves: None,
        proves_key: false,
    }
}

fn world() -> (Checklist, Project) {
    let mut checklist = checklist(vec![], vec![]);
    checklist.probes = vec![quote()];
    let base_url = "https://api.acme.example".parse().unwrap();
    checklist.hosts =
        IndexMap::from([("api".to_owned(), Host { base_url, key: None, success: vec![], more: vec![] })]);
    let mut fixture = RuleFixture::new();
    let shot = fixture.shot();
    (shot.model, shot.duration) = ("m-1".to_owned(), Some(6));
    (checklist, fixture.project)
}

fn call(body: Option<Value>) -> Call {
    Call {
        method: Method::Post,
        url: "https://api.acme.example/v1/quote".into(),
        body,
        status: Some(200),
        trouble: None,
        attempts: 1,
        at: None,
        shared: false,
        billable: Billable::No,
    }
}

#[rstest]
#[case::as_asked(Some(json!({ "model": "m-1", "seconds": 6, "team": "t-1" })), true)]
#[case::in_another_order(Some(json!({ "team": "t-2", "seconds": 6, "model": "m-1" })), true)]
#[case::another_model(Some(json!({ "model": "m-2", "seconds": 6, "team": "t-1" })), false)]
#[case::cheaper(Some(json!({ "model": "m-1", "seconds": 1, "team": "t-1" })), false)]
#[case::a_field_more(Some(json!({ "model": "m-1", "seconds": 6, "team": "t-1", "x": 1 })), false)]
#[case::a_field_less(Some(json!({ "model": "m-1", "seconds": 6 })), false)]
#[case::no_text(Some(json!({ "model": "m-1", "seconds": 6, "team": 1 })), false)]
#[case::nothing(None, false)]
fn a_quote_is_explained_only_by_its_own_request(#[case] body: Option<Value>, #[case] explained: bool) {
    let (checklist, project) = world();
    let call = call(body);
    assert_eq!(Possible::of(&checklist, &project).explains(&call), explained);
    let shot = project.shots[0].id.clone();
    let lines = Possible::of(&checklist, &project).behind(&ProbeId::new("quote").unwrap(), Some(&shot));
    assert_eq!(Log::of(std::slice::from_ref(&call)).find(&lines[0]).len(), usize::from(explained));
    assert_eq!(
        words(&lines[0]),
        r#"POST https://api.acme.example/v1/quote {"model":"m-1","seconds":6,"team":"t-…"}"#
    );
}

#[test]
fn an_incomplete_shot_causes_no_call() {
    let (checklist, mut project) = world();
    project.shots[0].duration = None;
    let body = json!({ "model": "m-1", "team": "t-1" });
    assert!(!Possible::of(&checklist, &project).explains(&call(Some(body))));
}

/// A hole is whatever another reply gave, and never nothing.
#[rstest]
#[case::as_asked(json!(["a", "t-1"]), true)]
#[case::another_text(json!(["b", "t-1"]), false)]
#[case::an_empty_hole(json!(["a", ""]), false)]
#[case::one_less(json!(["a"]), false)]
#[case::one_more(json!(["a", "t-1", "x"]), false)]
fn a_list_is_that_of_a_call_entry_by_entry(#[case] given: Value, #[case] fits: bool) {
    assert_eq!(body_fits(&json!(["a", format!("t-{ANYTHING}")]), &given), fits);
}
