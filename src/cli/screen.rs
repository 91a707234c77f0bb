//! The terminal: what goes to standard output and what to standard error, with
//! colours where they are wanted.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::pager;
use super::progress::Progress;
use crate::error::Error;
use crate::finding::{Denominator, Finding};
use crate::formats::{CheckReport, json_text, terminal};
use crate::source::{SourceMap, invisible, secret};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where a command writes.
pub struct Screen {
    colour: Colour,
    /// Whether only the product itself is wanted.
    pub quiet: bool,
    /// Whether more is wanted.
    pub verbose: bool,
    /// Whether a document that is longer than the terminal goes to the pager.
    paged: bool,
    progress: Progress,
}

impl Screen {
    /// A screen as the flags ask for it.
    pub fn new(colour: Colour, quiet: bool, verbose: bool) -> Self {
        Screen { colour, quiet, verbose, paged: false, progress: Progress::default() }
    }

    /// The same screen, on which long documents may go to the pager.
    pub fn paged(mut self, paged: bool) -> Self {
        self.paged = paged;
        self
    }

    /// Shows that a run takes its time, if it does.
    pub fn takes_time(&self, what: &str) {
        if !self.quiet {
            self.progress.start(what);
        }
    }

    /// Ends the progress of a run, before somebody else writes to the terminal.
    pub fn end_progress(&self) {
        self.progress.end();
    }

    /// How standard output wants it.
    pub fn style(&self) -> terminal::Style {
        self.style_of(anstream::AutoStream::choice(&io::stdout()), io::stdout().is_terminal())
    }

    fn error_style(&self) -> terminal::Style {
        self.style_of(anstream::AutoStream::choice(&io::stderr()), io::stderr().is_terminal())
    }

    fn style_of(&self, choice: anstream::ColorChoice, is_terminal: bool) -> terminal::Style {
        let colour = match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => choice != anstream::ColorChoice::Never,
        };
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        terminal::Style { colour, links: colour && is_terminal && !dumb, unicode: !dumb, width: width() }
    }

    /// Writes the product.
    pub fn product(&self, bytes: &[u8]) -> Result<(), Error> {
        self.end_progress();
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// Writes a document: on a terminal that is too small for it, into the pager.
    pub fn document(&self, text: &str) -> Result<(), Error> {
        self.end_progress();
        if self.paged && self.has_reader() && pager::show(text.as_bytes()) {
            return Ok(());
        }
        self.product(text.as_bytes())
    }

    /// Whether a person reads the product as it is printed. Some CI systems give their jobs a terminal, too.
    pub fn has_reader(&self) -> bool {
        io::stdout().is_terminal() && std::env::var_os("CI").is_none()
    }

    /// Empties the terminal, what has scrolled away included. What is no terminal keeps everything.
    pub fn clear(&self) -> Result<(), Error> {
        self.end_progress();
        match io::stdout().is_terminal() {
            true => self.product(b"\x1b[2J\x1b[3J\x1b[H"),
            false => Ok(()),
        }
    }

    /// Writes a value as JSON.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<(), Error> {
        self.product(self.json_text(value)?.as_bytes())
    }

    /// A value as JSON, for wherever it goes.
    pub fn json_text(&self, value: &impl serde::Serialize) -> Result<String, Error> {
        let text = serde_json::to_string_pretty(value).map_err(io::Error::from)? + "\n";
        Ok(json_text::showable(text))
    }

    /// Writes something about the run, unless it is not wanted.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            self.end_progress();
            // Where standard error is closed, nobody wanted to know.
            let _ = io::stderr().lock().write_all(showable(text).as_bytes());
        }
    }

    /// Asks something. Whoever wants an answer must be heard, however quiet relplan is to be.
    pub fn ask(&self, text: &str) {
        self.end_progress();
        let mut out = io::stderr().lock();
        // Where standard error is closed, the answers still count.
        let _ = out.write_all(showable(text).as_bytes()).and_then(|()| out.flush());
    }

    /// How remarks are drawn.
    pub fn remark_style(&self) -> terminal::Style {
        self.error_style()
    }

    /// Draws findings on standard error.
    pub fn findings(&self, findings: &[Finding], sources: &SourceMap) -> Result<(), Error> {
        let report = CheckReport {
            findings,
            sources,
            denominator: &Denominator::nothing(),
            masked: &[],
            baseline: None,
            base: None,
            since: None,
        };
        let mut text = Vec::new();
        terminal::write(&report, self.error_style(), &mut text)?;
        self.end_progress();
        io::stderr().lock().write_all(&text)?;
        Ok(())
    }

    /// Says what stopped relplan.
    pub fn error(&self, error: &Error) {
        self.end_progress();
        let style = self.error_style();
        let (red, plain) = match style.colour {
            true => {
                let red = anstyle::AnsiColor::Red.on_default().bold();
                (red.render().to_string(), red.render_reset().to_string())
            }
            false => (String::new(), String::new()),
        };
        let hint = error.hint().map(|hint| format!("  hint: {hint}\n")).unwrap_or_default();
        let text = format!("{error}\n{hint}");
        let _ = io::stderr().lock().write_all(format!("{red}error:{plain} {}", showable(&text)).as_bytes());
    }
}

/// A remark as it may be shown. What relplan paints stays: the sequences of colours, and no other.
fn showable(text: &str) -> String {
    let text = secret::mask(text);
    let mut shown = String::with_capacity(text.len());
    for (index, part) in text.split('\u{1b}').enumerate() {
        let rest = match index {
            0 => part,
            _ => match colour_end(part) {
                Some(end) => {
                    shown.push('\u{1b}');
                    shown += &part[..end];
                    &part[end..]
                }
                None => {
                    shown += "<U+001B>";
                    part
                }
            },
        };
        shown += &invisible::named(rest);
    }
    shown
}

/// Where a sequence of colours ends that a text goes on with behind its escape character: `[1;31m`.
fn colour_end(text: &str) -> Option<usize> {
    let parameters =
        text.strip_prefix('[')?.trim_start_matches(|found: char| found.is_ascii_digit() || found == ';');
    parameters.starts_with('m').then(|| text.len() - parameters.len() + 1)
}

/// The width to draw in: `COLUMNS`, or that of the terminal, or a hundred.
fn width() -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    stated.or_else(measured).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::showable;

    #[test]
    fn a_remark_keeps_colours_and_nothing_else_that_is_not_seen() {
        let text = "\u{1b}[1;31merror:\u{1b}[0m a\u{1b}]0;title\u{7} \u{1b}[2J \u{202E}pwd=hunter2\n";
        let expect = "\u{1b}[1;31merror:\u{1b}[0m a<U+001B>]0;title<U+0007> <U+001B>[2J <U+202E>pwd=••••\n";
        assert_eq!(showable(text), expect);
        assert_eq!(showable("plain"), "plain");
    }
}
