//! Paths among the tokens of macros and attributes, which only the macro itself parses.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;

use super::written::{Reader, line_of};

impl Reader {
    /// Every path in the tokens of a macro or an attribute, including groups: `a::b`, and `a::{b, c::d}` as in a `use`.
    pub(super) fn scan(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        self.scan_trees(&[], &trees);
    }

    fn scan_trees(&mut self, before: &[String], trees: &[TokenTree]) {
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            match tree {
                TokenTree::Ident(_) => {
                    at += self.scan_path(before, &trees[at..]);
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(literal) => self.literal(line_of(tree), &literal.to_string()),
                TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    /// The path that starts with these tokens; returns how many of them it takes.
    fn scan_path(&mut self, before: &[String], trees: &[TokenTree]) -> usize {
        let Some(TokenTree::Ident(first)) = trees.first() else { return 1 };
        let line = line_of(first);
        let mut path = [before, &[first.unraw().to_string()]].concat();
        let mut at = 1;
        while is(trees.get(at), ':') && is(trees.get(at + 1), ':') {
            match trees.get(at + 2) {
                Some(TokenTree::Ident(ident)) => path.push(ident.unraw().to_string()),
                Some(TokenTree::Group(group)) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    self.scan_trees(&path, &inner);
                }
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".to_owned()),
                // `a::<T>()`: the type is scanned separately.
                _ => break,
            }
            at += 3;
        }
        if is(trees.get(at), '!') && matches!(trees.get(at + 1), Some(TokenTree::Group(_))) {
            self.called(line, &path);
        }
        match (trees.get(at), trees.get(at + 1)) {
            // `use a::b as c` renames; `n as u64` does not.
            (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name)))
                if word == "as" && (path.len() > 1 || path[0] == "crate") =>
            {
                self.name(line, name.unraw().to_string(), path);
                at + 2
            }
            _ => {
                self.write(line, path);
                at
            }
        }
    }

    /// A text that is a path, such as in `#[serde(with = "crate::a::b")]`.
    fn literal(&mut self, line: usize, literal: &str) {
        let Ok(text) = syn::parse_str::<syn::LitStr>(literal) else { return };
        let text = text.value();
        if !text.contains("::") {
            return;
        }
        if let Ok(tokens) = text.parse::<TokenStream>()
            && syn::parse2::<syn::Type>(tokens.clone()).is_ok()
        {
            let before = self.written.len();
            self.scan(tokens);
            self.written[before..].iter_mut().for_each(|written| written.line = line);
        }
    }

    pub(super) fn called(&mut self, line: usize, path: &[String]) {
        if path.last().is_some_and(|name| name == "include") {
            self.hidden.push((line, "`include!` brings in a file that is no module"));
        }
        let mut path = path.to_vec();
        if let Some(name) = path.last_mut() {
            name.push('!');
        }
        self.write(line, path);
    }
}

/// Why such an attribute is refused.
pub(super) const HIDDEN_PATH: &str = "a `path` attribute hides where a module stands";

/// Whether `path = "…"` is among these tokens.
pub(super) fn names_a_file(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    trees.iter().enumerate().any(|(at, tree)| match tree {
        TokenTree::Ident(name) => name == "path" && is(trees.get(at + 1), '='),
        TokenTree::Group(group) => names_a_file(group.stream()),
        _ => false,
    })
}

fn is(tree: Option<&TokenTree>, sign: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}
