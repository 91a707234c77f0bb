//! Findings for people: drawn by miette, and by nothing else in relplan.

use crate::model::phrase::counted;
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    Severity, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use rustc_hash::FxHashMap;

use super::{CheckReport, counts, harmless, rule_url, steers};
use crate::finding::{Denominator, Finding, Label, Level};
use crate::source::{FileId, SourceFile, SourceMap, Span, invisible};

/// How the terminal wants it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours are shown.
    pub colour: bool,
    /// Whether links are shown that a terminal can follow.
    pub links: bool,
    /// Whether lines and boxes may be drawn with more than ASCII.
    pub unicode: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Style {
    /// Text that is no screen.
    pub const PLAIN: Style = Style { colour: false, links: false, unicode: true, width: 100 };
}

/// Writes every finding with its text.
pub fn write(report: &CheckReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let handler = handler(style);
    let texts = texts(report);
    let mut text = String::new();
    for finding in report.findings {
        text.clear();
        let drawn = Drawn::new(finding, report.sources, &texts, style.links);
        draw(&handler, &drawn, &mut text)?;
        // As related diagnostics of the finding, miette would call each of them an advice.
        for elsewhere in &drawn.related {
            draw(&handler, elsewhere, &mut text)?;
        }
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn draw(handler: &GraphicalReportHandler, drawn: &dyn Diagnostic, text: &mut String) -> io::Result<()> {
    handler.render_report(text, drawn).map_err(|_| io::Error::other("cannot draw a finding"))
}

fn handler(style: Style) -> GraphicalReportHandler {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(style.links)
        .with_width(style.width.max(40))
        .tab_width(4)
        .with_context_lines(1)
        .with_wrap_lines(true)
        .with_break_words(false)
        // Ids and settings are copied from here, and have hyphens.
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// The last lines of a check: what was found, and what was looked at.
pub fn summary(report: &CheckReport<'_>, style: Style) -> String {
    let found: Vec<String> = counts(report.findings)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| painted(&counted(count, level.word()), level, style))
        .collect();
    let mut lines = match found.as_slice() {
        // A check that saw nothing must not look like one that found nothing.
        [] if report.denominator.entries == 0 => "nothing to check".to_owned(),
        [] => "no findings".to_owned(),
        found => found.join(", "),
    };
    let fixable = report.findings.iter().filter(|finding| finding.fix.is_some()).count();
    if fixable > 0 {
        lines += &format!("; {fixable} fixable (see `relplan check --fix --diff`)");
    }
    if report.denominator.allowed > 0 {
        lines += &format!("; {} allowed inline", report.denominator.allowed);
    }
    if let Some(against) = report.baseline {
        lines += &format!("; {} hidden by the baseline", against.known);
        if against.fixed > 0 {
            lines += &format!(", {} of its findings fixed: update the baseline", against.fixed);
        }
    }
    let compared = report.base.map(|base| base.in_words() + "\n").unwrap_or_default();
    let compared = report.since.map(|since| since.in_words() + "\n").unwrap_or_default() + &compared;
    let members = members(report.denominator);
    format!("{lines}\n{compared}{members}{}\n", looked_at(report.denominator))
}

/// The most members that are named one by one.
const MOST_MEMBERS: usize = 12;

/// The members of a workspace with their entries, and those that are not checked: `workspace: billing 12 entries, …`.
fn members(denominator: &Denominator) -> String {
    let checked: Vec<String> = denominator
        .members
        .iter()
        .filter_map(|member| Some(format!("{} {}", member.name, counted(member.entries?, "entry"))))
        .collect();
    let unchecked: Vec<String> = denominator
        .members
        .iter()
        .filter_map(|member| Some(format!("{} ({})", member.name, member.reason.as_ref()?)))
        .collect();
    if checked.is_empty() && unchecked.is_empty() {
        return String::new();
    }
    let more = match checked.len().saturating_sub(MOST_MEMBERS) {
        0 => String::new(),
        more => format!(", {more} more"),
    };
    let named = checked.iter().take(MOST_MEMBERS).cloned().collect::<Vec<_>>().join(", ");
    let count = counted(checked.len(), "member");
    let missing = match unchecked.as_slice() {
        [] => String::new(),
        unchecked => format!("; not checked: {}", unchecked.join(", ")),
    };
    format!("workspace: {count}: {named}{more}{missing}\n")
}

/// What was looked at, in one sentence.
pub fn looked_at(denominator: &Denominator) -> String {
    let families: Vec<String> =
        denominator.families.iter().map(|(family, count)| format!("{family} {count}")).collect();
    let families = if families.is_empty() { String::new() } else { format!(" ({})", families.join(", ")) };
    let idle = match denominator.idle_rules.len() {
        0 => String::new(),
        idle => format!(" ({idle} not applicable)"),
    };
    let time = denominator
        .elapsed
        .map(|elapsed| format!(" in {:.1} ms", elapsed.as_secs_f64() * 1000.0))
        .unwrap_or_default();
    format!(
        "checked {}, {}{families}, {}, with {}{idle}{time}",
        counted(denominator.files, "file"),
        counted(denominator.entries, "entry"),
        counted(denominator.links, "link"),
        counted(denominator.rules_run, "rule"),
    )
}

fn painted(text: &str, level: Level, style: Style) -> String {
    let colour = match level {
        Level::Error => anstyle::AnsiColor::Red,
        Level::Warning => anstyle::AnsiColor::Yellow,
        Level::Note => anstyle::AnsiColor::Cyan,
    };
    if !style.colour {
        return text.to_owned();
    }
    let paint = colour.on_default().bold();
    format!("{paint}{text}{paint:#}")
}

/// The texts of files as a terminal may show them.
type Texts<'a> = FxHashMap<FileId, Cow<'a, str>>;

/// The texts of all files with findings, without secrets and without what a terminal would obey.
fn texts<'a>(report: &CheckReport<'a>) -> Texts<'a> {
    let mut texts = Texts::default();
    for label in report.findings.iter().flat_map(|finding| &finding.labels) {
        let file = label.span.file;
        texts.entry(file).or_insert_with(|| {
            let masked: Vec<Span> = report.masked.iter().filter(|span| span.file == file).copied().collect();
            tamed(report.sources.file(file).masked(&masked))
        });
    }
    texts
}

/// A text with a question mark for every byte of what a terminal would obey, so that places stay where
/// they are.
fn tamed(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut tamed = String::new();
    let mut copied = 0;
    let unseen = invisible::find(&text).into_iter().map(|found| (found.at, found.letter.len_utf8()));
    let mut wild: Vec<(usize, usize)> =
        text.match_indices(steers).map(|(at, wild)| (at, wild.len())).chain(unseen).collect();
    wild.sort_unstable();
    wild.dedup();
    for (at, length) in wild {
        let ends_line = text[at..].starts_with('\n') || text[at..].starts_with("\r\n");
        if !ends_line && !text[at..].starts_with('\t') {
            tamed += &text[copied..at];
            tamed += &"?".repeat(length);
            copied = at + length;
        }
    }
    if copied == 0 {
        return text;
    }
    Cow::Owned(tamed + &text[copied..])
}

/// A finding as miette wants it: one source, and labels elsewhere as related parts.
#[derive(Debug)]
struct Drawn<'a> {
    finding: &'a Finding,
    message: String,
    code: String,
    url: Option<String>,
    help: Option<String>,
    snippet: Option<Snippet<'a>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Elsewhere<'a>>,
}

impl<'a> Drawn<'a> {
    fn new(finding: &'a Finding, sources: &'a SourceMap, texts: &'a Texts<'a>, links: bool) -> Self {
        let primary = finding.primary();
        let here = |label: &&Label| primary.is_some_and(|primary| primary.file == label.span.file);
        let labels = finding.labels.iter().filter(here).enumerate();
        let related = finding.labels.iter().filter(|label| !here(label));
        Drawn {
            finding,
            message: harmless(&finding.message),
            code: format!("{} {} {}", finding.level, finding.code, finding.name),
            url: links.then(|| rule_url(finding.name)),
            help: help_and_notes(finding),
            snippet: primary.map(|span| Snippet::new(sources, texts, span)),
            labels: labels.map(|(index, label)| labelled(label, index == 0)).collect(),
            related: related.map(|label| Elsewhere::new(sources, texts, label)).collect(),
        }
    }
}

/// miette has one place for help; notes follow it on lines of their own.
fn help_and_notes(finding: &Finding) -> Option<String> {
    let parts = match &finding.help {
        None => finding.notes.clone(),
        Some(help) => {
            let notes = finding.notes.iter().map(|note| format!("note: {note}"));
            std::iter::once(help.clone()).chain(notes).collect()
        }
    };
    (!parts.is_empty()).then(|| harmless(&parts.join("\n")))
}

fn labelled(label: &Label, primary: bool) -> LabeledSpan {
    let text = (!label.text.is_empty()).then(|| harmless(&label.text));
    let span = source_span(label.span);
    if primary {
        LabeledSpan::new_primary_with_span(text, span)
    } else {
        LabeledSpan::new_with_span(text, span)
    }
}

fn source_span(span: Span) -> SourceSpan {
    (span.start as usize, span.range().len()).into()
}

impl Display for Drawn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(severity(self.finding.level))
    }

    fn help<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn url<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        self.url.as_ref().map(|url| Box::new(url) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Advice,
    }
}

/// A label in another file.
#[derive(Debug)]
struct Elsewhere<'a> {
    text: String,
    snippet: Snippet<'a>,
    span: Span,
}

impl<'a> Elsewhere<'a> {
    fn new(sources: &'a SourceMap, texts: &'a Texts<'a>, label: &Label) -> Self {
        let snippet = Snippet::new(sources, texts, label.span);
        Elsewhere { text: harmless(&label.text), snippet, span: label.span }
    }
}

impl Display for Elsewhere<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Elsewhere<'_> {}

impl Diagnostic for Elsewhere<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.snippet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, source_span(self.span)))))
    }
}

/// The most of a line that is shown, in bytes; a longer one is cut around the place.
const WIDEST_LINE: usize = 400;

/// The text around a place. miette's own source scans the whole file for every
/// finding; this one asks the file's index of lines.
#[derive(Debug)]
struct Snippet<'a> {
    file: &'a SourceFile,
    /// What is shown of the file: its text, byte for byte, but for what may not be seen.
    text: &'a str,
}

impl<'a> Snippet<'a> {
    fn new(sources: &'a SourceMap, texts: &'a Texts<'a>, span: Span) -> Self {
        let text = texts.get(&span.file).map_or("", |text| text);
        Snippet { file: sources.file(span.file), text }
    }

    /// What is shown for the lines from `first` to `last`: all of them, or of a long line a part around `place`.
    fn window(&self, first: usize, last: usize, place: &SourceSpan) -> (usize, usize) {
        let start = self.file.line_start(first);
        let end = self.file.line_start(last + 1);
        if end - start <= WIDEST_LINE * (last - first + 1) {
            return (start, end);
        }
        let text = self.text;
        let line = self.file.line_index(place.offset());
        let from = self.file.line_start(line).max(place.offset().saturating_sub(60));
        let to = self.file.line_start(line + 1).min(place.offset() + place.len().min(WIDEST_LINE) + 60);
        (text.ceil_char_boundary(from), text.floor_char_boundary(to))
    }
}

impl SourceCode for Snippet<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        if span.offset() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        // Without context miette asks where the place itself begins.
        if (before, after) == (0, 0) {
            return Ok(self.contents(span.offset(), (span.offset() + span.len()).min(self.text.len())));
        }
        let first = self.file.line_index(span.offset()).saturating_sub(before);
        let last_byte = span.offset() + span.len().saturating_sub(1);
        let last = (self.file.line_index(last_byte) + after).min(self.file.line_count() - 1);
        let (start, end) = self.window(first, last, span);
        Ok(self.contents(start, end))
    }
}

impl Snippet<'_> {
    fn contents<'b>(&'b self, start: usize, end: usize) -> Box<dyn SpanContents<'b> + 'b> {
        let position = self.file.position(start);
        // By how many lines are shown, miette knows whether two places are near enough to be drawn as one.
        let lines = self.file.line_index(end.max(start + 1) - 1) + 1 - self.file.line_index(start);
        Box::new(MietteSpanContents::new_named(
            harmless(self.file.name()),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            position.line - 1,
            position.column - 1,
            lines,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let tamed = tamed(Cow::Borrowed(text));
        assert_eq!(tamed, expect);
        assert_eq!(tamed.len(), text.len());
    }

    #[test]
    fn what_a_terminal_would_obey_leaves_its_bytes_and_nothing_else() {
        check("title: a\tb\r\nowner: c\n", "title: a\tb\r\nowner: c\n");
        check("a\u{1b}[31mb\u{7}", "a?[31mb?");
        check("über \u{9b}31m, \u{202e}dne", "über ??31m, ???dne");
        check("a\rb\0", "a?b?");
    }
}
