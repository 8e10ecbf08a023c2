//! Compares an amount that a person recorded with the budget: for all shots, and with all the retries that the project
//! allows.

use crate::model::{checklist::Question, money::Usd, project::Project, question::Covers, verdict::Reason};

/// How a quoted amount compares with the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quote {
    /// The whole sum is within the budget.
    Within(String),
    /// The whole sum is above it: what was seen, and what to do.
    Over(String, String),
    /// It is unknown: why, what was seen, and what to do.
    Unknown(Reason, String, String),
}

/// Compares a recorded amount with the budget of a project.
#[must_use]
pub fn quote(project: &Project, question: &Question, value: &str) -> Quote {
    let amount = match question.amount(value) {
        Ok(amount) => amount,
        Err(why) => {
            let seen = format!("`{}`: {why}", super::wording::clip(value));
            return Quote::Unknown(
                Reason::MissingValue,
                seen,
                "Write the amount like `2.00 USD`.".to_owned(),
            );
        }
    };
    held(project, amount, question.covers)
}

/// Compares an amount that covers this much with the budget of a project.
#[must_use]
pub fn held(project: &Project, amount: Usd, covers: Covers) -> Quote {
    let Some(budget) = project.budget else {
        let seen = format!("{amount}, and the project names no `budget`");
        let fix = "Set `budget` under [project], such as \"2.00 USD\".".to_owned();
        return Quote::Unknown(Reason::NotDeclared, seen, fix);
    };
    let retries = project.failure.retries;
    let times = times(covers, project.shots.len(), retries.unwrap_or(0));
    let sum = u32::try_from(times).ok().and_then(|times| amount.checked_mul(times));
    let least = if retries.is_some() { "" } else { "at least " };
    let seen = match sum {
        Some(sum) if times == 1 => format!("{least}{sum}"),
        Some(sum) => format!("{least}{times} x {amount} = {sum}"),
        None => format!("{times} x {amount} is too large to count"),
    };
    // A sum that is out of range is above every budget that can be written.
    if sum.is_none_or(|sum| sum > budget) {
        let fix =
            "Raise `budget`, lower `retries` under [failure], or take fewer or shorter shots.".to_owned();
        return Quote::Over(format!("{seen}, over the budget of {budget}"), fix);
    }
    if retries.is_none() {
        let seen = format!("{seen} of {budget}; the number of retries is not declared");
        return Quote::Unknown(
            Reason::NotDeclared,
            seen,
            "Set `retries` under [failure]; `0` is allowed.".to_owned(),
        );
    }
    Quote::Within(format!("{seen} of {budget}"))
}

/// How many times an amount is paid at most.
fn times(covers: Covers, shots: usize, retries: u32) -> u64 {
    let (shots, tries) = (u64::try_from(shots).unwrap_or(u64::MAX), u64::from(retries) + 1);
    match covers {
        Covers::Job => shots.saturating_mul(tries),
        Covers::Shots => tries,
        Covers::Project => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::rule_fixture::{self, RuleFixture},
        model::checklist::AnswerKind,
    };

    fn fixture(budget: Option<i64>, shots: usize, retries: Option<u32>) -> RuleFixture {
        let mut fixture = RuleFixture::new();
        (1..shots).for_each(|at| {
            fixture.add_shot(&format!("shot-{at}"));
        });
        fixture.project.budget = budget.map(Usd::from_micros);
        fixture.project.failure.retries = retries;
        fixture
    }

    fn told(fixture: &RuleFixture, covers: Covers, value: &str) -> Quote {
        let question = Question { kind: AnswerKind::Money, covers, ..rule_fixture::question() };
        quote(&fixture.project, &question, value)
    }

    #[rstest]
    #[case(Covers::Shots, "1.20 USD", "3 x 1.20 USD = 3.60 USD, over the budget of 2.00 USD")]
    #[case(Covers::Job, "0.60 USD", "6 x 0.60 USD = 3.60 USD, over the budget of 2.00 USD")]
    #[case(Covers::Project, "2.000001 USD", "2.000001 USD, over the budget of 2.00 USD")]
    #[case(Covers::Project, "999999999 USD", "999999999.00 USD, over the budget of 2.00 USD")]
    #[case(Covers::Shots, "0.666667 USD", "3 x 0.666667 USD = 2.000001 USD, over the budget of 2.00 USD")]
    fn more_than_the_budget_is_over_it(#[case] covers: Covers, #[case] value: &str, #[case] seen: &str) {
        let fix = "Raise `budget`, lower `retries` under [failure], or take fewer or shorter shots.";
        let held = told(&fixture(Some(2_000_000), 2, Some(2)), covers, value);
        assert_eq!(held, Quote::Over(seen.to_owned(), fix.to_owned()));
    }

    #[rstest]
    #[case(Covers::Shots, "0.60 USD", "3 x 0.60 USD = 1.80 USD of 2.00 USD")]
    #[case(Covers::Job, "$0.333333", "6 x 0.333333 USD = 1.999998 USD of 2.00 USD")]
    #[case(Covers::Project, "2.00 USD", "2.00 USD of 2.00 USD")]
    fn what_is_within_the_budget_is_told_with_its_sum(
        #[case] covers: Covers,
        #[case] value: &str,
        #[case] seen: &str,
    ) {
        let held = told(&fixture(Some(2_000_000), 2, Some(2)), covers, value);
        assert_eq!(held, Quote::Within(seen.to_owned()));
    }

    #[rstest]
    #[case::no_budget(None, Some(0), "0.01 USD", "names no `budget`", "Set `budget`")]
    #[case::no_retries(
        Some(2),
        None,
        "1.00 USD",
        "at least 1.00 USD of 2.00 USD; the number",
        "Set `retries`"
    )]
    #[case::no_unit(Some(2), Some(0), "1.00", "names its currency", "like `2.00 USD`")]
    #[case::another_currency(Some(2), Some(0), "1.00 EUR", "`EUR` is not converted", "like `2.00 USD`")]
    #[case::negative(Some(2), Some(0), "-1.00 USD", "is not negative", "like `2.00 USD`")]
    #[case::nothing(Some(2), Some(0), "0.00 USD", "cannot be zero", "like `2.00 USD`")]
    #[case::no_amount(Some(2), Some(0), "cheap", "written like", "like `2.00 USD`")]
    #[case::endless(Some(2), Some(0), "99999999999999999999 USD", "stays below", "like `2.00 USD`")]
    fn what_cannot_be_compared_is_unknown(
        #[case] budget: Option<i64>,
        #[case] retries: Option<u32>,
        #[case] value: &str,
        #[case] why: &str,
        #[case] wanted: &str,
    ) {
        let fixture = fixture(budget.map(|usd| usd * 1_000_000), 1, retries);
        for covers in [Covers::Job, Covers::Shots, Covers::Project] {
            let Quote::Unknown(_, seen, fix) = told(&fixture, covers, value) else { panic!("{value}") };
            assert!(seen.contains(why) && fix.contains(wanted), "{seen} {fix}");
        }
    }

    #[test]
    fn zero_is_accepted_if_the_question_allows_it() {
        let question = Question { kind: AnswerKind::Money, takes_zero: true, ..rule_fixture::question() };
        let held = quote(&fixture(Some(0), 2, Some(2)).project, &question, "0.00 USD");
        assert_eq!(held, Quote::Within("0.00 USD of 0.00 USD".to_owned()));
    }

    #[test]
    fn a_sum_out_of_range_is_over_every_budget() {
        let fixture = fixture(Some(i64::MAX), 4, Some(u32::MAX));
        for covers in [Covers::Job, Covers::Shots] {
            let held = told(&fixture, covers, "999999999 USD");
            assert!(matches!(&held, Quote::Over(seen, _) if seen.contains("too large to count")), "{held:?}");
        }
    }

    fn rank(quote: &Quote) -> u8 {
        match quote {
            Quote::Within(_) => 0,
            Quote::Unknown(..) => 1,
            Quote::Over(..) => 2,
        }
    }

    fn covers() -> impl Strategy<Value = Covers> {
        prop::sample::select(vec![Covers::Job, Covers::Shots, Covers::Project])
    }

    proptest! {
        #[test]
        fn more_shots_retries_or_money_never_open_the_gate(
            covers in covers(),
            micros in 1_i64..5_000_000,
            dearer in 0_i64..5_000_000,
            budget in 0_i64..20_000_000,
            shots in 1_usize..6, more_shots in 0_usize..6,
            retries in 0_u32..5, more in prop_oneof![0_u32..5, Just(u32::MAX - 5)],
        ) {
            let amount = |micros| Usd::from_micros(micros).to_string();
            let before = told(&fixture(Some(budget), shots, Some(retries)), covers, &amount(micros));
            let after = fixture(Some(budget), shots + more_shots, Some(retries + more));
            prop_assert!(rank(&told(&after, covers, &amount(micros + dearer))) >= rank(&before));
        }

        #[test]
        fn the_verdict_is_that_of_whole_micro_dollars(
            covers in covers(), micros in 1_i64..900_000_000_000_000, budget in any::<i64>(),
            shots in 1_usize..5, retries in 0_u32..u32::MAX,
        ) {
            let times = match covers {
                Covers::Job => shots as i128 * (i128::from(retries) + 1),
                Covers::Shots => i128::from(retries) + 1,
                Covers::Project => 1,
            };
            let over = i128::from(micros) * times > i128::from(budget);
            let fixture = fixture(Some(budget), shots, Some(retries));
            let held = told(&fixture, covers, &Usd::from_micros(micros).to_string());
            prop_assert_eq!(matches!(held, Quote::Over(..)), over);
            prop_assert_eq!(matches!(held, Quote::Within(_)), !over);
        }
    }
}
