//! One deliberate violation of each kind, which the test of the house must report; and code that is fine.

use std::collections::BTreeSet;

use rstest::rstest;

use super::{crates, house};

/// The violations in a file at this path, in a house with a few other files.
fn found(place: &str, text: &str) -> Vec<String> {
    let beside = [
        (
            "lib.rs",
            "pub mod commands; pub mod judge; pub mod load; pub mod model; pub mod observe; pub mod render;",
        ),
        ("judge/mod.rs", "pub mod rules; mod wording; #[cfg(test)] mod stage;"),
        ("judge/rules/mod.rs", "mod limits;"),
        ("load/mod.rs", "pub mod notes;"),
        ("load/notes.rs", ""),
        ("model/mod.rs", "pub mod media;"),
        ("model/media.rs", ""),
    ];
    let beside = beside.into_iter().filter(|(other, _)| *other != place);
    let files: Vec<_> =
        beside.chain([(place, text)]).map(|(place, text)| (place.to_owned(), text.to_owned())).collect();
    let found: BTreeSet<_> =
        house::violations(&house::read(&files), &crates()).iter().map(ToString::to_string).collect();
    found.into_iter().collect()
}

#[rstest]
// Imports.
#[case::plain("use crate::load::notes::Notes;")]
#[case::grouped("use crate::{model::media::Media, load};")]
#[case::nested("use crate::{model::{media::Media}, load::{notes::{Notes, Lines}}};")]
#[case::grouped_root("use {crate::{model, load::notes}};")]
#[case::several_lines("use crate::{\n    model::media,\n    load::notes,\n};")]
#[case::renamed("use crate::load as quietly;")]
#[case::renamed_away("use crate::load::notes as _;")]
#[case::glob("use crate::load::*;")]
#[case::grouped_glob("use crate::{model::*, load::{self, *}};")]
#[case::public("pub use crate::load::notes::Notes;")]
#[case::raw("use crate::r#load::notes;")]
#[case::by_parents("use super::super::super::load::notes;")]
#[case::by_self("use self::super::super::super::load;")]
#[case::in_a_function("fn f() { { use crate::load::notes; } }")]
#[case::of_an_own_name("use crate::model as load; use crate::load as model;")]
#[case::itself("extern crate self as me; use me::load::notes;")]
// Paths without an import.
#[case::called("fn f() { crate::load::lint(); }")]
#[case::called_by_parents("fn f() { super::super::super::load::lint(); }")]
#[case::passed("fn f() { [1].map(crate::load::lint); }")]
#[case::in_a_type("fn f(notes: &[Option<crate::load::notes::Notes>]) {}")]
#[case::behind_dyn("fn f(notes: Box<dyn Fn(crate::load::Notes)>) {}")]
#[case::in_a_bound("fn f<T>() where T: crate::load::Read {}")]
#[case::in_a_default("struct S<T = crate::load::Notes>(T);")]
#[case::implemented("struct S; impl crate::load::Read for S {}")]
#[case::of_a_trait("fn f() { <u8 as crate::load::Read>::read(); }")]
#[case::of_a_type("fn f() { <crate::load::Notes>::new(); }")]
#[case::of_an_imported_type("use crate::load as l; fn f() { <l::Notes>::new(); }")]
#[case::in_a_pattern("fn f(x: u8) { if let crate::load::Level::Error = x {} }")]
#[case::in_a_constant("const C: usize = crate::load::MOST;")]
#[case::in_an_array("static S: [u8; crate::load::MOST] = [0; 9];")]
#[case::in_a_closure("fn f() { let g = async move |x: u8| match x { _ => crate::load::lint() }; }")]
#[case::in_a_method("struct S; impl S { fn f(&self) { loop { crate::load::lint(); } } }")]
#[case::in_a_trait("trait T { fn f() { crate::load::lint(); } }")]
#[case::aliased_type("type L = crate::load::Notes;")]
// Names that stand for others.
#[case::root_renamed("use crate as c; fn f() { c::load::lint(); }")]
#[case::root_in_a_group("use crate::{self as k}; fn f() { k::load::lint(); }")]
#[case::two_steps("mod a { pub(super) use crate as b; } use a::b; fn f() { b::load::lint(); }")]
#[case::parents_renamed("use super::super::super as house; fn f() { house::load::lint(); }")]
#[case::root_alone("use crate as c;")]
#[case::all_of_the_root("use crate::*;")]
#[case::all_of_the_root_by_parents("use super::super::super::*;")]
#[case::through_the_root("fn f() { crate::run(); }")]
// Macros and attributes.
#[case::in_a_macro("fn f() { println(format!(\"{}\", crate::load::lint())); }")]
#[case::in_a_macro_grouped("fn f() { vec![{ use crate::{model, load::notes}; 1 }]; }")]
#[case::in_a_macro_renamed("made! { use crate::{load as l}; }")]
#[case::in_a_macro_nested("fn f() { assert!(vec![Some((1, [crate::load::MOST]))].is_empty()); }")]
#[case::of_a_macro("fn f() { crate::load::note!(); }")]
#[case::in_a_macros_rules("macro_rules! m { () => { $crate::load::lint() }; }")]
#[case::in_an_unknown_macro("given! { a: crate::load::Notes = \"a\", b: $ % c }")]
#[case::in_a_text("struct S { #[serde(with = \"crate::load::days\")] day: u8 }")]
#[case::in_a_text_with_a_type("struct S { #[schemars(with = \"Vec<crate::load::Day>\")] day: u8 }")]
#[case::in_an_attribute("#[derive(Debug, crate::load::Read)] struct S;")]
#[case::on_a_parameter("fn f(#[case(crate::load::MOST)] x: u8) {}")]
#[case::in_a_condition("#[cfg_attr(test, derive(crate::load::Read))] struct S;")]
// Tests are part of the house, and so is the code after them.
#[case::in_tests("#[cfg(test)] mod tests { use crate::load; }")]
#[case::in_tests_by_parents("#[cfg(test)] mod tests { use super::super::super::super::load; }")]
#[case::after_tests("#[cfg(test)] mod tests;\nuse crate::load;")]
fn a_room_that_reaches_into_another_is_seen(#[case] text: &str) {
    let found = found("judge/rules/limits.rs", text);
    assert!(!found.is_empty(), "{text}");
    let line = text.lines().position(|line| line.contains("load")).unwrap_or_default() + 1;
    let here = format!("judge/rules/limits.rs:{line}: judge ");
    assert!(found.iter().all(|one| one.starts_with(&here)), "{found:?}");
    let says = |one: &String| {
        ["uses load", "uses run", "imports the whole crate"].iter().any(|what| one.ends_with(what))
    };
    assert!(found.iter().all(says), "{found:?}");
}

#[rstest]
#[case::files("use std::fs;", "std::fs")]
#[case::grouped(
    "use std::{fmt, collections::BTreeMap, fs::read_to_string as text};",
    "std::fs::read_to_string"
)]
#[case::nested("use std::{io::{self, Read}};", "std::io")]
#[case::all("use std::*;", "std::*")]
#[case::renamed("use std as s; fn f() { s::fs::read(\"x\"); }", "std")]
#[case::extern_renamed("extern crate std as s; fn f() { s::env::args(); }", "std::env::args")]
#[case::from_the_root("fn f() { ::std::process::exit(1) }", "std::process::exit")]
#[case::network("fn f(a: std::net::IpAddr) {}", "std::net::IpAddr")]
#[case::threads("fn f() { std::thread::sleep(x); }", "std::thread::sleep")]
#[case::another_crate("use fs_err as fs;", "fs_err")]
#[case::crate_in_a_macro("fn f() { json!({ \"a\": reqwest::get(1) }); }", "reqwest::get")]
#[case::runtime("#[tokio::test] async fn f() {}", "tokio::test")]
#[case::clock("fn f() { chrono::Utc::now(); }", "chrono::Utc::now")]
#[case::clock_renamed("use chrono::Utc as Clock; fn f() { let g = Clock::now; g(); }", "chrono::Utc::now")]
#[case::clock_by_type("use chrono::Utc; fn f() { <Utc>::now(); }", "chrono::Utc::now")]
#[case::clock_by_alias("type Clock = chrono::Utc; fn f() { Clock::now(); }", "Clock::now")]
#[case::local("use chrono::{Days, Local};", "chrono::Local")]
#[case::local_among_all("use chrono::prelude::*;", "chrono::prelude::*")]
#[case::moments("use std::time::{Duration, Instant};", "std::time::Instant")]
#[case::moments_by_module(
    "use std::time; fn f() { time::SystemTime::UNIX_EPOCH; }",
    "std::time::SystemTime::UNIX_EPOCH"
)]
#[case::printing("fn f() { println!(\"x\"); }", "println!")]
#[case::printing_inside("fn f() { vec![{ eprintln!(\"x\"); 1 }]; }", "eprintln!")]
#[case::printing_by_path("fn f() { ::std::print!(\"x\"); }", "std::print!")]
#[case::looks("use anstyle::{AnsiColor, Style};", "anstyle::AnsiColor")]
#[case::tests_are_pure("#[cfg(test)] mod tests { fn f() { fs_err::read(\"x\"); } }", "fs_err::read")]
#[case::only_tests_are_tests("#[cfg(not(test))] use rstest::rstest;", "rstest::rstest")]
#[case::folders("fn f() { ::tempfile::tempdir(); }", "tempfile::tempdir")]
fn a_pure_room_that_reaches_outside_is_seen(#[case] text: &str, #[case] names: &str) {
    let found = found("judge/rules/limits.rs", text);
    assert!(found.contains(&format!("judge/rules/limits.rs:1: judge uses {names}")), "{found:?}");
}

#[rstest]
#[case::colour("render/mark.rs", "use anstream::{AutoStream, print};", "render uses anstream::AutoStream")]
#[case::terminal(
    "render/mark.rs",
    "fn f() { terminal_size::terminal_size(); }",
    "render uses terminal_size::terminal_size"
)]
#[case::files_of_the_model("model/media.rs", "use std::path::Path;", "model uses std::path::Path")]
#[case::judge_of_observe("observe/calls.rs", "use crate::{judge, model};", "observe uses judge")]
#[case::verbs("observe/calls.rs", "use crate::commands;", "observe uses commands")]
#[case::verbs_by_the_way_in("error.rs", "use crate::commands::check;", "error uses commands")]
#[case::a_new_room("helpers/mod.rs", "use crate::model;", "there is no room `helpers`")]
#[case::past_the_door("load/notes.rs", "fn f() { fs_err::read(\"x\"); }", "load uses fs_err::read")]
#[case::past_the_door_renamed(
    "observe/calls.rs",
    "use fs_err as fs; fn f() { fs::File::open(\"x\"); }",
    "observe uses fs_err::File::open"
)]
#[case::past_the_door_by_std(
    "commands/check.rs",
    "use std::{fs::OpenOptions, io};",
    "commands uses std::fs::OpenOptions"
)]
#[case::past_the_door_by_the_system("ui/mod.rs", "use rustix::fs::open;", "ui uses rustix::fs::open")]
#[case::past_the_door_by_a_folder(
    "commands/x.rs",
    "use tempfile::NamedTempFile;",
    "commands uses tempfile::NamedTempFile"
)]
#[case::included(
    "load/notes.rs",
    "const X: u8 = include!(\"x.rs\");",
    "`include!` brings in a file that is no module"
)]
#[case::included_by_path(
    "load/notes.rs",
    "std::include! { \"x.rs\" }",
    "`include!` brings in a file that is no module"
)]
#[case::included_inside(
    "load/notes.rs",
    "fn f() { vec![include!(\"x.rs\")]; }",
    "`include!` brings in a file that is no module"
)]
#[case::elsewhere(
    "load/notes.rs",
    "#[path = \"../judge/x.rs\"] mod x;",
    "a `path` attribute hides where a module stands"
)]
#[case::perhaps_elsewhere(
    "load/notes.rs",
    "#[cfg_attr(unix, path = \"x.rs\")] mod x;",
    "a `path` attribute hides where a module stands"
)]
fn every_room_is_watched(#[case] place: &str, #[case] text: &str, #[case] says: &str) {
    let wanted = format!("{place}:1: {says}");
    let found = found(place, text);
    assert!(found.contains(&wanted), "{found:?}");
}

#[rstest]
#[case::own_room("use crate::judge::wording; use super::super::wording as w; use super::*;")]
#[case::allowed("use crate::{judge::{rules, wording}, model::{self, media::Media}};")]
#[case::harmless("use std::{collections::{BTreeMap, HashMap}, fmt::{self, Write as _}, time::Duration};")]
#[case::days(
    "use chrono::{DateTime, Days, NaiveDate, Utc}; fn f(now: DateTime<Utc>) -> NaiveDate { now.date_naive() }"
)]
#[case::words(
    "/// As [`crate::load::lint`] reads it.\nfn f() -> &'static str { \"crate::load is told of\" }"
)]
#[case::own_names("fn f(load: u8, tokio: u8) -> u8 { let std = load; std + tokio }")]
#[case::own_names_in_macros("fn f(now: u8) { format!(\"{}\", now); matches!(now, 1); }")]
#[case::tests("#[cfg(test)] mod tests { use proptest::prelude::*; use rstest::rstest; use super::*; }")]
#[case::visible("pub(in crate::judge) fn f() {} pub(crate) fn g() {} pub(super) fn h() {}")]
fn what_is_as_it_should_be_is_left_alone(#[case] text: &str) {
    assert_eq!(found("judge/rules/limits.rs", text), Vec::<String>::new());
}
