//! The request of a probe: its method, its path, and its body with the position of every field.

use std::ops::Range;

use super::{raw::body::RawBody, sink::DiagnosticSink, spanned::Spanned};
use crate::model::{
    body::BodyTemplate,
    call::Method,
    id::ProbeId,
    request::Request,
    shape::{Misfit, below},
    template::{Hole, Template},
};

/// A request as written.
pub(super) struct RawRequest {
    pub(super) get: Option<Spanned<String>>,
    pub(super) head: Option<Spanned<String>>,
    pub(super) post: Option<Spanned<String>>,
    pub(super) body: Option<Spanned<RawBody>>,
}

/// A request, where its parts are, and every hole in it.
pub(super) struct Placed {
    pub(super) request: Request,
    pub(super) places: Places,
    pub(super) holes: Vec<(Hole, Range<usize>)>,
}

/// Where the parts of a request are.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) path: Range<usize>,
    /// Every field of the body by its path; the body itself has an empty path.
    fields: Vec<(String, Range<usize>)>,
}

impl Places {
    /// Where to show a misfit: at its field, or at the nearest one around it.
    pub(super) fn of(&self, misfit: &Misfit) -> Range<usize> {
        let around = |name: &str| {
            name.is_empty()
                || misfit
                    .field
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let written = self.fields.iter().filter(|(name, _)| around(name));
        written.max_by_key(|(name, _)| name.len()).map_or(self.path.clone(), |(_, at)| at.clone())
    }
}

impl DiagnosticSink<'_> {
    /// The request of a probe.
    pub(super) fn request(&mut self, id: &ProbeId, raw: RawRequest, at: &Range<usize>) -> Option<Placed> {
        let (method, path) = match (raw.get, raw.head, raw.post) {
            (Some(path), None, None) => (Method::Get, path),
            (None, Some(path), None) => (Method::Head, path),
            (None, None, Some(path)) => (Method::Post, path),
            _ => {
                self.error_with(
                    "bad-probe",
                    at.clone(),
                    format!("probe `{id}` needs exactly one of `get`, `head` and `post`"),
                    Some("a probe changes nothing; there is no way to write a paid call here".into()),
                );
                return None;
            }
        };
        let span = path.span();
        let template = self.keep(Template::parse(path.get_ref()), "bad-template", span.clone())?;
        if !path.get_ref().starts_with('/') || path.get_ref().contains('#') {
            self.error("bad-probe", span.clone(), "a probe's path starts with `/` and has no `#`");
        }
        let holes = template.holes().map(|hole| (hole.clone(), span.clone())).collect();
        let mut reader = BodyReader { sink: self, fields: Vec::new(), holes };
        let body = match (method, raw.body) {
            // Which fields are missing is reported where the free bodies are known.
            (Method::Post, None) => Some(BodyTemplate::Table(Vec::new())),
            // The mistakes in it have already been reported.
            (Method::Post, Some(body)) if reader.sink.touched(&body.span()) => return None,
            (Method::Post, Some(body)) => Some(reader.table(body)?),
            (_, Some(body)) => {
                reader.sink.error("bad-probe", body.span(), "`body` goes with `post` alone");
                None
            }
            (_, None) => None,
        };
        let BodyReader { fields, holes, .. } = reader;
        let request = Request { method, path: template, body };
        Some(Placed { request, places: Places { path: span, fields }, holes })
    }
}

/// Reads a body and records the position of everything.
struct BodyReader<'b, 'n> {
    sink: &'b mut DiagnosticSink<'n>,
    fields: Vec<(String, Range<usize>)>,
    holes: Vec<(Hole, Range<usize>)>,
}

impl BodyReader<'_, '_> {
    fn table(&mut self, raw: Spanned<RawBody>) -> Option<BodyTemplate> {
        if !matches!(raw.get_ref(), RawBody::Table(_)) {
            self.sink.error("bad-probe", raw.span(), "a body is a table of fields");
            return None;
        }
        self.value(raw, "", false)
    }

    fn value(&mut self, raw: Spanned<RawBody>, at: &str, in_table: bool) -> Option<BodyTemplate> {
        let span = raw.span();
        self.fields.push((at.to_owned(), span.clone()));
        Some(match raw.into_inner() {
            RawBody::Text(text) => self.text(&text, &span, in_table)?,
            RawBody::Literal(value) => BodyTemplate::Literal(value),
            RawBody::List(items) => {
                let items = items.into_iter().enumerate();
                let items = items.map(|(place, item)| self.value(item, &format!("{at}[{place}]"), false));
                BodyTemplate::List(items.collect::<Option<_>>()?)
            }
            RawBody::Table(fields) => {
                let mut table = Vec::new();
                for (name, field) in fields {
                    let field = self.value(field, &below(at, name.get_ref()), true)?;
                    table.push((self.template(name.get_ref(), &name.span())?, field));
                }
                BodyTemplate::Table(table)
            }
        })
    }

    fn text(&mut self, text: &str, span: &Range<usize>, in_table: bool) -> Option<BodyTemplate> {
        let maybe = text.strip_prefix('{').and_then(|rest| rest.strip_suffix("?}"));
        let Some(name) = maybe.filter(|name| in_table && Hole::OF_SHOT.contains(name)) else {
            return self.template(text, span).map(BodyTemplate::Text);
        };
        self.template(&format!("{{{name}}}"), span).map(BodyTemplate::Maybe)
    }

    fn template(&mut self, text: &str, span: &Range<usize>) -> Option<Template> {
        let template = self.sink.keep(Template::parse(text), "bad-template", span.clone())?;
        self.holes.extend(template.holes().map(|hole| (hole.clone(), span.clone())));
        Some(template)
    }
}

#[cfg(test)]
mod tests;
