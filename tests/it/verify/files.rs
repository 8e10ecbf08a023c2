//! Files that aren't those the receipt was made from: deleted, replaced, swapped, added.

use super::*;

const OWN: &str = r#"
id = "own"
reviewed = 2026-11-22

[[check]]
id = "own.retries-set"
row = "failure-policy"
title = "retries set"
severity = "block"
why = "It was agreed."
fix = "Set them."
source = { url = "https://example.com/contract", as-of = 2026-11-01 }
question = { ask = "Are they set?", type = "yes-no", pass = ["yes"], evidence = "url", valid-for = "90d" }
"#;

const PRICES: &str = "id = \"prices\"\nreviewed = 2026-11-01\n";

/// A wrapper project with everything that a project can have, cleared.
fn full() -> Sample {
    let place = named(begun("wrapper"));
    place.write("own.toml", OWN).write("prices.toml", PRICES);
    let picture = format!("{}/samples/api/robot.jpg", env!("CARGO_MANIFEST_DIR"));
    for name in ["robot.jpg", "copy.jpg"] {
        fs_err::copy(&picture, place.path().join(name)).unwrap();
    }
    place.edit("[failure]", "checklists = [\"own.toml\"]\ncatalogues = [\"prices.toml\"]\n\n[failure]");
    place.edit("mode = \"text-to-video\"", "mode = \"image-to-video\"\nimage = \"robot.jpg\"");
    crate::answers::settle_lately(&place);
    keep(&place, "receipt.json", &[&report_now(&place, &[])]);
    place
}

fn remove(place: &Sample, name: &str) {
    fs_err::remove_file(place.path().join(name)).unwrap();
}

fn answers(place: &Sample) -> String {
    fs_err::read_to_string(place.path().join("answers.toml")).unwrap()
}

#[test]
fn everything_that_is_at_hand_is_listed_and_clears() {
    let place = full();
    let table = judged(&place, 0, &[]);
    assert!(table.contains("files unchanged"), "{table}");
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let inputs = serde_json::from_str::<Value>(&text).unwrap()["inputs"].clone();
    let has = |role: &str, path: &str| {
        inputs.as_array().unwrap().iter().any(|input| input["role"] == role && input["path"] == path)
    };
    for (role, path) in [
        ("project", "greenlight.toml"),
        ("checklist", "own.toml"),
        ("checklist", "builtin:wrapper"),
        ("catalogue", "prices.toml"),
        ("answers", "answers.toml"),
        ("media", "robot.jpg"),
        ("evidence", "screen.txt"),
    ] {
        assert!(has(role, path), "{role} {path} in {inputs:#}");
    }
}

#[rstest]
#[case::project_edited(|p: &Sample| { p.edit("[failure]", "# later\n[failure]"); }, "greenlight.toml changed")]
#[case::project_broken(|p: &Sample| { p.edit("[failure]", "[failures]"); }, "greenlight.toml changed and has 1 mistake")]
#[case::answer_edited(|p: &Sample| { p.write("answers.toml", &answers(p).replacen("by = \"Ann\"", "by = \"Bob\"", 1)); }, "answers.toml changed")]
#[case::answers_gone(|p: &Sample| remove(p, "answers.toml"), "answers.toml is gone; screen.txt (evidence) is gone")]
#[case::media_gone(|p: &Sample| remove(p, "robot.jpg"), "robot.jpg (media) is gone")]
#[case::media_replaced(|p: &Sample| { p.write("robot.jpg", "no picture"); }, "robot.jpg (media) changed")]
#[case::media_one_byte_longer(|p: &Sample| { let mut bytes = fs_err::read(p.path().join("robot.jpg")).unwrap(); bytes.push(0); p.write_bytes("robot.jpg", &bytes); }, "robot.jpg (media) changed")]
#[case::media_a_folder(|p: &Sample| { remove(p, "robot.jpg"); fs_err::create_dir(p.path().join("robot.jpg")).unwrap(); }, "robot.jpg (media) is gone")]
#[case::evidence_gone(|p: &Sample| remove(p, "screen.txt"), "screen.txt (evidence) is gone")]
#[case::evidence_replaced(|p: &Sample| { p.write("screen.txt", "what the screen shows now"); }, "screen.txt (evidence) changed")]
#[case::evidence_swapped(|p: &Sample| { let text = fs_err::read(p.path().join("own.toml")).unwrap(); p.write_bytes("screen.txt", &text); }, "screen.txt (evidence) changed")]
#[case::checklist_reworded(|p: &Sample| { p.write("own.toml", &OWN.replace("It was agreed.", "It was agreed again.")); }, "own.toml changed")]
#[case::checklist_gone(|p: &Sample| remove(p, "own.toml"), "`own.toml` cannot be read: file not found")]
#[case::checklist_a_folder(|p: &Sample| { remove(p, "own.toml"); fs_err::create_dir(p.path().join("own.toml")).unwrap(); }, "`own.toml` cannot be read")]
#[case::checklist_emptied(|p: &Sample| { p.write("own.toml", ""); }, "own.toml changed and has 1 mistake")]
#[case::checklist_is_text(|p: &Sample| { p.write("own.toml", "no checklist"); }, "own.toml changed and has")]
#[case::checklist_left_out(|p: &Sample| { p.edit("checklists = [\"own.toml\"]\n", ""); }, "greenlight.toml changed; own.toml is gone")]
#[case::catalogue_gone(|p: &Sample| remove(p, "prices.toml"), "`prices.toml` cannot be read: file not found")]
#[case::catalogue_edited(|p: &Sample| { p.write("prices.toml", &format!("{PRICES}# later\n")); }, "prices.toml changed")]
#[case::checklist_and_catalogue_swapped(|p: &Sample| { p.write("own.toml", PRICES).write("prices.toml", OWN); }, "changed and has")]
fn a_file_that_is_not_the_same_is_named(#[case] change: fn(&Sample), #[case] says: &str) {
    let place = full();
    change(&place);
    let (table, machine) = (verify(&place, &[]), verify(&place, &["--format", "json"]));
    assert_eq!((table.code, machine.code), (3, 3), "{}", table.all());
    assert!(broken(&machine).contains(&"same-files".to_owned()), "{}", table.all());
    let claims = machine.json()["reports"][0]["claims"].clone();
    let claim = claims.as_array().unwrap().iter().find(|claim| claim["claim"] == "same-files").unwrap();
    assert!(claim["seen"].as_str().unwrap().contains(says), "{claim:#}");
    assert!(claim["fix"].as_str().is_some_and(|fix| fix.contains("greenlight")), "{claim:#}");
}

/// A project's own check counts as much as a shipped one.
#[test]
fn another_checklist_is_another_judgement() {
    let place = full();
    place.write("own.toml", &OWN.replace("own.retries-set", "own.other"));
    judged(&place, 3, &["whole-run", "same-files"]);
}

/// A file that is at hand but not in the receipt is not ignored.
#[test]
fn a_file_that_comes_later_is_seen() {
    let place = named(begun("wrapper"));
    keep(&place, "receipt.json", &[&report_now(&place, &[])]);
    crate::answers::settle_lately(&place);
    let run = verify(&place, &[]);
    assert!(
        run.code == 3 && run.out.contains("answers.toml is new; screen.txt (evidence) is not in"),
        "{}",
        run.all()
    );
}

/// A file that was invalid when it was checked was never checked: that is an error, and reported as one.
#[test]
fn a_wrong_file_that_did_not_change_is_a_mistake() {
    let place = full();
    place.edit("[failure]", "[failures]");
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let mut report: Report = serde_json::from_str(&text).unwrap();
    let sha256 = <sha2::Sha256 as sha2::Digest>::digest(place.project());
    report.inputs[0].sha256 = Some(greenlight::model::text::hex(&sha256));
    keep(&place, "receipt.json", &[&report.sealed()]);
    let run = verify(&place, &[]);
    assert!(run.code == 2 && run.err.contains("failures"), "{}", run.all());
}

/// The same files in another folder, as a deploy job checks them out, count as the same.
#[test]
fn another_checkout_is_as_good_and_another_project_is_not() {
    let place = full();
    let copy = place.copy();
    judged(&copy, 0, &[]);
    let other = named(cleared());
    fs_err::copy(place.path().join("receipt.json"), other.path().join("receipt.json")).unwrap();
    let run = verify(&other, &[]);
    assert_eq!(run.code, 3, "called the same, made of other files: {}", run.all());
}
