//! Providers that answer every call with 200 and unrelated content: no check of a pack that reads a reply passes.

use greenlight::{model::verdict::Verdict, observe::Origins};
use url::Url;

use super::{answered, judged, loaded, pack, packs};
use crate::support::recorder::{Answer, Recorder};

const JSON: &str = "application/json";

/// Their answers: the declared type, and the body.
fn replies() -> Vec<(&'static str, String)> {
    let bodies = [
        (JSON, ""),
        (JSON, "{}"),
        (JSON, "[]"),
        (JSON, "null"),
        (JSON, r#""ok""#),
        (JSON, r#"{"code":200,"data":[],"models":[],"prices":[]}"#),
        (JSON, r#"{"code":"200","data":{},"models":{},"credits":{},"available":{}}"#),
        (JSON, r#"{"code":200,"data":null,"models":null,"balance":null,"quote":null,"type":null}"#),
        (
            JSON,
            r#"{"code":"200","data":"yes","models":"all","balance":"plenty","quote":"cheap","type":"good","object":"ok"}"#,
        ),
        (
            JSON,
            r#"{"code":200,"data":[],"models":[],"prices":[],"has_more":true,"next_cursor":"c","next_page":"p"}"#,
        ),
        (JSON, "<!doctype html><title>Sign in</title>"),
        ("text/html", "<!doctype html><title>Sign in</title>"),
    ];
    let nameless = format!(r#"{{"code":200,"data":[{}1],"models":[{{}}]}}"#, r#"{"x":1},"#.repeat(10_000));
    let more = [(JSON, "[".repeat(100_000)), (JSON, nameless)];
    bodies.into_iter().map(|(kind, body)| (kind, body.to_owned())).chain(more).collect()
}

#[tokio::test]
async fn a_reply_that_says_nothing_passes_nothing_of_any_pack() {
    for name in packs() {
        let sample = answered(name, &[]);
        let loaded = loaded(&sample);
        for (kind, body) in replies() {
            let shown: String = body.chars().take(80).collect();
            let provider = Recorder::start(move |_, _| Answer::new(200, kind, body.clone()));
            let origins = Origins::One(Url::parse(&provider.origin).unwrap());
            let report = judged(origins, (&sample, &loaded)).await;
            for check in pack(name).own_checks().filter(|check| !check.decider.probes().is_empty()) {
                let finding = report.findings.iter().find(|finding| finding.check == check.id).unwrap();
                assert!(finding.verdict != Verdict::Pass, "{name}, {shown}: {finding:#?}");
                assert!(finding.seen.chars().count() < 1_000, "{name}, {shown}: {finding:#?}");
            }
            assert_ne!(serde_json::to_value(report.found()).unwrap(), "GO", "{name}, {shown}");
        }
    }
}
