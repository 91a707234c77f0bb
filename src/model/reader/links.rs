//! Link fields.

use std::ops::Range;

use super::super::defect::DefectKind;
use super::super::entry::{Link, LinkKind, MemberLink, Mention, Target};
use super::super::link::{self, LinkErrorKind, Reference};
use super::super::{Id, Prefix, id};
use super::Reader;
use crate::source::{Locator, Scalar, Span, Spanned, Value};

impl<'s> Reader<'s> {
    /// Reads a link field, if it is there, into the links of the entry.
    pub fn links(&mut self, name: &str, kind: LinkKind) {
        let Some((key, node)) = self.take(name) else { return };
        let found = node.describe();
        match node.value {
            Value::Scalar(scalar) => self.link_text(kind, &scalar, node.span),
            Value::Sequence(items) => {
                for item in items {
                    if let Some((scalar, span)) = self.scalar_of(key, item, "single ids") {
                        self.link_text(kind, &scalar, span);
                    }
                }
            }
            Value::Mapping(_) => {
                let expected = "an id or a list of ids";
                self.defect(node.span, DefectKind::WrongShape { key, expected, found });
            }
        }
    }

    /// Reads a link field whose links are told apart from the others of the entry, by their positions. Ids of other
    /// tools are defects here: a link that is found for one of them later has no place among these.
    pub fn links_apart(&mut self, name: &str, kind: LinkKind) -> Range<usize> {
        let (before, noted) = (self.links.len(), self.defects.len());
        self.links(name, kind);
        for defect in &mut self.defects[noted..] {
            if let DefectKind::ForeignReference { found, reason, .. } = &mut defect.kind {
                let (found, reason) = (std::mem::take(found), reason.clone());
                defect.kind = DefectKind::NotAnId { found, reason };
            }
        }
        before..self.links.len()
    }

    /// Reads a field of single ids, which link to nothing. A range is not one.
    pub fn ids(&mut self, name: &str) -> Box<[Spanned<Id>]> {
        let places = self.links_apart(name, LinkKind::Declared);
        let found: Vec<Link> = self.links.drain(places).collect();
        let mut ids = Vec::with_capacity(found.len());
        for link in found {
            match link.target {
                Target::One(id) => ids.push(Spanned::new(id, link.span)),
                Target::Range(_) => self.defect(link.span, DefectKind::RangeOfIds),
            }
        }
        ids.into_boxed_slice()
    }

    fn link_text(&mut self, kind: LinkKind, scalar: &Scalar<'s>, span: Span) {
        let (found, errors) = link::parse(&scalar.text);
        let text = &*scalar.text;
        let mut locator = Locator::new(scalar, span, self.source);
        for reference in found {
            let (target, span, note) = match reference {
                Reference::One { id, range, note } => {
                    (Target::One(id), locator.locate(text, range.start, range.end), note)
                }
                Reference::Member { member, id, range, note } => {
                    let span = locator.locate(text, range.start, range.end);
                    let member = text[member].to_ascii_lowercase().into_boxed_str();
                    if let Some(note) = note {
                        self.note_of_link(&mut locator, text, note);
                    }
                    self.member_links.get_or_insert_default().all.push(MemberLink { kind, member, id, span });
                    continue;
                }
                Reference::Span { from, to, note } => {
                    let first = locator.locate(text, from.1.start, from.1.end);
                    let last = locator.locate(text, to.1.start, to.1.end);
                    let ends = (Spanned::new(from.0, first), Spanned::new(to.0, last));
                    (Target::Range(Box::new(ends)), first.to(last), note)
                }
            };
            let note = note.map(|note| self.note_of_link(&mut locator, text, note));
            self.links.push(Link { kind, target, span, note: note.map(Box::new) });
        }
        // Errors stand between the references, so they are located on their own.
        let mut locator = Locator::new(scalar, span, self.source);
        for error in errors {
            let place = locator.locate(text, error.range.start, error.range.end);
            let found = text[error.range].to_owned();
            let place = if place.is_empty() { span } else { place };
            self.defect(
                place,
                match error.kind {
                    LinkErrorKind::Id(reason) => DefectKind::ForeignReference { found, reason, kind },
                    reason => DefectKind::BadLink { found, reason },
                },
            );
        }
    }

    fn note_of_link(&mut self, locator: &mut Locator<'_>, text: &str, note: Range<usize>) -> Span {
        for (id, range) in id::find_in(&text[note.clone()]) {
            let span = locator.locate(text, note.start + range.start, note.start + range.end);
            self.mentions.push(Mention { id, span });
        }
        locator.locate(text, note.start, note.end)
    }

    /// Links that may join entries of `targets` only, or of any family if there are none.
    pub fn declared_links(&mut self, name: &str, targets: &[Prefix], declared: Span) {
        let before = self.links.len();
        self.links(name, LinkKind::Declared);
        if targets.is_empty() {
            return;
        }
        let wrong: Vec<Span> = self.links[before..]
            .iter()
            .filter(|link| !targets.contains(&link.target.first().prefix))
            .map(|link| link.span)
            .collect();
        for span in wrong {
            let targets = targets.to_vec();
            self.defect(span, DefectKind::DeclaredTarget { targets, declared });
        }
    }
}
