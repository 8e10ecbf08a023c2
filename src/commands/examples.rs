//! Example command lines of each verb, most wanted first: help and manual pages end with them.

use std::fmt::Write as _;

/// A command line, and what it does in a few words.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it does, without a full stop; printed above the line.
    pub does: &'static str,
    /// The command line; a long one is continued after a backslash, so that no terminal breaks it elsewhere.
    pub line: &'static str,
}

const fn example(does: &'static str, line: &'static str) -> Example {
    Example { does, line }
}

/// The examples of each verb.
pub const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "init",
        &[
            example("Answer a few questions", "greenlight init"),
            example(
                "Ask nothing, for a script",
                "greenlight init --route api --name \"Autumn teaser\" --material idea \\\n    --prompt \"A leaf falls.\" --budget 2.00 --commercial=true",
            ),
        ],
    ),
    (
        "check",
        &[
            example("Check the project in this folder", "greenlight check"),
            example("Try it without a key: a stand-in answers", "greenlight check --rehearse"),
            example("Keep a receipt for `greenlight verify`", "greenlight check --report json=receipt.json"),
            example("Make no call, and judge for another day", "greenlight check --offline --at 2026-12-24"),
            example("Check again whenever a file changes", "greenlight check --watch"),
        ],
    ),
    (
        "answer",
        &[
            example("Walk through the open questions", "greenlight answer"),
            example("See which are open", "greenlight answer --list"),
            example(
                "Record one answer with its evidence",
                "greenlight answer api.policy-read --value yes --by Ann \\\n    --evidence https://x.ai/legal/acceptable-use-policy",
            ),
        ],
    ),
    (
        "waive",
        &[example(
            "Set a check aside for 30 days",
            "greenlight waive api.media-rights --owner Ann --until 30d \\\n    --reason \"the licence is being signed\"",
        )],
    ),
    (
        "clip",
        &[
            example("See the exact request and send nothing", "greenlight clip --dry-run"),
            example("Go through every step with a stand-in", "greenlight clip --rehearse"),
            example("Make the first shot of the project", "greenlight clip"),
            example("Continue after Ctrl-C, a crash or a timeout", "greenlight clip --resume"),
            example("Make a failed shot again, one field changed", "greenlight clip --retry duration=4"),
        ],
    ),
    (
        "report",
        &[
            example("Write the dossier, judged without a call", "greenlight report --output dossier.md"),
            example(
                "Write it from a receipt, as a page",
                "greenlight report receipt.json --format html --output dossier.html",
            ),
        ],
    ),
    (
        "compare",
        &[
            example(
                "Judge the shots of a project by three routes",
                "greenlight compare --project greenlight.toml api app wrapper:fal",
            ),
            example("Put two receipts side by side", "greenlight compare yesterday.json receipt.json"),
        ],
    ),
    (
        "verify",
        &[example(
            "Let a deploy through on a GO from the last 12 hours",
            "greenlight verify receipt.json --max-age 12h",
        )],
    ),
    ("diff", &[example("See what changed since yesterday", "greenlight diff yesterday.json receipt.json")]),
    ("due", &[example("See what expires in the next 30 days", "greenlight due --within 30d")]),
    (
        "list",
        &[
            example("List the checks of the API", "greenlight list --route api"),
            example("List what can be rehearsed", "greenlight list --scenarios"),
        ],
    ),
    ("explain", &[example("See what a check wants", "greenlight explain api.key-accepted")]),
    (
        "lint",
        &[
            example("Lint the project in this folder", "greenlight lint"),
            example("Lint a checklist of your own", "greenlight lint studio.toml"),
        ],
    ),
    (
        "schema",
        &[
            example("Print the schema of a project file", "greenlight schema"),
            example("Write all schemas for an editor", "greenlight schema --all schema"),
        ],
    ),
    (
        "standin",
        &[
            example("Serve xAI's API on a port of your choice", "greenlight standin --port 4010"),
            example("Let moderation refuse every job", "greenlight standin --play moderated"),
            example("List what can be played", "greenlight standin --plays"),
        ],
    ),
    (
        "conform",
        &[example(
            "Grade a client and keep the grades",
            "greenlight conform --format json --output conformance.json \\\n    -- node make-a-clip.mjs",
        )],
    ),
    (
        "ledger",
        &[
            example("See every job and the balance", "greenlight ledger"),
            example("See what rehearsals made", "greenlight ledger --rehearsal"),
            example(
                "Record what a job cost, from the bill",
                "greenlight ledger settle opening-1 --amount \"0.30 USD\" \\\n    --evidence bill.pdf --by Ann",
            ),
        ],
    ),
    ("escalate", &[example("Print what support needs", "greenlight escalate opening-1")]),
    (
        "completions",
        &[example(
            "Complete in bash",
            "greenlight completions bash \\\n    > ~/.local/share/bash-completion/completions/greenlight",
        )],
    ),
    (
        "man",
        &[
            example("Read a page", "greenlight man check | man -l -"),
            example("Install all pages", "greenlight man --dir ~/.local/share/man/man1"),
        ],
    ),
];

/// The examples of a verb; none for any other word.
#[must_use]
pub fn of(verb: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(name, _)| *name == verb).map_or(&[], |(_, examples)| examples)
}

/// The help text with the examples of a verb, with an empty line after it; empty if there are none.
#[must_use]
pub fn help(verb: &str) -> String {
    let mut text = String::new();
    for Example { does, line } in of(verb) {
        let heading = if text.is_empty() { "Examples:\n" } else { "" };
        let _ = write!(text, "{heading}  # {does}\n  {}\n\n", line.replace('\n', "\n  "));
    }
    text
}
