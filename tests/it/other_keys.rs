//! Keys in this environment that belong to other programs: nothing shows them, and no file that is kept in git contains
//! them.

use rstest::rstest;

use crate::support::{NOW, Sample, ran};

const FAL: &str = "9f1c2d3e-1111-2222-3333-444455556666:0123456789abcdef0123456789abcdef";
const OTHER: &str = "Zx9Qw8Er7Ty6Ui5Op4";

#[rstest]
#[case::fal("FAL_KEY", FAL, FAL, "2d3e-1111")]
#[case::token("REPLICATE_API_TOKEN", OTHER, OTHER, "Qw8Er7Ty")]
#[case::password("db_password", "hunter2secret", "hunter2secret", "hunter2s")]
#[case::proxy("HTTPS_PROXY", "http://ann:hunter2secret@127.0.0.1:9", "hunter2secret", "hunter2s")]
fn a_key_of_another_service_is_shown_nowhere(
    #[case] variable: &str,
    #[case] value: &str,
    #[case] pasted: &str,
    #[case] piece: &str,
) {
    let sample = Sample::of("api");
    let name = sample.project().lines().find(|line| line.starts_with("name")).unwrap().to_owned();
    sample.edit(&name, &format!("name = \"a {pasted} b\""));
    for args in [
        &["check", "--offline", "--at", NOW, "--report", "json=r.json"] as &[&str],
        &["check", "--offline", "--at", NOW, "--format", "markdown"],
        &["check", "--offline", "--only", pasted],
        &["explain", pasted],
        &[
            "answer",
            "api.media-rights",
            "--value",
            "yes",
            "--by",
            "Ann",
            "--evidence",
            &format!("quote:it is {pasted}"),
        ],
    ] {
        let run = ran(sample.greenlight(args).env(variable, value));
        assert!([1, 2, 3].contains(&run.code), "{}", run.all());
        assert!(!run.all().contains(piece), "{args:?}: {}", run.all());
    }
    let report = fs_err::read_to_string(sample.path().join("r.json")).unwrap();
    assert!(!report.contains(piece), "{report}");
    assert!(!sample.path().join("answers.toml").exists(), "it was kept");
}

/// A Windows shell writes two bytes for each character.
#[test]
fn a_key_in_a_file_of_another_encoding_is_known_all_the_same() {
    let sample = Sample::of("api");
    let key = format!("xai-{OTHER}");
    let wide = key.encode_utf16().flat_map(u16::to_le_bytes);
    sample.write_bytes("key.txt", &[0xff, 0xfe].into_iter().chain(wide).collect::<Vec<_>>());
    let args = ["check", "--offline", "--at", NOW, "--only", "a Zx9Qw8Er7Ty6Ui5Op4 b"];
    let run = ran(sample.greenlight(&args).env("XAI_API_KEY_FILE", "key.txt"));
    assert!(run.code == 2 && !run.all().contains("Qw8Er7Ty"), "{}", run.all());
}
