//! `relplan init`: a small plan to begin with.

use std::path::PathBuf;

use clap::Args;

use super::{Screen, Verdict};
use crate::error::Error;
use crate::project::write;

/// The arguments of `relplan init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder to begin the plan in; it is made if it does not exist
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// The files of the plan, by name.
const FILES: &[(&str, &str)] = &[
    ("relplan.toml", include_str!("init/relplan.toml")),
    ("release/release.yaml", include_str!("init/release.yaml")),
    ("release/deployment.yaml", include_str!("init/deployment.yaml")),
    ("release/work.yaml", include_str!("init/work.yaml")),
];

/// Runs the command.
pub(super) fn run(arguments: &InitArguments, screen: &Screen) -> Result<Verdict, Error> {
    let paths: Vec<PathBuf> = FILES.iter().map(|(name, _)| arguments.folder.join(name)).collect();
    // All of them or none: half a plan would be worse than none.
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(Error::WouldOverwrite { path: path.clone() });
    }
    for (path, (_, text)) in paths.iter().zip(FILES) {
        let folder = path.parent().unwrap_or(&arguments.folder);
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::Unwritable { path: folder.to_owned(), source })?;
        write::new(path, text.as_bytes())?;
        screen.remark(&format!("wrote {}\n", path.display()));
    }
    screen.remark("next: `relplan check` says what is wrong with it (nothing, so far)\n");
    Ok(Verdict::Fine)
}
