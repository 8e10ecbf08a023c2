//! Receipts of real runs, dated at a moment that a test chooses.

use greenlight::{
    model::{
        decision::Stated,
        report::{Batch, Report},
    },
    render::{self, Format, Style},
};

use super::{NOW, Sample, ran};

/// The report of a run at [`NOW`] with these arguments.
pub(crate) fn report(place: &Sample, args: &[&str]) -> Report {
    report_at(place, NOW, args)
}

/// The report of a run at this moment.
pub(crate) fn report_at(place: &Sample, at: &str, args: &[&str]) -> Report {
    let run = ran(place.greenlight(&["check", "--at", at, "--format", "json"]).args(args));
    let mut report: Report = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.all()));
    // As if the clock had shown the time that was judged for.
    report.made = report.at;
    report.stated = Stated::decision(report.found());
    report.sealed()
}

/// The report of a run just now, by the real clock.
pub(crate) fn report_now(place: &Sample, args: &[&str]) -> Report {
    let run = ran(place.greenlight(&["check", "--format", "json"]).args(args));
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.all()))
}

/// The report of a rehearsal just now, as if the calls had gone to the owner's own hosts and been answered like this.
pub(crate) fn as_if_live(mut report: Report) -> Report {
    assert!(report.rehearsal.take().is_some());
    for call in &mut report.calls {
        let (_, rest) = call.url.split_once("//").unwrap();
        let (_, path) = rest.split_once('/').unwrap();
        let host = match path.split('/').collect::<Vec<_>>()[..] {
            ["feed.xml"] => "status.x.ai",
            ["auth", ..] | [_, "billing", ..] => "management-api.x.ai",
            _ => "api.x.ai",
        };
        call.url = format!("https://{host}/{path}");
    }
    report.stated = Stated::decision(report.found());
    report.sealed()
}

/// Writes reports into the folder as a receipt file.
pub(crate) fn keep(place: &Sample, name: &str, reports: &[&Report]) {
    let batch = Batch {
        reports: reports.iter().map(|report| (*report).clone()).collect(),
        several: reports.len() > 1,
    };
    place.write(name, &render::render(&batch, Format::Json, &Style::new(80, false)));
}

/// The project, with a name that does not change from run to run.
pub(crate) fn named(place: Sample) -> Sample {
    let text = place.project();
    let (before, rest) = text.split_once("name = \"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    place.write("greenlight.toml", &format!("{before}name = \"Teaser\"{rest}"));
    place
}
