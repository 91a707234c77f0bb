//! Why a scan proves nothing.

/// Why a scan proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScanTrouble {
    /// It says itself that it failed (SARIF 2.1.0, 3.20.14), or its process was killed or could not start.
    Failed,
    /// Its process ended with a code that means failure (SARIF 2.1.0, 3.20.10).
    ExitCode(i64),
    /// It does not say whether it was successful, though its format has it say so (SARIF 2.1.0, 3.20.14).
    NotStated,
    /// It notes an error of its own (SARIF 2.1.0, 3.20.21 and 3.20.22): rules that timed out, files that were not read.
    ErrorNoted,
    /// The file ends, or breaks, inside of it.
    CutOff,
    /// It has no list of results, not even an empty one (SARIF 2.1.0, 3.14.23).
    NoResults,
    /// It names nothing that was scanned.
    NothingScanned,
    /// It is a list of components, which nobody has scanned yet: a CycloneDX document without vulnerabilities.
    Inventory,
    /// Parts of it stand in other files (SARIF 2.1.0, 3.15).
    External,
}

impl ScanTrouble {
    /// The same in words that follow the name of the scan.
    pub fn words(self) -> String {
        match self {
            ScanTrouble::Failed | ScanTrouble::CutOff => "incomplete run".to_owned(),
            ScanTrouble::ExitCode(code) => format!("exit code {code}"),
            ScanTrouble::NotStated => "no `executionSuccessful`".to_owned(),
            ScanTrouble::ErrorNoted => "the scanner reports an error and may be incomplete".to_owned(),
            ScanTrouble::NoResults => "no list of results".to_owned(),
            ScanTrouble::NothingScanned => "no scan target".to_owned(),
            ScanTrouble::Inventory => "an inventory of components without vulnerabilities".to_owned(),
            ScanTrouble::External => "results in other files, which are not read".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            ScanTrouble::Failed | ScanTrouble::ExitCode(_) | ScanTrouble::ErrorNoted => {
                "find the error in the CI log, then scan again"
            }
            ScanTrouble::CutOff => "write the whole report again",
            ScanTrouble::NotStated => "let the scanner write `executionSuccessful` to its invocation",
            ScanTrouble::NoResults => {
                "check that the scanner ran: without findings it writes an empty list of results"
            }
            ScanTrouble::NothingScanned => {
                "check the path or image that is scanned, or write SARIF: `trivy … --format sarif`"
            }
            ScanTrouble::Inventory => {
                "scan it, and use the report of that scan: `trivy sbom --format json FILE`, `grype sbom:FILE -o sarif`"
            }
            ScanTrouble::External => "write one file, without external properties",
        }
    }
}
