//! Routes side by side as one self-contained HTML page. It shows every row, because paper has no `--all` flag.

use serde::Serialize;

use super::{FACTS, LEGEND, MANDATORY, PRICES, QUALIFIES, because, price, priced, title, told, topic};
use crate::{
    model::{
        compare::{Cell, Comparison, Qualifies, TopicRow},
        text::printable,
    },
    render::dossier::html::{TemplateError, filled},
};

/// The page template. Values are escaped, and it reads no files.
const TEMPLATE: &str = include_str!("page.html");

/// What the page is made from. All texts are printable.
#[derive(Serialize)]
struct Sheet {
    title: String,
    qualifies: &'static str,
    routes: Vec<Route>,
    groups: Vec<Group>,
    legend: &'static str,
}

#[derive(Serialize)]
struct Given {
    sheet: Sheet,
}

#[derive(Serialize)]
struct Route {
    name: String,
    word: &'static str,
    /// Its CSS class: `yes`, `not-yet` or `no`.
    class: &'static str,
    because: Vec<String>,
}

#[derive(Serialize)]
struct Group {
    heading: &'static str,
    first: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    /// Its CSS class: the word of its verdict, or empty.
    class: &'static str,
    text: String,
    seen: String,
}

/// As HTML, for browsers and for paper.
///
/// # Errors
/// [`TemplateError`] when the page becomes too large.
pub fn html(comparison: &Comparison) -> Result<String, TemplateError> {
    let topics = |heading, rows: &[TopicRow]| Group {
        heading,
        first: "Topic",
        rows: rows.iter().map(of_topic).collect(),
    };
    let prices = comparison.prices.iter().map(|row| Row {
        name: priced(row),
        cells: row
            .cells
            .iter()
            .map(|asked| Told { class: "", text: price(asked), seen: String::new() })
            .collect(),
    });
    let groups = [
        topics(MANDATORY, &comparison.mandatory),
        topics(FACTS, &comparison.facts),
        Group { heading: PRICES, first: "Shot", rows: prices.collect() },
    ];
    let sheet = Sheet {
        title: title(comparison),
        qualifies: QUALIFIES,
        routes: comparison.columns.iter().map(route).collect(),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        legend: LEGEND,
    };
    filled(TEMPLATE, &Given { sheet }).map(|(page, _)| page)
}

fn route(column: &crate::model::compare::Column) -> Route {
    let class = match column.qualifies {
        Qualifies::Yes => "yes",
        Qualifies::NotYet => "not-yet",
        Qualifies::No => "no",
    };
    Route {
        name: printable(&column.name).into_owned(),
        word: column.qualifies.word(),
        class,
        because: because(column),
    }
}

fn of_topic(row: &TopicRow) -> Row {
    Row { name: topic(row), cells: row.cells.iter().map(|cell| text(cell.as_ref())).collect() }
}

fn text(cell: Option<&Cell>) -> Told {
    Told {
        class: cell
            .map_or("none", |cell| if cell.verdict.word() == "n/a" { "none" } else { cell.verdict.word() }),
        text: told(cell),
        seen: cell.map(|cell| printable(&cell.seen).into_owned()).unwrap_or_default(),
    }
}
