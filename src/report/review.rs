//! The review of a release as a document. What the plan does not state is a gap.

use super::incidents::{actions, incidents, missing, unassigned};
use super::{Align, Block, Fact, Line, Report, Table, Tone};
use crate::model::moment;
use crate::model::phrase::{capital, counted};
use crate::verdict::decision::Decision;
use crate::views::review::{Occurred, PredictionResult, Review, ReviewedTarget, TargetVerdict};

/// Lowers a review.
pub fn report(review: &Review) -> Report {
    let mut report = Report::new("Post-release review", review.day);
    report.subtitle = Some(review.release.public_name());
    head(review, &mut report);
    not_deployed(review, &mut report);
    body(review, &mut report);
    gaps(review, &mut report);
    report
}

fn head(review: &Review, report: &mut Report) {
    let deployment = &review.deployment;
    let (tone, word) = match deployment.outcome {
        _ if !deployment.is_deployed => (Tone::Neutral, "not deployed"),
        Some("success") => (Tone::Good, "success"),
        Some("partial") => (Tone::Attention, "partial"),
        Some(word) => (Tone::Bad, word),
        None => (Tone::Unknown, "no outcome"),
    };
    report.headline(tone, word.to_uppercase(), Line::new());
    let (met, all) = (review.targets_with(TargetVerdict::Met), review.targets.len());
    report.figure(
        "Targets met",
        if all == 0 || !deployment.is_deployed { "n/a".to_owned() } else { format!("{met} of {all}") },
    );
    report.figure("Incidents", incident_count(review));
    let scope = &review.scope;
    report.figure(
        if deployment.is_deployed { "Scope delivered" } else { "Scope complete" },
        match scope.planned {
            0 => "n/a".to_owned(),
            planned => format!("{} of {planned}", scope.delivered),
        },
    );
    let critical = review.critical_in_first_hours.map(|count| Line::from(count.to_string()));
    let unknown = || match deployment.is_deployed {
        true => Line::badge(Tone::Unknown, "unknown"),
        false => Line::from("n/a"),
    };
    report.figure("Critical incidents (first 48 h)", critical.unwrap_or_else(unknown));
}

/// Says so before anything else if the release is not deployed: then nothing has a verdict.
pub(super) fn not_deployed(review: &Review, report: &mut Report) {
    if !review.deployment.is_deployed {
        report.callout(Tone::Attention, Line::id(&review.release.id).and(" is not deployed"));
    }
}

fn incident_count(review: &Review) -> Line {
    let unassigned = review.unassigned_incidents.len();
    match (review.incidents.len(), review.incidents_stated) {
        (count, stated) if unassigned > 0 && (count > 0 || stated.is_some()) => {
            let count = count.max(stated.unwrap_or_default() as usize);
            Line::badge(Tone::Attention, format!("{count}, {unassigned} not assigned"))
        }
        (0, None) if unassigned > 0 => {
            Line::badge(Tone::Unknown, format!("unknown, {unassigned} not assigned"))
        }
        (0, None) if !review.deployment.is_deployed => Line::from("n/a"),
        (0, None) => Line::badge(Tone::Unknown, "unknown"),
        (0, Some(stated)) => Line::from(stated.to_string()),
        (count, _) if review.open_incidents() > 0 => {
            Line::badge(Tone::Bad, format!("{count}, {} open", review.open_incidents()))
        }
        (count, _) => Line::from(count.to_string()),
    }
}

/// What a review and a retrospective show alike.
pub(super) fn body(review: &Review, report: &mut Report) {
    deployment(review, report);
    targets(review, report);
    report.chapter("Incidents");
    match review.incidents.is_empty() {
        true => report.text(incident_count(review)),
        false => report.push(incidents(&review.incidents)),
    }
    if !review.unassigned_incidents.is_empty() {
        report.push(unassigned(&review.unassigned_incidents));
    }
    predictions(review, report);
    risks(review, report);
    if !review.scope.not_delivered.is_empty() {
        report.chapter(match review.deployment.is_deployed {
            true => "Scope not delivered",
            false => "Scope not complete",
        });
        let line = |one: &crate::views::linked::Linked| Line::id(&one.id).and(" ").prose_too(&one.title);
        report.push(Block::Bullets(review.scope.not_delivered.iter().map(line).collect()));
    }
    if !review.actions.is_empty() {
        report.chapter("Actions");
        report.push(actions(&review.actions));
    }
}

fn deployment(review: &Review, report: &mut Report) {
    let deployment = &review.deployment;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(missing, |day| Line::from(day.to_string()));
    report.chapter("Deployment");
    report.push(Block::Facts(vec![
        Fact::new("Planned", day(deployment.planned)),
        Fact::new("Actual", day(deployment.actual)),
        Fact::new(
            "Deviation",
            match deployment.is_deployed {
                true => deviation(deployment.days_late),
                false => Line::from("n/a"),
            },
        ),
        Fact::new(
            "Outcome",
            match deployment.is_deployed {
                true => deployment.outcome.map_or_else(missing, Line::from),
                false => Line::from("n/a"),
            },
        ),
        Fact::new("Status", deployment.status.map_or_else(missing, Line::from)),
    ]));
    if deployment.milestones.is_empty() {
        return;
    }
    let caption = counted(deployment.milestones.len(), "milestone");
    let mut table = Table::new(caption, &["Milestone", "Planned", "Actual", "Deviation"]);
    for milestone in &deployment.milestones {
        table.row([
            Line::prose(&milestone.name),
            Line::from(milestone.planned.to_string()),
            day(milestone.actual),
            deviation(milestone.days_late),
        ]);
    }
    report.push(table);
}

fn deviation(days: Option<i64>) -> Line {
    let days_of = |days: i64| counted(usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX), "day");
    match days {
        None => Line::badge(Tone::Unknown, "unknown"),
        Some(0) => Line::from("on time"),
        Some(days) if days > 0 => Line::badge(Tone::Attention, format!("{} late", days_of(days))),
        Some(days) => Line::from(format!("{} early", days_of(days))),
    }
}

fn targets(review: &Review, report: &mut Report) {
    report.chapter("Objectives and KPIs");
    if review.targets.is_empty() {
        report.text(missing());
        return;
    }
    let caption = counted(review.targets.len(), "target");
    let mut table = Table::new(caption, &["Target", "Required", "Actual", "Verdict"]);
    for target in &review.targets {
        let name = match &target.id {
            Some(id) => Line::id(id).and(" ").prose_too(&target.name),
            None => Line::prose(&target.name),
        };
        let text = |text: &Option<String>| text.as_deref().map_or_else(missing, Line::prose);
        table.row([name, text(&target.target), text(&target.actual), verdict(target)]);
    }
    report.push(table);
}

fn verdict(target: &ReviewedTarget) -> Line {
    match target.verdict {
        TargetVerdict::Met => Line::badge(Tone::Good, "met"),
        TargetVerdict::Missed => Line::badge(Tone::Bad, "missed"),
        TargetVerdict::Unknown => Line::badge(Tone::Unknown, "unknown"),
        TargetVerdict::Open => {
            let end = target.window_ends.map(|end| format!("open until {end}"));
            Line::badge(Tone::Neutral, end.unwrap_or_else(|| "open".to_owned()))
        }
    }
}

fn predictions(review: &Review, report: &mut Report) {
    report.chapter("Forecasts and decisions");
    if review.forecasts.is_empty() {
        report.text("No recorded forecasts.");
    } else {
        let caption = counted(review.forecasts.len(), "forecast");
        let mut table = Table::new(caption, &["Made on", "50 %", "85 %", "Actual", "85 % date"]);
        for forecast in &review.forecasts {
            let held = match forecast.held {
                true => Line::badge(Tone::Good, "held"),
                false => Line::badge(Tone::Bad, "missed"),
            };
            let actual = forecast.actual.map_or_else(|| Line::from("–"), |day| Line::from(day.to_string()));
            let days = [forecast.day, forecast.p50, forecast.p85].map(|day| Line::from(day.to_string()));
            table.row(days.into_iter().chain([actual, held]));
        }
        report.push(table);
    }
    if review.predictions.is_empty() {
        report.text("No recorded decisions.");
        return;
    }
    let caption = counted(review.predictions.len(), "decision");
    let columns = ["Time", "Decision", "Failed gates", "Blockers", "Outcome"];
    let mut table = Table::new(caption, &columns).aligned(3, Align::Right);
    for prediction in &review.predictions {
        let tone = match prediction.decision {
            Decision::Go => Tone::Good,
            Decision::ConditionalGo => Tone::Attention,
            Decision::NoGo => Tone::Bad,
        };
        let gates = match prediction.failed_gates.is_empty() {
            true => Line::from("none"),
            false => Line::prose(&prediction.failed_gates.join(", ")),
        };
        table.row([
            Line::from(moment::shown(prediction.time)),
            Line::badge(tone, prediction.decision.word()),
            gates,
            Line::from(prediction.blockers.to_string()),
            result(prediction.result),
        ]);
    }
    report.push(table);
}

fn result(result: PredictionResult) -> Line {
    match result {
        PredictionResult::Right => Line::badge(Tone::Good, "confirmed"),
        PredictionResult::Wrong => Line::badge(Tone::Bad, "contradicted"),
        PredictionResult::Superseded => Line::badge(Tone::Neutral, "superseded"),
        PredictionResult::Open => Line::badge(Tone::Neutral, "open"),
        PredictionResult::AfterDeployment => Line::badge(Tone::Neutral, "after the deployment"),
        PredictionResult::Unknown => Line::badge(Tone::Unknown, "unknown"),
    }
}

fn risks(review: &Review, report: &mut Report) {
    if review.risks.is_empty() {
        return;
    }
    report.chapter("Risks");
    let columns = ["Risk", "Probability", "Status", "Occurred"];
    let mut table = Table::new(counted(review.risks.len(), "risk"), &columns).aligned(1, Align::Right);
    for risk in &review.risks {
        let occurred = match (risk.occurred, risk.occurred_on) {
            (Occurred::Yes, Some(day)) => Line::badge(Tone::Bad, format!("on {day}")),
            (Occurred::Yes, None) => Line::badge(Tone::Bad, "yes")
                .and(": ")
                .join(Line::ids(risk.incidents.iter().map(|one| one.id.as_str()))),
            (Occurred::No, _) => Line::badge(Tone::Good, "no"),
            (Occurred::NotRecorded, _) => Line::badge(Tone::Unknown, "not recorded"),
        };
        let probability = risk.probability.map_or_else(missing, |share| Line::from(format!("{share} %")));
        let status = risk.status.map_or_else(missing, |status| Line::from(capital(status)));
        let name = Line::id(&risk.id).and(" ").prose_too(&risk.title);
        table.row_of(&risk.id, [name, probability, status, occurred]);
    }
    report.push(table);
}

/// What the plan does not state.
pub(super) fn gaps(review: &Review, report: &mut Report) {
    if review.gaps.is_empty() {
        return;
    }
    report.chapter("Gaps");
    let line = |gap: &crate::views::postmortem::Gap| {
        Line::badge(Tone::Unknown, gap.missing).and(": ").prose_too(gap.help)
    };
    report.push(Block::Bullets(review.gaps.iter().map(line).collect()));
}
