//! The alerting rules as a `PrometheusRule` of the Prometheus operator for Kubernetes
//! (<https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule>).

use super::prometheus::groups;
use super::target::{Export, ExportFile, ExportRequest, Subject, Target};

/// The Prometheus operator.
pub static TARGET: Target = Target {
    name: "prometheus-rule",
    about: "the same rules as a PrometheusRule of the Prometheus operator for Kubernetes",
    subject: Subject::Rollback,
    takes: &[],
    needs: &[],
    write,
};

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.left_out.clone(), ..Export::default() };
    if !request.triggers.is_empty() {
        let header = request.header(&TARGET, &request.left_out);
        let text = format!(
            "{header}apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: relplan-rollback\n\
             spec:\n  groups:\n{}",
            groups(request, 4)
        );
        export.files.push(ExportFile::text("rollback.prometheusrule.yaml", text));
    }
    export
}
