//! Every text of a document, for what has to be done to all of them.

use super::{
    Bar, BarChart, Block, Card, Cell, Checklist, Column, Event, Events, Fact, FrontPage, Graph, GraphEdge,
    GraphNode, Head, Headline, HeatCell, HeatMap, Inline, Item, Line, Milestone, Month, MonthDay, RangeChart,
    RangePoint, ReleaseSummary, Report, Row, Section, Stage, Steps, Table, Timeline, TimelineBar, Tree,
    TreeNode, Trend, TrendPoint, Weeks,
};
use crate::source::shown;

impl Report {
    /// The document as it may be shown, whatever its texts hold.
    pub fn shown(mut self) -> Self {
        self.each_text(&mut shown::show);
        self
    }
}

impl FrontPage {
    /// The page as it may be shown, whatever its texts hold.
    pub fn shown(mut self) -> Self {
        self.each_text(&mut shown::show);
        self
    }
}

/// What is done to a text.
type Change<'c> = &'c mut dyn FnMut(&mut String);

/// Something with texts in it. Structs are taken apart by name, so that the compiler asks about a new field.
trait Texts {
    fn each_text(&mut self, change: Change<'_>);
}

impl Texts for String {
    fn each_text(&mut self, change: Change<'_>) {
        change(self);
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each_text(&mut self, change: Change<'_>) {
        self.iter_mut().for_each(|part| part.each_text(change));
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each_text(&mut self, change: Change<'_>) {
        self.iter_mut().for_each(|part| part.each_text(change));
    }
}

/// The fields with texts, and those without any.
macro_rules! texts {
    ($($name:ident { $($with:ident),* ; $($without:ident),* })+) => {
        $(impl Texts for $name {
            fn each_text(&mut self, change: Change<'_>) {
                let $name { $($with,)* $($without: _,)* } = self;
                $($with.each_text(change);)*
            }
        })+
    };
}

texts! {
    Report { title, subtitle, head, blocks; day }
    Head { headline, pipeline, figures, details; }
    Headline { word, sentence; tone }
    Stage { word, name; tone, decides }
    Card { anchor, word, title, facts, procedures, afterwards; tone }
    Steps { title, steps; }
    Fact { label, value; }
    FrontPage { report, releases, weeks, agenda; }
    ReleaseSummary { name, about, head, gates, documents, trend; }
    Weeks { days; first, count, today }
    Trend { points; }
    TrendPoint { label; percent, tone }
    Checklist { items; }
    Item { text, owner, proof, next, items; mark, blocking }
    Table { caption, columns, rows; grid }
    Column { title; align }
    Row { anchor, cells; }
    Cell { text; tone }
    Tree { caption, roots; }
    TreeNode { edge, text, children; tone }
    Graph { caption, nodes, edges; }
    GraphNode { key, label; layer, tone }
    GraphEdge { from, to, label; }
    Timeline { caption, sections; today }
    Section { title, bars, milestones; }
    TimelineBar { label; start, end, tone }
    Milestone { label; on, tone }
    Events { caption, events; }
    Event { uid, summary, description, categories; when, tone }
    Month { days; of }
    MonthDay { marks; date, off }
    HeatMap { caption, row_title, column_title, rows, columns, cells; }
    HeatCell { level, ids; tone, heat }
    BarChart { caption, bars; }
    Bar { label, shown; value, tone }
    RangeChart { caption, points; most }
    RangePoint { label; low, middle, high }
}

impl<T> Texts for (T, String) {
    fn each_text(&mut self, change: Change<'_>) {
        change(&mut self.1);
    }
}

impl Texts for Line {
    fn each_text(&mut self, change: Change<'_>) {
        self.0.each_text(change);
    }
}

impl Texts for Inline {
    fn each_text(&mut self, change: Change<'_>) {
        match self {
            Inline::Plain(text)
            | Inline::Strong(text)
            | Inline::Code(text)
            | Inline::Id(text)
            | Inline::Badge(_, text)
            | Inline::Page { text, path: _ } => change(text),
        }
    }
}

impl Texts for Block {
    fn each_text(&mut self, change: Change<'_>) {
        match self {
            Block::Heading { text, level: _ } | Block::Text(text) | Block::Callout { text, tone: _ } => {
                text.each_text(change);
            }
            Block::Facts(facts) => facts.each_text(change),
            Block::Bullets(lines) => lines.each_text(change),
            Block::Checklist(checklist) => checklist.each_text(change),
            Block::Table(table) => table.each_text(change),
            Block::Tree(tree) => tree.each_text(change),
            Block::Graph(graph) => graph.each_text(change),
            Block::Timeline(timeline) => timeline.each_text(change),
            Block::Events(events) => events.each_text(change),
            Block::Month(month) => month.each_text(change),
            Block::HeatMap(map) => map.each_text(change),
            Block::BarChart(chart) => chart.each_text(change),
            Block::RangeChart(chart) => chart.each_text(change),
            Block::Card(card) => card.each_text(change),
            Block::Appendix { title, blocks } => {
                title.each_text(change);
                blocks.each_text(change);
            }
        }
    }
}
