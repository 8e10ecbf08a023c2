//! A checklist as written.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    super::{pieces::Pieces, spanned::Spanned},
    body::RawBody,
    expect::RawExpect,
    scalar::{RawDate, RawSource},
    word::{API_PATH, BASE_URL, DAYS, FILLED, HEADER, ID, JSON_PATH, PAGE_HOST, TOPIC},
};
use crate::model::{
    checklist::{AnswerKind, AppliesIf, EvidenceKind, Means, Severity},
    mode::Mode,
    question::{Covers, HangsOn},
    repeat::ForEach,
    route::{Route, Row},
};

/// Checks for a route: what is asked, of whom, and what must be true. Everything is data; nothing in it can
/// make a call that costs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "greenlight checklist", rename = "ChecklistFile")]
pub(in crate::load) struct RawChecklist {
    /// Its name; shipped names are taken.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The checklist that this one adds to.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) extends: Option<Spanned<String>>,
    /// The route it is for.
    pub(in crate::load) route: Option<Spanned<Route>>,
    /// Who owns the generation, in words.
    pub(in crate::load) owner: Option<String>,
    /// The day on which it was last compared with its sources.
    #[schemars(required)]
    pub(in crate::load) reviewed: Option<RawDate>,
    /// The host of calls that name none.
    pub(in crate::load) api: Option<Spanned<RawHost>>,
    /// Further hosts by name.
    #[serde(default)]
    #[schemars(extend("examples" = [{
        "status": {
            "base-url": "https://status.x.ai",
            "success": [{ "header": "content-type", "matches": "xml" }]
        }
    }]))]
    pub(in crate::load) host: IndexMap<String, Spanned<RawHost>>,
    /// Free, read-only calls.
    #[serde(default)]
    pub(in crate::load) probe: Vec<Spanned<RawProbe>>,
    /// The checks.
    #[serde(default)]
    pub(in crate::load) check: Vec<Spanned<RawCheck>>,
    /// Bad replies that are recognised.
    #[serde(default)]
    pub(in crate::load) fault: Vec<Spanned<RawFault>>,
    /// What a provider calls the models of xAI.
    #[serde(default)]
    pub(in crate::load) slug: Vec<Spanned<RawSlug>>,
    /// What was seen of sellers who re-use a consumer login. It is counted, and accuses nobody.
    #[serde(default)]
    pub(in crate::load) sign: Vec<Spanned<RawSign>>,
}

/// The lists of a checklist.
const LISTS: [&str; 5] = ["probe", "check", "fault", "slug", "sign"];

impl Pieces for RawChecklist {
    fn is_open(&self, text: &str) -> bool {
        fn all<T>(items: &[Spanned<T>], text: &str) -> bool {
            items.iter().all(|item| text.get(item.span()).is_some_and(|item| item.starts_with("[[")))
        }
        let (head, rest) = text.split_at(text.find("\n[[").unwrap_or(text.len()));
        // A list in brackets that is empty has no item to tell it by.
        let lists = |line: &str| {
            LISTS.iter().any(|list| line.trim_start().trim_start_matches(['"', '\'']).starts_with(list))
        };
        let other = |line: &str| {
            let header = line.trim_start().strip_prefix('[').filter(|header| !header.starts_with('['));
            header.is_some_and(|header| !LISTS.iter().any(|list| header.starts_with(list)))
        };
        !head.contains('\\')
            && !head.lines().any(lists)
            && !rest.lines().any(other)
            && all(&self.probe, text)
            && all(&self.check, text)
            && all(&self.fault, text)
            && all(&self.slug, text)
            && all(&self.sign, text)
    }

    fn join(&mut self, more: Self) {
        self.probe.extend(more.probe);
        self.check.extend(more.check);
        self.fault.extend(more.fault);
        self.slug.extend(more.slug);
        self.sign.extend(more.sign);
    }
}

/// What was seen of sellers who re-use a consumer login, recognised in one of five ways.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Sign", extend("oneOf" = [
    { "required": ["lengths", "keys"] },
    { "required": ["words"] },
    { "required": ["count", "keys"] },
    { "required": ["price-below"] },
    { "required": ["name"] }
]))]
pub(in crate::load) struct RawSign {
    /// Its name.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// What is seen, for a reader.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) says: Option<Spanned<String>>,
    /// Under which names a reply offers what is looked for.
    #[serde(default)]
    pub(in crate::load) keys: Vec<String>,
    /// No other lengths are offered, in whole seconds.
    #[schemars(length(min = 1))]
    pub(in crate::load) lengths: Option<Vec<u64>>,
    /// All these words are offered side by side.
    #[schemars(length(min = 1))]
    pub(in crate::load) words: Option<Vec<String>>,
    /// So many go into one call.
    pub(in crate::load) count: Option<u64>,
    /// The price lies below this share, in percent, of the dated price of the model's owner.
    #[schemars(range(min = 1, max = 100))]
    pub(in crate::load) price_below: Option<u64>,
    /// A regular expression for what a shot calls its model.
    pub(in crate::load) name: Option<Spanned<String>>,
    /// Where it was seen, and when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

/// What a provider calls a model of xAI, and the modes that it makes under that name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Slug")]
pub(in crate::load) struct RawSlug {
    /// The provider's id, as a shot names it.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// Further names for the same.
    #[serde(default)]
    pub(in crate::load) aliases: Vec<String>,
    /// What xAI calls the model.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) model: Option<Spanned<String>>,
    /// The modes that it makes; none where the provider does not say.
    #[serde(default)]
    pub(in crate::load) modes: Vec<Mode>,
    /// Where it is written, and since when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

/// Where calls go, and the key that goes with them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Host")]
pub(in crate::load) struct RawHost {
    /// `https://HOST` of a known owner, without user, port or query.
    #[schemars(required, regex(pattern = BASE_URL))]
    pub(in crate::load) base_url: Option<Spanned<String>>,
    /// Was read once, and is refused with what to do instead.
    #[schemars(skip)]
    pub(in crate::load) base_url_env: Option<Spanned<toml::Value>>,
    /// The key that goes with the calls.
    pub(in crate::load) key: Option<Spanned<RawKey>>,
    /// What a 2xx reply shows when it is a success; all must hold. Anything else is an error, whatever its status:
    /// no check passes on it. A body that tells of an error at its top (`error`, `errors`), or that holds a key
    /// twice, is none in any case.
    #[schemars(length(min = 1), extend("examples" = [[{ "path": "$.code", "absent": true }]]))]
    pub(in crate::load) success: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// What a page of a list shows when further ones follow; one of these is enough. The first page is read: what is
    /// not on it is unknown then, and not absent.
    #[schemars(length(min = 1), extend("examples" = [[{ "path": "$.has_more", "equals": true }]]))]
    pub(in crate::load) more: Option<Spanned<Vec<Spanned<RawExpect>>>>,
}

/// The key that goes with the calls. Keys never stand in a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Key")]
pub(in crate::load) struct RawKey {
    /// The owner's variable that holds it; with `_FILE` behind it, the variable that names its file.
    #[schemars(required)]
    pub(in crate::load) env: Option<Spanned<String>>,
    /// The owner's word before the key in the header, such as `Bearer`. How a key is sent is known of each; where it is
    /// said here as well, it must be the same.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) scheme: Option<Spanned<String>>,
    /// The owner's header for the key, such as `x-api-key`; where it is said, it must be the same.
    #[schemars(regex(pattern = HEADER))]
    pub(in crate::load) header: Option<Spanned<String>>,
    /// Keys that are meant for something else.
    #[serde(default)]
    pub(in crate::load) refuse: Vec<RawKeyShape>,
}

/// The beginning of a key that is meant for something else.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "KeyShape")]
pub(in crate::load) struct RawKeyShape {
    /// How such a key begins.
    pub(in crate::load) prefix: String,
    /// What it is, for the person who set it.
    pub(in crate::load) says: String,
}

/// A free call that changes nothing. It has one of `get`, `head`, and `post` with a `body`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Probe", extend("oneOf" = [
    { "required": ["get"] },
    { "required": ["head"] },
    { "required": ["post"] }
], "dependentRequired" = { "post": ["body"], "body": ["post"] }))]
pub(in crate::load) struct RawProbe {
    /// Its name within the checklist.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The path that is read, such as `/v1/models`.
    #[schemars(regex(pattern = API_PATH))]
    pub(in crate::load) get: Option<Spanned<String>>,
    /// The path of which the headers are read.
    #[schemars(regex(pattern = API_PATH))]
    pub(in crate::load) head: Option<Spanned<String>>,
    /// The path that is asked with a body, such as for a quote. Few such calls are free; they are listed in the product,
    /// each with the fields that its body may have.
    #[schemars(regex(pattern = API_PATH))]
    pub(in crate::load) post: Option<Spanned<String>>,
    /// What is sent along as JSON. A text may have holes: `{shot.model}` (also by
    /// halves, `{shot.model-owner}` and `{shot.model-name}`, before and behind its first `/`), `{shot.mode}`, `{shot.duration}` (a number when
    /// nothing else is in the text), `{shot.resolution}`, `{shot.aspect-ratio}`, or a name of `needs`. A text that is
    /// nothing but `{shot.aspect-ratio?}` is left out when the shot does not say it.
    #[schemars(with = "Option<IndexMap<String, serde_json::Value>>")]
    pub(in crate::load) body: Option<Spanned<RawBody>>,
    /// The host that is called.
    #[schemars(extend("default" = "api"))]
    pub(in crate::load) host: Option<Spanned<String>>,
    /// Repeats the call for every shot.
    #[schemars(extend("enum" = ["shot"]))]
    pub(in crate::load) for_each: Option<Spanned<ForEach>>,
    /// Values for the holes of path and body, by the names of the holes.
    #[serde(default)]
    pub(in crate::load) needs: IndexMap<String, Spanned<RawNeed>>,
    /// Where a success names the model that serves the shot (JSONPath): its price is the one that is paid.
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) serves: Option<Spanned<String>>,
    /// What a success shows beside what the host asks of one; all must hold.
    #[schemars(length(min = 1))]
    pub(in crate::load) success: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// Whether its success proves that the key is a good one. A wrapper whose key is sent has exactly one such call, and
    /// it is none that everybody gets an answer to.
    #[schemars(extend("default" = false))]
    pub(in crate::load) proves_key: Option<bool>,
}

/// The one entry of a list that a check looks at. Its paths begin at the entry then.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Entry")]
pub(in crate::load) struct RawEntry {
    /// Where the entries stand (JSONPath), such as `$.data[*]`.
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) of: Spanned<String>,
    /// Where in an entry its names stand (JSONPath), such as `["$.id"]`.
    #[schemars(length(min = 1), inner(regex(pattern = JSON_PATH)))]
    pub(in crate::load) by: Spanned<Vec<Spanned<String>>>,
    /// The name that it must have, such as `{shot.model}`.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) is: Spanned<String>,
}

/// A value that another probe must find first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Need")]
pub(in crate::load) struct RawNeed {
    /// The probe that finds it.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) probe: Spanned<String>,
    /// Where in its reply the value stands (JSONPath).
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) path: Spanned<String>,
}

/// One claim, decided by `probe` with `expect`, by `rule`, or by `question`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Check", extend(
    "anyOf" = [
        { "required": ["probe", "expect"] },
        { "required": ["rule"] },
        { "required": ["question"] }
    ],
    "dependentRequired" = { "expect": ["probe"], "entry": ["probe"], "with": ["rule"], "probes": ["rule"] },
    "dependentSchemas" = { "supports": { "anyOf": [{ "required": ["probe"] }, { "required": ["probes"] }] } }
))]
pub(in crate::load) struct RawCheck {
    /// Its name, unique over all checklists.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The part of the checklist it stands in.
    #[schemars(required)]
    pub(in crate::load) row: Option<Row>,
    /// What it is about, whichever route it belongs to, such as `retention`: checks of one topic are compared across
    /// routes and providers. `greenlight list --format json` shows the shipped topics.
    #[schemars(regex(pattern = TOPIC), length(max = 40))]
    pub(in crate::load) topic: Option<Spanned<String>>,
    /// What is claimed, in a few words.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) title: Option<Spanned<String>>,
    /// What it means for the gate when it does not pass.
    #[schemars(required)]
    pub(in crate::load) severity: Option<Severity>,
    /// Why it matters.
    #[schemars(required)]
    pub(in crate::load) why: Option<String>,
    /// What to do when it does not pass.
    #[schemars(required)]
    pub(in crate::load) fix: Option<String>,
    /// Where it is written, and since when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
    /// Repeats the check.
    pub(in crate::load) for_each: Option<Spanned<ForEach>>,
    /// What a project must have for the check to apply to it.
    pub(in crate::load) applies_if: Option<AppliesIf>,
    /// Checks that must pass first; else this one is blocked by them.
    #[serde(default)]
    pub(in crate::load) requires: Vec<Spanned<String>>,
    /// The call that decides it.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) probe: Option<Spanned<String>>,
    /// The one entry of the reply that is looked at. A list without it fails, one that holds it twice is unknown.
    pub(in crate::load) entry: Option<Spanned<RawEntry>>,
    /// What the call must show; all must hold.
    #[schemars(length(min = 1))]
    pub(in crate::load) expect: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// The built-in rule that decides it.
    pub(in crate::load) rule: Option<Spanned<String>>,
    /// What the rule is given.
    #[serde(default)]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub(in crate::load) with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
    /// The calls whose replies the rule looks at, by the rule's own names for them.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(in crate::load) probes: IndexMap<Spanned<String>, Spanned<String>>,
    /// The question that decides it; beside `rule`, what a person may confirm when the rule says no.
    #[schemars(extend("examples" = [{
        "ask": "Is the order form signed by both sides?",
        "type": "yes-no",
        "pass": ["yes"],
        "evidence": "file",
        "valid-for": "180d"
    }]))]
    pub(in crate::load) question: Option<Spanned<RawQuestion>>,
    /// What is shown of the reply: a label and its JSONPath.
    #[serde(default)]
    pub(in crate::load) show: IndexMap<String, Spanned<String>>,
    /// The question that this call brings evidence for.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) supports: Option<Spanned<String>>,
    /// The questions that this check answers as well as a person can: where it passes they do, unless somebody says
    /// otherwise, and where it fails they fail.
    #[serde(default)]
    #[schemars(inner(regex(pattern = ID)))]
    pub(in crate::load) settles: Vec<Spanned<String>>,
    /// Whether it may be set aside by a waiver.
    #[schemars(extend("default" = true))]
    pub(in crate::load) waivable: Option<bool>,
}

/// What only a person can find out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Question")]
pub(in crate::load) struct RawQuestion {
    /// The question.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) ask: Option<Spanned<String>>,
    /// What kind of value answers it.
    #[serde(rename = "type")]
    #[schemars(required)]
    pub(in crate::load) kind: Option<AnswerKind>,
    /// The values of a choice.
    #[serde(default)]
    pub(in crate::load) choices: Vec<String>,
    /// The values that pass; without any, every value does.
    #[serde(default)]
    pub(in crate::load) pass: Vec<Spanned<String>>,
    /// The evidence that is wanted.
    pub(in crate::load) evidence: Option<EvidenceKind>,
    /// Whose pages count as evidence: hosts such as `docs.x.ai`, or `*.x.ai` with all below it, or `{provider}`
    /// for the provider's own. Without any, everybody's count.
    #[schemars(length(min = 1), inner(regex(pattern = PAGE_HOST)))]
    pub(in crate::load) evidence_hosts: Option<Spanned<Vec<Spanned<String>>>>,
    /// How long an answer counts, in days such as `90d`.
    #[schemars(required, regex(pattern = DAYS))]
    pub(in crate::load) valid_for: Option<Spanned<String>>,
    /// What of the project an answer was given for: it counts for nothing of that which came or changed later.
    #[serde(default)]
    pub(in crate::load) hangs_on: Vec<HangsOn>,
    /// What an amount pays for: `job` is one clip, `shots` all of them made once each, `project` all of them with every
    /// retry. The sum is held against the budget.
    #[schemars(extend("default" = "project"))]
    pub(in crate::load) covers: Option<Spanned<Covers>>,
    /// Whether an amount of nothing is an answer.
    #[schemars(extend("default" = false))]
    pub(in crate::load) takes_zero: Option<Spanned<bool>>,
    /// Raised when the question comes to mean something else, which makes all its answers stale; a better wording
    /// alone leaves it as it is.
    #[schemars(range(min = 1), extend("default" = 1))]
    pub(in crate::load) revision: Option<Spanned<u32>>,
}

/// A recognised bad reply, what it means and what to do about it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Fault")]
pub(in crate::load) struct RawFault {
    /// Its name within the checklist.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// How it is recognised; all must hold.
    #[schemars(required, length(min = 1))]
    pub(in crate::load) when: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// The checks it speaks of; without any, all that make the call.
    #[serde(default)]
    pub(in crate::load) checks: Vec<Spanned<String>>,
    /// What it makes of a check.
    #[schemars(required)]
    pub(in crate::load) means: Option<Means>,
    /// Whether trying again may help.
    #[schemars(required)]
    pub(in crate::load) retry: Option<bool>,
    /// What happened, for a person.
    #[schemars(required)]
    pub(in crate::load) says: Option<String>,
    /// What to do about it.
    #[schemars(required)]
    pub(in crate::load) fix: Option<String>,
    /// Where it is written, and since when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}
