//! Projects of a given size, each in its own folder.

use std::{fmt::Write as _, path::Path};

use camino::Utf8Path;
use chrono::{Days, NaiveDate};
use greenlight::{
    judge::{Files, answers::scope_of},
    load::{self, NewRecord},
    model::answer::{Answer, AnswerValue, Evidence},
};

/// A project whose own checklist adds this many probes and checks to the shipped ones.
pub(crate) fn with_checks(folder: &Path, probes: usize, questions: usize) {
    fs_err::create_dir_all(folder).unwrap();
    let project = r#"
[project]
name = "bench"
route = "api"
budget = "2 USD"
output = "clips"
checklists = ["own.toml"]
[failure]
retries = 1
timeout = "10m"
[[shot]]
id = "a"
mode = "text-to-video"
model = "m"
duration = 6
resolution = "480p"
prompt = "x"
"#;
    fs_err::write(folder.join("greenlight.toml"), project).unwrap();
    let mut own = "id = \"own\"\nextends = \"api\"\nroute = \"api\"\nreviewed = 2026-11-22\n".to_owned();
    let head = |id: &str| {
        format!(
            "[[check]]\nid = \"{id}\"\nrow = \"access\"\ntitle = \"t {id}\"\nseverity = \"block\"\nwhy = \"w\"\nfix = \"f\"\n\
             source = {{ url = \"https://example.com\", as-of = 2026-11-22 }}\n"
        )
    };
    for n in 0..probes {
        let _ = writeln!(own, "[[probe]]\nid = \"p-{n}\"\nget = \"/v1/models/m-{n}\"");
        own.push_str(&head(&format!("own.{n}")));
        let _ = writeln!(
            own,
            "probe = \"p-{n}\"\nexpect = [{{ status = 200 }}, {{ path = \"$.state\", equals = \"active\" }}]"
        );
    }
    for n in 0..questions {
        own.push_str(&head(&format!("ask.{n}")));
        let _ = writeln!(
            own,
            "question = {{ ask = \"q?\", type = \"yes-no\", pass = [\"yes\"], valid-for = \"30d\" }}"
        );
    }
    fs_err::write(folder.join("own.toml"), own).unwrap();
}

/// A project with this many identical shots.
pub(crate) fn with_shots(folder: &Path, shots: usize) {
    fs_err::create_dir_all(folder).unwrap();
    let mut project =
        "[project]\nname = \"bench\"\nroute = \"api\"\nbudget = \"9000 USD\"\noutput = \"clips\"\n\
                       [failure]\nretries = 1\ntimeout = \"10m\"\n"
            .to_owned();
    for at in 0..shots {
        let _ = writeln!(
            project,
            "[[shot]]\nid = \"s-{at}\"\nmode = \"text-to-video\"\nmodel = \"m\"\nduration = 6\nresolution = \"480p\"\n\
             prompt = \"A paper boat drifts, {at}.\""
        );
    }
    fs_err::write(folder.join("greenlight.toml"), project).unwrap();
}

/// A project with this many questions, each with an answer, a remark and two pieces of evidence.
pub(crate) fn with_answers(folder: &Path, questions: usize) {
    with_checks(folder, 0, questions);
    let dir = Utf8Path::from_path(folder).unwrap();
    let loaded =
        load::project(dir, Utf8Path::new("greenlight.toml"), &greenlight::judge::rules::known()).unwrap();
    let answered: NaiveDate = "2026-11-21".parse().unwrap();
    let files = Files::of(&[]);
    let asked = loaded.checklist.checks.iter().filter_map(|check| Some((check, check.decider.question()?)));
    let asked = asked.filter(|(check, _)| check.id.as_str().starts_with("ask."));
    let answers = asked.enumerate().map(|(at, (check, question))| {
        NewRecord::Answer(Answer {
            check: check.id.clone(),
            scope: scope_of(&loaded.project, &files, check, question),
            value: AnswerValue::Text("yes".to_owned()),
            by: "Ann".to_owned(),
            answered,
            expires: answered + Days::new(30),
            question: question.digest.clone(),
            evidence: vec![
                Evidence::Url {
                    url: format!("https://example.com/terms/{at}"),
                    read: answered,
                    clause: None,
                    passage: None,
                },
                Evidence::Quote {
                    words: format!("clause {at}: the clip is yours"),
                    read: answered,
                    clause: None,
                },
            ],
            note: Some("read with counsel".to_owned()),
        })
    });
    fs_err::write(folder.join("answers.toml"), load::entries_text(&answers.collect::<Vec<_>>())).unwrap();
}
