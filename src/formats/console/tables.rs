//! Tables, and what looks like one: heat maps, months, agendas.

use chrono::{Datelike, NaiveDate};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::marks::{Paint, clean, marked};
use super::wrapped;
use crate::formats::{LONGEST_CELL, bounded};
use crate::report::{Align, Cell, Events, HeatCell, HeatMap, Month, Table, Tone, When};

/// Rows and columns where they fit; otherwise each row as a card.
pub(super) fn table(table: &Table, width: usize) -> String {
    let body = match (table.rows.as_slice(), widths(table, width)) {
        ([], _) => "nothing\n".to_owned(),
        (_, Some(widths)) => grid(table, width, &widths),
        (_, None) if table.grid => {
            wrapped(&Paint::Faint.around("(wider than this screen; the list says the same)"), "", "", width)
        }
        (_, None) => cards(table, width),
    };
    match table.caption.as_str() {
        "" => body,
        caption => format!("{}{body}", wrapped(&Paint::Faint.around(&clean(caption)), "", "", width)),
    }
}

/// How wide each column is drawn: as wide as its widest word, and with its part of what is left. Columns
/// that want little get it first, so that only the widest texts take several lines. Nothing if there is no
/// room even for the words.
fn widths(table: &Table, width: usize) -> Option<Vec<usize>> {
    let wanted: Vec<(usize, usize)> = (0..table.columns.len()).map(|column| wanted(table, column)).collect();
    let mut widths: Vec<usize> = wanted.iter().map(|(least, _)| *least).collect();
    // A blank on either side of each text, and one between each two columns.
    let blanks = (3 * widths.len()).saturating_sub(1);
    let mut left = width.checked_sub(blanks + widths.iter().sum::<usize>())?;
    let more = |column: usize| wanted[column].1 - wanted[column].0;
    let mut modest_first: Vec<usize> = (0..widths.len()).collect();
    modest_first.sort_by_key(|column| more(*column));
    for (served, &column) in modest_first.iter().enumerate() {
        let part = more(column).min(left / (widths.len() - served));
        widths[column] += part;
        left -= part;
    }
    Some(widths)
}

/// The room that the widest word of a column takes, and the room that its widest text takes.
fn wanted(table: &Table, column: usize) -> (usize, usize) {
    let title = clean(&table.columns[column].title);
    let cells = table.rows.iter().filter_map(|row| row.cells.get(column)).map(shown);
    let measured = cells.map(|text| (widest_word(&text).min(LONGEST_WORD), text.width()));
    measured.fold((widest_word(&title), title.width()), |(word, whole), (other, text)| {
        (word.max(other), whole.max(text))
    })
}

/// A longer word may be broken: a path, an address.
const LONGEST_WORD: usize = 18;

/// The width of the widest word; one blank at which no line breaks is a part of its word.
fn widest_word(text: &str) -> usize {
    text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0)
}

fn empty_grid(width: usize) -> comfy_table::Table {
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    drawn
}

/// The lines of a table; rows are told apart by rules only where one takes more than a line.
fn lines(drawn: &mut comfy_table::Table) -> String {
    drawn.style_mut().row_separator = LineStyle::none();
    let mut text = drawn.to_string();
    if text.lines().count() > drawn.row_count() + 4 {
        drawn.load_style(presets::UTF8_HORIZONTAL_ONLY);
        text = drawn.to_string();
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn grid(table: &Table, width: usize, widths: &[usize]) -> String {
    let mut drawn = empty_grid(width);
    let titles = table.columns.iter().map(|column| Paint::Strong.around(&clean(&column.title)));
    drawn.set_header(titles.collect::<Vec<_>>());
    for row in &table.rows {
        drawn.add_row(row.cells.iter().map(shown).collect::<Vec<_>>());
    }
    for (index, (column, width)) in table.columns.iter().zip(widths).enumerate() {
        if let Some(drawn) = drawn.column_mut(index) {
            let width = u16::try_from(width + 2).unwrap_or(u16::MAX);
            drawn.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            drawn.set_cell_alignment(match column.align {
                Align::Left => CellAlignment::Left,
                Align::Center => CellAlignment::Center,
                Align::Right => CellAlignment::Right,
            });
        }
    }
    lines(&mut drawn)
}

fn shown(cell: &Cell) -> String {
    match cell.tone {
        Some(tone) => Paint::Tone(tone).around(&clean(&bounded(cell.text.text()))),
        // What is cut has lost its marks, which come in pairs.
        None if cell.text.text().len() > LONGEST_CELL => clean(&bounded(cell.text.text())),
        None => marked(&cell.text),
    }
}

/// What stands first names the card; the rest follows below it.
fn cards(table: &Table, width: usize) -> String {
    let mut text = String::new();
    for row in &table.rows {
        let heads = if row.anchor.is_some() { 2 } else { 1 }.min(row.cells.len());
        let head: Vec<String> = row.cells[..heads].iter().map(|cell| clean(&cell.text.text())).collect();
        text += &wrapped(&Paint::Strong.around(&head.join(" ")), "", "", width);
        let cells =
            table.columns.iter().zip(&row.cells).skip(heads).filter(|(_, cell)| !cell.text.is_empty());
        let named = cells.map(|(column, cell)| {
            format!("{} {}", Paint::Faint.around(&format!("{}:", clean(&column.title))), shown(cell))
        });
        text += &wrapped(&named.collect::<Vec<_>>().join("; "), "  ", "  ", width);
    }
    text
}

/// Counts with what they mean, and below them what lies where. Where the names of the columns have
/// no room, letters stand for them.
pub(super) fn heat_map(map: &HeatMap, width: usize) -> String {
    let names: Vec<String> = map.columns.iter().map(|name| clean(name)).collect();
    let row_names = map.rows.iter().map(|name| clean(name).width()).max().unwrap_or(0);
    let room = names.iter().map(|name| name.width() + 2).sum::<usize>() + row_names + 2 <= width;
    let letters: Vec<String> = ('A'..='Z').take(names.len()).map(String::from).collect();
    let mut drawn = empty_grid(width);
    drawn.set_header(std::iter::once(String::new()).chain(if room {
        names.clone()
    } else {
        letters.clone()
    }));
    for (name, cells) in map.rows.iter().zip(&map.cells) {
        drawn.add_row(std::iter::once(clean(name)).chain(cells.iter().map(heat_cell)).collect::<Vec<_>>());
    }
    let caption = wrapped(&Paint::Faint.around(&clean(&map.caption)), "", "", width);
    let axes = format!("{} downwards, {} to the right", clean(&map.row_title), clean(&map.column_title));
    let key: Vec<String> =
        letters.iter().zip(&names).map(|(letter, name)| format!("{letter} {name}")).collect();
    let axes = if room { axes } else { format!("{axes}: {}", key.join(", ")) };
    let axes = wrapped(&Paint::Faint.around(&axes), "", "", width);
    format!("{caption}{}{axes}{}", lines(&mut drawn), inhabitants(map, width))
}

fn heat_cell(cell: &HeatCell) -> String {
    match cell.ids.len() {
        0 => "·".to_owned(),
        count => Paint::Tone(cell.tone).around(&format!("{} {count}", cell.tone.glyph())),
    }
}

fn inhabitants(map: &HeatMap, width: usize) -> String {
    let mut text = String::new();
    let mut cells: Vec<_> = map.cells.iter().flatten().filter(|cell| !cell.ids.is_empty()).collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.heat));
    for same in cells.chunk_by(|first, second| first.level == second.level) {
        let ids: Vec<String> = same.iter().flat_map(|cell| &cell.ids).map(|id| clean(id)).collect();
        let label = same
            .first()
            .map(|cell| (cell.tone, cell.level.clone()))
            .unwrap_or((Tone::Neutral, String::new()));
        let first = Paint::Tone(label.0).around(&format!("{} {}:", label.0.glyph(), clean(&label.1)));
        text += &wrapped(&ids.join(", "), &format!("{first} "), "  ", width);
    }
    text
}

/// Weeks as lines, and below them what happens.
pub(super) fn month(month: &Month, width: usize) -> String {
    let Some(first) = month.of.with_day(1) else { return String::new() };
    let mut text = format!("{}\n", Paint::Strong.around(&first.format("%B %Y").to_string()));
    text += "Mo   Tu   We   Th   Fr   Sa   Su\n";
    let blank = first.weekday().num_days_from_monday() as usize;
    let mut line = "     ".repeat(blank);
    for date in first.iter_days().take_while(|date| date.month() == first.month()) {
        line += &day_cell(month, date);
        if date.weekday() == chrono::Weekday::Sun {
            text += &format!("{}\n", line.trim_end());
            line.clear();
        }
    }
    if !line.is_empty() {
        text += &format!("{}\n", line.trim_end());
    }
    text + &marks_of(month, width)
}

fn day_cell(month: &Month, date: NaiveDate) -> String {
    let known = month.days.iter().find(|day| day.date == date);
    let off = if known.is_some_and(|day| day.off) { "×" } else { " " };
    let mark = known.and_then(|day| day.marks.iter().map(|(tone, _)| *tone).max());
    let mark = mark.map_or(" ".to_owned(), |tone| Paint::Tone(tone).around(tone.glyph()));
    format!("{:>2}{off}{mark} ", date.day())
}

fn marks_of(month: &Month, width: usize) -> String {
    let mut text = String::new();
    for day in &month.days {
        for (tone, mark) in &day.marks {
            let first = format!("{} {} ", day.date.format("%a %d"), Paint::Tone(*tone).around(tone.glyph()));
            text += &wrapped(&clean(mark), &first, "         ", width);
        }
    }
    text
}

/// An agenda: a line for each thing, below its day.
pub(super) fn events(events: &Events, width: usize) -> String {
    let mut text = wrapped(&Paint::Strong.around(&clean(&events.caption)), "", "", width);
    for event in &events.events {
        let first =
            format!("{}  {} ", begin(&event.when), Paint::Tone(event.tone).around(event.tone.glyph()));
        let description = Some(clean(&event.description)).filter(|text| !text.is_empty());
        let about: Vec<String> = last_day(&event.when).into_iter().chain(description).collect();
        let about = match about.as_slice() {
            [] => String::new(),
            about => Paint::Faint.around(&format!(" — {}", about.join("; "))),
        };
        text += &wrapped(&(clean(&event.summary) + &about), &first, "                  ", width);
    }
    text
}

fn begin(when: &When) -> String {
    match when {
        When::Days { start, .. } => start.format("%F %a").to_string(),
        When::Time { shown, .. } => clean(shown),
    }
}

/// The last of several days, so that what begins on one day stands below what is over on it.
fn last_day(when: &When) -> Option<String> {
    match when {
        When::Days { start, end } if start.succ_opt() != Some(*end) => {
            Some(format!("until {}", end.pred_opt().unwrap_or(*end)))
        }
        _ => None,
    }
}
