//! What every decision rests on: that the plan is complete.

use super::{CheckTable, JudgedCriterion, criterion};
use crate::verdict::check::{Check, CheckKind, Judged};
use crate::verdict::{Basis, Judge, Verdict};

/// How many globs are named.
const NAMED: usize = 3;

impl Judge<'_> {
    /// That every glob of relplan.toml matches a file, if one does not: nobody knows what is missing.
    pub(super) fn plan_is_complete(&self, table: &mut CheckTable) -> Option<JudgedCriterion> {
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
        let at = table.put((CheckKind::Plan, NAME.to_owned()), make);
        Some(criterion(NAME, None, vec![(at, true)], config.files.globs.len(), table))
    }
}
