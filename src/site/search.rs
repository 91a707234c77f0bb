//! What the search looks through, as a script: a page that is a file may load scripts and read no files.

use super::Site;
use super::documents::Document;
use super::entry_page::noun;
use crate::formats::html::site::FRONT_PATH;
use crate::formats::json_text::showable;

/// The script: for each page its name, its title, further words, and its path.
pub(super) fn index(site: Site<'_>, documents: &[Document<'_>]) -> String {
    let front = [String::new(), site.inputs.title.clone(), String::new(), FRONT_PATH.to_owned()];
    let of_documents = documents.iter().map(|document| {
        let about = document.subject.map(|subject| site.subjects[subject].name());
        let title = match &about {
            Some(about) => format!("{} – {about}", document.title),
            None => document.title.clone(),
        };
        [String::new(), title, String::new(), document.path.clone()]
    });
    let of_entries = site.entries.all.iter().map(|index| {
        let entry = site.plan().entry(*index);
        let mut about = vec![noun(entry)];
        about.extend(entry.owner.as_ref().map(|owner| owner.value.trim().to_owned()));
        about.extend(entry.status().map(str::to_owned));
        about
            .extend(entry.tags().iter().chain(entry.external_ids()).map(|text| text.value.trim().to_owned()));
        let (id, title) = (entry.id.value.to_string(), entry.title().to_owned());
        [id, title, about.join(" "), site.path_of(*index)]
    });
    let lines: Vec<String> =
        std::iter::once(front).chain(of_documents).chain(of_entries).map(|page| line(&page)).collect();
    format!("globalThis.relplanIndex=[\n{}\n];\n", lines.join(",\n"))
}

/// A page as a list of texts that may be shown.
fn line(page: &[String; 4]) -> String {
    showable(serde_json::Value::from(page.to_vec()).to_string())
}
