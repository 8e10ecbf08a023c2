//! Keys and passwords stay private: whatever a server sends back and however a run ends, nothing shows them.

use std::process::Command;

use greenlight::render::Format;
use rstest::rstest;

use crate::support::{
    NOW, Ran, Sample,
    provider::{healthy, key_named},
    ran,
    recorder::{Answer, Recorder, Request},
    steady,
};

/// Contains characters that look different in an address and in Base64.
const CANARY: &str = "xai-CANARY+1/2=3a7f-CANARY";
const MANAGEMENT: &str = "xai-CANARY-management-token";
const PASSWORD: &str = "pass-CANARY-word";
const SIGNATURE: &str = "signed-CANARY-query";

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|group| {
            let at = |n: usize| usize::from(group.get(n).copied().unwrap_or_default());
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            [18, 12, 6, 0]
                .map(|shift| char::from(LETTERS[bits >> shift & 63]))
                .into_iter()
                .take(group.len() + 1)
        })
        .collect()
}

/// Every form of a secret that must not be seen. For Base64, the part that does not depend on what follows.
fn forms(secret: &str) -> Vec<String> {
    let encoded = base64(&secret.as_bytes()[..secret.len() / 3 * 3]);
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    vec![
        secret.to_owned(),
        percent(secret),
        percent(&percent(secret)),
        encoded.clone(),
        encoded.replace('+', "-").replace('/', "_"),
        secret.chars().rev().collect(),
        hex.to_uppercase(),
        hex,
        secret.chars().skip(secret.len().saturating_sub(8)).collect(),
    ]
}

fn assert_silent(what: &str, text: &str) {
    for secret in [CANARY, MANAGEMENT, PASSWORD, SIGNATURE] {
        for form in forms(secret) {
            assert!(!text.contains(&form), "{what} shows {form}:\n{text}");
        }
    }
    assert!(!text.contains("CANARY"), "{what} shows a piece of a secret:\n{text}");
    let shows = text.lines().find(|line| line.contains("ARY+1") || line.contains("a7f-C"));
    assert_eq!(shows, None, "{what} shows a piece of a secret");
}

/// Neither stream and no file that the run wrote shows a secret. The project file belongs to the person.
fn assert_run_silent(what: &str, sample: &Sample, run: &Ran) {
    assert_silent(what, &run.out);
    assert_silent(what, &run.err);
    let mut folders = vec![sample.path()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() != Some("toml") && path.extension() != Some("key") {
                let bytes = fs_err::read(&path).unwrap();
                assert_silent(path.as_str(), &String::from_utf8_lossy(&bytes));
            }
        }
    }
}

/// A check with every secret there is, and with every setting that could make an error verbose.
fn check(sample: &Sample, args: &[&str]) -> Command {
    let mut command = sample.greenlight(&["check", "--at", NOW]);
    command.args(args).env("XAI_API_KEY", CANARY).env("XAI_MANAGEMENT_KEY", MANAGEMENT);
    command.env("RUST_BACKTRACE", "1").env("RUST_LOG", "trace");
    command
}

/// A report in every format, and the step summary of a GitHub job.
fn check_everywhere(sample: &Sample, args: &[&str]) -> Ran {
    let mut command = check(sample, args);
    command.args(Format::ALL.iter().map(|format| format!("--report={format}=out/{format}.txt")));
    command.args(["--format", "github"]).env("GITHUB_STEP_SUMMARY", sample.path().join("summary.md"));
    let run = ran(&mut command);
    let kept = |name: &str| sample.path().join(name).exists();
    assert!(Format::ALL.iter().all(|format| kept(&format!("out/{format}.txt"))) && kept("summary.md"));
    run
}

/// The form in which a server sends the key back.
#[derive(Clone, Copy)]
enum Echo {
    Sentence,
    Shapes,
    Shown,
    Escaped,
    Headers,
    Location,
    Page,
    Text,
    Cut,
    Listing,
    Long,
    Between(&'static str),
}

fn echo(how: Echo, request: &Request) -> Answer {
    let header = request.key.clone().unwrap_or_default();
    let key = header.strip_prefix("Bearer ").unwrap_or_default().to_owned();
    let all = forms(&key).join(" ");
    let sentence = format!("Incorrect API key provided: {header} {all} {}", base64(key.as_bytes()));
    let escaped =
        key.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect::<Vec<_>>().concat();
    match how {
        _ if key.is_empty() => healthy(request),
        Echo::Sentence => {
            Answer::json(400, serde_json::json!({ "code": key, "error": sentence }).to_string())
        }
        Echo::Shapes => {
            let inner = serde_json::json!({ "code": key, "error": sentence }).to_string();
            Answer::json(401, serde_json::json!({ "error": inner, key.clone(): key }).to_string())
        }
        Echo::Shown if request.path == "/v1/api-key" => Answer::json(200, key_named(&all)),
        Echo::Escaped if request.path == "/v1/api-key" => {
            Answer::json(200, key_named("HERE").replace("HERE", &escaped))
        }
        Echo::Escaped => Answer::json(403, format!(r#"{{"code":"{escaped}","error":"{escaped}"}}"#)),
        Echo::Shown => Answer::json(403, serde_json::json!({ "error": sentence }).to_string()),
        Echo::Headers => Answer::new(418, &format!("text/{}", percent(&key)), sentence)
            .header("x-request-id", &key)
            .header("retry-after", &key)
            .header("www-authenticate", &header)
            .header("set-cookie", &format!("k={key}")),
        Echo::Location => Answer::json(302, "").header("location", &format!("http://127.0.0.1:1/{all}")),
        Echo::Page => Answer::new(403, "text/html", format!("<html><title>{all}</title>{sentence}</html>")),
        Echo::Text => Answer::new(404, "text/plain", sentence),
        Echo::Cut => Answer { cut: true, ..Answer::json(200, format!("{{\"name\":\"{key}")) },
        Echo::Between(mark) => {
            let pieces: Vec<_> = key.as_bytes().chunks(5).map(String::from_utf8_lossy).collect();
            Answer::json(403, serde_json::json!({ "code": pieces.join(mark) }).to_string())
        }
        Echo::Listing if request.path == "/v1/video-generation-models" => {
            let models = serde_json::json!({ "models": [{ "id": key, "aliases": [sentence] }] });
            Answer::json(200, models.to_string())
        }
        Echo::Listing => healthy(request),
        Echo::Long => Answer::new(404, "text/plain", format!("{}{sentence}", "x".repeat(4090))),
    }
}

#[rstest]
#[case::sentence(Echo::Sentence)]
#[case::shapes(Echo::Shapes)]
#[case::shown(Echo::Shown)]
#[case::escaped(Echo::Escaped)]
#[case::headers(Echo::Headers)]
#[case::location(Echo::Location)]
#[case::page(Echo::Page)]
#[case::text(Echo::Text)]
#[case::cut(Echo::Cut)]
#[case::listing(Echo::Listing)]
#[case::long(Echo::Long)]
#[case::soft_hyphens(Echo::Between("\u{ad}"))]
#[case::no_width(Echo::Between("\u{200b}"))]
#[case::variations(Echo::Between("\u{fe0f}"))]
#[case::accents(Echo::Between("\u{301}"))]
#[case::lines(Echo::Between("\n  "))]
#[case::entities(Echo::Between("&shy;"))]
fn a_server_that_echoes_the_key_makes_nothing_show_it(#[case] how: Echo) {
    let provider = Recorder::start(move |request, _| echo(how, request));
    let sample = Sample::of("api");
    for (format, colour) in [("table", "always"), ("json", "never")] {
        let mut args = vec!["--base-url", &provider.origin, "--format", format, "--color", colour];
        args.extend(["--record", "run.json"]);
        let run = ran(&mut check(&sample, &args));
        assert!(sample.path().join("run.json").exists(), "{}", run.all());
        assert!([1, 3].contains(&run.code), "{}", run.all());
        assert_run_silent(format, &sample, &run);
    }
    assert_run_silent("a file", &sample, &check_everywhere(&sample, &["--base-url", &provider.origin]));
    let sent = provider.requests().iter().filter_map(|request| request.key.clone()).collect::<Vec<_>>();
    assert!(sent.contains(&format!("Bearer {CANARY}")), "nothing was there to be echoed");
}

#[test]
fn a_shown_field_tells_that_something_was_taken_out() {
    let provider = Recorder::start(|request, _| echo(Echo::Shown, request));
    let run = ran(&mut check(&Sample::of("api"), &["--base-url", &provider.origin, "--format", "json"]));
    let receipt = run.json();
    let accepted = &receipt["findings"].as_array().unwrap().iter().find(|f| f["check"] == "api.key-accepted");
    assert!(accepted.unwrap()["seen"].as_str().unwrap().contains("[redacted]"), "{accepted:?}");
}

/// An address with a password is never requested; one with a signature is, and neither is shown.
#[rstest]
#[case::password(&format!("user:{PASSWORD}@"), false)]
#[case::signature("", true)]
fn a_media_address_is_shown_without_its_password_and_signature(#[case] user: &str, #[case] asked: bool) {
    let provider = Recorder::start(|request, _| healthy(request));
    let media = Recorder::start_tls(|request, _| Answer::new(404, "text/plain", format!("{request:?}")));
    let host = media.origin.strip_prefix("https://").unwrap();
    let sample = Sample::of("api");
    sample.write("ca.pem", &media.pem);
    let address = format!("https://{user}{host}/robot.jpg?X-Signature={SIGNATURE}&expires=1");
    sample.edit("\"robot.jpg\"", &format!("\"{address}\""));
    let lab = ["--base-url", &provider.origin, "--allow-private", "--ca-cert", "ca.pem"];
    for (format, colour) in [("table", "always"), ("json", "never")] {
        let run = ran(check(&sample, &lab).args(["--format", format, "--color", colour]));
        assert_run_silent(format, &sample, &run);
        assert!(run.out.contains("robot.jpg"), "{}", run.all());
    }
    assert_run_silent("a file", &sample, &check_everywhere(&sample, &lab));
    assert_eq!(!media.requests().is_empty(), asked);
    for request in media.requests() {
        assert!(!format!("{request:?}").contains(CANARY), "a key went to a media address: {request:?}");
    }
}

#[rstest]
#[case::flag(&["--base-url", "http://user:pass-CANARY-word@127.0.0.1:1"])]
#[case::query(&["--base-url", "https://example.invalid/?key=xai-CANARY-management-token"])]
#[case::foreign(&["--base-url", "https://example.invalid"])]
#[case::offline(&["--offline"])]
#[case::no_such_project(&["--project", "nowhere"])]
#[case::no_such_certificates(&["--ca-cert", "nowhere.pem"])]
fn a_run_that_goes_wrong_is_silent_too(#[case] args: &[&str]) {
    let sample = Sample::of("api");
    let run = ran(&mut check(&sample, args));
    assert_ne!(run.code, 0);
    assert_ne!(run.code, 101, "it panicked: {}", run.all());
    assert_run_silent("a failed run", &sample, &run);
}

/// People paste keys where they don't belong.
#[rstest]
#[case::unknown_key(&format!("[project]\nname = \"x\"\napi-key = \"{CANARY}\"\n"))]
#[case::wrong_type(&format!("[project]\nname = \"x\"\nbudget = [\"{CANARY}\"]\n"))]
#[case::no_toml(&format!("[project]\nXAI_API_KEY={CANARY}\n"))]
#[case::no_string(&format!("[project]\nname = \"{CANARY}\n"))]
#[case::as_a_value(&format!("[project]\nname = \"x\"\nroute = \"{CANARY}\"\n"))]
fn a_key_pasted_into_a_file_is_not_repeated(#[case] text: &str) {
    let sample = Sample::of("api");
    sample.write("greenlight.toml", text);
    for (verb, args) in
        [("check", vec!["--color", "never"]), ("lint", vec![]), ("check", vec!["--color", "always"])]
    {
        let mut command = sample.greenlight(&[verb]);
        command.args(args).env("XAI_API_KEY", CANARY).env("RUST_BACKTRACE", "1");
        let run = ran(&mut command);
        assert_eq!(run.code, 2, "{}", run.all());
        assert_run_silent(verb, &sample, &run);
    }
}

/// The key contains what reports escape: JSON, XML, Markdown, addresses and terminals each in their own way.
const ODD: &str = r#"xai-CANARY"one\two&CANARY<six>`|_%41*CANARY"#;

/// The ways in which a key gets into this environment.
fn give(command: &mut Command, how: &str, sample: &Sample) {
    sample.write("odd.key", &format!("{ODD}\n"));
    let file = sample.path().join("odd.key");
    match how {
        "XAI_API_KEY_FILE" | "XAI_MANAGEMENT_KEY_FILE" => command.env(how, file),
        "both" => command.env("XAI_API_KEY", "xai-another-key-0123").env("XAI_API_KEY_FILE", file),
        name => command.env(name, ODD),
    };
}

/// A key that a person pasted in place of a name is in no report, no stream and no summary.
#[rstest]
fn a_key_is_covered_in_every_format_wherever_it_comes_from(
    #[values("XAI_API_KEY", "XAI_API_KEY_FILE", "XAI_MANAGEMENT_KEY", "XAI_MANAGEMENT_KEY_FILE", "both")] how: &str,
    #[values(ODD, "_%41*CANARY, and a run of it", "YRANAC*14%_|`>xis<YRANAC")] pasted: &str,
) {
    let sample = Sample::of("api");
    let text = sample.project();
    let name = text.lines().find(|line| line.starts_with("name")).unwrap();
    sample.edit(name, &format!("name = {}", toml::Value::from(pasted)));
    let mut command = sample.greenlight(&["check", "--at", NOW, "--rehearse", "--format", "github"]);
    command.args(Format::ALL.iter().map(|format| format!("--report={format}=out/{format}.txt")));
    command.env("GITHUB_STEP_SUMMARY", sample.path().join("summary.md"));
    give(&mut command, how, &sample);
    let run = ran(&mut command);
    assert_eq!(run.code, 3, "{}", run.all());
    assert_run_silent(how, &sample, &run);
    let reports = Format::ALL.iter().map(|format| format!("out/{format}.txt"));
    for name in reports.chain(["summary.md".to_owned()]) {
        let text = fs_err::read_to_string(sample.path().join(&name)).unwrap();
        assert!(!text.contains("YRANAC"), "{name} shows the key from its end:\n{text}");
    }
}

/// A pasted key that is unknown here is recognised by its format.
#[test]
fn what_looks_like_a_key_is_covered_too() {
    let sample = Sample::of("api");
    let text = sample.project();
    let name = text.lines().find(|line| line.starts_with("name")).unwrap();
    sample.edit(name, "name = \"xai-CANARY0123456789abcdef\"");
    let run = ran(&mut sample.greenlight(&["check", "--at", NOW, "--rehearse", "--report", "json=r.json"]));
    assert_eq!(run.code, 3, "{}", run.all());
    assert_run_silent("a stranger's key", &sample, &run);
}

/// An answers file that only a person could write: `answer` and `waive` refuse all of this.
fn written_by_hand(secret: &str) -> String {
    let secret = toml::Value::from(secret).to_string();
    let secret = secret.trim_matches('"');
    let head = "check = \"api.policy-read\"\nroute = \"api\"\nprovider = \"xai\"\n";
    let answer = |day: &str| {
        format!(
            "[[answer]]\n{head}question = \"x\"\nanswered = {day}\nexpires = 2026-12-31\nby = \"{secret}\"\n\
             value = \"{secret}\"\nnote = \"{secret}\"\naccount = \"{secret}\"\nmodels = [\"{secret}\"]\n\
             given-for = [\"{secret}\"]\nevidence = [{{ quote = \"{secret}\" }}, \
             {{ url = \"https://wiki.example/x?token={SIGNATURE}&a=1\", read = {day} }}]\n"
        )
    };
    let waiver = format!(
        "[[waiver]]\n{head}reason = \"we know {secret}\"\nowner = \"{secret}\"\nrecorded = 2026-11-01\nuntil = 2026-12-01\n"
    );
    [answer("2026-10-01"), answer("2026-11-01"), waiver].join("\n")
}

/// The report shows what people recorded and what the project's own checks say, without any key.
#[rstest]
#[case::of_this_environment(CANARY)]
#[case::unknown_here("xai-CANARY0123456789abcdef")]
#[case::in_an_address("https://wiki.example/x?api_key=pass-CANARY-word")]
fn a_key_in_what_people_recorded_is_in_no_report(#[case] secret: &str) {
    let sample = Sample::of("api");
    let text = format!(
        "id = \"own\"\nroute = \"api\"\nreviewed = 2026-11-01\n[[check]]\nid = \"own.ask\"\nrow = \"safety\"\n\
         title = \"asked\"\nseverity = \"info\"\nwhy = \"{secret}\"\nfix = \"{secret}\"\n\
         source = {{ url = \"https://wiki.example/x?token={SIGNATURE}\", as-of = 2026-11-01 }}\n\
         question = {{ ask = \"{secret}\", type = \"choice\", choices = [\"{secret}\", \"b\"], valid-for = \"9d\" }}\n"
    );
    sample.write("own.toml", &text).edit("commercial = true", "checklists = [\"own.toml\"]");
    sample.write("answers.toml", &written_by_hand(secret));
    let run = check_everywhere(&sample, &["--rehearse"]);
    assert_run_silent("what people recorded", &sample, &run);
    let receipt = fs_err::read_to_string(sample.path().join("out/json.txt")).unwrap();
    let receipt: serde_json::Value = serde_json::from_str(&receipt).unwrap();
    let told = |list: &str| receipt[list].as_array().unwrap().len();
    assert_eq!((told("answers"), told("waivers")), (2, 1), "{}", run.all());
    let url = &receipt["answers"][0]["evidence"][1]["url"];
    assert_eq!(url, "https://wiki.example/x?token=[redacted]&a=1");
    assert!(receipt["checks"].as_array().unwrap().iter().any(|check| check["id"] == "own.ask"));
}

/// What may not be recorded is never printed; and a report that contains the words of the key stays whole.
#[test]
fn a_key_of_ordinary_words_garbles_no_report() {
    let sample = Sample::of("api");
    let check = |key: &str| {
        let mut command = sample.greenlight(&["check", "--at", NOW, "--rehearse", "--format", "json"]);
        ran(command.env("XAI_API_KEY", key).env("XAI_MANAGEMENT_KEY", key))
    };
    let plain = check("xai-Qz7fX2mKdVw9RbTg");
    for key in
        ["xai-grok-imagine-video-key", "management-api-key", "not-applicable-key", "xai-decision-findings"]
    {
        assert_eq!(steady(&check(key).out), steady(&plain.out), "{key}");
    }
}

// Keys from files.

fn from_file(path: &str) -> (Ran, Vec<Request>, Sample) {
    let provider = Recorder::start(|request, _| echo(Echo::Sentence, request));
    let sample = Sample::of("api");
    fs_err::create_dir(sample.path().join("folder.key")).unwrap();
    sample.write("good.key", &format!("{CANARY}\n"));
    sample.write("long.key", &CANARY.repeat(1000));
    sample.write("two.key", &format!("{CANARY}\n{CANARY}\n"));
    sample.write("empty.key", "");
    fs_err::write(sample.path().join("binary.key"), b"xai-CANARY\xff\xfe").unwrap();
    let mut command = check(&sample, &["--base-url", &provider.origin, "--format", "json"]);
    command.env_remove("XAI_API_KEY").env("XAI_API_KEY_FILE", path);
    let run = ran(&mut command);
    (run, provider.requests(), sample)
}

#[test]
fn a_key_from_a_file_is_sent_and_never_shown() {
    let (run, requests, sample) = from_file("good.key");
    let key = requests.iter().find(|request| request.path == "/v1/api-key").unwrap().key.clone();
    assert_eq!(key, Some(format!("Bearer {CANARY}")));
    assert_run_silent("a key from a file", &sample, &run);
}

#[rstest]
#[case::folder("folder.key", "cannot be read")]
#[case::missing("nowhere.key", "cannot be read")]
#[case::binary("binary.key", "cannot be read")]
#[case::key_in_place_of_a_path(CANARY, "cannot be read")]
#[case::too_large("long.key", "too long")]
#[case::two_lines("two.key", "white space")]
#[case::empty("empty.key", "empty")]
fn a_key_file_that_holds_no_key_is_a_clear_finding(#[case] path: &str, #[case] says: &str) {
    let (run, requests, sample) = from_file(path);
    assert!(requests.iter().all(|request| request.key.is_none()), "{requests:?}");
    let receipt = run.json();
    let findings = receipt["findings"].as_array().unwrap();
    let present = findings.iter().find(|finding| finding["check"] == "api.key-present").unwrap();
    assert_eq!(present["verdict"], "fail", "{present}");
    let seen = present["seen"].as_str().unwrap();
    assert!(seen.contains(says) && seen.contains("XAI_API_KEY"), "{present}");
    assert_eq!(run.code, 1);
    assert_run_silent("a key file", &sample, &run);
}
