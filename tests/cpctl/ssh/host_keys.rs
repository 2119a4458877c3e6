//! Which server keys are believed, and how the others are told.

use cpctl::node::{
    Error,
    ssh::{SshOptions, connect},
};

use super::{
    Nobody, answers, reach,
    sshd::{HostKeys, Sshd},
};

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

    answers(&*reach(&sshd).unwrap());

    sshd.configure("StrictHostKeyChecking yes");
    answers(&*reach(&sshd).unwrap());
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

        answers(&*reach(&sshd).unwrap_or_else(|error| panic!("{pattern} {key}: {error:?}")));
    }
    sshd.forget();
    sshd.know(&sshd.pattern(), "rsa");
    sshd.hash();
    answers(&*reach(&sshd).unwrap());
    sshd.know("@revoked *", "rsa");
    assert!(matches!(reach(&sshd).err().unwrap(), Error::RevokedHostKey { .. }));
}

#[test]
fn a_machine_is_known_by_its_alias() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    sshd.know("node-one", "ed25519");
    sshd.configure("HostKeyAlias Node-One");

    answers(&*reach(&sshd).unwrap());
}

#[test]
fn a_server_with_a_certificate_is_known_by_its_plain_key() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519WithCertificate) else { return };
    sshd.know(&sshd.pattern(), "ed25519");

    answers(&*reach(&sshd).unwrap());
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
