//! Holds entries against link rules: those that relplan brings along, and
//! those of `relplan.toml`. Both are data of one form, and judged here alike.

use rustc_hash::FxHashSet;

use super::{Subject, words};
use crate::config::{Direction, LinkRule, built_in};
use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::entry::HEADER;
use crate::model::field::Shape;
use crate::model::{Choice, Entry, EntryIndex, Id, Prefix, Target};
use crate::source::Span;

/// Holds the plan against the link rules of this name that relplan brings
/// along; returns how many entries they are about.
pub(super) fn check_built_in(name: &str, subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let rules = built_in().iter().filter(|rule| rule.name == name);
    rules.map(|rule| check(subject, rule, reports)).sum()
}

/// Holds the plan against one link rule; returns how many entries it is about.
pub(super) fn check(subject: &Subject<'_>, rule: &LinkRule, reports: &mut Vec<Report>) -> usize {
    if rule.if_any && !has_other_end(subject, rule) {
        return 0;
    }
    let mut looked_at = 0;
    let garbled = subject.plan.defects.iter().filter(|defect| is_garbled_link(defect));
    let garbled: FxHashSet<Id> = garbled.filter_map(|defect| defect.owner).collect();
    for index in selected(subject, rule) {
        looked_at += 1;
        let links = Links { subject, rule, index, entry: subject.plan.entry(index) };
        reports.extend(links.too_few().filter(|_| !garbled.contains(&links.entry.id.value)));
        reports.extend(links.too_many());
    }
    looked_at
}

/// Whether a link was written and could not be read: it is reported as such, and nobody
/// knows what it would have led to.
pub(super) fn is_garbled_link(defect: &Defect) -> bool {
    match &defect.kind {
        DefectKind::NotAnId { .. } | DefectKind::ForeignReference { .. } | DefectKind::BadLink { .. } => true,
        DefectKind::WrongShape { expected, .. } => expected.ends_with("ids"),
        DefectKind::UnknownKey { suggestion: Some(near) } => {
            HEADER.iter().any(|field| matches!(field.shape, Shape::Links) && field.is(&near.replace('_', "")))
        }
        _ => false,
    }
}

/// The entries that a rule is about.
pub(super) fn selected<'a>(
    subject: &'a Subject<'_>,
    rule: &'a LinkRule,
) -> impl Iterator<Item = EntryIndex> + 'a {
    let families = subject.plan.families().filter(|(prefix, _)| rule.is_from(prefix));
    let entries = families.flat_map(|(_, entries)| entries.iter().copied());
    entries.filter(|&index| rule.is_about(subject.plan.entry(index)))
}

/// Whether anything exists, in the plan or outside it, that a link could lead to so that it counts.
pub(super) fn has_other_end(subject: &Subject<'_>, rule: &LinkRule) -> bool {
    let outside =
        |prefix: &Prefix| subject.config.families.of(prefix).is_some_and(|family| family.external.is_some());
    let counts = |index: &EntryIndex| rule.counts(subject.plan.entry(*index));
    let cut_off = |id: &Id| rule.is_to(&id.prefix);
    rule.to.iter().any(outside)
        || subject.plan.broken.iter().any(cut_off)
        || subject.plan.families().any(|(prefix, entries)| rule.is_to(&prefix) && entries.iter().any(counts))
}

/// How a sentence about a link rule begins; `text` stands where the rule is declared.
pub(super) fn named(text: &str) -> String {
    match text.starts_with('[') {
        true => format!("this `{text}` table"),
        false => format!("the link rule `{text}`"),
    }
}

/// The links of one entry, seen with the eyes of one rule.
struct Links<'a, 's> {
    subject: &'a Subject<'s>,
    rule: &'a LinkRule,
    index: EntryIndex,
    entry: &'a Entry<'s>,
}

impl Links<'_, '_> {
    fn too_few(&self) -> Option<Report> {
        let found = match self.rule.min {
            0 => return None,
            1 => usize::from(self.each(&mut |_, _| true)),
            _ => self.distinct().len(),
        };
        (found < self.rule.min).then(|| self.report_too_few(found))
    }

    fn too_many(&self) -> Option<Report> {
        let max = self.rule.max?;
        let found = self.distinct();
        let &(id, span) = found.get(max)?;
        let message = match self.rule.message.as_str() {
            "" => format!("it has {}, more than {max}", words::count(found.len(), "such link")),
            message => message.to_owned(),
        };
        let ids: Vec<Id> = found.iter().map(|(id, _)| *id).collect();
        let message = format!("{}: {message}: {}", self.entry.id.value, words::quoted(&ids, ids.len()));
        let mut report = Report::at(span, message)
            .saying(format!("`{id}` is beyond the limit"))
            .help(if max == 1 { "keep one".into() } else { format!("keep {max} of them") });
        for (id, span) in &found[..max] {
            report = report.and(*span, format!("`{id}` is linked here"));
        }
        Some(report)
    }

    /// What counts, each entry once, in the order of the files.
    fn distinct(&self) -> Vec<(Id, Span)> {
        let mut found = Vec::new();
        self.each(&mut |id, span| {
            found.push((id, span));
            false
        });
        found.sort_unstable();
        found.dedup_by_key(|(id, _)| *id);
        found.sort_unstable_by_key(|(_, span)| *span);
        found
    }

    /// Shows every link that counts to `seen`, until that has seen enough.
    fn each(&self, seen: &mut impl FnMut(Id, Span) -> bool) -> bool {
        (self.rule.direction != Direction::In && self.each_declared(seen))
            || (self.rule.direction != Direction::Out && self.each_incoming(seen))
    }

    /// The links that the entry declares. One that leads nowhere counts, too:
    /// it is reported as such, and twice would not help.
    fn each_declared(&self, seen: &mut impl FnMut(Id, Span) -> bool) -> bool {
        let links = self.entry.links.iter().filter(|link| self.rule.takes(link.kind));
        let of_members = self.entry.member_links().iter().filter(|link| self.rule.takes(link.kind));
        // Of an entry of another member only the family is known.
        let mut of_members = of_members.filter(|link| self.rule.is_to(&link.id.prefix));
        if of_members.any(|link| seen(link.id, link.span)) {
            return true;
        }
        links.into_iter().any(|link| match &link.target {
            Target::One(id) => self.counts(*id) && seen(*id, link.span),
            Target::Range(ends) => self.each_between(ends.0.value, ends.1.value, link.span, seen),
        })
    }

    fn each_between(&self, first: Id, last: Id, span: Span, seen: &mut impl FnMut(Id, Span) -> bool) -> bool {
        if !self.rule.is_to(&first.prefix) {
            return false;
        }
        let inside = self.subject.plan.between(first, last);
        if inside.is_empty() {
            return self.counts(first) && seen(first, span);
        }
        let mut others = inside.iter().filter(|index| **index != self.index);
        others.any(|&index| {
            let other = self.subject.plan.entry(index);
            self.rule.counts(other) && seen(other.id.value, span)
        })
    }

    fn each_incoming(&self, seen: &mut impl FnMut(Id, Span) -> bool) -> bool {
        self.subject.graph.any_edge(self.index, |edge| {
            let other = self.subject.plan.entry(edge.from);
            let incoming = edge.to == self.index && edge.from != self.index;
            incoming
                && self.rule.takes(edge.kind)
                && self.rule.counts(other)
                && seen(other.id.value, edge.span)
        })
    }

    /// Whether a link to this entry counts. Of one that is not in the plan only the family is known.
    fn counts(&self, id: Id) -> bool {
        let plan = self.subject.plan;
        let selected = || plan.find(id).is_none_or(|index| self.rule.counts(plan.entry(index)));
        id != self.entry.id.value
            && self.rule.is_to(&id.prefix)
            && (self.rule.to_when.is_empty() || selected())
    }

    fn report_too_few(&self, found: usize) -> Report {
        let id = self.entry.id.value;
        let report = Report::at(self.entry.id.span, format!("{id}: {}", self.complaint(found)));
        let key = key(self.rule);
        match self.mentioned() {
            Some((other, span)) => report
                .and(span, format!("`{other}` is mentioned, not linked"))
                .help(format!("to link it, add `{key}: {other}`")),
            None if self.rule.direction == Direction::In => report.help(format!(
                "add `{id}` to the links of {}, such as `{key}`",
                words::one_of(&self.rule.to)
            )),
            None => report.help(format!("add `{key}:` with the id of {}", words::one_of(&self.rule.to))),
        }
    }

    /// The message of the rule, or one made of what it asks for.
    fn complaint(&self, found: usize) -> String {
        let other = words::one_of(&self.rule.to);
        match (self.rule.message.as_str(), self.rule.min, self.rule.direction) {
            ("", 1, Direction::Out) => format!("no link to {other}"),
            ("", 1, Direction::In) => format!("no link from {other}"),
            ("", 1, Direction::Either) => format!("no link to or from {other}"),
            ("", min, _) => format!("it has {} of at least {min}", words::count(found, "such link")),
            (message, ..) => message.to_owned(),
        }
    }

    /// An entry that would count and that the prose mentions.
    fn mentioned(&self) -> Option<(Id, Span)> {
        let there =
            |id: Id| self.subject.plan.find(id).is_some() && self.counts(id) && !self.rule.to.is_empty();
        let mention = self.entry.mentions().iter().find(|mention| there(mention.id))?;
        (self.rule.direction != Direction::In).then_some((mention.id, mention.span))
    }
}

/// The field that says what the rule asks for: the first of its kinds, or what is usual for the family.
fn key(rule: &LinkRule) -> &'static str {
    let usual = match rule.to.first().map(Prefix::as_str) {
        Some("TEST") => "verified_by",
        Some("MON") => "monitored_by",
        Some("RUN") => "runbook",
        _ => "linked_ids",
    };
    rule.kinds.first().map_or(usual, |kind| kind.word())
}

#[cfg(test)]
mod tests {
    use crate::config::built_in;
    use crate::rules::find;
    use crate::rules::tests::findings;

    #[test]
    fn every_built_in_link_rule_is_a_rule_of_the_same_level() {
        for rule in built_in() {
            assert_eq!(find(&rule.name).and_then(|found| found.level), rule.level, "{}", rule.name);
        }
    }

    /// The messages of a house rule about two RUNs, of which RUN-001 covers some of three MONs.
    fn check(rule: &str, covers: &str, expect: &[&str]) {
        let yaml = format!(
            "- {{id: RUN-001, title: Go by MON-003, covers: {covers}}}\n- {{id: RUN-002, severity: Low, linked_ids: RUN-001}}\n\
             - {{id: MON-001, type: alert, linked_ids: RUN-002}}\n- {{id: MON-002, type: metric}}\n- {{id: MON-003, type: slo}}"
        );
        let toml = format!("[[link_rules]]\nname = \"house\"\n{rule}");
        let found: Vec<String> = findings(&yaml, &toml)
            .into_iter()
            .filter(|finding| finding.name == "custom-link-rule")
            .map(|finding| finding.message)
            .collect();
        assert_eq!(found, expect, "{rule} over {covers}");
    }

    #[test]
    fn links_are_counted_by_family_kind_and_direction() {
        check("from = 'RUN'\nto = 'MON'", "MON-001", &["RUN-002: no link to a MON"]);
        check("from = 'RUN'\nto = 'MON'\ndirection = 'either'", "MON-001", &[]);
        check(
            "from = 'RUN'\nto = 'MON'\nkind = 'runbook'\nwhere = {severity = '!low'}",
            "MON-001",
            &["RUN-001: no link to a MON"],
        );
        check(
            "from = 'MON'\nto = 'RUN'\ndirection = 'in'\nkind = 'covers'",
            "MON-001..MON-002",
            &["MON-003: no link from a RUN"],
        );
    }

    #[test]
    fn bounds_count_each_entry_once() {
        let two = "from = 'RUN'\nto = 'MON'\nmin = 2\nwhere = {severity = '!Low'}";
        check(two, "[MON-001, MON-1]", &["RUN-001: it has 1 such link of at least 2"]);
        check(two, "MON-001 to MON-002", &[]);
        let at_most = "from = 'RUN'\nto = 'MON'\nmax = 1\nmessage = 'watch one thing'";
        check(at_most, "[MON-001, MON-1]", &[]);
        check(at_most, "[MON-001, MON-003]", &["RUN-001: watch one thing: `MON-001` and `MON-003`"]);
    }

    #[test]
    fn the_other_end_is_selected_by_its_fields() {
        let alert = "from = 'RUN'\nto = 'MON'\nto_where = {type = 'alert'}\nwhere = {severity = '!Low'}";
        check(alert, "MON-001", &[]);
        check(alert, "MON-002", &["RUN-001: no link to a MON"]);
        check("from = 'RUN'\nto = 'KPI'\nif_any = true", "MON-001", &[]);
        // What does not exist is reported as that.
        check(alert, "MON-009", &[]);
    }
}
