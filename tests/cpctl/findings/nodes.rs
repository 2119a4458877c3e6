//! Findings about nodes, on rehearsed machines that are wrong in these ways.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::Duration,
};

use cpctl::{
    check,
    node::Error,
    probe::Wire,
    rehearse::{CERTS, Fault, KICKER, KUBELITE},
};

use super::{super::wait::until, Desk, assert_told, rendered};

const VAR_LOCK: &str = "/var/snap/microk8s/current/var/lock";
const LOCK: &str = r#"{"run":"20261120-101112-abcd","operator":"bob@desk","since":"2026-11-20T10:11:12Z"}"#;

pub fn file(desk: &Desk, node: &str, path: &str) -> PathBuf {
    desk.cluster.machine(node).unwrap().path(path.as_ref()).unwrap()
}

pub fn put(desk: &Desk, node: &str, path: &str, text: &str) {
    let file = file(desk, node, path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

pub fn change(desk: &Desk, node: &str, path: &str, change: impl Fn(&str) -> String) {
    let file = file(desk, node, path);
    fs::write(&file, change(&fs::read_to_string(&file).unwrap())).unwrap();
}

/// The same command for people and for programs.
pub(super) fn both(desk: &Desk, args: &[&str]) -> String {
    desk.plays(&[args, &[args, &["-o", "json"]].concat()])
}

pub(super) fn vip(desk: &Desk) -> String {
    desk.cluster.endpoint().host.to_string()
}

#[test]
fn a_node_is_told_by_what_it_is() {
    let desk = Desk::new();
    put(&desk, "cp2", &format!("{VAR_LOCK}/clustered.lock"), "");
    let machines = file(&desk, "cp3", "/");
    fs::remove_dir_all(machines.join("var/snap")).unwrap();
    desk.cluster.machine("cp3").unwrap().stop_unit(KUBELITE).unwrap();

    let unknown = both(&desk, &["nodes"]);
    let inventory =
        desk.cluster.inventory_yaml().replace("- name: cp3", "- name: cp3\n    distribution: eks");
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
    let unsupported = both(&desk, &["nodes"]);

    assert_told!("nodes", format!("{unknown}\n{unsupported}"));
}

#[test]
fn a_node_that_cannot_take_a_change_is_told_by_why() {
    let desk = Desk::new();
    let foreign = fs::read_to_string(file(&desk, "cp3", &format!("{CERTS}/server.key"))).unwrap();
    put(&desk, "cp1", "/var/lib/cpctl/lock", LOCK);
    put(&desk, "cp1", &format!("{VAR_LOCK}/join-in-progress"), "");
    desk.cluster.machine("cp1").unwrap().set(Fault::DiskFull).unwrap();
    desk.cluster.machine("cp1").unwrap().set_clock_offset(-172_800).unwrap();
    fs::remove_file(file(&desk, "cp1", &format!("{CERTS}/ca.key"))).unwrap();
    put(&desk, "cp2", &format!("{CERTS}/server.key"), &foreign);
    put(&desk, "cp2", "/snap/microk8s/current/actions/common/utils.sh", "");
    desk.cluster.machine("cp2").unwrap().stop_unit(KUBELITE).unwrap();
    let cp2 = desk.cluster.targets().into_iter().find(|target| target.name == "cp2").unwrap();
    let (wire, at) = (Wire::new(Duration::from_secs(1)), cp2.api.unwrap().parse().unwrap());
    until("the server of cp2 is gone", || wire.presented(&at).is_err());
    put(&desk, "cp3", &format!("{CERTS}/csr.conf.template"), "[ alt_names\n");
    let arguments = "/var/snap/microk8s/current/args/kube-apiserver";
    change(&desk, "cp3", arguments, |text| text.replace("/certs/server.crt", "/certs/other.crt"));
    let certs = file(&desk, "cp3", CERTS);
    let mode = fs::metadata(&certs).unwrap().permissions();
    fs::set_permissions(&certs, Permissions::from_mode(0o500)).unwrap();

    let told = both(&desk, &["certs", "add-san", "cp.example.internal", "--yes"]);
    fs::set_permissions(&certs, mode).unwrap();

    assert_told!("unfit-nodes", told);
}

#[test]
fn an_address_on_an_interface_one_machine_twice_and_another_servers_address_are_told() {
    let (held, twice, swapped, worker) = (Desk::new(), Desk::new(), Desk::new(), Desk::new());
    put(&held, "cp2", "/var/snap/microk8s/common/.microk8s.yaml", "extraSANs: [other.example]\n");
    put(&worker, "cp3", &format!("{VAR_LOCK}/clustered.lock"), "");
    held.cluster.machine("cp1").unwrap().set_addresses(&["192.0.2.11", &vip(&held)]).unwrap();
    for node in ["cp1", "cp3"] {
        put(&twice, node, "/proc/sys/kernel/random/boot_id", "b1");
        put(&twice, node, "/proc/sys/kernel/hostname", "n1");
    }
    let apis: Vec<String> = swapped.cluster.targets().into_iter().filter_map(|target| target.api).collect();
    let inventory = swapped.cluster.inventory_yaml();
    let inventory = inventory.replace(&apis[0], "ONE").replace(&apis[1], &apis[0]).replace("ONE", &apis[1]);
    fs::write(swapped.cluster.inventory_path(), inventory).unwrap();
    let told = |desk: &Desk| both(desk, &["certs", "add-san", &vip(desk), "--yes"]);

    assert_told!("refused-nodes", [told(&held), told(&twice), told(&swapped), told(&worker)].join("\n"));
}

#[test]
fn what_does_not_stand_in_the_way_of_new_names_is_told_beside_them() {
    let desk = Desk::new();
    desk.cluster.machine("cp1").unwrap().stop_unit(KICKER).unwrap();
    change(&desk, "cp1", &format!("{CERTS}/csr.conf.template"), |text| text.replace("#MOREIPS\n", ""));
    desk.cluster.machine("cp2").unwrap().set_addresses(&["192.0.2.12", &vip(&desk)]).unwrap();
    let whole = desk.cluster.inventory_yaml();
    fs::write(desk.cluster.inventory_path(), whole.split("  - name: cp3").next().unwrap()).unwrap();
    let add = ["certs", "add-san", &vip(&desk)];

    let plan = desk.says(&[&add[..], &["--dry-run"]].concat());
    let added = desk.says(&[&add[..], &["--yes", "--quiet", "-o", "json"]].concat());

    assert_told!("cautions", format!("{plan}\n{added}"));
}

#[test]
fn servers_that_lack_the_new_address_are_told_beside_a_repoint() {
    let desk = Desk::new();
    let kept = fs::read(desk.kubeconfig()).unwrap();
    let api = desk.cluster.targets()[0].api.clone().unwrap();
    let to = format!("localhost:{}", api.rsplit_once(':').unwrap().1);
    desk.run(&["certs", "add-san", "localhost", "--limit", "cp1", "--yes"]).exits(0);
    let repoint = ["kubeconfig", "repoint", "--to", &to];

    let moved = desk.says(&repoint);
    fs::write(desk.kubeconfig(), kept).unwrap();
    let again = desk.says(&[&repoint[..], &["--quiet", "-o", "json"]].concat());

    assert_told!("servers-without-the-name", format!("{moved}\n{again}"));
}

#[test]
fn a_balancer_that_is_not_there_yet_is_told_beside_the_names() {
    let desk = Desk::new();
    let inventory = desk.cluster.inventory_yaml().replace(&desk.endpoint(), "127.0.0.9:1");
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();

    assert_told!("silent-endpoint", desk.says(&["certs", "add-san", "127.0.0.9", "--dry-run"]));
}

#[test]
fn runs_tell_which_nodes_were_not_asked() {
    let desk = Desk::new();
    desk.cluster.machine("cp2").unwrap().set(Fault::Dead).unwrap();
    let unread = both(&desk, &["runs"]);
    fs::remove_file(desk.cluster.inventory_path()).unwrap();
    fs::remove_file(desk.kubeconfig()).unwrap();

    let unasked = both(&desk, &["runs"]);

    assert_told!("runs", format!("{unread}\n{unasked}"));
}

#[test]
fn a_run_without_credentials_of_its_cluster_is_told() {
    let desk = Desk::new();
    for name in ["one.example.internal", "two.example.internal"] {
        desk.run(&["certs", "add-san", name, "--yes"]).exits(0);
    }
    fs::remove_file(desk.kubeconfig()).unwrap();
    let undo = ["undo", "--yes", "--quiet"];

    let told = desk.says(&undo);
    let again = desk.says(&[&undo[..], &["-o", "json"]].concat());

    assert_told!("without-credentials", format!("{told}\n{again}"));
}

#[test]
fn another_cluster_is_told_by_each_node() {
    let (desk, other) = (Desk::new(), Desk::new());
    let kubeconfig = other.kubeconfig();
    let add = ["certs", "add-san", "cp.example.internal", "--yes"];
    let add = [&add[..], &["--kubeconfig", kubeconfig.to_str().unwrap()]].concat();

    let told = both(&desk, &add);

    assert_told!("another-cluster", told.replace(kubeconfig.to_str().unwrap(), "/other/.kube/config"));
}

#[test]
fn a_machine_that_lets_nobody_look_is_told_by_why() {
    let (node, user, host) = ("cp2".to_owned(), "admin".to_owned(), "192.0.2.12".to_owned());
    let typed = "admin@192.0.2.12".to_owned();
    let (file, fingerprint) = (PathBuf::from("/home/admin/.ssh/known_hosts"), "SHA256:abcd".to_owned());
    let learn = "ssh-keyscan -p 22 192.0.2.12 >> /home/admin/.ssh/known_hosts".to_owned();
    let errors = [
        Error::Connect {
            node: node.clone(),
            typed: Some(typed.clone()),
            at: "192.0.2.12:22".into(),
            source: std::io::ErrorKind::ConnectionRefused.into(),
        },
        Error::UnknownHostKey {
            node: node.clone(),
            host: host.clone(),
            port: 22,
            algorithm: "ED25519",
            fingerprint: fingerprint.clone(),
            file: file.clone(),
            learn: learn.clone(),
        },
        Error::ChangedHostKey {
            node: node.clone(),
            host: host.clone(),
            port: 22,
            algorithm: "ED25519",
            fingerprint,
            file: file.clone(),
            name: host.clone(),
            learn,
        },
        Error::RevokedHostKey { node: node.clone(), host, file },
        Error::Login { node: node.clone(), user: user.clone(), tried: "agent".into(), typed },
        Error::NeedsPassword { node: node.clone(), user: user.clone() },
        Error::NotAllowed { node, user },
    ];

    let findings = errors.iter().map(|error| check::unreached("cp2", error)).collect();

    assert_told!("unreached-nodes", rendered(findings));
}

#[test]
fn clocks_are_told_against_each_other() {
    let ahead = [-41..=-39, -1..=1, 2..=3];

    let found = check::clocks(&["cp1", "cp2", "cp3"].into_iter().zip(&ahead).collect::<Vec<_>>());

    assert_told!("clocks", rendered(found.into_iter().collect()));
}

#[test]
fn a_certificate_from_before_a_node_joined_is_told() {
    let (desk, other) = (Desk::new(), Desk::new());
    let own = fs::read_to_string(file(&other, "cp2", &format!("{CERTS}/server.crt"))).unwrap();
    put(&desk, "cp2", &format!("{CERTS}/server.crt"), &own);
    put(&desk, "cp2", &format!("{CERTS}/csr.conf"), "changeme\n");

    let told = both(&desk, &["preflight", "--only", "join-unsigned"]);

    assert_told!("join-unsigned", told);
}
