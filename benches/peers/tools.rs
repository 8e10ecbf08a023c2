//! Other tools that call many addresses, where they are installed.

use std::{fmt::Write as _, path::Path, process::Command};

/// The names of the peers, in table order.
pub(crate) const NAMES: [&str; 3] = ["lychee", "hurl", "curl + jq"];

/// Commands that call the same addresses, `at_once` at a time; none for a tool that isn't installed. `folder` is a new
/// one.
pub(crate) fn commands(folder: &Path, origin: &str, calls: usize, at_once: usize) -> [Option<Command>; 3] {
    let urls: Vec<String> = (0..calls).map(|n| format!("{origin}/v1/models/m-{n}")).collect();
    [lychee(folder, &urls, at_once), hurl(folder, &urls, at_once), curl(folder, &urls, at_once)]
}

/// Looks only at the status.
fn lychee(folder: &Path, urls: &[String], at_once: usize) -> Option<Command> {
    let mut command = installed("lychee")?;
    let list = folder.join("links.txt");
    fs_err::write(&list, urls.join("\n")).unwrap();
    command.args(["--no-progress", "--max-concurrency", &at_once.to_string()]).arg(list);
    Some(command)
}

fn hurl(folder: &Path, urls: &[String], at_once: usize) -> Option<Command> {
    let mut command = installed("hurl")?;
    let all = folder.join("hurl");
    fs_err::create_dir_all(&all).unwrap();
    for (at, url) in urls.iter().enumerate() {
        let text = format!("GET {url}\nHTTP 200\n[Asserts]\njsonpath \"$.state\" == \"active\"\n");
        fs_err::write(all.join(format!("{at}.hurl")), text).unwrap();
    }
    command.args(["--test", "--parallel", "--jobs", &at_once.to_string(), "--glob"]).arg(all.join("*.hurl"));
    Some(command)
}

fn curl(folder: &Path, urls: &[String], at_once: usize) -> Option<Command> {
    (installed("curl").is_some() && installed("jq").is_some()).then_some(())?;
    let list = folder.join("curl.txt");
    let text = urls.iter().fold(String::new(), |mut text, url| {
        let _ = writeln!(text, "url = \"{url}\"");
        text
    });
    fs_err::write(&list, text).unwrap();
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "curl --no-progress-meter --parallel --parallel-max \"$2\" --config \"$1\" | jq -es 'all(.state == \"active\")'",
        "sh",
    ]);
    command.arg(list).arg(at_once.to_string());
    Some(command)
}

fn installed(tool: &str) -> Option<Command> {
    let found = Command::new(tool).arg("--version").output();
    found.is_ok_and(|output| output.status.success()).then(|| Command::new(tool))
}
