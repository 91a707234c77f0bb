//! The texts of a run, and where their lines begin.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{FileId, Span};

/// What was found where a file should be, before it became text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Contents {
    /// UTF-8 without a byte order mark.
    #[default]
    Utf8,
    /// UTF-8 behind a byte order mark, which the text no longer holds.
    Utf8WithMark,
    /// Not UTF-8: each broken sequence became U+FFFD, at these offsets of the text.
    Invalid(Vec<usize>),
    /// So many bytes that the file was not read.
    TooLarge(u64),
    /// A symbolic link that leads back to a folder it lies in.
    LinkLoop,
}

/// One text, under the name that its reader knows it by.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    path: Option<String>,
    text: String,
    contents: Contents,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file of valid text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        SourceFile {
            name: name.into(),
            path: None,
            text: text.into(),
            contents: Contents::Utf8,
            line_starts: OnceLock::new(),
        }
    }

    /// A file whose text was not read, and why.
    pub fn not_read(name: impl Into<String>, contents: Contents) -> Self {
        SourceFile { contents, ..SourceFile::new(name, "") }
    }

    /// Decodes the bytes of a file: a byte order mark is taken off and
    /// remembered, and bytes that are not UTF-8 are replaced and remembered, so
    /// that a place can be given and the rest of the file still read.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let mut file = SourceFile::new(name, "");
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                    file.contents = Contents::Utf8WithMark;
                }
                file.text = text;
            }
            Err(error) => {
                let (text, offsets) = replace_invalid(error.as_bytes());
                file.text = text;
                file.contents = Contents::Invalid(offsets);
            }
        }
        file
    }

    /// The path as the user would write it, with `/` between its parts.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path as machine formats write it, the same wherever the user stands.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or(&self.name)
    }

    /// The file with the path that machine formats write.
    pub fn with_path(mut self, path: Option<String>) -> Self {
        self.path = path;
        self
    }

    /// The text that every span of this file counts in.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Another text as the bytes of this file: with a byte order mark if it has one.
    pub fn encode(&self, text: String) -> Vec<u8> {
        match self.contents {
            Contents::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
            _ => text.into_bytes(),
        }
    }

    /// What the bytes were.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Where the byte at `offset` stands.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_boundary(&self.text, offset);
        let line = self.line_index(offset);
        let start = self.line_start(line);
        Position { line: line + 1, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The line, from 0, that holds the byte at `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        self.starts().partition_point(|&start| start as usize <= offset).saturating_sub(1)
    }

    /// The byte that line `line`, from 0, begins at; the end of the text beyond the last.
    pub fn line_start(&self, line: usize) -> usize {
        self.starts().get(line).map_or(self.text.len(), |&start| start as usize)
    }

    /// Line `line`, from 0, without its line break.
    pub fn line_text(&self, line: usize) -> &str {
        self.text[self.line_start(line)..self.line_start(line + 1)].trim_end_matches(['\n', '\r'])
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.starts().len()
    }

    /// The text with asterisks for the bytes of these places and of every secret, as many as there are, so that
    /// every other place stays where it is.
    pub fn masked(&self, places: &[Span]) -> Cow<'_, str> {
        let secrets = super::secret::find_all(&self.text);
        if places.is_empty() && secrets.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let mut bytes = self.text.as_bytes().to_vec();
        let secrets = secrets.into_iter().map(|secret| secret.range);
        for hidden in places.iter().map(|place| place.range()).chain(secrets) {
            let hidden = bytes.get_mut(hidden).into_iter().flatten();
            hidden.filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
        }
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn starts(&self) -> &[u32] {
        // Only files with findings are asked, so most never pay for this.
        self.line_starts.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(breaks.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// Every text of a run.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map of these files, which get their ids in this order.
    pub fn new(files: Vec<SourceFile>) -> Self {
        SourceMap { files }
    }

    /// Takes one more file and says which it is.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// Takes all files of another map; says by how much the numbers of their ids grow.
    pub fn append(&mut self, mut other: SourceMap) -> u32 {
        let offset = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.append(&mut other.files);
        offset
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Gives a file another text, and returns the one that it had.
    pub fn replace_text(&mut self, id: FileId, text: String) -> String {
        let file = &mut self.files[id.0 as usize];
        file.line_starts = OnceLock::new();
        std::mem::replace(&mut file.text, text)
    }

    /// All files with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.range()).unwrap_or("")
    }

    /// Where a span begins.
    pub fn start(&self, span: Span) -> Position {
        self.file(span.file).position(span.start as usize)
    }

    /// Where a span ends, one past its last character.
    pub fn end(&self, span: Span) -> Position {
        self.file(span.file).position(span.end as usize)
    }
}

fn replace_invalid(bytes: &[u8]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(bytes.len());
    let mut offsets = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            offsets.push(text.len());
            text.push('\u{fffd}');
        }
    }
    (text, offsets)
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], offset: usize, line: usize, column: usize) {
        let file = SourceFile::decode("plan.yaml", bytes.to_vec());
        assert_eq!(file.position(offset), Position { line, column });
    }

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        check(b"", 0, 1, 1);
        check(b"a\nb", 2, 2, 1);
        check(b"a\r\nb", 3, 2, 1);
        check("ü: ö\nß: x".as_bytes(), 6, 1, 5);
        check("ü\n\tß: x".as_bytes(), 4, 2, 2);
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_moved_back() {
        check("ü".as_bytes(), 1, 1, 1);
        check(b"ab", 99, 1, 3);
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_first_column() {
        check(b"\xef\xbb\xbfid: DEP-001", 0, 1, 1);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_and_remembered() {
        let file = SourceFile::decode("plan.yaml", b"a: \xff\nb: \xc3".to_vec());
        assert_eq!(file.text(), "a: \u{fffd}\nb: \u{fffd}");
        assert_eq!(*file.contents(), Contents::Invalid(vec![3, 10]));
    }
}
