//! What is told of a machine that cannot be reached: in time, and with a command that works as it is typed.

use std::{fs, net::TcpListener, process::Command, time::Duration};

use cpctl::node::{
    Error, Target,
    ssh::{Backend, SshOptions, connect},
};

use super::{
    Nobody, answers, sh,
    sshd::{HostKeys, Sshd, free_port, kill},
};
use crate::{
    harness::{Cpctl, Ran},
    wait::until,
};

/// The command in a hint, as a person types it.
fn typed(error: &Error) -> String {
    let hint = error.hint().unwrap();
    hint.split('`').find(|words| words.starts_with("ssh ")).unwrap_or_else(|| panic!("{hint}")).to_owned()
}

fn works(command: &str) -> Ran {
    Ran::of(Command::new("sh").arg("-c").arg(command)).exits(0)
}

#[test]
fn a_login_that_is_refused_comes_with_the_command_that_was_meant() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(jump) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    sshd.adopt(&jump);
    let key = sshd.at("a key");
    fs::copy(sshd.at("id"), &key).unwrap();
    let authorized = fs::read_to_string(sshd.at("authorized_keys")).unwrap();
    sshd.put("authorized_keys", "");
    let options = SshOptions {
        identity: Some(key),
        jump: Some(format!("root@127.0.0.1:{}", jump.port)),
        port: Some(sshd.port),
        user: Some("root".into()),
        ..sshd.options()
    };
    let target = Target::from_host("control-plane-1", "127.0.0.1");

    let error = connect(&target, &options, &Nobody).err().unwrap();
    sshd.put("authorized_keys", &authorized);
    works(&format!("{} true", typed(&error)));

    assert!(matches!(error, Error::Login { .. }), "{error:?}");
    assert_eq!(sshd.logins(), 1);
    assert!(!error.hint().unwrap().contains("control-plane-1"), "{:?}", error.hint());
}

#[test]
fn a_key_that_is_not_known_behind_a_jump_is_learnt_by_the_command_that_is_told() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(jump) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.adopt(&jump);
    let options = SshOptions { jump: Some(format!("root@127.0.0.1:{}", jump.port)), ..sshd.options() };

    let error = connect(&sshd.target(), &options, &Nobody).err().unwrap();
    let learn = error.hint().unwrap().rsplit('`').nth(1).unwrap().to_owned();
    works(&learn.replace("StrictHostKeyChecking=ask", "StrictHostKeyChecking=accept-new"));

    assert!(matches!(error, Error::UnknownHostKey { .. }), "{error:?}");
    answers(&*connect(&sshd.target(), &options, &Nobody).unwrap());
}

#[test]
fn a_machine_that_takes_a_connection_and_says_nothing_is_given_up_in_time() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    sshd.configure("ConnectTimeout 600");
    let reach = |backend| {
        let timeout = Some(Duration::from_millis(800));
        let options = SshOptions { port: Some(port), timeout, backend, ..sshd.options() };
        connect(&sshd.target(), &options, &Nobody).err().unwrap()
    };

    let [ours, systems] = [Backend::Libssh2, Backend::System].map(reach);

    let Error::Connect { at, source, .. } = &ours else { panic!("{ours:?}") };
    assert_eq!(
        (at.as_str(), source.to_string().as_str()),
        (&*format!("127.0.0.1:{port}"), "no answer within 0.8 s")
    );
    assert!(matches!(systems, Error::Connect { at, .. } if at == format!("127.0.0.1:{port}")));
}

#[test]
fn the_flag_for_requests_is_for_connections_over_ssh_too() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let node = format!("root@127.0.0.1:{}", silent.local_addr().unwrap().port());
    sshd.configure("ConnectTimeout 600");
    let config = sshd.at("ssh_config").display().to_string();
    let home = tempfile::tempdir().unwrap();

    let ran = Cpctl::at_home(home.path())
        .run(&["nodes", "-F", &config, "--node", &node, "--request-timeout", "900ms"])
        .exits(2);

    assert!(ran.stderr.contains("no answer within 0.9 s"), "{}", ran.shown());
}

#[test]
fn without_the_flag_the_users_own_limit_counts() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    sshd.configure("ConnectTimeout 1");
    let options = SshOptions { port: Some(silent.local_addr().unwrap().port()), ..sshd.options() };

    let error = connect(&sshd.target(), &options, &Nobody).err().unwrap();

    assert!(
        matches!(&error, Error::Connect { source, .. } if source.to_string() == "no answer within 1 s"),
        "{error:?}"
    );
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
    until("the act is at work", || sshd.at("pid").exists());
    let pid = fs::read_to_string(sshd.at("pid")).unwrap();

    let frozen = sshd.freeze_above(pid.trim());
    let outcome = acting.join().unwrap();
    drop(frozen);
    kill(pid.trim());

    assert!(
        matches!(&outcome, Err(Error::Broken { source, .. }) if source.kind() == std::io::ErrorKind::TimedOut),
        "{outcome:?}"
    );
}

#[test]
fn a_port_where_nobody_listens_is_an_error_with_its_address() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let free = free_port();
    let options = SshOptions { port: Some(free), ..sshd.options() };

    let error = connect(&sshd.target(), &options, &Nobody).err().unwrap();

    assert!(matches!(error, Error::Connect { at, .. } if at == format!("127.0.0.1:{free}")));
}
