//! A receipt of several projects clears only those whose files are at hand, never just the folder it is in.

use greenlight::model::report::digest;

use super::*;

/// Two cleared projects, each in its own folder, and a receipt of both, as one run writes it.
fn two() -> Sample {
    let place = named(cleared());
    for folder in ["a", "b"] {
        fs_err::create_dir(place.path().join(folder)).unwrap();
        for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
            fs_err::copy(place.path().join(file), place.path().join(folder).join(file)).unwrap();
        }
    }
    let text = place.project();
    place.write("b/greenlight.toml", &format!("# the other one\n{text}"));
    for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
        fs_err::remove_file(place.path().join(file)).unwrap();
    }
    check(&place, &["a", "b"], 0);
    place
}

fn check(place: &Sample, projects: &[&str], code: i32) {
    let run = ran(place.greenlight(&["check", "--report", "json=receipt.json"]).args(projects));
    assert_eq!(run.code, code, "{}", run.all());
}

/// The receipt, changed by hand.
fn edit(place: &Sample, change: impl FnOnce(&mut Value)) {
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let mut value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    place.write("receipt.json", &value.to_string());
}

/// Changes the reports and seals each of them and the whole again.
fn forge(place: &Sample, change: impl FnOnce(&mut Vec<Report>)) {
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let mut reports: Vec<Report> = serde_json::from_value(value["reports"].clone()).unwrap();
    change(&mut reports);
    let reports = reports.into_iter().map(Report::sealed).collect();
    let batch = greenlight::model::report::Batch { reports, several: true };
    let style = greenlight::render::Style::new(80, false);
    place
        .write("receipt.json", &greenlight::render::render(&batch, greenlight::render::Format::Json, &style));
}

fn rename(report: &mut Report, path: &str) {
    path.clone_into(&mut report.inputs[0].path);
}

/// Each list of checks is stored once, and is compared with the files for every project.
#[test]
fn what_checks_say_stands_once_and_cannot_be_edited() {
    let place = two();
    let mut first = String::new();
    edit(&place, |receipt| {
        let lists = receipt["checks"].as_object_mut().unwrap();
        assert_eq!(lists.len(), 1);
        let mut list = lists.values().next().unwrap().as_array().unwrap().clone();
        list[0]["why"] = json!("no reason at all");
        list[0]["id"].as_str().unwrap().clone_into(&mut first);
        // With a digest that fits, and reports that name it.
        let named = greenlight::model::reported::digest_of_list(&list);
        *lists = [(named.clone(), list.into())].into_iter().collect();
        for report in receipt["reports"].as_array_mut().unwrap() {
            report["checks"] = named.clone().into();
            report["digest"] = digest(report.clone()).into();
        }
        receipt["digest"] = digest(receipt.clone()).into();
    });
    let run = verify(&place, &["--format", "json"]);
    assert_eq!((run.code, broken(&run)), (3, vec!["same-findings".to_owned(); 2]), "{}", run.out);
    assert_eq!(run.out.matches(&format!("{first}: different why")).count(), 2, "{}", run.out);
    edit(&place, |receipt| receipt["checks"] = json!({}));
    let run = verify(&place, &["--format", "json"]);
    assert_eq!(
        (run.code, broken(&run)),
        (3, ["intact", "same-findings", "intact", "same-findings"].map(str::to_owned).to_vec())
    );
}

#[test]
fn all_are_verified_or_those_that_are_named() {
    let place = two();
    let both = verify(&place, &[]);
    assert_eq!(both.code, 0, "{}", both.all());
    assert!(both.out.contains("2 of 2 projects cleared"), "{}", both.out);
    place.write("a/answers.toml", "");
    let (all, one, other) =
        (verify(&place, &[]), verify(&place, &["--project", "a"]), verify(&place, &["--project", "b"]));
    assert_eq!((all.code, one.code, other.code), (3, 3, 0), "{}", all.all());
    insta::assert_snapshot!(dateless(&all.all()));
    let nowhere = verify(&place, &["--project", "b", "--project", "nowhere"]);
    assert_eq!(nowhere.code, 2, "{}", nowhere.all());
}

#[test]
fn a_folder_with_a_project_of_its_own_is_not_cleared_by_others() {
    let place = two();
    let own = named(cleared());
    for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
        fs_err::copy(own.path().join(file), place.path().join(file)).unwrap();
    }
    let run = verify(&place, &[]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("2 of 3 projects cleared"), "{}", run.all());
    assert!(run.out.contains("✗ present"), "{}", run.all());
    assert_eq!(verify(&place, &["--project", "a", "--project", "b"]).code, 0, "those are meant");
}

/// `check` in this folder would judge the project above.
#[test]
fn the_project_above_is_this_folders_too() {
    let place = two();
    let own = named(cleared());
    let tools = place.path().join("tools");
    fs_err::create_dir(&tools).unwrap();
    for folder in ["a", "b"] {
        fs_err::rename(place.path().join(folder), tools.join(folder)).unwrap();
    }
    fs_err::rename(place.path().join("receipt.json"), tools.join("receipt.json")).unwrap();
    let verify = || ran(place.greenlight(&["verify", "receipt.json"]).current_dir(&tools));
    assert_eq!(verify().code, 0, "{}", verify().all());
    fs_err::copy(own.path().join("greenlight.toml"), place.path().join("greenlight.toml")).unwrap();
    let run = verify();
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("../greenlight.toml") && run.out.contains("✗ present"), "{}", run.out);
}

#[test]
fn where_a_project_is_not_it_is_not_cleared() {
    let place = two();
    fs_err::remove_dir_all(place.path().join("b")).unwrap();
    let run = verify(&place, &[]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("`b/greenlight.toml` cannot be read: file not found"), "{}", run.all());
    // In another folder, it is none of them.
    let elsewhere = named(cleared());
    fs_err::copy(place.path().join("receipt.json"), elsewhere.path().join("receipt.json")).unwrap();
    let run = verify(&elsewhere, &[]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("0 of 3 projects cleared"), "{}", run.all());
}

/// A path that leads out of this folder would clear a project that no one here asked about.
#[test]
fn a_project_that_is_named_elsewhere_is_not_believed_to_be_at_hand() {
    let place = two();
    let absolute = place.path().join("a/greenlight.toml");
    for path in
        ["../a/greenlight.toml", absolute.as_str(), "b/../../a/greenlight.toml", "a/../a/greenlight.toml"]
    {
        forge(&place, |reports| rename(&mut reports[0], path));
        let run = verify(&place, &[]);
        assert_eq!(run.code, 3, "{path}: {}", run.all());
        assert!(run.out.contains("--project"), "{path}: {}", run.all());
    }
    let run = ran(place.greenlight(&["verify", "../receipt.json"]).current_dir(place.path().join("b")));
    assert_eq!(run.code, 3, "{}", run.all());
    // If it is named by hand, it is clear what is meant.
    let run = verify(&place, &["--project", "a"]);
    assert_eq!(run.code, 0, "{}", run.all());
}

#[test]
fn a_report_that_names_no_file_must_be_told_which() {
    let place = two();
    forge(&place, |reports| reports[0].inputs.clear());
    let run = verify(&place, &[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
}

#[test]
fn a_project_that_is_not_in_the_receipt_holds() {
    let place = two();
    let own = named(begun("app"));
    fs_err::create_dir(place.path().join("c")).unwrap();
    fs_err::copy(own.path().join("greenlight.toml"), place.path().join("c/greenlight.toml")).unwrap();
    let run = verify(&place, &["--project", "b", "--project", "c"]);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.out.contains("the receipt contains no report on this project"), "{}", run.all());
}

/// Of two projects with identical text, each has its own answers and its own report.
#[test]
fn twins_are_not_taken_for_each_other() {
    let place = two();
    let text = fs_err::read_to_string(place.path().join("a/greenlight.toml")).unwrap();
    place.write("b/greenlight.toml", &text).write("b/answers.toml", "");
    check(&place, &["a", "b"], 3);
    let codes = ["a", "b"].map(|name| verify(&place, &["--project", name]).code);
    assert_eq!(codes, [0, 3]);
    // From its own folder, it is only recognised by its files.
    let from = |folder: &str| {
        let mut command = place.greenlight(&["verify", "../receipt.json", "--project", "greenlight.toml"]);
        ran(command.current_dir(place.path().join(folder)))
    };
    assert_eq!((from("a").code, from("b").code), (0, 3), "{}", from("b").all());
    // If all files are the same, the worst report counts.
    let answers = fs_err::read_to_string(place.path().join("a/answers.toml")).unwrap();
    place.write("b/answers.toml", &answers);
    check(&place, &["a", "b"], 0);
    assert_eq!(from("a").code, 0);
    forge(&place, |reports| no_go(&mut reports[1]));
    assert_eq!(from("a").code, 3);
}

#[test]
fn the_file_may_not_say_better_than_its_reports() {
    let place = two();
    forge(&place, |reports| hold(&mut reports[1]));
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    place.write("receipt.json", &text.replacen("\"decision\": \"HOLD\"", "\"decision\": \"GO\"", 1));
    let run = verify(&place, &["--project", "a", "--format", "json"]);
    assert_eq!(
        (run.code, broken(&run)),
        (3, vec!["intact".to_owned(), "consistent".to_owned()]),
        "{}",
        run.all()
    );
}

/// A report that closes the gate can't be taken out.
#[rstest]
#[case::a_report_less(|file: &mut Value| { file["reports"].as_array_mut().unwrap().remove(1); file["decision"] = json!("GO"); })]
#[case::turned_round(|file: &mut Value| file["reports"].as_array_mut().unwrap().reverse())]
#[case::one_twice(|file: &mut Value| { let one = file["reports"][0].clone(); file["reports"][1] = one; })]
#[case::no_digest(|file: &mut Value| { file.as_object_mut().unwrap().remove("digest"); })]
fn reports_are_sealed_together(#[case] change: fn(&mut Value)) {
    let place = two();
    edit(&place, change);
    let run = verify(&place, &["--project", "a", "--format", "json"]);
    assert_eq!((run.code, broken(&run)), (3, vec!["intact".to_owned()]), "{}", run.all());
}

#[test]
fn a_file_of_no_reports_clears_nothing() {
    let place = cleared();
    for version in [1, 2] {
        let text = format!("{{\"schema-version\": {version}, \"decision\": \"GO\", \"reports\": []}}");
        place.write("receipt.json", &text);
        let run = verify(&place, &[]);
        assert_eq!(run.code, 3, "{}", run.all());
    }
}
