//! What must hold for any reply and for any input file of a shot, for the fuzz targets.

use std::io::Cursor;

use super::{error_text, media};
use crate::model::{
    media::Whole,
    observation::{Body, Unclear},
};

/// The error of a reply: what is found must occur in the reply.
pub(crate) fn reply(status: u16, text: &str) {
    let body = match serde_json::from_str(text) {
        Ok(value) => Body::Json(value),
        Err(_) => Body::Text(text.to_owned()),
    };
    let found = error_text::of_reply(status, &body);
    assert!(found.code.as_ref().is_none_or(|code| !code.is_empty()));
    assert!(found.message.as_ref().is_none_or(|message| !message.is_empty() && message.len() <= text.len()));
    let unclear = Body::Unclear(Unclear { why: String::new(), text: text.to_owned() });
    assert_eq!(error_text::read(&unclear), error_text::read(&Body::Text(text.to_owned())));
}

/// An image or a clip: looking twice gives the same result, and a whole file has a size.
pub(crate) fn look(bytes: &[u8]) {
    let look = || media::inspect(Cursor::new(bytes), bytes.len() as u64);
    let found = look();
    assert_eq!(found, look());
    let has_size = found.pixels.is_none_or(|(width, height)| width > 0 && height > 0);
    assert!(found.whole != Whole::Yes || (found.mime.is_some() && has_size), "{found:?}");
}
