//! Every play of the script is tried by a test beside this one.

use std::collections::BTreeSet;

use syn::{Attribute, FnArg, Item, ItemFn, Pat};

use crate::standin::jobs::script::JobScript;

const TESTS: [&str; 3] = [include_str!("films.rs"), include_str!("life.rs"), include_str!("refused.rs")];

/// The first value of `#[case("…", …)]`.
fn of_case(attribute: &Attribute) -> Option<String> {
    let list = attribute.path().is_ident("case").then(|| attribute.meta.require_list().ok())??;
    syn::parse2::<syn::LitStr>(list.tokens.clone().into_iter().take(1).collect())
        .ok()
        .map(|text| text.value())
}

fn takes_a_play(test: &ItemFn) -> bool {
    let Some(FnArg::Typed(first)) = test.sig.inputs.first() else { return false };
    matches!(&*first.pat, Pat::Ident(named) if named.ident == "play")
}

/// The cases of every test whose first argument is the play.
fn cases() -> BTreeSet<String> {
    let items = TESTS.iter().flat_map(|text| syn::parse_file(text).unwrap().items);
    let tests = items.filter_map(|item| if let Item::Fn(test) = item { Some(test) } else { None });
    let attributes = tests.filter(takes_a_play).flat_map(|test| test.attrs);
    attributes.filter_map(|attribute| of_case(&attribute)).collect()
}

#[test]
fn every_play_is_tried() {
    let (script, cases) = (JobScript::of("xai").unwrap().unwrap(), cases());
    // Some have a test for themselves, which asks for them in a header or in the prompt.
    let alone = |play: &str| {
        let ways = [
            format!("(PLAY, \"{play}\")"),
            format!("\"[{play}]\""),
            format!("played(Way::Header, \"{play}\")"),
        ];
        TESTS.iter().any(|text| ways.iter().any(|way| text.contains(way)))
    };
    for play in &script.play {
        assert!(cases.contains(&play.id) || alone(&play.id), "no test tries {}", play.id);
    }
}
