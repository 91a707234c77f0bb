//! Milestones that come in another order than their gates.

use chrono::NaiveDate;

use super::is_day;
use crate::config::calendar::CalendarSettings;
use crate::model::value::folded;
use crate::model::version::Version;
use crate::schedule::conflict::{Conflict, ConflictKind, Place};
use crate::schedule::{Milestone, Planned, Schedule, Source, placed};
use crate::source::{Span, Spanned};

/// Milestones that come in another order than their gates. Those at their usual offsets are not
/// compared: nobody stated them.
pub(super) fn out_of_order<'p>(
    planned: &Planned<'p>,
    schedule: &Schedule<'p>,
    settings: &'p CalendarSettings,
    today: NaiveDate,
) -> Vec<Conflict<'p>> {
    let without_date;
    let milestones = match planned.release.date {
        Some(_) => &planned.milestones,
        // Offsets compare with each other from any day, but not with days of the calendar.
        None if planned
            .release
            .milestones
            .iter()
            .filter_map(|stated| stated.when.as_ref())
            .any(|when| is_day(&when.value)) =>
        {
            &planned.milestones
        }
        None => {
            without_date = placed(planned.release, settings, &schedule.working, Some(today));
            &without_date
        }
    };
    let stated = |milestone: &Milestone<'p>| match milestone.source {
        Source::Release(span) | Source::Config(span) => Some(span),
        Source::Default => planned.release.date.filter(|_| milestone.is_production()).map(|date| date.span),
    };
    let mut gates: Vec<Gate<'_, 'p>> = milestones
        .iter()
        .filter_map(|milestone| Some((milestone.gate()?, milestone, stated(milestone)?)))
        .collect();
    gates.sort_by_key(|(gate, ..)| *gate);
    let pairs = gates.windows(2).filter_map(|pair| order(planned, &pair[0], &pair[1]));
    let mut found: Vec<Conflict<'p>> = pairs.collect();
    let counted = milestones
        .iter()
        .filter_map(|milestone| Some((stage(&milestone.name)?, milestone, stated(milestone)?)));
    let mut counted: Vec<_> = counted.collect();
    counted.sort_by_key(|(stage, ..)| *stage);
    found.extend(counted.windows(2).filter_map(|pair| {
        let [(_, before, before_span), (_, after, after_span)] = pair else { return None };
        order(planned, &(0, *before, *before_span), &(0, *after, *after_span))
    }));
    found.extend(pre_releases(planned, milestones));
    found
}

/// Pre-releases that do not come in the order of their versions, the release itself being the last of them.
fn pre_releases<'p>(planned: &Planned<'p>, milestones: &[Milestone<'p>]) -> Vec<Conflict<'p>> {
    let of = |milestone: &'_ Milestone<'p>| {
        let own = planned.release.version.as_ref();
        // Those of other versions are on the way to other releases.
        let belongs =
            |version: &&Spanned<Version>| own.is_none_or(|own| version.value.is_pre_release_of(&own.value));
        let stated = milestone.stated.and_then(|stated| stated.version.as_ref()).filter(belongs);
        stated.or(own.filter(|_| milestone.is_production())).map(|version| &version.value)
    };
    let span = |milestone: &Milestone<'p>| match milestone.source {
        Source::Release(span) | Source::Config(span) => Some(span),
        Source::Default => planned.release.date.map(|date| date.span),
    };
    let series =
        milestones.iter().filter_map(|milestone| Some((of(milestone)?, milestone, span(milestone)?)));
    let mut series: Vec<(&Version, &Milestone<'p>, Span)> = series.collect();
    series.sort_by(|a, b| a.0.cmp(b.0).then(a.1.day.cmp(&b.1.day)));
    let pairs = series.windows(2).filter_map(|pair| {
        let [(lower, before, before_span), (higher, after, after_span)] = pair else { return None };
        // Numbered names were compared as such.
        let is_known = stage(&before.name).is_some() && stage(&after.name).is_some();
        let is_series = lower < higher && !is_known;
        is_series.then(|| order(planned, &(0, *before, *before_span), &(0, *after, *after_span)))?
    });
    pairs.collect()
}

/// The stage of a milestone that counts its releases, and its number: `beta 2`, `rc1`, `release candidate 3`.
fn stage(name: &str) -> Option<(usize, u32)> {
    const STAGES: [&[&str]; 3] = [&["alpha"], &["beta"], &["rc", "candidate", "releasecandidate"]];
    let name: String = folded(name).collect();
    let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (word, number) = name.split_at(name.len() - digits);
    let stage = STAGES.iter().position(|words| words.contains(&word))?;
    Some((stage, number.parse().ok()?))
}

type Gate<'g, 'p> = (usize, &'g Milestone<'p>, Span);

fn order<'p>(planned: &Planned<'p>, first: &Gate<'_, 'p>, second: &Gate<'_, 'p>) -> Option<Conflict<'p>> {
    let ((_, before, before_span), (_, after, after_span)) = (first, second);
    // What `relplan.toml` states for every release is wrong once, there.
    let (first, second) = (before.title(), after.title());
    let one_day = before.day == after.day && (&*before.name, &*after.name) == ("code_freeze", "beta");
    let kind = match before.day.cmp(&after.day) {
        std::cmp::Ordering::Greater => ConflictKind::OutOfOrder { first, second },
        _ if one_day => ConflictKind::SameDay { first, second },
        _ => return None,
    };
    let text = |milestone: &Milestone<'_>| format!("{}: {}", milestone.title(), milestone.day);
    let places = vec![Place::new(*after_span, text(after)), Place::new(*before_span, text(before))];
    Some(Conflict { id: planned.entry.id.value, day: after.day, kind, places })
}

#[cfg(test)]
mod tests {
    use super::stage;

    #[test]
    fn numbered_milestones_have_a_stage() {
        let check = |name: &str, expect: Option<(usize, u32)>| assert_eq!(stage(name), expect, "{name}");
        check("alpha 1", Some((0, 1)));
        check("beta_12", Some((1, 12)));
        check("RC2", Some((2, 2)));
        check("Release candidate 3", Some((2, 3)));
        check("candidate-1", Some((2, 1)));
        check("release_candidate", None);
        check("beta freeze 1", None);
        check("sprint 3", None);
    }
}
