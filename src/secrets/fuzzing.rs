//! A key that is hidden in any text, in any of its forms, never stays in the output. For the fuzz targets.

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{MARK, Redactor};

/// As long as a real one.
const KEY: &str = "xai-Qz7fX2mKdVw9RbTg4HyLp1NcUsJe6Ao3Wi8Bn5Dk";

thread_local! {
    static REDACTOR: Redactor = Redactor::new([KEY.into()], Vec::new(), []);
}

/// Puts the key into a text, where and in which form `how` says, redacts the text, and looks for the key.
pub(crate) fn planted(how: u64, text: &str) {
    let (form, place) = (how % 9, usize::try_from(how / 9).unwrap_or_default() % (text.len() + 1));
    let key = written(form, text);
    let (before, after) = text.split_at(text.floor_char_boundary(place));
    REDACTOR.with(|redactor| {
        // A text with pieces of the key of its own may be cut by the mark where it reads differently: `&#102` ends there.
        if redactor.knows(before) || redactor.knows(after) {
            return;
        }
        let clean = redactor.text(format!("{before}{key}{after}"));
        assert!(!clean.contains(&key), "form {form}: {clean}");
        // The texts on both sides of a mark don't form a piece of the key together, nor with the letters of the mark.
        let known = clean.split(MARK).find(|part| redactor.knows(part));
        assert!(known.is_none(), "form {form}: {known:?} in {clean}");
    });
}

/// The key in one of its forms; in the last three, some bytes of the text are encoded with it.
fn written(form: u64, text: &str) -> String {
    let each = |write: fn(&mut String, u8)| {
        KEY.bytes().fold(String::new(), |mut out, byte| {
            write(&mut out, byte);
            out
        })
    };
    let behind = |bytes: usize| {
        let lead = text.as_bytes().get(..bytes).unwrap_or_default();
        BASE64_STANDARD.encode([lead, KEY.as_bytes()].concat())
    };
    // Writing to a string can't fail.
    match form {
        0 => KEY.to_owned(),
        1 => KEY.chars().rev().collect(),
        2 => each(|out, byte| write!(out, "%{byte:02x}").unwrap_or_default()),
        3 => each(|out, byte| write!(out, "\\u{byte:04x}").unwrap_or_default()),
        4 => each(|out, byte| write!(out, "&#{byte};").unwrap_or_default()),
        5 => each(|out, byte| write!(out, "{byte:02x}").unwrap_or_default()),
        6 => behind(0),
        7 => behind(1),
        _ => behind(2),
    }
}
