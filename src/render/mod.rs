//! Reports → text. Pure: no I/O, no clock, no look at the terminal; the width and the wish for
//! colour are given, and the caller prints.

use std::{fmt, str::FromStr};

use crate::model::report::Batch;

pub mod changes;
#[cfg(test)]
mod fixture;
pub mod json;
mod layout;
mod lines;
mod mark;
mod summary;
pub mod table;
pub mod verification;

/// How a report is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; formats for machines ignore it.
    pub width: u16,
    /// Whether colours may be used. They only repeat what symbol and word say.
    pub colour: bool,
}

/// One format: a line here and a file beside this one.
macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $render:path;)*) => {
        /// What a report can be turned into.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[$doc])* $name,)*
        }

        impl Format {
            /// All formats, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word used on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }

        /// Shows the reports of a run.
        #[must_use]
        pub fn render(batch: &Batch, format: Format, style: &Style) -> String {
            match format {
                $(Format::$name => $render(batch, style),)*
            }
        }
    };
}

formats! {
    /// For people: rows of checks, what was seen, and the decision.
    Table = "table", table::render;
    /// The receipt: all that is known, for machines.
    Json = "json", json::render;
}

/// Why a word is not a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a format{}; the formats are {}", hint(word), list())]
pub struct UnknownFormat {
    /// What was written.
    pub word: String,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.word() == text)
            .ok_or_else(|| UnknownFormat { word: text.to_owned() })
    }
}

fn hint(text: &str) -> String {
    let near = Format::ALL
        .iter()
        .map(|format| (strsim::damerau_levenshtein(&text.to_lowercase(), format.word()), format))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance);
    near.map_or_else(String::new, |(_, format)| format!(" (did you mean `{format}`?)"))
}

fn list() -> String {
    Format::ALL.iter().map(|format| format!("`{format}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(*format));
        }
    }

    #[rstest]
    #[case(Format::Table, "greenlight · ")]
    #[case(Format::Json, "{\n  \"schema-version\": 1,")]
    fn a_report_is_shown_in_the_format_asked_for(#[case] format: Format, #[case] starts: &str) {
        let text = render(&Batch::one(fixture::rich()), format, &Style { width: 80, colour: false });
        assert!(text.starts_with(starts) && text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
    }

    #[rstest]
    #[case("jsno", "`jsno` is not a format (did you mean `json`?); the formats are `table`, `json`")]
    #[case("JSON", "`JSON` is not a format (did you mean `json`?); the formats are `table`, `json`")]
    #[case("carrier-pigeon", "`carrier-pigeon` is not a format; the formats are `table`, `json`")]
    fn an_unknown_format_names_the_known_ones(#[case] word: &str, #[case] says: &str) {
        assert_eq!(word.parse::<Format>().unwrap_err().to_string(), says);
    }
}
