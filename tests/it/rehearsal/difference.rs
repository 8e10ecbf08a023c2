//! What one printed table says differently from another, entry by entry.
//!
//! A line diff would repeat every changed line, so that a better wording of one check would change the snapshot of
//! every scenario. This keeps only what the other table says, and names what it lacks. Counts follow from the entries,
//! so they are left out, except for the calls made in addition to those of the first table.

use std::sync::LazyLock;

use indexmap::IndexSet;
use regex::Regex;

/// Columns of the mark and the verdict, before the title.
const BEFORE_THE_TITLE: usize = 13;

/// A line and the indented lines after it, under the heading of its section.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    section: Option<String>,
    text: String,
}

impl Entry {
    /// The title of a check, without the subjects after it.
    fn title(&self) -> String {
        let first = self.text.lines().next().unwrap_or_default();
        let title: String = first.chars().skip(BEFORE_THE_TITLE).collect();
        title.split("  ").next().unwrap_or_default().split(" [").next().unwrap_or_default().to_owned()
    }

    /// The entry with a sign in its first column.
    fn signed(&self, sign: char) -> String {
        format!("{sign} {}\n", self.text.trim_start())
    }
}

/// What `other` says and `first` does not.
pub(super) fn between(first: &str, other: &str) -> String {
    let base = calls(first);
    let (first, other) = (entries(first, base), entries(other, base));
    let new: Vec<&Entry> = other.iter().filter(|entry| !first.contains(entry)).collect();
    let gone = |entry: &&Entry| {
        entry.section.is_some()
            && !other.contains(entry)
            && !new.iter().any(|new| new.section == entry.section && new.title() == entry.title())
    };
    let mut sections: IndexSet<_> = first.iter().chain(&other).map(|entry| &entry.section).collect();
    // Lines outside any section end the table.
    sections.sort_by_key(|section| section.is_none());
    let mut text = String::new();
    for section in sections {
        let here = |entry: &&Entry| entry.section == *section;
        let lines = (first.iter().filter(here).filter(gone).map(|entry| entry.signed('-')))
            .chain(new.iter().copied().filter(here).map(|entry| entry.signed('+')));
        let lines: String = lines.collect();
        if !lines.is_empty() {
            text.extend([section.as_deref().unwrap_or_default(), "\n", &lines]);
        }
    }
    text
}

fn entries(table: &str, base: i64) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    // The head names the scenario, and other tests read it.
    for block in table.split("\n\n").skip(1) {
        let mut section = None;
        for line in block.lines() {
            let word = line.trim_start();
            if section.is_none() && word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == ' ')
            {
                section = Some(line.to_owned());
            } else if line.starts_with("   ") {
                all.last_mut().unwrap().text.extend(["\n", line]);
            } else {
                all.push(Entry { section: section.clone(), text: line.to_owned() });
            }
        }
    }
    for entry in all.iter_mut().filter(|entry| entry.section.is_none()) {
        entry.text = uncounted(&entry.text, base);
    }
    all
}

/// How many calls a table reports.
fn calls(table: &str) -> i64 {
    CALLS.captures(table).map_or(0, |found| found[1].parse().unwrap())
}

static CALLS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^ *(\d+) calls?(?: in (\d+) attempts)?, (all )?free").unwrap());

/// A line of the end in one piece: the decision without its counts, and the calls compared with those of the first
/// table.
fn uncounted(text: &str, base: i64) -> String {
    static COUNTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([A-Z]{2}.*?) \d+ [a-z].*$").unwrap());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = CALLS.replace(&line, |found: &regex::Captures<'_>| {
        let made = calls(&found[0]);
        let attempts = found.get(2).map_or(made, |attempts| attempts.as_str().parse().unwrap());
        format!("calls {:+}, attempts {:+}, free", made - base, attempts - base)
    });
    COUNTS.replace(&line, "$1").into_owned()
}

#[test]
fn what_is_said_otherwise_is_kept_and_what_is_lacking_is_named() {
    let first = "\
head

  ACCESS
  ✓ pass     key present                  `KEY` is set
  ✓ pass     key accepted                 HTTP 200
  ✓ pass     team active                  HTTP 200

  COST
  ✓ pass     price owner                  read

  GO      4 passed · 1 warning
  2 calls, all free. No credits were spent.
exit 0
";
    let other = "\
head

  ACCESS
  ✗ FAIL     key accepted [a,             refused
             b]
             fix: Look.
  ✓ pass     key present                  `KEY` is set

  COST
  ✓ pass     price owner                  read

  NO-GO   1 failed · 4 not applicable ·
          2 passed
  1 call in 3 attempts, free. No credits were spent.
exit 1
";
    assert_eq!(between(first, first), "");
    assert_eq!(
        between(first, other),
        "  ACCESS
- ✓ pass     team active                  HTTP 200
+ ✗ FAIL     key accepted [a,             refused
             b]
             fix: Look.

+ NO-GO
+ calls -1, attempts +1, free. No credits were spent.
+ exit 1
"
    );
    // A check with the same verdict in both is no difference, whatever its wording.
    let more =
        |table: &str| table.replace("  COST\n", "  COST\n  ! warn     budget                       x\n");
    assert_eq!(between(&more(first), &more(other)), between(first, other));
}
