//! A text with its escapes decoded, level by level, and where each byte of it came from.

use std::borrow::Cow;

/// How many levels of escapes are decoded: XML within JSON within JSON within JSON, and more.
const LEVELS: usize = 6;

/// The most digits in the number of a character, not counting leading zeros.
const LONGEST_NUMBER: usize = 8;

/// No name of a character is longer (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const LONGEST_NAME: usize = 31;

/// A text on one level.
pub(super) struct View<'t> {
    pub(super) bytes: Cow<'t, [u8]>,
    /// Byte `i` comes from the original's bytes `from[i]..from[i + 1]`; none if nothing was decoded.
    from: Option<Vec<u32>>,
}

impl View<'_> {
    /// The position in the original of a position in this view.
    pub(super) fn origin(&self, at: usize) -> usize {
        let Some(from) = &self.from else { return at };
        from.get(at).or(from.last()).map_or(at, |at| usize::try_from(*at).unwrap_or(usize::MAX))
    }
}

/// Looks at the text itself, and again on every level of escapes in it.
pub(super) fn each(text: &str, mut look: impl FnMut(&View<'_>)) {
    let mut view = View { bytes: Cow::Borrowed(text.as_bytes()), from: None };
    look(&view);
    for _ in 0..LEVELS {
        let Some(next) = decoded(&view, true) else { break };
        view = next;
        look(&view);
    }
}

/// Whether `is_there` finds something on any level. These views don't know their positions: those take four times the
/// memory of the text, and are only needed for the few texts in which something is found.
pub(super) fn any(text: &str, mut is_there: impl FnMut(&View<'_>) -> bool) -> bool {
    let mut view = View { bytes: Cow::Borrowed(text.as_bytes()), from: None };
    for _ in 0..LEVELS {
        if is_there(&view) {
            return true;
        }
        let Some(next) = decoded(&view, false) else { return false };
        view = next;
    }
    is_there(&view)
}

/// A text with all its escapes decoded, level by level. The result need not be valid text.
pub(super) fn levels(text: &str) -> Vec<Vec<u8>> {
    let mut levels = Vec::new();
    each(text, |view| levels.push(view.bytes.to_vec()));
    levels
}

/// One level of escapes decoded, with the position of each byte if `placed`; none when there is no escape.
fn decoded(view: &View<'_>, placed: bool) -> Option<View<'static>> {
    let bytes = view.bytes.as_ref();
    let origin = |at: usize| u32::try_from(view.origin(at)).unwrap_or(u32::MAX);
    let (mut next, mut from) = (Vec::new(), Vec::new());
    let (mut at, mut done) = (0, 0);
    while let Some(before) = memchr::memchr3(b'%', b'\\', b'&', bytes.get(at..)?) {
        at += before;
        let Some((read, length)) = escape(bytes.get(at..)?) else {
            at += 1;
            continue;
        };
        if done == 0 {
            next.reserve(bytes.len());
            from.reserve(if placed { bytes.len() + 1 } else { 0 });
        }
        next.extend_from_slice(bytes.get(done..at)?);
        next.extend(read);
        if placed {
            from.extend((done..at).map(origin));
            // All bytes of one escape start where it starts; the last of them ends where it ends.
            from.resize(next.len(), origin(at));
        }
        at += length;
        done = at;
    }
    if done == 0 {
        return None;
    }
    next.extend_from_slice(bytes.get(done..)?);
    if placed {
        from.extend((done..=bytes.len()).map(origin));
    }
    Some(View { bytes: Cow::Owned(next), from: placed.then_some(from) })
}

/// What the escape at the start of these bytes stands for, and its length.
fn escape(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    match rest {
        [b'%', b'u' | b'U', digits @ ..] => Some((utf8(hex(digits.get(..4)?)?)?, 6)),
        [b'%', more @ ..] => percent(more),
        [b'\\', b'x', high, low, ..] => Some((vec![hex(&[*high, *low])?.try_into().ok()?], 4)),
        [b'\\', b'u', b'{', more @ ..] => {
            let (number, length) = number(more, 16)?;
            (more.get(length) == Some(&b'}')).then_some((utf8(number)?, length + 4))
        }
        [b'\\', b'U', digits @ ..] => Some((utf8(hex(digits.get(..8)?)?)?, 10)),
        [b'\\', b'u', more @ ..] => unicode(more),
        [b'\\', b'n', ..] => Some((b"\n".to_vec(), 2)),
        [b'\\', b't', ..] => Some((b"\t".to_vec(), 2)),
        [b'\\', b'r', ..] => Some((b"\r".to_vec(), 2)),
        [b'\\', byte, ..] if byte.is_ascii_punctuation() => Some((vec![*byte], 2)),
        [b'&', more @ ..] => entity(more),
        _ => None,
    }
}

/// Two hexadecimal digits after a percent sign, which may itself be percent-encoded any number of times.
fn percent(more: &[u8]) -> Option<(Vec<u8>, usize)> {
    let pair = |at: usize| -> Option<u8> { hex(more.get(at..at + 2)?)?.try_into().ok() };
    let (mut at, mut read) = (0, pair(0)?);
    while read == b'%'
        && let Some(next) = pair(at + 2)
    {
        (at, read) = (at + 2, next);
    }
    Some((vec![read], at + 3))
}

/// Four hexadecimal digits of JSON, or a pair of them for a character beyond the first 65,536.
fn unicode(more: &[u8]) -> Option<(Vec<u8>, usize)> {
    let first = hex(more.get(..4)?)?;
    let Some(low) = more.get(4..10).and_then(|next| hex(next.strip_prefix(b"\\u")?)) else {
        return Some((utf8(first)?, 6));
    };
    if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&low) {
        return Some((utf8(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))?, 12));
    }
    Some((utf8(first)?, 6))
}

/// A character reference of XML or HTML, by number or name. If its `&` is itself written as `&amp;`, any number of
/// times, it is decoded at once. A name that is not known here stands for a mark between words.
fn entity(more: &[u8]) -> Option<(Vec<u8>, usize)> {
    const AMP: &[u8] = b"amp;";
    let signs = more.chunks_exact(AMP.len()).take_while(|next| next.eq_ignore_ascii_case(AMP)).count();
    let start = signs * AMP.len();
    let more = more.get(start..)?;
    let read = match more {
        [b'#', b'x' | b'X', digits @ ..] => numbered(digits, 16).map(|(read, length)| (read, length + 3)),
        [b'#', digits @ ..] => numbered(digits, 10).map(|(read, length)| (read, length + 2)),
        name => named(name).map(|(read, length)| (read, length + 1)),
    };
    let sign = || Some((vec![b'&'], 1)).filter(|_| signs > 0);
    read.or_else(sign).map(|(read, length)| (read, start + length))
}

/// A browser also accepts a number without the semicolon.
fn numbered(digits: &[u8], base: u32) -> Option<(Vec<u8>, usize)> {
    let (number, length) = number(digits, base)?;
    Some((utf8(number)?, length + usize::from(digits.get(length) == Some(&b';'))))
}

fn named(more: &[u8]) -> Option<(Vec<u8>, usize)> {
    let end = more.iter().take(LONGEST_NAME + 1).position(|byte| *byte == b';')?;
    let name = more.get(..end)?.to_ascii_lowercase();
    let read = match name.as_slice() {
        b"quot" => b'"',
        b"apos" => b'\'',
        b"amp" => b'&',
        b"lt" => b'<',
        b"gt" => b'>',
        [first, rest @ ..] if first.is_ascii_alphabetic() && rest.iter().all(u8::is_ascii_alphanumeric) => {
            b' '
        }
        _ => return None,
    };
    Some((vec![read], end + 1))
}

/// A number and its length, leading zeros included.
fn number(digits: &[u8], base: u32) -> Option<(u32, usize)> {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let rest = digits.get(zeros..)?;
    let length =
        rest.iter().take(LONGEST_NUMBER + 1).take_while(|digit| char::from(**digit).is_digit(base)).count();
    let digits = std::str::from_utf8(rest.get(..length)?).ok()?;
    let number = if digits.is_empty() {
        Some(0).filter(|_| zeros > 0)
    } else {
        u32::from_str_radix(digits, base).ok()
    };
    Some((number?, zeros + length))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, 16).ok()
}

fn utf8(number: u32) -> Option<Vec<u8>> {
    char::from_u32(number).map(|letter| letter.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("plain", &["plain"])]
    #[case::percent("a%2fb%2F", &["a%2fb%2F", "a/b/"])]
    #[case::percent_often("a%252525252f%25", &["a%252525252f%25", "a/%"])]
    #[case::percent_unicode("a%u0062", &["a%u0062", "ab"])]
    #[case::json(r#"\u0061\"\\\/\n"#, &[r#"\u0061\"\\\/\n"#, "a\"\\/\n", "a\"/\n"])]
    #[case::json_in_json(r"\\u0061\\\\", &[r"\\u0061\\\\", r"\u0061\\", r"a\"])]
    #[case::a_pair(r"\ud83d\ude00!", &[r"\ud83d\ude00!", "😀!"])]
    #[case::half_a_pair(r"\ud83dx", &[r"\ud83dx"])]
    #[case::rust(r"\u{e4}\x41", &[r"\u{e4}\x41", "äA"])]
    #[case::zeros(r"\u{0000000041}\U00000042", &[r"\u{0000000041}\U00000042", "AB"])]
    #[case::xml("&quot;&#65;&#x42;&AMP;amp;lt;", &["&quot;&#65;&#x42;&AMP;amp;lt;", "\"AB<"])]
    #[case::half_xml("&#x78 &#000000000000065 &#65&#66;", &["&#x78 &#000000000000065 &#65&#66;", "x A AB"])]
    #[case::a_name("a&shy;b & c;", &["a&shy;b & c;", "a b & c;"])]
    #[case::markdown(r"a\_b\|c", &[r"a\_b\|c", "a_b|c"])]
    #[case::cut(r"100% \u00 & &#; %4 \", &[r"100% \u00 & &#; %4 \"])]
    fn escapes_are_read_level_by_level(#[case] text: &str, #[case] wanted: &[&str]) {
        assert_eq!(levels(text), wanted.iter().map(|text| text.as_bytes()).collect::<Vec<_>>());
        let mut seen = Vec::new();
        let found = any(text, |view| {
            seen.push(view.bytes.to_vec());
            false
        });
        assert_eq!((found, seen), (false, levels(text)));
        assert!(any(text, |view| view.bytes == wanted.last().unwrap().as_bytes()));
    }

    #[test]
    fn a_place_leads_back_to_the_whole_escape() {
        let text = "x%2541\u{e4}&#65;";
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        each(text, |view| {
            bytes = view.bytes.to_vec();
            places = (0..=5).map(|at| view.origin(at)).collect();
        });
        assert_eq!(bytes, "xA\u{e4}A".as_bytes());
        assert_eq!(places, [0, 1, 6, 7, 8, 13]);
    }
}
