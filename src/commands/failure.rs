//! How a verb that could not do its work reports that.

use std::{error::Error as _, fmt::Write as _};

use crate::{
    error::Error,
    exit::Exit,
    load::{self, LoadError},
    model::text::printable,
    ui::Printer,
};

/// Says what went wrong, why, and what to do about it; returns the exit code.
pub fn tell(printer: &mut Printer, error: &Error) -> Exit {
    let mut text = String::new();
    if let Error::Load(LoadError::Invalid { diagnostics, sources }) = error {
        let width = u16::try_from(printer.width()).unwrap_or(u16::MAX);
        text.push_str(&load::emit::emit(diagnostics, sources, true, width));
    } else {
        let _ = writeln!(text, "error: {}", printable(&error.to_string()));
        let mut cause = error.source();
        while let Some(inner) = cause {
            let _ = writeln!(text, "caused by: {}", printable(&inner.to_string()));
            cause = inner.source();
        }
    }
    if let Some(hint) = error.hint() {
        let lines: Vec<_> = hint.lines().map(printable).collect();
        let _ = writeln!(text, "hint: {}", lines.join("\n"));
    }
    // When standard error is gone too, there is nowhere to report it.
    drop(printer.warn(&text));
    error.exit()
}
