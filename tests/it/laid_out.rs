//! Text that is cut into lines and cells shows no key, even in a form whose pieces don't look like it.

use rstest::rstest;

use crate::support::{NOW, Sample, ran};

const KEY: &str = "xai-Q7zW3kP9mT2vB8nL5rX4cJ6hD1gF0sAyU7iO";

fn escaped(one: impl Fn(u8) -> String) -> String {
    KEY.bytes().map(one).collect::<Vec<_>>().concat()
}

/// A project whose only check has the key in each of its texts.
fn project(form: &str) -> Sample {
    let sample = Sample::of("api");
    let text = format!("a {form} b");
    let quoted = toml::Value::from(text.as_str());
    let check = format!(
        "id = \"own\"\nroute = \"api\"\nreviewed = 2026-11-22\n\n[[check]]\nid = \"own.page\"\nrow = \"access\"\ntitle = {quoted}\nseverity = \"block\"\n\
         question = {{ ask = {quoted}, type = \"yes-no\", pass = [\"yes\"], valid-for = \"90d\" }}\nwhy = {quoted}\nfix = {quoted}\n\
         source = {{ url = \"https://docs.x.ai\", as-of = 2026-11-22 }}\n"
    );
    sample.write("own.toml", &check);
    let name = sample.project().lines().find(|line| line.starts_with("name")).unwrap().to_owned();
    sample.edit(&name, &format!("name = {quoted}\nchecklists = [\"own.toml\"]"));
    sample
}

/// The escapes of JSON, XML and addresses take up to eight characters for each of the key, so a line of a cell holds
/// only a few of them.
#[rstest]
#[case::json(&escaped(|byte| format!("\\u{byte:04x}")), "\\u00")]
#[case::xml(&escaped(|byte| format!("&#{byte:07};")), "&#0")]
#[case::percent(&escaped(|byte| format!("%25252525{byte:02x}")), "%2525")]
#[case::plain(KEY, "Q7zW")]
fn a_key_is_covered_before_it_is_cut_into_lines(#[case] form: &str, #[case] piece: &str) {
    let sample = project(form);
    for (args, columns) in [
        (&["check", "--offline", "--at", NOW, "--report", "table=out.txt"] as &[&str], "60"),
        (&["check", "--offline", "--at", NOW], "33"),
        (&["explain", "own.page"], "40"),
    ] {
        let mut command = sample.greenlight(args);
        let run = ran(command.env("XAI_API_KEY", KEY).env("COLUMNS", columns));
        assert!([0, 1, 3].contains(&run.code), "{}", run.all());
        assert!(!run.all().contains(piece) && run.out.contains("***"), "{args:?}: {}", run.all());
    }
    let report = fs_err::read_to_string(sample.path().join("out.txt")).unwrap();
    assert!(!report.contains(piece) && report.contains("***"), "{report}");
}
