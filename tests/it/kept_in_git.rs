//! Files that are kept in git: `init` writes no key into them, wherever a person pasted it.

use rstest::rstest;

use crate::support::{Ran, Sample, ran};

const KEY: &str = "xai-Q7zW3kP9mT2vB8nL5rX4cJ6hD1gF0sAyU7iO";

fn init(place: &Sample, args: &[&str], key: Option<&str>) -> Ran {
    let begun = ["init", "--route", "api", "--name", "N", "--material", "image", "--prompt", "a fox"];
    let mut command = place.greenlight(&begun);
    command.args(args).envs(key.map(|key| ("XAI_API_KEY", key)));
    ran(&mut command)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat()
}

#[rstest]
#[case::signature(&format!("https://m.example/a.png?sig={KEY}"), "a key of this environment")]
#[case::percent(&format!("https://m.example/a.png?sig={}", percent(KEY)), "a key of this environment")]
#[case::path(&format!("https://m.example/{KEY}.png"), "a key of this environment")]
#[case::file(&format!("{KEY}.png"), "a key of this environment")]
#[case::a_piece("https://m.example/a.png?x=mT2vB8nL5r", "a key of this environment")]
#[case::another(&format!("https://m.example/a.png?x={}", "xai-0123456789abcdefABCDEF"), "an xAI key")]
#[case::login("https://ann:hunter2@m.example/a.png", "a password")]
fn init_takes_no_key_as_an_input(#[case] input: &str, #[case] says: &str) {
    let place = Sample::empty();
    let told = init(&place, &["--input", input], Some(KEY));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains("the input: it contains ") && told.err.contains(says), "{}", told.err);
    assert!(!told.err.contains("mT2vB8nL") && !told.err.contains("0123456789abcdef"), "{}", told.err);
    assert!(!place.path().join("greenlight.toml").exists(), "something was written");
}

/// That is how a provider gets at a file that is not public, and it ends by itself.
#[rstest]
#[case::aws(
    "https://m.example/a.png?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261125&X-Amz-Signature=fe5f80f77d5fa3be"
)]
#[case::azure("https://m.example/a.png?sv=2024-01-01&se=2026-12-01&sig=Zm9vYmFyYmF6cXV4")]
#[case::jwt("https://m.example/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")]
fn a_signed_address_may_be_an_input(#[case] input: &str) {
    let place = Sample::empty();
    let told = init(&place, &["--input", input], Some(KEY));
    assert_eq!(told.code, 0, "{}", told.all());
    assert!(place.project().contains(input), "{}", place.project());
}
