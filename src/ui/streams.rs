//! The two streams of the program: results go to standard output, messages to standard error.

use std::io::{self, ErrorKind, Write};

use anstream::{AutoStream, ColorChoice};

use super::{Colour, Env, Terminal};
use crate::secrets::Redactor;

type Stream = AutoStream<Box<dyn Write>>;

/// Writes to both streams; strips colours where they are not wanted.
pub struct Printer {
    out: Stream,
    err: Stream,
    colours: bool,
    width: usize,
    quiet: bool,
    redactor: Redactor,
}

impl Printer {
    /// Writes to the streams of this process.
    #[must_use]
    pub fn new(terminal: &Terminal, colour: Colour, quiet: bool, env: Env) -> Self {
        Self::over(Box::new(io::stdout()), Box::new(io::stderr()), terminal, colour, quiet, env)
    }

    /// Writes to any two streams.
    #[must_use]
    pub fn over(
        out: Box<dyn Write>,
        err: Box<dyn Write>,
        terminal: &Terminal,
        colour: Colour,
        quiet: bool,
        env: Env,
    ) -> Self {
        let colours = colour.applies(terminal.stdout, env);
        Self {
            out: stream(out, colours),
            err: stream(err, colour.applies(terminal.stderr, env)),
            colours,
            width: terminal.width(env),
            quiet,
            redactor: Redactor::default(),
        }
    }

    /// Covers these secrets from now on wherever they would be printed: people paste keys into files, and a
    /// mistake is shown with its line.
    pub fn hide(&mut self, redactor: Redactor) {
        self.redactor = redactor;
    }

    /// The secrets that are covered.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The text with every secret covered, letter by letter, so that what points at a column still does.
    #[must_use]
    pub fn covered(&self, text: &str) -> String {
        self.redactor.cover(text).into_owned()
    }

    /// Columns that results are laid out in.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether results keep their colours.
    #[must_use]
    pub fn colours(&self) -> bool {
        self.colours
    }

    /// Writes a result. A reader that has gone away is no failure.
    ///
    /// # Errors
    /// Any other failure of the stream, for example a full disk.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        let text = defused(self.covered(text));
        write(&mut self.out, &text)
    }

    /// Writes a result whose lines are meant to be commands of the log they go to.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn print_commands(&mut self, text: &str) -> io::Result<()> {
        let text = self.covered(text);
        write(&mut self.out, &text)
    }

    /// Writes a message for a person, unless quiet.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { self.warn(text) }
    }

    /// Writes a message that must not be missed, also when quiet.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn warn(&mut self, text: &str) -> io::Result<()> {
        let text = defused(self.covered(text));
        write(&mut self.err, &text)
    }
}

/// The text without what a runner of GitHub takes for a command, whoever wrote it: `::` where a line begins, blanks
/// before it or not, and `##[` anywhere (<https://github.com/actions/runner>, `ActionCommand.cs`, as of 2026-11-23).
fn defused(text: String) -> String {
    let begins = |line: &str| line.trim_start().starts_with("::");
    let harmless = !text.contains("::") || !text.lines().any(begins);
    if harmless && !text.contains("##[") {
        return text;
    }
    let one = |line: &str| if begins(line) { line.replacen("::", ": :", 1) } else { line.to_owned() };
    text.split_inclusive('\n').map(one).collect::<String>().replace("##[", "# #[")
}

fn stream(raw: Box<dyn Write>, colours: bool) -> Stream {
    AutoStream::new(raw, if colours { ColorChoice::Always } else { ColorChoice::Never })
}

fn write(stream: &mut Stream, text: &str) -> io::Result<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use rstest::rstest;

    use super::*;

    const RED: &str = "\u{1b}[31mred\u{1b}[0m";

    #[derive(Clone, Default)]
    struct Page(Rc<RefCell<Vec<u8>>>);

    impl Page {
        fn text(&self) -> String {
            String::from_utf8(self.0.borrow().clone()).unwrap()
        }
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn pages(terminal: Terminal, quiet: bool) -> (Printer, Page, Page) {
        let (out, err) = (Page::default(), Page::default());
        let boxes = (Box::new(out.clone()), Box::new(err.clone()));
        (Printer::over(boxes.0, boxes.1, &terminal, Colour::Auto, quiet, &|_| None), out, err)
    }

    #[rstest]
    #[case(true, false, RED, "red")]
    #[case(false, true, "red", RED)]
    fn each_stream_decides_on_its_own_colours(
        #[case] stdout: bool,
        #[case] stderr: bool,
        #[case] result: &str,
        #[case] message: &str,
    ) {
        let (mut printer, out, err) = pages(Terminal { stdout, stderr, ..Terminal::default() }, false);
        printer.print(RED).unwrap();
        printer.note(RED).unwrap();
        assert_eq!((out.text().as_str(), err.text().as_str()), (result, message));
        assert_eq!(printer.colours(), stdout);
    }

    #[test]
    fn quiet_keeps_results_and_what_must_not_be_missed() {
        let (mut printer, out, err) = pages(Terminal::default(), true);
        printer.print("result").unwrap();
        printer.note("chat").unwrap();
        printer.warn("warning").unwrap();
        assert_eq!((out.text().as_str(), err.text().as_str()), ("result", "warning"));
    }

    #[rstest]
    #[case(ErrorKind::BrokenPipe, true)]
    #[case(ErrorKind::StorageFull, false)]
    fn only_a_reader_that_left_is_forgiven(#[case] kind: ErrorKind, #[case] fine: bool) {
        let (out, err) = (Box::new(Broken(kind)), Box::new(Page::default()));
        let mut printer = Printer::over(out, err, &Terminal::default(), Colour::Never, false, &|_| None);
        assert_eq!(printer.print("result").is_ok(), fine);
    }

    #[rstest]
    #[case("a :: b\n", "a :: b\n")]
    #[case("::error::x\nb\n", ": :error::x\nb\n")]
    #[case("a\n  ::stop-commands::x", "a\n  : :stop-commands::x")]
    #[case("x ##[add-mask]y ###[z", "x # #[add-mask]y ## #[z")]
    #[case("std::io is no command", "std::io is no command")]
    fn nothing_that_is_printed_commands_a_log(#[case] text: &str, #[case] printed: &str) {
        assert_eq!(defused(text.to_owned()), printed);
    }
}
