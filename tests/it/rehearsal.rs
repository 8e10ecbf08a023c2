//! Every scenario of the stand-in, run through the real binary, and every fault that a checklist knows.

mod difference;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::OnceLock,
};

use greenlight::{
    judge::{faults, rules, value::Scope},
    load,
    model::{
        checklist::{Checklist, Means},
        observation::{Body, Observation, Reply, Trouble, TroubleKind, Unclear},
        report::{Batch, Report},
    },
    observe::error_text,
    render::{self, Format, Style},
};
use rstest::rstest;
use serde_json::Value;

use crate::support::{NOW, Ran, Sample, every_scenario, greenlight, ran, steady};

/// A developer's real key: a rehearsal must neither read nor show it.
const KEY: &str = "xai-CANARY-of-a-developer";

/// One scenario, run twice.
struct Played {
    id: String,
    fault: Option<String>,
    table: Ran,
    /// With a key in the environment.
    receipt: Ran,
}

impl Played {
    fn findings(&self) -> Vec<Value> {
        self.receipt.json()["findings"].as_array().unwrap().clone()
    }
}

/// A check of the sample in a scenario.
fn check(sample: &Sample, id: &str, format: &str) -> Command {
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", format, "--rehearse"]);
    // Without a named scenario, the provider is healthy.
    command.args(Some(id).filter(|id| *id != "healthy"));
    command
}

fn play(id: &str, fault: Option<&str>) -> Played {
    let sample = Sample::of("api");
    Played {
        id: id.to_owned(),
        fault: fault.map(str::to_owned),
        table: ran(&mut check(&sample, id, "table")),
        receipt: ran(check(&sample, id, "json").env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY)),
    }
}

/// Every scenario, played once for all tests of this file.
fn played() -> &'static [Played] {
    static ALL: OnceLock<Vec<Played>> = OnceLock::new();
    ALL.get_or_init(|| every_scenario(play))
}

fn healthy() -> &'static Played {
    played().iter().find(|one| one.id == "healthy").unwrap()
}

#[test]
fn every_table_is_as_it_was() {
    insta::assert_snapshot!("table-healthy", steady(&healthy().table.all()));
    for one in played().iter().filter(|one| one.id != "healthy") {
        let differs = difference::between(&steady(&healthy().table.all()), &steady(&one.table.all()));
        // Fields that a provider adds change nothing.
        assert_eq!(differs.is_empty(), one.id == "drift", "{}: {differs}", one.id);
        if !differs.is_empty() {
            insta::assert_snapshot!(format!("differs-{}", one.id), differs);
        }
    }
}

#[test]
fn a_rehearsal_is_labelled_and_its_code_is_that_of_its_decision() {
    for one in played() {
        let receipt = one.receipt.json();
        assert_eq!(receipt["rehearsal"]["scenario"], one.id.as_str());
        assert!(one.table.out.contains(&format!("REHEARSAL (scenario {})", one.id)), "{}", one.id);
        assert_eq!(receipt["decision"], Value::Null, "{}", one.id);
        let (decision, code) = match receipt["would-be"].as_str().unwrap() {
            "GO" => ("GO", 0),
            "NO-GO" => ("NO-GO", 1),
            "HOLD" => ("HOLD", 3),
            other => panic!("{}: {other}", one.id),
        };
        assert_eq!([one.receipt.code, one.table.code], [code; 2], "{}", one.id);
        assert!(
            one.table.out.contains(&format!("\n  REHEARSAL · AS OF 2026-11-22 · would be {decision}\n")),
            "{}",
            one.table.out
        );
        assert!(one.receipt.err.is_empty(), "{}: {}", one.id, one.receipt.err);
    }
}

#[test]
fn every_call_of_a_rehearsal_is_free_and_stays_here() {
    let here = regex::Regex::new(r"^https?://(127\.0\.0\.1|stand-in\.localhost):\d+/").unwrap();
    for one in played() {
        let receipt = one.receipt.json();
        let calls = receipt["calls"].as_array().unwrap();
        assert!(!calls.is_empty(), "{}", one.id);
        for call in calls {
            assert_eq!(call["billable"], "no");
            let url = call["url"].as_str().unwrap();
            assert!(here.is_match(url), "{}: {url}", one.id);
        }
    }
}

#[test]
fn two_runs_of_a_scenario_show_the_same_with_and_without_a_key_in_the_environment() {
    for one in played() {
        let report: Report = serde_json::from_str(&one.receipt.out).unwrap();
        let table = render::render(&Batch::one(report), Format::Table, &Style::new(80, false));
        assert_eq!(steady(&table), steady(&one.table.out), "{}", one.id);
        assert!(!one.receipt.all().contains("CANARY"), "{}", one.id);
    }
}

/// Scenarios with repeated, slow, many or broken calls, where order and chance could show.
#[rstest]
#[case("healthy")]
#[case("rate-limited")]
#[case("feed-cut")]
#[case("slow")]
#[case("dns")]
#[case("model-missing")]
fn two_receipts_of_a_scenario_are_the_same_byte_for_byte(#[case] id: &str) {
    let one = played().iter().find(|one| one.id == id).unwrap();
    let again = ran(&mut check(&Sample::of("api"), id, "json"));
    assert_eq!(steady(&again.out), steady(&one.receipt.out));
}

#[test]
fn a_scenario_shows_the_fault_it_declares() {
    for one in played() {
        let shown: BTreeSet<String> = one
            .findings()
            .iter()
            .filter_map(|finding| finding["fault"].as_str().map(str::to_owned))
            .collect();
        match &one.fault {
            Some(fault) => assert!(shown.contains(fault), "{}: {shown:?}", one.id),
            None => assert!(shown.is_empty(), "{} shows {shown:?} and declares none", one.id),
        }
    }
}

#[test]
fn no_two_faults_are_told_in_the_same_words() {
    let mut owners: BTreeMap<(String, String), String> = BTreeMap::new();
    for one in played() {
        let Some(fault) = &one.fault else { continue };
        for finding in one.findings().iter().filter(|finding| finding["fault"] == fault.as_str()) {
            let words = (finding["seen"].to_string(), finding["fix"].to_string());
            let owner = owners.entry(words.clone()).or_insert_with(|| fault.clone());
            assert_eq!(owner, fault, "both say {words:?}");
        }
    }
    let told: BTreeSet<_> = owners.values().collect();
    let declared: BTreeSet<_> = played().iter().filter_map(|one| one.fault.as_ref()).collect();
    assert_eq!(told, declared);
}

#[test]
fn every_open_finding_says_what_to_do() {
    for one in played() {
        for finding in one.findings() {
            if ["fail", "warn", "unknown"].contains(&finding["verdict"].as_str().unwrap()) {
                assert!(finding["fix"].as_str().is_some_and(|fix| fix.len() > 10), "{}: {finding}", one.id);
                assert!(!finding["seen"].as_str().unwrap().is_empty(), "{}: {finding}", one.id);
            }
        }
    }
}

#[test]
fn a_healthy_provider_leaves_only_people_to_be_asked() {
    for finding in healthy().findings() {
        let verdict = finding["verdict"].as_str().unwrap();
        assert!(!["fail", "blocked"].contains(&verdict), "{finding}");
        if verdict == "unknown" {
            assert_eq!(finding["reason"], "unanswered", "{finding}");
        }
    }
}

#[test]
fn a_call_that_fails_once_is_made_again() {
    let calls = |id: &str| {
        let one = played().iter().find(|one| one.id == id).unwrap();
        let calls = one.receipt.json()["calls"].as_array().unwrap().clone();
        calls.iter().map(|call| (call["status"].clone(), call["attempts"].clone())).collect::<Vec<_>>()
    };
    assert!(calls("healthy").iter().all(|call| *call == (200.into(), 1.into())), "{:?}", calls("healthy"));
    assert!(calls("passing-error").iter().all(|call| *call == (200.into(), 2.into())));
}

#[test]
fn a_dead_feed_leaves_every_other_finding_as_it_was() {
    let findings = |id: &str| {
        let one = played().iter().find(|one| one.id == id).unwrap();
        let mut findings = one.findings();
        findings.retain(|finding| finding["check"] != "api.service-status");
        steady(&Value::from(findings).to_string())
    };
    for id in ["feed-cut", "feed-not-there"] {
        assert_eq!(findings(id), findings("healthy"), "{id}");
    }
}

#[test]
fn an_unknown_scenario_is_named_with_the_nearest() {
    let run = ran(&mut Sample::of("api").greenlight(&["check", "--rehearse", "bad-kye", "--at", NOW]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`xai` has no scenario `bad-kye`, did you mean `bad-key`?"), "{}", run.err);
    assert!(run.err.contains("`greenlight list --scenarios`"), "{}", run.err);
}

#[test]
fn a_scenario_of_another_provider_is_refused_with_what_there_is() {
    let (api, wrapper) = (Sample::of("api"), Sample::of("wrapper"));
    let project = |sample: &Sample| sample.path().join("greenlight.toml");
    // One project that can't play it is enough: its table would be that of another scenario.
    for projects in [vec![&wrapper], vec![&api, &wrapper]] {
        let mut command = greenlight(&["check", "--at", NOW]);
        let run = ran(command.args(projects.into_iter().map(project)).arg("--rehearse=bad-key"));
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains("there is no stand-in for `acme`; there is one for `"), "{}", run.err);
    }
    let both = [project(&api), project(&wrapper)];
    let healthy = ran(greenlight(&["check", "--at", NOW, "--format=json"]).args(both).arg("--rehearse"));
    let reports = healthy.json()["reports"].as_array().unwrap().clone();
    assert!(reports.iter().all(|report| report["rehearsal"]["scenario"] == "healthy"), "{}", healthy.all());
    assert!(reports[1]["calls"].as_array().unwrap().is_empty(), "nothing of `acme` is called");
}

// Faults that no scenario plays: what the judge recognises in a reply.

/// A fault, a check it applies to, and a reply that shows it.
struct Case {
    fault: &'static str,
    check: &'static str,
    seen: Observation,
}

fn reply(status: u16, content_type: &str, body: &str) -> Observation {
    let body = match serde_json::from_str::<Value>(body) {
        _ if body.is_empty() => Body::Empty,
        Ok(json) if !content_type.contains("html") => Body::Json(json),
        Err(_) if content_type.contains("json") => {
            Body::Unclear(Unclear { why: "no JSON".to_owned(), text: body.to_owned() })
        }
        _ => Body::Text(body.to_owned()),
    };
    let error = error_text::of_reply(status, &body);
    let headers = BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]);
    Observation::Reply(Reply { status, headers, body, error, unmet: None, more: false })
}

fn json(status: u16, body: &str) -> Observation {
    reply(status, "application/json", body)
}

fn trouble(kind: TroubleKind) -> Observation {
    Observation::Trouble(Trouble { kind, detail: "a detail".to_owned() })
}

fn case(fault: &'static str, check: &'static str, seen: Observation) -> Case {
    Case { fault, check, seen }
}

fn cases() -> Vec<Case> {
    let (key, list) = ("api.key-accepted", "api.model-available");
    vec![
        case("deadline", key, trouble(TroubleKind::Deadline)),
        case("cut-json", "api.team-active", reply(200, "application/json", r#"{"team_blocked": fal"#)),
        case("too-many-requests", list, json(429, "{}")),
        case("too-many-requests", list, json(429, "")),
        case(
            "output-moderated",
            list,
            json(
                400,
                r#"{"code":"imagine:content-moderated","error":"Rejected by content moderation.","usage":{"cost_in_usd_ticks":5}}"#,
            ),
        ),
        case(
            "content-safety",
            list,
            json(403, r#"{"code":"permission-denied","error":"Failed the content safety check."}"#),
        ),
        case("forbidden", key, json(403, r#"{"code":"permission-denied","error":"No."}"#)),
        case("forbidden", key, json(403, "")),
        case("bad-request", key, json(400, r#"{"error":"Malformed."}"#)),
        case("bad-request", key, json(400, "")),
        case("team-shape", "api.team-active", json(200, r#"{"api_key_blocked":false}"#)),
        case("scope-shape", "api.key-scope", json(200, r#"{"team_blocked":false}"#)),
        case("modalities-shape", "api.mode-supported", json(200, r#"{"id":"grok-imagine-video"}"#)),
        case("retention-shape", "api.zero-retention", json(200, r#"{"user_id":"u"}"#)),
        case("balance-shape", "api.balance-covers", json(200, r#"{"changes":[]}"#)),
    ]
}

fn api() -> Checklist {
    load::shipped("api", &rules::known()).unwrap().unwrap()
}

fn recognised(checklist: &Checklist, check: &str, seen: &Observation) -> Option<String> {
    let check = checklist.check(check).unwrap();
    faults::recognise(checklist, check, seen, Scope::default()).map(|fault| fault.id.to_string())
}

#[test]
fn a_fault_without_a_scenario_is_recognised_in_its_reply() {
    let checklist = api();
    for Case { fault, check, seen } in cases() {
        assert!(checklist.check(check).is_some(), "there is no {check}");
        assert_eq!(recognised(&checklist, check, &seen).as_deref(), Some(fault), "{check}: {seen:?}");
    }
}

#[test]
fn every_fault_is_played_or_tabled() {
    let mut shown: BTreeSet<String> = cases().iter().map(|case| case.fault.to_owned()).collect();
    shown.extend(played().iter().filter_map(|one| one.fault.clone()));
    let known: BTreeSet<String> = api().faults.iter().map(|fault| fault.id.to_string()).collect();
    assert_eq!(
        known.difference(&shown).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "nothing shows these faults"
    );
    assert_eq!(
        shown.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "no checklist has these faults"
    );
}

/// The message of a refused key, in every shape an error body can have.
#[rstest]
#[case::media(r#"{"code":"invalid-argument","error":"Incorrect API key provided."}"#)]
#[case::media_number(r#"{"code":3,"error":"Incorrect API key provided."}"#)]
#[case::chat(r#"{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#)]
#[case::short(r#"{"error":"Incorrect API key provided."}"#)]
#[case::bare(r#""Incorrect API key provided.""#)]
#[case::detail(r#"{"detail":"Incorrect API key provided."}"#)]
#[case::message(r#"{"message":"Incorrect API key provided."}"#)]
#[case::twice(r#"{"error":"{\"code\":\"invalid-argument\",\"error\":\"Incorrect API key provided.\"}"}"#)]
#[case::marker(r#"{"code":"invalid-argument","error":"[WKE=invalid-key] Incorrect API key provided."}"#)]
#[case::billed(
    r#"{"code":"invalid-argument","error":"Incorrect API key provided.","usage":{"cost_in_usd_ticks":0}}"#
)]
#[case::text("Incorrect API key provided.")]
fn a_refused_key_is_known_in_every_shape(#[case] body: &str) {
    for status in [400, 401] {
        let seen = json(status, body);
        assert_eq!(recognised(&api(), "api.key-accepted", &seen).as_deref(), Some("key-refused"), "{seen:?}");
    }
}

#[rstest]
#[case::page(400, "text/html", "<html><body>Incorrect API key provided.</body></html>", "bot-page")]
#[case::page_that_is_not_named_so(403, "text/plain", "<!DOCTYPE html><title>x</title>", "bot-page")]
#[case::page_of_a_gateway(502, "text/html", "<html></html>", "bot-page")]
#[case::empty(400, "application/json", "", "bad-request")]
#[case::empty_401(401, "application/json", "", "token-refused")]
#[case::empty_200(200, "application/json", "", "empty-body")]
fn a_page_or_an_empty_body_never_blames_the_key_of_its_text(
    #[case] status: u16,
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] fault: &str,
) {
    let seen = reply(status, content_type, body);
    assert_eq!(recognised(&api(), "api.key-accepted", &seen).as_deref(), Some(fault));
}

/// Error codes have changed from sentences to slugs over time; both must be read alike.
#[rstest]
#[case("no-credits", 403, "The caller does not have permission to execute the specified operation")]
#[case("no-credits", 403, "permission-denied")]
fn the_sentence_decides_whatever_the_code_is(#[case] fault: &str, #[case] status: u16, #[case] code: &str) {
    let error = "Your newly created team doesn't have any credits or licenses yet.";
    let seen = json(status, &serde_json::json!({ "code": code, "error": error }).to_string());
    assert_eq!(recognised(&api(), "api.model-available", &seen).as_deref(), Some(fault));
}

#[test]
fn every_trouble_below_http_is_a_fault_of_its_own_and_unknown() {
    let checklist = api();
    let mut named = BTreeSet::new();
    for kind in TroubleKind::ALL {
        let id = recognised(&checklist, "api.key-accepted", &trouble(kind)).unwrap();
        let fault = checklist.faults.iter().find(|fault| fault.id.as_str() == id).unwrap();
        assert_eq!(fault.means, Means::Unknown, "{id}");
        named.insert(id);
    }
    assert_eq!(named.len(), TroubleKind::ALL.len());
}
