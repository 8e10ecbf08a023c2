//! The project file: what is to be made, or everything that is wrong with it.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    circles::Circles,
    raw::project::{RawBrief, RawCheckSettings, RawFailure, RawFile, RawInput, RawProject, RawShot},
    sink::{DiagnosticSink, Lines},
    spanned::Spanned,
    suggest,
};
use crate::model::{
    address::{self, Refused},
    id,
    id::ShotId,
    media::{Input, Slot, Way},
    money::Usd,
    owners::Owners,
    project::{
        Brief, CheckSettings, FailurePolicy, MOST_AT_A_TIME, MOST_OF_A_KIND, MOST_SHOTS, Project, Shot,
    },
    route::Route,
    routes::{Guide, RouteGuide},
};

impl DiagnosticSink<'_> {
    /// The project from a file; `None` when mistakes leave nothing usable.
    pub(super) fn project(&mut self, raw: RawFile, guide: &Guide, owners: &Owners) -> Option<Project> {
        let policies = (self.failure(raw.failure), self.check_settings(raw.check));
        let empty = raw.shot.is_empty();
        // Includes shots with mistakes, so that they aren't reported as missing.
        let named: Vec<String> =
            raw.shot.iter().filter_map(|shot| Some(shot.get_ref().id.as_ref()?.get_ref().clone())).collect();
        if let Some(beyond) = raw.shot.get(MOST_SHOTS) {
            let help = Some("split the project; `check` takes several at once".into());
            let message = format!("a project has at most {MOST_SHOTS} shots");
            self.error_with("wrong-operand", beyond.span(), message, help);
        }
        let mut shots: Vec<(Range<usize>, Shot)> = Vec::new();
        let mut lines = Lines::default();
        for shot in raw.shot.into_iter().take(MOST_SHOTS) {
            let at = shot.span();
            let line = lines.of(self.text, at.start);
            if let Some(shot) = self.shot(shot.into_inner(), &at, line) {
                shots.push((at, shot));
            }
        }
        if empty {
            self.error_with(
                "no-shots",
                0..0,
                "the project has no shot",
                Some("add a `[[shot]]`, or let `greenlight init` write one".into()),
            );
        }
        self.shot_names(&shots, &named);
        let header = self.need(raw.project, "[project]", "the file", &(0..0))?;
        let at = header.span();
        self.header(header.into_inner(), &at, policies, (guide, owners), shots)
    }

    fn header(
        &mut self,
        raw: RawProject,
        at: &Range<usize>,
        (failure, check): (FailurePolicy, CheckSettings),
        (guide, owners): (&Guide, &Owners),
        shots: Vec<(Range<usize>, Shot)>,
    ) -> Option<Project> {
        let name = self.seen(raw.name, "name", "`[project]`", at);
        let route = self.need(raw.route, "route", "`[project]`", at).map(Spanned::into_inner);
        let provider = self.provider(raw.provider, route, at, (guide, owners));
        let upload_url = raw.upload_url.and_then(|text| self.upload_url(text));
        let budget = raw.budget.and_then(|budget| {
            if *budget.get_ref() < Usd::ZERO {
                self.error("wrong-operand", budget.span(), "`budget` is not negative");
                return None;
            }
            Some(budget.into_inner())
        });
        let output = raw.output.and_then(|path| self.output(path));
        let length = raw.length.and_then(|text| self.duration(&text));
        let several = [(&raw.checklists, "checklists"), (&raw.catalogues, "catalogues")];
        for (list, what) in several {
            self.not_too_many(list, "`[project]`", what);
        }
        let paths = |list: Vec<Spanned<String>>| list.into_iter().map(|p| p.into_inner().into()).collect();
        Some(Project {
            name: name?,
            route: route?,
            provider: provider?,
            account: raw.account,
            budget,
            output,
            upload_url,
            commercial: raw.commercial.unwrap_or(false),
            length,
            checklists: paths(raw.checklists),
            catalogues: paths(raw.catalogues),
            failure,
            check,
            shots: shots.into_iter().map(|(_, shot)| shot).collect(),
            line: Lines::default().of(self.text, at.start),
        })
    }

    /// Where finished clips are kept: a folder, with its path taken literally. There is no shell to expand `~` or `$`.
    fn output(&mut self, path: Spanned<String>) -> Option<Utf8PathBuf> {
        let text = path.get_ref().as_str();
        let wrong = if text.trim().is_empty() {
            "`output` is empty"
        } else if text.contains("://") || text.starts_with("data:") {
            "`output` is a folder, not an address; `upload-url` names one"
        } else if text.starts_with('~') || text.contains('$') {
            "`output` is used as written: `~` and `$` are not expanded"
        } else if Utf8Path::new(text).parent().is_none() {
            "`output` is the root of this machine, not a folder in it"
        } else {
            return Some(path.into_inner().into());
        };
        self.error_with(
            "wrong-operand",
            path.span(),
            wrong,
            Some("write a folder, such as `output = \"clips/\"`".to_owned()),
        );
        None
    }

    /// Where clips are delivered: an address that the provider can reach. Its query may contain a signature.
    fn upload_url(&mut self, text: Spanned<String>) -> Option<String> {
        let message = match address::read(text.get_ref()).ok().map(|url| address::refused(&url)) {
            Some(None) => return Some(text.into_inner()),
            None | Some(Some(Refused::NotHttps)) => "`upload-url` is a full `https://` address".to_owned(),
            Some(Some(Refused::Login)) => "`upload-url` contains a user name or password".to_owned(),
            Some(Some(Refused::NotPublic(what))) => {
                format!("`upload-url` cannot be reached by a provider: {what}")
            }
        };
        self.error("bad-url", text.span(), message);
        None
    }

    /// The owner of the route, by its known name, so that no one else's pages count as the owner's.
    fn provider(
        &mut self,
        raw: Option<Spanned<String>>,
        route: Option<Route>,
        at: &Range<usize>,
        (guide, owners): (&Guide, &Owners),
    ) -> Option<String> {
        let usual = guide.route(route?)?.provider.clone();
        let Some(named) = raw else {
            if usual.is_none() {
                self.error_with(
                    "missing-key",
                    at.clone(),
                    "`[project]` has no `provider`",
                    Some("a wrapper is named by its provider, for example `provider = \"fal\"`".into()),
                );
            }
            return usual;
        };
        let (name, span) = (named.get_ref().as_str(), named.span());
        let mut refuse = |message: String, help: String| {
            self.error_with("wrong-owner", span.clone(), message, Some(help));
            None
        };
        if let Some(usual) = usual.filter(|usual| usual != name) {
            let message = format!("`provider` is `{name}`, but this route belongs to `{usual}`");
            return refuse(message, "drop `provider`, or set `route = \"wrapper\"`".to_owned());
        }
        if let Some(meant) = owners.spelt_otherwise(name) {
            let message = format!("`provider` is `{name}`, which is written `{meant}` here");
            return refuse(message, format!("write `provider = \"{meant}\"`"));
        }
        let of_another_route =
            |known: &&RouteGuide| route == Some(Route::Wrapper) && known.provider.as_deref() == Some(name);
        if let Some(known) = guide.routes.iter().find(of_another_route) {
            let message = format!("`{name}` isn't a wrapper: it owns the route `{}`", known.route);
            return refuse(message, format!("write `route = \"{}\"`, or name the wrapper", known.route));
        }
        if let Err(rule) = id::validate(name) {
            self.error_with(
                "bad-id",
                span,
                format!("`{name}` is not a provider's id"),
                Some(rule.to_string()),
            );
            return None;
        }
        Some(named.into_inner())
    }

    fn failure(&mut self, raw: Option<RawFailure>) -> FailurePolicy {
        let Some(raw) = raw else { return FailurePolicy::default() };
        FailurePolicy { retries: raw.retries, timeout: raw.timeout.and_then(|text| self.duration(&text)) }
    }

    fn check_settings(&mut self, raw: Option<RawCheckSettings>) -> CheckSettings {
        let Some(raw) = raw else { return CheckSettings::default() };
        let timeout = raw.timeout.and_then(|text| {
            let time = self.duration(&text)?;
            if time.is_zero() {
                self.error("wrong-operand", text.span(), "`timeout` must be longer than zero");
            }
            Some(time)
        });
        let concurrency = raw.concurrency.and_then(|number| {
            let fits = (1..=MOST_AT_A_TIME).contains(number.get_ref());
            if !fits {
                let message = format!("`concurrency` is a number from 1 to {MOST_AT_A_TIME}");
                self.error("wrong-operand", number.span(), message);
            }
            fits.then(|| number.into_inner())
        });
        CheckSettings { fail_on: raw.fail_on, timeout, concurrency }
    }

    fn duration(&mut self, text: &Spanned<String>) -> Option<Duration> {
        let parsed = humantime::parse_duration(text.get_ref());
        if parsed.is_err() {
            self.error_with(
                "bad-duration",
                text.span(),
                format!("`{}` is not a duration", text.get_ref()),
                Some("write a number with its unit, such as `30s` or `10m`".into()),
            );
        }
        parsed.ok()
    }

    fn shot(&mut self, raw: RawShot, at: &Range<usize>, line: u32) -> Option<Shot> {
        let id = self.need(raw.id, "id", "the shot", at)?;
        let id = self.named(ShotId::new, id.get_ref(), id.span())?;
        let whose = format!("shot `{id}`");
        let mode = self.need(raw.mode, "mode", &whose, at);
        let model = self.seen(raw.model, "model", &whose, at);
        let ratio = raw.aspect_ratio.and_then(|text| self.ratio(text));
        let mut inputs = Vec::new();
        let single = [(Slot::Image, raw.image), (Slot::LastFrame, raw.last_frame), (Slot::Video, raw.video)];
        self.not_too_many(&raw.references, &whose, "references");
        let several = raw.references.into_iter().take(MOST_OF_A_KIND).map(|input| (Slot::References, input));
        for (slot, input) in
            single.into_iter().filter_map(|(slot, input)| Some((slot, input?))).chain(several)
        {
            inputs.extend(self.input(slot, input).map(|input| (slot, input)));
        }
        let (keyframes, keyframe_millis): (Vec<_>, _) =
            self.keyframes(raw.keyframes, &whose).into_iter().unzip();
        inputs.extend(keyframes.into_iter().map(|input| (Slot::Keyframes, input)));
        inputs.sort_by_key(|(slot, _)| *slot);
        Some(Shot {
            id,
            mode: mode?,
            model: model?,
            duration: raw.duration,
            aspect_ratio: ratio,
            resolution: raw.resolution.map(Spanned::into_inner),
            prompt: raw.prompt,
            brief: raw.brief.map(brief),
            inputs,
            keyframe_millis,
            voices: self.voices(raw.voices, &whose),
            line,
        })
    }

    fn ratio(&mut self, text: Spanned<String>) -> Option<String> {
        let number = |part: &str| part.parse::<u16>().is_ok_and(|number| number > 0);
        let fits = text.get_ref().split_once(':').is_some_and(|(w, h)| number(w) && number(h));
        if !fits {
            self.error_with(
                "bad-ratio",
                text.span(),
                format!("`{}` is not an aspect ratio", text.get_ref()),
                Some("write width and height, such as `16:9`".into()),
            );
        }
        fits.then(|| text.into_inner())
    }

    pub(super) fn input(&mut self, slot: Slot, raw: Spanned<RawInput>) -> Option<Input> {
        let at = raw.span();
        let mut raw = raw.into_inner();
        if let Some(text) = raw.text.take() {
            let address =
                text.split_once("://").is_some_and(|(scheme, _)| scheme.chars().all(char::is_alphanumeric));
            *(if address { &mut raw.url } else { &mut raw.path }) = Some(text);
        }
        if raw.send.is_some() && raw.path.is_none() {
            self.error("ambiguous", at.clone(), "`send` goes with a local `path`");
        }
        match (raw.path, raw.url, raw.shot) {
            (Some(path), None, None) if !path.trim().is_empty() => match raw.send.unwrap_or(Way::DataUri) {
                Way::Url => {
                    self.error("wrong-operand", at, "a local file is sent as `data-uri` or by `upload`");
                    None
                }
                way => Some(Input::File { path: path.into(), way }),
            },
            (None, Some(url), None) => self.address(&url, at),
            (None, None, Some(name)) => {
                if slot != Slot::Video {
                    let message = format!("another shot's clip can be `video`, not `{}`", slot.word());
                    self.error("wrong-operand", at.clone(), message);
                }
                self.named(ShotId::new, &name, at).map(Input::Shot)
            }
            _ => {
                self.error("wrong-operand", at, "an input is one of `path`, `url` and `shot`");
                None
            }
        }
    }

    fn address(&mut self, text: &str, at: Range<usize>) -> Option<Input> {
        let url = self.keep(address::read(text), "bad-url", at.clone())?;
        if matches!(url.scheme(), "https" | "http") && url.host_str().is_some() {
            return Some(Input::Url(url));
        }
        self.error("bad-url", at, "an input's address is an `https://` URL");
        None
    }

    /// Shot names are unique, references lead somewhere, and there is no cycle.
    fn shot_names(&mut self, shots: &[(Range<usize>, Shot)], named: &[String]) {
        let mut first: HashMap<&str, Range<usize>> = HashMap::new();
        for (at, shot) in shots {
            match first.get(shot.id.as_str()) {
                Some(earlier) => self.twice("shot", shot.id.as_str(), earlier.clone(), at.clone()),
                None => {
                    first.insert(shot.id.as_str(), at.clone());
                }
            }
        }
        let next: HashMap<&str, Vec<&str>> = shots
            .iter()
            .map(|(_, shot)| (shot.id.as_str(), shot.follows().map(ShotId::as_str).into_iter().collect()))
            .collect();
        let circles = Circles::among(shots.iter().map(|(_, shot)| shot.id.as_str()), &next);
        let known: HashSet<&str> = named.iter().map(String::as_str).collect();
        for (at, shot) in shots {
            if let Some(target) = shot.follows().filter(|id| !known.contains(id.as_str())) {
                let others = named.iter().map(String::as_str).filter(|name| *name != shot.id.as_str());
                let help = suggest::among(target.as_str(), others);
                self.error_with("unknown-name", at.clone(), format!("there is no shot `{target}`"), help);
            }
            if let Some(circle) = circles.from(shot.id.as_str()) {
                self.error("circle", at.clone(), format!("shots start from each other: {circle}"));
            }
        }
    }
}

fn brief(raw: RawBrief) -> Brief {
    Brief {
        subject: raw.subject,
        action: raw.action,
        setting: raw.setting,
        camera: raw.camera,
        style: raw.style,
        exclude: raw.exclude,
    }
}
