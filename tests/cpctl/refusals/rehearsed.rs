//! What needs no real node to be wrong: the command line, files of a rehearsed node, and two operators at once.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use cpctl::{
    probe::{Trust, Wire},
    rehearse::{CERTS, Cluster, Fault, KICKER, Machine},
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::{LOCK, ended, refused, with};
use crate::harness::{Cpctl, Ran};

const SOMEBODYS: &str =
    r#"{"run":"20261120-101112-abcd","operator":"bob@desk","since":"2026-11-20T10:11:12Z"}"#;

/// How long something may take on a machine with other work to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A rehearsed cluster, and operators with homes of their own.
struct Rehearsal {
    cluster: Cluster,
    directory: TempDir,
}

impl Rehearsal {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cluster = Cluster::start(&directory.path().join("cluster"), Timestamp::now()).unwrap();
        Self { cluster, directory }
    }

    fn operator(&self, name: &str) -> Cpctl {
        let home = self.directory.path().join(name);
        fs::create_dir_all(&home).unwrap();
        Cpctl::at_home(&home)
            .from(self.cluster.inventory_path().parent().unwrap())
            .with("KUBECONFIG", self.cluster.kubeconfig_path())
            .with("USER", name)
    }

    fn vip(&self) -> String {
        self.cluster.endpoint().host.to_string()
    }

    fn add(&self, flags: &[&str]) -> Ran {
        let vip = self.vip();
        self.operator("ann").run(&with(&["certs", "add-san", &vip], flags))
    }

    fn machine(&self, node: &str) -> &Machine {
        self.cluster.machine(node).unwrap()
    }

    fn file(&self, node: &str, path: &str) -> PathBuf {
        self.machine(node).path(Path::new(path)).unwrap()
    }

    /// Everything that lies on the machines but what the kicker renders again and again.
    fn told(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut told = BTreeMap::new();
        for (node, _) in self.cluster.machines() {
            for folder in ["/var/snap", "/snap", "/var/lib"] {
                read_all(&self.file(node, folder), &mut told);
            }
        }
        told.retain(|path, _| !path.ends_with("csr.conf.rendered"));
        told
    }

    /// Demands a refusal that changes nothing on any machine.
    fn refuses(&self, flags: &[&str], says: &[&str]) {
        let before = self.told();

        let ran = self.add(flags);

        refused(ran, says);
        assert!(self.told() == before, "a refusal changed a machine: {says:?}");
    }

    /// Keeps every act on a machine waiting until the file is dropped.
    fn close(&self, node: &str) -> File {
        let gate = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.file(node, "/.machine/changing"))
            .unwrap();
        gate.lock().unwrap();
        gate
    }

    /// A run of an operator that is on its way.
    fn start(&self, operator: &str) -> Child {
        let vip = self.vip();
        let mut command = self.operator(operator).command(&["certs", "add-san", &vip, "--yes"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn until_opening(&self, operator: &str) {
        let runs = self.directory.path().join(operator).join(".local/state/cpctl/runs");
        let begun = Instant::now();
        loop {
            let mut journals = BTreeMap::new();
            read_all(&runs, &mut journals);
            let mut texts = journals.values().flatten().map(|bytes| String::from_utf8_lossy(bytes));
            if texts.any(|text| text.contains(r#""record":"opening""#)) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{operator} never came to take a lock");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn run_of(&self, operator: &str) -> String {
        let ran = self.operator(operator).run(&["runs", "-o", "json"]).exits(0);
        let seen: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        seen["runs"][0]["run"].as_str().unwrap().to_owned()
    }

    fn serves(&self, node: usize) -> bool {
        let endpoint = self.cluster.targets()[node].api.as_ref().unwrap().parse().unwrap();
        let presented = Wire::new(PATIENCE).presented(&endpoint).unwrap();
        presented.leaf.sans.contains(&self.cluster.endpoint().host)
    }
}

fn read_all(folder: &Path, told: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            read_all(&path, told);
        }
        told.insert(path.clone(), fs::read(&path).ok());
    }
}

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
    let rehearsal = Rehearsal::new();
    let vip = rehearsal.vip();
    let foreign_key = fs::read_to_string(rehearsal.file("cp1", &format!("{CERTS}/server.key"))).unwrap();
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
        let file = rehearsal.file("cp2", &path);
        let kept = fs::read(&file).ok();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }

        rehearsal.refuses(&["--yes"], &with(&["fail cp2: ", "nothing was changed"], &says));

        match kept {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
    }
    assert!(rehearsal.add(&["--dry-run"]).exits(0).stdout.contains("cp2: "), "all was put right");
}

#[test]
fn an_address_on_an_interface_of_a_watched_node_is_refused_and_a_template_without_its_mark_is_told() {
    let rehearsal = Rehearsal::new();
    let vip = rehearsal.vip();
    let template = rehearsal.file("cp2", &format!("{CERTS}/csr.conf.template"));
    let text = fs::read_to_string(&template).unwrap();
    fs::write(&template, text.replace("#MOREIPS\n", "")).unwrap();

    let told = rehearsal.add(&["--dry-run"]).exits(0);

    assert!(
        told.stdout.contains("warn cp2: ") && told.stdout.contains("has no `#MOREIPS` line"),
        "{}",
        told.shown()
    );
    rehearsal.machine("cp3").set_addresses(&["192.0.2.13", &vip]).unwrap();
    let told = rehearsal.add(&["--dry-run"]).exits(0);
    let held = format!("warn cp3: {vip} sits on an interface of the node");
    assert!(told.stdout.contains(&held) && told.stdout.contains("[address-held]"), "{}", told.shown());
    // Its kicker would sign anew for the address at any moment.
    rehearsal.machine("cp1").stop_unit(KICKER).unwrap();
    rehearsal.machine("cp1").set_addresses(&["192.0.2.11", &vip]).unwrap();
    rehearsal.refuses(
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
    let rehearsal = Rehearsal::new();
    for (node, boot, name) in [("cp1", "b1", "n1"), ("cp2", "b2", "n1"), ("cp3", "b1", "n1")] {
        let telling = [("random/boot_id", boot), ("hostname", name)]
            .map(|(file, text)| (format!("/proc/sys/kernel/{file}"), text));
        for (path, text) in telling {
            let file = rehearsal.file(node, &path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    for flags in [["--yes"].as_slice(), &["--yes", "--limit", "cp2"]] {
        rehearsal.refuses(
            flags,
            &["fail cp3: it is the same machine as cp1", "leave cp1 or cp3 out", "[same-machine]"],
        );
    }
}

#[test]
fn another_cluster_is_refused_by_its_name_and_fingerprint() {
    let (rehearsal, other) = (Rehearsal::new(), Rehearsal::new());
    let kubeconfig = other.cluster.kubeconfig_path();
    let fingerprint = Trust::from_pem(other.cluster.trust()).unwrap().fingerprint();

    rehearsal.refuses(
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
    let told = rehearsal.add(&["--yes", "-o", "json", "--kubeconfig", kubeconfig.to_str().unwrap()]).exits(2);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told["result"], &told["findings"][0]["code"]), (&"refused".into(), &"wrong-cluster".into()));
}

#[test]
fn a_machine_that_cannot_be_reached_stops_the_run_even_if_it_is_left_alone() {
    let rehearsal = Rehearsal::new();
    rehearsal.machine("cp3").set(Fault::Dead).unwrap();

    for flags in [["--yes"].as_slice(), &["--yes", "--limit", "cp1"]] {
        rehearsal.refuses(flags, &["error: cp3: cannot connect to ", "`cpctl rehearse --keep`"]);
    }
}

#[test]
fn a_command_line_that_does_not_fit_is_refused_with_what_fits() {
    let rehearsal = Rehearsal::new();
    for (flags, says) in [
        (["--limit", "cp9", "--yes"].as_slice(), ["`--limit` names cp9", "the nodes are: cp1, cp2, cp3"]),
        (&["--node", "ann@n1", "--node", "bob@n1"], ["two nodes have the name `n1`", "name each node once"]),
        (&["--kubeconfig", "/nonexistent"], ["/nonexistent: cannot read", "`ls /`"]),
        (&["--node", "ann@"], ["`ann@` is not a node", "for example `root@10.0.0.11`"]),
        (&[], ["standard input is not a terminal", "`--yes`"]),
    ] {
        rehearsal.refuses(flags, &with(&["error: ", "  hint: "], &says));
    }
}

#[test]
fn of_two_operators_at_once_one_wins_and_the_other_is_told_who_holds_the_lock() {
    let rehearsal = Rehearsal::new();
    let gate = rehearsal.close("cp1");
    let runs = ["ann", "bob"].map(|name| (name, rehearsal.start(name)));
    ["ann", "bob"].iter().for_each(|name| rehearsal.until_opening(name));

    drop(gate);

    let mut ran = runs.map(|(name, run)| (name, ended(run)));
    ran.sort_by_key(|(_, ran)| ran.code);
    let [(winner, won), (_, lost)] = ran;
    won.exits(0);
    let run = rehearsal.run_of(winner);
    refused(lost, &["cp1: ", &format!("run {run} of {winner}@"), &format!("`cpctl resume {run}`")]);
    assert!((0..3).all(|node| rehearsal.serves(node)));
    for node in ["cp1", "cp2", "cp3"] {
        assert!(!rehearsal.file(node, LOCK).exists(), "{node}: a lock is left");
        let runs = fs::read_dir(rehearsal.file(node, "/var/lib/cpctl/runs")).unwrap();
        let names: Vec<_> = runs.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names, [run.as_str()], "{node}");
    }
}

#[test]
fn a_run_that_finds_the_second_node_locked_gives_the_first_one_back() {
    let rehearsal = Rehearsal::new();
    let gate = rehearsal.close("cp1");
    let run = rehearsal.start("ann");
    rehearsal.until_opening("ann");
    let lock = rehearsal.file("cp2", LOCK);
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    fs::write(&lock, SOMEBODYS).unwrap();

    drop(gate);

    refused(ended(run), &["cp2: run 20261120-101112-abcd of bob@desk holds the lock"]);
    assert!(!rehearsal.file("cp1", LOCK).exists());
    assert_eq!(fs::read_to_string(lock).unwrap(), SOMEBODYS);
    assert!((0..3).all(|node| !rehearsal.serves(node)));
}
