//! Names what went wrong below HTTP.

use std::{error::Error, io};

use super::resolver::NotPublic;
use crate::model::observation::{Trouble, TroubleKind};

/// Longest detail that is kept, in characters.
const DETAIL: usize = 200;

/// Names an error of the HTTP client; the text holds no address.
pub(crate) fn of(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let kind = kind(&error);
    let detail = match kind {
        TroubleKind::Dns => "the server's name doesn't resolve".to_owned(),
        TroubleKind::ConnectTimeout => "no connection in time".to_owned(),
        TroubleKind::ReadTimeout => "connected, but the server fell silent".to_owned(),
        _ => root(&error).chars().take(DETAIL).collect(),
    };
    Trouble { kind, detail }
}

/// The address that isn't public, if a name was refused for leading there.
pub(super) fn not_public(error: &reqwest::Error) -> Option<String> {
    chain(error).find_map(|cause| Some(cause.downcast_ref::<NotPublic>()?.0.clone()))
}

fn kind(error: &reqwest::Error) -> TroubleKind {
    // The order matters: a timeout while connecting and a refused certificate are connection errors too.
    if error.is_dns() {
        TroubleKind::Dns
    } else if chain(error).any(is_tls) {
        TroubleKind::Tls
    } else if error.is_connect() {
        if error.is_timeout() { TroubleKind::ConnectTimeout } else { TroubleKind::Connect }
    } else if error.is_timeout() {
        TroubleKind::ReadTimeout
    } else {
        TroubleKind::Broken
    }
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}

/// The error and its causes. An I/O error does not return its inner error from `source`.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    hidden.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
}

fn root(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map_or_else(String::new, ToString::to_string)
}
