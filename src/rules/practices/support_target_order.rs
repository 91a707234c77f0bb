use crate::finding::Report;
use crate::model::Id;
use crate::model::duration::Duration;
use crate::model::operations::SupportTarget;
use crate::model::order::Strictness;
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// Support targets in the wrong order.
    ///
    /// A response comes before the resolution, and issues of a higher severity are
    /// answered and resolved no later than those of a lower one.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// support_targets:
    ///   - {severity: Critical, response: 4h, resolution: 8h}
    ///   - {severity: High, response: 2h, resolution: 24h}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// support_targets:
    ///   - {severity: Critical, response: 2h, resolution: 4h}
    ///   - {severity: High, response: 4h, resolution: 24h}
    /// ```
    "RP0524", "support-target-order", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let Some(operations) = &rel.operations else { continue };
        let targets = &operations.support_targets;
        looked_at += targets.len();
        for target in targets {
            reports.extend(resolution_first(entry.id.value, target));
        }
        let mut rated: Vec<&SupportTarget> =
            targets.iter().filter(|target| target.severity.is_some()).collect();
        rated.sort_by_key(|target| std::cmp::Reverse(target.severity.map(|severity| severity.value.rank())));
        for pair in rated.windows(2) {
            let [higher, lower] = pair else { continue };
            let both = [
                ("response", higher.response, lower.response),
                ("resolution", higher.resolution, lower.resolution),
            ];
            let found = both.into_iter().filter_map(|(name, first, second)| {
                slower(entry.id.value, name, (higher, first?), (lower, second?))
            });
            reports.extend(found);
        }
    }
    looked_at
}

fn resolution_first(id: Id, target: &SupportTarget) -> Option<Report> {
    let (response, resolution) = (target.response?, target.resolution?);
    (resolution.value < response.value).then(|| {
        Report::at(resolution.span, format!("{id}: resolution of a support target before its response"))
            .and(response.span, "the response")
            .help("swap them, or correct the times")
    })
}

fn slower(
    id: Id,
    name: &str,
    (higher, first): (&SupportTarget, Spanned<Duration>),
    (lower, second): (&SupportTarget, Spanned<Duration>),
) -> Option<Report> {
    let (above, below) = (higher.severity?.value, lower.severity?.value);
    (above.rank() > below.rank() && first.value > second.value).then(|| {
        let message = format!("{id}: {name} of {above} issues is slower than of {below} issues");
        Report::at(first.span, message)
            .and(second.span, format!("{below}: {}", second.value.in_words()))
            .help("shorten it, or correct the severity")
    })
}
