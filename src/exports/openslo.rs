//! Service level objectives for tools that read OpenSLO (<https://github.com/OpenSLO/OpenSLO>), as `openslo/v1`.
//!
//! OpenSLO counts events: what is good or bad, and all of them. A query that is no ratio of the two has no such counts, and is
//! refused. The objects name no alert: which burn rates wake somebody is the matter of `relplan export slo`.

use super::target::{Export, ExportFile, ExportOption, ExportRequest, Subject, Target};
use super::yaml::{block, comment, text};
use crate::model::duration::Duration;
use crate::model::promql::number_text;
use crate::trigger::LeftOut;
use crate::trigger::slo::{Ratio, Slo};

/// OpenSLO.
pub static TARGET: Target = Target {
    name: "openslo",
    about: "an SLO of OpenSLO (v1) for each MON entry of type SLO, and their Service",
    subject: Subject::Slo,
    takes: &[ExportOption::Workload],
    needs: &[ExportOption::Workload],
    write,
};

/// Names are labels of DNS (RFC 1123), and no longer.
const LONGEST_NAME: usize = 63;

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.slos_left_out.clone(), ..Export::default() };
    let Some(workload) = &request.workload else { return export };
    let mut objects = Vec::new();
    for slo in &request.slos {
        match object(slo, workload) {
            Ok(object) => objects.push(object),
            Err((reason, help)) => {
                export.left_out.push(LeftOut { id: slo.id, reason, help, is_automatic: false });
            }
        }
    }
    export.left_out.sort_by_key(|left_out| left_out.id);
    if objects.is_empty() {
        return export;
    }
    let header = request.header(&TARGET, &export.left_out);
    let service = format!(
        "{header}apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: {}\nspec: {{}}\n",
        text(workload)
    );
    objects.insert(0, service);
    export.files.push(ExportFile::text("slo.openslo.yaml", objects.join("---\n")));
    export
}

type Refused = (String, String);

fn object(slo: &Slo, workload: &str) -> Result<String, Refused> {
    if workload.len() > LONGEST_NAME || workload.contains('.') {
        return Err((
            format!("OpenSLO takes no name with a dot, or of more than {LONGEST_NAME} letters"),
            "give a shorter `--workload`, without dots".to_owned(),
        ));
    }
    let Some(Ratio { is_good, part, total }) = &slo.ratio else {
        return Err((
            "OpenSLO counts events, and its query is not a ratio of two sums of rates".to_owned(),
            "write `sum(rate(good[5m])) / sum(rate(all[5m]))`, or use `relplan export slo`".to_owned(),
        ));
    };
    let Some(period) = shorthand(slo.period) else {
        return Err((
            format!("OpenSLO has no period of {}", slo.period),
            "write the period in whole minutes, hours or days".to_owned(),
        ));
    };
    let id = slo.id.to_string();
    let (name, title) = (id.to_lowercase(), text(&slo.title));
    let kind = if *is_good { "good" } else { "bad" };
    let source = |expr: &crate::model::promql::Expr| {
        let query = block(&expr.to_string(), 16);
        format!(
            "          metricSource:\n            type: Prometheus\n            spec:\n              query: {query}\n"
        )
    };
    // Rates are no counters: their values are added up as they are read.
    Ok(format!(
        "{}apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: {name}\n  displayName: {title}\n  labels:\n    \
         relplan_id: {}\nspec:\n  description: {}\n  service: {}\n  indicator:\n    metadata:\n      name: {name}\n    \
         spec:\n      ratioMetric:\n        counter: false\n        {kind}:\n{}        total:\n{}  timeWindow:\n    \
         - duration: {period}\n      isRolling: true\n  budgetingMethod: Occurrences\n  objectives:\n    \
         - displayName: {title}\n      target: {}\n",
        comment(&format!("{id}: {}", slo.reading)),
        text(&id),
        text(&slo.reading),
        text(workload),
        source(part),
        source(total),
        number_text(slo.share()),
    ))
}

/// A period as OpenSLO takes it, in its longest unit of which it has a whole number: `28d`.
fn shorthand(period: Duration) -> Option<String> {
    let minute = 60_000;
    let units = [("d", 1440 * minute), ("h", 60 * minute), ("m", minute)];
    let (word, length) = units.into_iter().find(|(_, length)| period.millis().is_multiple_of(*length))?;
    Some(format!("{}{word}", period.millis() / length))
}
