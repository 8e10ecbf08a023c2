//! A route belongs to its owner, who has exactly one name: with another spelling, anyone's page would count as the
//! provider's own.

use rstest::rstest;

use crate::support::{Sample, ran};

fn named(route: &str, provider: &str) -> Sample {
    let sample = Sample::of("wrapper");
    sample.edit("route = \"wrapper\"", &format!("route = \"{route}\""));
    sample.edit("provider = \"acme\"", &format!("provider = \"{provider}\""));
    sample
}

#[rstest]
#[case::capitals("wrapper", "FAL", "which is written `fal` here")]
#[case::blank("wrapper", "fal ", "which is written `fal` here")]
#[case::host("wrapper", "fal.ai", "which is written `fal` here")]
#[case::hyphen("wrapper", "fal-ai", "which is written `fal` here")]
#[case::look_alike("wrapper", "f\u{430}l", "is not a provider's id")]
#[case::capitals_of_one_unknown("wrapper", "Acme", "is not a provider's id")]
#[case::empty("wrapper", "", "is not a provider's id")]
#[case::owner_of_a_route("wrapper", "xai", "`xai` isn't a wrapper: it owns the route `api`")]
#[case::owner_by_its_host("wrapper", "x.ai", "which is written `xai` here")]
#[case::foreign_owner("api", "fal", "this route belongs to `xai`")]
#[case::foreign_owner_of_the_app("app", "openrouter", "this route belongs to `xai`")]
fn a_provider_is_named_in_one_way(#[case] route: &str, #[case] provider: &str, #[case] says: &str) {
    let told = ran(&mut named(route, provider).greenlight(&["check", "--offline"]));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains(says) && told.err.contains("greenlight.toml:"), "{}", told.err);
}

#[rstest]
#[case("wrapper", "fal")]
#[case("wrapper", "acme")]
#[case("api", "xai")]
fn its_own_name_is_taken(#[case] route: &str, #[case] provider: &str) {
    let told = ran(&mut named(route, provider).greenlight(&["check", "--offline"]));
    assert_ne!(told.code, 2, "{}", told.all());
}
