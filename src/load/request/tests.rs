//! What a probe may request with a body: what a listed request takes, and nothing else; each mistake with its place.

use rstest::rstest;

use super::*;
use crate::{load::acme, model::checklist::Probe};

/// The probe of a checklist, or each mistake with its code, the text it points at, and its advice.
fn read(probe: &str) -> Result<Vec<Probe>, Vec<String>> {
    let host = "[api]\nbase-url = \"https://api.acme.example\"\n[[probe]]\nid = \"p\"\n";
    acme::checklist(&format!("{host}{probe}")).map(|checklist| checklist.probes)
}

const FREE: &str = "free with the body `{ kind = \"price\", model = text, seconds = integer, ratio? = text, inputs = { audio = boolean } }`";

/// A quote whose body has these lines.
fn quote(body: &str) -> String {
    format!("post = \"/v1/quote\"\nfor-each = \"shot\"\n[probe.body]\n{body}")
}

const WHOLE: &str = "kind = \"price\"\nmodel = \"{shot.model}\"\nseconds = \"{shot.duration}\"\nratio = \"{shot.aspect-ratio?}\"\ninputs.audio = true\n";

#[rstest]
#[case::all_of_it(quote(WHOLE))]
#[case::fixed(quote(&WHOLE.replace("\"{shot.duration}\"", "6")))]
#[case::without_what_may_be_left_out(quote(&WHOLE.replace("ratio = \"{shot.aspect-ratio?}\"\n", "")))]
#[case::a_name_with_a_hole("post = \"/v1/estimate\"\nfor-each = \"shot\"\nbody = { endpoints = { \"{shot.model}\" = { units = \"{shot.duration}\" } } }".to_owned())]
fn a_listed_body_is_taken(#[case] probe: String) {
    let probes = read(&probe).unwrap();
    assert_eq!(probes[0].request.method, Method::Post);
    assert!(probes[0].request.body.is_some());
}

#[rstest]
#[case::another_field(
    "prompt = \"x\"\n",
    "\"x\"",
    "`prompt` is not a field of this request; its fields: kind, model, seconds, ratio, inputs"
)]
#[case::a_field_below(
    "inputs.go = true\n",
    "true",
    "`inputs.go` is not a field of this request; its fields: audio"
)]
fn an_extra_field_is_reported_at_its_place(#[case] more: &str, #[case] at: &str, #[case] says: &str) {
    let told = read(&quote(&format!("{more}{WHOLE}"))).unwrap_err();
    assert_eq!(told, [format!("not-free at `{at}`: the body of probe `p`: {says} ({FREE})")]);
}

#[rstest]
#[case::constant("\"price\"", "\"run\"", "\"run\"", "`kind` is \"price\" and nothing else")]
#[case::constant_by_a_hole(
    "\"price\"",
    "\"{shot.mode}\"",
    "\"{shot.mode}\"",
    "`kind` is \"price\" and nothing else"
)]
#[case::text_for_a_number(
    "\"{shot.duration}\"",
    "\"{shot.duration}s\"",
    "\"{shot.duration}s\"",
    "`seconds` is not a whole number"
)]
#[case::number_for_a_text("\"{shot.model}\"", "1", "1", "`model` is not a text")]
#[case::too_long("{shot.model}", &"x".repeat(257), &format!("\"{}\"", "x".repeat(257)), "`model` is longer than 256 bytes")]
#[case::left_out_though_it_must_be_sent(
    "{shot.model}",
    "{shot.model?}",
    "\"{shot.model?}\"",
    "`model` must always be sent"
)]
#[case::list("true", "[true]", "[true]", "`inputs.audio` is not `true` or `false`")]
fn a_wrong_value_is_reported_at_its_place(
    #[case] from: &str,
    #[case] to: &str,
    #[case] at: &str,
    #[case] says: &str,
) {
    let told = read(&quote(&WHOLE.replace(from, to))).unwrap_err();
    assert_eq!(told, [format!("not-free at `{at}`: the body of probe `p`: {says} ({FREE})")]);
}

#[rstest]
#[case::no_body(
    "post = \"/v1/quote\"",
    "not-free at `\"/v1/quote\"`: the body of probe `p`: `kind` must always be sent"
)]
#[case::no_table("post = \"/v1/quote\"\nbody = [1]", "bad-probe at `[1]`: a body is a table of fields")]
#[case::no_post("get = \"/v1/models\"\nbody = { }", "bad-probe at `{ }`: `body` goes with `post` alone")]
#[case::a_paid_call(
    "post = \"/v1/videos\"\nbody = { model = \"m\" }",
    "not-free at `[[probe]]`: POST /v1/videos is not on the list of free calls (free calls there: GET /v1/models, GET /v1/listing, POST /v1/quote, POST /v1/estimate; the list is part of greenlight, and no file adds to it)"
)]
#[case::get_of_a_post(
    "get = \"/v1/quote\"",
    "not-free at `[[probe]]`: GET /v1/quote is not on the list of free calls"
)]
#[case::post_of_a_get(
    "post = \"/v1/models\"\nbody = { }",
    "not-free at `[[probe]]`: POST /v1/models is not on the list of free calls"
)]
#[case::a_day("post = \"/v1/quote\"\nbody = { kind = 2026-11-22 }", "wrong-type")]
#[case::no_number(
    "post = \"/v1/quote\"\nbody = { kind = nan }",
    "bad-value at `nan`: `kind`: JSON has no `nan` and no `inf` ()"
)]
#[case::no_shot(
    "post = \"/v1/quote\"\nbody = { kind = \"{shot.model}\" }",
    "needs-shot at `\"{shot.model}\"`: probe `p` refers to a shot"
)]
#[case::no_value(
    "post = \"/v1/quote\"\nbody = { kind = \"{team}\" }",
    "unfilled at `\"{team}\"`: nothing fills `{team}`"
)]
#[case::braces("post = \"/v1/quote\"\nbody = { kind = \"{team\" }", "bad-template at `\"{team\"`")]
#[case::maybe_a_part(
    "post = \"/v1/quote\"\nbody = { kind = \"x{shot.mode?}\" }",
    "bad-template at `\"x{shot.mode?}\"`"
)]
#[case::maybe_a_reply("post = \"/v1/quote\"\nbody = { kind = \"{team?}\" }", "bad-template at `\"{team?}\"`")]
fn a_mistake_is_told_with_what_to_do(#[case] probe: &str, #[case] says: &str) {
    let told = read(probe).unwrap_err();
    assert!(told[0].starts_with(says), "{told:?}");
}

/// A third-party checklist can use only known hosts and keys, and so nothing that costs money.
#[test]
fn no_checklist_adds_to_the_list() {
    for (table, key) in
        [("owner", "id = \"x\""), ("free", "post = \"/v1/videos\""), ("probe.free", "post = \"/x\"")]
    {
        let told = read(&format!("get = \"/v1/models\"\n[[{table}]]\n{key}\n")).unwrap_err();
        assert!(["unknown-key", "wrong-type"].iter().any(|code| told[0].starts_with(code)), "{told:?}");
    }
}
