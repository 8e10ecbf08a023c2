//! A project's own checklist can add to the shipped ones, but take nothing back.

use rstest::rstest;
use serde_json::Value;

use crate::support::{NOW, Ran, Sample, finding, ran};

const HEAD: &str = "id = \"own\"\nextends = \"api\"\nreviewed = 2026-11-22\n";
const SOURCE: &str = "source = { url = \"https://own.example/faults\", as-of = 2026-11-20 }\n";

/// The sample of the official route with a checklist of its own.
fn with(own: &str) -> Sample {
    let sample = Sample::of("api");
    sample.write("own.toml", &format!("{HEAD}\n{own}"));
    sample.edit("[project]\n", "[project]\nchecklists = [\"own.toml\"]\n");
    sample
}

fn rehearse(sample: &Sample, scenario: &str) -> Ran {
    let rehearse = format!("--rehearse={scenario}");
    ran(&mut sample.greenlight(&["check", &rehearse, "--at", NOW, "--format", "json"]))
}

fn calm(checks: &str) -> String {
    format!(
        "[[fault]]\nid = \"calm\"\nwhen = [{{ status = {{ ge = 100 }} }}]\n{checks}means = \"unknown\"\nretry = true\n\
         says = \"all is well\"\nfix = \"nothing to do\"\n{SOURCE}"
    )
}

/// A refused key is a refused key, whatever the project's own fault calls it.
#[rstest]
fn a_fault_of_ones_own_softens_no_shipped_check(
    #[values("bad-key", "team-blocked", "model-missing")] scenario: &str,
) {
    let plain = rehearse(&Sample::of("api"), scenario);
    let own = rehearse(&with(&calm("")), scenario);
    let failed = |run: &Ran| -> Vec<(Value, Value)> {
        let report = run.json();
        let all = report["findings"].as_array().unwrap().clone();
        let failed = all.into_iter().filter(|one| one["verdict"] == "fail");
        failed.map(|one| (one["check"].clone(), one["seen"].clone())).collect()
    };
    assert!(!failed(&plain).is_empty(), "{}", plain.out);
    assert_eq!((own.code, failed(&own)), (plain.code, failed(&plain)));
}

#[test]
fn a_fault_of_ones_own_names_no_shipped_check() {
    let sample = with(&calm("checks = [\"api.key-accepted\"]\n"));
    for args in [&["check", "--offline"][..], &["lint", "own.toml"]] {
        let run = ran(&mut sample.greenlight(args));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(run.err.contains("refers to `api.key-accepted`, which is shipped"), "{}", run.err);
    }
}

/// A shipped question asks a person, and no check of the project's own replaces the answer.
#[test]
fn a_check_of_ones_own_settles_no_shipped_question() {
    let settles = |question: &str| {
        format!(
            "[[check]]\nid = \"own.easy\"\nrow = \"access\"\ntitle = \"easy\"\nseverity = \"block\"\nprobe = \"api-key\"\n\
             expect = [{{ status = 200 }}]\nsettles = [\"{question}\"]\nwhy = \"w\"\nfix = \"f\"\n{SOURCE}"
        )
    };
    for question in ["api.media-rights", "api.policy-read"] {
        let sample = with(&settles(question));
        for args in [&["check", "--rehearse"][..], &["lint", "own.toml"]] {
            let run = ran(&mut sample.greenlight(args));
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
            let says = format!("error[wrong-owner]: check `own.easy` settles `{question}`, which is shipped");
            assert!(run.err.contains(&says), "{}", run.err);
        }
    }
}

/// The provider's pack says which xAI model a slug is, and so what it may cost and make.
#[rstest]
#[case::with_a_pack("fal", true)]
#[case::without_one("acme", false)]
fn no_slug_of_ones_own_stands_beside_those_of_a_pack(#[case] provider: &str, #[case] refused: bool) {
    let sample = Sample::of("wrapper");
    let slug = "[[slug]]\nid = \"cheap\"\nmodel = \"grok-imagine-video\"\nmodes = [\"text-to-video\"]\n";
    let head = HEAD.replace("\"api\"", "\"wrapper\"");
    sample.write("own.toml", &format!("{head}\n{slug}{SOURCE}"));
    sample.edit("[project]\n", "[project]\nchecklists = [\"own.toml\"]\n");
    sample.edit("provider = \"acme\"", &format!("provider = \"{provider}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline"]));
    assert_eq!(run.code == 2, refused, "{}", run.all());
    let says = "error[wrong-owner]: the slug `cheap` is not one of the provider's pack";
    assert_eq!(run.err.contains(says), refused, "{}", run.err);
}

#[test]
fn a_fault_of_ones_own_speaks_of_ones_own_checks() {
    let check = format!(
        "[[check]]\nid = \"own.me\"\nrow = \"access\"\ntitle = \"me\"\nseverity = \"block\"\nprobe = \"api-key\"\n\
         expect = [{{ path = \"$.nobody\", equals = 1 }}]\nwhy = \"w\"\nfix = \"f\"\n{SOURCE}"
    );
    let own = rehearse(&with(&format!("{check}\n{}", calm(""))), "bad-key");
    assert_eq!(finding(&own.json(), "own.me", None)["fault"], "calm", "{}", own.out);
}

/// A required check that warns has not passed, however low its own severity.
#[rstest]
#[case::info("info")]
#[case::warn("warn")]
#[case::block("block")]
fn a_required_check_that_warns_has_not_passed(#[case] severity: &str) {
    let check = |id: &str, severity: &str, more: &str, wanted: u16| {
        format!(
            "[[check]]\nid = \"own.{id}\"\nrow = \"access\"\ntitle = \"{id}\"\nseverity = \"{severity}\"\n{more}\
             probe = \"api-key\"\nexpect = [{{ status = {wanted} }}]\nwhy = \"w\"\nfix = \"f\"\n{SOURCE}\n"
        )
    };
    let own =
        [check("first", severity, "", 204), check("then", "block", "requires = [\"own.first\"]\n", 200)]
            .concat();
    let run = rehearse(&with(&own), "healthy");
    let then = finding(&run.json(), "own.then", None).clone();
    assert_eq!((&then["verdict"], &then["by"]), (&"blocked".into(), &"own.first".into()), "{then}");
}

const OWN_CHECK: &str = "[[check]]\nid = \"own.brief\"\nrow = \"safety\"\ntitle = \"brief signed\"\nseverity = \"block\"\nwhy = \"w\"\n\
                         fix = \"f\"\nquestion = { ask = \"Is it signed?\", type = \"yes-no\", pass = [\"yes\"], valid-for = \"30d\" }\n";

#[test]
fn a_check_of_ones_own_is_listed_beside_the_shipped_ones() {
    let sample = with(&format!("{OWN_CHECK}{SOURCE}"));
    let listed = |args: &[&str]| -> Vec<(String, Value)> {
        let all = ran(&mut sample.greenlight(&[&["list", "--format", "json"], args].concat())).json();
        let all = all.as_array().unwrap().iter();
        all.map(|one| (one["id"].as_str().unwrap().to_owned(), one["file"].clone())).collect()
    };
    let here = listed(&[]);
    let own: Vec<_> = here.iter().filter(|(id, _)| id == "own.brief").collect();
    assert_eq!(own, [&("own.brief".to_owned(), Value::from("own.toml"))]);
    assert!(here.iter().filter(|(_, file)| !file.is_null()).count() == 1, "{here:?}");
    assert_eq!(here.iter().filter(|(id, _)| id == "api.key-accepted").count(), 1);
    assert!(listed(&["--route", "app"]).iter().all(|(id, _)| id != "own.brief"));
}

#[test]
fn a_broken_project_does_not_stop_the_list() {
    let sample = with("[[check]]\nid = \"own.brief\"\n");
    let run = ran(&mut sample.greenlight(&["list"]));
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.out.contains("api.key-accepted") && !run.out.contains("own.brief"), "{}", run.out);
    assert!(run.err.contains("note: `greenlight.toml` has mistakes") && run.err.contains("greenlight lint"));
    let named = ran(&mut sample.greenlight(&["list", "--project", "greenlight.toml"]));
    assert_eq!((named.code, named.out.as_str()), (2, ""), "{}", named.all());
}

/// The pack says how a page of a shipped list shows that it continues: a project's own word would turn a refusal into
/// unknown.
#[test]
fn a_checklist_of_ones_own_makes_no_shipped_list_go_on() {
    let host = "[api]\nbase-url = \"https://api.x.ai\"\nkey = { env = \"XAI_API_KEY\" }\n";
    let sample = with(&format!("{host}more = [{{ path = \"$.models\", exists = true }}]\n"));
    for args in [&["check", "--offline"][..], &["lint", "own.toml"]] {
        let run = ran(&mut sample.greenlight(args));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(
            run.err.contains("only the checklist that names host `api` first can set its `more`"),
            "{}",
            run.err
        );
    }
}

#[rstest]
#[case::by_a_rule_over_replies(
    "rule = \"credits-left\"\nwith = { bought = \"$.a\", used = \"$.b\", written-in = \"usd\" }\nprobes = { account = \"key\" }",
    true
)]
#[case::by_a_rule_over_files("rule = \"key-present\"\nwith = { env = \"XAI_API_KEY\" }", false)]
fn what_looks_at_replies_may_bring_evidence(#[case] decider: &str, #[case] may: bool) {
    let check = format!(
        "[[probe]]\nid = \"own-key\"\nget = \"/v1/api-key\"\n[[check]]\nid = \"own.credits\"\nrow = \"cost\"\ntitle = \"credits\"\nseverity = \"warn\"\n\
         {}\nsupports = \"api.failure-billing\"\nwhy = \"w\"\nfix = \"f\"\n{SOURCE}",
        decider.replace("\"key\" }", "\"own-key\" }")
    );
    let run = ran(&mut with(&check).greenlight(&["lint", "own.toml"]));
    assert_eq!(run.code == 0, may, "{}", run.all());
    assert!(
        may || run.err.contains("`supports` goes with `probe`, or with a rule that looks at replies"),
        "{}",
        run.err
    );
}
