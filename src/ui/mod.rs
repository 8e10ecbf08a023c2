//! The edge towards a person: streams, colour, progress and prompts.

mod progress;
mod prompt;
mod scripted;
mod streams;
mod terminal;

pub use progress::Progress;
pub use prompt::{Asker, Prompt, PromptError};
pub use scripted::{Reply, Scripted};
pub use streams::Printer;
pub use terminal::{Colour, Env, Terminal};
