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

#[test]
fn verify_looks_for_the_name_that_the_kubeconfig_states() {
    let stage = Stage::new();
    let text = stage.cluster.kubeconfig();
    let named = |name: &str| {
        let line = format!("    tls-server-name: {name}\n    server: ");
        stage.file(name, &text.replace("    server: ", &line))
    };
    let address = format!("localhost:{}", stage.port("cp1"));

    let proved = stage.run("ann", &["verify", &address, "--kubeconfig", &named("kubernetes")]).exits(0);
    let refused = stage.run("ann", &["verify", &address, "--kubeconfig", &named("nobody.example")]).exits(1);

    assert_says(&proved, &["[kubeconfig-tls-server-name]"]);
    assert_says(
        &refused,
        &["nobody.example is not among the names of", "[san-missing]", "`tls-server-name`"],
    );
    assert!(!refused.stdout.contains("[endpoint-unreachable]"), "{}", refused.shown());
}

#[test]
fn verify_names_the_node_behind_an_address_that_lacks_its_name() {
    let stage = Stage::new();
    let vip = stage.vip();
    stage.named("ann", &["certs", "add-san", &vip, "--limit", "cp1,cp3", "--yes"]).exits(0);
    let endpoint = stage.cluster.endpoint().to_string();

    for typed in [&["verify"][..], &["verify", &endpoint]] {
        let ran = stage.named("ann", typed).exits(1);

        assert_says(&ran, &[&format!("{vip} is not among the names of cp2 behind"), "cpctl certs add-san"]);
    }
}

#[test]
fn a_node_is_verified_and_inspected_by_its_name() {
    let stage = Stage::new();

    let verified = stage.named("ann", &["verify", "cp2"]).exits(0);
    let inspected = stage.named("ann", &["certs", "inspect", "cp2"]).exits(0);

    assert_says(&verified, &["cp2", &stage.api("cp2")]);
    assert_says(&inspected, &[&format!("cp2 ({})", stage.api("cp2"))]);
}

#[test]
fn a_dry_run_can_be_applied_when_there_is_nothing_left_to_do() {
    let stage = Stage::new();
    let vip = stage.vip();
    let add = ["certs", "add-san", &vip];
    stage.named("ann", &[&add[..], &["--yes"]].concat()).exits(0);

    let saved = stage.named("ann", &[&add[..], &["--dry-run", "-o", "json"]].concat()).exits(0);
    let plan = stage.file("plan.json", &saved.stdout);

    assert_says(&stage.run("ann", &["apply", &plan, "--yes"]).exits(0), &["nothing to do"]);
}

#[test]
fn a_mistyped_port_is_not_taken_over() {
    let stage = Stage::new();
    for server in ["https://10.0.0.1:16433", "https://127.0.0.1:16433"] {
        let kubeconfig = moved_to(&stage, server);
        let repoint = ["kubeconfig", "repoint", "--no-verify", "--kubeconfig", &kubeconfig, "--to"];

        let refused = stage.run("ann", &[&repoint[..], &["172.22.22.3"]].concat()).exits(2);
        let done = stage.run("ann", &[&repoint[..], &["172.22.22.3:16443"]].concat()).exits(0);

        assert!(refused.stderr.contains("--to 172.22.22.3:16443`"), "{}", refused.shown());
        assert!(!done.stdout.contains("[kubeconfig-odd-port]"), "{}", done.shown());
    }
}

#[test]
fn what_was_wrong_with_the_server_is_not_told_once_it_is_gone() {
    let stage = Stage::new();
    let kubeconfig = moved_to(&stage, "http://10.0.0.1:16443");

    let ran = stage.run(
        "ann",
        &["kubeconfig", "repoint", "--no-verify", "--kubeconfig", &kubeconfig, "--to", "172.22.22.3:16443"],
    );

    let ran = ran.exits(0);
    assert!(!ran.stdout.contains("[kubeconfig-plain-http]"), "{}", ran.shown());
}

#[test]
fn servers_that_do_not_answer_are_told_once_and_draw_no_matrix() {
    let stage = Stage::new();

    let ran = stage.run("ann", &["certs", "inspect", "127.0.0.1:1", "127.0.0.1:2"]).exits(1);

    assert_says(&ran, &["127.0.0.1:1\n  cannot connect"]);
    assert!(!ran.stdout.contains("NAME"), "{}", ran.shown());
}

/// A kubeconfig of the stage with another server.
fn moved_to(stage: &Stage, server: &str) -> String {
    let text = stage.cluster.kubeconfig();
    let old = text.lines().find_map(|line| line.trim().strip_prefix("server: ")).unwrap();
    stage.file("moved", &text.replace(old, server))
}
