//! MicroK8s' functions as a run calls them, and a key that signs by itself.

use openssl::asn1::Asn1Time;

use super::*;
use crate::rehearse::Fault;

#[test]
fn the_new_name_and_all_the_old_ones_are_signed_for_the_same_key() {
    let alone = Alone::new(Part::Joined);
    let before = alone.served();

    alone
        .open()
        .act(&[edit(&alone.machine), function("refresh_csr_conf"), function("gen_server_cert")])
        .unwrap();

    let after = alone.served();
    let old = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster",
        "kubernetes.default.svc.cluster.local",
        "127.0.0.1",
        "10.152.183.1",
    ];
    assert_eq!(names(&before), [&old[..], &["192.0.2.11"]].concat());
    assert_eq!(names(&after), [&old[..], &["172.22.22.3", "192.0.2.11"]].concat());
    assert!(after.public_key().unwrap().public_eq(&before.public_key().unwrap()));
    let mut next = serial(&before);
    next.add_word(1).unwrap();
    assert_eq!(serial(&after), next);
}

#[test]
fn a_signed_certificate_is_the_cas_and_lasts_a_year() {
    let alone = Alone::new(Part::Joined);

    alone.act(function("gen_server_cert")).unwrap();

    let (served, ca) = (alone.served(), X509::from_pem(&alone.bytes(&cert("ca.crt"))).unwrap());
    let lasts = served.not_before().diff(served.not_after()).unwrap();
    let today = Asn1Time::from_unix(alone.machine.clock()).unwrap().diff(served.not_before()).unwrap();
    assert!(served.verify(&ca.public_key().unwrap()).unwrap());
    assert_eq!((lasts.days, lasts.secs), (365, 0));
    assert_eq!(today.days, 0);
    let subject: Vec<_> =
        served.subject_name().entries().map(|part| part.data().to_string().unwrap().to_string()).collect();
    assert_eq!(subject, ["GB", "Canonical", "Canonical", "Canonical", "Canonical", "127.0.0.1"]);
}

#[test]
fn a_function_is_known_however_it_is_wrapped() {
    let alone = Alone::new(Part::Joined);
    let utils = "/snap/microk8s/current/actions/common/utils.sh";
    let shell = Command::new("snap").arg("run").arg("--shell").arg("microk8s").arg("-c");

    for command in [
        Command::new(utils).arg("render_csr_conf"),
        Command::new("bash").arg(utils).arg("render_csr_conf"),
        shell.clone().arg("\"$SNAP/actions/common/utils.sh\" render_csr_conf"),
        shell.arg(format!("exec {utils} render_csr_conf")),
    ] {
        let rendered = alone.machine.path(&cert("csr.conf.rendered")).unwrap();
        std::fs::remove_file(&rendered).unwrap();
        alone.act(Act::Run(command)).unwrap();
        assert!(rendered.exists());
    }
}

#[test]
fn no_other_program_is_there() {
    let alone = Alone::new(Part::Joined);

    for command in [
        Command::new("microk8s").arg("refresh-certs").arg("-e").arg("server.crt"),
        Command::new("utils.sh").arg("produce_certs"),
        Command::new("utils.sh"),
        Command::new("echo").arg("gen_server_cert"),
    ] {
        assert!(matches!(alone.act(Act::Run(command)), Err(Error::Failed { status: 127, .. })));
    }
}

#[test]
fn a_configuration_that_openssl_refuses_leaves_the_certificate() {
    let alone = Alone::new(Part::Joined);
    let before = alone.served();
    let template = String::from_utf8(alone.bytes(&cert("csr.conf.template"))).unwrap();
    let broken = template.replace("IP.1 =", "ip.1 =");
    disk::overwrite(&alone.machine.path(&cert("csr.conf")).unwrap(), broken.as_bytes()).unwrap();

    let error = alone.act(function("gen_server_cert")).err().unwrap();

    assert!(matches!(&error, Error::Failed { status: 1, stderr, .. } if stderr.contains("ip.1")));
    assert_eq!(serial(&alone.served()), serial(&before));
}

#[test]
fn rendering_takes_effect_only_when_it_is_refreshed() {
    let alone = Alone::new(Part::Joined);
    let same = Act::Same { left: cert("csr.conf"), right: cert("csr.conf.rendered") };

    alone.open().act(&[edit(&alone.machine), function("render_csr_conf")]).unwrap();
    assert!(matches!(alone.act(same.clone()), Err(Error::Differ { .. })));
    alone.act(function("refresh_csr_conf")).unwrap();

    assert!(alone.act(same).is_ok());
}

#[test]
fn signing_on_a_full_disk_leaves_an_empty_file_as_openssl_does() {
    let alone = Alone::new(Part::Joined);
    alone.machine.set(Fault::DiskFull).unwrap();

    assert!(matches!(alone.act(function("refresh_csr_conf")), Err(Error::Failed { status: 1, .. })));

    assert!(alone.bytes(&cert("csr.conf.rendered")).is_empty());
}

#[test]
fn a_key_of_the_node_signs_as_openssl_would() {
    let alone = Alone::joined();
    let sign =
        |key: &str| Act::Sign { key: cert(key), digest: "sha256".into(), bytes: b"to be signed".into() };

    let done = alone.act(sign("ca.key")).unwrap();
    let absent = alone.act(sign("absent.key"));

    let Done::Output(output) = done else { panic!("{done:?}") };
    let key = X509::from_pem(&alone.bytes(&cert("ca.crt"))).unwrap().public_key().unwrap();
    let mut verifier = openssl::sign::Verifier::new(openssl::hash::MessageDigest::sha256(), &key).unwrap();
    assert!(verifier.verify_oneshot(&output.stdout, b"to be signed").unwrap());
    assert!(matches!(absent, Err(Error::Deed { .. })));
}
