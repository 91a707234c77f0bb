//! The text as the parser sees it, with the offending parts painted over.

use std::ops::Range;

use super::{YamlDefect, conflict, template};
use crate::source::{FileId, Span};

/// A part to paint over: every byte becomes `with`, but blanks stay unless
/// blanks are painted, and line breaks always stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mask {
    pub range: Range<usize>,
    pub with: u8,
}

impl Mask {
    /// Makes plain text of it.
    pub fn text(range: Range<usize>) -> Self {
        Mask { range, with: b'x' }
    }

    /// Takes it away.
    pub fn blank(range: Range<usize>) -> Self {
        Mask { range, with: b' ' }
    }
}

/// Harmless characters of the same length stand where offending ones stood, so
/// that every place stays where it is.
pub(super) struct Masked<'s> {
    original: &'s str,
    copy: Option<String>,
}

impl<'s> Masked<'s> {
    /// The text without merge conflicts, NUL bytes and marks of templates, which become defects.
    pub fn new(id: FileId, original: &'s str, defects: &mut Vec<YamlDefect>) -> Self {
        let mut masked = Masked { original, copy: None };
        masked.hide_conflicts(id, defects);
        masked.hide_nul_bytes(id, defects);
        masked.hide_templates(id, defects);
        masked
    }

    pub fn text(&self) -> &str {
        self.copy.as_deref().unwrap_or(self.original)
    }

    /// Paints over every part; false if that changes nothing, so that reading
    /// again would end at the same place.
    pub fn paint(&mut self, masks: &[Mask]) -> bool {
        let mut changed = false;
        for mask in masks {
            changed |= self.overwrite(mask);
        }
        changed
    }

    fn hide_conflicts(&mut self, id: FileId, defects: &mut Vec<YamlDefect>) {
        for block in conflict::find(self.original) {
            for range in block.hidden() {
                self.overwrite(&Mask::blank(range));
            }
            let markers = block.markers.into_iter();
            defects.push(YamlDefect::ConflictMarkers {
                lines: markers.map(|line| Span::new(id, line.start, line.end)).collect(),
            });
        }
    }

    /// A template is read as far as it is YAML: its own lines are none of it, and its values are texts.
    fn hide_templates(&mut self, id: FileId, defects: &mut Vec<YamlDefect>) {
        let marks = template::find(self.original);
        let all = marks.all();
        let Some(first) = all.first() else { return };
        let span = Span::new(id, first.start, first.end);
        defects.push(YamlDefect::Template { span, count: all.len() });
        self.paint(&marks.masks());
    }

    fn hide_nul_bytes(&mut self, id: FileId, defects: &mut Vec<YamlDefect>) {
        let found: Vec<usize> = memchr::memchr_iter(0, self.original.as_bytes()).collect();
        let Some(&first) = found.first() else { return };
        defects.push(YamlDefect::NulByte { span: Span::new(id, first, first + 1), count: found.len() });
        for at in found {
            self.overwrite(&Mask::blank(at..at + 1));
        }
    }

    fn overwrite(&mut self, mask: &Mask) -> bool {
        let copy = self.copy.get_or_insert_with(|| self.original.to_owned());
        let Some(part) = copy.get(mask.range.clone()) else { return false };
        let painted: String = part.bytes().map(|byte| char::from(paint(byte, mask.with))).collect();
        let changed = painted != part;
        // Of the same length, so nothing behind it is moved.
        copy.replace_range(mask.range.clone(), &painted);
        changed
    }
}

fn paint(byte: u8, with: u8) -> u8 {
    match byte {
        b'\n' | b'\r' => byte,
        b' ' | b'\t' if with != b' ' => byte,
        _ => with,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_keeps_the_length_and_the_lines() {
        let mut masked = Masked::new(FileId(0), "a: >ü 2\r\n\tb\n", &mut Vec::new());
        assert!(masked.paint(&[Mask::text(3..8)]));
        assert_eq!(masked.text(), "a: xxx x\r\n\tb\n");
        assert!(masked.paint(&[Mask::blank(10..11)]));
        assert_eq!(masked.text(), "a: xxx x\r\n b\n");
        assert!(!masked.paint(&[Mask::text(3..8), Mask::blank(10..11)]));
    }
}
