//! Parses a long checklist piece by piece: the tree of a text parsed all at once takes twenty times its size.
//!
//! A piece ends where a table of a list begins. Anything that can't simply be split is parsed as a whole, which also
//! reports every mistake and its position.
//! every mistake and where it stands.

use serde::de::DeserializeOwned;
use toml::de::DeTable;

use super::document::{endless_key, one_header_too_many};

/// The minimum size of a piece, in bytes.
const PIECE: usize = 256 << 10;

/// Something that can be assembled from pieces.
pub(super) trait Pieces: DeserializeOwned {
    /// Whether only lists follow the first list header in this text, and all of them can be extended: a list in
    /// brackets can't. Called for the first piece.
    fn is_open(&self, text: &str) -> bool;

    /// Adds the lists that follow in the same text.
    fn join(&mut self, more: Self);
}

/// Parses a text; `None` when it is short, or has to be parsed as a whole.
pub(super) fn read<T: Pieces>(text: &str) -> Option<T> {
    // A text that is refused before parsing is refused where it is parsed as a whole.
    let refused = || endless_key(text).is_some() || one_header_too_many(text).is_some();
    if text.len() < 2 * PIECE || refused() { None } else { in_pieces(text, PIECE) }
}

fn in_pieces<T: Pieces>(text: &str, least: usize) -> Option<T> {
    // Parsed text is blanked, so that all positions stay the same.
    let mut left = text.to_owned();
    let (mut whole, mut from): (Option<T>, usize) = (None, 0);
    while from < text.len() {
        let to = end(text, from + least);
        let table = DeTable::parse(left.get(..to)?).ok()?;
        let piece = T::deserialize(toml::Deserializer::from(table)).ok()?;
        match &mut whole {
            None if piece.is_open(text) => whole = Some(piece),
            Some(whole) => whole.join(piece),
            None => return None,
        }
        left.replace_range(from..to, &" ".repeat(to - from));
        from = to;
    }
    whole
}

/// The next start of a table of a list, or the end of the text when there is none.
fn end(text: &str, from: usize) -> usize {
    let from = text.ceil_char_boundary(from);
    let rest = text.get(from..).unwrap_or_default();
    let begins = |at: &usize| {
        let name = rest.get(at + 3..).and_then(|rest| rest.split_once("]]")).map(|(name, _)| name);
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    let mut places = rest.match_indices("\n[[").map(|(at, _)| at);
    places.find(begins).map_or(text.len(), |at| from + at + 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::load::{builtin, document, raw::checklist::RawChecklist};

    fn whole(text: &str) -> Option<RawChecklist> {
        let (mut diagnostics, mut gone) = (Vec::new(), Vec::new());
        let raw = document::read(0, text, &mut diagnostics, &mut gone);
        raw.filter(|_| diagnostics.is_empty())
    }

    /// With every position in it.
    fn shown(raw: Option<RawChecklist>) -> Option<String> {
        raw.map(|raw| format!("{raw:?}"))
    }

    #[test]
    fn pieces_of_any_size_make_the_whole() {
        let mut in_them = 0;
        for builtin in builtin::checklists() {
            for least in [1, 700, 5_000] {
                let read = shown(in_pieces(builtin.text, least));
                in_them += usize::from(read.is_some());
                assert!(read.is_none() || read == shown(whole(builtin.text)), "{} by {least}", builtin.id);
            }
        }
        assert!(in_them > 10, "{in_them}");
    }

    /// Either the result is the same as for the whole text, or the text isn't parsed in pieces at all.
    #[rstest]
    #[case::in_a_text("id = \"a\"\n[[check]]\nwhy = \"\"\"\n[[check]]\n\"\"\"\n[[check]]\n", false)]
    #[case::in_a_list("id = \"a\"\n[[probe]]\nbody = { a = [\n[[check]]\n] }\n", false)]
    #[case::twice("id = \"a\"\n[[check]]\n[api]\n[[check]]\n[api]\n", false)]
    #[case::twice_by_name("id = \"a\"\n[[check]]\n[host.x]\n[[check]]\n[host.x]\n", false)]
    #[case::hosts("id = \"a\"\n[[check]]\n[host.x]\n[[check]]\n[host.y]\n[api]\n", false)]
    #[case::tables_twice("id = \"a\"\n[[check]]\n [ host ]\n[[check]]\n[host]\n", false)]
    #[case::hosts_first("id = \"a\"\n[host.x]\n[api]\n[[check]]\n[[check]]\n", true)]
    #[case::disguised("id = \"a\"\n\"ch\\u0065ck\" = []\n[[probe]]\n[[check]]\n", false)]
    #[case::closed("id = \"a\"\ncheck = [{ id = \"b\" }]\n[[probe]]\n[[check]]\n", false)]
    #[case::closed_and_empty("id = \"a\"\ncheck = []\n[[probe]]\n[[check]]\n", false)]
    #[case::parts("id = \"a\"\n[[check]]\n[check.source]\nurl = \"b\"\n[[probe]]\n[[check]]\n", true)]
    #[case::a_table_and_a_list("id = \"a\"\n[check]\n[[probe]]\n[[check]]\n", false)]
    #[case::a_mistake("id = \"a\"\n[[check]]\n[[probe]]\nidd = 1\n", false)]
    #[case::crlf("id = \"a\"\r\n[[check]]\r\n[[check]]\r\nid = \"ä\"\r\n", true)]
    fn pieces_are_read_as_the_whole_or_not_at_all(#[case] text: &str, #[case] in_them: bool) {
        let read = shown(in_pieces::<RawChecklist>(text, 1));
        assert_eq!(read.is_some(), in_them);
        assert!(read.is_none() || read == shown(whole(text)));
    }

    #[test]
    fn a_long_checklist_is_read_in_pieces_and_a_short_one_is_not() {
        let long = format!(
            "id = \"a\"\n{}",
            "[[check]]\nid = \"b\"\nwhy = \"What is it?\"\n".repeat(2 * PIECE / 36)
        );
        assert_eq!(shown(read(&long)), shown(whole(&long)));
        assert!(read::<RawChecklist>(&long).is_some());
        assert!(read::<RawChecklist>("id = \"a\"\n[[check]]\n").is_none());
        let endless = format!("{long}[[check]]\nrequest.body{} = 1\n", ".a".repeat(1_000));
        assert!(read::<RawChecklist>(&endless).is_none());
    }
}
