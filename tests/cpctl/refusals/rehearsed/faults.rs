//! What is wrong with a command line, a node or a cluster.

use std::fs;

use cpctl::{
    probe::Trust,
    rehearse::{CERTS, Fault, KICKER},
};

use super::{
    super::{LOCK, refused, with},
    *,
};

#[test]
fn a_name_that_no_certificate_can_carry_is_refused_with_what_to_type_instead() {
    let home = tempfile::tempdir().unwrap();
    let cpctl = Cpctl::at_home(home.path());
    let long = "a".repeat(300);
    for (name, reason) in [
        ("*.10.0.0.1", "`*.10.0.0.1` has a wildcard in front of an address"),
        ("10.0.0.256", "`10.0.0.256` looks like an IPv4 address but is not one"),
        ("[::1", "`[::1` is neither a DNS name nor an IP address: its brackets hold no IPv6 address"),
        ("", "an empty name cannot be served"),
        (&long, "`aaaaaaaaaaaaaaaaaaaaaaaa…` is longer than the 253 characters of a DNS name"),
    ] {
        for args in [["certs", "add-san", name].as_slice(), &["certs", "inspect", "--require", name]] {
            refused(cpctl.run(args), &["error: ", reason, "hint: give a DNS name such as `api.example.com`"]);
        }
    }
    refused(cpctl.run(&["certs", "add-san", "--yes"]), &["<NAME>...", "Usage: cpctl certs add-san"]);
}

#[test]
fn what_is_wrong_on_a_node_is_refused_by_its_name_with_the_next_thing_to_do() {
    let stage = Stage::new();
    let vip = stage.vip();
    let foreign_key = fs::read_to_string(stage.path("cp1", &format!("{CERTS}/server.key"))).unwrap();
    let certs = |name: &str| format!("{CERTS}/{name}");
    let says_names = format!("lists `extraSANs` without {vip}");
    for (path, text, says) in [
        (
            "/var/snap/microk8s/common/.microk8s.yaml".to_owned(),
            Some("version: 0.2.0\nextraSANs: [other.example.internal]\n"),
            [&says_names, "to its `extraSANs`", "[launch-configuration]"],
        ),
        (
            "/snap/microk8s/current/actions/common/utils.sh".to_owned(),
            Some("render_csr_conf() { :; }\ngen_server_cert() { :; }\n"),
            ["holds no `refresh_csr_conf()`", "`sudo snap refresh microk8s`", "[snap-too-old]"],
        ),
        (
            certs("ca.key"),
            None,
            ["there is no", "copy it from another control-plane node", "[ca-key-missing]"],
        ),
        (
            certs("server.key"),
            Some(&foreign_key),
            ["server.key is not the key of server.crt", "put the key back", "[key-mismatch]"],
        ),
        (
            LOCK.to_owned(),
            Some(SOMEBODYS),
            [
                "run 20261120-101112-abcd of bob@desk holds the lock since 2026-11-20T10:11:12Z",
                "`cpctl resume 20261120-101112-abcd`",
                "`cpctl undo 20261120-101112-abcd`",
            ],
        ),
    ] {
        let file = stage.path("cp2", &path);
        let kept = fs::read(&file).ok();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }

        stage.refuses(&["--yes"], &with(&["fail cp2: ", "nothing was changed"], &says));

        match kept {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
    }
    assert!(stage.add(&["--dry-run"]).exits(0).stdout.contains("cp2: "), "all was put right");
}

#[test]
fn an_address_on_an_interface_of_a_watched_node_is_refused_and_a_template_without_its_mark_is_told() {
    let stage = Stage::new();
    let vip = stage.vip();
    let template = stage.path("cp2", &format!("{CERTS}/csr.conf.template"));
    let text = fs::read_to_string(&template).unwrap();
    fs::write(&template, text.replace("#MOREIPS\n", "")).unwrap();

    let told = stage.add(&["--dry-run"]).exits(0);

    assert!(
        told.stdout.contains("warn cp2: ") && told.stdout.contains("has no `#MOREIPS` line"),
        "{}",
        told.shown()
    );
    stage.machine("cp3").set_addresses(&["192.0.2.13", &vip]).unwrap();
    let told = stage.add(&["--dry-run"]).exits(0);
    let held = format!("warn cp3: {vip} sits on an interface of the node");
    assert!(told.stdout.contains(&held) && told.stdout.contains("[address-held]"), "{}", told.shown());
    // Its kicker would sign anew for the address at any moment.
    stage.machine("cp1").stop_unit(KICKER).unwrap();
    stage.machine("cp1").set_addresses(&["192.0.2.11", &vip]).unwrap();
    stage.refuses(
        &["--yes"],
        &[
            "fail cp1: ",
            &format!("{vip} sits on an interface of the node"),
            "--advertise-address=",
            "[address-on-interface]",
        ],
    );
}

#[test]
fn one_machine_under_two_names_is_refused_by_both_even_if_one_is_left_alone() {
    let stage = Stage::new();
    for (node, boot, name) in [("cp1", "b1", "n1"), ("cp2", "b2", "n1"), ("cp3", "b1", "n1")] {
        let telling = [("random/boot_id", boot), ("hostname", name)]
            .map(|(file, text)| (format!("/proc/sys/kernel/{file}"), text));
        for (path, text) in telling {
            let file = stage.path(node, &path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    for flags in [["--yes"].as_slice(), &["--yes", "--limit", "cp2"]] {
        stage.refuses(
            flags,
            &["fail cp3: it is the same machine as cp1", "leave cp1 or cp3 out", "[same-machine]"],
        );
    }
}

#[test]
fn another_cluster_is_refused_by_its_name_and_fingerprint() {
    let (stage, other) = (Stage::new(), Stage::new());
    let kubeconfig = other.cluster.kubeconfig_path();
    let fingerprint = Trust::from_pem(other.cluster.trust()).unwrap().fingerprint();

    stage.refuses(
        &["--yes", "--kubeconfig", kubeconfig.to_str().unwrap()],
        &[
            "fail cp1: ",
            "fail cp3: ",
            "does not lead to the CA of context rehearsal",
            &format!("SHA-256 {fingerprint}"),
            "`--context`",
            "[wrong-cluster]",
        ],
    );
    let told = stage.add(&["--yes", "-o", "json", "--kubeconfig", kubeconfig.to_str().unwrap()]).exits(2);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told["result"], &told["findings"][0]["code"]), (&"refused".into(), &"wrong-cluster".into()));
}

#[test]
fn a_machine_that_cannot_be_reached_stops_the_run_even_if_it_is_left_alone() {
    let stage = Stage::new();
    stage.machine("cp3").set(Fault::Dead).unwrap();

    for flags in [["--yes"].as_slice(), &["--yes", "--limit", "cp1"]] {
        stage.refuses(flags, &["error: cp3: cannot connect to ", "`cpctl rehearse --keep`"]);
    }
    stage.refuses(&["--yes", "--limit", "cp1"], &["every node must answer and is locked meanwhile"]);
}

#[test]
fn a_command_line_that_does_not_fit_is_refused_with_what_fits() {
    let stage = Stage::new();
    for (flags, says) in [
        (["--limit", "cp9", "--yes"].as_slice(), ["`--limit` names cp9", "the nodes are: cp1, cp2, cp3"]),
        (&["--node", "ann@n1", "--node", "bob@n1"], ["two nodes have the name `n1`", "name each node once"]),
        (&["--kubeconfig", "/nonexistent"], ["/nonexistent: cannot read", "`ls /`"]),
        (&["--node", "ann@"], ["`ann@` is not a node", "for example `root@10.0.0.11`"]),
        (&[], ["standard input is not a terminal", "`--yes`"]),
    ] {
        stage.refuses(flags, &with(&["error: ", "  hint: "], &says));
    }
}
