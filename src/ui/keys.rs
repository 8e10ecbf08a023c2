//! Keys that a person presses while a run waits: one by one at a terminal, otherwise as they arrive through a pipe.

use std::{
    io::{self, Read as _},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use crossterm::{
    event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
    terminal,
};

use super::Terminal;

/// A key that has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, in lower case.
    Letter(char),
    /// Ctrl-C.
    Interrupt,
    /// There will be no more.
    End,
}

/// Where keys come from.
#[derive(Debug)]
pub enum Keys {
    /// The terminal.
    Terminal,
    /// What comes through standard input.
    Piped(Receiver<u8>),
}

impl Keys {
    /// The keys of the person who runs the program.
    #[must_use]
    pub fn of(terminal: &Terminal) -> Self {
        if terminal.stdin {
            return Self::Terminal;
        }
        let (tell, told) = channel();
        let read =
            move || io::stdin().lock().bytes().map_while(Result::ok).try_for_each(|byte| tell.send(byte));
        // Without a thread there are no keys.
        drop(thread::Builder::new().spawn(read));
        Self::Piped(told)
    }

    /// Starts to listen; a terminal delivers keys one by one until the returned value is dropped.
    ///
    /// # Errors
    /// An error of the terminal.
    pub fn listen(&self) -> io::Result<Listening<'_>> {
        if matches!(self, Self::Terminal) {
            terminal::enable_raw_mode()?;
        }
        Ok(Listening(self))
    }
}

/// Keys that are listened to.
#[derive(Debug)]
pub struct Listening<'a>(&'a Keys);

impl Listening<'_> {
    /// Waits for a key, and no longer than this.
    ///
    /// # Errors
    /// An error of the terminal.
    pub fn next(&self, most: Duration) -> io::Result<Option<Key>> {
        match self.0 {
            Keys::Terminal if event::poll(most)? => Ok(meant(&event::read()?)),
            Keys::Terminal => Ok(None),
            Keys::Piped(told) => match told.recv_timeout(most) {
                Ok(byte) => Ok(letter(char::from(byte))),
                Err(RecvTimeoutError::Timeout) => Ok(None),
                Err(RecvTimeoutError::Disconnected) => Ok(Some(Key::End)),
            },
        }
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        if matches!(self.0, Keys::Terminal) {
            // A terminal that is gone needs no restoring.
            drop(terminal::disable_raw_mode());
        }
    }
}

fn meant(event: &Event) -> Option<Key> {
    let Event::Key(KeyEvent { code: KeyCode::Char(c), modifiers, kind, .. }) = event else { return None };
    match (*c, *modifiers) {
        _ if *kind == KeyEventKind::Release => None,
        ('c' | 'd', KeyModifiers::CONTROL) => Some(Key::Interrupt),
        (c, KeyModifiers::NONE | KeyModifiers::SHIFT) => letter(c),
        _ => None,
    }
}

fn letter(c: char) -> Option<Key> {
    c.is_ascii_alphabetic().then(|| Key::Letter(c.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case('r', KeyModifiers::NONE, Some(Key::Letter('r')))]
    #[case('R', KeyModifiers::SHIFT, Some(Key::Letter('r')))]
    #[case('c', KeyModifiers::CONTROL, Some(Key::Interrupt))]
    #[case('r', KeyModifiers::CONTROL, None)]
    #[case('q', KeyModifiers::ALT, None)]
    #[case('?', KeyModifiers::NONE, None)]
    fn a_key_means_one_thing(#[case] c: char, #[case] modifiers: KeyModifiers, #[case] wanted: Option<Key>) {
        let pressed = |kind| Event::Key(KeyEvent::new_with_kind(KeyCode::Char(c), modifiers, kind));
        assert_eq!(meant(&pressed(KeyEventKind::Press)), wanted);
        assert_eq!(meant(&pressed(KeyEventKind::Release)), None);
    }
}
