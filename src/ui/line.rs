//! A line of text at the terminal, with the editing keys of a shell: Ctrl-A, Ctrl-E, Ctrl-U, Ctrl-W and the rest.

use std::io::{self, Write as _};

use crossterm::{
    cursor::MoveToColumn,
    event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEventKind, KeyModifiers},
    execute, queue,
    style::Print,
    terminal::{self, Clear, ClearType},
};
use tui_input::{Input, InputRequest, backend::crossterm::to_input_request};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::model::text::is_steering;

use super::PromptError;

/// If less room than this remains after it, a title gets its own line.
const ROOM: usize = 30;

/// What a key led to.
#[derive(Debug, PartialEq, Eq)]
enum Typed {
    Going,
    Done,
    Skipped,
    Interrupted,
}

/// Reads a line that starts with a proposal. Once it is entered, the text is shown as `shown` returns it.
///
/// # Errors
/// [`PromptError`] when it was skipped or interrupted, or the terminal failed.
pub(super) fn read(
    title: &str,
    proposed: Option<&str>,
    shown: &dyn Fn(&str) -> String,
) -> Result<String, PromptError> {
    let raw = Raw::begin().map_err(PromptError::Terminal)?;
    let mut input = Input::new(proposed.unwrap_or_default().to_owned());
    let width = terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    let prefix = begin(title, width).map_err(PromptError::Terminal)?;
    let typed = loop {
        draw(&prefix, &input, width).map_err(PromptError::Terminal)?;
        match take(&mut input, &event::read().map_err(PromptError::Terminal)?) {
            Typed::Going => {}
            ended => break ended,
        }
    };
    let last = if typed == Typed::Done { shown(input.value()) } else { String::new() };
    let mut err = terminal_out();
    let line = format!("{prefix}{last}\r\n");
    execute!(err, MoveToColumn(0), Clear(ClearType::FromCursorDown), Print(line))
        .map_err(PromptError::Terminal)?;
    drop(raw);
    match typed {
        Typed::Skipped => Err(PromptError::Skipped),
        Typed::Interrupted => Err(PromptError::Interrupted),
        Typed::Going | Typed::Done => Ok(input.value().to_owned()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a line is drawn while it is typed, and covered once it is entered"
)]
fn terminal_out() -> impl io::Write {
    io::stderr()
}

/// Shows the title, on its own line when it is long, and returns what comes before the text.
fn begin(title: &str, width: usize) -> io::Result<String> {
    let whole = format!("? {title} ");
    if whole.width() + ROOM <= width {
        return Ok(whole);
    }
    execute!(terminal_out(), Print(format!("? {title}\r\n")))?;
    Ok("> ".to_owned())
}

fn draw(prefix: &str, input: &Input, width: usize) -> io::Result<()> {
    let room = width.saturating_sub(prefix.width() + 1).max(1);
    let scroll = input.visual_scroll(room);
    let column = prefix.width() + input.visual_cursor().saturating_sub(scroll);
    let mut err = terminal_out();
    queue!(
        err,
        MoveToColumn(0),
        Clear(ClearType::FromCursorDown),
        Print(format!("{prefix}{}", part(input.value(), scroll, room))),
        MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX))
    )?;
    err.flush()
}

/// The part of a text that fits into this many columns, from this column on.
fn part(text: &str, from: usize, room: usize) -> String {
    let mut column = 0;
    let columns = text.chars().filter(|c| {
        let at = column;
        column += c.width().unwrap_or(0);
        at >= from && column <= from + room
    });
    columns.collect()
}

/// What a key does to the line.
fn take(input: &mut Input, event: &Event) -> Typed {
    match event {
        Event::Paste(text) => text.chars().for_each(|c| insert(input, c)),
        Event::Key(key) if key.kind != KeyEventKind::Release => match (key.code, key.modifiers) {
            (KeyCode::Enter, _) => return Typed::Done,
            (KeyCode::Esc, _) => return Typed::Skipped,
            (KeyCode::Char('c'), KeyModifiers::CONTROL) => return Typed::Interrupted,
            (KeyCode::Char('d'), KeyModifiers::CONTROL) if input.value().is_empty() => {
                return Typed::Interrupted;
            }
            (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => insert(input, c),
            _ => {
                if let Some(request) = to_input_request(event) {
                    input.handle(request);
                }
            }
        },
        _ => {}
    }
    Typed::Going
}

/// A line contains no line break and no control characters.
fn insert(input: &mut Input, c: char) {
    let c = if c.is_whitespace() { ' ' } else { c };
    if !is_steering(c) {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// The terminal while keys are read one by one; restored when this is dropped.
struct Raw;

impl Raw {
    fn begin() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        let raw = Self;
        execute!(terminal_out(), EnableBracketedPaste)?;
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        drop(execute!(terminal_out(), DisableBracketedPaste));
        drop(terminal::disable_raw_mode());
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;
    use rstest::rstest;

    use super::*;

    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

    fn key(c: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    fn after(before: &str, keys: &[(char, KeyModifiers)]) -> String {
        let mut input = Input::new(before.to_owned());
        for (c, modifiers) in keys {
            assert_eq!(take(&mut input, &key(*c, *modifiers)), Typed::Going);
        }
        input.value().to_owned()
    }

    #[rstest]
    #[case::whole_line("https://acme.example/x", &[('u', CONTROL)], "")]
    #[case::last_word("7.2 Fees", &[('w', CONTROL)], "7.2 ")]
    #[case::to_the_start("nn", &[('a', CONTROL), ('A', KeyModifiers::SHIFT)], "Ann")]
    #[case::to_the_end("An", &[('a', CONTROL), ('e', CONTROL), ('n', KeyModifiers::NONE)], "Ann")]
    #[case::the_rest("Ann Lee", &[('a', CONTROL), ('k', CONTROL)], "")]
    #[case::taken_back("Ann", &[('u', CONTROL), ('y', CONTROL)], "Ann")]
    #[case::no_letter_of_another_key("Ann", &[('x', CONTROL), ('g', CONTROL)], "Ann")]
    fn editing_keys_edit(#[case] before: &str, #[case] keys: &[(char, KeyModifiers)], #[case] wanted: &str) {
        assert_eq!(after(before, keys), wanted);
    }

    #[rstest]
    #[case(KeyCode::Enter, KeyModifiers::NONE, Typed::Done)]
    #[case(KeyCode::Esc, KeyModifiers::NONE, Typed::Skipped)]
    #[case(KeyCode::Char('c'), CONTROL, Typed::Interrupted)]
    fn the_line_ends(#[case] code: KeyCode, #[case] modifiers: KeyModifiers, #[case] wanted: Typed) {
        let mut input = Input::new("Ann".to_owned());
        assert_eq!(take(&mut input, &Event::Key(KeyEvent::new(code, modifiers))), wanted);
        assert_eq!(input.value(), "Ann");
    }

    #[test]
    fn ctrl_d_ends_an_empty_line_only() {
        assert_eq!(take(&mut Input::default(), &key('d', CONTROL)), Typed::Interrupted);
        assert_eq!(take(&mut Input::new("Ann".to_owned()), &key('d', CONTROL)), Typed::Going);
    }

    #[test]
    fn pasted_text_stays_on_one_line_and_steers_nothing() {
        let mut input = Input::default();
        take(&mut input, &Event::Paste("two\r\nlines\u{1b}[2J".to_owned()));
        assert_eq!(input.value(), "two  lines[2J");
    }

    #[test]
    fn a_long_line_shows_the_part_around_the_cursor() {
        assert_eq!(part("0123456789", 4, 3), "456");
        assert_eq!(part("日本語", 2, 4), "本語");
    }
}
