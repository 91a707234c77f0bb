//! A document with every kind of block, and in it everything that a format might stumble over.

use chrono::{NaiveDate, TimeZone, Utc};
use relplan::report::{
    Align, Bar, BarChart, Block, Card, Cell, Checklist, Event, Events, Fact, Graph, GraphEdge, GraphNode,
    HeatCell, HeatMap, Item, Line, Milestone, Month, MonthDay, RangeChart, RangePoint, Report, Section,
    Stage, Steps, Table, Timeline, TimelineBar, Tone, Tree, TreeNode, When,
};

/// Texts that some grammar reads something into.
pub const AWKWARD: [&str; 16] = [
    "a | pipe || and \\| another",
    "<script>alert('1')</script> & <b>bold</b>",
    "\"double\" 'single' `tick` ``two``",
    "end",
    "brackets [a](b) {c} (d) ]]> --> %% #35; ;",
    "日本語のタイトル、幅の広い文字",
    "emoji 😀 👩‍👩‍👧 and 🏴",
    "1. a list - or * not",
    "- a dash, # a hash, > a quote, + a plus",
    "title: section: click _under_ *star* ~~strike~~ $x$",
    "back\\slash \\n and \u{1b}[31mescape\u{7}",
    "https://example.org/?a=1&b=2 www.example.org a@example.org @team",
    "=1+1 a formula, with a comma",
    "עברית \u{202e}reversed",
    "",
    "todayMarker off : crit, 2026-01-01, 3d",
];

/// A day in 2026.
fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

fn long() -> String {
    "A title of five hundred characters that goes on ".repeat(11).chars().take(500).collect()
}

fn texts() -> Vec<String> {
    AWKWARD.iter().map(|text| (*text).to_owned()).chain([long()]).collect()
}

/// The document.
pub fn report() -> Report {
    let mut report = Report::new("Everything | <at> \"once\"", day(11, 20));
    report.subtitle = Some("REL-001 3.0.0: `all` of *it*".into());
    report.headline(Tone::Bad, "NO | <b>GO</b>", Line::prose(AWKWARD[0]));
    report.figure("Open | <b>", "3 of 4");
    report.detail("Detail | <b>", Line::prose(AWKWARD[2]));
    report.head.pipeline = stages();
    report.chapter("Text");
    texts().iter().for_each(|text| report.text(Line::prose(text)));
    report.section(Line::id("RISK-001").and(" in a heading"));
    report.text(
        Line::new().strong("strong").and(" and ").code("co|de `tick`").and(", see ").id_too("RISK-001"),
    );
    texts()
        .iter()
        .zip(Tone::ALL.iter().cycle())
        .for_each(|(text, tone)| report.callout(*tone, text.as_str()));
    report.push(Block::Facts(texts().iter().map(|text| Fact::new(text, text.as_str())).collect()));
    report.push(Block::Bullets(texts().iter().map(|text| Line::prose(text)).collect()));
    report.chapter("Lists");
    report.push(checklist());
    report.push(table());
    report.push(Table::new("An empty table", &["One", "Two"]));
    report.push(heat_map());
    report.push(bar_chart());
    report.push(range_chart());
    report.chapter("Drawings");
    report.push(tree());
    report.push(graph());
    report.push(timeline());
    report.chapter("Calendar");
    report.push(events());
    report.push(month());
    texts().iter().zip(Tone::ALL.iter().cycle()).for_each(|(text, tone)| report.push(card(text, *tone)));
    let mut appendix = Report::new("", day(11, 20));
    appendix.section("In the appendix");
    texts().iter().for_each(|text| appendix.text(Line::prose(text)));
    report.appendix("Appendix <with> | \"marks\"", appendix);
    report
}

fn stages() -> Vec<Stage> {
    let stage = |(text, tone): (String, &Tone)| Stage {
        name: text,
        tone: *tone,
        word: tone.word().to_owned(),
        decides: *tone == Tone::Bad,
    };
    texts().into_iter().zip(Tone::ALL.iter().cycle()).map(stage).collect()
}

fn card(text: &str, tone: Tone) -> Card {
    let steps = texts().iter().map(|text| Line::prose(text)).collect();
    Card {
        anchor: None,
        tone,
        word: text.to_owned(),
        title: Line::prose(text),
        facts: vec![Fact::new(text, Line::prose(text))],
        procedures: vec![Steps { title: Line::prose(text), steps }],
        afterwards: vec![Fact::new(text, text)],
    }
}

fn checklist() -> Checklist {
    let items = texts().into_iter().zip(Tone::ALL.into_iter().cycle()).map(|(text, tone)| Item {
        owner: Some(text.clone()),
        proof: Some(Line::prose(&text)),
        next: Some(Line::from(&text)),
        blocking: tone == Tone::Bad,
        ..Item::new(tone, text.as_str())
    });
    Checklist {
        items: vec![
            Item::group("A group | of <items>", items.collect()),
            Item::new(Tone::Good, "alone"),
            Item { owner: Some("Lead".to_owned()), ..Item::task("a [task]") },
        ],
    }
}

fn table() -> Table {
    let mut table = Table::new("A table | with <everything>", &["ID", "Text", "Number", "Meaning"])
        .aligned(2, Align::Right)
        .aligned(3, Align::Center);
    for (index, text) in texts().iter().enumerate() {
        let id = format!("RISK-{:03}", index + 1);
        let tone = Tone::ALL[index % Tone::ALL.len()];
        let cells: [Cell; 4] = [
            Line::id(&id).into(),
            Line::prose(text).into(),
            index.to_string().into(),
            Cell::toned(tone, tone.word()),
        ];
        table.row_of(&id, cells);
    }
    table
}

fn bar_chart() -> BarChart {
    let bar = |(at, label): (usize, String)| Bar {
        shown: label.clone(),
        label,
        value: [0.0, 1.0, 40.0, f64::NAN, f64::INFINITY, -3.0][at % 6],
        tone: Tone::ALL[at % Tone::ALL.len()],
    };
    BarChart { caption: "A bar | chart".into(), bars: texts().into_iter().enumerate().map(bar).collect() }
}

fn range_chart() -> RangeChart {
    let point = |(at, label): (usize, String)| {
        let low = at as f64;
        RangePoint { label, low, middle: low + 1.0, high: low + 3.0 }
    };
    let points: Vec<RangePoint> = texts().into_iter().enumerate().map(point).collect();
    RangeChart { caption: "A range | chart".into(), most: 20.0, points }
}

fn heat_map() -> HeatMap {
    let cell = |row: u8, column: u8| HeatCell {
        tone: Tone::ALL[usize::from(row + column) % Tone::ALL.len()],
        heat: ((row + column) / 2).min(4),
        level: "level <x>".into(),
        ids: (0..row * column).map(|number| format!("RISK-{row}{column}{number}")).collect(),
    };
    HeatMap {
        caption: "A heat | map".into(),
        row_title: "Impact".into(),
        column_title: "Probability".into(),
        rows: (0..5).map(|row| format!("row {row}")).collect(),
        columns: (0..5).map(|column| format!("column {column}")).collect(),
        cells: (0..5).map(|row| (0..5).map(|column| cell(row, column)).collect()).collect(),
    }
}

fn tree() -> Tree {
    let leaves = texts().into_iter().zip(Tone::ALL.into_iter().cycle());
    let leaves = leaves.map(|(text, tone)| TreeNode::new(text.as_str()).by(text).toned(tone));
    let deep = (0..30).fold(TreeNode::new("the end"), |below, depth| {
        TreeNode::new(format!("depth {depth}")).by("then").with(vec![below])
    });
    let root = TreeNode::new("end").with(leaves.chain([deep]).collect());
    Tree { caption: "A tree | of \"things\"".into(), roots: vec![root] }
}

fn graph() -> Graph {
    let nodes = texts().into_iter().enumerate().map(|(index, label)| GraphNode {
        key: index.to_string(),
        label,
        layer: None,
        tone: Tone::ALL.get(index).copied(),
    });
    let nodes: Vec<GraphNode> = nodes.collect();
    let edge = |(from, to, label): (usize, usize, String)| GraphEdge {
        from: from.to_string(),
        to: to.to_string(),
        label,
    };
    let ends = texts().into_iter().enumerate().map(|(index, label)| (index, (index * 3 + 1) % 17, label));
    Graph { caption: "A graph; with [circles]".into(), nodes, edges: ends.map(edge).collect() }
}

fn timeline() -> Timeline {
    let bars =
        texts().into_iter().zip(Tone::ALL.into_iter().cycle()).zip(1..).map(|((label, tone), number)| {
            let start = day(10, 1) + chrono::Days::new(number * 5);
            TimelineBar { label, start, end: start + chrono::Days::new(number), tone }
        });
    let milestones = texts()
        .into_iter()
        .map(|label| Milestone { label, on: day(12, 24), tone: Tone::Attention })
        .collect();
    let section = Section { title: "end: a section; #1".into(), bars: bars.collect(), milestones };
    Timeline { caption: "A timeline: with # and ;".into(), today: Some(day(11, 20)), sections: vec![section] }
}

fn events() -> Events {
    let event = |(index, text): (usize, String)| Event {
        uid: format!("event-{index}@relplan"),
        when: When::day(day(12, 1) + chrono::Days::new(index as u64)),
        summary: if text.is_empty() { "nothing".into() } else { text.clone() },
        description: format!("{text}\nin two lines"),
        categories: vec![text, "release, 3.0".into()],
        tone: Tone::Neutral,
    };
    let mut events: Vec<Event> = texts().into_iter().enumerate().map(event).collect();
    let start = Utc.with_ymd_and_hms(2026, 12, 30, 23, 30, 0).single().expect("a moment");
    events.push(Event {
        uid: "moment@relplan".into(),
        when: When::Time {
            start,
            end: start + chrono::Duration::hours(2),
            shown: "2026-12-31 00:30 Europe/Berlin".into(),
        },
        ..events[0].clone()
    });
    Events { caption: "Events | <all>".into(), events }
}

fn month() -> Month {
    let days =
        texts().into_iter().zip(Tone::ALL.into_iter().cycle()).zip(1..).map(|((text, tone), number)| {
            MonthDay { date: day(12, number), off: number % 3 == 0, marks: vec![(tone, text)] }
        });
    Month { of: day(12, 1), days: days.collect() }
}
