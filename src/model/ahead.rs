//! Finds the next place of something in a text once for all callers. Searching again from every position would take
//! time that grows with the square of the text.

/// Looks ahead in a text for the next place where the predicate holds.
pub struct Ahead<'t, F> {
    text: &'t [u8],
    is: F,
    /// From here on the next place is known.
    from: usize,
    next: Option<usize>,
}

impl<'t, F: FnMut(&'t [u8], usize) -> bool> Ahead<'t, F> {
    /// Looks for the places where `is` holds.
    pub fn new(text: &'t [u8], is: F) -> Self {
        Self { text, is, from: usize::MAX, next: None }
    }

    /// The first such place from `at` on, or the end of the text when there is none. When asked from left to right, the
    /// text is scanned only once.
    pub fn of(&mut self, at: usize) -> usize {
        let known = self.next.unwrap_or(self.text.len());
        if at < self.from {
            // Going back: only the part before the known range has to be scanned.
            let end = self.from.min(self.text.len());
            let before = (at..end).find(|at| (self.is)(self.text, *at));
            self.next = before.or(self.next);
            self.from = at;
        } else if at > known {
            self.from = at;
            self.next = (at..self.text.len()).find(|at| (self.is)(self.text, *at));
        }
        self.next.unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_looked_at_once() {
        let mut looks = 0;
        let is = |text: &[u8], at: usize| {
            looks += 1;
            text[at] == b'!'
        };
        let text = "ab!cd!ef".as_bytes();
        let mut ahead = Ahead::new(text, is);
        let found: Vec<_> = (0..=8).map(|at| ahead.of(at)).collect();
        assert_eq!(found, [2, 2, 2, 5, 5, 5, 8, 8, 8]);
        assert_eq!(looks, 8);
    }

    #[test]
    fn going_back_scans_only_the_step() {
        let mut looks = 0;
        let is = |text: &[u8], at: usize| {
            looks += 1;
            text[at] == b'!'
        };
        let mut ahead = Ahead::new("abcdefgh!".as_bytes(), is);
        assert_eq!([ahead.of(4), ahead.of(2), ahead.of(3), ahead.of(8)], [8; 4]);
        assert_eq!(looks, 5 + 2);
    }
}
