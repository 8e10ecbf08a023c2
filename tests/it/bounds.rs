//! Bounded, whatever comes in: what is too much is refused at the door, with what to do about it.

mod doors;
mod matching;
