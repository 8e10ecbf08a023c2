//! Parses one TOML text into one raw struct, reporting every mistake and not only the first.
//!
//! serde stops at the first mistake. So the wrong entry is removed from the parsed table and the rest is parsed again,
//! until nothing is wrong any more. A correct file is parsed once.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

use super::{
    diagnostic::{Diagnostic, Label, Level},
    suggest,
};
use crate::model::nearest::nearest;

/// Most mistakes that are collected from one file.
const MOST: usize = 50;

/// Most dots in a key.
const MOST_DOTS: usize = 500;

/// Most headers of tables in lists: each takes three kilobytes when parsed, however little it contains.
const MOST_HEADERS: usize = 50_000;

/// A text up to this size can't contain a key that takes much memory, in bytes.
const SMALL: usize = 64 << 10;

/// An entry that was removed, so that it isn't reported as missing too.
pub(super) struct Taken {
    pub(super) file: usize,
    pub(super) key: String,
    pub(super) at: usize,
}

/// Parses a text. The result lacks everything that was wrong; `None` when nothing is left.
pub(super) fn read<T: DeserializeOwned>(
    file: usize,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
    gone: &mut Vec<Taken>,
) -> Option<T> {
    if let Some(span) = Some(text).filter(|text| text.len() > SMALL).and_then(endless_key) {
        diagnostics.push(Diagnostic {
            code: "too-deep",
            level: Level::Error,
            message: format!("a key has at most {MOST_DOTS} dots"),
            file,
            labels: vec![Label { span, text: String::new(), primary: true }],
            help: Some("the deepest key that has a meaning has three".to_owned()),
        });
        return None;
    }
    if let Some(span) = one_header_too_many(text) {
        diagnostics.push(Diagnostic {
            code: "too-many",
            level: Level::Error,
            message: format!("a file has at most {MOST_HEADERS} `[[…]]` headers"),
            file,
            labels: vec![Label { span, text: String::new(), primary: true }],
            help: Some("split the file".to_owned()),
        });
        return None;
    }
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            diagnostics.push(syntax(file, text, &error));
            return None;
        }
    };
    match T::deserialize(toml::Deserializer::from(table)) {
        Ok(raw) => Some(raw),
        Err(_) => mend(file, text, diagnostics, gone),
    }
}

/// Removes one wrong entry after another, until the rest can be parsed.
fn mend<T: DeserializeOwned>(
    file: usize,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
    gone: &mut Vec<Taken>,
) -> Option<T> {
    let mut table = DeTable::parse(text).ok()?;
    let mut found = 0;
    loop {
        let error = match T::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(raw) => return Some(raw),
            Err(error) => error,
        };
        let span = error.span().unwrap_or(0..0);
        let taken = take_out(table.get_mut(), &span);
        let meant = unknown(error.message()).and_then(|(name, choices)| nearest(name, choices));
        let keys = taken.as_deref().into_iter().chain(meant);
        gone.extend(keys.map(|key| Taken { file, key: key.to_owned(), at: span.start }));
        diagnostics.push(misfit(file, error.message(), span, taken.as_deref()));
        found += 1;
        if taken.is_none() || found >= MOST {
            return None;
        }
    }
}

/// A key with an absurd number of dots: the parser would create a table for each of them before it gives up.
pub(super) fn endless_key(text: &str) -> Option<Range<usize>> {
    let (mut begun, mut dots) = (None, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'.' if begun.is_some() => {
                dots += 1;
                if dots > MOST_DOTS {
                    return begun.map(|begun| begun..at);
                }
            }
            b'_' | b'-' | b'"' | b'\'' | b' ' | b'\t' | 0x80.. => begun = begun.or(Some(at)),
            _ if byte.is_ascii_alphanumeric() => begun = begun.or(Some(at)),
            _ => (begun, dots) = (None, 0),
        }
    }
    None
}

/// The first header beyond the limit.
pub(super) fn one_header_too_many(text: &str) -> Option<Range<usize>> {
    // A header may be indented.
    let begins = |at: usize| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        before.iter().rev().find(|byte| !b" \t".contains(byte)).is_none_or(|byte| *byte == b'\n')
    };
    let mut headers = text.match_indices("[[").filter(|(at, _)| begins(*at));
    headers.nth(MOST_HEADERS).map(|(at, header)| at..at + header.len())
}

fn syntax(file: usize, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let conflict = text.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> "));
    Diagnostic {
        code: "toml-syntax",
        level: Level::Error,
        message: error.message().to_owned(),
        file,
        labels: vec![Label { span, text: String::new(), primary: true }],
        help: conflict.then(|| "the file holds merge conflict markers; resolve the merge first".to_owned()),
    }
}

/// The unknown key in serde's message, and the keys that were expected.
fn unknown(message: &str) -> Option<(&str, Vec<&str>)> {
    let (head, wanted) = message.strip_prefix("unknown field ")?.split_once(", expected ")?;
    Some((head.trim_matches('`'), wanted.split('`').skip(1).step_by(2).collect()))
}

fn misfit(file: usize, message: &str, span: Range<usize>, key: Option<&str>) -> Diagnostic {
    let (head, wanted) = message.split_once(", expected ").unwrap_or((message, ""));
    let choices: Vec<&str> = wanted.split('`').skip(1).step_by(2).collect();
    let name = head.split('`').nth(1).unwrap_or_default();
    let (code, message, help) = if head.starts_with("unknown field") {
        ("unknown-key", format!("unknown key `{name}`"), suggest::among(name, choices))
    } else if head.starts_with("unknown variant") {
        let what = key.map_or_else(|| "value".to_owned(), |key| format!("`{key}`"));
        ("unknown-word", format!("`{name}` isn't a valid {what}"), suggest::among(name, choices))
    } else if wanted.is_empty() {
        ("bad-value", with_key(key, head), None)
    } else {
        let plain = format!("expected {}, found {}", plain_type(wanted), found_type(head));
        ("wrong-type", with_key(key, &plain), None)
    };
    Diagnostic {
        code,
        level: Level::Error,
        message,
        file,
        labels: vec![Label { span, text: String::new(), primary: true }],
        help,
    }
}

fn with_key(key: Option<&str>, text: &str) -> String {
    key.map_or_else(|| text.to_owned(), |key| format!("`{key}`: {text}"))
}

/// serde names Rust's types; people who write TOML know TOML's.
fn plain_type(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a non-negative whole number",
        "i64" => "a whole number",
        "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "a table",
        _ if wanted.starts_with("struct ") => "a table",
        _ => wanted,
    }
}

fn found_type(head: &str) -> String {
    let found = head.split_once(": ").map_or(head, |(_, found)| found);
    match found {
        "map" => "a table".to_owned(),
        "sequence" => "an array".to_owned(),
        _ => found.to_owned(),
    }
}

/// Removes the entry at this span from the table; returns its key.
fn take_out(table: &mut DeTable<'_>, span: &Range<usize>) -> Option<String> {
    let hit = table
        .iter()
        .find(|(key, value)| key.span() == *span || value.span() == *span)
        .map(|(key, _)| key.get_ref().to_string());
    if let Some(key) = hit {
        table.remove(key.as_str());
        return Some(key);
    }
    table.iter_mut().find_map(|(key, value)| take_out_of_value(key.get_ref(), value, span))
}

fn take_out_of_value(key: &str, value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<String> {
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, span),
        DeValue::Array(items) => {
            if items.iter().any(|item| item.span() == *span) {
                let all = std::mem::replace(items, DeArray::new());
                all.into_iter().filter(|item| item.span() != *span).for_each(|item| items.push(item));
                return Some(key.to_owned());
            }
            items.iter_mut().find_map(|item| take_out_of_value(key, item, span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
