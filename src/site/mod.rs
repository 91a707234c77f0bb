//! Floor 9: the plan as a folder of pages that lead to each other: a front page, every document, and a page for each
//! entry, its family and what was found in it.
//!
//! Everything here is pure: pages are handed to whoever writes them. What a page shows is a view of a room below, so
//! that no two pages, and no page and command, can differ.

mod documents;
mod entry;
mod entry_page;
mod families;
mod findings;
mod front;
mod paths;
mod search;

use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;

use crate::finding::{Denominator, Finding};
use crate::forecast::History;
use crate::formats::html::site as pages;
use crate::formats::html::site::{MenuGroup, MenuItem, Place};
use crate::graph::Selection;
use crate::model::{EntryIndex, Plan, id};
use crate::report::Report;
use crate::source::{self, Span};
use crate::verdict::Basis;
use crate::verdict::log::Record;
use crate::views::base::BaseView;
use crate::views::forecast::Record as ForecastRecord;
use crate::views::metrics::MetricsView;

use documents::{Document, Part, Subject};
use entry::Entries;

/// Everything that a site is made of.
pub struct SiteInputs<'p> {
    /// What verdicts rest on.
    pub basis: Basis<'p>,
    /// What it is called.
    pub title: String,
    /// The releases that are judged, or the whole plan.
    pub selections: Vec<Selection>,
    /// What the rules found.
    pub findings: &'p [Finding],
    /// Text that is never shown: secrets.
    pub masked: &'p [Span],
    /// What the rules looked at.
    pub denominator: &'p Denominator,
    /// Why the profile is the one it is.
    pub because: &'p str,
    /// How the plan compares with that of the base.
    pub base: Option<&'p BaseView>,
    /// The recorded decisions, the oldest first, or why the log cannot be relied on.
    pub decisions: Result<&'p [Record], &'p str>,
    /// The delivery metrics, if the plan names deployments.
    pub metrics: Option<&'p MetricsView>,
    /// The recorded forecasts.
    pub forecasts: &'p [ForecastRecord],
    /// How many lines of their record cannot be read.
    pub unreadable_forecasts: usize,
    /// What was done in the past.
    pub history: &'p History,
    /// The day.
    pub today: NaiveDate,
    /// The moment for which freezes are shown: one of the day, so that a page is the same all day.
    pub moment: DateTime<Utc>,
}

impl<'p> SiteInputs<'p> {
    /// The recorded decisions that can be relied on.
    fn decisions(&self) -> &'p [Record] {
        self.decisions.unwrap_or_default()
    }

    /// A document that says so itself where the plan could not be read whole.
    fn doubted(&self, mut report: Report) -> Report {
        report.doubt_of(self.basis.plan);
        report
    }
}

/// Takes the pages as they are made, in any order and on any thread.
pub type Sink<'s, E> = dyn Fn(&str, &str) -> Result<(), E> + Sync + 's;

/// Makes every file of the site and hands it to the sink, by its path with `/` between its parts. Ends with the paths,
/// sorted.
///
/// # Errors
///
/// The first error of the sink.
pub fn write<E: Send>(inputs: &SiteInputs<'_>, sink: &Sink<'_, E>) -> Result<Vec<String>, E> {
    let subjects = Subject::all(inputs);
    let entries = Entries::new(inputs, &subjects);
    let site = Site { inputs, subjects: &subjects, entries: &entries };
    let documents = documents::all(site);
    let menus = Menus::new(inputs, &subjects, &documents);
    let files: Vec<(&str, String)> = vec![
        (pages::STYLE_PATH, pages::style()),
        (pages::SCRIPT_PATH, pages::SCRIPT.to_owned()),
        (pages::INDEX_PATH, search::index(site, &documents)),
        (pages::FRONT_PATH, site.front(&documents, &menus)),
    ];
    files.iter().try_for_each(|(path, text)| sink(path, text))?;
    let drawn = documents.par_iter().map(|document| {
        let text = site.draw((document.lower)(), &document.path, &menus.of(document));
        sink(&document.path, &text).map(|()| document.path.clone())
    });
    let drawn: Vec<String> = drawn.collect::<Result<_, E>>()?;
    let pages_of_entries = entries.all.par_iter().map(|index| {
        let path = site.path_of(*index);
        let text = site.draw(entry_page::report(site, *index), &path, &[&menus.whole]);
        sink(&path, &text).map(|()| path)
    });
    let pages_of_entries: Vec<String> = pages_of_entries.collect::<Result<_, E>>()?;
    let mut all: Vec<String> = files.into_iter().map(|(path, _)| path.to_owned()).collect();
    all.extend(drawn);
    all.extend(pages_of_entries);
    all.sort_unstable();
    Ok(all)
}

/// The site before its pages are drawn.
#[derive(Clone, Copy)]
struct Site<'i> {
    inputs: &'i SiteInputs<'i>,
    subjects: &'i [Subject<'i>],
    entries: &'i Entries<'i>,
}

impl<'i> Site<'i> {
    fn plan(self) -> &'i Plan<'i> {
        self.inputs.basis.plan
    }

    /// The path of the page of an entry.
    fn path_of(self, index: EntryIndex) -> String {
        paths::of_entry(self.plan().entry(index).id.value)
    }

    fn draw(self, report: Report, path: &str, menu: &[&MenuGroup]) -> String {
        self.at(path, menu, |place| pages::document(self.inputs.doubted(report), place))
    }

    fn front(self, documents: &[Document<'_>], menus: &Menus) -> String {
        let menu: Vec<&MenuGroup> = menus.of_subjects.iter().take(1).chain([&menus.whole]).collect();
        let mut front = front::page(self, documents);
        front.report.doubt_of(self.plan());
        self.at(pages::FRONT_PATH, &menu, |place| pages::front(front, place))
    }

    fn at(self, path: &str, menu: &[&MenuGroup], draw: impl FnOnce(&Place<'_>) -> String) -> String {
        let plan = self.plan();
        // An id in prose may be a former one, or written with other digits.
        let entry = |text: &str| {
            plan.find(id::parse(text).ok()?).map(|index| self.path_of(self.entries.first(index)))
        };
        draw(&Place { site: &self.inputs.title, path, menu, entries: &entry })
    }
}

/// What pages lead to.
struct Menus {
    whole: MenuGroup,
    of_subjects: Vec<MenuGroup>,
}

impl Menus {
    fn new(inputs: &SiteInputs<'_>, subjects: &[Subject<'_>], documents: &[Document<'_>]) -> Self {
        let items = |subject: Option<usize>| {
            let is_own = |document: &&Document<'_>| {
                document.subject == subject && !matches!(document.part, Part::Family | Part::Runbook)
            };
            let own = documents.iter().filter(is_own);
            own.map(|document| MenuItem { title: document.title.clone(), path: document.path.clone() })
                .collect()
        };
        let of_subject = |(number, subject): (usize, &Subject<'_>)| MenuGroup {
            title: source::shown::shown(&subject.name()).into_owned(),
            items: items(Some(number)),
        };
        Menus {
            whole: MenuGroup { title: source::shown::shown(&inputs.title).into_owned(), items: items(None) },
            of_subjects: subjects.iter().enumerate().map(of_subject).collect(),
        }
    }

    /// A document leads to the others about the same release, and to those about the whole plan.
    fn of(&self, document: &Document<'_>) -> Vec<&MenuGroup> {
        let own = document.subject.and_then(|subject| self.of_subjects.get(subject));
        own.into_iter().chain([&self.whole]).collect()
    }
}
