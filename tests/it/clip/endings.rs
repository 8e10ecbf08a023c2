//! Every way in which a job can end: what is printed, what is kept, what it cost.

use rstest::rstest;

use super::{cleared, events, finished, ledger, project, rehearsed};
use crate::support::ran;

/// A finished clip, whatever goes wrong on the provider's side on the way.
#[rstest]
#[case("done")]
#[case("done-without-status")]
#[case("at-once")]
#[case("poll-empty")]
#[case("poll-error")]
#[case("poll-passing-400")]
#[case("poll-cut")]
#[case("poll-cut-in-answer")]
#[case("poll-not-json")]
#[case("download-cut")]
#[case("download-error")]
fn a_clip_is_stored_and_described(#[case] play: &str) {
    let place = cleared(&format!("[{play}]"));
    let (run, events) = rehearsed(&place, &[]);
    let end = finished(&run, &events);
    assert_eq!((run.code, end["how"].as_str()), (0, Some("stored")), "{}", run.all());
    assert_eq!((&end["rehearsal"], &end["basis"]), (&true.into(), &"reported".into()));
    assert_eq!(end["differs"].as_array().map(Vec::len), Some(0), "{end}");
    let file = place.path().join(end["file"].as_str().unwrap());
    let beside = fs_err::read_to_string(format!("{file}.json")).unwrap();
    let beside: serde_json::Value = serde_json::from_str(&beside).unwrap();
    assert_eq!(beside["sha256"], end["sha256"]);
    assert_eq!(beside["request-id"], end["request-id"]);
    assert_eq!(beside["cost"]["ticks"], end["cost-ticks"]);
    assert_eq!(beside["bytes"], fs_err::metadata(&file).unwrap().len());
    let left: Vec<_> = fs_err::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 2, "a part was left behind: {left:?}");
}

/// Every ending without a clip: in a word, what it points to, what it cost, and what the ledger says.
#[rstest]
#[case::no_usage("done-without-usage", "stored", 0, "", "reservation")]
#[case::no_url("done-without-url", "unknown", 5, "", "reported")]
#[case::moderated("moderated", "moderated", 5, "moderation", "reported")]
#[case::held_back("moderated-without-url", "moderated", 5, "moderation", "reported")]
#[case::argument("failed-invalid-argument", "failed", 5, "moderation, the prompt, an input", "reservation")]
#[case::denied("failed-permission-denied", "failed", 5, "account access", "reservation")]
#[case::precondition(
    "failed-precondition",
    "failed",
    5,
    "an input, the duration, the resolution",
    "reservation"
)]
#[case::unavailable("failed-service-unavailable", "failed", 5, "", "reservation")]
#[case::broken("failed-internal-error", "failed", 5, "", "reservation")]
#[case::text("failed-text", "failed", 5, "", "reservation")]
#[case::expired("expired", "expired", 5, "the temporary URL", "reservation")]
#[case::archived("unknown-status", "unknown", 5, "", "reservation")]
#[case::prompt("prompt-refused", "refused", 5, "moderation, the prompt, an input", "not-begun")]
#[case::credits("no-credits", "refused", 5, "account access", "not-begun")]
#[case::used_up("credits-used-up", "refused", 5, "account access", "not-begun")]
#[case::used_up_429("credits-used-up-429", "refused", 5, "account access", "not-begun")]
#[case::limited("rate-limited", "refused", 5, "account access", "not-begun")]
#[case::key("key-refused", "refused", 5, "account access", "not-begun")]
fn an_ending_says_what_it_points_to(
    #[case] play: &str,
    #[case] how: &str,
    #[case] code: i32,
    #[case] points_to: &str,
    #[case] basis: &str,
) {
    let place = cleared(&format!("[{play}]"));
    let (run, events) = rehearsed(&place, &[]);
    let end = finished(&run, &events);
    let points: Vec<_> = end["points-to"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
    assert_eq!((end["how"].as_str(), run.code), (Some(how), code), "{}", run.all());
    assert_eq!((points.join(", ").as_str(), end["basis"].as_str()), (points_to, Some(basis)), "{end}");
    let job = &ledger(&place)["jobs"][0];
    assert_eq!((&job["state"], &job["basis"]), (&"settled".into(), &basis.into()));
    let owed = job["amount-ticks"].as_i64().unwrap();
    assert_eq!(owed > 0, basis != "not-begun", "{job}");
    // There is always a next step.
    assert!(how == "stored" || !end["next"].is_null(), "{end}");
}

/// Money that may have been taken stays set aside, and the request is never sent again.
#[rstest]
#[case("cut-before-accept")]
#[case("cut-after-accept")]
#[case("cut-in-answer")]
#[case("error-before-accept")]
#[case("error-after-accept")]
#[case("bad-gateway")]
#[case("no-request-id")]
fn an_ambiguous_answer_is_unknown_and_never_sent_again(#[case] play: &str) {
    let place = cleared(&format!("[{play}]"));
    let (run, events) = rehearsed(&place, &[]);
    let end = finished(&run, &events);
    assert_eq!((end["how"].as_str(), run.code), (Some("unknown"), 5), "{}", run.all());
    let before = ledger(&place);
    assert_eq!(before["jobs"][0]["state"], "unknown");
    assert_eq!(before["held-ticks"], before["jobs"][0]["reserved-ticks"]);
    let again = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes"]));
    assert_eq!(again.code, 4, "{}", again.all());
    assert!(again.err.contains("is still unknown"), "{}", again.err);
    let (resumed, _) =
        super::events(&mut place.greenlight(&["clip", "--rehearse", "--resume", "--format", "json"]));
    assert_eq!(resumed.code, 5, "{}", resumed.all());
    assert_eq!(ledger(&place)["jobs"], before["jobs"]);
    // A bill is evidence: its amount counts, and the next clip may be made.
    let settle = ["ledger", "settle", "opening-1", "--rehearsal", "--amount", "0.01 USD", "--by", "Ann"];
    let shot = before["jobs"][0]["job"].as_str().unwrap();
    let mut settle = settle.to_vec();
    settle[2] = shot;
    let settled = ran(place.greenlight(&settle).args(["--evidence", "https://console.x.ai/usage"]));
    assert_eq!(settled.code, 0, "{}", settled.all());
    assert_eq!(ledger(&place)["held-ticks"], 100_000_000);
}

#[rstest]
#[case::gone("download-gone", "HTTP 404")]
#[case::page("download-not-a-clip", "text/html")]
#[case::short("download-short", "cut short")]
fn a_clip_that_cannot_be_kept_is_paid_and_stays_resumable(#[case] play: &str, #[case] why: &str) {
    let place = cleared(&format!("[{play}]"));
    let (run, all) = rehearsed(&place, &[]);
    let end = finished(&run, &all);
    assert_eq!((end["how"].as_str(), run.code), (Some("not-kept"), 5), "{}", run.all());
    assert!(end["says"].as_str().unwrap().contains(why), "{end}");
    let job = &ledger(&place)["jobs"][0];
    assert_eq!(
        (&job["ending"], &job["to-store"], &job["basis"]),
        (&"done".into(), &true.into(), &"reported".into())
    );
    let again = ran(&mut place.greenlight(&["clip", "--rehearse", "--yes"]));
    assert!(again.code == 4 && again.err.contains("--resume"), "{}", again.all());
    // The folder for clips contains only clips.
    let kept = place.path().join(".greenlight/rehearsal");
    let clips = fs_err::read_dir(kept)
        .unwrap()
        .filter(|one| one.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "mp4"));
    assert_eq!(clips.count(), 0);
}

#[test]
fn a_timed_out_job_can_be_resumed() {
    let place = project("[never]");
    place.edit("timeout = \"10m\"", "timeout = \"1s\"");
    crate::answers::settle_lately(&place);
    let (run, all) = rehearsed(&place, &[]);
    let end = finished(&run, &all);
    assert_eq!((end["how"].as_str(), run.code), (Some("timed-out"), 5), "{}", run.all());
    assert_eq!(ledger(&place)["jobs"][0]["state"], "accepted");
    assert!(end["next"].as_str().unwrap().starts_with("greenlight clip --rehearse --resume "), "{end}");
}

/// A project with one shot of each mode; the last two start from the first.
fn every_mode() -> crate::support::Sample {
    let place = crate::support::Sample::of("api");
    let more = "
[[shot]]
id = \"looks\"
mode = \"reference-to-video\"
model = \"grok-imagine-video\"
references = [\"robot.jpg\"]
duration = 4
aspect-ratio = \"16:9\"
resolution = \"480p\"
prompt = \"The robot stands in a field.\"

[[shot]]
id = \"graded\"
mode = \"edit\"
model = \"grok-imagine-video\"
video = { shot = \"opening\" }
prompt = \"The same in warm evening light.\"
";
    place.edit("video = { path = \"opening.mp4\", send = \"upload\" }", "video = { shot = \"opening\" }");
    place.edit("budget = \"3.00 USD\"", "budget = \"9.00 USD\"");
    let text = place.project() + more;
    place.write("greenlight.toml", &text);
    crate::answers::settle_lately(&place);
    place
}

#[test]
fn every_mode_ends_with_a_file_that_is_what_was_asked_for() {
    let place = every_mode();
    let early = ran(&mut place.greenlight(&["clip", "longer", "--rehearse", "--yes"]));
    assert!(early.code == 4 && early.err.contains("`opening`, which has no clip yet"), "{}", early.all());
    for (shot, millis) in
        [("opening", 6000), ("portrait", 6000), ("longer", 12_000), ("looks", 4000), ("graded", 6000)]
    {
        let (run, all) = rehearsed(&place, &[shot]);
        let end = finished(&run, &all);
        assert_eq!(
            (run.code, end["differs"].as_array().map(Vec::len)),
            (0, Some(0)),
            "{shot}: {}",
            run.all()
        );
        let beside = place.path().join(format!("{}.json", end["file"].as_str().unwrap()));
        let beside: serde_json::Value =
            serde_json::from_str(&fs_err::read_to_string(beside).unwrap()).unwrap();
        assert_eq!(
            (&beside["milliseconds"], &beside["type"]),
            (&millis.into(), &"video/mp4".into()),
            "{shot}"
        );
    }
    let all = ledger(&place);
    let sum: i64 =
        all["jobs"].as_array().unwrap().iter().map(|job| job["amount-ticks"].as_i64().unwrap()).sum();
    assert_eq!((all["jobs"].as_array().unwrap().len(), all["held-ticks"].as_i64()), (5, Some(sum)));
}

#[test]
fn an_address_that_opens_something_is_kept_nowhere() {
    let place = project("");
    let address =
        "https://store.example/clips/a.mp4?X-Amz-Credential=CANARYID&X-Amz-Signature=CANARY0123456789abcdef";
    place.edit("[project]\n", &format!("[project]\nupload-url = \"{address}\"\n"));
    crate::answers::settle_lately(&place);
    let (run, _) = rehearsed(&place, &[]);
    assert_eq!(run.code, 0, "{}", run.all());
    let exported = ran(&mut place.greenlight(&["ledger", "export", "--rehearsal"]));
    assert!(exported.out.contains("upload"), "{}", exported.out);
    let mut folders = vec![place.path().join(".greenlight")];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(camino::Utf8PathBuf::from_path_buf(path).unwrap());
                continue;
            }
            let bytes = fs_err::read(&path).unwrap();
            let found = bytes.windows(6).any(|part| part == b"CANARY");
            assert!(!found, "{} holds the signature", path.display());
        }
    }
}

#[test]
fn a_ledger_without_paid_jobs_says_where_the_rehearsals_are() {
    let place = cleared("");
    let before = ran(&mut place.greenlight(&["ledger"]));
    assert!(before.out.ends_with("of 2.00 USD left.\n"), "{}", before.all());
    assert_eq!(rehearsed(&place, &[]).0.code, 0);
    let after = ran(&mut place.greenlight(&["ledger"]));
    assert_eq!(after.out, before.out + "`greenlight ledger --rehearsal` shows the rehearsals.\n");
}

#[test]
fn support_is_told_no_address_of_a_clip() {
    let place = cleared("");
    assert_eq!(rehearsed(&place, &[]).0.code, 0);
    let job = ledger(&place)["jobs"][0]["job"].as_str().unwrap().to_owned();
    let told = ran(&mut place.greenlight(&["escalate", &job, "--rehearsal"]));
    assert!(told.code == 0 && told.out.contains("[address]"), "{}", told.all());
    assert!(!told.out.contains("http") && !told.out.contains(".mp4"), "{}", told.out);
}

#[test]
fn support_is_told_what_it_needs_and_nothing_secret() {
    let place = cleared("[failed-internal-error]");
    rehearsed(&place, &[]);
    let job = ledger(&place)["jobs"][0].clone();
    let name = job["job"].as_str().unwrap();
    let told = ran(&mut place.greenlight(&["escalate", name, "--rehearsal"]));
    assert_eq!(told.code, 0, "{}", told.all());
    for part in [
        job["request-id"].as_str().unwrap(),
        "grok-imagine-video",
        "text-to-video",
        "internal_error",
        "A paper boat",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    assert!(!told.out.contains("rehearsal-key") && !told.out.contains("Bearer"), "{}", told.out);
    let nobody = events(&mut place.greenlight(&["escalate", "nobody-1", "--rehearsal"])).0;
    assert!(nobody.code == 2 && nobody.err.contains("no job `nobody-1`"), "{}", nobody.all());
}
