//! The stand-in as a separate process, whose journal shows what really arrived.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use camino::Utf8PathBuf;
use serde_json::Value;

use crate::support::Sample;

/// The key that the stand-in accepts.
pub(super) const KEY: &str = "xai-stand-in-demo-key";

/// A stand-in that runs until it is dropped.
pub(super) struct Stand {
    child: Child,
    pub(super) base_url: String,
    journal: Utf8PathBuf,
}

impl Stand {
    /// Starts one that plays this.
    pub(super) fn start(place: &Sample, args: &[&str]) -> Self {
        let journal = place.path().join("journal.jsonl");
        let all = [&["standin", "--format", "json", "--journal", journal.as_str()], args].concat();
        let mut child = place.greenlight(&all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let base_url = ready["base_url"].as_str().unwrap().to_owned();
        Self { child, base_url, journal }
    }

    /// Everything that arrived so far.
    pub(super) fn journal(&self) -> Vec<Value> {
        let text = fs_err::read_to_string(&self.journal).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How many paid requests arrived.
    pub(super) fn paid(&self) -> usize {
        self.journal()
            .iter()
            .filter(|one| one["method"] == "POST" && one["path"].as_str().unwrap().starts_with("/v1/videos/"))
            .count()
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
