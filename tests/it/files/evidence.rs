//! Evidence that is a file: it is in the project's own folder, and as long as was recorded.

use super::{ends, link, somebody};
use crate::{
    answers::{SCREEN, settled},
    support::{NOW, Ran, Sample, rows},
};

fn check(place: &Sample) -> Ran {
    ends(&mut place.greenlight(&["check", "--at", NOW]))
}

fn void(place: &Sample, says: &str) {
    let run = check(place);
    assert_eq!(run.code, 3, "{}", run.all());
    let row = rows(&run.out, "refunds");
    assert!(
        row.contains("UNKNOWN") && row.split_whitespace().collect::<Vec<_>>().join(" ").contains(says),
        "{row}"
    );
}

#[test]
fn evidence_by_a_link_that_leaves_the_project_does_not_count() {
    let (home, _) = somebody();
    let place = settled();
    assert_eq!(check(&place).code, 0);
    let screen = place.path().join("screen.txt");
    // Identical content, in a place that others who have the project don't have.
    fs_err::rename(&screen, home.path().join("screen.txt")).unwrap();
    link(home.path().join("screen.txt"), &screen);
    void(&place, "evidence `screen.txt`: it lies outside the project's folder");
    fs_err::remove_file(&screen).unwrap();
    fs_err::create_dir(place.path().join("kept")).unwrap();
    fs_err::rename(home.path().join("screen.txt"), place.path().join("kept/screen.txt")).unwrap();
    link("kept/screen.txt", &screen);
    assert_eq!(check(&place).code, 0, "a link within the project is as good as the file");
}

#[test]
fn evidence_of_another_size_than_was_recorded_does_not_count() {
    let place = settled();
    let path = place.path().join("answers.toml");
    let text = fs_err::read_to_string(&path).unwrap();
    let bytes = SCREEN.len();
    let wrong = text.replace(&format!("bytes = {bytes}"), "bytes = 7");
    assert_ne!(text, wrong);
    place.write("answers.toml", &wrong);
    void(&place, &format!("evidence `screen.txt` has {bytes} bytes, and 7 were recorded"));
}

/// Others get the folder of a project, and not what is around it in the checkout.
#[test]
fn evidence_lies_in_the_folder_of_the_project_itself() {
    let place = settled();
    let path = place.path().join("answers.toml");
    let text = fs_err::read_to_string(&path).unwrap();
    for elsewhere in ["../screen.txt", "/etc/hostname", "/proc/self/environ"] {
        place.write(
            "answers.toml",
            &text.replace("file = \"screen.txt\"", &format!("file = \"{elsewhere}\"")),
        );
        void(&place, &format!("evidence `{elsewhere}`: it lies outside the project's folder"));
    }
}
