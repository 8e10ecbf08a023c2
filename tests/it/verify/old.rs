//! Receipts of version 1, written by the previous program: they are read, and what became stale is reported with the
//! reason.

use super::*;

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/receipts/v1/{name}", env!("CARGO_MANIFEST_DIR"));
    fs_err::read_to_string(path).unwrap()
}

/// The project of the old receipts, with the answers that were recorded then.
fn place(receipt: &str) -> Sample {
    let place = Sample::empty();
    for name in ["greenlight.toml", "answers.toml", "screen.txt"] {
        place.write(name, &fixture(name));
    }
    place.write("receipt.json", &fixture(receipt));
    place
}

#[test]
fn a_go_of_version_1_is_read_and_told_why_it_no_longer_counts() {
    let run = verify(&place("go.json"), &[]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("✓ intact") && run.out.contains("✓ consistent"), "{}", run.all());
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "✓ known version greenlight 0.1.0, schema version 1",
        "screen.txt (evidence) is not in the receipt",
        // The end of the line about media and evidence, for which such receipts have no digests.
        "(evidence) is not in the receipt; 1 more",
        "✓ says GO GO",
    ] {
        assert!(text.contains(words), "{words}: {}", run.all());
    }
}

#[test]
fn several_of_version_1_are_not_sealed_together() {
    let run = verify(&place("several.json"), &["--project", "."]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("version 1 does not seal its reports together"), "{}", run.all());
}

#[test]
fn a_rehearsal_of_version_1_is_still_one() {
    let run = verify(&place("rehearsal.json"), &["--format", "json"]);
    assert_eq!(run.code, 3, "{}", run.all());
    let broken = broken(&run);
    for claim in ["real-run", "same-files"] {
        assert!(broken.contains(&claim.to_owned()), "{broken:?}");
    }
}

/// No version is a way around what another one requires.
#[test]
fn a_new_receipt_does_not_pass_as_an_old_one() {
    let place = with(|report| {
        report.schema_version = 1;
        report.inputs.retain(|input| input.path != "screen.txt");
    });
    judged(&place, 3, &["same-files"]);
}

/// As receipts of this version were before they contained the texts of checks and what people recorded.
fn without_texts(report: &Report) -> Value {
    let mut receipt = serde_json::to_value(report).unwrap();
    for field in ["checks", "answers", "waivers"] {
        receipt.as_object_mut().unwrap().shift_remove(field);
    }
    receipt["digest"] = greenlight::model::report::digest(receipt.clone()).into();
    receipt
}

/// An older program wrote less, and what it wrote is still compared with the files. This one writes everything.
#[rstest]
#[case::by_an_older_program("0.0.9", 0, &[])]
#[case::by_this_program(env!("CARGO_PKG_VERSION"), 3, &["same-findings"])]
fn a_receipt_without_texts_counts_by_who_wrote_it(
    #[case] version: &str,
    #[case] code: i32,
    #[case] claims: &[&str],
) {
    let place = named(cleared());
    let mut report = report_now(&place, &[]);
    version.clone_into(&mut report.tool.version);
    place.write("receipt.json", &without_texts(&report).to_string());
    let text = judged(&place, code, claims);
    assert_eq!(text.contains("it does not contain the text of its checks"), code == 3, "{text}");
    let same = ran(&mut place.greenlight(&["diff", "receipt.json", "receipt.json"]));
    assert_eq!(same.code, 0, "{}", same.all());
}

#[test]
fn an_old_receipt_and_a_new_one_are_compared() {
    let place = place("go.json");
    keep(&place, "new.json", &[&report_now(&place, &[])]);
    let run = ran(&mut place.greenlight(&["diff", "receipt.json", "new.json", "--format", "json"]));
    assert!([0, 1].contains(&run.code), "{}", run.all());
    let changes = run.json();
    let inputs = changes["projects"][0]["inputs"].as_array().unwrap().clone();
    let evidence = inputs.iter().find(|input| input["role"] == "evidence").unwrap();
    assert_eq!(
        (&evidence["path"], &evidence["change"]),
        (&json!("screen.txt"), &json!("new")),
        "{changes:#}"
    );
    let same = ran(&mut place.greenlight(&["diff", "receipt.json", "receipt.json"]));
    assert_eq!(same.code, 0, "{}", same.all());
}
