//! What a probe requests: method, path and body, with holes.

use std::fmt;

use super::{body::BodyTemplate, call::Method, template::Template};

/// A request as a checklist writes it. It is made only if [`super::owners::Owners`] says that it is free.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, from the root of the host's base URL.
    pub path: Template,
    /// What is sent; only a POST has a body.
    pub body: Option<BodyTemplate>,
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn get(path: Template) -> Self {
        Self { method: Method::Get, path, body: None }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        self.body.as_ref().map_or(Ok(()), |body| write!(f, " {body}"))
    }
}
