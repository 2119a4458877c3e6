//! What a MicroK8s node is refused for, before anything is changed.

use super::*;
use crate::report::Severity;

fn ids(refused: Result<Option<Step>, Vec<Finding>>) -> Vec<&'static str> {
    refused.unwrap_err().into_iter().map(|finding| finding.code.id()).collect()
}

fn refused(change: impl FnOnce(Machine) -> Machine) -> Vec<&'static str> {
    ids(Cluster::shipped().on(change).plan(&["172.22.22.3"]))
}

const ARGUMENTS: &str = "/var/snap/microk8s/current/args/kube-apiserver";

fn locked(machine: Machine, name: &str) -> Machine {
    machine.with_file(&format!("/var/snap/microk8s/current/var/lock/{name}"), "")
}

fn without_file(mut machine: Machine, path: &str) -> Machine {
    machine.files.remove(std::path::Path::new(path));
    machine.public_keys.remove(std::path::Path::new(path));
    machine
}

fn with_key(mut machine: Machine, path: &str) -> Machine {
    machine.public_keys.insert(path.into(), "another key".into());
    machine
}

#[test]
fn a_machine_that_cannot_take_a_change_is_refused() {
    let lock = r#"{"run":"r7","operator":"ann@laptop","since":"2026-11-21T11:58:00Z"}"#;

    assert_eq!(refused(|machine| locked(machine, "clustered.lock")), ["node-is-worker"]);
    assert_eq!(refused(|machine| locked(machine, "join-in-progress")), ["join-in-progress"]);
    assert_eq!(refused(|machine| machine.with_file("/var/lib/cpctl/lock", lock)), ["node-locked"]);
    assert_eq!(refused(|machine| machine.without_unit("snap.microk8s.daemon-kubelite")), ["service-stopped"]);
    assert_eq!(refused(|machine| Machine { ahead: 6, ..machine }), ["clock-off"]);
    assert_eq!(refused(|machine| Machine { ahead: -61, ..machine }), ["clock-off"]);
    assert_eq!(refused(|machine| Machine { space: (1_000, 1 << 20), ..machine }), ["disk-full", "disk-full"]);
    assert_eq!(refused(|machine| Machine { space: (1 << 30, 3), ..machine }), ["disk-full", "disk-full"]);
}

#[test]
fn a_clock_within_the_time_that_looking_takes_is_no_reason_to_refuse() {
    for ahead in [-60, 5] {
        let cluster = Cluster::shipped().on(|machine| Machine { ahead, ..machine });
        assert!(cluster.plan(&["172.22.22.3"]).is_ok(), "{ahead}");
    }
}

#[test]
fn a_place_that_cannot_be_written_in_is_refused() {
    for path in ["/var/snap/microk8s/current/certs", "/var/lib"] {
        let change = |mut machine: Machine| {
            machine.refusals.insert(path.into(), "it is immutable".into());
            machine
        };
        assert_eq!(refused(change), ["read-only"], "{path}");
    }
}

#[test]
fn what_cannot_sign_is_refused() {
    let certs = "/var/snap/microk8s/current/certs";
    let old = "render_csr_conf() {\ngen_server_cert() {\nif declare -F \"$1\"\n";
    let utils = "/snap/microk8s/current/actions/common/utils.sh";

    assert_eq!(refused(|machine| without_file(machine, &format!("{certs}/ca.key"))), ["ca-key-missing"]);
    assert_eq!(refused(|machine| without_file(machine, &format!("{certs}/ca.crt"))), ["ca-key-missing"]);
    assert_eq!(refused(|machine| with_key(machine, &format!("{certs}/ca.key"))), ["key-mismatch"]);
    assert_eq!(refused(|machine| with_key(machine, &format!("{certs}/server.key"))), ["key-mismatch"]);
    assert_eq!(refused(|machine| without_file(machine, &format!("{certs}/server.key"))), ["key-mismatch"]);
    assert_eq!(refused(|machine| machine.with_file(utils, old)), ["snap-too-old"]);
    assert_eq!(refused(|machine| without_file(machine, utils)), ["snap-too-old"]);
    for name in ["other-certificate", "by-name"] {
        let arguments = fixture(&format!("args/kube-apiserver-{name}"));
        assert_eq!(
            refused(|machine| machine.with_file(ARGUMENTS, &arguments)),
            ["certificate-elsewhere"],
            "{name}"
        );
    }
}

#[test]
fn a_certificate_that_could_not_be_put_back_is_refused() {
    let server = "/var/snap/microk8s/current/certs/server.crt";

    assert_eq!(refused(|machine| without_file(machine, server)), ["certificate-missing"]);
    assert_eq!(refused(|machine| machine.with_file(server, "")), ["certificate-missing"]);
}

#[test]
fn a_served_certificate_of_another_authority_is_refused() {
    let cluster = Cluster::shipped();
    let foreign = presented(&Authority::new().sign(&cluster.served));

    assert_eq!(ids(cluster.plan_with(&foreign, now())), ["key-mismatch"]);
}

#[test]
fn a_served_certificate_from_the_future_is_refused() {
    let cluster = Cluster::shipped();
    let served = presented(&cluster.authority.sign(&cluster.served));
    let earlier = "2026-11-20T11:59:00Z".parse().unwrap();

    let ids = ids(cluster.plan_with(&served, earlier));

    assert_eq!(ids, ["clock-off", "clock-off"]);
}

#[test]
fn templates_that_openssl_refuses_are_refused() {
    for name in ["brackets", "comma-list", "inline-names", "lower-case", "name-as-address", "semicolon"] {
        let template = fixture(&format!("templates/{name}.conf"));
        let change = |machine: Machine| {
            machine.with_file("/var/snap/microk8s/current/certs/csr.conf.template", &template)
        };
        assert_eq!(refused(change), ["template-unreadable"], "{name}");
    }
    let template = "/var/snap/microk8s/current/certs/csr.conf.template";
    assert_eq!(refused(|machine| without_file(machine, template)), ["template-unreadable"]);
}

#[test]
fn a_launch_configuration_must_list_the_name_first() {
    let launcher = "/var/snap/microk8s/common/etc/launcher/config.yaml";
    for path in ["/etc/microk8s.yaml", "/root/snap/microk8s/common/.microk8s.yaml", launcher] {
        let with = |list: &str| Cluster::shipped().on(|machine| machine.with_file(path, list));

        assert_eq!(
            ids(with("extraSANs: [10.0.0.9]").plan(&["172.22.22.3"])),
            ["launch-configuration"],
            "{path}"
        );
        assert!(with("extraSANs: [172.22.22.3]").plan(&["172.22.22.3"]).is_ok(), "{path}");
        assert!(with("addons: []").plan(&["172.22.22.3"]).is_ok(), "{path}");
    }
}

#[test]
fn a_virtual_address_on_a_watched_node_is_refused() {
    let holding = |cluster: Cluster| {
        cluster.on(|machine| Machine { addresses: "172.22.22.11 172.22.22.3".into(), ..machine })
    };
    let pinned = fixture("args/kube-apiserver-advertised");
    let shipped = holding(Cluster::shipped());
    let joined = holding(Cluster::shipped().joined());
    let advertised = holding(Cluster::shipped()).on(|machine| machine.with_file(ARGUMENTS, &pinned));
    let unmarked = holding(Cluster::with_template(&fixture("templates/without-mark.conf")));

    assert_eq!(ids(shipped.plan(&["172.22.22.3"])), ["address-on-interface"]);
    assert!(shipped.plan(&["172.22.22.11"]).is_ok());
    for cluster in [joined, advertised, unmarked] {
        assert!(cluster.plan(&["172.22.22.3"]).is_ok());
    }
}

#[test]
fn a_virtual_address_on_a_node_that_is_left_alone_is_told_with_why_it_is() {
    let holding = |cluster: Cluster| {
        cluster.on(|machine| Machine { addresses: "172.22.22.11 172.22.22.3".into(), ..machine })
    };
    let pinned = fixture("args/kube-apiserver-advertised");
    let joined = holding(Cluster::shipped().joined());
    let advertised = holding(Cluster::shipped()).on(|machine| machine.with_file(ARGUMENTS, &pinned));
    let unmarked = holding(Cluster::with_template(&fixture("templates/without-mark.conf")));
    let watched = holding(Cluster::shipped());

    let cautions =
        |cluster: &Cluster| cluster.observe().cautions(&Want::Add(set(&["172.22.22.3", "172.22.22.11"])));

    for (cluster, why) in [(joined, "it joined the cluster"), (advertised, "its address is pinned")] {
        let found = cautions(&cluster);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].code.id(), found[0].code.severity()), ("address-held", Severity::Warn));
        assert!(
            found[0].message.starts_with("172.22.22.3 sits on an interface")
                && found[0].message.contains(why)
        );
    }
    assert_eq!(cautions(&unmarked), []);
    assert_eq!(cautions(&watched)[0].code.id(), "address-on-interface");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_the_next_thing_to_do() {
    let cluster = Cluster::shipped().on(|machine| {
        let machine = locked(Machine { ahead: 90, space: (0, 0), ..machine }, "join-in-progress");
        let lock = r#"{"run":"r7","operator":"ann@laptop","since":"2026-11-21T11:58:00Z"}"#;
        machine
            .with_file("/var/lib/cpctl/lock", lock)
            .with_file("/etc/microk8s.yaml", "extraSANs: []")
            .with_file(ARGUMENTS, &fixture("args/kube-apiserver-by-name"))
            .with_file("/snap/microk8s/current/actions/common/utils.sh", "")
            .without_unit("snap.microk8s.daemon-kubelite")
    });

    let told: Vec<_> = cluster
        .plan(&["172.22.22.3"])
        .unwrap_err()
        .into_iter()
        .map(|finding| format!("{}: {}\n  {}", finding.code.id(), finding.message, finding.remedy.unwrap()))
        .collect();

    insta::assert_snapshot!(told.join("\n"));
}
