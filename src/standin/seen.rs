//! What the stand-in was asked; of a credential only a digest is kept.

use std::sync::{Mutex, PoisonError};

use axum::{extract::Request, http::header::AUTHORIZATION};
use sha2::{Digest, Sha256};

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, `HEAD` or whatever was tried.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without its question mark.
    pub query: Option<String>,
    credential: Option<[u8; 32]>,
}

impl Seen {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            credential: request.headers().get(AUTHORIZATION).map(|value| digest(value.as_bytes())),
        }
    }

    /// Whether it came with an `Authorization` header.
    #[must_use]
    pub fn had_credential(&self) -> bool {
        self.credential.is_some()
    }

    /// Whether its `Authorization` header was exactly this, scheme included.
    #[must_use]
    pub fn had(&self, authorization: &str) -> bool {
        self.credential == Some(digest(authorization.as_bytes()))
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// All requests, in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Calls(Mutex<Vec<Seen>>);

impl Calls {
    pub(super) fn note(&self, seen: Seen) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    pub(super) fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
