//! What is written goes where its owner meant, replaces only what it may, and can be interrupted.

use std::process::{Command, Stdio};

use super::{
    checkout, ends, link,
    outputs::{all, check, full},
    pipe,
};

/// A folder on the way may come from a stranger's branch.
#[test]
fn no_link_on_the_way_leads_an_output_out_of_the_checkout() {
    let ((home, _), sample) = (super::somebody(), checkout("wrapper"));
    link(home.path(), &sample.path().join("out"));
    for path in ["out/r.json", "out/new/r.json", "./out/../out/r.json", "folder/../out/r.json"] {
        for args in [["--report", &format!("json={path}")], ["--record", path]] {
            let run = check(&sample, &args);
            assert!(run.code == 2 && run.err.contains("a link on its way leads outside"), "{}", run.all());
        }
    }
    for args in [["init", "out/x.toml", "--force"], ["schema", "--all", "out/new"], ["man", "--dir", "out"]] {
        let run = ends(&mut sample.greenlight(&args));
        assert!(
            run.code == 2 && run.err.contains("a link on its way leads outside"),
            "{args:?}: {}",
            run.all()
        );
    }
    assert_eq!(fs_err::read_dir(home.path()).unwrap().count(), 1, "something was made there");
    // A link that stays inside is followed, and so is any path that its owner types in full.
    fs_err::create_dir(sample.path().join("reports")).unwrap();
    link("reports", &sample.path().join("latest"));
    for path in ["latest/r.json", home.path().join("r.json").as_str()] {
        let run = check(&sample, &["--report", &format!("json={path}")]);
        assert!(run.told().is_empty() && sample.path().join(path).exists(), "{}", run.all());
    }
}

/// A stray word on the command line must not cost a picture or a year of answers.
#[test]
fn init_replaces_nothing_but_a_project() {
    let sample = full();
    sample.write_bytes("robot.jpg", b"\xff\xd8\xff\xe0");
    let before = all(&sample);
    let base = ["--route", "api", "--material", "idea", "--name", "x", "--budget", "1 USD", "--force"];
    for file in ["robot.jpg", "answers.toml"] {
        let run = ends(sample.greenlight(&["init", file]).args(base));
        assert!(run.code == 2 && run.err.contains("`--force` replaces nothing else"), "{}", run.all());
    }
    assert_eq!(all(&sample), before);
    sample.write("empty", "");
    for file in ["greenlight.toml", "empty"] {
        let run = ends(sample.greenlight(&["init", file]).args(base));
        assert_eq!(run.code, 0, "{}", run.all());
    }
}

#[test]
fn writing_pages_to_a_pipe_is_refused_without_waiting() {
    let sample = checkout("wrapper");
    fs_err::create_dir(sample.path().join("pages")).unwrap();
    pipe(&sample.path().join("pages/greenlight.1"));
    pipe(&sample.path().join("pages/project.schema.json"));
    for args in [["man", "--dir", "pages"], ["schema", "--all", "pages"]] {
        let run = ends(&mut sample.greenlight(&args));
        assert!(run.code == 2 && run.err.contains("it is a pipe"), "{}", run.all());
    }
}

/// Otherwise the system would kill the process, with half a file left behind.
#[test]
fn a_file_at_its_size_limit_is_an_error() {
    let sample = checkout("wrapper");
    let greenlight = sample.greenlight(&[]);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -f 8; exec \"$0\" check --report json=r.json"]).arg(greenlight.get_program());
    let run = ends(command.current_dir(sample.path()));
    assert!(run.code == 2 && run.err.contains("cannot write the json report to `r.json`"), "{}", run.all());
    let names = all(&sample).into_iter().map(|(name, _)| name);
    let left: Vec<_> =
        names.filter(|name| name.contains(".greenlight") || name.ends_with("r.json")).collect();
    assert_eq!(left, Vec::<String>::new());
}

/// Reports are written when no call is open any more. Once the first can be read, the second is about to be written.
#[test]
fn ctrl_c_ends_writing_to_an_unread_pipe() {
    let sample = checkout("wrapper");
    for name in ["first", "second"] {
        pipe(&sample.path().join(name));
    }
    let first = sample.path().join("first");
    let mut command =
        sample.greenlight(&["check", "--offline", "--report", "json=first", "--report", "json=second"]);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    assert!(fs_err::read_to_string(first).unwrap().contains("schema-version"));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
