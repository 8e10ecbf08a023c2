//! Every change to a good receipt is noticed, and each exception has a reason.

mod calls;
mod claims;

use chrono::Days;
use indexmap::IndexMap;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    judge::{
        self,
        answers::scope_of,
        rule_fixture::RuleFixture,
        terms::Files,
        tests::{by_probe, check, check_id, checklist, status},
    },
    model::{
        answer::{Answer, AnswerValue, Evidence, EvidenceFact, Shows, Waiver},
        call::{Billable, Call, Method},
        checklist::{AnswerKind, Check, Checklist, Decider, EvidenceKind, Host, Need, Probe, Question},
        decision::FailOn,
        expect::Path,
        id::ProbeId,
        media::{Media, Slot},
        observation::Live,
        repeat::ForEach,
        report::{InputDigest, InputRole, Tool, digest},
        request::Request,
        template::Template,
    },
};

const NOW: &str = "2026-11-22T12:00:00Z";

/// When the run was made.
const MADE: &str = "2026-11-22T10:04:00Z";

/// A project with two shots, a picture, an answer with evidence, a waiver and three calls.
struct World {
    fixture: RuleFixture,
    checklist: Checklist,
    inputs: Vec<InputDigest>,
}

fn question() -> Question {
    Question {
        ask: "Who looked?".to_owned(),
        kind: AnswerKind::YesNo,
        choices: vec![],
        pass: vec!["yes".to_owned()],
        evidence: Some(EvidenceKind::File),
        pages: crate::model::pages::Pages::Anybody,
        revision: 1,
        digest_v1: None,
        valid_for_days: 90,
        hangs_on: vec![],
        covers: crate::model::question::Covers::default(),
        takes_zero: false,
        digest: "d".to_owned(),
    }
}

fn probe(id: &str, path: &str, needs: &[&str]) -> Probe {
    let need = |name: &&str| {
        let need = Need { probe: ProbeId::new("key").unwrap(), path: Path::parse("$.team").unwrap() };
        ((*name).to_owned(), need)
    };
    Probe {
        id: ProbeId::new(id).unwrap(),
        host: "api".into(),
        request: Request::get(Template::parse(path).unwrap()),
        for_each: path.contains("{shot.").then_some(ForEach::Shot),
        needs: needs.iter().map(need).collect(),
        success: vec![],
        serves: None,
        proves_key: false,
    }
}

fn call(url: &str) -> Call {
    Call {
        method: Method::Get,
        url: url.to_owned(),
        body: None,
        status: Some(200),
        trouble: None,
        attempts: 1,
        at: MADE.parse().ok(),
        shared: false,
        billable: Billable::No,
    }
}

impl World {
    fn new() -> Self {
        let mut fixture = RuleFixture::new();
        fixture.now = MADE.parse().unwrap();
        fixture.shot().model = "a/b".to_owned();
        let picture = RuleFixture::file("robot.jpg");
        fixture.shot().inputs = vec![(Slot::Image, picture.clone())];
        fixture.add_shot("other").model = "plain".to_owned();
        let mut fixture =
            fixture.media(&picture, Media { sha256: Some("ee".to_owned()), ..Media::default() });
        let ask = check("a.ask", Decider::Question(question()));
        let by = |id: &str, probe: &str| check(id, by_probe(probe, vec![status(200.0)]));
        let model = Check { for_each: Some(ForEach::Shot), ..by("a.model", "model") };
        let open = check("a.open", Decider::Question(question()));
        let mut checklist =
            checklist(vec![by("a.key", "key"), by("a.team", "team"), model, ask, open], vec![]);
        checklist.probes = vec![
            probe("key", "/v1/api-key?full=1", &[]),
            probe("team", "/v1/teams/{team}/balance", &["team"]),
            probe("model", "/v1/models/{shot.model}", &[]),
        ];
        let base_url = "https://api.x.ai".parse().unwrap();
        let host = Host { base_url, key: None, success: vec![], more: vec![] };
        checklist.hosts = IndexMap::from([("api".to_owned(), host)]);
        let answered = "2026-11-20".parse().unwrap();
        fixture.answers.answers = vec![Answer {
            check: check_id("a.ask"),
            scope: scope_of(&fixture.project, &Files::default(), &checklist.checks[3], &question()),
            value: AnswerValue::Text("yes".to_owned()),
            by: "Ann".to_owned(),
            answered,
            expires: answered + Days::new(10),
            question: "d".to_owned(),
            evidence: vec![Evidence::File {
                path: "a.png".into(),
                sha256: "dd".to_owned(),
                bytes: 1,
                captured: answered,
            }],
            note: None,
        }];
        fixture.answers.waivers = vec![Waiver {
            check: check_id("a.open"),
            route: fixture.project.route,
            provider: fixture.project.provider.clone(),
            account: None,
            given_for: vec![],
            reason: "the provider was asked and has not answered yet".to_owned(),
            owner: "Bob".to_owned(),
            recorded: answered,
            until: "2026-11-25".parse().unwrap(),
        }];
        let seen = EvidenceFact::Present { sha256: "dd".to_owned(), bytes: 1, shows: Shows::Something };
        fixture.observations.evidence.insert("a.png".into(), seen);
        let inputs = vec![
            InputDigest::read(InputRole::Project, "greenlight.toml", "aa"),
            InputDigest::read(InputRole::Checklist, "builtin:api", "bb"),
            InputDigest::read(InputRole::Answers, "answers.toml", "cc"),
        ];
        Self { fixture, checklist, inputs }
    }

    fn case(&self, now: &str) -> judge::Case<'_> {
        judge::Case {
            project: &self.fixture.project,
            file: "plans/greenlight.toml".into(),
            checklist: &self.checklist,
            catalogue: &self.fixture.catalogue,
            answers: &self.fixture.answers,
            observations: &self.fixture.observations,
            now: now.parse().unwrap(),
            made: now.parse().unwrap(),
            rehearsal: None,
            allow_private: false,
            via: None,
            replay: None,
            only: vec![],
            fail_on: FailOn::Fail,
            inputs: self.inputs.clone(),
            tool: Tool { name: "greenlight".to_owned(), version: "0.1.0".to_owned() },
        }
    }

    /// The receipt of a live run in which every call was answered and nothing kept the gate shut.
    fn receipt() -> Value {
        let judgement = Self::new().run();
        assert!(judgement.clearance.is_some(), "{:#?}", judgement.report.findings);
        serde_json::to_value(judgement.report).unwrap()
    }

    /// What is judged of a live run, in which every call was answered.
    fn run(self) -> judge::Judgement {
        let mut live = self;
        live.fixture.observations.live = Some(Live::witnessed());
        live.fixture = live.fixture.reply("key", 200, json!({})).reply("team", 200, json!({}));
        for shot in ["shot", "other"] {
            let seen = live.fixture.observations.probes[&(ProbeId::new("key").unwrap(), None)].clone();
            let name = (ProbeId::new("model").unwrap(), Some(shot.to_owned()));
            live.fixture.observations.probes.insert(name, seen);
        }
        live.fixture.observations.calls = [
            "https://api.x.ai/v1/api-key?full=…",
            "https://api.x.ai/v1/teams/t-1/balance",
            "https://api.x.ai/v1/models/a%2Fb",
            "https://api.x.ai/v1/models/plain",
        ]
        .map(call)
        .to_vec();
        judge::judge(&live.case(MADE))
    }
}

fn sealed(mut receipt: Value) -> Value {
    receipt["digest"] = digest(receipt.clone()).into();
    receipt
}

fn entry(value: Value) -> ReceiptEntry {
    let version = value["schema-version"].as_u64().unwrap_or_default();
    let report = serde_json::from_value(value.clone()).ok();
    ReceiptEntry { value, version, report }
}

/// Verifies the first of these receipts, which were in one file.
fn verified_of(world: &World, all: Vec<Value>, now: &str) -> Verified {
    let all: Vec<ReceiptEntry> = all.into_iter().map(entry).collect();
    let outer = Outer { decision: Decision::Go, intact: Some(true) };
    verify(&Case {
        entry: &all[0],
        all: &all,
        outer: (all.len() > 1).then_some(&outer),
        hand: &world.case(now),
        max_age: TimeDelta::hours(24),
        again: "check again",
        fail_on: FailOn::Fail,
    })
}

fn verified_at(receipt: Value, now: &str) -> Verified {
    verified_of(&World::new(), vec![receipt], now)
}

fn good() -> Value {
    World::receipt()
}

fn broken(found: &Verified) -> Vec<About> {
    found.claims.iter().filter(|claim| !claim.holds).map(|claim| claim.claim).collect()
}

fn said(found: &Verified, about: About) -> &str {
    &found.claims.iter().find(|claim| claim.claim == about).unwrap().seen
}

#[test]
fn a_good_receipt_is_relied_on() {
    let found = verified_at(good(), NOW);
    assert_eq!((broken(&found), found.decision), (vec![], Decision::Go), "{found:#?}");
    assert_eq!(
        said(&found, About::SameFindings),
        "judged again: 6 findings agree; 4 rest on what the run saw"
    );
    assert_eq!(said(&found, About::Calls), "4 calls, none billable; every finding has its calls");
    assert_eq!(said(&found, About::InForce), "what people recorded is valid until 2026-11-25 at least");
}

/// Every place in a receipt.
fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
    let mut go = |key: &str, value: &Value| {
        let pointer = format!("{here}/{key}");
        pointers(value, &pointer, all);
        all.push(pointer);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| go(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| go(&at.to_string(), value)),
        _ => {}
    }
}

fn all_pointers() -> Vec<String> {
    let mut all = Vec::new();
    pointers(&good(), "", &mut all);
    all
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            json!("GO"),
            json!("HOLD"),
            json!("pass"),
            json!("block"),
            json!("info"),
            json!("warn"),
            json!([]),
            json!({}),
            json!("2026-11-22T11:59:00Z"),
            json!("2026-11-28"),
            json!("no"),
            json!(1),
            json!(1.0),
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_change_of_a_single_field_is_relied_on(at in prop::sample::select(all_pointers()), to in scalar()) {
        // Receipts of the first version are still read.
        prop_assume!(at != "/schema-version" || to != serde_json::json!(1));
        let mut receipt = good();
        let field = receipt.pointer_mut(&at).unwrap();
        prop_assume!(*field != to);
        *field = to;
        prop_assert_eq!(verified_at(receipt, NOW).decision, Decision::Hold);
    }

    #[test]
    fn no_field_can_be_taken_out_or_put_in(at in prop::sample::select(all_pointers()), name in "[a-z]{1,8}") {
        let (parent, key) = at.rsplit_once('/').unwrap();
        let (mut less, mut more) = (good(), good());
        match less.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.shift_remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!("a pointer leads through objects and arrays"),
        }
        prop_assert_eq!(verified_at(less, NOW).decision, Decision::Hold);
        if let Some(Value::Object(fields)) = more.pointer_mut(parent) {
            prop_assume!(fields.insert(name, Value::Null).is_none());
            prop_assert_eq!(verified_at(more, NOW).decision, Decision::Hold);
        }
    }

    #[test]
    fn what_the_gate_rests_on_cannot_be_sealed_anew(at in prop::sample::select(rested_on()), to in scalar()) {
        // Receipts of the first version are still read.
        prop_assume!(at != "/schema-version" || to != serde_json::json!(1));
        let mut receipt = good();
        let field = receipt.pointer_mut(&at).unwrap();
        prop_assume!(*field != to);
        *field = to;
        let found = verified_at(sealed(receipt), NOW);
        prop_assert_ne!(found.decision, Decision::Go, "{}", at);
    }

    #[test]
    fn nothing_that_the_gate_rests_on_can_be_left_out_and_sealed_anew(at in prop::sample::select(rested_on())) {
        let (parent, key) = at.rsplit_once('/').unwrap();
        let mut receipt = good();
        match receipt.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.shift_remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!("a pointer leads through objects and arrays"),
        }
        let found = verified_at(sealed(receipt), NOW);
        prop_assert_ne!(found.decision, Decision::Go, "{}", at);
    }
}

/// Changing anything except texts for readers is refused, even when the digest is computed again.
fn rested_on() -> Vec<String> {
    let words =
        ["/seen", "/fix", "/source", "/url", "/as-of", "/location", "/file", "/line", "/expected", "/got"];
    let calls = ["/status", "/attempts", "/trouble", "/shared", "/at"];
    let is_word = |at: &str| {
        at.starts_with("/findings") && words.iter().any(|word| at.ends_with(word))
            // A reply with another status, or a time within the run, is as good as the original.
            || at.starts_with("/calls") && calls.iter().any(|word| at.ends_with(word))
            // An older program, a project file named from elsewhere, a stricter gate.
            || ["/digest", "/tool/version", "/tool", "/inputs/0/path", "/fail-on", "/made", "/at"].contains(&at)
    };
    all_pointers().into_iter().filter(|at| !is_word(at)).collect()
}

fn set(pointer: &'static str, to: Value) -> impl Fn(&mut Value) {
    move |receipt: &mut Value| *receipt.pointer_mut(pointer).unwrap() = to.clone()
}

fn without(receipt: &mut Value, list: &str, at: usize) {
    receipt[list].as_array_mut().unwrap().remove(at);
}

/// Each is sealed again, so that it can be refused only for what it says.
#[rstest]
#[case::made_up_call(|r: &mut Value| r["calls"][0]["url"] = json!("https://evil.example/v1/api-key?full=…"), "GET https://evil.example/v1/api-key?full=… is not a call of this checklist; a.key rests on GET https://api.x.ai/v1/api-key?full=…, which is not in it; a.team rests on GET https://api.x.ai/v1/api-key?full=…, which is not in it")]
#[case::one_call_more(|r: &mut Value| { let mut more = r["calls"][0].clone(); more["url"] = json!("https://api.x.ai/v1/videos"); r["calls"].as_array_mut().unwrap().push(more); }, "GET https://api.x.ai/v1/videos is not a call of this checklist")]
#[case::by_another_method(|r: &mut Value| r["calls"][2]["method"] = json!("HEAD"), "HEAD https://api.x.ai/v1/models/a%2Fb is not a call of this checklist; a.model (shot) rests on GET https://api.x.ai/v1/models/a/b, which is not in it")]
#[case::plain_http(|r: &mut Value| r["calls"][3]["url"] = json!("http://api.x.ai/v1/models/plain"), "GET http://api.x.ai/v1/models/plain is not a call of this checklist; a.model (other) rests on GET https://api.x.ai/v1/models/plain, which is not in it")]
#[case::of_one_shot_less(|r: &mut Value| without(r, "calls", 3), "a.model (other) rests on GET https://api.x.ai/v1/models/plain, which is not in it")]
#[case::without_what_it_needed(|r: &mut Value| without(r, "calls", 1), "a.team rests on GET https://api.x.ai/v1/teams/…/balance, which is not in it")]
#[case::deeper(|r: &mut Value| r["calls"][1]["url"] = json!("https://api.x.ai/v1/teams/a/b/balance"), "GET https://api.x.ai/v1/teams/a/b/balance is not a call of this checklist; a.team rests on GET https://api.x.ai/v1/teams/…/balance, which is not in it")]
#[case::refused_call(|r: &mut Value| r["calls"][0]["status"] = json!(401), "a.key passes, though GET https://api.x.ai/v1/api-key?full=… did not")]
#[case::unanswered_call(|r: &mut Value| { r["calls"][0]["status"] = Value::Null; r["calls"][0]["trouble"] = json!("dns"); }, "a.key passes, though GET https://api.x.ai/v1/api-key?full=… did not")]
#[case::before_the_run(|r: &mut Value| r["calls"][0]["at"] = json!("2026-11-21T10:04:00Z"), "GET https://api.x.ai/v1/api-key?full=… was made 2026-11-21 10:04 UTC, not in this run")]
#[case::after_the_run(|r: &mut Value| r["calls"][0]["at"] = json!("2026-11-22T11:59:00Z"), "GET https://api.x.ai/v1/api-key?full=… was made 2026-11-22 11:59 UTC, not in this run")]
#[case::at_no_time(|r: &mut Value| { r["calls"][0].as_object_mut().unwrap().shift_remove("at"); }, "GET https://api.x.ai/v1/api-key?full=… does not say when it was made")]
#[case::shared_without_a_sibling(|r: &mut Value| r["calls"][0]["shared"] = json!(true), "GET https://api.x.ai/v1/api-key?full=… was made for another project, which is not in the receipt")]
fn a_call_log_is_held_against_the_findings(#[case] change: fn(&mut Value), #[case] says: &str) {
    let mut receipt = good();
    change(&mut receipt);
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!((broken(&found), said(&found, About::Calls)), (vec![About::Calls], says));
}

#[rstest]
#[case::severity("/findings/0/severity", json!("info"), "a.key: severity info, here block")]
#[case::row("/findings/0/row", json!("cost"), "a.key: different row or title")]
#[case::title("/findings/4/title", json!("all is well"), "a.ask: different row or title")]
#[case::answerer("/findings/4/recorded/by", json!("Eve"), "a.ask: different answer")]
#[case::last_day("/findings/4/recorded/expires", json!("2027-11-30"), "a.ask: different answer")]
#[case::waiver("/findings/5/until", json!("2027-11-30"), "a.open: waived until 2027-11-30, here waived until 2026-11-25 (by Bob: the provider was asked and has not answered yet (was unknown: not answered))")]
#[case::subject("/findings/3/subject", json!("third"), "its findings do not match these checks and shots")]
#[case::why("/checks/0/why", json!("because"), "a.key: different why")]
#[case::fix("/checks/4/fix", json!("nothing"), "a.open: different fix")]
#[case::source("/checks/0/source/url", json!("https://elsewhere.example"), "a.key: different source")]
#[case::topic("/checks/0/topic", json!("retention"), "a.key: different topic")]
#[case::question("/checks/3/question/ask", json!("Who cares?"), "a.ask: different question")]
#[case::what_passes("/checks/3/question/pass/0", json!("no"), "a.ask: different question")]
#[case::check("/checks/3/id", json!("a.asked"), "a.ask: its text is missing")]
#[case::no_checks("/checks", json!([]), "it does not contain the text of its checks")]
#[case::checks_elsewhere("/checks", json!("ab"), "it does not contain the text of its checks")]
#[case::value("/answers/0/value", json!("no"), "a.ask: the answer of 2026-11-20 differs")]
#[case::evidence("/answers/0/evidence/0/sha256", json!("ee"), "a.ask: the answer of 2026-11-20 differs")]
#[case::history("/answers/0/used", json!(false), "a.ask: the answer of 2026-11-20 differs")]
#[case::no_answers("/answers", json!([]), "its answers do not match the recorded ones")]
#[case::reason("/waivers/0/reason", json!("it is fine"), "a.open: the waiver until 2026-11-25 differs")]
#[case::no_waivers("/waivers", json!([]), "its waivers do not match the recorded ones")]
#[case::budget("/project/budget", json!("1.00 USD"), "its summary of the project does not match the project file")]
fn what_files_give_is_judged_again(#[case] pointer: &'static str, #[case] to: Value, #[case] says: &str) {
    let mut receipt = good();
    // A missing value can be added as well.
    for (of, key) in [("/project", "budget"), ("/checks/0", "topic")] {
        if pointer == format!("{of}/{key}") {
            receipt.pointer_mut(of).unwrap()[key] = Value::Null;
        }
    }
    set(pointer, to)(&mut receipt);
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!((broken(&found), said(&found, About::SameFindings)), (vec![About::SameFindings], says));
}

/// Another version may word its checks differently; whether its verdicts are the same is checked all the same.
#[rstest]
#[case::same("0.1.0", Decision::Hold)]
#[case::older("0.0.9", Decision::Go)]
fn texts_are_held_against_the_program_that_wrote_them(#[case] version: &str, #[case] decision: Decision) {
    let mut receipt = good();
    receipt["tool"]["version"] = version.into();
    receipt["checks"][3]["question"]["ask"] = json!("Did anybody look?");
    receipt["checks"][0]["why"] = json!("another reason");
    assert_eq!(verified_at(sealed(receipt), NOW).decision, decision);
}

#[test]
fn a_waived_question_cannot_be_passed_off_as_answered() {
    let mut receipt = good();
    let open = receipt["findings"][5].as_object_mut().unwrap();
    open.shift_remove("until");
    open["verdict"] = json!("pass");
    receipt["totals"]["pass"] = json!(6);
    receipt["totals"]["waived"] = json!(0);
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!(broken(&found), [About::SameFindings]);
    assert!(said(&found, About::SameFindings).starts_with("a.open: pass, here waived until 2026-11-25"));
}

/// The files at hand aren't those that the receipt was made from.
#[rstest]
#[case::media_replaced(|w: &mut World| { let input = RuleFixture::file("robot.jpg"); let media = Media { sha256: Some("ff".to_owned()), ..Media::default() }; w.fixture.observations.media.insert(input, crate::model::media::MediaFact::Present(media)); }, "robot.jpg (media) changed")]
#[case::media_too_large_to_tell(|w: &mut World| { let input = RuleFixture::file("robot.jpg"); w.fixture.observations.media.insert(input, crate::model::media::MediaFact::Present(Media::default())); }, "robot.jpg (media) changed")]
#[case::media_gone(|w: &mut World| { w.fixture.observations.media.insert(RuleFixture::file("robot.jpg"), crate::model::media::MediaFact::Missing("no such file".to_owned())); }, "robot.jpg (media) is gone")]
#[case::evidence_replaced(|w: &mut World| { w.fixture.observations.evidence.insert("a.png".into(), EvidenceFact::Present { sha256: "00".to_owned(), bytes: 1, shows: Shows::Something }); }, "a.png (evidence) changed")]
#[case::evidence_gone(|w: &mut World| { w.fixture.observations.evidence.insert("a.png".into(), EvidenceFact::Missing("the file is gone".to_owned())); }, "a.png (evidence) is gone")]
#[case::evidence_new(|w: &mut World| { w.fixture.observations.evidence.insert("b.png".into(), EvidenceFact::Present { sha256: "00".to_owned(), bytes: 1, shows: Shows::Something }); }, "b.png (evidence) is not in the receipt")]
#[case::checklist_new(|w: &mut World| w.inputs.push(InputDigest::read(InputRole::Checklist, "own.toml", "99")), "own.toml is new")]
#[case::checklist_gone(|w: &mut World| { w.inputs.remove(1); }, "the shipped checklist api is gone")]
fn files_that_are_not_those_of_the_run_are_named(#[case] change: fn(&mut World), #[case] says: &str) {
    let receipt = good();
    let mut world = World::new();
    change(&mut world);
    let found = verified_of(&world, vec![receipt], NOW);
    assert_eq!((broken(&found), said(&found, About::SameFiles)), (vec![About::SameFiles], says));
    assert_eq!(found.decision, Decision::Hold);
}

#[test]
fn a_file_that_is_named_twice_hides_none() {
    let mut receipt = good();
    let twice = receipt["inputs"][0].clone();
    receipt["inputs"].as_array_mut().unwrap().push(twice);
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!(said(&found, About::SameFiles), "it names a file twice");
    assert_eq!(found.decision, Decision::Hold);
}

#[test]
fn a_gate_that_the_project_tightens_stays_tight() {
    let mut world = World::new();
    world.fixture.project.check.fail_on = Some(FailOn::Warn);
    let found = verified_of(&world, vec![good()], NOW);
    assert_eq!(broken(&found), [About::SameFindings]);
    assert!(said(&found, About::SameFindings).contains("fail-on = \"warn\""), "{found:#?}");
    let mut stricter = good();
    stricter["fail-on"] = json!("warn");
    assert_eq!(verified_of(&world, vec![sealed(stricter)], NOW).decision, Decision::Go);
}

/// A call that another project of the run made is accepted only if that project is there to confirm it.
#[rstest]
#[case::it_is_there(|_: &mut Value| (), true)]
#[case::of_another_run(|other: &mut Value| other["made"] = json!("2026-11-22T10:03:59Z"), false)]
#[case::rehearsed(|other: &mut Value| other["rehearsal"] = json!({}), false)]
#[case::made_otherwise(|other: &mut Value| other["calls"][0]["status"] = json!(204), false)]
#[case::shared_as_well(|other: &mut Value| other["calls"][0]["shared"] = json!(true), false)]
fn a_shared_call_needs_the_project_that_made_it(#[case] change: fn(&mut Value), #[case] holds: bool) {
    let (mut own, mut other) = (good(), good());
    own["calls"][0]["shared"] = json!(true);
    change(&mut other);
    let found = verified_of(&World::new(), vec![sealed(own), sealed(other)], NOW);
    assert_eq!(!broken(&found).contains(&About::Calls), holds, "{found:#?}");
}

#[test]
fn an_edited_project_vouches_for_no_call() {
    let (mut own, mut other) = (good(), good());
    own["calls"][0]["shared"] = json!(true);
    other["remarks"] = json!(["edited"]);
    let found = verified_of(&World::new(), vec![sealed(own), other], NOW);
    assert_eq!(broken(&found), [About::Calls]);
}

#[rstest]
#[case::waiver("2026-11-25T23:59:59Z", &[])]
#[case::after_the_waiver("2026-11-26T00:00:00Z", &[About::InForce])]
fn days_count_to_their_end(#[case] now: &str, #[case] claims: &[About]) {
    let mut receipt = good();
    let moment: DateTime<Utc> = now.parse().unwrap();
    let made = json!((moment - TimeDelta::hours(1)).to_rfc3339());
    for field in ["at", "made"] {
        receipt[field] = made.clone();
    }
    for call in receipt["calls"].as_array_mut().unwrap() {
        call["at"] = made.clone();
    }
    let found = verified_at(sealed(receipt), now);
    assert_eq!(broken(&found), claims, "{found:#?}");
    if !claims.is_empty() {
        assert_eq!(said(&found, About::InForce), "a.open: not answered");
    }
}

#[rstest]
#[case::older("0.0.9", true)]
#[case::same("0.1.0", true)]
#[case::build_of_the_same("0.1.0+abc", true)]
#[case::trial_of_the_same("0.1.0-rc.1", true)]
#[case::patch("0.1.1", false)]
#[case::trial_of_the_next("0.2.0-rc.1", false)]
#[case::none("", false)]
#[case::words("latest", false)]
fn a_version_is_known_when_it_is_not_newer(#[case] version: &str, #[case] known: bool) {
    let mut receipt = good();
    receipt["tool"]["version"] = json!(version);
    let expected: &[About] = if known { &[] } else { &[About::KnownVersion] };
    assert_eq!(broken(&verified_at(sealed(receipt), NOW)), expected);
}

/// Version 1 can be read; what it doesn't say isn't assumed.
#[test]
fn a_receipt_of_version_1_lacks_what_it_did_not_keep() {
    let mut receipt = good();
    receipt["schema-version"] = json!(1);
    receipt["inputs"]
        .as_array_mut()
        .unwrap()
        .retain(|input| input["role"] != "media" && input["role"] != "evidence");
    for call in receipt["calls"].as_array_mut().unwrap() {
        call.as_object_mut().unwrap().shift_remove("at");
    }
    let found = verified_at(sealed(receipt.clone()), NOW);
    assert_eq!(broken(&found), [About::SameFiles]);
    let says = "robot.jpg (media) is not in the receipt; a.png (evidence) is not in the receipt; \
                receipts of version 1 hold no digests of media and evidence";
    assert_eq!(said(&found, About::SameFiles), says);
    let mut bare = World::new();
    bare.fixture.observations.media.clear();
    bare.fixture.observations.evidence.clear();
    bare.fixture.answers.answers[0].evidence.clear();
    let found = verified_of(&bare, vec![sealed(receipt)], NOW);
    assert!(broken(&found).contains(&About::Calls), "{found:#?}");
    assert!(said(&found, About::Calls).contains("does not say when it was made"), "{found:#?}");
}

#[rstest]
#[case(1, "1 s")]
#[case(60, "1 min")]
#[case(3_600, "1 h")]
#[case(86_400, "24 h")]
#[case(5_460, "1 h 31 min")]
#[case(262_800, "3 days 1 h")]
fn a_length_of_time_is_told(#[case] seconds: i64, #[case] says: &str) {
    assert_eq!(span(TimeDelta::seconds(seconds)), says);
}
