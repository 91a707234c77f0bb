//! Tables, and traces of one fact a line.

use super::tokens::{Kind, Read, Reader};

impl Reader<'_> {
    pub(super) fn csv(&mut self) -> Read<()> {
        let mut header: Vec<&str> = Vec::new();
        let mut start = self.at;
        for line in self.rest().split_inclusive(['\n', '\r']) {
            let row = line.trim_end_matches(['\n', '\r']);
            if row.trim().is_empty() {
                self.found.put("space", line);
                start += line.len();
                continue;
            }
            let cells: Vec<&str> = row.split(',').collect();
            let is_quoted = cells.iter().any(|cell| cell.starts_with('"'));
            if is_quoted || (!header.is_empty() && cells.len() != header.len()) {
                return Err("no row".to_owned());
            }
            let is_header = header.is_empty();
            if is_header {
                header.clone_from(&cells);
            }
            let unit = self.found.unit(Kind::Line, "row".to_owned(), start, None);
            self.found.units[unit].whole = start..start + line.len();
            let mut at = start;
            for (column, cell) in cells.iter().enumerate() {
                let label = if is_header { "header".to_owned() } else { format!("row@{}", header[column]) };
                let known = self.found.unit(Kind::Cell, label.clone(), at, None);
                let known = &mut self.found.units[known];
                (known.parent, known.whole, known.value) =
                    (Some(unit), at..at + cell.len(), Some(at..at + cell.len()));
                self.found.put(label, *cell);
                at += cell.len() + 1;
            }
            self.found.put("space", &line[row.len()..]);
            start += line.len();
        }
        Ok(())
    }

    pub(super) fn lines(&mut self) {
        let mut start = self.at;
        for line in self.rest().split_inclusive('\n') {
            let row = line.trim_end_matches(['\n', '\r', ' ']);
            let (key, values) = row.split_once(':').unwrap_or((row, ""));
            let unit = self.found.unit(Kind::Line, key.to_owned(), start, None);
            let known = &mut self.found.units[unit];
            known.whole = start..start + line.len();
            known.name = Some(start..start + key.len());
            let mut at = start + key.len() + 1;
            if row.contains(':') {
                for value in values.split(',') {
                    let cell = self.found.unit(Kind::Cell, format!("{key}@"), at, None);
                    let cell = &mut self.found.units[cell];
                    (cell.parent, cell.whole, cell.value) =
                        (Some(unit), at..at + value.len(), Some(at..at + value.len()));
                    at += value.len() + 1;
                }
            }
            let label = if row.trim().is_empty() { "space" } else { key };
            self.found.put(label, if label == "space" { row } else { values });
            self.found.put("space", &line[row.len()..]);
            start += line.len();
        }
    }
}
