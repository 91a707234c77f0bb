//! What every decision rests on: that the plan is complete, and sound.

use super::{Docket, JudgedCriterion, criterion};
use crate::source::yaml::YamlDefect;
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::{Basis, Judge, Verdict};

/// How sound the plan itself is, as its rules found.
#[derive(Debug, Clone, Default)]
pub struct Soundness {
    /// How many findings weigh as errors.
    pub errors: usize,
    /// The first of them: rule, place and message.
    pub first: Option<String>,
}

/// How many globs are named.
const NAMED: usize = 3;

impl Judge<'_> {
    /// That every glob of relplan.toml matches a file, if one does not: nobody knows what is missing.
    pub(super) fn plan_is_complete(&self, docket: &mut Docket) -> Option<JudgedCriterion> {
        const NAME: &str = "The plan is complete";
        let Basis { config, sources, .. } = self.basis;
        let idle: Vec<_> = config.files.idle().collect();
        let mut named = idle.iter().take(NAMED).map(|glob| {
            let line = sources.start(glob.glob.span).line;
            format!("`{}` ({}:{line})", glob.glob.value, sources.file(glob.glob.span.file).name())
        });
        let mut words = named.next()?;
        named.for_each(|name| words += &format!(", {name}"));
        let what = match idle.len() {
            1 => "glob matches no file",
            _ => "globs match no file",
        };
        let more = idle.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let make = || {
            let judged = Judged::new(
                Verdict::Unknown,
                format!("{} {what}: {words}{more}", idle.len()),
                "add the files (check out submodules, fetch the reports), or remove the glob",
            );
            Check::of_gate("plan/complete".to_owned(), CheckKind::Plan, NAME, judged)
        };
        let at = docket.put((CheckKind::Plan, NAME.to_owned()), make);
        Some(criterion(NAME, None, vec![(at, true)], config.files.globs.len(), docket))
    }

    /// A plan that could not be read whole, or in which something is wrong, decides nothing.
    pub(super) fn plan_is_sound(&self, soundness: &Soundness, docket: &mut Docket) -> JudgedCriterion {
        let whole = self.basis.plan.is_read();
        let judged = match soundness {
            Soundness { errors: 0, .. } if whole => Judged::done(Verdict::Pass, "complete, without errors"),
            Soundness { errors: 0, .. } => {
                let place = self.first_unread().map(|place| format!(": {place}")).unwrap_or_default();
                let reason = format!("the plan is incomplete{place}");
                Judged::new(Verdict::Unknown, reason, "fix the findings of `relplan check`")
            }
            Soundness { errors, first } => {
                let first = first.as_ref().map(|first| format!(", first: {first}")).unwrap_or_default();
                let errors = if *errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
                Judged::new(Verdict::Fail, format!("{errors}{first}"), "fix the findings of `relplan check`")
            }
        };
        let make = || {
            let mut check = self.check_of("plan".to_owned(), CheckKind::Plan, "The plan is sound", judged);
            check.proof = Proof::reported(Vec::new());
            check
        };
        let at = docket.put((CheckKind::Plan, "plan".to_owned()), make);
        criterion("The plan is sound", None, vec![(at, true)], self.basis.plan.entries().len(), docket)
    }

    /// The first place of the plan that could not be read.
    fn first_unread(&self) -> Option<String> {
        let Basis { plan, sources, .. } = self.basis;
        let yaml = plan.yaml_defects.iter().map(YamlDefect::span);
        let all = yaml.chain(plan.defects.iter().map(|defect| defect.span));
        let span = all.min_by_key(|span| (span.file, span.start))?;
        Some(format!("{}:{}", sources.file(span.file).name(), sources.start(span).line))
    }
}
