//! Signatures, by `ssh-keygen`. It is spawned with an environment of its own and reads files that were written for it,
//! so that nothing of the plan decides what it does.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Error;
use crate::model::signed;
use crate::verdict::signature::{Claim, SignatureState};

/// How long one call may take.
const LONGEST_CALL: Duration = Duration::from_secs(10);

/// How long all calls of a run may take.
const LONGEST_RUN: Duration = Duration::from_secs(120);

/// The most bytes of an answer that are looked at.
const LONGEST_ANSWER: usize = 4096;

/// Checks signatures against a file of allowed signers, each that is like another once.
pub fn check(claims: &[Claim], allowed_signers: &[u8]) -> Vec<SignatureState> {
    let mut distinct: FxHashMap<&Claim, usize> = FxHashMap::default();
    for claim in claims {
        let next = distinct.len();
        distinct.entry(claim).or_insert(next);
    }
    let mut all: Vec<(&Claim, usize)> = distinct.iter().map(|(claim, at)| (*claim, *at)).collect();
    all.sort_unstable_by_key(|(_, at)| *at);
    let states: Vec<SignatureState> = match Room::with(allowed_signers) {
        Ok(room) => {
            let begin = Instant::now();
            let state = |(claim, at): &(&Claim, usize)| match begin.elapsed() > LONGEST_RUN {
                true => unchecked("the signatures take more than two minutes to check"),
                false => room.check(claim, *at),
            };
            all.par_iter().map(state).collect()
        }
        Err(error) => vec![unchecked(&format!("no temporary folder: {error}")); all.len()],
    };
    claims.iter().filter_map(|claim| states.get(*distinct.get(claim)?).cloned()).collect()
}

/// Signs something with a key, which an agent may hold.
///
/// # Errors
///
/// What keeps `ssh-keygen` from signing.
pub fn sign(key: &Path, namespace: &str, payload: &[u8]) -> Result<String, Error> {
    let failed = |reason: String| Error::NotSigned { key: key.to_owned(), reason };
    if !key.is_file() {
        return Err(failed("no such file".to_owned()));
    }
    let room = Room::new().map_err(|error| failed(error.to_string()))?;
    let message = room.put("message", payload).map_err(|error| failed(error.to_string()))?;
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-q", "-n", namespace, "-f"]).arg(absolute(key));
    // A key with a passphrase asks at the terminal, and one in an agent is signed with there.
    for name in
        ["HOME", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "TERM", "SSH_SK_PROVIDER"]
    {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let input = File::open(message).map_err(|error| failed(error.to_string()))?;
    let output = hardened(&mut command, &room).stdin(input).output();
    let output = output.map_err(|error| failed(cannot_run(&error)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match signed::unarmored(&text).filter(|_| output.status.success()) {
        Some(signature) => Ok(signature),
        None => Err(failed(last_line(&output.stderr))),
    }
}

/// A folder of its own, removed at the end.
pub(super) struct Room {
    pub(super) folder: PathBuf,
}

impl Room {
    pub(super) fn new() -> io::Result<Room> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let parent = std::env::temp_dir();
        remove_abandoned(&parent);
        // A name that somebody else took is no folder of ours, and the next is tried.
        for _ in 0..64 {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let folder = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match create_private(&folder) {
                Ok(()) => return Ok(Room { folder }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn with(allowed_signers: &[u8]) -> io::Result<Room> {
        let room = Room::new()?;
        room.put("allowed_signers", allowed_signers)?;
        Ok(room)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, bytes)?;
        Ok(path)
    }

    fn check(&self, claim: &Claim, at: usize) -> SignatureState {
        let Some(signature) = signed::armored(&claim.signature) else {
            return SignatureState::malformed();
        };
        let files = self
            .put(&format!("{at}.sig"), signature.as_bytes())
            .and_then(|signature| Ok((signature, self.put(&format!("{at}.message"), &claim.payload)?)));
        let (signature, message) = match files {
            Ok(files) => files,
            Err(error) => return unchecked(&format!("its temporary files cannot be written: {error}")),
        };
        let state = self.ask(claim, &signature, &message);
        let _ = fs::remove_file(signature);
        let _ = fs::remove_file(message);
        state
    }

    fn ask(&self, claim: &Claim, signature: &Path, message: &Path) -> SignatureState {
        let mut command = Command::new("ssh-keygen");
        command
            .args(["-Y", "verify", "-f"])
            .arg(self.folder.join("allowed_signers"))
            .args(["-I", &claim.principal, "-n", claim.namespace, "-s"])
            .arg(signature)
            // Without a mark it is read in the time zone, which is set to be UTC.
            .arg(format!("-Overify-time={}", claim.time.format("%Y%m%d%H%M%S")));
        let input = match File::open(message) {
            Ok(input) => input,
            Err(error) => return unchecked(&error.to_string()),
        };
        let child = hardened(&mut command, self).stdin(input).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => return unchecked(&cannot_run(&error)),
        };
        let begin = Instant::now();
        // An answer of a line or two waits in its pipe.
        while let Ok(None) = child.try_wait() {
            if begin.elapsed() > LONGEST_CALL {
                let _ = child.kill();
                let _ = child.wait();
                return unchecked("ssh-keygen did not answer within ten seconds");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        match child.wait_with_output() {
            Ok(output) => read(claim, output.status.success(), &output.stdout, &output.stderr),
            Err(error) => unchecked(&error.to_string()),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folders of this process begin so.
const PREFIX: &str = "relplan-private-";

/// Removes the folders of processes that were killed, as far as the system says so.
fn remove_abandoned(parent: &Path) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for item in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = item.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        let is_number =
            |process: &&str| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
        if process.filter(is_number).is_some_and(|process| !processes.join(process).exists()) {
            let _ = fs::remove_dir_all(item.path());
        }
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// What `ssh-keygen` said of a signature.
fn read(claim: &Claim, success: bool, out: &[u8], err: &[u8]) -> SignatureState {
    let out = String::from_utf8_lossy(&out[..out.len().min(LONGEST_ANSWER)]).into_owned();
    let good = format!("Good \"{}\" signature for {} with ", claim.namespace, claim.principal);
    match out.strip_prefix(&good) {
        Some(key) if success => {
            let key = key.lines().next().unwrap_or_default().replacen(" key ", " ", 1);
            SignatureState::Valid { key: key.trim().to_owned() }
        }
        _ => refused(&last_line(err)),
    }
}

/// Why a signature is not valid, in words that say what to look at.
fn refused(said: &str) -> SignatureState {
    let has = |text: &str| said.contains(text);
    if has("unknown option") || has("Invalid option") || has("usage:") || has("illegal option") {
        return unchecked("this ssh-keygen cannot check signatures: OpenSSH 8.9 or later can");
    }
    let reason = match () {
        () if has("key has expired") => "its key had expired".to_owned(),
        () if has("key is not yet valid") => "its key was not valid yet".to_owned(),
        () if has("not permitted for use in signature namespace") => {
            "its key is not allowed in this namespace".to_owned()
        }
        () if has("namespace does not match") => "it was made for another purpose".to_owned(),
        () if has("incorrect signature") => "it does not match the record".to_owned(),
        () if has("parse signature") || has("armor") || has("missing header") || has("base64") => {
            "it is not an SSH signature".to_owned()
        }
        () if said.is_empty() => "no allowed signer has its key".to_owned(),
        () => format!("ssh-keygen says: {said}"),
    };
    SignatureState::Invalid { reason }
}

fn unchecked(reason: &str) -> SignatureState {
    SignatureState::Unchecked { reason: reason.to_owned() }
}

fn cannot_run(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "ssh-keygen is not installed".to_owned(),
        _ => format!("ssh-keygen cannot be run: {error}"),
    }
}

/// The last line that says something, without the path of the file of allowed signers.
fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_ANSWER)]).into_owned();
    let says = |line: &&str| !line.trim().is_empty() && !line.starts_with("Signing data");
    let line = text.lines().rev().find(says).unwrap_or_default();
    let line = line.rsplit_once("allowed_signers:").map_or(line, |(_, rest)| rest);
    line.chars().filter(|letter| !letter.is_control()).take(200).collect::<String>().trim().to_owned()
}

/// A path that means the same from another folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A command that inherits nothing but where programs are found.
fn hardened<'c>(command: &'c mut Command, room: &Room) -> &'c mut Command {
    let kept: Vec<_> =
        command.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    command
        .env_clear()
        .envs(kept)
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .current_dir(&room.folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
}
