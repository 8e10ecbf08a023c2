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

/// Checks for a route: what is asked, of whom, and what must be true. Everything is data; nothing in it can make a call
/// that costs anything.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "greenlight checklist", rename = "ChecklistFile")]
pub(in crate::load) struct RawChecklist {
    /// Its name; it can't be that of a shipped checklist.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The checklist that this one extends.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) extends: Option<Spanned<String>>,
    /// The route it is for.
    pub(in crate::load) route: Option<Spanned<Route>>,
    /// Who owns the generation, in words.
    pub(in crate::load) owner: Option<String>,
    /// The day on which it was last compared with its sources.
    #[schemars(required)]
    pub(in crate::load) reviewed: Option<RawDate>,
    /// The host for calls that name none.
    pub(in crate::load) api: Option<Spanned<RawHost>>,
    /// More hosts, by name.
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
    /// A provider's names for xAI's models.
    #[serde(default)]
    pub(in crate::load) slug: Vec<Spanned<RawSlug>>,
    /// Known signs of sellers who re-use a consumer login. They are counted, and are no accusation.
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
        // An empty list in brackets has no item to identify it by.
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

/// A known sign of sellers who re-use a consumer login, recognised in one of five ways.
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
    /// What it looks like, for a reader.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) says: Option<Spanned<String>>,
    /// The names under which a reply offers what is looked for.
    #[serde(default)]
    pub(in crate::load) keys: Vec<String>,
    /// Only these lengths are offered, in whole seconds.
    #[schemars(length(min = 1))]
    pub(in crate::load) lengths: Option<Vec<u64>>,
    /// All these words are offered side by side.
    #[schemars(length(min = 1))]
    pub(in crate::load) words: Option<Vec<String>>,
    /// This many go into one call.
    pub(in crate::load) count: Option<u64>,
    /// The price is below this percentage of the dated price of the model's owner.
    #[schemars(range(min = 1, max = 100))]
    pub(in crate::load) price_below: Option<u64>,
    /// A regular expression for the shot's name for its model.
    pub(in crate::load) name: Option<Spanned<String>>,
    /// Where it was seen, and when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

/// A provider's name for one of xAI's models, and the modes that it makes under that name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Slug")]
pub(in crate::load) struct RawSlug {
    /// The provider's id, as a shot names it.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// Other names for the same model.
    #[serde(default)]
    pub(in crate::load) aliases: Vec<String>,
    /// xAI's name for the model.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) model: Option<Spanned<String>>,
    /// The modes that it makes; empty if the provider doesn't say.
    #[serde(default)]
    pub(in crate::load) modes: Vec<Mode>,
    /// Where it is written, and since when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

/// Where calls go, and the key that is sent with them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Host")]
pub(in crate::load) struct RawHost {
    /// `https://HOST` of a known owner, without user, port or query.
    #[schemars(required, regex(pattern = BASE_URL))]
    pub(in crate::load) base_url: Option<Spanned<String>>,
    /// Was supported once, and is now refused with advice on what to do instead.
    #[schemars(skip)]
    pub(in crate::load) base_url_env: Option<Spanned<toml::Value>>,
    /// The key that is sent with the calls.
    pub(in crate::load) key: Option<Spanned<RawKey>>,
    /// What a 2xx reply shows when it is a success; all must hold. Anything else is an error, whatever its status: no
    /// check passes on it. A body that reports an error at its top level (`error`, `errors`), or that contains a key
    /// twice, is never a success.
    #[schemars(length(min = 1), extend("examples" = [[{ "path": "$.code", "absent": true }]]))]
    pub(in crate::load) success: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// What a page of a list shows when more pages follow; one of these is enough. Only the first page is read: what
    /// isn't on it is then unknown, and not absent.
    #[schemars(length(min = 1), extend("examples" = [[{ "path": "$.has_more", "equals": true }]]))]
    pub(in crate::load) more: Option<Spanned<Vec<Spanned<RawExpect>>>>,
}

/// The key that is sent with the calls. Keys are never written in a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Key")]
pub(in crate::load) struct RawKey {
    /// The owner's variable that contains it; with `_FILE` appended, the variable that names its file.
    #[schemars(required)]
    pub(in crate::load) env: Option<Spanned<String>>,
    /// The owner's word before the key in the header, such as `Bearer`. How each key is sent is already known; if it is
    /// given here as well, it must be the same.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) scheme: Option<Spanned<String>>,
    /// The owner's header for the key, such as `x-api-key`; if given, it must be the same.
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
    /// The path whose headers are read.
    #[schemars(regex(pattern = API_PATH))]
    pub(in crate::load) head: Option<Spanned<String>>,
    /// The path that is called with a body, such as for a quote. Few such calls are free; they are listed in the
    /// product, each with the fields that its body may have.
    #[schemars(regex(pattern = API_PATH))]
    pub(in crate::load) post: Option<Spanned<String>>,
    /// The JSON body. A text may have holes: `{shot.model}` (also in parts, `{shot.model-owner}` and
    /// `{shot.model-name}`, before and after its first `/`), `{shot.mode}`, `{shot.duration}` (a number when nothing
    /// else is in the text), `{shot.resolution}`, `{shot.aspect-ratio}`, or a name from `needs`. A text that is just
    /// `{shot.aspect-ratio?}` is left out when the shot doesn't define it.
    #[schemars(with = "Option<IndexMap<String, serde_json::Value>>")]
    pub(in crate::load) body: Option<Spanned<RawBody>>,
    /// The host that is called.
    #[schemars(extend("default" = "api"))]
    pub(in crate::load) host: Option<Spanned<String>>,
    /// Repeats the call for every shot.
    #[schemars(extend("enum" = ["shot"]))]
    pub(in crate::load) for_each: Option<Spanned<ForEach>>,
    /// Values for the holes in path and body, by the names of the holes.
    #[serde(default)]
    pub(in crate::load) needs: IndexMap<String, Spanned<RawNeed>>,
    /// Where a success names the model that serves the shot (JSONPath): its price is the one that is paid.
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) serves: Option<Spanned<String>>,
    /// What a success shows in addition to what the host requires; all must hold.
    #[schemars(length(min = 1))]
    pub(in crate::load) success: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    /// Whether its success proves that the key is valid. A wrapper whose key is sent has exactly one such call, and it
    /// must not be one that answers everyone.
    #[schemars(extend("default" = false))]
    pub(in crate::load) proves_key: Option<bool>,
}

/// The list entry that a check looks at. The check's paths then start at the entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Entry")]
pub(in crate::load) struct RawEntry {
    /// Where the entries are (JSONPath), such as `$.data[*]`.
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) of: Spanned<String>,
    /// Where in an entry its names are (JSONPath), such as `["$.id"]`.
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
    /// Where in its reply the value is (JSONPath).
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
    /// What it is about, whatever its route, such as `retention`: checks with the same topic are compared across routes
    /// and providers. `greenlight list --format json` shows the shipped topics.
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
    /// Checks that must pass first; otherwise this one is blocked by them.
    #[serde(default)]
    pub(in crate::load) requires: Vec<Spanned<String>>,
    /// The call that decides it.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) probe: Option<Spanned<String>>,
    /// The list entry in the reply that is looked at. A list without it fails; if it is listed twice, the result is
    /// unknown.
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
    /// The question that decides it; with `rule`, what a person may confirm when the rule says no.
    #[schemars(extend("examples" = [{
        "ask": "Is the order form signed by both sides?",
        "type": "yes-no",
        "pass": ["yes"],
        "evidence": "file",
        "valid-for": "180d"
    }]))]
    pub(in crate::load) question: Option<Spanned<RawQuestion>>,
    /// What is shown from the reply: a label and its JSONPath.
    #[serde(default)]
    pub(in crate::load) show: IndexMap<String, Spanned<String>>,
    /// The question that this call is evidence for.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) supports: Option<Spanned<String>>,
    /// The questions that this check answers as well as a person can: if it passes they pass, unless a person says
    /// otherwise, and if it fails they fail.
    #[serde(default)]
    #[schemars(inner(regex(pattern = ID)))]
    pub(in crate::load) settles: Vec<Spanned<String>>,
    /// Whether it may be waived.
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
    /// The values that pass; every value does if empty.
    #[serde(default)]
    pub(in crate::load) pass: Vec<Spanned<String>>,
    /// The required evidence.
    pub(in crate::load) evidence: Option<EvidenceKind>,
    /// Whose pages count as evidence: hosts such as `docs.x.ai`, or `*.x.ai` with all its subdomains, or `{provider}`
    /// for the provider's own. Without any, everyone's count.
    #[schemars(length(min = 1), inner(regex(pattern = PAGE_HOST)))]
    pub(in crate::load) evidence_hosts: Option<Spanned<Vec<Spanned<String>>>>,
    /// How long an answer is valid, in days such as `90d`.
    #[schemars(required, regex(pattern = DAYS))]
    pub(in crate::load) valid_for: Option<Spanned<String>>,
    /// What part of the project an answer depends on: it isn't valid for anything added or changed later.
    #[serde(default)]
    pub(in crate::load) hangs_on: Vec<HangsOn>,
    /// What an amount pays for: `job` is one clip, `shots` all of them made once each, `project` all of them with every
    /// retry. The sum is compared with the budget.
    #[schemars(extend("default" = "project"))]
    pub(in crate::load) covers: Option<Spanned<Covers>>,
    /// Whether an amount of zero is a valid answer.
    #[schemars(extend("default" = false))]
    pub(in crate::load) takes_zero: Option<Spanned<bool>>,
    /// Raise it when the meaning of the question changes, which makes all its answers stale; better wording alone
    /// leaves it unchanged.
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
    /// The checks it applies to; all that make the call if empty.
    #[serde(default)]
    pub(in crate::load) checks: Vec<Spanned<String>>,
    /// What it means for a check.
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
