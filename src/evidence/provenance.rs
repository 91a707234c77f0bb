//! What an `evidence.json` says: the commit, the time and the run of the evidence files in its folder and below, and
//! with which bytes each of them was written.
//!
//! A file that cannot be read whole vouches for nothing, and nothing above it speaks in its place.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind, ReportFlaw, Timestamp, json};
use crate::model::Commit;
use crate::model::digest::Digest;
use crate::source::{Contents, FileId, SourceFile, Span};

/// The name of a file that says where the evidence beside it comes from.
pub const FILE_NAME: &str = "evidence.json";

/// How much older than its run a report may be. Longer than a day hardly any pipeline takes.
const LONGEST_RUN: chrono::Duration = chrono::Duration::hours(24);

/// What one file says.
#[derive(Debug)]
pub(super) struct Provenance<'s> {
    /// Its folder, with a `/` at the end; empty for that of the user.
    folder: &'s str,
    /// Whether it could be read whole.
    is_whole: bool,
    commit: Option<(Cow<'s, str>, Span)>,
    time: Timestamp,
    time_place: Span,
    /// The reports of the run by their paths from the folder, and their digests; nothing if it names none.
    reports: Option<(Vec<Vouched<'s>>, Span)>,
}

/// A report that is vouched for.
#[derive(Debug)]
struct Vouched<'s> {
    path: Cow<'s, str>,
    digest: Option<Digest>,
    place: Span,
}

impl<'s> Provenance<'s> {
    /// The path of a file from its folder, if the file lies there or below.
    fn path_below<'n>(&self, name: &'n str) -> Option<&'n str> {
        // Behind the folder of the user itself everything begins that is not outside of it.
        name.strip_prefix(self.folder).filter(|rest| !rest.starts_with('/') && !rest.starts_with("../"))
    }
}

/// The members as they are written.
#[derive(Default)]
struct Written<'s> {
    commit: Option<&'s RawValue>,
    time: Option<&'s RawValue>,
    run: Option<&'s RawValue>,
    reports: Option<Reports<'s>>,
    /// Names of members that say nothing here.
    unknown: Vec<String>,
    /// A member that stands there twice.
    repeated: Option<&'static str>,
    version: Option<&'s RawValue>,
}

/// The reports that are named: each path with its digest.
#[derive(Default)]
struct Reports<'s>(Vec<(Cow<'s, str>, &'s RawValue)>);

impl<'s> json::Object<'s> for Written<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        let (slot, known) = match &*name {
            "commit" => (&mut self.commit, "commit"),
            "time" => (&mut self.time, "time"),
            "run" => (&mut self.run, "run"),
            "reports" => {
                let mut reports = Reports::default();
                values.next_value_seed(json::Members(&mut reports))?;
                if self.reports.replace(reports).is_some() {
                    self.repeated = Some("reports");
                }
                return Ok(());
            }
            "version" => (&mut self.version, "version"),
            "$schema" => return values.next_value::<IgnoredAny>().map(drop),
            other => {
                self.unknown.push(other.to_owned());
                return values.next_value::<IgnoredAny>().map(drop);
            }
        };
        if slot.replace(values.next_value()?).is_some() {
            self.repeated = Some(known);
        }
        Ok(())
    }
}

impl<'s> json::Object<'s> for Reports<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        self.0.push((name, values.next_value()?));
        Ok(())
    }
}

/// Reads one file.
pub(super) fn read<'s>(input: &Input<'s>) -> (Provenance<'s>, Vec<EvidenceDefect>) {
    let folder = input.name.rfind('/').map_or("", |at| &input.name[..=at]);
    let start = input.at(0, 0);
    let mut found = Provenance {
        folder,
        is_whole: true,
        commit: None,
        time: Timestamp::Missing,
        time_place: start,
        reports: None,
    };
    let mut defects = Vec::new();
    let mut written = Written::default();
    let read = json::read_object(input, &mut written);
    if let Some(broken) = input.cut.clone().or(read.err()) {
        found.is_whole = false;
        return (found, vec![broken]);
    }
    if let Some(repeated) = written.repeated {
        found.is_whole = false;
        return (found, vec![input.malformed(0, format!("duplicate key `{repeated}`"))]);
    }
    if let Some(version) = written.version.filter(|version| version.get().trim() != "1") {
        found.is_whole = false;
        return (found, vec![json::wrong(input, version, "of `evidence.json`, only version 1 is read")]);
    }
    defects.extend(written.unknown.iter().map(|key| EvidenceDefect {
        span: key_place(input, key),
        kind: EvidenceDefectKind::KeyNotRead { key: key.clone() },
    }));
    if let Some(commit) = written.commit {
        let place = input.first_line(commit.get());
        match json::text(commit).filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                let text = text.into_owned();
                if !Commit::parse(&text).is_ok_and(|commit| commit.is_whole()) {
                    let reason =
                        "a commit is its 40 or 64 hexadecimal digits: `git rev-parse HEAD` prints them";
                    defects.push(json::wrong(input, commit, reason));
                    found.is_whole = false;
                }
                found.commit = Some((Cow::Owned(text), place));
            }
            None => {
                defects.push(json::wrong(input, commit, "a commit is a text of 40 or 64 hexadecimal digits"));
                found.is_whole = false;
            }
        }
    }
    if let Some(when) = written.time {
        found.time_place = input.first_line(when.get());
        found.time = json::text(when).map_or(Timestamp::Unreadable, |text| Timestamp::read(&text));
        if found.time != Timestamp::Missing && found.time.known().is_none() {
            defects
                .push(EvidenceDefect { span: found.time_place, kind: EvidenceDefectKind::TimeNotUnderstood });
        }
    }
    if let Some(reports) = written.reports {
        let place = reports.0.first().map_or(start, |(_, digest)| input.first_line(digest.get()));
        let mut seen = FxHashSet::default();
        let vouched = reports.0.into_iter().map(|(path, digest)| {
            let place = input.first_line(digest.get());
            let path = match path {
                Cow::Borrowed(path) => Cow::Borrowed(path.strip_prefix("./").unwrap_or(path)),
                Cow::Owned(path) => Cow::Owned(path.strip_prefix("./").map_or(path.clone(), str::to_owned)),
            };
            if !seen.insert(path.clone()) {
                let reason = format!("`{path}` is named twice");
                defects.push(json::wrong(input, digest, &reason));
                found.is_whole = false;
            }
            let text = json::text(digest).unwrap_or_default();
            let read = Digest::parse(text.trim());
            if read.is_none() {
                defects.push(json::wrong(input, digest, "a digest is `sha256:` and 64 hexadecimal digits"));
            }
            Vouched { path, digest: read, place }
        });
        found.reports = Some((vouched.collect(), place));
    }
    if written.commit.is_none() && written.time.is_none() && found.reports.is_none() {
        defects.push(input.malformed(0, "it says neither `commit` nor `time`"));
        found.is_whole = false;
    }
    (found, defects)
}

/// Where a key stands in a short file.
fn key_place(input: &Input<'_>, key: &str) -> Span {
    let quoted = format!("\"{key}\"");
    match input.text.find(&quoted) {
        Some(at) => input.at(at, at + quoted.len()),
        None => input.at(0, 0),
    }
}

/// What the text of an `evidence.json` says of the files in its folder and below: the commit and the time; nothing if
/// it cannot be relied on.
pub fn origin(text: &str) -> Option<(Option<String>, Timestamp)> {
    let source = SourceFile::new("", text);
    let input = Input::of(FileId(0), &source).ok()?;
    let (provenance, _) = read(&input);
    let commit = provenance.commit.map(|(commit, _)| commit.trim().to_owned());
    provenance.is_whole.then_some((commit, provenance.time))
}

/// Whether a file is of this kind, which only its name says.
pub(super) fn is_named(name: &str) -> bool {
    name.rsplit('/').next() == Some(FILE_NAME)
}

/// A file of this kind that could not be read at all: it vouches for nothing.
pub(super) fn unread(name: &str, file: FileId) -> Provenance<'_> {
    Provenance {
        folder: name.rfind('/').map_or("", |at| &name[..=at]),
        is_whole: false,
        commit: None,
        time: Timestamp::Missing,
        time_place: Span::new(file, 0, 0),
        reports: None,
    }
}

/// The reports that are vouched for and were not read, each with the folder of the run that it is missing in.
pub(super) fn missing<'p>(
    known: &'p [Provenance<'_>],
    read: &FxHashSet<&str>,
) -> Vec<(&'p str, EvidenceDefect)> {
    let mut missing = Vec::new();
    for provenance in known {
        for vouched in provenance.reports.iter().flat_map(|(reports, _)| reports) {
            if !read.contains(&*format!("{}{}", provenance.folder, vouched.path)) {
                let kind =
                    EvidenceDefectKind::VouchedReportMissing { path: vouched.path.clone().into_owned() };
                missing.push((provenance.folder, EvidenceDefect { span: vouched.place, kind }));
            }
        }
    }
    missing
}

/// The folder of the nearest file that speaks of a report, if any does.
pub(super) fn nearest_folder<'s>(name: &str, known: &[Provenance<'s>]) -> Option<&'s str> {
    let above = known.iter().filter(|known| known.path_below(name).is_some());
    above.map(|known| known.folder).max_by_key(|folder| folder.len())
}

/// Gives a report what it does not say itself. The nearest file above it that says something wins; what
/// the report says wins over all of them. One that vouches for its reports by their bytes is believed for no others.
pub(super) fn complete<'s>(found: &mut Found<'s>, source: &SourceFile, known: &[Provenance<'s>]) {
    let name = source.name();
    let mut above: Vec<&Provenance<'s>> =
        known.iter().filter(|known| known.path_below(name).is_some()).collect();
    above.sort_by_key(|known| std::cmp::Reverse(known.folder.len()));
    // What cannot be read may say anything, also that what stands above it does not hold here.
    let readable = above.iter().position(|known| !known.is_whole).unwrap_or(above.len());
    let is_broken = readable < above.len();
    above.truncate(readable);
    if let Some(nearest) = above.iter().find(|known| known.reports.is_some())
        && !is_vouched_for(found, source, nearest)
    {
        return;
    }
    if let Some((commit, span)) = above.iter().find_map(|known| known.commit.as_ref()) {
        // Where the report says another, that is a contradiction.
        match found.commit {
            Some(own) => contradiction(found, own, commit, *span),
            None => found.report.commit = Some(commit.clone()),
        }
    }
    if let Some(nearest) = above.iter().find(|known| known.time != Timestamp::Missing) {
        if let (Some(own), Some(run)) = (found.report.time.known(), nearest.time.known())
            && own + LONGEST_RUN < run
        {
            let kind = EvidenceDefectKind::OlderThanRun { elsewhere: nearest.time_place };
            found.defect(Span::new(found.report.file, 0, 0), kind);
        }
        found.report.time = found.report.time.or(nearest.time);
    }
    let is_complete = found.report.commit.is_some() && found.report.time != Timestamp::Missing;
    if is_broken && !is_complete {
        found.doubt(ReportFlaw::ProvenanceUnreadable);
    }
}

/// Whether a report has the bytes that are vouched for.
fn is_vouched_for(found: &mut Found<'_>, source: &SourceFile, above: &Provenance<'_>) -> bool {
    let Some((reports, elsewhere)) = &above.reports else { return true };
    let place = Span::new(found.report.file, 0, 0);
    let path = above.path_below(source.name()).unwrap_or_default();
    let Some(vouched) = reports.iter().find(|vouched| vouched.path == path) else {
        found.doubt(ReportFlaw::NotVouchedFor);
        found.defect(place, EvidenceDefectKind::NotVouchedFor { elsewhere: *elsewhere });
        return false;
    };
    let is_same = vouched.digest.is_some() && vouched.digest == digest_of(source);
    if !is_same {
        found.doubt(ReportFlaw::DigestDiffers);
        found.defect(place, EvidenceDefectKind::DigestDiffers { elsewhere: vouched.place });
    }
    is_same
}

/// The digest of the bytes of a file, if all of them are known.
fn digest_of(source: &SourceFile) -> Option<Digest> {
    match source.contents() {
        Contents::Utf8 => Some(Digest::of(source.text().as_bytes())),
        Contents::Utf8WithMark => Some(Digest::of(&source.encode(source.text().to_owned()))),
        Contents::Invalid(_) | Contents::TooLarge(_) | Contents::LinkLoop => None,
    }
}

fn contradiction(found: &mut Found<'_>, own: Span, commit: &str, elsewhere: Span) {
    if found.report.commit.as_ref().is_some_and(|stated| !same_commit(stated, commit)) {
        let kind = EvidenceDefectKind::CommitsContradict { other: commit.to_owned(), elsewhere };
        found.doubt(ReportFlaw::CommitsContradict);
        found.defect(own, kind);
    }
}

/// Whether two texts name the same commit: one may be a short form of the other. What is no commit of git is
/// the same only if it is written the same.
pub fn same_commit(first: &str, second: &str) -> bool {
    match (Commit::parse(first), Commit::parse(second)) {
        (Ok(first), Ok(second)) => first.is_same_as(&second),
        _ => first.trim().eq_ignore_ascii_case(second.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_names_the_same_commit() {
        let full = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
        assert!(same_commit(full, "4F2D9C1"));
        assert!(same_commit("4f2d9c1e", full));
        assert!(same_commit("r12", "r12"));
        assert!(!same_commit(full, "4f2d9c"), "six figures are too few");
        assert!(!same_commit(full, "4f2d9c2"));
        assert!(!same_commit("", full));
    }
}
