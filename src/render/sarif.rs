//! SARIF 2.1.0 for code scanning: one run; its rules are the checks, its results the findings that aren't settled.
//!
//! GitHub shows every result as an alert whatever its kind (<https://github.com/microsoft/PSRule/issues/955>), so
//! checks that passed or don't apply are listed in the run's properties instead. It also shows a suppressed result
//! until configured otherwise (<https://github.com/github/codeql-action/issues/1230>); a waiver is a suppression all
//! the same. A kind other than `fail` must have the level `none`
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, 3.27.9), so an unknown that holds the gate is a
//! `fail` too, and its verdict is in its properties. All as of 2026-11-23.
//!
//! Several projects share a run: GitHub rejects an upload with two runs of a tool in one category
//! (<https://github.blog/changelog/2025-07-21-code-scanning-will-stop-combining-multiple-sarif-runs-uploaded-in-the-same-sarif-file/>).

use std::collections::BTreeMap;

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, PhysicalLocation, PropertyBag,
    Region, ReportingConfiguration, ReportingDescriptor, Result as Alert, ResultKind, ResultLevel, Run,
    RunAutomationDetails, Sarif, Suppression, Tool, ToolComponent,
};
use sha2::{Digest as _, Sha256};
use url::{Position, Url};

use super::{
    Style,
    machine::{self, CiOutcome, Told},
};
use crate::model::{
    checklist::Severity,
    decision::{Decided, Decision},
    report::{Batch, Report},
    text::hex,
    verdict::Finding,
};

/// Where the schema is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Bytes that must be escaped in every part of a URI.
const NOT_IN_A_HOST: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Brackets are allowed only in a host that is a number.
const NOT_IN_AN_ADDRESS: &AsciiSet = &NOT_IN_A_HOST.add(b'[').add(b']');

/// A second `#` doesn't start another fragment.
const NOT_IN_A_FRAGMENT: &AsciiSet = &NOT_IN_AN_ADDRESS.add(b'#');

/// Bytes that a path in a URI writes as `%XX`; also the colon, or a first segment would look like a scheme.
const NOT_IN_A_PATH: &AsciiSet = &NOT_IN_AN_ADDRESS.add(b'#').add(b'%').add(b':').add(b'?');

/// The log, with a final line break.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let log = Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run(batch)]).build();
    // Plain data with string keys: writing it to memory can't fail.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn run(batch: &Batch) -> Run {
    let all: Vec<_> = batch.reports.iter().flat_map(machine::told).collect();
    let mut rules: IndexMap<&str, &Finding> = IndexMap::new();
    for told in &all {
        rules.entry(told.finding.check.as_str()).or_insert(told.finding);
    }
    let (settled, open): (Vec<_>, Vec<_>) =
        all.iter().partition(|told| matches!(told.outcome, CiOutcome::Passed | CiOutcome::Absent));
    let alert = |told: &&Told<'_>| alert(told, rules.get_index_of(told.finding.check.as_str()));
    let category = match batch.reports.as_slice() {
        [report] if !batch.several => format!("greenlight/{}/", machine::file(report.file())),
        _ => "greenlight/".to_owned(),
    };
    let tool = batch.reports.first().map(|report| &report.tool);
    let version = machine::plain(tool.map_or("", |tool| &tool.version)).into_owned();
    let driver = ToolComponent::builder()
        .name("greenlight")
        .version(version)
        .rules(rules.values().map(|finding| rule(finding)).collect::<Vec<_>>())
        .build();
    Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .automation_details(RunAutomationDetails::builder().id(category).build())
        .invocations(vec![Invocation::builder().execution_successful(true).build()])
        .results(open.iter().map(alert).collect::<Vec<_>>())
        .properties(bag([
            ("decision", json!(batch.decided().decision())),
            ("would-be", json!(would_be(&batch.decided()))),
            ("projects", batch.reports.iter().map(project).collect()),
            ("settled", settled.iter().map(|told| verdict(told)).collect()),
        ]))
        .build()
}

fn project(report: &Report) -> Value {
    let counts: serde_json::Map<_, _> = machine::counts(report.totals)
        .into_iter()
        .map(|(word, count)| (word.to_owned(), json!(count)))
        .collect();
    json!({
        "project": machine::plain(&report.project.name),
        "file": machine::file(report.file()),
        "decision": report.decided().decision(),
        "would-be": would_be(&report.decided()),
        "clears-nothing": machine::labels(report),
        "rehearsal": report.rehearsal.is_some(),
        "totals": counts,
        "receipt": report.digest,
    })
}

/// What would have been decided, where nothing was.
fn would_be(decided: &Decided) -> Option<Decision> {
    decided.decision().is_none().then(|| decided.found())
}

fn verdict(told: &Told<'_>) -> Value {
    json!({
        "project": machine::plain(&told.report.project.name),
        "file": machine::file(told.report.file()),
        "check": machine::name(told.finding),
        "verdict": told.finding.verdict.word(),
    })
}

fn rule(finding: &Finding) -> ReportingDescriptor {
    let title = machine::plain(&finding.title).into_owned();
    let source = &finding.source;
    let full = format!(
        "{title} ({} · {}). It rests on {}, as of {}.",
        finding.row,
        finding.severity.word(),
        machine::plain(&source.url),
        source.as_of
    );
    let level = match finding.severity {
        Severity::Block => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    };
    let text = |text: String| MultiformatMessageString::builder().text(text).build();
    let mut rule = ReportingDescriptor::builder()
        .id(finding.check.as_str())
        .short_description(text(title))
        .full_description(text(full))
        .help(text(format!("`greenlight explain {}` shows why it matters and what to do.", finding.check)))
        .default_configuration(ReportingConfiguration::builder().level(json!(level)).build())
        .properties(bag([("row", json!(finding.row)), ("severity", json!(finding.severity))]))
        .build();
    rule.help_uri = address(&source.url);
    rule
}

fn alert(told: &Told<'_>, rule: Option<usize>) -> Alert {
    let Told { report, finding, outcome, seen } = told;
    let mut lines = vec![format!("{}: {seen}", finding.verdict.word())];
    lines.extend(machine::notes(finding).into_iter().map(|(label, text)| format!("{label}: {text}")));
    lines.extend(machine::labels(report).into_iter().map(|label| format!("{label}: this clears nothing")));
    let mut alert = Alert::builder()
        .rule_id(finding.check.as_str())
        .kind(ResultKind::Fail)
        .level(level(*outcome, finding.severity))
        .message(Message::builder().text(lines.join("\n")).build())
        .locations(vec![location(finding)])
        .partial_fingerprints(fingerprints(report, finding))
        .properties(bag([
            ("project", json!(machine::plain(&report.project.name))),
            ("file", json!(machine::file(report.file()))),
            ("check", json!(machine::name(finding))),
            ("verdict", json!(finding.verdict.word())),
            ("severity", json!(finding.severity)),
        ]))
        .build();
    alert.rule_index = rule.and_then(|index| i64::try_from(index).ok());
    if *outcome == CiOutcome::Waived {
        let waiver = Suppression::builder().kind(json!("external")).status(json!("accepted"));
        alert.suppressions = Some(vec![waiver.justification(seen.as_str()).build()]);
    }
    alert
}

fn level(outcome: CiOutcome, severity: Severity) -> ResultLevel {
    match outcome {
        CiOutcome::Failed | CiOutcome::Holding => ResultLevel::Error,
        CiOutcome::Cautioned => ResultLevel::Warning,
        CiOutcome::Open if severity >= Severity::Warn => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

fn location(finding: &Finding) -> Location {
    let region = Region::builder().start_line(i64::from(finding.location.line.max(1))).build();
    let file = ArtifactLocation::builder().uri(uri(&finding.location.file)).build();
    let place = PhysicalLocation::builder().artifact_location(file).region(region).build();
    Location::builder().physical_location(place).build()
}

/// A page's address as a URI: what browsers accept as an address may contain letters that a URI doesn't allow.
fn address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let host = utf8_percent_encode(&url[..Position::BeforePath], NOT_IN_A_HOST);
    let path = utf8_percent_encode(&url[Position::BeforePath..Position::AfterQuery], NOT_IN_AN_ADDRESS);
    let part = url.fragment().map(|part| format!("#{}", utf8_percent_encode(part, NOT_IN_A_FRAGMENT)));
    Some(format!("{host}{path}{}", part.unwrap_or_default()))
}

/// A file as a URI reference: relative as it was named, or absolute with its scheme.
fn uri(file: &str) -> String {
    let path = file.replace(std::path::MAIN_SEPARATOR, "/");
    let path = utf8_percent_encode(&path, NOT_IN_A_PATH);
    if file.starts_with('/') { format!("file://{path}") } else { path.to_string() }
}

/// The same finding in the next run is recognised by these, even if its line has moved.
fn fingerprints(report: &Report, finding: &Finding) -> BTreeMap<String, String> {
    let subject = finding.subject.as_deref().unwrap_or_default();
    let told = format!("{}\n{}\n{subject}", report.file(), finding.check);
    let digest = hex(&Sha256::digest(told));
    // The only one that GitHub reads.
    let line = format!("{}:1", digest.get(..16).unwrap_or_default());
    [("greenlight/v1".to_owned(), digest), ("primaryLocationLineHash".to_owned(), line)].into()
}

fn bag<const N: usize>(properties: [(&str, Value); N]) -> PropertyBag {
    let properties: BTreeMap<_, _> =
        properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    PropertyBag::builder().additional_properties(properties).build()
}

#[cfg(test)]
mod tests;
