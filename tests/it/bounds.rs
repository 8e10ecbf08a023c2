//! Everything that comes in is limited: too much is refused when it is read, with advice on what to do.

mod doors;
mod matching;
