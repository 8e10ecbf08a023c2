//! Reports for tests: a rich one with every verdict, and small ones built by hand.

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone, Utc};

use super::Style;
use crate::model::{
    call::{Billable, Call, Method},
    checklist::Severity,
    decision::{Decision, FailOn, Stated},
    id::{CheckId, FaultId},
    question::{AnswerKind, EvidenceKind},
    recorded::{ReportedAnswer, ReportedEvidence, ReportedWaiver},
    report::{
        Batch, InputDigest, InputRole, ProjectSummary, Rehearsal, Replay, Report, SCHEMA_VERSION, Tool,
        Totals,
    },
    reported::{ReportedCheck, ReportedChecks, ReportedQuestion},
    route::{Route, Row},
    source::{Confidence, Source},
    topic::Topic,
    verdict::{Finding, Location, Reason, Verdict},
};

/// A day of 2026.
pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// An id.
pub(super) fn id(text: &str) -> CheckId {
    CheckId::new(text).unwrap()
}

/// A finding of a check at severity block in the row `access`, titled by its id.
pub(super) fn finding(check: &str, verdict: Verdict) -> Finding {
    Finding {
        check: id(check),
        subject: None,
        row: Row::Access,
        title: check.into(),
        severity: Severity::Block,
        verdict,
        seen: String::new(),
        expected: None,
        got: None,
        fix: None,
        fault: None,
        recorded: None,
        source: Source {
            url: "https://docs.x.ai/".into(),
            as_of: day(11, 1),
            confidence: Some(Confidence::High),
        },
        location: Location { file: "greenlight.toml".to_owned(), line: 1 },
    }
}

/// A report of these findings, without calls.
pub(super) fn report(decision: Decision, findings: Vec<Finding>) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "greenlight".to_owned(), version: "0.1.0".to_owned() },
        at: Utc.with_ymd_and_hms(2026, 11, 22, 10, 4, 0).unwrap(),
        made: Utc.with_ymd_and_hms(2026, 11, 22, 10, 4, 0).unwrap(),
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: vec![],
        fail_on: FailOn::Fail,
        project: ProjectSummary {
            name: "Spring teaser".to_owned(),
            route: Route::Api,
            provider: "xai".to_owned(),
            shots: 2,
            budget: "2.00 USD".parse().ok(),
        },
        inputs: vec![InputDigest::read(InputRole::Project, "greenlight.toml", "ab".repeat(32))],
        checks: ReportedChecks::default(),
        answers: Vec::new(),
        waivers: Vec::new(),
        totals: Totals::count(&findings),
        findings,
        stated: Stated::decision(decision),
        remarks: Vec::new(),
        calls: vec![],
        digest: String::new(),
    }
}

/// Shortcuts for the rich report.
trait With: Sized {
    fn at(self, row: Row, title: &str) -> Self;
    fn saw(self, seen: &str) -> Self;
    fn of(self, subject: &str) -> Self;
    fn fix(self, fix: &str) -> Self;
    fn sides(self, expected: &str, got: &str) -> Self;
    fn worth(self, severity: Severity) -> Self;
}

impl With for Finding {
    fn at(self, row: Row, title: &str) -> Self {
        Self { row, title: title.into(), ..self }
    }
    fn saw(self, seen: &str) -> Self {
        Self { seen: seen.to_owned(), ..self }
    }
    fn of(self, subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), ..self }
    }
    fn fix(self, fix: &str) -> Self {
        Self { fix: Some(fix.to_owned()), ..self }
    }
    fn sides(self, expected: &str, got: &str) -> Self {
        Self { expected: Some(expected.to_owned()), got: Some(got.to_owned()), ..self }
    }
    fn worth(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

/// Every verdict, two shots, long and wide texts, and a server that tries to send an escape sequence.
pub(super) fn rich() -> Report {
    let mut findings = access();
    findings.extend(mode_and_media());
    findings.extend(after_the_clip());
    let mut report = report(Decision::NoGo, findings);
    report.rehearsal = Some(Rehearsal { scenario: Some("retired-model".to_owned()) });
    report.stated = report.decided().stated();
    report.checks = report.findings.iter().filter(|finding| finding.subject.is_none()).map(told).collect();
    (report.answers, report.waivers) = (answers(), vec![waiver()]);
    report.calls =
        ["api-key", "me", "video-generation-models", "video-generation-models/grok-imagine-video-2"]
            .into_iter()
            .map(|path| Call {
                at: "2026-11-22T10:04:00Z".parse().ok(),
                method: Method::Get,
                url: format!("https://api.x.ai/v1/{path}"),
                body: None,
                status: Some(200),
                trouble: None,
                attempts: 1,
                shared: false,
                billable: Billable::No,
            })
            .collect();
    report
}

/// What the check of a finding says.
fn told(finding: &Finding) -> ReportedCheck {
    let asks = finding.verdict == Verdict::Unknown { reason: Reason::Unanswered };
    ReportedCheck {
        id: finding.check.clone(),
        topic: Topic::new(finding.row.word()).ok(),
        row: finding.row,
        title: Arc::clone(&finding.title),
        severity: finding.severity,
        why: "Without it a clip is a gamble.".into(),
        fix: "Look at the console.".into(),
        source: finding.source.clone(),
        question: asks.then(|| ReportedQuestion {
            ask: "Was the policy of today read?".to_owned(),
            kind: AnswerKind::Choice,
            choices: vec!["yes".to_owned(), "no".to_owned()],
            pass: vec!["yes".to_owned()],
            evidence: Some(EvidenceKind::Url),
            valid_for_days: 90,
        }),
    }
}

/// An answer with every kind of evidence, and an earlier one.
fn answers() -> Vec<ReportedAnswer> {
    let answer = |month: u32, used: bool| ReportedAnswer {
        check: id("api.policy-read"),
        used,
        value: used.then(|| "yes".to_owned()),
        not_applicable: (!used).then(|| "nobody is shown".to_owned()),
        by: "Ann".to_owned(),
        answered: day(month, 1),
        expires: day(month, 29),
        until: day(month, 28),
        account: Some("studio".to_owned()),
        models: vec!["grok-imagine-video".to_owned()],
        given_for: vec!["opening: 6 s".to_owned()],
        evidence: vec![
            ReportedEvidence::Url {
                url: "https://x.ai/legal".to_owned(),
                read: day(month, 1),
                clause: Some("7.2 Fees".to_owned()),
                passage_sha256: Some("cd".repeat(32)),
            },
            ReportedEvidence::File {
                file: "screen.png".to_owned(),
                sha256: "ef".repeat(32),
                bytes: 7,
                captured: day(month, 1),
            },
            ReportedEvidence::Quote {
                quote: "no | people".to_owned(),
                captured: day(month, 1),
                clause: None,
            },
        ],
        note: Some("read twice".to_owned()),
    };
    vec![answer(6, false), answer(7, true)]
}

fn waiver() -> ReportedWaiver {
    ReportedWaiver {
        check: id("api.terminal-states"),
        used: true,
        account: None,
        given_for: vec!["opening: 6 s".to_owned()],
        reason: "the app is not written yet".to_owned(),
        owner: "Bob".to_owned(),
        recorded: day(11, 20),
        until: day(12, 1),
    }
}

fn access() -> Vec<Finding> {
    let row = Row::Access;
    let mut fault = finding("api.service-status", Verdict::Unknown { reason: Reason::Unreachable })
        .at(row, "service status")
        .worth(Severity::Info)
        .saw("the status feed did not answer within 10 s");
    fault.fault = FaultId::new("feed-down").ok();
    vec![
        finding("api.key-present", Verdict::Pass).at(row, "key present").saw("XAI_API_KEY is set"),
        finding("api.key-accepted", Verdict::Pass)
            .at(row, "key accepted")
            .saw("xai-…c4f1, team active, all endpoints"),
        finding("api.model-available", Verdict::Fail)
            .at(row, "model available")
            .of("opening")
            .saw("the provider does not list grok-imagine-video-2")
            .sides("one of grok-imagine-video, grok-imagine-video-1.5, grok-imagine-video-1.5-lite", "grok-imagine-video-2")
            .fix("set the model of shot \"opening\" to a listed one (did you mean grok-imagine-video?)"),
        finding("api.model-available", Verdict::Pass)
            .at(row, "model available")
            .of("longer")
            .saw("listed as grok-imagine-video"),
        finding("api.key-scope", Verdict::Warn)
            .at(row, "key scope")
            .worth(Severity::Warn)
            .saw("the key may call every endpoint and every model")
            .fix("make a key for video only: https://console.x.ai/team/default/api-keys/create?scope=video-generation-only-please"),
        fault,
    ]
}

fn mode_and_media() -> Vec<Finding> {
    let blocked = || Verdict::Blocked { by: id("api.model-available") };
    let not = |reason: &str| Verdict::NotApplicable { reason: reason.to_owned() };
    vec![
        finding("api.mode-supported", blocked()).at(Row::Mode, "mode supported").of("opening"),
        finding("api.mode-supported", Verdict::Pass)
            .at(Row::Mode, "mode supported")
            .of("longer")
            .saw("extend, claimed as of 2026-07-31"),
        finding("api.limits", Verdict::Pass).at(Row::Mode, "limits").of("opening").saw("within the limits"),
        finding("api.limits", Verdict::Pass).at(Row::Mode, "limits").of("longer").saw("within the limits"),
        finding("api.prompt-is-a-brief", Verdict::Pass)
            .at(Row::Mode, "prompt is a brief")
            .of("opening")
            .saw("雨の夜の東京、ネオンの光が濡れた路面に映る、カメラはゆっくりと前進し続ける。"),
        finding("api.media-present", not("nothing goes in")).at(Row::InputMedia, "media present"),
        finding("api.media-duration", not("a shot of text only"))
            .at(Row::InputMedia, "media duration")
            .of("opening"),
        finding("api.media-duration", not("the clip is not made yet"))
            .at(Row::InputMedia, "media duration")
            .of("longer"),
    ]
}

fn after_the_clip() -> Vec<Finding> {
    vec![
        finding("api.output-stored", Verdict::Pass)
            .at(Row::OutputHandling, "output stored")
            .saw("clips/ is writable"),
        finding("api.terminal-states", Verdict::Waived { until: day(12, 1) })
            .at(Row::FailurePolicy, "terminal states")
            .saw("the app is not written yet"),
        finding("api.policy-read", Verdict::Unknown { reason: Reason::Unanswered })
            .at(Row::Safety, "policy read")
            .saw("answered 2026-07-01, expired 2026-09-29")
            .fix("greenlight answer api.policy-read"),
        finding("api.moderation-response", Verdict::Unknown { reason: Reason::Unanswered })
            .at(Row::Safety, "moderation response"),
        finding("api.estimate-within-budget", Verdict::Pass)
            .at(Row::Cost, "estimate within budget")
            .saw("0.82 of 2.00 USD (prices as of 2026-10-04)"),
        finding("api.balance-covers", Verdict::Warn)
            .at(Row::Cost, "balance covers")
            .worth(Severity::Warn)
            .saw("the server said \u{1b}[32mall is well\u{1b}[0m\u{7}"),
    ]
}

/// Two projects: the rich one, and a partial run judged from a transcript.
pub(super) fn two() -> Batch {
    let mut other = report(
        Decision::Go,
        vec![
            finding("api.key-present", Verdict::Pass)
                .at(Row::Access, "key present")
                .saw("XAI_API_KEY is set"),
            finding("api.key-scope", Verdict::Warn)
                .at(Row::Access, "key scope")
                .worth(Severity::Warn)
                .saw("the key may call every endpoint"),
        ],
    );
    other.project.name = "Autumn teaser".to_owned();
    other.inputs[0].path = "plans/autumn/greenlight.toml".to_owned();
    other.replay = Some(Replay { recorded: other.at, sha256: "cd".repeat(32) });
    other.only = vec!["access".to_owned()];
    Batch { reports: vec![rich().sealed(), other.sealed()], several: true }
}

/// The style used in tests.
pub(super) const STYLE: Style = Style::new(80, true);
