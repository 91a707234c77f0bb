use super::{Subject, WARNING, words};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::model::family::{BUILT_IN, Typed};
use crate::model::{Choice, Entry, Id, Kind, Link, LinkKind, Prefix};

declare_rule! {
    /// A link of a kind that does not join entries of these families.
    ///
    /// The kind of a link says what may be concluded from it: what
    /// `verified_by` names is run, what `runbook` names is followed at night.
    /// Use `linked_ids` where two entries just have something to do with each
    /// other. Families that `relplan.toml` declares may be joined by any kind.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   monitored_by: RUN-002
    /// - id: RUN-002
    ///   title: Watch the error rate by hand
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   monitored_by: MON-001
    ///   linked_ids: RUN-002
    /// - id: RUN-002
    ///   title: Watch the error rate by hand
    /// - id: MON-001
    ///   title: Error rate
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
        from: &["EPIC", "TEST", PLAIN],
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
        Report::at(link.span, format!("{}: {message}", entry.id.value)).help(help(joins, target))
    };
    if !joins.fits(subject, &entry.id.value.prefix, &target.prefix) {
        return Some(at(match joins.is_from(subject, &entry.id.value.prefix) {
            true => {
                format!("`{kind}` does not lead to {}, as in `{target}`", words::one_of(&[target.prefix]))
            }
            false => format!(
                "`{kind}` does not lead from {} to anything, nor to `{target}`",
                words::one_of(&[entry.id.value.prefix])
            ),
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

fn help(joins: &Joins, target: Id) -> String {
    let usual = match target.prefix.as_str() {
        "TEST" => LinkKind::VerifiedBy,
        "RUN" => LinkKind::Runbook,
        "MON" => LinkKind::MonitoredBy,
        _ => LinkKind::LinkedIds,
    };
    let usual = if usual == joins.kind { LinkKind::LinkedIds } else { usual };
    format!("{}; if `{target}` was meant, link it by `{}`", joins.reason, usual.word())
}
