//! Duration, ratio and resolution are what the model offers in that mode.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{catalogue::Fact, project::Shot, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "limits",
        decides: "Duration, aspect ratio and resolution lie within the newest claims about the model and mode; a field \
                  that the mode ignores, a ratio that another claim of the same day leaves out, or a default that \
                  will be billed, is a caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let ignored = scene.ignored(shot);
    let field = |name: &str, given: Option<String>, examine: fn(&Scene<'a>, &'a Shot) -> Ruling| match (
        ignored, given,
    ) {
        (Some((fields, claim)), given) if fields.iter().any(|field| field == name) => given.map(|given| {
            Ruling::caution(format!("`{name}` {} is ignored by {}", wording::clip(&given), shot.mode))
                .by(claim)
        }),
        _ => Some(examine(scene, shot)),
    };
    let rulings = [
        field("duration", shot.duration.map(|seconds| format!("{seconds} s")), duration),
        field("aspect-ratio", shot.aspect_ratio.clone(), aspect_ratio),
        field("resolution", shot.resolution.clone(), resolution),
    ];
    Ruling::worst(rulings.into_iter().flatten().collect())
        .unwrap_or_else(|| Ruling::holds(format!("{} takes none of the fields", shot.mode)))
}

fn duration<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let claim = scene.newest(shot, |fact| match fact {
        Fact::Duration { min, max, default } => Some((*min, *max, *default)),
        _ => None,
    });
    let Some(((min, max, default), claim)) = claim else {
        return Ruling::no_claim(scene, "the duration", &shot.model, shot.mode);
    };
    let ruling = match (shot.duration, default) {
        (Some(seconds), _) if (min..=max).contains(&seconds) => Ruling::holds(format!("{seconds} s")),
        (Some(seconds), _) => Ruling::refuted(format!("{seconds} s is outside {min}–{max} s"))
            .sides(format!("{min}–{max} s"), format!("{seconds} s")),
        (None, Some(default)) => billed("duration", &format!("{default} s")),
        (None, None) => undeclared("duration"),
    };
    ruling.by(claim)
}

fn aspect_ratio<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let Some(ratio) = shot.aspect_ratio.as_deref() else {
        return Ruling::not_applicable("no ratio is asked");
    };
    let claim = scene.newest(shot, |fact| match fact {
        Fact::AspectRatios(ratios) => Some(ratios),
        _ => None,
    });
    let Some((ratios, claim)) = claim else {
        return Ruling::no_claim(scene, "aspect ratios", &shot.model, shot.mode);
    };
    let silent = scene.newest(shot, |fact| match fact {
        Fact::AspectRatios(ratios) => ratios.iter().all(|one| one != ratio).then_some(()),
        _ => None,
    });
    // Two pages of one day disagree: one of them is behind, and only a clip would tell which.
    match silent.filter(|((), other)| other.source.as_of == claim.source.as_of) {
        Some(((), other)) if ratios.iter().any(|one| one == ratio) => Ruling::caution(format!(
            "{} is offered, {}, but not by {}",
            wording::clip(ratio),
            wording::dated(&claim.source),
            wording::clip(&other.source.url)
        ))
        .by(claim),
        _ => offered(ratio, ratios).by(claim),
    }
}

fn resolution<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let claim = scene.newest(shot, |fact| match fact {
        Fact::Resolutions { offered, default } => Some((offered, default.as_deref())),
        _ => None,
    });
    let Some(((resolutions, default), claim)) = claim else {
        return Ruling::no_claim(scene, "resolutions", &shot.model, shot.mode);
    };
    let ruling = match (shot.resolution.as_deref(), default) {
        (Some(resolution), _) => offered(resolution, resolutions),
        (None, Some(default)) => billed("resolution", default),
        (None, None) => undeclared("resolution"),
    };
    ruling.by(claim)
}

fn offered(asked: &str, offered: &[String]) -> Ruling {
    let asked_shown = wording::clip(asked);
    if offered.iter().any(|one| one == asked) {
        return Ruling::holds(asked_shown);
    }
    let offered = wording::clip(&offered.join(", "));
    Ruling::refuted(format!("{asked_shown} is not offered, only {offered}"))
        .sides(format!("one of {offered}"), asked_shown)
}

fn billed(field: &str, default: &str) -> Ruling {
    Ruling::caution(format!("`{field}` is not given: the default of {default} will be made and billed"))
}

fn undeclared(field: &str) -> Ruling {
    Ruling::unknown(Reason::NotDeclared, format!("`{field}` is not given, and no claim names the default"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::mode::Mode,
    };

    fn stage(fields: (Option<u32>, Option<&str>, Option<&str>)) -> Stage {
        let modes = [Mode::TextToVideo];
        let mut stage = Stage::new()
            .claim(&modes, Fact::Duration { min: 1, max: 15, default: Some(8) })
            .claim(&modes, Fact::AspectRatios(vec!["16:9".into(), "1:1".into()]))
            .claim(
                &modes,
                Fact::Resolutions {
                    offered: vec!["480p".into(), "720p".into()],
                    default: Some("480p".into()),
                },
            );
        let shot = stage.shot();
        shot.duration = fields.0;
        shot.aspect_ratio = fields.1.map(str::to_owned);
        shot.resolution = fields.2.map(str::to_owned);
        stage
    }

    #[rstest]
    #[case((Some(6), Some("16:9"), Some("720p")), Standing::Holds, "6 s; 16:9; 720p")]
    #[case((Some(15), None, Some("480p")), Standing::Holds, "15 s")]
    #[case((Some(0), None, Some("480p")), Standing::Refuted, "0 s is outside 1–15 s")]
    #[case((Some(16), Some("21:9"), Some("1080p")), Standing::Refuted, "1080p is not offered, only 480p, 720p")]
    #[case((None, None, None), Standing::Caution, "default of 8 s")]
    #[case((None, None, None), Standing::Caution, "default of 480p")]
    #[case((None, Some("auto"), None), Standing::Refuted, "auto is not offered")]
    fn table(
        #[case] fields: (Option<u32>, Option<&str>, Option<&str>),
        #[case] wanted: Standing,
        #[case] says: &str,
    ) {
        let ruling = stage(fields).rule("limits");
        assert_eq!(ruling.standing, wanted);
        assert!(ruling.seen.contains(says), "{}", ruling.seen);
        assert!(ruling.source.is_some());
    }

    #[rstest]
    #[case::both_have_it("16:9", "2026-09-01", Standing::Holds)]
    #[case::one_of_the_day_has_it("21:9", "2026-09-01", Standing::Caution)]
    #[case::neither_has_it("auto", "2026-09-01", Standing::Refuted)]
    #[case::the_newer_alone_counts("21:9", "2026-09-02", Standing::Holds)]
    fn two_pages_of_one_day_disagree(#[case] ratio: &str, #[case] day: &str, #[case] wanted: Standing) {
        let ratios = |ratios: &[&str]| Fact::AspectRatios(ratios.iter().map(|&one| one.to_owned()).collect());
        let stage = stage((Some(6), Some(ratio), Some("480p")))
            .claim_on("2026-09-01", &[Mode::TextToVideo], ratios(&["16:9"]))
            .claim_on(day, &[Mode::TextToVideo], ratios(&["16:9", "21:9"]))
            .at("2026-10-01");
        assert_eq!(stage.rule("limits").standing, wanted);
    }

    #[test]
    fn what_nobody_claims_is_unknown() {
        let mut stage = stage((Some(6), None, Some("480p")));
        stage.shot().mode = Mode::Extend;
        assert_eq!(stage.rule("limits").standing, Standing::Unknown(Reason::NoClaim));
    }

    #[rstest]
    #[case((Some(6), Some("16:9"), Some("480p")), Standing::Caution)]
    #[case((None, None, None), Standing::Holds)]
    fn ignored_fields_are_a_caution_when_given(
        #[case] fields: (Option<u32>, Option<&str>, Option<&str>),
        #[case] wanted: Standing,
    ) {
        let ignores = ["duration", "aspect-ratio", "resolution"].map(str::to_owned).to_vec();
        let mut stage = stage(fields).claim(&[Mode::Edit], Fact::Ignores(ignores));
        stage.shot().mode = Mode::Edit;
        assert_eq!(stage.rule("limits").standing, wanted);
    }
}
