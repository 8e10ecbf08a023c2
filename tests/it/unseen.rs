//! Characters that are invisible, or that reverse the line: no name may consist only of them, and every format shows
//! them by their numbers.

use std::{collections::BTreeSet, sync::LazyLock};

use rstest::rstest;

use crate::support::{Sample, ran};

/// A text that a terminal would act on, or show nothing of, as TOML writes it.
const TEXTS: [(&str, &str); 26] = [
    ("csi", "\\u001b[31mred"),
    ("private mode", "\\u001b[?1049h"),
    ("colon", "\\u001b[38:2:1:2:3m"),
    ("title", "\\u001b]0;owned\\u0007"),
    ("link", "\\u001b]8;;https://evil.example\\u001b\\\\here"),
    ("clipboard", "\\u001b]52;c;b3duZWQ=\\u0007"),
    ("dcs", "\\u001bPq\\u001b\\\\"),
    ("pm", "\\u001b^x\\u001b\\\\"),
    ("apc", "\\u001b_x\\u001b\\\\"),
    ("sos", "\\u001bXx\\u001b\\\\"),
    ("st", "\\u001b\\\\"),
    ("c1", "\\u0080\\u0085\\u008d\\u0090\\u009b2J\\u009d\\u009f"),
    ("reset", "\\u001bc"),
    ("bell", "\\u0007"),
    ("overwritten", "x\\rpass"),
    ("backspace", "x\\b\\bpass"),
    ("delete", "\\u007f"),
    ("nul", "\\u0000"),
    ("embedded", "a\\u202ab\\u202bc\\u202cd\\u202de\\u202e"),
    ("isolated", "a\\u2066b\\u2067c\\u2068d\\u2069"),
    ("marks", "a\\u200eb\\u200fc\\u061cd"),
    ("no width", "a\\u200bb\\u2060c\\ufeffd\\u00ade"),
    ("joiners", "a\\u200cb\\u200dc\\ufe0f"),
    ("lines", "a\\u2028b\\u2029c"),
    ("tags", "a\\U000e0041\\U000e007fb\\U000e0100"),
    ("fillers", "a\\u3164b\\u115fc\\u1160d\\uffa0\\ufff9"),
];

const FORMATS: [(&str, &str); 11] = [
    ("table", "t.txt"),
    ("json", "r.json"),
    ("sarif", "r.sarif"),
    ("junit", "r.xml"),
    ("tap", "r.tap"),
    ("markdown", "r.md"),
    ("github", "r.github"),
    ("prometheus", "r.prom"),
    ("nagios", "r.nagios"),
    ("in-toto", "r.intoto.json"),
    ("html", "r.html"),
];

/// A text as TOML reads it.
fn read(text: &str) -> String {
    let table: toml::Table = format!("text = \"{text}\"").parse().unwrap();
    table["text"].as_str().unwrap().to_owned()
}

/// The characters of a text that must become numbers: everything in [`TEXTS`] that isn't a plain letter or sign. This
/// does not ask the program which those are.
fn unseen(text: &str) -> String {
    static UNSEEN: LazyLock<BTreeSet<char>> = LazyLock::new(|| {
        let all: String = TEXTS.iter().map(|(_, text)| read(text)).collect();
        all.chars().filter(|c| !c.is_ascii_graphic() && *c != '\n').collect()
    });
    assert!(UNSEEN.len() > 40 && !UNSEEN.contains(&' '));
    text.chars().filter(|c| UNSEEN.contains(c)).collect()
}

/// A project with this text wherever any text is allowed.
fn saying(text: &str) -> Sample {
    let sample = Sample::of("api");
    let name = sample.project().lines().find(|line| line.starts_with("name")).unwrap().to_owned();
    let model = sample.project().lines().find(|line| line.starts_with("model")).unwrap().to_owned();
    sample.edit(&name, &format!("name = \"x{text}x\""));
    sample.edit(&model, &format!("model = \"x{text}x\""));
    sample
}

#[test]
fn every_format_shows_by_number_what_cannot_be_seen() {
    for (what, text) in TEXTS {
        let sample = saying(text);
        let reports: Vec<String> =
            FORMATS.iter().map(|(format, path)| format!("--report={format}={path}")).collect();
        let mut command = sample.greenlight(&["check", "--offline"]);
        let run = ran(command.args(&reports));
        assert_ne!(run.code, 2, "{what}: {}", run.all());
        assert_eq!(unseen(&run.all()), "", "{what}: {}", run.all());
        for (format, path) in FORMATS {
            let text = fs_err::read_to_string(sample.path().join(path)).unwrap();
            assert_eq!(unseen(&text), "", "{what} in {format}");
        }
        for args in [
            &["report"][..],
            &["report", "--format", "html"],
            &["compare", "api"],
            &["list"],
            &["answer", "--list"],
        ] {
            let run = ran(&mut sample.greenlight(args));
            assert_eq!(unseen(&run.all()), "", "{what} in {args:?}");
        }
    }
}

#[rstest]
#[case::no_width("\\u200b\\ufeff\\u2060")]
#[case::directions("\\u202e\\u2066\\u2069\\u200e")]
#[case::control("\\u0000\\u001b\\u007f\\u009b")]
#[case::fillers("\\u3164\\u115f\\u2800\\uffa0")]
#[case::joiners("\\u200c\\u200d\\ufe0f")]
#[case::blanks("\\u00a0\\u2003\\u3000\\u200b")]
fn a_name_can_be_seen(#[case] name: &str) {
    for (key, says) in [
        ("name", "`name` contains nothing visible"),
        ("id", "is not an id"),
        ("model", "`model` contains nothing visible"),
    ] {
        let sample = Sample::of("api");
        let line = sample.project().lines().find(|line| line.starts_with(key)).unwrap().to_owned();
        sample.edit(&line, &format!("{key} = \"{name}\""));
        let run = ran(&mut sample.greenlight(&["check", "--offline"]));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{key}: {}", run.all());
        assert!(run.err.contains(says), "{key}: {}", run.err);
        assert_eq!(unseen(&run.err), "", "{}", run.err);
    }
    let sample = Sample::of("wrapper");
    sample.edit("provider = \"acme\"", &format!("provider = \"{name}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("is not a provider's id"), "{}", run.err);
}

/// Signs are visible, and so are letters of every script.
#[rstest]
#[case("🎬")]
#[case("雨の夜")]
#[case("!!!")]
#[case("می\u{200c}خواهم")]
fn a_name_need_not_be_latin(#[case] name: &str) {
    let sample = Sample::of("api");
    let line = sample.project().lines().find(|line| line.starts_with("name")).unwrap().to_owned();
    sample.edit(&line, &format!("name = \"{name}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline"]));
    assert_ne!(run.code, 2, "{}", run.all());
    assert!(run.out.contains(name), "{}", run.out);
}

/// What is recorded is readable as it is, also for people who open the file.
#[test]
fn what_is_recorded_shows_what_it_holds() {
    let sample = Sample::of("api");
    let by = "Ann \u{202e}boB\u{2066}\u{200b}";
    let (file, note) = ("seen\u{202e}gpj.txt", "said \"so\"\\\u{feff}, ❤\u{fe0f}\u{200d}🔥");
    sample.write(
        file,
        "Dear Ann, a prompt that is refused is not billed, see section four of our terms and read it.",
    );
    let args = [
        "answer",
        "api.downstream-named",
        "--value",
        "our edit team, Bo keeps continuity",
        "--by",
        by,
        "--evidence",
        file,
        "--note",
        note,
    ];
    let run = ran(&mut sample.greenlight(&args));
    assert_eq!(run.code, 0, "{}", run.all());
    let text = fs_err::read_to_string(sample.path().join("answers.toml")).unwrap();
    // Joiners within an emoji are visible by their effect.
    let joined = "❤\u{fe0f}\u{200d}🔥";
    assert!(text.contains(joined), "{text}");
    assert_eq!(unseen(&text.replace(joined, "")), "", "{text}");
    let read: toml::Table = text.parse().unwrap();
    let answer = read["answer"][0].as_table().unwrap();
    assert_eq!((answer["by"].as_str(), answer["note"].as_str()), (Some(by), Some(note)), "{text}");
    assert_eq!(answer["evidence"][0]["file"].as_str(), Some(file), "{text}");
}
