//! Files that are kept in git: neither `init` nor `answer` writes a key into them, wherever it was pasted.

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

/// That is how a provider reaches a private file, and it expires by itself.
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

fn refused_answer(flags: &[&str]) -> Ran {
    let place = Sample::of("api");
    let given = ["answer", "api.media-rights", "--value", "yes", "--by", "Ann"];
    let mut command = place.greenlight(&given);
    let told = ran(command.args(flags).env("XAI_API_KEY", KEY));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{flags:?}: {}", told.all());
    assert!(told.err.contains("Nothing was written") || told.err.contains("as evidence"), "{}", told.err);
    assert!(!place.path().join("answers.toml").exists(), "{flags:?}: something was written");
    told
}

/// Parts of an address that open the page to anyone who reads it.
#[rstest]
fn no_evidence_opens_a_page_by_its_address(
    #[values(
        "a?p=hunter2",
        "a?pw=hunter2",
        "a?pass=hunter2",
        "a?auth=correcthorse",
        "a?key=abcdefghijklmnopqrstuvwx",
        "a?access=hunter2",
        "a?invite=hunter2",
        "a?token=*hunter2xx",
        "a?token=[hunter2xx",
        "a?auth[token]=hunter2xx",
        "a?my+token=hunter2xx",
        "a?*token=hunter2xx",
        "a?x:token=hunter2xx",
        "a?token%20=hunter2xx",
        "a?p\u{e4}ssword=hunter2xx",
        "a?id=AKIAIOSFODNN7EXAMPLE",
        "AKIAIOSFODNN7EXAMPLE/a",
        "a?x=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "magic/Zk3Jd9Qw2Lx8Vb5Nc7Rt1A",
        "a?to\tken=hunter2xx",
        "a?to\nken=hunter2xx",
        "xai-Q7z\nW3kP9mT\n2vB8nL5rX4cJ6hD1gF0sAyU7iO"
    )]
    page: &str,
) {
    let told = refused_answer(&["--evidence", &format!("https://docs.x.ai/{page}")]);
    assert!(!told.err.contains("hunter2") && !told.err.contains("W3kP9mT"), "{}", told.err);
}

/// The owner of the credential, and which texts it may be in.
#[rstest]
#[case::aws("AKIAIOSFODNN7EXAMPLE")]
#[case::github("ghp_0123456789abcdefghijABCDEFGHIJ012345")]
#[case::github_new("github_pat_11ABCDEFG0abcdefghijkl_0123456789abcdefghijABCDEFGHIJ")]
#[case::google("AIzaSyA0123456789abcdefghijABCDEFGHIJklm")]
#[case::stripe("sk_live_0123456789abcdefABCDEFGH")]
#[case::replicate("r8_0123456789abcdefghijABCDEFGHIJ0123456")]
#[case::fal("9f1c2d3e-1111-2222-3333-444455556666:0123456789abcdef0123456789abcdef")]
#[case::slack("https://hooks.slack.com/services/T01234567/B01234567/0123456789abcdefABCDEFGH")]
#[case::telegram("https://api.telegram.org/bot0123456789:AAE0123456789abcdefghijABCDEFGHIJkl")]
#[case::discord("https://discord.com/api/webhooks/012345678901234567/0123456789abcdefghijABCDEFGHIJ")]
#[case::upper_case("XAI-Q0ZW3KP9MT2VB8NL5RX4CJ6HD1GF0SA")]
#[case::spoken("password=hunter2secret")]
#[case::assigned("password: hunter2secret")]
#[case::pem("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----")]
#[case::bearer("Bearer\tabcdefgh01234567abcdefgh")]
#[case::header("x-api-key: abcdefgh01234567abcdefgh")]
#[case::exported("export FAL_KEY=abcdefgh")]
#[case::login("https://ghp_0123456789abcdefABCD@github.com")]
#[case::one_slash("https:/ann:hunter2secret@docs.x.ai")]
#[case::no_slash("see https:ann:hunter2secret@docs.x.ai")]
#[case::slash_within("https://ann:hun/ter2secret@docs.x.ai")]
#[case::curl("curl -u ann:hunter2secret")]
fn no_quotation_and_no_note_holds_a_credential(#[case] secret: &str) {
    for part in ["--evidence=quote:", "--note="] {
        let told =
            refused_answer(&[&format!("{part}it says {secret} there"), "--evidence=https://docs.x.ai"]);
        assert!(!told.err.contains("hunter2") && !told.err.contains("0123456789"), "{}", told.err);
    }
}
