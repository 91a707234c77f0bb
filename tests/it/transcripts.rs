//! The transcripts of `tests/cmd/`, which are documentation: what they show is what relplan says.

use crate::support;

#[test]
fn transcripts_are_true() {
    trycmd::TestCases::new()
        .default_bin_name("relplan")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .case(support::project().join("tests/cmd/*.md").display().to_string());
}
