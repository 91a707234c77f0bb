//! The settings of configuration files (dotenv, YAML, JSON), each with its place.

mod dotenv;
mod json;
mod tree;

use rustc_hash::FxHashMap;

use super::map::Contents;
use super::{FileId, SourceFile, Span, secret};

/// Configuration files of more than so many bytes are not read: nobody writes them.
pub const LARGEST_CONFIGURATION: u64 = 1024 * 1024;

/// A setting of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its key; in a tree with the keys above it: `database.pool.size`, `hosts[0]`.
    pub key: String,
    /// Its value as a text.
    pub value: String,
    /// What the value is.
    pub kind: Kind,
    /// The place of its key.
    pub span: Span,
    /// The place of its value, with its quotes and what stands behind it on the line.
    pub value_span: Span,
}

impl Setting {
    /// Whether its key says that its value is a secret.
    pub fn names_secret(&self) -> bool {
        // An item of a list is named by the list: `tokens[0]`.
        let key = self.key.trim_end_matches(|letter: char| letter.is_ascii_digit() || "[]".contains(letter));
        let one = key.strip_suffix(['s', 'S']).unwrap_or(key);
        [self.key.as_str(), key, one].into_iter().any(secret::names_secret)
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or YAML's null.
    Empty,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// Any other text.
    Text,
    /// A list without items.
    List,
    /// A mapping without keys.
    Mapping,
}

impl Kind {
    /// Its name, with an article.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::List => "a list",
            Kind::Mapping => "a mapping",
        }
    }

    /// What a text without quotes is.
    fn of_plain(text: &str) -> Kind {
        let is_number = || {
            let digits = text.trim_start_matches(['+', '-']);
            digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
                && text.parse::<f64>().is_ok_and(f64::is_finite)
        };
        match text {
            "" | "~" => Kind::Empty,
            _ if text.eq_ignore_ascii_case("null") => Kind::Empty,
            _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => Kind::Boolean,
            _ if is_number() => Kind::Number,
            _ => Kind::Text,
        }
    }
}

/// Something wrong with a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsDefect {
    /// The offending text.
    pub span: Span,
    /// What is wrong.
    pub reason: String,
}

/// What was read of a configuration file.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Its settings, in the order of the file.
    pub all: Vec<Setting>,
    /// What is wrong with it.
    pub defects: Vec<SettingsDefect>,
}

/// Reads a configuration file by the kind that its name says.
pub fn read(id: FileId, file: &SourceFile) -> Settings {
    let start = Span::new(id, 0, 0);
    let defect = |reason: &str| Settings {
        defects: vec![SettingsDefect { span: start, reason: reason.to_owned() }],
        ..Settings::default()
    };
    match file.contents() {
        Contents::Utf8 | Contents::Utf8WithMark => {}
        Contents::Invalid(_) => return defect("the file is neither UTF-8 nor UTF-16"),
        Contents::TooLarge(_) => return defect("the file is larger than 1 MiB"),
        Contents::LinkLoop => return defect("the file is a link to a folder above it"),
    }
    let name = file.name().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let has_ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let mut settings = if has_ending(&[".json"]) {
        json::read(id, file)
    } else if has_ending(&[".yaml", ".yml"]) {
        tree::read(id, file)
    } else if has_ending(&[".env"]) || name.starts_with(".env") || name == "env" {
        dotenv::read(id, file.text())
    } else {
        return defect("the format is not known: name the file `.env`, `.yaml`, `.yml` or `.json`");
    };
    find_repeated(&mut settings);
    settings
}

/// Notes keys that a file has twice: readers disagree on which of them counts.
fn find_repeated(settings: &mut Settings) {
    let mut seen: FxHashMap<&str, ()> = FxHashMap::default();
    let repeated: Vec<SettingsDefect> = settings
        .all
        .iter()
        .filter(|setting| seen.insert(&setting.key, ()).is_some())
        .map(|setting| SettingsDefect {
            span: setting.span,
            reason: format!("duplicate key `{}`", setting.key),
        })
        .collect();
    for defect in repeated {
        // YAML's own duplicates were found by its reader.
        if !settings.defects.iter().any(|known| known.span == defect.span) {
            settings.defects.push(defect);
        }
    }
}

/// The configuration files that a plan names, by the names that it gives them.
#[derive(Debug, Default)]
pub struct ConfigurationFiles {
    by_name: FxHashMap<String, Result<FileId, String>>,
}

impl ConfigurationFiles {
    /// Adds a file, or the reason why it was not read.
    pub fn insert(&mut self, name: &str, file: Result<FileId, String>) {
        self.by_name.insert(name.to_owned(), file);
    }

    /// Whether a file is there by this name.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The files that were read.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.by_name.values().filter_map(|file| file.as_ref().ok()).copied()
    }

    /// The file of a name, or why it was not read. Nothing if files were not asked for.
    pub fn get(&self, name: &str) -> Option<&Result<FileId, String>> {
        self.by_name.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expect: &[(&str, &str, Kind)], defects: &[&str]) {
        let settings = read(FileId(0), &SourceFile::new(name, text));
        let found: Vec<(&str, &str, Kind)> =
            settings.all.iter().map(|one| (one.key.as_str(), one.value.as_str(), one.kind)).collect();
        assert_eq!(found, expect, "{text}");
        let reasons: Vec<&str> = settings.defects.iter().map(|defect| defect.reason.as_str()).collect();
        assert_eq!(reasons, defects, "{text}");
    }

    #[test]
    fn dotenv_files_are_read_as_shells_and_libraries_do() {
        check(
            "a/.env.staging",
            "# comment\nexport PORT=8080\nHOST = 'db # one'  # where\nEMPTY=\nTEXT=\"a\\nb\"\nFLAG=true\nURL=https://x/#y\n\n",
            &[
                ("PORT", "8080", Kind::Number),
                ("HOST", "db # one", Kind::Text),
                ("EMPTY", "", Kind::Empty),
                ("TEXT", "a\nb", Kind::Text),
                ("FLAG", "true", Kind::Boolean),
                ("URL", "https://x/#y", Kind::Text),
            ],
            &[],
        );
        check("x.env", "\u{feff}", &[], &["a line without `=`"]);
        check(
            "x.env",
            "A=1\nnonsense\nA=2\n=3\nB='open\n",
            &[("A", "1", Kind::Number), ("A", "2", Kind::Number), ("B", "open", Kind::Text)],
            &["a line without `=`", "no key before `=`", "the quote is not closed", "duplicate key `A`"],
        );
        check(
            "x.env",
            "A B=1\n1A=1\nC=\"x\"y\nD=\"x\" # why\n",
            &[("C", "x", Kind::Text), ("D", "x", Kind::Text)],
            &[
                "the key before `=` is no variable name",
                "the key before `=` is no variable name",
                "text behind the closing quote",
            ],
        );
    }

    #[test]
    fn multiline_values_and_windows_lines_are_read() {
        check(
            "x.env",
            "KEY=\"one\ntwo\"\r\nB=2\r\n",
            &[("KEY", "one\ntwo", Kind::Text), ("B", "2", Kind::Number)],
            &[],
        );
    }

    #[test]
    fn trees_become_paths() {
        check(
            "a.yaml",
            "db:\n  port: 5432\n  tls: true\n  name: \"5432\"\nhosts: [a, b]\nnone: ~\nlist: []\nmap: {}\n",
            &[
                ("db.port", "5432", Kind::Number),
                ("db.tls", "true", Kind::Boolean),
                ("db.name", "5432", Kind::Text),
                ("hosts[0]", "a", Kind::Text),
                ("hosts[1]", "b", Kind::Text),
                ("none", "", Kind::Empty),
                ("list", "", Kind::List),
                ("map", "", Kind::Mapping),
            ],
            &[],
        );
        check(
            "a.json",
            "{\n\t\"db\": {\"port\": 5432, \"password\": null},\n\t\"on\": false\n}\n",
            &[
                ("db.port", "5432", Kind::Number),
                ("db.password", "", Kind::Empty),
                ("on", "false", Kind::Boolean),
            ],
            &[],
        );
        check(
            "a.yaml",
            "base: &base {port: 1, host: a}\nmore:\n  <<: *base\n  host: b\nempty: \"\"\n",
            &[
                ("base.port", "1", Kind::Number),
                ("base.host", "a", Kind::Text),
                ("more.host", "b", Kind::Text),
                ("more.port", "1", Kind::Number),
                ("empty", "", Kind::Empty),
            ],
            &[],
        );
        // Documents of one file have their settings apart.
        check(
            "a.yml",
            "a: 1\n---\na: 2\n",
            &[("[0].a", "1", Kind::Number), ("[1].a", "2", Kind::Number)],
            &[],
        );
    }

    #[test]
    fn what_cannot_be_read_is_a_defect() {
        check(
            "a.yaml",
            "a: b #1\n",
            &[("a", "b", Kind::Text)],
            &["`#` begins a comment here: quote the value"],
        );
        check(
            "a.toml",
            "a = 1",
            &[],
            &["the format is not known: name the file `.env`, `.yaml`, `.yml` or `.json`"],
        );
        check("a.yaml", "- 1\n- 2\n", &[("[0]", "1", Kind::Number), ("[1]", "2", Kind::Number)], &[]);
        for broken in [
            "",
            "{\"a\": ",
            "{\"a\": 1}}",
            "{\"a\": 1,}",
            "{'a': 1}",
            "a: 1",
            "// x\n{}",
            "a: b: c: [",
            "text",
            "\"text\"",
        ] {
            let settings = read(FileId(0), &SourceFile::new("a.json", broken));
            assert!(!settings.defects.is_empty(), "{broken}: {settings:?}");
        }
        let settings = read(FileId(0), &SourceFile::new("a.json", "{\"a\": 1, \"a\": 2}"));
        assert_eq!(settings.defects.len(), 1, "{settings:?}");
        let settings = read(FileId(0), &SourceFile::decode("a.env", vec![b'A', b'=', 0xe9]));
        assert_eq!(settings.defects[0].reason, "the file is neither UTF-8 nor UTF-16");
    }
}
