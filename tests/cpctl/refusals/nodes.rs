//! What real nodes and a real sshd refuse, on one lab.

use std::{fs, io::Write, process::Stdio};

use super::{LOCK, refused, with};
use crate::{
    harness::{Cpctl, Ran},
    lab::Lab,
};

mod living;

use living::a_living_run_of_another_operator_is_named_and_goes_on;

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const ADD: [&str; 4] = ["certs", "add-san", "172.22.22.3", "--yes"];
const DRY: [&str; 4] = ["certs", "add-san", "172.22.22.3", "--dry-run"];

/// All that a refusal must leave alone on a node; the kicker renders csr.conf.rendered every five seconds.
const UNTOUCHED: &str = "cd /var/snap/microk8s/current && \
    find certs args var/lock ! -name csr.conf.rendered -printf '%p %M %u:%g ' \
    \\( -type f -printf '%T@\\n' -exec sha256sum {} + -o -printf '\\n' \\) | sort; \
    find /var/lib/cpctl /run/cpctl* 2> /dev/null | sort; \
    systemctl is-active snap.microk8s.daemon-apiserver-kicker";

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
    what_is_wrong_with_the_command_line_is_told_before_a_node_is_asked(&lab);
    assert_eq!(counts(), counted, "no kick, no killed pod, the same kubelite");
    a_node_that_is_down_stops_the_run(&lab);
    assert_eq!(untouched(), before);
    a_living_run_of_another_operator_is_named_and_goes_on(&lab);
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
    let unknown = [
        format!("error: n1: the host key of 172.22.22.11 is not known (ED25519 {})\n", keys[0]),
        format!("\n       n3: the host key of 172.22.22.13 is not known (ED25519 {})\n", keys[2]),
        "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`".into(),
    ];
    let unknown = unknown.each_ref().map(String::as_str);
    refused(add(&["--ssh", "system"]), &unknown);
    let ran = refused(add(&[]), &unknown);
    for backend in ["builtin", "system"] {
        let through = add(&["-J", "lb1", "--ssh", backend]);
        refused(through, &["n1: the host key of 172.22.22.8 is not known"]);
    }
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
    for backend in ["builtin", "system"] {
        let told = format!(
            "n2: the host key of 172.22.22.12 has changed (ED25519 {}, {file} says otherwise)",
            keys[1]
        );
        let forget = format!("`ssh-keygen -f {file} -R '172.22.22.12'`");
        refused(add(&["--ssh", backend]), &[&told, &forget]);
    }
}

/// A run with a line on standard input, as a password is given where there is no terminal.
fn typing(lab: &Lab, line: &str, args: &[&str]) -> Ran {
    let mut command = lab.cpctl_command(args);
    let mut run =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(run.stdin.take().unwrap(), "{line}").unwrap();
    Ran::ended(run)
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
        "fail n3: its clock is 17",
        " s ahead of this machine's [clock-off]",
        "`sudo timedatectl set-ntp true`",
        "nothing was changed",
    ];
    refused(ran, &says);
    let twice = ["--node", "root@172.22.22.11", "--node", "n2", "--node", "root@n1:22"];
    refused(
        lab.cpctl(&with(&ADD, &twice)),
        &["fail n1: it is the same machine as 172.22.22.11", "leave 172.22.22.11 or n1 out"],
    );
    let worker = ["--node", "root@172.22.22.11", "--node", "root@172.22.22.14"];
    refused(
        lab.cpctl(&with(&ADD, &worker)),
        &["fail 172.22.22.14: it is a worker", "leave it out of the inventory or of `--node`"],
    );
}

fn what_is_wrong_with_the_command_line_is_told_before_a_node_is_asked(lab: &Lab) {
    refused(
        lab.cpctl(&["certs", "add-san", "*.10.0.0.1", "--yes"]),
        &["`*.10.0.0.1` has a wildcard in front of an address", "hint: give a DNS name such as "],
    );
    refused(lab.cpctl(&ADD[..3]), &["error: standard input is not a terminal", "`--yes`"]);
}

fn a_node_that_is_down_stops_the_run(lab: &Lab) {
    let patient = config(lab, "config-patient", "BatchMode", "yes\n  ConnectTimeout 2");
    lab.fault("unplug", "n2", "on");
    let unplugged = lab.cpctl(&with(&ADD, &["-F", &patient]));
    lab.fault("unplug", "n2", "off");
    let by_hand = format!("`ssh -F {patient} -p 22 root@172.22.22.12 true`");
    refused(unplugged, &["n2: cannot connect to 172.22.22.12:22: ", &by_hand]);

    lab.fault("power-off", "n3", "on");
    let down = [lab.cpctl(&ADD), lab.cpctl(&with(&ADD, &["--limit", "n1"]))];
    lab.fault("power-off", "n3", "off");
    for ran in down {
        refused(ran, &["n3: cannot connect to 172.22.22.13:22: ", "`ssh -p 22 root@172.22.22.13 true`"]);
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
