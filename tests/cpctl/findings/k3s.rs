//! Findings about servers of K3s, on rehearsed machines that are wrong in these ways.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cpctl::rehearse::Kind;

use super::{Desk, assert_told};

const CONFIG: &str = "/etc/rancher/k3s/config.yaml";
const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];
const UNIT: &str = "/etc/systemd/system/k3s.service";
const VARIABLES: &str = "/etc/systemd/system/k3s-agent.service.env";
const VERSIONS: &str = "/usr/local/bin/k3s";

/// Three machines on which K3s was installed by its script, with API servers that stand in for those of K3s.
fn servers() -> Desk {
    let desk = Desk::of(Kind::ByHand);
    for node in NODES {
        let ca = fs::read_to_string(file(&desk, node, "/var/lib/kubernetes/ca.pem")).unwrap();
        put(&desk, node, "/var/lib/rancher/k3s/server/tls/server-ca.crt", &ca);
        put(&desk, node, UNIT, &fixture("units/installed.service"));
        put(&desk, node, VERSIONS, "k3s version v1.34.2+k3s1 (0a1b2c3d)\n");
        put(&desk, node, CONFIG, "token: secret\n");
        let machine = desk.cluster.machine(node).unwrap();
        machine.run_unit("k3s").unwrap();
        // No process is seen that somebody could have started by hand.
        machine.set_arguments("kube-apiserver", "/usr/local/bin/k3s server").unwrap();
    }
    desk
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/k3s").join(name)).unwrap()
}

fn file(desk: &Desk, node: &str, path: &str) -> PathBuf {
    desk.cluster.machine(node).unwrap().path(path.as_ref()).unwrap()
}

fn put(desk: &Desk, node: &str, path: &str, text: &str) {
    let file = file(desk, node, path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn refused(desk: &Desk, name: &str) -> String {
    let add = ["certs", "add-san", name, "--yes"];
    desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()])
}

#[test]
fn a_server_that_takes_no_names_is_told_by_why() {
    let (unfit, old) = (servers(), servers());
    put(&unfit, "cp1", "/etc/default/k3s", "K3S_CONFIG_FILE=https://config.example.com/k3s\n");
    put(&unfit, "cp2", UNIT, &fixture("units/script.service"));
    put(&unfit, "cp2", VERSIONS, "k3s: command not found\n");
    put(&unfit, "cp2", "/etc/rancher/k3s/config.yaml.d/10-names.yaml", &fixture("configs/tabs.yaml"));
    fs::remove_file(file(&unfit, "cp3", UNIT)).unwrap();
    put(&unfit, "cp3", "/etc/init.d/k3s", "#!/sbin/openrc-run\n");
    put(&old, "cp1", VERSIONS, "k3s version v1.18.20+k3s1 (0a1b2c3d)\n");
    let inventory = old.cluster.inventory_yaml();
    let (above, cp3) = inventory.split_once("- name: cp3").unwrap();
    let cp3 = cp3.replace("api: \"127.0.0.1", "api: \"localhost");
    fs::write(old.cluster.inventory_path(), format!("{above}- name: cp3{cp3}")).unwrap();

    let told = [refused(&unfit, "cp.example.internal"), refused(&old, "*.example.internal")];

    assert_told!("k3s-refused", told.join("\n"));
}

#[test]
fn what_may_surprise_with_servers_of_k3s_is_told_beside_the_new_names() {
    let desk = servers();
    put(&desk, "cp1", "/etc/rancher/k3s/config.yaml.d/50-rancher.yaml", "tls-san: [cp.example.com]\n");
    put(&desk, "cp2", VERSIONS, "k3s version v1.33.4+k3s1 (0a1b2c3d)\n");
    put(&desk, "cp3", CONFIG, "token: secret\ntls-san-security: false\n");
    let add = ["certs", "add-san", "kubernetes.default"];

    let plan = desk.says(&[&add[..], &["--dry-run"]].concat());
    let added = desk.says(&[&add[..], &["--yes", "--quiet", "-o", "json"]].concat());

    assert_told!("k3s-cautions", format!("{plan}\n{added}"));
}

#[test]
fn what_k3s_does_by_itself_or_not_at_all_is_refused_with_what_to_type() {
    let desk = servers();
    for node in NODES {
        put(&desk, node, CONFIG, "tls-san: old.example.internal\n");
    }
    let remove = ["certs", "remove-san", "old.example.internal", "--yes"];

    let told = desk.plays(&[&remove, &["certs", "renew", "--yes", "-o", "json"]]);

    assert_told!("k3s-unsupported", told);
}

#[test]
fn a_certificate_that_no_server_changes_is_found_before_the_first_change() {
    let desk = Desk::of(Kind::K3s);
    fs::write(desk.cluster.annotations_path(), r#"{"listener.cattle.io/static": "true"}"#).unwrap();

    let told = refused(&desk, "cp.example.internal");

    assert_told!("k3s-static", told);
}

#[test]
fn names_that_servers_took_in_unasked_are_told() {
    let desk = Desk::of(Kind::K3s);
    for node in NODES {
        desk.run(&["certs", "add-san", "asked.example", "--limit", node, "--yes"]).exits(0);
        fs::remove_file(file(&desk, node, "/etc/rancher/k3s/config.yaml.d/99-cpctl.yaml")).unwrap();
    }
    let drift = ["certs", "drift"];

    let told = desk.plays(&[&drift, &[&drift[..], &["-o", "json"]].concat()]);

    assert_told!("k3s-strays", told);
}

#[test]
fn a_restart_that_could_take_the_quorum_is_refused() {
    let desk = Desk::of(Kind::K3s);
    let inventory = desk.cluster.inventory_yaml();
    let (two, _) = inventory.split_once("  - name: cp3").unwrap();
    fs::write(desk.cluster.inventory_path(), two).unwrap();
    let add = ["certs", "add-san", "cp.example.internal", "--yes"];

    let told = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);

    assert_told!("k3s-quorum", told);
}

#[test]
fn servers_are_not_restarted_one_by_one_where_nobody_can_ask_their_api() {
    let desk = Desk::of(Kind::K3s);
    desk.run(&["certs", "add-san", "cp.example.internal", "--yes"]).exits(0);
    fs::remove_file(desk.kubeconfig()).unwrap();

    let told = desk.plays(&[&["undo", "--yes"], &["undo", "--yes", "-o", "json"]]);

    assert_told!("k3s-without-credentials", told);
}

/// Makes an agent of a server, and gives it a CA to know its servers by.
fn make_agent(desk: &Desk, node: &str, ca: &str) {
    fs::remove_file(file(desk, node, UNIT)).unwrap();
    fs::remove_file(file(desk, node, CONFIG)).unwrap();
    put(desk, node, "/etc/systemd/system/k3s-agent.service", &fixture("units/agent.service"));
    put(desk, node, VARIABLES, "K3S_TOKEN=secret\nK3S_URL=https://192.0.2.11:6443\n");
    put(desk, node, "/var/lib/rancher/k3s/agent/server-ca.crt", ca);
    desk.cluster.machine(node).unwrap().run_unit("k3s-agent").unwrap();
}

#[test]
fn agents_that_see_another_cluster_or_cannot_tell_are_told_and_so_is_what_a_server_joined_by() {
    let desk = Desk::of(Kind::K3s);
    desk.run(&["certs", "add-san", &desk.cluster.endpoint().host.to_string(), "--yes"]).exits(0);
    let another = Desk::of(Kind::ByHand);
    let ca = fs::read_to_string(file(&another, "cp1", "/var/lib/kubernetes/ca.pem")).unwrap();
    put(&desk, "cp1", CONFIG, "server: https://192.0.2.11:6443\n");
    make_agent(&desk, "cp2", &ca);
    make_agent(&desk, "cp3", "");
    let endpoint = desk.endpoint();
    let lead = ["endpoint", "move", "--from", "192.0.2.11:6443", "--to", &endpoint, "--yes"];

    let told = desk.plays(&[&lead, &[&lead[..], &["-o", "json"]].concat()]);

    assert_told!("k3s-agents-refused", told);
}

#[test]
fn an_agent_is_led_elsewhere_and_back_and_its_token_is_told_to_nobody() {
    let desk = Desk::of(Kind::K3s);
    desk.run(&["certs", "add-san", &desk.cluster.endpoint().host.to_string(), "--yes"]).exits(0);
    let ca = fs::read_to_string(file(&desk, "cp3", "/var/lib/rancher/k3s/server/tls/server-ca.crt")).unwrap();
    make_agent(&desk, "cp3", &ca);
    let variables = || fs::read_to_string(file(&desk, "cp3", VARIABLES)).unwrap();
    let (before, endpoint) = (variables(), desk.endpoint());
    let lead = ["endpoint", "move", "--from", "192.0.2.11:6443", "--to", &endpoint];

    let plan = desk.says(&[&lead[..], &["--dry-run"]].concat());
    let saved = desk.says(&[&lead[..], &["--dry-run", "-o", "json"]].concat());
    desk.run(&[&lead[..], &["--yes"]].concat()).exits(0);
    let led = variables();
    let again = desk.run(&[&lead[..], &["--yes"]].concat()).exits(0);
    desk.run(&["undo", "--yes"]).exits(0);

    assert_told!("k3s-agent-plan", plan);
    assert!(saved.contains("https://192.0.2.11:6443") && !saved.contains("secret"), "{saved}");
    assert!(desk.has_journalled("192.0.2.11:6443") && !desk.has_journalled("secret"));
    assert_eq!(led, before.replace("192.0.2.11:6443", &endpoint));
    assert!(again.stdout.contains("nothing to do"), "{}", again.shown());
    assert_eq!(variables(), before);
}

#[test]
fn a_server_of_rke2_that_would_not_start_again_is_told() {
    let desk = Desk::of(Kind::Rke2);
    put(&desk, "cp2", "/usr/local/bin/rke2", "rke2 version v1.31.9+rke2r1 (0a1b2c3d)\n");
    let check = ["preflight", "--only", "expiry-blocks-start"];

    let told = desk.plays(&[&check, &[&check[..], &["-o", "json"]].concat()]);

    assert_told!("rke2-expiry", told);
}
