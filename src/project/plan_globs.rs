//! Which paths `[plan]` chooses, wherever they come from: the disk, or a commit.

use std::path::Path;

use globset::GlobSet;

use super::locate::{globs, is_yaml};
use crate::config::FileSettings;
use crate::error::Error;

/// The globs of `[plan]`.
pub(super) struct PlanGlobs {
    include: GlobSet,
    exclude: GlobSet,
}

impl PlanGlobs {
    pub(super) fn new(settings: &FileSettings) -> Result<Self, Error> {
        Ok(PlanGlobs { include: globs(&settings.include)?, exclude: globs(&settings.exclude)? })
    }

    /// Whether a file is left out by name.
    pub(super) fn excludes(&self, relative: &Path) -> bool {
        self.exclude.is_match(relative)
    }

    /// Whether a file belongs to the plan: by its path from the folder of the plan, and by its path from the folder
    /// that is looked through, in which nothing hidden is.
    pub(super) fn takes(&self, relative: &Path, walked: &Path) -> bool {
        let hidden = walked.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
        let wanted = self.include.is_empty() || self.include.is_match(relative);
        wanted && !hidden && is_yaml(walked) && !self.exclude.is_match(relative)
    }
}
