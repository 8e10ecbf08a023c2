//! A checklist names keys, and their owner defines how and where they are sent.

use rstest::rstest;

use super::*;
use crate::load::acme;

/// The key of a host at this address, written like this.
fn key(host: &str, key: &str) -> Result<KeySpec, Vec<String>> {
    let tables = format!("[api]\nbase-url = \"https://{host}\"\nkey = {key}\n");
    acme::checklist(&tables).map(|checklist| checklist.hosts["api"].key.clone().unwrap())
}

#[rstest]
#[case::by_name_alone("api.acme.example", "{ env = \"ACME_KEY\" }", "authorization: Bearer …")]
#[case::said_once_more(
    "api.acme.example",
    "{ env = \"ACME_KEY\", scheme = \"Bearer\", header = \"Authorization\" }",
    "authorization: Bearer …"
)]
#[case::header_of_its_own(
    "admin.acme.example",
    "{ env = \"ACME_ADMIN_KEY\", header = \"X-API-Key\" }",
    "x-api-key: …"
)]
fn a_key_is_sent_as_its_owner_says(#[case] host: &str, #[case] said: &str, #[case] carrier: &str) {
    assert_eq!(key(host, said).unwrap().carrier.to_string(), carrier);
}

#[test]
fn its_looks_are_those_that_its_owner_says() {
    let looks = key("api.acme.example", "{ env = \"ACME_KEY\" }").unwrap().looks.unwrap();
    assert_eq!((looks.shape.prefix.as_str(), looks.length), ("acme-", Some((20, 40))));
}

#[rstest]
#[case::another_word(
    "api.acme.example",
    "{ env = \"ACME_KEY\", scheme = \"Key\" }",
    "`ACME_KEY` is sent with the word `Bearer` and no other"
)]
#[case::a_word_too_many(
    "admin.acme.example",
    "{ env = \"ACME_ADMIN_KEY\", scheme = \"Bearer\" }",
    "`ACME_ADMIN_KEY` is sent alone, with no word before it"
)]
#[case::another_header(
    "admin.acme.example",
    "{ env = \"ACME_ADMIN_KEY\", header = \"Authorization\" }",
    "`ACME_ADMIN_KEY` is sent in the header `x-api-key` and no other"
)]
#[case::admin_key_at_the_api(
    "api.acme.example",
    "{ env = \"ACME_ADMIN_KEY\" }",
    "`ACME_ADMIN_KEY` belongs elsewhere and is never sent to `api.acme.example`"
)]
#[case::api_key_at_the_admin_host(
    "admin.acme.example",
    "{ env = \"ACME_KEY\" }",
    "`ACME_KEY` belongs elsewhere and is never sent to `admin.acme.example`"
)]
#[case::at_a_host_without_keys(
    "open.acme.example",
    "{ env = \"ACME_KEY\" }",
    "`ACME_KEY` belongs elsewhere and is never sent to `open.acme.example`"
)]
#[case::of_no_owner(
    "api.acme.example",
    "{ env = \"HOME\" }",
    "`HOME` is not a key of a known owner; it is not read"
)]
#[case::of_another_owner(
    "api.acme.example",
    "{ env = \"XAI_API_KEY\" }",
    "`XAI_API_KEY` is not a key of a known owner; it is not read"
)]
fn a_key_that_is_not_its_owners_is_refused(#[case] host: &str, #[case] said: &str, #[case] says: &str) {
    let told = key(host, said).unwrap_err();
    let help = "keys are bound to their owner's hosts; no checklist can change that";
    assert_eq!(told, [format!("foreign-key at `{said}`: {says} ({help})")]);
}
