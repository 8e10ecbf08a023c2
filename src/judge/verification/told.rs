//! Compares what a receipt says about its checks and about what people recorded with the files at hand, because
//! documents made from it repeat what it says.

use std::collections::HashMap;

use super::Case;
use crate::{
    judge::{self, records},
    model::{
        id::CheckId,
        recorded::{ReportedAnswer, ReportedWaiver},
        report::Report,
        reported::{ReportedCheck, ReportedChecks},
        verdict::Finding,
    },
};

/// Everything that differs from these files. `findings` are those that the files give for the time of the run. Another
/// version of the program may word its checks differently, and the first receipt format contained none of this.
pub(super) fn otherwise(
    case: &Case<'_>,
    report: &Report,
    of_the_run: &judge::Case<'_>,
    findings: &[Finding],
) -> Vec<String> {
    if report.schema_version == 1 || report.tool.version != case.hand.tool.version {
        return Vec::new();
    }
    let mut wrong = checks(&report.checks, &of_the_run.checklist.reported());
    wrong.extend(answers(&report.answers, &records::answers(of_the_run, findings)));
    wrong.extend(waivers(&report.waivers, &records::waivers(of_the_run, findings)));
    wrong
}

fn checks(said: &ReportedChecks, given: &ReportedChecks) -> Vec<String> {
    if said.digest() == given.digest() {
        return Vec::new();
    }
    if said.all().is_empty() {
        return vec!["it does not contain the text of its checks".to_owned()];
    }
    let told: HashMap<&CheckId, &ReportedCheck> = said.all().iter().map(|check| (&check.id, check)).collect();
    let one = |given: &ReportedCheck| match told.get(&given.id) {
        None => Some(format!("{}: its text is missing", given.id)),
        Some(said) => {
            let fields = unlike(said, given);
            (!fields.is_empty()).then(|| format!("{}: different {}", given.id, fields.join(", ")))
        }
    };
    let wrong: Vec<_> = given.all().iter().filter_map(one).collect();
    if wrong.is_empty() { vec!["it lists other checks than these".to_owned()] } else { wrong }
}

/// The fields in which two checks with the same id differ.
fn unlike(said: &ReportedCheck, given: &ReportedCheck) -> Vec<&'static str> {
    let fields = [
        ("topic", said.topic == given.topic),
        ("row", said.row == given.row),
        ("title", said.title == given.title),
        ("severity", said.severity == given.severity),
        ("why", said.why == given.why),
        ("fix", said.fix == given.fix),
        ("source", said.source == given.source),
        ("question", said.question == given.question),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

fn answers(said: &[ReportedAnswer], given: &[ReportedAnswer]) -> Vec<String> {
    if said.len() != given.len() {
        return vec!["its answers do not match the recorded ones".to_owned()];
    }
    let pairs = said.iter().zip(given).filter(|(said, given)| said != given);
    pairs.map(|(_, given)| format!("{}: the answer of {} differs", given.check, given.answered)).collect()
}

fn waivers(said: &[ReportedWaiver], given: &[ReportedWaiver]) -> Vec<String> {
    if said.len() != given.len() {
        return vec!["its waivers do not match the recorded ones".to_owned()];
    }
    let pairs = said.iter().zip(given).filter(|(said, given)| said != given);
    pairs.map(|(_, given)| format!("{}: the waiver until {} differs", given.check, given.until)).collect()
}
