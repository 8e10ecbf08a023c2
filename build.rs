//! Lists the built-in data files, so that a checklist or a provider's scenarios are one file each, and computes the
//! digests that every receipt names.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use sha2::{Digest as _, Sha256};

/// Files next to the checklists that aren't checklists.
const NO_CHECKLISTS: [&str; 4] = ["catalogue", "jobs", "owners", "routes"];

/// The checklists of the providers that can be asked, each named after its provider.
const PACKS: &str = "checklists/packs";

/// The prefix of a pack's checklist id, before the provider's name.
const OF_A_PACK: &str = "wrapper-";

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders by the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    let folders = [
        ("checklists", "", NO_CHECKLISTS.as_slice()),
        (PACKS, OF_A_PACK, &[]),
        ("scenarios", "", &[]),
        ("scenarios/jobs", "", &[]),
        ("scenarios/conform", "", &[]),
    ];
    for (folder, before, without) in folders {
        println!("cargo::rerun-if-changed={folder}");
        let file = format!("{}.rs", folder.replace('/', "-"));
        fs::write(Path::new(&out).join(file), list(folder, before, without)?)?;
    }
    let digests = [digests("checklists", "")?, digests(PACKS, OF_A_PACK)?].concat();
    fs::write(Path::new(&out).join("digests.rs"), format!("&[\n{digests}]\n"))?;
    Ok(())
}

/// The id and the SHA-256 of each TOML file in a folder, by name.
#[expect(clippy::disallowed_methods, reason = "these are the program's own files, read while it is built")]
fn digests(folder: &str, before: &str) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for stem in stems(folder)? {
        write!(text, "({:?}, \"", format!("{before}{stem}"))?;
        for byte in Sha256::digest(fs::read(format!("{folder}/{stem}.toml"))?) {
            write!(text, "{byte:02x}")?;
        }
        text.push_str("\"),\n");
    }
    Ok(text)
}

/// A slice with the id and text of each TOML file in a folder, by name. The id is the prefix and the file's stem.
fn list(folder: &str, before: &str, without: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut text = "&[\n".to_owned();
    for stem in stems(folder)?.into_iter().filter(|stem| !without.contains(&stem.as_str())) {
        let path = format!("/{folder}/{stem}.toml");
        writeln!(
            text,
            "({:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),",
            format!("{before}{stem}")
        )?;
    }
    text.push_str("]\n");
    Ok(text)
}

/// The stem of each TOML file in a folder, in order.
fn stems(folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            stems.push(stem.ok_or_else(|| format!("{} has an odd name", path.display()))?.to_owned());
        }
    }
    stems.sort_unstable();
    Ok(stems)
}
