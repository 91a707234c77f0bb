use serde_json::json;

use super::*;
use crate::evidence::severity::{Rating, of_vector};

#[test]
fn the_worst_of_several_statements_counts() {
    let mut rating = Rating::default();
    rating.word("severity", Some(&json!("Moderate")));
    rating.score("score", Some(&json!("7.5")));
    rating.word("severity", Some(&json!("unknown")));
    rating.score("score", Some(&json!("")));
    rating.word("severity", Some(&json!(null)));
    assert_eq!(rating.finish(), (ScanSeverity::High, None));
    assert_eq!(Rating::default().finish(), (ScanSeverity::Unknown, None));
}

#[test]
fn what_cannot_be_read_may_be_any() {
    let check = |rate: &dyn Fn(&mut Rating), expect: &str| {
        let mut rating = Rating::default();
        rating.add(ScanSeverity::Low);
        rate(&mut rating);
        assert_eq!(rating.finish(), (ScanSeverity::Unknown, Some(expect.to_owned())));
    };
    check(
        &|rating| rating.word("s", Some(&json!("urgent"))),
        "`s` is `urgent`, which is not a known severity",
    );
    check(&|rating| rating.word("s", Some(&json!(3))), "`s` is `3`, which is not a known severity");
    check(
        &|rating| rating.score("s", Some(&json!(98))),
        "`s` is `98`, which is not a number from 0.0 to 10.0",
    );
    check(
        &|rating| rating.vector("s", "CVSS:3.1/AV:N"),
        "`s` is `CVSS:3.1/AV:N`, which is not a CVSS vector",
    );
}

#[test]
fn vectors_have_the_severity_of_their_score() {
    let check =
        |vector: &str, expect: Option<ScanSeverity>| assert_eq!(of_vector(vector), expect, "{vector}");
    check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(ScanSeverity::Critical));
    check("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Some(ScanSeverity::None));
    check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", Some(ScanSeverity::Critical));
    // What the environment makes worse counts, too.
    check("CVSS:3.1/AV:A/AC:L/PR:H/UI:N/S:U/C:N/I:N/A:N/MAV:P/MAC:H/MPR:N/MI:H", Some(ScanSeverity::Medium));
    check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", Some(ScanSeverity::Critical));
    check("AV:N/AC:L/Au:N/C:C/I:C/A:C", Some(ScanSeverity::High));
    for broken in
        ["", "CVSS:3.1", "CVSS:5.0/AV:N", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N/AC:L", "9.8", "ä/b", "::/::/"]
    {
        check(broken, None);
    }
    check(&"AV:N/".repeat(1000), None);
}

/// The crate that reads vectors must never panic, whatever stands in a report.
#[test]
fn mangled_vectors_are_refused() {
    let whole = [
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C/CR:H/MAV:P/MS:C/MC:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A/CR:H/MSI:S/MSA:S/S:P/AU:Y/R:A/V:D/RE:L/U:Red",
        "AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H",
    ];
    for vector in whole {
        for (at, _) in vector.char_indices() {
            let _ = of_vector(&vector[..at]);
            let _ = of_vector(&vector[at..]);
            for letter in "NALPHXSUCMR:/.0".chars() {
                let _ = of_vector(&format!("{}{letter}{}", &vector[..at], &vector[at + 1..]));
            }
        }
    }
}
