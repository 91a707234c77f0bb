//! `relplan rollback`: from "something is wrong" to what is done.

use std::io::{self, BufRead, IsTerminal};

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::formats::console;
use crate::report::{self, Line};
use crate::views::rollback::walk::{Answer, Question, Walk};
use crate::views::rollback::{DecisionTree, decision_tree};

const FORMATS: Formats = &["terminal", "dot", "html", "json", "markdown", "mermaid"];

/// The formats that people read from top to bottom; the others have no place for a conversation.
const WALK_FORMATS: Formats = &["terminal", "html", "markdown"];

/// The arguments of `relplan rollback`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct RollbackArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// Walk through the tree question by question; --output keeps the transcript
    #[arg(long)]
    walk: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &RollbackArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = &arguments.view;
    // What is refused is refused before the first question.
    let spoken = arguments.walk.then(|| view.spoken(FORMATS, WALK_FORMATS)).transpose()?;
    let project = view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = view.selection(&plan, &graph)?;
    let tree = decision_tree(&plan, &graph, &selection, global.day().0);
    match spoken {
        Some(format) => {
            // Whoever is asked knows from the first question on.
            super::remark_unread(&plan, screen);
            let report = report::rollback::walk::report(&walked(&tree, screen)?);
            view.tell(&plan, report, format, screen)
        }
        None => view.show(&plan, &tree, report::rollback::report, FORMATS, screen),
    }
}

/// Asks until it is clear what to do. The questions go to standard error: standard output is for what they
/// lead to.
fn walked<'t>(tree: &'t DecisionTree, screen: &Screen) -> Result<Walk<'t>, Error> {
    let mut walk = Walk::new(tree);
    let mut answers = io::stdin().lock();
    while let Some(question) = walk.question() {
        let number = walk.asked.len() + 1;
        screen.ask(&shown(number, &question, screen));
        walk.answer(answer(&mut answers, number, screen)?);
    }
    Ok(walk)
}

fn shown(number: usize, question: &Question, screen: &Screen) -> String {
    let style = screen.remark_style();
    let about = question.about.as_deref().map_or_else(Line::new, |id| Line::id(id).and(" "));
    let asked = Line::from(format!("{number}. ")).join(about).prose_too(&question.text);
    let mut text = console::line(&asked, "", style);
    if !question.look_at.is_empty() {
        let look = Line::from("check ").prose_too(&question.look_at.join(", "));
        text += &console::line(&look, "   ", style);
    }
    text
}

/// The next answer that is one; what is none is asked for again.
fn answer(answers: &mut impl BufRead, number: usize, screen: &Screen) -> Result<Answer, Error> {
    loop {
        screen.ask("   y, n, or ? if unknown: ");
        let mut line = Vec::new();
        if answers.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            screen.ask("\n");
            return Err(Error::WalkUnfinished { number });
        }
        let typed = String::from_utf8_lossy(&line);
        let answer = Answer::parse(&typed);
        // A terminal shows what is typed; a pipe does not.
        if !io::stdin().is_terminal() {
            screen.ask(&format!("{}\n", answer.map_or("(no answer)", Answer::word)));
        }
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
}

fn unreadable(source: io::Error) -> Error {
    Error::Unreadable { path: "standard input".into(), source }
}
