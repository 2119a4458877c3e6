//! The user's own `ssh` against a real sshd: what it alone can do, and its refusals told as the built-in ones are.

use cpctl::node::{
    Done, Error, NodeMut, Target,
    ssh::{Backend, SshOptions, connect},
};

use super::{
    Nobody, answers, sh,
    sshd::{HostKeys, Sshd},
};

const BOTH: [Backend; 2] = [Backend::Libssh2, Backend::System];

fn with(sshd: &Sshd, backend: Backend) -> SshOptions {
    SshOptions { backend, ..sshd.options() }
}

fn reach(sshd: &Sshd, backend: Backend) -> Result<Box<dyn NodeMut>, Error> {
    connect(&sshd.target(), &with(sshd, backend), &Nobody)
}

#[test]
fn the_users_own_ssh_does_the_same() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let options = || SshOptions { backend: Backend::System, ..sshd.options() };

    let unknown = connect(&sshd.target(), &options(), &Nobody).err().unwrap();
    sshd.know(&sshd.pattern(), "ed25519");
    let mut node = connect(&sshd.target(), &options(), &Nobody).unwrap();
    answers(&*node);
    let done = node.act(&[sh("head -c 2000000 /dev/zero; echo e >&2")]).unwrap();

    assert!(matches!(unknown, Error::UnknownHostKey { .. }), "{unknown:?}");
    let Done::Output(output) = &done[0] else { panic!("{done:?}") };
    assert_eq!((output.stdout.len(), output.stderr.as_slice()), (2_000_000, &b"e\n"[..]));
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn an_unknown_key_is_refused_in_the_same_words_by_both() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519AndRsa) else { return };

    let told = BOTH.map(|backend| reach(&sshd, backend).err().unwrap());

    let Error::UnknownHostKey { algorithm, fingerprint, port, file, .. } = &told[1] else {
        panic!("{:?}", told[1])
    };
    assert_eq!((*algorithm, *port), ("ED25519", sshd.port));
    assert_eq!(*fingerprint, sshd.fingerprint("ed25519"));
    assert_eq!(*file, sshd.at("known_hosts"));
    assert_eq!(told[0].to_string(), told[1].to_string());
    assert_eq!(told[0].hint(), told[1].hint());
    assert!(!file.exists() && sshd.logins() == 0);
}

#[test]
fn a_changed_or_revoked_key_is_refused_in_the_same_words_by_both_whatever_the_user_told_ssh() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519WithCertificate) else { return };
    sshd.configure("StrictHostKeyChecking no");
    for (pattern, key) in [(sshd.pattern(), "other"), ("@revoked *".into(), "ed25519")] {
        sshd.forget();
        sshd.know(&pattern, key);

        let told = BOTH.map(|backend| reach(&sshd, backend).err().unwrap());

        let is_refused =
            |error: &Error| matches!(error, Error::ChangedHostKey { .. } | Error::RevokedHostKey { .. });
        assert!(told.iter().all(is_refused), "{told:?}");
        assert_eq!(told[0].to_string(), told[1].to_string());
        assert_eq!(told[0].hint(), told[1].hint());
        assert_eq!(sshd.logins(), 0);
    }
}

#[test]
fn the_key_that_is_refused_on_the_way_is_the_one_that_is_told() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(jump) = Sshd::start(HostKeys::Ed25519) else { return };
    let jumping =
        |backend| SshOptions { jump: Some(format!("root@127.0.0.1:{}", jump.port)), ..with(&sshd, backend) };
    let told = || BOTH.map(|backend| connect(&sshd.target(), &jumping(backend), &Nobody).err().unwrap());
    let port = |error: &Error| match error {
        Error::UnknownHostKey { port, .. } => *port,
        error => panic!("{error:?}"),
    };

    let of_jump = told();
    sshd.adopt(&jump);
    let of_target = told();
    sshd.know(&sshd.pattern(), "ed25519");

    assert_eq!(of_jump.each_ref().map(port), [jump.port; 2]);
    assert_eq!(of_target.each_ref().map(port), [sshd.port; 2]);
    for told in [of_jump, of_target] {
        assert_eq!(told[0].to_string(), told[1].to_string());
        assert_eq!(told[0].hint(), told[1].hint());
    }
    answers(&*connect(&sshd.target(), &jumping(Backend::System), &Nobody).unwrap());
}

#[test]
fn a_key_behind_a_proxy_command_is_told_too() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(between) = Sshd::start(HostKeys::Ed25519) else { return };
    through(&sshd, &between);

    let error = reach(&sshd, Backend::System).err().unwrap();

    assert!(
        matches!(&error, Error::UnknownHostKey { fingerprint, .. } if *fingerprint == sshd.fingerprint("ed25519")),
        "{error:?}"
    );
    assert!(error.hint().unwrap().contains("`ssh -o StrictHostKeyChecking=ask "), "{:?}", error.hint());
}

/// Makes the user's configuration lead to a machine through a command.
fn through(sshd: &Sshd, between: &Sshd) {
    sshd.adopt(between);
    between.configure("");
    for file in ["known_hosts", "id", "id.pub"] {
        std::fs::copy(sshd.at(file), between.at(file)).unwrap();
    }
    sshd.forget();
    sshd.configure(&format!(
        "Host 127.0.0.1\nProxyCommand ssh -F {} -p {} -W %h:%p root@127.0.0.1",
        between.at("ssh_config").display(),
        between.port
    ));
}

#[test]
fn a_proxy_command_is_for_the_users_own_ssh_alone() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let Some(between) = Sshd::start(HostKeys::Ed25519) else { return };
    through(&sshd, &between);
    sshd.know(&sshd.pattern(), "ed25519");

    let refused = reach(&sshd, Backend::Libssh2).err().unwrap();
    answers(&*reach(&sshd, Backend::System).unwrap());

    assert!(
        matches!(&refused, Error::Connect { source, .. } if source.to_string().contains("`--ssh system`")),
        "{refused:?}"
    );
    assert_eq!((between.logins(), sshd.logins()), (1, 1));
}

#[test]
fn a_user_certificate_logs_in_with_the_users_own_ssh() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    sshd.take_only_certificates();

    let refused = reach(&sshd, Backend::Libssh2).err().unwrap();
    let uncertified = reach(&sshd, Backend::System).err().unwrap();
    sshd.certify("id");
    answers(&*reach(&sshd, Backend::System).unwrap());

    assert!(matches!(refused, Error::Login { .. }), "{refused:?}");
    assert!(matches!(uncertified, Error::Connect { .. }), "{uncertified:?}");
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn a_security_key_logs_in_with_the_users_own_ssh() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let Some(key) = sshd.security_key("sk") else { return };

    let refused = reach(&sshd, Backend::Libssh2).err().unwrap();
    answers(&*reach(&sshd, Backend::System).unwrap());

    let told = format!("{} (a security key, for which `--ssh system` is needed)", key.display());
    assert!(refused.to_string().contains(&told), "{refused}");
    assert_eq!(sshd.logins(), 1);
}

#[test]
fn a_match_that_runs_a_program_leads_both_to_the_machine() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know(&sshd.pattern(), "ed25519");
    let gate = sshd.at("gate");
    sshd.configure(&format!(
        "Match originalhost somewhere exec \"test -e {}\"\nHostName 127.0.0.1\nPort {}\nMatch all",
        gate.display(),
        sshd.port
    ));
    let target = Target { user: Some("root".into()), ..Target::from_host("cp1", "somewhere") };
    let reach = |backend| connect(&target, &with(&sshd, backend), &Nobody);

    let astray = BOTH.map(|backend| reach(backend).err().unwrap());
    sshd.put("gate", "");

    for error in astray {
        assert!(matches!(&error, Error::Connect { at, .. } if at == "somewhere:22"), "{error:?}");
    }
    BOTH.iter().for_each(|backend| answers(&*reach(*backend).unwrap()));
}
