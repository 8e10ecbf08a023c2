//! Every form of a key is found, and ordinary words are not.

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::text::hex;

/// As long as a real one, with letters that every encoding has to escape.
const KEY: &str = r#"xai-Qz7"fX\2m/Kd+Vw9%Rb&Tg<4Hy>Lp=1Nc'Us"#;

const ORDINARY: &str = "https://management-api.x.ai grok-imagine-video-1.5 XAI_MANAGEMENT_KEY not-applicable";

fn shape(prefix: &str) -> KeyShape {
    KeyShape { prefix: prefix.into(), says: "an xAI key".into() }
}

fn redactor(key: &str) -> Redactor {
    Redactor::new([key.into()], vec![shape("xai-")], [ORDINARY])
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat()
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap().trim_matches('"').to_owned()
}

fn json_numbers(text: &str) -> String {
    text.chars().map(|letter| format!("\\u{:04X}", u32::from(letter))).collect::<Vec<_>>().concat()
}

fn xml(text: &str) -> String {
    let name = |letter| match letter {
        '"' => "&quot;".to_owned(),
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(name).collect()
}

fn xml_numbers(text: &str) -> String {
    text.chars().map(|letter| format!("&#x{:x};", u32::from(letter))).collect::<Vec<_>>().concat()
}

fn markdown(text: &str) -> String {
    text.chars().flat_map(|c| [Some('\\').filter(|_| c.is_ascii_punctuation()), Some(c)]).flatten().collect()
}

fn base64_behind(lead: &str) -> impl Fn(&str) -> String {
    move |text| BASE64_STANDARD.encode(format!("{lead}{text}, and more"))
}

/// Names an encoding and does it.
type Form<'a> = (&'a str, Box<dyn Fn(&str) -> String>);

fn forms() -> Vec<Form<'static>> {
    vec![
        ("plain", Box::new(str::to_owned)),
        ("reversed", Box::new(reversed)),
        ("upper case", Box::new(str::to_uppercase)),
        ("lower case", Box::new(str::to_lowercase)),
        ("hexadecimal", Box::new(|text| hex(text.as_bytes()))),
        ("HEXADECIMAL", Box::new(|text| hex(text.as_bytes()).to_uppercase())),
        ("hexadecimal, reversed", Box::new(|text| hex(reversed(text).as_bytes()))),
        ("base64", Box::new(base64_behind(""))),
        ("base64 behind one byte", Box::new(base64_behind("x"))),
        ("base64 behind two bytes", Box::new(base64_behind("xy"))),
        ("base64, reversed", Box::new(|text| BASE64_STANDARD.encode(reversed(text)))),
        ("base64 for addresses", Box::new(|text| BASE64_URL_SAFE_NO_PAD.encode(text))),
        ("base64, escaped", Box::new(|text| percent(&BASE64_STANDARD.encode(text)))),
        ("percent", Box::new(percent)),
        ("percent twice", Box::new(|text| percent(&percent(text)))),
        ("form", Box::new(|text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect())),
        ("JSON", Box::new(json_text)),
        ("JSON in JSON", Box::new(|text| json_text(&json_text(text)))),
        ("JSON by number", Box::new(json_numbers)),
        ("JSON by number in JSON", Box::new(|text| json_text(&json_numbers(text)))),
        ("XML", Box::new(xml)),
        ("XML by number", Box::new(xml_numbers)),
        ("XML in JSON", Box::new(|text| json_text(&xml(text)))),
        ("percent in XML in JSON", Box::new(|text| json_text(&xml(&percent(text))))),
        ("Markdown", Box::new(markdown)),
        ("Rust", Box::new(|text| text.chars().flat_map(char::escape_unicode).collect())),
    ]
}

#[test]
fn a_key_is_found_in_every_form_and_nothing_of_it_stays() {
    for (name, form) in forms() {
        let text = format!("before: {} :behind", form(KEY));
        let covered = redactor(KEY).text(text.clone());
        assert_eq!(covered.matches(MARK).count(), 1, "{name}: {text} became {covered}");
        // At the very edge of Base64 a letter or two may belong to the neighbours.
        assert!(covered.len() <= text.len().min(60), "{name}: {text} became {covered}");
    }
}

#[test]
fn a_run_of_eight_is_found_wherever_it_begins_and_seven_are_not() {
    let redactor = redactor(KEY);
    let letters: Vec<char> = KEY.chars().skip(4).collect();
    for (name, form) in forms() {
        for run in letters.windows(8) {
            let run: String = run.iter().collect();
            let text = form(&run);
            assert!(redactor.find(&text).is_some(), "{name}: {run} as {text}");
        }
    }
    for run in letters.windows(7) {
        let run: String = run.iter().collect();
        assert_eq!(redactor.find(&format!("…{run} ")), None);
    }
}

/// Real keys consist of letters and digits after the prefix.
const PLAIN: &str = "xai-Q7zW3kP9mT2vB8nL5rX4cJ6hD1gF0sAyU7iO";

/// A reader can see the whole key in each of them, although no eight of its characters are next to each other.
#[rstest]
fn a_key_with_something_between_its_letters_is_found(
    #[values(
        "\u{ad}",
        "\u{200b}",
        "\u{fe0f}",
        "\u{301}",
        "\u{e0020}",
        "\n",
        " ",
        "\r\n      ",
        "\t",
        "│",
        "`",
        "**",
        "\u{a0}",
        "&shy;",
        "&ZeroWidthSpace;",
        "\\u200b",
        "\\n",
        "%E2%80%8B",
        "&#8203;"
    )]
    between: &str,
    #[values(1, 4, 7)] length: usize,
) {
    let redactor = redactor(PLAIN);
    let letters: Vec<char> = PLAIN.chars().collect();
    let pieces: Vec<String> = letters.chunks(length).map(|piece| piece.iter().collect()).collect();
    let text = format!("before: {} :behind", pieces.join(between));
    assert!(redactor.knows(&text), "{text}");
    let covered = redactor.text(text);
    assert!(covered.starts_with("before: ") && covered.ends_with(" :behind"), "{covered}");
    assert!(pieces.iter().all(|piece| length < 4 || !covered.contains(piece.as_str())), "{covered}");
}

fn dressed(text: &str, one: impl Fn(u32) -> String) -> String {
    text.chars().map(|letter| one(u32::from(letter))).collect::<Vec<_>>().concat()
}

fn moved(letter: u32, by: u32) -> String {
    char::from_u32(letter + by).unwrap().to_string()
}

#[rstest]
#[case::full_width(|text: &str| dressed(text, |c| moved(c, if c == 0x2d { 0 } else { 0xfee0 })))]
#[case::circled(|text: &str| dressed(text, |c| moved(c, if c < 0x61 { 0 } else { 0x24d0 - 0x61 })))]
#[case::dump(|text: &str| dressed(text, |c| format!("{c:02x} ")))]
#[case::dump_with_colons(|text: &str| dressed(text, |c| format!("{c:02X}:")))]
#[case::long_unicode(|text: &str| dressed(text, |c| format!("\\U{c:08X}")))]
#[case::zeros(|text: &str| dressed(text, |c| format!("\\u{{{c:010x}}}")))]
#[case::percent_unicode(|text: &str| dressed(text, |c| format!("%u{c:04x}")))]
#[case::no_semicolon(|text: &str| dressed(text, |c| format!("&#x{c:x}")))]
#[case::long_number(|text: &str| dressed(text, |c| format!("&#{c:020};")))]
#[case::percent_often(|text: &str| (0..9).fold(percent(text), |text, _| text.replace('%', "%25")))]
#[case::xml_often(|text: &str| (0..9).fold(xml_numbers(text), |text, _| text.replace('&', "&amp;")))]
#[case::folded_base64(|text: &str| {
    BASE64_STANDARD.encode(text).as_bytes().chunks(9).map(|line| String::from_utf8_lossy(line) + "\n").collect()
})]
fn a_disguised_key_is_found(#[case] form: fn(&str) -> String) {
    let text = form(PLAIN);
    let covered = redactor(PLAIN).text(text.clone());
    assert!(covered.contains(MARK) && covered.len() < 24, "{text}: {covered}");
}

#[test]
fn a_cover_keeps_the_lines() {
    assert_eq!(
        redactor(PLAIN).cover("a Q7zW3\n  kP9mT2vB8\n b"),
        "a *****\n  *********\n b",
        "white space is no part of a key"
    );
}

#[rstest]
#[case::prefix("xai-", "the prefix of all keys")]
#[case::redacted("xai-...Nc'Us", "what xAI shows of a key")]
#[case::host("https://api.x.ai/v1", "a host")]
fn a_text_that_reveals_nothing_is_not_a_secret(#[case] text: &str, #[case] what: &str) {
    assert_eq!(redactor(KEY).find(text), None, "{what}");
}

/// A key that consists of the product's words, as in a test or a stand-in.
#[rstest]
#[case("xai-grok-imagine-video-canary", "grok-imagine-video, grok-imagine-video-1.5", "canary-7")]
#[case("xai-canary-management-token", "XAI_MANAGEMENT_KEY at https://management-api.x.ai", "nt-token")]
#[case("xai-not-applicable-0123", "\"not-applicable\"", "ble-0123")]
#[case("xai-----------------1234567", "| ---------------- |", "-1234567")]
fn ordinary_words_stay_although_a_key_is_made_of_them(
    #[case] key: &str,
    #[case] ordinary: &str,
    #[case] piece: &str,
) {
    let redactor = redactor(key);
    assert_eq!(redactor.find(ordinary), None);
    assert_eq!(redactor.text(format!("a {key} b")), "a [redacted] b");
    assert_eq!(redactor.find(piece).is_some(), key.contains(piece), "{piece}");
}

#[test]
fn a_key_that_is_an_ordinary_word_still_counts_as_a_whole() {
    let redactor = Redactor::new(["grok-imagine".into()], vec![], [ORDINARY]);
    assert_eq!(redactor.text("grok-imagine-video, grok-imag".into()), "[redacted]-video, grok-imag");
}

#[rstest]
#[case::quoted("\"xai-Abcdefgh0123\"")]
#[case::sentence("Bearer xai-Abcdefgh0123 ")]
#[case::two_lines("xai-Abcdefgh0123\nxai-Abcdefgh0123\n")]
fn a_key_is_hidden_even_if_its_variable_is_malformed(#[case] set: &str) {
    assert_eq!(redactor(set).text("a xai-Abcdefgh0123 b".into()), "a [redacted] b");
}

#[rstest]
#[case::shape("xai-0123456789abcdef", true)]
#[case::parts("say xai-team-v1-0123456789abcdef-0.", true)]
#[case::escaped("xai%2D0123456789abcdef", true)]
#[case::header("Authorization: Bearer abcdefgh01234567", true)]
#[case::basic("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ1==", true)]
#[case::words("xai-grok-imagine-video-1-of-2-long-names", false)]
#[case::redacted("xai-…c4f1 and xai-...b14o", false)]
#[case::within_a_word("maxai-0123456789abcdef", false)]
#[case::a_bearer("a bearer of internationalization", false)]
fn what_looks_like_a_key_is_one(#[case] text: &str, #[case] key: bool) {
    let redactor = Redactor::new([], vec![shape("xai-")], []);
    assert_eq!(redactor.find(text).is_some(), key);
    assert_eq!(redactor.text(text.to_owned()) != text, key);
}

#[test]
fn a_cover_is_as_long_as_what_it_covers() {
    let text = format!("ä = \"{}\" # ö", json_text(KEY));
    let covered = redactor(KEY).cover(&text).into_owned();
    assert_eq!(covered, format!("ä = \"{}\" # ö", "*".repeat(json_text(KEY).len())));
}

#[test]
fn a_document_keeps_its_shape() {
    let redactor = redactor("12345678901234567890");
    let document = json!({"12345678901234567890": [12_345_678, "x12345678", 1.5], "b": null});
    assert_eq!(redactor.json(document), json!({"[redacted]": ["[redacted]", "x[redacted]", 1.5], "b": null}));
}

#[test]
fn a_redactor_without_secrets_changes_nothing() {
    assert_eq!(Redactor::default().text(KEY.to_owned()), KEY);
    assert_eq!(Redactor::new(["short".into()], vec![], []).text("short".to_owned()), "short");
}

/// Found by fuzzing: once its escapes are decoded, the key isn't text any more.
#[test]
fn a_key_whose_own_escapes_stand_for_no_text_is_found_where_they_are_read() {
    let redactor = redactor("AA!aA<%80aa!");
    assert_eq!(redactor.text("x AA!aA&lt;%80aa! y".to_owned()), "x [redacted] y");
}

proptest! {
    /// Whatever surrounds it, and whatever characters the key has.
    #[test]
    fn no_key_is_ever_left_standing(before in ".{0,12}", key in "[!-~]{12,40}", behind in ".{0,12}") {
        let redactor = Redactor::new([key.as_str().into()], vec![], [ORDINARY]);
        for text in [key.clone(), json_text(&key), xml(&key), percent(&key), hex(key.as_bytes())] {
            let text = format!("{before}{text}{behind}");
            prop_assert!(redactor.find(&text).is_some(), "{text}");
            let covered = redactor.cover(&text);
            prop_assert_eq!(covered.chars().count(), text.chars().count());
            prop_assert_eq!(redactor.find(&covered), None);
        }
    }

    #[test]
    fn any_text_is_safe(text in any::<String>()) {
        prop_assert_eq!(redactor(KEY).cover(&text).chars().count(), text.chars().count());
    }
}
