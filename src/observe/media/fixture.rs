//! Pictures and clips for the tests of this room.

use std::io::Cursor;

use super::file::inspect;
use crate::model::media::Media;

/// The content of a file of this name.
pub(super) fn fixture(name: &str) -> Vec<u8> {
    fs_err::read(format!("{}/tests/fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What is seen of a file with this content.
pub(super) fn look(bytes: &[u8]) -> Media {
    inspect(Cursor::new(bytes), bytes.len() as u64)
}

/// Where these bytes start.
pub(super) fn find(bytes: &[u8], what: &[u8]) -> usize {
    memchr::memmem::find(bytes, what).unwrap()
}
