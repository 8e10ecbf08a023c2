//! Which certificate authorities are trusted: the built-in ones, and those that a person typed.

use rstest::rstest;

use crate::support::{
    NOW, Ran, Sample, finding,
    provider::healthy,
    ran,
    recorder::{Certificate, Recorder},
    steady,
};

const KEY: &str = "xai-recorded-0123456789";

/// A provider on this machine whose certificate no authority has signed, and a sample that contains the certificate.
fn stage() -> (Recorder, Sample) {
    let provider = Recorder::start_tls(|request, _| healthy(request));
    let sample = Sample::of("api");
    sample.write("ca.pem", &provider.pem);
    (provider, sample)
}

fn check(provider: &Recorder, sample: &Sample, args: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = sample.greenlight(&["check", "--at", NOW, "--base-url", &provider.origin]);
    ran(command.args(args).env("XAI_API_KEY", KEY).envs(variables.iter().copied()))
}

#[rstest]
#[case::a_file(&[("SSL_CERT_FILE", "ca.pem")])]
#[case::a_folder(&[("SSL_CERT_DIR", "authorities")])]
#[case::both(&[("SSL_CERT_FILE", "ca.pem"), ("SSL_CERT_DIR", "authorities")])]
fn no_variable_says_whom_to_trust(#[case] variables: &[(&str, &str)]) {
    let (provider, sample) = stage();
    fs_err::create_dir(sample.path().join("authorities")).unwrap();
    fs_err::copy(sample.path().join("ca.pem"), sample.path().join("authorities/00000000.0")).unwrap();
    let run = check(&provider, &sample, &["--format", "json"], variables);
    let report = run.json();
    let accepted = finding(&report, "api.key-accepted", None);
    assert_eq!(accepted["verdict"], "unknown", "{accepted:#}");
    assert!(provider.lines().is_empty(), "a key was sent: {:?}", provider.lines());
}

/// Even if the authority is trusted: the certificate must be for this name and valid now.
#[rstest]
#[case::of_another(Certificate::OfAnother)]
#[case::expired(Certificate::Expired)]
#[case::of_tomorrow(Certificate::OfTomorrow)]
fn a_certificate_that_is_no_good_gets_no_key(#[case] certificate: Certificate) {
    let provider = Recorder::start_tls_as(certificate, |request, _| healthy(request));
    let sample = Sample::of("api");
    sample.write("ca.pem", &provider.pem);
    let run = check(&provider, &sample, &["--format", "json", "--ca-cert", "ca.pem"], &[]);
    let report = run.json();
    let accepted = finding(&report, "api.key-accepted", None);
    assert_eq!(
        (&accepted["verdict"], &accepted["fault"]),
        (&"unknown".into(), &"tls".into()),
        "{accepted:#}"
    );
    assert!(provider.lines().is_empty(), "a key was sent: {:?}", provider.lines());
    assert!(!run.all().contains(KEY));
}

#[test]
fn a_trusted_authority_is_reported() {
    let (provider, sample) = stage();
    let args = ["--ca-cert", "ca.pem", "--report", "json=r.json", "--report", "markdown=r.md"];
    let run = check(&provider, &sample, &args, &[]);
    let read = |name: &str| fs_err::read_to_string(sample.path().join(name)).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert_eq!(finding(&report, "api.key-accepted", None)["verdict"], "pass", "{}", run.all());
    let trusted = &report["via"]["trusted"];
    let (digest, _) =
        greenlight::observe::evidence::digest(&sample.path(), camino::Utf8Path::new("ca.pem")).unwrap();
    assert_eq!((&trusted["file"], &trusted["sha256"]), (&"ca.pem".into(), &digest.as_str().into()));
    let line = format!("trusted besides the built-in authorities: ca.pem (sha256 {}…)", &digest[..16]);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&run.out).contains(&line), "{}", run.out);
    assert!(words(&read("r.md")).contains(&line), "{}", read("r.md"));
}

/// Nothing is let through, so every call is reported as failed.
#[rstest]
#[case("", "")]
#[case("http://", "ann:secret@")]
fn a_proxy_is_told_without_its_password(#[case] scheme: &str, #[case] login: &str) {
    let proxy = Recorder::start(|_, _| crate::support::recorder::Answer::new(403, "text/plain", ""));
    let sample = Sample::of("api");
    let host = proxy.origin.trim_start_matches("http://");
    let mut command = sample.greenlight(&["check", "--report", "json=r.json"]);
    let run = ran(command.env("XAI_API_KEY", KEY).env("HTTPS_PROXY", format!("{scheme}{login}{host}")));
    let line = "calls went through the proxy 127.0.0.1:PORT (HTTPS_PROXY)";
    assert!(steady(&run.out).contains(line), "{}", run.out);
    let text = fs_err::read_to_string(sample.path().join("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["via"]["proxy"]["host"], host);
    assert!(!text.contains("secret") && !run.all().contains("secret"), "{}", run.all());
}

#[rstest]
#[case::offline(&["--offline"])]
#[case::rehearsed(&["--rehearse"])]
fn a_proxy_or_authority_without_calls_is_not_reported(#[case] args: &[&str]) {
    let sample = Sample::of("api");
    let run = ran(sample.greenlight(&["check"]).args(args).env("HTTPS_PROXY", "http://127.0.0.1:9"));
    assert!(!run.out.contains("calls went through"), "{}", run.out);
}
