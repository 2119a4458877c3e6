//! known_hosts lines and the verdicts on a server's key.

use std::process::Command;

use super::*;
use crate::node::left_out::left_out;

const ED: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA";

fn blob(text: &str) -> Vec<u8> {
    STANDARD.decode(text.split(' ').nth(1).unwrap()).unwrap()
}

fn judged(lines: &str, host: &str, port: u16) -> Verdict {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("known_hosts");
    OpenOptions::new().create_new(true).write(true).open(&file).unwrap().write_all(lines.as_bytes()).unwrap();
    let name = if port == 22 { host.to_owned() } else { format!("[{host}]:{port}") };
    let bare = (port != 22).then_some(host);
    match KnownHosts::read([&file].into_iter(), &name, bare).unwrap().judge(&blob(ED)) {
        Verdict::Changed(path) => {
            assert_eq!(path, file);
            Verdict::Changed("file".into())
        }
        Verdict::Revoked(path) => {
            assert_eq!(path, file);
            Verdict::Revoked("file".into())
        }
        verdict => verdict,
    }
}

#[test]
fn a_key_is_judged_as_ssh_judges_it() {
    let changed = || Verdict::Changed("file".into());
    let revoked = || Verdict::Revoked("file".into());
    let cases = [
        (format!("cp1 {ED}"), 22, Verdict::Known),
        (format!("cp1,10.0.0.1 {ED} a comment"), 22, Verdict::Known),
        (format!("CP1 {ED}"), 22, Verdict::Known),
        (format!("# cp1 {ED}"), 22, Verdict::Unknown),
        (format!("cp2 {ED}"), 22, Verdict::Unknown),
        (format!("cp1 {OTHER}"), 22, changed()),
        (format!("cp1 {OTHER}\ncp1 {ED}"), 22, Verdict::Known),
        (format!("cp? {ED}"), 22, Verdict::Known),
        (format!("c*1 {ED}"), 22, Verdict::Known),
        (format!("c*2 {ED}"), 22, Verdict::Unknown),
        (format!("*,!cp1 {ED}"), 22, Verdict::Unknown),
        (format!("[cp1]:2222 {ED}"), 2222, Verdict::Known),
        (format!("[cp1]:2222 {OTHER}"), 2222, changed()),
        (format!("[cp1]:2222 {ED}"), 22, Verdict::Unknown),
        (format!("cp1 {ED}"), 2222, Verdict::Known),
        (format!("cp1 {OTHER}"), 2222, Verdict::Unknown),
        (format!("cp1 {ED}\n[cp1]:2222 {OTHER}"), 2222, changed()),
        (format!("@revoked * {ED}\ncp1 {ED}"), 22, revoked()),
        (format!("@revoked cp1 {OTHER}\ncp1 {ED}"), 22, Verdict::Known),
        (format!("@revoked cp2 {ED}\ncp1 {ED}"), 22, Verdict::Known),
        (format!("@cert-authority cp1 {ED}"), 22, Verdict::Unknown),
        (format!("cp1 ssh-rsa {}", &ED[12..]), 22, Verdict::Unknown),
        ("cp1 ssh-ed25519 not-base64".into(), 22, Verdict::Unknown),
        ("cp1".into(), 22, Verdict::Unknown),
        ("|1|x|y ssh-ed25519".into(), 22, Verdict::Unknown),
        (String::new(), 22, Verdict::Unknown),
    ];

    for (lines, port, verdict) in cases {
        assert_eq!(judged(&lines, "cp1", port), verdict, "{lines} at port {port}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "ssh-keygen is the judge")]
fn names_hashed_by_ssh_keygen_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("known_hosts");
    let mut plain = OpenOptions::new().create_new(true).write(true).open(&file).unwrap();
    plain.write_all(format!("cp1 {ED}\n[cp1]:2222 {OTHER}\n").as_bytes()).unwrap();
    if Command::new("ssh-keygen").arg("-H").arg("-f").arg(&file).output().is_err() {
        return left_out("names that ssh-keygen hashes, because there is no ssh-keygen");
    }
    let hashed = fs::read_to_string(&file).unwrap();

    assert!(!hashed.contains("cp1"));
    assert_eq!(judged(&hashed, "cp1", 22), Verdict::Known);
    assert_eq!(judged(&hashed, "cp1", 2222), Verdict::Changed("file".into()));
    assert_eq!(judged(&hashed, "cp2", 22), Verdict::Unknown);
}

#[test]
fn files_that_are_not_there_hold_nothing_and_types_come_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("known_hosts");
    remember(&file, "cp1", &blob(ED)).unwrap();
    remember(&file, "cp1", &blob(OTHER)).unwrap();

    let known = KnownHosts::read([&dir.path().join("none"), &file].into_iter(), "cp1", None).unwrap();

    assert_eq!(known.key_types(), ["ssh-ed25519"]);
    assert_eq!(known.judge(&blob(OTHER)), Verdict::Known);
}
