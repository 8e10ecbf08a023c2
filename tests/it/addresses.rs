//! Media at an address: what its server is asked for, and which addresses are never called.

use rstest::rstest;
use serde_json::Value;

use crate::support::{
    NOW, Ran, Sample, finding,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder, Request},
};

const KEY: &str = "xai-recorded-0123456789";

/// A sample whose start image is at this address.
fn sample(address: &str) -> Sample {
    let sample = Sample::of("api");
    sample.edit("\"robot.jpg\"", &format!("\"{address}\""));
    sample
}

/// Checks it against a healthy provider on this machine.
fn check(sample: &Sample, args: &[&str]) -> Ran {
    let provider = Recorder::start(|request, _| healthy(request));
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    command.args(["--base-url", &provider.origin]).args(args).env("XAI_API_KEY", KEY);
    ran(&mut command)
}

/// The verdicts about the image, and about what depends on it.
fn found(run: &Ran, check: &str) -> Value {
    let report = run.json();
    let all = crate::support::findings(&report, check);
    let own = all.into_iter().find(|one| one["subject"].as_str().is_some_and(|text| text.contains("://")));
    own.unwrap_or_else(|| panic!("no {check}: {}", run.all())).clone()
}

/// A check in a lab that trusts this server and allows media at private addresses.
fn lab(media: &Recorder, path: &str) -> Ran {
    let sample = sample(&format!("{}{path}", media.origin));
    sample.write("ca.pem", &media.pem);
    check(&sample, &["--allow-private", "--ca-cert", "ca.pem"])
}

/// Starts like a JPEG.
const PICTURE: [u8; 1000] = {
    let mut picture = [0xff; 1000];
    picture[1] = 0xd8;
    picture
};

/// A picture of 1,000 bytes at every path; each path behaves differently.
fn manners(request: &Request) -> Answer {
    let jpeg = |status, body: &[u8]| Answer::new(status, "image/jpeg; x=y", body);
    let first = || jpeg(206, &PICTURE[..64]).header("content-range", "bytes 0-63/1000");
    let asked = request.headers.contains(&("range".to_owned(), "bytes=0-63".to_owned()));
    assert!(asked, "{request:?}");
    match request.path.as_str() {
        // Like servers that send headers to everyone and the file to no one.
        _ if request.method == "HEAD" => jpeg(200, b""),
        "/head-only" => Answer::new(405, "text/plain", ""),
        "/forbidden" => Answer::new(403, "text/plain", ""),
        "/other-part" => jpeg(206, &PICTURE[..64]).header("content-range", "bytes 1-64/1000"),
        "/no-part" => jpeg(206, b"x"),
        "/part" => first(),
        "/no-range" => jpeg(416, b""),
        "/empty" => jpeg(200, b""),
        "/moved" => Answer::new(302, "text/plain", "").header("location", "/part"),
        "/page" => jpeg(200, &[b"<!DOCTYPE html><title>Sign in</title>".as_slice(), &[b' '; 99]].concat()),
        "/archive" => jpeg(200, &[b"PK\x03\x04".as_slice(), &[0; 99]].concat()),
        "/byte" => jpeg(200, b"x"),
        "/byte-of-one" => jpeg(206, b"x").header("content-range", "bytes 0-0/1"),
        "/byte-of-many" => jpeg(206, b"x").header("content-range", "bytes 0-0/1000"),
        "/two-types" => jpeg(200, &PICTURE).header("content-type", "text/html"),
        _ => jpeg(200, &PICTURE),
    }
}

#[rstest]
#[case("/whole?sig=s3cret", "warn", "image/jpeg, 1000 bytes")]
#[case("/part", "warn", "image/jpeg, 1000 bytes")]
#[case("/head-only", "fail", "HTTP 405 without a key")]
#[case("/forbidden", "fail", "HTTP 403 without a key")]
#[case("/other-part", "fail", "HTTP 206 with a different range than requested")]
#[case("/no-part", "fail", "HTTP 206 with a different range than requested")]
#[case("/no-range", "fail", "HTTP 416 without a key")]
#[case("/empty", "fail", "HTTP 200 with an empty body")]
#[case("/page", "fail", "it is served as image/jpeg, but its first bytes are text/html")]
#[case("/archive", "fail", "it is served as image/jpeg, but its first bytes are application/zip")]
#[case("/byte", "fail", "HTTP 200 with 1 bytes: too small for a picture")]
#[case("/byte-of-one", "fail", "HTTP 206 with 1 bytes: too small for a picture")]
#[case("/byte-of-many", "fail", "HTTP 206 with a different range than requested")]
#[case("/two-types", "fail", "it is served as image/jpeg")]
#[case("/moved", "fail", "HTTP 302: a redirect, which is not followed")]
fn the_first_bytes_decide_and_no_header_does(#[case] path: &str, #[case] verdict: &str, #[case] seen: &str) {
    let media = Recorder::start_tls(|request, _| manners(request));
    let run = lab(&media, path);
    let reachable = found(&run, "api.media-reachable");
    assert_eq!(reachable["verdict"], verdict, "{reachable:#}");
    assert!(reachable["seen"].as_str().unwrap().starts_with(seen), "{reachable:#}");
    // One request, without a key, and without anything that shows how the address is signed.
    assert_eq!(media.lines(), [format!("GET {path}")]);
    assert!(media.requests().iter().all(|request| request.key.is_none()));
    assert!(!run.all().contains("s3cret"), "{}", run.all());
    if verdict == "warn" {
        assert_eq!(found(&run, "api.media-type")["verdict"], "pass");
        assert!(found(&run, "api.media-size")["seen"].as_str().unwrap().starts_with("1000 bytes of"));
    } else {
        assert_eq!(found(&run, "api.media-size")["verdict"], "blocked");
    }
}

/// A server that ignores the range and never ends is left after its first bytes.
#[test]
fn a_file_without_end_is_not_read() {
    let media = Recorder::start_tls(|_, _| {
        let mut body = vec![0xff; 64 << 20];
        body[1] = 0xd8;
        Answer::new(200, "image/jpeg", body)
    });
    let reachable = found(&lab(&media, "/endless"), "api.media-reachable");
    assert!(reachable["seen"].as_str().unwrap().starts_with("image/jpeg, 64.0 MiB"), "{reachable:#}");
}

/// Every line that matters says that a lab's run clears nothing.
#[test]
fn a_run_that_allows_private_addresses_clears_nothing() {
    let media = Recorder::start_tls(|request, _| manners(request));
    let run = lab(&media, "/part");
    let report = run.json();
    assert_eq!((&report["allow-private"], &report["decision"]), (&Value::Bool(true), &Value::Null));
    let reachable = found(&run, "api.media-reachable");
    let told = "; private addresses were allowed; the provider may not reach it";
    assert!(reachable["seen"].as_str().unwrap().ends_with(told), "{reachable:#}");
    let sample = Sample::of("api");
    let table = ran(&mut sample.greenlight(&["check", "--offline", "--allow-private"]));
    assert!(table.out.contains("PRIVATE ADDRESSES · would be "), "{}", table.out);
    let label = "PRIVATE ADDRESSES allowed for media (--allow-private); this clears nothing";
    assert!(table.out.contains(label), "{}", table.out);
    // The receipt of such a run never clears anything, even from a live run.
    let receipt = ran(&mut sample.greenlight(&["check", "--offline", "--allow-private", "--format", "json"]));
    sample.write("receipt.json", &receipt.out);
    let verified = ran(&mut sample.greenlight(&["verify", "receipt.json"]));
    assert_eq!(verified.code, 3, "{}", verified.all());
    assert!(verified.out.contains("without `--allow-private`"), "{}", verified.all());
}

/// However it is written, and even if it answers: it is not called, and offline says the same.
#[rstest]
#[case::plain("https://127.0.0.1:{port}/a.png", "127.0.0.1 is a loopback address")]
#[case::short("https://127.1:{port}/a.png", "127.0.0.1 is a loopback address")]
#[case::number("https://2130706433:{port}/a.png", "127.0.0.1 is a loopback address")]
#[case::hex("https://0x7f.1:{port}/a.png", "127.0.0.1 is a loopback address")]
#[case::mapped("https://[::ffff:127.0.0.1]:{port}/a.png", "::ffff:127.0.0.1 is a loopback address")]
#[case::name("https://localhost:{port}/a.png", "localhost is a local name")]
#[case::below("https://media.localhost:{port}/a.png", "media.localhost is a local name")]
#[case::private("https://10.0.0.1/a.png", "10.0.0.1 is a private address")]
#[case::metadata("https://169.254.169.254/latest", "169.254.169.254 is a cloud metadata address")]
#[case::unique_local("https://[fd00::1]/a.png", "fd00::1 is a unique local address")]
#[case::http("http://127.0.0.1:{port}/a.png", "the address is not HTTPS")]
#[case::http_outside("http://media.example/a.png", "the address is not HTTPS")]
fn an_address_that_no_provider_can_reach_fails_and_is_not_called(
    #[case] address: &str,
    #[case] seen: &str,
    #[values(false, true)] offline: bool,
) {
    let media = Recorder::start_tls(|request, _| manners(request));
    let port = media.origin.rsplit(':').next().unwrap();
    let sample = sample(&address.replace("{port}", port));
    sample.write("ca.pem", &media.pem);
    let args: &[&str] = if offline { &["--offline"] } else { &["--ca-cert", "ca.pem"] };
    let run = check(&sample, args);
    let reachable = found(&run, "api.media-reachable");
    assert_eq!(reachable["verdict"], "fail", "{reachable:#}");
    assert!(reachable["seen"].as_str().unwrap().starts_with(seen), "{reachable:#}");
    assert!(reachable["fix"].as_str().unwrap().contains("public https://"), "{reachable:#}");
    assert_eq!(media.lines(), Vec::<String>::new());
    assert_eq!(run.code, 1, "{}", run.all());
}

/// Even a lab never looks without TLS, and never claims to have seen what it did not.
#[rstest]
#[case::http("http://127.0.0.1:{port}/part", &["--allow-private"], "fail", "the address is not HTTPS")]
#[case::not_trusted("https://127.0.0.1:{port}/part", &["--allow-private"], "unknown", "no reply: ")]
fn a_lab_looks_by_https_alone(
    #[case] address: &str,
    #[case] args: &[&str],
    #[case] verdict: &str,
    #[case] seen: &str,
) {
    let media = Recorder::start_tls(|request, _| manners(request));
    let port = media.origin.rsplit(':').next().unwrap();
    let run = check(&sample(&address.replace("{port}", port)), args);
    let reachable = found(&run, "api.media-reachable");
    assert_eq!(reachable["verdict"], verdict, "{reachable:#}");
    assert!(reachable["seen"].as_str().unwrap().starts_with(seen), "{reachable:#}");
    assert_eq!(media.lines(), Vec::<String>::new());
}

/// Where a proxy connects can't be checked, so it is not used.
#[test]
fn media_are_not_looked_at_through_a_proxy() {
    let proxy = Recorder::start(|_, _| Answer::json(403, ""));
    let sample = sample("https://media.example/a.png");
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    let run = ran(command.env("XAI_API_KEY", KEY).env("HTTPS_PROXY", &proxy.origin));
    assert!(!proxy.lines().is_empty() && !proxy.lines().concat().contains("media.example"));
    let reachable = finding(&run.json(), "api.media-reachable", None).clone();
    assert_eq!(reachable["verdict"], "unknown", "{reachable:#}");
    let told = "not looked at: HTTPS_PROXY sets a proxy, so the address it connects to cannot be checked";
    assert_eq!(reachable["seen"], told);
    assert!(reachable["fix"].as_str().unwrap().contains("without a proxy"), "{reachable:#}");
}
