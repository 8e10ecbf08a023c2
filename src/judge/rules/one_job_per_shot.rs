//! A shot has the inputs of its own mode and no others.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        catalogue::{Claim, Fact},
        media::Ingredient,
        mode::Mode,
        project::Shot,
        rule::RuleSpec,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "one-job-per-shot",
        decides: "The shot gives the input its mode requires, or what a dated claim says is enough instead, and \
                  besides that only what a dated claim allows.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let given = shot.ingredients();
    let job = Job::of(context, shot, shot.mode);
    if let Some(own) = job.own.filter(|_| !job.is_begun(&given)) {
        let own = own.word();
        let instead =
            if job.instead.is_empty() { String::new() } else { format!(" (or {})", words(job.instead)) };
        return RuleOutcome::refuted(format!("{} without `{own}`{instead}", shot.mode))
            .sides(format!("`{own}`{instead}"), words(&given))
            .fix(format!("Give shot `{}` its `{own}`, or choose the mode that fits its inputs.", shot.id));
    }
    let foreign = job.foreign(&given);
    let outcome = if foreign.is_empty() {
        RuleOutcome::holds(format!("{} with {}", shot.mode, words(&given)))
    } else {
        RuleOutcome::refuted(format!("{} is asked together with {}", shot.mode, words(&foreign)))
            .sides(format!("{} with {}", shot.mode, words(job.own.as_slice())), words(&given))
            .fix(split(context, shot, &given, &foreign))
    };
    match job.claim {
        Some(claim) if given.len() > 1 => outcome.by(claim),
        _ => outcome,
    }
}

/// What a mode accepts, as far as it is known.
struct Job<'a> {
    /// What the mode requires.
    own: Option<Ingredient>,
    /// What can replace that.
    instead: &'a [Ingredient],
    /// What may be given beside it.
    beside: &'a [Ingredient],
    /// The claim that says what may be given beside it.
    claim: Option<&'a Claim>,
}

impl<'a> Job<'a> {
    fn of(context: &RuleContext<'a>, shot: &Shot, mode: Mode) -> Self {
        let catalogue = context.catalogue;
        let beside = catalogue.newest(&shot.model, mode, context.today(), |fact| match fact {
            Fact::Combines(list) => Some(list.as_slice()),
            _ => None,
        });
        let instead = catalogue.newest(&shot.model, mode, context.today(), |fact| match fact {
            Fact::Instead(list) => Some(list.as_slice()),
            _ => None,
        });
        Self {
            own: mode.required_input().map(Ingredient::from),
            instead: instead.map_or(&[], |(list, _)| list),
            beside: beside.map_or(&[], |(list, _)| list),
            claim: beside.map(|(_, claim)| claim),
        }
    }

    /// Whether what the mode requires is there.
    fn is_begun(&self, given: &[Ingredient]) -> bool {
        self.own.is_none_or(|own| given.contains(&own)) || given.iter().any(|one| self.instead.contains(one))
    }

    /// What doesn't belong to the mode.
    fn foreign(&self, given: &[Ingredient]) -> Vec<Ingredient> {
        let replaced = self.own.is_some_and(|own| !given.contains(&own));
        let belongs = |one: &Ingredient| {
            Some(*one) == self.own || self.beside.contains(one) || replaced && self.instead.contains(one)
        };
        given.iter().copied().filter(|one| !belongs(one)).collect()
    }
}

fn words(all: &[Ingredient]) -> String {
    let words: Vec<_> = all.iter().map(|one| one.word()).collect();
    if words.is_empty() { "no input".to_owned() } else { wording::names(&words) }
}

/// The mode that accepts everything together, if there is one, and the shots that a shot with too many inputs should
/// become.
fn split(context: &RuleContext<'_>, shot: &Shot, given: &[Ingredient], foreign: &[Ingredient]) -> String {
    let takes_all = |mode: &Mode| {
        let job = Job::of(context, shot, *mode);
        job.own.is_some() && job.is_begun(given) && job.foreign(given).is_empty()
    };
    let whole: Vec<_> = Mode::ALL.iter().filter(|mode| takes_all(mode)).map(|mode| mode.word()).collect();
    let whole = if whole.is_empty() {
        String::new()
    } else {
        format!("write `mode` as {}, which takes all of it; or ", wording::names(&whole))
    };
    let mut jobs = vec![format!("one {} shot", shot.mode)];
    for one in foreign {
        let modes: Vec<_> = Mode::asked_by(*one).iter().map(|mode| mode.word()).collect();
        jobs.push(format!("one {} shot with `{}`", modes.join(" or "), one.word()));
    }
    format!("{whole}split it: {}; a later shot may start from an earlier one.", jobs.join(", "))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::media::Slot,
    };

    fn fixture(mode: Mode, slots: &[Slot]) -> RuleFixture {
        let combines = vec![Ingredient::Image, Ingredient::LastFrame, Ingredient::Voices];
        let mut fixture = RuleFixture::new()
            .claim(&[Mode::ReferenceToVideo], Fact::Combines(combines))
            .claim(&[Mode::ReferenceToVideo], Fact::Instead(vec![Ingredient::Keyframes, Ingredient::Voices]));
        fixture.shot().mode = mode;
        fixture.shot().inputs = slots.iter().map(|slot| (*slot, RuleFixture::file("a"))).collect();
        fixture
    }

    #[rstest]
    #[case(Mode::TextToVideo, &[], RuleStatus::Holds, "text-to-video with no input")]
    #[case(Mode::TextToVideo, &[Slot::Image], RuleStatus::Refuted, "text-to-video is asked together with `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image], RuleStatus::Holds, "image-to-video with `image`")]
    #[case(Mode::ImageToVideo, &[], RuleStatus::Refuted, "image-to-video without `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image, Slot::LastFrame], RuleStatus::Refuted, "image-to-video is asked together with `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::LastFrame], RuleStatus::Holds, "reference-to-video with `references`, `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::Video], RuleStatus::Refuted, "reference-to-video is asked together with `video`")]
    #[case(Mode::ReferenceToVideo, &[], RuleStatus::Refuted, "reference-to-video without `references` (or `keyframes`, `voices`)")]
    #[case(Mode::ReferenceToVideo, &[Slot::Image], RuleStatus::Refuted, "reference-to-video without `references` (or `keyframes`, `voices`)")]
    #[case(Mode::ReferenceToVideo, &[Slot::Keyframes], RuleStatus::Holds, "reference-to-video with `keyframes`")]
    #[case(Mode::ReferenceToVideo, &[Slot::Image, Slot::Keyframes], RuleStatus::Holds, "reference-to-video with `image`, `keyframes`")]
    #[case(Mode::ReferenceToVideo, &[Slot::Keyframes, Slot::Video], RuleStatus::Refuted, "reference-to-video is asked together with `video`")]
    #[case::enough_alone_is_not_allowed_beside(Mode::ReferenceToVideo, &[Slot::References, Slot::Keyframes], RuleStatus::Refuted, "reference-to-video is asked together with `keyframes`")]
    #[case(Mode::Edit, &[Slot::Video], RuleStatus::Holds, "edit with `video`")]
    #[case(Mode::Edit, &[Slot::Keyframes, Slot::Video], RuleStatus::Refuted, "edit is asked together with `keyframes`")]
    #[case(Mode::Extend, &[Slot::Image], RuleStatus::Refuted, "extend without `video`")]
    fn table(#[case] mode: Mode, #[case] slots: &[Slot], #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = fixture(mode, slots).rule("one-job-per-shot");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
        // Who says what may stand beside another input is the source where there is one.
        assert_eq!(outcome.source.is_some(), mode == Mode::ReferenceToVideo && slots.len() > 1);
    }

    #[rstest]
    #[case(Mode::ReferenceToVideo, &[], RuleStatus::Holds, "reference-to-video with `voices`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References], RuleStatus::Holds, "reference-to-video with `references`, `voices`")]
    #[case(Mode::TextToVideo, &[], RuleStatus::Refuted, "text-to-video is asked together with `voices`")]
    #[case(Mode::Edit, &[Slot::Video], RuleStatus::Refuted, "edit is asked together with `voices`")]
    fn voices_belong_to_a_job_as_inputs_do(
        #[case] mode: Mode,
        #[case] slots: &[Slot],
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let mut fixture = fixture(mode, slots);
        fixture.shot().voices = vec!["ada".to_owned()];
        let outcome = fixture.rule("one-job-per-shot");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[test]
    fn without_a_claim_a_required_input_cannot_be_replaced() {
        let mut fixture = fixture(Mode::ReferenceToVideo, &[Slot::Keyframes]);
        fixture.shot().model = "stranger".to_owned();
        let outcome = fixture.rule("one-job-per-shot");
        assert_eq!(
            (outcome.status, outcome.seen.as_str()),
            (RuleStatus::Refuted, "reference-to-video without `references`")
        );
    }

    #[test]
    fn the_mode_that_takes_everything_together_is_named() {
        let fix = fixture(Mode::ImageToVideo, &[Slot::Image, Slot::Keyframes]).rule("one-job-per-shot").fix;
        let wanted = "write `mode` as `reference-to-video`, which takes all of it; or split it: one image-to-video shot, \
                      one reference-to-video shot with `keyframes`; a later shot may start from an earlier one.";
        assert_eq!(fix.as_deref(), Some(wanted));
    }

    #[test]
    fn a_mode_that_lacks_its_own_input_takes_nothing_together() {
        let fix = fixture(Mode::ImageToVideo, &[Slot::Image, Slot::LastFrame]).rule("one-job-per-shot").fix;
        assert!(fix.as_ref().unwrap().starts_with("split it: one image-to-video shot, "), "{fix:?}");
    }

    #[test]
    fn three_jobs_at_once_are_split_with_the_split_spelled_out() {
        let mut fixture = RuleFixture::new();
        fixture.shot().mode = Mode::Edit;
        fixture.shot().inputs =
            [Slot::Image, Slot::References, Slot::Video].map(|slot| (slot, RuleFixture::file("a"))).to_vec();
        let fix = fixture.rule("one-job-per-shot").fix.unwrap();
        for part in [
            "one edit shot",
            "one image-to-video shot with `image`",
            "one reference-to-video shot with `references`",
        ] {
            assert!(fix.contains(part), "{fix}");
        }
    }
}
