//! The files of deployments and incidents that `[metrics]` names.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::{Project, evidence};
use crate::error::Error;
use crate::metrics::{Deliveries, Files};
use crate::model::Plan;
use crate::source::{FileId, Spanned};
use crate::verdict::facts::IncidentRecords;

/// The files of deployments and incidents; a file may be among both.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFiles {
    deployments: Vec<FileId>,
    incidents: Vec<FileId>,
    named_deployments: bool,
    named_incidents: bool,
}

impl Project {
    /// Reads the files that `[metrics]` names, once. They stay known so that places can point into them.
    pub fn load_deliveries(&mut self, working_folder: &Path) -> Result<DeliveryFiles, Error> {
        if let Some(files) = &self.delivery_files {
            return Ok(files.clone());
        }
        let settings = self.config.metrics.clone();
        let mut known = FxHashMap::default();
        let files = DeliveryFiles {
            deployments: self.load_chosen(&settings.deployments, working_folder, &mut known)?,
            incidents: self.load_chosen(&settings.incidents, working_folder, &mut known)?,
            named_deployments: !settings.deployments.is_empty(),
            named_incidents: !settings.incidents.is_empty(),
        };
        self.delivery_files = Some(files.clone());
        Ok(files)
    }

    /// Reads the files that `[metrics]` names, if there are any with incidents.
    pub fn load_incidents(&mut self) -> Result<(), Error> {
        if !self.config.metrics.incidents.is_empty() {
            let working_folder =
                std::env::current_dir().map_err(|source| Error::Unreadable { path: ".".into(), source })?;
            self.load_deliveries(&working_folder)?;
        }
        Ok(())
    }

    /// What the files of incidents say. Where they were not read, nothing is known.
    pub fn incident_records(&self) -> IncidentRecords {
        let none = Vec::new();
        let files = self.delivery_files.as_ref().map_or(&none, |files| &files.incidents);
        let about = |file: &FileId| {
            let path = self.paths.get(file.0 as usize).and_then(Option::as_ref);
            (*file, path.map(|path| self.fact_at(path)))
        };
        IncidentRecords {
            records: Deliveries::read(&self.sources, &[], files),
            state: Files::of(!self.config.metrics.incidents.is_empty(), files),
            files: files.iter().map(about).collect(),
        }
    }

    /// The deployments and incidents of files, and the incidents of the plan.
    pub fn deliveries(&self, files: &DeliveryFiles, plan: &Plan<'_>) -> Deliveries {
        let mut all = Deliveries::read(&self.sources, &files.deployments, &files.incidents);
        all.add_incidents(plan, &self.sources);
        all
    }

    fn load_chosen(
        &mut self,
        globs: &[Spanned<String>],
        working_folder: &Path,
        known: &mut FxHashMap<PathBuf, FileId>,
    ) -> Result<Vec<FileId>, Error> {
        let chosen = evidence::by_globs(&self.root, globs)?;
        // A glob may wait for its first file; a name may not.
        let is_missing = |glob: &&Spanned<String>| !glob.value.contains(['*', '?', '[', '{']);
        if let Some(glob) = chosen.idle.iter().find(is_missing) {
            let line = self.sources.start(glob.span).line;
            let place = format!("{}:{line}", self.sources.file(glob.span.file).name());
            return Err(Error::ListedFileMissing { name: glob.value.clone(), place });
        }
        let mut files = Vec::new();
        for path in chosen.paths {
            let id = match known.get(&path) {
                Some(id) => *id,
                None => {
                    let file = super::read_file(&path, working_folder)?;
                    let id = self.add(Some(path.clone()), file);
                    known.insert(path, id);
                    id
                }
            };
            files.push(id);
        }
        Ok(files)
    }
}

impl DeliveryFiles {
    /// What is known of the files with deployments.
    pub fn deployments(&self) -> Files {
        Files::of(self.named_deployments, &self.deployments)
    }

    /// What is known of incidents: those of the files, and those of the plan.
    pub fn incidents(&self, plan: &Plan<'_>) -> Files {
        let has_entries = plan.incidents().next().is_some();
        match Files::of(self.named_incidents, &self.incidents) {
            Files::NotNamed if has_entries => Files::Read,
            files => files,
        }
    }
}
