//! Digests of files, read piece by piece.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::{files::Kind, model::text::hex};

/// The largest file whose digest is computed, in bytes.
pub(super) const LARGEST: u64 = Kind::Media.most();

/// SHA-256 in lower-case hexadecimal; none if the content is longer than [`LARGEST`].
pub(super) fn of(content: impl Read) -> io::Result<Option<String>> {
    let mut content = content.take(LARGEST + 1);
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match content.read(&mut piece)? {
            0 => break,
            read => hash.update(piece.get(..read).unwrap_or_default()),
        }
    }
    Ok((content.limit() > 0).then(|| hex(&hash.finalize())))
}
