//! Cases whose source file is the `automation` of an entry: by the file that the report names, or by the class
//! or module, which each language makes of the file in its own way.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::patterns::Names;
use super::{FEW, Found, dotted};
use crate::model::EntryIndex;

/// The `automation` of an entry: `tests/e2e/test_checkout.py`, or with a test in it, as pytest names it,
/// `tests/e2e/test_checkout.py::test_pays`.
#[derive(Debug)]
pub(super) struct Automation<'p> {
    entry: EntryIndex,
    /// The path with `/` between its parts.
    path: Cow<'p, str>,
    /// The path without its ending and with dots between its parts, as classes are named.
    class: String,
    /// What follows the path: a class, a test or both, with dots between them.
    node: Option<String>,
}

impl<'p> Automation<'p> {
    /// Reads the field of an entry.
    pub fn new(text: &'p str, entry: EntryIndex) -> Self {
        let (path, node) = text.split_once("::").map_or((text, None), |(path, node)| (path, Some(node)));
        let path = with_slashes(path.trim());
        let class = without_ending(&path).replace('/', ".");
        Automation { entry, path, class, node: node.map(|node| dotted(node.trim()).into_owned()) }
    }

    /// Whether it is a file of Rust, whose modules are named in another way than classes.
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether a case is the test that is named behind the path, if one is.
    fn is_about(&self, names: &Names) -> bool {
        let Some(node) = &self.node else { return true };
        let full = names.full();
        // Parameters stand in brackets behind the name.
        let plain = full.split_once('[').map_or(full, |(plain, _)| plain);
        [full, plain].into_iter().any(|name| ends_with_parts(name, node, '.'))
    }
}

/// The paths of all entries, by each of their ends.
#[derive(Debug, Default)]
pub(super) struct Paths<'a> {
    automations: &'a [Automation<'a>],
    files: Ends<'a>,
    classes: Ends<'a>,
    modules: FxHashMap<String, Vec<Module<'a>>>,
}

/// A file of Rust, by the module in it.
#[derive(Debug)]
struct Module<'a> {
    automation: usize,
    /// The folder of its crate, if the path names it.
    folder: Option<&'a str>,
}

/// Texts of several parts, by every part that they may be cut before.
#[derive(Debug, Default)]
struct Ends<'a> {
    /// The newest node of the chain of each end.
    heads: FxHashMap<&'a str, usize>,
    nodes: Vec<End>,
}

#[derive(Debug)]
struct End {
    automation: usize,
    /// Whether nothing was cut off.
    whole: bool,
    next: Option<usize>,
}

impl<'a> Paths<'a> {
    /// Takes the paths of entries.
    pub fn new(automations: &'a [Automation<'a>]) -> Self {
        let mut paths = Paths { automations, ..Paths::default() };
        for (index, automation) in automations.iter().enumerate().rev() {
            paths.files.add(&automation.path, '/', index);
            if automation.is_rust() {
                paths.add_module(index, automation);
            } else {
                paths.classes.add(&automation.class, '.', index);
                if !automation.path.contains('/') && *automation.path != automation.class {
                    // Without a folder it may be a class already, and its end no ending.
                    paths.classes.add(&automation.path, '.', index);
                }
            }
        }
        paths
    }

    fn add_module(&mut self, index: usize, automation: &'a Automation<'a>) {
        let Some((folder, module)) = module_of(&automation.path) else { return };
        self.modules.entry(module).or_default().push(Module { automation: index, folder });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.automations.is_empty()
    }

    /// The automations whose path is the file or the class of a case.
    pub fn of_file_or_class(&self, file: Option<&str>, class: &str) -> Vec<usize> {
        let of_file = |file| self.files.fitting(&with_slashes(file), '/').take(FEW).collect::<Vec<_>>();
        let mut found = file.map(of_file).unwrap_or_default();
        if found.is_empty() && !class.is_empty() {
            // Vitest and others give the file as the class.
            found = of_file(class);
        }
        if found.is_empty() && !class.is_empty() {
            found = self.of_class(class);
        }
        found
    }

    /// Adds the entries of automations that are about a case, or those of its module of Rust.
    pub fn find(&self, automations: &[usize], names: &Names, found: &mut Found) {
        self.take(automations.iter().copied(), names, found);
        if automations.is_empty() && !self.modules.is_empty() {
            self.find_module(names, found);
        }
    }

    /// The class itself, or what it stands in: pytest names the class in a module, Java one in another.
    fn of_class(&self, class: &str) -> Vec<usize> {
        let class = class.split_once('$').map_or(class, |(outer, _)| outer);
        let class = dotted(class);
        let mut class = &*class;
        loop {
            // One small word is what somebody called a group of tests, not the end of a path.
            let is_class = class.contains('.') || class.starts_with(char::is_uppercase);
            let fitting = self.classes.fitting(class, '.').filter(|&index| {
                is_class || self.automations[index].class == class || *self.automations[index].path == *class
            });
            let found: Vec<usize> = fitting.take(FEW).collect();
            match class.rsplit_once('.') {
                Some((outer, inner)) if found.is_empty() && inner.starts_with(char::is_uppercase) => {
                    class = outer;
                }
                _ => return found,
            }
        }
    }

    /// A test of Rust is named by the modules that it stands in, the last of them mostly `tests` in the same
    /// file; before them may stand the crate.
    fn find_module(&self, names: &Names, found: &mut Found) {
        let full = names.full();
        let (crate_name, inside) = full.split_once('.').map_or(("", full), |(first, rest)| (first, rest));
        let ends = full.rmatch_indices('.').map(|(end, _)| end);
        // The function, the module of tests around it, and what rstest makes of a function with cases.
        for end in ends.take(3) {
            let inside_end = end.saturating_sub(full.len() - inside.len());
            let with_crate = self.modules.get(&inside[..inside_end]).into_iter().flatten();
            let with_crate =
                with_crate.filter(|module| module.folder.is_none_or(|it| is_crate(crate_name, it)));
            let without = self.modules.get(&full[..end]).into_iter().flatten();
            self.take(with_crate.chain(without).map(|module| module.automation), names, found);
            if !found.entries.is_empty() {
                return;
            }
        }
    }

    fn take(&self, automations: impl Iterator<Item = usize>, names: &Names, found: &mut Found) {
        let automations = automations.map(|index| &self.automations[index]);
        let about = automations.filter(|automation| automation.is_about(names));
        about.take(FEW).for_each(|automation| found.add(automation.entry));
    }
}

impl<'a> Ends<'a> {
    fn add(&mut self, text: &'a str, separator: char, automation: usize) {
        if text.is_empty() {
            return;
        }
        for end in ends(text, separator) {
            let next = self.heads.insert(end, self.nodes.len());
            self.nodes.push(End { automation, whole: end.len() == text.len(), next });
        }
    }

    /// Those that end as this text does, as far as both go.
    fn fitting(&self, text: &str, separator: char) -> impl Iterator<Item = usize> {
        let longer = self.chain(text).filter(|end| !end.whole);
        let shorter = ends(text, separator).flat_map(|end| self.chain(end).filter(|end| end.whole));
        shorter.chain(longer).map(|end| end.automation)
    }

    fn chain(&self, text: &str) -> impl Iterator<Item = &End> {
        let first = self.heads.get(text).copied();
        std::iter::successors(first, |&node| self.nodes[node].next).map(|node| &self.nodes[node])
    }
}

/// The text itself, and what remains of it behind each separator.
fn ends(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let behind = text.match_indices(separator).map(move |(at, found)| &text[at + found.len()..]);
    std::iter::once(text).chain(behind.filter(|end| !end.is_empty()))
}

/// Whether a text ends with another one, cut between two parts.
fn ends_with_parts(text: &str, end: &str, separator: char) -> bool {
    text.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(separator))
}

/// A path with `/` between its parts and no `./` before them.
fn with_slashes(path: &str) -> Cow<'_, str> {
    if path.contains('\\') {
        let path = path.replace('\\', "/");
        return Cow::Owned(path.trim_start_matches("./").to_owned());
    }
    Cow::Borrowed(path.trim_start_matches("./"))
}

/// A path without the last ending of its file.
fn without_ending(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name..].rfind('.') {
        Some(dot) if dot > 0 => &path[..name + dot],
        _ => path,
    }
}

/// The module that a file of Rust holds, with dots between its parts, and the folder of its crate: of
/// `crates/shop/src/cart/mod.rs` the module `cart` of the crate `shop`.
fn module_of(path: &str) -> Option<(Option<&str>, String)> {
    let parts: Vec<&str> = path.strip_suffix(".rs")?.split('/').collect();
    let root = parts.iter().rposition(|part| matches!(*part, "src" | "tests"))?;
    let mut module = &parts[root + 1..];
    if let [rest @ .., "mod" | "main" | "lib"] = module {
        module = rest;
    }
    let folder = root.checked_sub(1).map(|before| parts[before]);
    (!module.is_empty()).then(|| (folder, module.join(".")))
}

/// Whether a folder is probably that of a crate: it has its name, or the end of it.
fn is_crate(name: &str, folder: &str) -> bool {
    let (name, folder) = (name.replace('_', "-"), folder.replace('_', "-"));
    ends_with_parts(&name, &folder, '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_of_rust() {
        for (path, expect) in [
            ("src/evidence/matching.rs", Some((None, "evidence.matching"))),
            ("crates/shop/src/cart/mod.rs", Some((Some("shop"), "cart"))),
            ("tests/it/main.rs", Some((None, "it"))),
            ("tests/it/floors.rs", Some((None, "it.floors"))),
            ("src/lib.rs", None),
            ("checkout.rs", None),
            ("src/a.py", None),
        ] {
            let expect = expect.map(|(folder, module)| (folder, module.to_owned()));
            assert_eq!(module_of(path), expect, "{path}");
        }
    }

    #[test]
    fn folders_of_crates() {
        assert!(is_crate("relplan-core", "core"));
        assert!(is_crate("relplan_core", "relplan-core"));
        assert!(!is_crate("score", "core"));
    }

    #[test]
    fn paths_are_cut_at_their_parts() {
        assert_eq!(ends("a/b/c", '/').collect::<Vec<_>>(), ["a/b/c", "b/c", "c"]);
        assert_eq!(with_slashes(".\\tests\\a.cs"), "tests/a.cs");
        assert_eq!(without_ending("a.b/c.test.ts"), "a.b/c.test");
        assert_eq!(without_ending("a.b/Makefile"), "a.b/Makefile");
        assert_eq!(without_ending("a/.hidden"), "a/.hidden");
    }
}
