//! The memory limit for the replies of a run: taken as they arrive, and held as long as they are kept.

use std::cell::Cell;

use crate::model::json;

/// How much memory the replies of a run may take, in bytes.
const MOST: u64 = 100 << 20;

/// How much memory a value takes in addition to its text, in bytes.
const VALUE: u64 = 100;

/// How much of a reply that isn't a success is kept, in bytes.
const PAGE: u64 = 8192;

/// The memory limit for replies.
pub(crate) struct MemoryBudget {
    left: Cell<u64>,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self { left: Cell::new(MOST) }
    }
}

impl MemoryBudget {
    /// Takes this much, if it is left.
    pub(super) fn take(&self, bytes: u64) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or_else(|| self.left.get()));
        left.is_some()
    }

    /// Gives this much back.
    pub(super) fn give_back(&self, bytes: u64) {
        self.left.set(self.left.get().saturating_add(bytes).min(MOST));
    }
}

/// How much a reply takes once it is parsed.
pub(super) fn weight(status: u16, body: &[u8]) -> u64 {
    let bytes = body.len() as u64;
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | 0xef));
    match status {
        200..300 if is_json => bytes + VALUE * json::values(body) as u64,
        200..300 => bytes,
        _ => bytes.min(PAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let memory = MemoryBudget::default();
        assert!(memory.take(MOST) && !memory.take(1));
        memory.give_back(10);
        assert!(!memory.take(11) && memory.take(10));
        memory.give_back(u64::MAX);
        assert!(!memory.take(MOST + 1) && memory.take(MOST));
    }

    #[test]
    fn zeros_weigh_what_they_take_in_memory() {
        assert_eq!(weight(200, b"[0,0,0,0]"), 9 + 5 * VALUE);
        assert_eq!(weight(200, b"just, words"), 11);
        assert_eq!(weight(500, "[".repeat(100_000).as_bytes()), PAGE);
    }
}
