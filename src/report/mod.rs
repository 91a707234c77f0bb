//! Floor 7: views as documents. A view is lowered once into a [`Report`], a title and blocks,
//! and every format draws the blocks that it knows.
//!
//! Blocks say what something means, never how it looks: no colour, no width, no escaping. A new
//! view adds a file here that turns its value into blocks; a new format adds nothing here.

pub mod advice;
pub mod audit;
mod base;
mod calendar;
mod card;
mod chart;
pub mod checklist;
pub mod diff;
pub mod forecast;
pub mod freeze;
mod front_page;
pub mod go_no_go;
pub mod handoffs;
mod head;
pub mod health;
mod incidents;
mod line;
mod list;
pub mod listing;
pub mod matrix;
pub mod members;
pub mod metrics;
pub mod monitoring;
pub mod notes;
pub mod notify;
pub mod postmortem;
pub mod release_calendar;
pub mod release_plan;
pub mod replay;
pub mod retrospective;
pub mod review;
pub mod risks;
pub mod rollback;
pub mod runbook;
pub mod scope;
pub mod scope_options;
pub mod status;
mod texts;
pub mod watch;
pub(crate) mod words;
pub mod work_schedule;

use chrono::NaiveDate;

use crate::model::Plan;

pub use calendar::{Event, Events, Month, MonthDay, When};
pub use card::{Card, Steps};
pub use chart::{
    Bar, BarChart, Graph, GraphEdge, GraphNode, HeatCell, HeatMap, Milestone, RangeChart, RangePoint,
    Section, Timeline, TimelineBar, Tree, TreeNode,
};
pub use front_page::{FrontPage, ReleaseSummary, Trend, TrendPoint, Weeks};
pub use head::{Head, Headline, Stage};
pub use line::{Inline, Line, Tone};
pub use list::{Align, Cell, Checklist, Column, Fact, Item, Mark, Row, Table};

/// A document that any text format can draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it is: `Risk register`.
    pub title: String,
    /// Of what: `CloudConnect 3.0.0`.
    pub subtitle: Option<String>,
    /// The day on which it was true.
    pub day: NaiveDate,
    /// What a reader sees first.
    pub head: Head,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// One part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading below the title: level 2 is a chapter, 3 a section, 4 a part of one.
    Heading {
        /// From 2 to 4.
        level: u8,
        /// What follows.
        text: Line,
    },
    /// A paragraph.
    Text(Line),
    /// Labels with values.
    Facts(Vec<Fact>),
    /// Lines that belong together, in no order.
    Bullets(Vec<Line>),
    /// Things with verdicts that somebody has to see to.
    Checklist(Checklist),
    /// Rows and columns.
    Table(Table),
    /// What follows from what, from the roots down.
    Tree(Tree),
    /// Things and what joins them.
    Graph(Graph),
    /// Stretches and points of time.
    Timeline(Timeline),
    /// Entries of a calendar.
    Events(Events),
    /// A month as a grid of days.
    Month(Month),
    /// How many of what lie where, along two scales.
    HeatMap(HeatMap),
    /// How much of something there is of each kind.
    BarChart(BarChart),
    /// A value that is known as a range, at each of several points.
    RangeChart(RangeChart),
    /// One thing to act on, with all that is needed to act.
    Card(Card),
    /// A sentence that must not be missed.
    Callout {
        /// What it means.
        tone: Tone,
        /// What it says.
        text: Line,
    },
    /// What backs the document up and is read on demand.
    Appendix {
        /// What it holds.
        title: Line,
        /// Its blocks.
        blocks: Vec<Block>,
    },
}

impl Report {
    /// A document without anything in it yet.
    pub fn new(title: impl Into<String>, day: NaiveDate) -> Self {
        Report { title: title.into(), subtitle: None, day, head: Head::default(), blocks: Vec::new() }
    }

    /// States the conclusion.
    pub fn headline(&mut self, tone: Tone, word: impl Into<String>, sentence: impl Into<Line>) {
        self.head.headline = Some(Headline { tone, word: word.into(), sentence: sentence.into() });
    }

    /// Adds a short figure to the head. What is beyond [`Head::MOST_FIGURES`] becomes a detail.
    pub fn figure(&mut self, label: impl Into<String>, value: impl Into<Line>) {
        let fact = Fact::new(label, value);
        match self.head.figures.len() < Head::MOST_FIGURES {
            true => self.head.figures.push(fact),
            false => self.head.details.push(fact),
        }
    }

    /// Adds a detail to the head.
    pub fn detail(&mut self, label: impl Into<String>, value: impl Into<Line>) {
        self.head.details.push(Fact::new(label, value));
    }

    /// Every block that is drawn, those of appendices among them.
    pub fn every_block(&self) -> impl Iterator<Item = &Block> {
        let mut waiting: Vec<&Block> = self.blocks.iter().rev().collect();
        std::iter::from_fn(move || {
            let block = waiting.pop()?;
            if let Block::Appendix { blocks, .. } = block {
                waiting.extend(blocks.iter().rev());
            }
            Some(block)
        })
    }

    /// The document with at most so many rows in each of its tables and lists. How many are left out is said behind each.
    pub fn shortened(mut self, most: usize) -> Report {
        self.blocks = shortened(self.blocks, most);
        self
    }

    /// The head of the document, which says that the rest is left out.
    pub fn without_blocks(mut self) -> Report {
        self.blocks.clear();
        self.text("Details left out.");
        self
    }

    /// Puts the blocks of another document into an appendix.
    pub fn appendix(&mut self, title: impl Into<Line>, part: Report) {
        if !part.blocks.is_empty() {
            self.blocks.push(Block::Appendix { title: title.into(), blocks: part.blocks });
        }
    }

    /// Adds a chapter's heading.
    pub fn chapter(&mut self, text: impl Into<Line>) {
        self.blocks.push(Block::Heading { level: 2, text: text.into() });
    }

    /// Adds a section's heading.
    pub fn section(&mut self, text: impl Into<Line>) {
        self.blocks.push(Block::Heading { level: 3, text: text.into() });
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<Line>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a sentence that must not be missed.
    pub fn callout(&mut self, tone: Tone, text: impl Into<Line>) {
        self.blocks.push(Block::Callout { tone, text: text.into() });
    }

    /// Says first of all that something may be missing: the plan could not be read whole.
    pub fn doubt(&mut self) {
        let text = Line::from("The plan is incomplete, so this document may be too. Run ")
            .code("relplan check")
            .and(" for the errors.");
        self.blocks.insert(0, Block::Callout { tone: Tone::Unknown, text });
    }

    /// Says first of all that some files of the plan were not found.
    pub fn incomplete(&mut self) {
        let text = Line::from("The plan is incomplete: a glob of relplan.toml matches no file. Run ")
            .code("relplan check")
            .and(".");
        self.blocks.insert(0, Block::Callout { tone: Tone::Unknown, text });
    }

    /// Says so first of all where a plan could not be read whole: a document is passed on without what stood on the
    /// screen beside it.
    pub fn doubt_of(&mut self, plan: &Plan<'_>) {
        if plan.is_incomplete {
            self.incomplete();
        }
        if !plan.is_read() {
            self.doubt();
        }
    }

    /// Adds any other block.
    pub fn push(&mut self, block: impl Into<Block>) {
        self.blocks.push(block.into());
    }
}

fn shortened(blocks: Vec<Block>, most: usize) -> Vec<Block> {
    let mut short = Vec::new();
    for mut block in blocks {
        let left_out = match &mut block {
            Block::Table(table) => cut(&mut table.rows, most),
            Block::Checklist(list) => cut(&mut list.items, most),
            Block::Facts(facts) => cut(facts, most),
            Block::Bullets(lines) => cut(lines, most),
            Block::Tree(tree) => cut(&mut tree.roots, most),
            Block::Events(events) => cut(&mut events.events, most),
            Block::Appendix { blocks, .. } => {
                *blocks = shortened(std::mem::take(blocks), most);
                0
            }
            _ => 0,
        };
        short.push(block);
        if left_out > 0 {
            short.push(Block::Text(Line::from(format!("{left_out} more left out."))));
        }
    }
    short
}

/// Leaves the first items; says how many others there were.
fn cut<T>(items: &mut Vec<T>, most: usize) -> usize {
    let left_out = items.len().saturating_sub(most);
    items.truncate(most);
    left_out
}

/// A block of a struct of its own becomes one without ado.
macro_rules! block_of {
    ($($name:ident),+) => {
        $(impl From<$name> for Block {
            fn from(value: $name) -> Self {
                Block::$name(value)
            }
        })+
    };
}
block_of!(Checklist, Table, Tree, Graph, Timeline, Events, Month, HeatMap, BarChart, RangeChart, Card);
