//! What tells a plan from all others: its name, or else the repository that it is kept in.

use std::path::Path;

use super::head;
use super::path_names::PathNames;

/// The name of a plan in letters that may stand in the UID of an event: as `[plan]` states it, or else made of
/// the address of the repository and the folder of the plan in it, or else of the plan's folder.
pub(super) fn identity(name: Option<&str>, root: &Path, path_names: &mut PathNames) -> String {
    if let Some(name) = name.map(slug).filter(|name| !name.is_empty()) {
        return name;
    }
    let folder = path_names.name(&root.join("relplan.toml")).unwrap_or_default();
    let folder = folder.trim_end_matches("relplan.toml");
    let whole = match head::origin(root) {
        Some(origin) => format!("{}/{folder}", address(&origin)),
        None => match path_names.folder_name() {
            Some(name) => format!("{name}/{folder}"),
            None => folder.to_owned(),
        },
    };
    slug(&whole)
}

/// The host and path of a repository, the same for every protocol: without login and ending.
fn address(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.trim_end_matches('/').trim_end_matches(".git")
}

/// A text in letters, digits, points and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.trim().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() || letter == '.' => {
                slug.push(letter.to_ascii_lowercase())
            }
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_repository_is_one() {
        for origin in [
            "https://github.com/Acme/checkout.git",
            "git@github.com:Acme/checkout.git",
            "ssh://git@github.com/Acme/checkout",
            "https://x-access-token:abc@github.com/Acme/checkout/",
        ] {
            assert_eq!(slug(address(origin)), "github.com-acme-checkout", "{origin}");
        }
    }

    #[test]
    fn a_name_comes_before_the_repository_and_that_before_the_folder() {
        let at = tempfile::tempdir().expect("a folder");
        let root = at.path().join("Shop/app");
        std::fs::create_dir_all(&root).expect("a folder");
        let check = |name: Option<&str>, plan: &Path| identity(name, plan, &mut PathNames::of(plan, None));
        assert_eq!(check(Some("Cloud Connect!"), &root), "cloud-connect");
        assert_eq!(check(None, &root), "app");
        let git = at.path().join("Shop/.git");
        std::fs::create_dir(&git).expect("a folder");
        std::fs::write(git.join("HEAD"), "ref: refs/heads/main\n").expect("a file");
        assert_eq!(check(None, &root), "shop-app");
        let config = "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = x\n[remote \"origin\"]\n\turl = git@github.com:acme/shop.git\n";
        std::fs::write(git.join("config"), config).expect("a file");
        assert_eq!(check(None, &root), "github.com-acme-shop-app");
        assert_eq!(check(None, &at.path().join("Shop")), "github.com-acme-shop");
    }
}
