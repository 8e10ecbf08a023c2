//! Every pack in every scenario of its stand-in: how the run ends, what was called, and which key went where.

mod hostile;
mod prices;

use std::{collections::BTreeSet, fmt::Write as _, sync::OnceLock};

use greenlight::{
    judge::rules,
    load::{self, Loaded},
    model::{
        call::Method,
        checklist::{Check, Checklist, Decider},
        report::Report,
        source::Confidence,
        verdict::{Finding, Verdict},
    },
    observe::{KeyRing, Origins, Resolver, SendTo},
    preflight::{Calls, Environment, Options, Preflight},
    secrets::Redactor,
    standin::{self, Seen},
};
use rstest::rstest;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    answers::settle,
    support::{NOW, Sample, ran},
};

/// The result of one pack in one scenario.
struct Played {
    provider: &'static str,
    /// None if the provider is healthy.
    scenario: Option<String>,
    fault: Option<String>,
    report: Report,
    calls: Vec<Seen>,
}

impl Played {
    fn name(&self) -> String {
        format!("{} {}", self.provider, self.scenario.as_deref().unwrap_or("healthy"))
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter()
    }

    fn finding(&self, check: &str) -> &Finding {
        self.findings()
            .find(|finding| finding.check.as_str() == check)
            .unwrap_or_else(|| panic!("no {check}"))
    }
}

/// What the run would decide if it were not a rehearsal.
fn decided(one: &Played) -> String {
    serde_json::to_value(one.report.found()).unwrap().as_str().unwrap().to_owned()
}

/// The providers that have a pack, by name.
fn packs() -> impl Iterator<Item = &'static str> {
    standin::providers().filter(|provider| load::has_pack(provider))
}

/// A project with this provider, as `init` writes it, with a good answer to every question but these.
fn answered(provider: &str, but: &[&str]) -> Sample {
    let sample = Sample::empty();
    let args = ["init", "--route", "wrapper", "--provider", provider, "--material", "idea", "--commercial"];
    let begun = ran(sample.greenlight(&args).args(["--prompt", "A paper boat drifts.", "--name", "Boats"]));
    assert_eq!(begun.code, 0, "{}", begun.all());
    settle(&sample, |answer| Some(answer).filter(|answer| !but.contains(&answer.check.as_str())));
    sample
}

fn loaded(sample: &Sample) -> Loaded {
    load::project("".into(), &sample.path().join("greenlight.toml"), &rules::known()).unwrap()
}

/// A key made for this variable, so that it can be recognised wherever it turns up.
fn key(env: &str) -> Option<String> {
    let is_key = env.ends_with("_KEY") || env.ends_with("_TOKEN");
    is_key.then(|| format!("invented-{}-0123456789", env.to_lowercase()))
}

async fn play(
    provider: &'static str,
    scenario: Option<&standin::Scenario>,
    (sample, loaded): (&Sample, &Loaded),
) -> Played {
    let running = standin::start(provider, scenario.map(|one| one.id.as_str())).await.unwrap();
    let report = judged(Origins::Each(running.origins.clone()), (sample, loaded)).await;
    Played {
        provider,
        scenario: scenario.map(|one| one.id.clone()),
        fault: scenario.and_then(|one| one.fault.as_ref()).map(ToString::to_string),
        report,
        calls: running.calls(),
    }
}

/// The report of a run whose calls go there.
async fn judged(origins: Origins, (sample, loaded): (&Sample, &Loaded)) -> Report {
    let send_to = SendTo { origins, set_by: "a test".to_owned(), resolver: Resolver::LoopbackOnly };
    let keys = KeyRing::read(&loaded.checklist.hosts, &key);
    let environment = Environment {
        started: NOW.parse().unwrap(),
        dir: &sample.path(),
        env: &key,
        temp_dirs: Vec::new(),
        redactor: &Redactor::new(keys.secrets(), Vec::new(), []),
    };
    let options = Options { calls: Calls::To(send_to), ..Options::default() };
    let preflight = Preflight::new(options, &environment);
    let judgements = preflight.run(std::slice::from_ref(loaded), &(), &CancellationToken::new()).await;
    judgements.unwrap().remove(0).report
}

/// Every pack in every scenario, played once for all tests of this file.
fn played() -> &'static [Played] {
    static ALL: OnceLock<Vec<Played>> = OnceLock::new();
    ALL.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut all = Vec::new();
            for provider in packs() {
                let sample = answered(provider, &[]);
                let loaded = loaded(&sample);
                let scenarios = standin::scenarios(provider).unwrap();
                for scenario in std::iter::once(None).chain(scenarios.iter().map(Some)) {
                    all.push(play(provider, scenario, (&sample, &loaded)).await);
                }
            }
            all
        })
    })
}

fn pack(provider: &str) -> Checklist {
    load::pack(provider, &rules::known()).unwrap().unwrap()
}

/// How every run ends, in lines that a person has reviewed: what does not pass, and why.
#[test]
fn every_pack_ends_right_in_every_scenario() {
    for provider in packs() {
        let mut text = String::new();
        for one in played().iter().filter(|one| one.provider == provider) {
            let _ = writeln!(text, "{}: {}", one.name(), decided(one));
            let open = one
                .findings()
                .filter(|finding| !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. }));
            for finding in open {
                let _ = writeln!(text, "  {} {}: {}", finding.verdict.word(), finding.check, finding.seen);
            }
        }
        insta::assert_snapshot!(format!("pack-{provider}"), text);
    }
}

#[test]
fn a_healthy_provider_lets_an_answered_project_go() {
    for one in played().iter().filter(|one| one.scenario.is_none()) {
        assert_eq!(decided(one), "GO", "{}", one.name());
    }
}

/// The rules that compare replies with each other and with what is known about sellers of consumer logins.
fn is_truth_test(check: &Check) -> bool {
    matches!(&check.decider, Decider::Rule { rule, .. } if matches!(*rule, "one-story" | "login-signs"))
}

#[test]
fn a_healthy_provider_tells_one_story_and_shows_no_sign_of_a_consumer_login() {
    let mut seen = 0;
    for one in played().iter().filter(|one| one.scenario.is_none()) {
        for check in pack(one.provider).checks.iter().filter(|check| is_truth_test(check)) {
            let finding = one.finding(check.id.as_str());
            assert_eq!(finding.verdict, Verdict::Pass, "{}: {finding:#?}", one.name());
            seen += 1;
        }
    }
    assert!(seen > packs().count(), "{seen}");
}

/// Signs only warn. They close no gate, contradict no answer, and accuse no one.
#[rstest]
#[case("fal", "login-signs", "fal.login-signs", "3 of 5")]
#[case("venice", "low-price", "venice.login-signs", "2 of 5")]
fn signs_are_counted_and_warn(
    #[case] provider: &str,
    #[case] scenario: &str,
    #[case] check: &str,
    #[case] says: &str,
) {
    let is = |one: &&Played| one.provider == provider && one.scenario.as_deref() == Some(scenario);
    let one = played().iter().find(is).unwrap();
    let finding = one.finding(check);
    assert!(finding.verdict == Verdict::Warn && finding.got.is_none(), "{finding:#?}");
    assert!(finding.seen.starts_with(&format!("signs of a consumer login: {says} (")), "{}", finding.seen);
    assert!(finding.fix.as_deref().unwrap().starts_with("Ask the provider"), "{finding:#?}");
    assert_eq!(one.finding("wrapper.upstream-chain").verdict, Verdict::Pass);
    assert_eq!(decided(one), "GO");
}

/// A contradiction is reported with both sides, as neither is known to be right.
#[rstest]
#[case("fal", "ghost-listing", "its own page is not found (HTTP 404)")]
#[case("fal", "no-schema", "the schema is not found (HTTP 404)")]
#[case("openrouter", "ghost-listing", "its own page is not found (HTTP 404)")]
#[case("openrouter", "another-model", "its own page names `demo/video`")]
#[case("wavespeed", "another-model", "the quote names `demo/image`")]
#[case("atlascloud", "unlisted-model", "the listing does not name it")]
#[case("atlascloud", "hidden-model", "the listing does not name it")]
#[case("aimlapi", "ghost-listing", "its own page is not found (HTTP 404)")]
#[case("aimlapi", "another-model", "its own page names `demo/video`, `video`")]
fn two_stories_are_told_with_both_sides(
    #[case] provider: &str,
    #[case] scenario: &str,
    #[case] against: &str,
) {
    let is = |one: &&Played| one.provider == provider && one.scenario.as_deref() == Some(scenario);
    let one = played().iter().find(is).unwrap();
    let finding = one.finding(&format!("{provider}.one-story"));
    assert_eq!(finding.verdict, Verdict::Warn, "{finding:#?}");
    assert_eq!(finding.got.as_deref(), Some(against));
    assert!(finding.expected.as_deref().is_some_and(|side| !side.is_empty()), "{finding:#?}");
}

/// A model that isn't on the first page of a list may be on a later one: nothing fails for that, and nothing passes.
#[test]
fn a_list_that_goes_on_holds_the_gate_and_refuses_no_model() {
    for provider in packs().filter(|provider| pack(provider).hosts.values().any(|host| !host.more.is_empty()))
    {
        let is = |one: &&Played| one.provider == provider && one.scenario.as_deref() == Some("next-page");
        let one =
            played().iter().find(is).unwrap_or_else(|| panic!("{provider} has no scenario `next-page`"));
        let listed = one.finding(&format!("{provider}.model-listed"));
        assert!(matches!(listed.verdict, Verdict::Unknown { .. }), "{listed:#?}");
        assert!(listed.seen.ends_with("on the first page of a paginated list"), "{listed:#?}");
        let fix = listed.fix.as_deref().unwrap();
        assert!(fix.contains(&format!("greenlight waive {provider}.model-listed")), "{fix}");
        assert_eq!(decided(one), "HOLD", "{}", one.name());
    }
}

/// A refused call that needs an administrator says nothing about the key.
#[test]
fn a_refused_admin_call_is_no_bad_key() {
    for (provider, scenario, check) in
        [("openrouter", "ordinary-key", "openrouter.credits"), ("fal", "no-admin-key", "fal.balance")]
    {
        let is = |one: &&Played| one.provider == provider && one.scenario.as_deref() == Some(scenario);
        let one = played().iter().find(is).unwrap();
        assert!(matches!(one.finding(check).verdict, Verdict::Unknown { .. }), "{}", one.name());
        assert_eq!(one.finding(&format!("{provider}.key-accepted")).verdict, Verdict::Pass);
        assert_eq!(one.finding("wrapper.provider-account").verdict, Verdict::Pass);
        assert_eq!(decided(one), "GO", "{}", one.name());
    }
}

#[test]
fn a_scenario_shows_the_fault_that_it_declares_and_every_fault_of_a_pack_is_played() {
    let mut shown = BTreeSet::new();
    for one in played() {
        let faults: BTreeSet<String> =
            one.findings().filter_map(|finding| Some(finding.fault.as_ref()?.to_string())).collect();
        match &one.fault {
            Some(fault) => assert!(faults.contains(fault), "{}: {faults:?}", one.name()),
            None => assert!(faults.is_empty(), "{} shows {faults:?} and declares none", one.name()),
        }
        shown.extend(faults);
    }
    for provider in packs() {
        let begin = format!("{provider}-");
        for fault in pack(provider).faults.iter().filter(|fault| fault.id.as_str().starts_with(&begin)) {
            assert!(shown.contains(fault.id.as_str()), "nothing shows {}", fault.id);
        }
    }
}

/// A list that anyone can read says nothing about a key; an answer that the account is open is contradicted.
#[test]
fn a_wrong_key_passes_nowhere() {
    for provider in packs() {
        let one = played()
            .iter()
            .find(|one| one.provider == provider && one.scenario.as_deref() == Some("wrong-key"));
        let one = one.unwrap_or_else(|| panic!("{provider} has no scenario `wrong-key`"));
        let checklist = pack(provider);
        let proof = checklist.probes.iter().find(|probe| probe.proves_key).unwrap();
        let proved = checklist.own_checks().filter(|check| check.decider.probes().contains(&&proof.id));
        let failed: Vec<_> =
            proved.filter(|check| one.finding(check.id.as_str()).verdict == Verdict::Fail).collect();
        assert!(!failed.is_empty(), "{}: the proof of the key does not fail", one.name());
        assert_eq!(one.finding("wrapper.provider-account").verdict, Verdict::Fail, "{}", one.name());
        let account = ["account", "key", "balance"].map(str::to_owned);
        for check in checklist
            .checks
            .iter()
            .filter(|check| check.topic.as_ref().is_some_and(|topic| account.contains(&topic.to_string())))
        {
            let finding = one.finding(check.id.as_str());
            let by_rule = check.decider.probes().is_empty() && check.home == checklist.id;
            assert!(by_rule || finding.verdict != Verdict::Pass, "{}: {} passes", one.name(), check.id);
        }
        assert_eq!(decided(one), "NO-GO", "{}", one.name());
    }
}

/// Host, method, path and body are on the list of the pack's own free calls, and its key only goes where it belongs.
#[test]
fn only_a_packs_own_free_calls_are_made_with_its_own_key_alone() {
    let owners = load::owners();
    for one in played() {
        let down = one.fault.as_deref() == Some("connect-refused");
        assert!(down || !one.calls.is_empty(), "{}: nothing was called", one.name());
        for call in &one.calls {
            let told = format!("{}: {} {}{}", one.name(), call.method, call.host, call.path);
            let query = call.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
            let url = Url::parse(&format!("https://{}{}{query}", call.host, call.path)).unwrap();
            let method = match call.method.as_str() {
                "GET" => Method::Get,
                "HEAD" => Method::Head,
                "POST" => Method::Post,
                other => panic!("{told}: {other}"),
            };
            let body = (method == Method::Post).then(|| serde_json::from_str(&call.body).unwrap());
            let free = owners.free_call(method, &url, body).unwrap_or_else(|why| panic!("{told}: {why}"));
            assert_eq!(owners.of_host(&call.host).unwrap().id, one.provider, "{told}");
            let keys = owners.list.iter().flat_map(|owner| owner.keys.iter().map(move |key| (owner, key)));
            let mut of_host = keys.filter(|(_, key)| key.is_of(&call.host));
            match of_host.next().filter(|_| !free.keyless()) {
                None => assert!(!call.had_credential(), "{told} came with a credential"),
                Some((owner, own_key)) => {
                    assert_eq!(owner.id, one.provider, "{told}");
                    let value = own_key.carrier.value(&key(&own_key.env).unwrap());
                    assert!(call.had(&own_key.carrier.header, &value), "{told} came without its key");
                }
            }
        }
    }
}

#[test]
fn every_fact_that_somebody_else_probed_is_medium_at_best() {
    for provider in packs() {
        let owners = load::owners();
        let owner = owners.list.iter().find(|owner| owner.id == provider).unwrap();
        assert!(!owner.pages.is_empty(), "{provider} has no pages");
        let checklist = pack(provider);
        let facts = checklist
            .own_checks()
            .map(|check| &check.source)
            .chain(owner.free.iter().map(|free| &free.source));
        for source in facts.chain(checklist.slugs.iter().map(|slug| &slug.source)) {
            let host = source.host().unwrap_or_default();
            let own = owners.pages_of(provider).count(&source.url).is_ok();
            let high = source.confidence == Some(Confidence::High);
            assert!(own || !high || host == "github.com", "{provider}: {} is held to be sure", source.url);
        }
    }
}

/// The note that `check` prints first for a provider without a pack, and not for one with a pack.
#[rstest]
#[case("acme", true)]
#[case("fal", false)]
fn a_provider_without_a_pack_is_told_so_first(#[case] provider: &str, #[case] told: bool) {
    let sample = Sample::of("wrapper");
    sample.edit("provider = \"acme\"", &format!("provider = \"{provider}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline", "--at", NOW]));
    let note = format!("note: greenlight has no pack for `{provider}`");
    assert_eq!(run.err.starts_with(&note), told, "{}", run.err);
    assert!(!told || run.err.contains("greenlight answer") && run.err.contains("owners.toml"), "{}", run.err);
}

#[rstest]
#[case("fal.job-estimate", "wrapper.job-quote: its result counts like a person's")]
#[case("fal.key-accepted", "evidence for  wrapper.provider-account")]
fn explain_says_which_question_a_check_of_a_pack_is_about(#[case] check: &str, #[case] says: &str) {
    let text = ran(&mut Sample::empty().greenlight(&["explain", check])).out;
    assert!(text.contains(says), "{text}");
}

#[test]
fn what_a_pack_inherits_is_listed_once() {
    let list =
        ran(&mut Sample::empty().greenlight(&["list", "--route", "wrapper", "--format", "json"])).json();
    let ids: Vec<_> = list.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for provider in packs() {
        assert!(ids.iter().any(|id| id.starts_with(&format!("{provider}."))), "{provider} is not listed");
    }
    assert!(ids.contains(&"wrapper.refunds"));
}

#[rstest]
#[case("idea", "text-to-video")]
#[case("image", "image-to-video")]
fn init_names_the_slug_of_the_mode(#[case] material: &str, #[case] mode: &str) {
    for provider in packs() {
        let sample = Sample::empty();
        let mut command = sample.greenlight(&[
            "init",
            "--route",
            "wrapper",
            "--provider",
            provider,
            "--material",
            material,
        ]);
        if material != "idea" {
            command.args(["--input", "https://example.com/a.png"]);
        }
        let begun = ran(&mut command);
        assert_eq!(begun.code, 0, "{}", begun.all());
        let slugs = pack(provider).slugs;
        let makes = slugs.iter().find(|slug| slug.modes.iter().any(|known| known.word() == mode));
        let slug = makes.or_else(|| slugs.iter().find(|slug| slug.modes.is_empty()));
        let wanted = slug.map_or_else(|| "as named by the provider".to_owned(), |slug| slug.id.clone());
        assert!(
            sample.project().contains(&format!("model = \"{wanted}\"")),
            "{provider}: {}",
            sample.project()
        );
        assert!(begun.out.contains("--rehearse"), "{}", begun.out);
    }
}
