//! What is drawn rather than written: trees, graphs, timelines, heat maps.

use chrono::NaiveDate;

use super::{Line, Tone};

/// What follows from what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// What it shows.
    pub caption: String,
    /// Where it begins.
    pub roots: Vec<TreeNode>,
}

/// A node of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TreeNode {
    /// How one comes here from the node above: `yes`, `depends_on`.
    pub edge: Option<String>,
    /// What stands here.
    pub text: Line,
    /// What it means.
    pub tone: Option<Tone>,
    /// What follows.
    pub children: Vec<TreeNode>,
}

impl TreeNode {
    /// A node without children.
    pub fn new(text: impl Into<Line>) -> Self {
        TreeNode { text: text.into(), ..TreeNode::default() }
    }

    /// The node with the answer that leads to it.
    pub fn by(mut self, edge: impl Into<String>) -> Self {
        self.edge = Some(edge.into());
        self
    }

    /// The edge as it stands before the text: `yes:`, `1.`.
    pub fn lead(&self) -> Option<String> {
        let edge = self.edge.as_deref()?.trim_end();
        let ended = edge.ends_with(|last: char| last.is_ascii_punctuation());
        Some(if ended { edge.to_owned() } else { format!("{edge}:") })
    }

    /// The node with what it means.
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// The node with what follows.
    pub fn with(mut self, children: Vec<TreeNode>) -> Self {
        self.children = children;
        self
    }
}

/// Things and what joins them; edges lead from left to right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// What it shows.
    pub caption: String,
    /// The things, each with a key of its own.
    pub nodes: Vec<GraphNode>,
    /// What joins them.
    pub edges: Vec<GraphEdge>,
}

impl Tree {
    /// The tree as a graph, its nodes in the order of reading.
    pub fn graph(&self) -> Graph {
        let mut graph = Graph { caption: self.caption.clone(), ..Graph::default() };
        self.roots.iter().for_each(|root| graph.hang(root, None));
        graph
    }
}

impl Graph {
    fn hang(&mut self, node: &TreeNode, above: Option<&str>) {
        let key = self.nodes.len().to_string();
        if let Some(above) = above {
            let label = node.edge.clone().unwrap_or_default();
            self.edges.push(GraphEdge { from: above.to_owned(), to: key.clone(), label });
        }
        self.nodes.push(GraphNode {
            key: key.clone(),
            label: node.text.told(),
            layer: None,
            tone: node.tone,
        });
        node.children.iter().for_each(|child| self.hang(child, Some(&key)));
    }
}

/// A thing in a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// What edges call it; the id of an entry, say.
    pub key: String,
    /// What stands on it.
    pub label: String,
    /// The layer that it belongs into, counted from the left, if its place does not follow from its edges.
    pub layer: Option<usize>,
    /// What it means.
    pub tone: Option<Tone>,
}

/// What joins two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// The key of the thing that it leads from.
    pub from: String,
    /// The key of the thing that it leads to.
    pub to: String,
    /// What it says.
    pub label: String,
}

/// Stretches and points of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What it shows.
    pub caption: String,
    /// The day to mark as today's, if it is to be marked.
    pub today: Option<NaiveDate>,
    /// Its rows, in groups.
    pub sections: Vec<Section>,
}

impl Timeline {
    /// The first day of all, and the day after the last.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        let bars = self.sections.iter().flat_map(|section| &section.bars).map(|bar| (bar.start, bar.end));
        let points = self.sections.iter().flat_map(|section| &section.milestones);
        let all = bars.chain(points.map(|point| (point.on, after(point.on))));
        all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }
}

/// A group of rows of a timeline: a release, a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// What they have in common.
    pub title: String,
    /// What lasts.
    pub bars: Vec<TimelineBar>,
    /// What happens on a day.
    pub milestones: Vec<Milestone>,
}

/// Something that lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineBar {
    /// What.
    pub label: String,
    /// Its first day.
    pub start: NaiveDate,
    /// The day after its last.
    pub end: NaiveDate,
    /// What it means.
    pub tone: Tone,
}

/// Something that happens on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// What.
    pub label: String,
    /// When.
    pub on: NaiveDate,
    /// What it means.
    pub tone: Tone,
}

/// How many of what lie where, along two scales.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatMap {
    /// What it shows.
    pub caption: String,
    /// What the rows measure.
    pub row_title: String,
    /// What the columns measure.
    pub column_title: String,
    /// The names of the rows, from the top.
    pub rows: Vec<String>,
    /// The names of the columns, from the left.
    pub columns: Vec<String>,
    /// A cell for each row and column, row by row.
    pub cells: Vec<Vec<HeatCell>>,
}

/// A cell of a heat map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatCell {
    /// What it means to lie here.
    pub tone: Tone,
    /// How bad it is to lie here, from 0 for not at all to 4.
    pub heat: u8,
    /// What to call that in words: `high`.
    pub level: String,
    /// The ids of what lies here.
    pub ids: Vec<String>,
}

/// How much of something there is of each of several kinds, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BarChart {
    /// What it shows.
    pub caption: String,
    /// Its bars.
    pub bars: Vec<Bar>,
}

/// A bar of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// How long it is; what is not a number from zero on has no length.
    pub value: f64,
    /// The value in words: `12 %`.
    pub shown: String,
    /// What it means.
    pub tone: Tone,
}

/// A value that is known as a range, at each of several points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RangeChart {
    /// What it shows.
    pub caption: String,
    /// The end of the scale, which begins with zero.
    pub most: f64,
    /// Its points, in order.
    pub points: Vec<RangePoint>,
}

/// A point of a chart of ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct RangePoint {
    /// What it is about: a day, say.
    pub label: String,
    /// The lower end.
    pub low: f64,
    /// The middle.
    pub middle: f64,
    /// The upper end.
    pub high: f64,
}

impl RangePoint {
    /// The range in words: `3 to 7, median 5`; one number where both ends are the same.
    pub fn shown(&self) -> String {
        match self.low == self.high {
            true => self.middle.to_string(),
            false => format!("{} to {}, median {}", self.low, self.high, self.middle),
        }
    }
}
