//! The user interface: streams, colour, progress and prompts.

mod columns;
mod drawn;
mod keys;
mod line;
mod progress;
mod prompt;
mod scripted;
mod streams;
mod terminal;

pub use columns::Sheet;
pub use keys::{Key, Keys};
pub use progress::Progress;
pub use prompt::{Asker, NonInteractive, Prompt, PromptError};
pub use scripted::{Scripted, ScriptedInput};
pub use streams::Printer;
pub use terminal::{Colour, Env, Terminal};
