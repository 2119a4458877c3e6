//! Who the nodes are and what they serve, on real nodes: found through the API, named by hand, or behind a balancer.

use std::{fs, path::Path, process::Command};

use super::{harness::Ran, lab::Lab, wait::awaited};

const NODES: [(&str, &str, &str); 3] = [
    ("n1", "172.22.22.11", "control plane"),
    ("n2", "172.22.22.12", "control plane, joined"),
    ("n3", "172.22.22.13", "control plane, joined"),
];
const VIP: &str = "172.22.22.3";

#[test]
fn nodes_are_found_and_shown_as_they_are() {
    let Some(lab) = Lab::start("discovery") else { return };
    fs::create_dir(lab.path("home/away")).unwrap();

    the_cluster_tells_its_nodes(&lab);
    what_is_found_is_an_inventory(&lab);
    ssh_is_spoken_as_it_is_configured(&lab);
    nodes_can_be_named_by_hand_and_a_worker_is_told(&lab);
    without_a_ca_nobody_is_believed(&lab);
    before_the_name_is_there_all_say_so(&lab);
    a_name_on_one_node_alone_is_shown_as_a_difference(&lab);
    from_an_address_that_no_certificate_names_the_rest_follows(&lab);
    afterwards_all_is_proved(&lab);
    a_balancer_that_ends_tls_is_no_missing_name(&lab);
    a_dead_api_server_stops_every_run(&lab);
}

/// The operator in a directory without an inventory.
fn away(lab: &Lab, args: &[&str]) -> Ran {
    Ran::of(away_command(lab, args).env("KUBECONFIG", lab.path("home/.kube/config")))
}

/// The same with a kubeconfig that leads to the balancer already.
fn away_at_the_address(lab: &Lab, args: &[&str]) -> Ran {
    Ran::of(away_command(lab, args).env("KUBECONFIG", at_the_address(lab)))
}

fn away_command(lab: &Lab, args: &[&str]) -> Command {
    let mut command = lab.cpctl_command(args);
    command.current_dir(lab.path("home/away"));
    command
}

fn at_the_address(lab: &Lab) -> std::path::PathBuf {
    let path = lab.path("home/address");
    let text = fs::read_to_string(lab.path("home/.kube/config")).unwrap();
    put(&path, &text.replace("172.22.22.11:", &format!("{VIP}:")));
    path
}

fn put(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;

    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The cells of the row that begins with a word.
fn row<'a>(ran: &'a Ran, first: &str) -> Vec<&'a str> {
    let cells = |line: &'a str| -> Vec<&'a str> {
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
    };
    let mut rows = ran.stdout.lines().map(cells);
    rows.find(|row| row.first() == Some(&first)).unwrap_or_else(|| panic!("{first}: {}", ran.shown()))
}

fn assert_tells_the_nodes(ran: &Ran, user: &str) {
    for (name, host, role) in NODES {
        let (host, api) = (format!("{user}{host}"), format!("{host}:16443"));
        assert_eq!(row(ran, name), [name, &host, &api, "microk8s", role], "{}", ran.shown());
    }
}

fn assert_says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stdout.contains(word) || ran.stderr.contains(word), "{word}: {}", ran.shown());
    }
}

fn the_cluster_tells_its_nodes(lab: &Lab) {
    let ran = away(lab, &["nodes"]).exits(0);

    assert_tells_the_nodes(&ran, "");
    assert_says(&ran, &["found by the EndpointSlice `kubernetes` of context lab at 172.22.22.11:16443"]);
    assert!(!ran.stdout.contains("; "), "its own name was enough: {}", ran.shown());
    let ran = away_at_the_address(lab, &["nodes"]).exits(0);
    assert_tells_the_nodes(&ran, "");
    assert_says(&ran, &["not 172.22.22.3", "carries the name `kubernetes`", "endpoint 172.22.22.3:16443"]);
}

fn what_is_found_is_an_inventory(lab: &Lab) {
    let yaml = away_at_the_address(lab, &["-l", "ops", "nodes", "-o", "yaml"]).exits(0).stdout;
    put(&lab.path("home/away/found.yaml"), &yaml);

    let ran = away(lab, &["nodes", "--inventory", "found.yaml"]).exits(0);

    assert_tells_the_nodes(&ran, "ops@");
    assert_says(&ran, &["endpoint 172.22.22.3:16443", "found by found.yaml"]);
}

fn ssh_is_spoken_as_it_is_configured(lab: &Lab) {
    let usual = fs::read_to_string(lab.path("home/.ssh/config")).unwrap();
    let own = "Host 172.22.22.12\n  User nobodyspecial\nHost 172.22.22.13\n  Port 2022\n";
    put(&lab.path("home/away/ssh"), &format!("{own}{usual}"));
    let mut asked = away_command(lab, &["-l", "pw", "-K", "nodes"]);
    put(&lab.path("home/away/password"), "secret\n");
    asked.stdin(fs::File::open(lab.path("home/away/password")).unwrap());

    let ran = away(lab, &["-F", "ssh", "nodes"]).exits(2);

    assert_says(&ran, &["n2: nobodyspecial cannot become root", "n3: ", "172.22.22.13:2022"]);
    assert!(!ran.stderr.contains("n1: "), "{}", ran.shown());
    let ran = away(lab, &["-l", "pw", "nodes"]).exits(2);
    assert_says(&ran, &["n1: pw cannot become root without a password", "`-K`"]);
    assert_tells_the_nodes(&Ran::of(&mut asked).exits(0), "pw@");
}

fn nodes_can_be_named_by_hand_and_a_worker_is_told(lab: &Lab) {
    let by_hand = ["--node", "root@172.22.22.11", "--node", "ops@172.22.22.12", "--node", "n3:22"];

    let ran = away(lab, &[&["nodes"], &by_hand[..]].concat()).exits(0);

    for (first, host) in
        [("172.22.22.11", "root@172.22.22.11"), ("172.22.22.12", "ops@172.22.22.12"), ("n3", "n3")]
    {
        assert_eq!(row(&ran, first)[1], host, "{}", ran.shown());
    }
    assert_says(&ran, &["found by --node"]);
    let with_worker = [&by_hand[..], &["--node", "w1"]].concat();
    let ran = away(lab, &[&["nodes"], &with_worker[..]].concat()).exits(0);
    assert_eq!(row(&ran, "w1"), ["w1", "w1", "-", "microk8s", "worker"]);
    let ran = away(lab, &[&["certs", "add-san", VIP, "--yes"], &with_worker[..]].concat()).exits(2);
    assert_says(&ran, &["w1: it is a worker", "node-is-worker", "nothing was changed"]);
}

fn without_a_ca_nobody_is_believed(lab: &Lab) {
    let text = fs::read_to_string(at_the_address(lab)).unwrap();
    let without = text.lines().filter(|line| !line.contains("certificate-authority-data"));
    let without = without.map(|line| format!("{line}\n")).collect::<String>();
    let insecure = without.replace("    server:", "    insecure-skip-tls-verify: true\n    server:");
    for text in [without, insecure] {
        put(&lab.path("home/away/no-ca"), &text);
        for verb in [&["nodes"][..], &["certs", "add-san", VIP, "--yes"], &["verify"]] {
            let ran = away(lab, &[verb, &["--kubeconfig", "no-ca"]].concat()).exits(2);

            assert_says(&ran, &["context `lab` names no CA", "`certificate-authority-data"]);
        }
    }
}

fn before_the_name_is_there_all_say_so(lab: &Lab) {
    let inspected = lab.cpctl(&["certs", "inspect"]).exits(1);
    let verified = lab.cpctl(&["verify"]).exits(1);

    for (name, host, _) in NODES {
        assert_says(
            &inspected,
            &[&format!("{name} ({host}:16443)"), "verifies against the CA of context lab"],
        );
        assert_eq!(row(&verified, name), [name, &format!("{host}:16443"), "3/3", "v1.34.4", "admin"]);
    }
    assert_eq!(row(&inspected, "NAME"), ["NAME", "n1", "n2", "n3", "172.22.22.3:16443"]);
    assert_eq!(row(&verified, "endpoint")[1..], ["172.22.22.3:16443", "0/9", "-", "-"]);
    for ran in [&inspected, &verified] {
        assert_says(
            ran,
            &["172.22.22.3 is not among the names", "`cpctl certs add-san 172.22.22.3`", "[san-missing]"],
        );
        assert!(!ran.stdout.contains("sans-differ"), "own addresses are no difference: {}", ran.shown());
    }
    lab.cpctl(&["certs", "inspect", "172.22.22.11:16443", "--require", VIP]).exits(1);
    lab.cpctl(&["certs", "inspect", "172.22.22.11:16443", "--require", "kubernetes"]).exits(0);
}

fn a_name_on_one_node_alone_is_shown_as_a_difference(lab: &Lab) {
    lab.cpctl(&["certs", "add-san", VIP, "--limit", "n1", "--yes"]).exits(0);

    let ran = lab.cpctl(&["certs", "inspect", "--fail-on", "warn"]).exits(1);
    let required = lab.cpctl(&["certs", "inspect", "--require", VIP]).exits(1);

    assert_eq!(row(&ran, VIP)[..4], [VIP, "yes", "-", "-"], "{}", ran.shown());
    assert_says(&ran, &["172.22.22.3 (not on n2, n3)", "[sans-differ]"]);
    assert_says(&required, &["fail n2: 172.22.22.3 is not among", "fail n3: 172.22.22.3 is not among"]);
    for (host, code) in [("172.22.22.11", 0), ("172.22.22.12", 1), ("172.22.22.13", 1)] {
        lab.cpctl(&["certs", "inspect", &format!("{host}:16443"), "--require", VIP]).exits(code);
    }
    let verified = lab.cpctl(&["verify"]).exits(1);
    assert_says(&verified, &["endpoint: 172.22.22.3 is not among the names", "[san-missing]"]);
}

fn from_an_address_that_no_certificate_names_the_rest_follows(lab: &Lab) {
    let kubectl = || {
        let mut command = lab.inside(&["kubectl", "get", "nodes", "-o", "name", "--request-timeout", "20s"]);
        Ran::of(command.env("KUBECONFIG", at_the_address(lab)))
    };
    let refused =
        (0..3).map(|_| kubectl()).find(|ran| ran.code != 0).expect("a node without the name answers");
    assert!(refused.stderr.contains("x509: certificate is valid for"), "{}", refused.shown());

    let ran = away_at_the_address(lab, &["certs", "add-san", VIP, "--yes"]).exits(0);

    assert_says(&ran, &["done on n2, n3"]);
    for _ in 0..3 {
        let ran = kubectl().exits(0);
        assert!(ran.stdout.contains("node/n3"), "{}", ran.shown());
    }
    let ran = away_at_the_address(lab, &["nodes"]).exits(0);
    assert!(!ran.stdout.contains("`kubernetes`;"), "its own name is enough now: {}", ran.shown());
}

fn afterwards_all_is_proved(lab: &Lab) {
    let inspected = lab.cpctl(&["certs", "inspect", "--require", VIP]).exits(0);
    let verified = lab.cpctl(&["verify"]).exits(0);

    assert_eq!(row(&inspected, VIP), [VIP, "yes", "yes", "yes", "yes"]);
    assert_eq!(row(&verified, "endpoint"), ["endpoint", "172.22.22.3:16443", "9/9", "v1.34.4", "admin"]);
    away_at_the_address(lab, &["verify"]).exits(0);
    lab.cpctl(&["verify", VIP]).exits(0);
}

/// A balancer with a certificate of its own, and one with a copy of a node's that asks for no client certificate.
fn a_balancer_that_ends_tls_is_no_missing_name(lab: &Lab) {
    let certificates = "/var/snap/microk8s/current/certs";
    let copied =
        lab.on("n1", &format!("cat {certificates}/server.crt {certificates}/server.key")).exits(0).stdout;
    let script = format!(
        "umask 077; mkdir -p /root/ends && cd /root/ends && cat > copied.pem <<'PEM'\n{copied}PEM\n\
         openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=shop -addext subjectAltName=DNS:shop.example.com \
           -keyout key -out crt 2> /dev/null && cat crt key > own.pem && cat > cfg <<'CFG'\n\
         defaults\n mode http\n timeout connect 2s\n timeout client 20s\n timeout server 20s\n\
         frontend own\n bind *:8443 ssl crt /root/ends/own.pem\n default_backend nodes\n\
         frontend copied\n bind *:9443 ssl crt /root/ends/copied.pem\n default_backend nodes\n\
         backend nodes\n server n1 172.22.22.11:16443 ssl verify none\nCFG\n\
         haproxy -D -f cfg"
    );
    lab.on("lb1", &script).exits(0);
    let inventory = |port: &str| {
        let text = fs::read_to_string(lab.path("home/cpctl.yaml")).unwrap();
        put(&lab.path("home/away/ends.yaml"), &text.replacen("16443", port, 1));
    };

    for (port, sign) in [("8443", "comes from CN=shop"), ("9443", "asks for no client certificate")] {
        inventory(port);
        let address = format!("172.22.22.8:{port}");
        for verb in [
            &["verify", &address][..],
            &["verify", "--inventory", "ends.yaml"],
            &["certs", "inspect", "--inventory", "ends.yaml"],
        ] {
            let ran = away(lab, verb).exits(1);

            assert_says(&ran, &["ends TLS itself", sign, "[tls-terminated]", "pass TCP through"]);
            assert!(!ran.stdout.contains("san-missing"), "no name helps: {}", ran.shown());
        }
    }
}

fn a_dead_api_server_stops_every_run(lab: &Lab) {
    lab.on("n3", "systemctl stop snap.microk8s.daemon-kubelite").exits(0);
    awaited("the cluster forgets n3", || {
        let ran = away(lab, &["nodes"]);
        (ran.code == 2 && ran.stderr.contains("n3: the cluster has no API server there that answers"))
            .then_some(())
    });

    for verb in [&["certs", "add-san", "other.example", "--yes"][..], &["verify"], &["certs", "inspect"]] {
        let ran = away(lab, verb).exits(2);

        assert_says(&ran, &["n3: the cluster has no API server there", "--node"]);
    }
    lab.on("n1", "! grep other.example /var/snap/microk8s/current/certs/csr.conf.template").exits(0);
}
