//! What in the address of a page may grant access to anyone who reads the address. A public page needs nothing like
//! that, so this is stricter than the search for certain credentials.

use percent_encoding::percent_decode_str;
use url::Url;

use super::names::{Telling, telling};

/// Names that are used for access tokens as well as for other things.
const HARMLESS_NO_MORE: [&str; 7] = ["access", "invite", "invitation", "login", "pin", "pw", "share"];

/// A shorter value grants no access.
const SHORTEST: usize = 4;

/// A shorter value is a setting, whatever it consists of.
const SHORT: usize = 6;

/// No plain word is longer.
const LONGEST_WORD: usize = 20;

/// This many parts of a value may mix letters and digits: `2026-11-25T10:04Z`, `gpt-4o`.
const MIXED: usize = 2;

/// A run of this many letters of both cases and digits, or of this many letters and digits, isn't a name.
const RANDOM: (usize, usize) = (20, 24);

/// What may grant access to a page by its address alone, in words, with advice.
#[must_use]
pub fn opener(address: &Url) -> Option<String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    for pair in address.query().into_iter().flat_map(|query| query.split(['&', ';'])) {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (decoded(name), decoded(value));
        if opens(&name, &value) {
            let named = if name.is_empty() { String::new() } else { format!(" `{name}`") };
            return Some(format!(
                "its query{named} may open the page to anyone who reads it; leave the query out, or keep the page as a \
                 file"
            ));
        }
    }
    let random = |part: &str| decoded(part).split(|c: char| !c.is_ascii_alphanumeric()).any(is_random);
    let parts = address.path().split('/').chain(address.fragment());
    parts.into_iter().any(random).then(|| {
        "a part of its path may open the page to anyone who reads it; name the public page, or keep it as a file"
            .to_owned()
    })
}

fn opens(name: &str, value: &str) -> bool {
    let lower = name.to_lowercase();
    let asked = telling(name) != Telling::No
        || lower.split(['-', '_', '.']).any(|word| HARMLESS_NO_MORE.contains(&word));
    let least = if asked { SHORTEST } else { SHORT };
    value.chars().count() >= least && (asked || !(is_video(name, value) || is_plain(value)))
}

/// A public video page is identified only by its query.
fn is_video(name: &str, value: &str) -> bool {
    name == "v" && value.len() == 11
}

/// Words, numbers and dates.
fn is_plain(value: &str) -> bool {
    let mut mixed = 0;
    value.split(|c: char| !c.is_alphanumeric()).all(|part| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let length = part.chars().count();
        if digits == 0 {
            let capitals = part.chars().skip(1).filter(|c| c.is_uppercase()).count();
            length <= LONGEST_WORD && (capitals <= 2 || capitals + 1 == length)
        } else if digits == length {
            length <= LONGEST_WORD
        } else {
            mixed += 1;
            length < SHORT && mixed <= MIXED
        }
    })
}

fn is_random(part: &str) -> bool {
    let has = |of: fn(&u8) -> bool| part.bytes().any(|byte| of(&byte));
    let hex = part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    has(u8::is_ascii_digit)
        && ((lower && upper && part.len() >= RANDOM.0)
            || ((lower || upper) && !hex && part.len() >= RANDOM.1))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn asked(address: &str) -> Option<String> {
        opener(&Url::parse(address).unwrap())
    }

    #[rstest]
    fn what_may_open_a_page_is_asked_about(
        #[values(
            "?p=hunter2",
            "?pw=correcthorse",
            "?pass=hunter2",
            "?auth=correcthorse",
            "?key=pricing",
            "?access=correct",
            "?pin=1234",
            "?invite=abcd",
            "?id=AKIAIOSFODNN7EXAMPLE",
            "?x=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "?q=abcdefghijklmnopqrstuvwxyz",
            "?67e55044-10b1-426f-9247-bb680e5fe0c8",
            "?a=ab1-cd2-ef3-gh4",
            "?m=abc123",
            "?m=aBcDeF",
            "?x=dQw4w9WgXcQ",
            "?v=dQw4w9WgXcQx",
            "?q=abcdefghijklmnopqrstu",
            "?n=123456789012345678901",
            "s/Zk3Jd9Qw2Lx8Vb5Nc7Rt",
            "?p=%68unter2",
            "magic/Zk3Jd9Qw2Lx8Vb5Nc7Rt1A",
            "s/zk3jd9qw2lx8vb5nc7rt1azk",
            "#Zk3Jd9Qw2Lx8Vb5Nc7Rt1A"
        )]
        rest: &str,
    ) {
        let why = asked(&format!("https://docs.x.ai/{rest}"));
        assert!(why.as_ref().is_some_and(|why| why.contains("keep")), "{why:?}");
    }

    #[rstest]
    fn what_only_chooses_a_page_is_not(
        #[values(
            "",
            "?page=2&lang=en-GB&tab=pricing#tokens",
            "?date=2026-11-25&at=2026-11-25T10:04Z",
            "?section=getting-started&topic=video_generation",
            "?id=1234567&hl=en",
            "?tab=PRICING&name=HelloWorldAgain",
            "?q=abcdefghijklmnopqrst&n=12345678901234567890",
            "s/Zk3Jd9Qw2Lx8Vb5Nc7R",
            "?model=grok-4&version=v1.5",
            "watch?v=dQw4w9WgXcQ",
            "commit/8563c25a8563c25a8563c25a8563c25a8563c25a",
            "blog/announcing-grok-imagine-video-1-5-for-everybody#:~:text=What%20is%20new"
        )]
        rest: &str,
    ) {
        assert_eq!(asked(&format!("https://docs.x.ai/{rest}")), None);
    }
}
