//! One file per verb: its arguments and what it does with the other rooms. No judgement of its own.

pub mod answer;
mod at_hand;
pub mod check;
pub mod clip;
pub mod compare;
pub mod completions;
pub mod conform;
pub mod context;
pub mod diff;
pub mod due;
pub mod escalate;
mod event_loop;
pub mod examples;
pub mod explain;
pub mod failure;
mod hand;
pub mod init;
pub mod ledger;
pub mod lint;
pub mod list;
pub mod man;
mod record;
mod replaced;
pub mod report;
pub mod schema;
pub mod standin;
mod variables;
pub mod verify;
pub mod waive;

use self::context::Context;
pub use self::variables::variables;
use crate::{error::Error, exit::Exit};

/// One verb: a line here and a file next to this one. Help lists the verbs by heading, in this order.
macro_rules! verbs {
    ($($heading:literal { $($name:ident = $file:ident,)* })*) => {
        /// What to do. What a verb is about, help takes from its arguments.
        #[derive(Debug, clap::Subcommand)]
        #[expect(missing_docs, reason = "a comment here would hide the longer one on the arguments")]
        pub enum Verb {
            $($($name(Box<$file::Args>),)*)*
        }

        impl Verb {
            /// The names of the verbs by heading, as help lists them.
            pub const HEADINGS: &[(&'static str, &[&'static str])] =
                &[$(($heading, &[$(stringify!($file)),*])),*];

            /// Runs the verb.
            ///
            /// # Errors
            /// [`Error`] when its work cannot be done.
            pub fn run(&self, context: &mut Context<'_>) -> Result<Exit, Error> {
                match self {
                    $($(Self::$name(args) => $file::run(args, context),)*)*
                }
            }
        }
    };
}

verbs! {
    "Everyday" { Init = init, Check = check, Answer = answer, Waive = waive, Clip = clip, }
    "Documents" { Report = report, Compare = compare, Verify = verify, Diff = diff, Due = due, }
    "Checklists" { List = list, Explain = explain, Lint = lint, Schema = schema, }
    "Tools" {
        Standin = standin, Conform = conform, Ledger = ledger, Escalate = escalate,
        Completions = completions, Man = man,
    }
}
