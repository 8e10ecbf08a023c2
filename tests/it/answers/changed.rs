//! An answer is valid for the models, settings, inputs and words that it was given for, and for no later ones.

use rstest::rstest;

use super::{check_at, settled, told};
use crate::support::NOW;

#[rstest]
#[case::another_model(&[("model = \"", "model = \"another-")], "which model", "answered for")]
#[case::a_longer_clip(&[("duration = 6", "duration = 15")], "modes supported", "and not for text-to-video, 15 s")]
#[case::policy_of_other_words(&[("prompt = \"", "prompt = \"a well-known singer, ")], "provider policy", "and not for words")]
fn a_changed_project_asks_again(#[case] change: &[(&str, &str)], #[case] title: &str, #[case] says: &str) {
    let place = settled();
    assert_eq!(check_at(&place, NOW).code, 0);
    let file = place.path().join("greenlight.toml");
    let mut text = fs_err::read_to_string(&file).unwrap();
    for (from, to) in change {
        assert!(text.contains(from), "{text}");
        text = text.replace(from, to);
    }
    place.write("greenlight.toml", &text);
    let run = check_at(&place, NOW);
    assert_eq!(run.code, 3, "{}", run.all());
    let row = told(&run, title).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(row.contains("unknown") && row.contains(says), "{row}");
}
