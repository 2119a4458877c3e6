//! What is done on a machine, and what becomes of it where the connection dies.

use std::fs;

use cpctl::node::{
    Act, Digest, Done, Error,
    ssh::{SshOptions, connect},
};

use super::{
    Nobody, answers, reach, sh,
    sshd::{HostKeys, Sshd},
};
use crate::wait::until;

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
    answers(&*node);
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn a_login_shell_that_talks_does_no_harm() {
    let talk = "ForceCommand echo Welcome; eval \"$SSH_ORIGINAL_COMMAND\"; echo Bye";
    let Some(sshd) = Sshd::start_with(HostKeys::Ed25519, talk) else { return };
    sshd.know(&sshd.pattern(), "ed25519");

    answers(&*reach(&sshd).unwrap());
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
    until("the act is at work", || sshd.at("pid").exists());

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
