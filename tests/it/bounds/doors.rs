//! Files that need more time or memory than any honest one.

use rstest::rstest;

use crate::support::{NOW, Ran, Sample, ran};

const HEAD: &str = "id = \"own\"\nextends = \"api\"\nreviewed = 2026-11-22\n";
const SOURCE: &str = "source = { url = \"https://own.example/faults\", as-of = 2026-11-20 }\n";

/// The sample of the official route with a checklist of its own.
pub(super) fn with(own: &str) -> Sample {
    let sample = Sample::of("api");
    sample.write("own.toml", &format!("{HEAD}\n{own}"));
    sample.edit("[project]\n", "[project]\nchecklists = [\"own.toml\"]\n");
    sample
}

/// A project's own check of the reply to a probe.
pub(super) fn check(id: &str, probe: &str, expect: &str) -> String {
    format!(
        "[[check]]\nid = \"own.{id}\"\nrow = \"access\"\ntitle = \"{id}\"\nseverity = \"block\"\nprobe = \"{probe}\"\n\
         expect = [{expect}]\nwhy = \"w\"\nfix = \"f\"\n{SOURCE}\n"
    )
}

/// Runs a verb that must refuse what it reads.
fn refused(sample: &Sample, args: &[&str], says: &[&str]) -> Ran {
    let run = ran(&mut sample.greenlight(args));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    for part in says {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    run
}

fn patterns(count: usize) -> String {
    let one = |at: usize| format!("{{ matches = \"{at}x\" }}");
    let all: Vec<_> = (0..count).map(one).collect();
    check("many", "api-key", &format!("{{ body = true, any-of = [{}] }}", all.join(", ")))
}

#[rstest]
#[case::patterns(
    patterns(401),
    "error[too-many]: a project's checklists have at most 400 regular expressions",
    "= help: use `one-of`"
)]
#[case::a_large_pattern(
    check("one", "api-key", "{ body = true, matches = \"\\\\w{99}\" }"),
    "error[bad-regex]: Compiled regex exceeds size limit of 131072 bytes",
    "own.toml:11:"
)]
#[case::tables("[[check]]\n".repeat(10_001), "error[too-many]: a checklist has at most 10000 tables of a name", "= help: split the checklist")]
#[case::headers("[[check]]\n".repeat(50_001), "error[too-many]: a file has at most 50000 `[[…]]` headers", "= help: split the file")]
#[case::indented_headers("\t [[check]]\n".repeat(50_001), "error[too-many]: a file has at most 50000 `[[…]]` headers", "= help: split the file")]
#[case::a_deep_key(format!("a{} = 1\n", ".a".repeat(40_000)), "error[too-deep]: a key has at most 500 dots", "= help: the deepest key")]
#[case::a_deep_quoted_key(format!("a{} = 1\n", ". \"é\" ".repeat(40_000)), "error[too-deep]: a key has at most 500 dots", "= help: the deepest key")]
fn a_checklist_that_asks_for_too_much_is_refused(
    #[case] own: String,
    #[case] says: &str,
    #[case] next: &str,
) {
    let sample = with(&own);
    refused(&sample, &["check", "--offline"], &[says, next]);
    refused(&sample, &["lint", "own.toml"], &[says, next]);
}

/// Each lacks every required key: mistakes are collected in one pass, and their number is limited.
#[test]
fn the_mistakes_of_empty_tables_are_limited() {
    let run =
        refused(&with(&"[[check]]\n".repeat(9_000)), &["check", "--offline"], &["error: 1000 mistakes"]);
    assert!(run.err.len() < 100_000, "{}", run.err.len());
}

#[rstest]
#[case::references("\nreferences = [", "\"r{}.png\", ", "shot `many` has more than 100 references")]
fn a_shot_with_too_much_is_refused(#[case] begin: &str, #[case] each: &str, #[case] says: &str) {
    let sample = Sample::of("api");
    let all: String = (0..101).map(|at| each.replace("{}", &at.to_string())).collect();
    let shot =
        format!("\n[[shot]]\nid = \"many\"\nmode = \"reference-to-video\"\nmodel = \"m\"{begin}{all}]\n");
    sample.write("greenlight.toml", &(sample.project() + &shot));
    refused(&sample, &["check", "--offline"], &[says]);
}

#[rstest]
#[case::checklists("checklists")]
#[case::catalogues("catalogues")]
fn a_project_of_too_many_files_is_refused(#[case] key: &str) {
    let sample = Sample::of("api");
    let names = (0..101).map(|at| format!("\"c{at}.toml\"")).collect::<Vec<_>>().join(", ");
    for at in 0..101 {
        sample.write(&format!("c{at}.toml"), "");
    }
    sample.edit("[project]\n", &format!("[project]\n{key} = [{names}]\n"));
    refused(&sample, &["check", "--offline"], &[&format!("`[project]` has more than 100 {key}")]);
}

/// A project of many shots, each of which many checks are repeated for.
fn many_for_each(checks: usize, shots: usize) -> Sample {
    let sample = with(
        &(0..checks)
            .map(|at| {
                format!(
                    "[[check]]\nid = \"own.c-{at}\"\nrow = \"access\"\nfor-each = \"shot\"\ntitle = \"t\"\nseverity = \"block\"\n\
                     why = \"w\"\nfix = \"f\"\nsource = {{ url = \"https://example.com\", as-of = 2026-11-20 }}\n\
                     question = {{ ask = \"q?\", type = \"yes-no\", pass = [\"yes\"], valid-for = \"30d\" }}\n"
                )
            })
            .collect::<Vec<_>>()
            .concat(),
    );
    let text = fs_err::read_to_string(sample.path().join("greenlight.toml")).unwrap();
    let (head, shot) = text.split_once("[[shot]]").unwrap();
    let (shot, _) = shot.split_once("[[shot]]").unwrap_or((shot, ""));
    let named = |at| format!("[[shot]]{}", shot.replacen("\"opening\"", &format!("\"s{at}\""), 1));
    let shots = (0..shots).map(named).collect::<Vec<_>>().concat();
    sample.write("greenlight.toml", &format!("{head}{shots}"));
    sample
}

#[test]
fn a_run_with_too_much_to_judge_is_refused() {
    let hint = "hint: check fewer shots or fewer projects at once";
    let one = many_for_each(150, 200);
    refused(
        &one,
        &["check", "--offline"],
        &["`greenlight.toml` would make 32", "a run has at most 30000", hint],
    );
    let several = many_for_each(200, 80);
    fs_err::create_dir(several.path().join("b")).unwrap();
    for file in ["greenlight.toml", "own.toml"] {
        fs_err::copy(several.path().join(file), several.path().join("b").join(file)).unwrap();
    }
    refused(&several, &["check", "--offline", ".", "b"], &["these 2 projects would make 3", hint]);
}

/// Two bytes of a document can become a value that takes a hundred.
#[test]
fn a_receipt_or_transcript_of_too_many_values_is_refused() {
    let sample = Sample::of("api");
    let zeros = "0,".repeat(1_000_001);
    sample.write("zeros.json", &format!("{{\"schema-version\": 1, \"reports\": [], \"x\": [{zeros}0]}}"));
    refused(
        &sample,
        &["verify", "zeros.json"],
        &["`zeros.json` has more than 1000000 values", "hint: check fewer projects at once"],
    );
    refused(&sample, &["check", "--replay", "zeros.json"], &["its replies have more than 1000000 values"]);
}

#[test]
fn a_receipt_of_too_many_reports_is_refused() {
    let sample = Sample::of("api");
    let mut whole =
        ran(&mut sample.greenlight(&["check", ".", ".", "--offline", "--at", NOW, "--format", "json"]))
            .json();
    let report = whole["reports"][0].clone();
    let mut small = report.clone();
    for list in ["findings", "inputs", "calls", "answers", "waivers", "checks"] {
        if small[list].is_array() {
            small[list] = serde_json::json!([]);
        }
    }
    whole["reports"] = std::iter::repeat_n(small, 1001).collect();
    sample.write("many.json", &whole.to_string());
    refused(
        &sample,
        &["verify", "many.json"],
        &["`many.json` has more than 1000 reports", "hint: check fewer projects"],
    );
}

#[rstest]
#[case::answers("answers.toml", 8 << 20, "8 MiB", "hint: move answers that have expired to another file")]
#[case::checklist("own.toml", 4 << 20, "4 MiB", "hint: check that it is the file you meant, or split it")]
fn a_file_that_is_too_large_is_refused_with_what_to_do(
    #[case] name: &str,
    #[case] most: u64,
    #[case] size: &str,
    #[case] next: &str,
) {
    let sample = with("");
    fs_err::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(sample.path().join(name))
        .unwrap()
        .set_len(most + 1)
        .unwrap();
    refused(&sample, &["check", "--offline"], &[name, &format!("it is larger than {size}"), next]);
}
