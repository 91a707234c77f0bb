//! The iCalendar files of holidays that `relplan.toml` names.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use crate::config::Config;
use crate::config::calendar::Holiday;
use crate::error::Error;
use crate::schedule::ics;
use crate::source::{Contents, FileId, SourceFile, SourceMap};

/// The files that `holidays_file` names, from the folder of `relplan.toml`.
pub(super) fn files(
    root: &Path,
    config: &Config,
    working_folder: &Path,
) -> Result<Vec<(PathBuf, SourceFile)>, Error> {
    let read = |name: &crate::source::Spanned<String>| {
        let path = root.join(&name.value);
        // Pipes and devices may never end.
        if path.exists() && !path.is_file() {
            return Err(Error::NotAFile { path });
        }
        let file = super::read_file(&path, working_folder)?;
        Ok((path, file))
    };
    config.calendar.holiday_files.iter().map(read).collect()
}

/// The holidays of a file; what is no iCalendar stops relplan, for a calendar without its holidays
/// would be wrong without saying so.
pub(super) fn read(id: FileId, sources: &SourceMap, zone: Option<Tz>) -> Result<Vec<Holiday>, Error> {
    let file = sources.file(id);
    let bad = |place: String, reason: &str| Error::BadHolidays { place, reason: reason.to_owned() };
    if !matches!(file.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
        return Err(bad(file.name().to_owned(), "not valid UTF-8"));
    }
    ics::holidays(id, file.text(), zone).map_err(|error| {
        let start = sources.start(error.span);
        bad(format!("{}:{}:{}", file.name(), start.line, start.column), &error.reason)
    })
}
