use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// Bytes that are not UTF-8.
    ///
    /// YAML files are UTF-8 (YAML 1.2 knows UTF-16 too, which relplan does not
    /// read). Each broken sequence was read as U+FFFD, the replacement character,
    /// so the text is not quite what its writer sees. In a file saved as Latin-1
    /// it is the `ü`:
    ///
    /// ```text
    /// title: R<FC>ckfall auf die letzte Version
    /// ```
    "RP0002", "invalid-utf8", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::InvalidUtf8 { span, count, wide } = defect else { return None };
        Some(if *wide {
            Report::at(*span, "the file is UTF-16 and was skipped").help("save it as UTF-8")
        } else {
            let places = words::count(*count, "place");
            let message = format!("the file is not valid UTF-8: invalid bytes at {places}");
            Report::at(*span, message).saying("the first").help("save it as UTF-8")
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_of;
    use crate::source::SourceFile;

    fn check(bytes: &[u8], expect: &str) {
        let found = findings_of(SourceFile::decode("plan.yaml", bytes.to_vec()), "");
        let messages: Vec<&str> = found
            .iter()
            .filter(|finding| finding.code == "RP0002")
            .map(|finding| &*finding.message)
            .collect();
        assert_eq!(messages, [expect]);
    }

    #[test]
    fn latin_1_is_found_once_for_each_file() {
        check(
            b"id: RUN-001\ntitle: R\xfcckfall\nowner: B\xf6ll\n",
            "the file is not valid UTF-8: invalid bytes at 2 places",
        );
    }

    #[test]
    fn utf_16_is_named_and_nothing_else_is_said_of_it() {
        let bytes: Vec<u8> = "\u{feff}id: RUN-001\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&bytes, "the file is UTF-16 and was skipped");
        let found = findings_of(SourceFile::decode("plan.yaml", bytes), "");
        assert_eq!(found.iter().filter(|finding| finding.code.starts_with("RP00")).count(), 1);
    }
}
