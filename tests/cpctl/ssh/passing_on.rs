//! Looking through a machine: an address as seen from there, with the built-in ssh and with the user's own.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use cpctl::node::{
    Node, NodeMut, Reached, Stream,
    local::Local,
    ssh::{Backend, SshOptions, connect},
};

use super::{
    Nobody, answers,
    sshd::{HostKeys, Sshd, free_port},
};

const BOTH: [Backend; 2] = [Backend::Libssh2, Backend::System];
const WITHIN: Duration = Duration::from_secs(20);

fn reach(sshd: &Sshd, backend: Backend) -> Box<dyn NodeMut> {
    sshd.forget();
    sshd.know(&sshd.pattern(), "ed25519");
    connect(&sshd.target(), &SshOptions { backend, ..sshd.options() }, &Nobody).unwrap()
}

/// A server that sends back what it is sent, up to the end of a line; its port.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = vec![];
            let _ = stream.try_clone().unwrap().take(6).read_to_end(&mut line);
            let _ = stream.write_all(&line);
        }
    });
    port
}

fn say(node: &dyn Node, host: &str, port: u16) -> (Reached, String) {
    let mut heard = String::new();
    let mut talk = |stream: &mut dyn Stream| {
        let _ = stream.write_all(b"hello\n");
        let _ = stream.read_to_string(&mut heard);
    };
    let reached = node.reach(host, port, WITHIN, &mut talk).unwrap();
    (reached, heard)
}

#[test]
fn an_address_is_talked_to_through_the_machine_and_the_machine_answers_afterwards() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    let port = echo();
    for backend in BOTH {
        let node = reach(&sshd, backend);

        for host in ["127.0.0.1", "localhost", "127.0.0.1"] {
            assert_eq!(say(&*node, host, port), (Reached::Talked, "hello\n".into()), "{backend:?} {host}");
        }

        answers(&*node);
    }
    assert_eq!(sshd.logins(), 2, "no connection but the one that is there");
}

#[test]
fn an_address_where_nobody_listens_is_refused_to_the_machine() {
    let Some(sshd) = Sshd::start(HostKeys::Ed25519) else { return };
    for backend in BOTH {
        let node = reach(&sshd, backend);

        let closed = say(&*node, "127.0.0.1", free_port());
        let nameless = say(&*node, "nowhere.invalid", 6443);

        assert_eq!([closed, nameless].map(|(reached, _)| reached), [Reached::Refused; 2], "{backend:?}");
        answers(&*node);
    }
}

#[test]
fn a_machine_that_passes_no_connections_on_is_told_from_an_address_where_nobody_listens() {
    for forbidding in ["AllowTcpForwarding no", "DisableForwarding yes", "PermitOpen none"] {
        let Some(sshd) = Sshd::start_with(HostKeys::Ed25519, forbidding) else { return };
        let port = echo();
        for backend in BOTH {
            let node = reach(&sshd, backend);

            let (reached, heard) = say(&*node, "127.0.0.1", port);

            assert_eq!((reached, heard.as_str()), (Reached::Forbidden, ""), "{backend:?} {forbidding}");
            answers(&*node);
        }
    }
}

#[test]
fn the_operators_own_machine_needs_nobody_in_between() {
    assert_eq!(say(&Local::new(), "127.0.0.1", echo()), (Reached::Talked, "hello\n".into()));
    assert_eq!(say(&Local::new(), "127.0.0.1", free_port()).0, Reached::Refused);
}
