//! Completions and manual pages: generated from the command line definition, and usable.

use std::{io::Write as _, process::Stdio};

use greenlight::{cli, exit::Exit};
use rstest::rstest;

use crate::support::{Sample, greenlight, ran};

fn verbs() -> Vec<String> {
    cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect()
}

#[rstest]
fn completions_know_every_verb(
    #[values("bash", "zsh", "fish", "powershell", "elvish", "nushell")] shell: &str,
) {
    let script = ran(&mut greenlight(&["completions", shell]));
    assert_eq!((script.code, script.err.as_str()), (0, ""));
    for verb in verbs() {
        assert!(script.out.contains(&verb), "{shell} has no {verb}");
    }
    // `clap_complete` writes no values for the other two.
    let with_values = !["powershell", "elvish"].contains(&shell);
    for word in ["no-credits", "cut-after-accept", "replicate"] {
        assert_eq!(script.out.contains(word), with_values, "{shell} {word}");
    }
    for flag in ["base-url", "not-applicable", "no-such-flag"] {
        assert_eq!(script.out.contains(flag), flag != "no-such-flag", "{shell} --{flag}");
    }
}

#[rstest]
#[case::a_verb(&["compl"], "completions")]
#[case::a_check(&["explain", "api.key-acc"], "api.key-accepted")]
#[case::a_check_of_a_wrapper(&["answer", "fal.job-est"], "fal.job-estimate")]
#[case::a_row_or_a_check(&["check", "--only", "acc"], "access")]
#[case::a_scenario(&["check", "--rehearse", "no-cred"], "no-credits")]
#[case::a_play(&["standin", "--play", "cut-after"], "cut-after-accept")]
#[case::a_provider(&["conform", "--provider", "repl"], "replicate")]
fn bash_completes(#[case] typed: &[&str], #[case] with: &str) {
    let script = ran(&mut greenlight(&["completions", "bash"])).out;
    let (words, last, at) = (typed.join(" "), typed.last().unwrap(), typed.len());
    let before = typed.iter().rev().nth(1).unwrap_or(&"greenlight");
    let asked = format!(
        "COMP_WORDS=(greenlight {words}); COMP_CWORD={at}; _greenlight greenlight {last} {before}; echo \"${{COMPREPLY[@]}}\""
    );
    let mut bash = std::process::Command::new("bash");
    let mut child =
        bash.arg("-e").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{script}\n{asked}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{with}\n"));
}

#[test]
fn fish_completes_the_words_that_stand_without_a_flag() {
    let script = ran(&mut greenlight(&["completions", "fish"])).out;
    let line = "complete -c greenlight -n \"__fish_greenlight_using_subcommand explain\" -f -a 'api.key-accepted' -d ";
    assert!(script.lines().any(|found| found.starts_with(line)), "{script}");
}

#[test]
fn an_unknown_shell_is_told_which_are_known() {
    let told = ran(&mut greenlight(&["completions", "tcsh"]));
    assert_eq!(told.code, 2);
    assert!(told.err.contains("bash") && told.err.contains("nushell"), "{}", told.err);
}

/// A page without its text: its title and its sections.
fn skeleton(page: &str) -> String {
    page.lines()
        .filter(|line| [".TH", ".SH"].iter().any(|head| line.starts_with(head)))
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[test]
fn pages_have_their_sections() {
    let version = format!("greenlight {}", env!("CARGO_PKG_VERSION"));
    for (name, args) in [("greenlight", &["man"][..]), ("check", &["man", "check"])] {
        let page = ran(&mut greenlight(args));
        assert_eq!(page.code, 0, "{}", page.all());
        insta::assert_snapshot!(
            format!("man-{name}"),
            skeleton(&page.out).replace(&version, "greenlight VERSION")
        );
    }
}

#[test]
fn every_page_tells_variables_and_exit_codes() {
    let sample = Sample::empty();
    let written = ran(&mut sample.greenlight(&["man", "--dir", "man1"]));
    assert_eq!(written.code, 0, "{}", written.all());
    let names = verbs().into_iter().map(|verb| format!("greenlight-{verb}")).chain(["greenlight".to_owned()]);
    for name in names {
        let page = fs_err::read_to_string(sample.path().join(format!("man1/{name}.1"))).unwrap();
        let (_, environment) = page.split_once(".SH ENVIRONMENT").unwrap_or_else(|| panic!("{name}"));
        let (variables, codes) =
            environment.split_once(".SH \"EXIT STATUS\"").unwrap_or_else(|| panic!("{name}"));
        assert!(variables.contains("GREENLIGHT_COLOR") && variables.contains("\\-\\-color"), "{name}");
        for exit in Exit::ALL {
            assert!(
                codes.contains(&format!("\\fB{}\\fR", exit.code())),
                "{name} does not tell {}",
                exit.code()
            );
        }
        if let Some(verb) = name.strip_prefix("greenlight-") {
            assert_eq!(page, ran(&mut greenlight(&["man", verb])).out);
        }
    }
    let check = fs_err::read_to_string(sample.path().join("man1/greenlight-check.1")).unwrap();
    assert!(
        check.contains("GREENLIGHT_TIMEOUT")
            && !check.contains("GREENLIGHT_BASE_URL")
            && check.contains("read\\-only calls"),
        "{check}"
    );
}

#[test]
fn there_is_no_page_of_what_is_no_verb() {
    let told = ran(&mut greenlight(&["man", "fly"]));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("`fly`"), "{}", told.err);
}

#[test]
fn every_verb_says_at_length_what_it_does() {
    for verb in verbs() {
        let (short, long) =
            (ran(&mut greenlight(&[&verb, "-h"])).out, ran(&mut greenlight(&[&verb, "--help"])).out);
        let about = |text: &str| text.split_once("Usage:").map(|(about, _)| about.lines().count());
        assert!(about(&long) > about(&short), "{verb} --help says no more than -h: {long}");
        assert!(long.contains("GREENLIGHT_COLOR") && !short.contains("GREENLIGHT_"), "{verb}");
    }
}
