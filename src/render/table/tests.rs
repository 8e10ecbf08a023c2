use std::fmt::Write;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    model::{
        checklist::Severity,
        decision::Decision,
        report::{Rehearsal, Replay, Totals},
        route::Row,
        verdict::{Finding, Reason, Verdict},
    },
    render::fixture::{day, finding, id, report, rich},
};

fn plain(report: &Report, width: u16) -> String {
    render(&Batch::one(report.clone()), &Style::new(width, false))
}

/// The body of a table with findings of one row.
fn body(findings: Vec<Finding>) -> String {
    let text = plain(&report(Decision::Hold, findings), 80);
    text.split("\n\n").nth(1).unwrap().lines().skip(1).fold(String::new(), |mut out, line| {
        writeln!(out, "{line}").unwrap();
        out
    })
}

fn of_shots(verdict: &Verdict, count: usize, seen: impl Fn(usize) -> String) -> Vec<Finding> {
    (0..count)
        .map(|n| Finding {
            subject: Some(format!("shot-{n}")),
            title: "limits".into(),
            seen: seen(n),
            fix: matches!(verdict, Verdict::Fail).then(|| "shorten it".to_owned()),
            ..finding("api.limits", verdict.clone())
        })
        .collect()
}

#[rstest]
#[case(40)]
#[case(60)]
#[case(80)]
#[case(140)]
fn a_rich_report_at_this_width(#[case] width: u16) {
    insta::assert_snapshot!(format!("rich_{width}"), plain(&rich(), width));
}

#[rstest]
#[case(0)]
#[case(u16::MAX)]
fn a_width_beyond_reason_is_survived(#[case] width: u16) {
    assert!(plain(&rich(), width).contains("model available"));
}

#[test]
fn colour_repeats_what_the_words_say() {
    let coloured = render(&Batch::one(rich()), &Style::new(80, true));
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31m✗ FAIL\u{1b}[0m"), "{coloured:?}");
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain(&rich(), 80));
}

#[test]
fn only_a_rehearsal_carries_the_banner() {
    let mut report = rich();
    assert!(plain(&report, 80).contains("\nREHEARSAL (scenario retired-model): "));
    report.rehearsal = Some(Rehearsal { scenario: None });
    assert!(plain(&report, 80).contains("\nREHEARSAL: "));
    report.rehearsal = None;
    assert!(!plain(&report, 80).contains("REHEARSAL"));
}

#[test]
fn alike_findings_become_one_line() {
    let few = of_shots(&Verdict::Pass, 3, |_| "within the limits".to_owned());
    insta::assert_snapshot!(body(few), @r"
    ✓ pass     limits [shot-0, shot-1,      within the limits
               shot-2]
    ");
    let many = of_shots(&Verdict::Fail, 500, |_| "20 s; at most 15 s".to_owned());
    insta::assert_snapshot!(body(many), @r"
    ✗ FAIL     limits [shot-0, shot-1 and   20 s; at most 15 s
               498 more]
               fix: shorten it
    ");
}

#[test]
fn passes_that_differ_are_told_apart_up_to_three() {
    assert_eq!(body(of_shots(&Verdict::Pass, 3, |n| format!("{n} s"))).lines().count(), 3);
    let many = of_shots(&Verdict::Pass, 500, |n| format!("{n} s"));
    insta::assert_snapshot!(body(many), @r"
    ✓ pass     limits [shot-0, shot-1 and   e.g. 0 s
               498 more]
    ");
}

#[test]
fn no_check_takes_more_than_ten_lines_and_a_shared_fix_is_said_once() {
    let many = of_shots(&Verdict::Fail, 500, |n| format!("{} s; at most 15 s", 16 + n));
    insta::assert_snapshot!(body(many), @r"
    ✗ FAIL     limits [shot-0]  16 s; at most 15 s
    ✗ FAIL     limits [shot-1]  17 s; at most 15 s
    ✗ FAIL     limits [shot-2]  18 s; at most 15 s
    ✗ FAIL     limits [shot-3]  19 s; at most 15 s
    ✗ FAIL     limits [shot-4]  20 s; at most 15 s
    ✗ FAIL     limits [shot-5]  21 s; at most 15 s
    ✗ FAIL     limits [shot-6]  22 s; at most 15 s
    ✗ FAIL     limits [shot-7]  23 s; at most 15 s
    ✗ FAIL     limits [shot-8]  24 s; at most 15 s
    ✗ FAIL     limits [shot-9]  25 s; at most 15 s
               fix: shorten it
    ✗ FAIL     … and 490 more
    ");
}

#[test]
fn a_check_that_never_applies_takes_one_line() {
    let not = |n: usize| Verdict::NotApplicable { reason: format!("reason {n}") };
    let findings: Vec<_> = (0..4).flat_map(|n| of_shots(&not(n), 1, |_| String::new())).collect();
    assert_eq!(body(findings).lines().count(), 1);
}

#[test]
fn root_causes_come_first() {
    let verdicts = [
        Verdict::NotApplicable { reason: "no input".to_owned() },
        Verdict::Waived { until: day(12, 1) },
        Verdict::Pass,
        Verdict::Warn,
        Verdict::Blocked { by: id("a.8") },
        Verdict::Unknown { reason: Reason::NotMade },
        Verdict::Fail,
    ];
    let mut findings: Vec<_> = verdicts
        .into_iter()
        .enumerate()
        .map(|(n, verdict)| finding(&format!("a.{}", n + 2), verdict))
        .collect();
    findings.push(Finding {
        severity: Severity::Warn,
        ..finding("a.9", Verdict::Unknown { reason: Reason::Fault })
    });
    insta::assert_snapshot!(body(findings), @r"
    ✗ FAIL     a.8
    ? UNKNOWN  a.7           the call was not made
    ? unknown  a.9           the provider had a fault
    ⊘ blocked  a.6           blocked by a.8 (a.8)
    ! warn     a.5
    ✓ pass     a.4
    ~ waived   a.3           until 2026-12-01
    · n/a      a.2           no input
    ");
}

#[test]
fn ten_thousand_findings_stay_a_page() {
    let mut findings = of_shots(&Verdict::Fail, 5_000, |n| format!("{n} s"));
    findings.extend(of_shots(&Verdict::Pass, 5_000, |n| format!("{n} s")));
    // One heading, two blank lines, the header, ten lines, what is omitted, the fix, the last four.
    assert_eq!(plain(&report(Decision::NoGo, findings), 80).lines().count(), 20);
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        Just(Verdict::Pass),
        Just(Verdict::Warn),
        Just(Verdict::Fail),
        Just(Verdict::Unknown { reason: Reason::MissingValue }),
        Just(Verdict::Blocked { by: id("check-0") }),
        Just(Verdict::Waived { until: day(12, 1) }),
        any::<String>().prop_map(|reason| Verdict::NotApplicable { reason }),
    ]
}

prop_compose! {
    /// Texts are arbitrary; titles are short words, so that the test can find them again.
    fn findings()(
        check in 0..8_u8,
        row in prop::sample::select(&Row::ALL[..]),
        severity in prop::sample::select(&[Severity::Info, Severity::Warn, Severity::Block][..]),
        verdict in verdict(),
        subject in any::<Option<String>>(),
        seen in any::<String>(),
        expected in any::<Option<String>>(),
        got in "[a-z 日本é\u{301}\u{200d}\u{fe0f}\u{ad}\u{a0}\u{3000}\u{1f469}\u{1f3fd}\u{1f1e9}لا☺]{0,200}",
        fix in any::<Option<String>>(),
    ) -> Finding {
        Finding {
            title: format!("title-{check}").into(), row, severity, subject, seen, expected, got: Some(got), fix,
            ..finding(&format!("check-{check}"), verdict)
        }
    }
}

#[test]
fn a_replay_is_labelled_and_claims_no_calls() {
    let mut replay = rich();
    replay.replay = Some(Replay { recorded: replay.at, sha256: "cd".repeat(32) });
    let text = plain(&replay, 100);
    assert!(text.contains("REPLAY of calls recorded 2026-11-22 10:04 UTC; this clears nothing\n"), "{text}");
    assert!(
        text.ends_with("No calls were made; 4 replies came from the transcript. No credits were spent.\n"),
        "{text}"
    );
    let both = Batch { reports: vec![replay.clone(), replay], several: true };
    let text = render(&both, &Style::new(100, false));
    assert!(
        text.ends_with("No calls were made; 8 replies came from the transcript. No credits were spent.\n"),
        "{text}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_line_fits_and_no_text_can_steer_the_terminal(
        findings in prop::collection::vec(findings(), 0..30),
        name in any::<String>(),
        width in 40..200_u16,
    ) {
        let mut report = report(Decision::Hold, findings);
        report.project.name = name;
        report.totals = Totals::count(&report.findings);
        let text = plain(&report, width);
        for line in text.lines() {
            prop_assert!(widest(std::iter::once(line)) <= width, "{line:?} is wider than {width}");
            prop_assert!(!line.ends_with(' '), "{line:?}");
        }
        prop_assert!(text.chars().all(|c| c == '\n' || !crate::model::text::is_steering(c)));
        for finding in &report.findings {
            prop_assert!(matches!(finding.verdict, Verdict::Pass) || text.contains(&*finding.title));
        }
    }
}

#[rstest]
#[case::wide(100)]
#[case::narrow(60)]
fn on_a_terminal_the_open_checks_stand_out(#[case] width: u16) {
    let report = rich();
    let text =
        render(&Batch::one(report.clone()), &Style { detail: Detail::Open, ..Style::new(width, false) });
    insta::assert_snapshot!(format!("open_at_{width}"), text);
    for finding in &report.findings {
        let open = !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. });
        assert!(!open || text.contains(&*finding.title), "{} is hidden", finding.check);
    }
    assert!(text.lines().all(|line| line.chars().count() <= width.into()), "{text}");
}
