//! Reports for tests in which servers, checklists and file names say what they shouldn't.

use super::{fixture::rich, machine};
use crate::model::{
    recorded::ReportedEvidence,
    report::{Rehearsal, Report},
    reported::{ReportedCheck, ReportedQuestion},
    verdict::Verdict,
};

/// Texts that try to end a cell, a line, a string or a document, or to give commands to their reader.
pub(super) fn hostile() -> Vec<String> {
    let texts = [
        "",
        " ",
        "::error::owned",
        "\n::error file=x::owned",
        "a\r\n::stop-commands::token",
        "##[add-mask]x ###[group]y",
        "x ##vso[task.setvariable variable=x]y ###vso[task.complete result=Succeeded;]",
        "##teamcity[buildStatus status='SUCCESS']\n##teamcity[message text='x']",
        "100%, 50%25 %0A::notice::x",
        "a | b || c \\| d",
        "`code` ``more``` <script>alert(1)</script> <!-- & &amp; &#124; --> [x](javascript:x) ![x](y)",
        "@everyone #1 owner/repo#2 **bold** _it_ ~~no~~ $x$",
        "\n\n# heading\n| a | b |\n</details>",
        "]]> <![CDATA[ </testcase><failure/> &quot; &bogus;",
        "'single \"double",
        "\"",
        "'",
        "trailing \\",
        "ok 1 - # SKIP\nnot ok 2\nBail out!\n1..0 # TODO",
        "  ---\n  ...\n",
        "OK | a=1 'b'=2\nCRITICAL | c=3",
        "x\"} 1\ngreenlight_decision{decision=\"GO\"} 1\n# TYPE x counter",
        "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1b}[31m\u{7f}\u{85}\u{9b}2J",
        "user\u{202e}gpj.exe \u{2066}x\u{2069} \u{200f}\u{feff}",
        "\u{fffe}\u{ffff}\u{1fffe}\u{2028}\u{2029}",
        "a\u{200b}b\u{e0041}\u{e0042}\u{ad}\u{fe0f} http://evil.example www.evil.example",
        "雨の夜 🎬 e\u{301}",
    ];
    texts.map(str::to_owned).to_vec()
}

/// The rich report with a server's page of more than a megabyte in it.
pub(super) fn long() -> Report {
    let mut report = rich();
    report.findings[2].seen = "9|`<".repeat(270_000);
    report.sealed()
}

/// A report in which every text from outside is this one.
pub(super) fn saying(text: &str) -> Report {
    let own = || text.to_owned();
    let mut report = rich();
    for finding in &mut report.findings {
        finding.title = own().into();
        finding.seen = own();
        finding.subject = finding
            .subject
            .is_some()
            .then(|| format!("{text}{}", finding.subject.as_deref().unwrap_or_default()));
        finding.expected = Some(own());
        finding.got = Some(own());
        finding.fix = Some(own());
        finding.source.url = own().into();
        finding.location.file = own();
        if let Verdict::NotApplicable { reason } = &mut finding.verdict {
            *reason = own();
        }
    }
    let said = |check: &ReportedCheck| ReportedCheck {
        title: own().into(),
        why: own().into(),
        fix: own().into(),
        question: check.question.clone().map(|question| ReportedQuestion { ask: own(), ..question }),
        ..check.clone()
    };
    report.checks = report.checks.all().iter().map(said).collect();
    for answer in &mut report.answers {
        (answer.value, answer.by, answer.note) = (Some(own()), own(), Some(own()));
        answer.evidence.push(ReportedEvidence::Quote {
            quote: own(),
            captured: answer.answered,
            clause: Some(own()),
        });
    }
    report.waivers[0].reason = own();
    report.rehearsal = Some(Rehearsal { scenario: Some(own()) });
    report.only = vec![own(), own()];
    report.project.name = own();
    report.project.provider = own();
    report.inputs[0].path = own();
    report.remarks = vec![own()];
    report.tool.version = own();
    report.sealed()
}

/// What every format must say about a report: each finding by check and subject, with the word of its verdict.
pub(super) fn words(report: &Report) -> Vec<(String, &'static str)> {
    let mut words: Vec<_> =
        report.findings.iter().map(|finding| (machine::name(finding), finding.verdict.word())).collect();
    words.sort();
    words
}
