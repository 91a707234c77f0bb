use crate::finding::Report;
use crate::model::dep::DepType;
use crate::model::family::{BUILT_IN, Typed};
use crate::model::{Choice, Entry, Id, Kind, Link, LinkKind, Prefix};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A link of a kind that does not join entries of these families.
    ///
    /// The kind of a link says what may be concluded from it: what
    /// `verified_by` names is run, what `runbook` names is followed at night.
    /// Use `linked_ids` where two entries just have something to do with each
    /// other. Families that `relplan.toml` declares may be joined by any kind.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: MON-001
    /// - id: MON-001
    ///   title: Share of searches answered in time
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Share of searches answered in time
    /// ```
    "RP0308", "link-kind", WARNING, since "0.1.0"
}

/// Which families a kind of link may join.
struct Joins {
    kind: LinkKind,
    /// Where such a link may begin; anywhere if there are none.
    from: &'static [&'static str],
    /// Where it may end; anywhere if there are none.
    to: &'static [&'static str],
    /// Whether it may join two entries of one family, whichever that is.
    within: bool,
    /// Why, as a sentence.
    reason: &'static str,
}

/// Any family without fields of its own, such as FEA or UJ.
const PLAIN: &str = "*";

/// What may be part of an EPIC.
const PARTS: &[&str] = &["EPIC", "TEST", "FLAG", PLAIN];

const JOINS: &[Joins] = &[
    Joins {
        kind: LinkKind::VerifiedBy,
        from: &[],
        to: &["TEST"],
        within: false,
        reason: "only a TEST can pass or fail",
    },
    Joins {
        kind: LinkKind::MitigatedBy,
        from: &["RISK"],
        to: &[],
        within: false,
        reason: "only a RISK is mitigated",
    },
    Joins {
        kind: LinkKind::PartOf,
        from: PARTS,
        to: &["EPIC", PLAIN],
        within: true,
        reason: "work is part of an EPIC",
    },
    Joins {
        kind: LinkKind::Runbook,
        from: &[],
        to: &["RUN"],
        within: false,
        reason: "only a RUN says what to do, step by step",
    },
    Joins {
        kind: LinkKind::MonitoredBy,
        from: &[],
        to: &["MON", "KPI"],
        within: false,
        reason: "only a MON or a KPI measures something",
    },
    Joins {
        kind: LinkKind::PromotesTo,
        from: &["DEP"],
        to: &["DEP"],
        within: false,
        reason: "a build is promoted to an environment",
    },
    Joins {
        kind: LinkKind::Implements,
        from: &[],
        to: &["FEA", "API", "BR", "UJ", "SCR", "SEC", "INT", "ARC", "CFD", "DBT", "DES", "ENV", "TECH"],
        within: false,
        reason: "what is implemented is a feature, an interface or a decision",
    },
    Joins {
        kind: LinkKind::Supersedes,
        from: &[],
        to: &[],
        within: true,
        reason: "an entry is replaced by one of its own family",
    },
];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for entry in subject.plan.entries() {
        reports.extend(entry.links.iter().filter_map(|link| judge(subject, entry, link)));
    }
    words::keep_first_of_each_place(reports);
    subject.graph.link_count
}

fn judge(subject: &Subject<'_>, entry: &Entry<'_>, link: &Link) -> Option<Report> {
    let joins = JOINS.iter().find(|joins| joins.kind == link.kind)?;
    let target = link.target.first();
    let kind = link.kind.word();
    let at = |message: String| {
        Report::at(link.span, format!("{}: {message}", entry.id.value)).help(help(
            joins,
            entry.id.value.prefix,
            target,
        ))
    };
    if !joins.fits(subject, &entry.id.value.prefix, &target.prefix) {
        let start = words::a_kind_of(subject, &entry.id.value.prefix);
        let end = words::a_kind_of(subject, &target.prefix);
        return Some(at(match joins.is_from(subject, &entry.id.value.prefix) {
            true => format!("`{kind}` does not lead to `{target}`, {end}"),
            false => format!("`{kind}` does not lead from {start} to `{target}`"),
        }));
    }
    let environment = subject.plan.find(target).map(|index| subject.plan.entry(index));
    let environment = environment.filter(|_| link.kind == LinkKind::PromotesTo)?;
    match &environment.kind {
        Kind::Dep(dep) if dep.dep_type() != DepType::Environment => Some(
            at(format!("`{kind}` leads to `{target}`, which is no environment"))
                .and(environment.id.span, format!("of type {}", dep.dep_type())),
        ),
        _ => None,
    }
}

impl Joins {
    fn fits(&self, subject: &Subject<'_>, from: &Prefix, to: &Prefix) -> bool {
        let same = self.within && from.head() == to.head();
        let only_within = self.from.is_empty() && self.to.is_empty();
        same || match only_within {
            true => is_of_the_user(subject, from) || is_of_the_user(subject, to),
            false => self.is_from(subject, from) && self.is_to(subject, to),
        }
    }

    fn is_from(&self, subject: &Subject<'_>, prefix: &Prefix) -> bool {
        self.from.is_empty() || lists(self.from, prefix) || is_of_the_user(subject, prefix)
    }

    fn is_to(&self, subject: &Subject<'_>, prefix: &Prefix) -> bool {
        self.to.is_empty() || lists(self.to, prefix) || is_of_the_user(subject, prefix)
    }
}

fn lists(families: &[&str], prefix: &Prefix) -> bool {
    let plain = || Typed::of(prefix).is_none();
    families.iter().any(|family| *family == prefix.head() || (*family == PLAIN && plain()))
}

/// Whether relplan does not know what entries of the family are.
fn is_of_the_user(subject: &Subject<'_>, prefix: &Prefix) -> bool {
    let known = BUILT_IN.iter().any(|(name, _)| *name == prefix.head());
    let declared = subject.config.families.of(prefix).is_some_and(|family| family.prefix == *prefix);
    !known || (declared && prefix.as_str() != prefix.head())
}

/// Why, and the kind of link that fits better.
fn help(joins: &Joins, from: Prefix, target: Id) -> String {
    let usual = match target.prefix.as_str() {
        "TEST" => LinkKind::VerifiedBy,
        "RUN" => LinkKind::Runbook,
        "MON" => LinkKind::MonitoredBy,
        "EPIC" if lists(PARTS, &from) => LinkKind::PartOf,
        _ => LinkKind::LinkedIds,
    };
    let usual = if usual == joins.kind { LinkKind::LinkedIds } else { usual };
    format!("{}; if `{target}` was meant, link it by `{}`", joins.reason, usual.word())
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(yaml: &str, toml: &str, expect: &[&str]) {
        assert_eq!(messages("link-kind", yaml, toml), expect, "{yaml}");
    }

    #[test]
    fn kinds_join_the_families_of_their_table() {
        check("{id: EPIC-1, part_of: EPIC-2, implements: [FEA-1, BR-FEA-2], tests: TEST-1}", "", &[]);
        check("{id: TEST-1, epic: EPIC-2}", "", &[]);
        check("{id: SCR-1, part_of: UJ-1}", "", &[]);
        check("{id: RISK-1, part_of: RISK-2, mitigated_by: [DEP-1, TEST-1]}", "", &[]);
        check("{id: FEA-2, supersedes: FEA-1}", "", &[]);
        check(
            "{id: FEA-2, supersedes: API-1}",
            "",
            &["FEA-2: `supersedes` does not lead to `API-1`, an API contract"],
        );
        check(
            "{id: DEP-1, type: Step, epic: EPIC-1}",
            "",
            &["DEP-1: `part_of` does not lead from a deployment item to `EPIC-1`"],
        );
        check(
            "{id: DEP-1, type: Rollback, runbook: [RUN-1 to RUN-2, TEST-1]}",
            "",
            &["DEP-1: `runbook` does not lead to `TEST-1`, a test"],
        );
    }

    #[test]
    fn families_of_the_plan_join_anything() {
        let toml = "[families.CASE]\ntitle = 'test case'\n[families.JIRA]\nexternal = true";
        check("{id: EPIC-1, verified_by: CASE-1, implements: JIRA-1, monitored_by: CASE-1}", toml, &[]);
        check("{id: CASE-1, mitigated_by: TEST-1, supersedes: TEST-1}", toml, &[]);
    }

    #[test]
    fn a_build_is_promoted_to_an_environment() {
        let yaml = "- {id: DEP-1, type: Environment, promotes_to: [DEP-2, DEP-3]}\n\
                    - {id: DEP-2, type: Environment}\n- {id: DEP-3, type: Step}";
        check(yaml, "", &["DEP-1: `promotes_to` leads to `DEP-3`, which is no environment"]);
    }
}
