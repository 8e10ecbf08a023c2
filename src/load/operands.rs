//! Subjects and operators that are valid by themselves but make no sense together.

use std::ops::Range;

use super::sink::DiagnosticSink;
use crate::model::{
    expect::{Literal, Operator, Subject},
    observation::TroubleKind,
};

impl DiagnosticSink<'_> {
    /// Reports an operator that its subject can never satisfy.
    pub(super) fn fits(&mut self, subject: &Subject, operator: &Operator, at: &Range<usize>) -> Option<()> {
        let wrong = match (subject, operator) {
            (Subject::Status, operator) if !numeric(operator) => {
                Some("a status is a number, such as `200`, `[200, 204]` or `{ ge = 500 }`".to_owned())
            }
            (Subject::Transport, Operator::Equals(Literal::Text(word))) => not_trouble(&word.to_string()),
            (Subject::Transport, Operator::OneOf(words)) => {
                words.iter().find_map(|word| not_trouble(&word.to_string()))
            }
            (Subject::Transport, _) => {
                Some("`transport` is one of its words, or an array of them".to_owned())
            }
            _ => None,
        };
        match wrong {
            Some(wrong) => {
                self.error("wrong-operand", at.clone(), wrong);
                None
            }
            None => Some(()),
        }
    }
}

/// Whether an operator can be true of a number.
fn numeric(operator: &Operator) -> bool {
    match operator {
        Operator::Equals(literal) => matches!(literal, Literal::Number(_)),
        Operator::OneOf(list) => list.iter().all(|literal| matches!(literal, Literal::Number(_))),
        Operator::Contains(_)
        | Operator::Matches(_)
        | Operator::Length(_)
        | Operator::Within(_)
        | Operator::Semver(_) => false,
        Operator::Not(inner) => numeric(inner),
        Operator::AllOf(inner) | Operator::AnyOf(inner) => inner.iter().all(numeric),
        _ => true,
    }
}

/// Whether an operator is true for every number that is a count.
pub(super) fn always(operator: &Operator) -> bool {
    matches!(operator, Operator::Ge(bound) if *bound <= 0.0)
        || matches!(operator, Operator::Gt(bound) if *bound < 0.0)
}

fn not_trouble(word: &str) -> Option<String> {
    let words: Vec<_> = TroubleKind::ALL.iter().map(|kind| kind.word()).collect();
    (!words.contains(&word))
        .then(|| format!("`{word}` is not a transport word; they are {}", words.join(", ")))
}
