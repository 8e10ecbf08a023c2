//! What a Rust file contains: every path as it is written, every name that stands for another, every module.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    ext::IdentExt as _,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{tokens, uses::Segments};

/// Something written in a file: a path as written, and the module that contains it.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) line: usize,
    pub(super) module: Segments,
    pub(super) path: Segments,
    pub(super) test: bool,
    pub(super) import: bool,
}

/// Walks through a file and records what it names.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) module: Segments,
    pub(super) test: bool,
    pub(super) written: Vec<Written>,
    /// What a name stands for, by the file's own imports.
    pub(super) names: BTreeMap<String, Vec<Written>>,
    /// What a glob imports.
    pub(super) globs: Vec<Written>,
    pub(super) modules: BTreeSet<Segments>,
    /// Modules in a file of their own that are for tests only.
    pub(super) tests: BTreeSet<Segments>,
    pub(super) hidden: Vec<(usize, &'static str)>,
}

impl Reader {
    fn written(&self, line: usize, path: Segments, import: bool) -> Written {
        Written { line, module: self.module.clone(), path, test: self.test, import }
    }

    pub(super) fn write(&mut self, line: usize, path: Segments) {
        let written = self.written(line, path, false);
        self.written.push(written);
    }

    /// Records every path of a `use`, and what it names.
    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let line = line_of(tree);
        let with = |name: &syn::Ident| {
            let mut path = before.to_vec();
            match name.unraw().to_string() {
                // `use a::{self}` names `a` itself.
                itself if itself == "self" && !before.is_empty() => {}
                name => path.push(name),
            }
            path
        };
        match tree {
            syn::UseTree::Path(tree) => self.import(&with(&tree.ident), &tree.tree),
            syn::UseTree::Group(tree) => tree.items.iter().for_each(|item| self.import(before, item)),
            syn::UseTree::Name(tree) => {
                let path = with(&tree.ident);
                let name = path.last().cloned().unwrap_or_default();
                self.name(line, name, path);
            }
            syn::UseTree::Rename(tree) => {
                let name = tree.rename.unraw().to_string();
                self.name(line, name, with(&tree.ident));
            }
            syn::UseTree::Glob(_) => {
                self.globs.push(self.written(line, before.to_vec(), true));
                let all = [before, &["*".to_owned()]].concat();
                self.written.push(self.written(line, all, true));
            }
        }
    }

    pub(super) fn name(&mut self, line: usize, name: String, path: Segments) {
        let written = self.written(line, path, true);
        self.written.push(written.clone());
        self.names.entry(name).or_default().push(written);
    }

    fn nested(&mut self, attrs: &[syn::Attribute], inner: impl FnOnce(&mut Self)) {
        let before = self.test;
        self.test |= attrs.iter().any(only_for_tests);
        inner(self);
        self.test = before;
    }
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]` and `#[test]`, but not `#[cfg(not(test))]` or `#[cfg(any(test, …))]`.
fn only_for_tests(attribute: &syn::Attribute) -> bool {
    fn tests(meta: &syn::Meta) -> bool {
        match meta {
            syn::Meta::Path(path) => path.is_ident("test"),
            syn::Meta::List(list) if list.path.is_ident("all") => list
                .parse_args_with(syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated)
                .is_ok_and(|all| all.iter().any(tests)),
            _ => false,
        }
    }
    match &attribute.meta {
        syn::Meta::Path(path) => path.is_ident("test") || path.is_ident("rstest"),
        syn::Meta::List(list) => {
            list.path.is_ident("cfg") && list.parse_args::<syn::Meta>().is_ok_and(|meta| tests(&meta))
        }
        syn::Meta::NameValue(_) => false,
    }
}

pub(super) fn line_of(syntax: &impl Spanned) -> usize {
    syntax.span().start().line
}

/// The name of a path's segments.
fn segments(path: &syn::Path) -> Segments {
    let names = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
    path.leading_colon.iter().map(|_| String::new()).chain(names).collect()
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.nested(&item.attrs, |reader| {
            reader.module.push(item.ident.unraw().to_string());
            reader.modules.insert(reader.module.clone());
            if item.content.is_none() && reader.test {
                reader.tests.insert(reader.module.clone());
            }
            visit::visit_item_mod(reader, item);
            reader.module.pop();
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.nested(&item.attrs, |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.nested(&item.attrs, |reader| visit::visit_item_impl(reader, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.nested(&item.attrs, |reader| visit::visit_impl_item_fn(reader, item));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let before: Segments = item.leading_colon.iter().map(|_| String::new()).collect();
        self.nested(&item.attrs, |reader| reader.import(&before, &item.tree));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let line = line_of(item);
        let path = match item.ident.unraw().to_string() {
            itself if itself == "self" => vec!["crate".to_owned()],
            name => vec![String::new(), name],
        };
        match &item.rename {
            Some((_, name)) => self.name(line, name.unraw().to_string(), path),
            None => self.written.push(self.written(line, path, true)),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.write(line_of(path), segments(path));
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, expr: &'ast syn::ExprPath) {
        // `<a::B>::c` names what `a::B::c` does.
        if let Some(syn::QSelf { ty, .. }) = &expr.qself
            && let syn::Type::Path(own) = &**ty
        {
            let rest = expr.path.segments.iter().map(|segment| segment.ident.unraw().to_string());
            self.write(line_of(expr), segments(&own.path).into_iter().chain(rest).collect());
        }
        visit::visit_expr_path(self, expr);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.called(line_of(call), &segments(&call.path));
        self.scan(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        let line = line_of(attribute);
        let tokens = match &attribute.meta {
            syn::Meta::Path(_) => TokenStream::new(),
            syn::Meta::List(list) => list.tokens.clone(),
            syn::Meta::NameValue(pair) => {
                if pair.path.is_ident("path") {
                    self.hidden.push((line, tokens::HIDDEN_PATH));
                }
                let mut tokens = TokenStream::new();
                if let syn::Expr::Lit(value) = &pair.value
                    && let syn::Lit::Str(text) = &value.lit
                {
                    tokens.extend([TokenTree::Literal(text.token())]);
                }
                tokens
            }
        };
        if attribute.path().is_ident("cfg_attr") && tokens::names_a_file(tokens.clone()) {
            self.hidden.push((line, tokens::HIDDEN_PATH));
        }
        self.scan(tokens);
        visit::visit_attribute(self, attribute);
    }
}
