//! Texts from outside, prepared for a document: on one line, bounded, and as a link only if they are web addresses.

use url::Url;

use crate::{
    model::{
        dossier::{Badge, Page},
        source::is_web_page,
        text::counted,
        verdict::Finding,
    },
    render::{machine, mark},
};

/// The most characters of a text; a cut is marked.
const LONGEST: usize = 3_000;

/// The most characters of a name or a title.
const LONGEST_NAME: usize = 160;

/// The most characters of a text on the first page.
const LONGEST_FIRST: usize = 150;

/// A text of an annex.
pub(super) fn said(text: &str) -> String {
    cut(text, LONGEST)
}

/// A name, a title or a path.
pub(super) fn named(text: &str) -> String {
    cut(text, LONGEST_NAME)
}

/// A text on the first page, cut at a word; the annex has all of it.
pub(super) fn first(text: &str) -> String {
    let text = machine::plain(text);
    let clipped = machine::clipped(&text, LONGEST_FIRST);
    if clipped.len() == text.len() {
        return text.into_owned();
    }
    let kept = clipped.rsplit_once(' ').map_or(&*clipped, |(kept, _)| kept);
    format!("{} …", kept.trim_end_matches(['.', ',', ';', ':', '…']))
}

fn cut(text: &str, most: usize) -> String {
    let text = machine::plain(text);
    let Some((at, _)) = text.char_indices().nth(most) else { return text.into_owned() };
    let (kept, rest) = text.split_at(at);
    format!("{}… ({} more)", kept.trim_end(), counted(rest.chars().count(), "character"))
}

/// A text, if there is one.
pub(super) fn some(text: &str) -> Option<String> {
    Some(said(text)).filter(|text| !text.is_empty())
}

/// An address, as a link if it is that of a web page.
pub(super) fn page(address: &str) -> Page {
    let url = Some(address).filter(|address| address.chars().nth(LONGEST).is_none() && is_web_page(address));
    match url.and_then(|address| Url::parse(address).ok()) {
        // As a browser would show it: letters of other scripts that look alike can be told apart.
        Some(url) => {
            let shown = url.as_str().strip_prefix("https://").unwrap_or(url.as_str()).trim_end_matches('/');
            let text = named(shown);
            Page { whole: text == shown, text, href: Some(url.into()) }
        }
        None => Page { text: said(address), href: None, whole: true },
    }
}

/// A word of the program without hyphens and with a capital first letter: `Input media`.
pub(super) fn heading(word: &str) -> String {
    large(&word.replace('-', " "))
}

/// With a capital first letter, unless the first word is a name with its own spelling, such as `xAI`.
pub(super) fn large(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if word.chars().all(|c| c.is_ascii_lowercase() || c == '-') => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// The badge of a finding's verdict.
pub(super) fn badge(finding: &Finding) -> Badge {
    let text = mark::mark(finding).text;
    let (symbol, word) = text.split_once(' ').unwrap_or(("·", text));
    Badge { symbol, word, class: class(finding.verdict.word()) }
}

/// The badge for a symbol and a word.
pub(super) fn face(symbol: &'static str, word: &'static str) -> Badge {
    Badge { symbol, word, class: class(word) }
}

fn class(word: &'static str) -> &'static str {
    if word == "n/a" { "na" } else { word }
}

/// A title with what it was repeated for.
pub(super) fn title(finding: &Finding) -> String {
    named(&large(&machine::title(finding)))
}

/// The first few names, separated by commas.
pub(super) fn list(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://docs.x.ai/a?b=c", Some("https://docs.x.ai/a?b=c"))]
    #[case("javascript:alert(1)", None)]
    #[case("data:text/html,x", None)]
    #[case("https://me:pw@docs.x.ai/", None)]
    #[case("https://docs.x.ai/ onmouseover=x", None)]
    #[case("https://docs.x\u{430}i/", Some("https://docs.xn--xi-7kc/"))]
    #[case("https://docs.x.ai/\"><script>", Some("https://docs.x.ai/%22%3E%3Cscript%3E"))]
    fn only_a_page_of_the_web_is_a_link(#[case] address: &str, #[case] href: Option<&str>) {
        assert_eq!(page(address).href.as_deref(), href);
    }

    #[test]
    fn what_is_cut_off_is_told() {
        assert_eq!(named(&"x".repeat(10_000)), format!("{}… (9840 characters more)", "x".repeat(160)));
        assert_eq!(said("a\u{202e}b\n c"), "a\\u{202e}b c");
    }
}
