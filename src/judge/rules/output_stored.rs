//! Finished clips are stored somewhere: the provider keeps them for a short time only.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        bytes_per_shot: u64 = "bytes-per-shot",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "output-stored",
        decides: "The output folder is named, can be written to, is not one that the system empties, and has \
                  `bytes-per-shot` of room for every shot.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let Some(written) = &context.project.output else {
        return RuleOutcome::refuted("the project names no `output` folder");
    };
    let Some(folder) = &context.observations.output else {
        return RuleOutcome::unknown(Reason::NotMade, format!("not looked at: `{written}`"));
    };
    if let Err(why) = &folder.writable {
        return RuleOutcome::refuted(format!("`{written}`: {}", wording::clip(why)));
    }
    if folder.temporary {
        return RuleOutcome::refuted(format!("`{written}` lies in a temporary folder"));
    }
    let shots = u64::try_from(context.project.shots.len()).unwrap_or(u64::MAX);
    let needed = given.bytes_per_shot.saturating_mul(shots);
    match folder.free_bytes {
        None => {
            RuleOutcome::unknown(Reason::MissingValue, format!("`{written}`: the free room is not known"))
        }
        Some(free) if free >= needed => {
            RuleOutcome::holds(format!("`{written}`, {} free", wording::bytes(free)))
        }
        Some(free) => RuleOutcome::refuted(format!("`{written}` has {} of room", wording::bytes(free)))
            .sides(format!("{} free", wording::bytes(needed)), wording::bytes(free)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::observation::FolderFact,
    };

    fn folder(writable: Result<(), &str>, temporary: bool, free_bytes: Option<u64>) -> FolderFact {
        FolderFact {
            path: "/home/me/clips".into(),
            writable: writable.map_err(str::to_owned),
            temporary,
            free_bytes,
        }
    }

    #[rstest]
    #[case(Some(folder(Ok(()), false, Some(100))), RuleStatus::Holds)]
    #[case(Some(folder(Ok(()), false, Some(99))), RuleStatus::Refuted)]
    #[case(Some(folder(Ok(()), false, None)), RuleStatus::Unknown(Reason::MissingValue))]
    #[case(Some(folder(Ok(()), true, Some(100))), RuleStatus::Refuted)]
    #[case(Some(folder(Err("read-only"), false, Some(100))), RuleStatus::Refuted)]
    #[case(None, RuleStatus::Unknown(Reason::NotMade))]
    fn table(#[case] folder: Option<FolderFact>, #[case] wanted: RuleStatus) {
        let mut fixture = RuleFixture::new().number("bytes-per-shot", 100);
        fixture.project.output = Some("clips".into());
        fixture.observations.output = folder;
        let outcome = fixture.rule("output-stored");
        assert_eq!(outcome.status, wanted);
        assert!(!outcome.seen.contains("/home/me"));
    }

    #[test]
    fn without_an_output_folder_it_is_refuted() {
        assert_eq!(
            RuleFixture::new().number("bytes-per-shot", 1).rule("output-stored").status,
            RuleStatus::Refuted
        );
    }
}
