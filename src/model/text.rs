//! Text from outside made safe to print: the text of a checklist, a server or a file name must not be able to control
//! the terminal it is shown on.

use std::borrow::Cow;

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// The text on one line: white space becomes single spaces, and anything that could move the cursor, change a colour or
/// reorder the line is written as an escape such as `\u{1b}`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = |c| is_plain(c) && !is_joiner(c);
    if !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&escaped(word));
    }
    Cow::Owned(out)
}

/// The text with every character that could control a terminal written as an escape; nothing else changes, not even
/// line breaks.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_steering(c) || is_joiner(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        if is_unseen(before, c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
        before = c;
    }
    Cow::Owned(out)
}

/// Whether the character is invisible after this one, or could control a terminal.
#[must_use]
pub fn is_unseen(before: char, c: char) -> bool {
    is_steering(c) || (is_joiner(c) && !is_joined(before))
}

/// The text quoted for a shell, whatever a receipt calls its files.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let dash = if text.starts_with('-') { "./" } else { "" };
    // Neither a file name nor a shell word can contain a NUL.
    let text = format!("{dash}{}", text.replace('\0', ""));
    shlex::try_quote(&text).map(Cow::into_owned).unwrap_or_default()
}

/// The text without anything a CI log would run as a command: the first character of each `##[`, `##vso[` or
/// `##teamcity[`, wherever it is in a line, is replaced (<https://github.com/actions/runner>, `ActionCommand.cs`, as of
/// 2026-11-23; <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands> and
/// <https://www.jetbrains.com/help/teamcity/service-messages.html>, as of 2026-11-26).
#[must_use]
pub fn without_commands<'t>(text: Cow<'t, str>, instead: &str) -> Cow<'t, str> {
    let opens = |at: usize| {
        let before = text.get(..at)?.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        before.strip_suffix("##").map(str::len)
    };
    if !text.contains("##") {
        return text;
    }
    let hashes: Vec<usize> = text.match_indices('[').filter_map(|(at, _)| opens(at)).collect();
    if hashes.is_empty() {
        return text;
    }
    let (mut out, mut done) = (String::with_capacity(text.len() + 8), 0);
    for at in hashes {
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(instead);
        done = at + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// A number with its noun: `1 call`, `2 calls`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// Whether a terminal or a line reader may act on the character instead of showing it, or shows nothing: control
/// characters, marks that end a line or reorder the text around them, and letters that only a program can see.
/// Characters that join emoji or letters of some scripts aren't included: see [`is_joiner`].
#[must_use]
pub fn is_steering(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let shows_nothing = || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
    let known = || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    !is_joiner(c) && (c.is_control() || known() || shows_nothing())
}

/// Whether the character joins its neighbours, or selects how the one before it looks.
#[must_use]
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Whether a joiner may follow: after a plain letter, or after another joiner, it joins nothing. An emoji may have its
/// style selected and then be joined.
fn is_joined(before: char) -> bool {
    !before.is_ascii() && !matches!(before, '\u{200c}' | '\u{200d}') && !is_steering(before)
}

/// Whether any of the text is visible, even if only a sign: a name must be.
#[must_use]
pub fn can_be_seen(text: &str) -> bool {
    let shows = |c: char| !c.is_whitespace() && !is_steering(c) && !is_joiner(c) && !is_blank_letter(c);
    text.chars().any(shows)
}

/// Whether the text contains at least one visible letter or digit. White space, marks without width and punctuation
/// don't count.
#[must_use]
pub fn says_something(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !is_blank_letter(c))
}

/// Unicode counts these as letters or symbols, but they are invisible: fillers and blanks.
fn is_blank_letter(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{13441}' | '\u{13442}' | '\u{2800}')
}

fn is_plain(c: char) -> bool {
    c == ' ' || !(c.is_whitespace() || is_steering(c))
}

/// Bytes as lower-case hexadecimal digits, as in digests.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("receipt.json", "receipt.json")]
    #[case("plans/a b.json", "'plans/a b.json'")]
    #[case("x'; id; '", "\"x'; id; '\"")]
    #[case("$(id).json", "'$(id).json'")]
    #[case("-rf", "./-rf")]
    #[case("", "''")]
    fn a_name_stays_one_word_in_a_shell(#[case] name: &str, #[case] shown: &str) {
        assert_eq!(shell_word(name), shown);
    }

    #[rstest]
    #[case("key accepted", "key accepted")]
    #[case(" one", "one")]
    #[case("one ", "one")]
    #[case("\u{200d}", "\\u{200d}")]
    #[case("  two\r\n lines\tand  tabs ", "two lines and tabs")]
    #[case("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}")]
    #[case("\u{9b}2J", "\\u{9b}2J")]
    #[case("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe")]
    #[case("naïve 日本", "naïve 日本")]
    #[case("a\u{200b}b\u{feff}c\u{ad}d\u{2060}e", "a\\u{200b}b\\u{feff}c\\u{ad}d\\u{2060}e")]
    #[case("x\u{e0041}\u{e0100}\u{3164}\u{fff9}", "x\\u{e0041}\\u{e0100}\\u{3164}\\u{fff9}")]
    #[case("a\u{fe0f}b\u{200d}\u{200d}", "a\\u{fe0f}b\\u{200d}\\u{200d}")]
    #[case("❤\u{fe0f}\u{200d}🔥 می\u{200c}خواهم", "❤\u{fe0f}\u{200d}🔥 می\u{200c}خواهم")]
    fn nothing_printed_can_steer_a_terminal(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(printable(text), shown);
    }

    #[rstest]
    #[case("##[error]x", "# #[error]x")]
    #[case("a ##vso[task.setvariable variable=x]y", "a # #vso[task.setvariable variable=x]y")]
    #[case("####teamcity[buildStop] ###[z", "### #teamcity[buildStop] ## #[z")]
    #[case("##[##vso[[", "# #[# #vso[[")]
    #[case("## [not a command] ##a b[ #[ # #[ é[", "## [not a command] ##a b[ #[ # #[ é[")]
    #[case("## é[", "## é[")]
    #[case("##[", "# #[")]
    fn a_text_commands_no_log(#[case] text: &str, #[case] said: &str) {
        assert_eq!(without_commands(text.into(), "# "), said);
    }

    #[rstest]
    #[case("A fox runs.")]
    #[case("狐")]
    #[case("7")]
    #[case("\u{feff}\u{202e}x")]
    #[case("한글")]
    fn a_word_says_something(#[case] text: &str) {
        assert!(says_something(text), "{text:?}");
    }

    #[rstest]
    #[case::nothing("")]
    #[case::white_space(" \t\r\n\u{a0}\u{2003}\u{3000}\u{85}\u{2028}")]
    #[case::no_width("\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{180e}\u{ad}\u{34f}")]
    #[case::directions("\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}")]
    #[case::control("\u{0}\u{1b}\u{7f}\u{9b}")]
    #[case::fillers("\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}\u{13441}\u{13442}")]
    #[case::variations_and_tags("\u{fe0f}\u{e0100}\u{e0041}\u{e007f}")]
    #[case::marks_on_nothing("\u{301}\u{20e3}\u{17b4}\u{17b5}")]
    #[case::no_characters("\u{fffc}\u{fffd}\u{e000}\u{10ffff}")]
    #[case::punctuation("... — ?! \"\" …")]
    fn what_cannot_be_read_says_nothing(#[case] text: &str) {
        assert!(!says_something(text), "{text:?}");
    }

    #[rstest]
    #[case("Ann", true)]
    #[case("❤\u{fe0f}", true)]
    #[case("!", true)]
    #[case::nothing("", false)]
    #[case::white_space(" \u{a0}\n", false)]
    #[case::control("\u{1b}\u{200b}", false)]
    #[case::joiners("\u{200c}\u{fe0f}", false)]
    #[case::fillers("\u{3164}\u{2800}", false)]
    fn a_sign_can_be_seen_and_a_blank_cannot(#[case] text: &str, #[case] is: bool) {
        assert_eq!(can_be_seen(text), is, "{text:?}");
    }

    proptest! {
        #[test]
        fn the_result_is_one_plain_line_and_stays_as_it_is(text in any::<String>()) {
            let shown = printable(&text);
            prop_assert!(shown.chars().all(is_plain));
            prop_assert_eq!(printable(&shown), shown.as_ref());
        }
    }
}
