//! Where approvals and waivers are written: a file of the plan, to which one record is added.

use std::path::{Path, PathBuf};

use super::locate::{self, CONFIG_NAME, DEFAULT_FOLDERS};
use super::{Project, display_name, write};
use crate::error::Error;
use crate::model::ApprovalRecord;
use crate::model::document::{self, FileContent};
use crate::model::signed::SignedApproval;
use crate::source::append::{self, Item};
use crate::source::{FileId, SourceFile, secret};

/// The file of the records of a plan that has none yet.
pub const RECORD_FILE_NAME: &str = "approvals.yaml";

/// A file to write a record into.
#[derive(Debug)]
pub struct RecordFile<'p> {
    project: &'p Project,
    path: PathBuf,
    name: String,
    /// The file, if it is there already.
    known: Option<FileId>,
}

/// What makes the signature of a record.
pub type RecordSigner<'s> = dyn Fn(&ApprovalRecord<'_>) -> Result<String, Error> + 's;

/// A record that was added to a text, and not written yet.
#[derive(Debug)]
pub struct PendingRecord<'l> {
    record_file: &'l RecordFile<'l>,
    text: String,
    /// The line of the new record, from 1.
    pub line: usize,
}

impl Project {
    /// The file that records go to: the one that is named, or the last one that has such records already, or
    /// a new one in the folder of the plan. It must be one that the plan is read from.
    pub fn record_file(
        &self,
        working_folder: &Path,
        named: Option<&Path>,
        last: Option<FileId>,
    ) -> Result<RecordFile<'_>, Error> {
        let known = last.and_then(|file| self.paths.get(file.0 as usize)?.clone());
        let path = match (named, known) {
            (Some(named), _) => working_folder.join(named),
            (None, Some(path)) => path,
            (None, None) => self.new_record_file()?,
        };
        if !self.reads(&path)? {
            return Err(unread(&display_name(&path, working_folder)));
        }
        let known = self.paths.iter().position(|own| own.as_ref() == Some(&path));
        let known = known.and_then(|at| u32::try_from(at).ok()).map(FileId);
        Ok(RecordFile { project: self, name: display_name(&path, working_folder), path, known })
    }

    /// Beside `relplan.toml`, if files there belong to the plan, or else beside the first file that does.
    fn new_record_file(&self) -> Result<PathBuf, Error> {
        let files = self.plan_files.iter().filter_map(|file| self.paths.get(file.0 as usize)?.as_deref());
        let root = self.is_configured().then_some(&*self.root);
        let folders = root.into_iter().chain(files.filter_map(Path::parent));
        for path in folders.map(|folder| folder.join(RECORD_FILE_NAME)) {
            if self.reads(&path)? {
                return Ok(path);
            }
        }
        Err(unread(RECORD_FILE_NAME))
    }

    /// Whether the plan would be read from a file of this name.
    fn reads(&self, path: &Path) -> Result<bool, Error> {
        match self.is_configured() {
            true => locate::chooses(&self.config.files, &self.root, path),
            false => {
                let inside = DEFAULT_FOLDERS.iter().any(|folder| path.starts_with(self.root.join(folder)));
                Ok(inside && locate::is_yaml(path))
            }
        }
    }
}

fn unread(name: &str) -> Error {
    Error::NotRecorded {
        reason: format!("the plan is not read from `{name}`"),
        hint: format!("pass a plan file with `--file`, or add one to `files` in `[plan]` of {CONFIG_NAME}"),
    }
}

impl<'p> RecordFile<'p> {
    /// What the file is called, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds a record to the list under `key`. The text is read again: it must hold this record more, and say
    /// whatever it said before.
    pub fn enter(&'p self, key: &str, item: &Item) -> Result<PendingRecord<'p>, Error> {
        let text = append::append(self.text(), key, item, document::holds_records);
        let entered = text.and_then(|text| Some((self.new_line(key, &text)?, text)));
        let (line, text) = entered.ok_or_else(|| self.not_a_list(key))?;
        Ok(PendingRecord { record_file: self, text, line })
    }

    fn not_a_list(&self, key: &str) -> Error {
        Error::NotRecorded {
            reason: format!("`{key}` in `{}` is not a block list", self.name),
            hint: "write it as a list with a dash for each item, or pass another file with `--file`"
                .to_owned(),
        }
    }

    /// Adds an approval with a signature. What is signed is what is read of the record once it is written, so that
    /// the way in which it is written makes no difference.
    pub fn enter_signed(&'p self, item: &Item, seal: &RecordSigner<'_>) -> Result<PendingRecord<'p>, Error> {
        let plain = self.enter(document::APPROVALS, item)?;
        let (payload, signature) =
            plain.last_approval(|record| Ok((SignedApproval::of(record).bytes(), seal(record)?)))?;
        let mut item = item.clone();
        item.push(("signature", append::scalar(&signature)));
        let entered = self.enter(document::APPROVALS, &item)?;
        let read = entered.last_approval(|record| Ok(SignedApproval::of(record).bytes()))?;
        match read == payload {
            true => Ok(entered),
            false => Err(self.not_a_list(document::APPROVALS)),
        }
    }

    fn text(&self) -> &str {
        self.known.map_or("", |file| self.project.sources.file(file).text())
    }

    /// The line of the only new record, if nothing else has changed.
    fn new_line(&self, key: &str, text: &str) -> Option<usize> {
        let (before, after) = (SourceFile::new("", self.text()), SourceFile::new("", text));
        let [old, new] =
            [&before, &after].map(|file| document::read(FileId(0), file, &self.project.config.families));
        let count = |content: &FileContent<'_>| match key {
            document::APPROVALS => (content.approvals.len(), content.waivers.len()),
            _ => (content.waivers.len(), content.approvals.len()),
        };
        let (own, other) = count(&old);
        let same = old.entries.len() == new.entries.len()
            && old.yaml_defects.len() == new.yaml_defects.len()
            && old.defects.len() == new.defects.len();
        if !same || count(&new) != (own + 1, other) {
            return None;
        }
        let place = match key {
            document::APPROVALS => new.approvals.last()?.span,
            _ => new.waivers.last()?.span,
        };
        Some(after.position(place.start as usize).line)
    }
}

impl PendingRecord<'_> {
    /// What the last approval in the text is, as it is read.
    fn last_approval<T>(
        &self,
        look: impl FnOnce(&ApprovalRecord<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let file = SourceFile::new("", self.text.as_str());
        let content = document::read(FileId(0), &file, &self.record_file.project.config.families);
        let record =
            content.approvals.last().ok_or_else(|| self.record_file.not_a_list(document::APPROVALS))?;
        look(record)
    }

    /// What changes, as a unified diff.
    pub fn diff(&self) -> String {
        let name = &self.record_file.name;
        let (before, after) =
            (secret::mask_in_place(self.record_file.text()), secret::mask_in_place(&self.text));
        similar::TextDiff::from_lines(&*before, &*after)
            .unified_diff()
            .context_radius(2)
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }

    /// Writes the file, whole or not at all.
    pub fn write(self) -> Result<(), Error> {
        let path = &self.record_file.path;
        let in_use = || Error::LogInUse { path: path.clone() };
        let Some(file) = self.record_file.known else {
            return write::whole_new(path, self.text.as_bytes()).map_err(|error| match error {
                Error::WouldOverwrite { .. } => in_use(),
                other => other,
            });
        };
        let file = self.record_file.project.sources.file(file);
        // An editor takes no lock, and not every file system has them.
        let there = std::fs::read(path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
        if there != file.encode(file.text().to_owned()) {
            return Err(in_use());
        }
        write::whole(path, &file.encode(self.text))
    }
}
