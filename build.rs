//! Lists the data files that are built in, so that a checklist or a provider's scenarios are one file each.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// Files beside the checklists that hold no checks.
const NO_CHECKLISTS: [&str; 4] = ["catalogue", "jobs", "owners", "routes"];

/// The checklists of the providers that can be asked, each named by its provider.
const PACKS: &str = "checklists/packs";

/// What stands before the name of the provider in the id of its checklist.
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
    Ok(())
}

/// A slice of the id and text of each TOML file in a folder, by name. The id is the stem behind what is to stand before it.
fn list(folder: &str, before: &str, without: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            stems.push(stem.ok_or_else(|| format!("{} has an odd name", path.display()))?.to_owned());
        }
    }
    stems.retain(|stem| !without.contains(&stem.as_str()));
    stems.sort_unstable();
    let mut text = "&[\n".to_owned();
    for stem in stems {
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
