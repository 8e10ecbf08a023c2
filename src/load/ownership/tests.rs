//! Mistakes in a list of owners are reported, and the shipped list has none.

use rstest::rstest;

use super::*;
use crate::load::{acme::OWNERS as ACME, builtin, document};

fn read(text: &str) -> (Owners, Vec<String>) {
    let (mut diagnostics, mut taken) = (Vec::new(), Vec::new());
    let raw = document::read(0, text, &mut diagnostics, &mut taken);
    let patterns = std::cell::Cell::new(0);
    let mut sink = DiagnosticSink {
        file: 0,
        text,
        shipped: false,
        taken: &taken,
        patterns: &patterns,
        diagnostics: &mut diagnostics,
    };
    let owners = raw.map(|raw| sink.owners(raw)).unwrap_or_default();
    let told = diagnostics.iter().map(|told| format!("{}: {}", told.code, told.message));
    let told = told.collect();
    (owners, told)
}

#[test]
fn the_shipped_list_keeps_its_rules_and_so_does_the_invented_one() {
    for text in [builtin::OWNERS.text, ACME] {
        assert_eq!(read(text).1, Vec::<String>::new());
    }
}

#[test]
fn each_host_has_one_owner_and_takes_at_most_one_key() {
    for owners in [read(builtin::OWNERS.text).0, read(ACME).0] {
        for host in owners.hosts() {
            let keys = owners.list.iter().flat_map(|owner| &owner.keys).filter(|key| key.is_of(host));
            assert!(keys.count() <= 1, "{host}");
            let of = owners.list.iter().filter(|owner| owner.free.iter().any(|free| free.host == host));
            assert_eq!(of.count(), 1, "{host}");
        }
    }
}

#[test]
fn a_key_of_known_looks_is_looked_for_wherever_it_stands() {
    let (owners, _) = read(ACME);
    let prefixes: Vec<_> = owners.list[0].shapes.iter().map(|shape| shape.prefix.as_str()).collect();
    assert_eq!(prefixes, ["acme-"]);
}

/// The invented list with one change.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert!(ACME.contains(from), "{from}");
    read(&ACME.replacen(from, to, 1)).1
}

const KEY: &str = "env = \"ACME_ADMIN_KEY\"\nheader = \"x-api-key\"\nhosts = [\"admin.acme.example\"]";

#[rstest]
#[case::two_keys_meet(
    "hosts = [\"admin.acme.example\"]",
    "hosts = [\"admin.acme.example\", \"api.acme.example\"]",
    "foreign-key: `api.acme.example` takes another key already; a host takes one"
)]
#[case::same_variable("ACME_ADMIN_KEY", "ACME_KEY", "duplicate-id: there are two keys `ACME_KEY`")]
#[case::names_a_file(
    "ACME_ADMIN_KEY",
    "ACME_KEY_FILE",
    "bad-value: `ACME_KEY_FILE` is no variable of a key: capitals, digits and `_`, and no `_FILE` behind"
)]
#[case::small_letters(
    "ACME_ADMIN_KEY",
    "acme_key",
    "bad-value: `acme_key` is no variable of a key: capitals, digits and `_`, and no `_FILE` behind"
)]
#[case::any_header(
    "\"x-api-key\"",
    "\"cookie\"",
    "bad-value: `cookie` is no header for keys; those are authorization and x-api-key"
)]
#[case::capitals(
    "\"x-api-key\"",
    "\"X-API-Key\"",
    "bad-value: `X-API-Key` is no header for keys; those are authorization and x-api-key"
)]
#[case::two_words(
    "\"Bearer\"",
    "\"Bearer Key\"",
    "bad-value: the word before a key is one word, or is left out"
)]
#[case::nowhere(
    "hosts = [\"admin.acme.example\"]",
    "hosts = []",
    "empty-value: `ACME_ADMIN_KEY` may go nowhere"
)]
#[case::any_host(
    "hosts = [\"admin.acme.example\"]",
    "hosts = [\"*.acme.example\"]",
    "bad-host: `*.acme.example` is not the name of one host"
)]
#[case::port(
    "hosts = [\"admin.acme.example\"]",
    "hosts = [\"admin.acme.example:8443\"]",
    "bad-host: `admin.acme.example:8443` is not the name of one host"
)]
#[case::uncalled(
    "hosts = [\"admin.acme.example\"]",
    "hosts = [\"old.acme.example\"]",
    "foreign-host: `ACME_ADMIN_KEY` may go to `old.acme.example`, where `acme` has no free call"
)]
#[case::no_looks(
    "prefix = \"acme-\", length = [20, 40]",
    "prefix = \"\"",
    "bad-value: a key looks like a `prefix`, a `length = [FEWEST, MOST]`, or both"
)]
#[case::no_length(
    "length = [20, 40]",
    "length = [40, 20]",
    "bad-value: a key looks like a `prefix`, a `length = [FEWEST, MOST]`, or both"
)]
#[case::no_source_of_looks(
    ", source = { url = \"https://acme.example/docs\", as-of = 2026-11-22 } }",
    " }",
    "missing-key: the looks of a key has no `source`"
)]
#[case::query(
    "\"/v1/balance\"",
    "\"/v1/balance?a=b\"",
    "bad-path: `/v1/balance?a=b` is not a path from the root alone"
)]
#[case::no_root(
    "\"/v1/balance\"",
    "\"v1/balance\"",
    "bad-path: `v1/balance` is not a path from the root alone"
)]
#[case::no_body("[owner.free.body]\nkind", "[owner.free.bodi]\nkind", "unknown-key: unknown key `bodi`")]
#[case::silent_about_repeating(
    "repeatable = true\n",
    "",
    "bad-probe: a POST says the fields of its `body` and whether it is `repeatable`; nothing else does"
)]
#[case::get_that_says_so(
    "get = \"/v1/balance\"\n",
    "get = \"/v1/balance\"\nrepeatable = false\n",
    "bad-probe: a POST says the fields of its `body` and whether it is `repeatable`; nothing else does"
)]
#[case::two_methods(
    "get = \"/v1/balance\"\n",
    "get = \"/v1/balance\"\nhead = \"/v1/balance\"\n",
    "bad-probe: a free call has exactly one of `get`, `head` and `post`"
)]
#[case::neither_type_nor_constant(
    "model = { type = \"text\" }",
    "model = { optional = true }",
    "bad-value: a field has a `type` or a `constant`"
)]
#[case::both(
    "model = { type = \"text\" }",
    "model = { type = \"text\", constant = \"m\" }",
    "bad-value: a field has a `type` or a `constant`"
)]
#[case::open_table(
    "{ type = \"table\", fields = { audio = { type = \"boolean\" } } }",
    "{ type = \"table\" }",
    "bad-value: a field has a `type` or a `constant`"
)]
#[case::constant_with_a_hole(
    "constant = \"price\"",
    "constant = \"{shot.model}\"",
    "bad-value: a field has a `type` or a `constant`"
)]
#[case::constant_day(
    "constant = \"price\"",
    "constant = 2026-11-22",
    "bad-value: a field has a `type` or a `constant`"
)]
#[case::any_type("type = \"integer\"", "type = \"any\"", "unknown-word:")]
fn a_mistake_is_told(#[case] from: &str, #[case] to: &str, #[case] says: &str) {
    let told = changed(from, to);
    assert!(told.iter().any(|told| told.starts_with(says)), "{told:?}");
}

#[rstest]
#[case::two_owners_of_a_host(
    "[[owner]]\nid = \"other\"\nname = \"Other\"\n[[owner.free]]\nhost = \"api.acme.example\"\nget = \"/x\"\nsource = { url = \"https://acme.example\", as-of = 2026-11-22 }",
    "duplicate-id: `api.acme.example` has two owners"
)]
#[case::two_owners_of_a_name(
    "[[owner]]\nid = \"acme\"\nname = \"Other\"",
    "duplicate-id: there are two owners `acme`"
)]
#[case::key_for_anothers_host(
    "[[owner]]\nid = \"other\"\nname = \"Other\"\nkeys = [{ env = \"OTHER_KEY\", hosts = [\"open.acme.example\"] }]",
    "foreign-host: `OTHER_KEY` may go to `open.acme.example`, where `other` has no free call"
)]
#[case::followed(
    "[[owner.followed]]\nenv = \"X_URL\"\nhost = \"x.example\"\nsource = { url = \"https://acme.example\", as-of = 2026-11-22 }",
    "foreign-host: `X_URL` names `x.example`, where `acme` has no free call"
)]
fn conflicts_between_owners_are_reported(#[case] more: &str, #[case] says: &str) {
    assert!(ACME.contains(KEY));
    let told = read(&format!("{ACME}\n{more}\n")).1;
    assert_eq!(told, [says]);
}
