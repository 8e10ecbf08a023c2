//! Finished clips have a place to stay: the provider keeps them for a short time only.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
        wording,
    },
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
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let Some(written) = &scene.project.output else {
        return Ruling::refuted("the project names no `output` folder");
    };
    let Some(folder) = &scene.observations.output else {
        return Ruling::unknown(Reason::NotMade, format!("nobody looked at `{written}`"));
    };
    if let Err(why) = &folder.writable {
        return Ruling::refuted(format!("`{written}`: {}", wording::clip(why)));
    }
    if folder.temporary {
        return Ruling::refuted(format!("`{written}` lies in a temporary folder"));
    }
    let shots = u64::try_from(scene.project.shots.len()).unwrap_or(u64::MAX);
    let needed = given.bytes_per_shot.saturating_mul(shots);
    match folder.free_bytes {
        None => Ruling::unknown(Reason::MissingValue, format!("`{written}`: the free room is not known")),
        Some(free) if free >= needed => Ruling::holds(format!("`{written}`, {} free", wording::bytes(free))),
        Some(free) => Ruling::refuted(format!("`{written}` has {} of room", wording::bytes(free)))
            .sides(format!("{} free", wording::bytes(needed)), wording::bytes(free)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
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
    #[case(Some(folder(Ok(()), false, Some(100))), Standing::Holds)]
    #[case(Some(folder(Ok(()), false, Some(99))), Standing::Refuted)]
    #[case(Some(folder(Ok(()), false, None)), Standing::Unknown(Reason::MissingValue))]
    #[case(Some(folder(Ok(()), true, Some(100))), Standing::Refuted)]
    #[case(Some(folder(Err("read-only"), false, Some(100))), Standing::Refuted)]
    #[case(None, Standing::Unknown(Reason::NotMade))]
    fn table(#[case] folder: Option<FolderFact>, #[case] wanted: Standing) {
        let mut stage = Stage::new().number("bytes-per-shot", 100);
        stage.project.output = Some("clips".into());
        stage.observations.output = folder;
        let ruling = stage.rule("output-stored");
        assert_eq!(ruling.standing, wanted);
        assert!(!ruling.seen.contains("/home/me"));
    }

    #[test]
    fn no_folder_is_no_place_to_stay() {
        assert_eq!(
            Stage::new().number("bytes-per-shot", 1).rule("output-stored").standing,
            Standing::Refuted
        );
    }
}
