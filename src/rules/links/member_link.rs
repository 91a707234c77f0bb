use crate::config::workspace::{KnownMembers, MemberIds};
use crate::finding::Report;
use crate::model::MemberLink;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A link into another member of the workspace that leads nowhere, or that
    /// cannot be checked.
    ///
    /// `billing:EPIC-01` is `EPIC-01` of the member `billing`. An id without a
    /// name is one of the own plan. What is not checked out is not known to be
    /// there, and is an error, too.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// covers: billing:MON-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP0320", "member-link", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for entry in subject.plan.entries() {
        for link in entry.member_links() {
            looked_at += 1;
            let report = wrong(&subject.config.members, link).map(|(why, help)| {
                let message = format!("{}: link to `{}:{}`: {why}", entry.id.value, link.member, link.id);
                Report::at(link.span, message).help(help)
            });
            reports.extend(report);
        }
    }
    looked_at
}

/// Why a link leads nowhere, and what to do.
fn wrong(known: &KnownMembers, link: &MemberLink) -> Option<(String, String)> {
    let KnownMembers::Members(members) = known else {
        let help = "add its folder and this one to `members` in `[workspace]` of a relplan.toml above both";
        return Some(("the plan is in no workspace".to_owned(), help.to_owned()));
    };
    match members.get(&*link.member) {
        None => {
            let names: Vec<String> = members.keys().map(|name| format!("`{name}`")).collect();
            let help = format!("the members are {}", words::short(&names.join(", ")));
            Some((format!("the workspace has no member `{}`", link.member), help))
        }
        Some(MemberIds::NotChecked { reason, help }) => {
            Some((format!("the member is not checked: {reason}"), (*help).to_owned()))
        }
        Some(MemberIds::NotRead) => {
            Some(("the member was not read".to_owned(), "run `relplan check` in the workspace".to_owned()))
        }
        Some(MemberIds::Read(ids)) if !ids.contains(&link.id) => {
            let help = format!("add {} to the plan `{}`, or use an existing id", link.id, link.member);
            Some(("no entry has this id".to_owned(), help))
        }
        Some(MemberIds::Read(_)) => None,
    }
}
