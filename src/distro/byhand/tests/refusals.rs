//! What a node whose API server was set up by hand is refused for, before anything is changed.

use super::*;

fn ids(refused: Result<Option<Step>, Vec<Finding>>) -> Vec<&'static str> {
    refused.unwrap_err().into_iter().map(|finding| finding.code.id()).collect()
}

fn refused(change: impl FnOnce(Machine) -> Machine) -> Vec<&'static str> {
    ids(Cluster::old().on(change).plan(&[WANTED]))
}

fn without(mut machine: Machine, path: &str) -> Machine {
    machine.files.remove(Path::new(path));
    machine.public_keys.remove(Path::new(path));
    machine
}

fn with_key(mut machine: Machine, path: &str) -> Machine {
    machine.public_keys.insert(path.into(), "another key".into());
    machine
}

const CERTIFICATE: &str = "/var/lib/kubernetes/kubernetes.pem";

#[test]
fn a_server_that_was_given_no_certificate_is_refused_with_the_flags_that_it_needs() {
    let untold = Cluster::of("kube-apiserver-untold.service", "kubernetes.pem", "ca.pem", "kubernetes");
    let made = presented(&Authority::new().sign(&set(&["10.10.0.10", "10.0.0.1"])));

    let refusals = untold.plan_with(&["10.10.0.1"], &made, None).unwrap_err();

    insta::assert_snapshot!(read(&refusals));
}

#[test]
fn one_that_serves_the_names_from_where_it_signs_for_itself_is_refused_all_the_same() {
    let untold = Cluster::of("kube-apiserver-untold.service", "kubernetes.pem", "ca.pem", "kubernetes");
    let pem = String::from_utf8(untold.leaf.to_pem().unwrap()).unwrap();
    let copied = untold.on(|machine| machine.with_file("/var/run/kubernetes/apiserver.crt", &pem));

    assert_eq!(ids(copied.plan(&["kubernetes"])), ["self-signed"]);
}

#[test]
fn a_certificate_that_is_stored_with_its_key_is_never_read() {
    let both = |machine: Machine| {
        machine.with_file(
            CERTIFICATE,
            "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n",
        )
    };

    assert_eq!(refused(both), ["key-inside"]);
}

#[test]
fn a_machine_that_cannot_take_a_change_is_refused() {
    let lock = r#"{"run":"r7","operator":"ann@laptop","since":"2026-11-21T11:58:00Z"}"#;
    let read_only = |mut machine: Machine| {
        machine.refusals.insert("/var/lib/kubernetes".into(), "it is immutable".into());
        machine
    };

    assert_eq!(refused(|machine| machine.with_file("/var/lib/cpctl/lock", lock)), ["node-locked"]);
    assert_eq!(refused(|machine| Machine { ahead: 6, ..machine }), ["clock-off"]);
    assert_eq!(refused(|machine| Machine { space: (1_000, 1 << 20), ..machine }), ["disk-full", "disk-full"]);
    assert_eq!(refused(read_only), ["read-only"]);
}

#[test]
fn what_cannot_sign_is_refused() {
    let ca_key = "/var/lib/kubernetes/ca-key.pem";
    let key = "/var/lib/kubernetes/kubernetes-key.pem";

    assert_eq!(refused(|machine| without(machine, ca_key)), ["ca-key-missing"]);
    assert_eq!(refused(|machine| with_key(machine, ca_key)), ["key-mismatch"]);
    assert_eq!(refused(|machine| without(machine, "/var/lib/kubernetes/ca.pem")), ["key-mismatch"]);
    assert_eq!(refused(|machine| with_key(machine, key)), ["key-mismatch"]);
    assert_eq!(refused(|machine| without(machine, key)), ["key-mismatch"]);
    assert_eq!(refused(|machine| without(machine, CERTIFICATE)), ["reissue-impossible"]);
    assert_eq!(refused(|machine| machine.with_file(CERTIFICATE, "nonsense")), ["reissue-impossible"]);
}

#[test]
fn a_ca_key_that_does_not_belong_to_the_ca_is_refused_wherever_it_lies() {
    let cluster = Cluster::old();
    let wrong = Signer { public_key: "another key".into(), ..cluster.signer(Some("jumpbox")) };

    let refusals = cluster.plan_with(&[WANTED], &cluster.presented(), Some(&wrong)).unwrap_err();

    assert_eq!(refusals[0].code.id(), "key-mismatch");
    assert!(refusals[0].message.starts_with("/root/ca-key.pem on jumpbox is not the key of"));
}

#[test]
fn what_is_served_from_elsewhere_is_refused() {
    let cluster = Cluster::old();
    let foreign = presented(&Authority::new().sign(&set(&["kubernetes"])));
    let by_name = Cluster::old().started(|line| format!("{line} --tls-sni-cert-key=/a.pem,/a.key"));
    let older = cluster.on(|machine| {
        let other = Cluster::new().authority;
        let pem = String::from_utf8(other.sign(&set(&["kubernetes"])).to_pem().unwrap()).unwrap();
        let public = presented(&other.sign(&set(&["kubernetes"]))).leaf.public_key;
        let mut machine = machine.with_file(CERTIFICATE, &pem);
        machine.public_keys.insert("/var/lib/kubernetes/kubernetes-key.pem".into(), public);
        machine
    });

    assert_eq!(ids(Cluster::old().plan_with(&[WANTED], &foreign, None)), ["key-mismatch"]);
    assert_eq!(ids(by_name.plan(&[WANTED])), ["certificate-elsewhere"]);
    assert_eq!(ids(older.plan(&[WANTED])), ["served-elsewhere"]);
}

#[test]
fn a_server_that_does_not_run_is_told_with_how_to_start_it() {
    let stopped = Machine::empty()
        .with_file("/etc/systemd/system/kube-apiserver.service", &fixture("kube-apiserver-new.service"))
        .without_unit("kube-apiserver");
    let answers = stopped.look(&ByHand.asks()).unwrap();

    let findings = ByHand.observe(&stopped, &answers).unwrap().findings(now());

    assert_eq!(findings.iter().map(|finding| finding.code.id()).collect::<Vec<_>>(), ["service-stopped"]);
}
