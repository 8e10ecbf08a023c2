//! Where keys may go: to their owner's hosts, or where the person typed, and nowhere else.

use rstest::rstest;

use crate::support::{
    NOW, Ran, Sample, finding, findings,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
};

const KEY: &str = "xai-Abcd3fgh1jklMn0p";

/// A check with a key, behind a proxy that lets nothing through.
fn behind(proxy: &Recorder, sample: &Sample, args: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    command.args(args).env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY);
    command.envs(variables.iter().copied());
    ran(command.env("HTTPS_PROXY", &proxy.origin))
}

fn closed() -> Recorder {
    Recorder::start(|_, _| Answer::json(403, ""))
}

/// Only the owners' hosts are called, through a tunnel, and the proxy sees no key.
fn only_owners_were_asked(proxy: &Recorder) {
    let lines = proxy.lines();
    assert!(!lines.is_empty());
    for line in &lines {
        let known =
            ["api.x.ai", "status.x.ai", "management-api.x.ai"].map(|host| format!("CONNECT {host}:443"));
        assert!(known.contains(line), "{lines:?}");
    }
    assert!(!format!("{:?}", proxy.requests()).contains("3fgh1jkl"), "a key went to the proxy");
}

#[rstest]
#[case::loopback("http://127.0.0.1:9", "http://127.0.0.1:9")]
#[case::v1("http://localhost:9/v1", "http://localhost:9")]
#[case::foreign("https://gateway.example/xai?token=s3cret", "an unusable address")]
#[case::foreign_host("https://gateway.example/v1", "https://gateway.example")]
#[case::in_the_open("http://api.x.ai", "an unusable address")]
#[case::other_port("https://api.x.ai:8443", "https://api.x.ai:8443")]
#[case::trailing_dot("https://api.x.ai.", "https://api.x.ai.")]
#[case::look_alike("https://\u{430}pi.x.ai", "https://xn--pi-6kc.x.ai")]
#[case::password("https://user:s3cret@api.x.ai", "an unusable address")]
#[case::two_hosts("https://api.x.ai\\@evil.example", "an unusable address")]
#[case::nonsense("not an address", "an unusable address")]
fn a_variable_is_never_followed_and_the_gate_says_where_ones_app_would_go(
    #[case] address: &str,
    #[case] named: &str,
    #[values("XAI_BASE_URL", "XAI_API_BASE_URL", "XAI_API_BASE", "GROK_XAI_API_BASE_URL")] variable: &str,
) {
    let (proxy, sample) = (closed(), Sample::of("api"));
    let run = behind(&proxy, &sample, &[], &[(variable, address)]);
    only_owners_were_asked(&proxy);
    assert_eq!(run.code, 1, "{}", run.all());
    let receipt = run.json();
    let official = finding(&receipt, "api.base-url-official", None);
    let seen = official["seen"].as_str().unwrap();
    assert_eq!(official["verdict"], "fail", "{official}");
    assert!(seen.starts_with(&format!("https://api.x.ai: {variable} names {named}")), "{seen}");
    assert!(seen.ends_with(", where your own app would go") && !seen.contains("s3cret"), "{seen}");
    assert!(run.json()["rehearsal"].is_null());
}

#[rstest]
#[case("https://api.x.ai")]
#[case("https://api.x.ai/v1")]
#[case(" HTTPS://API.X.AI:443/v1/ ")]
#[case("")]
fn a_variable_that_names_the_official_host_is_fine(#[case] address: &str) {
    let (proxy, sample) = (closed(), Sample::of("api"));
    let run = behind(&proxy, &sample, &[], &[("XAI_BASE_URL", address)]);
    let receipt = run.json();
    let official = finding(&receipt, "api.base-url-official", None);
    assert_eq!((&official["verdict"], &official["seen"]), (&"pass".into(), &"https://api.x.ai".into()));
}

/// A replay says about the variable what was recorded.
#[test]
fn a_replay_remembers_where_the_app_would_have_gone() {
    let (proxy, sample) = (closed(), Sample::of("api"));
    let live = behind(&proxy, &sample, &["--record", "run.json"], &[("XAI_BASE_URL", "http://127.0.0.1:9")]);
    let replay = |variables: &[(&str, &str)]| {
        let run = behind(&proxy, &sample, &["--replay", "run.json"], variables);
        finding(&run.json(), "api.base-url-official", None)["seen"].clone()
    };
    let seen = finding(&live.json(), "api.base-url-official", None)["seen"].clone();
    assert_eq!(seen, "https://api.x.ai: XAI_BASE_URL names http://127.0.0.1:9, where your own app would go");
    assert_eq!(replay(&[]), seen);
    assert_eq!(replay(&[("XAI_BASE_URL", "http://127.0.0.1:8")]), seen);
}

/// A stranger's checklist in the project.
fn with_checklist(checklist: &str) -> Sample {
    let sample = Sample::of("api");
    sample.edit("[project]", "[project]\nchecklists = [\"own.toml\"]");
    sample.write("own.toml", &format!("id = \"own\"\nroute = \"api\"\nreviewed = 2026-11-22\n{checklist}"));
    sample
}

const OFFICIAL_KEY: &str = r#"key = { env = "XAI_API_KEY", scheme = "Bearer" }"#;

#[rstest]
#[case::variable(
    "[api]\nbase-url = \"https://api.x.ai\"\nbase-url-env = \"HTTPS_PROXY\"\n",
    6,
    "a checklist can't name a variable that calls follow"
)]
#[case::main_host("[api]\nbase-url = \"https://status.x.ai\"\n", 5, "host `api` exists already")]
#[case::main_host_by_name("[host.api]\nbase-url = \"https://status.x.ai\"\n", 5, "host `api` exists already")]
#[case::no_key(
    "[host.management]\nbase-url = \"https://management-api.x.ai\"\n",
    5,
    "host `management` exists already"
)]
#[case::no_owner(
    "[host.x]\nbase-url = \"https://gateway.example\"\n",
    5,
    "`gateway.example` is not a host of a known owner"
)]
#[case::this_machine("[host.x]\nbase-url = \"https://127.0.0.1:9\"\n", 5, "without user, port or query")]
#[case::no_key_of_an_owner(
    "[host.x]\nbase-url = \"https://api.x.ai\"\nkey = { env = \"AWS_SECRET_ACCESS_KEY\", scheme = \"Bearer\" }\n",
    6,
    "`AWS_SECRET_ACCESS_KEY` is not a key of a known owner"
)]
#[case::other_word(
    "[host.x]\nbase-url = \"https://api.x.ai\"\nkey = { env = \"XAI_API_KEY\", scheme = \"Basic\" }\n",
    6,
    "is sent with the word `Bearer` and no other"
)]
fn a_checklist_of_ones_own_names_no_address_and_no_key_but_the_owners(
    #[case] checklist: &str,
    #[case] line: usize,
    #[case] says: &str,
    #[values("", "extends = \"api\"\n")] extends: &str,
) {
    let (proxy, sample) = (closed(), with_checklist(&format!("{extends}{checklist}")));
    let place = format!("own.toml:{}:", line + usize::from(!extends.is_empty()));
    let run = behind(&proxy, &sample, &[], &[]);
    assert_eq!((run.code, proxy.lines()), (2, Vec::new()), "{}", run.all());
    assert!(run.err.contains(says) && run.err.contains(&place) && run.err.contains("help: "), "{}", run.err);
}

/// The second checklist extends the first and changes its host.
#[test]
fn a_chain_of_checklists_changes_no_host() {
    let sample = with_checklist("extends = \"api\"\n");
    sample.edit("\"own.toml\"", "\"own.toml\", \"second.toml\"");
    let head = "id = \"second\"\nextends = \"own\"\nreviewed = 2026-11-22\n";
    sample.write(
        "second.toml",
        &format!("{head}[host.status]\nbase-url = \"https://api.x.ai\"\n{OFFICIAL_KEY}\n"),
    );
    let proxy = closed();
    let run = behind(&proxy, &sample, &[], &[]);
    assert_eq!((run.code, proxy.lines()), (2, Vec::new()), "{}", run.all());
    assert!(
        run.err.contains("host `status` exists already") && run.err.contains("second.toml:5:"),
        "{}",
        run.err
    );
}

/// The same host may be named again, for the project's own calls, and still belongs to its owner.
#[test]
fn a_checklist_may_name_an_owners_host_again() {
    let same = OFFICIAL_KEY.replace(" }", ", refuse = [{ prefix = \"own-\", says = \"a key of ours\" }] }");
    let sample = with_checklist(&format!(
        "[api]\nbase-url = \"https://api.x.ai\"\n{same}\n[host.second]\nbase-url = \"https://api.x.ai\"\n{OFFICIAL_KEY}\n"
    ));
    let proxy = closed();
    let run = behind(&proxy, &sample, &[], &[]);
    assert_ne!(run.code, 2, "{}", run.all());
    only_owners_were_asked(&proxy);
}

/// Plain proxies, proxies for everything and exceptions: none of them gets the key.
#[rstest]
#[case(&["HTTP_PROXY", "http_proxy"])]
#[case(&["ALL_PROXY", "all_proxy"])]
#[case(&["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"])]
fn no_proxy_sees_the_key_of_a_rehearsal(
    #[case] names: &[&str],
    #[values("", "127.0.0.1", "*")] except: &str,
) {
    let (proxy, provider) = (closed(), Recorder::start(|request, _| healthy(request)));
    let mut variables: Vec<_> = names.iter().map(|name| (*name, proxy.origin.as_str())).collect();
    variables.push(("NO_PROXY", except));
    let run = behind(&proxy, &Sample::of("api"), &["--base-url", &provider.origin], &variables);
    assert_eq!(proxy.lines(), Vec::<String>::new(), "{}", run.all());
    let keys: Vec<_> = provider.requests().into_iter().filter_map(|request| request.key).collect();
    assert!(keys.contains(&format!("Bearer {KEY}")), "{}", run.all());
}

/// A name that only looks like this machine gets no key.
#[rstest]
#[case("http://0.0.0.0:9")]
#[case("http://127.0.0.1.nip.example:9")]
#[case("http://localhost.example:9")]
#[case("http://[::ffff:10.0.0.1]:9")]
#[case("http://169.254.169.254")]
#[case("http://localhost:9@evil.example")]
fn what_is_not_this_machine_is_refused_as_a_base_url(#[case] address: &str) {
    let proxy = closed();
    let run = behind(&proxy, &Sample::of("api"), &["--base-url", address], &[]);
    assert_eq!((run.code, proxy.lines()), (2, Vec::new()), "{}", run.all());
    assert!(run.err.contains("cannot use base URL from --base-url"), "{}", run.err);
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// An address that contains a key would give it to the server there.
#[rstest]
#[case::query(&format!("/x.png?x={KEY}"))]
#[case::path(&format!("/{KEY}/x.png"))]
#[case::percent(&format!("/x.png?x={}", percent(KEY)))]
#[case::percent_twice(&format!("/x.png?x={}", percent(&percent(KEY))))]
#[case::a_piece("/x.png?x=3fgh1jkl")]
#[case::another_case(&format!("/x.png?x={}", KEY.to_uppercase()))]
fn a_media_address_with_a_key_in_it_is_never_called(#[case] path: &str, #[values(true, false)] lab: bool) {
    let (provider, media) =
        (Recorder::start(|request, _| healthy(request)), Recorder::start_tls(|_, _| Answer::json(200, "{}")));
    let sample = Sample::of("api");
    sample.write("ca.pem", &media.pem);
    let host = if lab { media.origin.as_str() } else { "https://media.example" };
    sample.edit("\"robot.jpg\"", &format!("\"{host}{path}\""));
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    command.args(["--base-url", &provider.origin]).env("XAI_API_KEY", KEY);
    if lab {
        command.args(["--allow-private", "--ca-cert", "ca.pem"]);
    }
    let run = ran(&mut command);
    assert_eq!(media.lines(), Vec::<String>::new(), "{}", run.all());
    let receipt = run.json();
    let all = findings(&receipt, "api.media-reachable");
    let seen = "a key of this environment is in the address, so it is not called";
    let own = all.iter().find(|one| one["seen"] == seen).unwrap_or_else(|| panic!("{}", run.all()));
    assert_eq!(own["verdict"], "fail", "{own}");
    assert!(own["fix"].as_str().unwrap().starts_with("Take the key out of the address"), "{own}");
    assert!(!run.all().contains("3fgh1jkl"), "{}", run.all());
}

/// A placeholder in a path is filled from the project file.
#[test]
fn a_path_with_a_key_in_it_is_never_called() {
    let (provider, sample) = (Recorder::start(|request, _| healthy(request)), Sample::of("api"));
    let text = sample.project();
    let model = text.lines().find(|line| line.starts_with("model")).unwrap();
    sample.edit(model, &format!("model = \"{KEY}\""));
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    let run = ran(command.args(["--base-url", &provider.origin]).env("XAI_API_KEY", KEY));
    let lines = provider.lines();
    assert!(!lines.is_empty() && !lines.iter().any(|line| line.contains("3fgh1jkl")), "{lines:?}");
    let receipt = run.json();
    let calls = receipt["calls"].as_array().unwrap();
    assert_eq!(calls.len(), lines.len(), "a call that was not made is not in the log: {calls:?}");
    let available = findings(&receipt, "api.model-available");
    assert!(available.iter().any(|one| one["verdict"] == "fail"), "{available:?}");
}
