//! What a repository shows of itself before it has a plan: its language, its pipeline, its kind of product and the version
//! that it tagged last. Only names of files are looked at, and only at the top.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::git;
use crate::model::version::{Scheme, Version};

/// What a repository shows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The top of the repository; the folder itself, if it is in none.
    pub top: PathBuf,
    /// The name of the product, as its folder is called.
    pub name: String,
    /// The language, with the file that shows it.
    pub language: Option<(Language, &'static str)>,
    /// The kind of product, with the file that shows it.
    pub product: Option<(ProductKind, &'static str)>,
    /// Where the pipelines run, if one is there.
    pub pipeline: Option<Pipeline>,
    /// The latest SemVer version that is tagged.
    pub latest: Option<semver::Version>,
}

/// A language, as far as its test runner matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust, with Cargo.
    Rust,
    /// JavaScript or TypeScript, with npm.
    JavaScript,
    /// Python.
    Python,
    /// Go.
    Go,
    /// Java or Kotlin, with Maven.
    Maven,
    /// Java or Kotlin, with Gradle.
    Gradle,
}

/// What a repository makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductKind {
    /// An app for phones.
    MobileApp,
    /// An interface for programs of others.
    Api,
    /// Something that runs as a service.
    Service,
    /// A package that others build on.
    Library,
}

/// Where pipelines run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipeline {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI/CD.
    GitLab,
}

/// The files that show a language; the first that is there decides.
const LANGUAGES: &[(&str, Language)] = &[
    ("Cargo.toml", Language::Rust),
    ("go.mod", Language::Go),
    ("pyproject.toml", Language::Python),
    ("setup.py", Language::Python),
    ("requirements.txt", Language::Python),
    ("pom.xml", Language::Maven),
    ("build.gradle", Language::Gradle),
    ("build.gradle.kts", Language::Gradle),
    ("package.json", Language::JavaScript),
];

/// The files that show what a repository makes; the first that is there decides.
const PRODUCTS: &[(&str, ProductKind)] = &[
    ("pubspec.yaml", ProductKind::MobileApp),
    ("Podfile", ProductKind::MobileApp),
    ("fastlane", ProductKind::MobileApp),
    ("AndroidManifest.xml", ProductKind::MobileApp),
    ("openapi.yaml", ProductKind::Api),
    ("openapi.yml", ProductKind::Api),
    ("openapi.json", ProductKind::Api),
    ("buf.yaml", ProductKind::Api),
    ("Dockerfile", ProductKind::Service),
    ("Containerfile", ProductKind::Service),
    ("compose.yaml", ProductKind::Service),
    ("docker-compose.yml", ProductKind::Service),
    ("Procfile", ProductKind::Service),
    ("src/lib.rs", ProductKind::Library),
    ("setup.py", ProductKind::Library),
    ("Package.swift", ProductKind::Library),
];

const PIPELINES: &[(&str, Pipeline)] = &[
    (".github/workflows", Pipeline::GitHub),
    (".gitlab-ci.yml", Pipeline::GitLab),
    (".github", Pipeline::GitHub),
];

impl Survey {
    /// Looks at a folder and at the repository that it lies in. The folder need not exist.
    pub fn of(folder: &Path) -> Survey {
        let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
        let top = git::top(existing).unwrap_or_else(|| folder.to_owned());
        let latest = git::tags(existing).iter().filter_map(|tag| release_version(tag)).max();
        let has = |name: &str| folder.join(name).exists() || top.join(name).exists();
        let found = |name: &&str| has(name);
        Survey {
            name: name_of(folder),
            language: LANGUAGES
                .iter()
                .find(|(name, _)| found(name))
                .map(|(name, language)| (*language, *name)),
            product: PRODUCTS.iter().find(|(name, _)| found(name)).map(|(name, kind)| (*kind, *name)),
            pipeline: PIPELINES.iter().find(|(name, _)| found(name)).map(|(_, pipeline)| *pipeline),
            latest,
            top,
        }
    }

    /// The path of a folder from the top of the repository, as a command line names it; nothing if it is the top.
    pub fn path_from_top(&self, folder: &Path) -> Option<String> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (folder, top) = (plain(&absolute(folder)), plain(&absolute(&self.top)));
        let inside = folder.strip_prefix(top).ok()?;
        let parts: Vec<String> =
            inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

/// A path with the links in the part of it that exists resolved.
fn plain(path: &Path) -> PathBuf {
    let mut rest: Vec<OsString> = Vec::new();
    let mut at = path;
    loop {
        if let Ok(real) = std::fs::canonicalize(at) {
            return rest.iter().rev().fold(real, |path, part| path.join(part));
        }
        match (at.parent(), at.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                at = parent;
            }
            _ => return path.to_owned(),
        }
    }
}

fn name_of(folder: &Path) -> String {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.components().next_back().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let letters = name.unwrap_or_default();
    let known: FxHashSet<char> = ['-', '_', '.', ' '].into_iter().collect();
    let name: String = letters.chars().filter(|c| c.is_alphanumeric() || known.contains(c)).collect();
    if name.trim().is_empty() { "Product".to_owned() } else { name.trim().to_owned() }
}

/// The version of a tag, if it is that of a release.
fn release_version(tag: &str) -> Option<semver::Version> {
    let version = Version::parse_as(tag, Scheme::SemVer)?;
    version.semver().filter(|version| version.pre.is_empty()).cloned()
}
