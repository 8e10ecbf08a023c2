//! An internal error: reported without the data it was about, which may hold a secret.

use std::panic::{self, AssertUnwindSafe};

use crate::{
    env,
    exit::Exit,
    ui::{Colour, Printer, Terminal},
};

/// Runs the program; a panic ends it with [`Exit::Bug`] instead of a trace with its payload.
pub fn guard(run: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(Exit::Bug)
}

/// Makes a panic print only where it happened: the data at hand may have been a key.
pub fn install_panic_hook() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
        let mut printer = Printer::new(&Terminal::default(), Colour::Never, true, &env::process);
        // When standard error is gone too, there is nowhere to report it.
        drop(printer.warn(&told(place.as_deref())));
    }));
}

fn told(place: Option<&str>) -> String {
    format!(
        "error: internal error at {}\nhint: report it with the command line; if a clip was under way, `greenlight ledger` shows what was paid\n",
        place.unwrap_or("an unknown place")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_with_the_code_of_a_bug() {
        assert_eq!(guard(|| panic!("xai-CANARY")), Exit::Bug);
        assert_eq!(guard(|| Exit::Hold), Exit::Hold);
    }

    #[test]
    fn only_the_place_is_told() {
        assert!(told(Some("src/a.rs:7")).contains("at src/a.rs:7\n"));
        assert!(told(None).contains("unknown place"));
        // It may have been paid by then.
        assert!(
            !told(None).contains("no credits") && told(None).contains("`greenlight ledger`"),
            "{}",
            told(None)
        );
    }
}
