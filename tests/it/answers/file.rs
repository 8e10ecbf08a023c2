//! `answers.toml` belongs to people: its content survives, and mistakes in it are reported with their place.

use std::time::Instant;

use rstest::rstest;

use super::{REFUNDED, answers, begun, check_at, settle, settled};
use crate::support::{NOW, Ran, Sample, ran};

fn answer(place: &Sample) -> Ran {
    ran(&mut place.greenlight(&REFUNDED))
}

#[rstest]
#[case::odd_formatting(
    "# ours\n\n\n   [[ waiver ]]   # odd\ncheck=\"wrapper.refunds\"\nroute   =  'wrapper'\nprovider=\"\"\"acme\"\"\"\nreason=\"x\"\nowner=\"Bo\"\nrecorded=2026-11-20 # here\nuntil=2026-12-01\n\n\n# the end\n\n"
)]
#[case::crlf(
    "# ours\r\n[[waiver]]\r\ncheck = \"wrapper.refunds\"\r\nroute = \"wrapper\"\r\nprovider = \"acme\"\r\nreason = \"x\"\r\nowner = \"Bo\"\r\nrecorded = 2026-11-20\r\nuntil = 2026-12-01\r\n"
)]
#[case::no_final_newline("# ours")]
#[case::empty("")]
#[case::only_a_comment("# ours\n")]
#[case::byte_order_mark("\u{feff}# ours\n")]
fn existing_text_survives_byte_for_byte(#[case] before: &str) {
    let place = begun("wrapper");
    place.write("answers.toml", before);
    for _ in 0..2 {
        let old = answers(&place);
        let told = answer(&place);
        assert_eq!(told.code, 0, "{}", told.all());
        assert!(answers(&place).starts_with(&old), "{:?} became {:?}", old, answers(&place));
    }
    assert_eq!(super::loaded(&place).answers.answers.len(), 2);
}

#[rstest]
#[case::merge_conflict("conflict", "<<<<<<< HEAD\nby = \"Bo\"\n=======\nby = \"Cy\"\n>>>>>>> theirs\n")]
#[case::wrong_route("route", "[[answer]]\ncheck = \"wrapper.refunds\"\nroute = \"wraper\"\n")]
#[case::wrong_key("key", "[[answer]]\nchekc = \"wrapper.refunds\"\n")]
#[case::days_in_quotes(
    "quoted-day",
    "[[waiver]]\ncheck = \"wrapper.refunds\"\nroute = \"wrapper\"\nprovider = \"acme\"\nreason = \"x\"\nowner = \"Bo\"\nrecorded = \"2026-11-20\"\nuntil = 2026-12-01\n"
)]
#[case::no_such_day(
    "no-day",
    "[[waiver]]\ncheck = \"wrapper.refunds\"\nroute = \"wrapper\"\nprovider = \"acme\"\nreason = \"x\"\nowner = \"Bo\"\nrecorded = 2026-11-20\nuntil = 2027-02-29\n"
)]
#[case::missing_name(
    "by-nobody",
    "[[answer]]\ncheck = \"wrapper.refunds\"\nroute = \"wrapper\"\nprovider = \"acme\"\nvalue = \"refunded\"\nby = \" \"\nanswered = 2026-11-20\nexpires = 2026-11-19\nquestion = \"x\"\nevidence = [{ quote = \" \" }, { url = \"nowhere\", read = 2026-11-20 }, { url = \"https://a:b@c.example\", read = 2026-11-20 }]\n"
)]
fn a_mistake_is_named_with_its_line_and_nothing_is_appended(#[case] name: &str, #[case] mistake: &str) {
    let place = settled();
    let text = format!("{}\n{mistake}", answers(&place));
    place.write("answers.toml", &text);
    let checked = check_at(&place, NOW);
    assert_eq!((checked.code, checked.out.as_str()), (2, ""), "{}", checked.all());
    insta::assert_snapshot!(format!("mistake_{name}"), checked.err);
    let waive = ["waive", "wrapper.refunds", "--reason", "x", "--owner", "Bo", "--until", "2099-01-01"];
    for told in [answer(&place), ran(&mut place.greenlight(&waive))] {
        assert_eq!((told.code, &told.err), (2, &checked.err), "the same mistakes, whatever is asked");
    }
    assert_eq!(answers(&place), text);
}

#[test]
fn a_file_of_megabytes_is_read_and_kept() {
    let place = settled();
    let text =
        format!("{}\n{}", answers(&place), "# a long history of remarks, kept by hand\n".repeat(180_000));
    place.write("answers.toml", &text);
    assert_eq!(check_at(&place, NOW).code, 0);
    let told = answer(&place);
    assert_eq!(told.code, 0, "{}", told.all());
    assert!(answers(&place).starts_with(&text));
}

#[test]
fn ten_thousand_answers_are_judged_quickly() {
    let place = settled();
    let one = answers(&place);
    let one = one.split("[[answer]]").last().unwrap();
    let text = format!("[[answer]]{one}\n").repeat(10_000);
    place.write("answers.toml", &(answers(&place) + "\n" + &text));
    let begun = Instant::now();
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 0, "{}", ran.all());
    // An unoptimised build on a busy machine: still far from what a search for each answer would take.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[rstest]
#[case::the_state_is_a_file(".greenlight")]
#[case::the_lock_is_a_folder(".greenlight/answers.lock/x")]
fn where_nothing_can_be_written_the_old_file_stays(#[case] in_the_way: &str) {
    let place = begun("wrapper");
    settle(&place, Some);
    let (before, blocked) = (answers(&place), place.path().join(in_the_way));
    fs_err::remove_dir_all(place.path().join(".greenlight")).unwrap();
    fs_err::create_dir_all(blocked.parent().unwrap()).unwrap();
    fs_err::write(blocked, "").unwrap();
    let told = answer(&place);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains(".greenlight`; nothing was recorded"), "{}", told.err);
    assert_eq!(answers(&place), before);
}

#[test]
fn a_folder_in_place_of_the_answers_is_told() {
    let place = begun("wrapper");
    fs_err::create_dir(place.path().join("answers.toml")).unwrap();
    let told = answer(&place);
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("answers.toml"), "{}", told.err);
}

/// A file may not grow beyond this, as on a full disk.
#[cfg(unix)]
#[test]
fn where_there_is_no_room_the_old_file_stays() {
    let place = settled();
    let before = answers(&place) + &"# a remark\n".repeat(20_000);
    place.write("answers.toml", &before);
    let binary = insta_cmd::get_cargo_bin("greenlight");
    let line = "trap '' XFSZ; ulimit -f 100; exec \"$0\" answer wrapper.refunds --value refunded --evidence https://acme.example/x --by Ann";
    let mut shell = std::process::Command::new("bash");
    let told = ran(shell.args(["-c", line]).arg(binary).current_dir(place.path()));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains("nothing was recorded"), "{}", told.err);
    assert_eq!(answers(&place), before);
    let left = fs_err::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut left: Vec<_> = left.map(|name| name.into_string().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, [".greenlight", "answers.toml", "greenlight.toml", "screen.txt"]);
}
