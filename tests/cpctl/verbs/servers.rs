//! What the verbs say of servers and of the address in front of them.

use std::fs;

use super::{Stage, assert_says};

#[test]
fn verify_without_a_ca_proves_nothing_and_says_so() {
    let stage = Stage::new();

    for (name, line) in [("none", ""), ("insecure", "insecure-skip-tls-verify: true")] {
        let kubeconfig = stage.file(name, &stage.kubeconfig_with(line));
        let ran = stage.run("ann", &["verify", &stage.api("cp1"), "--kubeconfig", &kubeconfig]).exits(2);
        assert_says(&ran, &["names no CA", "certificate-authority-data"]);
    }
}

#[test]
fn verify_tells_why_clients_refuse_an_address() {
    let stage = Stage::new();
    let address = format!("localhost:{}", stage.port("cp1"));

    let ran = stage.run("ann", &["verify", &address, "--kubeconfig", &stage.kubeconfig()]).exits(1);

    assert_says(&ran, &["0/", "[san-missing]", "cpctl certs add-san localhost"]);
}

#[test]
fn verify_shows_what_is_odd_about_the_kubeconfig() {
    let stage = Stage::new();
    let kubeconfig = stage.file("open", &stage.cluster.kubeconfig());

    let ran = stage.run("ann", &["verify", &stage.api("cp1"), "--kubeconfig", &kubeconfig]);

    assert_says(&ran.exits(0), &["[kubeconfig-mode]"]);
}

#[test]
fn an_address_that_not_all_servers_serve_yet_is_not_proved() {
    let stage = Stage::new();
    let vip = stage.vip();

    let ran = stage.named("ann", &["certs", "add-san", &vip, "--limit", "cp1", "--yes"]).exits(0);
    assert_says(&ran, &["[endpoint-unproven]", "cp2, cp3"]);

    let ran = stage.named("ann", &["certs", "add-san", &vip, "--yes", "-v"]).exits(0);
    assert!(!ran.stdout.contains("[endpoint-unproven]"), "{}", ran.shown());
    stage.named("ann", &["verify"]).exits(0);
}

#[test]
fn an_address_that_ends_tls_itself_is_told_and_not_proved() {
    let (stage, other) = (Stage::new(), Stage::new());
    let (mine, theirs) = (stage.cluster.endpoint().to_string(), other.cluster.endpoint().to_string());
    let inventory = stage.file("cpctl.yaml", &stage.cluster.inventory_yaml().replace(&mine, &theirs));
    let vip = stage.vip();

    let ran = stage.run_with("ann", &["certs", "add-san", &vip, "--yes"], &inventory, &stage.kubeconfig());

    assert_says(&ran.exits(0), &["[endpoint-unproven]", "ends TLS itself"]);
}

#[test]
fn a_server_that_the_inventory_does_not_list_is_told() {
    let stage = Stage::new();
    let (whole, vip) = (stage.cluster.inventory_yaml(), stage.vip());
    let inventory = stage.file("cpctl.yaml", whole.split("  - name: cp3").next().unwrap());

    let ran =
        stage.run_with("ann", &["certs", "add-san", &vip, "--yes"], &inventory, &stage.kubeconfig()).exits(0);

    assert_says(&ran, &["[server-unlisted]", &stage.api("cp3")]);
    let ran = stage.named("ann", &["certs", "add-san", &vip, "--yes"]).exits(0);
    assert!(!ran.stdout.contains("[server-unlisted]"), "{}", ran.shown());
}

#[test]
fn an_address_of_another_node_is_refused_before_anything_restarts() {
    let stage = Stage::new();
    let (one, two) = (stage.api("cp1"), stage.api("cp2"));
    let swapped =
        stage.cluster.inventory_yaml().replace(&one, "ONE").replace(&two, &one).replace("ONE", &two);
    let inventory = stage.file("cpctl.yaml", &swapped);
    let vip = stage.vip();

    let ran = stage.run_with("ann", &["certs", "add-san", &vip, "--yes"], &inventory, &stage.kubeconfig());

    assert_says(&ran.exits(2), &["fail cp1:", "fail cp2:", "[served-elsewhere]", "`api:`"]);
}

#[test]
fn repoint_tells_the_servers_that_lack_the_name() {
    let stage = Stage::new();
    stage.named("ann", &["certs", "add-san", "localhost", "--limit", "cp1", "--yes"]).exits(0);
    let to = format!("localhost:{}", stage.port("cp1"));

    for named in [&["--inventory", &stage.inventory()][..], &[]] {
        let kubeconfig = stage.file("config", &stage.cluster.kubeconfig());
        let ran = stage
            .run(
                "ann",
                &[&["kubeconfig", "repoint", "--to", &to, "--kubeconfig", &kubeconfig], named].concat(),
            )
            .exits(0);
        assert_says(&ran, &["[server-without-name]", "cpctl certs add-san localhost"]);
        let told = |node: &str| {
            let by = if named.is_empty() { stage.api(node) } else { node.to_owned() };
            ran.stdout.contains(&format!("warn {by}:"))
        };
        assert_eq!(["cp1", "cp2", "cp3"].map(told), [false, true, true], "{}", ran.shown());
    }
}

#[test]
fn a_worker_outside_the_limit_is_no_reason_to_refuse() {
    let stage = Stage::new();
    let machine = stage.cluster.machine("cp3").unwrap();
    let lock = "/var/snap/microk8s/current/var/lock/clustered.lock";
    fs::write(machine.path(lock.as_ref()).unwrap(), "").unwrap();
    let inventory = stage.cluster.inventory_yaml().replace(&stage.api("cp3"), "127.0.0.1:1");
    let inventory = stage.file("cpctl.yaml", &inventory);
    let kubeconfig = stage.kubeconfig();
    let add = ["certs", "add-san", "cp.example.com", "--yes", "--inventory", &inventory];
    let add = [&add[..], &["--kubeconfig", &kubeconfig]].concat();

    assert_says(&stage.run("ann", &add).exits(2), &["[node-is-worker]"]);
    stage.run("ann", &[&add[..], &["--limit", "cp1,cp2"]].concat()).exits(0);
}
