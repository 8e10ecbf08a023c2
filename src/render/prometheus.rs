//! Metrics in the text format 0.0.4, as the textfile collector of node-exporter reads them.
//!
//! Meant for `greenlight check --report prometheus=/var/lib/node_exporter/greenlight.prom` in a nightly job. Samples
//! have no timestamps, because the collector rejects them
//! (<https://github.com/prometheus/node_exporter#textfile-collector>; the format:
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>, both as of 2026-11-23).

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::{Style, machine};
use crate::model::{
    decision::{Bar, Decided, Decision},
    report::{Batch, Report},
};

/// All metrics, each with its help and type, and the decision of each project as a comment.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let mut out = String::new();
    for report in &batch.reports {
        let _ = writeln!(out, "# greenlight: {}", machine::decided(report, batch.several));
    }
    for (name, help, samples) in METRICS {
        // A project that is named twice would give the same series twice, which no reader accepts.
        let mut series: IndexMap<String, i64> = IndexMap::new();
        for report in &batch.reports {
            for (more, value) in samples(report) {
                let mut labels = vec![
                    ("project", machine::plain(&report.project.name).into_owned()),
                    ("file", machine::file(report.file())),
                ];
                labels.extend(more);
                series.entry(written(&labels)).or_insert(value);
            }
        }
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n");
        for (labels, value) in series {
            let _ = writeln!(out, "{name}{{{labels}}} {value}");
        }
    }
    out
}

type Labels = Vec<(&'static str, String)>;

type Samples = fn(&Report) -> Vec<(Labels, i64)>;

const METRICS: [(&str, &str, Samples); 8] = [
    (
        "greenlight_decision",
        "1 for the decision; all are 0 for a run that clears nothing, and the label run says why.",
        |report| decision(report, report.decided().decision()),
    ),
    ("greenlight_would_be", "1 for what would have been decided by a run that clears nothing.", |report| {
        let decided = report.decided();
        decision(report, decided.decision().is_none().then(|| decided.found()))
    }),
    ("greenlight_check_verdict", "1 for the verdict of each check.", verdicts),
    ("greenlight_findings", "How many checks have this verdict.", findings),
    ("greenlight_run_timestamp_seconds", "The moment that was judged for.", |report| {
        vec![(vec![], report.at.timestamp())]
    }),
    ("greenlight_rehearsal", "1 when the calls went to a stand-in.", |report| {
        vec![(vec![], i64::from(report.rehearsal.is_some()))]
    }),
    ("greenlight_calls", "Calls made while checking, all of them free.", |report| {
        vec![(vec![], whole(report.sent().count()))]
    }),
    ("greenlight_build_info", "1, with the version that checked.", |report| {
        vec![(vec![("version", machine::plain(&report.tool.version).into_owned())], 1)]
    }),
];

fn decision(report: &Report, decided: Option<Decision>) -> Vec<(Labels, i64)> {
    let all = [Decision::Go, Decision::Hold, Decision::NoGo];
    let sample = |decision: Decision| {
        let labels = vec![
            ("route", report.project.route.to_string()),
            ("provider", machine::plain(&report.project.provider).into_owned()),
            ("run", run(report)),
            ("decision", Decided::from(decision).short()),
        ];
        (labels, i64::from(Some(decision) == decided))
    };
    all.map(sample).to_vec()
}

/// `live`, or why the run clears nothing.
fn run(report: &Report) -> String {
    let word = |bar: &Bar| match bar {
        Bar::Rehearsal => "rehearsal",
        Bar::Replay => "replay",
        Bar::Private => "private-addresses",
        Bar::Partial => "partial",
        Bar::AsOf(_) => "as-of",
    };
    let words: Vec<_> = report.bars().iter().map(word).collect();
    if words.is_empty() { "live".to_owned() } else { words.join("+") }
}

fn verdicts(report: &Report) -> Vec<(Labels, i64)> {
    let sample = |finding: &crate::model::verdict::Finding| {
        let labels = vec![
            ("check", finding.check.to_string()),
            ("subject", machine::plain(finding.subject.as_deref().unwrap_or_default()).into_owned()),
            ("row", finding.row.to_string()),
            ("severity", finding.severity.word().to_owned()),
            ("verdict", finding.verdict.word().to_owned()),
        ];
        (labels, 1)
    };
    report.findings.iter().map(sample).collect()
}

fn findings(report: &Report) -> Vec<(Labels, i64)> {
    let counts = machine::counts(report.totals);
    counts.into_iter().map(|(word, count)| (vec![("verdict", word.to_owned())], whole(count))).collect()
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn written(labels: &Labels) -> String {
    let one = |(name, value): &(&str, String)| format!("{name}=\"{}\"", escaped(value));
    labels.iter().map(one).collect::<Vec<_>>().join(",")
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests;
