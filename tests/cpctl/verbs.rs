//! What the verbs say and refuse, with the shipped binary on rehearsed nodes.

use std::{fs, path::PathBuf};

use cpctl::rehearse::{self, Fault};
use jiff::Timestamp;
use tempfile::TempDir;

use super::harness::{Cpctl, Ran};

/// A rehearsed cluster, and operators' machines to type on.
struct Stage {
    cluster: rehearse::Cluster,
    directory: TempDir,
}

impl Stage {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cluster = rehearse::Cluster::start(&directory.path().join("cluster"), Timestamp::now()).unwrap();
        Self { cluster, directory }
    }

    /// The home of an operator who has typed nothing yet; one name is one machine.
    fn home(&self, machine: &str) -> PathBuf {
        let home = self.directory.path().join(machine);
        fs::create_dir_all(&home).unwrap();
        home
    }

    fn run(&self, machine: &str, args: &[&str]) -> Ran {
        Cpctl::at_home(&self.home(machine)).run(args)
    }

    /// With the cluster's own inventory and kubeconfig.
    fn named(&self, machine: &str, args: &[&str]) -> Ran {
        let (inventory, kubeconfig) = (self.inventory(), self.kubeconfig());
        self.run(machine, &[args, &["--inventory", &inventory, "--kubeconfig", &kubeconfig]].concat())
    }

    fn inventory(&self) -> String {
        self.cluster.inventory_path().display().to_string()
    }

    fn kubeconfig(&self) -> String {
        self.cluster.kubeconfig_path().display().to_string()
    }

    /// A file below the operators' homes.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn api(&self, node: &str) -> String {
        let targets = self.cluster.targets();
        targets.iter().find(|target| target.name == node).unwrap().api.clone().unwrap()
    }

    fn port(&self, node: &str) -> String {
        self.api(node).rsplit(':').next().unwrap().to_owned()
    }

    fn vip(&self) -> String {
        self.cluster.endpoint().host.to_string()
    }

    /// The cluster's kubeconfig with another line in place of its CA.
    fn kubeconfig_with(&self, line: &str) -> String {
        let text = self.cluster.kubeconfig();
        let of = |text: &str| text.trim_start().starts_with("certificate-authority-data:");
        let lines = text.lines().filter_map(|old| match (of(old), line.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("    {line}")),
            (false, _) => Some(old.to_owned()),
        });
        lines.map(|line| line + "\n").collect()
    }

    /// Adds the balancer's address from a machine that then loses its kubeconfig.
    fn names_added_elsewhere(&self) {
        let kubeconfig = self.file("ann/config", &self.cluster.kubeconfig());
        let vip = self.vip();
        self.run(
            "ann",
            &[
                "certs",
                "add-san",
                &vip,
                "--yes",
                "--inventory",
                &self.inventory(),
                "--kubeconfig",
                &kubeconfig,
            ],
        )
        .exits(0);
        fs::remove_file(kubeconfig).unwrap();
    }
}

fn assert_says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stdout.contains(word) || ran.stderr.contains(word), "{word}: {}", ran.shown());
    }
}

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
fn undo_from_another_machine_uses_the_kubeconfig_of_that_machine() {
    let stage = Stage::new();
    stage.names_added_elsewhere();
    stage.file("bob/.kube/config", &stage.cluster.kubeconfig());

    let ran = stage.run("bob", &["undo", "--yes", "--inventory", &stage.inventory()]).exits(0);

    assert_says(&ran, &["taken back on cp1, cp2, cp3"]);
    assert!(!ran.stdout.contains("[credentials-missing]"), "{}", ran.shown());
}

#[test]
fn undo_without_any_kubeconfig_says_how_it_judges_readiness() {
    let stage = Stage::new();
    stage.names_added_elsewhere();

    let ran = stage.run("bob", &["undo", "--yes", "--inventory", &stage.inventory()]).exits(0);

    assert_says(&ran, &["taken back on cp1, cp2, cp3", "[credentials-missing]"]);
}

#[test]
fn undo_refuses_a_kubeconfig_of_another_cluster_that_was_typed() {
    let (stage, other) = (Stage::new(), Stage::new());
    stage.names_added_elsewhere();

    let ran = stage.run(
        "bob",
        &["undo", "--yes", "--inventory", &stage.inventory(), "--kubeconfig", &other.kubeconfig()],
    );

    assert_says(&ran.exits(2), &["another CA"]);
}

#[test]
fn what_keeps_runs_from_being_found_is_told() {
    let stage = Stage::new();
    let broken = stage.file("broken.yaml", "nodes: 7\n");

    for verb in [&["undo", "--yes"][..], &["resume"], &["runs"]] {
        let ran = stage.run("ann", &[verb, &["--inventory", &broken]].concat()).exits(2);
        assert_says(&ran, &["broken.yaml"]);
    }
    stage.run("ann", &["undo", "--yes"]).exits(2);
    stage.run("ann", &["undo", "--yes", "--kubeconfig", "/nowhere/config"]).exits(2);
}

#[test]
fn a_kubeconfig_that_was_typed_must_be_there() {
    let stage = Stage::new();
    let (inventory, api) = (stage.inventory(), stage.api("cp1"));

    for verb in [&["nodes", "--inventory", &inventory][..], &["certs", "inspect", &api]] {
        stage.run("ann", verb).exits(0);
        stage.run("ann", &[verb, &["--kubeconfig", "/nowhere/config"]].concat()).exits(2);
        stage.run("ann", &[verb, &["--context", "nowhere"]].concat()).exits(2);
    }
}

#[test]
fn runs_are_read_from_the_nodes_that_answer() {
    let stage = Stage::new();
    stage.names_added_elsewhere();
    stage.cluster.machine("cp1").unwrap().set(Fault::Dead).unwrap();

    let ran = stage.named("bob", &["runs"]).exits(0);
    assert_says(&ran, &["certs add-san", "done", "warn cp1:", "[node-unread]"]);
    let ran = stage.named("bob", &["resume"]).exits(0);
    assert_says(&ran, &["nothing to do", "[node-unread]"]);

    for node in ["cp2", "cp3"] {
        stage.cluster.machine(node).unwrap().set(Fault::Dead).unwrap();
    }
    assert_says(&stage.named("bob", &["resume"]).exits(2), &["cp1: cannot connect"]);
}

#[test]
fn runs_asks_the_cluster_for_its_nodes_where_this_machine_knows_none() {
    let stage = Stage::new();

    let ran = stage.run("ann", &["runs", "--kubeconfig", &stage.kubeconfig()]).exits(0);

    assert_says(&ran, &["no runs", "[nodes-unasked]"]);
}

#[test]
fn a_saved_plan_is_refused_where_a_node_cannot_take_it_any_more() {
    let stage = Stage::new();
    let vip = stage.vip();
    let saved = stage.named("ann", &["certs", "add-san", &vip, "--dry-run", "-o", "json"]).exits(0);
    let plan = stage.file("plan.json", &saved.stdout);
    stage.cluster.machine("cp2").unwrap().set(Fault::DiskFull).unwrap();

    let ran = stage.run("ann", &["apply", &plan, "--yes"]).exits(2);

    assert_says(&ran, &["fail cp2:", "[disk-full]", "nothing was changed"]);
    stage.cluster.machine("cp2").unwrap().clear(Fault::DiskFull).unwrap();
    stage.run("ann", &["apply", &plan, "--yes"]).exits(0);
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

    let ran = stage.run(
        "ann",
        &["certs", "add-san", &vip, "--yes", "--inventory", &inventory, "--kubeconfig", &stage.kubeconfig()],
    );

    assert_says(&ran.exits(0), &["[endpoint-unproven]", "ends TLS itself"]);
}

#[test]
fn a_server_that_the_inventory_does_not_list_is_told() {
    let stage = Stage::new();
    let (whole, vip) = (stage.cluster.inventory_yaml(), stage.vip());
    let inventory = stage.file("cpctl.yaml", whole.split("  - name: cp3").next().unwrap());

    let ran = stage
        .run(
            "ann",
            &[
                "certs",
                "add-san",
                &vip,
                "--yes",
                "--inventory",
                &inventory,
                "--kubeconfig",
                &stage.kubeconfig(),
            ],
        )
        .exits(0);

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

    let ran = stage.run(
        "ann",
        &["certs", "add-san", &vip, "--yes", "--inventory", &inventory, "--kubeconfig", &stage.kubeconfig()],
    );

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
