//! A short run of every fuzz target: its seeds, and the same few hundred changes of them each time.

use camino::Utf8PathBuf;
use fastrand::Rng;
use rstest::rstest;

use super::TARGETS;

/// How often each seed is changed.
const CHANGES: usize = 100;

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut files: Vec<_> = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} has no seed");
    files.iter().map(|file| fs_err::read(file).unwrap()).collect()
}

/// Bytes are lost, doubled, swapped, or taken from another seed.
fn change(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Rng) {
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..=bytes.len());
        let to = (at + random.usize(..32)).min(bytes.len());
        let other = random.choice(others).unwrap();
        let from = random.usize(..=other.len());
        let piece = &other[from..(from + random.usize(..32)).min(other.len())];
        match random.u8(..4) {
            0 => drop(bytes.drain(at..to)),
            1 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            2 => bytes[at..to].iter_mut().for_each(|byte| *byte = byte.wrapping_add(random.u8(..3))),
            _ => drop(bytes.splice(at..to, piece.iter().copied())),
        }
    }
}

#[rstest]
fn every_promise_holds_for_seeds_and_changed_seeds(
    #[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)] target: usize,
) {
    let (name, run) = TARGETS[target];
    let (seeds, mut random) = (seeds(name), Rng::with_seed(target as u64));
    for seed in &seeds {
        run(seed);
        for _ in 0..CHANGES {
            let mut bytes = seed.clone();
            change(&mut bytes, &seeds, &mut random);
            run(&bytes);
        }
    }
}

/// The folder of targets, and the list of them.
#[test]
fn every_target_is_built_for_fuzzing() {
    let folder = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs_err::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let text = fs_err::read_to_string(folder.join(format!("targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("greenlight::fuzzing::{name}(bytes)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}
