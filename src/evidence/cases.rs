//! Many test cases, in pieces as they were read: a hundred thousand need not be moved to lie together.

use std::fmt::{self, Debug, Formatter};
use std::ops::{Index, Range};

use super::{Case, CaseIndex};

/// Test cases in the order of their reports, and of their places in them.
#[derive(Default, Clone)]
pub struct Cases<'s> {
    pieces: Vec<Vec<Case<'s>>>,
    /// Of each piece, how many cases there are up to its end.
    ends: Vec<usize>,
}

impl<'s> Cases<'s> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &Case<'s>> {
        self.pieces.iter().flatten()
    }

    /// Those between two positions.
    pub(super) fn range(&self, range: Range<usize>) -> impl Iterator<Item = &Case<'s>> {
        let (piece, before) = self.piece_of(range.start);
        let first = self.pieces.get(piece).map(|cases| &cases[range.start - before..]).unwrap_or_default();
        first.iter().chain(self.pieces.iter().skip(piece + 1).flatten()).take(range.len())
    }

    /// The same, to be changed.
    pub(super) fn range_mut(&mut self, range: Range<usize>) -> impl Iterator<Item = &mut Case<'s>> {
        let (piece, before) = self.piece_of(range.start);
        let first = range.start - before;
        let behind = self.pieces.iter_mut().skip(piece).flatten();
        behind.skip(first).take(range.len())
    }

    /// The pieces in which they lie.
    pub fn pieces(&self) -> &[Vec<Case<'s>>] {
        &self.pieces
    }

    /// Makes room for more.
    pub(super) fn reserve(&mut self, more: usize) {
        match self.pieces.last_mut() {
            Some(last) => last.reserve(more),
            None => self.add(Vec::with_capacity(more)),
        }
    }

    /// Adds one behind the others.
    pub(super) fn push(&mut self, case: Case<'s>) {
        match (self.pieces.last_mut(), self.ends.last_mut()) {
            (Some(last), Some(end)) => {
                last.push(case);
                *end += 1;
            }
            _ => self.add(vec![case]),
        }
    }

    /// Adds those of a piece behind the others.
    pub(super) fn add(&mut self, piece: Vec<Case<'s>>) {
        self.ends.push(self.len() + piece.len());
        self.pieces.push(piece);
    }

    /// Adds all pieces of others behind these.
    pub(super) fn append(&mut self, others: Cases<'s>) {
        others.pieces.into_iter().for_each(|piece| self.add(piece));
    }

    /// All pieces, one after the other.
    pub(super) fn into_pieces(self) -> Vec<Vec<Case<'s>>> {
        self.pieces
    }

    /// The piece that holds a position, and how many cases stand before it.
    #[inline]
    fn piece_of(&self, position: usize) -> (usize, usize) {
        let piece = self.ends.partition_point(|end| *end <= position);
        (piece, piece.checked_sub(1).map_or(0, |before| self.ends[before]))
    }
}

impl<'s> From<Vec<Case<'s>>> for Cases<'s> {
    fn from(cases: Vec<Case<'s>>) -> Self {
        let mut all = Cases::default();
        all.add(cases);
        all
    }
}

impl<'s> Index<CaseIndex> for Cases<'s> {
    type Output = Case<'s>;

    #[inline]
    fn index(&self, index: CaseIndex) -> &Case<'s> {
        let (piece, before) = self.piece_of(index.0 as usize);
        &self.pieces[piece][index.0 as usize - before]
    }
}

impl Debug for Cases<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
