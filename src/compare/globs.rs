//! Whether one glob goes on to choose what another chose.

use globset::GlobBuilder;

/// Texts that stand for whatever a star may be, so unlikely that only a star fits all of them.
const SAMPLES: [&str; 3] = ["\u{1}q", "zz\u{2}9", "\u{3}"];

/// Whether `wide` surely chooses everything that `narrow` chooses. What cannot be told is not.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (plain(wide), plain(narrow));
    if wide == narrow {
        return true;
    }
    // Character classes and alternatives have no single sample.
    if narrow.contains(['[', '{', '\\']) {
        return false;
    }
    let Ok(glob) = GlobBuilder::new(wide).literal_separator(true).build() else { return false };
    let matcher = glob.compile_matcher();
    SAMPLES.iter().all(|sample| {
        let deep = format!("{sample}/{sample}/{sample}");
        let all = [narrow.replace("**", &deep), narrow.replace("**/", ""), narrow.replace("**", sample)];
        all.iter().all(|path| matcher.is_match(path.replace('*', sample).replace('?', "\u{4}")))
    })
}

fn plain(glob: &str) -> &str {
    glob.trim().trim_start_matches("./")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_glob_covers_a_narrower_one() {
        assert!(covers("reports/**", "reports/*.xml"));
        assert!(covers("reports/**/*.xml", "reports/*.xml"));
        assert!(covers("./reports/*.xml", "reports/*.xml"));
        assert!(covers("**/*.xml", "reports/unit.xml"));
        assert!(covers("reports/*", "reports/*.xml"));
    }

    #[test]
    fn a_narrower_glob_covers_no_wider_one() {
        assert!(!covers("reports/*.xml", "reports/**/*.xml"));
        assert!(!covers("reports/unit*.xml", "reports/*.xml"));
        assert!(!covers("reports/unit.xml", "reports/*.xml"));
        assert!(!covers("reports/?.xml", "reports/*.xml"));
        assert!(!covers("other/*.xml", "reports/*.xml"));
        assert!(!covers("reports/*.xml", "reports/*.{xml,json}"));
    }
}
