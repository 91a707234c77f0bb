//! Burn-rate alerts of Prometheus for service level objectives.
//!
//! A page or a ticket says that the error budget is spent so much faster than it may be, over a long window and, so that the
//! alert ends soon after the cause, over a short one (<https://sre.google/workbook/alerting-on-slos/>).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::target::{Export, ExportFile, ExportRequest, Subject, Target};
use super::yaml::{block, comment, text};
use crate::model::duration::Duration;
use crate::model::promql::{duration_text, number_text};
use crate::trigger::slo::{BURN_RATES, Slo};
use crate::trigger::{alert_name, measured};

/// Burn-rate alerts.
pub static TARGET: Target = Target {
    name: "slo",
    about: "burn-rate alerts of Prometheus for each MON entry of type SLO",
    subject: Subject::Slo,
    takes: &[],
    needs: &[],
    write,
};

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.slos_left_out.clone(), ..Export::default() };
    if request.slos.is_empty() {
        return export;
    }
    let mut yaml = request.header(&TARGET, &export.left_out) + "groups:\n";
    for slo in &request.slos {
        yaml += &group(slo);
    }
    export.files.push(ExportFile::text("slo.rules.yaml", yaml));
    export
}

/// The name of the series that holds the error ratio over a window.
fn record(window: Duration) -> String {
    format!("slo:error_ratio:rate{}", duration_text(window.millis()))
}

fn group(slo: &Slo) -> String {
    let id = slo.id.to_string();
    let mut yaml = format!("  - name: relplan-slo-{}\n    rules:\n", id.to_lowercase());
    yaml += &format!("      {}", comment(&format!("{id}: {}: {}", slo.title, slo.reading)));
    // Windows are recorded once, because both alerts and each evaluation read them.
    let windows: BTreeSet<Duration> = BURN_RATES.iter().flat_map(|rate| [rate.short, rate.long]).collect();
    for window in windows {
        let expr = slo.error_ratio(window).to_string();
        let _ = write!(
            yaml,
            "      - record: {}\n        expr: {}\n        labels:\n          relplan_id: {}\n",
            record(window),
            block(&expr, 10),
            text(&id)
        );
    }
    for (word, is_page) in [("page", true), ("ticket", false)] {
        yaml += &alert(slo, word, &condition(slo, is_page), &spent(slo, is_page));
    }
    let hour = Duration::from_millis(3_600_000);
    let missing = measured(&slo.error_ratio(hour)).called("absent").to_string();
    let unknown = "No value in the last hour, so it is unknown whether the objective is met.";
    yaml += &alert(slo, "unknown", &missing, unknown);
    yaml
}

/// The condition of an alert, on the recorded windows.
fn condition(slo: &Slo, is_page: bool) -> String {
    let id = text(&slo.id.to_string());
    let rates = BURN_RATES.iter().filter(|rate| rate.is_page == is_page);
    let both: Vec<String> = rates
        .map(|rate| {
            let limit = format!("{} * {}", number_text(rate.factor(slo.period)), number_text(slo.budget()));
            let above = |window: Duration| format!("{}{{relplan_id={id}}} > {limit}", record(window));
            format!("({} and {})", above(rate.long), above(rate.short))
        })
        .collect();
    both.join(" or ")
}

fn spent(slo: &Slo, is_page: bool) -> String {
    let rates = BURN_RATES.iter().filter(|rate| rate.is_page == is_page);
    let words: Vec<String> =
        rates.map(|rate| format!("{} % of the error budget in {}", rate.budget_percent, rate.long)).collect();
    format!("More than {} ({} % over {}).", words.join(" or "), slo.objective, slo.period)
}

fn alert(slo: &Slo, word: &str, condition: &str, description: &str) -> String {
    let id = slo.id.to_string();
    let name = alert_name(slo.id, word);
    let (severity, hold) = match word {
        "unknown" => ("ticket", "        for: 5m\n"),
        word => (word, ""),
    };
    format!(
        "      - alert: {name}\n        expr: {}\n{hold}        labels:\n          relplan_alert: {}\n          \
         relplan_id: {}\n          severity: {}\n        annotations:\n          description: {}\n          summary: {}\n",
        block(condition, 10),
        text(word),
        text(&id),
        text(severity),
        text(description),
        text(&format!("{id}: {}", slo.title).replace("{{", "{{ \"{{\" }}")),
    )
}
