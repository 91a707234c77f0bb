//! Configuration files of environments, compared with those of production.

use crate::support::{code, err, folder, out, run};

/// A plan with staging and production, each with its files.
fn plan(staging: &str, production: &str, more: &str) -> String {
    format!(
        "- id: DEP-001\n  title: Staging\n  type: Environment\n  name: staging\n  promotes_to: DEP-002\n  \
         configuration_files: [{staging}]\n{more}- id: DEP-002\n  title: Production\n  type: Environment\n  \
         name: production\n  configuration_files: [{production}]\n"
    )
}

/// What `check` says of the files.
fn found(files: &[(&str, &[u8])], plan: &str) -> Vec<String> {
    let folder = folder(&[("plan/plan.yaml", plan), ("relplan.toml", "")]);
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let output = run(folder.path(), &["check", "--format", "concise", "--today", "2026-11-20"]);
    let all = out(&output);
    let wanted = |line: &&str| line.contains("[configuration-file") || line.contains("[unused-drift");
    let lines = all.lines().filter(wanted).map(|line| line.replace("warning[", "[").replace("error[", "["));
    lines.collect()
}

#[test]
fn missing_keys_types_and_values_are_drift() {
    let staging =
        b"A=1\nONLY_HERE=x\nTYPE=5432\nVALUE=one\nLOG_LEVEL=debug\nAPP_ENV=staging\nAPI_KEY=hunter2hunter2\n";
    let production =
        b"A=1\nONLY_THERE=x\nTYPE=db\nVALUE=two\nLOG_LEVEL=info\nAPP_ENV=production\nAPI_KEY=other3other3\n";
    let files: [(&str, &[u8]); 2] = [("deploy/staging.env", staging), ("deploy/production.env", production)];
    let accepted = "  accepted_drift: [LOG_LEVEL (verbose)]\n";
    let found = found(&files, &plan("deploy/staging.env", "deploy/production.env", accepted));
    assert_eq!(
        found,
        [
            "plan/plan.yaml:6:25: [configuration-file-drift] DEP-001: `ONLY_THERE` is set in production (DEP-002), but not here",
            "deploy/staging.env:2:1: [configuration-file-drift] DEP-001: `ONLY_HERE` is set here, but not in production (DEP-002)",
            "deploy/staging.env:3:1: [configuration-file-drift] DEP-001: `TYPE` is a number, but a text in production (DEP-002)",
            "deploy/staging.env:4:1: [configuration-file-drift] DEP-001: `VALUE` is `one`, but `two` in production (DEP-002)",
        ]
    );
}

#[test]
fn formats_and_encodings_are_compared_by_what_they_say() {
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("db:\r\n  port: 5432\r\n".bytes().flat_map(|byte| [byte, 0]))
        .collect();
    let files: [(&str, &[u8]); 4] = [
        ("s.yaml", &utf_16),
        ("p.json", b"{\"db\": {\"port\": 5432}}"),
        ("marked.env", b"\xef\xbb\xbfA=1\r\n"),
        ("plain.env", b"export A = '1' # one\n"),
    ];
    assert_eq!(found(&files, &plan("s.yaml", "p.json", "")), [""; 0]);
    assert_eq!(found(&files, &plan("marked.env", "plain.env", "")), [""; 0]);
    let layered: [(&str, &[u8]); 3] =
        [("a.env", b"A=1\nB=1\n"), ("b.env", b"B=2\n"), ("p.env", b"A=1\nB=2\n")];
    assert_eq!(found(&layered, &plan("a.env, b.env", "p.env", "")), [""; 0]);
    let trees: [(&str, &[u8]); 2] =
        [("s.yaml", b"db: {host: a, port: 1}\n"), ("p.yaml", b"db: {host: b, port: 2}\n")];
    let accepted = "  accepted_drift: ['db.* (another cluster)']\n";
    assert_eq!(found(&trees, &plan("s.yaml", "p.yaml", accepted)), [""; 0]);
}

/// What cannot be read is never taken for the same.
#[test]
fn files_that_cannot_be_read_are_findings_at_their_place() {
    let good: (&str, &[u8]) = ("good.env", b"A=1\n");
    let huge = vec![b'#'; 1024 * 1024 + 1];
    for (name, bytes, expect) in [
        (
            "bad.env",
            Some(&b"A=1\nA=2\n"[..]),
            "bad.env:2:1: [configuration-file-invalid] DEP-001: `bad.env`: duplicate key `A`",
        ),
        (
            "bad.env",
            Some(b"A\n"),
            "bad.env:1:1: [configuration-file-invalid] DEP-001: `bad.env`: a line without `=`",
        ),
        (
            "bad.env",
            Some(b"A='x\n"),
            "bad.env:1:1: [configuration-file-invalid] DEP-001: `bad.env`: the quote is not closed",
        ),
        ("bad.json", Some(b"{\"a\": [1,\n"), "bad.json"),
        (
            "bad.yaml",
            Some(b"a: b\na: c\n"),
            "bad.yaml:2:1: [configuration-file-invalid] DEP-001: `bad.yaml`: duplicate key",
        ),
        ("bad.env", Some(b"A=\xe9\n"), "the file is neither UTF-8 nor UTF-16"),
        ("bad.env", Some(&huge), "the file is larger than 1 MiB"),
        ("bad.json", Some(b"{\"a\": 1,}\n"), "bad.json:1:9: [configuration-file-invalid]"),
        ("bad.toml", Some(b"a = 1\n"), "the format is not known"),
        (
            "none.env",
            None,
            "plan/plan.yaml:6:25: [configuration-file-invalid] DEP-001: `none.env` cannot be read: it does not exist",
        ),
        ("../out.env", None, "leads out of the folder"),
        ("/etc/hosts", None, "leads out of the folder"),
        ("plan", None, "it is not a file"),
    ] {
        let mut files = vec![good];
        files.extend(bytes.map(|bytes| (name, bytes)));
        let found = found(&files, &plan(name, "good.env", ""));
        assert!(found.iter().any(|line| line.contains(expect)), "{name}: {found:#?}");
        assert!(found.iter().all(|line| !line.contains("configuration-file-drift")), "{name}: {found:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = folder(&[("secret.env", "A=2\n")]);
    let folder = folder(&[
        ("plan/plan.yaml", plan("link.env", "good.env", "")),
        ("good.env", "A=1\n".to_owned()),
        ("relplan.toml", String::new()),
    ]);
    std::os::unix::fs::symlink(outside.path().join("secret.env"), folder.path().join("link.env"))
        .expect("a link");
    let output = run(folder.path(), &["check", "--format", "concise"]);
    assert!(out(&output).contains("leads out of the folder"), "{}", out(&output));
    assert!(!out(&output).contains("`A` is"), "{}", out(&output));
}

#[test]
fn secrets_are_compared_by_their_presence_and_never_shown() {
    let files = [
        ("plan/plan.yaml", plan("s.env", "p.env", "")),
        ("relplan.toml", String::new()),
        ("s.env", "DB_PASSWORD=violet-walrus-lantern\nNEXT=postgres://app:hunter2@db/orders\nSTRIPE_SECRET_KEY=\nX=1\n".to_owned()),
        ("p.env", "DB_PASSWORD=amber-otter-window\nNEXT=postgres://app:swordfish@db/orders\nSTRIPE_SECRET_KEY=sk_live_abcdefghijklmnop\n".to_owned()),
    ];
    let folder = folder(&files);
    for format in ["terminal", "concise", "json", "sarif", "junit", "github", "gitlab"] {
        let output = run(folder.path(), &["check", "--format", format]);
        let shown = out(&output) + &err(&output);
        assert_eq!(code(&output), 1, "{format}: {shown}");
        for secret in ["violet-walrus", "amber-otter", "hunter2", "swordfish", "sk_live_abcdefghijklmnop"] {
            assert!(!shown.contains(secret), "{format} shows {secret}: {shown}");
        }
        assert!(
            shown.contains("STRIPE_SECRET_KEY"),
            "{format}: a secret without a value is no drift: {shown}"
        );
    }
}

#[test]
fn accepted_drift_of_files_is_used() {
    let files: [(&str, &[u8]); 2] = [("s.env", b"LEVEL=debug\n"), ("p.env", b"LEVEL=info\n")];
    let plan = plan("s.env", "p.env", "  accepted_drift: [LEVEL (verbose)]\n  configuration: {A: x, B: y}\n")
        + "  configuration: {A: x, B: y}\n";
    assert_eq!(found(&files, &plan), [""; 0]);
    let same: [(&str, &[u8]); 2] = [("s.env", b"LEVEL=info\n"), ("p.env", b"LEVEL=info\n")];
    let unused = "[unused-drift] DEP-001: unused `accepted_drift` of `LEVEL`: it differs nowhere";
    let only_files = super::drift::plan("s.env", "p.env", "  accepted_drift: [LEVEL (verbose)]\n");
    for plan in [&plan, &only_files] {
        assert_eq!(found(&same, plan), [format!("plan/plan.yaml:7:20: {unused}")]);
        // A file that is not there may have any setting.
        assert!(!found(&same[..1], plan).iter().any(|line| line.contains("unused-drift")));
    }
}

#[test]
fn files_of_one_side_are_compared_with_nothing() {
    let files: [(&str, &[u8]); 1] = [("s.env", b"A=1\n")];
    let both = plan("s.env", "s.env", "");
    let without = |which: usize| {
        let mut lines: Vec<&str> = both.lines().collect();
        let named = (0..lines.len()).filter(|&at| lines[at].contains("configuration_files"));
        lines.remove(named.collect::<Vec<_>>()[which]);
        lines.join("\n") + "\n"
    };
    let says = "drift from production (DEP-002) unknown";
    assert_eq!(
        found(&files, &without(1)),
        [format!(
            "plan/plan.yaml:6:25: [configuration-file-drift] DEP-001: {says}: DEP-001 names configuration files, DEP-002 none"
        )]
    );
    assert_eq!(
        found(&files, &without(0)),
        [format!(
            "plan/plan.yaml:1:7: [configuration-file-drift] DEP-001: {says}: DEP-002 names configuration files, DEP-001 none"
        )]
    );
}

/// A secret is another one in each environment, be it of digits or of letters.
#[test]
fn a_secret_has_no_type() {
    let files: [(&str, &[u8]); 2] = [
        ("s.json", b"{\"password\": \"12345678\", \"port\": 1, \"token\": \"\"}"),
        ("p.json", b"{\"password\": 87654321, \"port\": 2, \"token\": \"abcdefgh\"}"),
    ];
    assert_eq!(
        found(&files, &plan("s.json", "p.json", "")),
        [
            "s.json:1:26: [configuration-file-drift] DEP-001: `port` is `1`, but `2` in production (DEP-002)",
            "s.json:1:37: [configuration-file-drift] DEP-001: `token` is empty, but a text in production (DEP-002)",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder =
        folder(&[("plan/plan.yaml", plan("pipe.env", "pipe.env", "")), ("relplan.toml", String::new())]);
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.env")).status();
    assert!(made.expect("mkfifo").success());
    let output = run(folder.path(), &["check", "--format", "concise"]);
    assert!(out(&output).contains("`pipe.env` cannot be read: it is not a file"), "{}", out(&output));
}

#[test]
fn the_value_of_a_secret_is_never_shown_however_short_it_is() {
    let files = [
        ("a.env", "PASSWORD=qx1 # now\nLOG=x\nDB_SECRET='qx2'\nLOG2=x\nTOKEN=\"qx3\nlines\"\nLOG3=x\n"),
        (
            "a.yaml",
            "db:\n  password: qx1\n  log: x\napi_token: qx2\nlog2: x\nsecrets: [qx3, lines]\nlog3: x\n",
        ),
        ("a.json", "{\"password\": \"qx1\",\n \"log\": 1,\n \"token\": \"qx2\",\n \"log2\": 1}"),
    ];
    for (name, text) in files {
        let plan = format!(
            "- {{id: DEP-1, title: S, type: Environment, stage: Deploy, name: staging, configuration_files: deploy/{name}}}\n\
             - {{id: DEP-2, title: P, type: Environment, stage: Deploy, name: production, configuration_files: deploy/b.env}}\n"
        );
        let path = format!("deploy/{name}");
        let plan = folder(&[
            ("plan/e.yaml", plan.as_str()),
            (path.as_str(), text),
            ("deploy/b.env", "X=1\n"),
            ("relplan.toml", "[plan]\nfiles = [\"plan/*.yaml\"]\n"),
        ]);
        for format in ["terminal", "json", "sarif", "markdown", "github"] {
            let output = run(plan.path(), &["check", "--format", format]);
            let shown = out(&output) + &err(&output);
            assert!(shown.contains("log") || shown.contains("LOG"), "{name} {format}: {shown}");
            for secret in ["qx1", "qx2", "qx3"] {
                assert!(!shown.contains(secret), "{name} {format} {secret}: {shown}");
            }
        }
    }
}
