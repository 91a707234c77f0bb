//! Signed approvals and decisions, and forgeries of them. OpenSSH signs and verifies; the Python package `sshsig` is the
//! second opinion.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Utc};
use relplan::config::Config;
use relplan::model::signed::{APPROVAL, DECISION};
use relplan::project::ssh;
use relplan::verdict::log::{Record, add, next, verify};
use relplan::verdict::signature::{Claim, SignatureState, claim_of_decision, claims};
use relplan::verdict::{ProofKind, Verdict};
use relplan::views::go_no_go::SignOffStatus;

use crate::judging::{APPROVALS, COMMIT, Ground, TODAY, load};
use crate::support::{accepted, code, err, out, relplan, skipped};

/// A pair of keys in a folder, made anew.
struct Key {
    path: PathBuf,
    /// Its public half, as it stands in a file of allowed signers.
    public: String,
}

impl Key {
    fn new(folder: &Path, name: &str) -> Option<Key> {
        let path = folder.join(name);
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
            .arg(&path)
            .status();
        if made.is_err() {
            skipped("no ssh-keygen");
            return None;
        }
        let public = std::fs::read_to_string(path.with_extension("pub")).expect("a public key");
        Some(Key { path, public: public.split(' ').take(2).collect::<Vec<_>>().join(" ") })
    }

    fn text(&self) -> &str {
        self.path.to_str().expect("a path")
    }
}

/// The plan that is GO, with the keys of two of its people. Quinn's is allowed for a time.
struct Signed {
    ground: Ground,
    quinn: Key,
    theo: Key,
    stranger: Key,
    _keys: tempfile::TempDir,
}

fn signed() -> Option<Signed> {
    let keys = tempfile::tempdir().expect("a folder");
    let [quinn, theo, stranger] = ["quinn", "theo", "stranger"].map(|name| Key::new(keys.path(), name));
    let (quinn, theo, stranger) = (quinn?, theo?, stranger?);
    let mut ground = Ground::go();
    let allowed = format!(
        "# Who signs with which key\n\
         quinn@example.com namespaces=\"relplan-*\",valid-after=\"20270101\",valid-before=\"20270601\" {}\n\
         theo@example.com namespaces=\"relplan-approval\" {}\n",
        quinn.public, theo.public
    );
    ground.put(&[("allowed_signers", Some(allowed.into_bytes()))]);
    ground.append("relplan.toml", "\n[signatures]\nallowed_signers = \"allowed_signers\"\n");
    Some(Signed { ground, quinn, theo, stranger, _keys: keys })
}

impl Signed {
    fn run(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = relplan(self.ground.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["--today", TODAY]).args(arguments).output().expect("relplan can be started")
    }

    fn approve(&self, more: &[&str]) -> std::process::Output {
        let approve = [
            "approve",
            "--role",
            "QA Lead",
            "--by",
            "quinn@example.com",
            "--release",
            "REL-300",
            "--gate",
            "readiness",
        ];
        self.run(&[&approve[..], more].concat())
    }

    /// Signs for Quinn, and takes what was written over into the plan in the place of what was only typed.
    fn sign(&mut self) {
        let key = self.quinn.text().to_owned();
        let output = self.approve(&["--sign", &key]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        assert!(err(&output).contains("signed with "), "{}", err(&output));
        let text = std::fs::read_to_string(self.ground.path().join(APPROVALS)).expect("the approvals");
        let typed = text.find("  - role: Technical Lead").expect("the second record");
        let text = format!("approvals:\n{}", &text[typed..]);
        self.ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
    }

    /// How the approval of the QA Lead stands: its verdict, what it rests on, and why.
    fn stands(&self) -> (Verdict, ProofKind, String) {
        let outcome = self.ground.judge();
        let check =
            outcome.report().checks.iter().find(|check| check.id == "readiness/QA Lead").expect("the check");
        (check.verdict, check.proof.kind, check.reason.clone())
    }

    fn profile(&mut self, setting: &str) {
        self.ground.replace(
            "relplan.toml",
            "[profiles.careful]\n",
            &format!("[profiles.careful]\n{setting}\n"),
        );
        self.ground.sign();
    }
}

#[test]
fn an_approval_is_signed_and_verified() {
    let Some(mut signed) = signed() else { return };
    let (verdict, kind, reason) = signed.stands();
    assert_eq!((verdict, kind), (Verdict::Pass, ProofKind::Attested), "{reason}");
    signed.sign();
    let (verdict, kind, reason) = signed.stands();
    assert_eq!((verdict, kind), (Verdict::Pass, ProofKind::Signed), "{reason}");
    let expect = "signed by Quinn (quinn@example.com) on 2027-03-10 with ED25519 SHA256:";
    assert!(reason.starts_with(expect), "{reason}");
    let outcome = signed.ground.judge();
    let status = |role: &str| {
        outcome.report().signatures.iter().find(|own| own.role.as_deref() == Some(role)).map(|own| own.status)
    };
    assert_eq!(status("QA Lead"), Some(SignOffStatus::Signed));
    assert_eq!(status("Technical Lead"), Some(SignOffStatus::Typed));
    let shown = out(&signed.run(&["report", "--commit", COMMIT, "--release", "REL-300"]));
    assert!(shown.contains("1 signed with a key, 4 typed"), "{shown}");
    // Layout is no part of what was signed.
    let text = signed.ground.text(APPROVALS).replace("- role: QA Lead\n", "- role: \"QA Lead\" # signed\n");
    let text = text.replace("approvals:\n", "# Ours\napprovals:\n");
    signed.ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
    assert_eq!(signed.stands().1, ProofKind::Signed, "{}", signed.ground.judge().words());
    // The same again says nothing new.
    let key = signed.quinn.text().to_owned();
    assert_eq!(code(&signed.approve(&["--sign", &key])), 2);
}

#[test]
fn what_would_not_verify_is_not_written() {
    let Some(signed) = signed() else { return };
    let before = signed.ground.text(APPROVALS);
    for (key, why) in [
        (signed.theo.text(), "it does not match"),
        (signed.stranger.text(), "no allowed signer has its key"),
        ("no-such-key", "no such file"),
        ("relplan.toml", "cannot sign with"),
    ] {
        let output = signed.approve(&["--sign", key]);
        assert_eq!(code(&output), 2, "{key}");
        let said = err(&output);
        assert!(said.contains(why) || said.contains("no allowed signer has its key"), "{key}: {said}");
        assert_eq!(std::fs::read_to_string(signed.ground.path().join(APPROVALS)).expect("a file"), before);
    }
}

#[test]
fn how_much_a_typed_approval_is_worth_is_the_profiles_to_say() {
    let Some(mut signed) = signed() else { return };
    signed.profile("unsigned_approvals = \"warn\"");
    let (verdict, kind, reason) = signed.stands();
    assert_eq!((verdict, kind), (Verdict::Warn, ProofKind::Asserted), "{reason}");
    assert!(reason.ends_with("; not signed"), "{reason}");
    assert!(signed.ground.judge().words().contains("--sign KEY`"));
    signed.ground.replace(
        "relplan.toml",
        "unsigned_approvals = \"warn\"",
        "unsigned_approvals = \"unknown\"",
    );
    signed.ground.sign();
    assert_eq!(signed.stands().0, Verdict::Unknown);
    signed.sign();
    let (verdict, kind, reason) = signed.stands();
    assert_eq!((verdict, kind), (Verdict::Pass, ProofKind::Signed), "{reason}");
}

#[test]
fn a_signature_counts_for_what_was_signed_and_as_long_as_its_key_is_allowed() {
    let Some(mut signed) = signed() else { return };
    signed.sign();
    let whole = signed.ground.text(APPROVALS);
    // The record that was signed is the last.
    let at = whole.rfind("  - role:").expect("a record");
    for (from, to) in [
        ("on: 2027-03-10", "on: 2027-03-09"),
        ("gate: readiness", "gate: production"),
        ("    digest:", "    expires: 2028-01-01\n    digest:"),
        ("    digest:", "    note: yes\n    digest:"),
    ] {
        assert!(whole[at..].contains(from), "{from}");
        let text = format!("{}{}", &whole[..at], whole[at..].replacen(from, to, 1));
        signed.ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        let words = signed.ground.judge().words();
        assert!(words.contains("the signature is invalid"), "{to}: {words}");
        assert!(words.starts_with("NO-GO"), "{to}: {words}");
    }
    signed.ground.put(&[(APPROVALS, Some(whole.into_bytes()))]);
    let allowed = signed.ground.text("allowed_signers");
    for (from, to, why) in [
        ("valid-before=\"20270601\"", "valid-before=\"20270301\"", "its key had expired"),
        ("valid-after=\"20270101\"", "valid-after=\"20270401\"", "its key was not valid yet"),
        ("relplan-*", "git", "its key is not allowed in this namespace"),
        ("quinn@example.com ", "quentin@example.com ", "no allowed signer has its key"),
    ] {
        signed.ground.put(&[("allowed_signers", Some(allowed.replace(from, to).into_bytes()))]);
        let (verdict, _, reason) = signed.stands();
        assert_eq!(verdict, Verdict::Fail, "{to}: {reason}");
        assert!(reason.contains(why), "{to}: {reason}");
    }
    // A change of who may sign is a change of the roster.
    let digest = |signed: &Signed| {
        load(signed.ground.path()).expect("a plan").config.roster_digest.expect("a roster").whole
    };
    let changed = digest(&signed);
    signed.ground.put(&[("allowed_signers", Some(allowed.into_bytes()))]);
    assert_ne!(changed, digest(&signed));
}

#[test]
fn what_cannot_be_checked_is_unknown() {
    let Some(mut signed) = signed() else { return };
    signed.sign();
    let mut command = relplan(signed.ground.path());
    command.env("PATH", "/nowhere").args([
        "--today",
        TODAY,
        "report",
        "--commit",
        COMMIT,
        "--release",
        "REL-300",
        "--format",
        "json",
    ]);
    let report: serde_json::Value =
        serde_json::from_str(&out(&command.output().expect("relplan can be started"))).expect("JSON");
    let checks = report["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["id"] == "readiness/QA Lead").expect("the check");
    assert_eq!(check["verdict"], "unknown");
    let reason = check["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("could not be checked: ssh-keygen is not installed"), "{reason}");
    assert!(check["next"].as_str().unwrap_or_default().contains("install OpenSSH"), "{check}");
    // Nor can it be where nobody says which keys are allowed.
    let text = signed.ground.text("relplan.toml");
    let text = text.replace("[signatures]\nallowed_signers = \"allowed_signers\"\n", "");
    signed.ground.put(&[("relplan.toml", Some(text.into_bytes()))]);
    let (verdict, _, reason) = signed.stands();
    assert_eq!(verdict, Verdict::Unknown, "{reason}");
    assert!(reason.contains("relplan.toml names no `allowed_signers`"), "{reason}");
    // A file that is not there, or not in the plan, is no way to say so.
    signed.ground.append("relplan.toml", "[signatures]\nallowed_signers = \"nowhere\"\n");
    assert_eq!(signed.ground.judge().code(), 2);
    signed.ground.replace("relplan.toml", "\"nowhere\"", "\"../allowed_signers\"");
    assert!(signed.ground.judge().words().contains("is not in the plan folder"));
}

#[test]
fn a_decision_is_signed_and_verified_with_its_log() {
    let Some(signed) = signed() else { return };
    let decide = |key: &Key, by: &str| {
        signed.run(&["decide", "--commit", COMMIT, "--release", "REL-300", "--by", by, "--sign", key.text()])
    };
    // Its time is the clock's, which is not the year of the plan: Quinn's key is allowed for a time.
    let allowed = signed.ground.text("allowed_signers");
    let for_ever = allowed.replace(",valid-after=\"20270101\",valid-before=\"20270601\"", "");
    std::fs::write(signed.ground.path().join("allowed_signers"), for_ever).expect("a file");
    assert_eq!(code(&decide(&signed.theo, "theo@example.com")), 2, "his key is for approvals alone");
    assert_eq!(code(&decide(&signed.stranger, "quinn@example.com")), 2);
    assert_eq!(code(&decide(&signed.theo, "quinn@example.com")), 2);
    assert!(!signed.ground.path().join("decisions.jsonl").exists());
    let output = decide(&signed.quinn, "Quinn");
    assert_eq!(code(&output), 0, "{}", err(&output));
    let unsigned = ["decide", "--commit", COMMIT, "--release", "REL-300", "--by", "Rhea"];
    assert_eq!(code(&signed.run(&unsigned)), 0);
    let verified = signed.run(&["decide", "--verify"]);
    assert_eq!(code(&verified), 0, "{}", out(&verified));
    let said = out(&verified);
    assert!(said.contains("signatures: 1 valid, 1 not signed\n"), "{said}");
    assert!(said.contains("decision 1 is signed by quinn@example.com with ED25519 SHA256:"), "{said}");
    // Whoever holds the log and the keys alone verifies it as well.
    let elsewhere = tempfile::tempdir().expect("a folder");
    for name in ["decisions.jsonl", "allowed_signers"] {
        std::fs::copy(signed.ground.path().join(name), elsewhere.path().join(name)).expect("a copy");
    }
    let alone = |more: &[&str]| {
        let mut command = relplan(elsewhere.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["decide", "--verify", "--log", "decisions.jsonl"]).args(more).output().expect("relplan")
    };
    assert_eq!(code(&alone(&["--allowed-signers", "allowed_signers"])), 0);
    let unknown = alone(&[]);
    assert_eq!(code(&unknown), 1);
    assert!(out(&unknown).contains("could not be checked: no file of allowed signers"), "{}", out(&unknown));
    // Whoever writes the log anew so that its chain is whole has no signature for it.
    let path = elsewhere.path().join("decisions.jsonl");
    let log = std::fs::read(&path).expect("the log");
    let records = verify(&log, None).expect("it verifies").records;
    let forged = rechained(&records, |record| record.note = Some("Sven agreed".to_owned()));
    std::fs::write(&path, forged).expect("a file");
    let output = alone(&["--allowed-signers", "allowed_signers"]);
    assert_eq!(code(&output), 1);
    let expect = "decision 1 has an invalid signature of quinn@example.com: it does not match the record";
    assert!(out(&output).contains(expect), "{}", out(&output));
}

/// A log of these records, the first of which says something else, with a chain that is whole.
fn rechained(records: &[Record], change: impl FnOnce(&mut Record)) -> Vec<u8> {
    let mut records = records.to_vec();
    change(&mut records[0]);
    records.into_iter().fold(Vec::new(), |log, record| {
        let record = next(&log, record).expect("a record");
        add(&log, &record).expect("a log").log
    })
}

#[test]
fn the_python_package_reads_the_same() {
    let Some(mut signed) = signed() else { return };
    signed.sign();
    let project = load(signed.ground.path()).expect("a plan");
    let plan = project.plan();
    let (_, claim) = claims(&plan, project.config.roster.as_ref()).pop().expect("a signature");
    let claim = claim.expect("a claim");
    let folder = tempfile::tempdir().expect("a folder");
    let check = |signature: &str, payload: &[u8], namespace: &str| {
        let armored = relplan::model::signed::armored(signature).expect("a signature");
        std::fs::write(folder.path().join("sig"), armored).expect("a file");
        std::fs::write(folder.path().join("message"), payload).expect("a file");
        accepted(folder.path(), &["sshsig", &signed.quinn.public, namespace, "sig", "message"])
    };
    check(&claim.signature, &claim.payload, APPROVAL).expect("it is valid");
    if check(&claim.signature, b"something else", APPROVAL) == Ok(String::new()) {
        // It was skipped.
        return;
    }
    assert!(check(&claim.signature, &claim.payload, DECISION).is_err());
    // And of a hundred forgeries of what is signed it takes none, either.
    let mut random = Random(7);
    for _ in 0..100 {
        let mut payload = claim.payload.clone();
        let at = random.below(payload.len());
        payload[at] ^= 1 << random.below(8);
        assert!(check(&claim.signature, &payload, APPROVAL).is_err());
    }
}

/// Numbers that look random and are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("a number")
    }
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decoded(text: &str) -> Vec<u8> {
    let value =
        |letter: &u8| LETTERS.iter().position(|own| own == letter).and_then(|at| u32::try_from(at).ok());
    let letters: Vec<u32> = text.as_bytes().iter().filter_map(value).collect();
    letters
        .chunks(4)
        .flat_map(|four| {
            let bits = (0..4).fold(0, |bits, at| bits << 6 | four.get(at).copied().unwrap_or(0));
            bits.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

fn encoded(bytes: &[u8]) -> String {
    let letters = bytes.chunks(3).flat_map(|three| {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        let letter = move |at: usize| match at <= three.len() {
            true => char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]),
            false => '=',
        };
        (0..4).map(letter).collect::<Vec<_>>()
    });
    letters.collect()
}

fn sign(key: &Key, namespace: &'static str, payload: &[u8]) -> String {
    ssh::sign(&key.path, namespace, payload).expect("it is signed")
}

/// Valid claims: approvals and decisions, by Quinn, and approvals by Theo.
fn genuine(signed: &Signed) -> Vec<Claim> {
    let time: DateTime<Utc> = "2027-03-10T12:00:00Z".parse().expect("a time");
    let mut all = Vec::new();
    for number in 0..4 {
        for (key, person) in [(&signed.quinn, "quinn@example.com"), (&signed.theo, "theo@example.com")] {
            let yaml = format!(
                "approvals:\n  - role: QA Lead\n    by: {person}\n    on: 2027-03-10\n    release: REL-{number}\n    \
                 digest: sha256:{number:064}\n    signature: x\n"
            );
            let config = Config::default();
            let file = relplan::source::SourceFile::new("plan.yaml", yaml);
            let content = relplan::model::document::read(relplan::source::FileId(0), &file, &config.families);
            let plan = relplan::model::Plan::new(vec![content]);
            let (_, claim) = claims(&plan, None).remove(0);
            let claim = claim.expect("a claim");
            let signature = sign(key, APPROVAL, &claim.payload);
            all.push(Claim { signature, ..claim });
        }
        let record = serde_json::json!({
            "version": 2, "sequence": number + 1, "previous": null, "time": time, "day": "2027-03-10", "today": null,
            "relplan": "0.1.0", "release": format!("REL-{number}"), "commit": null, "decision": "go", "confidence": 0.5,
            "profile": null, "gates": [], "checks": [], "blockers": [], "waivers": [], "by": "Quinn",
            "person": "quinn@example.com", "roster": null, "inputs": [], "note": null, "signature": "x",
        });
        let record: Record = serde_json::from_value(record).expect("a record");
        let signature = sign(&signed.quinn, DECISION, &record.payload().expect("JSON"));
        all.push(claim_of_decision(&Record { signature: Some(signature), ..record }).expect("a claim"));
    }
    all
}

/// A claim that somebody forged out of genuine ones, and how.
fn forge(genuine: &[Claim], made: &[Claim], random: &mut Random) -> (&'static str, Claim) {
    let claim = genuine[random.below(genuine.len())].clone();
    let other = loop {
        let other = &genuine[random.below(genuine.len())];
        if other.payload != claim.payload {
            break other.clone();
        }
    };
    let blob = decoded(&claim.signature);
    match random.below(16) {
        0 | 1 => {
            let mut blob = blob;
            let at = random.below(blob.len());
            blob[at] ^= 1 << random.below(8);
            ("a bit of the signature", Claim { signature: encoded(&blob), ..claim })
        }
        2 | 3 => {
            let mut payload = claim.payload.clone();
            let at = random.below(payload.len());
            payload[at] ^= 1 << random.below(8);
            ("a bit of the record", Claim { payload, ..claim })
        }
        4 => {
            let end = random.below(blob.len());
            ("a signature that is cut off", Claim { signature: encoded(&blob[..end]), ..claim })
        }
        5 => {
            let foreign = decoded(&other.signature);
            let at = 1 + random.below(blob.len().min(foreign.len()) - 1);
            let spliced = [&blob[..at], &foreign[at..]].concat();
            let differs = spliced != blob && spliced != foreign;
            let signature = if differs { encoded(&spliced) } else { encoded(&blob[..at]) };
            ("two signatures in one", Claim { signature, ..claim })
        }
        6 => ("the signature of another record", Claim { signature: other.signature, ..claim }),
        7 => ("the record of another signature", Claim { payload: other.payload, ..claim }),
        8 => {
            let names =
                ["theo@example.com", "rhea@example.com", "quinn@example.co", "*", "", "QUINN@example.com "];
            let wrong = |name: &&&str| **name != claim.principal;
            let names: Vec<&&str> = names.iter().filter(wrong).collect();
            let principal = (*names[random.below(names.len())]).to_owned();
            // What another person signed is not theirs.
            ("another person", Claim { principal, ..claim })
        }
        9 => {
            let namespace = if claim.namespace == APPROVAL { DECISION } else { APPROVAL };
            ("another namespace", Claim { namespace, ..claim })
        }
        10 => {
            let quinns: Vec<&Claim> =
                genuine.iter().filter(|claim| claim.principal.starts_with("quinn")).collect();
            let days = ["2026-12-31", "2027-06-01", "2020-01-01", "2038-01-19"];
            let day = days[random.below(days.len())];
            let time = format!("{day}T12:00:00Z").parse().expect("a time");
            ("a key that was not allowed then", Claim { time, ..quinns[random.below(quinns.len())].clone() })
        }
        11 | 12 => (
            "what was signed by somebody else, or for something else",
            made[random.below(made.len())].clone(),
        ),
        13 => {
            let mut blob = blob;
            let more = random.below(64) + 1;
            blob.extend((0..more).map(|_| u8::try_from(random.below(256)).unwrap_or(0)));
            ("a signature with a tail", Claim { signature: encoded(&blob), ..claim })
        }
        14 => {
            let length = random.below(400);
            let junk: Vec<u8> = (0..length).map(|_| u8::try_from(random.below(256)).unwrap_or(0)).collect();
            ("no signature at all", Claim { signature: encoded(&[b"SSHSIG", &junk[..]].concat()), ..claim })
        }
        _ => {
            let mut payload = claim.payload.clone();
            payload.push(b" \n\0x"[random.below(4)]);
            ("a record with a tail", Claim { payload, ..claim })
        }
    }
}

/// Signatures that are good in themselves, by the wrong key or for the wrong thing.
fn made(genuine: &[Claim], signed: &Signed) -> Vec<Claim> {
    let mut all = Vec::new();
    for claim in genuine {
        let wrong = if claim.principal.starts_with("quinn") { &signed.theo } else { &signed.quinn };
        for key in [wrong, &signed.stranger] {
            let signature = sign(key, claim.namespace, &claim.payload);
            all.push(Claim { signature, ..claim.clone() });
        }
        let own = if claim.principal.starts_with("quinn") { &signed.quinn } else { &signed.theo };
        for namespace in ["git", "file", "relplan", "relplan-approvals"] {
            let signature = sign(own, namespace, &claim.payload);
            all.push(Claim { signature, ..claim.clone() });
        }
        let signature = sign(&signed.theo, DECISION, &claim.payload);
        all.push(Claim {
            namespace: DECISION,
            principal: "theo@example.com".to_owned(),
            signature,
            ..claim.clone()
        });
    }
    all
}

fn none_of_so_many_is_accepted(count: usize) {
    let Some(signed) = signed() else { return };
    let allowed = signed.ground.text("allowed_signers").into_bytes();
    let genuine = genuine(&signed);
    for state in ssh::check(&genuine, &allowed) {
        assert!(matches!(state, SignatureState::Valid { .. }), "{state:?}");
    }
    let made = made(&genuine, &signed);
    let mut random = Random(0x5eed);
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    let mut left = count;
    while left > 0 {
        let batch = left.min(1000);
        let forged: Vec<(&str, Claim)> = (0..batch).map(|_| forge(&genuine, &made, &mut random)).collect();
        let all: Vec<Claim> = forged.iter().map(|(_, claim)| claim.clone()).collect();
        for ((kind, claim), state) in forged.iter().zip(ssh::check(&all, &allowed)) {
            assert!(matches!(state, SignatureState::Invalid { .. }), "{kind}: {state:?}: {claim:?}");
            *kinds.entry(kind).or_default() += 1;
        }
        left -= batch;
    }
    assert!(count < 300 || kinds.len() == 13, "{kinds:?}");
}

#[test]
fn no_forgery_is_accepted() {
    none_of_so_many_is_accepted(300);
}

#[test]
#[ignore = "ten thousand, once before a release"]
fn no_forgery_of_ten_thousand_is_accepted() {
    none_of_so_many_is_accepted(10_000);
}
