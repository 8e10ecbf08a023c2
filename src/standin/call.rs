//! A request as it arrived, with everything that may decide about its answer.

use axum::{
    body::Bytes,
    http::{
        HeaderMap,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
};

use super::asked::Asked;

/// The header in which a request says what to play.
pub(super) const PLAY: &str = "x-greenlight-play";

/// A request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// What it asks for.
    pub(super) asked: Asked<'a>,
    /// All of its headers.
    pub(super) headers: &'a HeaderMap,
    /// Its body as it arrived.
    pub(super) bytes: &'a Bytes,
}

impl<'a> Call<'a> {
    /// The value of a header; none if it isn't text.
    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The key that it carries.
    pub(super) fn bearer(&self) -> Option<&'a str> {
        let value = self.header(AUTHORIZATION.as_str())?;
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    }

    /// The declared type of its body, without parameters.
    pub(super) fn content_type(&self) -> Option<&'a str> {
        self.header(CONTENT_TYPE.as_str())?.split(';').next().map(str::trim)
    }

    /// The plays that it asks for.
    pub(super) fn plays(&self) -> impl Iterator<Item = &'a str> {
        let all = self.headers.get_all(PLAY).iter().filter_map(|value| value.to_str().ok());
        all.flat_map(|value| value.split(',')).map(str::trim).filter(|id| !id.is_empty())
    }
}
