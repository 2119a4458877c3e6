//! Questions about the operator's own machine.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use openssl::pkey::PKey;

use super::{
    super::{Answer, Ask, Digest, Error, FileSeen, certificates_in},
    MODE, read_with_facts, replace, undone, unsupported,
};

/// The end of the line that begins a private key of any kind.
const MARK: &[u8] = b"PRIVATE KEY-----";

/// The answer to one question about this machine.
pub(super) fn answer(ask: &Ask) -> Result<Answer, Error> {
    let answer = match ask {
        Ask::File(path) => found(file(path)),
        Ask::PublicFile(path) => found(file(path).map(|seen| without_key(path, seen))),
        Ask::Certificates(path) => {
            found(fs::read(path).map(|bytes| Answer::Said(certificates_in(&String::from_utf8_lossy(&bytes)))))
        }
        Ask::Exists(path) => found(fs::symlink_metadata(path).map(|_| Answer::Present)),
        Ask::Directory(path) => found(names(path).map(Answer::Names)),
        Ask::Clock => Ok(Answer::Clock(now())),
        Ask::Writable(path) => found(replace::is_writable(path)),
        Ask::Space(path) => space(path),
        Ask::PublicKeyOf(path) => found(fs::read(path).map(|pem| public_key_of(path, &pem))),
        Ask::Unit(_)
        | Ask::Units(_)
        | Ask::Version(_)
        | Ask::Processes(_)
        | Ask::Addresses
        | Ask::Resolved(_)
        | Ask::InterfaceAddresses(_)
        | Ask::EtcdMembers { .. }
        | Ask::Balancer(_) => Err(unsupported()),
    };
    answer.map_err(|source| undone(format!("answer {ask:?}"), source))
}

fn found(answer: io::Result<Answer>) -> io::Result<Answer> {
    match answer {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Answer::Absent),
        answer => answer,
    }
}

fn file(path: &Path) -> io::Result<Answer> {
    let (bytes, facts) = read_with_facts(path)?;
    Ok(Answer::File(FileSeen {
        bytes,
        mode: facts.mode() & MODE,
        owner: owner(facts.uid(), "/etc/passwd"),
        group: owner(facts.gid(), "/etc/group"),
        modified: facts.mtime(),
    }))
}

fn without_key(path: &Path, seen: Answer) -> Answer {
    let is_secret = seen.bytes().is_some_and(|bytes| bytes.windows(MARK.len()).any(|part| part == MARK));
    if is_secret { Answer::No(format!("{} holds a private key", path.display())) } else { seen }
}

fn public_key_of(path: &Path, pem: &[u8]) -> Answer {
    let key = PKey::private_key_from_pem_passphrase(pem, b"");
    match key.and_then(|key| key.public_key_to_der()) {
        Ok(public) => Answer::KeyDigest(Digest::of(&public).as_str().to_owned()),
        Err(_) => Answer::No(format!("{} holds no private key that can be read", path.display())),
    }
}

fn names(path: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The name of a number in `/etc/passwd` or `/etc/group`, or the number itself.
fn owner(number: u32, table: &str) -> String {
    let number = number.to_string();
    let table = fs::read_to_string(table).unwrap_or_default();
    let name = table.lines().find_map(|line| {
        let fields: Vec<_> = line.split(':').collect();
        (fields.get(2) == Some(&number.as_str())).then(|| fields[0].to_owned())
    });
    name.unwrap_or(number)
}

fn space(path: &Path) -> io::Result<Answer> {
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let seen = rustix::fs::statvfs(there)?;
    let inodes = if seen.f_files == 0 { u64::MAX } else { seen.f_favail };
    Ok(Answer::Space { bytes: seen.f_bavail.saturating_mul(seen.f_frsize), inodes })
}
