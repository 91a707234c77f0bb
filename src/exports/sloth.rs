//! Service level objectives for Sloth, which makes the burn-rate alerts itself (<https://sloth.dev/specs/kubernetes/>).

use std::fmt::Write as _;

use super::target::{Export, ExportFile, ExportOption, ExportRequest, Subject, Target};
use super::yaml::{block, comment, text};
use crate::model::duration::Duration;
use crate::model::promql::duration_text;
use crate::trigger::slo::Slo;
use crate::trigger::{LeftOut, alert_name};

/// Sloth.
pub static TARGET: Target = Target {
    name: "sloth",
    about: "a PrometheusServiceLevel of Sloth with each MON entry of type SLO",
    subject: Subject::Slo,
    takes: &[ExportOption::Workload],
    needs: &[ExportOption::Workload],
    write,
};

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.slos_left_out.clone(), ..Export::default() };
    let mut written: Vec<&Slo> = Vec::new();
    // Sloth has one period for all objectives of a run.
    let period = request.slos.first().map(|slo| slo.period);
    for slo in &request.slos {
        match refuse(slo, period) {
            None => written.push(slo),
            Some((reason, help)) => {
                export.left_out.push(LeftOut { id: slo.id, reason, help, is_automatic: false });
            }
        }
    }
    export.left_out.sort_by_key(|left_out| left_out.id);
    let (Some(workload), Some(period)) = (&request.workload, period.filter(|_| !written.is_empty())) else {
        return export;
    };
    let mut yaml = request.header(&TARGET, &export.left_out);
    if period != Duration::from_millis(30 * 86_400_000) {
        let flag = format!("Generate with `sloth generate --default-slo-period={}`.", days(period));
        yaml += &comment(&flag);
        export
            .remarks
            .push(format!("the period is {period}: run Sloth with `--default-slo-period={}`", days(period)));
    }
    let _ = write!(
        yaml,
        "apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata:\n  name: {0}\nspec:\n  service: {0}\n  slos:\n",
        text(workload)
    );
    for slo in written {
        yaml += &objective(slo);
    }
    export.files.push(ExportFile::text("slo.sloth.yaml", yaml));
    export
}

fn refuse(slo: &Slo, period: Option<Duration>) -> Option<(String, String)> {
    if Some(slo.period) != period {
        let other = period.map(|period| period.to_string()).unwrap_or_default();
        return Some((
            format!("its period is {}, and that of the first objective is {other}", slo.period),
            "write the same period, or use `relplan export slo`".to_owned(),
        ));
    }
    slo.error_ratio(slo.period).to_string().contains("{{").then(|| {
        (
            "Sloth replaces what is between `{{` and `}}`".to_owned(),
            "select the series by another label".to_owned(),
        )
    })
}

/// A period as Sloth takes it: `28d`.
fn days(period: Duration) -> String {
    format!("{}d", period.millis() / 86_400_000)
}

fn objective(slo: &Slo) -> String {
    /// A window that nobody writes, in whose place the template of Sloth is put.
    const PLACE: Duration = Duration::from_millis(7_777_777);
    let id = slo.id.to_string();
    let name = id.to_lowercase();
    let query = slo.error_ratio(PLACE).to_string();
    let query = query.replace(&format!("[{}]", duration_text(PLACE.millis())), "[{{.window}}]");
    format!(
        "    {}    - name: {name}\n      objective: {}\n      description: {}\n      labels:\n        relplan_id: {}\n      \
         sli:\n        raw:\n          errorRatioQuery: {}\n      alerting:\n        name: {}\n        pageAlert:\n          \
         labels:\n            severity: page\n        ticketAlert:\n          labels:\n            severity: ticket\n",
        comment(&format!("{id}: {}", slo.reading)),
        slo.objective.to_f64(),
        text(&slo.title),
        text(&id),
        block(&query, 12),
        alert_name(slo.id, ""),
    )
}
