//! The walk through open questions, with a person who replies from a list.

use std::{cell::RefCell, io, rc::Rc};

use greenlight::{
    cli,
    commands::{Verb, answer, context::Context},
    error::Error,
    exit::Exit,
    ui::{Colour, Printer, Scripted, ScriptedInput, Terminal},
};

use super::{REFUNDED, begun, loaded};
use crate::support::{NOW, Sample, ran};

fn walk(place: &Sample, args: &[&str], person: &mut Scripted) -> Result<Exit, Error> {
    walk_said(place, args, person).0
}

#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How the walk ended, and what it printed at its end.
fn walk_said(place: &Sample, args: &[&str], person: &mut Scripted) -> (Result<Exit, Error>, String) {
    let (exit, said, _) = walk_noted(place, args, person);
    (exit, said)
}

/// The same, with what was written to standard error.
fn walk_noted(place: &Sample, args: &[&str], person: &mut Scripted) -> (Result<Exit, Error>, String, String) {
    // The process has another working folder: every path is relative to the context's.
    let all = ["greenlight", "answer", "--project", "."];
    let all = all.iter().chain(args).map(std::ffi::OsString::from);
    let Verb::Answer(args) = cli::Cli::read(all, &|_| None).unwrap().verb else { panic!("not answer") };
    let terminal = Terminal { stdin: true, stderr: true, ..Terminal::default() };
    let (page, notes) = (Page::default(), Page::default());
    let (out, err) = (Box::new(page.clone()), Box::new(notes.clone()));
    let mut context = Context {
        printer: Printer::over(out, err, &terminal, Colour::Never, false, &|_| None),
        terminal,
        quiet: false,
        started: NOW.parse().unwrap(),
        env: &|_| None,
        dir: place.path(),
        command: cli::command,
    };
    let exit = answer::run_with(&args, &mut context, person);
    let text = |page: Page| String::from_utf8(page.0.borrow().clone()).unwrap();
    (exit, text(page), text(notes))
}

fn enter(text: &str) -> ScriptedInput {
    ScriptedInput::Enter(text.to_owned())
}

fn pick(text: &str) -> ScriptedInput {
    ScriptedInput::Pick(text.to_owned())
}

/// One whole reply to a question that asks for an address.
fn whole(value: &str) -> Vec<ScriptedInput> {
    vec![pick(value), enter("https://acme.example/x"), enter(""), enter("Ann"), ScriptedInput::Accept]
}

fn recorded(place: &Sample) -> Vec<String> {
    loaded(place).answers.answers.iter().map(|answer| answer.check.to_string()).collect()
}

#[test]
fn esc_skips_a_question_and_quit_ends_the_walk() {
    let place = begun("wrapper");
    let replies =
        [vec![ScriptedInput::Skip], whole("a real listing"), vec![pick("ask me later"), pick("quit")]];
    let mut person = Scripted::new(replies.concat());
    assert_eq!(walk(&place, &[], &mut person).unwrap(), Exit::Go);
    assert_eq!(recorded(&place), ["wrapper.which-model"]);
    let answer = &loaded(&place).answers.answers[0];
    assert_eq!(
        (answer.answered.to_string(), answer.expires.to_string()),
        ("2026-11-22".into(), "2026-12-22".into())
    );
    assert_eq!(person.asked.len(), 8, "{:?}", person.asked);
}

#[test]
fn esc_in_the_middle_of_a_question_records_nothing_of_it() {
    let place = begun("wrapper");
    let esc = vec![ScriptedInput::Skip; 3];
    let replies = [whole("yes")[..2].to_vec(), esc, whole("a real listing"), vec![pick("quit")]];
    let mut person = Scripted::new(replies.concat());
    assert_eq!(walk(&place, &[], &mut person).unwrap(), Exit::Go);
    assert_eq!(recorded(&place), ["wrapper.which-model"]);
    // From the clause to the evidence, to the menu, to the next question.
    assert_eq!(person.asked[2..5], ["Clause, such as 7.2 Fees (optional)", "Evidence", "Your answer"]);
}

#[test]
fn esc_goes_one_prompt_back_and_proposes_what_was_typed() {
    let place = begun("wrapper");
    let again = [
        pick("refunded"),
        enter("https://acme.example/x"),
        ScriptedInput::Skip,
        ScriptedInput::Accept,
        enter("7.2 Fees"),
        enter("Ann"),
        ScriptedInput::Skip,
        ScriptedInput::Accept,
        ScriptedInput::Accept,
    ];
    assert_eq!(walk(&place, &["wrapper.refunds"], &mut Scripted::new(again)).unwrap(), Exit::Go);
    let answer = &loaded(&place).answers.answers[0];
    assert_eq!((answer.by.as_str(), answer.evidence[0].clause()), ("Ann", Some("7.2 Fees")));
}

#[test]
fn the_question_before_can_be_asked_again() {
    let place = begun("wrapper");
    let replies = [
        whole("yes: all three"),
        vec![pick("previous question")],
        whole("yes: all three"),
        vec![ScriptedInput::Accept, ScriptedInput::Interrupt],
    ];
    let mut person = Scripted::new(replies.concat());
    let (exit, said) = walk_said(&place, &[], &mut person);
    assert_eq!(exit.unwrap(), Exit::Interrupted);
    assert_eq!(recorded(&place), ["wrapper.provider-account"; 2]);
    let list = ran(&mut place.greenlight(&["answer", "--list", "--json"])).json();
    let open = list.as_array().unwrap().iter().filter(|line| line["open"] == true).count();
    assert_eq!(said, format!("\n1 answer recorded, {open} questions open. Next: `greenlight answer`\n"));
}

#[test]
fn the_question_before_shows_what_was_recorded_and_proposes_it() {
    let place = begun("wrapper");
    let replies = [
        vec![pick("yes: all three"), enter("https://acme.example/x"), enter("7.2 Fees"), enter("Ann")],
        vec![ScriptedInput::Accept, pick("previous question"), pick("yes: all three")],
        vec![ScriptedInput::Accept; 4],
        vec![pick("quit")],
    ];
    let (exit, _, notes) = walk_noted(&place, &[], &mut Scripted::new(replies.concat()));
    assert_eq!(exit.unwrap(), Exit::Go, "{notes}");
    assert_eq!(notes.matches("yes: all three, by Ann, recorded just now").count(), 1, "{notes}");
    let again = loaded(&place).answers.answers[1].clone();
    assert_eq!((again.by.as_str(), again.evidence[0].clause()), ("Ann", Some("7.2 Fees")));
}

#[test]
fn ctrl_c_keeps_what_was_answered() {
    let place = begun("wrapper");
    let replies = [
        whole("yes: all three"),
        whole("a real listing"),
        vec![pick("official API"), ScriptedInput::Interrupt],
    ];
    let exit = walk(&place, &[], &mut Scripted::new(replies.concat())).unwrap();
    assert_eq!((exit, exit.code()), (Exit::Interrupted, 130));
    assert_eq!(recorded(&place), ["wrapper.provider-account", "wrapper.which-model"]);
    // The next walk continues where this one ended.
    let mut person = Scripted::new([whole("official API"), vec![pick("quit")]].concat());
    assert_eq!(walk(&place, &[], &mut person).unwrap(), Exit::Go);
    assert_eq!(recorded(&place).last().unwrap(), "wrapper.upstream-chain");
}

#[test]
fn what_cannot_be_used_is_asked_again_with_the_reason() {
    let place = begun("wrapper");
    let replies = [
        pick("refunded"),
        enter("not an address"),
        enter("https://ann:secret@acme.example/x"),
        enter(""),
        enter("https://acme.example/x"),
        enter("…"),
        enter(" 7.2  Fees "),
        enter("  "),
        enter(" Ann "),
        enter("2026-12-01"),
    ];
    let mut person = Scripted::new(replies);
    assert_eq!(walk(&place, &["wrapper.refunds"], &mut person).unwrap(), Exit::Go);
    insta::assert_snapshot!(person.asked.join("\n"));
    let answer = &loaded(&place).answers.answers[0];
    assert_eq!((answer.by.as_str(), answer.expires.to_string()), ("Ann", "2026-12-01".to_owned()));
    assert_eq!(answer.evidence[0].clause(), Some("7.2 Fees"));
}

#[test]
fn a_question_that_does_not_arise_needs_a_reason() {
    let place = begun("wrapper");
    let replies =
        [pick("does not apply"), enter(" "), enter("we pay nothing"), enter("Ann"), ScriptedInput::Accept];
    assert_eq!(walk(&place, &["wrapper.refunds"], &mut Scripted::new(replies)).unwrap(), Exit::Go);
    let answer = &loaded(&place).answers.answers[0];
    let reason = greenlight::model::answer::AnswerValue::NotApplicable("we pay nothing".to_owned());
    assert_eq!((&answer.value, answer.evidence.len()), (&reason, 0));
}

#[test]
fn a_text_is_typed() {
    let place = begun("api");
    let replies =
        [pick("answer"), enter(" "), enter("the editing team"), enter("Ann"), ScriptedInput::Accept];
    let mut person = Scripted::new(replies);
    assert_eq!(walk(&place, &["api.downstream-named"], &mut person).unwrap(), Exit::Go);
    assert_eq!(recorded(&place), ["api.downstream-named"]);
    assert_eq!(person.asked[2], "Value (it takes some text)");
}

/// Only the reply that must not be kept is lost.
#[test]
fn what_must_not_be_recorded_is_asked_again() {
    let place = begun("api");
    let replies = |text: &str| [pick("answer"), enter(text), enter("Ann"), ScriptedInput::Accept];
    let all = [replies("see https://acme.example/?token=0a1b2c"), replies("the editing team")];
    let mut person = Scripted::new(all.concat());
    assert_eq!(walk(&place, &["api.downstream-named"], &mut person).unwrap(), Exit::Go);
    assert_eq!(person.asked.len(), 8, "{:?}", person.asked);
    assert_eq!(recorded(&place), ["api.downstream-named"]);
    assert!(!fs_err::read_to_string(place.path().join("answers.toml")).unwrap().contains("0a1b2c"));
}

#[test]
fn when_all_is_answered_only_redo_asks() {
    let place = begun("wrapper");
    super::settle(&place, Some);
    let mut person = Scripted::new([pick("quit")]);
    assert_eq!(walk(&place, &[], &mut person).unwrap(), Exit::Go);
    assert!(person.asked.is_empty(), "{:?}", person.asked);
    assert_eq!(walk(&place, &["--redo"], &mut person).unwrap(), Exit::Go);
    assert_eq!(person.asked.len(), 1);
}

/// Someone who reads a page again starts where the answer was found.
#[test]
fn the_clause_of_before_is_proposed() {
    let place = begun("wrapper");
    let named = [&REFUNDED[..], &["--clause", "7.2 Fees"]].concat();
    assert_eq!(ran(&mut place.greenlight(&named)).code, 0);
    let clauses = || {
        loaded(&place)
            .answers
            .answers
            .iter()
            .map(|answer| answer.evidence[0].clause().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let again = |clause| {
        [pick("refunded"), enter("https://acme.example/x"), clause, enter("Ann"), ScriptedInput::Accept]
    };
    for clause in [ScriptedInput::Accept, enter("8"), enter("")] {
        let mut person = Scripted::new(again(clause));
        assert_eq!(walk(&place, &["wrapper.refunds"], &mut person).unwrap(), Exit::Go);
    }
    assert_eq!(
        clauses(),
        [Some("7.2 Fees".to_owned()), Some("7.2 Fees".to_owned()), Some("8".to_owned()), None]
    );
}
