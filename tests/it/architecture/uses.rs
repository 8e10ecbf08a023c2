//! What a Rust file uses: every path in it, resolved from the root of the crate or from another crate.
//!
//! Names are followed through `use`, `as`, `self`, `super`, globs and `extern crate`, and looked for in expressions,
//! types, patterns, attributes and the tokens of macros. A name may stand for several paths (an import in a function's
//! body counts for the whole file): then all of them are reported, so that none can hide behind another.

use std::collections::BTreeSet;

use syn::visit::Visit as _;

use super::written::Reader;

/// The segments of a path.
pub(super) type Segments = Vec<String>;

/// A path that is named, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Used {
    pub(super) line: usize,
    /// Starts with `crate`, with the name of another crate, or with a name that isn't imported.
    pub(super) path: Segments,
    /// Whether it is only compiled for tests.
    pub(super) test: bool,
    /// Whether a `use` names it, so that other files may reach it through this one.
    pub(super) import: bool,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// Its module, from `crate`.
    pub(super) module: Segments,
    pub(super) uses: BTreeSet<Used>,
    /// What keeps this test from seeing what is used.
    pub(super) hidden: Vec<(usize, &'static str)>,
}

/// A parsed file, before its names are resolved.
pub(super) struct Parsed {
    module: Segments,
    reader: Reader,
}

/// Reads the text of a module.
///
/// # Errors
/// When it isn't valid Rust.
pub(super) fn parse(module: Segments, text: &str) -> syn::Result<Parsed> {
    let file = syn::parse_file(text)?;
    let mut reader = Reader { module: module.clone(), ..Reader::default() };
    reader.modules.insert(module.clone());
    reader.visit_file(&file);
    Ok(Parsed { module, reader })
}

impl Parsed {
    /// The modules that this file is and contains.
    pub(super) fn modules(&self) -> &BTreeSet<Segments> {
        &self.reader.modules
    }

    /// The modules that it declares for tests only.
    pub(super) fn tests(&self) -> &BTreeSet<Segments> {
        &self.reader.tests
    }

    /// Resolves every name. `modules` are all modules of the crate, `tests` those for tests only.
    pub(super) fn follow(self, modules: &BTreeSet<Segments>, tests: &BTreeSet<Segments>) -> Source {
        let reader = &self.reader;
        let test = (1..=self.module.len()).any(|to| tests.contains(&self.module[..to]));
        let mut uses = BTreeSet::new();
        for written in &reader.written {
            let mut found = BTreeSet::new();
            let mut seen = BTreeSet::new();
            reader.resolve(&written.module, &written.path, modules, &mut seen, &mut found);
            uses.extend(found.into_iter().map(|path| Used {
                line: written.line,
                path,
                test: test || written.test,
                import: written.import,
            }));
        }
        Source { module: self.module, uses, hidden: self.reader.hidden }
    }
}

impl Reader {
    /// Every full path that a written one may stand for.
    fn resolve(
        &self,
        module: &[String],
        path: &[String],
        modules: &BTreeSet<Segments>,
        seen: &mut BTreeSet<(Segments, Segments)>,
        found: &mut BTreeSet<Segments>,
    ) {
        let Some((first, rest)) = path.split_first() else { return };
        if !seen.insert((module.to_vec(), path.to_vec())) {
            return;
        }
        let joined = |base: &[String]| [base, rest].concat();
        match first.as_str() {
            "crate" => drop(found.insert(path.to_vec())),
            "self" if rest.first().is_some_and(|next| next == "super") => {
                self.resolve(module, rest, modules, seen, found);
            }
            "self" => self.resolve(module, &joined(module), modules, seen, found),
            "super" => {
                let parent = &module[..module.len().saturating_sub(1).max(1)];
                match rest.first().map(String::as_str) {
                    Some("super") => self.resolve(parent, rest, modules, seen, found),
                    _ => self.resolve(parent, &joined(parent), modules, seen, found),
                }
            }
            // Written as `::name`: another crate, whatever the file contains.
            "" => drop(found.insert(rest.to_vec())),
            name => {
                let child = [module, &[name.to_owned()]].concat();
                let mut known = false;
                if modules.contains(&child) {
                    known = true;
                    found.insert(joined(&child));
                }
                for written in self.names.get(name).into_iter().flatten() {
                    // A name that is imported under itself is a crate with that name.
                    if written.path.first().is_some_and(|first| first == name) {
                        continue;
                    }
                    known = true;
                    self.resolve(&written.module, &joined(&written.path), modules, seen, found);
                }
                for glob in self.globs.iter().filter(|glob| !known && glob.path.first() != Some(first)) {
                    let mut bases = BTreeSet::new();
                    self.resolve(&glob.module, &glob.path, modules, seen, &mut bases);
                    for base in bases {
                        let there = [&base[..], &[name.to_owned()]].concat();
                        if modules.contains(&there) {
                            found.insert(joined(&there));
                        }
                    }
                }
                if !known {
                    found.insert(path.to_vec());
                }
            }
        }
    }
}
