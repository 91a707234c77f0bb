//! Coverage.

use super::Case;

const LINES: &str = "{coverage: 80%}";
const BRANCHES: &str = "{coverage: {branches: 50%}}";

const fn case(
    name: &'static str,
    demand: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    verdict: &'static str,
    words: &'static [&'static str],
) -> Case {
    Case { name, demand, files, verdict, words }
}

pub const CASES: &[Case] = &[
    // Two packages with a file of one name.
    case(
        "two packages in LCOV",
        LINES,
        &[
            ("ci/packages/bar/lcov.info", b"TN:\nSF:src/index.ts\nDA:1,0\nDA:2,0\nDA:3,0\nDA:4,0\nend_of_record\n"),
            ("ci/packages/foo/lcov.info", b"TN:\nSF:src/index.ts\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nend_of_record\n"),
        ],
        "unknown|fail",
        &["src/index.ts"],
    ),
    case(
        "two packages in Cobertura",
        LINES,
        &[
            ("ci/a/c.xml", br#"<coverage><packages><package name="p"><classes><class name="C" filename="src/main.py"><lines><line number="1" hits="0"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>"#),
            ("ci/b/c.xml", br#"<coverage><packages><package name="p"><classes><class name="C" filename="src/main.py"><lines><line number="1" hits="1"/><line number="2" hits="1"/></lines></class></classes></package></packages></coverage>"#),
        ],
        "unknown|fail",
        &["src/main.py"],
    ),
    case(
        "two shards of one folder",
        LINES,
        &[
            ("ci/shard1.info", b"TN:\nSF:src/index.ts\nDA:1,1\nDA:2,1\nDA:3,0\nDA:4,0\nend_of_record\n"),
            ("ci/shard2.info", b"TN:\nSF:src/index.ts\nDA:1,0\nDA:2,0\nDA:3,1\nDA:4,1\nend_of_record\n"),
        ],
        "pass",
        &[],
    ),
    // Counts below zero.
    case(
        "negative count",
        LINES,
        &[("ci/l.info", b"TN:\nSF:src/a.c\nDA:1,5\nDA:2,-88\nDA:3,2\nDA:4,1\nDA:5,1\nDA:6,1\nend_of_record\n")],
        "pass",
        &["negative"],
    ),
    case(
        "only negative counts",
        LINES,
        &[("ci/l.info", b"TN:\nSF:src/a.c\nDA:1,-5\nDA:2,-88\nend_of_record\n")],
        "fail|unknown",
        &[],
    ),
    case(
        "negative branch",
        BRANCHES,
        &[("ci/l.info", b"TN:\nSF:src/a.c\nDA:1,1\nBRDA:1,0,0,-7\nBRDA:1,0,1,-7\nend_of_record\n")],
        "fail|unknown",
        &[],
    ),
    case(
        "a checksum behind the count",
        LINES,
        &[("ci/l.info", b"TN:\nSF:src/a.c\nDA:1,5,yXHzrZ7vGCwLYFHTXBTV6Q\nDA:2,1,yXHzrZ7vGCwLYFHTXBTV6Q\nend_of_record\n")],
        "pass",
        &[],
    ),
    // Records that do not end.
    case(
        "no end of record",
        LINES,
        &[("ci/l.info", b"TN:\nSF:a.c\nDA:1,1\n")],
        "unknown",
        &["create the report again, whole"],
    ),
    case(
        "a record begins in another",
        LINES,
        &[("ci/l.info", b"TN:\nSF:a.c\nDA:1,1\nSF:b.c\nDA:1,1\nend_of_record\n")],
        "unknown|pass",
        &[],
    ),
    case(
        "a summary that states less",
        LINES,
        &[("ci/l.info", b"TN:\nSF:a.c\nDA:1,1\nLF:100\nLH:1\nend_of_record\n")],
        "unknown|fail",
        &[],
    ),
    // Branches of methods.
    case(
        "branches in methods only",
        BRANCHES,
        &[("ci/c.xml", br#"<coverage version="7"><sources><source>/w</source></sources><packages><package name="p"><classes><class name="C" filename="a.pas"><methods><method name="m" signature=""><lines><line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="2" hits="1"/></lines></method></methods><lines/></class></classes></package></packages></coverage>"#)],
        "pass",
        &[],
    ),
    case(
        "branches in methods only, and too few",
        BRANCHES,
        &[("ci/c.xml", br#"<coverage version="7"><packages><package name="p"><classes><class name="C" filename="a.pas"><methods><method name="m" signature=""><lines><line number="1" hits="1" branch="true" condition-coverage="25% (1/4)"/></lines></method></methods><lines/></class></classes></package></packages></coverage>"#)],
        "fail",
        &["1 of 4"],
    ),
    case(
        "lines in methods and in the class count once",
        LINES,
        &[("ci/c.xml", br#"<coverage version="7"><packages><package name="p"><classes><class name="C" filename="a.pas"><methods><method name="m" signature=""><lines><line number="1" hits="1"/><line number="2" hits="1"/><line number="3" hits="1"/></lines></method></methods><lines><line number="1" hits="1"/><line number="2" hits="1"/><line number="3" hits="1"/><line number="4" hits="0"/></lines></class></classes></package></packages></coverage>"#)],
        "fail",
        &["3 of 4"],
    ),
    // Files without a name would hide each other.
    case(
        "LCOV without names",
        LINES,
        &[("ci/lcov.info", b"SF:\nDA:1,1\nDA:2,1\nend_of_record\nSF:\nDA:1,0\nDA:2,0\nend_of_record\n")],
        "unknown|fail",
        &["name of a file"],
    ),
    case(
        "LCOV with a blank name",
        LINES,
        &[("ci/lcov.info", b"TN:\nSF: \nDA:1,1\nDA:2,1\nend_of_record\n")],
        "unknown|fail",
        &["name of a file"],
    ),
];
