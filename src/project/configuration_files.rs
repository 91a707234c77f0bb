//! The configuration files that the environments of a plan name.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use super::{Project, display_name};
use crate::model::dep::Detail;
use crate::model::{Kind, document};
use crate::source::settings::LARGEST_CONFIGURATION;
use crate::source::{Contents, FileId, SourceFile};

impl Project {
    /// Reads the configuration files that environments name. They stay known so that findings can point into them.
    pub(super) fn load_configuration_files(&mut self, working_folder: &Path) {
        let mut names: Vec<String> = Vec::new();
        for &id in self.plan_files.iter().filter(|id| may_name_files(self.sources.file(**id).text())) {
            let content = document::read(id, self.sources.file(id), &self.config.families);
            for entry in &content.entries {
                if let Kind::Dep(dep) = &entry.kind
                    && let Detail::Environment(environment) = &dep.detail
                {
                    let files = environment.configuration_files.iter();
                    names.extend(files.map(|name| name.value.trim().to_owned()));
                }
            }
        }
        for name in names {
            if !self.configuration_files.has(&name) {
                let file = self.load_configuration_file(&name, working_folder);
                self.configuration_files.insert(&name, file);
            }
        }
    }

    fn load_configuration_file(&mut self, name: &str, working_folder: &Path) -> Result<FileId, String> {
        let path = self.root.join(name);
        within(&self.root, name, &path)?;
        let file = read(&path, display_name(&path, working_folder))?;
        Ok(self.add(Some(path), file))
    }
}

/// Whether a text may have the key `configuration_files`, in any spelling: most plans have not, and are not read twice.
fn may_name_files(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr2(b'f', b'F', rest) {
        rest = &rest[at..];
        let is_files = rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"files"));
        let before = &text.as_bytes()[..text.len() - rest.len()];
        let before = before.trim_ascii_end();
        let before = before.strip_suffix(b"_").or_else(|| before.strip_suffix(b"-")).unwrap_or(before);
        let word = before.len().checked_sub(13).map(|start| &before[start..]);
        if is_files && word.is_some_and(|word| word.eq_ignore_ascii_case(b"configuration")) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

/// Refuses what leads out of the folder of the plan, also by a link: whoever may change a plan must not be shown other files.
fn within(root: &Path, name: &str, path: &Path) -> Result<(), String> {
    let leads_out = || "the path leads out of the folder of relplan.toml".to_owned();
    let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !Path::new(name).components().all(is_inside) {
        return Err(leads_out());
    }
    let real =
        |path: &Path| -> Result<PathBuf, String> { path.canonicalize().map_err(|error| reason(&error)) };
    if real(path)?.starts_with(real(root)?) { Ok(()) } else { Err(leads_out()) }
}

fn read(path: &Path, name: String) -> Result<SourceFile, String> {
    // A pipe is not even opened: that would wait for somebody to write to it.
    let about = path.metadata().map_err(|error| reason(&error))?;
    let mut file = match about.is_file() {
        true => std::fs::File::open(path).map_err(|error| reason(&error))?,
        false => return Err("it is not a file".to_owned()),
    };
    if about.len() > LARGEST_CONFIGURATION {
        return Ok(SourceFile::not_read(name, Contents::TooLarge(about.len())));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(LARGEST_CONFIGURATION + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok(match utf_16(&bytes) {
        Some(text) => SourceFile::new(name, text),
        None => SourceFile::decode(name, bytes),
    })
}

/// The text of a file that begins with the byte order mark of UTF-16, as editors of Windows write it.
fn utf_16(bytes: &[u8]) -> Option<String> {
    let (rest, is_little) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        _ => return None,
    };
    let unit = |pair: &[u8]| match is_little {
        true => u16::from_le_bytes([pair[0], pair[1]]),
        false => u16::from_be_bytes([pair[0], pair[1]]),
    };
    let units: Vec<u16> = rest.chunks_exact(2).map(unit).collect();
    String::from_utf16(&units).ok().filter(|_| rest.len() % 2 == 0)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => "it cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plans_that_name_files_are_read_twice() {
        for text in [
            "configuration_files: a",
            "- Configuration Files: [a]",
            "x\n  configuration-files:",
            "ConfigurationFiles: f",
        ] {
            assert!(may_name_files(text), "{text}");
        }
        for text in ["", "files", "configuration: files.txt", "external_files: configuration"] {
            assert!(!may_name_files(text), "{text}");
        }
    }

    #[test]
    fn utf_16_is_known_by_its_mark() {
        assert_eq!(utf_16(&[0xff, 0xfe, b'A', 0, b'=', 0]).as_deref(), Some("A="));
        assert_eq!(utf_16(&[0xfe, 0xff, 0, b'A']).as_deref(), Some("A"));
        assert_eq!(utf_16(&[0xff, 0xfe, b'A']), None);
        assert_eq!(utf_16(b"A=1"), None);
    }
}
