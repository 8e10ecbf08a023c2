//! Files that are read on a thread of their own: a file that does not answer, as on a dead network disk, blocks only
//! that thread.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::error::FileError;

/// The longest wait for one step.
pub(super) const STEP: Duration = Duration::from_secs(10);

/// The most that is read in one step, in bytes.
const PIECE: usize = 256 << 10;

/// A regular file that is open. Reading from it ends with an error when it takes too long.
#[derive(Debug)]
pub(crate) struct Opened {
    ask: Sender<Ask>,
    told: Receiver<io::Result<Told>>,
    /// How much longer to wait in total.
    left: Duration,
    length: u64,
}

#[derive(Debug)]
enum Ask {
    Read(usize),
    Seek(SeekFrom),
}

#[derive(Debug)]
enum Told {
    Bytes(Vec<u8>),
    At(u64),
}

/// Does a piece of work, and stops waiting for it after a while.
///
/// # Errors
/// [`FileError::Slow`], or the error of the work.
pub(super) fn within<T: Send + 'static>(
    most: Duration,
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    let (tell, told) = channel();
    // No one listens any more if it was too slow.
    on_a_thread(Box::new(move || drop(tell.send(work()))))?;
    told.recv_timeout(most).unwrap_or(Err(FileError::Slow(most)))
}

type Work = Box<dyn FnOnce() + Send>;

/// Threads that have done their work and wait for more: five hundred projects open some thousand files.
static IDLE: Mutex<Vec<Sender<Work>>> = Mutex::new(Vec::new());

/// Does a piece of work on a thread that does nothing else meanwhile.
///
/// # Errors
/// [`FileError::Io`] when the system can't start a thread.
fn on_a_thread(mut work: Work) -> Result<(), FileError> {
    let idle = || IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some(worker) = idle().pop() else { break };
        match worker.send(work) {
            Ok(()) => return Ok(()),
            Err(gone) => work = gone.0,
        }
    }
    let run = move || {
        let (give, more) = channel::<Work>();
        work();
        loop {
            idle().push(give.clone());
            let Ok(work) = more.recv() else { return };
            work();
        }
    };
    thread::Builder::new().spawn(run).map(drop).map_err(FileError::Io)
}

impl Opened {
    /// Opens a file with this closure, which also returns its length in bytes.
    ///
    /// # Errors
    /// [`FileError::Slow`], or the error of the work.
    pub(super) fn by(
        patience: Duration,
        open: impl FnOnce() -> Result<(File, u64), FileError> + Send + 'static,
    ) -> Result<Self, FileError> {
        let (ask, asked) = channel();
        let (tell, told) = channel();
        let first = patience.min(STEP);
        let length = within(first, move || {
            let (file, length) = open()?;
            on_a_thread(Box::new(move || serve(file, &asked, &tell)))?;
            Ok(length)
        })?;
        Ok(Self { ask, told, left: patience, length })
    }

    /// Its length when it was opened, in bytes.
    #[must_use]
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    fn wait_for(&mut self, ask: Ask) -> io::Result<Told> {
        let (most, begun) = (self.left.min(STEP), Instant::now());
        let told = self.ask.send(ask).ok().and_then(|()| self.told.recv_timeout(most).ok());
        let Some(told) = told else {
            // A late answer belongs to no question any more.
            self.left = Duration::ZERO;
            return Err(io::Error::new(io::ErrorKind::TimedOut, FileError::Slow(most)));
        };
        self.left = self.left.saturating_sub(begun.elapsed());
        told
    }
}

/// Serves requests until no more come.
fn serve(mut file: File, asked: &Receiver<Ask>, tell: &Sender<io::Result<Told>>) {
    while let Ok(ask) = asked.recv() {
        let done = match ask {
            Ask::Read(most) => piece(&mut file, most).map(Told::Bytes),
            Ask::Seek(to) => file.seek(to).map(Told::At),
        };
        if tell.send(done).is_err() {
            return;
        }
    }
}

fn piece(file: &mut File, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; most];
    let read = file.read(&mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(PIECE);
        match self.wait_for(Ask::Read(most))? {
            Told::Bytes(bytes) => {
                if let Some(place) = buffer.get_mut(..bytes.len()) {
                    place.copy_from_slice(&bytes);
                }
                Ok(bytes.len())
            }
            Told::At(_) => Err(io::Error::other("another answer than was asked for")),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self.wait_for(Ask::Seek(to))? {
            Told::At(at) => Ok(at),
            Told::Bytes(_) => Err(io::Error::other("another answer than was asked for")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn work_that_never_ends_is_not_waited_for() {
        let (never, asked) = channel::<()>();
        let ended = within(SHORT, move || {
            let _ = asked.recv();
            Ok(())
        });
        assert!(matches!(ended, Err(FileError::Slow(_))));
        // The thread that still waits holds up no other work.
        assert_eq!(within(STEP, || Ok(7)).unwrap(), 7);
        drop(never);
    }

    #[test]
    fn work_that_panics_is_reported_as_slow_and_affects_no_other() {
        let broken = within::<()>(SHORT, || panic!("broken"));
        assert!(broken.is_err());
        assert_eq!(within(STEP, || Ok(7)).unwrap(), 7);
    }

    /// A pipe without a writer stands for a disk that does not answer.
    #[cfg(unix)]
    #[test]
    fn a_silent_file_is_reported_and_not_read_again() {
        let (silent, mut writer) = io::pipe().unwrap();
        let file = File::from(std::os::fd::OwnedFd::from(silent));
        let mut opened = Opened::by(SHORT * 50, move || Ok((file, 9))).unwrap();
        writer.write_all(b"abc").unwrap();
        let mut piece = [0; 3];
        opened.read_exact(&mut piece).unwrap();
        assert_eq!(&piece, b"abc");
        opened.left = SHORT;
        let begun = Instant::now();
        for _ in 0..3 {
            let error = opened.read(&mut piece).unwrap_err();
            assert!(matches!(FileError::from(error), FileError::Slow(_)));
        }
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn it_reads_and_seeks_as_the_file_itself() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[b"0123456789".to_vec(), vec![7; PIECE]].concat()).unwrap();
        file.rewind().unwrap();
        let mut opened = Opened::by(STEP, move || Ok((file, 10))).unwrap();
        let mut all = Vec::new();
        opened.read_to_end(&mut all).unwrap();
        assert_eq!(all.len(), 10 + PIECE);
        assert_eq!(opened.seek(SeekFrom::Start(4)).unwrap(), 4);
        let mut piece = [0; 2];
        opened.read_exact(&mut piece).unwrap();
        assert_eq!(&piece, b"45");
    }
}
