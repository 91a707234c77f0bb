//! What of a change lies outside of entries and settings: a log that was rewritten, evidence that was replaced, files
//! that are no longer read.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use super::BaseFiles;
use crate::compare::{Area, Change, Loosening};
use crate::error::Error;
use crate::model::value::short;
use crate::project::git::Repository;
use crate::project::plan_globs::PlanGlobs;
use crate::project::{Project, display_name};
use crate::source::{FileId, SourceFile, Span, Spanned};

/// The log of decisions, beside the configuration.
const LOG: &str = "decisions.jsonl";

impl Project {
    /// Notes what of the change is neither an entry nor a setting.
    pub(super) fn other_changes(
        &mut self,
        files: &BaseFiles,
        repository: &Repository,
        working_folder: &Path,
    ) -> Result<Vec<Loosening>, Error> {
        let mut found = Vec::new();
        found.extend(self.rewritten_log(files, working_folder)?);
        found.extend(self.replaced_evidence(files, repository)?);
        found.extend(self.no_longer_read(files)?);
        found.extend(self.added_signers(files)?);
        Ok(found)
    }

    /// Lines of the file of allowed signers that the base does not have: each lets a key sign.
    fn added_signers(&mut self, files: &BaseFiles) -> Result<Vec<Loosening>, Error> {
        let (Some(named), Some(now)) = (&files.config.allowed_signers, self.allowed_signers) else {
            return Ok(Vec::new());
        };
        let path = format!("{}{}", files.root, named.value);
        let Some(before) = self.text_of_base(files, &path)? else { return Ok(Vec::new()) };
        let old: FxHashSet<String> = signers(&before).map(|(_, line)| line).collect();
        let base = Some(Span::new(self.add(None, before), 0, 0));
        let file = self.sources.file(now);
        let added = signers(file).filter(|(_, line)| !old.contains(line));
        let loosened = |(at, line): (usize, String)| Loosening {
            area: Area::Configuration,
            subject: ALLOWED_SIGNERS.to_owned(),
            thing: "`allowed_signers`".to_owned(),
            change: Change::ItemAdded(short(&line)),
            place: Some(Span::new(now, file.line_start(at), file.line_start(at) + file.line_text(at).len())),
            base,
        };
        Ok(added.map(loosened).collect())
    }

    /// The first line of the log of the base that is another one now, or gone.
    fn rewritten_log(
        &mut self,
        files: &BaseFiles,
        working_folder: &Path,
    ) -> Result<Option<Loosening>, Error> {
        let Some(before) = self.text_of_base(files, &format!("{}{LOG}", files.root))? else {
            return Ok(None);
        };
        let path = self.root.join(LOG);
        let now = std::fs::read(&path)
            .ok()
            .map(|bytes| SourceFile::decode(display_name(&path, working_folder), bytes));
        let (old, new) = (lines(&before), now.as_ref().map(lines).unwrap_or_default());
        let Some(at) = (0..old.len()).find(|at| new.get(*at) != old.get(*at)) else { return Ok(None) };
        let line = |text: &str| short(text);
        let change = match new.get(at) {
            Some(now) => Change::Unclear { before: line(&old[at]), after: line(now) },
            None => Change::Removed(line(&old[at])),
        };
        let span_of = |file: &SourceFile, id: FileId| {
            Span::new(id, file.line_start(at), file.line_start(at) + file.line_text(at).len())
        };
        let base_id = FileId(self.next_file());
        let base = span_of(&before, base_id);
        self.add(None, before);
        let place = now.map(|file| {
            let id = FileId(self.next_file());
            // A line that is gone is missed at the end.
            let place = if at < new.len() {
                span_of(&file, id)
            } else {
                Span::new(id, file.text().len(), file.text().len())
            };
            self.add(Some(path.clone()), file);
            place
        });
        let thing = format!("line {} of `{LOG}`", at + 1);
        Ok(Some(Loosening {
            area: Area::Record,
            subject: LOG.to_owned(),
            thing,
            change,
            place,
            base: Some(base),
        }))
    }

    /// Evidence of the base that says something else now, or is gone, in a change that also changes what it judges.
    fn replaced_evidence(
        &mut self,
        files: &BaseFiles,
        repository: &Repository,
    ) -> Result<Vec<Loosening>, Error> {
        let chosen = evidence_globs(&files.config.evidence.files)?;
        let here = |path: &str| repository.top.join(path);
        let mut replaced: Vec<(String, Option<FileId>)> = Vec::new();
        for id in self.evidence_files.clone() {
            let Some(path) = self.paths.get(id.0 as usize).and_then(Option::as_deref) else { continue };
            let Some(inside) = repository.path_of(path) else { continue };
            if let Some(before) = self.text_of_base(files, &inside)?
                && lines(&before) != lines(self.sources.file(id))
            {
                replaced.push((inside, Some(id)));
            }
        }
        let gone = files.tree.below(&files.root).filter(|(rest, _)| chosen.is_match(rest));
        let gone = gone.map(|(rest, _)| format!("{}{rest}", files.root));
        replaced.extend(gone.filter(|path| !here(path).exists()).map(|path| (path, None)));
        if replaced.is_empty() || !self.changes_code(files, repository, &chosen)? {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (path, now) in replaced {
            let Some(before) = self.text_of_base(files, &path)? else { continue };
            let base = self.add(None, before);
            let start = |id: FileId| Span::new(id, 0, 0);
            let name = path.strip_prefix(&files.root).unwrap_or(&path);
            let change = match now {
                Some(_) => Change::Replaced,
                None => Change::Removed(String::new()),
            };
            found.push(Loosening {
                area: Area::Evidence,
                subject: name.to_owned(),
                thing: format!("`{name}`"),
                change,
                place: now.map(start),
                base: Some(start(base)),
            });
        }
        Ok(found)
    }

    /// Whether the change is about more than the plan, its configuration and its evidence.
    fn changes_code(
        &self,
        files: &BaseFiles,
        repository: &Repository,
        evidence: &GlobSet,
    ) -> Result<bool, Error> {
        let chooser = [PlanGlobs::new(&files.config.files)?, PlanGlobs::new(&self.config.files)?];
        let is_plan = |path: &str| {
            let relative = Path::new(path.strip_prefix(&files.root).unwrap_or(path));
            let name =
                relative.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            chooser.iter().any(|chooser| chooser.takes(relative, relative))
                || evidence.is_match(relative)
                || [crate::evidence::FILE_NAME, super::CONFIG_NAME, LOG].contains(&name.as_str())
        };
        Ok(repository.changed_since(&files.base.commit)?.iter().any(|path| !is_plan(path)))
    }

    /// Files that the globs of the base would choose, and those of today do not.
    fn no_longer_read(&self, files: &BaseFiles) -> Result<Vec<Loosening>, Error> {
        let (old, new) = (&files.config.files, &self.config.files);
        let texts =
            |globs: &[Spanned<String>]| globs.iter().map(|glob| glob.value.clone()).collect::<Vec<_>>();
        let same = texts(&old.include) == texts(&new.include) && texts(&old.exclude) == texts(&new.exclude);
        if same || files.settings.is_none() || self.settings().is_none() {
            return Ok(Vec::new());
        }
        let (before, after) = (PlanGlobs::new(old)?, PlanGlobs::new(new)?);
        let place = new.include.first().map(|glob| glob.span);
        let start = |file: Option<FileId>| file.map(|file| Span::new(file, 0, 0));
        let base = old.include.first().map(|glob| glob.span);
        let walk =
            WalkBuilder::new(&self.root).standard_filters(false).hidden(true).follow_links(true).build();
        let mut found = Vec::new();
        for item in walk.flatten().filter(|item| item.file_type().is_some_and(|kind| kind.is_file())) {
            let relative = item.path().strip_prefix(&self.root).unwrap_or(item.path());
            if before.takes(relative, relative)
                && !after.takes(relative, relative)
                && !after.excludes(relative)
            {
                found.push(Loosening {
                    area: Area::Configuration,
                    subject: "plan.files".to_owned(),
                    thing: format!("`{}`", display_name(relative, Path::new(""))),
                    change: Change::NotSelected {
                        by: "chosen by `files` of `[plan]`".to_owned(),
                        field: None,
                    },
                    place: place.or_else(|| start(self.settings())),
                    base: base.or_else(|| start(files.settings)),
                });
            }
        }
        found.sort_by(|first, second| first.thing.cmp(&second.thing));
        Ok(found)
    }

    fn next_file(&self) -> u32 {
        u32::try_from(self.paths.len()).unwrap_or(u32::MAX)
    }

    /// A file of the base, if it has it and can show it.
    fn text_of_base(&self, files: &BaseFiles, path: &str) -> Result<Option<SourceFile>, Error> {
        let small = files.tree.file(path).filter(|file| file.size <= super::LARGEST_FILE);
        let Some(file) = small else { return Ok(None) };
        let bytes = files.tree.contents(&[file])?.pop().unwrap_or_default();
        Ok(Some(SourceFile::decode(format!("{}:{path}", files.base.label), bytes)))
    }
}

/// The lines of a file, however they end. What `autocrlf` does is no change.
fn lines(file: &SourceFile) -> Vec<String> {
    file.text().lines().map(str::to_owned).collect()
}

/// The setting that names the file of allowed signers.
const ALLOWED_SIGNERS: &str = "signatures.allowed_signers";

/// The lines of a file of allowed signers that name a key, each with its number and with single spaces.
fn signers(file: &SourceFile) -> impl Iterator<Item = (usize, String)> + '_ {
    let lines = file.text().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn evidence_globs(globs: &[Spanned<String>]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        // What cannot be read of an old configuration chooses nothing.
        if let Ok(glob) = GlobBuilder::new(&glob.value).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().map_err(|error| Error::BadGlob { glob: "files".into(), reason: error.kind().to_string() })
}
