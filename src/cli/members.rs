//! Commands that judge every member of a workspace.

use super::judging::{JudgementRequest, JudgingArguments};
use super::{Global, Screen};
use crate::error::Error;
use crate::graph::Selection;
use crate::model::phrase::counted;
use crate::project::{Members, Project, Request};
use crate::views::base::BaseView;
use crate::views::members::{MemberOf, MemberState};

/// The name of the entries that a workspace has itself.
pub(super) const WORKSPACE_ITSELF: &str = ".";

/// The workspace that a command judges, if it is about one. The configuration of a revision may have other members, so
/// that `--config-from` is about one plan.
pub(super) fn of_workspace(
    arguments: &JudgingArguments,
    global: &Global,
) -> Result<Option<(Members, Vec<Request>)>, Error> {
    match arguments.base.config_from {
        None => global.workspace(arguments.view.paths(), &arguments.evidence),
        Some(_) => Ok(None),
    }
}

/// What the members of a workspace came to.
pub(super) struct JudgedMembers<T> {
    /// Each of them, those that could not be judged among them.
    pub(super) members: Vec<MemberOf<T>>,
    /// Whether all of their plans could be read whole.
    pub(super) is_whole: bool,
}

/// Judges every member. One that cannot be judged is named with its reason, like one that is not there.
///
/// # Errors
///
/// What stops relplan in one of them; a release that no member knows, because it is misspelt.
pub(super) fn judge<T>(
    arguments: &JudgingArguments,
    (members, requests): (&Members, Vec<Request>),
    global: &Global,
    screen: &Screen,
    judge: impl Fn(&Project) -> Result<T, Error>,
) -> Result<JudgedMembers<T>, Error> {
    let mut judged = JudgedMembers { members: Vec::new(), is_whole: true };
    let mut unknown_release = None;
    for request in requests {
        let request = arguments.base.of(request);
        let project = global.load_request(&request, screen)?;
        if request.is_workspace && project.plan_files.is_empty() {
            // What asks for less in the settings of the workspace, such as a member that is gone, concerns no member.
            judged.members.extend(loosened(arguments, &project, global)?);
            continue;
        }
        arguments.view.guard(&project, &[])?;
        judged.is_whole &= project.plan().is_whole();
        let member = request.member.unwrap_or_else(|| WORKSPACE_ITSELF.to_owned());
        let state = match judge(&project) {
            Ok(own) => MemberState::Judged(Box::new(own)),
            Err(error @ (Error::NothingChecked | Error::NothingReadable | Error::NoSuchRelease { .. })) => {
                let reason = error.to_string();
                if matches!(error, Error::NoSuchRelease { .. }) {
                    unknown_release.get_or_insert(error);
                }
                MemberState::NotJudged(reason)
            }
            Err(error) => return Err(error),
        };
        judged.members.push(MemberOf { member, state });
    }
    // A release that no plan knows is a misspelt one. Where some know it, the others are named with that reason.
    if let Some(error) = unknown_release
        && arguments.view.release().is_some()
        && !judged.members.iter().any(|member| member.judged().is_some())
    {
        return Err(error);
    }
    let missing = members.missing();
    judged
        .members
        .extend(missing.map(|(member, reason)| MemberOf { member, state: MemberState::NotJudged(reason) }));
    Ok(judged)
}

/// The workspace itself as a member that is not known to be good, if it asks for less than its base.
fn loosened<T>(
    arguments: &JudgingArguments,
    project: &Project,
    global: &Global,
) -> Result<Option<MemberOf<T>>, Error> {
    let (plan, selection) = (project.plan(), Selection::all());
    let (graph, base) = (project.graph(&plan), project.base_plan());
    let request =
        JudgementRequest::new(arguments, base.as_ref(), project, (&plan, &graph), &selection, global)?;
    let open = request.base.as_ref().map_or(0, BaseView::open);
    if open == 0 || arguments.base.allow_loosened {
        return Ok(None);
    }
    let loosened = counted(open, "loosened requirement");
    let reason = format!("{loosened} against the base; run `relplan check --base` with the same revision");
    Ok(Some(MemberOf { member: WORKSPACE_ITSELF.to_owned(), state: MemberState::NotJudged(reason) }))
}
