//! What must hold for any input from outside: one function for each fuzz target in `fuzz/`, which takes any bytes and
//! panics if a promise is broken. Compiled only for fuzzing and tests, never into a release.

use crate::model::{
    expect::{MOST_VISITS, Path},
    ticks::Ticks,
};
use crate::{
    load, observe, secrets,
    spend::job::{Effect, Ending, Event, State, step},
};

/// A fuzz target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every fuzz target.
pub const TARGETS: [Target; 11] = [
    ("project", project),
    ("checklist", checklist),
    ("catalogue", catalogue),
    ("answers", answers),
    ("receipt", receipt),
    ("transcript", transcript),
    ("reply", reply),
    ("path", path),
    ("media", media),
    ("redaction", redaction),
    ("job", job),
];

/// Anything that isn't text is refused when it is read.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// A project file.
pub fn project(bytes: &[u8]) {
    load::fuzzing::project(text(bytes));
}

/// A checklist.
pub fn checklist(bytes: &[u8]) {
    load::fuzzing::checklist(text(bytes));
}

/// A catalogue.
pub fn catalogue(bytes: &[u8]) {
    load::fuzzing::catalogue(text(bytes));
}

/// Answers and waivers.
pub fn answers(bytes: &[u8]) {
    load::fuzzing::answers(text(bytes));
}

/// A receipt.
pub fn receipt(bytes: &[u8]) {
    load::fuzzing::receipt(text(bytes));
}

/// A transcript.
pub fn transcript(bytes: &[u8]) {
    load::fuzzing::calls(text(bytes));
}

/// A reply: two bytes of status, then the body.
pub fn reply(bytes: &[u8]) {
    let Some((status, body)) = bytes.split_first_chunk() else { return };
    observe::fuzzing::reply(100 + u16::from_le_bytes(*status) % 500, text(body));
}

/// A line with a JSONPath, then the document: it must not visit more nodes than predicted.
///
/// # Panics
/// When it does.
pub fn path(bytes: &[u8]) {
    let Some((path, document)) = text(bytes).split_once('\n') else { return };
    let (Ok(path), Ok(document)) = (Path::parse(path), serde_json::from_str(document)) else { return };
    let visits = path.visits(&document);
    // Enough for any path, and still quick.
    if let Some(found) = path.find(&document).filter(|_| visits < MOST_VISITS / 100) {
        assert!(found.len() as u64 <= visits, "{} found {}, said {visits}", path.text, found.len());
        assert_eq!(path.only(&document).is_some(), found.len() == 1);
    }
}

/// An image or a clip.
pub fn media(bytes: &[u8]) {
    observe::fuzzing::look(bytes);
}

/// Eight bytes that say where and how a key is planted, then the text.
pub fn redaction(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first_chunk() else { return };
    secrets::fuzzing::planted(u64::from_le_bytes(*how), text(rest));
}

/// A paid job: each pair of bytes is an event in its life. The request is sent once, and no charge is lost.
///
/// # Panics
/// If that doesn't hold.
pub fn job(bytes: &[u8]) {
    let reservation = Ticks::new(1_000);
    let (mut state, mut sent, mut charge, mut billed) = (State::Reserved, 0, None, false);
    for pair in bytes.chunks_exact(2) {
        let (Some(kind), Some(size)) = (pair.first(), pair.last()) else { return };
        let event = event(*kind, *size);
        let Ok((next, effect)) = step(&state, &event, reservation) else { continue };
        sent += u32::from(effect == Some(Effect::Send));
        assert!(sent <= 1, "sent twice, by {event:?}");
        let undone = matches!(&state, State::Settled(settled) if settled.request_id.is_none());
        assert!(state.is_open() || !next.is_open() || undone, "{state:?} opened again, by {event:?}");
        match event {
            Event::Bill(amount) => (charge, billed) = (Some(amount), true),
            Event::Refused(Some(amount)) | Event::Ended(_, Some(amount)) if !billed => {
                charge = charge.or(Some(amount));
            }
            _ => {}
        }
        let holds = next.holds(reservation);
        assert!(charge.is_none_or(|charge| holds == charge), "{holds:?} of {charge:?}, after {event:?}");
        assert!(!next.is_open() || holds == reservation);
        state = next;
    }
}

fn event(kind: u8, size: u8) -> Event {
    let ticks = Ticks::new(i64::from(size) * 10);
    let ending = Ending::ALL.get(usize::from(size) % Ending::ALL.len()).copied().unwrap_or(Ending::Unknown);
    match kind % 12 {
        0 => Event::Permitted,
        1 => Event::NotSent,
        2 => Event::Accepted("a".to_owned()),
        3 => Event::Refused(None),
        4 => Event::Refused(Some(ticks)),
        5 => Event::NoAnswer,
        6 => Event::Found,
        7 => Event::Ended(ending, None),
        8 => Event::Ended(ending, Some(ticks)),
        9 => Event::Stored,
        10 => Event::Bill(ticks),
        _ => Event::Decision(ticks),
    }
}

#[cfg(test)]
mod tests;
