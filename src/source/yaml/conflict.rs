//! Finds the marks that `git merge` leaves where it needs a person.

use std::ops::Range;

/// One conflict: its marker lines, without their line breaks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    pub ours: Range<usize>,
    pub middle: Option<Range<usize>>,
    pub theirs: Option<Range<usize>>,
}

impl Conflict {
    /// The parts that the parser must not see: the markers, and the side of the
    /// others, so that what is left is the plan as it was on this side.
    pub fn hidden(&self) -> Vec<Range<usize>> {
        match (&self.middle, &self.theirs) {
            (Some(middle), Some(theirs)) => vec![self.ours.clone(), middle.start..theirs.end],
            (middle, theirs) => {
                [Some(&self.ours), middle.as_ref(), theirs.as_ref()].into_iter().flatten().cloned().collect()
            }
        }
    }
}

/// Every conflict of a text, in order.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    if memchr::memmem::find(text.as_bytes(), b"<<<<<<<").is_none() {
        return found;
    }
    let mut start = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let range = start..start + content.len();
        start += line.len();
        if is_marker(content, '<') {
            open = true;
            found.push(Conflict { ours: range, middle: None, theirs: None });
        } else if let (true, Some(last)) = (open, found.last_mut()) {
            if is_marker(content, '=') {
                last.middle.get_or_insert(range);
            } else if is_marker(content, '>') {
                last.theirs = Some(range);
                open = false;
            }
        }
    }
    found
}

fn is_marker(line: &str, mark: char) -> bool {
    let rest = line.trim_start_matches(mark);
    line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_hides_its_markers_and_the_other_side() {
        let text = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\nc: 4\n";
        let found = find(text);
        assert_eq!(found.len(), 1);
        let hidden: Vec<&str> = found[0].hidden().into_iter().map(|at| &text[at]).collect();
        assert_eq!(hidden, ["<<<<<<< HEAD", "=======\nb: 3\n>>>>>>> other"]);
    }

    #[test]
    fn a_heading_line_of_equal_signs_is_no_conflict() {
        assert!(find("a: |\n  Title\n  =======\n").is_empty());
    }
}
