//! Machines over a real sshd on loopback, with keys made for the occasion.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::sshd::{HostKeys, Sshd, wait_until};
use cpctl::node::{
    Act, Answer, Ask, Command, Digest, Done, Error, NodeMut, Password,
    ssh::{Backend, Once, Prompt, SshOptions, connect},
};

pub struct Nobody;

impl Prompt for Nobody {
    fn passphrase(&self, _key: &Path, _again: bool) -> Option<Password> {
        None
    }
}

/// Types something wrong first, and counts.
struct Typist(AtomicU32);

impl Prompt for &Typist {
    fn passphrase(&self, _key: &Path, _again: bool) -> Option<Password> {
        let typed = if self.0.fetch_add(1, Ordering::Relaxed) == 0 { "wrong" } else { "open sesame" };
        Some(Password::new(typed.into()))
    }
}

fn reach(sshd: &Sshd) -> Result<Box<dyn NodeMut>, Error> {
    connect(&sshd.target(), &sshd.options(), &Nobody)
}

fn sh(script: &str) -> Act {
    Act::Run(Command::new("sh").arg("-c").arg(script))
}

pub fn clock(node: &dyn NodeMut) {
    assert!(matches!(node.look(&[Ask::Clock]).unwrap()[..], [Answer::Clock(1..)]));
}

#[test]
fn a_machine_is_asked_and_changed_over_one_connection() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let mut node = reach(&sshd).unwrap();
    let file = sshd.put("conf", "old\n");

    let done = node
        .act(&[
            Act::Read(file.clone()),
            Act::Write { path: file.clone(), before: Digest::of(b"old\n"), bytes: b"new\n".to_vec() },
            sh("head -c 20000000 /dev/zero; head -c 3000000 /dev/zero >&2"),
        ])
        .unwrap();

    assert_eq!((node.name(), node.host()), ("cp1", "127.0.0.1"));
    assert!(done[0] == Done::Read(Some(b"old\n".to_vec())) && done[1] == Done::Done);
    let Done::Output(output) = &done[2] else { panic!("{done:?}") };
    assert_eq!((output.stdout.len(), output.stderr.len()), (20_000_000, 3_000_000));
    assert_eq!(fs::read(&file).unwrap(), b"new\n");
    clock(&*node);
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn a_login_shell_that_talks_does_no_harm() {
    let talk = "ForceCommand echo Welcome; eval \"$SSH_ORIGINAL_COMMAND\"; echo Bye";
    let Some(sshd) = Sshd::start_with(HostKeys::Ed25519, talk) else { return };
    sshd.know(&sshd.pattern(), "ed25519");

    clock(&*reach(&sshd).unwrap());
}

#[test]
fn an_unknown_key_is_refused_with_the_fingerprint_that_ssh_keygen_prints() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };

    let error = reach(&sshd).err().unwrap();

    let Error::UnknownHostKey { algorithm, fingerprint, port, file, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!((*algorithm, *port), ("ED25519", sshd.port));
    assert_eq!(*fingerprint, sshd.fingerprint("ed25519"));
    assert_eq!(*file, sshd.at("known_hosts"));
    assert!(error.is_unreachable());
}

#[test]
fn an_unknown_key_is_written_down_where_the_user_told_ssh_to() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.configure("StrictHostKeyChecking accept-new");

    clock(&*reach(&sshd).unwrap());

    sshd.configure("StrictHostKeyChecking yes");
    clock(&*reach(&sshd).unwrap());
}

#[test]
fn a_changed_key_is_refused_whatever_the_user_told_ssh() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "other");
    sshd.configure("StrictHostKeyChecking no");

    let error = reach(&sshd).err().unwrap();

    let Error::ChangedHostKey { file, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*file, sshd.at("known_hosts"));
}

#[test]
fn keys_are_known_as_ssh_knows_them() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519AndRsa) else { return };
    let port = sshd.port;

    for (pattern, key) in [
        (sshd.pattern(), "rsa"),
        (format!("[127.0.0.*]:{port}"), "ed25519"),
        (format!("[127.0.0.?]:{port},other"), "rsa"),
        ("127.0.0.1".into(), "ed25519"),
        ("*".into(), "rsa"),
    ] {
        sshd.forget();
        sshd.know(&pattern, key);

        clock(&*reach(&sshd).unwrap_or_else(|error| panic!("{pattern} {key}: {error:?}")));
    }
    sshd.forget();
    sshd.know(&sshd.pattern(), "rsa");
    sshd.hash();
    clock(&*reach(&sshd).unwrap());
    sshd.know("@revoked *", "rsa");
    assert!(matches!(reach(&sshd).err().unwrap(), Error::RevokedHostKey { .. }));
}

#[test]
fn a_machine_is_known_by_its_alias() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know("node-one", "ed25519");
    sshd.configure("HostKeyAlias Node-One");

    clock(&*reach(&sshd).unwrap());
}

#[test]
fn a_server_with_a_certificate_is_known_by_its_plain_key() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519WithCertificate) else { return };
    sshd.know(&sshd.pattern(), "ed25519");

    clock(&*reach(&sshd).unwrap());
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
            clock(&*connect(&sshd.target(), &options, &prompt).unwrap());
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
    clock(&*reach(&sshd).unwrap());
}

#[test]
fn a_machine_is_reached_through_two_others() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(first) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(second) = Sshd::start(HostKeys::Ed25519AndRsa) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    for jump in [&first, &second] {
        sshd.adopt(jump);
    }
    let jump = format!("127.0.0.1:{},root@127.0.0.1:{}", first.port, second.port);
    let options = SshOptions { jump: Some(jump), ..sshd.options() };

    let mut node = connect(&sshd.target(), &options, &Nobody).unwrap();
    let done = node.act(&[sh("head -c 2000000 /dev/zero")]).unwrap();

    let Done::Output(output) = &done[0] else { panic!("{done:?}") };
    assert_eq!(output.stdout.len(), 2_000_000);
    assert_eq!((first.logins(), second.logins(), sshd.logins()), (1, 1, 1));
}

#[test]
fn the_key_of_a_machine_in_between_is_checked_too() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(jump) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let options = SshOptions { jump: Some(format!("127.0.0.1:{}", jump.port)), ..sshd.options() };

    let error = connect(&sshd.target(), &options, &Nobody).err().unwrap();

    assert!(matches!(error, Error::UnknownHostKey { port, .. } if port == jump.port), "{error:?}");
    assert_eq!(sshd.logins(), 0);
}

#[test]
fn the_users_own_ssh_does_the_same() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let options = || SshOptions { backend: Backend::System, ..sshd.options() };

    let unknown = connect(&sshd.target(), &options(), &Nobody).err().unwrap();
    sshd.know(&sshd.pattern(), "ed25519");
    let mut node = connect(&sshd.target(), &options(), &Nobody).unwrap();
    clock(&*node);
    let done = node.act(&[sh("head -c 2000000 /dev/zero; echo e >&2")]).unwrap();

    assert!(matches!(unknown, Error::UnknownHostKey { .. }), "{unknown:?}");
    let Done::Output(output) = &done[0] else { panic!("{done:?}") };
    assert_eq!((output.stdout.len(), output.stderr.as_slice()), (2_000_000, &b"e\n"[..]));
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn an_act_cut_off_by_a_dead_connection_goes_on_to_its_end_and_the_next_waits_for_it() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let file = sshd.put("conf", "old");
    let script = format!(
        "echo $$ >{pid}.new && mv {pid}.new {pid}; until [ -e {gate} ]; do sleep 0.02; done; echo end >{end}",
        pid = sshd.at("pid").display(),
        gate = sshd.at("gate").display(),
        end = sshd.at("end").display(),
    );
    let write = Act::Write { path: file.clone(), before: Digest::of(b"old"), bytes: b"new".to_vec() };
    let mut node = reach(&sshd).unwrap();
    let acting = std::thread::spawn(move || node.act(&[sh(&script), write]));
    wait_until(|| sshd.at("pid").exists());

    sshd.cut_above(fs::read_to_string(sshd.at("pid")).unwrap().trim());
    let broken = acting.join().unwrap();
    let mut again = reach(&sshd).unwrap();
    let end = sshd.at("end");
    let waiting = std::thread::spawn(move || again.act(&[Act::Read(end)]));
    sshd.put("gate", "");

    assert!(matches!(broken, Err(Error::Broken { .. })), "{broken:?}");
    assert!(waiting.join().unwrap().unwrap() == [Done::Read(Some(b"end\n".to_vec()))]);
    let left = fs::read_to_string(&file).unwrap();
    assert!(left == "old" || left == "new", "{left}");
}

#[test]
fn a_machine_that_no_longer_answers_is_given_up() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let options = SshOptions { silence: Some(Duration::from_millis(1500)), ..sshd.options() };
    let mut node = connect(&sshd.target(), &options, &Nobody).unwrap();
    let script =
        format!("echo $$ >{pid}.new && mv {pid}.new {pid}; exec sleep 600", pid = sshd.at("pid").display());
    let acting = std::thread::spawn(move || node.act(&[sh(&script)]));
    wait_until(|| sshd.at("pid").exists());
    let pid = fs::read_to_string(sshd.at("pid")).unwrap();

    let frozen = sshd.freeze_above(pid.trim());
    let outcome = acting.join().unwrap();
    drop(frozen);
    super::sshd::kill(pid.trim());

    assert!(
        matches!(&outcome, Err(Error::Broken { source, .. }) if source.kind() == std::io::ErrorKind::TimedOut),
        "{outcome:?}"
    );
}

#[test]
fn a_port_where_nobody_listens_is_an_error_with_its_address() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let free = super::sshd::free_port();
    let options = SshOptions { port: Some(free), ..sshd.options() };

    let error = connect(&sshd.target(), &options, &Nobody).err().unwrap();

    assert!(matches!(error, Error::Connect { at, .. } if at == format!("127.0.0.1:{free}")));
}
