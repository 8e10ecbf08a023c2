//! Duration, ratio and resolution are what the model offers in that mode.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, media::Ingredient, mode::Mode, project::Shot, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "limits",
        decides: "Duration, aspect ratio and resolution lie within the newest claims about the model and mode, and the \
                  resolution also within those of a mode that another input requires; a field that the mode ignores, a \
                  ratio that another claim of the same day leaves out, or a default that will be billed, is a \
                  caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let ignored = context.ignored(shot);
    let field = |name: &str,
                 given: Option<String>,
                 examine: fn(&RuleContext<'a>, &'a Shot) -> RuleOutcome| match (
        ignored, given,
    ) {
        (Some((fields, claim)), given) if fields.iter().any(|field| field == name) => given.map(|given| {
            RuleOutcome::caution(format!("`{name}` {} is ignored by {}", wording::clip(&given), shot.mode))
                .by(claim)
        }),
        _ => Some(examine(context, shot)),
    };
    let outcomes = [
        field("duration", shot.duration.map(|seconds| format!("{seconds} s")), duration),
        field("aspect-ratio", shot.aspect_ratio.clone(), aspect_ratio),
        field("resolution", shot.resolution.clone(), resolution),
    ];
    RuleOutcome::worst(outcomes.into_iter().flatten().collect())
        .unwrap_or_else(|| RuleOutcome::holds(format!("{} takes none of the fields", shot.mode)))
}

fn duration<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let claim = context.newest(shot, |fact| match fact {
        Fact::Duration { min, max, default } => Some((*min, *max, *default)),
        _ => None,
    });
    let Some(((min, max, default), claim)) = claim else {
        return RuleOutcome::no_claim(context, "the duration", &shot.model, shot.mode);
    };
    let outcome = match (shot.duration, default) {
        (Some(seconds), _) if (min..=max).contains(&seconds) => RuleOutcome::holds(format!("{seconds} s")),
        (Some(seconds), _) => RuleOutcome::refuted(format!("{seconds} s is outside {min}–{max} s"))
            .sides(format!("{min}–{max} s"), format!("{seconds} s")),
        (None, Some(default)) => billed("duration", &format!("{default} s")),
        (None, None) => undeclared("duration"),
    };
    outcome.by(claim)
}

fn aspect_ratio<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let Some(ratio) = shot.aspect_ratio.as_deref() else {
        return RuleOutcome::not_applicable("no ratio is given");
    };
    let claim = context.newest(shot, |fact| match fact {
        Fact::AspectRatios(ratios) => Some(ratios),
        _ => None,
    });
    let Some((ratios, claim)) = claim else {
        return RuleOutcome::no_claim(context, "aspect ratios", &shot.model, shot.mode);
    };
    let silent = context.newest(shot, |fact| match fact {
        Fact::AspectRatios(ratios) => ratios.iter().all(|one| one != ratio).then_some(()),
        _ => None,
    });
    // Two pages with the same date disagree: one of them is outdated, and only a clip would show which.
    match silent.filter(|((), other)| other.source.as_of == claim.source.as_of) {
        Some(((), other)) if ratios.iter().any(|one| one == ratio) => RuleOutcome::caution(format!(
            "{} is offered, {}, but not by {}",
            wording::clip(ratio),
            wording::dated(&claim.source),
            wording::clip(&other.source.url)
        ))
        .by(claim),
        _ => offered(ratio, ratios).by(claim),
    }
}

fn resolution<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let claim = context.newest(shot, |fact| match fact {
        Fact::Resolutions { offered, default } => Some((offered, default.as_deref())),
        _ => None,
    });
    let Some(((resolutions, default), claim)) = claim else {
        return RuleOutcome::no_claim(context, "resolutions", &shot.model, shot.mode);
    };
    let outcome = match (shot.resolution.as_deref(), default) {
        (Some(resolution), _) => {
            let of_inputs = of_other_inputs(context, shot, resolution);
            return of_inputs.unwrap_or_else(|| offered(resolution, resolutions).by(claim));
        }
        (None, Some(default)) => billed("resolution", default),
        (None, None) => undeclared("resolution"),
    };
    outcome.by(claim)
}

/// Other inputs beside the one the mode requires may turn the request into another job with its own limits.
fn of_other_inputs<'a>(context: &RuleContext<'a>, shot: &'a Shot, asked: &str) -> Option<RuleOutcome> {
    let own = shot.mode.required_input().map(Ingredient::from);
    let others = shot.ingredients().into_iter().filter(|one| Some(*one) != own);
    let mut jobs = others.flat_map(|one| Mode::asked_by(one).iter().map(move |mode| (one, *mode)));
    jobs.find_map(|(one, mode)| {
        let newest = context.catalogue.newest(&shot.model, mode, context.today(), |fact| match fact {
            Fact::Resolutions { offered, .. } => Some(offered),
            _ => None,
        });
        let (resolutions, claim) = newest.filter(|(all, _)| all.iter().all(|one| one != asked))?;
        let refused = offered(asked, resolutions);
        let seen = format!("{}: with `{}` it is made as {mode}", refused.seen, one.word());
        Some(RuleOutcome { seen, ..refused }.by(claim))
    })
}

fn offered(asked: &str, offered: &[String]) -> RuleOutcome {
    let asked_shown = wording::clip(asked);
    if offered.iter().any(|one| one == asked) {
        return RuleOutcome::holds(asked_shown);
    }
    let offered = wording::clip(&offered.join(", "));
    RuleOutcome::refuted(format!("{asked_shown} is not offered, only {offered}"))
        .sides(format!("one of {offered}"), asked_shown)
}

fn billed(field: &str, default: &str) -> RuleOutcome {
    RuleOutcome::caution(format!("`{field}` is not given: the default of {default} will be made and billed"))
}

fn undeclared(field: &str) -> RuleOutcome {
    RuleOutcome::unknown(
        Reason::NotDeclared,
        format!("`{field}` is not given, and no claim names the default"),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::media::Slot,
    };

    fn fixture(fields: (Option<u32>, Option<&str>, Option<&str>)) -> RuleFixture {
        let modes = [Mode::TextToVideo];
        let mut fixture = RuleFixture::new()
            .claim(&modes, Fact::Duration { min: 1, max: 15, default: Some(8) })
            .claim(&modes, Fact::AspectRatios(vec!["16:9".into(), "1:1".into()]))
            .claim(
                &modes,
                Fact::Resolutions {
                    offered: vec!["480p".into(), "720p".into()],
                    default: Some("480p".into()),
                },
            );
        let shot = fixture.shot();
        shot.duration = fields.0;
        shot.aspect_ratio = fields.1.map(str::to_owned);
        shot.resolution = fields.2.map(str::to_owned);
        fixture
    }

    #[rstest]
    #[case((Some(6), Some("16:9"), Some("720p")), RuleStatus::Holds, "6 s; 16:9; 720p")]
    #[case((Some(15), None, Some("480p")), RuleStatus::Holds, "15 s")]
    #[case((Some(0), None, Some("480p")), RuleStatus::Refuted, "0 s is outside 1–15 s")]
    #[case((Some(16), Some("21:9"), Some("1080p")), RuleStatus::Refuted, "1080p is not offered, only 480p, 720p")]
    #[case((None, None, None), RuleStatus::Caution, "default of 8 s")]
    #[case((None, None, None), RuleStatus::Caution, "default of 480p")]
    #[case((None, Some("auto"), None), RuleStatus::Refuted, "auto is not offered")]
    fn table(
        #[case] fields: (Option<u32>, Option<&str>, Option<&str>),
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let outcome = fixture(fields).rule("limits");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
        assert!(outcome.source.is_some());
    }

    #[rstest]
    #[case::both_have_it("16:9", "2026-09-01", RuleStatus::Holds)]
    #[case::one_of_the_day_has_it("21:9", "2026-09-01", RuleStatus::Caution)]
    #[case::neither_has_it("auto", "2026-09-01", RuleStatus::Refuted)]
    #[case::the_newer_alone_counts("21:9", "2026-09-02", RuleStatus::Holds)]
    fn two_pages_of_one_day_disagree(#[case] ratio: &str, #[case] day: &str, #[case] wanted: RuleStatus) {
        let ratios = |ratios: &[&str]| Fact::AspectRatios(ratios.iter().map(|&one| one.to_owned()).collect());
        let fixture = fixture((Some(6), Some(ratio), Some("480p")))
            .claim_on("2026-09-01", &[Mode::TextToVideo], ratios(&["16:9"]))
            .claim_on(day, &[Mode::TextToVideo], ratios(&["16:9", "21:9"]))
            .at("2026-10-01");
        assert_eq!(fixture.rule("limits").status, wanted);
    }

    #[rstest]
    #[case::both_offer_it(Some(Slot::LastFrame), "480p", RuleStatus::Holds, "480p")]
    #[case::the_job_of_the_input_does_not(
        Some(Slot::LastFrame),
        "720p",
        RuleStatus::Refuted,
        "720p is not offered, only 480p: with `last-frame` it is made as reference-to-video"
    )]
    #[case::nothing_beside_it(None, "720p", RuleStatus::Holds, "720p")]
    #[case::no_claim_about_that_job(Some(Slot::Video), "720p", RuleStatus::Holds, "720p")]
    fn a_further_input_brings_the_resolutions_of_its_own_job(
        #[case] slot: Option<Slot>,
        #[case] resolution: &str,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let of_references = Fact::Resolutions { offered: vec!["480p".into()], default: None };
        let mut fixture =
            fixture((Some(6), None, Some(resolution))).claim(&[Mode::ReferenceToVideo], of_references);
        fixture.shot().inputs = slot.into_iter().map(|slot| (slot, RuleFixture::file("a"))).collect();
        let outcome = fixture.rule("limits");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn without_a_claim_it_is_unknown() {
        let mut fixture = fixture((Some(6), None, Some("480p")));
        fixture.shot().mode = Mode::Extend;
        assert_eq!(fixture.rule("limits").status, RuleStatus::Unknown(Reason::NoClaim));
    }

    #[test]
    fn a_field_that_is_not_ignored_keeps_its_limits() {
        let edit = [Mode::Edit];
        let mut fixture = fixture((Some(16), None, Some("480p")))
            .claim(&edit, Fact::Ignores(vec!["resolution".to_owned()]))
            .claim(&edit, Fact::Duration { min: 1, max: 15, default: None })
            .claim(&edit, Fact::AspectRatios(vec![]));
        fixture.shot().mode = Mode::Edit;
        let outcome = fixture.rule("limits");
        assert_eq!(outcome.status, RuleStatus::Refuted, "{}", outcome.seen);
        assert!(outcome.seen.contains("16 s is outside 1–15 s"), "{}", outcome.seen);
    }

    #[rstest]
    #[case((Some(6), Some("16:9"), Some("480p")), RuleStatus::Caution)]
    #[case((None, None, None), RuleStatus::Holds)]
    fn ignored_fields_are_a_caution_when_given(
        #[case] fields: (Option<u32>, Option<&str>, Option<&str>),
        #[case] wanted: RuleStatus,
    ) {
        let ignores = ["duration", "aspect-ratio", "resolution"].map(str::to_owned).to_vec();
        let mut fixture = fixture(fields).claim(&[Mode::Edit], Fact::Ignores(ignores));
        fixture.shot().mode = Mode::Edit;
        assert_eq!(fixture.rule("limits").status, wanted);
    }
}
