//! `greenlight compare`: the same shots by several routes, projects and receipts side by side.

use greenlight::{
    judge::rules,
    load::{self, LoadError, Loaded},
};
use rstest::rstest;
use serde_json::Value;

use crate::{
    answers::{REFUNDED, begun, settle, settled},
    support::{NOW, Sample, ran},
};

/// The sample of the wrapper route, with what people found out about its provider.
fn sample() -> Sample {
    let sample = Sample::of("wrapper");
    sample.edit("provider = \"acme\"", "provider = \"fal\"");
    settle(&sample, |answer| (answer.check.as_str() != "wrapper.refunds").then_some(answer));
    sample
}

fn compared(sample: &Sample, args: &[&str]) -> crate::support::Ran {
    ran(sample.greenlight(&["compare", "--at", NOW]).args(args))
}

const ROUTES: [&str; 6] = ["--project", ".", "api", "app", "wrapper:fal", "wrapper:replicate"];

/// What a buyer reads who knows nothing about the program.
#[test]
fn the_routes_of_a_project_side_by_side() {
    let told = compared(&sample(), &ROUTES);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.all());
    insta::assert_snapshot!("compare_table", told.out);
    let page = compared(&sample(), &[&ROUTES[..], &["--format", "markdown"]].concat());
    // How much room the disk has is not part of it.
    insta::with_settings!({filters => vec![(r"[0-9.]+ GiB free", "[ROOM] GiB free")]}, {
        insta::assert_snapshot!("compare_markdown", page.out);
    });
}

fn column(json: &Value, name: &str) -> usize {
    let columns = json["columns"].as_array().unwrap();
    columns.iter().position(|column| column["name"] == name).unwrap_or_else(|| panic!("{name}: {columns:?}"))
}

/// An answer and a price belong to one owner, and count for no other.
#[test]
fn answers_about_one_owner_do_not_count_for_another() {
    let sample = sample();
    let json = compared(&sample, &[&ROUTES[..], &["--format", "json"]].concat()).json();
    let (fal, replicate) = (column(&json, "wrapper (fal)"), column(&json, "wrapper (replicate)"));
    let row = |topic: &str| {
        let rows = json["mandatory"].as_array().unwrap();
        rows.iter().find(|row| row["topic"] == topic).unwrap_or_else(|| panic!("{topic}")).clone()
    };
    let support = row("support");
    assert_eq!(support["cells"][fal]["verdict"], "pass");
    assert_eq!(support["cells"][fal]["rests-on"], serde_json::json!(["page", "file"]));
    assert_eq!(support["cells"][replicate]["verdict"], "unknown");
    assert_eq!((&support["differs"], &row("likeness")["differs"]), (&true.into(), &true.into()));
    let all = json["prices"].as_array().unwrap().last().unwrap();
    assert_eq!(all["cells"][fal]["known"]["by"], "quote");
    assert_eq!(all["cells"][column(&json, "api (xai)")]["known"]["owner"], "xai");
    assert_eq!(all["cells"][replicate]["unknown"], "no quote is recorded");
    // No column says that a key is missing on this machine.
    let open =
        json["columns"].as_array().unwrap().iter().flat_map(|column| column["open"].as_array().unwrap());
    assert!(open.into_iter().all(|open| open["verdict"] != "fail"), "{json:#}");
}

/// A receipt contains the provider's replies; a project alone does not.
#[test]
fn receipts_and_projects_stand_side_by_side() {
    let sample = settled();
    let json = ["check", "--rehearse", "--at", NOW, "--format", "json"];
    for (provider, file) in [("fal", "fal.json"), ("acme", "acme.json")] {
        sample.edit("provider = \"acme\"", &format!("provider = \"{provider}\""));
        let receipt = ran(&mut sample.greenlight(&json));
        sample.write(file, &receipt.out);
        sample.edit(&format!("provider = \"{provider}\""), "provider = \"acme\"");
    }
    let told = compared(&sample, &["fal.json", "acme.json", ".", "--all"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.all());
    assert!(told.out.contains("note: from a receipt of 2026-11-22 10:04 UTC"), "{}", told.out);
    let json = compared(&sample, &["fal.json", ".", "--format", "json"]).json();
    let key = json["mandatory"].as_array().unwrap().iter().find(|row| row["topic"] == "key").unwrap().clone();
    assert_eq!((&key["cells"][0]["verdict"], &key["cells"][1]), (&"pass".into(), &Value::Null));
    assert_eq!(json["columns"][1]["qualifies"], "yes");
    let text = fs_err::read_to_string(sample.path().join("acme.json")).unwrap();
    sample.write("edited.json", &text.replace("\"xyz\"", "").replacen("\"seen\": \"", "\"seen\": \"x", 1));
    assert!(compared(&sample, &["edited.json", "."]).out.contains("note: the receipt was edited"));
}

/// On a terminal, rows without a difference are only counted; a page to print has all of them.
#[test]
fn a_page_holds_every_row() {
    let told = compared(&sample(), &ROUTES);
    assert!(!told.out.contains("`--all` shows"), "{}", told.out);
    assert_eq!(told.out, compared(&sample(), &[&ROUTES[..], &["--all"]].concat()).out);
}

#[rstest]
#[case::no_column(&[], "<COLUMN>")]
#[case::one_column(&["."], "there is nothing to compare it with")]
#[case::no_project(&["api", "wrapper:fal"], "pass `--project FILE` too")]
#[case::no_provider(&["--project", ".", "api", "wrapper"], "name the wrapper too, such as `wrapper:fal`")]
#[case::no_wrapper(&["--project", ".", "api", "wrapper:xai"], "`xai` isn't a wrapper")]
#[case::another_owner(&["--project", ".", "app", "api:fal"], "this route belongs to `xai`")]
#[case::no_route(&["--project", ".", "api", "fal"], "`fal` is not a route")]
#[case::no_receipt(&["gone.json", "."], "cannot read receipt `gone.json`")]
#[case::no_such_project(&["gone", "."], "gone")]
#[case::a_receipt_of_nothing(&["bad.json", "."], "`bad.json` is not a receipt")]
fn an_invalid_column_is_refused(#[case] args: &[&str], #[case] says: &str) {
    let place = begun("wrapper");
    place.write("bad.json", "{}");
    assert_eq!(ran(&mut place.greenlight(&REFUNDED)).code, 0);
    let told = compared(&place, args);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
}

fn by(choice: &str) -> Result<(Loaded, Vec<String>), LoadError> {
    let place = Sample::empty();
    let shot = "[[shot]]\nid = \"boat\"\nmode = \"text-to-video\"\nmodel = \"xai/grok-imagine-video/text-to-video\"\n\
                duration = 6\nprompt = \"A paper boat drifts.\"\n";
    let header =
        "[project]\nname = \"Boats\"\nroute = \"wrapper\"\nprovider = \"fal\"\naccount = \"team-1\"\n";
    place.write("greenlight.toml", &format!("{header}\n{shot}"));
    load::project_by(&place.path(), "greenlight.toml".into(), &choice.parse().unwrap(), &rules::known())
}

#[rstest]
#[case("wrapper:fal", "xai/grok-imagine-video/text-to-video", "fal", Some("team-1"))]
#[case("wrapper:replicate", "xai/grok-imagine-video", "replicate", None)]
#[case("wrapper:venice", "grok-imagine-text-to-video-private", "venice", None)]
#[case("wrapper:acme", "xai/grok-imagine-video/text-to-video", "acme", None)]
#[case("api", "grok-imagine-video", "xai", None)]
#[case("app", "xai/grok-imagine-video/text-to-video", "xai", None)]
fn the_same_shots_go_by_the_names_of_the_route(
    #[case] choice: &str,
    #[case] model: &str,
    #[case] provider: &str,
    #[case] account: Option<&str>,
) {
    let (loaded, remarks) = by(choice).unwrap();
    let project = &loaded.project;
    assert_eq!((project.shots[0].model.as_str(), project.provider.as_str()), (model, provider));
    assert_eq!(project.account.as_deref(), account);
    assert_eq!(remarks.is_empty(), model == "xai/grok-imagine-video/text-to-video", "{remarks:?}");
    assert_eq!(loaded.checklist.route, Some(project.route));
}

#[rstest]
#[case("wrapper", "name the wrapper too")]
#[case("wrapper:FAL", "`FAL` is written `fal` here")]
#[case("wrapper:a b", "is not a provider's id")]
fn a_wrapper_without_a_known_provider_is_refused(#[case] choice: &str, #[case] says: &str) {
    let error = by(choice).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

/// A project's checks of itself apply on every route, and those for one route only there.
#[test]
fn checks_of_ones_own_stand_where_they_belong() {
    let place = begun("wrapper");
    let check = |id: &str| {
        format!(
            "[[check]]\nid = \"{id}\"\nrow = \"cost\"\ntitle = \"{id}\"\nseverity = \"block\"\nwhy = \"why\"\nfix = \"fix\"\nsource = {{ url = \"https://example.com\", as-of = 2026-11-01 }}\nquestion = {{ ask = \"Is it so?\", type = \"yes-no\", pass = [\"yes\"], valid-for = \"90d\" }}\n"
        )
    };
    place.write("house.toml", &format!("id = \"house\"\nreviewed = 2026-11-22\n{}", check("house.rule")));
    place.write(
        "wrap.toml",
        &format!(
            "id = \"wrap\"\nextends = \"wrapper\"\nroute = \"wrapper\"\nreviewed = 2026-11-22\n{}",
            check("wrap.rule")
        ),
    );
    place.edit("[project]\n", "[project]\nchecklists = [\"house.toml\", \"wrap.toml\"]\n");
    let json = compared(&place, &["--project", ".", "api", "wrapper:acme", "--format", "json"]).json();
    let cells = |topic: &str| {
        let rows = json["mandatory"].as_array().unwrap();
        let row = rows.iter().find(|row| row["topic"] == topic).unwrap_or_else(|| panic!("{topic}"));
        row["cells"].as_array().unwrap().iter().map(|cell| !cell.is_null()).collect::<Vec<_>>()
    };
    assert_eq!((cells("house.rule"), cells("wrap.rule")), (vec![true, true], vec![false, true]));
}
