//! `relplan export`: rollback triggers and service level objectives as files for other tools.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::view::one_release;
use super::{Global, Paths, Screen, Verdict, remark_unread};
use crate::error::Error;
use crate::exports::target::{Content, Export, ExportFile, ExportOption, ExportRequest, TARGETS, Target};
use crate::formats::markdown;
use crate::graph::Selection;
use crate::project::{Project, output};
use crate::trigger::LeftOut;

/// The arguments of `relplan export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// What to write for
    #[arg(value_parser = offering())]
    target: String,
    #[command(flatten)]
    paths: Paths,
    /// Only rollbacks of this release: an id, a version, or `next`
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Write all files into a folder [default: print the first one]
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// The address of Prometheus: http://prometheus:9090
    #[arg(long, value_name = "URL", value_parser = parse_address)]
    prometheus: Option<String>,
    /// The name of the Deployment that is rolled out, or of the service
    #[arg(long, value_name = "NAME", value_parser = parse_workload)]
    workload: Option<String>,
    /// Compare the files in --output-dir with the plan instead of writing them; exit 1 if one differs
    #[arg(long, requires = "output_dir")]
    check: bool,
}

fn offering() -> PossibleValuesParser {
    TARGETS.iter().map(|target| PossibleValue::new(target.name).help(target.about)).collect::<Vec<_>>().into()
}

fn parse_address(text: &str) -> Result<String, String> {
    let host =
        ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or_default();
    let is_address =
        !host.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic() && letter != '"');
    if is_address {
        Ok(text.to_owned())
    } else {
        Err("write a URL such as http://prometheus:9090".to_owned())
    }
}

/// A name as Kubernetes has it (RFC 1123).
fn parse_workload(text: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        let inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        !part.is_empty() && part.chars().all(inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    match text.len() <= 253 && text.split('.').all(is_part) {
        true => Ok(text.to_owned()),
        false => Err("write the name of a Deployment: small letters, digits and hyphens".to_owned()),
    }
}

impl ExportArguments {
    /// Refuses options that the target does not know, and asks for those that it needs.
    fn check_options(&self, target: &Target) -> Result<(), Error> {
        let given = [(ExportOption::Prometheus, &self.prometheus), (ExportOption::Workload, &self.workload)];
        for (option, value) in given {
            if value.is_some() && !target.takes.contains(&option) {
                return Err(Error::ExportOptionUnknown { target: target.name, option: option.example() });
            }
            if value.is_none() && target.needs.contains(&option) {
                return Err(Error::ExportOptionMissing { target: target.name, option: option.example() });
            }
        }
        Ok(())
    }
}

/// Runs the command.
pub(super) fn run(arguments: &ExportArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let target = target(&arguments.target)?;
    arguments.check_options(target)?;
    let project = global.load(&arguments.paths, screen)?;
    let plan = project.plan();
    super::require_entries(&plan)?;
    let graph = project.graph(&plan);
    let selection = match &arguments.release {
        Some(_) => one_release(&plan, &graph, arguments.release.as_deref())?,
        None => Selection::all(),
    };
    remark_unread(&plan, screen);
    let request = ExportRequest {
        prometheus: arguments.prometheus.clone(),
        workload: arguments.workload.clone(),
        ..ExportRequest::new(&plan, &graph, &selection)
    };
    let export = (target.write)(&request);
    remark(&export, screen);
    let files: Vec<WrittenFile> = export.files.into_iter().map(|file| written(file, target)).collect();
    let Some(first) = files.first() else {
        return Err(Error::NothingToExport {
            target: target.name,
            noun: target.subject.noun(),
            count: export.left_out.len(),
            help: target.subject.help(),
        });
    };
    let is_current = match &arguments.output_dir {
        Some(folder) if arguments.check => check(target, &files, folder, screen)?,
        Some(folder) => {
            write(&project, &files, folder)?;
            for name in left_over(target, &files, folder)? {
                let path = folder.join(name);
                screen.remark(&format!("{} is no longer written: remove it\n", path.display()));
            }
            true
        }
        None => {
            screen.product(first.text.as_bytes())?;
            if files.len() > 1 {
                let names: Vec<&str> = files.iter().skip(1).map(|file| file.name.as_str()).collect();
                screen.remark(&format!(
                    "not printed: {}; write all files with --output-dir\n",
                    names.join(", ")
                ));
            }
            true
        }
    };
    // What a machine is to start, nothing starts without an alert.
    let is_complete = !export.left_out.iter().any(|left_out| left_out.is_automatic);
    Ok(if is_current && is_complete { Verdict::Fine } else { Verdict::Findings })
}

/// A file as it is written.
struct WrittenFile {
    name: String,
    text: String,
}

fn written(file: ExportFile, target: &Target) -> WrittenFile {
    let text = match file.content {
        Content::Text(text) => text,
        Content::Document(report) => {
            format!("<!-- {} -->\n\n{}", target.generated(), markdown::undated(*report))
        }
    };
    WrittenFile { name: file.name, text }
}

fn target(name: &str) -> Result<&'static Target, Error> {
    let known = || TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let found = TARGETS.iter().copied().find(|target| target.name == name);
    found.ok_or_else(|| Error::NoSuchFormat { name: name.to_owned(), known: known() })
}

/// Says which rollbacks are not in the files, and why.
fn remark(export: &Export, screen: &Screen) {
    for LeftOut { id, reason, help, is_automatic } in &export.left_out {
        let word = if *is_automatic { "automatic rollback left out" } else { "left out" };
        screen.remark(&format!("{id}: {word}: {reason}; {help}\n"));
    }
    for remark in &export.remarks {
        screen.remark(&format!("{remark}\n"));
    }
}

fn write(project: &Project, files: &[WrittenFile], folder: &Path) -> Result<(), Error> {
    let files = files.iter().map(|file| (folder.join(&file.name), file.text.clone().into_bytes()));
    let files: Vec<(PathBuf, Vec<u8>)> = files.collect();
    for (path, _) in &files {
        project.guard(path, &[])?;
    }
    output::write_into(folder, &files)
}

/// The files of a folder that this target wrote for an earlier plan: of a rollback that is gone, or under another name.
fn left_over(target: &Target, files: &[WrittenFile], folder: &Path) -> Result<Vec<String>, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_written = files.iter().any(|file| file.name == name);
        if !is_written && entry.path().is_file() && target.wrote(&beginning(&entry.path())) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The first bytes of a file, as far as they are text; nothing of one that cannot be read.
fn beginning(path: &Path) -> String {
    const LENGTH: u64 = 256;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LENGTH).read_to_end(&mut bytes));
    if read.is_ok() { String::from_utf8_lossy(&bytes).into_owned() } else { String::new() }
}

/// Whether the files in a folder are those that the plan gives now.
fn check(target: &Target, files: &[WrittenFile], folder: &Path, screen: &Screen) -> Result<bool, Error> {
    let mut is_current = true;
    for file in files {
        let path = folder.join(&file.name);
        let state = match std::fs::read(&path) {
            Ok(bytes) if bytes == file.text.as_bytes() => continue,
            Ok(_) => "is stale",
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "is missing",
            Err(source) => return Err(Error::Unreadable { path, source }),
        };
        is_current = false;
        screen.product(format!("{} {state}\n", path.display()).as_bytes())?;
    }
    let left_over = left_over(target, files, folder)?;
    for name in &left_over {
        screen.product(format!("{} is no longer written\n", folder.join(name).display()).as_bytes())?;
    }
    if !left_over.is_empty() {
        screen.remark("remove files that are no longer written\n");
    }
    if is_current && left_over.is_empty() {
        let word = if files.len() == 1 { "file is" } else { "files are" };
        screen.product(format!("{} {word} current\n", files.len()).as_bytes())?;
    }
    if !is_current {
        screen.remark("run the same command without --check to write them\n");
    }
    Ok(is_current && left_over.is_empty())
}
