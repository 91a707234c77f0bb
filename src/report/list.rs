//! Facts, checklists and tables.

use super::{Line, Tone};

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its kind.
    pub label: String,
    /// How much, who, when.
    pub value: Line,
}

impl Fact {
    /// A label with its value.
    pub fn new(label: impl Into<String>, value: impl Into<Line>) -> Self {
        Fact { label: label.into(), value: value.into() }
    }
}

/// Things with verdicts that somebody has to see to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checklist {
    /// Its items and groups of items.
    pub items: Vec<Item>,
}

/// One thing to see to, or a group of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What stands before it; a group has nothing there.
    pub mark: Option<Mark>,
    /// Its subject.
    pub text: Line,
    /// Whether nothing goes on without it.
    pub blocking: bool,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What proves the verdict.
    pub proof: Option<Line>,
    /// What to do next.
    pub next: Option<Line>,
    /// What it consists of.
    pub items: Vec<Item>,
}

impl Item {
    /// A thing with its verdict.
    pub fn new(verdict: Tone, text: impl Into<Line>) -> Self {
        Item { mark: Some(Mark::Verdict(verdict)), text: text.into(), ..Item::default() }
    }

    /// A thing to tick off once it is done.
    pub fn task(text: impl Into<Line>) -> Self {
        Item { mark: Some(Mark::Box), text: text.into(), ..Item::default() }
    }

    /// A group of things.
    pub fn group(text: impl Into<Line>, items: Vec<Item>) -> Self {
        Item { text: text.into(), items, ..Item::default() }
    }
}

/// What stands before a thing to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// What was found.
    Verdict(Tone),
    /// An empty box: nothing is known before it is done, and whoever does it ticks it off.
    Box,
}

impl Mark {
    /// The box of something that is to be done.
    pub const BOX: &'static str = "☐";
}

/// Rows and columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows, for people who cannot see it and for the file that holds it alone.
    pub caption: String,
    /// What its columns hold.
    pub columns: Vec<Column>,
    /// What stands in them.
    pub rows: Vec<Row>,
    /// Whether it is a grid of marks, whose columns are many and narrow. The document says the same
    /// in words elsewhere, so that a format without room for it may leave it out.
    pub grid: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub title: String,
    /// Where its texts stand.
    pub align: Align,
}

/// Where the texts of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Marks.
    Center,
    /// Numbers.
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The id of the entry that the row tells of: references lead here.
    pub anchor: Option<String>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it means, if it means something as a whole. Formats may colour it, so the text must say it too.
    pub tone: Option<Tone>,
    /// What it says.
    pub text: Line,
}

impl Table {
    /// A table without rows, of columns with words.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|title| Column::new(*title, Align::Left)).collect();
        Table { caption: caption.into(), columns, rows: Vec::new(), grid: false }
    }

    /// The table with one of its columns standing elsewhere.
    pub fn aligned(mut self, column: usize, align: Align) -> Self {
        if let Some(column) = self.columns.get_mut(column) {
            column.align = align;
        }
        self
    }

    /// Adds a row.
    pub fn row<T: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(Row { anchor: None, cells: cells.into_iter().map(Into::into).collect() });
    }

    /// Adds the row that tells of an entry.
    pub fn row_of<T: Into<Cell>>(&mut self, id: impl Into<String>, cells: impl IntoIterator<Item = T>) {
        self.row(cells);
        if let Some(row) = self.rows.last_mut() {
            row.anchor = Some(id.into());
        }
    }
}

impl Column {
    /// A column with its title.
    pub fn new(title: impl Into<String>, align: Align) -> Self {
        Column { title: title.into(), align }
    }
}

impl Cell {
    /// A cell that means something as a whole.
    pub fn toned(tone: Tone, text: impl Into<Line>) -> Self {
        Cell { tone: Some(tone), text: text.into() }
    }
}

impl<T: Into<Line>> From<T> for Cell {
    fn from(text: T) -> Self {
        Cell { tone: None, text: text.into() }
    }
}
