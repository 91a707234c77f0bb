//! Forecasts and their backtest as documents.

use chrono::NaiveDate;

use super::words::{about, dated};
use super::{Align, Bar, BarChart, Cell, Fact, Line, RangeChart, RangePoint, Report, Table, Tone};
use crate::model::phrase::{capital, counted};
use crate::views::forecast::{
    Backtest, CalibrationView, Driver, DriverKind, Forecast, LikelyDate, Method, UnreadableHistory,
};

/// The likelihood from which on a date is taken to hold.
const LIKELY: f64 = 80.0;

/// The likelihood below which a date is taken not to hold.
const UNLIKELY: f64 = 50.0;

/// Lowers a forecast.
pub fn report(forecast: &Forecast) -> Report {
    let mut report = Report::new("Forecast", forecast.day);
    report.subtitle = about(forecast.release.as_ref());
    if let Some(reason) = &forecast.no_forecast {
        report.headline(Tone::Unknown, "No forecast", Line::prose(&format!("{}.", capital(reason))));
        unreadable(&forecast.unreadable_history, &mut report);
        return report;
    }
    head(forecast, &mut report);
    free_people(forecast, &mut report);
    unreadable(&forecast.unreadable_history, &mut report);
    report.chapter("Dates by likelihood");
    report.push(dates(forecast));
    if let Some(unchanged) = &forecast.unchanged {
        let date = unchanged.release.map_or_else(|| "unknown".to_owned(), |date| date.to_string());
        let likelihood = unchanged.likelihood.map(|share| format!(", and the release date {share} % likely"));
        let text = format!("Without the change the 85 % date is {date}{}.", likelihood.unwrap_or_default());
        report.callout(Tone::Neutral, text);
    }
    if !forecast.histogram.is_empty() {
        report.push(histogram(forecast));
    }
    milestones(forecast, &mut report);
    entries(forecast, &mut report);
    drivers(&forecast.drivers, &mut report);
    burn_up(forecast, &mut report);
    basis(forecast, &mut report);
    report
}

fn tone_of(likelihood: f64) -> Tone {
    match likelihood {
        share if share >= LIKELY => Tone::Good,
        share if share >= UNLIKELY => Tone::Attention,
        _ => Tone::Bad,
    }
}

fn shown(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "more than 20 years".to_owned(), |date| date.format("%a %Y-%m-%d").to_string())
}

fn head(forecast: &Forecast, report: &mut Report) {
    let date = |likelihood: u8| forecast.dates.iter().find(|date| date.likelihood == likelihood);
    let release = |likelihood: u8| shown(date(likelihood).and_then(|date| date.release));
    match &forecast.target {
        Some(target) => {
            let sentence =
                format!("likelihood of the release date {}; the 85 % date is {}.", target.date, release(85));
            report.headline(tone_of(target.likelihood), format!("{} %", target.likelihood), sentence);
        }
        None => report.headline(
            Tone::Neutral,
            release(85),
            "is the date with a likelihood of 85 %; the release has no date.",
        ),
    }
    for likelihood in [50, 85, 95] {
        report.figure(format!("{likelihood} % likely"), release(likelihood));
    }
    if let Some(method) = forecast.method {
        report.detail("Method", method_words(method));
    }
    report.detail("Trials", format!("{}, seed {}", forecast.trials, forecast.seed));
    if let Some(target) = &forecast.target {
        report.detail("Release date", dated(target.date, forecast.day));
    }
}

/// The most ids that a sentence of the head names.
const MOST_IDS: usize = 5;

/// Work without a capacity limit, because the plan does not say who does it.
fn free_people(forecast: &Forecast, report: &mut Report) {
    let ids = &forecast.without_team;
    let count = ids.len();
    let line = match ids.as_slice() {
        [] => return,
        _ if count == forecast.entries.len() => Line::from("all open work"),
        _ if count > MOST_IDS => {
            Line::ids(&ids[..MOST_IDS]).and(format!(" and {}", counted(count - MOST_IDS, "other EPIC entry")))
        }
        _ => Line::ids(ids),
    };
    let text = Line::from("People are assumed to be free at any time for ").join(line);
    let text = text.and(": no owner or skill of it is in ").code("[team]").and(" of relplan.toml.");
    report.callout(Tone::Attention, text);
}

/// The most rows of a history that are named.
const MOST_ROWS: usize = 5;

/// What of the history does not count.
fn unreadable(rows: &[UnreadableHistory], report: &mut Report) {
    if rows.is_empty() {
        return;
    }
    let named = rows.iter().take(MOST_ROWS);
    let named: Vec<String> =
        named.map(|row| format!("{}:{} ({})", row.file, row.line, row.problem)).collect();
    let more = match rows.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let text = format!(
        "The history has {} that cannot be read and {} left out: {}{more}.",
        counted(rows.len(), "row"),
        if rows.len() == 1 { "is" } else { "are" },
        named.join(", ")
    );
    report.callout(Tone::Attention, Line::prose(&text));
}

fn method_words(method: Method) -> &'static str {
    match method {
        Method::Estimates => "estimates, dependencies and capacity (Monte Carlo)",
        Method::Throughput => "work items done in past weeks (Monte Carlo)",
    }
}

fn dates(forecast: &Forecast) -> Table {
    let mut table = Table::new("", &["Likelihood", "Work complete", "Release", "Against the plan"]);
    table = table.aligned(0, Align::Right);
    let planned = forecast.target.as_ref().map(|target| target.date);
    for date in &forecast.dates {
        table.row([
            Cell::from(format!("{} %", date.likelihood)),
            Cell::from(shown(date.complete)),
            Cell::from(shown(date.release)),
            against(date, planned),
        ]);
    }
    table
}

fn against(date: &LikelyDate, planned: Option<NaiveDate>) -> Cell {
    let Some(planned) = planned else { return Cell::from("no release date") };
    let Some(release) = date.release else { return Cell::toned(Tone::Bad, Line::badge(Tone::Bad, "late")) };
    match (release - planned).num_days() {
        days @ 1.. => Cell::from(Line::badge(
            Tone::Bad,
            format!("{} late", counted(usize::try_from(days).unwrap_or(0), "day")),
        )),
        0 => Cell::from(Line::badge(Tone::Good, "on the day")),
        days => Cell::from(Line::badge(
            Tone::Good,
            format!("{} early", counted(usize::try_from(-days).unwrap_or(0), "day")),
        )),
    }
}

fn histogram(forecast: &Forecast) -> BarChart {
    let planned = forecast.target.as_ref().map(|target| target.date);
    let bars = forecast.histogram.iter().map(|bin| Bar {
        label: match bin.from == bin.to {
            true => bin.from.to_string(),
            false => format!("{} to {}", bin.from, bin.to.format("%m-%d")),
        },
        value: bin.share,
        shown: format!("{} %", bin.share),
        tone: match planned {
            None => Tone::Neutral,
            Some(planned) if bin.to <= planned => Tone::Good,
            Some(planned) if bin.from <= planned => Tone::Attention,
            Some(_) => Tone::Bad,
        },
    });
    BarChart { caption: "Release dates, share of the trials".into(), bars: bars.collect() }
}

fn milestones(forecast: &Forecast, report: &mut Report) {
    if forecast.milestones.is_empty() {
        return;
    }
    report.chapter("Milestones");
    let mut table = Table::new("", &["Milestone", "Date", "Likelihood"]).aligned(2, Align::Right);
    for target in &forecast.milestones {
        table.row([
            Line::from(&target.name),
            Line::from(target.date.to_string()),
            percent(target.likelihood),
        ]);
    }
    report.push(table);
}

fn percent(likelihood: f64) -> Line {
    Line::badge(tone_of(likelihood), format!("{likelihood} %"))
}

fn entries(forecast: &Forecast, report: &mut Report) {
    if forecast.entries.is_empty() {
        return;
    }
    report.chapter("Open work");
    let columns = ["Item", "Title", "50 % date", "85 % date", "Due", "Likelihood", "Critical"];
    let mut table = Table::new("", &columns).aligned(5, Align::Right).aligned(6, Align::Right);
    for entry in &forecast.entries {
        let day =
            |day: Option<NaiveDate>| Line::from(day.map_or_else(|| "–".to_owned(), |day| day.to_string()));
        table.row_of(
            &entry.id,
            [
                Line::id(&entry.id),
                Line::from(&entry.title),
                day(entry.p50),
                day(entry.p85),
                day(entry.due),
                entry.likelihood.map_or_else(|| Line::from("–"), percent),
                Line::from(format!("{} %", entry.critical)),
            ],
        );
    }
    report.push(table);
    report.text("Likelihood: that the due date is met. Critical: share of the trials in which the item was on the critical path.");
}

fn drivers(drivers: &[Driver], report: &mut Report) {
    if drivers.is_empty() {
        return;
    }
    report.chapter("Schedule drivers");
    let mut table = Table::new("", &["Driver", "Change", "Days saved"]).aligned(2, Align::Right);
    for driver in drivers {
        let (name, change) = match driver.kind {
            DriverKind::Risk => (Line::id(&driver.name).and(format!(" {}", driver.title)), "it cannot occur"),
            DriverKind::Entry => (Line::id(&driver.name).and(format!(" {}", driver.title)), "it is left out"),
            DriverKind::Team => (Line::from(&driver.name), "one person more"),
        };
        table.row([name, Line::from(change), Line::from(driver.days.to_string())]);
    }
    report.push(table);
    report.text("Days saved: working days by which the 85 % date would be earlier.");
}

fn burn_up(forecast: &Forecast, report: &mut Report) {
    let Some(last) = forecast.burn_up.last() else { return };
    report.chapter("Burn-up");
    let points = forecast.burn_up.iter().map(|point| RangePoint {
        label: point.day.to_string(),
        low: point.low,
        middle: point.median,
        high: point.high,
    });
    let what = match forecast.method {
        Some(Method::Throughput) => "Work items done",
        _ => "EPIC entries complete",
    };
    let caption = format!("{what}: 85 %, 50 % and 15 % likely");
    report.push(RangeChart { caption, most: last.high, points: points.collect() });
}

fn basis(forecast: &Forecast, report: &mut Report) {
    report.chapter("Basis");
    let text = match &forecast.calibration {
        Some(calibration) => calibrated(calibration, forecast),
        None => {
            "Not calibrated: the outcome of no earlier forecast is known. Record forecasts with `--record`."
                .to_owned()
        }
    };
    report.text(Line::prose(&text));
    for assumption in &forecast.assumptions {
        report.callout(Tone::Neutral, Line::prose(assumption));
    }
}

fn calibrated(calibration: &CalibrationView, forecast: &Forecast) -> String {
    let CalibrationView { own, borrowed, simulated_held } = calibration;
    let lenders = match forecast.method {
        Some(Method::Throughput) => "outcomes of other projects",
        _ => "quantiles of the simulation",
    };
    let mut text = format!("Calibrated by {} of earlier forecasts of this plan", counted(*own, "outcome"));
    if *borrowed > 0 {
        text += &format!(" and {borrowed} {lenders}");
    }
    text += ".";
    let date = forecast.simulated.map(|work| {
        format!(" Without calibration the work would be complete by {} with a likelihood of 85 %.", work.p85)
    });
    text += &date.unwrap_or_default();
    if let Some(held) = simulated_held {
        text += &format!(" Such a date held {held} % of the time so far.");
    }
    text
}

/// Lowers a backtest.
pub fn backtest(backtest: &Backtest) -> Report {
    let mut report = Report::new("Forecast backtest", backtest.day);
    let all: usize = backtest.horizons.iter().map(|horizon| horizon.forecasts).sum();
    report.figure("History", counted(backtest.weeks, "week"));
    report.figure("Forecasts tested", all.to_string());
    report.figure("Recorded outcomes", backtest.recorded.len().to_string());
    unreadable(&backtest.unreadable_history, &mut report);
    report.chapter("Hit rate");
    if all == 0 {
        let text = "No forecast can be tested: the history needs at least 20 complete weeks.";
        report.callout(Tone::Unknown, text);
    }
    let columns = ["Weeks ahead", "Forecasts", "Simulated", "Calibrated"];
    let mut table = Table::new("", &columns);
    for column in 0..4 {
        table = table.aligned(column, Align::Right);
    }
    let rate = |rate: Option<f64>| rate.map_or_else(|| "n/a".to_owned(), |rate| format!("{rate} %"));
    for horizon in &backtest.horizons {
        table.row([
            horizon.weeks.to_string(),
            horizon.forecasts.to_string(),
            rate(horizon.simulated),
            rate(horizon.calibrated),
        ]);
    }
    report.push(table);
    report.text("How often the 85 % date held, of the forecasts whose dates are over. Work that is still open after its date has missed it.");
    if !backtest.reliability.is_empty() {
        let bars = backtest.reliability.iter().map(|point| Bar {
            label: format!("{} % date", point.likelihood),
            value: point.held,
            shown: format!("held {} % of {}", point.held, counted(point.forecasts, "forecast")),
            tone: Tone::Neutral,
        });
        let caption = "Calibration: how often each date held, 8 weeks ahead".into();
        report.push(BarChart { caption, bars: bars.collect() });
    }
    recorded(backtest, &mut report);
    report.chapter("Accuracy of plans");
    let facts = backtest
        .accuracy
        .iter()
        .map(|measure| Fact::new(measure.measure, format!("{} ({})", measure.value, measure.of)));
    report.push(super::Block::Facts(facts.collect()));
    report
}

fn recorded(backtest: &Backtest, report: &mut Report) {
    report.chapter("Recorded forecasts");
    if backtest.recorded.is_empty() {
        report.text(Line::prose(
            "No recorded forecast has an outcome yet. Record forecasts with `relplan forecast --record`.",
        ));
        return;
    }
    let columns = ["Release", "Made on", "50 % date", "85 % date", "Actual", "85 % date held"];
    let mut table = Table::new("", &columns);
    for outcome in &backtest.recorded {
        let held =
            if outcome.held { Line::badge(Tone::Good, "held") } else { Line::badge(Tone::Bad, "missed") };
        table.row([
            Line::id(&outcome.release),
            Line::from(outcome.day.to_string()),
            Line::from(outcome.p50.to_string()),
            Line::from(outcome.p85.to_string()),
            Line::from(outcome.actual.map_or_else(|| "open".to_owned(), |actual| actual.to_string())),
            held,
        ]);
    }
    report.push(table);
}
