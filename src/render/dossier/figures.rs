//! The two figures on the page: verdicts by row, and what expires when. This computes positions in drawing units; the
//! template draws.

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

use crate::{
    model::dossier::{Badge, Count, Dossier, RowCounts},
    render::machine,
};

/// The width of the bar for the largest row. A row with every verdict may be wider by [`NARROWEST`] for each.
const WIDTH: usize = 300;

/// The width of the timeline.
const LINE: i64 = 394;

/// The distance between lines.
const STEP: usize = 44;

/// The narrowest part that is still visible.
const NARROWEST: usize = 14;

/// The most lines in the timeline.
const MOST_LINES: usize = 12;

/// How many characters fit on a line of the drawing.
const SHORT: usize = 42;

/// The most days that the timeline shows.
const LONGEST_DAYS: i64 = 400;

/// Verdicts by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Bars {
    height: usize,
    rows: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Bar {
    name: String,
    y: usize,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Part {
    badge: Badge,
    count: usize,
    x: usize,
    width: usize,
}

/// What expires when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Timeline {
    height: usize,
    from: NaiveDate,
    to: NaiveDate,
    lines: Vec<Line>,
    more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line {
    day: NaiveDate,
    what: String,
    /// As much of it as fits on a line of the drawing.
    short: String,
    count: usize,
    y: usize,
    x: usize,
    lapsed: bool,
}

/// The verdicts of each row, side by side.
pub(super) fn bars(dossier: &Dossier) -> Bars {
    let largest = dossier.rows.iter().map(|row| row.total).max().unwrap_or(1).max(1);
    let bar = |(at, row): (usize, &RowCounts)| {
        let mut x = 0;
        let part = |count: &Count| {
            let width = (count.count * WIDTH / largest).max(NARROWEST);
            let part = Part { badge: count.badge, count: count.count, x, width };
            x += width;
            part
        };
        let parts: Vec<_> = row.counts.iter().filter(|count| count.count > 0).map(part).collect();
        Bar { name: row.name.clone(), y: at * STEP, parts }
    };
    let rows: Vec<_> = dossier.rows.iter().enumerate().map(bar).collect();
    Bars { height: rows.len() * STEP, rows }
}

/// The earliest days on which something expires; everything that ends on one day shares a line.
pub(super) fn timeline(dossier: &Dossier, today: NaiveDate) -> Option<Timeline> {
    let mut days: Vec<(NaiveDate, i64, String, usize)> = Vec::new();
    for expiry in &dossier.expiries {
        match days.last_mut().filter(|(day, ..)| *day == expiry.day) {
            Some((.., count)) => *count += 1,
            None => days.push((expiry.day, expiry.left, expiry.what.clone(), 1)),
        }
    }
    let more = days.len().saturating_sub(MOST_LINES);
    days.truncate(MOST_LINES);
    let farthest = days.last().map(|(_, left, ..)| *left)?.clamp(1, LONGEST_DAYS);
    let line = |(at, (day, left, what, count)): (usize, (NaiveDate, i64, String, usize))| {
        let place = left.clamp(0, farthest) * LINE / farthest;
        Line {
            day,
            short: machine::clipped(&what, SHORT).into_owned(),
            what,
            count,
            y: at * STEP,
            x: usize::try_from(place).unwrap_or_default(),
            lapsed: left < 0,
        }
    };
    let to = today + TimeDelta::days(farthest);
    let lines: Vec<_> = days.into_iter().enumerate().map(line).collect();
    Some(Timeline { height: lines.len() * STEP, from: today, to, lines, more })
}
