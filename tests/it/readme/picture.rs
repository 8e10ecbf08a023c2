//! The picture in README: what a terminal shows for the sample, in light and dark.

use anstyle::{Color, RgbColor};
use anstyle_svg::Term;
use greenlight::{
    model::report::{Batch, Report},
    render::{self, Detail, Format, Style},
};

use crate::support::{NOW, Sample, ran};

/// Columns of the terminal in the picture.
const WIDTH: u16 = 96;

/// What a terminal shows for the sample, with its colours.
fn shown() -> String {
    let sample = Sample::of("api");
    let run = ran(&mut sample.greenlight(&["check", "--rehearse", "--at", NOW, "--format", "json"]));
    let mut report: Report = serde_json::from_str(&run.out).unwrap();
    // The stand-in's port and the free space on the disk differ from run to run.
    for finding in &mut report.findings {
        if let Some((before, _)) = finding.seen.split_once(" GiB free") {
            finding.seen = format!("{} GiB free", before.split(", ").next().unwrap());
        }
    }
    let style = Style { detail: Detail::Open, ..Style::new(WIDTH, true) };
    let table = render::render(&Batch::one(report), Format::Table, &style);
    format!("$ greenlight check --rehearse\n{table}")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a switch for developers")]
fn the_picture_is_what_the_program_shows() {
    let table = shown();
    assert!(table.contains("would be HOLD") && table.contains("greenlight answer"), "{table}");
    let (ink, paper) = (Color::Rgb(RgbColor(31, 35, 40)), Color::Rgb(RgbColor(255, 255, 255)));
    let (chalk, board) = (Color::Rgb(RgbColor(230, 237, 243)), Color::Rgb(RgbColor(13, 17, 23)));
    for (name, letters, ground) in [("light", ink, paper), ("dark", chalk, board)] {
        let picture = Term::new().fg_color(letters).bg_color(ground).render_svg(&table);
        let path = super::page(&format!("docs/table-{name}.svg"));
        if std::env::var_os("GREENLIGHT_UPDATE").is_some() {
            fs_err::write(&path, &picture).unwrap();
        }
        let how = "is stale: run `GREENLIGHT_UPDATE=1 cargo test --test it readme`";
        assert!(fs_err::read_to_string(&path).unwrap() == picture, "docs/table-{name}.svg {how}");
    }
}
