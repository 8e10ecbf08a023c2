//! Which rooms use which, read from every path in the source.

mod house;
mod planted;
mod tokens;
mod uses;
mod written;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Every file of the product by its path below `src`.
fn source() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let place = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        (place, fs_err::read_to_string(path).unwrap())
    };
    rust_files(&root).into_iter().map(read).collect()
}

/// The names under which code can use other crates.
fn crates() -> BTreeSet<String> {
    let manifest = fs_err::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let tables = ["dependencies", "dev-dependencies"].map(|table| manifest[table].as_table().unwrap());
    let named = tables.into_iter().flat_map(toml::Table::keys).map(|name| name.replace('-', "_"));
    named.chain(["alloc", "core", "proc_macro", "std", "test"].map(str::to_owned)).collect()
}

#[test]
fn rooms_use_only_what_the_house_allows() {
    let files = source();
    assert!(files.len() > 150, "only {} files were read", files.len());
    let found = house::without_exceptions(&house::violations(&house::read(&files), &crates()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
