//! What cpctl refuses before it changes anything: each with the name, the reason and the next command, and nothing touched.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use cpctl::{
    probe::{Trust, Wire},
    rehearse::{CERTS, Cluster, KICKER, Machine},
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::{
    harness::{Cpctl, Ran},
    lab::Lab,
};

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const ADD: [&str; 4] = ["certs", "add-san", "172.22.22.3", "--yes"];
const DRY: [&str; 4] = ["certs", "add-san", "172.22.22.3", "--dry-run"];
const LOCK: &str = "/var/lib/cpctl/lock";
const SOMEBODYS: &str =
    r#"{"run":"20261120-101112-abcd","operator":"bob@desk","since":"2026-11-20T10:11:12Z"}"#;

/// How long something may take on a machine with other work to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// All that a refusal must leave alone on a node; the kicker renders csr.conf.rendered every five seconds.
const UNTOUCHED: &str = "cd /var/snap/microk8s/current && \
    find certs args var/lock ! -name csr.conf.rendered -printf '%p %M %u:%g ' \
    \\( -type f -printf '%T@ ' -exec sha256sum {} \\; -o -printf '\\n' \\) | sort; \
    find /var/lib/cpctl /run/cpctl* 2> /dev/null | sort; \
    systemctl is-active snap.microk8s.daemon-apiserver-kicker";

/// Demands exit code 2, nothing on standard output, and these words for people.
fn refused(ran: Ran, says: &[&str]) -> Ran {
    let ran = ran.exits(2);
    assert_eq!(ran.stdout, "", "{}", ran.shown());
    for words in says {
        assert!(ran.stderr.contains(words), "`{words}` is not said:\n{}", ran.shown());
    }
    ran
}

fn with<'a>(verb: &[&'a str], flags: &[&'a str]) -> Vec<&'a str> {
    [verb, flags].concat()
}

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

    /// Starts a run, and returns once all that it still waits for is the lock of the first node.
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

fn ended(run: Child) -> Ran {
    let output = run.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
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
}

#[test]
fn a_command_line_that_does_not_fit_is_refused_with_what_fits() {
    let rehearsal = Rehearsal::new();
    for (flags, says) in [
        (["--limit", "cp9", "--yes"].as_slice(), ["`--limit` names cp9", "the nodes are: cp1, cp2, cp3"]),
        (&["--node", "ann@n1", "--node", "bob@n1"], ["two nodes have the name `n1`", "name each node once"]),
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

#[test]
fn a_real_node_that_is_not_as_it_must_be_is_refused_before_any_change() {
    let Some(lab) = Lab::start("refusals") else { return };
    let untouched = || NODES.map(|node| lab.on(node, UNTOUCHED).exits(0).stdout);
    let counts = || NODES.map(|node| lab.count(node));
    let (before, counted) = (untouched(), counts());

    host_keys_are_refused_with_the_fingerprints_that_ssh_prints(&lab);
    sudo_is_asked_once_and_its_refusals_are_told_apart(&lab);
    the_flags_of_ssh_lead_to_the_nodes(&lab);
    what_is_wrong_with_several_nodes_is_told_at_once(&lab);
    assert_eq!(counts(), counted, "no kick, no killed pod, the same kubelite");
    a_node_that_is_down_stops_the_run(&lab);
    assert_eq!(untouched(), before);
    a_killed_run_of_another_operator_is_named_and_can_be_taken_back(&lab);
    assert_eq!(NODES.map(|node| lab.on(node, &format!("test -e {LOCK}")).code), [1; 3]);
}

/// The operator's ssh configuration with one of its words replaced.
fn config(lab: &Lab, name: &str, word: &str, value: &str) -> String {
    let text = fs::read_to_string(lab.path("home/.ssh/config")).unwrap();
    let line = |line: &str| match line.trim().starts_with(word) {
        true => format!("  {word} {value}\n"),
        false => format!("{line}\n"),
    };
    let path = lab.path("home").join(name);
    fs::write(&path, text.lines().map(line).collect::<String>()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn fingerprint(lab: &Lab, node: &str) -> String {
    let told = lab.on(node, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub").exits(0).stdout;
    told.split(' ').nth(1).unwrap().to_owned()
}

fn host_keys_are_refused_with_the_fingerprints_that_ssh_prints(lab: &Lab) {
    let file = lab.path("home/known").to_str().unwrap().to_owned();
    let config = config(lab, "config-known", "UserKnownHostsFile", &file);
    let keys = NODES.map(|node| fingerprint(lab, node));
    let add = |flags: &[&str]| lab.cpctl(&with(&with(&ADD, &["-F", &config]), flags));

    fs::write(&file, "").unwrap();
    let ran = refused(
        add(&[]),
        &[
            &format!("error: n1: the host key of 172.22.22.11 is not known (ED25519 {})\n", keys[0]),
            &format!("\n       n3: the host key of 172.22.22.13 is not known (ED25519 {})\n", keys[2]),
            "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`",
        ],
    );
    refused(
        add(&["--ssh", "system"]),
        &["n1: cannot connect to 172.22.22.11:22", "Host key verification failed"],
    );
    refused(add(&["-J", "lb1"]), &["n1: the host key of 172.22.22.8 is not known"]);
    let remedies = ran.stderr.lines().filter_map(|line| line.split("then `").nth(1));
    for remedy in remedies {
        Ran::of(&mut lab.inside(&["sh", "-c", remedy.trim_end_matches('`')])).exits(0);
    }
    lab.cpctl(&with(&DRY, &["-F", &config])).exits(0);

    let (one, other) =
        (fs::read_to_string(&file).unwrap(), fs::read_to_string(lab.path("home/.ssh/id_ed25519.pub")));
    let key = other.unwrap().split(' ').nth(1).unwrap().to_owned();
    let changed = one.lines().filter(|line| line.contains(" ssh-ed25519 "));
    let changed = changed.map(|line| format!("{} ssh-ed25519 {key}\n", line.split(' ').next().unwrap()));
    fs::write(&file, changed.collect::<String>()).unwrap();
    refused(
        add(&[]),
        &[
            &format!(
                "n2: the host key of 172.22.22.12 has changed (ED25519 {}, {file} says otherwise)",
                keys[1]
            ),
            &format!("`ssh-keygen -f {file} -R '172.22.22.12'`"),
        ],
    );
    refused(add(&["--ssh", "system"]), &["Host key for 172.22.22.12 has changed"]);
}

/// A run with a line on standard input, as a password is given where there is no terminal.
fn typing(lab: &Lab, line: &str, args: &[&str]) -> Ran {
    let mut command = lab.cpctl_command(args);
    let mut run =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(run.stdin.take().unwrap(), "{line}").unwrap();
    ended(run)
}

fn sudo_is_asked_once_and_its_refusals_are_told_apart(lab: &Lab) {
    for node in NODES {
        lab.on(node, "echo nobodyspecial:secret | chpasswd").exits(0);
    }
    let as_user = |user: &'static str, flags: &[&'static str]| with(&with(&ADD, &["-l", user]), flags);

    refused(lab.cpctl(&as_user("pw", &[])), &["n1: pw cannot become root without a password", "`-K`"]);
    for backend in ["builtin", "system"] {
        let ran = typing(lab, "wrong-horse", &as_user("pw", &["-K", "--ssh", backend]));
        let ran = refused(ran, &["n1: the sudo password of pw is wrong", "n3: the sudo password", "`-K`"]);
        assert!(!ran.stderr.contains("wrong-horse"), "{}", ran.shown());
    }
    refused(
        typing(lab, "secret", &as_user("nobodyspecial", &["-K"])),
        &["n2: nobodyspecial may not become root", "`-l root`"],
    );
    refused(lab.cpctl(&as_user("nobodyspecial", &[])), &["nobodyspecial cannot become root", "`-l root`"]);
    let right = typing(lab, "secret", &with(&DRY, &["-l", "pw", "-K"])).exits(0);
    assert!(!format!("{}{}", right.stdout, right.stderr).contains("secret"), "{}", right.shown());
    lab.cpctl(&with(&DRY, &["-l", "ops"])).exits(0);
}

fn the_flags_of_ssh_lead_to_the_nodes(lab: &Lab) {
    let keyless = config(lab, "config-keyless", "IdentityFile", "/nonexistent");
    let key = lab.path("home/id").to_str().unwrap().to_owned();
    fs::rename(lab.path("home/.ssh/id_ed25519"), &key).unwrap();
    refused(
        lab.cpctl(&with(&ADD, &["-F", &keyless])),
        &["n1: cannot log in as root (tried: no key, for none was found)", "`-i`", "`-l`"],
    );
    lab.cpctl(&with(&DRY, &["-F", &keyless, "-i", &key])).exits(0);
    fs::rename(&key, lab.path("home/.ssh/id_ed25519")).unwrap();

    for flags in [
        ["--ssh", "system"].as_slice(),
        &["-J", "lb1"],
        &["-J", "root@lb1:22", "--ssh", "system"],
        &["-p", "22"],
    ] {
        let ran = lab.cpctl(&with(&DRY, flags)).exits(0);
        assert!(ran.stdout.contains("n3: the certificate does not name 172.22.22.3"), "{}", ran.shown());
    }
    refused(lab.cpctl(&with(&ADD, &["-p", "23"])), &["n1: cannot connect to 172.22.22.11:23: "]);
    refused(lab.cpctl(&with(&ADD, &["-J", "lb1:23"])), &["n1: cannot connect to 172.22.22.8:23: "]);
    let ran = refused(lab.cpctl(&with(&ADD, &["-F", "/nonexistent"])), &["cannot run ssh", "`-F`"]);
    assert_eq!(ran.stderr.matches("cannot run ssh").count(), 1, "{}", ran.shown());
}

fn what_is_wrong_with_several_nodes_is_told_at_once(lab: &Lab) {
    lab.fault("disk-full", "n2", "on");
    lab.fault("clock", "n3", "on");

    let ran = lab.cpctl(&ADD);

    lab.fault("disk-full", "n2", "off");
    lab.fault("clock", "n3", "off");
    let says = [
        "fail n2: 0 bytes are left for /var/snap/microk8s/current/certs",
        "`df -h /var/snap/microk8s/current/certs",
        "fail n3: its clock is 1728",
        "`sudo timedatectl set-ntp true`",
        "nothing was changed",
    ];
    refused(ran, &says);
    let worker = ["--node", "root@172.22.22.11", "--node", "root@172.22.22.14"];
    refused(
        lab.cpctl(&with(&ADD, &worker)),
        &["fail 172.22.22.14: it is a worker", "leave it out of the inventory or of `--node`"],
    );
}

fn a_node_that_is_down_stops_the_run(lab: &Lab) {
    let patient = config(lab, "config-patient", "BatchMode", "yes\n  ConnectTimeout 2");
    lab.fault("unplug", "n2", "on");
    let unplugged = lab.cpctl(&with(&ADD, &["-F", &patient]));
    lab.fault("unplug", "n2", "off");
    refused(unplugged, &["n2: cannot connect to 172.22.22.12:22: ", "`ssh -p 22 172.22.22.12 true`"]);

    lab.fault("power-off", "n3", "on");
    let down = [lab.cpctl(&ADD), lab.cpctl(&with(&ADD, &["--limit", "n1"]))];
    lab.fault("power-off", "n3", "off");
    for ran in down {
        refused(ran, &["n3: cannot connect to 172.22.22.13:22: ", "`ssh -p 22 172.22.22.13 true`"]);
    }
}

/// Killed while it journals that it will take the second node's lock: the first node's is taken.
fn a_killed_run_of_another_operator_is_named_and_can_be_taken_back(lab: &Lab) {
    let elsewhere = format!("XDG_STATE_HOME={}", lab.path("elsewhere").display());
    let inject = "inject=fdatasync:signal=KILL:when=3";
    let kill = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject, "env", &elsewhere];
    let killed = Ran::of(&mut lab.inside(&[&kill[..], &[Cpctl::binary()], &ADD].concat()));
    assert_ne!(killed.code, 0, "{}", killed.shown());
    let serials = NODES.map(|node| lab.serial(node));

    let ran = refused(lab.cpctl(&ADD), &["fail n1: run ", "holds the lock since ", "`cpctl resume "]);

    let undo = ran.stderr.split('`').find(|words| words.starts_with("cpctl undo ")).unwrap();
    let words: Vec<&str> = undo.split(' ').skip(1).chain(["--yes"]).collect();
    lab.cpctl(&words).exits(0);
    assert_eq!(NODES.map(|node| lab.serial(node)), serials);
    lab.cpctl(&DRY).exits(0);
}
