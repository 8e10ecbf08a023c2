use std::collections::HashSet;

use super::render;
use crate::{
    model::{decision::Stated, report::Batch},
    render::{
        fixture::{STYLE, rich, two},
        hostile::{hostile, saying, words},
    },
};
use proptest::prelude::*;

/// A sample as a reader of the text format understands it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: i64,
}

impl Sample {
    fn label(&self, wanted: &str) -> &str {
        self.labels.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
    }
}

/// A reader that follows the grammar of format 0.0.4. It panics on anything else.
fn read(text: &str) -> Vec<Sample> {
    let (mut samples, mut typed, mut seen) = (Vec::<Sample>::new(), Vec::<String>::new(), HashSet::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(kind == "gauge" && !typed.iter().any(|known| known == name), "{line}");
            typed.push(name.to_owned());
        } else if !line.starts_with('#') {
            let (name, rest) = line.split_once('{').unwrap();
            assert_eq!(typed.last().map(String::as_str), Some(name), "samples of a metric stand together");
            let mut chars = rest.chars();
            let mut labels = Vec::new();
            loop {
                let key: String = chars.by_ref().take_while(|c| *c != '=').collect();
                assert!(key.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
                assert_eq!(chars.next(), Some('"'));
                let mut value = String::new();
                loop {
                    match chars.next().unwrap() {
                        '"' => break,
                        '\\' => value.push(match chars.next().unwrap() {
                            'n' => '\n',
                            c @ ('\\' | '"') => c,
                            c => panic!("\\{c} is no escape"),
                        }),
                        c => value.push(c),
                    }
                }
                labels.push((key, value));
                match chars.next().unwrap() {
                    ',' => {}
                    '}' => break,
                    c => panic!("{c} after a label"),
                }
            }
            let value = chars.as_str().strip_prefix(' ').unwrap().parse().unwrap();
            let series =
                (name.to_owned(), labels.iter().cloned().collect::<std::collections::BTreeMap<_, _>>());
            assert!(seen.insert(series), "{line} comes twice");
            samples.push(Sample { name: name.to_owned(), labels, value });
        }
    }
    samples
}

fn of<'a>(samples: &'a [Sample], name: &str) -> Vec<&'a Sample> {
    samples.iter().filter(|sample| sample.name == name).collect()
}

#[test]
fn the_metrics_keep_their_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

/// A reader gets every verdict, whatever the texts contain.
fn survives(text: &str) {
    let report = saying(text);
    let samples = read(&render(&Batch::one(report.clone()), &STYLE));
    let mut found: Vec<_> = of(&samples, "greenlight_check_verdict")
        .into_iter()
        .map(|sample| {
            let (check, subject) = (sample.label("check"), sample.label("subject"));
            let name = if subject.is_empty() { check.to_owned() } else { format!("{check} [{subject}]") };
            (name, sample.label("verdict").to_owned())
        })
        .collect();
    found.sort();
    let wanted: Vec<_> = words(&report).into_iter().map(|(name, word)| (name, word.to_owned())).collect();
    assert_eq!(found, wanted, "{text:.80}");
}

#[test]
fn no_text_ends_a_label_or_a_line() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_ends_a_label_or_a_line_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn only_a_live_run_reads_as_one() {
    let samples = read(&render(&two(), &STYLE));
    let one = |sample: &&&Sample| sample.value == 1;
    let would_be = of(&samples, "greenlight_would_be");
    let would_be: Vec<_> = would_be
        .iter()
        .filter(one)
        .map(|sample| (sample.label("file"), sample.label("decision"), sample.label("run")))
        .collect();
    assert_eq!(
        would_be,
        [("greenlight.toml", "NO-GO", "rehearsal"), ("plans/autumn/greenlight.toml", "GO", "replay+partial")]
    );
    assert_eq!(of(&samples, "greenlight_decision").iter().filter(one).count(), 0, "nothing was decided");
    let rehearsals: Vec<_> =
        of(&samples, "greenlight_rehearsal").into_iter().map(|sample| sample.value).collect();
    assert_eq!(rehearsals, [1, 0]);
    let mut live = rich();
    live.rehearsal = None;
    live.stated = Stated::decision(live.found());
    let samples = read(&render(&Batch::one(live), &STYLE));
    let decided = of(&samples, "greenlight_decision");
    assert!(decided.iter().all(|sample| sample.label("run") == "live"));
    let decided: Vec<_> = decided.iter().filter(one).collect();
    assert_eq!((decided.len(), decided[0].label("decision")), (1, "NO-GO"));
    assert_eq!(of(&samples, "greenlight_would_be").iter().filter(one).count(), 0);
}

#[test]
fn a_project_named_twice_gives_each_series_once() {
    let once = read(&render(&Batch { reports: vec![rich()], several: true }, &STYLE));
    let twice = read(&render(&Batch { reports: vec![rich(), rich()], several: true }, &STYLE));
    assert_eq!(twice, once);
}
