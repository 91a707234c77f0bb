use crate::config::workspace::UncheckedReason;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A member of a workspace that is not checked.
    ///
    /// Its folder does not exist, is empty like that of a submodule that is not
    /// checked out, or has no `relplan.toml`; or two members have one name, so
    /// that `name:EPIC-01` could mean either, and the second is not checked.
    /// A plan that was not read must not look like one without findings.
    ///
    /// ```text
    /// [workspace]
    /// members = ["services/*", "libraries/billing"]
    /// ```
    "RP1115", "workspace-member", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(workspace) = &subject.config.workspace else { return 0 };
    for member in &workspace.unchecked {
        let message =
            format!("member `{}` is not checked: {}", words::short(&member.folder), member.reason.words());
        let help = match member.reason {
            UncheckedReason::Nested => "add its members to `members` here, and remove its `[workspace]`",
            UncheckedReason::Missing | UncheckedReason::Empty | UncheckedReason::NoConfig => {
                "check it out (`git submodule update --init`, `git sparse-checkout add`), add its relplan.toml, or remove it from `members`"
            }
        };
        reports.push(Report::at(member.glob, message).help(help));
    }
    for member in &workspace.repeated {
        let message = format!("`{}` and `{}` are both named `{}`", member.first, member.second, member.name);
        reports.push(
            Report::at(member.glob, message)
                .help(format!("set `name` in `[plan]` of one of them: `{}` is not checked", member.second)),
        );
    }
    workspace.members.len()
}
