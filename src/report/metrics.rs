//! Delivery metrics as a document.

use super::{Align, Bar, BarChart, Cell, Line, Report, Table, Tone};
use crate::metrics::{Band, Measure, TrendStep, Unit};
use crate::model::phrase::{capital, counted};
use crate::views::metrics::{
    Bound, CadenceView, FailedDeploymentView, MetricView, MetricsView, ShippedRelease, TargetStatus,
    TrendView, UnusableRecord, median_words,
};

/// Lowers the metrics.
pub fn report(view: &MetricsView) -> Report {
    let mut report = Report::new("Delivery metrics", view.day);
    report.subtitle = Some(format!("{}, {} to {}", view.environment, view.from, view.to));
    headline(view, &mut report);
    for (label, measure) in [
        ("Lead time", Measure::ChangeLeadTime),
        ("Deployments", Measure::DeploymentFrequency),
        ("Recovery time", Measure::RecoveryTime),
        ("Fail rate", Measure::ChangeFailRate),
    ] {
        let value = view.metric(measure).map_or_else(|| "n/a".to_owned(), value_words);
        report.figure(label, value);
    }
    report.detail("Period", format!("{} to {} (UTC)", view.from, view.to));
    report.detail("Median", median_words(&view.median));
    report.chapter("Metrics");
    report.push(metrics(view));
    notes(view, &mut report);
    trend(view, &mut report);
    failed(&view.failed_deployments, &mut report);
    releases(&view.releases, &mut report);
    cadences(&view.cadences, &mut report);
    unusable(&view.unusable_records, &mut report);
    report
}

fn headline(view: &MetricsView, report: &mut Report) {
    let targets: Vec<(&MetricView, TargetStatus)> =
        view.metrics.iter().filter_map(|metric| Some((metric, metric.target?.status))).collect();
    let of = |wanted: TargetStatus| -> Vec<&str> {
        let those = targets.iter().filter(|(_, status)| *status == wanted);
        those.map(|(metric, _)| metric.name.title()).collect()
    };
    let (missed, unknown) = (of(TargetStatus::Missed), of(TargetStatus::Unknown));
    let word = |count: usize| format!("{count} of {}", counted(targets.len(), "target"));
    let sentence = |verb: &str, names: &[&str]| format!("{verb}: {}.", names.join(", ").to_lowercase());
    match (missed.as_slice(), unknown.as_slice()) {
        _ if targets.is_empty() => no_targets(view, report),
        ([], []) => report.headline(Tone::Good, word(targets.len()), "met."),
        ([], unknown) => {
            report.headline(Tone::Unknown, word(unknown.len()), sentence("not available", unknown));
        }
        (missed, []) => report.headline(Tone::Bad, word(missed.len()), sentence("missed", missed)),
        (missed, unknown) => {
            let both =
                format!("{} {}", sentence("missed", missed), capital(&sentence("not available", unknown)));
            report.headline(Tone::Bad, word(missed.len()), both);
        }
    }
}

fn no_targets(view: &MetricsView, report: &mut Report) {
    let frequency = view.metric(Measure::DeploymentFrequency);
    match frequency.and_then(|metric| Some((metric.numerator?, metric))) {
        Some((count, _)) => {
            let sentence = format!("to {} in {}.", view.environment, days(view.days));
            report.headline(Tone::Neutral, counted(count, "deployment"), sentence);
        }
        None => {
            let reason = frequency.and_then(|metric| metric.not_available.as_deref()).unwrap_or_default();
            report.headline(Tone::Unknown, "Not available", Line::prose(&format!("{}.", capital(reason))));
        }
    }
}

fn days(count: i64) -> String {
    counted(usize::try_from(count).unwrap_or(0), "day")
}

/// A value in its unit, short enough for a table.
fn in_unit(value: f64, unit: Unit) -> String {
    let to_a_tenth = |value: f64| (value * 10.0).round() / 10.0;
    match unit {
        Unit::PerWeek => format!("{} a week", to_a_tenth(value)),
        Unit::Percent => format!("{} %", (value * 100.0).round() / 100.0),
        Unit::Seconds if value < 60.0 => format!("{} s", to_a_tenth(value)),
        Unit::Seconds if value < 3600.0 => format!("{} min", to_a_tenth(value / 60.0)),
        Unit::Seconds if value < 86_400.0 => format!("{} h", to_a_tenth(value / 3600.0)),
        Unit::Seconds => format!("{} d", to_a_tenth(value / 86_400.0)),
    }
}

fn value_words(metric: &MetricView) -> String {
    metric.value.map_or_else(|| "n/a".to_owned(), |value| in_unit(value, metric.unit))
}

fn metrics(view: &MetricsView) -> Table {
    let columns = ["Metric", "Value", "Basis", "Band", "Target"];
    let mut table = Table::new("", &columns).aligned(1, Align::Right);
    for metric in &view.metrics {
        let basis = metric.basis.as_deref().or(metric.not_available.as_deref()).unwrap_or_default();
        table.row([
            Cell::from(metric.name.title()),
            Cell::from(match metric.value {
                Some(_) => Line::from(value_words(metric)),
                None => Line::badge(Tone::Unknown, "n/a"),
            }),
            Cell::from(Line::prose(basis)),
            Cell::from(metric.band.map_or_else(|| Line::from("–"), band)),
            Cell::from(target(metric)),
        ]);
    }
    table
}

fn band(band: Band) -> Line {
    let tone = match band {
        Band::Elite | Band::High => Tone::Good,
        Band::Medium => Tone::Attention,
        Band::Low => Tone::Bad,
    };
    Line::badge(tone, band.word())
}

fn target(metric: &MetricView) -> Line {
    let Some(target) = metric.target else { return Line::from("–") };
    let sign = match target.bound {
        Bound::AtMost => "≤",
        Bound::AtLeast => "≥",
    };
    let (tone, word) = match target.status {
        TargetStatus::Met => (Tone::Good, "met"),
        TargetStatus::Missed => (Tone::Bad, "missed"),
        TargetStatus::Unknown => (Tone::Unknown, "unknown"),
    };
    Line::from(format!("{sign} {} ", in_unit(target.limit, metric.unit))).badge_too(tone, word)
}

fn notes(view: &MetricsView, report: &mut Report) {
    let noted = view.metrics.iter().filter(|metric| !metric.notes.is_empty());
    for metric in noted {
        let text = format!("{}: {}.", metric.name.title(), metric.notes.join("; "));
        report.callout(Tone::Attention, Line::prose(&text));
    }
}

fn trend(view: &MetricsView, report: &mut Report) {
    if view.trend.is_empty() {
        return;
    }
    let (title, noun) = match view.trend_step {
        TrendStep::Week => ("Deployments per week", "Week"),
        TrendStep::Month => ("Deployments per month", "Month"),
    };
    report.chapter("Trend");
    let bars = view.trend.iter().map(|part| {
        let failed = part.failed_deployments.filter(|failed| *failed > 0);
        Bar {
            label: label(part),
            value: part.deployments as f64,
            shown: match failed {
                Some(failed) => format!("{}, {failed} failed", part.deployments),
                None => part.deployments.to_string(),
            },
            tone: if failed.is_some() { Tone::Attention } else { Tone::Neutral },
        }
    });
    report.push(BarChart { caption: title.to_owned(), bars: bars.collect() });
    let columns = [noun, "Deployments", "Failed", "Change lead time", "Recovery time"];
    let mut table = Table::new("", &columns);
    for column in 1..5 {
        table = table.aligned(column, Align::Right);
    }
    let time = |seconds: Option<f64>| {
        seconds.map_or_else(|| "–".to_owned(), |seconds| in_unit(seconds, Unit::Seconds))
    };
    for part in &view.trend {
        table.row([
            label(part),
            part.deployments.to_string(),
            part.failed_deployments.map_or_else(|| "n/a".to_owned(), |failed| failed.to_string()),
            time(part.change_lead_time),
            time(part.recovery_time),
        ]);
    }
    report.push(table);
}

fn label(part: &TrendView) -> String {
    match part.from == part.to {
        true => part.from.to_string(),
        false => format!("{} to {}", part.from, part.to.format("%m-%d")),
    }
}

fn failed(failed: &[FailedDeploymentView], report: &mut Report) {
    if failed.is_empty() {
        return;
    }
    report.chapter("Deployments with incidents");
    let mut table = Table::new("", &["Deployment", "Version", "Ended (UTC)", "Incident", "Recovery time"])
        .aligned(4, Align::Right);
    for deployment in failed {
        for incident in &deployment.incidents {
            let recovery = incident.recovery_time.map(|seconds| in_unit(seconds as f64, Unit::Seconds));
            table.row([
                Line::from(deployment.id.as_str()),
                Line::from(deployment.version.as_deref().unwrap_or("–")),
                Line::from(deployment.finished.format("%Y-%m-%d %H:%M").to_string()),
                Line::from(incident.id.as_str()),
                recovery.map_or_else(|| Line::badge(Tone::Unknown, "n/a"), Line::from),
            ]);
        }
    }
    report.push(table);
}

fn releases(releases: &[ShippedRelease], report: &mut Report) {
    if releases.is_empty() {
        return;
    }
    report.chapter("Releases");
    let mut table =
        Table::new("", &["Release", "Version", "Type", "Planned", "Deployed", "Against the plan"]);
    for release in releases {
        let against = match release.days_late {
            None => Line::from("no planned date"),
            Some(0) => Line::badge(Tone::Good, "on the day"),
            Some(late @ 1..) => Line::badge(Tone::Bad, format!("{} late", days(late))),
            Some(early) => Line::badge(Tone::Good, format!("{} early", days(-early))),
        };
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        table.row_of(
            &release.id,
            [
                Line::id(&release.id),
                Line::from(release.version.as_deref().unwrap_or("–")),
                Line::from(release.release_type.as_deref().unwrap_or("–")),
                Line::from(day(release.planned)),
                Line::from(day(Some(release.deployed))),
                against,
            ],
        );
    }
    report.push(table);
}

fn cadences(cadences: &[CadenceView], report: &mut Report) {
    if cadences.is_empty() {
        return;
    }
    report.chapter("Release frequency");
    let columns = ["Type", "Releases", "Cadence", "Median interval", "Later than the cadence"];
    let mut table = Table::new("", &columns).aligned(1, Align::Right).aligned(3, Align::Right);
    for row in cadences {
        let late = match row.late {
            None if row.cadence.is_none() => Line::from("–"),
            None => Line::badge(Tone::Unknown, "n/a"),
            Some(0) => Line::badge(Tone::Good, format!("0 of {}", counted(row.intervals, "interval"))),
            Some(late) => Line::badge(Tone::Bad, format!("{late} of {}", counted(row.intervals, "interval"))),
        };
        let interval = row.median_interval.map(|days| format!("{days} d"));
        table.row([
            Line::from(row.release_type.as_str()),
            Line::from(row.releases.to_string()),
            Line::from(row.cadence.as_deref().unwrap_or("–")),
            interval.map_or_else(|| Line::badge(Tone::Unknown, "n/a"), Line::from),
            late,
        ]);
    }
    report.push(table);
}

/// The most records that are named.
const MOST_RECORDS: usize = 20;

fn unusable(records: &[UnusableRecord], report: &mut Report) {
    if records.is_empty() {
        return;
    }
    report.chapter("Unusable records");
    let mut table = Table::new("", &["Place", "Problem"]);
    for record in records.iter().take(MOST_RECORDS) {
        table.row([Line::from(format!("{}:{}", record.file, record.line)), Line::prose(&record.problem)]);
    }
    report.push(table);
    if let more @ 1.. = records.len().saturating_sub(MOST_RECORDS) {
        report.text(format!("{more} more are in the JSON output."));
    }
}
