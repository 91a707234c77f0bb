//! Finds the marks that `git merge` leaves where it needs a person.

use std::ops::Range;

/// One conflict: its marker lines, without their line breaks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// `<<<<<<<`, perhaps `|||||||`, `=======`, `>>>>>>>`, as far as they are there.
    pub markers: Vec<Range<usize>>,
    /// Whether the conflict ends with its `>>>>>>>`.
    closed: bool,
    /// What stands between the second marker and the last: what this side did not have.
    others: Option<Range<usize>>,
}

impl Conflict {
    /// The parts that the parser must not see: the markers, and the side of the
    /// others, so that what is left is the plan as it was on this side.
    pub fn hidden(&self) -> Vec<Range<usize>> {
        let others = self.others.clone().filter(|_| self.closed);
        self.markers.iter().cloned().chain(others).collect()
    }
}

/// Every conflict of a text, in order.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let occurs = |marker: &str| memchr::memmem::find(text.as_bytes(), marker.as_bytes()).is_some();
    if !occurs("<<<<<<<") && !occurs(">>>>>>>") {
        return found;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let range = start..start + content.len();
        start += line.len();
        take(&mut found, content, range);
    }
    found
}

fn take(found: &mut Vec<Conflict>, line: &str, range: Range<usize>) {
    let open = found.last_mut().filter(|last| !last.closed);
    match (marker(line), open) {
        (Some('<'), _) => found.push(Conflict { markers: vec![range], closed: false, others: None }),
        (Some('|' | '='), Some(open)) => {
            open.others.get_or_insert(range.clone());
            open.markers.push(range);
        }
        (Some('>'), Some(open)) => {
            if let Some(others) = &mut open.others {
                others.end = range.start;
            }
            open.markers.push(range);
            open.closed = true;
        }
        // Somebody took out the others and forgot this one.
        (Some('>'), None) => found.push(Conflict { markers: vec![range], closed: true, others: None }),
        _ => {}
    }
}

/// The character of a marker line, which stands there seven times.
fn marker(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|first| matches!(first, '<' | '|' | '=' | '>'))?;
    let rest = line.trim_start_matches(mark);
    (line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '))).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, markers: &[&str], left: &str) {
        let found = find(text);
        let shown: Vec<&str> =
            found.iter().flat_map(|conflict| &conflict.markers).map(|at| &text[at.clone()]).collect();
        assert_eq!(shown, markers);
        let hidden = |at: usize| found.iter().flat_map(Conflict::hidden).any(|range| range.contains(&at));
        let kept: String = text.char_indices().filter(|(at, _)| !hidden(*at)).map(|(_, kept)| kept).collect();
        assert_eq!(kept.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"), left);
    }

    #[test]
    fn a_conflict_hides_its_markers_and_the_other_side() {
        check(
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\nc: 4\n",
            &["<<<<<<< HEAD", "=======", ">>>>>>> other"],
            "a: 1\nb: 2\nc: 4",
        );
    }

    #[test]
    fn the_common_ancestor_is_hidden_too() {
        check(
            "<<<<<<< HEAD\r\nb: 2\r\n||||||| 1a2b3c\r\nb: 1\r\n=======\r\nb: 3\r\n>>>>>>> other\r\nc: 4\r\n",
            &["<<<<<<< HEAD", "||||||| 1a2b3c", "=======", ">>>>>>> other"],
            "b: 2\nc: 4",
        );
    }

    #[test]
    fn what_is_left_of_a_conflict_hides_nothing_but_itself() {
        check("a: 1\n>>>>>>> other\nb: 2\n", &[">>>>>>> other"], "a: 1\nb: 2");
        check("<<<<<<< HEAD\na: 1\nb: 2\n", &["<<<<<<< HEAD"], "a: 1\nb: 2");
    }

    #[test]
    fn a_heading_line_of_equal_signs_is_no_conflict() {
        assert!(find("a: |\n  Title\n  =======\n").is_empty());
    }
}
