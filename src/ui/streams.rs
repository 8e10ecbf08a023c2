//! The two streams of the program: results go to standard output, messages to standard error.

use std::{
    borrow::Cow,
    io::{self, ErrorKind, Write},
};

use anstream::{AutoStream, ColorChoice, adapter::strip_str};

use super::{Colour, Env, Terminal};
use crate::{
    model::text::{escaped, is_steering, without_commands},
    secrets::Redactor,
};

type Stream = AutoStream<Box<dyn Write>>;

/// Writes to both streams; strips colours where they are not wanted.
pub struct Printer {
    out: Stream,
    err: Stream,
    colours: bool,
    err_colours: bool,
    width: usize,
    quiet: bool,
    redactor: Redactor,
}

impl Printer {
    /// Writes to the streams of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "everything that leaves goes through here")]
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
        let err_colours = colour.applies(terminal.stderr, env);
        Self {
            out: stream(out, colours),
            err: stream(err, err_colours),
            colours,
            err_colours,
            width: terminal.width(env),
            quiet,
            redactor: Redactor::default(),
        }
    }

    /// From now on covers these secrets wherever they would be printed: people paste keys into files, and a mistake is
    /// shown with its line.
    pub fn hide(&mut self, redactor: Redactor) {
        self.redactor = redactor;
    }

    /// The secrets that are covered.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The text with every secret covered, letter by letter, so that markers still point at the right column.
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

    /// Writes a result. It is no failure if the reader has gone away.
    ///
    /// # Errors
    /// Any other failure of the stream, for example a full disk.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        let text = defused(self.harmless(text, self.colours));
        write(&mut self.out, &text)
    }

    /// Writes a result whose lines are meant as commands for the log they go to.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn print_commands(&mut self, text: &str) -> io::Result<()> {
        let text = self.harmless(text, self.colours);
        write(&mut self.out, &text)
    }

    /// Writes a message for a person, unless quiet.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { self.warn(text) }
    }

    /// Writes a message that must not be missed, even when quiet.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn warn(&mut self, text: &str) -> io::Result<()> {
        let text = defused(self.harmless(text, self.err_colours));
        write(&mut self.err, &text)
    }

    /// The text without secrets and control characters, with or without its colours.
    fn harmless<'t>(&self, text: &'t str, colours: bool) -> Cow<'t, str> {
        let text = visible(text);
        // Most results need no change, and a receipt of five hundred projects must not be copied for nothing.
        let covered = match &text {
            Cow::Borrowed(text) => self.redactor.cover(text),
            Cow::Owned(text) => self.covered(text).into(),
        };
        if !text.contains(LOOK) {
            return covered;
        }
        // Text on both sides of a style is one word to a reader, and to a log that removes styles.
        let plain = self.covered(&strip_str(&text).to_string());
        if colours && strip_str(&covered).to_string() == plain { covered } else { plain.into() }
    }
}

/// The text with everything escaped that a terminal would act on, except the styles that the program itself uses:
/// colour and weight.
fn visible(text: &str) -> Cow<'_, str> {
    let steers = |c: char| !matches!(c, '\n' | '\t') && is_steering(c);
    if !text.contains(steers) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, from)) = rest.find(steers).map(|at| rest.split_at(at)) {
        out.push_str(before);
        let (first, after) = match look(from) {
            Some(length) => from.split_at(length),
            None => from.split_at(from.chars().next().map_or(0, char::len_utf8)),
        };
        out.push_str(&if first.ends_with('m') { first.into() } else { escaped(first) });
        rest = after;
    }
    out.push_str(rest);
    out.into()
}

/// How a sequence that sets colour or weight starts.
const LOOK: &str = "\u{1b}[";

/// The length of such a sequence, when the text starts with one.
fn look(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix(LOOK)?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    numbers.split_at(end).1.starts_with('m').then_some(LOOK.len() + end + 1)
}

/// The text without what a log takes for a command: `::` at the start of a line, even after blanks
/// (<https://github.com/actions/runner>, `ActionCommand.cs`, as of 2026-11-23), and what [`without_commands`] knows.
fn defused(text: Cow<'_, str>) -> Cow<'_, str> {
    let begins = |line: &str| line.trim_start().starts_with("::");
    let text = without_commands(text, "# ");
    if !text.contains("::") || !text.lines().any(begins) {
        return text;
    }
    let one = |line: &str| if begins(line) { line.replacen("::", ": :", 1) } else { line.to_owned() };
    text.split_inclusive('\n').map(one).collect::<String>().into()
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
    #[case("::a\n##vso[b] ##teamcity[c", ": :a\n# #vso[b] # #teamcity[c")]
    #[case("std::io is no command", "std::io is no command")]
    fn nothing_that_is_printed_commands_a_log(#[case] text: &str, #[case] printed: &str) {
        assert_eq!(defused(text.into()), printed);
    }

    #[rstest]
    #[case::looks("\u{1b}[1m\u{1b}[38;5;9mbold\u{1b}[0m\u{1b}[m\n", None)]
    #[case::nothing("plain\n\ttext ünï", None)]
    #[case::clears_the_screen("a\u{1b}[2Jb\u{1b}]0;title\u{7}", Some("a\\u{1b}[2Jb\\u{1b}]0;title\\u{7}"))]
    #[case::eight_bits("\u{9b}31mred\u{85}", Some("\\u{9b}31mred\\u{85}"))]
    #[case::turned("user\u{202e}gpj.exe", Some("user\\u{202e}gpj.exe"))]
    #[case::lines("a\u{2028}b\u{2029}c", Some("a\\u{2028}b\\u{2029}c"))]
    #[case::overwritten("GO\rNO-GO", Some("GO\\u{d}NO-GO"))]
    #[case::no_end("\u{1b}[31", Some("\\u{1b}[31"))]
    #[case::no_look("\u{1b}[?25lm", Some("\\u{1b}[?25lm"))]
    fn nothing_that_is_printed_steers_a_terminal(#[case] text: &str, #[case] printed: Option<&str>) {
        assert_eq!(visible(text), printed.unwrap_or(text));
    }

    #[rstest]
    #[case::whole("key xai-0123456789abcdef!")]
    #[case::coloured_in_the_middle("key xai-01234\u{1b}[31m56789abcdef!\u{1b}[0m")]
    fn a_look_within_a_key_does_not_hide_it_from_the_printer(
        #[case] text: &str,
        #[values(false, true)] colours: bool,
    ) {
        let terminal = Terminal { stdout: colours, stderr: colours, ..Terminal::default() };
        let (mut printer, out, err) = pages(terminal, false);
        printer.hide(Redactor::new(["xai-0123456789abcdef".into()], vec![], []));
        printer.print(text).unwrap();
        printer.warn(text).unwrap();
        for page in [out, err] {
            assert_eq!(strip_str(&page.text()).to_string(), "key ********************!");
        }
    }

    #[rstest]
    #[case("\u{1b}[31m::error::x", ": :error::x")]
    #[case("#\u{1b}[0m#\u{1b}[1m[group]", "# #[group]")]
    fn a_look_that_is_taken_away_leaves_no_command(#[case] text: &str, #[case] printed: &str) {
        let (mut printer, out, _) = pages(Terminal::default(), false);
        printer.print(text).unwrap();
        assert_eq!(out.text(), printed);
    }
}
