//! Expectations: from the keys of a table to a typed claim, or to what is wrong with them.

use std::ops::Range;

use super::{
    operands::always,
    raw::{
        expect::{RawErrorPart, RawExpect, RawShort},
        scalar::RawLiteral,
    },
    sink::DiagnosticSink,
    spanned::Spanned,
};
use crate::model::{
    expect::{Expectation, Literal, MAX_DEPTH, Operator, Path, Pattern, Quantifier, Subject, Test},
    template::Template,
};

const NOTHING: &str = "this expectation asserts nothing";

/// Most regular expressions in all checklists of a project. Together with the size limit this bounds what someone
/// else's checklist can cost: about 100 MiB and a second.
pub(super) const MOST_PATTERNS: usize = 400;

const SUBJECTS: &str =
    "name a subject: `status`, `header`, `path`, `error`, `body`, `transport` or `success`";
const OPERATORS: &str = "say what it must be, for example `exists = true` or `equals = \"…\"`";

impl DiagnosticSink<'_> {
    /// A list of expectations that must all hold; an empty list asserts nothing.
    pub(super) fn expectations(&mut self, list: Spanned<Vec<Spanned<RawExpect>>>) -> Vec<Expectation> {
        if list.get_ref().is_empty() {
            self.error("asserts-nothing", list.span(), NOTHING);
        }
        list.into_inner()
            .into_iter()
            .filter_map(|raw| {
                let span = raw.span();
                self.expectation(raw.into_inner(), &span, 0)
            })
            .collect()
    }

    fn expectation(&mut self, mut raw: RawExpect, at: &Range<usize>, depth: usize) -> Option<Expectation> {
        if depth >= MAX_DEPTH {
            self.error("too-deep", at.clone(), format!("expectations nest at most {MAX_DEPTH} deep"));
            return None;
        }
        if let Some((subject, short)) = self.subject(&mut raw, at)? {
            return self.test(subject, short, raw, at, depth);
        }
        let composed = (raw.all_of.take(), raw.any_of.take(), raw.not.take());
        if !matches!(composed, (None, None, None)) && (raw.has_operator() || raw.has_subject()) {
            self.error_with(
                "ambiguous",
                at.clone(),
                "an operator here has no subject",
                Some(SUBJECTS.into()),
            );
            return None;
        }
        match composed {
            (Some(list), None, None) => Some(Expectation::AllOf(self.several(list, at, depth)?)),
            (None, Some(list), None) => Some(Expectation::AnyOf(self.several(list, at, depth)?)),
            (None, None, Some(inner)) => {
                Some(Expectation::Not(Box::new(self.expectation(*inner, at, depth + 1)?)))
            }
            (None, None, None) => {
                if !self.touched(at) {
                    self.error_with("asserts-nothing", at.clone(), NOTHING, Some(SUBJECTS.into()));
                }
                None
            }
            _ => {
                self.error("ambiguous", at.clone(), "one of `all-of`, `any-of` and `not`, not several");
                None
            }
        }
    }

    fn several(&mut self, list: Vec<RawExpect>, at: &Range<usize>, depth: usize) -> Option<Vec<Expectation>> {
        if list.is_empty() {
            self.error("asserts-nothing", at.clone(), NOTHING);
            return None;
        }
        list.into_iter().map(|raw| self.expectation(raw, at, depth + 1)).collect()
    }

    /// The subject, and its operator if that was written as a shorthand. The inner value is `None` when the table has
    /// no subject.
    #[expect(clippy::option_option, reason = "the outer level is an error that was noted")]
    fn subject(
        &mut self,
        raw: &mut RawExpect,
        at: &Range<usize>,
    ) -> Option<Option<(Subject, Option<RawShort>)>> {
        let mut found = Vec::new();
        if let Some(short) = raw.status.take() {
            found.push((Subject::Status, Some(short)));
        }
        if let Some(name) = raw.header.take() {
            // A name that no reply can contain would make `absent` always true.
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
                self.error("wrong-operand", at.clone(), format!("`{name}` is not the name of a header"));
                return None;
            }
            found.push((Subject::Header(name.to_ascii_lowercase()), None));
        }
        if let Some(text) = raw.path.take() {
            let path = self.path(&text)?;
            found.push((Subject::Path(path), None));
        }
        if let Some(part) = raw.error.take() {
            let subject = match part {
                RawErrorPart::Code => Subject::ErrorCode,
                RawErrorPart::Message => Subject::ErrorMessage,
            };
            found.push((subject, None));
        }
        match raw.body.take() {
            Some(true) => found.push((Subject::Body, None)),
            Some(false) => {
                self.error("asserts-nothing", at.clone(), "`body = false` is not an assertion");
                return None;
            }
            None => {}
        }
        if let Some(short) = raw.transport.take() {
            found.push((Subject::Transport, Some(short)));
        }
        if let Some(truth) = raw.success.take() {
            found.push((Subject::Success, Some(RawShort::One(RawLiteral::Bool(truth)))));
        }
        if found.len() > 1 {
            self.error_with(
                "ambiguous",
                at.clone(),
                "one expectation has one subject",
                Some("split it; all expectations of a list must hold".into()),
            );
            return None;
        }
        Some(found.pop())
    }

    /// A JSONPath.
    pub(super) fn path(&mut self, text: &Spanned<String>) -> Option<Path> {
        self.keep(Path::parse(text.get_ref()), "bad-path", text.span())
    }

    /// A regular expression.
    pub(super) fn pattern(&mut self, text: &str, span: Range<usize>) -> Option<Pattern> {
        let Some(left) = self.patterns.get().checked_sub(1) else {
            let help = Some("use `one-of` or `contains` where no pattern is needed".to_owned());
            let message = format!("a project's checklists have at most {MOST_PATTERNS} regular expressions");
            self.error_with("too-many", span, message, help);
            return None;
        };
        self.patterns.set(left);
        if self.shipped {
            return Some(Pattern::shipped(text));
        }
        // The library prints the pattern again on several lines; its last line says what is wrong.
        let reason = |error: regex::Error| {
            let whole = error.to_string();
            whole.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        };
        self.keep(Pattern::parse(text).map_err(reason), "bad-regex", span)
    }

    fn test(
        &mut self,
        subject: Subject,
        short: Option<RawShort>,
        mut raw: RawExpect,
        at: &Range<usize>,
        depth: usize,
    ) -> Option<Expectation> {
        let wrapped: Vec<_> = [
            (Quantifier::Any, raw.any.take()),
            (Quantifier::All, raw.all.take()),
            (Quantifier::None, raw.none.take()),
            (Quantifier::Count, raw.count.take()),
        ]
        .into_iter()
        .filter_map(|(quantifier, inner)| Some((quantifier, inner?)))
        .collect();
        if !wrapped.is_empty() && !matches!(subject, Subject::Path(_)) {
            self.error("ambiguous", at.clone(), "`any`, `all`, `none` and `count` go with `path`");
            return None;
        }
        let mut operators: Vec<(Quantifier, Operator)> = Vec::new();
        if let Some(short) = short {
            operators.push((Quantifier::One, self.shorthand(short, at, depth)?));
        }
        for (quantifier, inner) in wrapped {
            let operator = self.operator(*inner, at, depth + 1)?;
            if quantifier == Quantifier::Count && always(&operator) {
                self.error("asserts-nothing", at.clone(), "every count is at least 0");
                return None;
            }
            operators.push((quantifier, operator));
        }
        if operators.is_empty() || raw.has_operator() {
            operators.push((Quantifier::One, self.operator(raw, at, depth)?));
        }
        if operators.len() > 1 {
            self.error_with(
                "ambiguous",
                at.clone(),
                "one expectation has one operator",
                Some("use `all-of = [{ … }, { … }]` for several".into()),
            );
        }
        let (quantifier, operator) = operators.pop()?;
        self.fits(&subject, &operator, at)?;
        Some(Expectation::Test(Test { subject, quantifier, operator }))
    }

    fn shorthand(&mut self, short: RawShort, at: &Range<usize>, depth: usize) -> Option<Operator> {
        match short {
            RawShort::One(literal) => Some(Operator::Equals(self.literal(literal, at)?)),
            RawShort::Many(list) => self.one_of(list, at),
            RawShort::Operator(raw) => self.operator(*raw, at, depth + 1),
        }
    }

    fn one_of(&mut self, list: Vec<RawLiteral>, at: &Range<usize>) -> Option<Operator> {
        if list.is_empty() {
            self.error("asserts-nothing", at.clone(), NOTHING);
            return None;
        }
        let list: Option<Vec<_>> = list.into_iter().map(|literal| self.literal(literal, at)).collect();
        Some(Operator::OneOf(list?))
    }

    fn literal(&mut self, raw: RawLiteral, at: &Range<usize>) -> Option<Literal> {
        Some(match raw {
            RawLiteral::Text(text) => {
                Literal::Text(self.keep(Template::parse(&text), "bad-template", at.clone())?)
            }
            RawLiteral::Number(number) => Literal::Number(number),
            RawLiteral::Bool(truth) => Literal::Bool(truth),
        })
    }

    fn operator(&mut self, raw: RawExpect, at: &Range<usize>, depth: usize) -> Option<Operator> {
        if depth >= MAX_DEPTH {
            self.error("too-deep", at.clone(), format!("expectations nest at most {MAX_DEPTH} deep"));
            return None;
        }
        if raw.has_subject() {
            self.error("ambiguous", at.clone(), "an operator has no subject of its own");
            return None;
        }
        let mut all = self.plain_operators(&raw, at)?;
        all.extend(self.value_operators(&raw, at)?);
        if let Some(list) = raw.one_of {
            all.push(self.one_of(list, at)?);
        }
        if let Some(inner) = raw.length {
            let inner = self.operator(*inner, at, depth + 1)?;
            if always(&inner) {
                self.error("asserts-nothing", at.clone(), "every length is at least 0");
                return None;
            }
            all.push(Operator::Length(Box::new(inner)));
        }
        if let Some(inner) = raw.not {
            all.push(Operator::Not(Box::new(self.operator(*inner, at, depth + 1)?)));
        }
        for (list, wrap) in [(raw.all_of, Operator::AllOf as fn(_) -> _), (raw.any_of, Operator::AnyOf)] {
            if let Some(list) = list {
                if list.is_empty() {
                    self.error("asserts-nothing", at.clone(), NOTHING);
                    return None;
                }
                let list: Option<Vec<_>> =
                    list.into_iter().map(|inner| self.operator(inner, at, depth + 1)).collect();
                all.push(wrap(list?));
            }
        }
        match all.len() {
            1 => all.pop(),
            0 => {
                if !self.touched(at) {
                    self.error_with("asserts-nothing", at.clone(), NOTHING, Some(OPERATORS.into()));
                }
                None
            }
            _ => {
                self.error_with(
                    "ambiguous",
                    at.clone(),
                    "one expectation has one operator",
                    Some("use `all-of = [{ … }, { … }]` for several".into()),
                );
                None
            }
        }
    }

    fn plain_operators(&mut self, raw: &RawExpect, at: &Range<usize>) -> Option<Vec<Operator>> {
        let mut all = Vec::new();
        for (flag, operator, name) in
            [(raw.exists, Operator::Exists, "exists"), (raw.absent, Operator::Absent, "absent")]
        {
            match flag {
                Some(true) => all.push(operator),
                Some(false) => {
                    self.error(
                        "asserts-nothing",
                        at.clone(),
                        format!("`{name} = false` is not an assertion"),
                    );
                    return None;
                }
                None => {}
            }
        }
        let bounds = [
            (raw.lt, Operator::Lt as fn(f64) -> Operator),
            (raw.le, Operator::Le),
            (raw.gt, Operator::Gt),
            (raw.ge, Operator::Ge),
        ];
        let between = raw.between.iter().flatten().copied();
        if bounds.iter().filter_map(|(bound, _)| *bound).chain(between).any(|bound| !bound.is_finite()) {
            self.error("wrong-operand", at.clone(), "`nan` and `inf` can't be bounds");
            return None;
        }
        all.extend(bounds.into_iter().filter_map(|(bound, wrap)| Some(wrap(bound?))));
        if let Some(pair) = &raw.between {
            let &[low, high] = pair.as_slice() else {
                self.error("wrong-operand", at.clone(), "`between` takes two numbers");
                return None;
            };
            if low > high {
                self.error("wrong-operand", at.clone(), "`between` goes from the lower to the higher number");
                return None;
            }
            all.push(Operator::Between(low, high));
        }
        Some(all)
    }

    fn value_operators(&mut self, raw: &RawExpect, at: &Range<usize>) -> Option<Vec<Operator>> {
        let mut all = Vec::new();
        if let Some(literal) = raw.equals.clone() {
            all.push(Operator::Equals(self.literal(literal, at)?));
        }
        if let Some(literal) = raw.contains.clone() {
            if matches!(&literal, RawLiteral::Text(text) if text.is_empty()) {
                self.error("asserts-nothing", at.clone(), "every text contains the empty text");
                return None;
            }
            all.push(Operator::Contains(self.literal(literal, at)?));
        }
        if let Some(text) = &raw.matches {
            if text.get_ref().is_empty() {
                self.error("asserts-nothing", text.span(), "every text matches the empty pattern");
                return None;
            }
            all.push(Operator::Matches(self.pattern(text.get_ref(), text.span())?));
        }
        if let Some(age) = &raw.within {
            let days = self.days(age)?;
            all.push(Operator::Within(chrono::TimeDelta::days(days.into())));
        }
        if let Some(text) = &raw.semver {
            let wanted = semver::VersionReq::parse(text.get_ref());
            all.push(Operator::Semver(self.keep(wanted, "bad-version", text.span())?));
        }
        Some(all)
    }
}
