//! What an expectation speaks of, and which paths are read.

use rstest::rstest;

use super::*;

fn of(shot: bool) -> Literal {
    Literal::Text(Template::parse(if shot { "{shot.model}" } else { "{team}" }).unwrap())
}

fn test(operator: Operator) -> Expectation {
    Expectation::Test(Test { subject: Subject::Status, quantifier: Quantifier::One, operator })
}

#[rstest]
#[case::equals(|shot| test(Operator::Equals(of(shot))))]
#[case::contains(|shot| test(Operator::Contains(of(shot))))]
#[case::one_of(|shot| test(Operator::OneOf(vec![Literal::Number(1.0), of(shot)])))]
#[case::not(|shot| test(Operator::Not(Box::new(Operator::Equals(of(shot))))))]
#[case::length(|shot| test(Operator::Length(Box::new(Operator::Equals(of(shot))))))]
#[case::one_of_many(|shot| test(Operator::AnyOf(vec![Operator::Exists, Operator::Equals(of(shot))])))]
#[case::of_many(|shot| test(Operator::AllOf(vec![Operator::Exists, Operator::Equals(of(shot))])))]
#[case::within(|shot| Expectation::Not(Box::new(Expectation::AnyOf(vec![test(Operator::Equals(of(shot)))]))))]
fn an_operand_that_a_shot_fills_is_found_wherever_it_stands(#[case] expectation: fn(bool) -> Expectation) {
    assert_eq!([true, false].map(|shot| expectation(shot).speaks_of_shot()), [true, false]);
}

#[test]
fn a_path_has_at_most_300_bytes() {
    let path = |bytes: usize| format!("$.{}", "a".repeat(bytes - 2));
    assert!(Path::parse(&path(300)).is_ok());
    assert_eq!(Path::parse(&path(301)).unwrap_err(), "a path has at most 300 bytes");
}

#[rstest]
#[case::one_after_another(&"[0]".repeat(20), true)]
#[case::eight_deep("[?(((((((@.a)))))))]", true)]
#[case::nine_deep("[?((((((((@.a))))))))]", false)]
fn a_path_nests_at_most_eight_brackets(#[case] path: &str, #[case] fits: bool) {
    let says = (!fits).then_some("a path nests at most 8 brackets");
    assert_eq!(Path::parse(&format!("${path}")).err().as_deref(), says);
}

#[test]
fn a_pattern_is_shown_as_it_was_written() {
    assert_eq!(Pattern::parse("a|b").unwrap().to_string(), "a|b");
}
