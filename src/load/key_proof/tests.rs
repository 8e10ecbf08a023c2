use rstest::rstest;

use crate::load::acme;

const HOSTS: &str = r#"
route = "wrapper"
[api]
base-url = "https://api.acme.example"
key = { env = "ACME_KEY" }
[host.open]
base-url = "https://open.acme.example"
"#;

fn probe(id: &str, host: &str, path: &str, proves: bool) -> String {
    format!("[[probe]]\nid = \"{id}\"\nhost = \"{host}\"\nget = \"{path}\"\nproves-key = {proves}\n")
}

#[rstest]
#[case::one(&[("models", "api", "/v1/models", true)], "")]
#[case::beside_others(&[("models", "api", "/v1/models", true), ("list", "open", "/v1/models", false)], "")]
#[case::no_key_is_sent(&[("list", "open", "/v1/models", false)], "")]
#[case::none(&[("models", "api", "/v1/models", false)], "sends a key, but no call proves")]
#[case::two(&[("a", "api", "/v1/models", true), ("b", "api", "/v1/models", true)], "`b` is the second")]
#[case::keyless(&[("list", "open", "/v1/models", true)], "`list` can't prove a key: it sends none")]
#[case::public(&[("list", "api", "/v1/listing", true)], "`list` can't prove a key: everyone gets an answer")]
fn a_wrapper_proves_its_key_once(#[case] probes: &[(&str, &str, &str, bool)], #[case] says: &str) {
    let probes: String =
        probes.iter().map(|(id, host, path, proves)| probe(id, host, path, *proves)).collect();
    let told = acme::checklist(&format!("{HOSTS}{probes}")).err().unwrap_or_default();
    match says {
        "" => assert_eq!(told, Vec::<String>::new()),
        says => {
            assert!(told.iter().any(|one| one.starts_with("key-proof") && one.contains(says)), "{told:?}");
        }
    }
}
