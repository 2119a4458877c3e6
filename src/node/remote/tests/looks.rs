//! Questions and their answers.

use std::sync::Mutex;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;
use crate::node::{Password, certificates_in};

#[test]
fn every_question_has_its_answer_in_order() {
    for shell in shells() {
        let machine = Machine::new(shell);
        let file = machine.put("it's a\nfile", b"\0\xffbytes\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        machine.put(".hidden", b"");
        symlink("nowhere", machine.at("dangling")).unwrap();
        let absent = machine.at("absent/file");

        let answers = machine
            .node
            .look(&[
                Ask::File(file.clone()),
                Ask::File(absent.clone()),
                Ask::Exists(machine.at("dangling")),
                Ask::File(machine.at("dangling")),
                Ask::Exists(absent.clone()),
                Ask::Directory(machine.dir.path().to_owned()),
                Ask::Clock,
                Ask::Space(absent),
                Ask::Writable(file.clone()),
            ])
            .unwrap();

        let Answer::File(seen) = &answers[0] else { panic!("{:?}", answers[0]) };
        assert_eq!((seen.bytes.as_slice(), seen.mode), (&b"\0\xffbytes\n"[..], 0o640), "{shell}");
        assert_eq!(seen.modified, fs::metadata(&file).unwrap().mtime());
        assert_eq!(answers[1], Answer::Absent);
        assert_eq!(&answers[2..5], [Answer::Present, Answer::Absent, Answer::Absent]);
        let names = [".hidden", "bin", "dangling", "it's a\nfile", "run"].map(String::from).to_vec();
        assert_eq!(answers[5], Answer::Names(names));
        assert!(matches!(answers[6], Answer::Clock(now) if now > 1_700_000_000));
        assert!(matches!(answers[7], Answer::Space { bytes: 1.., inodes: 1.. }), "{:?}", answers[7]);
        assert_eq!(answers[8], Answer::Yes);
        assert_eq!(fs::read_dir(machine.at("run")).unwrap().count(), 0, "a look leaves nothing behind");
    }
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    for shell in shells() {
        let machine = Machine::new(shell);

        let error = machine.node.look(&[Ask::Clock, Ask::File(machine.at("run"))]).unwrap_err();

        let node::Error::Deed { deed, source, .. } = &error else { panic!("{error:?}") };
        assert_eq!(deed, &format!("read {}", machine.at("run").display()));
        assert_eq!(source.to_string(), "it is not a regular file");
    }
}

#[test]
fn addresses_are_read_from_the_programs_that_know_them() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program("hostname", "#!/bin/sh\necho '10.0.0.1 fd00::1 '\n");
        machine.program(
            "ip",
            "#!/bin/sh\necho '1: lo    inet 127.0.0.1/8 scope host lo'\n\
            echo '2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0'\n\
            echo '2: eth0    inet 10.0.0.9/24 scope global eth0'\n\
            echo '7: cni0@if5    inet 10.1.0.1 peer 10.1.0.2/32 scope global cni0'\n",
        );

        let answers = machine
            .node
            .look(&[
                Ask::Addresses,
                Ask::InterfaceAddresses(["nope", "eth0", "cni0"].map(String::from).into()),
            ])
            .unwrap();

        assert_eq!(answers[0], Answer::Addresses(vec!["10.0.0.1".into(), "fd00::1".into()]));
        assert_eq!(answers[1], Answer::Addresses(vec!["10.0.0.1".into(), "10.1.0.1".into()]));

        machine.program("ip", "#!/bin/sh\necho 'it is broken' >&2\nexit 1\n");
        let error = machine.node.look(&[Ask::InterfaceAddresses(vec!["eth0".into()])]).unwrap_err();
        assert!(error.to_string().contains("list the addresses"), "{shell}: {error}");
    }
}

#[test]
fn only_the_digest_of_a_public_key_leaves_the_machine() {
    let machine = Machine::new("sh");
    let key = openssl::pkey::PKey::ec_gen("prime256v1").unwrap();
    let path = machine.put("server.key", &key.private_key_to_pem_pkcs8().unwrap());
    let text = machine.put("text", b"no key\n");

    let answers = machine.node.look(&[Ask::PublicKeyOf(path), Ask::PublicKeyOf(text.clone())]).unwrap();

    let digest = Digest::of(&key.public_key_to_der().unwrap());
    assert_eq!(answers[0], Answer::KeyDigest(digest.as_str().into()));
    assert_eq!(answers[1], Answer::No(format!("{} holds no private key that can be read", text.display())));
}

#[test]
fn a_file_that_holds_a_key_does_not_leave_the_machine() {
    for shell in shells() {
        let machine = Machine::new(shell);
        let public = machine.put("server.crt", b"-----BEGIN CERTIFICATE-----\n");
        let both =
            machine.put("both.pem", b"-----BEGIN CERTIFICATE-----\n\n-----BEGIN EC PRIVATE KEY-----\n");

        let answers = machine
            .node
            .look(&[
                Ask::PublicFile(public),
                Ask::PublicFile(both.clone()),
                Ask::PublicFile(machine.at("nothing")),
            ])
            .unwrap();

        assert_eq!(answers[0].bytes().unwrap(), b"-----BEGIN CERTIFICATE-----\n");
        assert_eq!(answers[1], Answer::No(format!("{} holds a private key", both.display())));
        assert_eq!(answers[2], Answer::Absent);
    }
}

#[test]
fn of_a_file_with_a_key_whole_certificates_alone_leave_the_machine() {
    let block = |what: &str, body: &str| format!("-----BEGIN {what}-----\n{body}\n-----END {what}-----\n");
    let (cert, other) = (block("CERTIFICATE", "QUJD"), block("CERTIFICATE", "REVG"));
    let key = block("EC PRIVATE KEY", "U0VDUkVU");
    let torn = "-----BEGIN CERTIFICATE-----\nQUJD\n";
    let held = STANDARD.encode(format!("{cert}{key}"));
    let kubeconfig = format!(
        "users:\n- name: admin\n  user:\n    client-certificate-data: {held}\n    client-key-data: {}\n",
        STANDARD.encode(&key)
    );
    let cases = [
        (format!("{cert}{key}"), cert.clone()),
        (format!("{key}text\n{cert}{other}"), format!("{cert}{other}")),
        (format!("{torn}{key}{other}"), other.clone()),
        (format!("{torn}-----END EC PRIVATE KEY-----\n{key}"), String::new()),
        (kubeconfig, cert.clone()),
        (key.clone(), String::new()),
        (cert.replace('\n', "\r\n"), cert.clone()),
        (cert.replace("QUJD", "QUJD\nsecret: U0VDUkVU"), String::new()),
        (format!("{}U0VDUkVU\n", cert.trim_end()), cert.clone()),
        (format!("client-certificate-data: '{held}'"), cert.clone()),
    ];
    for shell in shells() {
        let machine = Machine::new(shell);
        for (text, shown) in &cases {
            let path = machine.put("kubelet.pem", text.as_bytes());

            let answers =
                machine.node.look(&[Ask::Certificates(path), Ask::Certificates("/none".into())]).unwrap();

            assert_eq!(answers, [Answer::Said(shown.clone()), Answer::Absent], "{shell}: {text}");
            assert_eq!(&certificates_in(text), shown, "{text}");
        }
    }
}

#[test]
fn a_name_leads_where_the_machine_s_own_resolver_says() {
    let machine = Machine::new("sh");
    machine.program(
        "getent",
        "#!/bin/sh\n[ \"$2\" = cp.example.internal ] || exit 2\n\
        printf '10.0.0.3 STREAM cp.example.internal\\n10.0.0.3 DGRAM\\nfd00::3 STREAM\\n'\n",
    );

    let names = ["cp.example.internal", "nobody.internal"].map(|name| Ask::Resolved(name.into()));
    let answers = machine.node.look(&names).unwrap();

    let found = Answer::Addresses(vec!["10.0.0.3".into(), "fd00::3".into()]);
    assert_eq!(answers, [found, Answer::Addresses(vec![])]);
}

#[test]
fn a_resolver_that_does_not_tell_is_not_taken_for_a_name_that_leads_nowhere() {
    for (status, reason) in [
        (124, "getent gave no answer within 10 s"),
        (143, "getent gave no answer within 10 s"),
        (127, "getent ended with status 127"),
        (1, "getent ended with status 1"),
    ] {
        for shell in shells() {
            let machine = Machine::new(shell);
            machine.program("getent", &format!("#!/bin/sh\nexit {status}\n"));

            let answers = machine.node.look(&[Ask::Resolved("cp.example.internal".into())]).unwrap();

            assert_eq!(answers, [Answer::No(reason.into())], "{shell}");
        }
    }
}

/// Keeps what would be sent, and answers nothing.
#[derive(Default)]
struct Kept(Mutex<Vec<(String, String)>>);

impl Transport for Kept {
    fn exec(&self, line: &str, stdin: &[u8], _within: Duration) -> Result<Output, Error> {
        let stdin = String::from_utf8(stdin.to_vec()).unwrap();
        self.0.lock().unwrap().push((line.to_owned(), stdin));
        Ok(Output { status: 0, stdout: vec![], stderr: vec![] })
    }

    fn open(&self, _: &str, _: u16, _: Duration, _: Talk<'_>) -> Result<Reached, Error> {
        Ok(Reached::Refused)
    }
}

#[test]
fn what_parts_an_answer_stands_in_no_argument_that_others_on_the_machine_could_read() {
    let password = Password::new("s3cr3t".into());
    let node = Remote {
        name: "cp1".into(),
        host: "10.0.0.1".into(),
        transport: Kept::default(),
        privilege: Privilege::SudoWithPassword { user: "me".into(), password },
        places: Places::default(),
    };

    assert!(node.look(&[Ask::Clock]).is_err());

    let sent = node.transport.0.lock().unwrap();
    let [(line, stdin)] = &sent[..] else { panic!("{} exchanges", sent.len()) };
    let nonce = stdin.lines().find_map(|line| line.strip_prefix("cp_nonce=")).unwrap();
    assert_eq!(nonce.len(), 32, "{nonce}");
    assert!(!line.contains(nonce), "{line}");
}
