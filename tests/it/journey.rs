//! The way from an empty folder to a cleared deploy, command by command: init, check, answer, check, verify. It must
//! not become longer.

use std::fmt::Write as _;

use greenlight::{
    judge, load,
    model::checklist::{AnswerKind, Question},
};
use rstest::rstest;

use crate::support::{Ran, Sample, ran};

/// The commands, their exit codes, and the lines that give the result.
struct Journey {
    place: Sample,
    transcript: String,
}

impl Journey {
    fn begin() -> Self {
        let place = Sample::empty();
        place.write("screen.txt", crate::answers::SCREEN);
        Self { place, transcript: String::new() }
    }

    /// Runs a command by the real clock and keeps the lines that a reader looks for at the end.
    fn step(&mut self, args: &[&str]) -> Ran {
        let run = ran(&mut self.place.greenlight(args));
        let _ = writeln!(self.transcript, "$ greenlight {}", args.join(" "));
        let decides = |line: &&str| {
            let word = line.split("would be ").last().unwrap_or_default().split_whitespace().next();
            // A claim of `verify` isn't a decision.
            line.starts_with("  ")
                && !line.contains(['✓', '✗'])
                && matches!(word, Some("GO" | "HOLD" | "NO-GO"))
        };
        for line in run.out.lines().filter(decides) {
            // The counts after the decision differ with every checklist.
            let line = line.trim().split("   ").next().unwrap_or_default();
            let _ = writeln!(self.transcript, "  {line}");
        }
        let _ = writeln!(self.transcript, "  exit {}", run.code);
        run
    }

    /// Answers everything that is open, with one command each.
    fn answer(&mut self) {
        let project = self.place.path().join("greenlight.toml");
        let loaded = load::project("".into(), &project, &judge::rules::known()).unwrap();
        let list = ran(&mut self.place.greenlight(&["answer", "--list", "--json"])).json();
        let open = list.as_array().unwrap().iter().filter(|line| line["open"] == true);
        let open: Vec<_> = open.map(|line| line["check"].as_str().unwrap()).collect();
        assert!(open.len() >= 5, "{open:?}");
        for id in open {
            let question = loaded.checklist.check(id).unwrap().decider.question().unwrap();
            // The owner's own page, the provider's, another one, and a screenshot: whatever the question needs.
            let pages = ["https://docs.x.ai/page", "https://fal.ai/page", "https://example.com/page"];
            let pages = pages.map(|page| format!("--evidence={page}"));
            let args = ["answer", id, "--value", right(question), "--by", "Ann", "--evidence", "screen.txt"];
            let kept = ran(self.place.greenlight(&args).args(pages));
            assert_eq!(kept.code, 0, "{id}: {}", kept.all());
        }
        self.transcript.push_str("$ greenlight answer CHECK --value … --by Ann --evidence …\n  exit 0\n");
    }
}

fn right(question: &Question) -> &str {
    match question.kind {
        AnswerKind::YesNo | AnswerKind::Choice => &question.pass[0],
        AnswerKind::Money => "1.20 USD",
        _ => "the editing team",
    }
}

const LIVE: &str = "\
$ greenlight init --route {route} --material idea --prompt Boats. --budget 5 USD{more}
  exit 0
$ greenlight check
  HOLD
  exit 3
$ greenlight answer CHECK --value … --by Ann --evidence …
  exit 0
$ greenlight check --report json=receipt.json
  GO
  exit 0
$ greenlight verify receipt.json
  GO
  exit 0
$ greenlight report receipt.json --output dossier.md
  exit 0
";

/// Without a key the way ends before the gate, and every step says so.
const REHEARSED: &str = "\
$ greenlight init --route {route} --material idea --prompt Boats. --budget 5 USD{more}
  exit 0
$ greenlight check --rehearse
  REHEARSAL · would be HOLD
  exit 3
$ greenlight answer CHECK --value … --by Ann --evidence …
  exit 0
$ greenlight check --rehearse --report json=receipt.json
  REHEARSAL · would be GO
  exit 0
$ greenlight verify receipt.json
  HOLD
  exit 3
$ greenlight report receipt.json --output dossier.md
  exit 0
";

#[rstest]
#[case::app("app", &[], &[], LIVE)]
#[case::wrapper("wrapper", &["--provider", "acme"], &[], LIVE)]
#[case::pack("wrapper", &["--provider", "fal"], &["--rehearse"], REHEARSED)]
#[case::api("api", &[], &["--rehearse"], REHEARSED)]
fn from_an_empty_folder_to_a_verified_receipt_and_a_document(
    #[case] route: &str,
    #[case] more: &[&str],
    #[case] how: &[&str],
    #[case] wanted: &str,
) {
    let mut journey = Journey::begin();
    let begin = ["init", "--route", route, "--material", "idea", "--prompt", "Boats.", "--budget", "5 USD"];
    journey.step(&[&begin, more].concat());
    journey.step(&[&["check"], how].concat());
    journey.answer();
    let checked = journey.step(&[&["check"], how, &["--report", "json=receipt.json"]].concat());
    let verified = journey.step(&["verify", "receipt.json"]);
    journey.step(&["report", "receipt.json", "--output", "dossier.md"]);
    let dossier = fs_err::read_to_string(journey.place.path().join("dossier.md")).unwrap();
    let word = if how.is_empty() { "GO" } else { "would be GO" };
    assert!(dossier.contains(&format!("**{word}**")), "{dossier}");
    let more = [&[""], more].concat().join(" ");
    let wanted = wanted.replace("{route}", route).replace("{more}", &more);
    assert_eq!(journey.transcript, wanted, "{}\n{}", checked.all(), verified.all());
}
