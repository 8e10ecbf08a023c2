//! A reader that stops after this many bytes, including bytes that are read again: a broken file can lead a parser in
//! circles.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Reads through another reader until its allowance is used up.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
    /// The cost of a seek.
    step: usize,
    /// The current position, if known.
    at: Option<u64>,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R, allowance: u64) -> Self {
        Self { inner, left: allowance, step: 1, at: None }
    }

    /// The same, with a seek that costs as much as this many bytes.
    pub(super) fn with_steps_of(self, step: usize) -> Self {
        Self { step, ..self }
    }

    /// Every step costs something, even one that reads nothing.
    fn spend(&mut self, bytes: usize) -> io::Result<()> {
        let left = self.left.checked_sub((bytes as u64).max(1));
        self.left = left.ok_or_else(|| io::Error::other("the file leads in circles"))?;
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at = self.at.map(|at| at + read as u64);
        self.spend(read).map(|()| read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.spend(1)?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.at = self.at.map(|at| at + amount as u64);
        self.inner.consume(amount);
    }
}

/// A buffered reader would drop its buffer at every seek, even one within the buffer.
impl<R: BufRead + Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.spend(self.step)?;
        if let (SeekFrom::Current(step), Some(at)) = (to, self.at)
            && let Ok(step) = usize::try_from(step)
            && self.inner.fill_buf()?.len() >= step
        {
            self.inner.consume(step);
            self.at = Some(at + step as u64);
            return Ok(at + step as u64);
        }
        let at = self.inner.seek(to)?;
        self.at = Some(at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_round_in_circles_ends() {
        let mut reader = Bounded::new(io::Cursor::new([0; 8]), 100);
        let circle = |reader: &mut Bounded<_>| -> io::Result<()> {
            reader.read_exact(&mut [0; 8])?;
            reader.rewind()
        };
        assert_eq!((0..1000).take_while(|_| circle(&mut reader).is_ok()).count(), 11);
    }
}
