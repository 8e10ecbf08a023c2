//! Reports → text. Pure: no I/O, no clock, no look at the terminal. The width and whether to use colour are passed in,
//! and the caller prints.

use std::{fmt, str::FromStr};

use crate::model::{nearest::nearest, report::Batch};

pub mod changes;
pub mod compare;
pub mod conformance;
pub mod dossier;
#[cfg(test)]
mod fixture;
pub mod github;
#[cfg(test)]
mod hostile;
pub mod html;
pub mod in_toto;
pub mod json;
pub mod junit;
mod lines;
mod machine;
mod mark;
pub mod markdown;
pub mod nagios;
pub mod prometheus;
pub mod sarif;
mod summary;
pub mod table;
pub mod tap;
mod todo;
pub mod verification;

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; machine formats ignore it.
    pub width: u16,
    /// Whether colours may be used. They only repeat what symbol and word say.
    pub colour: bool,
    /// How much of a table is shown.
    pub detail: Detail,
}

impl Style {
    /// A style that shows everything.
    #[must_use]
    pub const fn new(width: u16, colour: bool) -> Self {
        Self { width, colour, detail: Detail::All }
    }
}

/// How much of a table is shown. What keeps the gate shut is always shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Every check.
    All,
    /// Open checks; the rest is one line per row.
    Open,
}

/// One format: a line here and a file beside this one.
macro_rules! formats {
    ($(#[doc = $about:literal] $name:ident = $word:literal, $render:path;)*) => {
        /// What a report can be turned into.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Format {
            $(#[doc = $about] $name,)*
        }

        impl Format {
            /// All formats, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word used on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// What it is for, in a line of help.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$name => $about.trim().trim_end_matches('.'),)*
                }
            }
        }

        /// Shows the reports of a run.
        #[must_use]
        pub fn render(batch: &Batch, format: Format, style: &Style) -> String {
            match format {
                $(Format::$name => $render(batch, style),)*
            }
        }
    };
}

formats! {
    /// For people: rows of checks, what was seen, and the decision.
    Table = "table", table::render;
    /// The receipt: all that is known, for machines.
    Json = "json", json::render;
    /// Test report for any CI; what holds the gate is an error.
    Junit = "junit", junit::render;
    /// Log for code scanning.
    Sarif = "sarif", sarif::render;
    /// Annotations of a GitHub workflow run.
    Github = "github", github::render;
    /// Page for a step summary or a comment, smaller than 1 MiB.
    Markdown = "markdown", markdown::render;
    /// Page for a browser: the dossier of each project.
    Html = "html", html::render;
    /// Test points for a TAP harness.
    Tap = "tap", tap::render;
    /// Nagios plugin output; Nagios reads NO-GO (exit 1) as WARNING and HOLD (3) as UNKNOWN.
    Nagios = "nagios", nagios::render;
    /// Metrics for the textfile collector of node-exporter.
    Prometheus = "prometheus", prometheus::render;
    /// Attestation to be signed: in-toto Statement with a test result.
    InToto = "in-toto", in_toto::render;
}

/// Why a word is not a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a format{}; the formats are {}", hint(word), list())]
pub struct UnknownFormat {
    /// What was written.
    pub word: String,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.word() == text)
            .ok_or_else(|| UnknownFormat { word: text.to_owned() })
    }
}

fn hint(text: &str) -> String {
    let near = nearest(text, Format::ALL.iter().map(|format| format.word()));
    near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

fn list() -> String {
    Format::ALL.iter().map(|format| format!("`{format}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::{
        decision::Decision,
        report::{Rehearsal, Replay, Report},
        verdict::Verdict,
    };

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(*format));
        }
    }

    #[rstest]
    #[case(Format::Table, "greenlight · ")]
    #[case(Format::Json, "{\n  \"schema-version\": 2,")]
    #[case(
        Format::Junit,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"greenlight\" tests=\"20\""
    )]
    #[case(Format::Sarif, "{\n  \"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/")]
    #[case(Format::Github, "::error file=greenlight.toml,line=1,title=fail · ")]
    #[case(Format::Markdown, "# greenlight: REHEARSAL · would be NO-GO\n")]
    #[case(Format::Html, "<!DOCTYPE html>\n<html lang=\"en\">\n")]
    #[case(Format::Tap, "TAP version 14\n1..20\n")]
    #[case(Format::Nagios, "GREENLIGHT - REHEARSAL · would be NO-GO · ")]
    #[case(Format::Prometheus, "# greenlight: REHEARSAL · would be NO-GO · ")]
    #[case(Format::InToto, "{\n  \"_type\": \"https://in-toto.io/Statement/v1\",")]
    fn a_report_is_shown_in_the_format_asked_for(#[case] format: Format, #[case] starts: &str) {
        let text = render(&Batch::one(fixture::rich()), format, &Style::new(80, false));
        assert!(text.starts_with(starts) && text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
    }

    #[rstest]
    #[case("jsno", " (did you mean `json`?)")]
    #[case("JSON", " (did you mean `json`?)")]
    #[case("carrier-pigeon", "")]
    fn an_unknown_format_names_the_known_ones(#[case] word: &str, #[case] hint: &str) {
        let says = format!(
            "`{word}` is not a format{hint}; the formats are `table`, `json`, `junit`, `sarif`, `github`, `markdown`, \
             `html`, `tap`, `nagios`, `prometheus`, `in-toto`"
        );
        assert_eq!(word.parse::<Format>().unwrap_err().to_string(), says);
    }

    /// The machine formats that contain everything except the receipt; the table and the receipt have their own tests.
    fn machines() -> impl Iterator<Item = Format> {
        Format::ALL.iter().copied().filter(|format| !matches!(format, Format::Table | Format::Json))
    }

    #[test]
    fn every_format_says_the_decision_and_what_the_run_was() {
        for format in machines() {
            let text = render(&fixture::two(), format, &fixture::STYLE);
            for word in ["NO-GO", "GO", "REHEARSAL", "REPLAY", "PARTIAL"] {
                assert!(text.contains(word), "{format} does not say {word}: {text}");
            }
        }
    }

    fn as_of(report: &mut Report) {
        report.made += chrono::TimeDelta::days(1);
    }

    /// Where a format says GO, it says "would be GO", so that no one takes it for a clearance.
    #[rstest]
    #[case::rehearsal("REHEARSAL", |r: &mut Report| r.rehearsal = Some(Rehearsal { scenario: None }))]
    #[case::replay("REPLAY", |r: &mut Report| r.replay = Some(Replay { recorded: r.at, sha256: String::new() }))]
    #[case::part("PARTIAL", |r: &mut Report| r.only = vec!["access".to_owned()])]
    #[case::another_time("AS OF 2026-11-22", as_of)]
    fn a_run_that_clears_nothing_reads_as_no_clearance(#[case] label: &str, #[case] change: fn(&mut Report)) {
        let live = fixture::report(Decision::Go, vec![fixture::finding("a.b", Verdict::Pass)]);
        let mut barred = live.clone();
        change(&mut barred);
        let go = regex::Regex::new(r"\bGO\b").unwrap();
        for (format, several) in Format::ALL.iter().flat_map(|format| [(*format, false), (*format, true)]) {
            let text = |report: &Report| {
                let batch = Batch { reports: vec![report.clone().sealed()], several };
                render(&batch, format, &Style::new(80, false))
            };
            assert!(go.is_match(&text(&live)), "{format}: {}", text(&live));
            let said = text(&barred);
            let words = ["would be GO", "would-be\": \"GO", "would-be\":\"GO", "would-be\" value=\"GO"];
            let rest = words.iter().fold(said.clone(), |text, words| text.replace(words, ""));
            assert_ne!(rest, said, "{format} does not say what it would be: {said}");
            // A Prometheus sample with the value 0 says that something isn't so.
            let not_said = |line: &&str| line.ends_with("} 0") || line.starts_with("greenlight_would_be{");
            let rest: String = rest.lines().filter(|line| !not_said(line)).collect();
            assert!(!go.is_match(&rest), "{format} reads as a clearance: {said}");
            assert!(said.contains(label) || format == Format::Json, "{format}: {said}");
        }
    }

    #[test]
    fn no_format_lets_a_text_steer_a_terminal_or_a_log() {
        let opens = regex::Regex::new(r"##[A-Za-z]*\[").unwrap();
        for text in hostile::hostile() {
            let batch = Batch { reports: vec![hostile::saying(&text), fixture::rich()], several: true };
            for format in machines() {
                let out = render(&batch, format, &fixture::STYLE);
                let steers = |c| c != '\n' && crate::model::text::is_steering(c);
                assert!(!out.contains(steers) && !opens.is_match(&out), "{format}: {text:?}");
                let commands = out.lines().filter(|line| line.trim_start().starts_with("::")).count();
                assert!(commands == 0 || format == Format::Github, "{format}: {text:?}");
            }
        }
    }

    #[test]
    fn a_page_in_a_text_breaks_no_format() {
        for format in machines() {
            let text = render(&Batch::one(hostile::long()), format, &fixture::STYLE);
            assert!(text.ends_with('\n') && text.len() < 16_000_000, "{format}: {}", text.len());
        }
    }
}
