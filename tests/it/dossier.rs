//! The dossier by the real binary: from the files at hand, from receipts of every kind, and into files.

use greenlight::model::report::Report;
use rstest::rstest;

use crate::{
    answers::{begun, settle, settled},
    support::{
        NOW, Ran, Sample, ran,
        receipts::{keep, named, report, report_now},
        steady,
    },
};

fn dossier(place: &Sample, args: &[&str]) -> Ran {
    ran(place.greenlight(&["report"]).args(args))
}

/// The text up to the annexes.
fn first_page(text: &str) -> String {
    let (page, _) = text.split_once("\n## A. ").unwrap_or_else(|| panic!("no annex: {text}"));
    let digest = regex::Regex::new("[0-9a-f]{64}").unwrap();
    digest.replace_all(&steady(page), "SHA-256").into_owned()
}

/// The decision's word.
fn word(text: &str) -> &str {
    text.lines().nth(2).unwrap().trim_start_matches("**").split("**").next().unwrap()
}

#[test]
fn a_project_that_goes_is_told_of_in_full() {
    let place = named(settled());
    let told = dossier(&place, &["--at", NOW]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.all());
    insta::assert_snapshot!(first_page(&told.out));
}

#[test]
fn the_clock_decides_and_any_other_time_does_not() {
    let place = settled();
    // Its answers are dated one day before the moment of the tests.
    for (at, wanted) in [(NOW, "would be GO"), ("2027-11-22", "would be HOLD")] {
        assert_eq!(word(&dossier(&place, &["--at", at]).out), wanted, "{at}");
    }
    assert_eq!(word(&dossier(&begun("wrapper"), &[]).out), "HOLD");
}

/// It succeeds when the document is written: the content is for its reader, and other verbs are the gates.
#[test]
fn it_ends_well_whatever_the_document_says() {
    let place = begun("wrapper");
    assert_eq!(dossier(&place, &[]).code, 0);
    assert_eq!(ran(&mut place.greenlight(&["check", "--offline"])).code, 3);
    place.edit("mode = \"text-to-video\"", "mode = \"edit\"");
    let told = dossier(&place, &[]);
    assert_eq!((told.code, word(&told.out)), (0, "NO-GO"), "{}", told.all());
}

#[test]
fn a_receipt_is_told_of_as_it_is_and_with_the_command_that_verifies_it() {
    let place = settled();
    let report = report(&place, &[]);
    keep(&place, "receipt.json", &[&report]);
    let told = dossier(&place, &["receipt.json"]);
    assert_eq!((told.code, word(&told.out)), (0, "GO"), "{}", told.all());
    assert!(told.out.contains(&report.digest), "{}", told.out);
    assert!(told.out.contains("<code>greenlight verify receipt.json</code>"), "{}", told.out);
    let findings = report.findings.len();
    assert!(told.out.contains(&format!("#### {findings}. ")), "{}", told.out);
    assert!(!told.out.contains(&format!("#### {}. ", findings + 1)), "{}", told.out);
    // The project need not exist.
    let elsewhere = Sample::empty();
    keep(&elsewhere, "receipt.json", &[&report]);
    assert_eq!(dossier(&elsewhere, &["receipt.json"]).out, told.out);
}

#[test]
fn the_command_that_it_names_verifies() {
    let place = settled();
    keep(&place, "a b.json", &[&report_now(&place, &["--offline"])]);
    let told = dossier(&place, &["a b.json"]);
    let line = told.out.lines().find(|line| line.starts_with("| Verify again")).unwrap();
    assert!(line.contains("<code>greenlight verify 'a b.json'</code>"), "{line}");
}

/// What a person reads about a receipt that was tampered with.
#[rstest]
#[case::edited(false, "NOT INTACT")]
#[case::sealed_again(true, "CONTRADICTORY")]
fn a_receipt_that_was_changed_is_told_as_such(#[case] seal: bool, #[case] says: &str) {
    let place = begun("wrapper");
    let mut report = report(&place, &[]);
    report.stated = greenlight::model::decision::Stated::decision(greenlight::model::decision::Decision::Go);
    let report: Report = if seal { report.sealed() } else { report };
    keep(&place, "receipt.json", &[&report]);
    let word = regex::Regex::new(r"\bGO\b").unwrap();
    for format in ["markdown", "html"] {
        let told = dossier(&place, &["receipt.json", "--format", format]);
        assert_eq!(told.code, 0, "{}", told.all());
        assert!(told.out.contains(says), "{}", told.out);
        assert!(!word.is_match(&told.out), "{}", told.out);
    }
}

#[test]
fn a_rehearsal_is_labelled() {
    let place = Sample::of("api");
    let run = ran(&mut place.greenlight(&["check", "--rehearse", "--format", "json"]));
    place.write("receipt.json", &run.out);
    let told = dossier(&place, &["receipt.json"]);
    assert!(word(&told.out).starts_with("would be "), "{}", told.out);
    assert!(told.out.contains("> **REHEARSAL (scenario healthy)**: this clears nothing."), "{}", told.out);
    assert!(told.out.contains("/v1/api-key</code> | 200 |"), "the call log: {}", told.out);
}

#[test]
fn one_of_several_projects_must_be_named() {
    let (place, other) = (settled(), begun("wrapper"));
    let mut second = report(&other, &[]);
    second.inputs[0].path = "plans/other.toml".to_owned();
    keep(&place, "all.json", &[&report(&place, &[]), &second.sealed()]);
    let told = dossier(&place, &["all.json"]);
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("`greenlight.toml`, `plans/other.toml`; name one with `--project FILE`"),
        "{}",
        told.err
    );
    let told = dossier(&place, &["all.json", "--project", "plans/other.toml"]);
    assert_eq!((told.code, word(&told.out)), (0, "HOLD"), "{}", told.all());
    assert!(
        told.out.contains("<code>greenlight verify all.json --project plans/other.toml</code>"),
        "{}",
        told.out
    );
    assert_eq!(word(&dossier(&place, &["all.json", "--project", "greenlight.toml"]).out), "GO");
    let told = dossier(&place, &["all.json", "--project", "third.toml"]);
    assert!(told.code == 2 && told.err.contains("it contains no report on `third.toml`"), "{}", told.all());
}

#[test]
fn it_is_written_whole_and_over_nothing_that_it_rests_on() {
    let place = settled();
    keep(&place, "receipt.json", &[&report(&place, &[])]);
    place.write("own.html", "{{ dossier.project.name }}");
    let told = dossier(&place, &["--format", "html", "--output", "out.html"]);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (0, "", "The dossier is in out.html.\n"));
    let page = fs_err::read_to_string(place.path().join("out.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert_eq!(dossier(&place, &["--output", "out.html"]).code, 0, "a dossier replaces an older one");
    let before = place.project();
    for (args, says) in [
        (&["--output", "greenlight.toml"][..], "it would overwrite the project `greenlight.toml`"),
        (&["--output", "./answers.toml"], "it would overwrite the answers `answers.toml`"),
        (&["receipt.json", "--output", "receipt.json"], "it would overwrite the receipt `receipt.json`"),
        (
            &["receipt.json", "--output", "greenlight.toml"],
            "it would overwrite the project `greenlight.toml`",
        ),
        (&["receipt.json", "--output", "answers.toml"], "it would overwrite the answers `answers.toml`"),
        (
            &["--format", "html", "--template", "own.html", "--output", "own.html"],
            "it would overwrite the template `own.html`",
        ),
        (&["--output", "."], "cannot write to `.`"),
        (&["--output", ".git/x.md"], "it is inside `.git`"),
    ] {
        let told = dossier(&place, args);
        assert!(told.code == 2 && told.out.is_empty() && told.err.contains(says), "{args:?}: {}", told.all());
    }
    assert_eq!(place.project(), before);
}

#[test]
fn a_template_of_ones_own_is_used_and_its_mistakes_are_told_with_their_lines() {
    let place = named(settled());
    place.write("own.html", "<h1>{{ dossier.project.name }}</h1>\n{{ dossier.headline.word }}\n");
    let told = dossier(&place, &["--at", NOW, "--format", "html", "--template", "own.html"]);
    assert_eq!(told.out, "<h1>Teaser</h1>\nwould be GO", "{}", told.all());
    for (template, says) in [
        ("\n{{ dossier.nothing.there }}", "`dossier.nothing` is undefined (line 2)"),
        ("{% include 'answers.toml' %}", "unknown statement include (line 1)"),
        ("{{ dossier.project.name", "(line 1)"),
        (
            "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
            "more than 20000000 steps",
        ),
    ] {
        place.write("own.html", template);
        let told = dossier(&place, &["--format", "html", "--template", "own.html"]);
        assert!(
            told.code == 2 && told.out.is_empty() && told.err.contains(says),
            "{template}: {}",
            told.all()
        );
    }
    place.write("own.html", &"x".repeat((1 << 20) + 1));
    let told = dossier(&place, &["--format", "html", "--template", "own.html"]);
    assert!(told.code == 2 && told.err.contains("cannot read `--template own.html`"), "{}", told.all());
    let told = dossier(&place, &["--template", "own.html"]);
    assert!(told.code == 2 && told.err.contains("it is for `--format html`"), "{}", told.all());
}

#[test]
fn what_an_answer_says_stays_text() {
    let place = begun("wrapper");
    let script = "<script>document.title = 'owned'</script> | **x** [y](javascript:z)";
    settle(&place, |answer| {
        Some(greenlight::model::answer::Answer {
            note: Some(script.to_owned()),
            by: script.to_owned(),
            ..answer
        })
    });
    let html = dossier(&place, &["--at", NOW, "--format", "html"]).out;
    assert!(html.contains("&lt;script&gt;document.title"), "{html}");
    assert!(!html.contains("<script") && !html.contains("href=\"javascript:"), "{html}");
    let markdown = dossier(&place, &["--at", NOW]).out;
    assert!(markdown.contains("&#60;script&#62;") && !markdown.contains("<script"), "{markdown}");
    assert!(!markdown.contains("**x**") && !markdown.contains("[y]("), "{markdown}");
}

#[test]
fn no_key_gets_into_the_document() {
    let place = settled();
    let key = "xai-invented-for-a-test-0123456789";
    let text = place.project().replacen("name = \"", &format!("name = \"{key} "), 1);
    place.write("greenlight.toml", &text);
    for format in ["markdown", "html"] {
        for args in [&["--format", format][..], &["--format", format, "--output", "out.txt"]] {
            let told = ran(place.greenlight(&["report"]).args(args).env("XAI_API_KEY", key));
            assert_eq!(told.code, 0, "{}", told.all());
            let file = fs_err::read_to_string(place.path().join("out.txt")).unwrap_or_default();
            assert!(!told.all().contains(key) && !file.contains(key), "{}", told.all());
        }
    }
}

#[test]
fn the_topics_of_the_first_page_are_those_of_the_checklists() {
    let list = ran(&mut crate::support::greenlight(&["list", "--format", "json"])).json();
    let known: Vec<_> = list.as_array().unwrap().iter().filter_map(|check| check["topic"].as_str()).collect();
    for topic in greenlight::render::dossier::topics() {
        // Nothing that ships asks for these two, so the page says that they are unknown.
        assert!(known.contains(&topic) || ["region", "bill"].contains(&topic), "{topic}");
    }
}

#[rstest]
#[case::html("dossier.html", &[], "<!doctype html>")]
#[case::markdown("dossier.md", &[], "# ")]
#[case::as_asked("dossier.html", &["--format", "markdown"], "# ")]
fn a_file_is_written_in_the_format_of_its_name(
    #[case] file: &str,
    #[case] args: &[&str],
    #[case] begins: &str,
) {
    let place = begun("wrapper");
    let told = dossier(&place, &[args, &["--output", file]].concat());
    assert_eq!(told.code, 0, "{}", told.err);
    let text = fs_err::read_to_string(place.path().join(file)).unwrap();
    assert!(text.to_ascii_lowercase().starts_with(begins), "{text:.200}");
}

#[test]
fn no_pdf_is_promised() {
    let place = begun("wrapper");
    let told = dossier(&place, &["--output", "dossier.pdf"]);
    assert!(told.code == 2 && told.err.contains("print that page"), "{}", told.all());
    assert!(!place.path().join("dossier.pdf").exists());
}
