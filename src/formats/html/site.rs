//! Pages of a site: what they have around them, and the files that they share. Nothing is asked for from elsewhere,
//! and everything works where the pages are files.

use maud::{Markup, html};

use super::inline::Anchors;
use super::{STYLE, framed, front_page, page};
use crate::report::{FrontPage, Report};

/// The style sheet of all pages.
pub const STYLE_PATH: &str = "assets/relplan.css";

/// The script that searches.
pub const SCRIPT_PATH: &str = "assets/search.js";

/// What it searches, as a script: pages that are files may not read files.
pub const INDEX_PATH: &str = "assets/search-index.js";

/// What a page may load: its own style sheet and scripts. Drawings have their width in an attribute. Some browsers do not
/// take `'self'` to mean other files where pages are files, so that these are named, too.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const SITE_STYLE: &str = include_str!("site.css");

/// The text of the script.
pub const SCRIPT: &str = include_str!("search.js");

/// The text of the style sheet.
pub fn style() -> String {
    format!("{STYLE}{SITE_STYLE}")
}

/// Finds the page of an entry, by any id that means it.
pub type EntryPages<'s> = dyn Fn(&str) -> Option<String> + Sync + 's;

/// A page that others lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// Its title.
    pub title: String,
    /// Its path from the root of the site.
    pub path: String,
}

/// Pages that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuGroup {
    /// What they are about.
    pub title: String,
    /// The pages.
    pub items: Vec<MenuItem>,
}

/// Where a page lies in its site.
#[derive(Clone, Copy)]
pub struct Place<'s> {
    /// What the site is about.
    pub site: &'s str,
    /// The path of the page from the root of the site, with `/` between its parts.
    pub path: &'s str,
    /// The other pages that it leads to.
    pub menu: &'s [&'s MenuGroup],
    /// Where the pages of entries are.
    pub entries: &'s EntryPages<'s>,
}

/// A document as a page of a site.
pub fn document(report: Report, place: &Place<'_>) -> String {
    page(&report.shown(), Some(place))
}

/// The front page of a site.
pub fn front(front: FrontPage, place: &Place<'_>) -> String {
    let front = front.shown();
    let anchors = Anchors::of(&front.report, Some(place));
    framed(&front.report, Some(place), front_page::head(&front), front_page::body(&front, &anchors))
}

/// The path of the front page.
pub const FRONT_PATH: &str = "index.html";

impl Place<'_> {
    /// A path from the root of the site as this page has to write it.
    pub(super) fn to(&self, path: &str) -> String {
        format!("{}{path}", "../".repeat(self.path.matches('/').count()))
    }

    /// Where the page of an entry is, unless it is this one.
    pub(super) fn entry(&self, id: &str) -> Option<String> {
        (self.entries)(id).filter(|path| path != self.path).map(|path| self.to(&path))
    }

    /// What stands behind the title of a page, so that tabs of two sites can be told apart.
    pub(super) fn title_behind(&self, title: &str) -> String {
        if title == self.site { String::new() } else { format!(" – {}", self.site) }
    }

    pub(super) fn assets(&self) -> Markup {
        html! {
            link rel="stylesheet" href=(self.to(STYLE_PATH));
            script defer src=(self.to(SCRIPT_PATH)) {}
        }
    }

    /// The bar above every page: home, search, and the other pages.
    pub(super) fn bar(&self) -> Markup {
        let current = |path: &str| (path == self.path).then_some("page");
        html! {
            div.bar {
                a.home href=(self.to(FRONT_PATH)) aria-current=[current(FRONT_PATH)] { (self.site) }
                // Without the script nothing can be searched, and no field is shown.
                div.search role="search" hidden data-index=(self.to(INDEX_PATH)) data-root=(self.to("")) {
                    label.unseen for="search" { "Search" }
                    input #search type="search" placeholder="Search" autocomplete="off" spellcheck="false" aria-controls="found" aria-describedby="search-help";
                    span.unseen #search-help { "Press the slash key to search, and the arrow keys to move through the results." }
                    div #found hidden {}
                    p.unseen #found-count role="status" {}
                }
                nav.menu aria-label="Pages" {
                    details {
                        summary { "Pages" }
                        div.groups {
                            @for group in self.menu {
                                div {
                                    p.group { (group.title) }
                                    ul { @for item in &group.items {
                                        li { a href=(self.to(&item.path)) aria-current=[current(&item.path)] { (item.title) } }
                                    } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
