//! `preflight` before the address that clients are to use, and what leads them there, on rehearsed clusters.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    io::Write as _,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    thread,
};

use cpctl::rehearse::{Fault, Kind};
use serde_json::Value;

use super::{desk::Desk, findings::nodes::put};

impl Desk {
    /// What `preflight` says, as programs read it.
    pub(crate) fn checked(&self, args: &[&str], code: i32) -> Value {
        let ran = self.run(&[&["preflight", "-o", "json"], args].concat()).exits(code);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// A cluster whose clients use the balancer.
    fn settled(kind: Kind) -> Self {
        let desk = Self::of(kind);
        desk.names_the_endpoint();
        desk.run(&["endpoint", "move", "--to", &desk.endpoint(), "--from", "192.0.2.11", "--yes"]);
        desk.run(&["kubeconfig", "repoint", "--to", &desk.endpoint()]).exits(0);
        desk
    }
}

/// Each finding as `subject code`.
pub fn told(checked: &Value) -> BTreeSet<String> {
    let rows = checked["checks"].as_array().unwrap().iter();
    let findings = rows.flat_map(|row| row["findings"].as_array().unwrap());
    let told =
        findings.map(|one| format!("{} {}", one["subject"].as_str().unwrap(), one["code"].as_str().unwrap()));
    told.collect()
}

/// Each row as `subject check result`.
fn rows(checked: &Value, result: &str) -> Vec<String> {
    let rows = checked["checks"].as_array().unwrap().iter().filter(|row| row["result"] == result);
    let shown = |row: &Value| {
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        format!("{} {}", word("subject"), word("check"))
    };
    rows.map(shown).collect()
}

fn set<const N: usize>(words: [String; N]) -> BTreeSet<String> {
    words.into()
}

#[test]
fn a_cluster_whose_clients_use_the_balancer_passes_every_check() {
    for kind in [Kind::MicroK8s, Kind::K3s] {
        let desk = Desk::settled(kind);

        let checked = desk.checked(&["--only", "endpoint,clients"], 0);

        assert_eq!((told(&checked), rows(&checked, "skipped")), (BTreeSet::new(), vec![]), "{kind:?}");
        let passed = rows(&checked, "passed");
        let at = desk.endpoint();
        for row in [
            format!("{at} balancer"),
            format!("{at} reachable"),
            format!("{at} whereabouts"),
            "cp2 api".into(),
            "cp3 anonymous".into(),
            "cluster versions".into(),
            "cluster references".into(),
            format!("{} kubeconfig", desk.kubeconfig().display()),
        ] {
            assert!(passed.contains(&row), "{kind:?}: no {row} in {passed:#?}");
        }
    }
}

#[test]
fn an_address_that_nobody_uses_yet_may_be_silent_and_may_not_be_somebody_elses() {
    let desk = Desk::new();
    let listener = TcpListener::bind("127.0.0.9:0").unwrap();
    let other = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        listener.incoming().flatten().for_each(|mut stream| {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2p1\r\n");
        });
    });
    let kubeconfig = desk.kubeconfig();
    let lacking = |to: &str, code: &str| {
        let nodes = ["cp1", "cp2", "cp3"].map(|node| format!("{node} san-missing"));
        let others = [format!("{to} {code}"), format!("{} kubeconfig-elsewhere", kubeconfig.display())];
        nodes.into_iter().chain(others).collect::<BTreeSet<_>>()
    };

    let only = ["--only", "endpoint,san-missing,kubeconfig-elsewhere"];
    let silent = desk.checked(&[&["--to", "127.0.0.9:1"], &only[..]].concat(), 1);
    let taken = desk.checked(&[&["--to", &other], &only[..]].concat(), 1);

    assert_eq!(told(&silent), lacking("127.0.0.9:1", "endpoint-silent"));
    assert_eq!(told(&taken), lacking(&other, "port-wrong"));
}

#[test]
fn what_is_wrong_at_the_address_is_told_as_lb_check_and_verify_tell_it() {
    let desk = Desk::settled(Kind::MicroK8s);
    let at = desk.endpoint();
    desk.cluster.machine("cp2").unwrap().set(Fault::NotReady).unwrap();

    let unready = told(&desk.checked(&["--only", "endpoint"], 1));
    desk.cluster.machine("cp2").unwrap().clear(Fault::NotReady).unwrap();
    desk.loses("cp2");
    let dead = told(&desk.checked(&["--only", "reachable"], 1));

    assert_eq!(unready, set([format!("{at} unready-in-rotation"), "cp2 api-not-ready".into()]));
    assert_eq!(dead, set(["cp2 endpoint-unreachable".into()]));
}

#[test]
fn a_name_is_held_against_what_the_inventory_knows() {
    let desk = Desk::new();
    let api = desk.cluster.targets()[0].api.clone().unwrap();
    let to = format!("localhost:{}", api.rsplit_once(':').unwrap().1);
    let check = ["--only", "whereabouts", "--to", &to];

    let unknown = told(&desk.checked(&check, 0));
    let inventory = format!("vip: 192.0.2.3/24\n{}", desk.cluster.inventory_yaml());
    fs::write(desk.cluster.inventory_path(), inventory.replace("host: 127.0.0.1", "host: 192.0.2.11"))
        .unwrap();
    let stray = told(&desk.checked(&check, 0));

    assert_eq!(unknown.iter().filter(|one| one.ends_with("record-stray")).count(), 0);
    assert!(stray.contains(&format!("{to} record-stray")), "{stray:?}");
}

#[test]
fn the_machines_in_front_are_asked_and_their_files_are_judged() {
    let desk = Desk::settled(Kind::MicroK8s);
    let inventory = format!("{}{}", desk.cluster.inventory_yaml(), desk.cluster.balancers_yaml());
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
    let (lb, only) = (desk.cluster.balancer(), ["--only", "balancer-machine,balancer-file"]);

    let asked = desk.checked(&only, 0);
    lb.set_server_state("cp3", "down").unwrap();
    let file = lb.path(Path::new("/etc/haproxy/haproxy.cfg")).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let apis = desk.api_servers();
    let server = |(number, at): (usize, _)| format!("  server cp{} {at} check\n", number + 1);
    let servers: String = apis.iter().enumerate().map(server).collect();
    let bind = format!("listen api\n  bind {}\n  mode http\n{servers}", desk.endpoint());
    fs::write(&file, bind).unwrap();
    let degraded = told(&desk.checked(&only, 1));
    fs::rename(lb.path(Path::new("/")).unwrap(), desk.path("gone")).unwrap();
    let unread = told(&desk.checked(&only, 1));

    assert_eq!(rows(&asked, "passed"), ["lb1 balancer-machine"]);
    assert_eq!(rows(&asked, "skipped"), ["lb1 balancer-file"]);
    let place = "lb1:/etc/haproxy/haproxy.cfg";
    for one in ["lb1 balancer-degraded".to_owned(), format!("{place} mode-http")] {
        assert!(degraded.contains(&one), "{one}: {degraded:?}");
    }
    assert_eq!(unread, set(["lb1 balancer-unread".into()]));
}

#[test]
fn kubeconfigs_are_judged_with_those_beside_them() {
    let desk = Desk::settled(Kind::MicroK8s);
    let (used, other) = (desk.kubeconfig(), desk.path("home/.kube/colleague"));
    let api = desk.cluster.targets()[0].api.clone().unwrap();
    let text = fs::read_to_string(&used).unwrap();
    fs::write(&other, text.replace(&desk.endpoint(), &api)).unwrap();
    fs::write(desk.path("home/.kube/stranger"), text.replace(&desk.endpoint(), &api).replace("LS0t", "LS0u"))
        .unwrap();
    let key = "certificate-authority-data:";
    fs::write(&used, text.replace(key, &format!("tls-server-nam: x\n    {key}"))).unwrap();
    fs::set_permissions(&used, Permissions::from_mode(0o644)).unwrap();

    let checked = desk.checked(&["--only", "kubeconfig,validity"], 0);

    let (used, other) = (used.display().to_string(), other.display().to_string());
    let expected = set([
        format!("{used} kubeconfig-mode"),
        format!("{used} kubeconfig-typo"),
        format!("{other} kubeconfig-elsewhere"),
    ]);
    assert_eq!(told(&checked), expected);
}

#[test]
fn what_leads_the_clusters_own_clients_elsewhere_is_told_with_the_verb_that_moves_it() {
    let desk = Desk::of(Kind::Kubeadm);
    desk.names_the_endpoint();
    let only = ["--only", "references"];

    let before = desk.checked(&only, 0);
    desk.run(&["endpoint", "move", "--to", &desk.endpoint(), "--from", "192.0.2.11", "--yes"]).exits(0);
    let after = desk.checked(&only, 0);

    assert!(!told(&before).is_empty(), "{before:#}");
    assert_eq!(told(&after), BTreeSet::new());
}

#[test]
fn an_address_is_held_against_the_ranges_that_the_nodes_themselves_are_given() {
    let desk = Desk::new();
    let arguments = "/var/snap/microk8s/current/args";
    let to = "127.0.0.9:1";
    let check = ["--to", to, "--only", "endpoint-in-cluster,recognised"];
    let before = told(&desk.checked(&check, 0));
    put(&desk, "cp2", &format!("{arguments}/kube-proxy"), "--cluster-cidr=127.0.0.8/29\n");

    let checked = desk.checked(&check, 1);

    assert_eq!((before, told(&checked)), (BTreeSet::new(), set([format!("{to} endpoint-in-cluster")])));
    assert!(checked.to_string().contains("127.0.0.8/29, which the cluster gives to pods"), "{checked:#}");
}

#[test]
fn what_a_node_resolves_is_held_against_what_we_do() {
    let desk = Desk::new();
    let at = format!("localhost:{}", desk.cluster.endpoint().port);
    let check = ["--to", &at, "--only", "answers-split,recognised"];
    let before = told(&desk.checked(&check, 0));
    desk.cluster.machine("cp2").unwrap().set_hosts(&["192.0.2.9 localhost"]).unwrap();

    let after = told(&desk.checked(&check, 0));

    assert_eq!((before, after), (BTreeSet::new(), set(["cp2 answers-split".into()])));
}
