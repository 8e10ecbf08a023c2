//! What `greenlight init` writes where, and what it refuses.

use rstest::rstest;

use crate::support::{Sample, ran};

/// What `init` writes, `check` reads: under the name by which the provider's pack is known.
#[rstest]
#[case("Fal", "fal")]
#[case("fal.ai", "fal")]
#[case("WaveSpeed", "wavespeed")]
#[case("some-provider", "some-provider")]
fn knows_a_provider_by_its_other_names(#[case] typed: &str, #[case] written: &str) {
    let place = Sample::empty();
    let args = ["init", "--route", "wrapper", "--provider", typed, "--material", "idea"];
    let told = ran(&mut place.greenlight(&args));
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(place.project().contains(&format!("provider = \"{written}\"")), "{}", place.project());
    assert_eq!(ran(&mut place.greenlight(&["lint"])).code, 0);
}

#[rstest]
#[case::new("clips", "clips/greenlight.toml")]
#[case::there("folder", "folder/greenlight.toml")]
#[case::file("clips/teaser.toml", "clips/teaser.toml")]
#[case::of_a_shell("a $(b)", "a $(b)/greenlight.toml")]
fn takes_a_folder_or_a_file(#[case] named: &str, #[case] written: &str) {
    let place = Sample::empty();
    fs_err::create_dir(place.path().join("folder")).unwrap();
    let told = ran(&mut place.greenlight(&["init", named, "--route", "api", "--material", "idea"]));
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(place.path().join(written).is_file(), "{}", told.out);
    let word = if written.contains(' ') { format!("'{written}'") } else { written.to_owned() };
    let words: Vec<_> = told.out.split_whitespace().collect();
    assert!(words.join(" ").contains(&format!("`greenlight check --project {word}`")), "{}", told.out);
}

#[test]
fn replaces_only_when_forced() {
    let place = Sample::empty();
    place.write("greenlight.toml", "mine");
    let args = ["init", "--route", "api", "--material", "idea"];
    let refused = ran(&mut place.greenlight(&args));
    assert_eq!((refused.code, place.project().as_str()), (2, "mine"));
    assert!(refused.err.contains("`greenlight.toml` exists already") && refused.err.contains("`--force`"));
    assert_eq!(ran(place.greenlight(&args).arg("--force")).code, 0);
    assert!(place.project().contains("[project]"));
}

#[rstest]
#[case(&[], "`--route`")]
#[case(&["--route", "api"], "`--material`")]
#[case(&["--route", "api", "--material", "image"], "`--input PATH|URL`")]
#[case(&["--route", "wrapper", "--material", "idea"], "`--provider NAME`")]
#[case(&["--route", "api", "--material", "imgae"], "did you mean `image`?")]
#[case(&["--route", "api", "--material", "idea", "--input", "a.png"], "takes no input file")]
#[case(&["--route", "api", "--material", "image", "--input", "a.png", "--input", "b.png"], "starts from one")]
#[case(&["--route", "api", "--material", "image", "--input", ""], "`--input`: it is empty")]
#[case(&["--route", "api", "--material", "image", "--input", "a.png"], "`--input a.png`: file not found")]
#[case(&["--route", "api", "--material", "idea", "--name", " "], "name ` `: it is empty")]
#[case(&["--route", "api", "--material", "idea", "--prompt", ""], "`--prompt`: it is empty")]
#[case(&["--route", "api", "--material", "idea", "--provider", "acme"], "`--route wrapper`")]
#[case(&["--route", "wrapper", "--material", "idea", "--provider", "xai"], "it owns the route `api`")]
#[case(&["--route", "wrapper", "--material", "idea", "--provider", "Wrap spot"], "is not a provider's id")]
#[case(&["--route", "api", "--material", "idea", "--budget", "2 EUR"], "EUR")]
fn says_what_is_missing_or_wrong(#[case] args: &[&str], #[case] says: &str) {
    let place = Sample::empty();
    let told = ran(place.greenlight(&["init"]).args(args));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
    assert!(!place.path().join("greenlight.toml").exists());
}
