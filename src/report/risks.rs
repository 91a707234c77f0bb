//! The risk register as a document.

use super::words::{about, percent, tone_of};
use super::{Align, Block, Cell, Fact, HeatCell, HeatMap, Line, Report, Table, Tone};
use crate::model::exposure::{self, Exposure, Level};
use crate::model::phrase::counted;
use crate::views::risks::{RatedRisk, Register, RiskLikelihood, RiskState};

/// The words of impact, the worst first, with their weights. What has none comes last.
const IMPACTS: [(&str, u8); 5] = [("Critical", 4), ("High", 3), ("Medium", 2), ("Low", 1), ("not stated", 0)];

/// The columns of the heat map.
const BANDS: [&str; 5] = ["under 20 %", "20–39 %", "40–59 %", "60–79 %", "80 % and up"];

/// Lowers the register.
pub fn report(register: &Register) -> Report {
    let mut report = Report::new("Risk register", register.day);
    report.subtitle = about(register.release.as_ref());
    headline(register, &mut report);
    figures(register, &mut report);
    warnings(register, &mut report);
    if register.risks.is_empty() {
        report.push(table(register));
        return report;
    }
    report.chapter("Risk heat map");
    report.push(heat_map(register));
    report.text(chance(register));
    report.chapter("Register");
    report.push(table(register));
    report.chapter("Risk responses");
    register
        .risks
        .iter()
        .filter(|risk| risk.state != RiskState::Closed)
        .for_each(|risk| detail(risk, &mut report));
    report
}

/// How many high risks are open, by the levels of the heat map.
fn headline(register: &Register, report: &mut Report) {
    let open = register.risks.iter().filter(|risk| risk.state == RiskState::Open);
    let high = open
        .clone()
        .filter(|risk| risk.exposure.as_ref().is_some_and(|known| tone(known.level) == Tone::Bad))
        .count();
    let (tone, word) = match (register.risks.len(), high) {
        (0, _) => (Tone::Unknown, "NO RISKS RECORDED".to_owned()),
        (_, 0) => (Tone::Good, "NO HIGH RISKS OPEN".to_owned()),
        (_, high) => (Tone::Bad, format!("{} OPEN", counted(high, "high risk").to_uppercase())),
    };
    report.headline(tone, word, format!("{}.", counts(register)));
}

fn figures(register: &Register, report: &mut Report) {
    let count =
        |state: RiskState| register.risks.iter().filter(|risk| risk.state == state).count().to_string();
    report.figure("Open", count(RiskState::Open));
    report.figure("Accepted", count(RiskState::Accepted));
    report.figure("Closed", count(RiskState::Closed));
    let overdue = register.risks.iter().filter(|risk| risk.review_overdue).count();
    report.figure("Reviews overdue", overdue.to_string());
    report.detail("Chance of any open risk", percent(register.chance.open_percent));
}

/// How many risks can still happen, in a few words.
pub(super) fn counts(register: &Register) -> String {
    let count = |state: RiskState| register.risks.iter().filter(|risk| risk.state == state).count();
    match (register.risks.len(), count(RiskState::Accepted)) {
        (0, _) => "none recorded".to_owned(),
        (_, 0) => format!("{} open", count(RiskState::Open)),
        (_, accepted) => format!("{} open, {accepted} accepted", count(RiskState::Open)),
    }
}

/// The risks that can still happen, for whoever decides: how likely and how bad, what is done, and who bears it.
pub(super) fn remaining(register: &Register, report: &mut Report) {
    warnings(register, report);
    let remaining: Vec<&RatedRisk> =
        register.risks.iter().filter(|risk| risk.state != RiskState::Closed).collect();
    if remaining.is_empty() {
        if !register.risks.is_empty() {
            report.text(format!("No residual risks. Closed: {}.", register.risks.len()));
        }
        return;
    }
    let columns = ["Risk", "Exposure", "Response", "Owner", "Status"];
    let caption = "Residual risks by exposure, open risks first";
    let mut table = Table::new(caption, &columns);
    for risk in remaining {
        table.row([
            Line::id(&risk.id).and(" ").and(&risk.title),
            rated(risk),
            answer(risk),
            risk.owner.as_deref().map_or_else(not_stated, Line::from),
            borne(risk),
        ]);
    }
    report.push(table);
    report.text(chance(register));
}

/// The exposure, and the probability and impact that it comes from.
fn rated(risk: &RatedRisk) -> Line {
    let likely = risk.probability.as_ref().map_or_else(not_stated, |likely| Line::from(probability(likely)));
    let factors = likely.and(" × ").join(risk.impact.map_or_else(not_stated, Line::from));
    match &risk.exposure {
        Some(known) => exposure(known).and(" = ").join(factors),
        None => factors,
    }
}

/// The response to a risk, in the words of the plan, or else by what it links to.
fn answer(risk: &RatedRisk) -> Line {
    let response = risk.response.map_or_else(Line::new, Line::from);
    let how = match risk.mitigation.as_slice() {
        [] => Line::ids(risk.mitigated_by.iter().map(|entry| entry.id.as_str())),
        mitigation => Line::prose(&mitigation.join("; ")),
    };
    match (response.is_empty(), how.is_empty()) {
        (true, true) => Line::badge(Tone::Unknown, "no response"),
        (false, false) => response.and(": ").join(how),
        _ => response.join(how),
    }
}

/// How a risk stands and, once it was accepted, by whom and until when.
fn borne(risk: &RatedRisk) -> Line {
    let accepted = acceptance(risk);
    match risk.state {
        RiskState::Accepted if accepted.is_empty() => state(risk).and(" (no name)"),
        RiskState::Accepted => state(risk).and(" by ").join(accepted),
        RiskState::Open | RiskState::Closed => state(risk),
    }
}

fn not_stated() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

fn warnings(register: &Register, report: &mut Report) {
    let ids = |fits: fn(&RatedRisk) -> bool| {
        let ids: Vec<&str> =
            register.risks.iter().filter(|risk| fits(risk)).map(|risk| risk.id.as_str()).collect();
        (!ids.is_empty()).then(|| Line::ids(ids))
    };
    if register.risks.is_empty() {
        report.callout(Tone::Unknown, "No RISK entries for this selection: risks are unknown.");
    }
    if let Some(ids) = ids(|risk| risk.review_overdue) {
        report.callout(Tone::Stale, Line::from("Review overdue: ").join(ids).and("."));
    }
    if let Some(ids) = ids(|risk| risk.acceptance_expired) {
        report.callout(Tone::Bad, Line::from("Acceptance expired: ").join(ids).and("."));
    }
    if !register.chance.not_counted.is_empty() {
        let ids = Line::ids(&register.chance.not_counted);
        let text = Line::from("Not in the chance, because they have no probability: ").join(ids).and(".");
        report.callout(Tone::Unknown, text);
    }
}

fn heat_map(register: &Register) -> HeatMap {
    let row = |(name, weight): (&str, u8)| -> Vec<HeatCell> {
        (1..=5).map(|band| heat_cell(register, name, band, weight)).collect()
    };
    HeatMap {
        caption: "Residual risks by probability and impact".into(),
        row_title: "Impact".into(),
        column_title: "Probability".into(),
        rows: IMPACTS.map(|(name, _)| name.to_owned()).into(),
        columns: BANDS.map(str::to_owned).into(),
        cells: IMPACTS.map(row).into(),
    }
}

fn heat_cell(register: &Register, impact: &str, band: u8, weight: u8) -> HeatCell {
    let known = weight > 0;
    let here = |risk: &&RatedRisk| {
        let column = risk.probability.as_ref().map(|likely| exposure::band(likely.percent));
        let same = risk.impact.map_or(!known, |stated| stated == impact);
        risk.state != RiskState::Closed && column == Some(band) && same
    };
    let ids = register.risks.iter().filter(here).map(|risk| risk.id.clone()).collect();
    let level = exposure::level(band, weight);
    match known {
        true => HeatCell { tone: tone(level), heat: heat(level), level: level.word().into(), ids },
        false => HeatCell { tone: Tone::Unknown, heat: 0, level: "impact not stated".into(), ids },
    }
}

const fn heat(level: Level) -> u8 {
    match level {
        Level::Low => 1,
        Level::Moderate => 2,
        Level::High => 3,
        Level::Extreme => 4,
    }
}

const fn tone(level: Level) -> Tone {
    match level {
        Level::Low => Tone::Neutral,
        Level::Moderate => Tone::Attention,
        Level::High | Level::Extreme => Tone::Bad,
    }
}

/// The chance in a sentence, with how it is reckoned and what words of probability stand for.
fn chance(register: &Register) -> Line {
    let chance = &register.chance;
    let line = match chance.open_percent {
        None => Line::from("The chance that an open risk occurs is unknown: none has a probability."),
        Some(_) => Line::from("Chance that at least one open risk occurs: ")
            .strong(percent(chance.open_percent))
            .and(", ")
            .and(chance.formula)
            .and(", over ")
            .join(Line::ids(&chance.open))
            .and("."),
    };
    let line = match chance.accepted.as_slice() {
        [] => line,
        accepted => line
            .and(" With the accepted risks (")
            .join(Line::ids(accepted))
            .and("): ")
            .strong(percent(chance.with_accepted_percent))
            .and("."),
    };
    let worded = |risk: &RatedRisk| risk.probability.as_ref().is_some_and(|likely| likely.word.is_some());
    if !register.risks.iter().any(worded) {
        return line;
    }
    let steps: Vec<String> =
        register.scale.iter().map(|step| format!("{} = {} %", step.word, step.percent)).collect();
    line.and(format!(" Words of probability are read as: {}.", steps.join(", ")))
}

fn table(register: &Register) -> Table {
    let columns = ["ID", "Risk", "Probability", "Impact", "Exposure", "Status", "Owner", "Review"];
    let mut table = Table::new("Risks by exposure", &columns).aligned(2, Align::Right);
    for risk in &register.risks {
        table.row_of(&risk.id, cells(risk));
    }
    table
}

fn cells(risk: &RatedRisk) -> [Cell; 8] {
    [
        Line::id(&risk.id).into(),
        risk.title.as_str().into(),
        risk.probability.as_ref().map_or_else(not_stated, |likely| Line::from(probability(likely))).into(),
        risk.impact.map_or_else(not_stated, Line::from).into(),
        risk.exposure.as_ref().map_or_else(not_stated, exposure).into(),
        state(risk).into(),
        risk.owner.as_deref().map_or_else(not_stated, Line::from).into(),
        review(risk).into(),
    ]
}

fn probability(likely: &RiskLikelihood) -> String {
    match likely.word {
        Some(word) => format!("{word} ({} %)", likely.percent),
        None => format!("{} %", likely.percent),
    }
}

fn exposure(exposure: &Exposure) -> Line {
    Line::badge(tone(exposure.level), exposure.level.word()).and(format!(" {:.2}", exposure.score))
}

fn state(risk: &RatedRisk) -> Line {
    let tone = match risk.state {
        RiskState::Open => Tone::Attention,
        RiskState::Accepted if risk.acceptance_expired => Tone::Bad,
        RiskState::Accepted => Tone::Waived,
        RiskState::Closed => Tone::Good,
    };
    Line::badge(tone, risk.status.unwrap_or("open"))
}

fn review(risk: &RatedRisk) -> Line {
    match risk.review_date {
        None if risk.state == RiskState::Closed => Line::new(),
        None => Line::badge(Tone::Unknown, "no date"),
        Some(day) if risk.review_overdue => Line::badge(Tone::Stale, format!("overdue since {day}")),
        Some(day) => Line::from(day.to_string()),
    }
}

fn detail(risk: &RatedRisk, report: &mut Report) {
    report.section(Line::id(&risk.id).and(" ").and(&risk.title));
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Line| {
        if !value.is_empty() {
            facts.push(Fact::new(label, value));
        }
    };
    fact("Response", risk.response.map_or_else(Line::new, Line::from));
    fact("Impact", risk.impact_note.as_deref().map_or_else(Line::new, Line::prose));
    fact("Trigger", risk.trigger.as_deref().map_or_else(Line::new, Line::prose));
    fact("Mitigation", Line::prose(&risk.mitigation.join("; ")));
    fact("Mitigated by", mitigated_by(risk));
    fact("Contingency", Line::prose(&risk.contingency.join("; ")));
    fact("Accepted by", acceptance(risk));
    report.push(Block::Facts(facts));
}

fn mitigated_by(risk: &RatedRisk) -> Line {
    let mut line = Line::new();
    for entry in &risk.mitigated_by {
        let separator = if line.is_empty() { "" } else { "; " };
        line = line.and(separator).id_too(&entry.id).and(" ").and(&entry.title);
        if let Some(status) = &entry.status {
            line = line.and(" ").badge_too(tone_of(entry.state), status);
        }
    }
    match line.is_empty() && risk.state == RiskState::Open {
        true => Line::badge(Tone::Attention, "no entry"),
        false => line,
    }
}

fn acceptance(risk: &RatedRisk) -> Line {
    let Some(by) = &risk.accepted_by else { return Line::new() };
    match risk.acceptance_expires {
        Some(day) if risk.acceptance_expired => {
            Line::from(by).and(" ").badge_too(Tone::Bad, format!("expired on {day}"))
        }
        Some(day) => Line::from(by).and(format!(", until {day}")),
        None => Line::from(by),
    }
}
