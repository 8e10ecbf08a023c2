//! The result for a receipt: every claim with what was seen, and the decision.

use anstyle::{AnsiColor, Style as Look};

use super::{Style, json::pretty, summary::decision};
use crate::{
    layout::{Cell, GAP, NARROWEST, Page, glued, widest},
    model::{
        decision::Decision,
        text::printable,
        verification::{About, Claim, Verification, Verified},
    },
};

/// Columns of the symbol.
const SYMBOL: u16 = 1;

/// As JSON.
#[must_use]
pub fn json(verification: &Verification) -> String {
    pretty(verification)
}

/// As a table for people.
#[must_use]
pub fn table(verification: &Verification, style: &Style) -> String {
    let width = style.width.max(NARROWEST);
    let mut page = Page::new(style.colour);
    for report in &verification.reports {
        page.skip();
        heading(&mut page, verification, report, width);
        claims(&mut page, &report.claims, width);
        page.skip();
        decision(&mut page, &report.decision.into(), &told(report), width);
    }
    if verification.reports.len() != 1 {
        page.skip();
        let cleared = verification.reports.iter().filter(|report| report.decision == Decision::Go).count();
        let text = format!("{cleared} of {} projects cleared", verification.reports.len());
        decision(&mut page, &verification.decision.into(), &text, width);
    }
    page.finish()
}

fn heading(page: &mut Page, verification: &Verification, report: &Verified, width: u16) {
    let mut parts = vec!["greenlight verify".to_owned(), printable(&verification.receipt).into_owned()];
    if let Some(project) = &report.project {
        parts.push(printable(&project.name).into_owned());
        if verification.reports.len() != 1 {
            parts.push(printable(&report.file).into_owned());
        }
        parts.push(glued(&format!("route {} ({})", project.route, printable(&project.provider))));
    } else {
        parts.push(printable(&report.file).into_owned());
    }
    parts.extend(report.made.map(|made| glued(&format!("made {}", made.format("%Y-%m-%d %H:%M UTC")))));
    page.row(&[Cell::new(0, width, &parts.join(" · ")).look(Look::new().bold())]);
}

fn claims(page: &mut Page, claims: &[Claim], width: u16) {
    let name = widest(claims.iter().map(|claim| claim.claim.words()));
    let gap = u16::try_from(GAP).unwrap_or(2);
    let room = width - 2 - SYMBOL - 1 - name - gap;
    let mut advised: Vec<&str> = Vec::new();
    for claim in claims {
        let (symbol, look) = if claim.holds {
            ("✓", AnsiColor::Green.on_default())
        } else {
            ("✗", AnsiColor::Red.on_default().bold())
        };
        page.row(&[
            Cell::new(2, SYMBOL, symbol).look(look),
            Cell::new(1, name, claim.claim.words()),
            Cell::new(GAP, room, &printable(&claim.seen)),
        ]);
        // One command often fixes everything.
        if let Some(fix) = claim.fix.as_deref().filter(|fix| !advised.contains(fix)) {
            advised.push(fix);
            let fix = printable(fix);
            let room = width - 2 - SYMBOL - 1 - 5;
            // A command is never broken: its second half would run by itself when it is pasted.
            let room = if fix.trim_start_matches('`').starts_with("greenlight ") {
                room.max(widest([&*fix].into_iter()))
            } else {
                room
            };
            page.row(&[
                Cell::new(2 + usize::from(SYMBOL) + 1, 4, "fix:").look(AnsiColor::Cyan.on_default()),
                Cell::new(1, room, &fix),
            ]);
        }
    }
}

fn told(report: &Verified) -> String {
    let all = report.claims.len();
    let broken = report.claims.iter().filter(|claim| !claim.holds).count();
    if report.claims.iter().any(|claim| claim.claim == About::Present) {
        return "nothing is known about this project".to_owned();
    }
    match (report.decision, broken) {
        (Decision::Go, _) => format!("all {all} hold; this receipt clears the files at hand"),
        (Decision::NoGo, _) => "the receipt can be relied on, and it says NO-GO".to_owned(),
        (Decision::Hold, 1) => format!("1 of {all} does not hold; this receipt clears nothing"),
        (Decision::Hold, _) => format!("{broken} of {all} do not hold; this receipt clears nothing"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::render::fixture::report;

    fn some() -> Verification {
        let report = report(Decision::Go, vec![]);
        let claim = |claim, fix: Option<&str>| Claim {
            claim,
            holds: fix.is_none(),
            seen: "seen \u{1b}[32mso\u{7} and with a few more words than fit into a narrow line".to_owned(),
            fix: fix.map(str::to_owned),
        };
        let verified = Verified {
            file: report.file().to_owned(),
            project: Some(report.project.clone()),
            made: Some(report.made),
            decision: Decision::Hold,
            claims: vec![
                claim(About::Intact, None),
                claim(About::KnownVersion, Some("greenlight check --report json=receipt.json")),
                claim(About::SameFiles, Some("greenlight check --report json=receipt.json")),
            ],
        };
        Verification::of("receipt.json".to_owned(), report.at, vec![verified])
    }

    #[rstest]
    #[case(40)]
    #[case(80)]
    fn claims_at_this_width(#[case] width: u16) {
        let text = table(&some(), &Style::new(width, false));
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
        insta::assert_snapshot!(format!("claims_{width}"), text);
    }

    #[test]
    fn colour_repeats_what_the_words_say() {
        let [plain, coloured] = [false, true].map(|colour| table(&some(), &Style::new(80, colour)));
        assert_ne!(plain, coloured);
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[test]
    fn the_json_keeps_its_shape() {
        insta::assert_snapshot!(json(&some()));
    }

    #[test]
    fn nothing_verified_holds() {
        let nothing = Verification::of("receipt.json".to_owned(), some().at, vec![]);
        assert_eq!(table(&nothing, &Style::new(80, false)), "  HOLD    0 of 0 projects cleared\n");
    }
}
