//! The dossier as one self-contained HTML page: no script, no font, no external image.
//!
//! The page is a template. It gets the document as data and reads no files, and all of its output is escaped, whatever
//! the template says.

use std::io::{ErrorKind, Result as Written, Write};

use chrono::TimeDelta;
use minijinja::{
    AutoEscape, Environment, HtmlEscape, Output, State, UndefinedBehavior, Value, syntax::SyntaxConfig,
    value::Serde,
};
use serde::Serialize;

use super::{
    FIRST_CONDITIONS,
    figures::{self, Bars, Timeline},
    headline::tone,
};
use crate::model::{
    decision::Decided,
    dossier::{Dossier, Tone},
    text::{printable, without_commands},
};

/// The shipped page template.
pub const TEMPLATE: &str = include_str!("page.html");

/// The most steps a template may take. The shipped one takes about two hundred for each check.
const MOST_STEPS: u64 = 20_000_000;

/// How deeply the calls in a template may be nested.
const DEEPEST: usize = 64;

/// The largest page, in bytes.
const LARGEST: usize = 128 << 20;

/// Why a template couldn't be rendered.
#[derive(Debug, thiserror::Error)]
#[error("{}{}", what, at.map(|line| format!(" (line {line})")).unwrap_or_default())]
pub struct TemplateError {
    what: String,
    at: Option<usize>,
}

impl TemplateError {
    /// The line that is wrong, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.at
    }
}

/// Everything that a template gets.
#[derive(Debug, Serialize)]
struct Given<'a> {
    dossier: &'a Dossier,
    bars: Bars,
    timeline: Option<Timeline>,
    first_conditions: usize,
    /// The prefix of every id in this document.
    pre: &'a str,
    /// All documents on its page, if there are several.
    several: Option<&'a Several>,
    /// Whether it is the first, and whether it is the last, on the page.
    first: bool,
    last: bool,
}

/// What a page says about all of its documents.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Several {
    title: String,
    word: String,
    tone: Tone,
    projects: Vec<Listed>,
}

/// A document in the list of its page.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    name: String,
    file: String,
    word: String,
    tone: Tone,
}

impl Several {
    /// The list of these documents and their combined decision.
    pub(in crate::render) fn of(title: String, decided: &Decided, all: &[Dossier]) -> Self {
        let listed = |(at, one): (usize, &Dossier)| Listed {
            id: format!("{}project", pre(at)),
            name: one.project.name.clone(),
            file: one.project.file.clone(),
            word: one.headline.word.clone(),
            tone: one.headline.tone,
        };
        let projects = all.iter().enumerate().map(listed).collect();
        Self { title, word: decided.to_string(), tone: tone(decided), projects }
    }
}

/// The prefix of the ids of a document that shares a page with others.
fn pre(at: usize) -> String {
    format!("p{}-", at + 1)
}

/// Renders the page with this template.
///
/// # Errors
/// [`TemplateError`] when the template is wrong, uses an undefined value, or doesn't end.
pub fn render(dossier: &Dossier, template: &str) -> Result<String, TemplateError> {
    rendered(dossier, template).map(|(page, _)| page)
}

/// One document of the shipped page for several.
///
/// # Errors
/// As [`render`].
pub(in crate::render) fn part(
    dossier: &Dossier,
    several: &Several,
    at: usize,
    last: bool,
) -> Result<String, TemplateError> {
    let pre = &pre(at);
    let given = Given { pre, several: Some(several), first: at == 0, last, ..given(dossier) };
    filled(TEMPLATE, &given).map(|(page, _)| page)
}

/// The page, and how many steps it took.
fn rendered(dossier: &Dossier, template: &str) -> Result<(String, u64), TemplateError> {
    filled(template, &given(dossier))
}

fn given(dossier: &Dossier) -> Given<'_> {
    let today = dossier.expiries.first().map(|expiry| expiry.day - TimeDelta::days(expiry.left));
    Given {
        dossier,
        bars: figures::bars(dossier),
        timeline: today.and_then(|today| figures::timeline(dossier, today)),
        first_conditions: FIRST_CONDITIONS,
        pre: "",
        several: None,
        first: true,
        last: true,
    }
}

/// A template filled with this value, and how many steps it took.
///
/// # Errors
/// As [`render`].
pub(in crate::render) fn filled(
    template: &str,
    given: &impl Serialize,
) -> Result<(String, u64), TemplateError> {
    let environment = environment();
    let template =
        environment.template_from_named_str("page.html", template).map_err(|error| wrong(&error))?;
    let mut page = Bounded { text: Vec::new(), full: false };
    let done = template.render_captured_to(Serde(given), &mut page);
    match done {
        Err(_) if page.full => Err(TemplateError { what: "the page grows too large".to_owned(), at: None }),
        Err(error) => Err(wrong(&error)),
        Ok(captured) => {
            let steps = captured.state().fuel_levels().map_or(0, |(used, _)| used);
            Ok((String::from_utf8_lossy(&page.text).trim_start().to_owned(), steps))
        }
    }
}

/// What a template can use: no files, no other templates, and no way to leave a text unescaped.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(escaped);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(MOST_STEPS));
    environment.set_recursion_limit(DEEPEST);
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default(),
    );
    environment.remove_filter("safe");
    // A width in a format takes as much memory as it says.
    environment.remove_filter("format");
    environment.remove_global("debug");
    environment
}

/// Escapes every value that isn't the template's own result, even where the template turns escaping off.
fn escaped(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Ok(());
    }
    match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text)?,
        Some(text) => out.write_str(&html(text))?,
        None => out.write_str(&html(&value.to_string()))?,
    }
    Ok(())
}

/// The text, escaped so that a page and the log of a CI service treat it as plain text.
pub(in crate::render) fn html(text: &str) -> String {
    without_commands(HtmlEscape(text).to_string().into(), "&#91;").into_owned()
}

fn wrong(error: &minijinja::Error) -> TemplateError {
    if error.kind() == minijinja::ErrorKind::OutOfFuel {
        return TemplateError {
            what: format!("the page takes more than {MOST_STEPS} steps"),
            at: error.line(),
        };
    }
    let detail = error.detail().map(|detail| format!(": {}", printable(detail))).unwrap_or_default();
    TemplateError { what: format!("{}{detail}", error.kind()), at: error.line() }
}

/// A buffer that can't grow beyond its limit.
struct Bounded {
    text: Vec<u8>,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> Written<usize> {
        if self.text.len() + bytes.len() > LARGEST {
            self.full = true;
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Written<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
