//! The keys that log in: from files, behind a passphrase, from the agent.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use cpctl::node::{
    Error, Password,
    ssh::{Once, Prompt, SshOptions, connect},
};

use super::{
    Nobody, answers, reach,
    sshd::{HostKeys, Sshd},
};

/// Types something wrong first, and counts.
struct Typist(AtomicU32);

impl Prompt for &Typist {
    fn passphrase(&self, _key: &Path, _again: bool) -> Option<Password> {
        let typed = if self.0.fetch_add(1, Ordering::Relaxed) == 0 { "wrong" } else { "open sesame" };
        Some(Password::new(typed.into()))
    }
}

#[test]
fn a_key_with_a_passphrase_is_opened_and_its_passphrase_asked_for_once() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    for (kind, file) in [("ed25519", "locked"), ("rsa", "locked-rsa")] {
        let typist = Typist(AtomicU32::new(0));
        let prompt = Once::new(&typist);
        let options = SshOptions { identity: Some(sshd.locked_key(kind, file)), ..sshd.options() };

        let refused = connect(&sshd.target(), &options, &Nobody).err().unwrap();
        for _ in 0..2 {
            answers(&*connect(&sshd.target(), &options, &prompt).unwrap());
        }

        assert_eq!(typist.0.load(Ordering::Relaxed), 2, "once wrong, once right");
        let Error::Login { tried, .. } = &refused else { panic!("{refused:?}") };
        assert!(tried.contains(&format!("{file} (without its passphrase)")), "{tried}");
    }
}

#[test]
fn a_key_that_the_machine_does_not_take_is_named() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    sshd.put("authorized_keys", "");

    let error = reach(&sshd).err().unwrap();

    let Error::Login { user, tried, .. } = &error else { panic!("{error:?}") };
    assert_eq!((user.as_str(), tried.as_str()), ("root", sshd.at("id").to_str().unwrap()));
}

#[test]
fn the_agents_key_logs_in() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let agent = sshd.agent_with("id");
    fs::remove_file(sshd.at("id")).unwrap();
    let without = reach(&sshd);
    sshd.configure(&format!("IdentityAgent {}", agent.socket.display()));

    assert!(matches!(without.err().unwrap(), Error::Login { .. }));
    answers(&*reach(&sshd).unwrap());
}
